//! SW06xx, examples: examples that disagree with the rules they illustrate.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! examples_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
    } };
}
