//! Fields of a record as rows of a table. What applies only under a condition becomes a sentence.

use serde_json::Value;

use super::types;
use crate::constraints::limits_the_value;
use crate::emit::labels;
use crate::emit::markdown::{cell, code, code_cell, inline, table};
use crate::model::{
    Access, Api, Certainty, Clause, Condition, Constraint, Field, Location, Origin, Record, Target, Type, TypeDef,
    TypeKind,
};
use crate::prose;

/// Marks what the vendor's documentation does not state.
pub(super) const INFERRED: &str = " *(inferred)*";

/// What a table of fields describes. It decides the columns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TableKind {
    /// Parameters of an operation.
    Parameters,
    /// Fields that are sent.
    Fields,
    /// Fields that come back.
    Answer,
}

/// The table of a record's fields.
pub(super) fn table_of(api: &Api, record: &Record, heads: TableKind) -> String {
    let rows: Vec<_> = record.fields.iter().map(|it| field_row(api, record, it, heads)).collect();
    let head = match heads {
        TableKind::Parameters => ["parameter", "in", "type", "required", "allowed", "default", "notes"],
        TableKind::Fields => ["field", "in", "type", "required", "allowed", "default", "notes"],
        TableKind::Answer => ["field", "in", "type", "always present", "allowed", "default", "notes"],
    };
    table(&head, &rows)
}

fn field_row(api: &Api, record: &Record, field: &Field, heads: TableKind) -> Vec<String> {
    let place = if heads == TableKind::Parameters { labels::location(field.location) } else { "" };
    let nullable = if field.nullable { " or `null`" } else { "" };
    vec![
        code_cell(&field.name),
        place.to_owned(),
        format!("{}{nullable}", types::type_cell(api, &field.ty)),
        required(api, record, field, heads),
        allowed_values(api, field, heads),
        field.default.as_ref().map(value_cell).unwrap_or_default(),
        field_notes(api, field),
    ]
}

fn required(api: &Api, record: &Record, field: &Field, heads: TableKind) -> String {
    let always = if heads == TableKind::Answer { "yes" } else { "always" };
    if field.location == Location::Path {
        return always.to_owned();
    }
    match (field.access, heads) {
        (Access::ReadOnly, TableKind::Fields) => return "never sent".to_owned(),
        (Access::WriteOnly, TableKind::Answer) => return "never".to_owned(),
        _ => {}
    }
    let clauses = || field.clauses.iter().filter(|it| it.constraint == Constraint::Required);
    if clauses().any(|it| it.when == Condition::Always && is_stated(&it.origin)) {
        return always.to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    for clause in clauses() {
        let inferred = if is_stated(&clause.origin) { "" } else { INFERRED };
        parts.push(match &clause.when {
            Condition::Always => format!("{always}{inferred}"),
            when => format!("when {}{inferred}", cell(&prose::condition(record, api, when))),
        });
    }
    if parts.is_empty() { "no".to_owned() } else { parts.join("; or ") }
}

/// What holds regardless of the other parameters.
fn allowed_values(api: &Api, field: &Field, heads: TableKind) -> String {
    let mut parts = Vec::new();
    if let Some(values) = inline_enum(api, &field.ty) {
        parts.push(values);
    }
    for certainty in [Certainty::Stated, Certainty::Inferred] {
        for target in [Target::Value, Target::Items] {
            let clauses = field.clauses.iter().filter(|it| {
                it.when == Condition::Always
                    && it.target == target
                    && it.origin.certainty == certainty
                    && limits_the_value(&it.constraint)
                    && !(it.implied && heads == TableKind::Answer)
            });
            let text = limits(clauses);
            if !text.is_empty() {
                let each = if target == Target::Items { "each: " } else { "" };
                let mark = if certainty == Certainty::Inferred { INFERRED } else { "" };
                parts.push(format!("{each}{text}{mark}"));
            }
        }
    }
    parts.join("; ")
}

/// Limits of several clauses for a cell. Values are listed in full here, as a reference must.
pub(super) fn limits<'a>(clauses: impl IntoIterator<Item = &'a Clause>) -> String {
    let mut parts = Vec::new();
    let mut others = Vec::new();
    for clause in clauses {
        match &clause.constraint {
            Constraint::Enum(values) => parts.push(values.iter().map(value_cell).collect::<Vec<_>>().join(", ")),
            constraint => others.push(constraint),
        }
    }
    let others = cell(&prose::constraints_short(others));
    parts.extend((!others.is_empty()).then_some(others));
    parts.join("; ")
}

