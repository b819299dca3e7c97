//! SW01xx, YAML: faults of a document as YAML, before its meaning is checked.
//!
//! The table of the area's codes, then what is said of each fault.

use super::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::yaml::{DEEPEST, MOST_BYTES};
use specwright_yaml::{Fault, FaultKind as Kind, invisible_characters};

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! yaml_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        DuplicateKey, "SW0101", "duplicate key";
        Anchor, "SW0102", "anchor";
        Alias, "SW0103", "alias";
        Tag, "SW0104", "tag";
        MergeKey, "SW0105", "merge key";
        InvalidKey, "SW0106", "key that is not text";
        SecondDocument, "SW0107", "second document";
        NestedTooDeep, "SW0108", "nested too deep";
        YamlSyntax, "SW0109", "YAML syntax error";
        TabIndentation, "SW0110", "tab in the indentation";
        InvisibleCharacter, "SW0111", "invisible character";
        FileTooLarge, "SW0112", "file too large";
        EmptyDocument, "SW0113", "empty document";
        AmbiguousScalar, "SW0114", "scalar that YAML readers disagree on";
        NumberOutOfRange, "SW0115", "number out of range";
        Directive, "SW0116", "YAML directive";
    } };
}

/// What is said of a fault.
pub(crate) fn of(fault: Fault) -> Diagnostic {
    let Fault { kind, span, still_open } = fault;
    let diagnostic = match kind {
        Kind::DuplicateKey { key, first } => duplicate_key(&key, span, first),
        Kind::Anchor => anchor(span),
        Kind::Alias => alias(span),
        Kind::Tag => tag(span),
        Kind::MergeKey => merge_key(span),
        Kind::CollectionKey => collection_key(span),
        Kind::MissingKey => missing_key(span),
        Kind::SecondDocument => second_document(span),
        Kind::NestedTooDeep => nested_too_deep(span, DEEPEST),
        Kind::Syntax { problem, label, help } => syntax(&problem, &label, &help, span),
        Kind::TabIndentation => tab_indentation(span),
        Kind::InvisibleCharacter(character) => invisible_character(character, span),
        Kind::UnseenCharacter(character) => unseen_character(Spanned::new(character, span)),
        Kind::FileTooLarge { bytes } => file_too_large(bytes, MOST_BYTES, span),
        Kind::EmptyDocument => empty_document(span),
        Kind::AmbiguousScalar { text, other, way_out } => ambiguous_scalar(&text, other, &quoted(&text), way_out, span),
        Kind::NumberOutOfRange { text, why } => number_out_of_range(&text, why, &quoted(&text), span),
        Kind::Directive => directive(span),
    };
    match still_open {
        Some(bracket) => diagnostic.related(bracket, "still open"),
        None => diagnostic,
    }
}

/// A plain scalar in double quotes: it holds neither quotes nor backslashes.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn duplicate_key(key: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateKey, format!("duplicate key `{key}`"), span)
        .label("written again here")
        .related(first, "first written here")
        .help("remove one of the two, or merge their values")
}

fn anchor(span: Span) -> Diagnostic {
    Diagnostic::error(Code::Anchor, "anchors are not part of the spec language", span)
        .label("anchor")
        .help("write the value out where it is needed, or declare it under `types`")
}

fn alias(span: Span) -> Diagnostic {
    Diagnostic::error(Code::Alias, "aliases are not part of the spec language", span)
        .label("alias")
        .help("write the value out; if it is text that starts with `*`, put it in quotes")
}

fn tag(span: Span) -> Diagnostic {
    Diagnostic::error(Code::Tag, "tags are not part of the spec language", span)
        .label("tag")
        .help("remove the tag; if it is text that starts with `!`, put it in quotes")
}

fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::error(Code::MergeKey, "merge keys are not part of the spec language", span)
        .label("merge key")
        .help("write the keys out, or declare the shared part under `types`")
}

fn collection_key(span: Span) -> Diagnostic {
    Diagnostic::error(Code::InvalidKey, "a key must be text, not a list or a mapping", span)
        .label("used as a key")
        .help("if it is meant as text, put it in quotes")
}

