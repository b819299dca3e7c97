//! Formats the Rust that the emitters of `specwright-codegen` write with [`quote!`]: tokens in, text out.
//!
//! It reads the part of Rust that clients are made of, and prints it as `prettyplease` does: the tests parse every generated
//! file with `syn`, print it with `prettyplease`, and compare. Those two were a third of the work of a run, and the crates
//! that took longest to compile before the compiler.
//!
//! Data flows one way: `tokens → parse → syntax → print → layout`. Items are read and laid out in one go (`item`,
//! `definitions`), since of an expression more has to be known before its first token is written.

mod classify;
mod definitions;
mod generics;
mod item;
mod layout;
mod lists;
mod marks;
mod mentions;
mod parse;
mod parse_types;
mod print_expr;
mod print_statements;
mod print_types;
pub mod repeat;
mod spacing;
mod stream;
mod syntax;
#[cfg(test)]
extern crate self as specwright_format;
#[cfg(test)]
mod tests;
mod tokens;

pub use specwright_quote::quote;

use self::layout::Layout;
pub use self::stream::{Ident, ToTokens, TokenStream};
pub use self::tokens::{Tokens, Unexpected};

/// A formatted file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// Its text, with an empty line between items.
    pub text: String,
    /// Whether an identifier in it has letters beyond ASCII.
    pub foreign: bool,
}

/// Formats the tokens of a file.
///
/// # Errors
/// The tokens are nothing that an emitter writes: see [`Unexpected`].
pub fn file(stream: &TokenStream) -> Result<Formatted, Unexpected> {
    parts([&Tokens::new(stream)])
}

/// Formats a file whose items are in several parts, so that one part can be made of what another mentions.
///
/// # Errors
/// As [`file()`].
pub fn parts<'t>(parts: impl IntoIterator<Item = &'t Tokens<'t>>) -> Result<Formatted, Unexpected> {
    let mut text = String::new();
    let mut foreign = false;
    for part in parts {
        text.push_str(&items(part)?);
        foreign |= part.has_foreign_letters();
    }
    Ok(Formatted { text: spacing::spaced(&text), foreign })
}

/// The text of a part without empty lines.
fn items(tokens: &Tokens<'_>) -> Result<String, Unexpected> {
    let mut cursor = tokens.cursor();
    let mut out = String::new();
    let mut layout = Layout::default();
    layout.all_or_none(0);
    layout.attributes(&parse::attributes(&mut cursor, true)?)?;
    layout.end();
    layout.write(&mut out);
    while !cursor.is_empty() {
        if let Some(text) = lists::text(&mut cursor) {
            out.push_str(&text);
            continue;
        }
        layout.all_or_none(0);
        layout.item(&mut cursor)?;
        layout.end();
        layout.write(&mut out);
    }
    Ok(out)
}
