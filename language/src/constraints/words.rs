//! Keywords in words: after a field's name, and alone in a cell of a table.

use super::{Keyword, Measure, of};
use crate::model::{Argument, Bound, Constraint, LengthUnit, Num};
use crate::prose::{code, counted, either, listed, value};

/// How a keyword is worded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words {
    /// By what it measures, its bound and its limit.
    Limit,
    /// By words of its own: behind a name, and alone.
    Own(fn(&Constraint) -> String, fn(&Constraint) -> String),
}

/// What a constraint requires, to follow the name: "must have at most 2500 characters", "must be one of `a`, `b`".
#[must_use]
pub fn sentence(constraint: &Constraint) -> String {
    let row: &Keyword = of(constraint);
    match row.words {
        Words::Own(sentence, _) => sentence(constraint),
        Words::Limit if asks_for_one(constraint) => "must not be empty".to_owned(),
        Words::Limit => {
            let verb = match row.measure {
                Some(Measure::Number | Measure::Bytes) | None => "must be",
                Some(Measure::Characters | Measure::Items | Measure::Properties) => "must have",
            };
            format!("{verb} {}", limit_words(constraint))
        }
    }
}

/// The same without a name before it: "at most 2500 characters", "one of `a`, `b`".
#[must_use]
pub fn short(constraint: &Constraint) -> String {
    match of(constraint).words {
        Words::Own(_, short) => short(constraint),
        Words::Limit if asks_for_one(constraint) => "not empty".to_owned(),
        Words::Limit => limit_words(constraint),
    }
}

/// A lower and an upper limit of one measure, in either order, as a range: "3 to 2500 characters". `None` where two
/// constraints are no such pair.
#[must_use]
pub fn range(first: &Constraint, second: &Constraint) -> Option<String> {
    if of(first).partner != Some(second.keyword()) {
        return None;
    }
    let (lower, upper) = if first.bound() == Some(Bound::AtLeast) { (first, second) } else { (second, first) };
    if (lower.bound(), upper.bound()) != (Some(Bound::AtLeast), Some(Bound::AtMost)) {
        return None;
    }
    match (lower.argument(), upper.argument()) {
        (Argument::Number(least), Argument::Number(most)) => Some(numbers(least, most)),
        (Argument::Count(least), Argument::Count(most)) => {
            // Below two, how characters count makes no difference.
            let agreed = least <= 1 || lower.unit() == upper.unit();
            let (one, many) = of(upper).measure?.noun();
            agreed.then(|| format!("{}{}", span(least, most, one, many), weighted(upper.unit())))
        }
        _ => None,
    }
}

/// The limit alone, as text: "2500", "`a`, `b`". `None` where there is none to name.
#[must_use]
pub fn limit(constraint: &Constraint) -> Option<String> {
    match constraint.argument() {
        Argument::None => None,
        Argument::Values(values) => Some(listed(values)),
        Argument::Value(only) => Some(value(only)),
        Argument::Number(number) => Some(number.to_string()),
        Argument::Count(count) => Some(count.to_string()),
        Argument::Pattern(pattern) | Argument::Keys(pattern) | Argument::NotPattern(pattern) => Some(code(pattern)),
    }
}

fn asks_for_one(limit: &Constraint) -> bool {
    limit.bound() == Some(Bound::AtLeast) && limit.argument() == Argument::Count(1)
}

fn limit_words(limit: &Constraint) -> String {
    let bound = match limit.bound() {
        Some(Bound::AtLeast) => "at least",
        Some(Bound::MoreThan) => "greater than",
        Some(Bound::AtMost) => "at most",
        Some(Bound::LessThan) => "less than",
        None => "",
    };
    let amount = match (limit.argument(), of(limit).measure) {
        (Argument::Count(count), Some(Measure::Bytes)) => bytes(count),
        (Argument::Count(count), Some(measure)) => {
            let (one, many) = measure.noun();
            counted(count, one, many) + weighted(limit.unit())
        }
        _ => self::limit(limit).unwrap_or_default(),
    };
    format!("{bound} {amount}")
}

fn numbers(least: Num, most: Num) -> String {
    if least == most { format!("exactly {least}") } else { format!("{least} to {most}") }
}

fn span(least: u64, most: u64, one: &str, many: &str) -> String {
    if least == most { format!("exactly {}", counted(most, one, many)) } else { format!("{least} to {most} {many}") }
}

/// What is said of characters that count differently.
#[must_use]
pub fn weighted(unit: LengthUnit) -> &'static str {
    match unit {
        LengthUnit::Plain => "",
        LengthUnit::HanDouble => " (a Han character counts as 2)",
    }
}

fn bytes(count: u64) -> String {
    for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] {
        if count >= size && count.is_multiple_of(size) {
            return format!("{} {unit}", count / size);
        }
    }
    counted(count, "byte", "bytes")
}

pub(super) fn one_of(constraint: &Constraint) -> String {
    match constraint.argument() {
        Argument::Values(values) if values.len() <= 2 => format!("must be {}", either(values)),
        Argument::Values(values) => format!("must be one of {}", listed(values)),
        _ => format!("must be {}", limit(constraint).unwrap_or_default()),
    }
}

pub(super) fn one_of_short(constraint: &Constraint) -> String {
    match constraint.argument() {
        Argument::Values(values) if values.len() > 1 => format!("one of {}", listed(values)),
        _ => limit(constraint).unwrap_or_default(),
    }
}
