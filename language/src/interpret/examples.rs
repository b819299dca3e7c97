//! Checks examples against the rules: a valid example breaks none, an `invalid` one exactly what it claims, and a
//! response matches its type. The loader of specs runs it after everything is resolved, and gets diagnostics at the
//! examples.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Request, Verdict, Violation, is_failure, push_segment, validate_value, validate_whole};
use crate::diagnostics::{Diagnostics, examples as say};
use crate::model::{
    Api, Certainty, Example, ExampleOf, Location, Operation, Output, StatusAnswer, StatusForm, StreamEvents, Task,
    Type, value_at,
};
use crate::parts::Parts;
use crate::{parallel, prose};

/// Checks the examples of all operations, and of errors.
#[must_use]
pub fn check_examples(api: &Api) -> Diagnostics {
    check_others(api, &Parts::default()).0
}

/// As [`check_examples`], without operations of which nothing was told before: see [`judge`](crate::stages::judge). Also
/// returns the operations of which something is told now, by their indexes.
#[must_use]
pub(crate) fn check_others(api: &Api, known: &Parts) -> (Diagnostics, BTreeSet<usize>) {
    let (mut diagnostics, mut told) = (Diagnostics::new(), BTreeSet::new());
    for (at, found) in found_in(api, &|at| !known.operations.contains(&at)) {
        if !found.is_empty() {
            told.insert(at);
        }
        diagnostics.extend(found);
    }
    check_errors(api, &mut diagnostics);
    (diagnostics, told)
}

/// Checks the examples of some operations, by their indexes.
#[must_use]
pub fn check_some(api: &Api, wanted: &dyn Fn(usize) -> bool) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    found_in(api, wanted).into_iter().for_each(|(_, found)| diagnostics.extend(found));
    diagnostics
}

/// What is wrong with the examples of each of some operations.
fn found_in(api: &Api, wanted: &dyn Fn(usize) -> bool) -> Vec<(usize, Diagnostics)> {
    let operations: Vec<_> = api.operations.iter().enumerate().filter(|it| wanted(it.0)).collect();
    parallel::map(&operations, |(at, op)| {
        let mut diagnostics = Diagnostics::new();
        for example in &op.examples {
            check_request(api, op, example, &mut diagnostics);
            check_answer(api, op, example, &mut diagnostics);
            check_events(api, op, example, &mut diagnostics);
        }
        (*at, diagnostics)
    })
}

/// Errors with a status of success have to be errors by the condition of the API, or of an operation. The bodies of all
/// have to match the type of their status.
fn check_errors(api: &Api, diagnostics: &mut Diagnostics) {
    for example in &api.errors.examples {
        let own = api.errors.statuses.iter().find(|it| it.status == example.status).and_then(|it| it.ty.as_ref());
        let Some(ty) = own.or(api.errors.ty.as_ref()) else { continue };
        for violation in validate_value(api, ty, &example.body) {
            diagnostics.push(say::example_answer_misfit(&example.name, "the body", example.span, &violation));
        }
    }
    let conditions = || api.errors.when.iter().chain(api.operations.iter().filter_map(|it| it.failure.as_ref()));
    for example in api.errors.examples.iter().filter(|it| it.status < 400) {
        if !conditions().any(|it| is_failure(it, &example.body)) {
            let words = conditions().next().map(prose::failure);
            diagnostics.push(say::example_is_no_failure(&example.name, example.status, words.as_deref(), example.span));
        }
    }
}

/// The verdict on a request whose parameters are given by name, whatever their place.
#[must_use]
pub fn validate_by_name(api: &Api, op: &Operation, parameters: &Map<String, Value>) -> Verdict {
    let [mut path, mut query, mut headers, mut body] = [(); 4].map(|()| Map::new());
    let whole = op.whole_body();
    for (name, value) in parameters {
        let (location, name) = match op.parameters.find(name) {
            Some((_, field)) => (field.location, field.sent_name()),
            None if op.has_body && whole.is_none() => (Location::Body, name.as_str()),
            None => (Location::Query, name.as_str()),
        };
        let target = match location {
            Location::Path => &mut path,
            Location::Query => &mut query,
            Location::Header => &mut headers,
            Location::Cookie => {
                super::put_cookie(&mut headers, name, Some(value.clone()));
                continue;
            }
            Location::Body => &mut body,
            Location::WholeBody => continue,
        };
        target.insert(name.to_owned(), value.clone());
    }
    let body = match whole {
        Some((_, field)) => parameters.get(&field.name).cloned(),
        None => op.has_body.then_some(Value::Object(body)),
    };
    validate_whole(api, op, &Request { path: &path, query: &query, headers: &headers, body: body.as_ref() })
}

