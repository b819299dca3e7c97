//! The response to a valid request. This is the only user of `answers`.

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderName;
use http::Uri;
use http::header::{HOST, LOCATION};
use serde_json::{Map, Value};
use specwright_codegen::model::{
    ErrorKind, Operation, OperationId, Output, PathPart, StatusForm, StatusMeaning, StatusPath, StatusValue, Stream,
};
use specwright_codegen::validate::read_query;

use crate::answers::Part;
use crate::callbacks::{self, CallbackDelivery};
use crate::faults::Fault;
use crate::files;
use crate::formats;
use crate::gaps::{check_gap, unanswerable_refusal};
use crate::hook::Call;
use crate::log::Refused;
use crate::outcome::Outcome;
use crate::paging;
use crate::prepare::{PreparedApi, PreparedOperation};
use crate::refusal::Refusal;
use crate::registry::STATUS_OF_MOCK;
use crate::shared::Shared;
use crate::statuses;
use crate::streams;
use crate::task_status::status_body;

/// The response of a call.
pub(crate) fn call(
    shared: &Arc<Shared>,
    asked: (&Call<'_>, &Uri),
    prepared: &PreparedApi,
    id: OperationId,
    (request, position): (&Value, usize),
) -> Result<Outcome, Refusal> {
    let mut outcome = body_of(shared, asked, prepared, id, (request, position))?;
    // What may be XML is written as the caller asks for it.
    if let Some(media_type) =
        prepared.api.operation(id).accept.first().filter(|_| !prepared.api.operation(id).has_xml())
    {
        outcome = outcome.with_json_type(media_type);
    }
    let headers = prepared.answers.headers(&prepared.api, id);
    let is_known = |it: &(String, String)| it.0.eq_ignore_ascii_case("etag") && Some(&*it.1) == known_version(request);
    let unchanged = match &prepared.api.operation(id).output {
        Output::ByStatus(answers) => answers.iter().any(|it| it.status == 304) && headers.iter().any(is_known),
        _ => false,
    };
    if unchanged {
        outcome = Outcome::empty(304);
    }
    for (name, value) in headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            outcome = outcome.header(name, value);
        }
    }
    Ok(outcome)
}

/// The version that a conditional request names.
fn known_version(request: &Value) -> Option<&str> {
    let mut fields = request.as_object()?.iter();
    fields.find(|(name, _)| name.eq_ignore_ascii_case("if-none-match")).and_then(|(_, it)| it.as_str())
}

