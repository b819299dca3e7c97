//! Bodies of answers from the model alone: deterministic, plausible, valid.

use serde_json::{Map, Value};
use specwright_codegen::model::{Api, OperationId, Output};

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is being worked on.
    Pending,
    /// It is being worked on, and has come to this stage.
    Stage(String),
    /// It is done.
    Completed,
    /// Nothing came of it.
    Failed,
}

/// What is prepared of an API.
#[derive(Debug)]
pub struct Answers;

impl Answers {
    /// Prepares the answers of an API.
    #[must_use]
    pub fn new(_: &Api) -> Self {
        Self
    }

    /// Body of a unary success (None: no body). `request`: all parameters by name.
    #[must_use]
    pub fn response(&self, api: &Api, operation: OperationId, _: &Value, _: u64) -> Option<Value> {
        let op = api.operation(operation);
        match &op.output {
            Output::Empty | Output::Binary { .. } => None,
            Output::Json { .. } | Output::Task(_) => {
                let example = op.examples.iter().find_map(|it| it.response.clone());
                Some(example.unwrap_or_else(|| Value::Object(Map::new())))
            }
        }
    }

    /// Answer of a create: has the id and, where the record has it, the pending state.
    #[must_use]
    pub fn created(&self, api: &Api, operation: OperationId, _: &Value, id: &str) -> Value {
        let mut body = Map::new();
        if let Output::Task(task) = &api.operation(operation).output {
            body.insert(task.id_field.clone(), id.into());
        }
        Value::Object(body)
    }

    /// Status and callback body of a task in a state, fitting the request.
    #[must_use]
    pub fn status(&self, api: &Api, operation: OperationId, _: &Value, id: &str, state: &State, _: u64) -> Value {
        let mut body = Map::new();
        if let Output::Task(task) = &api.operation(operation).output {
            body.insert(task.id_field.clone(), id.into());
            let states = match state {
                State::Pending | State::Stage(_) => &task.pending,
                State::Completed => &task.completed,
                State::Failed => &task.failed,
            };
            let word = states.first().map_or("pending", String::as_str);
            body.insert(task.state_field.clone(), word.into());
            if let (State::Stage(stage), Some(known)) = (state, &task.stage) {
                body.insert(known.field.clone(), stage.as_str().into());
            }
        }
        Value::Object(body)
    }
}
