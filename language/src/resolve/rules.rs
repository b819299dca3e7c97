//! Rules over several fields.

use super::condition;
use super::types::origin;
use super::view::{ConditionScope, PathTarget};
use crate::diagnostics::{Diagnostics, types};
use crate::model::{Condition, FieldPath, LengthUnit, Rule, RuleKind, TextFormat, Type, TypeKind};
use crate::syntax::document::{RuleDoc, RuleKindDoc, Text};

/// The rules of a record; one that names something unknown is reported and left out.
pub(super) fn resolve(scope: ConditionScope<'_>, docs: &[&RuleDoc], out: &mut Diagnostics) -> Vec<Rule> {
    let mut rules = Vec::new();
    for doc in docs {
        let when = match &doc.when {
            Some(when) => condition::resolve(scope, when, out),
            None => Some(Condition::Always),
        };
        let kinds = kinds(scope, doc, out);
        let Some(when) = when else { continue };
        rules.extend(kinds.into_iter().map(|kind| Rule {
            when: when.clone(),
            kind,
            message: doc.message.clone(),
            origin: origin(&doc.remarks),
            span: doc.span,
        }));
    }
    rules
}

/// One kind, or one per pair of `requires`.
fn kinds(scope: ConditionScope<'_>, doc: &RuleDoc, out: &mut Diagnostics) -> Vec<RuleKind> {
    let one = |kind: Option<RuleKind>| kind.into_iter().collect();
    match &doc.kind {
        RuleKindDoc::AnyOf(names) => one(present(scope, names, out).map(RuleKind::AnyOf)),
        RuleKindDoc::ExactlyOneOf(names) => one(present(scope, names, out).map(RuleKind::ExactlyOneOf)),
        RuleKindDoc::AtMostOneOf(names) => one(present(scope, names, out).map(RuleKind::AtMostOneOf)),
        RuleKindDoc::AllOrNone(names) => one(present(scope, names, out).map(RuleKind::AllOrNone)),
        RuleKindDoc::Requires(pairs) => {
            let mut kinds = Vec::new();
            for (name, needed) in pairs {
                let mut all = vec![name.clone()];
                all.extend(needed.iter().cloned());
                kinds.extend(present(scope, &all, out).and_then(|mut paths| {
                    let first = (!paths.is_empty()).then(|| paths.remove(0))?;
                    Some(RuleKind::Requires(first, paths))
                }));
            }
            kinds
        }
        RuleKindDoc::Compare(a, comparison, b) => {
            let (left, right) = (compared(scope, a, out), compared(scope, b, out));
            let (Some((left, one)), Some((right, other))) = (left, right) else { return Vec::new() };
            if one != other {
                let problem = format!("`{}` is {}, and `{}` is {}", a.value, one.noun(), b.value, other.noun());
                out.push(types::bad_rule(&problem, "compare values of the same kind", b.span));
                return Vec::new();
            }
            if left == right {
                out.push(types::bad_rule("a parameter is compared with itself", "compare two parameters", a.span));
            }
            vec![RuleKind::Compare(left, *comparison, right)]
        }
        RuleKindDoc::Sum { terms, minimum, maximum } => {
            check_bounds(*minimum, *maximum, doc, out);
            let mut resolved: Vec<(FieldPath, u64)> = Vec::new();
            let mut complete = true;
            for (name, weight) in terms {
                match path(scope, name, out) {
                    Some((path, _)) if resolved.iter().any(|(other, _)| *other == path) => repeated(name, out),
                    Some((path, _)) => resolved.push((path, *weight)),
                    None => complete = false,
                }
            }
            let (minimum, maximum) = (*minimum, *maximum);
            one(complete.then_some(RuleKind::Sum { terms: resolved, minimum, maximum }))
        }
        RuleKindDoc::TotalLength { path: name, han_double, minimum, maximum } => {
            check_bounds(*minimum, *maximum, doc, out);
            let Some((path, leaf)) = path(scope, name, out) else { return Vec::new() };
            let texts = scope.view.members(leaf.ty).into_iter().any(|it| match it {
                Type::String | Type::Url | Type::HttpsUrl | Type::Base64 | Type::Json => true,
                Type::Named(_) => matches!(scope.view.kind(it), Some(TypeKind::Enum(_))),
                _ => false,
            });
            if !texts {
                let ty = scope.view.describe(leaf.ty);
                let help = "name strings: `items[]`, `items[].text`";
                out.push(types::bad_rule(&format!("{ty} has no length in characters"), help, name.span));
                return Vec::new();
            }
            let unit = if *han_double { LengthUnit::HanDouble } else { LengthUnit::Plain };
            vec![RuleKind::TotalLength { path, unit, minimum: *minimum, maximum: *maximum }]
        }
        RuleKindDoc::SameKind(name) => {
            let Some((path, leaf)) = path(scope, name, out) else { return Vec::new() };
            let tagged = match leaf.ty {
                Type::Array(item) => matches!(scope.view.kind(item), Some(TypeKind::Tagged(_))),
                _ => false,
            };
            if !tagged || leaf.through_items {
                let help = "name a list whose items have a `tag`";
                out.push(types::bad_rule(&format!("the items of `{}` have no kinds", name.value), help, name.span));
                return Vec::new();
            }
            vec![RuleKind::SameKind(path)]
        }
    }
}

