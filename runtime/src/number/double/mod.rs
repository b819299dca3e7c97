//! Doubles as decimal text, and back: the nearest double to a text, and the shortest text of a double.
//!
//! The functions of the standard library and of serde_json for this have tables of 20 to 30 kB. What is here computes powers
//! of ten from nine of them with 128 bits, which decides almost every case, and compares whole numbers where it does not.

mod read;
mod scaled;
mod shortest;
mod whole;

pub(crate) use read::Decimal;
pub(crate) use shortest::{push_json, push_plain};

#[cfg(test)]
mod tests;
