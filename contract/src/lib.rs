//! The contract server: plays a compiled spec on loopback.
//!
//! [`answers`] makes the bodies that a vendor would answer with; [`faults`] decides what goes wrong on demand. Both
//! know the model alone: no generated code, no socket, no clock.

pub mod answers;
pub mod faults;