fn check_request(api: &Api, op: &Operation, example: &Example, diagnostics: &mut Diagnostics) {
    let (name, span) = (example.name.as_str(), example.span);
    let Some(request) = &example.request else { return };
    let Value::Object(parameters) = request else {
        return diagnostics.push(say::example_not_parameters(name, span));
    };
    let place = |it: &Violation| example.request_places.find(request, &it.at).unwrap_or(span);
    let verdict = validate_by_name(api, op, parameters);
    if example.invalid.is_empty() {
        for violation in &verdict.violations {
            diagnostics.push(say::example_breaks_rule(name, place(violation), violation));
        }
        for warning in &verdict.warnings {
            diagnostics.push(say::example_warns(name, place(warning), warning));
        }
        return;
    }
    let claimed = |it: &Violation| example.invalid.iter().any(|(at, rule)| is_claim(it, &at.value, &rule.value));
    for violation in verdict.violations.iter().filter(|it| !claimed(it)) {
        diagnostics.push(say::unclaimed_violation(name, place(violation), violation));
    }
    for (at, rule) in &example.invalid {
        // A warning counts as well: inferred rules and parameters without effect may be shown too.
        let mut broken = verdict.violations.iter().chain(&verdict.warnings);
        if !broken.any(|it| is_claim(it, &at.value, &rule.value)) {
            diagnostics.push(say::claim_not_broken(name, &at.value, &rule.value, rule.span, span));
        }
    }
}

/// `at` is a parameter's name, or a JSON pointer.
fn is_claim(violation: &Violation, at: &str, rule: &str) -> bool {
    if violation.rule != rule {
        return false;
    }
    if at.is_empty() || at.starts_with('/') {
        return violation.at == at;
    }
    let mut pointer = String::new();
    push_segment(&mut pointer, at);
    violation.at == pointer
}

fn check_answer(api: &Api, op: &Operation, example: &Example, diagnostics: &mut Diagnostics) {
    let Some(answer) = &example.response else { return };
    let (name, span) = (example.name.as_str(), example.span);
    let what = match example.of {
        ExampleOf::Call => "the response",
        ExampleOf::Status => "the status",
        ExampleOf::Callback => "the callback",
    };
    if let (Some(condition), ExampleOf::Call) = (&op.failure, example.of)
        && is_failure(condition, answer)
    {
        return diagnostics.push(say::example_is_failure(name, &prose::failure(condition), span, condition.span));
    }
    let violations = match (&op.output, example.of) {
        (Output::Task(task), ExampleOf::Call) => validate_value(api, &Type::Named(task.created), answer),
        (Output::Task(task), ExampleOf::Status | ExampleOf::Callback) => state_body(api, task, answer, validate_value),
        (_, ExampleOf::Status | ExampleOf::Callback) => {
            return diagnostics.push(say::example_answer_unexpected(name, what, "the operation starts no task", span));
        }
        (Output::Json { nullable: true, .. }, ExampleOf::Call) if answer.is_null() => Vec::new(),
        (Output::Json { ty, wrapper, plain_text: _, nullable: _ }, ExampleOf::Call) => {
            json_answer(api, op, ty, wrapper.as_deref(), answer)
        }
        (Output::ByStatus(answers), ExampleOf::Call) => status_answer(api, answers, answer),
        (Output::Text { .. }, ExampleOf::Call) if answer.is_string() => Vec::new(),
        (Output::Text { .. }, ExampleOf::Call) => {
            let why = "the operation returns text: write the response as text";
            return diagnostics.push(say::example_answer_unexpected(name, what, why, span));
        }
        (Output::Redirect, ExampleOf::Call) => {
            let why = "the operation returns a redirect";
            return diagnostics.push(say::example_answer_unexpected(name, what, why, span));
        }
        (Output::Binary { .. }, ExampleOf::Call) => {
            return diagnostics.push(say::example_answer_unexpected(name, what, "the operation returns bytes", span));
        }
        (Output::Empty, ExampleOf::Call) => match op.stream.as_ref().map(|it| &it.events) {
            Some(StreamEvents::Data(ty)) => events(api, ty, answer),
            Some(StreamEvents::Named(_)) => Vec::new(),
            None => {
                let why = "the operation returns nothing";
                return diagnostics.push(say::example_answer_unexpected(name, what, why, span));
            }
        },
    };
    for violation in &violations {
        let place = example.response_places.find(answer, &violation.at).unwrap_or(span);
        diagnostics.push(say::example_answer_misfit(name, what, place, violation));
    }
}

