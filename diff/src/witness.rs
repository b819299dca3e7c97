//! Finds requests that one spec accepts and the other refuses, and makes them small.

use std::collections::BTreeSet;

use serde_json::Value;
use specwright_codegen::boundary::RequestParts;
use specwright_codegen::interpret::Violation;
use specwright_codegen::model::{Field, Location, Type, TypeKind};
use specwright_codegen::surface::Part;

use crate::gap::Gap;
use crate::requests::Call;
use crate::sample::{candidates, get, put, renamed, verdict};

/// Requests that break a rule and are mixed with others.
const MOST_MIXED: usize = 16;
/// Requests that the old spec accepts and that they are mixed with.
const MOST_LEGAL: usize = 60;

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
    let mut found = Found { of_gaps: vec![None; gaps.len()], others: Vec::new() };
    let all = candidates(old, new, gaps);
    look(old, new, gaps, &all, &mut found);
    for (at, gap) in gaps.iter().enumerate() {
        if found.of_gaps[at].is_none() {
            let mixed = mixed(old, new, gap, &all);
            look(old, new, gaps, &mixed, &mut found);
        }
    }
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

/// Requests that the old spec accepts, with what breaks a rule of the new one from requests that both refuse.
fn mixed(old: Call<'_>, new: Call<'_>, gap: &Gap<'_>, all: &[RequestParts]) -> Vec<RequestParts> {
    let (of_old, of_new) = (old.operation(), new.operation());
    let told = |it: &&RequestParts| {
        let theirs = renamed(it, of_old, of_new);
        verdict(new, &theirs).violations.iter().any(|it| gap.is_told_by(&it.at, it.rule, it.rule_span))
    };
    let breaking: Vec<&RequestParts> = all.iter().filter(told).take(MOST_MIXED).collect();
    if breaking.is_empty() {
        return Vec::new();
    }
    let of_rule = gap.parts.1.iter().filter_map(|it| match it {
        Part::Parameter(id, ix) if *id == new.id => Some(*ix),
        _ => None,
    });
    let fields: Vec<&Field> =
        of_rule.chain(gap.parameter.1).filter_map(|it| of_new.parameters.fields.get(it.0 as usize)).collect();
    // Those first that have something which no other has.
    let mut legal: Vec<&RequestParts> = all.iter().filter(|it| verdict(old, it).is_valid()).collect();
    let choices: Vec<&Field> = of_old.parameters.fields.iter().filter(|it| is_choice(old, it)).collect();
    let mut seen = BTreeSet::new();
    legal.sort_by_cached_key(|request| {
        let values = choices.iter().map(|it| (it.name.as_str(), get(request, it).map(ToString::to_string)));
        // Each is noted, also behind the first that is new.
        values.filter(|it| seen.insert(it.clone())).count() == 0
    });
    let mut mixed = Vec::new();
    for base in legal.into_iter().take(MOST_LEGAL) {
        for other in &breaking {
            let mut request = base.clone();
            for field in &fields {
                put(&mut request, field, get(other, field).cloned());
            }
            mixed.push(request);
        }
    }
    mixed
}

/// Whether a parameter has few values, which conditions ask for.
fn is_choice(call: Call<'_>, field: &Field) -> bool {
    match &field.ty {
        Type::Boolean => true,
        Type::Named(id) => matches!(call.api.ty(*id).kind, TypeKind::Enum(_)),
        _ => false,
    }
}

/// Keeps the smallest request for each gap, and those that no gap explains.
fn look(old: Call<'_>, new: Call<'_>, gaps: &[Gap<'_>], requests: &[RequestParts], found: &mut Found) {
    for request in requests {
        let Some(violations) = refusal(old, new, request) else { continue };
        for violation in violations {
            let told = |it: &Gap<'_>| it.is_told_by(&violation.at, violation.rule, violation.rule_span);
            let mut known = false;
            for (at, gap) in gaps.iter().enumerate() {
                if told(gap) {
                    known = true;
                    let slot = &mut found.of_gaps[at];
                    let smaller = |it: &Witness| size(request) < size(&it.request);
                    if slot.as_ref().is_none_or(smaller) {
                        *slot = Some(Witness { request: request.clone(), violation: violation.clone() });
                    }
                }
            }
            let alike = |it: &Witness| same_finding(&it.violation, &violation);
            if !known && !found.others.iter().any(alike) {
                found.others.push(Witness { request: request.clone(), violation });
            }
        }
    }
}

fn same_finding(one: &Violation, other: &Violation) -> bool {
    one.rule == other.rule && (one.rule_span.is_some() && one.rule_span == other.rule_span || one.at == other.at)
}

/// What the new spec says of a request that the old one accepts; `None`: nothing, or the old one refuses it too.
pub(crate) fn refusal(old: Call<'_>, new: Call<'_>, request: &RequestParts) -> Option<Vec<Violation>> {
    // Whoever knows the old spec alone sends no other headers.
    let fields = &old.operation().parameters.fields;
    let knows = |name: &String| {
        let has_cookie = |it: &Field| it.location == Location::Cookie && name.eq_ignore_ascii_case("cookie");
        let is_it = |it: &Field| it.location == Location::Header && it.sent_name().eq_ignore_ascii_case(name);
        fields.iter().any(|it| is_it(it) || has_cookie(it))
    };
    if !request.headers.keys().all(knows) || !verdict(old, request).is_valid() {
        return None;
    }
    let theirs = renamed(request, old.operation(), new.operation());
    let violations = verdict(new, &theirs).violations;
    (!violations.is_empty()).then_some(violations)
}

fn size(request: &RequestParts) -> usize {
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
