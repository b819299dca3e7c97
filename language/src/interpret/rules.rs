//! Rules over several fields.

use std::cmp::Ordering;

use serde_json::Value;

use super::condition::{NullReading, SentFields};
use super::format::moment;
use super::number::{compare, same};
use super::text::length;
use super::text_format::has_text_format;
use super::{Checker, Direction, Finding, FindingKind};
use crate::model::{Comparison, FieldPath, LengthUnit, PathStep, RuleKind, TextFormat, Type, TypeKind};
use crate::prose;

impl<'a> Checker<'a> {
    /// The rules of a record whose fields have been looked at.
    pub(super) fn rules(&mut self, scope: &SentFields<'_>) {
        if self.direction == Direction::Response {
            return;
        }
        for rule in &scope.record.rules {
            if !scope.holds(&rule.when) {
                continue;
            }
            let Some((path, found)) = broken(scope, &rule.kind, NullReading::Absent) else { continue };
            if broken(scope, &rule.kind, NullReading::Present).is_none() {
                continue;
            }
            let field = scope.record.field(path.field);
            let segments = segments(scope, path);
            let below: Vec<&str> = segments.iter().map(String::as_str).collect();
            let outer = self.location;
            if self.pointer.is_empty() {
                self.location = field.location;
            }
            let api = self.api;
            self.report_as(FindingKind::of(rule.origin.certainty), || Finding {
                rule: rule.kind.keyword(),
                message: prose::rule(scope.record, api, rule),
                limit: limit(&rule.kind),
                found: found.filter(|_| !field.secret),
                certainty: rule.origin.certainty,
                rule_span: Some(rule.span),
                below: &below,
            });
            self.location = outer;
        }
    }
}

/// The parameter to blame, and what was found. Amounts of what is of another type are not looked at.
fn broken<'r>(
    scope: &SentFields<'_>,
    kind: &'r RuleKind,
    refused: NullReading,
) -> Option<(&'r FieldPath, Option<String>)> {
    let is_present = |it: &FieldPath| scope.is_present(it, refused);
    match kind {
        RuleKind::AnyOf(all) => {
            let none = !all.iter().any(is_present);
            none.then_some((all.first()?, None))
        }
        RuleKind::ExactlyOneOf(all) => {
            let mut present = all.iter().filter(|it| is_present(it));
            match (present.next(), present.next()) {
                (None, _) => Some((all.first()?, None)),
                (Some(_), second) => second.map(|it| (it, None)),
            }
        }
        RuleKind::AtMostOneOf(all) => all.iter().filter(|it| is_present(it)).nth(1).map(|it| (it, None)),
        RuleKind::AllOrNone(all) => {
            let some = all.iter().any(is_present);
            let missing = all.iter().find(|it| !is_present(it))?;
            some.then_some((missing, None))
        }
        RuleKind::Requires(first, others) => {
            let missing = others.iter().find(|it| !is_present(it))?;
            is_present(first).then_some((missing, None))
        }
        RuleKind::Compare(left, _, right) if !scope.is_of_type(left) || !scope.is_of_type(right) => None,
        RuleKind::Sum { terms, .. } if !terms.iter().all(|(it, _)| scope.is_of_type(it)) => None,
        RuleKind::TotalLength { path, .. } if !scope.is_of_type(path) => None,
        RuleKind::SameKind(path) if !scope.is_of_type(path) => None,
        RuleKind::SameKind(path) => several_kinds(scope, path).map(|found| (path, Some(found))),
        RuleKind::Compare(left, comparison, right) => compared(scope, left, *comparison, right),
        RuleKind::Sum { terms, minimum, maximum } => {
            let counts = terms.iter().map(|(path, weight)| n_items(scope, path).saturating_mul(*weight));
            let sum = counts.fold(0, u64::saturating_add);
            let present = terms.iter().find(|(path, _)| is_present(path)).or(terms.first());
            outside(sum, *minimum, *maximum).then_some((&present?.0, Some(sum.to_string())))
        }
        RuleKind::TotalLength { path, unit, minimum, maximum } => {
            if scope.sent(path.field).is_none_or(Value::is_null) {
                return None;
            }
            let sum = scope.values_at(path).into_iter().map(|it| text_length(it, *unit)).fold(0, u64::saturating_add);
            outside(sum, *minimum, *maximum).then(|| (path, Some(format!("{sum} characters"))))
        }
    }
}

