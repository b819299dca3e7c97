//! All answers of one operation, prepared: from its examples, else made up from its types.

use serde_json::{Map, Value};
use specwright_codegen::check;
use specwright_codegen::interpret::{fits_field, validate_answer, validate_state, validate_value};
use specwright_codegen::model::{Example, ExampleOf, Operation, Output, Record, Task, Type, TypeKind};

use super::maker::{Maker, Spot};
use super::pick::Candidate;
use super::plan::{Context, Plan};
use super::synth::{Fullness, Synth};
use super::template::Template;
use super::words::{self, words};

/// What an id looks like.
const ID: &str = "0b1e6f0c-5a3f-4f0e-9d2a-7c1f5b8e2d4a";

/// What a failed task says where no example does.
const FAILED: &str = "The task failed.";

/// The answers of one operation.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// Of a call that is no task's.
    pub(super) response: Vec<Candidate>,
    /// Of a call that creates a task.
    pub(super) created: Vec<Candidate>,
    pub(super) pending: Vec<Candidate>,
    pub(super) stages: Vec<(String, Vec<Candidate>)>,
    pub(super) completed: Vec<Candidate>,
    pub(super) failed: Vec<Candidate>,
}

/// Prepares an operation.
pub(super) fn prepare(maker: &Maker<'_>) -> Prepared {
    match &maker.op.output {
        Output::Empty | Output::Binary { .. } => Prepared::default(),
        Output::Json { ty, wrapper, .. } => {
            Prepared { response: response(maker, ty, wrapper.as_deref()), ..Prepared::default() }
        }
        Output::Task(task) => tasks(maker, task),
    }
}

/// What an example's request shows; `None` for one that is refused.
fn request_of(example: &Example) -> Option<Option<&Map<String, Value>>> {
    example.invalid.is_empty().then(|| example.request.as_ref().and_then(Value::as_object))
}

fn answers<'o>(op: &'o Operation, of: &[ExampleOf]) -> Vec<(&'o Value, Option<&'o Map<String, Value>>)> {
    let shown = op.examples.iter().filter(|it| of.contains(&it.of));
    shown.filter_map(|it| Some((it.response.as_ref()?, request_of(it)?))).collect()
}

fn response<'a>(maker: &Maker<'a>, ty: &'a Type, wrapper: Option<&'a str>) -> Vec<Candidate> {
    let (api, op) = (maker.api, maker.op);
    let mut made = Vec::new();
    for (shown, request) in answers(op, &[ExampleOf::Call]) {
        let template = Template { maker, request };
        let plan = match wrapper {
            // A list may show the chunks of a stream instead of the answer in one piece.
            None if !validate_value(api, ty, shown).is_empty() => continue,
            None => template.value(ty, shown, &Spot::top(), None),
            Some(key) => {
                let Some(object) = shown.as_object() else { continue };
                let field = |(name, shown): (&'a String, &'a Value)| {
                    let plan = if name == key {
                        template.value(ty, shown, &wrapped(key), None)
                    } else {
                        Plan::Fixed(shown.clone())
                    };
                    (name.clone(), plan)
                };
                Plan::Object(object.iter().map(field).collect()).folded()
            }
        };
        made.push(Candidate::new(api, op, plan, request, shown));
    }
    if made.is_empty() {
        let at = wrapper.map_or_else(Spot::top, wrapped);
        let fits = |plan: &Plan| validate_answer(api, ty, &plan.value(Context::plain(api))).is_empty();
        let mut plans = [Fullness::Rich, Fullness::Lean].into_iter();
        let plan = plans.find_map(|it| Synth::new(maker, it).value(ty, &at, None).filter(&fits));
        let plan = plan.or_else(|| check::sample_of(api, ty).map(Plan::Fixed)).unwrap_or(Plan::Fixed(Value::Null));
        let plan = match wrapper {
            None => plan,
            Some(key) => Plan::Object(vec![(key.to_owned(), plan)]).folded(),
        };
        made.push(Candidate::new(api, op, plan, None, &Value::Null));
    }
    made
}

/// The place of a wrapped value: its name is the key's, and it stands no deeper than it would without.
fn wrapped(key: &str) -> Spot<'_> {
    Spot { records: 0, ..Spot::top().field(key) }
}

