//! What of a text is encoded, by where it stands.

use super::text;
use crate::percent::{keep, percent_encode};

/// What a value of a query may hold as it is: it ends at `&`, and many servers read `+` as a space.
const QUERY: &[char] = &['/', '?', ':', '@', '!', '$', '\'', '(', ')', '*', ',', ';', '='];

/// What a name may hold as it is, such as `$` in `$filter`. Brackets and dots are between the names of an object.
const NAME: &[char] = &['/', '?', ':', '@', '!', '$', '\'', '(', ')', '*', ',', ';'];

/// Where one text stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Escaping {
    Url,
    /// A query in which reserved characters stay as they are.
    Reserved,
    Header,
    /// A part of a multipart body: nothing is escaped.
    Part,
}

impl Escaping {
    /// Adds a text that ends at no separator. A header is no URL: only a comma would end it.
    pub(super) fn escape(self, out: &mut String, text: &str) {
        match self {
            Self::Url => percent_encode(out, text),
            Self::Reserved => keep(out, text, QUERY),
            Self::Header => out.push_str(&text.replace(',', "%2C")),
            Self::Part => out.push_str(text),
        }
    }

    /// Adds the name of a field of an object.
    pub(super) fn name(self, out: &mut String, name: &str) {
        match self {
            Self::Url | Self::Reserved => keep(out, name, NAME),
            Self::Header | Self::Part => self.escape(out, name),
        }
    }

    /// Adds JSON text. In a header it keeps its commas, and is ASCII, since many servers read headers as Latin-1.
    pub(super) fn json(self, out: &mut String, json: &[u8]) {
        match self {
            Self::Url | Self::Reserved => percent_encode(out, &text(json)),
            Self::Part => out.push_str(&text(json)),
            Self::Header => {
                for char in text(json).chars() {
                    if matches!(char, ' '..='~') {
                        out.push(char);
                    } else {
                        char.encode_utf16(&mut [0; 2]).iter().for_each(|it| out.push_str(&format!("\\u{it:04x}")));
                    }
                }
            }
        }
    }
}
