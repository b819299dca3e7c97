//! `errors.when`: when an answer of success is an error.

use super::types::Types;
use crate::diagnostics::{Diagnostics, types};
use crate::model::{FailureCondition, FailureTest, Matcher, ResourceId, StatusMeaning, Type};
use crate::syntax::check_pointer;
use crate::syntax::document::{
    ConditionDoc, MatcherDoc, MatcherKind, OperationErrorsDoc, StatusDoc, TestDoc, Text, TypeExpr,
};

/// The condition; `None` where all of it was reported.
pub(super) fn condition(doc: &ConditionDoc, out: &mut Diagnostics) -> Option<FailureCondition> {
    let mut any = Vec::new();
    for tests in &doc.any {
        let all: Vec<FailureTest> = tests.iter().filter_map(|it| test(it, out)).collect();
        if all.len() == tests.len() {
            any.push(all);
        }
    }
    (!any.is_empty()).then_some(FailureCondition { any, span: doc.span })
}

/// The condition of an operation: its own, none, or that of the API.
pub(super) fn of_operation(
    own: Option<&OperationErrorsDoc>,
    api: Option<&FailureCondition>,
    out: &mut Diagnostics,
) -> Option<FailureCondition> {
    match own {
        Some(OperationErrorsDoc::None) => None,
        Some(OperationErrorsDoc::Own { when: Some(doc), .. }) => condition(doc, out),
        Some(OperationErrorsDoc::Own { when: None, .. }) | None => api.cloned(),
    }
}

/// The type of an error's body.
pub(super) fn body_type(
    expr: Option<&TypeExpr>,
    resource: Option<ResourceId>,
    types_: &mut Types<'_>,
    out: &mut Diagnostics,
) -> Option<Type> {
    let expr = expr?;
    let ty = types_.expr(expr, resource, out)?;
    if ty == Type::File {
        let help = "write the name of a type";
        out.push(types::bad_operation("the body of an error is no file", help, expr.span));
    }
    Some(ty)
}

/// The types of the bodies that come with these statuses.
pub(super) fn status_types<'d>(
    meanings: &mut [StatusMeaning],
    docs: impl IntoIterator<Item = &'d StatusDoc>,
    resource: Option<ResourceId>,
    types_: &mut Types<'_>,
    out: &mut Diagnostics,
) {
    for doc in docs.into_iter().filter(|it| it.ty.is_some()) {
        // Of two that are written, the one that counts.
        if let Some(meaning) = meanings.iter_mut().find(|it| it.span == doc.status.span) {
            meaning.ty = body_type(doc.ty.as_ref(), resource, types_, out);
        }
    }
}

fn test(doc: &TestDoc, out: &mut Diagnostics) -> Option<FailureTest> {
    Some(FailureTest { at: place(&doc.path, out)?, matcher: matcher(&doc.matcher, out)? })
}

/// A field of the answer by its name, or any value of it by a JSON pointer.
fn place(name: &Text, out: &mut Diagnostics) -> Option<String> {
    let text = &name.value;
    if text.starts_with('/') {
        return check_pointer(name, out).then(|| text.clone());
    }
    if text.contains('.') {
        let help = format!(
            "write a value inside an object as `/{}`, and a field with dots as `/{text}`",
            text.replace('.', "/")
        );
        out.push(types::bad_condition(&format!("`{text}` is no field of an answer"), &help, name.span));
        return None;
    }
    Some(format!("/{}", text.replace('~', "~0")))
}

fn matcher(doc: &MatcherDoc, out: &mut Diagnostics) -> Option<Matcher> {
    Some(match &doc.kind {
        MatcherKind::Value(value) => {
            if value.as_str().is_some_and(|it| it.contains('*')) {
                let help = "list the values: answers are not known to have a list of them";
                out.push(types::bad_condition("a condition on answers has no globs", help, doc.span));
                return None;
            }
            Matcher::OneOf(vec![value.clone()])
        }
        MatcherKind::Null => Matcher::Null,
        MatcherKind::Present => Matcher::Present,
        MatcherKind::Absent => Matcher::Absent,
        MatcherKind::Empty => Matcher::Empty,
        MatcherKind::Not(inner) => Matcher::Not(Box::new(matcher(inner, out)?)),
        MatcherKind::List(items) => {
            let all = items.iter().map(|it| matcher(it, out)).collect::<Option<Vec<_>>>()?;
            let mut values = Vec::new();
            let mut others = Vec::new();
            for it in all {
                match it {
                    Matcher::OneOf(more) => values.extend(more),
                    other => others.push(other),
                }
            }
            if others.is_empty() {
                return Some(Matcher::OneOf(values));
            }
            if !values.is_empty() {
                others.push(Matcher::OneOf(values));
            }
            Matcher::Any(others)
        }
    })
}
