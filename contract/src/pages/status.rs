//! The page that shows the served APIs, the requests, and why they were refused.

use http::header::CONTENT_SECURITY_POLICY;
use minijinja::{AutoEscape, Environment, Value as View};
use serde_json::{Map, Value, json};
use specwright_codegen::check;
use specwright_codegen::escape::escaped;
use specwright_codegen::interpret::Violation;
use specwright_codegen::model::{Api, Operation};

use crate::log::{Record, Refused};
use crate::outcome::Outcome;
use crate::prepare::PreparedApi;
use crate::sample;
use crate::shared::Shared;

const TEMPLATE: &str = include_str!("status.html");
/// The number of requests on the page. The JSON list has all remembered requests.
const MOST_SHOWN: usize = 50;

/// The page as HTML.
pub(super) fn html(shared: &Shared) -> Outcome {
    let registry = shared.registry();
    let requests: Vec<Value> = shared.records().all().iter().rev().take(MOST_SHOWN).map(record).collect();
    let view = json!({
        "url": shared.url,
        "connections": shared.connections.load(std::sync::atomic::Ordering::Relaxed),
        "tasks": shared.tasks().len(),
        "requests": requests,
        "apis": registry.apis.iter().map(|it| api(&shared.url, it)).collect::<Vec<_>>(),
    });
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    match environment.render_named_str("status.html", TEMPLATE, as_view(view)) {
        // Nothing that was sent to the server can run in its page, even if it were not escaped.
        Ok(page) => Outcome::bytes(200, "text/html; charset=utf-8", page.into())
            .header(CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        Err(error) => Outcome::json(500, &json!({ "error": format!("the page cannot be rendered: {error}") })),
    }
}

/// JSON as templates read it.
fn as_view(value: Value) -> View {
    match value {
        Value::Null => View::from(()),
        Value::Bool(it) => View::from(it),
        Value::Number(it) => match it.as_u64() {
            Some(it) => View::from(it),
            None => View::from(it.to_string()),
        },
        Value::String(it) => View::from(it),
        Value::Array(all) => all.into_iter().map(as_view).collect(),
        Value::Object(fields) => View::from_pairs(fields.into_iter().map(|(name, it)| (name, as_view(it)))),
    }
}

/// The remembered requests, oldest first.
pub(super) fn requests(shared: &Shared) -> Outcome {
    let all: Vec<Value> = shared.records().all().iter().map(record).collect();
    Outcome::json(200, &Value::Array(all))
}

/// Text from callers, with invisible characters escaped.
fn record(record: &Record) -> Value {
    let violations = |all: &[Violation]| {
        let view = |it: &Violation| json!({"at": escaped(&it.at), "rule": it.rule, "message": escaped(&it.message)});
        all.iter().map(view).collect::<Vec<_>>()
    };
    json!({
        "number": record.number,
        "method": escaped(&record.method),
        "path": escaped(&record.path),
        "api": record.api.as_deref(),
        "operation": record.operation.as_deref(),
        "status": record.status,
        "refused": record.refused.map(words),
        "violations": violations(&record.violations),
        "warnings": violations(&record.warnings),
    })
}

fn words(refused: Refused) -> &'static str {
    match refused {
        Refused::Path => "no operation has this path",
        Refused::Method => "the path has other methods",
        Refused::Key => "the key is missing, malformed, revoked or of another kind",
        Refused::ContentType => "the body is of another content type",
        Refused::TooLarge => "the body is too large",
        Refused::Malformed => "the request cannot be read",
        Refused::Invalid => "rules of the spec are broken",
        Refused::UnknownTask => "no task has this id",
        Refused::Busy => "the server is at its limits",
        Refused::NotReady => "the task is not completed",
        Refused::RateLimited => "the rate limit is used up",
        Refused::Fault => "a fault was requested",
        Refused::Hook => "a hook responded instead",
        Refused::Host => "it is for a host that is not allowed, or from a web page of one",
        Refused::Unanswerable => "no response can be generated, and the spec has no example",
    }
}

fn api(url: &str, prepared: &PreparedApi) -> Value {
    let base = |op: &Operation| {
        let mount = prepared.mounts.get(op.server).map_or("", String::as_str);
        format!("{url}/{}{mount}", prepared.name)
    };
    let operation = |op: &Operation| {
        let base = base(op);
        json!({
            "name": op.full_name(&prepared.api),
            "method": op.method.as_str(),
            "path": op.path_template(),
            "summary": op.summary,
            "curl": curl(&prepared.api, op, &base),
        })
    };
    json!({
        "title": prepared.api.title,
        "url": format!("{url}/{}{}", prepared.name, prepared.mounts.first().map_or("", String::as_str)),
        "operations": prepared.api.operations.iter().map(|it| operation(it)).collect::<Vec<_>>(),
    })
}

/// The first valid example, or else a request with only the required parameters.
fn curl(api: &Api, op: &Operation, base: &str) -> String {
    let examples = op.examples.iter().filter(|it| it.invalid.is_empty());
    let shown = examples.filter_map(|it| it.request.as_ref()?.as_object().cloned());
    let required = || {
        let fields = op.parameters.fields.iter().filter(|it| it.always_required());
        fields.filter_map(|it| Some((it.name.clone(), check::sample(api, it)?))).collect::<Map<_, _>>()
    };
    let key = sample::key(api, op);
    let all = shown.chain(std::iter::once_with(required));
    let mut written = all.filter_map(|it| {
        let json = sample::request(api, op, &it, &key).map(|it| it.curl(base));
        json.or_else(|| sample::form(api, op, &it, &key, base))
    });
    written.next().unwrap_or_else(|| format!("curl -X {} {base}{}", op.method.as_str(), op.path_template()))
}
