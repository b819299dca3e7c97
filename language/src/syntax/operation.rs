//! Operations: what is called, with which parameters, and what comes back.

use super::document::{
    ExampleDoc, Json, OperationDoc, OperationErrorsDoc, RequestBodyDoc, Text, VariantDoc, VariantsDoc,
};
use super::read::{self, Map};
use super::{api, condition, credential, entry, pages, response, rule, stream, task, type_expr};
use crate::constraints;
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{ContentType, Encoding, Method, Places, is_json, is_json_lines, is_xml};
use crate::source::{Span, Spanned};
use crate::yaml::{self, Kind, Node};

const METHODS: &[(&str, Method)] = &[
    ("get", Method::Get),
    ("post", Method::Post),
    ("put", Method::Put),
    ("patch", Method::Patch),
    ("delete", Method::Delete),
    ("head", Method::Head),
    ("options", Method::Options),
];
const ENCODINGS: &[(&str, Encoding)] = &[
    ("json", Encoding::Json),
    ("xml", Encoding::Xml),
    ("multipart", Encoding::Multipart),
    ("form", Encoding::Form),
    ("ndjson", Encoding::Lines),
];

pub(super) fn decode(written: &yaml::Entry, out: &mut Diagnostics) -> Option<OperationDoc> {
    let node = &written.value;
    let mut map = Map::of(node, "an operation", out)?;
    let (method, path_template) = method(node, &mut map, &written.name(), out);
    let summary = map.need_prose("summary", out);
    if let Some(summary) = &summary
        && (summary.value.contains('\n') || summary.value.trim().is_empty())
    {
        let help = "one line here; the rest goes to `doc`";
        out.push(decode::bad_text(summary.value.trim(), "a summary", help, summary.span));
    }
    let documented: Option<bool> = map.word("documented", &[("full", false), ("partial", true)], out);
    let response = map.take("response");
    let body = map.take("body").and_then(|it| Some(Spanned::new(entry::body(it, out)?, it.span)));
    let operation = OperationDoc {
        name: written.name(),
        extent: Span::new(node.span.file, written.key.span.start, node.span.end.max(written.key.span.end)),
        method,
        path_template,
        summary: summary.map(|it| it.value.trim().to_owned()).unwrap_or_default(),
        doc: map.prose("doc", out).unwrap_or_default(),
        remarks: entry::remarks(&mut map, out),
        partly_documented: documented.unwrap_or(false),
        open: map.flag("open", out).is_some_and(|it| it.value),
        server: map.text("server", out),
        auth: map.take("auth").map(|it| credential::auth(it, out)),
        billed: map.flag("billed", out).map(|it| it.value),
        idempotency: map.take("idempotency").and_then(|it| read::idempotency(it, out)),
        accept: map.take("accept").and_then(|it| response::accept(it, out)),
        deprecated: map.take("deprecated").and_then(|it| deprecated(it, out)),
        encoding: map.take("encoding").and_then(|it| Some(Spanned::new(encodings(it, out)?, it.span))),
        styles: map.take("styles").map(|it| entry::styles(it, out)).unwrap_or_default(),
        like: map.text("like", out),
        without: map.take("without").map(|it| read::texts(it, out)).unwrap_or_default(),
        path: map.take("path").map(|it| entry::parameters(it, out)).unwrap_or_default(),
        query: map.take("query").map(|it| entry::parameters(it, out)).unwrap_or_default(),
        headers: map.take("headers").map(|it| entry::parameters(it, out)).unwrap_or_default(),
        cookies: map.take("cookies").map(|it| entry::parameters(it, out)).unwrap_or_default(),
        body,
        rules: map.take("rules").map(|it| rule::decode(it, out)).unwrap_or_default(),
        variants: map.take("variants").and_then(|it| variants(it, out)),
        response: response.and_then(|it| response::decode(it, out)),
        response_xml: response.and_then(|it| response::xml(it, out)),
        success: map.take("success").and_then(|it| response::success(it, out)),
        response_headers: map.take("response_headers").map(|it| Spanned::new(response::headers(it, out), it.span)),
        task: map.take("task").and_then(|it| task::of_operation(it, out)),
        stream: map.take("stream").and_then(|it| stream::decode(it, out)),
        pages: map.take("pages").and_then(|it| pages::decode(it, out)),
        rate_limits: map.take("rate_limit").map(|it| read::texts(it, out)).unwrap_or_default(),
        errors: map.take("errors").and_then(|it| errors(it, out)),
        statuses: map.take("statuses").map(|it| api::statuses(it, out)).unwrap_or_default(),
        examples: map.take("examples").map(|it| examples(it, out)).unwrap_or_default(),
        rust: map.text("rust", out),
    };
    if let (Some(encoding), Some(RequestBodyDoc::Whole(_, types))) =
        (&operation.encoding, operation.body.as_ref().map(|it| &it.value))
        && !types.is_empty()
    {
        let body = operation.body.as_ref().map_or(encoding.span, |it| it.span);
        out.push(decode::keys_exclude("the media types of the body say what it is", encoding.span, body));
    }
    output_keys(node, &written.name(), out);
    if let (None, Some(without)) = (node.get("like"), node.get("without")) {
        out.push(decode::needs_key("without", "like", without.key.span));
    }
    map.finish(out);
    Some(operation)
}

