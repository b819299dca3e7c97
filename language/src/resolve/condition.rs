//! Conditions: names to paths, globs to values, words to matchers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::view::{self, ConditionScope, Fit, PathFault, PathTarget};
use crate::diagnostics::{Diagnostics, names, types};
use crate::model::{
    Access, Condition, Field, FieldPath, Matcher, PathStep, Test, Type, TypeKind, equality_key, same_value,
};
use crate::syntax::document::{ConditionDoc, MatcherDoc, MatcherKind, TestDoc, Text};

/// The condition as written, or nothing when a part of it was reported.
pub(super) fn resolve(scope: ConditionScope<'_>, doc: &ConditionDoc, out: &mut Diagnostics) -> Option<Condition> {
    let mut any = Vec::new();
    let mut complete = true;
    for tests in &doc.any {
        let mut all = Vec::new();
        for it in tests {
            match test(scope, it, out) {
                Some(test) => all.push(Condition::Test(test)),
                None => complete = false,
            }
        }
        any.push(if all.len() == 1 { all.remove(0) } else { Condition::All(all) });
    }
    let condition = if any.len() == 1 { any.remove(0) } else { Condition::Any(any) };
    complete.then_some(condition)
}

/// A path of the scope's record, or nothing when it leads nowhere (which is reported).
pub(super) fn path<'a>(
    scope: ConditionScope<'a>,
    text: &Text,
    out: &mut Diagnostics,
) -> Option<(FieldPath, PathTarget<'a>)> {
    let fault = match scope.view.path(scope.record, &text.value) {
        Ok(found) => {
            if let Some(field) = read_only(scope, &found.0) {
                let problem = format!("`{}` is `read_only`, and so no request has it", field.name);
                out.push(types::bad_condition(&problem, "name a field that is sent", text.span));
                return None;
            }
            return Some(found);
        }
        Err(fault) => fault,
    };
    match fault {
        PathFault::Silent => {}
        PathFault::Unknown(name, known) => {
            let of = if text.value.starts_with(&name) { scope.what } else { "the object" };
            out.push(names::unknown_parameter(&name, of, known.iter().map(String::as_str), text.span));
        }
        PathFault::NoFields(name) => {
            let problem = format!("`{name}` has no known fields");
            out.push(types::bad_condition(&problem, "only records have fields with names", text.span));
        }
        PathFault::Items(name) => {
            let problem = format!("`{name}` is not an array");
            out.push(types::bad_condition(&problem, "`[]` is only valid after an array", text.span));
        }
    }
    None
}

/// The first field on a path that is never sent.
fn read_only<'a>(scope: ConditionScope<'a>, path: &FieldPath) -> Option<&'a Field> {
    let inner = path.steps.iter().filter_map(|it| match it {
        PathStep::Field(id, ix) => match &scope.view.types[id.0 as usize].kind {
            TypeKind::Record(record) => Some(record.field(*ix)),
            TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => None,
        },
        PathStep::Items => None,
    });
    std::iter::once(scope.record.field(path.field)).chain(inner).find(|it| it.access == Access::ReadOnly)
}

fn test(scope: ConditionScope<'_>, doc: &TestDoc, out: &mut Diagnostics) -> Option<Test> {
    let (path, leaf) = path(scope, &doc.path, out)?;
    if scope.own == Some(path.field) {
        let problem = format!("the condition of `{0}` tests `{0}` itself", scope.record.field(path.field).name);
        out.push(types::bad_condition(&problem, "test another parameter", doc.path.span));
        return None;
    }
    if leaf.through_items {
        out.push(types::bad_condition("conditions cannot test items of arrays", "test the array", doc.path.span));
        return None;
    }
    let matcher = matcher(scope, &path, &leaf, &doc.matcher, out)?;
    Some(Test { path, matcher })
}

fn matcher(
    scope: ConditionScope<'_>,
    path: &FieldPath,
    leaf: &PathTarget<'_>,
    doc: &MatcherDoc,
    out: &mut Diagnostics,
) -> Option<Matcher> {
    match &doc.kind {
        MatcherKind::Present => Some(Matcher::Present),
        MatcherKind::Absent => Some(Matcher::Absent),
        MatcherKind::Null => {
            if leaf.nullable || accepts_null(leaf.ty) {
                return Some(Matcher::Null);
            }
            let help = "write `$absent`, or make it `nullable: true`";
            out.push(types::bad_condition("it is never null", help, doc.span));
            None
        }
        MatcherKind::Empty => {
            let can = scope.view.members(leaf.ty).into_iter().any(|it| match it {
                Type::String | Type::Base64 | Type::Json | Type::Array(_) | Type::Map(_) => true,
                Type::Named(_) => !matches!(scope.view.kind(it), Some(TypeKind::Enum(_))),
                _ => false,
            });
            if !can {
                let problem = format!("{} is never empty", scope.view.describe(leaf.ty));
                out.push(types::bad_condition(
                    &problem,
                    "`$empty` is only valid for strings, arrays and objects",
                    doc.span,
                ));
                return None;
            }
            Some(Matcher::Empty)
        }
        MatcherKind::Not(inner) => Some(Matcher::Not(Box::new(matcher(scope, path, leaf, inner, out)?))),
        MatcherKind::Value(value) => values(scope, path, leaf, value, doc, out).map(Matcher::OneOf),
        MatcherKind::List(items) => list(scope, path, leaf, items, out),
    }
}

