//! Requests on both sides of a rule over several fields.

use serde_json::{Map, Value};

use crate::analyse::{Formula, Implication, ImplicationSource};
use crate::check::scope::RecordAnalysis;
use crate::check::witness::candidate;
use crate::constraints::{repeated, resized};
use crate::model::{Constraint, FieldPath, PathStep, RuleKind, Target, TypeKind};

/// Days around the one that is taken where any will do.
const DAYS: [&str; 3] = ["2026-01-30", "2026-01-31", "2026-02-01"];
/// Times of a day around the one that is taken where any will do, which is noon.
const TIMES: [&str; 5] = ["11:59:59.999Z", "12:00:00Z", "14:00:00+02:00", "12:00:00.001Z", "23:59:60Z"];
/// Times around the one that is taken where any will do, which is the beginning of 2026.
const INSTANTS: [&str; 6] = [
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T02:00:00+02:00",
    "2026-01-01T00:00:00.001Z",
    "2026-01-01T00:30:00+01:00",
    "2025-12-31T23:30:00-01:00",
];

/// Values of a record around a rule. Which side each is on is for the interpreter to say.
pub(super) fn boundary_values(scope: &mut RecordAnalysis<'_>, index: usize) -> Vec<Map<String, Value>> {
    let record = scope.record;
    let rule = &record.rules[index];
    let when = scope.formula(&rule.when);
    match &rule.kind {
        RuleKind::AnyOf(paths)
        | RuleKind::ExactlyOneOf(paths)
        | RuleKind::AtMostOneOf(paths)
        | RuleKind::AllOrNone(paths) => by_presence(scope, index, &when, paths),
        RuleKind::Requires(first, others) => {
            let paths: Vec<FieldPath> = std::iter::once(first).chain(others).cloned().collect();
            by_presence(scope, index, &when, &paths)
        }
        RuleKind::Compare(left, _, right) => {
            let goals = [when, present(scope, left), present(scope, right)];
            let Some(base) = free(scope, index, &goals) else { return Vec::new() };
            let values: Vec<Value> = match get(scope, &base, right) {
                Some(Value::String(text)) if text.get(2..3) == Some(":") => TIMES.map(Value::from).to_vec(),
                Some(Value::String(text)) if text.len() > DAYS[0].len() => INSTANTS.map(Value::from).to_vec(),
                Some(Value::String(_)) => DAYS.map(Value::from).to_vec(),
                Some(other) => {
                    let Some(at) = other.as_i64() else { return Vec::new() };
                    [at.saturating_sub(1), at, at.saturating_add(1)].map(Value::from).to_vec()
                }
                None => return Vec::new(),
            };
            values.into_iter().filter_map(|it| replaced(scope, &base, left, it)).collect()
        }
        RuleKind::Sum { terms, minimum, maximum } => {
            let limits = [
                minimum.and_then(|it| it.checked_sub(1)),
                *minimum,
                *maximum,
                maximum.and_then(|it| it.checked_add(1)),
            ];
            let mut all = filled(scope, index, &when, terms, limits.into_iter().flatten());
            for (path, weight) in terms {
                let goals = [when.clone(), present(scope, path)];
                let Some(base) = free(scope, index, &goals) else { continue };
                let Some(Value::Array(items)) = get(scope, &base, path) else { continue };
                let others = terms.iter().filter(|(it, _)| it != path);
                let rest = others.map(|(it, weight)| weight.saturating_mul(n_items(get(scope, &base, it))));
                let rest = rest.fold(0, u64::saturating_add);
                let limits = [*minimum, *maximum].into_iter().flatten();
                let ty = &record.field(path.field).ty;
                for count in limits.flat_map(|it| counts(it, rest, *weight)) {
                    let value = repeated(scope.api, ty, items, count);
                    all.extend(value.and_then(|it| replaced(scope, &base, path, it)));
                }
            }
            all
        }
        // A value of another member cannot be made from one that is there.
        RuleKind::SameKind(_) => Vec::new(),
        RuleKind::TotalLength { path, minimum, maximum, .. } => {
            let goals = [when, present(scope, path)];
            let Some(base) = free(scope, index, &goals) else { return Vec::new() };
            let total = texts(scope, &base, path).iter().map(|it| it.chars().count() as u64).sum::<u64>();
            let Some(first) = texts(scope, &base, path).first().map(|it| (*it).to_owned()) else { return Vec::new() };
            let rest = total - first.chars().count() as u64;
            let limits: Vec<u64> = [*minimum, *maximum].into_iter().flatten().collect();
            let lengths = limits.iter().flat_map(|it| counts(*it, rest, 1));
            let longer = lengths.filter_map(|it| resized(&first, it));
            let mut all: Vec<_> = longer.filter_map(|it| replaced(scope, &base, path, Value::from(it))).collect();
            // One text may have a limit of its own: then several share the length.
            for (limit, n) in limits.iter().flat_map(|it| [2, 4, 5, 10, 20].map(|n| (*it, n))) {
                let each = resized(&first, limit / n).and_then(|it| replaced(scope, &base, path, Value::from(it)));
                all.extend(each.into_iter().flat_map(|it| copied(scope, it, path, n as usize, limit % n)));
            }
            all
        }
    }
}

