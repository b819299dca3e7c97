//! SW05xx, conditions, rules and consistency: conditions, cases, rules and variants that cannot hold together.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! rules_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
    } };
}
