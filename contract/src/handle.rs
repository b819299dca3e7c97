//! One request from its head to its outcome: route, key, body, rules, response.

use std::sync::Arc;
use std::time::Instant;

use http::header::{ALLOW, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use hyper::body::{Body as _, Incoming};
use serde_json::{Map, Value};
use specwright_codegen::interpret::{self, Verdict};
use specwright_codegen::model::{Api, Encoding, ErrorKind, Location, Method, Operation, Output};
use specwright_codegen::validate::{
    NoRoute, RouteKind, RouteMatch, RouteTarget, SentJson, read_parameters, with_not_text,
};

use crate::apply_faults;
use crate::body;
use crate::choose::{choose_operation, sent_keys};
use crate::deliveries;
use crate::hook::Call;
use crate::keys::{KeyError, SentKeys};
use crate::log::{Record, Refused};
use crate::outcome::{Outcome, in_xml};
use crate::pages;
use crate::paging;
use crate::prepare::{PreparedApi, PreparedOperation, Takes};
use crate::rates;
use crate::refusal::{Refusal, warnings_header};
use crate::registry::Registry;
use crate::reply;
use crate::shared::Shared;
use crate::statuses;
use crate::token_endpoint;

/// The number of remembered violations of one request.
const MOST_NOTED: usize = 20;
/// The number of remembered characters of a path.
const MOST_PATH: usize = 500;

/// The record of a request, apart from its outcome.
#[derive(Debug, Default)]
struct RequestLog {
    api: Option<Arc<str>>,
    operation: Option<Arc<str>>,
    refused: Option<Refused>,
    verdict: Verdict,
    /// Headers with rate limits.
    limits: Vec<(HeaderName, HeaderValue)>,
}

/// Responds to a request, and remembers it.
pub(crate) async fn handle(shared: &Arc<Shared>, request: Request<Incoming>) -> Outcome {
    let (head, body) = request.into_parts();
    if let Err(refusal) = shared.hosts.check(&head) {
        let (number, note) = (shared.next(), RequestLog { refused: Some(refusal.why), ..RequestLog::default() });
        let outcome = Refusal { close: !body.is_end_stream(), ..refusal }.outcome(None);
        record_request(shared, number, &head, note, &outcome);
        return outcome;
    }
    // They are not requests to the API, so they are neither counted nor remembered.
    if deliveries::is_endpoint(&head) {
        return deliveries::answer(shared, body).await;
    }
    if let Some(page) = pages::page(shared, &head) {
        return page;
    }
    if pages::is_root(&head) && matches!(shared.registry().routes.find(Some(Method::Get), "/"), Err(NoRoute::Path)) {
        return pages::root(shared);
    }
    let number = shared.next();
    let mut note = RequestLog::default();
    let outcome = outcome_of(shared, number, &head, body, &mut note).await;
    if !outcome.manner.delay.is_zero() {
        tokio::time::sleep(outcome.manner.delay).await;
    }
    record_request(shared, number, &head, note, &outcome);
    outcome
}

fn record_request(shared: &Shared, number: u64, head: &Parts, mut note: RequestLog, outcome: &Outcome) {
    note.verdict.violations.truncate(MOST_NOTED);
    note.verdict.warnings.truncate(MOST_NOTED);
    shared.records().push(Record {
        number,
        method: head.method.as_str().to_owned(),
        path: beginning(head.uri.path()).to_owned(),
        api: note.api,
        operation: note.operation,
        status: outcome.status,
        refused: note.refused,
        violations: note.verdict.violations,
        warnings: note.verdict.warnings,
    });
}

/// As many characters of a path as are remembered.
fn beginning(path: &str) -> &str {
    let end = if path.len() <= MOST_PATH { None } else { path.char_indices().nth(MOST_PATH) };
    end.and_then(|(end, _)| path.get(..end)).unwrap_or(path)
}

/// The body of a request.
enum Sent<'s> {
    Unread(Incoming),
    Read(body::HeldBytes<'s>, Encoding),
}

impl Sent<'_> {
    /// Whether nothing of it is on its way any more.
    fn is_end_stream(&self) -> bool {
        match self {
            Self::Unread(body) => body.is_end_stream(),
            Self::Read(..) => true,
        }
    }
}