/// Each event fits its type, the states allow their order, and together they are the answer.
fn check_events(api: &Api, op: &Operation, example: &Example, diagnostics: &mut Diagnostics) {
    let Some(stream) = op.stream.as_ref().filter(|_| !example.events.is_empty()) else { return };
    let (name, span) = (example.name.as_str(), example.span);
    let mut state = 0;
    for (at, (event, data)) in example.events.iter().enumerate() {
        let what = format!("event {}", at + 1);
        let ty = match &stream.events {
            StreamEvents::Data(ty) => Some(ty),
            StreamEvents::Named(known) => match known.iter().find(|(it, _)| it == event) {
                Some((_, ty)) => ty.as_ref(),
                None if stream.error_events.contains(event) => None,
                None => {
                    diagnostics.push(say::example_answer_unexpected(
                        name,
                        &what,
                        &format!("no event is named `{event}`"),
                        span,
                    ));
                    continue;
                }
            },
        };
        for violation in ty.map(|it| validate_value(api, it, data)).unwrap_or_default() {
            diagnostics.push(say::example_answer_misfit(name, &what, span, &violation));
        }
        let Some(here) = stream.states.get(state) else { continue };
        if here.ends {
            let why = "the stream has already ended";
            diagnostics.push(say::example_answer_unexpected(name, &what, why, span));
            break;
        }
        // An event that no state names may come at any time.
        let named = stream.states.iter().any(|it| it.moves.iter().any(|it| it.0 == *event));
        // What ends the answer anywhere ends it wherever it has begun.
        let ends = |(it, to): &&(String, usize)| *it == *event && stream.states.get(*to).is_some_and(|it| it.ends);
        let end = || stream.states.iter().filter(|_| state > 0).flat_map(|it| &it.moves).find(ends);
        match here.moves.iter().find(|it| it.0 == *event).or_else(end) {
            Some((_, to)) => state = *to,
            None if named => {
                let why = format!("`{event}` is not allowed in the state `{}`", here.name);
                diagnostics.push(say::example_answer_unexpected(name, &what, &why, span));
                break;
            }
            None => {}
        }
    }
    let Some(super::accumulate::Total { whole, lost }) = super::accumulate::total(stream, &example.events) else {
        return;
    };
    if let Some(super::accumulate::Lost { event, at, expected }) = lost {
        let what = format!("event {}", event + 1);
        let at = if at.is_empty() { "the top".to_owned() } else { format!("`{at}`") };
        let why = format!("`collect` cannot take what is at {at}: it expects {expected}");
        return diagnostics.push(say::example_answer_unexpected(name, &what, &why, span));
    }
    let Some(answer) = &example.response else { return };
    if let Some(at) = difference(&whole, answer, &mut String::new()) {
        let at = if at.is_empty() { "the top".to_owned() } else { format!("`{at}`") };
        let why = format!("the events add up to something else at {at}: {whole}");
        diagnostics.push(say::example_answer_unexpected(name, "the response", &why, span));
    }
}

/// The first place where two values differ; numbers are equal by value, and null is the same as nothing.
fn difference(a: &Value, b: &Value, at: &mut String) -> Option<String> {
    let length = at.len();
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            for name in a.keys().chain(b.keys().filter(|it| !a.contains_key(*it))) {
                push_segment(at, name);
                let (a, b) = (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                let found = difference(a, b, at);
                if found.is_some() {
                    return found;
                }
                at.truncate(length);
            }
            None
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                push_segment(at, &index.to_string());
                let found = difference(a, b, at);
                if found.is_some() {
                    return found;
                }
                at.truncate(length);
            }
            None
        }
        (Value::Number(x), Value::Number(y)) if x.as_f64() == y.as_f64() => None,
        (a, b) if a == b => None,
        _ => Some(at.clone()),
    }
}

