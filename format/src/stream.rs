//! Tokens that are put together: what `quote!` makes, and what can stand in it.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use super::marks::{self, Mark};

/// Rust that is not formatted yet.
///
/// It is one text, with a mark before each token, so that to put a stream into another one is to copy a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenStream(String);

impl TokenStream {
    /// Without tokens.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What `quote!` makes: texts with marks. Behind each is the variable of the same place, if there is one.
    #[must_use]
    pub fn quoted(texts: &[&str], variables: &[&dyn ToTokens]) -> Self {
        let mut out = Self::new();
        out.append(texts, variables);
        out
    }

    /// The same behind what is there.
    pub fn append(&mut self, texts: &[&str], variables: &[&dyn ToTokens]) {
        let texts_size: usize = texts.iter().map(|it| it.len()).sum();
        let size: usize = variables.iter().map(|it| it.size()).sum();
        self.0.reserve(texts_size + size);
        let mut variables = variables.iter();
        for text in texts {
            self.0.push_str(text);
            if let Some(variable) = variables.next() {
                variable.to_tokens(self);
            }
        }
    }

    /// What stands between two rounds of what `quote!` repeats.
    pub fn separate(&mut self, is_next: &mut bool, text: &str) {
        if *is_next {
            self.0.push_str(text);
        }
        *is_next = true;
    }

    /// A literal, as it is written in Rust.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        let mut out = Self(String::with_capacity(text.len() + 1));
        out.push(Mark::Literal, text);
        out
    }

    /// Whether it is one token with this text.
    #[must_use]
    pub fn is(&self, token: &str) -> bool {
        self.0.strip_prefix(marks::is_mark) == Some(token)
    }

    /// About how many tokens it has, or more.
    pub(super) fn count(&self) -> usize {
        self.0.len() / 4
    }

    /// Its tokens with their marks.
    pub(super) fn tokens(&self) -> Marked<'_> {
        Marked(&self.0)
    }

    /// The text of each token.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.tokens().map(|(_, text)| text)
    }

    /// What is in the parentheses, if there is nothing beside them.
    #[must_use]
    pub fn without_parentheses(mut self) -> Self {
        let mut depth = 0;
        let mut rest = self.tokens();
        while let Some((mark, text)) = rest.next() {
            depth += mark.depth(text);
            if depth == 0 {
                if text == ")" && rest.0.is_empty() {
                    // Of both brackets, with their marks.
                    self.0.drain(..2);
                    self.0.truncate(self.0.len() - 2);
                }
                break;
            }
        }
        self
    }

    /// Without the `;` at its end, if there is no other one but in groups.
    #[must_use]
    pub fn without_only_semicolon(&self) -> Option<Self> {
        let mut depth = 0;
        let mut rest = self.tokens();
        while let Some((mark, text)) = rest.next() {
            depth += mark.depth(text);
            if depth == 0 && mark != Mark::Literal && text == ";" {
                return rest.0.is_empty().then(|| Self(self.0[..self.0.len() - 2].to_owned()));
            }
        }
        None
    }

    /// Adds a string in quotes, of these parts.
    pub fn push_string(&mut self, parts: &[&str]) {
        self.0.push(Mark::Literal.character());
        self.0.push('"');
        for part in parts {
            self.push_escaped(part);
        }
        self.0.push('"');
    }

    fn push(&mut self, mark: Mark, text: &str) {
        self.0.push(mark.character());
        self.0.push_str(text);
    }

    fn push_escaped(&mut self, text: &str) {
        let mut rest = text;
        let is_special = |it: u8| !matches!(it, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
        while let Some(at) = rest.bytes().position(is_special) {
            let (plain, special) = rest.split_at(at);
            self.0.push_str(plain);
            let mut characters = special.chars();
            match characters.next() {
                // Digits behind it would look like its code.
                Some('\0') if characters.as_str().starts_with(|it| matches!(it, '0'..='7')) => self.0.push_str("\\x00"),
                Some('\0') => self.0.push_str("\\0"),
                special => self.0.extend(special.into_iter().flat_map(char::escape_debug)),
            }
            rest = characters.as_str();
        }
        self.0.push_str(rest);
    }

    #[cfg(test)]
    pub(super) fn of(tokens: impl IntoIterator<Item = (Mark, String)>) -> Self {
        let mut out = Self::default();
        for (mark, text) in tokens {
            out.push(mark, &text);
        }
        out
    }
}

/// For messages about faults.
impl fmt::Display for TokenStream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (mark, text) in self.tokens() {
            out.write_str(text)?;
            if mark != Mark::Joint {
                out.write_char(' ')?;
            }
        }
        Ok(())
    }
}

impl FromIterator<Self> for TokenStream {
    fn from_iter<I: IntoIterator<Item = Self>>(streams: I) -> Self {
        let mut streams = streams.into_iter();
        let mut out = streams.next().unwrap_or_default();
        for stream in streams {
            stream.to_tokens(&mut out);
        }
        out
    }
}

/// Tokens with their marks.
pub(super) struct Marked<'t>(&'t str);

impl<'t> Iterator for Marked<'t> {
    type Item = (Mark, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let (mark, rest) = self.0.as_bytes().split_first()?;
        let mark = Mark::of(*mark);
        let length = if mark.is_of_characters() { 1 } else { marks::next(rest) };
        let (token, rest) = self.0[1..].split_at(length);
        self.0 = rest;
        Some((mark, token))
    }
}

/// A name of Rust, with `r#` where it needs that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident<'n>(Cow<'n, str>);

impl<'n> Ident<'n> {
    /// Of a name that can be one.
    pub fn new(name: impl Into<Cow<'n, str>>) -> Self {
        Self(name.into())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What can be a variable of `quote!`.
pub trait ToTokens {
    /// Adds it to a stream.
    fn to_tokens(&self, out: &mut TokenStream);

    /// About how many bytes that will be.
    fn size(&self) -> usize {
        16
    }
}

impl ToTokens for TokenStream {
    fn to_tokens(&self, out: &mut TokenStream) {
        out.0.push_str(&self.0);
    }

    fn size(&self) -> usize {
        self.0.len()
    }
}

impl<T: ToTokens + ?Sized> ToTokens for &T {
    fn to_tokens(&self, out: &mut TokenStream) {
        (**self).to_tokens(out);
    }

    fn size(&self) -> usize {
        (**self).size()
    }
}

impl<T: ToTokens> ToTokens for Option<T> {
    fn to_tokens(&self, out: &mut TokenStream) {
        if let Some(it) = self {
            it.to_tokens(out);
        }
    }

    fn size(&self) -> usize {
        self.as_ref().map_or(0, ToTokens::size)
    }
}

impl ToTokens for Ident<'_> {
    fn to_tokens(&self, out: &mut TokenStream) {
        out.push(Mark::Ident, &self.0);
    }

    fn size(&self) -> usize {
        self.0.len() + 1
    }
}

/// As a string in quotes.
impl ToTokens for str {
    fn to_tokens(&self, out: &mut TokenStream) {
        out.push_string(&[self]);
    }

    fn size(&self) -> usize {
        self.len() + 3
    }
}

impl ToTokens for String {
    fn to_tokens(&self, out: &mut TokenStream) {
        out.push_string(&[self]);
    }

    fn size(&self) -> usize {
        self.len() + 3
    }
}

impl ToTokens for bool {
    fn to_tokens(&self, out: &mut TokenStream) {
        out.push(Mark::Ident, if *self { "true" } else { "false" });
    }
}
