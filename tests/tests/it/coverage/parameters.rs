//! Tables of parameters: names, types, when required, values, defaults and limits.

use serde_json::{Value, json};
use specwright_codegen::model::{
    Api, Argument, Bound, Certainty, Clause, Constraint, Field, FieldIx, LengthUnit, Record, RuleKind, Type,
};

use super::document::{Document, Table, list, text, texts};
use super::knowledge::{Knowledge, same};
use super::report::Report;
use super::{Spec, shapes};

/// A row and everything that is needed to check it.
struct Row<'a> {
    api: &'a Api,
    record: &'a Record,
    field: &'a Field,
    section: &'a str,
    row: &'a Value,
}

pub(super) fn check(spec: &Spec<'_>, table: &Table<'_>, report: &mut Report) {
    let api = spec.api;
    for op in spec.places(table.operation()).iter().map(|it| it.operation()) {
        let mut record = &op.parameters;
        if let Some(inside) = table.inside() {
            let Some(inner) = shapes::field_at(api, record, inside).and_then(|it| shapes::record_of(api, &it.ty))
            else {
                report.missing(table.section(), inside, "record", "an object or a list of them");
                continue;
            };
            record = inner;
        }
        for row in table.rows() {
            let name = text(row, "name");
            let Some((_, field)) = record.find(name) else {
                report.missing(table.section(), name, "parameter", op.full_name(api));
                continue;
            };
            let row = Row { api, record, field, section: table.section(), row };
            for knowledge in expand(api, record, table.when().unwrap_or(&json!({}))) {
                row.check(&knowledge, report);
            }
            row.check_models(report);
            for case in list(row.row, "cases") {
                for knowledge in expand(api, record, &case["when"]) {
                    row.check_case(case, &knowledge, report);
                }
            }
        }
    }
}

/// Parameters that a section describes once for all its operations. Each has the same values in every operation that has
/// it.
pub(super) fn check_common(spec: &Spec<'_>, document: &Document, table: &Table<'_>, report: &mut Report) {
    for row in table.rows() {
        let mut met = false;
        for place in document.operations().into_iter().flat_map(|it| spec.places(it)) {
            let record = &place.operation().parameters;
            if let Some((_, field)) = record.find(text(row, "name")) {
                met = true;
                Row { api: spec.api, record, field, section: table.section(), row }
                    .check(&Knowledge::default(), report);
            }
        }
        if !met {
            report.missing(table.section(), text(row, "name"), "parameter", "in any operation");
        }
    }
}

/// One condition for each model in `when`. Globs are expanded to the models of the operation.
fn expand(api: &Api, record: &Record, when: &Value) -> Vec<Knowledge> {
    let known = Knowledge::default().with(when);
    let globs = match when.get("model") {
        None => return vec![known],
        Some(Value::String(one)) => vec![one.as_str()],
        Some(_) => texts(when, "model"),
    };
    let models = shapes::models(api, record);
    let named = models.iter().filter(|it| globs.iter().any(|glob| shapes::glob(glob, it)));
    named.map(|it| known.with(&json!({ "model": it }))).collect()
}

