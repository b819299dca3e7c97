//! Bodies of answers from the model alone: deterministic, plausible, valid.
//!
//! An example of the spec whose request fits best is the template; where there is none, values are made up from the
//! types, in the manner of what examples of other operations show. Each operation is prepared once: an answer that no request changes is kept as bytes,
//! any other as a tree in which the parts that depend on the request are marked. What goes in:
//!
//! - **The request.** A field that has the name of a parameter shows what was sent, where its type and limits take it;
//!   left out, it shows the parameter's default. Not ids inside lists, nothing secret, and nothing that the example
//!   shows to be something else.
//! - **Counts.** The outermost list has as many items as the request says: see `count` for which parameter does.
//! - **The task.** Its id, its state, its stage.
//! - **The seed.** With 0 an answer is what the document shows; with any other, ids and secrets of what a POST makes
//!   are told apart. The same request and seed give the same bytes.
//! - **Where files are.** With a base URL for files ([`Answers::with_files`]), results are below it:
//!   `{files}/{task id}/{name}.{ending}`. Without one, examples keep their own URLs and others are at
//!   `https://files.example`.
//!
//! Answers hold to the spec more strictly than a client asks: formats, limits and closed enums too
//! ([`specwright_codegen::interpret::validate_answer`]): texts are made of their patterns, numbers of their limits, and
//! what is made up is judged. Only what an example shows is taken as it is. For what cannot be made up there is no answer,
//! but a [`Gap`].

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
use specwright_codegen::model::{Api, Method, OperationId, Output};

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

/// How far a task is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing came of it yet.
    Pending,
    /// Not finished, at this stage. One that the spec does not know is the same as pending.
    Stage(String),
    /// Finished, with its result.
    Completed,
    /// Failed, with words.
    Failed,
}

/// Answers of one API. Always asked with the API that they were made for.
#[derive(Debug)]
pub struct Answers {
    files: Option<String>,
    /// Made when the first operation is asked for.
    gallery: OnceLock<ExampleIndex>,
    /// By [`OperationId`]; each is prepared when it is first asked for, so that a server with many is ready at once.
    operations: Vec<OnceLock<Prepared>>,
}

impl Answers {
    /// Answers of an API; URLs are those of the spec.
    #[must_use]
    pub fn new(api: &Api) -> Self {
        let operations = api.operations.iter().map(|_| OnceLock::new()).collect();
        Self { files: None, gallery: OnceLock::new(), operations }
    }

    /// Answers of an API; results are below the base URL `files`.
    #[must_use]
    pub fn with_files(api: &Api, files: &str) -> Self {
        Self { files: Some(files.trim_end_matches('/').to_owned()), ..Self::new(api) }
    }

    /// The body of a success in one piece; `None`: it has none that is JSON. `request` holds all parameters by name.
    #[must_use]
    pub fn response(&self, api: &Api, operation: OperationId, request: &Value, seed: u64) -> Option<Value> {
        let (candidate, context) = self.find(api, operation, request, seed, |it| &it.response)?;
        Some(candidate.value(context))
    }

    /// As [`Self::response`], as text: shared where no request changes it.
    #[must_use]
    pub fn response_bytes(&self, api: &Api, operation: OperationId, request: &Value, seed: u64) -> Option<Bytes> {
        let (candidate, context) = self.find(api, operation, request, seed, |it| &it.response)?;
        Some(candidate.bytes(context))
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

    /// The answer of a call that creates a task: with the id and, where the record has it, a pending state. Null for an
    /// operation that creates none.
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

    /// The body of a poll or a callback of a task that `request` created. Null for an operation that creates none.
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

    /// What keeps an answer from holding to the spec, where no example shows it and none can be made up.
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

    /// All answers of an operation that cannot be made up.
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
            let gallery = self.gallery.get_or_init(|| ExampleIndex::new(api));
            prepare(&Maker::new(api, op, gallery, self.files.as_deref()))
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
        // What was there before is the same at every look.
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
