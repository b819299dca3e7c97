//! SW02xx, decoding: a well-formed YAML document whose keys and values are not those of the spec language.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

use super::{Code, Diagnostic, suggest};
use crate::source::Span;

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! decode_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        UnknownKey, "SW0201", "unknown key";
        WrongKind, "SW0202", "value of the wrong kind";
        MissingKey, "SW0203", "missing key";
        UnknownWord, "SW0204", "unknown keyword value";
        BadDuration, "SW0205", "not a duration";
        BadTypeExpression, "SW0206", "not a type";
        KeysExclude, "SW0207", "keys that exclude each other";
        OutOfBounds, "SW0208", "number out of bounds";
        BadText, "SW0209", "text of the wrong form";
        TooMany, "SW0210", "too many";
        EmptyList, "SW0211", "empty where something is needed";
        BadShape, "SW0212", "part that is not allowed in this form";
        NoApiFile, "SW0213", "no api.yaml";
        NoResources, "SW0214", "no resource files";
        Unreadable, "SW0215", "file that cannot be read";
        Respelled, "SW0216", "number that would not stay as written";
        PathForName, "SW0217", "path where a name is expected";
        NewerLanguage, "SW0218", "spec of a newer language version";
    } };
}

pub(crate) fn unknown_key(key: &str, what: &str, known: &[&str], span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownKey, format!("unknown key `{key}` in {what}"), span);
    match suggest::nearest(key, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("a similar key exists: `{near}`")),
        // Most who write another key here mean the fields of an object.
        None if matches!(what, "a field" | "a parameter") => {
            let object = "the fields of an object are those of a type under `types`, which is named here";
            diagnostic.help(format!("{object}; {what} accepts {}", list(known)))
        }
        None => diagnostic.help(format!("{what} accepts {}", list(known))),
    }
}

/// The spec may use keys that this compiler does not know.
pub(crate) fn newer_language(written: u64, known: u64, span: Span) -> Diagnostic {
    let message =
        format!("this spec is written for version {written} of the language, but this compiler knows {known}");
    Diagnostic::error(Code::NewerLanguage, message, span)
        .help("use a newer Specwright, or go back to what `UPGRADING.md` lists for the older version")
}

pub(crate) fn wrong_kind(expected: &str, found: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::WrongKind, format!("expected {expected}, found {found}"), span);
    match (expected, found) {
        ("text", "an integer" | "a number" | "a truth value") => diagnostic.help("put it in quotes if text is meant"),
        ("text", "nothing") => diagnostic.help("write the text, or leave the key out"),
        ("a number" | "a whole number" | "`true` or `false`", "text") => {
            diagnostic.help(format!("write {expected} without quotes"))
        }
        _ => diagnostic,
    }
}

pub(crate) fn missing_key(key: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::MissingKey, format!("{what} needs the key `{key}`"), span).help(format!("add `{key}: …`"))
}

pub(crate) fn one_of_keys(what: &str, keys: &[&str], span: Span) -> Diagnostic {
    Diagnostic::error(Code::MissingKey, format!("{what} needs one of the keys {}", joined_by_or(keys)), span)
}

pub(crate) fn needs_key(key: &str, other: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::MissingKey, format!("`{key}` is only valid beside `{other}`"), span)
        .help(format!("add `{other}: …`, or remove `{key}`"))
}

pub(crate) fn unknown_word(word: &str, known: &[&str], span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownWord, format!("`{word}` is not a valid value here"), span);
    match suggest::nearest(word, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("a similar value exists: `{near}`")),
        None => diagnostic.help(format!("expected {}", joined_by_or(known))),
    }
}

pub(crate) fn bad_duration(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadDuration, format!("`{text}` is not a duration"), span)
        .help("write a whole number above 0 and a unit: `500ms`, `5s`, `10m`, `1h`, `1d`")
}

pub(crate) fn bad_type(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadTypeExpression, format!("not a type: {problem}"), span).help(help)
}

pub(crate) fn keys_exclude(why: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(Code::KeysExclude, why, second)
        .label("conflicts with the other key")
        .related(first, "the other key")
}

pub(crate) fn out_of_bounds(found: &str, expected: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::OutOfBounds, format!("expected {expected}, found {found}"), span)
}

pub(crate) fn bad_text(text: &str, what: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadText, format!("`{}` is not {what}", shortened(text)), span).help(help)
}

pub(crate) fn too_many(what: &str, found: usize, most: usize, span: Span) -> Diagnostic {
    Diagnostic::error(Code::TooMany, format!("{found} {what}; at most {most} are read"), span)
}

pub(crate) fn empty(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::EmptyList, format!("{} is empty", quoted_word(what)), span)
        .help("write at least one, or leave the key out")
}

pub(crate) fn bad_shape(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadShape, problem, span).help(help)
}