/// `form`, or a media type of JSON or XML such as `application/merge-patch+json`, or a list of these, of which callers choose.
fn encodings(node: &Node, out: &mut Diagnostics) -> Option<Vec<ContentType>> {
    let written = match &node.kind {
        Kind::Seq(items) if items.is_empty() => {
            out.push(decode::empty("encoding", node.span));
            return None;
        }
        Kind::Seq(items) => items.iter().collect(),
        Kind::Scalar(_) | Kind::Map(_) => vec![node],
    };
    let mut all: Vec<ContentType> = Vec::new();
    for it in written {
        let is_media_type = it.as_scalar().is_some_and(|it| it.text.contains('/'));
        let (media_type, encoding) = if is_media_type {
            let text = response::media_types(it, "encoding", out).into_iter().next()?;
            let encoding = match text.value.as_str() {
                "multipart/related" => Encoding::Related,
                it if is_json(it) => Encoding::Json,
                it if is_xml(it) => Encoding::Xml,
                it if is_json_lines(it) => Encoding::Lines,
                other => {
                    let help = format!(
                        "write other bodies as `body: {{binary: [{other}]}}` or `body: {{text: [{other}]}}`; lines of JSON are `ndjson`, and forms are `form`, `multipart` and `multipart/related`"
                    );
                    out.push(decode::bad_text(other, "a media type of JSON or XML", &help, it.span));
                    return None;
                }
            };
            (text.value, encoding)
        } else {
            let encoding = read::word(it, ENCODINGS, out)?;
            (encoding.media_type().to_owned(), encoding)
        };
        if all.iter().any(|it| it.media_type == media_type) {
            out.push(decode::bad_shape(&format!("`{media_type}` is listed twice"), "remove one of the two", it.span));
            return None;
        }
        all.push(ContentType { media_type, encoding });
    }
    Some(all)
}

