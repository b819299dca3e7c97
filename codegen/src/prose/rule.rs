//! Rules over several fields in words: "at least one of `a`, `b` is given when `c` is given".

use super::{counted, own_words, path, when};
use crate::constraints::weighted;
use crate::model::{Api, Comparison, FieldPath, Record, Rule, RuleKind};

/// What a rule asks for; the spec's `message` in its place where it has one.
#[must_use]
pub fn rule(record: &Record, api: &Api, rule: &Rule) -> String {
    if let Some(words) = rule.message.as_deref().map(own_words).filter(|it| !it.is_empty()) {
        return words;
    }
    let name = |it: &FieldPath| format!("`{}`", path(record, api, it));
    let names = |all: &[FieldPath]| all.iter().map(name).collect::<Vec<_>>().join(", ");
    let text = match &rule.kind {
        RuleKind::AnyOf(all) => format!("at least one of {} is given", names(all)),
        RuleKind::ExactlyOneOf(all) => format!("exactly one of {} is given", names(all)),
        RuleKind::AtMostOneOf(all) => format!("at most one of {} is given", names(all)),
        RuleKind::AllOrNone(all) => format!("all of {} are given, or none", names(all)),
        RuleKind::Requires(first, others) => {
            let verb = if others.len() == 1 { "is" } else { "are" };
            let also = when(record, api, &rule.when).replacen(" when ", " and ", 1);
            return format!("{} {verb} given when {} is given{also}", names(others), name(first));
        }
        RuleKind::Compare(left, comparison, right) => {
            format!("{} is {} {}", name(left), compared(*comparison), name(right))
        }
        RuleKind::Sum { terms, minimum, maximum } => {
            let term = |(it, weight): &(FieldPath, u64)| match weight {
                1 => name(it),
                _ => format!("{weight} × {}", name(it)),
            };
            let sum = terms.iter().map(term).collect::<Vec<_>>().join(" + ");
            format!("the number of items, {sum}, is {}", between(*minimum, *maximum, u64::to_string))
        }
        RuleKind::TotalLength { path, weights, minimum, maximum } => {
            let characters = |count: &u64| counted(*count, "character", "characters");
            format!("{} has {} in total{}", name(path), between(*minimum, *maximum, characters), weighted(*weights))
        }
        RuleKind::SameKind(path) => format!("the items of {} are all of one kind", name(path)),
    };
    text + &when(record, api, &rule.when)
}

fn compared(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "less than",
        Comparison::LessOrEqual => "at most",
        Comparison::Greater => "more than",
        Comparison::GreaterOrEqual => "at least",
        Comparison::Equal => "equal to",
        Comparison::NotEqual => "other than",
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
