//! Reasoning about one record: what a field can still be once some conditions are known to hold.
//!
//! Every field is abstracted to a few [`State`]s: absent, null, empty, each value that the spec mentions, and "any
//! other value". [`Knowledge`] is a set of states per field; conditions become [`Formula`]s over such sets and are
//! decided in three-valued logic. A [`Implications`] is everything a record says, as implications that knowledge can be
//! completed with. No answer is ever wrong: what cannot be decided is [`Truth::Unknown`]. Used by `check` to prove
//! rules consistent and by `specialise` to see what a variant leaves of them.

mod constraint;
mod domain;
mod formula;
mod implications;
mod knowledge;
#[cfg(test)]
mod tests;
mod values;

pub use constraint::satisfies;
pub use domain::{Domain, State};
pub use formula::Formula;
pub use implications::{Implication, ImplicationSource, Implications, StepBudget};
pub use knowledge::{Knowledge, Truth};
pub(crate) use values::Values;