/// The answer of a call, without the headers that the operation describes.
fn body_of(
    shared: &Arc<Shared>,
    (call, uri): (&Call<'_>, &Uri),
    prepared: &PreparedApi,
    id: OperationId,
    (request, position): (&Value, usize),
) -> Result<Outcome, Refusal> {
    let Some((_, op, ready)) = prepared.operation(id.0 as usize) else {
        return Err(Refusal::new(404, Refused::Path, "Not found"));
    };
    if let (Some(stream), Some(fields)) = (&op.stream, request.as_object())
        && streams::is_asked(op, fields)
    {
        return stream_of(shared, prepared, id, stream, fields, ready.success);
    }
    let part = if matches!(op.output, Output::Task(_)) { Part::Created } else { Part::Response };
    check_gap(prepared, id, &part)?;
    if op.pages.is_some()
        && let Some(whole) = whole_list(shared, prepared, id, request, ready.success)
        && let Some(page) = paging::page(&prepared.api, op, &whole, (request, position), (call, uri), ready.success)
    {
        return Ok(page);
    }
    match &op.output {
        Output::Empty => Ok(Outcome::empty(ready.success)),
        Output::Binary { media_types } => {
            if ready.is_download {
                check_download(shared, prepared, op, request)?;
            }
            let kind = formats::media_type(op, media_types, request);
            Ok(Outcome::bytes(ready.success, kind, files::of_type(kind)))
        }
        Output::Text { media_types } => {
            let kind = formats::media_type(op, media_types, request);
            Ok(Outcome::bytes(ready.success, kind, text_of(op, kind).into()))
        }
        // Whoever follows it finds nothing there.
        Output::Redirect => {
            let location = format!("https://files.example/{}", op.name);
            Ok(Outcome::empty(ready.success).header(LOCATION, &location))
        }
        Output::ByStatus(answers) => {
            let asked = call.faults.iter().find_map(|it| match it {
                Fault::Status { status, .. } => Some(*status),
                _ => None,
            });
            let status = asked.filter(|it| answers.iter().any(|known| known.status == *it)).unwrap_or(ready.success);
            let form = answers.iter().find(|it| it.status == status).map(|it| &it.form);
            if let Some(form @ (StatusForm::Text(types) | StatusForm::Binary(types))) = form {
                let kind = formats::media_type(op, types, request);
                let is_text = matches!(form, StatusForm::Text(_));
                let body = if is_text { text_of(op, kind).into() } else { files::of_type(kind) };
                return Ok(Outcome::bytes(status, kind, body));
            }
            let body = prepared.answers.of_status(&prepared.api, id, status, request, shared.settings.seed);
            Ok(body.map_or_else(|| Outcome::empty(status), |it| Outcome::json(status, &it)))
        }
        Output::Json { plain_text: Some(field), .. } if formats::plain_text(op, request).is_some() => {
            let body = prepared.answers.response(&prepared.api, id, request, shared.settings.seed);
            let text = body.as_ref().and_then(|it| it.get(field)).and_then(Value::as_str).unwrap_or_default();
            let format = formats::plain_text(op, request).unwrap_or_default();
            let text = files::subtitles(format, text);
            Ok(Outcome::bytes(ready.success, "text/plain; charset=utf-8", text.into()))
        }
        Output::Json { .. } => {
            let body = prepared.answers.response_bytes(&prepared.api, id, request, shared.settings.seed);
            Ok(body.map_or_else(|| Outcome::empty(ready.success), |it| Outcome::json_text(ready.success, it)))
        }
        Output::Task(_) => Ok(create(shared, call, prepared, id, ready, request)),
    }
}

/// The response from which pages are made.
fn whole_list(
    shared: &Arc<Shared>,
    prepared: &PreparedApi,
    id: OperationId,
    request: &Value,
    status: u16,
) -> Option<Value> {
    let (api, seed) = (&prepared.api, shared.settings.seed);
    match api.operation(id).output {
        Output::ByStatus(_) => prepared.answers.of_status(api, id, status, request, seed),
        _ => prepared.answers.response(api, id, request, seed),
    }
}

/// The text of an example, or one that is made up.
fn text_of(op: &Operation, media_type: &str) -> String {
    let shown = op.examples.iter().filter(|it| it.invalid.is_empty()).find_map(|it| it.response.as_ref()?.as_str());
    match shown {
        Some(text) => text.to_owned(),
        None if media_type.contains("xml") => "<?xml version=\"1.0\"?>\n<sample/>\n".to_owned(),
        None if media_type.contains("html") => "<!doctype html>\n<title>Sample</title>\n".to_owned(),
        None => "A sample text.\n".to_owned(),
    }
}

/// The events that add up to the response that the same request gets in one piece.
fn stream_of(
    shared: &Shared,
    prepared: &PreparedApi,
    id: OperationId,
    stream: &Stream,
    request: &Map<String, Value>,
    success: u16,
) -> Result<Outcome, Refusal> {
    let (api, op) = (&prepared.api, prepared.api.operation(id));
    let plain = Value::Object(streams::in_one_piece(op, request));
    let sound = prepared.answers.gap(api, id, &Part::Response).is_none();
    let answer = prepared.answers.response(api, id, &plain, shared.settings.seed).filter(|_| sound);
    let events =
        streams::events(api, op, answer.as_ref(), request).map_err(|it| unanswerable_refusal(&Part::Stream, &it))?;
    let kind = stream.media_type();
    let mut outcome = Outcome::stream(success, kind, streams::written(stream, &events));
    outcome.manner.pace = shared.settings.stream_pace;
    Ok(outcome)
}

fn create(
    shared: &Arc<Shared>,
    call: &Call<'_>,
    prepared: &PreparedApi,
    id: OperationId,
    ready: &PreparedOperation,
    request: &Value,
) -> Outcome {
    let fails = call.faults.contains(&Fault::TaskFails)
        || shared.settings.hook.as_deref().is_some_and(|it| it.fails_task(call));
    let task = shared.tasks().start(&prepared.name, &ready.name, &ready.ids, request, fails);
    if let Some(url) = ready.callback.as_ref().and_then(|it| request.get(it)).and_then(Value::as_str) {
        let twice = call.faults.contains(&Fault::CallbackTwice);
        let backwards = call.faults.contains(&Fault::CallbackReordered);
        callbacks::schedule(shared, &task, url, &ready.stages, CallbackDelivery { twice, backwards });
    }
    let named = match &prepared.api.operation(id).output {
        Output::Task(made) if made.status.is_none() => status_url(shared, call, prepared, id, &task),
        _ => task.to_string(),
    };
    let body = prepared.answers.created_bytes(&prepared.api, id, request, &named);
    let outcome = Outcome::json_text(ready.success, body);
    let header = match &prepared.api.operation(id).output {
        Output::Task(made) if made.is_url_in_header => HeaderName::from_bytes(made.id_field.as_bytes()).ok(),
        _ => None,
    };
    match header {
        Some(name) => outcome.header(name, &named),
        None => outcome,
    }
}

/// The URL of a task's status, at the host that the client knows.
fn status_url(shared: &Shared, call: &Call<'_>, prepared: &PreparedApi, id: OperationId, task: &str) -> String {
    let op = prepared.api.operation(id);
    let mount = prepared.mounts.get(op.server).map_or("", String::as_str);
    let host = call.headers.get(HOST).and_then(|it| it.to_str().ok());
    let origin = host.map_or_else(|| shared.url.clone(), |it| format!("http://{it}"));
    format!("{origin}/{}{mount}{STATUS_OF_MOCK}/{task}", prepared.name)
}

/// The values of a status path, those of its query included, in the order of its parameters.
pub(crate) fn status_values<'a>(op: &Operation, captures: &[Cow<'a, str>], uri: &Uri) -> Vec<Cow<'a, str>> {
    let mut values = captures.to_vec();
    let Output::Task(task) = &op.output else { return values };
    let Some(path) = task.status.as_ref().filter(|it| !it.query.is_empty()) else { return values };
    let given = uri.query().map(read_query).unwrap_or_default();
    let of_query = path.query.iter().filter(|(_, it)| matches!(it, PathPart::Parameter(_)));
    values.extend(of_query.map(|(name, _)| {
        let text = given.get(name).and_then(Value::as_str).unwrap_or_default();
        Cow::Owned(text.to_owned())
    }));
    values
}