fn method(
    node: &Node,
    map: &mut Map<'_>,
    name: &Text,
    out: &mut Diagnostics,
) -> (Option<Spanned<Method>>, Option<Text>) {
    let mut found: Vec<(Spanned<Method>, Option<Text>)> = Vec::new();
    for (word, method) in METHODS {
        if let Some(entry) = map.entry(word) {
            found.push((Spanned::new(*method, entry.key.span), read::text(&entry.value, out)));
        }
    }
    // Other methods are called as they are sent, in capitals.
    for entry in map.rest(Method::is_name) {
        let name = &*entry.key.value;
        match Method::named(name) {
            Some(method @ Method::Other(_)) => {
                found.push((Spanned::new(method, entry.key.span), read::text(&entry.value, out)));
            }
            _ => {
                let help =
                    format!("write `{}`; only methods without a key of their own are in capitals", name.to_lowercase());
                out.push(decode::bad_shape(&format!("`{name}` is not in small letters"), &help, entry.key.span));
                found.push((Spanned::new(Method::Get, entry.key.span), None));
            }
        }
    }
    match found.as_slice() {
        [] => {
            let words: Vec<&str> = METHODS.iter().map(|(word, _)| *word).collect();
            let span = if node.span.is_empty() { node.span } else { name.span };
            let help = "other methods are written in capitals: `PROPFIND: /…`";
            out.push(decode::one_of_keys("an operation", &words, span).help(help));
        }
        [_] => {}
        [(first, _), (second, _), ..] => {
            out.push(decode::keys_exclude("an operation has one method and path", first.span, second.span));
        }
    }
    match found.into_iter().next() {
        Some((method, path)) => (Some(method), path),
        None => (None, None),
    }
}