pub(crate) fn idle_case(span: Span) -> Diagnostic {
    bad_shape("the case has no effect", "add `required`, `forbidden`, `ignored`, `default` or a constraint", span)
}

pub(crate) fn never_false(key: &str, span: Span) -> Diagnostic {
    let problem = format!("`{key}: false` is not allowed in a case: a case cannot relax a constraint");
    bad_shape(&problem, "narrow the `when` of the other case instead", span)
}

pub(crate) fn no_api_file(span: Span) -> Diagnostic {
    Diagnostic::error(Code::NoApiFile, "the folder has no `api.yaml`", span)
        .help("add `api.yaml` with `api`, `title`, `doc` and `servers`")
}

pub(crate) fn no_resources(span: Span) -> Diagnostic {
    Diagnostic::error(Code::NoResources, "the API has no resource files", span)
        .help("add a file with `resource`, `title`, `doc` and `operations` beside `api.yaml`")
}

pub(crate) fn unreadable(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::Unreadable, format!("the file cannot be read: {problem}"), span).help(help)
}

/// `1.10` where a text may be meant.
pub(crate) fn respelled(text: &str, read: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::Respelled, format!("`{text}` without quotes is the number {read}"), span)
        .label(format!("read as {read}"))
        .help(format!("if a number is meant, write `{read}`, or add `type: number`"))
        .fix(span, format!("\"{text}\""), "put it in quotes if text is meant")
}

/// `{1: A, two: B}`: a field of one type has the tags.
pub(crate) fn mixed_tags(tag: &str, kind: &str, others: &str, span: Span, first: Span) -> Diagnostic {
    let diagnostic = bad_shape(
        &format!("the tag `{}` is {kind}, and another one is {others}", shortened(tag)),
        "the tags of a union are all text, all whole numbers, or all truth values",
        span,
    )
    .related(first, "this is the first");
    if kind == "text" {
        diagnostic
    } else {
        diagnostic.fix(span, format!("\"{tag}\""), "put it in quotes if the API sends text")
    }
}

pub(crate) fn tag_is_no_integer(tag: &str, span: Span) -> Diagnostic {
    bad_shape(
        &format!("a tag must be text, a whole number or a truth value, but `{}` is another number", shortened(tag)),
        "whole numbers from -2^63 to 2^63 - 1 may be tags",
        span,
    )
    .fix(span, format!("\"{tag}\""), "put it in quotes if the API sends text")
}

/// `{1: A, 0x1: B}`: spelled in two ways.
pub(crate) fn duplicate_tag(tag: &str, span: Span, first: Span) -> Diagnostic {
    bad_shape(&format!("the tag `{}` is listed twice", shortened(tag)), "remove one of the two", span)
        .related(first, "first listed here")
}

/// `{type: X}` in place of `X`.
pub(crate) fn record_of_type(ty: &str, span: Span) -> Diagnostic {
    let shown = shortened(ty);
    bad_shape(
        "this declares a record with one field named `type`",
        &format!("for a record with a field `type`, write `{{type: {{type: \"{shown}\"}}}}`"),
        span,
    )
    .fix(span, format!("\"{ty}\""), "write the type itself if that is meant")
}

/// A JSON pointer where the name of one field is expected.
pub(crate) fn pointer_for_name(key: &str, pointer: &str, span: Span) -> Diagnostic {
    let names: Vec<&str> = pointer.split('/').skip(1).collect();
    let diagnostic = Diagnostic::error(
        Code::PathForName,
        format!("`{key}` expects the name of a field, but `{}` is a path", shortened(pointer)),
        span,
    )
    .label("read as one name");
    match names.as_slice() {
        [name] if !name.is_empty() => diagnostic.fix(span, *name, "write the name of the field"),
        _ => diagnostic.help("the field must be in the object itself; describe nested objects as records"),
    }
}

/// A value that may be a path (`meta.type`, `data[]`) where the name of one field is expected. A field's name may contain
/// dots.
pub(crate) fn dots_in_name(key: &str, name: &str, span: Span) -> Diagnostic {
    let shown = shortened(name);
    Diagnostic::warning(
        Code::PathForName,
        format!("`{key}` expects the name of one field, but `{shown}` may be a path"),
        span,
    )
    .label("read as one name, dots and brackets included")
    .help("the field must be in the object itself; describe nested objects as records")
}

/// "`a`, `b` and `c`".
pub(crate) fn list(words: &[&str]) -> String {
    joined_words(words, "and")
}

/// "`a`, `b` or `c`".
pub(crate) fn joined_by_or(words: &[&str]) -> String {
    joined_words(words, "or")
}

fn joined_words(words: &[&str], last_by: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {last_by} {last}", rest.join(", ")),
    }
}

/// A long text by its beginning, on one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None if line.len() < text.trim_end().len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

fn quoted_word(what: &str) -> String {
    if what.contains(' ') { what.to_owned() } else { format!("`{what}`") }
}
