//! Reasoning about one record: what a field can still be once some conditions are known to hold.
//!
//! Every field is abstracted to a few [`State`]s: absent, null, empty, each value that the spec mentions, and "any
//! other value". [`Knowledge`] is a set of states per field; conditions are decided against it in three-valued logic.
//! Nothing is ever decided wrongly: what cannot be told is [`Truth::Unknown`]. Used by `check` to prove rules
//! consistent and by `lower` to specialise them under a variant.

mod domain;
mod knowledge;

pub use domain::{Domain, State};
pub use knowledge::{Knowledge, Truth};
