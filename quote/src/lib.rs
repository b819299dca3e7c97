//! `quote!`: Rust in, a stream of tokens out, with the values of variables in their places.
//!
//! It is written as the macro of the crate `quote` on the registry is. What it expands to differs: what stands between two
//! variables is one text, with a mark before each token, and a use of the macro is one call, or a block where something is
//! repeated.
//!
//! | written | stands for |
//! |---|---|
//! | `#name` | the value of a variable: anything that is `ToTokens` |
//! | `#(…)*` | what is in it, once for each value of the variables in it, which are iterators, lists or slices |
//! | `#(…),*` | the same with a comma in between, or with another operator or word |
//!
//! `format/src/marks.rs` has the marks, too; both crates must agree on them.

mod expand;
mod read;

use proc_macro::TokenStream;

/// Tokens, with the values of variables in their places. Import it from `specwright_format`.
#[proc_macro]
pub fn quote(input: TokenStream) -> TokenStream {
    expand::expression(&read::steps(input))
}