/// The first two kinds of items in a list, if there are two.
fn several_kinds(scope: &SentFields<'_>, path: &FieldPath) -> Option<String> {
    let mut ty = &scope.record.field(path.field).ty;
    for step in &path.steps {
        if let PathStep::Field(id, ix) = step
            && let TypeKind::Record(record) = &scope.api.ty(*id).kind
        {
            ty = &record.field(*ix).ty;
        }
    }
    let Type::Array(item) = ty else { return None };
    let Type::Named(id) = **item else { return None };
    let TypeKind::Tagged(union) = &scope.api.ty(id).kind else { return None };
    let lists = scope.values_at(path);
    let items = lists.iter().filter_map(|it| it.as_array()).flatten();
    let mut kinds = items.map(|it| it.get(&union.tag).unwrap_or(&Value::Null));
    let first = kinds.next()?;
    let other = kinds.find(|it| !same(first, it))?;
    let text = |it: &Value| match it {
        Value::String(tag) => tag.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Some(prose::shortened(&format!("{} and {}", text(first), text(other)), 60))
}

fn compared<'r>(
    scope: &SentFields<'_>,
    left: &'r FieldPath,
    comparison: Comparison,
    right: &FieldPath,
) -> Option<(&'r FieldPath, Option<String>)> {
    let (a, b) = (scope.values_at(left), scope.values_at(right));
    let (a, b) = (*a.first()?, *b.first()?);
    let order = match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare(a, b),
        // What has not its format is told there.
        (Value::String(a), Value::String(b)) => match (moment(a), moment(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => {
                let are = |format| [a, b].iter().all(|it| has_text_format(format, it));
                if are(TextFormat::Time) {
                    time_of_day(a)?.cmp(&time_of_day(b)?)
                } else if are(TextFormat::Date) {
                    a.cmp(b)
                } else {
                    return None;
                }
            }
        },
        _ => return None,
    };
    let holds = match comparison {
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
    };
    let hidden = scope.record.field(left.field).secret || scope.record.field(right.field).secret;
    (!holds).then(|| (left, (!hidden).then(|| format!("{} and {}", shown_amount(a), shown_amount(b)))))
}

/// The moment of a time on the last day of 2016. A leap second may only be possible on the day after, where it is looked at.
fn time_of_day(text: &str) -> Option<(i64, String)> {
    let on = |day: &str, ahead: i64| {
        let text = format!("{day}T{text}");
        moment(&text).map(|(seconds, fraction)| (seconds - ahead, fraction.to_owned()))
    };
    on("2016-12-31", 0).or_else(|| on("2017-01-01", 86_400))
}

/// A number or a time as it was sent.
fn shown_amount(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |it| prose::shortened(it, 60))
}

/// Items of the lists a path reaches; anything else that is present counts 1.
fn n_items(scope: &SentFields<'_>, path: &FieldPath) -> u64 {
    let count = |it: &Value| match it {
        Value::Null => 0,
        Value::Array(items) => items.len() as u64,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => 1,
    };
    scope.values_at(path).into_iter().map(count).fold(0, u64::saturating_add)
}

/// Characters of a text, or of the texts of a list.
fn text_length(value: &Value, unit: LengthUnit) -> u64 {
    match value {
        Value::String(text) => length(text, unit),
        Value::Array(items) => {
            let texts = items.iter().filter_map(Value::as_str);
            texts.map(|it| length(it, unit)).fold(0, u64::saturating_add)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => 0,
    }
}

fn outside(count: u64, minimum: Option<u64>, maximum: Option<u64>) -> bool {
    minimum.is_some_and(|it| count < it) || maximum.is_some_and(|it| count > it)
}

fn limit(kind: &RuleKind) -> Option<String> {
    match kind {
        RuleKind::Sum { minimum, maximum, .. } | RuleKind::TotalLength { minimum, maximum, .. } => {
            match (minimum, maximum) {
                (Some(least), Some(most)) => Some(format!("{least} to {most}")),
                (one, other) => one.or(*other).map(|it| it.to_string()),
            }
        }
        RuleKind::AnyOf(_)
        | RuleKind::ExactlyOneOf(_)
        | RuleKind::AtMostOneOf(_)
        | RuleKind::AllOrNone(_)
        | RuleKind::Requires(..)
        | RuleKind::Compare(..)
        | RuleKind::SameKind(_) => None,
    }
}

/// The pointer of a path, up to its first `[]`.
fn segments(scope: &SentFields<'_>, path: &FieldPath) -> Vec<String> {
    let mut segments = vec![scope.record.field(path.field).name.clone()];
    for step in &path.steps {
        match step {
            PathStep::Items => break,
            PathStep::Field(id, ix) => match &scope.api.ty(*id).kind {
                TypeKind::Record(record) => segments.push(record.field(*ix).name.clone()),
                TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => break,
            },
        }
    }
    segments
}
