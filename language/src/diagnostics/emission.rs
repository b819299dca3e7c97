//! SW07xx, not generated yet: what the spec language can describe but the generator cannot write yet.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

use super::{Code, Diagnostic};
use crate::source::Span;

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! emission_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        NotGenerated, "SW0701", "not generated yet";
    } };
}

/// The spec is valid, but the generator has no Rust for this part yet.
pub fn not_generated(what: &str, operation: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::NotGenerated, format!("{what} of `{operation}` cannot be generated as Rust yet"), span)
        .label("not supported yet")
        .help("`lint`, `validate` and `openapi` support it; move the operation out of the spec to generate the rest")
}
