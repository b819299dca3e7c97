//! What a call brings: the forms of `response`, and its statuses.

use super::names as forms;
use super::operations::{OperationPlan, ResolveContext};
use super::tasks::{self, TaskDeclarations, TaskTypes};
use super::types::Types;
use super::view::TypeView;
use crate::diagnostics::{Diagnostics, names, types};
use crate::model::{Output, Record, StatusAnswer, StatusForm, Type, TypeId, TypeKind};
use crate::source::Span;
use crate::syntax::document::{BodyDoc, Entry, OperationDoc, ResponseDoc, StatusResponseDoc, Text};

pub(super) fn output(
    common: &ResolveContext<'_, '_>,
    plan: &OperationPlan<'_>,
    types_: &mut Types<'_>,
    record: &Record,
    out: &mut Diagnostics,
) -> Output {
    let doc = plan.doc;
    if let (Some(task), Some(created), Some(result)) = (&doc.task, plan.created, plan.result) {
        let Some(template) = &plan.template else { return Output::Empty };
        let created_record = match &types_.defs[created.0 as usize].kind {
            TypeKind::Record(record) => Some(record),
            TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => None,
        };
        let view = TypeView { types: &types_.defs, broken: &types_.broken };
        let made = TaskTypes { created, result, created_record, view };
        let create = tasks::Create { path: template, parameters: record, client: &common.document.client.path };
        let span = task.span.unwrap_or(doc.name.span);
        return Output::Task(Box::new(tasks::resolve(
            &TaskDeclarations {
                own: task,
                file: &common.resources[plan.resource.0 as usize].tasks,
                api: &common.document.tasks,
            },
            create,
            &made,
            span,
            out,
        )));
    }
    let Some(response) = &doc.response else { return Output::Empty };
    let (body, wrapper) = match &response.value {
        ResponseDoc::None => return Output::Empty,
        ResponseDoc::Binary(types) => {
            return Output::Binary { media_types: types.iter().map(|it| it.value.clone()).collect() };
        }
        ResponseDoc::Text(types) => {
            return Output::Text { media_types: types.iter().map(|it| it.value.clone()).collect() };
        }
        ResponseDoc::Redirect => return Output::Redirect,
        ResponseDoc::ByStatus(answers) => return by_status(answers, plan, types_, response.span, out),
        ResponseDoc::Body(body) | ResponseDoc::Nullable(body) => (body, None),
        ResponseDoc::Wrapped(wrapper, body) => (body, Some(wrapper.value.clone())),
        ResponseDoc::PlainText(_, body) => (body, None),
    };
    let plain_text = match &response.value {
        ResponseDoc::PlainText(field, _) => Some(field),
        _ => None,
    };
    let ty = match (body, plan.response) {
        (BodyDoc::Type(expr), _) => types_.expr(expr, Some(plan.resource), out),
        (BodyDoc::Record(_), id) => id.map(Type::Named),
    };
    let ty = ty.unwrap_or(Type::Json);
    if super::locations::holds_file(&ty) {
        let help = "write `response: {binary: [audio/mpeg]}`";
        out.push(types::type_misplaced("a file", "a JSON response", help, response.span));
    }
    if let Some(field) = plain_text {
        check_plain_text(&ty, field, types_, out);
    }
    let nullable = matches!(response.value, ResponseDoc::Nullable(_));
    Output::Json { ty, wrapper, plain_text: plain_text.map(|it| it.value.clone()), nullable }
}

/// Answers by status: values and none.
fn by_status(
    answers: &[StatusResponseDoc],
    plan: &OperationPlan<'_>,
    types_: &mut Types<'_>,
    span: Span,
    out: &mut Diagnostics,
) -> Output {
    let mut all: Vec<StatusAnswer> = Vec::new();
    for answer in answers {
        let status = answer.status.value;
        let raw = match &answer.form {
            StatusForm::Text(_) => Some(Type::String),
            StatusForm::Binary(_) => Some(Type::File),
            StatusForm::Json | StatusForm::Wrapped(_) => None,
        };
        let ty = answer.body.as_ref().map(|body| {
            let ty = match body {
                BodyDoc::Type(expr) => types_.expr(expr, Some(plan.resource), out),
                BodyDoc::Record(_) => plan.by_status.get(&status).map(|id| Type::Named(*id)),
            };
            ty.unwrap_or(Type::Json)
        });
        if ty == Some(Type::File) {
            let help = "bytes are `{binary: [audio/mpeg]}`";
            out.push(types::type_misplaced("a file", "a JSON response", help, answer.status.span));
        }
        all.push(StatusAnswer { status, ty: ty.or(raw), form: answer.form.clone() });
    }
    if all.iter().all(|it| it.ty.is_none()) {
        let help = "write `response: none`, which takes every status of success (`status()` of the response tells which), with the usual one as `success` if it is not 204";
        out.push(types::bad_operation("none of the answers has a body", help, span));
        return Output::Empty;
    }
    Output::ByStatus(all)
}

