//! Docs of fields and parameters: prose, limits, defaults, and the clauses and rules that can matter under a variant.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::markdown::{join, one_line, prose as markdown, sentence, wrap};
use crate::analyse::Truth;
use crate::lower::view::Docs;
use crate::model::{Api, Certainty, Clause, Condition, Constraint, Field, Record, Rule, Target};
use crate::prose;
use crate::specialise::{Specialised, SpecialisedField, Status, Variants};

/// The docs of a record's field: prose, limits, default.
///
/// `checked`: the record is part of a request, so that its texts must have the form that their types say.
pub(crate) fn record_field(api: &Api, record: &Record, field: &Field, checked: bool) -> Docs {
    field_docs(api, record, field, checked, None)
}

/// The docs of a parameter for every variant.
pub(crate) fn parameter(api: &Api, record: &Record, field: &Field) -> Docs {
    record_field(api, record, field, true)
}

/// The docs of a parameter in the builder of some variants.
pub(crate) fn setter(api: &Api, record: &Record, field: &Field, under: &SpecialisedField, variants: &Variants) -> Docs {
    field_docs(api, record, field, true, Some((under, variants)))
}

fn constant_truth(when: &Condition) -> Truth {
    if *when == Condition::Always { Truth::True } else { Truth::Unknown }
}

fn field_docs(
    api: &Api,
    record: &Record,
    field: &Field,
    checked: bool,
    under: Option<(&SpecialisedField, &Variants<'_>)>,
) -> Docs {
    let is_required = under.is_some_and(|(it, _)| it.status == Status::Required);
    let required = match field.client {
        None => is_required.then(|| "Required.".to_owned()),
        Some(_) => {
            let set = prose::code(&format!("ClientBuilder::parameter({:?}, …)", field.name));
            Some(format!("In place of what the client sends: {set}."))
        }
    };
    let values = under.and_then(|(it, _)| it.values.as_deref());
    // What the builder's variants decide is left out of the conditions.
    let clauses: Vec<(Cow<'_, Clause>, Truth)> = match under {
        None => field.clauses.iter().map(|it| (Cow::Borrowed(it), constant_truth(&it.when))).collect(),
        Some((it, variants)) => {
            let clause = |index: usize| {
                let clause = &field.clauses[index];
                if clause.when == Condition::Always {
                    return Cow::Borrowed(clause);
                }
                Cow::Owned(Clause { when: variants.remaining(&clause.when), ..clause.clone() })
            };
            it.clauses.iter().map(|(index, truth)| (clause(*index), *truth)).collect()
        }
    };
    let all = || clauses.iter().map(|(clause, truth)| (clause.as_ref(), *truth));
    let surely: Vec<&Constraint> = all()
        .filter(|(it, truth)| *truth == Truth::True && it.target == Target::Value && is_limit(it, values))
        .map(|(it, _)| &it.constraint)
        .collect();
    let mut facts: Vec<String> = required.into_iter().collect();
    if let (true, Some(format)) = (checked, prose::format_noun(&field.ty)) {
        facts.push(sentence(&one_line(&format)));
    }
    let limits = prose::constraints_short(surely.iter().copied().filter(|it| !is_subsumed(it, &surely)));
    if !limits.is_empty() {
        facts.push(sentence(&one_line(&limits)));
    }
    if let Some(default) = &field.default {
        facts.push(format!("Default: {}.", prose::value(default)));
    }
    facts.extend(prose::sent(api, field).map(|it| sentence(&it)));
    let mut lines = Vec::new();
    if !facts.is_empty() {
        wrap(&facts.join(" "), &mut lines);
    }
    let mut sentences = Vec::new();
    for (clause, truth) in all() {
        let required_by_type = clause.constraint == Constraint::Required && truth == Truth::True;
        let said = truth == Truth::True
            && clause.target == Target::Value
            && (is_limit(clause, values) || required_by_type)
            && clause.because.is_none();
        if said || clause.implied {
            continue;
        }
        let only_default = matches!(clause.constraint, Constraint::Forbidden) && truth == Truth::True;
        if only_default {
            continue;
        }
        let inferred = if clause.origin.certainty == Certainty::Inferred { " (inferred)" } else { "" };
        let text = sentence(&format!("{}{inferred}", prose::clause_doc(record, api, field, clause)));
        if !sentences.contains(&text) {
            sentences.push(text);
        }
    }
    let sentences = sentences.into_iter().map(|it| format!("- {}", one_line(&it))).collect();
    let deprecated = field.deprecated.as_ref().map(|it| format!("Deprecated: {}", one_line(it)));
    let docs = join([
        markdown(&field.doc),
        lines,
        sentences,
        deprecated.into_iter().collect(),
        field.origin.unclear.as_ref().map(|it| wrapped(&format!("Unclear: {}", one_line(it)))).unwrap_or_default(),
    ]);
    // Every public item needs docs.
    if docs.is_empty() { vec!["Undocumented by the vendor.".to_owned()] } else { docs }
}

/// Whether a narrower limit of the same kind also applies, which makes this one redundant.
fn is_subsumed(limit: &Constraint, all: &[&Constraint]) -> bool {
    all.iter().any(|other| other.strictness(limit) == Some(Ordering::Greater))
}

/// Whether the short form says everything about a clause. A narrowed enum has its own type.
fn is_limit(clause: &Clause, values: Option<&[String]>) -> bool {
    match clause.constraint {
        Constraint::Required | Constraint::Forbidden | Constraint::Ignored | Constraint::Default(_) => false,
        Constraint::Enum(_) => values.is_none() && !clause.implied,
        _ => !clause.implied && clause.origin.certainty == Certainty::Stated,
    }
}

fn wrapped(line: &str) -> Docs {
    let mut lines = Vec::new();
    wrap(line, &mut lines);
    lines
}

/// Rules over several parameters that can matter under a variant.
pub(crate) fn rules(api: &Api, record: &Record, under: &Specialised, variants: &Variants) -> Docs {
    let words = |index: usize| {
        let rule = &record.rules[index];
        let left = Rule { when: variants.remaining(&rule.when), ..rule.clone() };
        format!("- {}", one_line(&sentence(&prose::rule(record, api, &left))))
    };
    let rules: Docs = under.rules.iter().map(|(index, _)| words(*index)).collect();
    if rules.is_empty() { rules } else { join([vec!["Rules:".to_owned()], rules]) }
}
