//! SW03xx, references and names: names that are unknown, doubled or misplaced.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! names_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
    } };
}
