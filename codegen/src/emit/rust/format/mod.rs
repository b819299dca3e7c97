//! Tokens → formatted text, for the Rust that the emitters write.
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
mod parse;
mod parse_types;
mod print_expr;
mod print_statements;
mod print_types;
mod syntax;
#[cfg(test)]
mod tests;
pub(super) mod tokens;

use proc_macro2::TokenStream;

use self::layout::Layout;
use self::tokens::{Tokens, Unexpected};

/// The text of a file, and whether an identifier in it has letters beyond ASCII. Fails where tokens are nothing that an
/// emitter writes.
pub(super) fn file(stream: TokenStream) -> Result<(String, bool), Unexpected> {
    let tokens = Tokens::new(stream);
    let mut cursor = tokens.cursor();
    let mut out = String::new();
    let mut layout = Layout::default();
    layout.all_or_none(0);
    layout.attributes(&parse::attributes(&mut cursor, true)?)?;
    layout.end();
    layout.write(&mut out);
    while !cursor.is_empty() {
        if let Some(text) = super::macros::text(&mut cursor) {
            out.push_str(&text);
            continue;
        }
        layout.all_or_none(0);
        layout.item(&mut cursor)?;
        layout.end();
        layout.write(&mut out);
    }
    Ok((out, tokens.has_foreign_letters()))
}
