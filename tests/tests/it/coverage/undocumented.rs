//! The opposite direction: facts of the spec that the document does not state.
//!
//! A limit that the document does not state would reject valid requests. Only resources that the documents name, and
//! parameters of operations with a table, are checked. Inferred limits are left out, because they only cause warnings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use specwright_codegen::constraints::{self, Measure};
use specwright_codegen::model::{Certainty, Clause, Condition, Constraint, Field, Location, Operation};

use super::document::{Document, list, text};
use super::knowledge::same;
use super::parameters::number;
use super::report::Report;
use super::{RouteTarget, Spec};

/// The rows of an operation by name.
type Rows<'a> = BTreeMap<&'a str, Vec<&'a Value>>;

pub(super) fn check(spec: &Spec<'_>, documents: &[Document], report: &mut Report) {
    let api = spec.api;
    let named: Vec<_> = documents.iter().flat_map(Document::operations).flat_map(|it| spec.places(it)).collect();
    let resources: BTreeSet<_> = named.iter().map(|it| it.operation().resource.0).collect();
    for op in api.operations.iter().filter(|it| resources.contains(&it.resource.0)) {
        if !named.iter().any(|it| std::ptr::eq(it.operation(), &**op)) {
            report.missing(&op.full_name(api), "*", "operation", "in the document");
        }
    }
    for op in &api.operations {
        let (rows, tables) = rows(spec, documents, op);
        if tables == 0 {
            continue;
        }
        for field in op.parameters.fields.iter().filter(|it| it.location == Location::Body) {
            let section = op.full_name(api);
            match rows.get(field.name.as_str()) {
                None => report.missing(&section, &field.name, "parameter", "in the document"),
                Some(rows) => field_check(field, rows, tables > 1, &section, report),
            }
        }
    }
}

/// All rows about the parameters of an operation, and the number of their tables.
fn rows<'a>(spec: &Spec<'_>, documents: &'a [Document], op: &Operation) -> (Rows<'a>, usize) {
    let mut rows = Rows::new();
    let mut tables = 0;
    let own =
        documents.iter().flat_map(Document::tables).filter(|it| it.kind() == "parameters" && it.inside().is_none());
    for table in own {
        let is = |it: &RouteTarget<'_>| matches!(it, RouteTarget::Call(other) if std::ptr::eq(*other, op));
        if spec.places(table.operation()).iter().any(is) {
            tables += 1;
            for row in table.rows() {
                rows.entry(text(row, "name")).or_default().push(row);
            }
        }
    }
    (rows, tables)
}

fn field_check(field: &Field, rows: &[&Value], several: bool, section: &str, report: &mut Report) {
    let facts: Vec<_> = rows.iter().flat_map(|row| std::iter::once(*row).chain(list(row, "cases"))).collect();
    let any = |key: &str| facts.iter().any(|it| it.get(key).is_some());
    for clause in field.clauses.iter().filter(|it| !it.implied && it.origin.certainty == Certainty::Stated) {
        let stated = match &clause.constraint {
            Constraint::Required => {
                clause.when == Condition::Always
                    || several
                    || any("required_for")
                    || cases(&facts, "required")
                    || rows.iter().any(|it| it["required"] == "Conditional")
            }
            // If there are several tables, each lacks the rows of the others.
            Constraint::Forbidden => several || any("only") || any("not") || any("forbidden"),
            Constraint::Enum(values) => values.iter().all(|it| lists(&facts, it)),
            Constraint::Const(value) => lists(&facts, value),
            Constraint::Default(value) => facts.iter().any(|it| it.get("default").is_some_and(|it| same(it, value))),
            Constraint::Pattern(_) | Constraint::MultipleOf(_) | Constraint::UniqueItems => false,
            Constraint::Ignored => true,
            limit => limits(&facts, clause, limit),
        };
        if !stated {
            let expected = format!("{} in the document: {:?}", clause.constraint.keyword(), clause.constraint);
            report.missing(section, &field.name, "stranger", expected);
        }
    }
    if let Some(default) = &field.default
        && !facts.iter().any(|it| it.get("default").is_some_and(|it| same(it, default)))
    {
        report.missing(section, &field.name, "stranger", format!("default {default} in the document"));
    }
}

fn cases(facts: &[&Value], key: &str) -> bool {
    facts.iter().any(|it| it.get(key) == Some(&Value::Bool(true)))
}

fn lists(facts: &[&Value], value: &Value) -> bool {
    facts.iter().any(|it| list(it, "values").iter().any(|it| same(it, value)))
}

fn limits(facts: &[&Value], clause: &Clause, limit: &Constraint) -> bool {
    let fact = match constraints::of(limit).measure {
        Some(Measure::Characters) => "length",
        Some(Measure::Items) => "items",
        Some(Measure::Properties) => "properties",
        Some(Measure::Number | Measure::Bytes) | None => "range",
    };
    let number = number(&clause.constraint);
    facts.iter().any(|it| list(it, fact).iter().any(|it| it.as_f64().is_some() && it.as_f64() == number))
}
