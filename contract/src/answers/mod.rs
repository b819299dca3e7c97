//! Bodies of responses, generated from the model alone: deterministic, plausible, valid.
//!
//! The template is the example of the spec whose request fits best. Without an example, values are generated from the
//! types, similar to the examples of other operations. Each operation is prepared once. A response that does not depend
//! on the request is kept as bytes, any other as a tree in which the parts that depend on the request are marked. The
//! inputs are:
//!
//! - **The request.** A field with the name of a parameter has the value that was sent, if its type and limits allow it,
//!   or else the parameter's default. Exceptions are ids inside lists, secrets, and fields for which the example shows
//!   that they are something else.
//! - **Counts.** The outermost list has as many items as the request says. `count` finds the parameter.
//! - **The task.** Its id, its state, its stage.
//! - **The seed.** With 0, a response is what the document shows. With any other seed, ids and secrets of what a POST
//!   creates differ. The same request and seed give the same bytes.
//! - **The URL of files.** With a base URL for files ([`Answers::with_files`]), results are below it:
//!   `{files}/{task id}/{name}.{ending}`. Without one, examples keep their own URLs and others are at
//!   `https://files.example`.
//!
//! Responses follow the spec more strictly than a client requires, including formats, limits and closed enums
//! ([`specwright_codegen::interpret::validate_answer`]). Texts are generated from their patterns, numbers from their
//! limits, and generated values are validated. Only the values of examples are used unchanged. A response that cannot be
//! generated is a [`Gap`].

mod count;
mod error;
mod example_index;
mod failure;
mod gap;
mod ids;
mod maker;
mod name_hints;
mod pick;
mod picture;
mod plan;
mod prepare;
mod states;
mod synthetic;
mod template;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use bytes::Bytes;
use serde_json::Value;
use specwright_codegen::check;
use specwright_codegen::interpret::validate_answer;
use specwright_codegen::model::{Api, Method, Operation, OperationId, Output, Record};

pub use error::error;
pub(crate) use error::{Failure, error_body};
pub use gap::{Gap, Part};
pub(crate) use ids::Ids;

pub(crate) use name_hints::{is_base64, is_format, words};
pub(crate) use plan::mix_bits;

use example_index::ExampleIndex;
use maker::Maker;
use pick::{Candidate, best};
use plan::Context;
use prepare::{Prepared, prepare};

/// The progress of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It has no result yet.
    Pending,
    /// Not finished, at this stage. A stage that the spec does not declare is the same as pending.
    Stage(String),
    /// Finished, with its result.
    Completed,
    /// Failed, with a message.
    Failed,
}

/// The responses of one API. Its methods must be called with the API that it was created for.
#[derive(Debug)]
pub struct Answers {
    files: Option<String>,
    /// Created when the first operation is used.
    examples: OnceLock<ExampleIndex>,
    /// By [`OperationId`]. Each is prepared when it is first used, so that a server with many operations starts quickly.
    operations: Vec<OnceLock<Prepared>>,
}

impl Answers {
    /// The responses of an API, with the URLs of the spec.
    #[must_use]
    pub fn new(api: &Api) -> Self {
        let operations = api.operations.iter().map(|_| OnceLock::new()).collect();
        Self { files: None, examples: OnceLock::new(), operations }
    }

    /// The responses of an API, with results below the base URL `files`.
    #[must_use]
    pub fn with_files(api: &Api, files: &str) -> Self {
        Self { files: Some(files.trim_end_matches('/').to_owned()), ..Self::new(api) }
    }

    /// The body of a success in one piece. `None` if it has no JSON body. `request` has all parameters by name.
    #[must_use]
    pub fn response(&self, api: &Api, operation: OperationId, request: &Value, seed: u64) -> Option<Value> {
        let (candidate, context) = self.find(api, operation, request, seed, |it| &it.response)?;
        Some(candidate.value(context))
    }

    /// As [`Self::response`], as text, which is shared if it does not depend on the request.
    #[must_use]
    pub fn response_bytes(&self, api: &Api, operation: OperationId, request: &Value, seed: u64) -> Option<Bytes> {
        let (candidate, context) = self.find(api, operation, request, seed, |it| &it.response)?;
        Some(candidate.bytes(context))
    }

    /// The headers of a response, by their names.
    #[must_use]
    pub fn headers(&self, api: &Api, operation: OperationId) -> &[(String, String)] {
        self.prepared(api, operation).map_or(&[], |it| &it.headers)
    }

    /// The body of an event of the API's webhook, by its index. The error says why there is none.
    ///
    /// # Errors
    /// Fails if no value can be generated for its type.
    pub fn event(&self, api: &Api, index: usize) -> Result<Value, String> {
        let events = api.webhook.as_ref().and_then(|it| it.events.as_ref());
        let event = events.and_then(|it| it.events.get(index)).ok_or("there is no such event")?;
        // What is made for an operation depends on its parameters; an event has none of them.
        let made = api.operations.first().and_then(|op| {
            let bare = Operation { parameters: Record::default(), ..op.as_ref().clone() };
            let examples = self.examples.get_or_init(|| ExampleIndex::new(api));
            let maker = Maker::new(api, &bare, examples, self.files.as_deref());
            synthetic::event(&maker, &event.ty)
        });
        let made = made.filter(|it| validate_answer(api, &event.ty, it).is_empty());
        made.or_else(|| check::sample_of(api, &event.ty))
            .ok_or_else(|| format!("no value can be generated for the event `{}`: send a `body` with it", event.name))
    }

