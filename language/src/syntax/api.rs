//! `api.yaml`: what all resources have in common.

use super::document::{
    ApiDocument, ErrorCodeDoc, ErrorExampleDoc, ErrorsDoc, RateLimitDoc, RateLimitHeadersDoc, ServerDoc,
    ServerVariableDoc, StatusDoc, Text,
};
use super::read::{self, Map};
use super::{condition, credential, entry, response, task, type_expr, types, webhook};
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{ErrorKind, ResetFormat};
use crate::source::Spanned;
use crate::yaml::{self, Kind, Node};

/// The version of the spec language that this compiler knows.
const LANGUAGE: u64 = 1;

const KINDS: &[(&str, ErrorKind)] = &[
    ("invalid_request", ErrorKind::InvalidRequest),
    ("authentication", ErrorKind::Authentication),
    ("payment_required", ErrorKind::PaymentRequired),
    ("permission_denied", ErrorKind::PermissionDenied),
    ("not_found", ErrorKind::NotFound),
    ("conflict", ErrorKind::Conflict),
    ("timeout", ErrorKind::Timeout),
    ("too_large", ErrorKind::TooLarge),
    ("unsupported_media", ErrorKind::UnsupportedMedia),
    ("rate_limited", ErrorKind::RateLimited),
    ("content_refused", ErrorKind::ContentRefused),
    ("server", ErrorKind::Server),
    ("unavailable", ErrorKind::Unavailable),
    ("refunded", ErrorKind::Refunded),
];

pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<ApiDocument> {
    let mut map = Map::of(node, "an API", out)?;
    language(&mut map, out);
    let document = ApiDocument {
        api: map.need_text("api", out),
        title: map.need_prose("title", out).map(|it| it.value).unwrap_or_default(),
        doc: map.need_prose("doc", out).map(|it| it.value).unwrap_or_default(),
        version: map.text("version", out),
        source: map.prose("source", out),
        servers: servers(map.take("servers"), &map, out),
        credentials: map.take("credentials").map(|it| credential::decode(it, out)).unwrap_or_default(),
        auth: map.take("auth").map(|it| credential::auth(it, out)),
        errors: map.take("errors").map(|it| errors(it, out)).unwrap_or_default(),
        rate_limits: map.take("rate_limits").map(|it| rate_limits(it, out)).unwrap_or_default(),
        rate_limit_headers: map.take("rate_limit_headers").and_then(|it| rate_limit_headers(it, out)),
        first_call: map.text("first_call", out),
        request_id_header: map.text("request_id_header", out),
        idempotency: map.take("idempotency").and_then(|it| read::idempotency(it, out)),
        accept: map.take("accept").and_then(|it| response::accept(it, out)),
        tasks: map.take("tasks").and_then(|it| task::defaults(it, out)).unwrap_or_default(),
        webhook: map.take("webhook").and_then(|it| webhook::decode(it, out)),
        styles: map.take("styles").map(|it| entry::styles(it, out)).unwrap_or_default(),
        headers: map.take("headers").map(|it| entry::parameters(it, out)).unwrap_or_default(),
        client: map.take("client").map(|it| entry::client(it, out)).unwrap_or_default(),
        parameters: map.take("parameters").map(|it| entry::parameters(it, out)).unwrap_or_default(),
        types: map.take("types").map(|it| types::decode(it, out)).unwrap_or_default(),
    };
    map.finish(out);
    Some(document)
}

/// The version of the language that a spec is written for. An older one is read as it is: no key has changed its meaning
/// so far.
fn language(map: &mut Map<'_>, out: &mut Diagnostics) {
    let Some(node) = map.take("language") else { return };
    match read::whole(node, out) {
        Some(0) => out.push(decode::bad_text("0", "a version of the language", "the first is 1", node.span)),
        Some(written) if written > LANGUAGE => out.push(decode::newer_language(written, LANGUAGE, node.span)),
        _ => {}
    }
}

fn servers(node: Option<&Node>, api: &Map<'_>, out: &mut Diagnostics) -> Vec<ServerDoc> {
    let server = |name: Text, url: Text| ServerDoc { name, url, doc: String::new(), variables: Vec::new() };
    let Some(node) = node else {
        // Everybody runs the API at another place.
        let empty = |text: &str| Spanned::new(text.to_owned(), api.span());
        return vec![server(empty("default"), empty(""))];
    };
    if let Kind::Scalar(_) = node.kind {
        let name = Spanned::new("default".to_owned(), node.span);
        return read::text(node, out).map(|url| server(name, url)).into_iter().collect();
    }
    let mut servers = Vec::new();
    for written in read::entries(node, "servers", out).unwrap_or_default() {
        let name = written.name();
        if let Kind::Map(_) = written.value.kind {
            let Some(mut map) = Map::of(&written.value, "a server", out) else { continue };
            let url = map.need_text("url", out);
            let doc = map.prose("doc", out).unwrap_or_default();
            let variables = map.take("variables").map(|it| variables(it, out)).unwrap_or_default();
            map.finish(out);
            servers.extend(url.map(|url| ServerDoc { name, url, doc, variables }));
        } else {
            servers.extend(read::text(&written.value, out).map(|url| server(name, url)));
        }
    }
    if servers.is_empty() {
        out.push(decode::empty("servers", node.span));
    }
    servers
}

