//! What stands before each token of a stream: characters that no token has in it. The macro `quote!` writes them, too.

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
