//! Prepares all responses of one operation: from its examples, or else generated from its types and validated.

use serde_json::{Map, Value};
use specwright_codegen::check;
use specwright_codegen::interpret::{validate_answer, validate_value};
use specwright_codegen::model::{Example, ExampleOf, Operation, Output, Type, TypeId, TypeKind};

use super::failure::without_failure;
use super::gap::Gap;
use super::maker::{Maker, ResponsePath};
use super::pick::Candidate;
use super::plan::{Context, Plan};
use super::states;
use super::synthetic::{Fullness, Synthesizer};
use super::template::Template;

/// The responses of one operation.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// The response of a call without a task.
    pub(super) response: Vec<Candidate>,
    /// The same, of answers that the status tells apart.
    pub(super) by_status: Vec<(u16, Vec<Candidate>)>,
    /// The response of a call that creates a task.
    pub(super) created: Vec<Candidate>,
    pub(super) pending: Vec<Candidate>,
    pub(super) stages: Vec<(String, Vec<Candidate>)>,
    pub(super) completed: Vec<Candidate>,
    pub(super) failed: Vec<Candidate>,
    /// The headers of a response.
    pub(super) headers: Vec<(String, String)>,
}

/// Prepares an operation.
pub(super) fn prepare(maker: &Maker<'_>) -> Prepared {
    let headers = maker.op.response_headers.map(|it| headers(maker, it)).unwrap_or_default();
    Prepared { headers, ..bodies(maker) }
}

/// The headers of a response, each as text.
fn headers(maker: &Maker<'_>, id: TypeId) -> Vec<(String, String)> {
    let TypeKind::Record(record) = &maker.api.ty(id).kind else { return Vec::new() };
    let attempts = [Fullness::Rich, Fullness::Lean].into_iter().map(|it| {
        let mut synth = Synthesizer::new(maker, it);
        let fields = synth.record(id, record, &ResponsePath::top());
        (fields.map(|it| Plan::Object(it).fold_constants()), synth.gap())
    });
    let (plan, _) = best(attempts, |plan| {
        let value = plan.value(Context::plain(maker.api));
        validate_answer(maker.api, &Type::Named(id), &value).iter().map(Gap::of).collect()
    });
    let one = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let text = |value: &Value| match value {
        Value::Array(items) => items.iter().map(one).collect::<Vec<_>>().join(", "),
        other => one(other),
    };
    let value = plan.value(Context::plain(maker.api));
    let mut headers = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        match (name.strip_suffix('*'), value) {
            (Some(start), Value::Object(entries)) => {
                headers.extend(entries.iter().map(|(key, it)| (format!("{start}{key}"), text(it))));
            }
            _ => headers.push((name.clone(), text(value))),
        }
    }
    headers
}

/// The bodies of an operation's responses.
fn bodies(maker: &Maker<'_>) -> Prepared {
    match &maker.op.output {
        Output::Empty | Output::Binary { .. } | Output::Text { .. } | Output::Redirect => Prepared::default(),
        Output::ByStatus(answers) => {
            let typed = answers.iter().filter(|it| it.form.is_json());
            let typed = typed.filter_map(|it| Some((it.status, it.ty.as_ref()?, it.form.wrapper())));
            let by_status = typed.map(|(status, ty, key)| (status, response(maker, ty, key))).collect();
            Prepared { by_status, ..Prepared::default() }
        }
        Output::Json { ty, wrapper, .. } => {
            Prepared { response: response(maker, ty, wrapper.as_deref()), ..Prepared::default() }
        }
        Output::Task(task) => states::tasks(maker, task),
    }
}

/// The parameters in an example's request; `None` for an invalid request.
fn request_of(example: &Example) -> Option<Option<&Map<String, Value>>> {
    example.invalid.is_empty().then(|| example.request.as_ref().and_then(Value::as_object))
}

pub(super) fn answers<'o>(op: &'o Operation, of: &[ExampleOf]) -> Vec<(&'o Value, Option<&'o Map<String, Value>>)> {
    let shown = op.examples.iter().filter(|it| of.contains(&it.of));
    shown.filter_map(|it| Some((it.response.as_ref()?, request_of(it)?))).collect()
}

fn response<'a>(maker: &Maker<'a>, ty: &'a Type, wrapper: Option<&'a str>) -> Vec<Candidate> {
    let (api, op) = (maker.api, maker.op);
    let succeeds = |plan| without_failure(api, plan, op.failure.as_ref());
    let mut made = Vec::new();
    for (shown, request) in answers(op, &[ExampleOf::Call]) {
        let template = Template { maker, request };
        let plan = match wrapper {
            // A list may be the chunks of a stream instead of the response in one piece.
            // So may one of several answers be that of another status.
            None if !validate_value(api, ty, shown).is_empty() => continue,
            None => template.value(ty, shown, &ResponsePath::top(), None),
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
                Plan::Object(object.iter().map(field).collect()).fold_constants()
            }
        };
        made.push(Candidate::new(api, op, plan, request, shown));
    }
    if made.is_empty() {
        let at = wrapper.map_or_else(ResponsePath::top, wrapped);
        let attempts = [Fullness::Rich, Fullness::Lean].into_iter().map(|it| {
            let mut synth = Synthesizer::new(maker, it);
            let plan = synth.value(ty, &at, None);
            (if wrapper.is_none() { plan.map(succeeds) } else { plan }, synth.gap())
        });
        let sampled = std::iter::once_with(|| (check::sample_of(api, ty).map(Plan::Fixed).map(succeeds), None));
        let (plan, gap) = best(attempts.chain(sampled), |plan| {
            let faults = validate_answer(api, ty, &plan.value(Context::plain(api)));
            faults.iter().map(|it| Gap::of(it).below(wrapper)).collect()
        });
        let plan = match wrapper {
            None => plan,
            Some(key) => succeeds(Plan::Object(vec![(key.to_owned(), plan)]).fold_constants()),
        };
        made.push(Candidate::synthetic(api, op, plan, gap));
    }
    made
}

/// The first plan without a fault, or else the plan with the fewest faults and its first fault.
pub(super) fn best(
    attempts: impl Iterator<Item = (Option<Plan>, Option<Gap>)>,
    judge: impl Fn(&Plan) -> Vec<Gap>,
) -> (Plan, Option<Gap>) {
    let mut fewest: Option<(Plan, Vec<Gap>)> = None;
    let mut endless = None;
    for (plan, gap) in attempts {
        let Some(plan) = plan else {
            endless = endless.or(gap);
            continue;
        };
        let faults = judge(&plan);
        if faults.is_empty() {
            return (plan, None);
        }
        if fewest.as_ref().is_none_or(|it| faults.len() < it.1.len()) {
            fewest = Some((plan, faults));
        }
    }
    match fewest {
        Some((plan, faults)) => (plan, faults.into_iter().next()),
        None => (Plan::Fixed(Value::Null), endless.or_else(|| Some(Gap::nothing()))),
    }
}

/// The place of a wrapped value. It has the name of the key and the depth of an unwrapped value.
fn wrapped(key: &str) -> ResponsePath<'_> {
    ResponsePath { records: 0, ..ResponsePath::top().field(key) }
}
