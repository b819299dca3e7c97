//! Parses `multipart/form-data` and `multipart/related` in memory into values.
//!
//! A text part is text, a part with a file name is `{"size", "file_name", "content_type"}`, and a repeated name is a
//! list, as the interpreter expects. Parts of `multipart/related` have no names: their places say which they are.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

/// The content type of a part that says none.
const OCTETS: &str = "application/octet-stream";

/// The maximum number of parts of one body.
const MOST_PARTS: usize = 1024;

/// The boundary of a content type.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    let value = parameter(content_type, "boundary")?;
    (!value.is_empty() && value.len() <= 200).then_some(value)
}

/// The fields of a body. The error describes what cannot be read.
pub(crate) fn fields(body: &[u8], boundary: &str) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    each_part(body, boundary, |part| {
        let (name, value, _) = read_part(part)?;
        insert(&mut fields, name, value);
        Ok(())
    })?;
    Ok(fields)
}

/// The fields of a body whose parts have no names: each is called as the one of its place, and as the last one after that.
/// Each name comes with whether it is that of a file.
pub(crate) fn related(body: &[u8], boundary: &str, names: &[(&str, bool)]) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    let mut left = names.iter();
    let mut last = None;
    each_part(body, boundary, |part| {
        last = left.next().or(last);
        let (name, is_file) = last.ok_or_else(|| broken("it has a part, but the operation has none"))?;
        let (head, content) = head_and_content(part)?;
        insert(&mut fields, (*name).to_owned(), value(&head, content, is_file.then_some(""), name)?);
        Ok(())
    })?;
    Ok(fields)
}

/// The bytes of the part at that place, and their content type.
pub(crate) fn nth<'b>(body: &'b [u8], boundary: &str, wanted: usize) -> Option<(&'b [u8], String)> {
    let mut all = Vec::new();
    each_part(body, boundary, |part| {
        all.push(head_and_content(part)?);
        Ok(())
    })
    .ok()?;
    let (head, content) = all.into_iter().nth(wanted)?;
    Some((content, header(&head, "content-type").unwrap_or(OCTETS).to_owned()))
}

/// The bytes of the file with that name, and their content type.
pub(crate) fn file<'b>(body: &'b [u8], boundary: &str, wanted: &str) -> Option<(&'b [u8], String)> {
    let mut found = None;
    let all = each_part(body, boundary, |part| {
        let (name, value, content) = read_part(part)?;
        if let (true, None, Some(kind)) = (name == wanted, &found, value.get("content_type").and_then(Value::as_str)) {
            found = Some((content, kind.to_owned()));
        }
        Ok(())
    });
    all.ok().and(found)
}

fn each_part<'b>(
    body: &'b [u8],
    boundary: &str,
    mut take: impl FnMut(&'b [u8]) -> Result<(), String>,
) -> Result<(), String> {
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    let Some(first) = delimiter.get(2..) else { return Err(broken("it has no boundary")) };
    let mut rest = if body.starts_with(first) {
        body.get(first.len()..).unwrap_or_default()
    } else {
        after(body, &delimiter).ok_or_else(|| broken("its first boundary is missing"))?.1
    };
    for _ in 0..MOST_PARTS {
        if rest.starts_with(b"--") {
            return Ok(());
        }
        // A boundary may be followed by blanks.
        let line = rest.iter().position(|it| !matches!(it, b' ' | b'\t')).unwrap_or(rest.len());
        let part = rest.get(line..).and_then(|it| it.strip_prefix(b"\r\n"));
        let part = part.ok_or_else(|| broken("a boundary is not followed by a line end"))?;
        let (part, next) = after(part, &delimiter).ok_or_else(|| broken("its last boundary is missing"))?;
        take(part)?;
        rest = next;
    }
    Err(broken(&format!("it has more than {MOST_PARTS} parts")))
}

fn read_part(part: &[u8]) -> Result<(String, Value, &[u8]), String> {
    let (head, content) = head_and_content(part)?;
    let disposition =
        header(&head, "content-disposition").ok_or_else(|| broken("a part has no `Content-Disposition`"))?;
    let name = parameter(disposition, "name").ok_or_else(|| broken("a part has no name"))?;
    let value = value(&head, content, parameter(disposition, "filename").as_deref(), &name)?;
    Ok((name, value, content))
}

