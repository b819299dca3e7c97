//! `Debug` of generated types: the name of the type, and its JSON.

use std::fmt::{self, Write as _};

use crate::escape::escaped;
use crate::{Encode, JsonWriter, Operation, Request, RequestParts};

/// Shows a value as its type's name and its JSON, with secrets hidden: `Image {"url":"https://…","width":512}`.
///
/// `{:#?}` breaks the JSON into lines. Generated types call it, since a derived `Debug` would be most of what the compiler
/// has to check for a type.
#[doc(hidden)]
pub fn debug(name: &str, value: &dyn Encode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = JsonWriter::for_debug();
    value.encode(&mut out);
    f.write_str(name)?;
    f.write_char(' ')?;
    json(&out, f)
}

/// Shows a value of an enum of texts.
#[doc(hidden)]
pub fn debug_text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = JsonWriter::for_debug();
    out.string(text);
    json(&out, f)
}

/// Shows a request as its type's name, its method, its path, and what else it sends.
#[doc(hidden)]
pub fn debug_request<R: Request>(name: &str, request: &R, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut parts = RequestParts { body: JsonWriter::for_debug(), ..RequestParts::default() };
    request.write(&mut parts);
    show(name, request.operation(), &parts, f)
}

fn show(name: &str, operation: &Operation, parts: &RequestParts, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = format!("{name} {} {}", operation.method, parts.path);
    if !parts.query.is_empty() {
        write!(out, "?{}", parts.query)?;
    }
    for (name, value) in &parts.headers {
        write!(out, " {name}: {value}")?;
    }
    if let Some(form) = &parts.form {
        write!(out, " {form}")?;
    }
    if let Some(text) = &parts.text {
        write!(out, " {text}")?;
    }
    if let Some(form) = &parts.multipart {
        write!(out, " {form:?}")?;
    }
    if let Some(file) = &parts.file {
        write!(out, " {file:?}")?;
    }
    f.write_str(&escaped(&out))?;
    if parts.body.as_bytes().is_empty() {
        return Ok(());
    }
    f.write_char(' ')?;
    json(&parts.body, f)
}

fn json(written: &JsonWriter, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let json = escaped(&String::from_utf8_lossy(written.as_bytes()));
    if f.alternate() { in_lines(&json, f) } else { f.write_str(&json) }
}

/// Writes JSON without white space as people write it: an entry on each line.
fn in_lines(json: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (mut depth, mut is_text, mut is_escaped) = (0, false, false);
    let mut before = ' ';
    for it in json.chars() {
        if is_text {
            is_text = is_escaped || it != '"';
            is_escaped = !is_escaped && it == '\\';
        } else {
            let (is_open, is_close) = (matches!(before, '{' | '['), matches!(it, '}' | ']'));
            depth -= usize::from(is_close);
            if is_open != is_close || before == ',' {
                write!(f, "\n{:1$}", "", depth * 4)?;
            } else if before == ':' {
                f.write_char(' ')?;
            }
            depth += usize::from(matches!(it, '{' | '['));
            is_text = it == '"';
        }
        before = it;
        f.write_char(it)?;
    }
    Ok(())
}
