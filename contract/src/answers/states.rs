//! The responses of an operation that starts tasks: of the call itself, and of polls and callbacks in every state.

use serde_json::{Map, Value};
use specwright_codegen::check;
use specwright_codegen::interpret::{fits_field, validate_answer, validate_state};
use specwright_codegen::model::{ExampleOf, Record, Task, Type, TypeKind};

use super::gap::Gap;
use super::ids::{Ids, field_at};
use super::maker::{Maker, ResponsePath};
use super::name_hints::{self, words};
use super::pick::Candidate;
use super::plan::{Context, List, Plan};
use super::prepare::{Prepared, answers, best};
use super::synthetic::{Fullness, Synthesizer};
use super::template::Template;
use crate::pointer;

/// The message of a failed task without an example.
const FAILED: &str = "The task failed.";

/// The responses of an operation that starts tasks.
pub(super) fn tasks(maker: &Maker<'_>, task: &Task) -> Prepared {
    let mut prepared = Prepared { created: created(maker, task), ..Prepared::default() };
    let states = States { maker, task, id: Ids::of(maker.api, task).nth(0, 0) };
    for (shown, request) in answers(maker.op, &[ExampleOf::Status, ExampleOf::Callback]) {
        let Some(object) = shown.as_object() else { continue };
        let Some(state) = task.state_in(shown) else { continue };
        let stage = task.stage.as_ref().and_then(|it| object.get(&it.field)).and_then(Value::as_str);
        let candidate = |stage| {
            let plan = states.template(object, request, state, stage);
            Candidate::new(maker.api, maker.op, plan, request, shown)
        };
        let is = |of: &[String]| of.iter().any(|it| it == state);
        if is(&task.completed) && !task.tells_failure(shown) {
            prepared.completed.push(candidate(None));
        } else if is(&task.failed) || is(&task.completed) {
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
        let (plan, gap) = states.synthetic_state(state, stage, kind);
        vec![Candidate::synthetic(maker.api, maker.op, plan, gap)]
    };
    let first = |of: &[String], or: &str| of.first().map_or_else(|| or.to_owned(), Clone::clone);
    let pending = first(&task.pending, "pending");
    if prepared.pending.is_empty() {
        prepared.pending = made(&pending, None, TaskPhase::Pending);
    }
    for (stage, _) in task.stage.iter().flat_map(|it| &it.values) {
        if !prepared.stages.iter().any(|(it, _)| it == stage) {
            let working = task.pending.last().unwrap_or(&pending);
            prepared.stages.push((stage.clone(), made(working, Some(stage), TaskPhase::Pending)));
        }
    }
    if prepared.completed.is_empty() {
        let last = stage_of(task, |it| !is_failure(task, it));
        prepared.completed = made(&first(&task.completed, "completed"), last, TaskPhase::Completed);
    }
    if prepared.failed.is_empty() {
        let stage = stage_of(task, |it| is_failure(task, it));
        // Without a state of failure, the error beside that of success tells it.
        let states = if task.failed.is_empty() { &task.completed } else { &task.failed };
        prepared.failed = made(&first(states, "failed"), stage, TaskPhase::Failed);
    }
    prepared
}

fn is_failure(task: &Task, stage: &str) -> bool {
    task.failed.iter().any(|it| it == stage) || name_hints::is_of_failure(&words(stage))
}

/// The last stage that satisfies a predicate.
fn stage_of(task: &Task, holds: impl Fn(&str) -> bool) -> Option<&str> {
    let stages = task.stage.iter().flat_map(|it| &it.values).map(|(it, _)| it.as_str());
    stages.filter(|it| holds(it)).last()
}

fn created(maker: &Maker<'_>, task: &Task) -> Vec<Candidate> {
    let (api, op) = (maker.api, maker.op);
    let TypeKind::Record(record) = &api.ty(task.created).kind else { return Vec::new() };
    let pending = task.pending.first();
    let placed = |mut fields: Vec<(String, Plan)>| {
        if !task.is_url_in_header {
            let whole = field_at(api, record, &task.id_field).is_some_and(|it| it.ty.is_whole());
            put_at(&mut fields, &task.id_field, if whole { Plan::WholeId } else { Plan::Id });
        }
        if let (Some(plan), Some(pending)) = (plan_at(&fields, &task.state_field), pending) {
            let shown = match plan {
                Plan::Fixed(shown) => task.pending.iter().any(|it| task.state_value(it) == shown),
                _ => false,
            };
            if !shown {
                put_at(&mut fields, &task.state_field, Plan::Fixed(task.state_value(pending)));
            }
        }
        Plan::Object(fields)
    };
    let mut made = Vec::new();
    for (shown, request) in answers(op, &[ExampleOf::Call]) {
        let Some(object) = shown.as_object() else { continue };
        let template = Template { maker, request };
        let plan = placed(template.fields(task.created, record, object, &ResponsePath::top()));
        made.push(Candidate::new(api, op, plan, request, shown));
    }
    if made.is_empty() {
        let id = Ids::of(api, task).nth(0, 0);
        let attempts = [Fullness::Rich, Fullness::Lean].into_iter().map(|it| {
            let mut synth = Synthesizer::new(maker, it);
            (synth.record(task.created, record, &ResponsePath::top()).map(placed), synth.gap())
        });
        let bare = std::iter::once_with(|| (Some(placed(Vec::new())), None));
        let (plan, gap) = best(attempts.chain(bare), |plan| {
            let value = plan.value(Context { id: &id, ..Context::plain(api) });
            validate_answer(api, &Type::Named(task.created), &value).iter().map(Gap::of).collect()
        });
        made.push(Candidate::synthetic(api, op, plan, gap));
    }
    made
}

/// The progress of a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TaskPhase {
    Pending,
    Completed,
    Failed,
}

