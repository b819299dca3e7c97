//! The pattern of a secret, and its positions in a text.

use secrecy::{ExposeSecret as _, SecretSlice};

use super::canonical::{Canonical, folded};
use super::{REDACTED, boundary};

/// A shorter secret is treated as a placeholder: redacting it would only garble messages.
const SHORTEST: usize = 4;

/// A shorter secret is redacted only where it is a separate word, and in no other form, since it may be a part of any
/// word. A longer secret is redacted everywhere, and so is any part of it that is at least this long.
const SHORTEST_PART: usize = 8;

/// One form of a secret.
pub(super) struct Pattern {
    bytes: SecretSlice<u8>,
    /// For each number of matched bytes, how many of them are the beginning of another match (Knuth, Morris, Pratt).
    fallback: Vec<u32>,
    word: bool,
    /// In base64, the character before or after it also contains bits of the secret.
    shares: [bool; 2],
}

/// Adds all forms of a secret.
pub(super) fn add(secret: &[u8], to: &mut Vec<Pattern>) {
    if let Ok(text) = std::str::from_utf8(secret) {
        let mut canonical = Canonical::of(text);
        let word = canonical.bytes().len() < SHORTEST_PART;
        // Text in it that looks like an escape is undone together with the escapes around it.
        while canonical.bytes().len() >= SHORTEST {
            let inner = canonical.unescaped();
            let bytes = canonical.bytes().iter().map(|it| it.folded).collect();
            to.push(Pattern::new(bytes, word, [false; 2]));
            match inner {
                Some(inner) => canonical = inner,
                None => break,
            }
        }
    }
    if secret.len() < SHORTEST_PART {
        return;
    }
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = Vec::new();
    for byte in secret {
        hex.push(DIGITS[usize::from(byte >> 4)]);
        hex.push(DIGITS[usize::from(byte & 15)]);
    }
    to.push(Pattern::new(hex, false, [false; 2]));
    // After other text, the secret begins at one of three positions in a group.
    for before in 0..3 {
        to.push(base64(secret, before));
    }
}

/// The characters that depend only on the secret, if `before` bytes precede it in its group of three.
fn base64(secret: &[u8], before: usize) -> Pattern {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = (before + secret.len()) * 8;
    let byte = |index: usize| index.checked_sub(before).and_then(|it| secret.get(it)).copied().unwrap_or_default();
    let character = |index: usize| {
        let (first, shift) = (index * 6 / 8, index * 6 % 8);
        let pair = u16::from(byte(first)) << 8 | u16::from(byte(first + 1));
        folded(ALPHABET[usize::from(pair >> (10 - shift) & 63)])
    };
    let bytes = ((before * 8).div_ceil(6)..bits / 6).map(character).collect();
    Pattern::new(bytes, false, [before > 0, !bits.is_multiple_of(6)])
}

impl Pattern {
    fn new(bytes: Vec<u8>, word: bool, shares: [bool; 2]) -> Self {
        let mut fallback = Vec::with_capacity(bytes.len());
        let mut matched = 0;
        for (index, byte) in bytes.iter().enumerate() {
            if index > 0 {
                matched = advanced(&bytes, &fallback, matched, *byte);
            }
            fallback.push(matched as u32);
        }
        Self { bytes: bytes.into(), fallback, word, shares }
    }

    pub(super) fn len(&self) -> usize {
        self.fallback.len()
    }

    /// Marks its positions: all of it, at least its first half, or its beginning at the end of the text.
    ///
    /// `canonical` is a piece of `text` that starts at `offset`, and whether the text ends with it.
    pub(super) fn find(&self, canonical: &Canonical, text: &str, (offset, is_last): (usize, bool), marks: &mut Marks) {
        let bytes = self.bytes.expose_secret();
        let all = bytes.len();
        let least = if self.word { all } else { all.div_ceil(2).max(SHORTEST_PART).min(all) };
        let mut mark = |end: usize, length: usize| {
            let whole = length == all;
            let (start, end) = self.widened(canonical, end - length, end, whole);
            let (start, end) = canonical.place(start, end);
            let (start, end) = (offset + start, offset + end);
            if !self.word || is_word(text, start, end) {
                marks.add(text, start, end);
            }
        };
        let mut matched = 0;
        for (at, byte) in canonical.bytes().iter().map(|it| it.folded).enumerate() {
            if matched >= least && bytes.get(matched) != Some(&byte) {
                mark(at, matched);
            }
            matched = advanced(bytes, &self.fallback, matched, byte);
            if matched == all {
                mark(at + 1, all);
                matched = shorter(&self.fallback, matched);
            }
        }
        if is_last && !self.word && matched >= SHORTEST_PART {
            mark(canonical.bytes().len(), matched);
        }
    }

    /// Extends the range by the characters beside it that contain bits of it.
    fn widened(&self, canonical: &Canonical, start: usize, end: usize, whole: bool) -> (usize, usize) {
        let is_base64 = |at: usize| {
            let byte = canonical.bytes().get(at).map(|it| it.folded);
            byte.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
        };
        let before = usize::from(self.shares[0] && start > 0 && is_base64(start - 1));
        let after = usize::from(self.shares[1] && whole && is_base64(end));
        (start - before, end + after)
    }
}

/// How many bytes are matched after one more.
fn advanced(bytes: &[u8], fallback: &[u32], mut matched: usize, byte: u8) -> usize {
    while matched > 0 && bytes.get(matched) != Some(&byte) {
        matched = shorter(fallback, matched);
    }
    matched + usize::from(bytes.get(matched) == Some(&byte))
}

/// The next shorter match that ends where one of this length does.
fn shorter(fallback: &[u32], matched: usize) -> usize {
    matched.checked_sub(1).and_then(|it| fallback.get(it)).map_or(0, |it| *it as usize)
}

/// Whether neither a letter of ASCII nor a digit is beside it.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|it| it.chars().next_back());
    let after = text.get(end..).and_then(|it| it.chars().next());
    ![before, after].into_iter().flatten().any(|it| it.is_ascii_alphanumeric())
}

/// The ranges of a text that are secret.
#[derive(Default)]
pub(super) struct Marks {
    /// For each byte, the number of marks that begin there minus the number that end there. Empty until something is
    /// found.
    depths: Vec<i32>,
}

impl Marks {
    fn add(&mut self, text: &str, start: usize, end: usize) {
        if self.depths.is_empty() {
            self.depths = vec![0; text.len() + 1];
        }
        // Matches in bytes that are not text may start in the middle of a character.
        let mut end = end.min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        self.depths[boundary(text, start)] += 1;
        self.depths[end] -= 1;
    }

    /// The text with every marked range replaced. `None` if nothing is marked.
    pub(super) fn redacted(&self, text: &str) -> Option<String> {
        if self.depths.is_empty() {
            return None;
        }
        let mut out = String::new();
        let (mut depth, mut shown) = (0, 0);
        for (at, change) in self.depths.iter().enumerate().filter(|it| *it.1 != 0) {
            if depth == 0 {
                out.push_str(text.get(shown..at).unwrap_or_default());
                out.push_str(REDACTED);
            }
            depth += change;
            shown = at;
        }
        out.push_str(text.get(shown..).unwrap_or_default());
        Some(out)
    }
}