/// `{shop: Name of the shop.}` or `{region: {doc: …, default: eu, enum: [eu, us]}}`
fn variables(node: &Node, out: &mut Diagnostics) -> Vec<ServerVariableDoc> {
    let mut variables = Vec::new();
    for written in read::entries(node, "the variables of a URL", out).unwrap_or_default() {
        let name = written.name();
        if let Kind::Map(_) = written.value.kind {
            let Some(mut map) = Map::of(&written.value, "a variable of a URL", out) else { continue };
            let doc = map.prose("doc", out).unwrap_or_default();
            let default = map.text("default", out);
            let values = map.take("enum").map(|it| read::texts(it, out)).unwrap_or_default();
            map.finish(out);
            variables.push(ServerVariableDoc { name, doc, default, values });
        } else {
            let doc = read::prose(&written.value, out).map(|it| it.value).unwrap_or_default();
            variables.push(ServerVariableDoc { name, doc, default: None, values: Vec::new() });
        }
    }
    variables
}

fn errors(node: &Node, out: &mut Diagnostics) -> ErrorsDoc {
    let Some(mut map) = Map::of(node, "the errors", out) else { return ErrorsDoc::default() };
    let document = ErrorsDoc {
        when: map.take("when").and_then(|it| condition::decode(it, out)),
        ty: map.take("type").and_then(|it| type_expr::of_node(it, out)),
        message: map.take("message").map(|it| pointers(it, out)).unwrap_or_default(),
        code: map.take("code").map(|it| pointers(it, out)).unwrap_or_default(),
        details: map.take("details").map(|it| pointers(it, out)).unwrap_or_default(),
        codes: map.take("codes").map(|it| codes(it, out)).unwrap_or_default(),
        statuses: map.take("statuses").map(|it| statuses(it, out)).unwrap_or_default(),
        examples: map.take("examples").map(|it| error_examples(it, out)).unwrap_or_default(),
    };
    map.finish(out);
    document
}

fn pointers(node: &Node, out: &mut Diagnostics) -> Vec<Text> {
    read::texts(node, out).into_iter().filter(|it| check_pointer(it, out)).collect()
}

/// Whether a text is a JSON pointer; reports it if not.
pub(super) fn check_pointer(text: &Text, out: &mut Diagnostics) -> bool {
    let pointer = &text.value;
    let escapes = pointer.split('~').skip(1).all(|it| it.starts_with(['0', '1']));
    let fine = escapes && (pointer.is_empty() || pointer.starts_with('/'));
    if !fine {
        out.push(decode::bad_text(pointer, "a JSON pointer", "write it like `/error/message`", text.span));
    }
    fine
}

/// `{VALUE: words}` or `{VALUE: {doc: …, kind: …, rust: …}}`.
fn codes(node: &Node, out: &mut Diagnostics) -> Vec<ErrorCodeDoc> {
    let mut codes = Vec::new();
    for entry in read::entries(node, "values with words", out).unwrap_or_default() {
        let mut kind = None;
        let (doc, rust) = match &entry.value.kind {
            Kind::Map(_) => {
                let Some(mut map) = Map::of(&entry.value, "an error code", out) else { continue };
                kind = map.take("kind").and_then(|it| read::word(it, KINDS, out));
                let words = (map.prose("doc", out).unwrap_or_default(), map.text("rust", out));
                map.finish(out);
                words
            }
            Kind::Scalar(_) | Kind::Seq(_) => described(&entry.value, "an error code", out),
        };
        codes.push(ErrorCodeDoc { value: entry.name(), doc, kind, rust });
    }
    codes
}

/// Words, or `{doc: …, rust: …}`, or nothing.
pub(super) fn described(node: &Node, what: &'static str, out: &mut Diagnostics) -> (String, Option<Text>) {
    match &node.kind {
        Kind::Map(_) => {
            let Some(mut map) = Map::of(node, what, out) else { return Default::default() };
            let doc = map.prose("doc", out).unwrap_or_default();
            let rust = map.text("rust", out);
            map.finish(out);
            (doc, rust)
        }
        Kind::Scalar(scalar) if scalar.value() == yaml::Value::Null => Default::default(),
        Kind::Scalar(_) | Kind::Seq(_) => (read::prose(node, out).map(|it| it.value).unwrap_or_default(), None),
    }
}