impl Row<'_> {
    fn missing(&self, report: &mut Report, fact: &'static str, expected: impl std::fmt::Display) {
        report.missing(self.section, text(self.row, "name"), fact, expected);
    }

    /// Clauses that apply, as far as is known. With `maybe`, also those that may apply.
    fn clauses(&self, knowledge: &Knowledge, maybe: bool) -> impl Iterator<Item = &Clause> {
        let holds = move |it: &&Clause| knowledge.holds(self.record, &it.when).unwrap_or(maybe);
        self.field.clauses.iter().filter(holds)
    }

    /// Whether a constraint applies and is enforced. An inferred one only causes a warning.
    fn has(&self, knowledge: &Knowledge, constraint: &Constraint) -> bool {
        let mut stated = self.clauses(knowledge, false).filter(|it| it.origin.certainty == Certainty::Stated);
        stated.any(|it| it.constraint == *constraint)
    }

    fn check(&self, knowledge: &Knowledge, report: &mut Report) {
        let word = text(self.row, "type");
        if !shapes::fits(self.api, &self.field.ty, word) {
            self.missing(report, "type", format!("{word}, not {:?}", self.field.ty));
        }
        if let Some(word) = self.row.get("required").and_then(Value::as_str) {
            self.check_required(word, knowledge, report);
        }
        if let Some(expected) = self.row.get("values") {
            self.check_values(expected, knowledge, report);
        }
        self.check_limits(self.row, knowledge, true, report);
        for keyword in texts(self.row, "rules") {
            if !self.rules().any(|it| it.keyword() == keyword) {
                self.missing(report, "rule", keyword);
            }
        }
        if let Some(word) = self.row.get("url").and_then(Value::as_str) {
            let expected = if word == "https" { Type::HttpsUrl } else { Type::Url };
            let found = match &self.field.ty {
                Type::Array(items) => items,
                ty => ty,
            };
            if *found != expected {
                self.missing(report, "url", format!("{word}, not {found:?}"));
            }
        }
        let weighted = |it: &Clause| matches!(it.constraint, Constraint::MaxLength(_, LengthUnit::HanDouble));
        if self.row.get("han_double").is_some() && !self.field.clauses.iter().any(weighted) {
            self.missing(report, "length", "a Han character counts double");
        }
    }

    fn check_required(&self, word: &str, knowledge: &Knowledge, report: &mut Report) {
        let required = self.has(knowledge, &Constraint::Required);
        let ok = match word {
            "Yes" => required || self.rules().any(|it| self.is_the_one_left(it, knowledge)),
            "No" => !required,
            "One of" => !required && self.rules().any(|it| matches!(it, RuleKind::ExactlyOneOf(_))),
            // If the document does not state the condition, the spec says so.
            "Conditional" => {
                let told = self.clauses(knowledge, true).any(|it| it.constraint == Constraint::Required);
                !required && (told || self.rules().next().is_some() || self.field.origin.unclear.is_some())
            }
            other => panic!("not a word for required: {other}"),
        };
        if !ok {
            self.missing(report, "required", word);
        }
    }

    /// Whether a rule requires one of several parameters, and all others are known to be absent.
    fn is_the_one_left(&self, rule: &RuleKind, knowledge: &Knowledge) -> bool {
        let (RuleKind::AnyOf(all) | RuleKind::ExactlyOneOf(all)) = rule else { return false };
        let mut others = all.iter().map(|it| self.record.field(it.field)).filter(|it| it.name != self.field.name);
        others.all(|it| knowledge.is_absent(&it.name))
    }

    /// Rules over several parameters that name this one.
    fn rules(&self) -> impl Iterator<Item = &RuleKind> {
        let (ix, _) = self.record.find(&self.field.name).expect("its own field");
        self.record.rules.iter().map(|it| &it.kind).filter(move |it| names(it, ix))
    }

    fn check_values(&self, expected: &Value, knowledge: &Knowledge, report: &mut Report) {
        let Some(found) = shapes::values(self.api, self.record, self.field, knowledge) else {
            return self.missing(report, "enum", format!("{expected}, not any value"));
        };
        let expected = expected.as_array().expect("a list");
        let has = |all: &[Value], one: &Value| all.iter().any(|it| same(it, one));
        // A table for one model concerns only that model.
        let found: Vec<_> = match knowledge.value(&self.field.name) {
            Some(_) => found.into_iter().filter(|it| has(expected, it)).collect(),
            None => found,
        };
        if !expected.iter().all(|it| has(&found, it)) || !found.iter().all(|it| has(expected, it)) {
            self.missing(report, "enum", format!("{}, not {}", json!(expected), json!(found)));
        }
    }

    fn check_limits(&self, facts: &Value, knowledge: &Knowledge, maybe: bool, report: &mut Report) {
        let clauses: Vec<_> = self.clauses(knowledge, maybe).map(|it| &it.constraint).collect();
        if let Some(expected) = facts.get("default") {
            let found =
                clauses.iter().filter_map(|it| if let Constraint::Default(value) = it { Some(value) } else { None });
            if !found.chain(&self.field.default).any(|it| same(it, expected)) {
                self.missing(report, "default", expected);
            }
        }
        for (fact, keywords) in [
            ("range", ["minimum", "maximum"]),
            ("length", ["min_length", "max_length"]),
            ("items", ["min_items", "max_items"]),
        ] {
            for (keyword, limit) in keywords.iter().zip(list(facts, fact)) {
                // An empty list is not a limit.
                let nothing = limit.is_null() || (fact == "items" && limit.as_f64() == Some(0.0));
                if !nothing && !clauses.iter().any(|it| it.keyword() == *keyword && number(it) == limit.as_f64()) {
                    self.missing(report, fact, format!("{keyword} {limit}"));
                }
            }
        }
        if let Some(limit) = facts.get("total_length") {
            let limit = limit.as_u64();
            let told = self.rules().any(|it| matches!(it, RuleKind::TotalLength { maximum, .. } if *maximum == limit));
            if !told {
                self.missing(report, "total_length", json!(limit));
            }
        }
    }

    /// The models that accept the parameter, and those that require it.
    fn check_models(&self, report: &mut Report) {
        let (only, not) = (texts(self.row, "only"), texts(self.row, "not"));
        let needed = texts(self.row, "required_for");
        let of = |globs: &[&str], model: &str| globs.iter().any(|it| shapes::glob(it, model));
        for model in shapes::models(self.api, self.record) {
            let knowledge = Knowledge::default().with(&json!({ "model": model }));
            let forbidden = (!only.is_empty() && !of(&only, &model)) || of(&not, &model);
            if (!only.is_empty() || !not.is_empty()) && self.has(&knowledge, &Constraint::Forbidden) != forbidden {
                self.missing(
                    report,
                    "models",
                    format!("{} with {model}", if forbidden { "forbidden" } else { "taken" }),
                );
            }
            if of(&needed, &model) && !self.has(&knowledge, &Constraint::Required) {
                self.missing(report, "models", format!("required with {model}"));
            }
        }
        for glob in only.iter().chain(&not).chain(&needed) {
            if !shapes::models(self.api, self.record).iter().any(|it| shapes::glob(glob, it)) {
                self.missing(report, "models", format!("{glob}, which the operation does not accept"));
            }
        }
    }

    fn check_case(&self, case: &Value, knowledge: &Knowledge, report: &mut Report) {
        for (key, constraint, expected) in [
            ("required", Constraint::Required, case.get("required").and_then(Value::as_bool)),
            ("forbidden", Constraint::Forbidden, case.get("forbidden").and_then(Value::as_bool)),
            ("ignored", Constraint::Ignored, case.get("ignored").and_then(Value::as_bool)),
            ("allowed", Constraint::Forbidden, case.get("allowed").and_then(Value::as_bool).map(|it| !it)),
        ] {
            if expected.is_some_and(|it| it != self.has(knowledge, &constraint)) {
                self.missing(report, "case", format!("{key} when {}", case["when"]));
            }
        }
        if let Some(expected) = case.get("values") {
            self.check_values(expected, knowledge, report);
        }
        self.check_limits(case, knowledge, false, report);
    }
}

/// The number in a limit.
pub(super) fn number(constraint: &Constraint) -> Option<f64> {
    match (constraint.bound(), constraint.argument()) {
        (Some(Bound::AtLeast | Bound::AtMost), Argument::Number(limit)) => Some(limit.as_f64()),
        (Some(_), Argument::Count(limit)) => Some(limit as f64),
        _ => None,
    }
}

fn names(rule: &RuleKind, ix: FieldIx) -> bool {
    match rule {
        RuleKind::AnyOf(all) | RuleKind::ExactlyOneOf(all) | RuleKind::AtMostOneOf(all) | RuleKind::AllOrNone(all) => {
            all.iter().any(|it| it.field == ix)
        }
        RuleKind::Requires(one, all) => one.field == ix || all.iter().any(|it| it.field == ix),
        RuleKind::Compare(a, _, b) => a.field == ix || b.field == ix,
        RuleKind::Sum { terms, .. } => terms.iter().any(|(it, _)| it.field == ix),
        RuleKind::TotalLength { path, .. } | RuleKind::SameKind(path) => path.field == ix,
    }
}
