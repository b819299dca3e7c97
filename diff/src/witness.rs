//! Finds requests that one spec accepts and the other refuses, and makes them small.

use serde_json::Value;
use specwright_codegen::boundary::RequestParts;
use specwright_codegen::interpret::Violation;
use specwright_codegen::model::{Field, Location};

use crate::candidates::Bases;
use crate::gap::Gap;
use crate::requests::Call;
use crate::sample::{renamed, verdict};
use crate::trials::Trials;

/// A request that the old spec accepts and the new one refuses.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    /// In the terms of the old spec.
    pub(crate) request: RequestParts,
    /// What the new spec says.
    pub(crate) violation: Violation,
}

/// What the search brought.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// For each gap.
    pub(crate) of_gaps: Vec<Option<Witness>>,
    /// Refused requests that no gap explains, by rule and place.
    pub(crate) others: Vec<Witness>,
}

/// Looks for a witness of each gap.
pub(crate) fn find(old: Call<'_>, new: Call<'_>, gaps: &[Gap<'_>]) -> Found {
    let mut trials = Trials::new(old, new, gaps);
    let (mut bases, known) = Bases::new(old, new);
    trials.look(known);
    trials.look(bases.first(gaps));
    trials.look(bases.by_chance());
    let missing = trials.missing();
    if !missing.is_empty() {
        trials.look(bases.more(gaps, &missing));
        trials.mix();
    }
    let mut found = trials.found;
    for witness in found.of_gaps.iter_mut().flatten().chain(&mut found.others) {
        shrink(old, new, witness);
    }
    // What breaks a rule and something that a gap explains is told by the gap.
    let explained = |witness: &Witness| {
        refusal(old, new, &witness.request).is_some_and(|all| {
            all.iter().any(|it| gaps.iter().any(|gap| gap.is_told_by(&it.at, it.rule, it.rule_span)))
        })
    };
    found.others.retain(|it| !explained(it));
    found
}

pub(crate) fn same_finding(one: &Violation, other: &Violation) -> bool {
    one.rule == other.rule && (one.rule_span.is_some() && one.rule_span == other.rule_span || one.at == other.at)
}

/// What the new spec says of a request that the old one accepts; `None`: nothing, or the old one refuses it too.
pub(crate) fn refusal(old: Call<'_>, new: Call<'_>, request: &RequestParts) -> Option<Vec<Violation>> {
    if !is_legal(old, request) {
        return None;
    }
    let violations = theirs(old, new, request);
    (!violations.is_empty()).then_some(violations)
}

/// Whether the old spec accepts a request, and whoever knows it alone may send it.
pub(crate) fn is_legal(old: Call<'_>, request: &RequestParts) -> bool {
    // Nobody sends headers that they do not know.
    let fields = &old.operation().parameters.fields;
    let knows = |name: &String| {
        let has_cookie = |it: &Field| it.location == Location::Cookie && name.eq_ignore_ascii_case("cookie");
        let is_it = |it: &Field| it.location == Location::Header && it.sent_name().eq_ignore_ascii_case(name);
        fields.iter().any(|it| is_it(it) || has_cookie(it))
    };
    request.headers.keys().all(knows) && verdict(old, request).is_valid()
}

/// What the new spec says of a request in the terms of the old one.
pub(crate) fn theirs(old: Call<'_>, new: Call<'_>, request: &RequestParts) -> Vec<Violation> {
    verdict(new, &renamed(request, old.operation(), new.operation())).violations
}

pub(crate) fn size(request: &RequestParts) -> usize {
    let RequestParts { path, query, headers, body } = request;
    let maps = [path, query, headers].into_iter().flat_map(|it| it.values()).map(weight).sum::<usize>();
    maps + body.as_ref().map_or(0, weight)
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len() / 16,
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(|it| 1 + weight(it)).sum::<usize>(),
    }
}

/// Leaves out of a request what it does not need to be refused for the same.
fn shrink(old: Call<'_>, new: Call<'_>, witness: &mut Witness) {
    let mut left = 400;
    loop {
        let smaller = smaller(&witness.request);
        let next = smaller.into_iter().find_map(|request| {
            if left == 0 {
                return None;
            }
            left -= 1;
            let violations = refusal(old, new, &request)?;
            let same = violations.into_iter().find(|it| same_finding(it, &witness.violation))?;
            Some(Witness { request, violation: same })
        });
        match next {
            Some(next) => *witness = next,
            None => return,
        }
    }
}

/// The request with one thing less, each.
fn smaller(request: &RequestParts) -> Vec<RequestParts> {
    let mut all = Vec::new();
    for name in request.query.keys() {
        let mut less = request.clone();
        less.query.shift_remove(name);
        all.push(less);
    }
    for name in request.headers.keys() {
        let mut less = request.clone();
        less.headers.shift_remove(name);
        all.push(less);
    }
    if let Some(body) = &request.body {
        for body in smaller_values(body, 0) {
            all.push(RequestParts { body: Some(body), ..request.clone() });
        }
        all.push(RequestParts { body: None, ..request.clone() });
    }
    all
}

fn smaller_values(value: &Value, depth: usize) -> Vec<Value> {
    let mut all = Vec::new();
    if depth > 5 {
        return all;
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let mut less = fields.clone();
                less.shift_remove(name);
                all.push(Value::Object(less));
                for inner in smaller_values(field, depth + 1) {
                    let mut less = fields.clone();
                    less.insert(name.clone(), inner);
                    all.push(Value::Object(less));
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate().take(8) {
                let mut less = items.clone();
                less.remove(at);
                all.push(Value::Array(less));
                for inner in smaller_values(item, depth + 1) {
                    let mut less = items.clone();
                    less[at] = inner;
                    all.push(Value::Array(less));
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all
}
