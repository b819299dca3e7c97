//! What stands before each token of a stream: characters that no token that we write has in it. The macro `quote!` writes them, too.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Ident,
    Literal,
    /// A character that ends an operator.
    Punct,
    /// A character of an operator that goes on.
    Joint,
    /// What opens or closes a group.
    Bracket,
}

const FIRST: u8 = 0x10;

impl Mark {
    const ALL: [Self; 5] = [Self::Ident, Self::Literal, Self::Punct, Self::Joint, Self::Bracket];

    pub(crate) fn character(self) -> char {
        char::from(FIRST + self as u8)
    }

    pub(crate) fn of(mark: u8) -> Self {
        Self::ALL[usize::from(mark - FIRST)]
    }

    /// Whether tokens with this mark are one character of ASCII.
    pub(crate) fn is_of_characters(self) -> bool {
        matches!(self, Self::Punct | Self::Joint | Self::Bracket)
    }

    /// How a token with this mark changes the number of groups that are open.
    pub(crate) fn depth(self, token: &str) -> i32 {
        match (self, token) {
            (Self::Bracket, "(" | "[" | "{") => 1,
            (Self::Bracket, _) => -1,
            _ => 0,
        }
    }
}

pub(crate) fn is_mark(character: char) -> bool {
    u8::try_from(character).is_ok_and(is_mark_byte)
}

pub(crate) fn is_mark_byte(byte: u8) -> bool {
    (FIRST..FIRST + Mark::ALL.len() as u8).contains(&byte)
}

/// The place of the next mark, or the end.
pub(crate) fn next(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const BEHIND_LAST: u64 = ONES * (FIRST + Mark::ALL.len() as u8) as u64;
    let mut at = 0;
    // Eight bytes at a time. Of each that is a mark or a control character, this sets the highest bit.
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*chunk);
        let low = word.wrapping_sub(BEHIND_LAST) & !word & (ONES << 7);
        if low != 0 {
            at += (low.trailing_zeros() / 8) as usize;
            if is_mark_byte(bytes[at]) {
                return at;
            }
            at += 1;
        } else {
            at += chunk.len();
        }
    }
    bytes[at..].iter().position(|it| is_mark_byte(*it)).map_or(bytes.len(), |it| at + it)
}
