//! 128 bits that stand for all that a value feeds to a hasher: what has the same digest is taken for the same.

use std::hash::{BuildHasher as _, Hash, Hasher};

use foldhash::quality::FixedState;

/// Of a value, by one compiler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(pub u128);

impl Digest {
    /// Of all that `value` feeds to a hasher.
    pub(crate) fn of(value: &(impl Hash + ?Sized)) -> Self {
        let mut all = Fed::default();
        value.hash(&mut all);
        Self::of_bytes(&all.0)
    }

    /// SipHash takes thirty times as long as the profile of commands compiles it.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let half = |seed| u128::from(FixedState::with_seed(seed).hash_one(bytes));
        Self(half(1) << 64 | half(2))
    }
}

/// What values feed to a hasher: many small pieces, which are hashed faster in one piece.
struct Fed(Vec<u8>);

impl Default for Fed {
    fn default() -> Self {
        // As much as most modules are made from.
        Self(Vec::with_capacity(32 * 1024))
    }
}

impl Hasher for Fed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
