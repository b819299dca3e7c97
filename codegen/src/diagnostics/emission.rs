//! SW07xx, what is not generated yet: things the spec language can say and the generator cannot write yet.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! emission_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
    } };
}