async fn outcome_of(shared: &Arc<Shared>, number: u64, head: &Parts, body: Incoming, note: &mut RequestLog) -> Outcome {
    let registry = shared.registry();
    let path = head.uri.path();
    let found = registry.routes.find(method(&head.method), path);
    let tokens = || registry.token_endpoint(path).filter(|_| head.method == http::Method::POST);
    if let Some((prepared, path)) = if found.is_err() { tokens() } else { None } {
        note.api = Some(Arc::clone(&prepared.name));
        return token_endpoint::answer(shared, prepared, path, head, body).await;
    }
    let found = match found {
        Ok(found) => found,
        Err(lost) => return not_found(&registry, head, body.is_end_stream(), &lost, note),
    };
    let mut body = Sent::Unread(body);
    let Some((prepared, mut target)) = choose_operation(&registry, &found, head, None) else {
        return not_found(&registry, head, body.is_end_stream(), &NoRoute::Path, note);
    };
    let Some((_, mut op, mut ready)) = prepared.operation(target.operation) else {
        return not_found(&registry, head, body.is_end_stream(), &NoRoute::Path, note);
    };
    // Operations on one path may differ by what the body says.
    if found.targets.len() > 1 && target.kind == RouteKind::Call && op.constants_of_body().next().is_some() {
        match read(shared, op, ready, &head.headers, body).await {
            Ok((held, encoding)) => {
                let parsed = parse(&prepared.api, op, ready, encoding, &head.headers, &held.bytes).ok().flatten();
                let meant = choose_operation(&registry, &found, head, parsed.as_ref().map(|it| &it.value));
                if let Some((_, meant)) = meant.filter(|(it, _)| std::ptr::eq(*it, prepared))
                    && let Some((_, its_op, its_ready)) = prepared.operation(meant.operation)
                {
                    (target, op, ready) = (meant, its_op, its_ready);
                }
                body = Sent::Read(held, encoding);
            }
            Err(refusal) => {
                note.refused = Some(refusal.why);
                return refusal.outcome(Some(&prepared.api));
            }
        }
    }
    note.api = Some(Arc::clone(&prepared.name));
    note.operation = Some(Arc::clone(&ready.name));
    let (api, operation, headers) = (&*prepared.name, &*ready.name, &head.headers);
    // A poll belongs to the operation that started its task.
    let polled = (target.kind == RouteKind::Status).then(|| started(shared, op, &found, &head.uri)).flatten();
    let operation = polled.as_deref().unwrap_or(operation);
    let faults =
        match apply_faults::faults(&shared.settings.faults, api, operation, head.method.as_str(), path, headers) {
            Ok(faults) => faults,
            Err(refusal) => {
                note.refused = Some(refusal.why);
                return Refusal { close: !body.is_end_stream(), ..refusal }.outcome(Some(&prepared.api));
            }
        };
    let call = Call { number, api, operation, method: head.method.as_str(), path, headers, faults: &faults };
    let hook = shared.settings.hook.as_deref();
    if let Some(mut outcome) = hook.and_then(|it| it.before(&call)) {
        note.refused = Some(Refused::Hook);
        outcome.manner.close |= !body.is_end_stream();
        return outcome;
    }
    let status = prepared.operation(target.operation).and_then(|it| apply_faults::status(&prepared.api, it.1, &faults));
    if let Some(mut outcome) = status {
        note.refused = Some(Refused::Fault);
        // A connection with an unread body cannot be reused.
        outcome.manner.close = read(shared, op, ready, headers, body).await.is_err();
        let outcome = in_xml(&prepared.api, op, headers, outcome);
        return apply_faults::damaged(with_request_id(prepared, number, outcome), &faults);
    }
    let outcome = match serve(shared, &call, prepared, target, &found, head, body, note).await {
        Ok(outcome) => outcome,
        Err(refusal) => {
            note.refused = Some(refusal.why);
            let outcome = refusal.outcome(Some(&prepared.api));
            note.verdict = refusal.verdict;
            outcome
        }
    };
    let outcome = in_xml(&prepared.api, op, headers, outcome);
    let mut outcome = with_request_id(prepared, number, outcome);
    outcome.headers.append(&mut note.limits);
    let outcome = match hook {
        Some(hook) => hook.after(&call, outcome),
        None => outcome,
    };
    if faults.is_empty() { outcome } else { apply_faults::damaged(outcome, &faults) }
}

