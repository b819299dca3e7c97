//! SW03xx, references and names: names that are unknown, duplicate or misplaced.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

use super::decode::list;
use super::{Code, Diagnostic, suggest};
use crate::source::Span;

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! names_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        UnknownType, "SW0301", "unknown type";
        UnknownParameter, "SW0302", "unknown parameter";
        UnknownName, "SW0303", "unknown name";
        DuplicateName, "SW0304", "duplicate name";
        DuplicateEndpoint, "SW0305", "two operations with one method and path";
        BadName, "SW0306", "malformed name";
        NameMismatch, "SW0307", "API name that differs from the folder's";
        ParameterCollision, "SW0308", "one name in two places of a request";
        Cycle, "SW0309", "circular reference";
        UnusedType, "SW0310", "unused type";
        UnusedParameter, "SW0311", "unused parameter";
        BadPath, "SW0312", "malformed path";
        BadHeader, "SW0313", "header that cannot be sent";
        BadUrl, "SW0314", "malformed server URL";
        UnusedDefault, "SW0315", "default that nothing uses";
        Unencrypted, "SW0316", "server without encryption";
    } };
}

pub(crate) fn unknown_type<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownType, format!("unknown type `{name}`"), span);
    if let Some(ours) = elsewhere(name) {
        return diagnostic.help(format!("the spec language calls it {ours}"));
    }
    match suggest::nearest(name, known) {
        Some(near) => diagnostic.help(format!("a type with a similar name exists: `{near}`")),
        None => diagnostic.help("declare it under `types`, in this file or in `api.yaml`"),
    }
}

/// Our name for what other languages and formats call differently.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "int" | "int32" | "int64" | "long" => "`integer`",
        "float" | "double" | "decimal" => "`number`",
        "bool" => "`boolean`",
        "str" | "text" | "uuid" => "`string`",
        "uri" => "`url`",
        "datetime" | "timestamp" => "`date-time`",
        "binary" => "`file`",
        "any" => "`json`",
        "array" | "list" => "`[T]`, such as `[string]`",
        "object" | "dict" | "map" => {
            "`map<T>`, such as `map<string>`; a record is declared under `types`, or is a map of `fields`"
        }
        _ => return None,
    })
}

pub(crate) fn foreign_type(name: &str, resource: &str, span: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownType, format!("the type `{name}` belongs to the resource `{resource}`"), span)
        .related(declared, "declared here")
        .help("move it to `types` in `api.yaml` to use it in several resources")
}

pub(crate) fn unknown_parameter<'a>(
    name: &str,
    of: &str,
    known: impl IntoIterator<Item = &'a str>,
    span: Span,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownParameter, format!("{of} has no `{name}`"), span);
    match suggest::nearest(name, known) {
        Some(near) => diagnostic.help(format!("a similar name exists: `{near}`")),
        None => diagnostic,
    }
}

pub(crate) fn unknown_name(what: &str, name: &str, known: &[&str], span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownName, format!("unknown {what} `{name}`"), span);
    match suggest::nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("a similar name exists: `{near}`")),
        None if known.is_empty() => diagnostic.help("none are declared"),
        None if known.len() <= 12 => diagnostic.help(format!("known names: {}", list(known))),
        None => diagnostic,
    }
}

pub(crate) fn duplicate_name(what: &str, name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateName, format!("two {what} have the name `{name}`"), span)
        .label("already defined")
        .related(first, "first defined here")
        .help("rename one of them")
}

pub(crate) fn duplicate_endpoint(endpoint: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateEndpoint, format!("two operations have the endpoint `{endpoint}`"), span)
        .related(first, "the other operation")
        .help("tell them apart by a required constant in the query, a header or the body, by their `encoding`, by the media types of their responses, or by an `auth` that sends a different header; or merge them into one operation with `variants`")
}

pub(crate) fn bad_name(what: &str, name: &str, form: &str, span: Span) -> Diagnostic {
    let name = super::decode::shortened(name);
    Diagnostic::error(Code::BadName, format!("`{name}` is not a valid name for {what}"), span).help(form)
}

pub(crate) fn name_mismatch(name: &str, folder: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NameMismatch,
        format!("the API is named `{name}`, but its folder is named `{folder}`"),
        span,
    )
    .help(format!("write `api: {folder}`, or rename the folder"))
}

pub(crate) fn parameter_collision(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::ParameterCollision, format!("two parameters have the name `{name}`"), span)
        .label("in another place of the request")
        .related(first, "first defined here")
        .note("conditions refer to parameters by name alone, so names must differ even across body, path, query and headers")
        .help("give one of the two an `alias`, by which the spec and the Rust crate call it")
}

pub(crate) fn cycle(what: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::Cycle, format!("{what} `{name}` refers to itself"), span)
        .label("leads back here")
        .help("write out the shared entries instead")
}

pub(crate) fn unused_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(Code::UnusedType, format!("the type `{name}` is never used"), span)
        .help("remove it, or use it in an operation")
}

pub(crate) fn unused_parameter(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(Code::UnusedParameter, format!("the parameter `{name}` is never used"), span)
        .help(format!("remove it, or use it with `{{use: {name}}}`"))
}

pub(crate) fn unused_client_parameter(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(Code::UnusedParameter, format!("no operation has the parameter `{name}` of the client"), span)
        .help("remove it, or name it in the path of an operation")
}

pub(crate) fn unused_default(name: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(Code::UnusedDefault, format!("the default `{name}` is never used: {why}"), span)
        .help("remove it")
}

pub(crate) fn bad_path(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadPath, problem, span).help(help)
}

pub(crate) fn bad_header(name: &str, problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadHeader, format!("`{}` {problem}", super::decode::shortened(name)), span)
}

pub(crate) fn bad_url(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadUrl, problem, span)
        .help("write it like `https://api.example.com` or `https://example.com/v1`")
}

pub(crate) fn unencrypted(url: &str, span: Span) -> Diagnostic {
    let shown = super::decode::shortened(url);
    Diagnostic::warning(
        Code::Unencrypted,
        format!("`{shown}` is not encrypted: credentials would be sent in plain text"),
        span,
    )
    .help("write `https://` if the server supports it; clients refuse this URL unless `allow_insecure()` is set")
}
