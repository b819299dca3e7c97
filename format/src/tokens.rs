//! Tokens in a row, and a reader of them.

use super::marks::Mark;
use super::stream::TokenStream;

/// What a group stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiter {
    Parenthesis,
    Brace,
    Bracket,
    /// Of what is no group.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ident,
    Literal,
    /// A character, which may be the first of an operator.
    Punct {
        joint: bool,
    },
    Open(Delimiter),
    Close(Delimiter),
}

#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    kind: Kind,
    text: &'t str,
    /// The place behind the token, and behind the group that it opens.
    next: usize,
}

/// Tokens of a stream in a row.
#[derive(Debug, Default)]
pub struct Tokens<'t> {
    tokens: Vec<Token<'t>>,
    foreign: bool,
}

impl<'t> Tokens<'t> {
    /// Of a stream.
    #[must_use]
    pub fn new(stream: &'t TokenStream) -> Self {
        let mut tokens = Self { tokens: Vec::with_capacity(stream.count()), foreign: false };
        let mut open = Vec::new();
        for (mark, text) in stream.tokens() {
            let kind = match mark {
                Mark::Ident => Kind::Ident,
                Mark::Literal => Kind::Literal,
                Mark::Punct => Kind::Punct { joint: false },
                Mark::Joint => Kind::Punct { joint: true },
                Mark::Bracket => bracket(text),
            };
            tokens.foreign |= kind == Kind::Ident && !text.is_ascii();
            let index = tokens.tokens.len();
            tokens.tokens.push(Token { kind, text, next: index + 1 });
            match kind {
                Kind::Open(_) => open.push(index),
                Kind::Close(_) => {
                    if let Some(opened) = open.pop() {
                        tokens.tokens[opened].next = index + 1;
                    }
                }
                Kind::Ident | Kind::Literal | Kind::Punct { .. } => {}
            }
        }
        tokens
    }

    pub(super) fn has_foreign_letters(&self) -> bool {
        self.foreign
    }

    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor { tokens: self, at: 0, end: self.tokens.len() }
    }
}

fn bracket(text: &str) -> Kind {
    match text {
        "(" => Kind::Open(Delimiter::Parenthesis),
        "{" => Kind::Open(Delimiter::Brace),
        "[" => Kind::Open(Delimiter::Bracket),
        ")" => Kind::Close(Delimiter::Parenthesis),
        "}" => Kind::Close(Delimiter::Brace),
        _ => Kind::Close(Delimiter::Bracket),
    }
}

/// What opens and closes a group.
pub(crate) fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Operators of more than one character, the longer ones first.
const OPERATORS: [&str; 24] = [
    "<<=", ">>=", "...", "..=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "%=",
    "^=", "&=", "|=", "<<", ">>", "..",
];

/// Tokens that cannot be what was expected: a fault of the emitter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexpected {
    /// What was expected, such as "a name".
    pub expected: &'static str,
    /// The tokens at that place.
    pub found: String,
}

pub(super) type Parsed<T> = Result<T, Unexpected>;