fn missing_key(span: Span) -> Diagnostic {
    Diagnostic::error(Code::InvalidKey, "a value has no key", span)
        .label("expected a key before `:`")
        .help("write the key before the colon; a text that starts with a colon needs quotes")
}

fn second_document(span: Span) -> Diagnostic {
    Diagnostic::error(Code::SecondDocument, "a spec file must contain only one document", span)
        .label("a second document starts here")
        .help("move it to its own file")
}

fn nested_too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(Code::NestedTooDeep, format!("nested deeper than {limit} levels"), span)
        .label("one level too many")
        .help("give the inner part a name under `types` and refer to it")
}

fn syntax(problem: &str, label: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::YamlSyntax, problem, span).label(label).help(help)
}

fn tab_indentation(span: Span) -> Diagnostic {
    Diagnostic::error(Code::TabIndentation, "YAML requires spaces here, not a tab", span)
        .label("tab")
        .help("indent with spaces")
}

fn invisible_character(character: char, span: Span) -> Diagnostic {
    let number = character as u32;
    let message = format!("{} (U+{number:04X}) in a spec", kind_of_invisible(character));
    let help = match character {
        '\r' => "save the file with line feeds (LF)".to_owned(),
        _ => format!("remove it, or write it as `{}` in double quotes", escape(character)),
    };
    Diagnostic::error(Code::InvisibleCharacter, message, span).label("invisible here").help(help)
}

/// In a name or a value; prose may hold it.
pub(crate) fn unseen_character(found: Spanned<char>) -> Diagnostic {
    let Spanned { value: character, span } = found;
    let name = invisible_characters::name(character).unwrap_or("invisible character");
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u', 'O']) { "an" } else { "a" };
    let message = format!("{article} {name} (U+{:04X}) in a name or a value", character as u32);
    let (replacement, title) = if invisible_characters::is_space(character) {
        (" ", "write a plain space, or remove it")
    } else {
        ("", "remove it")
    };
    Diagnostic::error(Code::InvisibleCharacter, message, span)
        .label("invisible here")
        .help(format!("if the API really uses it, write it as `{}` in double quotes", escape(character)))
        .fix(span, replacement, title)
}

/// A character in double quotes.
fn escape(character: char) -> String {
    match character as u32 {
        number @ ..=0xff => format!("\\x{number:02X}"),
        number @ ..=0xffff => format!("\\u{number:04X}"),
        number => format!("\\U{number:08X}"),
    }
}

fn kind_of_invisible(character: char) -> &'static str {
    match character {
        '\r' => "a carriage return without a line feed",
        '\u{85}' | '\u{2028}' | '\u{2029}' => "a line separator",
        '\u{feff}' => "a byte order mark",
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a character that changes the direction of the text"
        }
        '\u{fffe}' | '\u{ffff}' => "a code that is not a character",
        _ => "a control character",
    }
}

fn file_too_large(bytes: usize, limit: usize, span: Span) -> Diagnostic {
    let message = format!("the file has {bytes} bytes; at most {limit} are allowed");
    Diagnostic::error(Code::FileTooLarge, message, span).help("split it into one file per resource")
}

fn empty_document(span: Span) -> Diagnostic {
    Diagnostic::error(Code::EmptyDocument, "the file is empty", span)
        .label("expected a mapping")
        .help("write the spec, or remove the file")
}

fn ambiguous_scalar(text: &str, other: &str, quoted: &str, way_out: Option<&str>, span: Span) -> Diagnostic {
    let message = format!("`{text}` without quotes is {other} to many YAML readers");
    let diagnostic = Diagnostic::error(Code::AmbiguousScalar, message, span)
        .label(format!("read as {other}, or as text"))
        .fix(span, quoted, "put it in quotes if text is meant");
    match way_out {
        Some(way_out) => diagnostic.help(way_out),
        None => diagnostic,
    }
}

fn number_out_of_range(text: &str, why: &str, quoted: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::NumberOutOfRange, format!("the number `{text}` {why}"), span).label("out of range").fix(
        span,
        quoted,
        "put it in quotes if text is meant",
    )
}

fn directive(span: Span) -> Diagnostic {
    Diagnostic::error(Code::Directive, "YAML directives are not part of the spec language", span)
        .label("directive")
        .help("remove the line; specs are always YAML 1.2")
}
