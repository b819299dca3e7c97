//! Sends a call, and shows what it brings.

mod answer;
mod holdback;
mod pages;
mod stream;
mod task;

pub(crate) use answer::{brings_bytes, is_dash};
pub(crate) use stream::{Event, read};

use std::cell::Cell;

use serde_json::Value;
use specwright_codegen::failure::Failure;
use specwright_codegen::model::{Api, FieldIx, Operation, Output};
use specwright_runtime as rt;
use specwright_runtime::http::{HeaderMap, StatusCode};
use specwright_runtime::{Call, Client, Error, ErrorKind};

use crate::arguments::Parameters;
use crate::described::Described;
use crate::options::Options;
use crate::output::{Console, FileOutput, Outcome, clean, clean_value, pretty};
use crate::request::CallRequest;

/// A call that is ready to be sent.
pub(crate) struct Sending<'s> {
    pub(crate) api: &'s Api,
    pub(crate) op: &'s Operation,
    pub(crate) described_api: &'static rt::Api,
    pub(crate) described: Described,
    pub(crate) client: Client,
    pub(crate) request: CallRequest,
    pub(crate) parameters: &'s Parameters,
    pub(crate) options: &'s Options,
    /// What the environment says of the API's credentials.
    pub(crate) secrets: Vec<String>,
    /// What runs this, for the commands in messages.
    pub(crate) program: &'s str,
    /// Whether the head of the answer was shown.
    pub(crate) head_shown: Cell<bool>,
}

/// Sends it, waits for what it starts, and prints what comes back.
///
/// # Errors
/// Fails if nothing could be sent, or if the answer cannot be written.
pub(crate) fn send(sending: &Sending<'_>, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    // Bytes are saved by the runtime, which shows a file only when it is complete.
    let path = sending.options.output.as_deref().filter(|it| !is_dash(it) && !saves_bytes(sending));
    let Some(path) = path else { return dispatch(sending, console) };
    let mut file = FileOutput::new(path);
    let mut to_file = Console {
        input: console.input,
        out: &mut file,
        err: console.err,
        out_is_terminal: false,
        err_is_terminal: console.err_is_terminal,
        while_sending: console.while_sending,
    };
    let outcome = dispatch(sending, &mut to_file)?;
    if let Some(written) = file.written() {
        console.say(&format!("saved {written} bytes to {}", path.display()));
    }
    Ok(outcome)
}

/// Whether the file of the caller is for bytes: of the answer, or of what a task made.
fn saves_bytes(sending: &Sending<'_>) -> bool {
    let download = match &sending.op.output {
        Output::Task(task) => task.download.is_some(),
        _ => false,
    };
    download || brings_bytes(sending.op)
}

fn dispatch(sending: &Sending<'_>, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    if let Some(id) = &sending.options.task {
        return task::resume(sending, id, console);
    }
    if is_streamed(sending.op, sending.parameters) {
        return stream::stream(sending, console);
    }
    if let Some(most) = sending.options.pages {
        return pages::pages(sending, most, console);
    }
    answer::answer(sending, console)
}

/// Whether the parameters ask for a stream.
pub(crate) fn is_streamed(op: &Operation, parameters: &Parameters) -> bool {
    let asks = |(field, value): (FieldIx, &Value)| {
        let field = op.parameters.field(field);
        parameters.values.get(&field.name).or(field.default.as_ref()) == Some(value)
    };
    op.stream.as_ref().and_then(|it| it.asked_by()).is_some_and(|it| it.into_iter().all(asks))
}

impl Sending<'_> {
    /// A call with the options of the caller.
    pub(crate) fn call(&self) -> Call {
        call(&self.client, self.options)
    }

    /// Says what failed: the error of the server, or why there is no answer.
    pub(crate) fn failed(&self, error: &Error, console: &mut Console<'_>) -> Result<Outcome, Failure> {
        console.end_progress();
        if matches!(error.kind(), ErrorKind::Config | ErrorKind::Connect | ErrorKind::Io) {
            return Err(Failure::new(format!("{error}{}", self.cause(error))));
        }
        if let (true, Some(status), Some(headers)) = (self.shows_head(), error.status(), error.headers()) {
            self.show_head(status, headers, console);
        }
        console.say(&format!("error: {error}{}", self.cause(error)));
        if let Some(id) = error.task_id() {
            self.say_how_to_resume(id, console);
        }
        if self.shows_head() {
            match error.body_json() {
                Some(body) => console.say(&pretty(&clean_value(&self.client, &body))),
                None if error.body().is_some_and(|it| !it.is_empty()) => {
                    let text = error.body_text();
                    let shown: String = clean(&self.client, &text).chars().take(2000).collect();
                    console.say(&shown);
                }
                None => {}
            }
        } else if error.kind() == ErrorKind::Decode && error.body().is_some_and(|it| !it.is_empty()) {
            console.say("  `-v` shows the answer");
        }
        Ok(Outcome::Findings)
    }

    /// What the system says of a connection that failed: it is not in the text of the error.
    fn cause(&self, error: &Error) -> String {
        if !matches!(error.kind(), ErrorKind::Connect | ErrorKind::Transport) {
            return String::new();
        }
        let first = std::error::Error::source(error);
        let last = std::iter::successors(first, |it| it.source()).last().map(ToString::to_string);
        let last = last.filter(|it| !it.is_empty()).map(|it| clean(&self.client, &it).into_owned());
        last.map(|it| format!(": {it}")).unwrap_or_default()
    }

    /// Shows the status and the headers once, if the caller wants them.
    pub(crate) fn show_head(&self, status: StatusCode, headers: &HeaderMap, console: &mut Console<'_>) {
        if self.shows_head() && !self.head_shown.replace(true) {
            self.head(status, headers, console);
        }
    }

    fn shows_head(&self) -> bool {
        self.options.include || self.options.verbose
    }

    fn head(&self, status: StatusCode, headers: &HeaderMap, console: &mut Console<'_>) {
        console.say(&format!("HTTP {status}"));
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            // What a server lets a client keep is a secret of that client.
            let shown = if name == "set-cookie" { "[secret]".into() } else { clean(&self.client, &value) };
            console.say(&format!("{name}: {}", specwright_codegen::escape::escaped(&shown)));
        }
        console.say("");
    }

    pub(crate) fn say_how_to_resume(&self, id: &str, console: &mut Console<'_>) {
        let (api, op) = (&self.api.name, self.op.full_name(self.api));
        let id = crate::shell::quoted(&clean(&self.client, id));
        let others: String = task::within(self)
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| format!(" {}", crate::shell::quoted(&format!("{name}={value}"))))
            .collect();
        console.say(&format!("  `{} call {api} {op} --task {id}{others}` waits for it", self.program));
    }
}

pub(crate) fn call(client: &Client, options: &Options) -> Call {
    let mut call = client.call();
    if let Some(retries) = options.retries {
        call.options().max_retries(retries);
    }
    if let Some(scheme) = &options.scheme {
        call.options().auth_scheme(scheme.clone());
    }
    call
}