fn tasks(maker: &Maker<'_>, task: &Task) -> Prepared {
    let mut prepared = Prepared { created: created(maker, task), ..Prepared::default() };
    let states = States { maker, task };
    for (shown, request) in answers(maker.op, &[ExampleOf::Status, ExampleOf::Callback]) {
        let Some(object) = shown.as_object() else { continue };
        let Some(state) = object.get(&task.state_field).and_then(Value::as_str) else { continue };
        let stage = task.stage.as_ref().and_then(|it| object.get(&it.field)).and_then(Value::as_str);
        let candidate = |stage| {
            let plan = states.template(object, request, state, stage);
            Candidate::new(maker.api, maker.op, plan, request, shown)
        };
        let is = |of: &[String]| of.iter().any(|it| it == state);
        if is(&task.completed) {
            prepared.completed.push(candidate(None));
        } else if is(&task.failed) {
            prepared.failed.push(candidate(None));
        } else if let Some(stage) = stage {
            match prepared.stages.iter_mut().find(|(it, _)| it == stage) {
                Some((_, all)) => all.push(candidate(None)),
                None => prepared.stages.push((stage.to_owned(), vec![candidate(None)])),
            }
        } else {
            prepared.pending.push(candidate(None));
        }
    }
    let made = |state: &str, stage: Option<&str>, kind| {
        let plan = states.made_up(state, stage, kind);
        vec![Candidate::new(maker.api, maker.op, plan, None, &Value::Null)]
    };
    let first = |of: &[String], or: &str| of.first().map_or_else(|| or.to_owned(), Clone::clone);
    let pending = first(&task.pending, "pending");
    if prepared.pending.is_empty() {
        prepared.pending = made(&pending, None, Kind::Pending);
    }
    for (stage, _) in task.stage.iter().flat_map(|it| &it.values) {
        if !prepared.stages.iter().any(|(it, _)| it == stage) {
            let working = task.pending.last().unwrap_or(&pending);
            prepared.stages.push((stage.clone(), made(working, Some(stage), Kind::Pending)));
        }
    }
    if prepared.completed.is_empty() {
        let last = stage_of(task, |it| !is_failure(task, it));
        prepared.completed = made(&first(&task.completed, "completed"), last, Kind::Completed);
    }
    if prepared.failed.is_empty() {
        let stage = stage_of(task, |it| is_failure(task, it));
        prepared.failed = made(&first(&task.failed, "failed"), stage, Kind::Failed);
    }
    prepared
}

fn is_failure(task: &Task, stage: &str) -> bool {
    task.failed.iter().any(|it| it == stage) || words::is_of_failure(&words(stage))
}

/// The last stage of which something holds.
fn stage_of(task: &Task, holds: impl Fn(&str) -> bool) -> Option<&str> {
    let stages = task.stage.iter().flat_map(|it| &it.values).map(|(it, _)| it.as_str());
    stages.filter(|it| holds(it)).last()
}

fn created(maker: &Maker<'_>, task: &Task) -> Vec<Candidate> {
    let (api, op) = (maker.api, maker.op);
    let TypeKind::Record(record) = &api.ty(task.created).kind else { return Vec::new() };
    let pending = task.pending.first();
    let placed = |mut fields: Vec<(String, Plan)>| {
        put(&mut fields, &task.id_field, Plan::Id);
        let state = fields.iter_mut().find(|(name, _)| *name == task.state_field);
        if let (Some((_, plan)), Some(pending)) = (state, pending) {
            let shown = match plan {
                Plan::Fixed(Value::String(shown)) => task.pending.contains(shown),
                _ => false,
            };
            if !shown {
                *plan = Plan::Fixed(pending.as_str().into());
            }
        }
        Plan::Object(fields)
    };
    let mut made = Vec::new();
    for (shown, request) in answers(op, &[ExampleOf::Call]) {
        let Some(object) = shown.as_object() else { continue };
        let template = Template { maker, request };
        let plan = placed(template.fields(task.created, record, object, &Spot::top()));
        made.push(Candidate::new(api, op, plan, request, shown));
    }
    if made.is_empty() {
        let fits =
            |plan: &Plan| validate_answer(api, &Type::Named(task.created), &plan.value(Context::plain(api))).is_empty();
        let mut plans = [Fullness::Rich, Fullness::Lean].into_iter();
        let plan = plans
            .find_map(|it| Synth::new(maker, it).record(task.created, record, &Spot::top()).map(placed).filter(&fits));
        let plan = plan.unwrap_or_else(|| placed(Vec::new()));
        made.push(Candidate::new(api, op, plan, None, &Value::Null));
    }
    made
}

/// How far a task is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pending,
    Completed,
    Failed,
}

