//! SW08xx, Rust names: names that give no usable or no unique Rust identifier.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

use super::{Code, Diagnostic};
use crate::source::Span;

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! rust_names_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        RustNameTaken, "SW0801", "Rust name taken";
        RustNameReserved, "SW0802", "Rust name reserved";
    } };
}

/// Two names of one scope become the same identifier.
pub fn rust_name_taken(what: &str, wire: &str, rust: &str, span: Span, first: &str, at: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::RustNameTaken,
        format!("{what} `{wire}` and `{first}` both become `{rust}` in Rust"),
        span,
    )
    .label(format!("becomes `{rust}`"))
    .help(format!("give one of them another Rust name with `rust:`; the API still receives `{wire}`"));
    match at {
        Some(at) => diagnostic.related(at, format!("becomes `{rust}` too")),
        None => diagnostic,
    }
}

/// A name that generated code needs for itself.
pub fn rust_name_reserved(what: &str, wire: &str, rust: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::RustNameReserved, format!("{what} `{wire}` becomes `{rust}`, which {why}"), span)
        .label(format!("becomes `{rust}`"))
        .help(format!("give it another Rust name with `rust:`; the API still receives `{wire}`"))
}