/// The values in a list become one matcher, and its other matchers are added to that.
fn list(
    scope: ConditionScope<'_>,
    path: &FieldPath,
    leaf: &PathTarget<'_>,
    items: &[MatcherDoc],
    out: &mut Diagnostics,
) -> Option<Matcher> {
    let mut all_values: Vec<Value> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut others = Vec::new();
    let mut complete = true;
    for item in items {
        match matcher(scope, path, leaf, item, out) {
            Some(Matcher::OneOf(values)) => {
                for value in values {
                    if seen.insert(equality_key(&value)) {
                        all_values.push(value);
                    }
                }
            }
            Some(other) => others.push(other),
            None => complete = false,
        }
    }
    if !complete {
        return None;
    }
    if others.is_empty() {
        return Some(Matcher::OneOf(all_values));
    }
    if !all_values.is_empty() {
        others.insert(0, Matcher::OneOf(all_values));
    }
    Some(if others.len() == 1 { others.remove(0) } else { Matcher::Any(others) })
}

fn accepts_null(ty: &Type) -> bool {
    matches!(ty, Type::Json)
}

fn values(
    scope: ConditionScope<'_>,
    path: &FieldPath,
    leaf: &PathTarget<'_>,
    value: &Value,
    doc: &MatcherDoc,
    out: &mut Diagnostics,
) -> Option<Vec<Value>> {
    if let Value::String(text) = value
        && text.contains('*')
    {
        match scope.view.enum_values(leaf.ty) {
            Some((known, _)) if known.contains(&text.as_str()) => return Some(vec![value.clone()]),
            Some((known, false)) => {
                let matching: Vec<Value> = known.into_iter().filter(|it| glob(text, it)).map(Value::from).collect();
                if matching.is_empty() {
                    out.push(types::glob_without_match(text, doc.span));
                    return None;
                }
                return Some(matching);
            }
            Some((_, true)) | None => {
                if scope.view.fit(leaf.ty, value) != Fit::No {
                    out.push(types::glob_misplaced(text, doc.span));
                    return None;
                }
            }
        }
    }
    let comparable = scope.view.members(leaf.ty).into_iter().any(|it| {
        let is_enum = matches!(scope.view.kind(it), Some(TypeKind::Enum(_)));
        is_enum || !matches!(it, Type::Array(_) | Type::Tuple(_) | Type::Map(_) | Type::Named(_) | Type::File)
    });
    if !comparable {
        let problem = format!("{} cannot be compared with a value", scope.view.describe(leaf.ty));
        out.push(types::bad_condition(&problem, "use `$present`, `$absent` or `$empty`", doc.span));
        return None;
    }
    match scope.view.fit(leaf.ty, value) {
        Fit::Yes => {}
        Fit::OutsideEnum => {
            let known = scope.view.enum_values(leaf.ty).map(|(known, _)| known).unwrap_or_default();
            out.push(types::outside_enum("the value", &view::value_as_written(value), &known, doc.span));
            return None;
        }
        Fit::No => {
            let ty = scope.view.describe(leaf.ty);
            out.push(types::wrong_type("the value", &view::value_as_written(value), &ty, doc.span));
            return None;
        }
    }
    let numbers = scope.sources.get(path.field.0 as usize).filter(|_| path.steps.is_empty());
    if let Some(listed) = numbers.and_then(|it| it.entry.constraints.enum_.as_ref())
        && !matches!(leaf.ty, Type::Named(_) | Type::Json)
        && !listed.values.iter().any(|it| same_value(&it.value.value, value))
    {
        let known: Vec<String> = listed.values.iter().map(|it| view::value_as_written(&it.value.value)).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        out.push(types::outside_enum("the value", &view::value_as_written(value), &known, doc.span));
        return None;
    }
    Some(vec![value.clone()])
}

/// Whether a text matches a glob in which `*` matches any characters.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn globs() {
        for (pattern, text, expected) in [
            ("wan-2.7-*", "wan-2.7-r2v", true),
            ("wan-2.7-*", "wan-2.7", false),
            ("*", "", true),
            ("*-fast", "veo-fast", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("**", "x", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