/// The operation that started the requested task.
fn started(shared: &Shared, op: &Operation, found: &RouteMatch<'_, '_>, uri: &Uri) -> Option<Arc<str>> {
    let position = match &op.output {
        Output::Task(task) => task.status.as_ref().map_or(0, |it| it.id_position()),
        _ => 0,
    };
    let values = reply::status_values(op, &found.captures, uri);
    shared.tasks().get(values.get(position)?).map(|it| Arc::clone(&it.operation))
}

#[allow(clippy::too_many_arguments, reason = "all that is known of the request, in one place")]
async fn serve(
    shared: &Arc<Shared>,
    call: &Call<'_>,
    prepared: &PreparedApi,
    target: RouteTarget,
    found: &RouteMatch<'_, '_>,
    head: &Parts,
    body: Sent<'_>,
    note: &mut RequestLog,
) -> Result<Outcome, Refusal> {
    let unread = !body.is_end_stream();
    let Some((id, op, ready)) = prepared.operation(target.operation) else {
        return Err(Refusal::new(404, Refused::Path, "Not found"));
    };
    // Keys in the body are known when it is read.
    let has_key_in_body = prepared.api.schemes(op).any(|it| it.body().is_some());
    if !op.auth.is_empty() && !has_key_in_body {
        check_key(shared, prepared, op, sent_keys(head)).map_err(|it| if unread { it.close() } else { it })?;
    }
    if target.kind == RouteKind::Status {
        let values = reply::status_values(op, &found.captures, &head.uri);
        return reply::status(shared, prepared, op, &values, note_operation(note));
    }
    count(shared, prepared, op, head, note).map_err(|it| if unread { it.close() } else { it })?;
    let (held, encoding) = read(shared, op, ready, &head.headers, body).await?;
    let (body, not_text, omitted) = match parse(&prepared.api, op, ready, encoding, &head.headers, &held.bytes)? {
        Some(SentJson { value, not_text, omitted }) => (Some(value), not_text, omitted),
        None => (None, Vec::new(), 0),
    };
    if has_key_in_body {
        check_key(shared, prepared, op, SentKeys { body: body.as_ref(), ..sent_keys(head) })?;
    }
    let path = path_values(ready, found);
    let mut query =
        head.uri.query().map(|it| read_parameters(&prepared.api, op, Location::Query, it)).unwrap_or_default();
    let position = paging::take_position(op, &mut query);
    let headers = header_values(ready, &head.headers);
    let verdict = {
        let request = interpret::Request { path: &path, query: &query, headers: &headers, body: body.as_ref() };
        with_not_text(interpret::validate(&prepared.api, op, &request), op.body_location(), &not_text, omitted)
    };
    if !verdict.is_valid() {
        let too_large = verdict.violations.iter().all(|it| it.rule == "max_bytes");
        let status = if too_large { ready.too_large } else { ready.invalid };
        return Err(Refusal::of_verdict(status, verdict));
    }
    let upload = ready.upload.as_ref().zip(shared.files.as_deref());
    let given = upload.and_then(|(it, files)| Some((it.given(&head.headers, &held.bytes, body.as_ref())?, files)));
    drop(held);
    let body = match body {
        Some(value) if op.whole_body().is_some() => Map::from_iter([("body".to_owned(), value)]),
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let places =
        [(op.body_location(), body), (Location::Path, path), (Location::Query, query), (Location::Header, headers)];
    let parameters = by_name(op, places);
    let mut outcome = reply::call(shared, (call, &head.uri), prepared, id, (&Value::Object(parameters), position))?;
    if let Some((given, files)) = given {
        outcome = shared.uploads().remember(files, outcome, given);
    }
    if !verdict.warnings.is_empty() {
        let (name, value) = warnings_header(&verdict);
        outcome = outcome.header(name, &value);
    }
    note.verdict = verdict;
    Ok(outcome)
}

/// A poll is recorded under the operation that started its task.
fn note_operation(note: &mut RequestLog) -> &mut Option<Arc<str>> {
    &mut note.operation
}

fn method(method: &http::Method) -> Option<Method> {
    match *method {
        http::Method::GET => Some(Method::Get),
        http::Method::POST => Some(Method::Post),
        http::Method::PUT => Some(Method::Put),
        http::Method::PATCH => Some(Method::Patch),
        http::Method::DELETE => Some(Method::Delete),
        http::Method::HEAD => Some(Method::Head),
        http::Method::OPTIONS => Some(Method::Options),
        ref other => Method::known(other.as_str()).filter(|it| it.as_str() == other.as_str()),
    }
}

fn not_found(registry: &Registry, head: &Parts, whole: bool, lost: &NoRoute, note: &mut RequestLog) -> Outcome {
    let path = head.uri.path();
    let meant = registry.api_of_path(path);
    let mut refusal = match lost {
        NoRoute::Method(methods) => {
            let allow: Vec<&str> = methods.iter().map(|it| it.as_str()).collect();
            let allow = allow.join(", ");
            let message = format!("{} is not allowed here; allowed: {allow}", head.method);
            Refusal { header: Some(Box::new((ALLOW, allow))), ..Refusal::new(405, Refused::Method, message) }
        }
        NoRoute::Path => {
            let names: Vec<String> = registry.apis.iter().map(|it| format!("/{}", it.name)).collect();
            let message = match meant {
                Some(_) => format!("There is no operation at {} {path}", head.method),
                None => format!("There is no API at {path}; there are {}", names.join(", ")),
            };
            Refusal::new(404, Refused::Path, message)
        }
    };
    refusal.close = !whole;
    note.api = meant.map(|it| Arc::clone(&it.name));
    note.refused = Some(refusal.why);
    refusal.outcome(meant.map(|it| &it.api))
}

fn check_key(shared: &Shared, prepared: &PreparedApi, op: &Operation, keys: SentKeys<'_>) -> Result<(), Refusal> {
    let (fault, credential) = match prepared.keys.check(&op.auth, keys, &shared.settings.keys) {
        Ok(()) => return Ok(()),
        Err(fault) => fault,
    };
    let api = &prepared.api;
    let wanted = api.credentials.get(credential).map_or("key", |it| it.name.as_str());
    let unauthorized = statuses::status(api, Some(op), ErrorKind::Authentication);
    Err(match fault {
        KeyError::Missing => Refusal::new(unauthorized, Refused::Key, format!("The {wanted} is missing")),
        KeyError::Malformed => Refusal::new(unauthorized, Refused::Key, format!("The {wanted} is malformed")),
        KeyError::Revoked => Refusal::new(unauthorized, Refused::Key, format!("The {wanted} is revoked")),
        KeyError::LacksScope => {
            let status = statuses::status(api, Some(op), ErrorKind::PermissionDenied);
            let named = op.auth.iter().flatten().find(|it| it.credential == credential && !it.scopes.is_empty());
            let scopes = named.map(|it| it.scopes.join(" ")).unwrap_or_default();
            let message = format!("The {wanted} lacks a scope; these are needed: {scopes}");
            let refusal = Refusal::new(status, Refused::Key, message);
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scopes}\"");
            return Err(Refusal { header: Some(Box::new((WWW_AUTHENTICATE, challenge))), ..refusal });
        }
        KeyError::WrongKind => {
            let status = statuses::wrong_key(api, op);
            let refusal = Refusal::new(status, Refused::Key, format!("This is no {wanted}, which is needed here"));
            // The document's example for 403 may be about something else.
            return Err(if status == unauthorized { refusal.documented() } else { refusal });
        }
    }
    .documented())
}