/// The values of an enum that has no section of its own.
fn inline_enum(api: &Api, ty: &Type) -> Option<String> {
    let (each, id) = match ty {
        Type::Named(id) => ("", id),
        Type::Array(item) => match item.non_null() {
            Type::Named(id) => ("each: ", id),
            _ => return None,
        },
        _ => return None,
    };
    match api.ty(*id) {
        TypeDef { inline: true, kind: TypeKind::Enum(values), .. } => {
            let listed: Vec<String> = values.values.iter().map(|it| code_cell(&it.value)).collect();
            let others = if values.open { " and others" } else { "" };
            Some(format!("{each}{}{others}", listed.join(", ")))
        }
        _ => None,
    }
}

/// A table per field whose inline enum explains its values.
pub(super) fn value_tables(api: &Api, record: &Record) -> Vec<String> {
    let mut tables = Vec::new();
    for field in &record.fields {
        let inner = match &field.ty {
            Type::Array(item) => item.as_ref(),
            ty => ty,
        };
        if let Type::Named(id) = inner
            && let TypeDef { inline: true, kind: TypeKind::Enum(values), .. } = api.ty(*id)
            && values.values.iter().any(|it| !it.doc.is_empty())
        {
            tables.push(format!("Values of {}:\n\n{}", code(&field.name), types::enum_table(values)));
        }
    }
    tables
}

fn field_notes(api: &Api, field: &Field) -> String {
    let mut parts = vec![cell(&field.doc)];
    parts.extend(prose::sent(api, field).map(|it| format!("{}.", cell(&capitalised(&it)))));
    if field.client.is_some() {
        parts.push("Set on the client, or here.".to_owned());
    }
    if let Some(instead) = &field.deprecated {
        parts.push(format!("**Deprecated:** {}", cell(instead)));
    }
    if let Some(unclear) = &field.origin.unclear {
        parts.push(format!("**Unclear:** {}", cell(unclear)));
    }
    if !field.examples.is_empty() {
        let shown: Vec<String> = field.examples.iter().map(value_cell).collect();
        parts.push(format!("For example {}.", shown.join(", ")));
    }
    parts.retain(|it| !it.is_empty());
    parts.join("<br>")
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|it| it.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Everything that a table cannot hold: what applies under a condition, and rules over several fields.
pub(super) fn rules(api: &Api, record: &Record) -> Vec<String> {
    let mut sentences = Vec::new();
    for field in &record.fields {
        for clause in field.clauses.iter().filter(|it| needs_sentence(it)) {
            let text = inline(&prose::clause_doc(record, api, field, clause));
            sentences.push(format!("{text}.{}", origin_remarks(&clause.origin)));
        }
    }
    for rule in &record.rules {
        let text = inline(&prose::rule(record, api, rule));
        sentences.push(format!("{text}.{}", origin_remarks(&rule.origin)));
    }
    sentences
}

fn needs_sentence(clause: &Clause) -> bool {
    let told_by_table = match clause.constraint {
        Constraint::Required => true,
        Constraint::Forbidden | Constraint::Ignored | Constraint::Default(_) => false,
        _ => clause.when == Condition::Always,
    };
    !told_by_table || clause.because.is_some() || clause.origin.unclear.is_some()
}

fn origin_remarks(origin: &Origin) -> String {
    let mut text = String::new();
    if !is_stated(origin) {
        text.push_str(INFERRED);
    }
    if let Some(unclear) = &origin.unclear {
        text.push_str(&format!(" **Unclear:** {}", inline(unclear)));
    }
    text
}

fn is_stated(origin: &Origin) -> bool {
    origin.certainty == Certainty::Stated
}

/// A value as code in a cell: text as it stands, anything else as JSON.
pub(super) fn value_cell(value: &Value) -> String {
    match value {
        Value::String(text) => code_cell(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            code_cell(&value.to_string())
        }
    }
}
