//! Texts in a row. The standard library's function is made for all types, and joins with any separator.

/// One text of all parts.
#[inline(never)]
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut out = String::new();
    push_all(&mut out, parts);
    out
}

/// Adds all parts to a text.
#[inline]
pub(crate) fn push_all(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|it| out.push_str(it));
}
