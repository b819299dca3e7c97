//! SW08xx, Rust names: names that become no usable or no unique Rust identifier.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! rust_names_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
    } };
}
