//! Validates a request of an operation: the parameters of path, query, headers and body together.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::condition::SentFields;
use super::gather::gather;
use super::record::fields;
use super::text::shown;
use super::wire::{cookie, header, read};
use super::{Checker, Direction, Finding, MOST_FINDINGS, Verdict};
use crate::model::{Api, Field, Location, Operation, Record, Style, Type};

static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// What a caller sends. Values outside of the body may be text, which is read by the parameter's type; a parameter
/// that is repeated in the query is a list.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Path parameters.
    pub path: &'a Map<String, Value>,
    /// Query parameters.
    pub query: &'a Map<String, Value>,
    /// Headers; names in any case, unknown ones are not looked at. `Cookie` is the header's text, or an object of values.
    pub headers: &'a Map<String, Value>,
    /// The body. `None`: nothing is sent.
    pub body: Option<&'a Value>,
}

impl<'a> Request<'a> {
    /// Nothing at all.
    #[must_use]
    pub fn empty() -> Self {
        Self { path: &NOTHING, query: &NOTHING, headers: &NOTHING, body: None }
    }

    /// Only a body.
    #[must_use]
    pub fn of_body(body: &'a Value) -> Self {
        Self { body: Some(body), ..Self::empty() }
    }
}

/// Checks a request: what is broken, in the order of the spec; what is beyond [`MOST_FINDINGS`] is counted.
#[must_use]
pub fn validate(api: &Api, op: &Operation, request: &Request<'_>) -> Verdict {
    validate_up_to(MOST_FINDINGS, api, op, request)
}

/// As [`validate`], with everything that is broken: for requests that the project itself made.
#[must_use]
pub(crate) fn validate_whole(api: &Api, op: &Operation, request: &Request<'_>) -> Verdict {
    validate_up_to(usize::MAX, api, op, request)
}

fn validate_up_to(most: usize, api: &Api, op: &Operation, request: &Request<'_>) -> Verdict {
    let record = &op.parameters;
    let mut checker = Checker { most, ..Checker::new(api, Direction::Request) };
    let body = match readable_body(op, request.body) {
        Ok(body) => Some(body),
        Err(message) => {
            let found = request.body.map(shown);
            checker.report(|| Finding { found, ..Finding::new("type", message.to_owned()) });
            None
        }
    };
    let path = gather(api, op, Location::Path, request.path);
    let query = gather(api, op, Location::Query, request.query);
    let request = &Request { path: &path, query: &query, ..*request };
    let scope = scope(api, op, request, body.unwrap_or(&NOTHING));
    for (ix, field) in fields(record) {
        // Without a body there is nothing to say of its fields, but that the body is wrong.
        if field.location != Location::Body || body.is_some() {
            checker.location = field.location;
            checker.field(&scope, ix, field);
        }
    }
    if !record.open {
        for (location, given) in [
            (Location::Path, request.path),
            (Location::Query, request.query),
            (Location::Body, body.unwrap_or(&NOTHING)),
        ] {
            checker.location = location;
            // A key in the query or the body is no parameter.
            let is_key = |name: &&String| {
                let mut all = api.credentials.iter().flat_map(|it| &it.schemes);
                all.any(|it| match location {
                    Location::Query => it.query() == Some(name),
                    Location::Body => it.body() == Some(name),
                    _ => false,
                })
            };
            checker.unknown(given.keys().filter(|it| !is_key(it)), &|it| it.location == location, record);
        }
    }
    if body.is_some() {
        checker.rules(&scope);
    }
    checker.verdict
}

fn scope<'a>(api: &'a Api, op: &'a Operation, request: &Request<'a>, body: &'a Map<String, Value>) -> SentFields<'a> {
    let record = &op.parameters;
    let values = record.fields.iter().map(|field| {
        let wire = |value: Option<&'a Value>| value.map(|it| read(api, &field.ty, it));
        match field.location {
            Location::Body => body.get(field.sent_name()).map(Cow::Borrowed),
            Location::WholeBody => request.body.map(Cow::Borrowed),
            Location::Path => wire(request.path.get(field.sent_name())),
            Location::Query => wire(request.query.get(field.sent_name())),
            Location::Header if field.header_prefix().is_some() => headers(api, op, field, request.headers),
            Location::Header => header(request.headers, field.sent_name()).map(|it| match it {
                // Without the parameters behind it.
                Value::String(kind) if field.sent_name().eq_ignore_ascii_case("content-type") => {
                    Cow::Owned(kind.split(';').next().unwrap_or_default().trim().into())
                }
                value => text_value(api, op, field, value),
            }),
            Location::Cookie => {
                let plain = field.sent.style == Style::PLAIN || field.sent.style.json;
                let found = cookie(request.headers, field.sent_name(), plain);
                found.map(|it| Cow::Owned(text_value(api, op, field, &it).into_owned()))
            }
        }
    });
    SentFields::new(api, record, values.collect())
}

/// The entries of a map that is sent in headers; the map itself, if it is given as one.
fn headers<'a>(api: &Api, op: &Operation, field: &Field, sent: &'a Map<String, Value>) -> Option<Cow<'a, Value>> {
    if let Some(whole) = header(sent, field.sent_name()) {
        return Some(Cow::Borrowed(whole));
    }
    let (Some(start), Type::Map(ty)) = (field.header_prefix(), &field.ty) else { return None };
    let is_other = |name: &str| {
        let mut others = op.parameters.fields.iter().filter(|it| it.location == Location::Header);
        others.any(|it| it.sent_name().eq_ignore_ascii_case(name))
    };
    let entry = |(name, value): (&String, &Value)| {
        let (before, key) = name.split_at_checked(start.len())?;
        let fits = before.eq_ignore_ascii_case(start) && !key.is_empty() && !is_other(name);
        fits.then(|| (key.to_ascii_lowercase(), read(api, ty, value).into_owned()))
    };
    let entries: Map<String, Value> = sent.iter().filter_map(entry).collect();
    (!entries.is_empty()).then(|| Cow::Owned(Value::Object(entries)))
}

/// What the text of a header or a cookie means.
fn text_value<'a>(api: &Api, op: &Operation, field: &Field, value: &'a Value) -> Cow<'a, Value> {
    if field.sent.style == Style::PLAIN {
        return read(api, &field.ty, value);
    }
    let given = Map::from_iter([(field.sent_name().to_owned(), value.clone())]);
    let value = gather(api, op, field.location, &given).get(field.sent_name()).cloned();
    Cow::Owned(value.unwrap_or_default())
}

/// The body as an object, or what is wrong with it. Nothing sent is an empty object, unless the body has a required
/// parameter.
fn readable_body<'a>(op: &Operation, body: Option<&'a Value>) -> Result<&'a Map<String, Value>, &'static str> {
    match body {
        // One value, whatever it is.
        _ if op.whole_body().is_some() => Ok(&NOTHING),
        Some(Value::Object(object)) => Ok(object),
        Some(Value::Null) | None if !op.has_body => Ok(&NOTHING),
        Some(_) if !op.has_body => Err("a body is not allowed"),
        Some(_) => Err("the body must be an object"),
        None if required_body(&op.parameters) => Err("the body is missing"),
        None => Ok(&NOTHING),
    }
}

fn required_body(record: &Record) -> bool {
    record.fields.iter().any(|it| it.location == Location::Body && it.always_required())
}
