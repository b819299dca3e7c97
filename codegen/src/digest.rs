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
        all.pieces.digest()
    }

    /// As [`Self::of`], without the [`Words`] in it.
    pub(crate) fn without_words(value: &impl Hash) -> Self {
        let mut some = Fed { leaves_words_out: true, ..Fed::default() };
        value.hash(&mut some);
        some.pieces.digest()
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

/// What values feed to a hasher: many small pieces, which are hashed faster in one piece. To add a whole word takes a
/// tenth of what it takes to add its bytes.
pub(crate) struct Pieces {
    /// Numbers, and the lengths of texts.
    words: Vec<u64>,
    texts: Vec<u8>,
}

impl Pieces {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { words: Vec::with_capacity(bytes / 8), texts: Vec::with_capacity(bytes) }
    }

    pub(crate) fn add(&mut self, word: u64) {
        self.words.push(word);
    }

    pub(crate) fn add_bytes(&mut self, bytes: &[u8]) {
        self.words.push(bytes.len() as u64);
        self.texts.extend_from_slice(bytes);
    }

    /// SipHash takes thirty times as long as the profile of commands compiles it.
    pub(crate) fn digest(&self) -> Digest {
        let all = (self.words.as_slice(), self.texts.as_slice());
        let half = |seed| u128::from(FixedState::with_seed(seed).hash_one(all));
        Digest(half(1) << 64 | half(2))
    }
}

/// A hasher that keeps what it is fed.
struct Fed {
    pieces: Pieces,
    leaves_words_out: bool,
    /// Within words that are left out.
    is_silent: bool,
}

impl Default for Fed {
    fn default() -> Self {
        // As much as most modules are made from.
        Self { pieces: Pieces::with_capacity(32 * 1024), leaves_words_out: false, is_silent: false }
    }
}

impl Hasher for Fed {
    fn write(&mut self, bytes: &[u8]) {
        if !self.is_silent {
            self.pieces.add_bytes(bytes);
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        if !self.is_silent {
            self.pieces.add(number);
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
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