pub(super) fn statuses(node: &Node, out: &mut Diagnostics) -> Vec<StatusDoc> {
    let mut statuses = Vec::new();
    for entry in read::entries(node, "statuses", out).unwrap_or_default() {
        let status = status_number(&entry.name(), out);
        if let Kind::Scalar(scalar) = &entry.value.kind {
            let help = format!(
                "write `{0}: {{type: {1}}}` for the type of the body, or `{0}: {{kind: {1}}}` for a kind",
                entry.key.value, scalar.text
            );
            out.push(decode::wrong_kind("a mapping for a status", entry.value.describe(), entry.value.span).help(help));
            continue;
        }
        let Some(mut map) = Map::of(&entry.value, "a status", out) else { continue };
        let ty = map.take("type").and_then(|it| type_expr::of_node(it, out));
        // A status with a body of its own may mean what it does anyway.
        let kind = match (map.take("kind"), entry.value.get("type")) {
            (Some(it), _) => read::word(it, KINDS, out),
            (None, Some(_)) => None,
            (None, None) => map.require("kind", out).and(None),
        };
        let is_said = entry.value.get("kind").is_some();
        let doc = map.prose("doc", out).unwrap_or_default();
        map.finish(out);
        if let Some(status) = status
            && (kind.is_some() || !is_said && entry.value.get("type").is_some())
        {
            statuses.push(StatusDoc { status, kind, doc, ty });
        }
    }
    statuses
}

fn status_number(key: &Text, out: &mut Diagnostics) -> Option<Spanned<u16>> {
    match key.value.parse::<u16>() {
        Ok(status) if (400..600).contains(&status) => Some(Spanned::new(status, key.span)),
        _ => {
            out.push(decode::out_of_bounds(&key.value, "a status from 400 to 599", key.span));
            None
        }
    }
}

fn error_examples(node: &Node, out: &mut Diagnostics) -> Vec<ErrorExampleDoc> {
    let mut examples = Vec::new();
    for item in read::items(node, "examples", out) {
        let Some(mut map) = Map::of(item, "an example of an error", out) else { continue };
        let name = map.need_text("name", out);
        let status = map.require("status", out).and_then(|it| example_status(it, out));
        let body = map.require("body", out).map(yaml::to_json);
        map.finish(out);
        if let (Some(name), Some(status), Some(body)) = (name, status, body) {
            examples.push(ErrorExampleDoc { name, status, body, span: item.span });
        }
    }
    examples
}

/// A status of an error, or one of success: its body has to be an error then.
fn example_status(node: &Node, out: &mut Diagnostics) -> Option<u16> {
    let number = read::whole(node, out)?;
    let status = u16::try_from(number).ok().filter(|it| matches!(it, 200..300 | 400..600));
    if status.is_none() {
        out.push(decode::out_of_bounds(&number.to_string(), "a status from 200 to 299 or from 400 to 599", node.span));
    }
    status
}

fn rate_limits(node: &Node, out: &mut Diagnostics) -> Vec<RateLimitDoc> {
    let mut limits = Vec::new();
    for entry in read::entries(node, "rate limits", out).unwrap_or_default() {
        let Some(mut map) = Map::of(&entry.value, "a rate limit", out) else { continue };
        let requests = map.require("requests", out).and_then(|it| at_least_one(it, out));
        let per = map.require("per", out).and_then(|it| whole_seconds(it, out));
        let unit = map.prose("unit", out).unwrap_or_else(|| "requests".to_owned());
        let scope = map.prose("scope", out).unwrap_or_else(|| "key".to_owned());
        let doc = map.prose("doc", out).unwrap_or_default();
        map.finish(out);
        if let (Some(requests), Some(per_ms)) = (requests, per) {
            limits.push(RateLimitDoc { name: entry.name(), requests, per_ms, unit, scope, doc });
        }
    }
    limits
}

fn at_least_one(node: &Node, out: &mut Diagnostics) -> Option<u64> {
    let number = read::whole(node, out)?;
    if number == 0 {
        out.push(decode::out_of_bounds("0", "1 or more", node.span));
        return None;
    }
    Some(number)
}

fn whole_seconds(node: &Node, out: &mut Diagnostics) -> Option<u64> {
    let duration = read::duration(node, out)?;
    if duration.value % 1000 != 0 {
        out.push(decode::out_of_bounds(&format!("{}ms", duration.value), "whole seconds", node.span));
        return None;
    }
    Some(duration.value)
}

fn rate_limit_headers(node: &Node, out: &mut Diagnostics) -> Option<RateLimitHeadersDoc> {
    const FORMATS: &[(&str, ResetFormat)] =
        &[("seconds", ResetFormat::Seconds), ("unix", ResetFormat::Unix), ("unknown", ResetFormat::Unknown)];
    let mut map = Map::of(node, "the rate limit headers", out)?;
    let limit = map.text("limit", out);
    let remaining = map.text("remaining", out);
    let (mut reset, mut format) = (None, ResetFormat::Unknown);
    match map.take("reset") {
        Some(node) if node.as_map().is_some() => {
            if let Some(mut map) = Map::of(node, "the reset header", out) {
                reset = map.need_text("header", out);
                format = map.word("format", FORMATS, out).unwrap_or(format);
                map.finish(out);
            }
        }
        Some(node) => reset = read::text(node, out),
        None => {}
    }
    map.finish(out);
    Some(RateLimitHeadersDoc { limit, remaining, reset, format })
}
