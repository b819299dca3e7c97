//! Rules over several fields in words: "at least one of `a`, `b` is required when `c` is given".

use super::{counted, joined, own_words, path, when};
use crate::constraints::weighted;
use crate::model::{Api, Comparison, FieldPath, PathStep, Record, Rule, RuleKind, TextFormat, Type, TypeKind};

/// What a rule requires; the spec's own `message` where it has one.
#[must_use]
pub fn rule(record: &Record, api: &Api, rule: &Rule) -> String {
    if let Some(words) = rule.message.as_deref().map(own_words).filter(|it| !it.is_empty()) {
        return words;
    }
    let name = |it: &FieldPath| format!("`{}`", path(record, api, it));
    let names = |all: &[FieldPath]| all.iter().map(name).collect::<Vec<_>>().join(", ");
    let text = match &rule.kind {
        RuleKind::AnyOf(all) => format!("at least one of {} is required", names(all)),
        RuleKind::ExactlyOneOf(all) => format!("exactly one of {} is required", names(all)),
        RuleKind::AtMostOneOf(all) => format!("at most one of {} is allowed", names(all)),
        RuleKind::AllOrNone(all) => format!("{} must be given together or not at all", names(all)),
        RuleKind::Requires(first, others) => {
            format!("{} requires {}", name(first), joined(others.iter().map(name).collect(), others.len(), "and"))
        }
        RuleKind::Compare(left, comparison, right) => {
            let words = if is_time(record, api, left) { compared_times(*comparison) } else { compared(*comparison) };
            format!("{} must be {words} {}", name(left), name(right))
        }
        RuleKind::Sum { terms, minimum, maximum } => {
            let term = |(it, weight): &(FieldPath, u64)| match weight {
                1 => name(it),
                _ => format!("{weight} × {}", name(it)),
            };
            let sum = terms.iter().map(term).collect::<Vec<_>>().join(" + ");
            format!("the number of items, {sum}, must be {}", between(*minimum, *maximum, u64::to_string))
        }
        RuleKind::TotalLength { path, unit, minimum, maximum } => {
            let characters = |count: &u64| counted(*count, "character", "characters");
            format!("{} must have {} in total{}", name(path), between(*minimum, *maximum, characters), weighted(*unit))
        }
        RuleKind::SameKind(path) => format!("the items of {} must all be of the same kind", name(path)),
    };
    text + &when(record, api, &rule.when)
}

/// Whether a path leads to dates, which are not less than others but before them.
fn is_time(record: &Record, api: &Api, path: &FieldPath) -> bool {
    let mut ty = &record.field(path.field).ty;
    for step in &path.steps {
        if let PathStep::Field(id, ix) = step
            && let TypeKind::Record(inner) = &api.ty(*id).kind
        {
            ty = &inner.field(*ix).ty;
        }
    }
    matches!(ty, Type::DateTime | Type::Formatted(TextFormat::Date | TextFormat::Time))
}

fn compared_times(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "before",
        Comparison::LessOrEqual => "before or equal to",
        Comparison::Greater => "after",
        Comparison::GreaterOrEqual => "after or equal to",
        Comparison::Equal => "equal to",
        Comparison::NotEqual => "different from",
    }
}

fn compared(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "less than",
        Comparison::LessOrEqual => "at most",
        Comparison::Greater => "greater than",
        Comparison::GreaterOrEqual => "at least",
        Comparison::Equal => "equal to",
        Comparison::NotEqual => "different from",
    }
}

fn between(minimum: Option<u64>, maximum: Option<u64>, words: impl Fn(&u64) -> String) -> String {
    match (minimum, maximum) {
        (Some(least), Some(most)) if least == most => format!("exactly {}", words(&most)),
        (Some(least), Some(most)) => format!("{least} to {}", words(&most)),
        (Some(least), None) => format!("at least {}", words(&least)),
        (None, Some(most)) => format!("at most {}", words(&most)),
        (None, None) => "any number".to_owned(),
    }
}
