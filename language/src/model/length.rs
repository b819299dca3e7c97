//! The length of a text, as limits count it.

/// How much a character counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthUnit {
    /// Every character counts 1.
    Plain,
    /// A Han character counts 2, any other 1.
    HanDouble,
}

impl LengthUnit {
    /// What a character (a Unicode scalar value) counts.
    #[must_use]
    pub fn weight(self, character: char) -> u64 {
        match self {
            Self::HanDouble if is_han(character) => 2,
            Self::Plain | Self::HanDouble => 1,
        }
    }

    /// The length of a text.
    #[must_use]
    pub fn length(self, text: &str) -> u64 {
        text.chars().map(|it| self.weight(it)).sum()
    }
}

/// Whether a character is of the script Han. Whole blocks of ideographs are taken, so that code points assigned later
/// count the same. [`crate::interpret`] and the runtime have lists of their own; tests hold the three against each other.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(
        character,
        '\u{2e80}'..='\u{2e99}'
            | '\u{2e9b}'..='\u{2ef3}'
            | '\u{2f00}'..='\u{2fd5}'
            | '\u{3005}'
            | '\u{3007}'
            | '\u{3021}'..='\u{3029}'
            | '\u{3038}'..='\u{303b}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{16fe2}'..='\u{16fe3}'
            | '\u{16ff0}'..='\u{16ff6}'
            | '\u{20000}'..='\u{3347f}'
    )
}

#[cfg(test)]
mod tests {
    use super::{LengthUnit, is_han};
    use crate::interpret;

    #[test]
    fn both_readings_know_the_same_characters() {
        for character in '\0'..=char::MAX {
            assert_eq!(is_han(character), interpret::is_han(character), "{character:?}");
        }
    }

    #[test]
    fn lengths() {
        assert_eq!(LengthUnit::Plain.length("e\u{301}汉"), 3);
        assert_eq!(LengthUnit::HanDouble.length("\u{20000}〇a"), 5);
    }
}