/// Items spread over all terms, each up to its own limit, until the sum is as wanted.
fn filled(
    scope: &mut RecordAnalysis<'_>,
    index: usize,
    when: &Formula,
    terms: &[(FieldPath, u64)],
    sums: impl Iterator<Item = u64>,
) -> Vec<Map<String, Value>> {
    let goals: Vec<Formula> =
        std::iter::once(when.clone()).chain(terms.iter().map(|(path, _)| present(scope, path))).collect();
    let Some(base) = free(scope, index, &goals) else { return Vec::new() };
    sums.filter_map(|wanted| {
        // One of each is there already.
        let there = terms.iter().map(|(_, weight)| *weight).fold(0, u64::saturating_add);
        let mut left = wanted.checked_sub(there)?;
        let mut values = base.clone();
        for (path, weight) in terms {
            let Some(Value::Array(items)) = get(scope, &base, path) else { continue };
            let field = scope.record.field(path.field);
            let most = field.clauses.iter().filter_map(|it| match it.constraint {
                Constraint::MaxItems(most) if it.target == Target::Value => Some(most),
                _ => None,
            });
            let more = (left / weight.max(&1)).min(most.min().unwrap_or(u64::MAX).saturating_sub(1));
            let value = repeated(scope.api, &field.ty, items, more + 1)?;
            values = replaced(scope, &values, path, value)?;
            left -= more * weight;
        }
        (left == 0).then_some(values)
    })
    .collect()
}

/// The first item of the outermost list so many times, and once more with a few characters on top of the first.
fn copied(
    scope: &RecordAnalysis<'_>,
    values: Map<String, Value>,
    path: &FieldPath,
    n: usize,
    spare: u64,
) -> Vec<Map<String, Value>> {
    let name = &scope.record.field(path.field).name;
    let mut values = values;
    let Some(Value::Array(items)) = values.get_mut(name) else { return Vec::new() };
    let Some(first) = items.first().cloned() else { return Vec::new() };
    *items = vec![first; n];
    let Some(text) = texts(scope, &values, path).first().map(|it| (*it).to_owned()) else { return Vec::new() };
    let longer = |more: u64| {
        let text = resized(&text, text.chars().count() as u64 + more)?;
        replaced(scope, &values, path, Value::from(text))
    };
    [longer(spare), longer(spare + 1)].into_iter().flatten().collect()
}

