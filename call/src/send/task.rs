//! Tasks: waiting for them with progress, and saving what they made.

use std::time::Duration;

use serde_json::Value;
use specwright_codegen::failure::Failure;
use specwright_codegen::model::{self, OperationId, Output, PathPart, Type};
use specwright_runtime as rt;
use specwright_runtime::blocking::iter;
use specwright_runtime::{RawResponse, Task, TaskSpec, WaitOptions, reply};

use super::{Sending, answer};
use crate::described;
use crate::output::{Console, Outcome, clean, clean_value};
use crate::request::{CallRequest, Piece};

/// The pause between polls of a mock server, which has no work to do.
const MOCK_INTERVAL: Duration = Duration::from_millis(20);

/// After the answer that created a task.
pub(super) fn created(sending: &Sending<'_>, raw: RawResponse, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let spec = spec(sending)?;
    let task: Task<Value> = match reply::task(raw, &sending.client, spec) {
        Ok(task) => task,
        Err(error) => return sending.failed(&error, console),
    };
    if sending.options.no_wait {
        let id = clean(&sending.client, task.id()).into_owned();
        console.print(&format!("{}\n", specwright_codegen::escape::escaped(&id)))?;
        sending.say_how_to_resume(&id, console);
        return Ok(Outcome::Clean);
    }
    // Whoever interrupts this program can go on with the id.
    console.say(&format!("task {}", clean(&sending.client, task.id())));
    wait(sending, &task, console)
}

/// Waits for a task that was started before.
pub(super) fn resume(sending: &Sending<'_>, id: &str, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let task: Task<Value> =
        Task::resume(&sending.client, spec(sending)?, id).within_values(within(sending)?.into_iter().map(|it| it.1));
    wait(sending, &task, console)
}

/// The other parameters in the path of the status, by name, which the caller gives as for the call.
pub(super) fn within(sending: &Sending<'_>) -> Result<Vec<(String, String)>, Failure> {
    let Output::Task(task) = &sending.op.output else { return Ok(Vec::new()) };
    let mut values = Vec::new();
    for parameter in task.status.iter().flat_map(model::StatusPath::others) {
        let model::StatusValue::Created(ix) = parameter.from else { continue };
        if parameter.client(sending.op).is_some() {
            continue;
        }
        let field = sending.op.parameters.field(ix);
        match sending.parameters.values.get(&field.name) {
            Some(Value::String(text)) => values.push((field.name.clone(), text.clone())),
            Some(other) => values.push((field.name.clone(), other.to_string())),
            None => {
                let why = format!("`{}` is a part of the path of the task's status", field.name);
                return Err(Failure::new(why).help(format!("give it as for the call: `{}=…`", field.name)));
            }
        }
    }
    Ok(values)
}

fn spec(sending: &Sending<'_>) -> Result<&'static TaskSpec, Failure> {
    let why = || Failure::new(format!("`{}` starts no task", sending.op.full_name(sending.api)));
    sending.described.task.ok_or_else(why)
}

fn wait(sending: &Sending<'_>, task: &Task<Value>, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let mut options = WaitOptions::new();
    if sending.options.mock.is_some() {
        options = options.interval(MOCK_INTERVAL);
    }
    if let Some(deadline) = sending.options.deadline {
        options = options.deadline(deadline);
    }
    for status in iter(task.progress_with(options)) {
        let status = match status {
            Ok(status) => status,
            Err(error) => return sending.failed(&error, console),
        };
        let stage = status.stage().map(|it| format!(", {it}")).unwrap_or_default();
        let words = format!("{}{stage}", status.state_name());
        match sending.options.json {
            true => console.say(&specwright_codegen::escape::json_line(&clean_value(&sending.client, status.raw()))),
            false => console.progress(&clean(&sending.client, &words)),
        }
        if !status.is_finished() {
            continue;
        }
        console.end_progress();
        let value = status.raw().clone();
        return match status.into_result() {
            Ok(_) => finished(sending, task.id(), &value, console),
            Err(error) => sending.failed(&error, console),
        };
    }
    Err(Failure::new("the task ended without a state"))
}

/// Prints the result, and saves the file that belongs to it.
fn finished(sending: &Sending<'_>, id: &str, value: &Value, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let Output::Task(task) = &sending.op.output else { return Ok(Outcome::Clean) };
    let result = Type::Named(task.result);
    let file = sending.options.output.as_deref().filter(|it| !answer::is_dash(it));
    let (Some(_), Some(download)) = (file, task.download) else {
        return answer::json(sending, value, Some((&result, None)), console);
    };
    console.print(&crate::output::pretty(&clean_value(&sending.client, value)))?;
    let request = content(sending, download, id);
    match sending.call().start(request).blocking().and_then(|it| reply::download(it, &sending.client)) {
        Ok(download) => answer::download(sending, download, console),
        Err(error) => sending.failed(&error, console),
    }
}

/// The request that downloads what a task made. Other parameters of its path have the values of the call.
fn content(sending: &Sending<'_>, download: OperationId, id: &str) -> CallRequest {
    let op: &model::Operation = sending.api.operation(download);
    let of = described::operation(sending.api, sending.described_api, op).operation;
    let others = match &sending.op.output {
        Output::Task(task) => task.status.iter().flat_map(model::StatusPath::others).collect(),
        _ => Vec::new(),
    };
    let value = |name: &str| match others.iter().find(|it| it.name == name)?.from {
        model::StatusValue::Created(ix) => sending.parameters.values.get(&sending.op.parameters.field(ix).name),
        model::StatusValue::Client(index) => {
            sending.parameters.values.get(&sending.api.client_parameters.get(index)?.name)
        }
        model::StatusValue::Id => None,
    };
    let piece = |part: &PathPart| match part {
        PathPart::Literal(text) => Piece::Path(text.clone()),
        PathPart::Parameter(ix) => {
            let value = value(op.parameters.field(*ix).sent_name()).cloned().unwrap_or_else(|| id.into());
            Piece::PathValue {
                value,
                style: rt::Style::PLAIN,
                keeps_slashes: op.parameters.field(*ix).sent.keeps_slashes,
            }
        }
    };
    CallRequest::of_path(of, op.path.iter().map(piece).collect())
}
