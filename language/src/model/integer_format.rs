//! Formats of whole numbers that the type of a value names: ranges other than that of an `integer`.
//!
//! They are those of OpenAPI's registry of formats. A value of a smaller range is an `integer` in everything but its range.
//! `uint64` goes beyond that, so that it is a type of its own in Rust.

use super::{Constraint, Num};

/// A range of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntegerFormat {
    /// 32 bits with a sign.
    Int32,
    /// 32 bits without a sign.
    Uint32,
    /// 64 bits without a sign.
    Uint64,
}

impl IntegerFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Int32, Self::Uint32, Self::Uint64];

    /// The word of the spec language, which is the `format` of OpenAPI.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Int32 => "int32",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
        }
    }

    /// A noun with its article, for sentences.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Int32 => "a whole number from -2147483648 to 2147483647",
            Self::Uint32 => "a whole number from 0 to 4294967295",
            Self::Uint64 => "a whole number from 0 to 18446744073709551615",
        }
    }

    /// The least and the greatest of its numbers.
    #[must_use]
    pub fn ends(self) -> (i128, i128) {
        match self {
            Self::Int32 => (i32::MIN as i128, i32::MAX as i128),
            Self::Uint32 => (u32::MIN as i128, u32::MAX as i128),
            Self::Uint64 => (u64::MIN as i128, u64::MAX as i128),
        }
    }

    /// Whether its numbers are some of those of an `integer`.
    #[must_use]
    pub fn is_of_integers(self) -> bool {
        self != Self::Uint64
    }

    /// The range as the constraints that an `integer` would have.
    #[must_use]
    pub fn limits(self) -> &'static [Constraint; 2] {
        const INT32: [Constraint; 2] =
            [Constraint::Minimum(Num::Integer(i32::MIN as i128)), Constraint::Maximum(Num::Integer(i32::MAX as i128))];
        const UINT32: [Constraint; 2] =
            [Constraint::Minimum(Num::Integer(0)), Constraint::Maximum(Num::Integer(u32::MAX as i128))];
        const UINT64: [Constraint; 2] =
            [Constraint::Minimum(Num::Integer(0)), Constraint::Maximum(Num::Integer(u64::MAX as i128))];
        match self {
            Self::Int32 => &INT32,
            Self::Uint32 => &UINT32,
            Self::Uint64 => &UINT64,
        }
    }
}
