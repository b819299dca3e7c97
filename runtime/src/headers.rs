//! What is done with headers in many places. None of it is inlined: each would be repeated at every use.

use http::{HeaderMap, HeaderName, HeaderValue};

/// As `clone`.
#[inline(never)]
pub(crate) fn copy(headers: &HeaderMap) -> HeaderMap {
    headers.clone()
}

/// The text of a header, without white space around it. A value that is not visible ASCII counts as none.
#[inline(never)]
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Sets a header, in place of others of that name.
#[inline(never)]
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

/// Sets a header, unless there is one of that name.
#[inline(never)]
pub(crate) fn set_default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}
