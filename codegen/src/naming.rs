//! How names of an API become names in Rust, for tools that write specs: whether two would be one, and which are taken.

use crate::lower::names::{self, reserved};
use crate::rust_words::why_no_crate;

/// The identifier of a field, a parameter or an operation.
#[must_use]
pub fn snake(name: &str) -> String {
    names::snake(name)
}

/// The identifier of an enum's value.
#[must_use]
pub fn pascal(name: &str) -> String {
    names::pascal(name)
}

/// A name in any casing, with plurals of abbreviations as words: `userIDs` as `userIds`. As [`pascal`] reads it.
#[must_use]
pub fn with_plurals(name: &str) -> std::borrow::Cow<'_, str> {
    names::capitals::with_plurals(name)
}

/// As [`with_plurals`], and words with capitals inside as one word: `OAuth` as `Oauth`. As [`snake`] reads it.
#[must_use]
pub fn with_words(name: &str) -> std::borrow::Cow<'_, str> {
    names::capitals::with_words(name)
}

/// Whether generated modules use a name of a type themselves.
#[must_use]
pub fn is_reserved_type(name: &str) -> bool {
    names::shadows_prelude(name) || names::looks_like_type_parameter(name)
}

/// Whether a resource of this name needs another one in Rust.
#[must_use]
pub fn is_reserved_resource(name: &str) -> bool {
    let module = names::snake(name);
    let feature = name.replace('_', "-");
    reserved::reserved_for_resources(&module).is_some() || reserved::FEATURES.contains(&feature.as_str())
}

/// Whether no crate can have a name.
#[must_use]
pub fn is_reserved_crate(name: &str) -> bool {
    why_no_crate(name).is_some()
}
