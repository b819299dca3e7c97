//! Calls that are answered at once: JSON, text, bytes, a redirect, nothing, or the id of a task.

use std::path::Path;

use serde_json::Value;
use specwright_codegen::escape::escaped_lines;
use specwright_codegen::failure::Failure;
use specwright_codegen::interpret::validate_value;
use specwright_codegen::model::{Operation, Output, StatusAnswer, StatusForm, Type};
use specwright_runtime::blocking::iter;
use specwright_runtime::{Blocking as _, Download, RawResponse, Response, reply};

use super::{Sending, task};
use crate::output::{Console, Outcome, clean, clean_value, pretty};
use crate::progress::Progress;

/// Faults of an answer that are shown.
const MOST_FAULTS: usize = 10;

pub(super) fn answer(sending: &Sending<'_>, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let raw = match sending.call().start(sending.request.clone()).blocking() {
        Ok(raw) => raw,
        Err(error) => return sending.failed(&error, console),
    };
    sending.show_head(raw.status(), raw.headers(), console);
    let status = raw.status();
    match &sending.op.output {
        Output::Empty => match reply::empty(raw) {
            Ok(read) if !read.raw().is_null() => json(sending, read.raw(), None, console),
            Ok(_) => {
                console.say(&format!("done: status {status}, and no body"));
                Ok(Outcome::Clean)
            }
            Err(error) => sending.failed(&error, console),
        },
        Output::Json { ty, wrapper, plain_text, nullable } => {
            let read = match (plain_text, nullable) {
                (Some(field), _) => reply::json_or_text(raw, crate::described::text(field)),
                (None, true) => optional(raw),
                (None, false) => reply::json::<Value>(raw),
            };
            match read {
                Ok(read) => {
                    let place = if *nullable && read.raw().is_null() { None } else { Some((ty, wrapper.as_deref())) };
                    json(sending, read.raw(), place, console)
                }
                Err(error) => sending.failed(&error, console),
            }
        }
        Output::ByStatus(answers) if is_raw(answers, status.as_u16()) => {
            let bytes =
                answers.iter().any(|it| it.status == status.as_u16() && matches!(it.form, StatusForm::Binary(_)));
            if bytes {
                console.print_bytes(raw.body())?;
                return Ok(Outcome::Clean);
            }
            match reply::text(raw) {
                Ok(read) => text(sending, &read, console),
                Err(error) => sending.failed(&error, console),
            }
        }
        Output::ByStatus(answers) => match optional(raw) {
            Ok(read) => {
                let answer = answers.iter().find(|it| it.status == status.as_u16());
                let ty = answer.and_then(|it| Some((it.ty.as_ref()?, it.form.wrapper())));
                match (read.raw(), ty) {
                    (Value::Null, None) => {
                        console.say(&format!("done: status {status}, and no body"));
                        Ok(Outcome::Clean)
                    }
                    (value, ty) => json(sending, value, ty, console),
                }
            }
            Err(error) => sending.failed(&error, console),
        },
        Output::Text { .. } => match reply::text(raw) {
            Ok(read) => text(sending, &read, console),
            Err(error) => sending.failed(&error, console),
        },
        Output::Redirect => match reply::redirect(raw) {
            Ok(read) => {
                let location = escaped_lines(&clean(&sending.client, &read.location));
                console.print(&format!("{location}\n"))?;
                Ok(Outcome::Clean)
            }
            Err(error) => sending.failed(&error, console),
        },
        Output::Binary { .. } => match reply::download(raw, &sending.client) {
            Ok(download) => self::download(sending, download, console),
            Err(error) => sending.failed(&error, console),
        },
        Output::Task(_) => task::created(sending, raw, console),
    }
}

/// Whether the answer with this status is no JSON.
fn is_raw(answers: &[StatusAnswer], status: u16) -> bool {
    answers.iter().any(|it| it.status == status && !it.form.is_json())
}

/// JSON, or `null` where there is no body.
fn optional(raw: RawResponse) -> specwright_runtime::Result<Response<Value>> {
    Ok(reply::optional::<Value>(raw, &[])?.map(Option::unwrap_or_default))
}

/// Prints JSON, and says where it differs from what the spec says of it: a type, and the key that it is under.
pub(super) fn json(
    sending: &Sending<'_>,
    value: &Value,
    expected: Option<(&Type, Option<&str>)>,
    console: &mut Console<'_>,
) -> Result<Outcome, Failure> {
    console.print(&pretty(&clean_value(&sending.client, value)))?;
    if let Some((ty, wrapper)) = expected {
        differences(sending, value, ty, wrapper, console);
    }
    Ok(Outcome::Clean)
}

/// Warns of what the spec says and the answer does not do: the spec may be wrong.
fn differences(sending: &Sending<'_>, value: &Value, ty: &Type, wrapper: Option<&str>, console: &mut Console<'_>) {
    let inner = match wrapper {
        Some(key) => match value.get(key) {
            Some(inner) => inner,
            None => {
                console.say(&format!("warning: the answer is not what the spec says: the key `{key}` is missing"));
                return;
            }
        },
        None => value,
    };
    let prefix = wrapper.map(|it| format!("/{it}")).unwrap_or_default();
    let found = validate_value(sending.api, ty, inner);
    for it in found.iter().take(MOST_FAULTS) {
        let at = clean(&sending.client, &it.at).into_owned();
        let at = if prefix.is_empty() && at.is_empty() { "the top".to_owned() } else { format!("{prefix}{at}") };
        console.say(&format!("warning: the answer is not what the spec says at {at}: {}", it.message));
    }
    if found.len() > MOST_FAULTS {
        console.say(&format!("warning: and {} more", found.len() - MOST_FAULTS));
    }
}

fn text(sending: &Sending<'_>, text: &str, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let text = clean(&sending.client, text);
    if console.out_is_terminal {
        console.print(&format!("{}\n", escaped_lines(text.trim_end_matches('\n'))))?;
    } else {
        console.print(&text)?;
    }
    Ok(Outcome::Clean)
}

/// Saves the bytes, or passes them on to a program.
pub(super) fn download(
    sending: &Sending<'_>,
    download: Download,
    console: &mut Console<'_>,
) -> Result<Outcome, Failure> {
    let Some(path) = sending.options.output.as_deref().filter(|it| !is_dash(it)) else {
        for piece in iter(download) {
            match piece {
                Ok(bytes) if console.print_bytes(&bytes)? => {}
                // The reader has seen enough.
                Ok(_) => return Ok(Outcome::Clean),
                Err(error) => return sending.failed(&error, console),
            }
        }
        return Ok(Outcome::Clean);
    };
    let mut progress = Progress::new("saving", console.err_is_terminal);
    let saved = download.save_with(path, |it| {
        if let Some(line) = progress.line(it.received, it.total) {
            console.progress(&line);
        }
    });
    match saved.blocking() {
        Ok(bytes) => {
            console.end_progress();
            console.say(&format!("saved {bytes} bytes to {}", path.display()));
            Ok(Outcome::Clean)
        }
        Err(error) => sending.failed(&error, console),
    }
}

/// `-o -`: standard output.
pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether an operation brings bytes, which no terminal can show.
pub(crate) fn brings_bytes(op: &Operation) -> bool {
    matches!(op.output, Output::Binary { .. })
}
