//! SW04xx, types and limits: types that do not exist or limits that contradict each other.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! types_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
    } };
}