/// A header is one value, under a name that headers may have.
pub(super) fn check_headers(headers: &[Entry], id: TypeId, types_: &Types<'_>, out: &mut Diagnostics) {
    for header in headers {
        forms::check_header_token(&header.name, out);
        if let Some(flag) = header.nullable.as_ref().filter(|it| it.value) {
            let help = "mark a header that may be missing with `?`";
            out.push(types::type_misplaced("`null`", "a header", help, flag.span));
        }
    }
    let TypeKind::Record(record) = &types_.defs[id.0 as usize].kind else { return };
    let view = TypeView { types: &types_.defs, broken: &types_.broken };
    for field in record.fields.iter().filter(|it| !types_.broken.contains(&it.span)) {
        let is_one_value = |it: &Type| match it {
            Type::Named(_) => matches!(view.kind(it), Some(TypeKind::Enum(_))),
            Type::Array(_)
            | Type::Tuple(_)
            | Type::Map(_)
            | Type::Union(_)
            | Type::Json
            | Type::File
            | Type::Nullable(_) => false,
            _ => true,
        };
        if field.name.ends_with('*') {
            super::styles::check_prefix(view, &field.name, field, out);
            continue;
        }
        let fits = match &field.ty {
            Type::Array(item) => is_one_value(item),
            other => is_one_value(other),
        };
        if !fits {
            let help = "a header is a string, a number or a boolean, or a list of these with commas";
            out.push(types::type_misplaced(&view.describe(&field.ty), "a response header", help, field.span));
        }
    }
}

/// `success` is one status, and of the kind that the answer has.
pub(super) fn check_success(doc: &OperationDoc, output: &Output, out: &mut Diagnostics) {
    let Some(success) = &doc.success else { return };
    let is_redirect = (300..400).contains(&success.value);
    match output {
        Output::ByStatus(_) => {
            let help = "remove `success`: the statuses are the keys of `response`";
            out.push(types::bad_operation("the response names its statuses itself", help, success.span));
        }
        Output::Redirect if !is_redirect => {
            let help = "a redirect has the status 301, 302, 303, 307 or 308";
            out.push(types::bad_operation(
                &format!("{} is no status of a redirect", success.value),
                help,
                success.span,
            ));
        }
        Output::Redirect => {}
        _ if is_redirect => {
            let help = "if the answer is where the redirect leads, write `response: redirect`";
            out.push(types::bad_operation(&format!("{} is no status of success", success.value), help, success.span));
        }
        _ => {}
    }
}

/// Whether a response has a flag for success and a field for the error.
pub(super) fn check_failure_in_success(ty: &Type, types_: &Types<'_>, out: &mut Diagnostics) {
    const FLAGS: [&str; 4] = ["ok", "success", "succeeded", "successful"];
    const ERRORS: [&str; 8] =
        ["error", "errors", "err", "error_message", "errorMessage", "error_msg", "error_code", "errorCode"];
    let Type::Named(id) = ty else { return };
    let TypeKind::Record(record) = &types_.defs[id.0 as usize].kind else { return };
    if !record.fields.iter().any(|it| ERRORS.contains(&it.name.as_str())) {
        return;
    }
    let flag = record.fields.iter().find(|it| it.ty == Type::Boolean && FLAGS.contains(&it.name.as_str()));
    out.extend(flag.map(|it| types::failure_in_success(&it.name, it.span)));
}

/// A plain text is the value of a field that takes text, and no other field is needed.
fn check_plain_text(ty: &Type, field: &Text, types_: &Types<'_>, out: &mut Diagnostics) {
    let Type::Named(id) = ty else {
        let help = "use a record with a field for the text";
        return out.push(types::bad_operation("only a record can have a field for plain text", help, field.span));
    };
    let TypeKind::Record(record) = &types_.defs[id.0 as usize].kind else { return };
    match record.find(&field.value) {
        None => {
            let known: Vec<&str> = record.fields.iter().map(|it| it.name.as_str()).collect();
            out.push(names::unknown_name("field", &field.value, &known, field.span));
        }
        Some((_, found)) if !matches!(found.ty, Type::String | Type::Json) => {
            let help = "name a field of type `string`";
            out.push(types::bad_operation(&format!("`{}` cannot hold text", field.value), help, field.span));
        }
        Some(_) => {}
    }
}