/// Creates the bodies of polls and callbacks.
struct States<'m, 'a> {
    maker: &'m Maker<'a>,
    task: &'a Task,
    /// The form of a task's id.
    id: String,
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
            Some(record) => template.fields(self.task.result, record, object, &ResponsePath::top()),
            None => Vec::new(),
        };
        self.mark_id(&mut fields);
        self.mark(&mut fields, state, stage);
        Plan::Object(fields).fold_constants()
    }

    fn synthetic_state(&self, state: &str, stage: Option<&str>, kind: TaskPhase) -> (Plan, Option<Gap>) {
        let (api, task) = (self.maker.api, self.task);
        let of = |words| [Fullness::Rich, Fullness::Lean].map(|it| self.attempt(state, stage, kind, it, words));
        // The field may not allow our own message.
        let attempts =
            [Some(FAILED), None].into_iter().take(if kind == TaskPhase::Failed { 2 } else { 1 }).flat_map(of);
        let sampled = std::iter::once_with(|| {
            let sample = check::sample_of(api, &Type::Named(task.result));
            let sample = sample.and_then(|it| match it {
                Value::Object(fields) => Some(fields.into_iter().map(|(name, it)| (name, Plan::Fixed(it))).collect()),
                _ => None,
            });
            let mut fields = sample.filter(|_| kind == TaskPhase::Completed).unwrap_or_default();
            self.mark(&mut fields, state, stage);
            (Some(Plan::Object(fields).fold_constants()), None)
        });
        best(attempts.chain(sampled), |plan| {
            let body = plan.value(Context { id: &self.id, ..Context::plain(api) });
            let mut gaps: Vec<Gap> = validate_state(api, task, &body).iter().map(Gap::of).collect();
            let words = body.pointer(&task.error_pointer);
            if kind == TaskPhase::Failed && !words.is_some_and(Value::is_string) {
                gaps.push(Gap { at: task.error_pointer.clone(), why: "it says why a task failed".to_owned() });
            }
            gaps
        })
    }

    fn attempt(
        &self,
        state: &str,
        stage: Option<&str>,
        kind: TaskPhase,
        fullness: Fullness,
        words: Option<&str>,
    ) -> (Option<Plan>, Option<Gap>) {
        let Some(record) = self.record() else { return (Some(Plan::Object(Vec::new())), None) };
        let mut synth = Synthesizer::new(self.maker, fullness);
        let Some(mut made) = synth.record(self.task.result, record, &ResponsePath::top()) else {
            return (None, synth.gap());
        };
        let every = |name: &str| self.task.every_state.iter().any(|it| it == name);
        // An optional field of a state is present if the request determines its value.
        let said = |name: &str| self.maker.op.parameters.find(name).is_some();
        let needed = |name: &str| record.find(name).is_none_or(|(_, it)| it.always_required());
        made.retain(|(name, _)| match every(name) {
            true => needed(name) || said(name) || name == &self.task.id_field || name == &self.task.state_field,
            false => kind == TaskPhase::Completed,
        });
        // The id and state of a task come before its result.
        made.sort_by_key(|(name, _)| !every(name));
        self.mark_id(&mut made);
        self.mark(&mut made, state, stage);
        if kind == TaskPhase::Failed {
            let segments: Vec<&str> = self.task.error_pointer.split('/').skip(1).collect();
            if let [first, rest @ ..] = &*segments {
                let field = record.find(first);
                let shown = field.and_then(|(_, it)| synth.field(it, &ResponsePath::top()));
                put(&mut made, first, with_words(shown.map(|it| it.0), rest, words));
            }
        }
        (Some(Plan::Object(made).fold_constants()), None)
    }

    /// The id of the task, if the field with that name can contain it.
    fn mark_id(&self, fields: &mut Vec<(String, Plan)>) {
        if self.task.status.is_none() {
            return;
        }
        let place = &self.task.id_field;
        let field = self.record().and_then(|it| field_at(self.maker.api, it, place));
        let whole = field.filter(|it| it.ty.is_whole()).and_then(|_| self.id.parse::<u64>().ok());
        let id = whole.map_or_else(|| self.id.as_str().into(), Value::from);
        let takes_ids = field.is_none_or(|it| fits_field(self.maker.api, it, &id));
        if takes_ids && plan_at(fields, place).is_some() {
            put_at(fields, place, if whole.is_some() { Plan::WholeId } else { Plan::Id });
        }
    }

    /// Sets state and stage.
    fn mark(&self, fields: &mut Vec<(String, Plan)>, state: &str, stage: Option<&str>) {
        put_at(fields, &self.task.state_field, Plan::Fixed(self.task.state_value(state)));
        if let (Some(stage), Some(declared)) = (stage, &self.task.stage) {
            put(fields, &declared.field, Plan::Fixed(stage.into()));
        }
    }
}

