//! What each variant of an operation accepts: rows are parameters, columns are variants.

use super::fields::{INFERRED, limits, value_cell};
use super::view::Variants;
use crate::analyse::Truth;
use crate::constraints::{limits_the_value, listed};
use crate::emit::markdown::{cell, code, code_cell, table};
use crate::model::{
    Api, Clause, Condition, Constraint, FieldIx, Location, Matcher, Operation, Origin, Record, RuleKind, Target,
    Variant,
};
use crate::prose;
use crate::specialise::{self, Specialised, Specialiser, Status};

/// Variants that accept the same parameters share a column.
pub(super) fn view(api: &Api, operation: &Operation) -> Option<Variants> {
    if operation.variants.is_empty() {
        return None;
    }
    let record = &operation.parameters;
    let domain = specialise::domain(api, operation);
    let specialiser = Specialiser::of(api, &domain, record);
    let any = specialiser.under(&Condition::Always);
    let variants: Vec<Specialised<'_>> = operation.variants.iter().map(|it| specialiser.under(&it.when)).collect();
    let rows: Vec<FieldIx> = (0..record.fields.len() as u32)
        .map(FieldIx)
        .filter(|ix| {
            let decided = |it: &Specialised<'_>| matches!(it.fields[ix.0 as usize].status, Status::Pinned(_));
            !variants.iter().all(decided) && record.field(*ix).location != Location::Path
        })
        .collect();

    let mut columns: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (variant, specialised) in operation.variants.iter().zip(&variants) {
        let cells: Vec<String> = rows.iter().map(|it| cell_of(record, *it, &any, specialised)).collect();
        let name = code_cell(&variant.name);
        match columns.iter_mut().find(|(_, it)| *it == cells) {
            Some((names, _)) => names.push(name),
            None => columns.push((vec![name], cells)),
        }
    }
    let lines = (0..rows.len()).map(|row| {
        let name = code_cell(&record.field(rows[row]).name);
        std::iter::once(name).chain(columns.iter().map(|(_, cells)| cells[row].clone())).collect()
    });
    let lines: Vec<Vec<String>> = lines.collect();
    let heads: Vec<String> = columns.iter().map(|(names, _)| names.join("<br>")).collect();
    let head: Vec<&str> = std::iter::once("parameter").chain(heads.iter().map(String::as_str)).collect();
    let (list, mut intro) = match field_of_values(operation) {
        Some(field) => (Vec::new(), format!("One variant per value of {}.", code(&record.field(field).name))),
        None => (operation.variants.iter().map(|it| description(api, record, it)).collect(), String::new()),
    };
    if columns.len() == 1 {
        intro = format!("{intro} Every variant takes the same parameters.").trim_start().to_owned();
    }
    Some(Variants { list, intro, table: if columns.len() > 1 { table(&head, &lines) } else { String::new() } })
}

/// The field whose values the variants are, where they are: its table explains them already.
fn field_of_values(operation: &Operation) -> Option<FieldIx> {
    let mut field = None;
    for variant in &operation.variants {
        let Condition::Test(test) = &variant.when else { return None };
        let Matcher::OneOf(values) = &test.matcher else { return None };
        let is_named_so = matches!(values.as_slice(), [value] if value.as_str() == Some(&variant.name));
        if !is_named_so || !test.path.steps.is_empty() || field.is_some_and(|it| it != test.path.field) {
            return None;
        }
        field = Some(test.path.field);
    }
    field
}

fn description(api: &Api, record: &Record, variant: &Variant) -> String {
    let when = cell(&prose::condition(record, api, &variant.when));
    let doc = cell(&variant.doc);
    let colon = if doc.is_empty() { "" } else { ": " };
    format!("{} (when {when}){colon}{doc}", code(&variant.name))
}

/// `any`: what holds of every variant.
fn cell_of(record: &Record, ix: FieldIx, any: &Specialised<'_>, variant: &Specialised<'_>) -> String {
    let knowledge = &variant.knowledge;
    let specialised = &variant.fields[ix.0 as usize];
    let inferred = if specialised.implied { INFERRED } else { "" };
    if !knowledge.can_be_sent(ix) || (specialised.implied && specialised.status == Status::Never) {
        return format!("–{inferred}");
    }
    let field = record.field(ix);
    let clauses = || field.clauses.iter().enumerate().map(|(index, it)| (it, specialised.applies(index)));
    let need = if specialised.status == Status::Required || !knowledge.can_be_absent(ix) {
        "required"
    } else if clauses().any(|(it, applies)| is_conditional(it, applies)) || has_open_rule(record, ix, variant) {
        "depends: see the rules"
    } else {
        "optional"
    };
    let mut parts = vec![format!("{need}{inferred}")];
    if let Some(values) = knowledge.values(ix)
        && any.knowledge.values(ix).is_none_or(|it| it.len() > values.len())
    {
        parts.push(values.iter().map(|it| value_cell(it)).collect::<Vec<_>>().join(", "));
    }
    for (target, inferred) in
        [(Target::Value, false), (Target::Items, false), (Target::Value, true), (Target::Items, true)]
    {
        let certain = clauses().filter(|(it, applies)| {
            it.when != Condition::Always
                && it.target == target
                && is_inferred(&it.origin) == inferred
                && limits_the_value(&it.constraint)
                // Values of fields are listed above; those of items are known to nobody but their clause.
                && (target == Target::Items || inferred || listed(&it.constraint).is_none())
                && *applies == Truth::True
        });
        let text = limits(certain.map(|(it, _)| it));
        if !text.is_empty() {
            let each = if target == Target::Items { "each: " } else { "" };
            parts.push(format!("{each}{text}{}", if inferred { INFERRED } else { "" }));
        }
    }
    parts.join("; ")
}

/// A clause that makes the field required or refused in some requests of the variant, and not in others.
fn is_conditional(clause: &Clause, applies: Truth) -> bool {
    matches!(clause.constraint, Constraint::Required | Constraint::Forbidden)
        && !is_inferred(&clause.origin)
        && applies == Truth::Unknown
}

/// A rule over the presence of several fields that is not settled by the variant.
fn has_open_rule(record: &Record, ix: FieldIx, variant: &Specialised<'_>) -> bool {
    variant.rules.iter().any(|(index, _)| {
        let rule = &record.rules[*index];
        let fields = match &rule.kind {
            RuleKind::AnyOf(all) | RuleKind::ExactlyOneOf(all) => all,
            _ => return false,
        };
        let others_settle = fields.iter().any(|it| it.field != ix && !variant.knowledge.can_be_absent(it.field));
        fields.iter().any(|it| it.field == ix && it.steps.is_empty())
            && !is_inferred(&rule.origin)
            && !(others_settle && matches!(rule.kind, RuleKind::AnyOf(_)))
    })
}

fn is_inferred(origin: &Origin) -> bool {
    origin.certainty == crate::model::Certainty::Inferred
}
