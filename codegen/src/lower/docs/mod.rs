//! Turns the prose and facts of a spec into lines of rustdoc.
//!
//! Everything that a spec's author writes goes through [`prose()`], which makes it safe to show.

mod fields;
mod markdown;

use super::view::Docs;
use crate::model::{Api, Certainty, Credential, EnumValue, Operation, Origin, Output, Type, TypeId, TypeKind, Variant};
use crate::prose;
use crate::rust_words::without_raw_prefix;

pub(crate) use fields::{parameter, record_field, rules, setter};
use markdown::wrap;
pub(crate) use markdown::{deprecation_note, first_line, join, one_line, prose, sentence};

/// What sentences call an API: "AnimeAPI", "the Runcrate API".
pub(crate) fn display_name(title: &str) -> String {
    let title = one_line(title);
    if title.ends_with("API") { title } else { format!("the {title} API") }
}

/// Prose, or a sentence where there is none.
fn docs_or(text: &str, otherwise: impl FnOnce() -> String) -> Docs {
    let lines = prose(text);
    if lines.is_empty() { vec![otherwise()] } else { lines }
}

pub(crate) fn type_docs(api: &Api, id: TypeId, ident: &str) -> Docs {
    let def = api.ty(id);
    join([docs_or(&def.doc, || describe_by_use(api, id, ident)), origin(&def.origin)])
}

/// Describes a type without a `doc` by its use.
fn describe_by_use(api: &Api, id: TypeId, ident: &str) -> String {
    if let TypeKind::Enum(_) = api.ty(id).kind {
        let name = super::names::snake(ident);
        return format!("Values of `{}`.", without_raw_prefix(&name));
    }
    for operation in &api.operations {
        let name = || operation.full_name(api);
        if operation.response_headers == Some(id) {
            return format!("The headers of the response of `{}`.", name());
        }
        match &operation.output {
            Output::Task(task) if task.result == id => {
                return format!("The result of a completed `{}` task.", name());
            }
            Output::Task(task) if task.created == id => return format!("The immediate response of `{}`.", name()),
            Output::ByStatus(answers) => {
                if let Some(answer) = answers.iter().find(|it| it.ty == Some(Type::Named(id))) {
                    return format!("The response of `{}` with status {}.", name(), answer.status);
                }
            }
            Output::Json { ty: Type::Named(answer), .. } if *answer == id => {
                return format!("The response of `{}`.", name());
            }
            _ => {}
        }
    }
    format!("The API's `{}`.", api.ty(id).name)
}

pub(crate) fn enum_value(value: &EnumValue) -> Docs {
    docs_or(&value.doc, || format!("Sent as {}.", prose::code(&value.value)))
}

pub(crate) fn credential(credential: &Credential) -> Docs {
    let looks = credential.looks_like.as_ref().map(|it| format!("Looks like {}.", prose::code(it)));
    join([prose(&credential.doc), looks.into_iter().collect()])
}

pub(crate) fn operation(api: &Api, operation: &Operation) -> Docs {
    let call = format!("`{} {}`", operation.method.as_str(), operation.path_template());
    let partly = operation
        .partly_documented
        .then(|| "The vendor's documentation mentions this operation but does not describe it in full.".to_owned());
    let pages = operation.pages.as_ref().map(|it| prose(&crate::prose::pages(api, &operation.parameters, it)));
    let scopes = crate::prose::scopes(api, operation).map(|it| prose(&it));
    join([
        vec![sentence(&one_line(&operation.summary))],
        prose(&operation.doc),
        pages.unwrap_or_default(),
        vec![call],
        scopes.unwrap_or_default(),
        partly.into_iter().collect(),
        origin(&operation.origin),
    ])
}

pub(crate) fn variant(variant: &Variant, value: Option<&EnumValue>, condition: &str) -> Docs {
    let own = if variant.doc.trim().is_empty() { value.map_or("", |it| it.doc.as_str()) } else { &variant.doc };
    let when =
        if condition.is_empty() { Vec::new() } else { vec![sentence(&format!("for requests where {condition}"))] };
    join([prose(own), when])
}

fn origin(origin: &Origin) -> Docs {
    let unclear = origin.unclear.as_ref().map(|it| format!("Unclear: {}", one_line(it)));
    let inferred =
        (origin.certainty == Certainty::Inferred).then(|| "Implied by the documentation, not stated.".to_owned());
    let mut lines = Vec::new();
    for line in unclear.into_iter().chain(inferred) {
        wrap(&line, &mut lines);
    }
    lines
}