/// Sets a field. A new field comes after all others.
fn put(fields: &mut Vec<(String, Plan)>, name: &str, plan: Plan) {
    match fields.iter_mut().find(|(it, _)| it == name) {
        Some((_, it)) => *it = plan,
        None => fields.push((name.to_owned(), plan)),
    }
}

/// Sets what is at a place: the name of a field, or a JSON pointer.
fn put_at(fields: &mut Vec<(String, Plan)>, place: &str, plan: Plan) {
    let Some(pointer) = place.strip_prefix('/') else { return put(fields, place, plan) };
    let (first, rest) = pointer.split_once('/').map_or((pointer, None), |(first, rest)| (first, Some(rest)));
    let name = pointer::unescaped(first);
    let Some(rest) = rest else { return put(fields, &name, plan) };
    let mut inner = fields.iter().find(|it| it.0 == name).map_or_else(Vec::new, |it| fields_of(&it.1));
    put_at(&mut inner, &format!("/{rest}"), plan);
    put(fields, &name, Plan::Object(inner));
}

/// What is at a place.
fn plan_at(fields: &[(String, Plan)], place: &str) -> Option<Plan> {
    let find = |name: &str| fields.iter().find(|it| it.0 == name).map(|it| it.1.clone());
    let Some(pointer) = place.strip_prefix('/') else { return find(place) };
    let (first, rest) = pointer.split_once('/').map_or((pointer, None), |(first, rest)| (first, Some(rest)));
    let plan = find(&pointer::unescaped(first))?;
    match rest {
        Some(rest) => plan_at(&fields_of(&plan), &format!("/{rest}")),
        None => Some(plan),
    }
}

/// The fields of a plan that is an object.
fn fields_of(plan: &Plan) -> Vec<(String, Plan)> {
    match plan {
        Plan::Object(fields) => fields.clone(),
        Plan::Fixed(Value::Object(fields)) => {
            fields.iter().map(|(name, it)| (name.clone(), Plan::Fixed(it.clone()))).collect()
        }
        Plan::Echo(echo) => fields_of(&echo.other),
        _ => Vec::new(),
    }
}

/// A plan with this text at a place in it. `None` if the place already has a value.
fn with_words(plan: Option<Plan>, at: &[&str], words: Option<&str>) -> Plan {
    let Some((first, rest)) = at.split_first() else {
        return match (words, plan) {
            (None, Some(plan)) => plan,
            (words, _) => Plan::Fixed(words.unwrap_or(FAILED).into()),
        };
    };
    let name = pointer::unescaped(first);
    let index = name.parse::<usize>().ok();
    let mut fields = match plan {
        Some(Plan::Echo(echo)) => return with_words(Some(echo.other), at, words),
        Some(Plan::List(mut list)) => {
            if let Some(item) = index.and_then(|it| list.items.get_mut(it)) {
                *item = with_words(Some(item.clone()), rest, words);
            }
            return Plan::List(list).fold_constants();
        }
        Some(Plan::Fixed(Value::Array(mut items))) => {
            let items = items.drain(..).enumerate().map(|(at, it)| match index {
                Some(index) if index == at => with_words(Some(Plan::Fixed(it)), rest, words),
                _ => Plan::Fixed(it),
            });
            let list = List { items: items.collect(), count: None, limits: (0, usize::MAX) };
            return Plan::List(Box::new(list)).fold_constants();
        }
        Some(Plan::Object(fields)) => fields,
        Some(Plan::Fixed(Value::Object(fields))) => {
            fields.into_iter().map(|(name, it)| (name, Plan::Fixed(it))).collect()
        }
        _ => Vec::new(),
    };
    let inner = fields.iter().find(|it| it.0 == name).map(|it| it.1.clone());
    put(&mut fields, &name, with_words(inner, rest, words));
    Plan::Object(fields).fold_constants()
}