/// Counts a call against the limits of its key.
fn count(
    shared: &Shared,
    prepared: &PreparedApi,
    op: &Operation,
    head: &Parts,
    note: &mut RequestLog,
) -> Result<(), Refusal> {
    if op.rate_limits.is_empty() {
        return Ok(());
    }
    let key = prepared.keys.sent(&op.auth, sent_keys(head)).unwrap_or_default();
    let standing = shared.rates().count(&prepared.api, op, &key, Instant::now(), apply_faults::now());
    note.limits = standing.headers;
    match standing.wait {
        Some(seconds) if shared.settings.enforce_rate_limits => {
            note.limits.push(rates::retry_after(seconds));
            let status = statuses::status(&prepared.api, Some(op), ErrorKind::RateLimited);
            Err(Refusal::new(status, Refused::RateLimited, "The rate limit is used up").documented())
        }
        _ => Ok(()),
    }
}

async fn read<'s>(
    shared: &'s Shared,
    op: &Operation,
    ready: &PreparedOperation,
    headers: &HeaderMap,
    body: Sent<'s>,
) -> Result<(body::HeldBytes<'s>, Encoding), Refusal> {
    let body = match body {
        Sent::Read(held, encoding) => return Ok((held, encoding)),
        Sent::Unread(body) => body,
    };
    let encoding = match ready.takes {
        Takes::Body(_) if !body.is_end_stream() => body::taken(op, headers).ok_or_else(|| {
            let message = format!("The content type must be {}", body::media_types(op));
            Refusal::new(ready.unsupported, Refused::ContentType, message).close()
        })?,
        Takes::Body(encoding) => encoding,
        // The interpreter reports that no body is allowed.
        Takes::Nothing => Encoding::Json,
    };
    let held = body::read(body, shared.settings.limits, &shared.held).await.map_err(|fault| match fault {
        body::BodyError::TooLarge => {
            let most = shared.settings.limits.one;
            let message = format!("The body is larger than {most} bytes");
            Refusal::new(ready.too_large, Refused::TooLarge, message).documented().close()
        }
        body::BodyError::Busy => Refusal::new(503, Refused::Busy, "Too many large bodies at a time").close(),
        body::BodyError::TimedOut => Refusal::new(408, Refused::Malformed, "The body did not come in time").close(),
        body::BodyError::Gone => Refusal::new(ready.malformed, Refused::Malformed, "The body ends too early").close(),
    })?;
    Ok((held, encoding))
}