/// Exactly one of `response` and `task`, or neither with a stream that is always on.
fn output_keys(node: &Node, name: &Text, out: &mut Diagnostics) {
    match (node.get("response"), node.get("task")) {
        (Some(response), Some(task)) => {
            let why = "an operation answers with a `response` or starts a `task`";
            out.push(decode::keys_exclude(why, response.key.span, task.key.span));
        }
        (None, None) => {
            let streams_always = node.get("stream").is_some_and(|it| it.value.get("when").is_none());
            if !streams_always {
                out.push(decode::one_of_keys("an operation", &["response", "task"], name.span));
            }
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
}

fn deprecated(node: &Node, out: &mut Diagnostics) -> Option<String> {
    let help = "say what to use instead: ``deprecated: Use `list_channels` instead.``";
    read::text_of(node, "words", help, out).map(|it| it.value)
}

/// `none`, or `{when: …, type: …}`.
fn errors(node: &Node, out: &mut Diagnostics) -> Option<OperationErrorsDoc> {
    if node.as_scalar().is_some_and(|it| it.text == "none") {
        return Some(OperationErrorsDoc::None);
    }
    let status = node.as_map().into_iter().flatten().find(|it| it.key.value.parse::<u16>().is_ok());
    if let Some(status) = status {
        let help = format!("write `statuses: {{{}: {{type: …}}}}`", status.key.value);
        out.push(decode::bad_shape("the errors by status are under `statuses`", &help, status.key.span));
        return None;
    }
    let mut map = Map::of(node, "the errors of an operation", out)?;
    let when = map.take("when").and_then(|it| condition::decode(it, out));
    let ty = map.take("type").and_then(|it| type_expr::of_node(it, out));
    map.finish(out);
    if node.as_map().is_some_and(<[yaml::Entry]>::is_empty) {
        out.push(decode::one_of_keys("the errors of an operation", &["when", "type"], node.span));
    }
    Some(OperationErrorsDoc::Own { when, ty })
}

fn variants(node: &Node, out: &mut Diagnostics) -> Option<VariantsDoc> {
    if let Kind::Scalar(_) = node.kind {
        return read::text(node, out).map(VariantsDoc::ByParameter);
    }
    let mut variants = Vec::new();
    let entries = read::entries(node, "variants", out)?;
    for entry in entries {
        variants.extend(variant(entry, out));
    }
    if entries.is_empty() {
        out.push(decode::empty("variants", node.span));
    }
    Some(VariantsDoc::Named(Spanned::new(variants, node.span)))
}

/// The long form holds `when` as a mapping or a list; a parameter called `when` needs it too.
fn variant(written: &yaml::Entry, out: &mut Diagnostics) -> Option<VariantDoc> {
    let is_long = written.value.get("when").is_some_and(|it| it.value.as_scalar().is_none());
    let name = written.name();
    if !is_long {
        let when = condition::decode(&written.value, out)?;
        return Some(VariantDoc { name, when, doc: String::new(), rust: None });
    }
    let mut map = Map::of(&written.value, "a variant", out)?;
    let when = map.require("when", out).and_then(|it| condition::decode(it, out));
    let doc = map.prose("doc", out).unwrap_or_default();
    let rust = map.text("rust", out);
    map.finish(out);
    Some(VariantDoc { name, when: when?, doc, rust })
}

fn examples(node: &Node, out: &mut Diagnostics) -> Vec<ExampleDoc> {
    read::items(node, "examples", out).iter().filter_map(|it| example(it, out)).collect()
}

fn example(node: &Node, out: &mut Diagnostics) -> Option<ExampleDoc> {
    let mut map = Map::of(node, "an example", out)?;
    let name = map.need_prose("name", out);
    let source = map.prose("source", out);
    let request = map.take("request").and_then(|it| {
        read::entries(it, "a request", out)?;
        Some(yaml::to_json(it))
    });
    let invalid = map.take("invalid").map(|it| violations(it, out)).unwrap_or_default();
    let response = map.take("response").map(yaml::to_json);
    let events = map.take("events").map(|it| events(it, out)).unwrap_or_default();
    let status = map.take("status").map(yaml::to_json);
    let callback = map.take("callback").map(yaml::to_json);
    let span = map.span();
    map.finish(out);
    let places = |key: &str| node.get(key).map(|it| Places(yaml::spans(&it.value)));
    let request_places = places("request").unwrap_or_default();
    let answer_places = ["response", "status", "callback"].into_iter().find_map(places).unwrap_or_default();
    let key = |key: &str| node.get(key).map(|it| it.key.span);
    let answers: Vec<Span> = ["response", "status", "callback"].iter().filter_map(|it| key(it)).collect();
    if let [first, second, ..] = answers.as_slice() {
        out.push(decode::keys_exclude("an example shows one answer", *first, *second));
    }
    if answers.is_empty() && key("request").is_none() && key("events").is_none() {
        out.push(decode::one_of_keys("an example", &["request", "response", "events", "status", "callback"], span));
    }
    if let (Some(events), Some(other)) =
        (key("events"), ["status", "callback", "invalid"].iter().find_map(|it| key(it)))
    {
        out.push(decode::keys_exclude("only a call that succeeds has events", events, other));
    }
    if let (Some(invalid), None) = (key("invalid"), key("request")) {
        out.push(decode::needs_key("invalid", "request", invalid));
    }
    if let (Some(invalid), Some(response)) = (key("invalid"), key("response")) {
        out.push(decode::keys_exclude("an invalid request has no answer", invalid, response));
    }
    Some(ExampleDoc {
        name: name?.value,
        source,
        request,
        invalid,
        response,
        events,
        status,
        callback,
        span,
        request_places,
        answer_places,
    })
}

/// Events as they come: names with data, or data alone. Which of the two, the stream says.
fn events(node: &Node, out: &mut Diagnostics) -> Vec<Json> {
    read::items(node, "events", out).iter().map(read::json).collect()
}

/// `{prompt: max_length, /items/0: [pattern, min_length]}`
fn violations(node: &Node, out: &mut Diagnostics) -> Vec<(Text, Text)> {
    let mut violations = Vec::new();
    let known = constraints::violation_keywords();
    let entries = read::entries(node, "violations", out).unwrap_or_default();
    for entry in entries {
        for keyword in read::texts(&entry.value, out) {
            if known.contains(&keyword.value.as_str()) {
                violations.push((entry.name(), keyword));
            } else {
                out.push(decode::unknown_word(&keyword.value, &known, keyword.span));
            }
        }
    }
    if entries.is_empty() && node.as_map().is_some() {
        out.push(decode::empty("invalid", node.span));
    }
    violations
}