fn json_answer(api: &Api, op: &Operation, ty: &Type, wrapper: Option<&str>, answer: &Value) -> Vec<Violation> {
    // A list may show the chunks of a stream instead of the answer in one piece.
    if let (Some(stream), Value::Array(_)) = (&op.stream, answer) {
        if let StreamEvents::Data(chunk) = &stream.events {
            return events(api, chunk, answer);
        }
        return Vec::new();
    }
    match wrapper {
        None => validate_value(api, ty, answer),
        Some(key) => match answer.get(key) {
            Some(inner) => prefix_pointers(key, validate_value(api, ty, inner)),
            None => vec![missing_violation(key)],
        },
    }
}

/// The answer with any of the statuses: the faults of the one that it fits best.
fn status_answer(api: &Api, answers: &[StatusAnswer], answer: &Value) -> Vec<Violation> {
    let mut fewest: Option<Vec<Violation>> = None;
    for (ty, form) in answers.iter().filter_map(|it| Some((it.ty.as_ref()?, &it.form))) {
        let faults = match form {
            StatusForm::Binary(_) => continue,
            StatusForm::Wrapped(key) => match answer.get(key) {
                Some(inner) => prefix_pointers(key, validate_value(api, ty, inner)),
                None => vec![missing_violation(key)],
            },
            StatusForm::Json | StatusForm::Text(_) => validate_value(api, ty, answer),
        };
        if fewest.as_ref().is_none_or(|it| faults.len() < it.len()) {
            fewest = Some(faults);
        }
    }
    fewest.unwrap_or_default()
}

/// One chunk, or a list of them.
fn events(api: &Api, ty: &Type, answer: &Value) -> Vec<Violation> {
    match answer {
        Value::Array(all) => {
            let one = |(at, it): (usize, &Value)| prefix_pointers(&at.to_string(), validate_value(api, ty, it));
            all.iter().enumerate().flat_map(one).collect()
        }
        one => validate_value(api, ty, one),
    }
}

/// The body of a poll or a callback. Only a completed one has to carry the whole result.
pub(super) fn state_body(
    api: &Api,
    task: &Task,
    answer: &Value,
    judge: fn(&Api, &Type, &Value) -> Vec<Violation>,
) -> Vec<Violation> {
    let whole = || judge(api, &Type::Named(task.result), answer);
    let Value::Object(body) = answer else { return whole() };
    let state = task.state_in(answer);
    let is_completed = |it: &str| task.completed.iter().any(|state| state == it) && !task.tells_failure(answer);
    match value_at(answer, &task.state_field) {
        Some(_) if state.is_some_and(is_completed) => whole(),
        Some(_) if state.is_some() => {
            // What is beside the state belongs to the result.
            let (parent, _) = task.state_field.rsplit_once('/').unwrap_or_default();
            let object = answer.pointer(parent).and_then(Value::as_object).unwrap_or(body);
            let needed = |at: &str| {
                let in_every = task.every_state.iter().any(|it| it == first_segment(at));
                match at.strip_prefix(parent).filter(|it| it.starts_with('/')) {
                    Some(beside) => object.contains_key(first_segment(beside)) || (parent.is_empty() && in_every),
                    None => body.contains_key(first_segment(at)) || in_every,
                }
            };
            whole().into_iter().filter(|it| it.rule != "required" || needed(&it.at)).collect()
        }
        Some(_) => {
            let form = if task.has_boolean_states { "a boolean" } else { "a string" };
            let message = format!("`{}` must be {form}", task.state_field);
            vec![Violation { rule: "type", message, ..missing_at(&task.state_field) }]
        }
        None => vec![missing_at(&task.state_field)],
    }
}

fn first_segment(pointer: &str) -> &str {
    pointer.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn prefix_pointers(key: &str, violations: Vec<Violation>) -> Vec<Violation> {
    let mut prefix = String::new();
    push_segment(&mut prefix, key);
    violations.into_iter().map(|it| Violation { at: format!("{prefix}{}", it.at), ..it }).collect()
}

/// What is missing at a place: the name of a field, or a pointer.
fn missing_at(place: &str) -> Violation {
    if place.starts_with('/') {
        return Violation { at: place.to_owned(), ..missing_violation(place) };
    }
    missing_violation(place)
}

fn missing_violation(name: &str) -> Violation {
    let mut at = String::new();
    push_segment(&mut at, name);
    Violation {
        at,
        location: Location::Body,
        rule: "required",
        message: format!("required parameter `{name}` is missing"),
        limit: None,
        found: None,
        certainty: Certainty::Stated,
        rule_span: None,
    }
}