/// Paths whose presence a rule tests, without duplicates.
fn present(scope: ConditionScope<'_>, names: &[Text], out: &mut Diagnostics) -> Option<Vec<FieldPath>> {
    let mut paths: Vec<FieldPath> = Vec::new();
    let mut complete = true;
    for name in names {
        match path(scope, name, out) {
            Some((_, leaf)) if leaf.through_items => {
                let help = "name the array itself";
                out.push(types::bad_rule("a rule cannot test the presence of an array's item", help, name.span));
                complete = false;
            }
            Some((path, _)) if paths.contains(&path) => {
                repeated(name, out);
                complete = false;
            }
            Some((path, _)) => paths.push(path),
            None => complete = false,
        }
    }
    complete.then_some(paths)
}

fn path<'a>(scope: ConditionScope<'a>, name: &Text, out: &mut Diagnostics) -> Option<(FieldPath, PathTarget<'a>)> {
    condition::path(scope, name, out)
}

/// What can be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Number,
    Date,
    DateTime,
    Time,
}

impl Compared {
    fn noun(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Date => "a date",
            Self::DateTime => "a date and time",
            Self::Time => "a time",
        }
    }
}

fn compared(scope: ConditionScope<'_>, name: &Text, out: &mut Diagnostics) -> Option<(FieldPath, Compared)> {
    let (path, leaf) = path(scope, name, out)?;
    let is_number = |it: &Type| it.is_whole() || matches!(it, Type::Number | Type::Json);
    let kind = match leaf.ty {
        Type::DateTime => Some(Compared::DateTime),
        Type::Formatted(TextFormat::Date) => Some(Compared::Date),
        Type::Formatted(TextFormat::Time) => Some(Compared::Time),
        ty => scope.view.members(ty).into_iter().any(is_number).then_some(Compared::Number),
    };
    match kind.filter(|_| !leaf.through_items) {
        Some(kind) => Some((path, kind)),
        None => {
            let problem = format!("`{}` is not a number and cannot be compared", name.value);
            let help = "only integers, numbers, dates, times and date-times can be compared";
            out.push(types::bad_rule(&problem, help, name.span));
            None
        }
    }
}

fn repeated(name: &Text, out: &mut Diagnostics) {
    out.push(types::bad_rule(&format!("the rule names `{}` twice", name.value), "remove one of the two", name.span));
}

fn check_bounds(minimum: Option<u64>, maximum: Option<u64>, doc: &RuleDoc, out: &mut Diagnostics) {
    if let (Some(low), Some(high)) = (minimum, maximum)
        && low > high
    {
        out.push(types::impossible_limits("`minimum` and `maximum` leave no value", doc.span, None));
    }
}