/// One field alone, pairs of neighbours, all and none; what the other rules allow of that.
fn by_presence(
    scope: &mut RecordAnalysis<'_>,
    index: usize,
    when: &Formula,
    paths: &[FieldPath],
) -> Vec<Map<String, Value>> {
    let n = paths.len().min(24);
    let mut wanted: Vec<Vec<bool>> = vec![vec![false; n], vec![true; n]];
    wanted.extend((0..n).map(|one| (0..n).map(|it| it == one).collect()));
    wanted.extend((1..n).map(|one| (0..n).map(|it| it == one || it + 1 == one).collect()));
    wanted.extend((0..n).map(|one| (0..n).map(|it| it != one).collect()));
    wanted.dedup();
    let mut all = Vec::new();
    for wanted in wanted {
        let mut goals = vec![when.clone()];
        for (path, wanted) in paths.iter().zip(wanted) {
            let present = present(scope, path);
            goals.push(if wanted { present } else { present.negate() });
        }
        all.extend(free(scope, index, &goals));
    }
    all
}

/// A request for the goals that may break the rule.
fn free(scope: &mut RecordAnalysis<'_>, index: usize, goals: &[Formula]) -> Option<Map<String, Value>> {
    candidate(scope, goals, &|implication: &Implication| implication.source == ImplicationSource::Rule(index))
}

fn present(scope: &RecordAnalysis<'_>, path: &FieldPath) -> Formula {
    Formula::present(scope.domain, path.field)
}

/// Numbers of items that come close to a limit from both sides.
fn counts(limit: u64, rest: u64, weight: u64) -> Vec<u64> {
    let Some(left) = limit.checked_sub(rest) else { return Vec::new() };
    let at = left / weight.max(1);
    [at.checked_sub(1), Some(at), at.checked_add(1)].into_iter().flatten().collect()
}

fn n_items(value: Option<&Value>) -> u64 {
    match value {
        None | Some(Value::Null) => 0,
        Some(Value::Array(items)) => items.len() as u64,
        Some(_) => 1,
    }
}

/// What a path reaches first.
fn get<'v>(scope: &RecordAnalysis<'_>, values: &'v Map<String, Value>, path: &FieldPath) -> Option<&'v Value> {
    let mut value = values.get(&scope.record.field(path.field).name)?;
    for step in &path.steps {
        value = match step {
            PathStep::Items => value.as_array()?.first()?,
            PathStep::Field(id, ix) => value.get(inner_name(scope, *id, *ix)?)?,
        };
    }
    Some(value)
}

/// The values with another one where the path reaches first.
fn replaced(
    scope: &RecordAnalysis<'_>,
    values: &Map<String, Value>,
    path: &FieldPath,
    new: Value,
) -> Option<Map<String, Value>> {
    let mut values = values.clone();
    let mut value = values.get_mut(&scope.record.field(path.field).name)?;
    for step in &path.steps {
        value = match step {
            PathStep::Items => value.as_array_mut()?.first_mut()?,
            PathStep::Field(id, ix) => {
                let name = inner_name(scope, *id, *ix)?.to_owned();
                value.as_object_mut()?.entry(name).or_insert(Value::Null)
            }
        };
    }
    // A path to a list of texts means all of them: the first one is taken.
    match value {
        Value::Array(items) if new.is_string() => *items.first_mut()? = new,
        value => *value = new,
    }
    Some(values)
}

fn inner_name<'a>(scope: &RecordAnalysis<'a>, id: crate::model::TypeId, ix: crate::model::FieldIx) -> Option<&'a str> {
    match &scope.api.ty(id).kind {
        TypeKind::Record(record) => Some(&record.field(ix).name),
        TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => None,
    }
}

/// All texts that a path reaches.
fn texts<'v>(scope: &RecordAnalysis<'_>, values: &'v Map<String, Value>, path: &FieldPath) -> Vec<&'v str> {
    let mut reached: Vec<&Value> = values.get(&scope.record.field(path.field).name).into_iter().collect();
    for step in &path.steps {
        reached = reached
            .into_iter()
            .flat_map(|value| match step {
                PathStep::Items => value.as_array().into_iter().flatten().collect::<Vec<_>>(),
                PathStep::Field(id, ix) => {
                    inner_name(scope, *id, *ix).and_then(|it| value.get(it)).into_iter().collect()
                }
            })
            .collect();
    }
    let items = reached.iter().flat_map(|it| match it {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
        other => other.as_str().into_iter().collect(),
    });
    items.collect()
}
