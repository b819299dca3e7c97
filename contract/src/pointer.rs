//! JSON pointers: their names with and without escapes, and what they lead to.
//!
//! `serde_json` copies each name of a pointer twice, to undo escapes that hardly any pointer has, and an error body is
//! looked into twenty times: that was a quarter of a refusal.

use std::borrow::Cow;

use serde_json::Value;

/// The names on the way, without escapes.
pub(crate) fn steps(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescaped)
}

/// A name of a pointer, as objects have it.
pub(crate) fn unescaped(name: &str) -> Cow<'_, str> {
    match name.contains('~') {
        true => Cow::Owned(name.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(name),
    }
}

/// A name of an object, as pointers have it.
pub(crate) fn escaped(name: &str) -> Cow<'_, str> {
    match name.contains(['~', '/']) {
        true => Cow::Owned(name.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(name),
    }
}

/// As [`Value::pointer`].
pub(crate) fn at<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    if !is_pointer(pointer) {
        return None;
    }
    steps(pointer).try_fold(value, |value, step| match value {
        Value::Object(fields) => fields.get(&*step),
        Value::Array(items) => items.get(index(&step)?),
        _ => None,
    })
}

/// As [`Value::pointer_mut`].
pub(crate) fn at_mut<'v>(value: &'v mut Value, pointer: &str) -> Option<&'v mut Value> {
    if !is_pointer(pointer) {
        return None;
    }
    steps(pointer).try_fold(value, |value, step| match value {
        Value::Object(fields) => fields.get_mut(&*step),
        Value::Array(items) => items.get_mut(index(&step)?),
        _ => None,
    })
}

fn is_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/')
}

/// An index in the only form that it has in a pointer.
fn index(step: &str) -> Option<usize> {
    let is_plain = !step.starts_with('+') && (step.len() == 1 || !step.starts_with('0'));
    if is_plain { step.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointers_lead_where_those_of_serde_json_lead() {
        let mut value = json!({
            "a": [{"b": 1}, [2, 3]], "": {"": 4}, "x/y": {"m~n": 5}, "~1": 6, "0": {"00": 7}, "text": "t", "none": null,
        });
        for pointer in [
            "",
            "/",
            "//",
            "/a",
            "/a/0/b",
            "/a/1/1",
            "/a/2",
            "/a/-",
            "/a/+1",
            "/a/00",
            "/a/01",
            "/a/0/b/c",
            "/x~1y/m~0n",
            "/x/y",
            "/~01",
            "/~1",
            "/0/00",
            "/text/0",
            "/none/a",
            "a",
            "a/0",
            "/A",
            "/a/18446744073709551616",
            "/a//0",
        ] {
            assert_eq!(at(&value, pointer), value.pointer(pointer), "{pointer}");
            let expected = value.pointer(pointer).cloned();
            assert_eq!(at_mut(&mut value, pointer).cloned(), expected, "{pointer}");
        }
    }

    #[test]
    fn what_is_escaped_comes_back() {
        for (name, written) in [("a", "a"), ("", ""), ("x/y", "x~1y"), ("m~n", "m~0n"), ("~1", "~01"), ("/~", "~1~0")] {
            assert_eq!(escaped(name), written);
            assert_eq!(unescaped(written), name);
        }
    }
}
