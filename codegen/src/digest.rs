//! 128 bits that stand for all that a value feeds to a hasher: what has the same digest is taken for the same.

use std::hash::{BuildHasher as _, Hash, Hasher};
use std::ops::Deref;

use foldhash::quality::FixedState;

/// Of a value, by one compiler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u128);

impl Digest {
    /// Of all that `value` feeds to a hasher.
    pub(crate) fn of(value: &(impl Hash + ?Sized)) -> Self {
        let mut all = Fed::default();
        value.hash(&mut all);
        Self::of_bytes(&all.bytes)
    }

    /// As [`Self::of`], without the [`Words`] in it.
    pub(crate) fn without_words(value: &impl Hash) -> Self {
        let mut some = Fed { leaves_words_out: true, ..Fed::default() };
        value.hash(&mut some);
        Self::of_bytes(&some.bytes)
    }

    /// SipHash takes thirty times as long as the profile of commands compiles it.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let half = |seed| u128::from(FixedState::with_seed(seed).hash_one(bytes));
        Self(half(1) << 64 | half(2))
    }
}

/// What follows from the words of a spec, and from the view that it is in: a digest of the view can leave it out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Words<T>(pub T);

/// Around what words feed to a hasher. No other number of a view is as large.
const WORDS_BEGIN: i128 = 1 << 100;
const WORDS_END: i128 = WORDS_BEGIN + 1;

impl<T: Hash> Hash for Words<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(WORDS_BEGIN);
        self.0.hash(state);
        state.write_i128(WORDS_END);
    }
}

impl<T> Deref for Words<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What values feed to a hasher: many small pieces, which are hashed faster in one piece.
struct Fed {
    bytes: Vec<u8>,
    leaves_words_out: bool,
    /// Within words that are left out.
    is_silent: bool,
}

impl Default for Fed {
    fn default() -> Self {
        // As much as most modules are made from.
        Self { bytes: Vec::with_capacity(32 * 1024), leaves_words_out: false, is_silent: false }
    }
}

impl Hasher for Fed {
    fn write(&mut self, bytes: &[u8]) {
        if !self.is_silent {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn write_i128(&mut self, number: i128) {
        match number {
            WORDS_BEGIN if self.leaves_words_out => self.is_silent = true,
            WORDS_END if self.leaves_words_out => self.is_silent = false,
            _ => self.write(&number.to_ne_bytes()),
        }
    }

    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, Words};

    #[test]
    fn words_can_be_left_out() {
        let (one, two) = (("a", Words("x"), 1), ("a", Words("y"), 1));
        assert_ne!(Digest::of(&one), Digest::of(&two));
        assert_eq!(Digest::without_words(&one), Digest::without_words(&two));
        assert_ne!(Digest::without_words(&one), Digest::without_words(&("a", Words("x"), 2)));
        assert_ne!(Digest::without_words(&one), Digest::without_words(&("b", Words("x"), 1)));
    }
}