/// A place in tokens, up to the end of their group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'t> {
    tokens: &'t Tokens<'t>,
    at: usize,
    end: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn is_empty(&self) -> bool {
        self.at >= self.end
    }

    fn token(&self, ahead: usize) -> Option<&'t Token<'t>> {
        let at = self.at + ahead;
        if at < self.end { self.tokens.tokens.get(at) } else { None }
    }

    pub(crate) fn kind(&self) -> Option<Kind> {
        self.token(0).map(|it| it.kind)
    }

    /// The text of the next token.
    pub(crate) fn peek(&self) -> &'t str {
        self.peek_at(0)
    }

    /// The text of a token further on, where groups count token by token.
    pub(super) fn peek_at(&self, ahead: usize) -> &'t str {
        self.token(ahead).map_or("", |it| it.text)
    }

    pub(super) fn kind_at(&self, ahead: usize) -> Option<Kind> {
        self.token(ahead).map(|it| it.kind)
    }

    /// Takes a token, or a whole group.
    pub(crate) fn skip(&mut self) {
        self.at = self.token(0).map_or(self.end, |it| it.next);
    }

    /// Takes a token; of a group, what opens it.
    pub(super) fn skip_one(&mut self) {
        self.at += 1;
    }

    fn is_punct(&self, ahead: usize, character: char) -> bool {
        matches!(self.kind_at(ahead), Some(Kind::Punct { .. })) && self.peek_at(ahead).starts_with(character)
    }

    /// The operator here, as long as it gets.
    pub(super) fn operator(&self) -> Option<&'t str> {
        let first = self.token(0)?;
        let Kind::Punct { joint } = first.kind else { return None };
        if !joint {
            return Some(first.text);
        }
        // What is joint is one byte.
        let mut run = [0; 3];
        let mut length = 0;
        while let Some(Token { kind: Kind::Punct { joint }, text, .. }) = self.token(length) {
            run[length] = text.as_bytes()[0];
            length += 1;
            if !joint || length == run.len() {
                break;
            }
        }
        let longest = OPERATORS.iter().find(|it| run[..length].starts_with(it.as_bytes()));
        Some(longest.copied().unwrap_or(first.text))
    }

    pub(super) fn is(&self, operator: &str) -> bool {
        // Most tokens are told by their first byte.
        self.peek().as_bytes().first() == operator.as_bytes().first() && self.operator() == Some(operator)
    }

    /// Takes an operator, as long as it gets.
    pub(super) fn take(&mut self, operator: &str) -> bool {
        let found = self.is(operator);
        if found {
            self.at += operator.len();
        }
        found
    }

    /// Whether the next character is this one, even if it begins a longer operator.
    pub(super) fn is_char(&self, character: char) -> bool {
        self.is_punct(0, character)
    }

    pub(super) fn take_char(&mut self, character: char) -> bool {
        let found = self.is_char(character);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind() == Some(Kind::Ident) && self.peek() == word
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn is_group(&self, delimiter: Delimiter) -> bool {
        self.kind() == Some(Kind::Open(delimiter))
    }

    /// Takes a group, and gives what is in it.
    pub(super) fn group(&mut self, delimiter: Delimiter) -> Option<Self> {
        if !self.is_group(delimiter) {
            return None;
        }
        let next = self.token(0)?.next;
        let inner = Self { tokens: self.tokens, at: self.at + 1, end: next - 1 };
        self.at = next;
        Some(inner)
    }

    /// Takes a token or a group, and gives it alone.
    pub(crate) fn tree(&mut self) -> Option<(Kind, &'t str, Self)> {
        let (kind, text) = (self.kind()?, self.peek());
        let (at, next) = (self.at, self.token(0)?.next);
        self.at = next;
        let inner = match kind {
            Kind::Open(_) => Self { tokens: self.tokens, at: at + 1, end: next - 1 },
            _ => Self { tokens: self.tokens, at: next, end: next },
        };
        Some((kind, text, inner))
    }

    /// What lies between this place and a later one.
    pub(crate) fn until(&self, later: Self) -> Self {
        Self { tokens: self.tokens, at: self.at, end: later.at }
    }

    pub(super) fn need_group(&mut self, delimiter: Delimiter, expected: &'static str) -> Parsed<Self> {
        self.group(delimiter).ok_or_else(|| self.unexpected(expected))
    }

    pub(super) fn need(&mut self, operator: &'static str) -> Parsed<()> {
        if self.take(operator) { Ok(()) } else { Err(self.unexpected(operator)) }
    }

    pub(super) fn need_char(&mut self, character: char, expected: &'static str) -> Parsed<()> {
        if self.take_char(character) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    pub(super) fn need_word(&mut self, word: &'static str) -> Parsed<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    pub(super) fn ident(&mut self) -> Parsed<&'t str> {
        if self.kind() != Some(Kind::Ident) {
            return Err(self.unexpected("a name"));
        }
        let text = self.peek();
        self.at += 1;
        Ok(text)
    }

    pub(super) fn done(&self) -> Parsed<()> {
        if self.is_empty() { Ok(()) } else { Err(self.unexpected("the end of the group")) }
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> Unexpected {
        let tokens = self.tokens.tokens.iter().skip(self.at).take(12);
        let found: Vec<&str> = tokens.map(|it| it.text).collect();
        Unexpected { expected, found: found.join(" ") }
    }
}
