//! Rules in words, as `x-specwright-rules`.

use serde_json::{Map, Value, json};

use super::schema::{Context, is_stated};
use super::{conditional, keywords};
use crate::model::{Certainty, Clause, Condition, Constraint, FieldIx, FieldPath, Record, RuleKind};
use crate::prose;

/// Whether a schema's keywords leave something of a clause to be told.
pub(super) fn needs_words(clause: &Clause) -> bool {
    if clause.implied {
        return false;
    }
    match clause.constraint {
        Constraint::Default(_) | Constraint::Forbidden | Constraint::Ignored => true,
        _ => {
            clause.when != Condition::Always
                || clause.because.is_some()
                || !is_stated(clause)
                || !keywords::are_exact(&clause.constraint)
        }
    }
}

/// Puts a record's rules in, if it has any.
pub(super) fn insert(
    context: &Context<'_>,
    record: &Record,
    visible: &dyn Fn(FieldIx) -> bool,
    object: &mut Map<String, Value>,
) {
    let told = list(context, record, visible);
    if !told.is_empty() {
        object.insert("x-specwright-rules".to_owned(), Value::Array(told));
    }
}

/// Every rule that keywords beside the field do not tell: where, which, in words, and whether the schema enforces it.
fn list(context: &Context<'_>, record: &Record, visible: &dyn Fn(FieldIx) -> bool) -> Vec<Value> {
    let mut told = Vec::new();
    for (index, field) in record.fields.iter().enumerate() {
        let ix = FieldIx(index as u32);
        for clause in field.clauses.iter().filter(|it| needs_words(it)) {
            let enforced = visible(ix)
                && is_stated(clause)
                && keywords::are_exact(&clause.constraint)
                && conditional::can_say(context, record, &clause.when, visible);
            let words = prose::clause_doc(record, context.api, field, clause);
            told.push(entry(
                vec![format!("/{}", field.name)],
                clause.constraint.keyword(),
                words,
                clause.origin.certainty,
                enforced,
            ));
        }
    }
    for rule in &record.rules {
        let at = paths(&rule.kind)
            .map(|it| format!("/{}", prose::path(record, context.api, it).replace("[]", ".*").replace('.', "/")));
        let enforced = conditional::rule_schema(context, record, rule, visible).is_some();
        let words = prose::rule(record, context.api, rule);
        told.push(entry(at.collect(), rule.kind.keyword(), words, rule.origin.certainty, enforced));
    }
    told
}

fn entry(at: Vec<String>, rule: &str, words: String, certainty: Certainty, enforced: bool) -> Value {
    let mut entry = Map::new();
    entry.insert("at".to_owned(), json!(at));
    entry.insert("rule".to_owned(), rule.into());
    entry.insert("words".to_owned(), words.into());
    if certainty == Certainty::Inferred {
        entry.insert("certainty".to_owned(), "inferred".into());
    }
    entry.insert("in_schema".to_owned(), enforced.into());
    Value::Object(entry)
}

/// The fields a rule is about.
fn paths(kind: &RuleKind) -> Box<dyn Iterator<Item = &FieldPath> + '_> {
    match kind {
        RuleKind::AnyOf(all) | RuleKind::ExactlyOneOf(all) | RuleKind::AtMostOneOf(all) | RuleKind::AllOrNone(all) => {
            Box::new(all.iter())
        }
        RuleKind::Requires(first, others) => Box::new(std::iter::once(first).chain(others)),
        RuleKind::Compare(left, _, right) => Box::new([left, right].into_iter()),
        RuleKind::Sum { terms, .. } => Box::new(terms.iter().map(|(path, _)| path)),
        RuleKind::TotalLength { path, .. } | RuleKind::SameKind(path) => Box::new(std::iter::once(path)),
    }
}