fn parse(
    api: &Api,
    op: &Operation,
    ready: &PreparedOperation,
    encoding: Encoding,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<Option<SentJson>, Refusal> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let parsed = body::parse(api, op, encoding, headers, bytes);
    parsed.map(Some).map_err(|message| Refusal::new(ready.malformed, Refused::Malformed, message))
}

/// All parameters under what the spec calls them.
fn by_name(op: &Operation, places: [(Location, Map<String, Value>); 4]) -> Map<String, Value> {
    let mut all = Map::new();
    for (location, values) in places {
        for (sent, value) in values {
            let field = op.parameters.fields.iter().find(|it| it.location == location && it.sent_name() == sent);
            all.insert(field.map_or(sent, |it| it.name.clone()), value);
        }
    }
    all
}

fn path_values(ready: &PreparedOperation, found: &RouteMatch<'_, '_>) -> Map<String, Value> {
    let values = ready.path.iter().zip(&found.captures);
    values.map(|(name, value)| (name.clone(), Value::String(value.as_ref().to_owned()))).collect()
}

fn header_values(ready: &PreparedOperation, headers: &HeaderMap) -> Map<String, Value> {
    let text = |value: &HeaderValue| Value::String(String::from_utf8_lossy(value.as_bytes()).into_owned());
    let mut values = Map::new();
    for name in &ready.headers {
        match name.strip_suffix('*') {
            Some(start) => {
                let begins = |it: &str| it.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start));
                let all = headers.iter().filter(|(name, _)| begins(name.as_str()));
                values.extend(all.map(|(name, value)| (name.as_str().to_owned(), text(value))));
            }
            None => values.extend(headers.get(name.as_str()).map(|it| (name.clone(), text(it)))),
        }
    }
    values
}

fn with_request_id(prepared: &PreparedApi, number: u64, outcome: Outcome) -> Outcome {
    match &prepared.request_id {
        Some(name) => outcome.header(name.clone(), &format!("req_{number:08x}")),
        None => outcome,
    }
}
