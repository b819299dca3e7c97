//! SW02xx, decoding: a well-formed YAML document whose keys and values are not those of the spec language.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! decode_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
    } };
}
