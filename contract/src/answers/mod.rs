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
//! ([`specwright_codegen::interpret::validate_answer`]). Only what an example shows is taken as it is.

mod count;
mod error;
mod gallery;
mod maker;
mod pick;
mod picture;
mod plan;
mod prepare;
mod synth;
mod template;
#[cfg(test)]
mod tests;
mod words;

use std::sync::OnceLock;

use bytes::Bytes;
use serde_json::Value;
use specwright_codegen::model::{Api, Method, OperationId};

pub use error::error;

pub(crate) use plan::mixed;
pub(crate) use words::{is_base64, is_format, words};

use gallery::Gallery;
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
    gallery: OnceLock<Gallery>,
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

    fn find<'a>(
        &'a self,
        api: &'a Api,
        operation: OperationId,
        request: &'a Value,
        seed: u64,
        of: impl Fn(&'a Prepared) -> &'a [Candidate],
    ) -> Option<(&'a Candidate, Context<'a>)> {
        let index = operation.0 as usize;
        let op = api.operations.get(index)?;
        let prepared = self.operations.get(index)?.get_or_init(|| {
            let gallery = self.gallery.get_or_init(|| Gallery::new(api));
            prepare(&Maker::new(api, op, gallery, self.files.as_deref()))
        });
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
