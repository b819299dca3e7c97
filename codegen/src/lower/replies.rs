//! What calls bring, where it is more than one JSON value: answers by status, values or none, texts, redirects.

use super::fields::{self, Owner};
use super::view::{AnswerForm, Reply, ResponseHeaders, StatusEnum, StatusMember, Ty};
use super::{Ctx, docs, names};
use crate::model::{Field, Operation, Output, StatusAnswer, StatusForm, Type, TypeKind, status_name};

/// The Rust type of an answer.
pub(crate) fn ty(ctx: &mut Ctx<'_>, operation: &Operation, ty: &Type, field: &str) -> Ty {
    let pascal = names::pascal(&operation.name);
    let module = names::resource_module(ctx.api.resource(operation.resource));
    fields::ty(ctx, ty, Owner { name: &pascal, module: Some(&module), field, span: operation.span })
}

/// One type for all statuses is that type; one type or none is an `Option`; all else is an enum.
pub(crate) fn by_status(ctx: &mut Ctx<'_>, operation: &Operation, answers: &[StatusAnswer]) -> Reply {
    let mut types = answers.iter().filter_map(|it| it.ty.as_ref());
    let first = types.next();
    let none: Vec<u16> = answers.iter().filter(|it| it.ty.is_none()).map(|it| it.status).collect();
    let plain = answers.iter().all(|it| it.form == StatusForm::Json);
    if let Some(only) = first.filter(|first| plain && types.all(|it| it == *first)) {
        let ty = ty(ctx, operation, only, "answer");
        return match none.as_slice() {
            [] => Reply::Json { ty, wrapper: None, plain_text: None },
            _ => Reply::Optional { ty, none },
        };
    }
    let members = answers.iter().map(|it| {
        let ident = status_name(it.status);
        let words = match it.ty {
            Some(_) => format!("Status {}.", it.status),
            None => format!("Status {}, with no body.", it.status),
        };
        let is_bytes = matches!(it.form, StatusForm::Binary(_));
        let inner = it.ty.as_ref().filter(|_| !is_bytes);
        let ty = inner.map(|inner| ty(ctx, operation, inner, &ident));
        StatusMember { ident, status: it.status, docs: vec![words], ty, form: it.form.clone() }
    });
    let answers: Vec<StatusMember> = members.collect();
    let json = answers.iter().find(|it| it.ty.is_some() && it.form.is_json());
    let other = json.or(answers.iter().find(|it| it.ty.is_some())).map_or(200, |it| it.status);
    let pascal = names::pascal(&operation.name);
    let full_name = operation.full_name(ctx.api);
    Reply::ByStatus(StatusEnum {
        ident: format!("{}Answer", pascal.trim_end_matches('_')),
        docs: vec![format!("What `{}` answers, told apart by the status.", docs::one_line(&full_name))],
        answers,
        other,
    })
}

/// The record of the headers, and how each is read.
pub(crate) fn headers(ctx: &Ctx<'_>, operation: &Operation) -> Option<ResponseHeaders> {
    let id = operation.response_headers?;
    let TypeKind::Record(record) = &ctx.api.ty(id).kind else { return None };
    let is_text = |ty: &Type| !matches!(ty, Type::Integer | Type::Sized(_) | Type::Number | Type::Boolean);
    let form = |ty: &Type| match ty {
        Type::Array(item) if is_text(item) => "TextList",
        Type::Array(_) => "JsonList",
        Type::Map(value) if is_text(value) => "TextMap",
        Type::Map(_) => "JsonMap",
        other if is_text(other) => "Text",
        _ => "Json",
    };
    let lower = |it: &Field| it.name.trim_end_matches('*').to_ascii_lowercase();
    let header = |it: &Field| (lower(it), it.name.clone(), form(&it.ty));
    Some(ResponseHeaders { name: ctx.type_name(id).clone(), headers: record.fields.iter().map(header).collect() })
}

/// What the runtime has to know of an answer before it is read.
pub(crate) fn form(operation: &Operation) -> AnswerForm {
    match &operation.output {
        _ if operation.has_text_by_status() => AnswerForm::Text(operation.response_types().join(", ")),
        Output::Text { media_types } => AnswerForm::Text(media_types.join(", ")),
        Output::Json { nullable: true, .. } | Output::Redirect => AnswerForm::JsonOrNothing,
        Output::ByStatus(answers) if answers.iter().any(|it| it.ty.is_none()) => AnswerForm::JsonOrNothing,
        _ => AnswerForm::Json,
    }
}

/// Statuses that are answers although they are none of success.
pub(crate) fn other_answers(output: &Output) -> Vec<u16> {
    match output {
        Output::Redirect => vec![301, 302, 303, 307, 308],
        Output::ByStatus(answers) => answers.iter().map(|it| it.status).filter(|it| *it >= 300).collect(),
        _ => Vec::new(),
    }
}
