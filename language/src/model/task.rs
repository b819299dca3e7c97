//! A task: how it is created, how its status is asked for, and what its states mean.

use super::{Api, FieldIx, Operation, OperationId, PathPart, Type, TypeId, TypeKind};
use crate::source::Span;

/// create → poll → result.
#[derive(Clone, Debug, Hash)]
pub struct Task {
    /// A record: the body that answers the create call.
    pub created: TypeId,
    /// A record: what a completed task carries, fields of every state included.
    pub result: TypeId,
    /// Where the create answer has the id: the wire name of a field, or a JSON pointer. Where it has the URL of the status
    /// call, that is the id.
    pub id_field: String,
    /// How the status is asked for; `None`: at the URL in the create answer.
    pub status: Option<StatusPath>,
    /// The URL is in the header that `id_field` names, and not in the body.
    pub is_url_in_header: bool,
    /// Names of fields of `result` that are there in every state.
    pub every_state: Vec<String>,
    /// Where the status body has the state: the wire name of a field, or a JSON pointer.
    pub state_field: String,
    /// States that mean: ask again. Unknown states count as these.
    pub pending: Vec<String>,
    /// States that mean: done.
    pub completed: Vec<String>,
    /// States that mean: failed. If there are none, a completed task with a value at `error_pointer` failed.
    pub failed: Vec<String>,
    /// Its states are truth values, which the lists have as words.
    pub has_boolean_states: bool,
    /// JSON pointer of the failure's words.
    pub error_pointer: String,
    /// A second, finer field.
    pub stage: Option<Stage>,
    /// Milliseconds between polls.
    pub poll_interval_ms: u64,
    /// Milliseconds after which waiting gives up by default.
    pub deadline_ms: u64,
    /// The operation that takes the id and brings what the task made, as bytes.
    pub download: Option<OperationId>,
    /// The operation that takes the id and cancels the task.
    pub cancel: Option<OperationId>,
    /// The parameter that takes the callback's URL.
    pub callback: Option<FieldIx>,
    /// Where it is written.
    pub span: Span,
}

/// Path of a status call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StatusPath {
    /// Its pieces; the index of a [`PathPart::Parameter`] is one in `parameters`.
    pub parts: Vec<PathPart>,
    /// The names of its query, each with an index in `parameters` or a text: `?task_id={id}&kind=video`.
    pub query: Vec<(String, PathPart)>,
    /// In the order of the path and the query; exactly one is the id.
    pub parameters: Vec<StatusParameter>,
    /// A slash in the id is one in the path: `{+id}`.
    pub keeps_slashes: bool,
}

/// A parameter of a status path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StatusParameter {
    /// Its name in the path.
    pub name: String,
    /// Where its value comes from.
    pub from: StatusValue,
}

/// Where the value of a parameter of a status path comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusValue {
    /// It is the id of the task.
    Id,
    /// From the path of the call that created the task.
    Created(FieldIx),
    /// From the client: index in [`Api::client_parameters`].
    Client(usize),
}

impl StatusParameter {
    /// Which of [`Api::client_parameters`] its value is one of. `created_by` is the operation that creates the task.
    #[must_use]
    pub fn client(&self, created_by: &Operation) -> Option<usize> {
        match self.from {
            StatusValue::Created(ix) => created_by.parameters.field(ix).client,
            StatusValue::Client(index) => Some(index),
            StatusValue::Id => None,
        }
    }
}

impl StatusPath {
    /// A path in which only the id is a parameter.
    #[must_use]
    pub fn of_id(before: &str, after: &str) -> Self {
        let literal = |text: &str| (!text.is_empty()).then(|| PathPart::Literal(text.to_owned()));
        let parts = [literal(before), Some(PathPart::Parameter(FieldIx(0))), literal(after)];
        let id = StatusParameter { name: "id".to_owned(), from: StatusValue::Id };
        Self {
            parts: parts.into_iter().flatten().collect(),
            query: Vec::new(),
            parameters: vec![id],
            keeps_slashes: false,
        }
    }

    /// `/accounts/{account}/tasks/{id}`, or `/tasks?id={id}`.
    #[must_use]
    pub fn template(&self) -> String {
        let (before, after) = self.around_the_id();
        format!("{before}{{{}}}{after}", self.id_name())
    }

    /// The same without the query.
    #[must_use]
    pub fn path_template(&self) -> String {
        let template = self.template();
        template.split('?').next().unwrap_or_default().to_owned()
    }