/// The headers of a part, and what follows them.
fn head_and_content(part: &[u8]) -> Result<(Cow<'_, str>, &[u8]), String> {
    let (head, content) = match part.strip_prefix(b"\r\n") {
        Some(content) => (&b""[..], content),
        None => after(part, b"\r\n\r\n").ok_or_else(|| broken("a part has no empty line after its headers"))?,
    };
    Ok((String::from_utf8_lossy(head), content))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.split("\r\n").filter_map(|it| it.split_once(':'));
    lines.find(|(it, _)| it.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// What a part holds: a file, if it has a name of one, or text.
fn value(head: &str, content: &[u8], file_name: Option<&str>, name: &str) -> Result<Value, String> {
    Ok(match file_name {
        None => {
            let text = std::str::from_utf8(content).map_err(|_| broken(&format!("the part `{name}` is not UTF-8")))?;
            Value::String(text.to_owned())
        }
        Some(file_name) => json!({
            "size": content.len(),
            "file_name": file_name,
            "content_type": header(head, "content-type").unwrap_or(OCTETS),
        }),
    })
}

fn insert(fields: &mut Map<String, Value>, name: String, value: Value) {
    match fields.get_mut(&name) {
        None => {
            fields.insert(name, value);
        }
        Some(Value::Array(all)) => all.push(value),
        Some(one) => *one = Value::Array(vec![one.take(), value]),
    }
}

/// The bytes before and after `what`.
fn after<'b>(bytes: &'b [u8], what: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|it| *it == first)?;
        if let Some(rest) = bytes.get(at..)?.strip_prefix(what) {
            return Some((bytes.get(..at)?, rest));
        }
        from = at + 1;
    }
}

/// `x` of `form-data; name="x"`: a parameter of a header, quoted or not.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, value) = rest.split_once('=')?;
        let (value, tail) = match value.trim_start().strip_prefix('"') {
            // Some clients do not escape a backslash, even before the closing quote.
            Some(quoted) => quoted_text(quoted).or_else(|| plain_text(quoted))?,
            None => {
                let (plain, tail) = value.split_once(';').unwrap_or((value, ""));
                (plain.trim().to_owned(), tail)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = tail.trim_start().strip_prefix(';').unwrap_or(tail);
    }
}

/// The text up to a closing quote, and the text after it.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => match characters.next()? {
                (_, escaped @ ('"' | '\\')) => value.push(escaped),
                // Old browsers sent whole paths.
                (_, other) => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
    None
}

fn plain_text(text: &str) -> Option<(String, &str)> {
    let (value, tail) = text.split_once('"')?;
    Some((value.to_owned(), tail))
}

fn broken(why: &str) -> String {
    format!("The multipart body cannot be read: {why}.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    const BODY: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\n--c\r\n--b\r\n\
        content-type: image/png\r\ncontent-disposition: form-data; filename=\"a;\\\"b.png\"; name=file\r\n\r\n\0\xff\r\n--b--\r\n";

    #[test]
    fn parts_become_fields() {
        let fields = fields(BODY, "b").unwrap();
        assert_eq!(fields["title"], "a\r\n--c");
        assert_eq!(fields["file"], json!({"size": 2, "file_name": "a;\"b.png", "content_type": "image/png"}));
        assert_eq!(fields.len(), 2);
    }

    #[test]
    fn a_truncated_body_is_an_error() {
        let whole = BODY.len() - "--\r\n".len();
        for end in 0..whole {
            assert!(fields(&BODY[..end], "b").is_err(), "{end} bytes of it are read");
        }
    }

    #[test]
    fn a_backslash_may_be_unescaped() {
        let body = b"--b\r\nContent-Disposition: form-data; name=\"a\\\"\r\n\r\n1\r\n--b--\r\n";
        assert_eq!(fields(body, "b").unwrap()["a\\"], "1");
    }

    #[test]
    fn repeated_names_are_lists() {
        let part = |text: &str| format!("--x\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n{text}\r\n");
        let body = format!("{}{}{}--x--", part("1"), part("2"), part("3"));
        assert_eq!(fields(body.as_bytes(), "x").unwrap()["n"], json!(["1", "2", "3"]));
    }

    #[test]
    fn parts_without_names_are_known_by_their_places() {
        let body = b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\nContent-Type: image/png\r\n\r\n\xff\r\n--b\r\n\r\n12\r\n--b--";
        let fields = related(body, "b", &[("meta", false), ("files", true)]).unwrap();
        let file = |size: usize, kind: &str| json!({"size": size, "file_name": "", "content_type": kind});
        assert_eq!(fields["meta"], "{}");
        assert_eq!(fields["files"], json!([file(1, "image/png"), file(2, OCTETS)]));
        assert_eq!(nth(body, "b", 1), Some((&b"\xff"[..], "image/png".to_owned())));
        assert!(nth(body, "b", 3).is_none() && related(body, "b", &[]).is_err());
    }

    #[test]
    fn boundaries_are_found() {
        assert_eq!(boundary("multipart/form-data; boundary=abc").as_deref(), Some("abc"));
        assert_eq!(boundary("multipart/form-data; charset=x; boundary=\"a b\"").as_deref(), Some("a b"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("multipart/form-data; boundary="), None);
    }
}