/// Makes the bodies of polls and callbacks.
struct States<'m, 'a> {
    maker: &'m Maker<'a>,
    task: &'a Task,
}

impl<'a> States<'_, 'a> {
    fn record(&self) -> Option<&'a Record> {
        match &self.maker.api.ty(self.task.result).kind {
            TypeKind::Record(record) => Some(record),
            _ => None,
        }
    }

    fn template(
        &self,
        object: &'a Map<String, Value>,
        request: Option<&'a Map<String, Value>>,
        state: &str,
        stage: Option<&str>,
    ) -> Plan {
        let template = Template { maker: self.maker, request };
        let mut fields = match self.record() {
            Some(record) => template.fields(self.task.result, record, object, &Spot::top()),
            None => Vec::new(),
        };
        self.mark_id(&mut fields);
        self.mark(&mut fields, state, stage);
        Plan::Object(fields).folded()
    }

    fn made_up(&self, state: &str, stage: Option<&str>, kind: Kind) -> Plan {
        let fits =
            |it: &Plan| validate_state(self.maker.api, self.task, &it.value(Context::plain(self.maker.api))).is_empty();
        let mut plans = [Fullness::Rich, Fullness::Lean].into_iter().map(|it| self.attempt(state, stage, kind, it));
        plans.find(&fits).unwrap_or_else(|| {
            let sample = check::sample_of(self.maker.api, &Type::Named(self.task.result));
            let sample = sample.and_then(|it| match it {
                Value::Object(fields) => Some(fields.into_iter().map(|(name, it)| (name, Plan::Fixed(it))).collect()),
                _ => None,
            });
            let mut fields = sample.filter(|_| kind == Kind::Completed).unwrap_or_default();
            self.mark(&mut fields, state, stage);
            Plan::Object(fields).folded()
        })
    }

    fn attempt(&self, state: &str, stage: Option<&str>, kind: Kind, fullness: Fullness) -> Plan {
        let Some(record) = self.record() else { return Plan::Object(Vec::new()) };
        let mut made =
            Synth::new(self.maker, fullness).record(self.task.result, record, &Spot::top()).unwrap_or_default();
        let every = |name: &str| self.task.every_state.iter().any(|it| it == name);
        // What a state may leave out is there where the request says what it is.
        let said = |name: &str| self.maker.op.parameters.find(name).is_some();
        let needed = |name: &str| record.find(name).is_none_or(|(_, it)| it.always_required());
        made.retain(|(name, _)| match every(name) {
            true => needed(name) || said(name) || name == &self.task.id_field || name == &self.task.state_field,
            false => kind == Kind::Completed,
        });
        // What a task is comes before what came of it.
        made.sort_by_key(|(name, _)| !every(name));
        self.mark_id(&mut made);
        self.mark(&mut made, state, stage);
        if kind == Kind::Failed {
            let segments: Vec<&str> = self.task.error_pointer.split('/').skip(1).collect();
            if let [first, rest @ ..] = &*segments {
                let words = rest
                    .iter()
                    .rev()
                    .fold(Value::from(FAILED), |it, name| Value::Object(Map::from_iter([((*name).to_owned(), it)])));
                put(&mut made, first, Plan::Fixed(words));
            }
        }
        Plan::Object(made).folded()
    }

    /// The id of the task, where the field of that name can be it.
    fn mark_id(&self, fields: &mut [(String, Plan)]) {
        let field = self.record().and_then(|it| it.find(&self.task.id_field));
        let takes_ids = field.is_none_or(|(_, it)| fits_field(self.maker.api, it, &ID.into()));
        if let Some((_, id)) = fields.iter_mut().find(|(name, _)| *name == self.task.id_field && takes_ids) {
            *id = Plan::Id;
        }
    }

    /// Puts state and stage where they belong.
    fn mark(&self, fields: &mut Vec<(String, Plan)>, state: &str, stage: Option<&str>) {
        put(fields, &self.task.state_field, Plan::Fixed(state.into()));
        if let (Some(stage), Some(declared)) = (stage, &self.task.stage) {
            put(fields, &declared.field, Plan::Fixed(stage.into()));
        }
    }
}

/// Sets a field, behind all others if it is new.
fn put(fields: &mut Vec<(String, Plan)>, name: &str, plan: Plan) {
    match fields.iter_mut().find(|(it, _)| it == name) {
        Some((_, it)) => *it = plan,
        None => fields.push((name.to_owned(), plan)),
    }
}