    /// What a parameter is called in the query, if it is there.
    #[must_use]
    pub fn query_name(&self, parameter: usize) -> Option<&str> {
        let is_it = |it: &PathPart| matches!(it, PathPart::Parameter(ix) if ix.0 as usize == parameter);
        self.query.iter().find(|(_, it)| is_it(it)).map(|(name, _)| name.as_str())
    }

    /// Its pieces, those of the query included.
    fn pieces(&self) -> impl Iterator<Item = PathPart> {
        let query = self.query.iter().enumerate().flat_map(|(index, (name, value))| {
            let mark = if index == 0 { '?' } else { '&' };
            [PathPart::Literal(format!("{mark}{name}=")), value.clone()]
        });
        self.parts.iter().cloned().chain(query)
    }

    /// What the id is called in documents: `id`, unless another parameter has that name.
    #[must_use]
    pub fn id_name(&self) -> &str {
        let own = self.parameters.iter().find(|it| it.from == StatusValue::Id);
        own.filter(|_| self.others().any(|it| it.name == "id")).map_or("id", |it| &it.name)
    }

    /// Where the id is among the parameters.
    #[must_use]
    pub fn id_position(&self) -> usize {
        self.parameters.iter().position(|it| it.from == StatusValue::Id).unwrap_or_default()
    }

    /// The path before and after the id, with the other parameters as `{name}`.
    #[must_use]
    pub fn around_the_id(&self) -> (String, String) {
        let (mut before, mut after, mut seen) = (String::new(), String::new(), false);
        for part in self.pieces() {
            let text = match part {
                PathPart::Literal(text) => text,
                PathPart::Parameter(ix) => match self.parameters.get(ix.0 as usize) {
                    Some(it) if it.from != StatusValue::Id => format!("{{{}}}", it.name),
                    _ => {
                        seen = true;
                        continue;
                    }
                },
            };
            if seen { &mut after } else { &mut before }.push_str(&text);
        }
        (before, after)
    }

    /// The parameters beside the id.
    pub fn others(&self) -> impl Iterator<Item = &StatusParameter> {
        self.parameters.iter().filter(|it| it.from != StatusValue::Id)
    }
}

/// What a body has at a place: the wire name of a field, or a JSON pointer.
#[must_use]
pub fn value_at<'v>(body: &'v serde_json::Value, place: &str) -> Option<&'v serde_json::Value> {
    if place.starts_with('/') { body.pointer(place) } else { body.get(place) }
}

/// The record in a field of a record.
fn field_type(api: &Api, id: TypeId, name: &str) -> Option<TypeId> {
    let TypeKind::Record(record) = &api.ty(id).kind else { return None };
    match record.find(&name.replace("~1", "/").replace("~0", "~"))?.1.ty {
        Type::Named(id) => Some(id),
        _ => None,
    }
}

impl Task {
    /// The state in a body, as the lists of states have it.
    #[must_use]
    pub fn state_in<'v>(&self, body: &'v serde_json::Value) -> Option<&'v str> {
        match value_at(body, &self.state_field)? {
            serde_json::Value::Bool(true) if self.has_boolean_states => Some("true"),
            serde_json::Value::Bool(false) if self.has_boolean_states => Some("false"),
            serde_json::Value::String(text) if !self.has_boolean_states => Some(text),
            _ => None,
        }
    }

    /// Whether status bodies have the task's id where the create answer has it. A result may have a field of that name that
    /// means itself.
    #[must_use]
    pub fn status_has_id(&self, api: &Api) -> bool {
        if self.status.is_none() {
            return false;
        }
        let same_parent = || {
            let (parent, _) = self.id_field.rsplit_once('/')?;
            let of = |id: TypeId| parent.split('/').skip(1).try_fold(id, |id, name| field_type(api, id, name));
            Some(of(self.created)? == of(self.result)?)
        };
        self.every_state.contains(&self.id_field) || self.created == self.result || same_parent() == Some(true)
    }

    /// A state as it is sent.
    #[must_use]
    pub fn state_value(&self, state: &str) -> serde_json::Value {
        if self.has_boolean_states { (state == "true").into() } else { state.into() }
    }

    /// Whether a body in a state of `completed` says that the task failed.
    #[must_use]
    pub fn tells_failure(&self, body: &serde_json::Value) -> bool {
        self.failed.is_empty() && body.pointer(&self.error_pointer).is_some_and(|it| !it.is_null())
    }
}

/// A field that tells progress within a state.
#[derive(Clone, Debug, Hash)]
pub struct Stage {
    /// Wire name.
    pub field: String,
    /// Known values with their words; open.
    pub values: Vec<(String, String)>,
}
