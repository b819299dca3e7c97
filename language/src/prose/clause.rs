//! Clauses in words: "`prompt` must have at most 2500 characters when `model` is `seedance-1.5-pro`".

use super::{condition, own_words, when};
use crate::constraints::sentence;
use crate::model::{Api, Clause, Condition, Constraint, Field, Record, Target};

/// What a clause requires: the message of its violation.
///
/// The spec's `because` follows after a colon.
#[must_use]
pub fn clause(record: &Record, api: &Api, field: &Field, clause: &Clause) -> String {
    let text = match (&clause.constraint, clause.target) {
        (Constraint::Required, Target::Value) => {
            format!("required parameter `{}` is missing{}", field.name, when(record, api, &clause.when))
        }
        _ => statement(record, api, field, clause),
    };
    with_reason(text, clause)
}

/// The same sentence for docs, where nothing is missing yet: "`prompt` is required when …".
#[must_use]
pub fn clause_doc(record: &Record, api: &Api, field: &Field, clause: &Clause) -> String {
    with_reason(statement(record, api, field, clause), clause)
}

fn statement(record: &Record, api: &Api, field: &Field, clause: &Clause) -> String {
    let name = match clause.target {
        Target::Value => format!("`{}`", field.name),
        Target::Items => format!("each item of `{}`", field.name),
    };
    // `only: C` is stored as "forbidden when not C"; the sentence says it the way that authors write it.
    if let (Constraint::Forbidden, Condition::Not(only)) = (&clause.constraint, &clause.when) {
        return format!("{name} is only allowed when {}", condition(record, api, only));
    }
    format!("{name} {}{}", sentence(&clause.constraint), when(record, api, &clause.when))
}

fn with_reason(text: String, clause: &Clause) -> String {
    match clause.because.as_deref().map(own_words).filter(|it| !it.is_empty()) {
        Some(words) => format!("{text}: {words}"),
        None => text,
    }
}
