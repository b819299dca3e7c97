//! What is done with headers in many places. None of it is inlined: each would be repeated at every use.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::byte_scan::equal_ignore_case;

/// As `clone`.
#[inline(never)]
pub(crate) fn copy(headers: &HeaderMap) -> HeaderMap {
    headers.clone()
}

/// The first header of a name, as `get`, which reads the name first and looks it up by its hash: that is more code than to look at
/// the few headers that there are.
#[inline(never)]
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a HeaderValue> {
    headers.iter().find(|it| equal_ignore_case(it.0.as_str(), name)).map(|it| it.1)
}

/// The text of a header, without white space around it. A value that is not visible ASCII counts as none.
#[inline(never)]
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    get(headers, name)?.to_str().ok().map(str::trim)
}

/// Sets a header, in place of others of that name.
#[inline(never)]
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

/// Sets a header, unless there is one of that name.
#[inline(never)]
pub(crate) fn set_default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