    /// The body of the answer with this status, where the status tells several apart; `None`: it has none.
    #[must_use]
    pub fn of_status(
        &self,
        api: &Api,
        operation: OperationId,
        status: u16,
        request: &Value,
        seed: u64,
    ) -> Option<Value> {
        let of = |it: &'_ Prepared| it.by_status.iter().position(|it| it.0 == status);
        let at = of(self.prepared(api, operation)?)?;
        let (candidate, context) = self.find(api, operation, request, seed, |it| &it.by_status[at].1)?;
        Some(candidate.value(context))
    }

    /// The response of a call that creates a task, with the id and, if the record has one, a pending state. Null for an
    /// operation that creates no task.
    #[must_use]
    pub fn created(&self, api: &Api, operation: OperationId, request: &Value, id: &str) -> Value {
        let found = self.find(api, operation, request, 0, |it| &it.created);
        found.map_or(Value::Null, |(candidate, context)| candidate.value(Context { id, ..context }))
    }

    /// As [`Self::created`], as text.
    #[must_use]
    pub fn created_bytes(&self, api: &Api, operation: OperationId, request: &Value, id: &str) -> Bytes {
        let found = self.find(api, operation, request, 0, |it| &it.created);
        found.map_or_else(Bytes::new, |(candidate, context)| candidate.bytes(Context { id, ..context }))
    }

    /// The body of a poll or a callback of a task that `request` created. Null for an operation that creates no task.
    #[must_use]
    pub fn status(
        &self,
        api: &Api,
        operation: OperationId,
        request: &Value,
        id: &str,
        state: &State,
        seed: u64,
    ) -> Value {
        let found = self.find(api, operation, request, seed, |it| of_state(it, state));
        found.map_or(Value::Null, |(candidate, context)| candidate.value(Context { id, ..context }))
    }

    /// As [`Self::status`], as text.
    #[must_use]
    pub fn status_bytes(
        &self,
        api: &Api,
        operation: OperationId,
        request: &Value,
        id: &str,
        state: &State,
        seed: u64,
    ) -> Bytes {
        let found = self.find(api, operation, request, seed, |it| of_state(it, state));
        found.map_or_else(Bytes::new, |(candidate, context)| candidate.bytes(Context { id, ..context }))
    }

    /// Why a valid response cannot be generated, if no example shows it.
    #[must_use]
    pub fn gap<'s>(&'s self, api: &Api, operation: OperationId, part: &Part) -> Option<&'s Gap> {
        let prepared = self.prepared(api, operation)?;
        let candidates = match part {
            Part::Response if !prepared.by_status.is_empty() => {
                let all = prepared.by_status.iter().filter_map(|it| it.1.first()?.gap.as_ref());
                return all.into_iter().next();
            }
            Part::Response => &prepared.response,
            Part::Created => &prepared.created,
            Part::Status(state) => of_state(prepared, state),
            Part::Stream => return None,
        };
        candidates.first()?.gap.as_ref()
    }

    /// All responses of an operation that cannot be generated.
    #[must_use]
    pub fn gaps<'s>(&'s self, api: &Api, operation: OperationId) -> Vec<(Part, &'s Gap)> {
        let Some(op) = api.operations.get(operation.0 as usize) else { return Vec::new() };
        let parts = match &op.output {
            Output::Empty | Output::Binary { .. } | Output::Text { .. } | Output::Redirect => Vec::new(),
            Output::Json { .. } | Output::ByStatus(_) => vec![Part::Response],
            Output::Task(task) => {
                let stages = task.stage.iter().flat_map(|it| &it.values).map(|it| State::Stage(it.0.clone()));
                let states = [State::Pending].into_iter().chain(stages).chain([State::Completed, State::Failed]);
                std::iter::once(Part::Created).chain(states.map(Part::Status)).collect()
            }
        };
        parts.into_iter().filter_map(|it| Some((it.clone(), self.gap(api, operation, &it)?))).collect()
    }

    fn prepared<'s>(&'s self, api: &Api, operation: OperationId) -> Option<&'s Prepared> {
        let index = operation.0 as usize;
        let op = api.operations.get(index)?;
        Some(self.operations.get(index)?.get_or_init(|| {
            let examples = self.examples.get_or_init(|| ExampleIndex::new(api));
            prepare(&Maker::new(api, op, examples, self.files.as_deref()))
        }))
    }

    fn find<'a>(
        &'a self,
        api: &'a Api,
        operation: OperationId,
        request: &'a Value,
        seed: u64,
        of: impl Fn(&'a Prepared) -> &'a [Candidate],
    ) -> Option<(&'a Candidate, Context<'a>)> {
        let op = api.operations.get(operation.0 as usize)?;
        let prepared = self.prepared(api, operation)?;
        let request = request.as_object();
        // Earlier responses are the same every time.
        let seed = if op.method == Method::Post { seed } else { 0 };
        let candidate = best(of(prepared), request)?;
        Some((candidate, Context { request, seed, ..Context::plain(api) }))
    }
}

fn of_state<'p>(prepared: &'p Prepared, state: &State) -> &'p [Candidate] {
    match state {
        State::Pending => &prepared.pending,
        State::Completed => &prepared.completed,
        State::Failed => &prepared.failed,
        State::Stage(name) => {
            prepared.stages.iter().find(|(it, _)| it == name).map_or(&prepared.pending, |(_, all)| all)
        }
    }
}