/// The response of a poll. `asked` is an operation with the requested status path. `named` is set to the operation that
/// started the task.
pub(crate) fn status(
    shared: &Shared,
    prepared: &PreparedApi,
    asked: &Operation,
    captures: &[Cow<'_, str>],
    named: &mut Option<Arc<str>>,
) -> Result<Outcome, Refusal> {
    let unknown = || {
        let status = statuses::status(&prepared.api, Some(asked), ErrorKind::NotFound);
        Refusal::new(status, Refused::UnknownTask, "There is no such task").documented()
    };
    let path = |op: &Operation| match &op.output {
        Output::Task(task) => task.status.clone(),
        _ => None,
    };
    let position = path(asked).map_or(0, |it| it.id_position());
    let task = captures.get(position).map_or("", |it| it.as_ref());
    let mut tasks = shared.tasks();
    let started = tasks.get(task).filter(|it| it.api == prepared.name).ok_or_else(unknown)?;
    let (_, op, _) = prepared.find(&started.operation).ok_or_else(unknown)?;
    let own = path(op);
    let elsewhere = || own.as_ref().is_some_and(|it| !is_within(op, it, captures, &started.request));
    if !same_status_path(asked, op) || elsewhere() {
        return Err(unknown());
    }
    let standing = tasks.poll(task, shared.settings.pace).ok_or_else(unknown)?;
    drop(tasks);
    *named = Some(Arc::clone(&standing.operation));
    let body = status_body(shared, prepared, &standing, task).ok_or_else(unknown)??;
    let outcome = Outcome::json_text(200, body);
    Ok(match asked.accept.first() {
        Some(media_type) => outcome.with_json_type(media_type),
        None => outcome,
    })
}

/// The result of a task, which is available when it is completed.
fn check_download(shared: &Shared, prepared: &PreparedApi, op: &Operation, request: &Value) -> Result<(), Refusal> {
    let refuse =
        |kind, why, message| Refusal::new(statuses::status(&prepared.api, Some(op), kind), why, message).documented();
    let unknown = || refuse(ErrorKind::NotFound, Refused::UnknownTask, "There is no such task");
    // What belongs to the path of the status is no id.
    let tasks = prepared.api.operations.iter().filter_map(|it| match &it.output {
        Output::Task(task) if task.download.is_some_and(|it| std::ptr::eq(prepared.api.operation(it), op)) => {
            Some(task)
        }
        _ => None,
    });
    let others: Vec<&str> = tasks.flat_map(|it| &it.status).flat_map(StatusPath::others).map(|it| &*it.name).collect();
    let id = op.path.iter().find_map(|part| match part {
        PathPart::Parameter(ix) => {
            let field = op.parameters.field(*ix);
            if others.contains(&field.sent_name()) { None } else { request.get(&field.name)?.as_str() }
        }
        PathPart::Literal(_) => None,
    });
    let standing = id.and_then(|it| shared.tasks().progress_of(it, shared.settings.pace)).ok_or_else(unknown)?;
    let made_here = |started: &Operation| match &started.output {
        Output::Task(task) => task.download.is_some_and(|it| std::ptr::eq(prepared.api.operation(it), op)),
        _ => false,
    };
    if standing.api != prepared.name || !prepared.find(&standing.operation).is_some_and(|it| made_here(it.1)) {
        return Err(unknown());
    }
    if standing.progress >= 100 && !standing.fails {
        return Ok(());
    }
    let documents = |it: &StatusMeaning| it.kind == ErrorKind::Conflict;
    let conflict = op.statuses.iter().chain(&prepared.api.errors.statuses).any(documents);
    let kind = if conflict { ErrorKind::Conflict } else { ErrorKind::NotFound };
    Err(refuse(kind, Refused::NotReady, "The task is not completed"))
}

/// Whether the other values in the path of a status are those of the call that started the task.
fn is_within(op: &Operation, path: &StatusPath, captures: &[Cow<'_, str>], request: &[u8]) -> bool {
    let request: Value = serde_json::from_slice(request).unwrap_or_default();
    path.parameters.iter().zip(captures).all(|(parameter, found)| match parameter.from {
        StatusValue::Created(ix) => match request.get(&op.parameters.field(ix).name) {
            Some(sent) => sent.as_str().map_or_else(|| sent.to_string(), str::to_owned) == *found,
            None => true,
        },
        StatusValue::Id | StatusValue::Client(_) => true,
    })
}

fn same_status_path(asked: &Operation, started: &Operation) -> bool {
    let path = |op: &Operation| match &op.output {
        Output::Task(task) => {
            let text = |it: &PathPart| match it {
                PathPart::Literal(text) => text.clone(),
                PathPart::Parameter(_) => "{}".to_owned(),
            };
            let shape = |it: &StatusPath| {
                let query = it.query.iter().map(|(name, it)| format!("?{name}={}", text(it)));
                it.parts.iter().map(text).chain(query).collect::<String>()
            };
            Some(task.status.as_ref().map(shape))
        }
        _ => None,
    };
    std::ptr::eq(asked, started) || (asked.server == started.server && path(asked) == path(started))
}
