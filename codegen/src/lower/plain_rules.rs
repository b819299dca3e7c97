//! Rules whose sentence follows from what they ask for: the runtime makes it where such a rule is broken.
//!
//! Whether it follows is found by comparing: [`sentence`] says what the runtime would make, and a rule that reads otherwise
//! keeps its own sentence. So the words of violations are those of [`crate::prose`], whatever the runtime knows of them.

use super::names;
use super::view::{Cond, Literal, NamedCondition, NestedCheck, Number, PlainRule, RuleCall, Test, Text};
use crate::model::{Constraint, Record};

/// The longest name of a condition that says all of it.
const LONGEST_NAME: usize = 48;

/// The runtime's call for a test of a value, if it has one.
pub(super) fn call(test: &Test, constraint: &Constraint) -> Option<RuleCall> {
    Some(match test {
        Test::Longer { text: Text::Plain, most, han_double: false } => RuleCall::Length("max_length", *most),
        Test::Shorter { text: Text::Plain, least, han_double: false } => RuleCall::Length("min_length", *least),
        Test::MoreItems(most) => RuleCall::Items("max_items", *most),
        Test::FewerItems(least) => RuleCall::Items("min_items", *least),
        Test::Below(Number::Integer(least)) => RuleCall::Integer("minimum_integer", *least),
        Test::Above(Number::Integer(most)) => RuleCall::Integer("maximum_integer", *most),
        Test::Below(Number::Float(least)) => RuleCall::Number("minimum", *least),
        Test::Above(Number::Float(most)) => RuleCall::Number("maximum", *most),
        Test::NotOneOf { literals } => {
            let Constraint::Enum(values) = constraint else { return None };
            let texts: Option<Vec<String>> = values.iter().map(|it| it.as_str().map(str::to_owned)).collect();
            match texts {
                Some(texts) => RuleCall::OneOf(texts),
                None => numbers(literals)?,
            }
        }
        _ => return None,
    })
}

/// A list of numbers, all of one type.
fn numbers(literals: &[Literal]) -> Option<RuleCall> {
    let integer = |it: &Literal| if let Literal::Integer(it) = it { Some(*it) } else { None };
    let number = |it: &Literal| if let Literal::Number(it) = it { Some(*it) } else { None };
    let integers: Option<Vec<i64>> = literals.iter().map(integer).collect();
    match integers {
        Some(integers) => Some(RuleCall::OneOfIntegers(integers)),
        None => literals.iter().map(number).collect::<Option<_>>().map(RuleCall::OneOfNumbers),
    }
}

/// The format of a field's text, or of the texts of its list.
pub(super) fn of_format(name: &str, deep: &NestedCheck, message: &str) -> Option<PlainRule> {
    let one = |function: &str| match function {
        "is_url" => Some("url"),
        "is_https_url" => Some("https_url"),
        "is_date_time" => Some("date_time"),
        "is_base64" => Some("base64"),
        _ => None,
    };
    let call = match deep {
        NestedCheck::Test(Test::Format { function, .. }, _) => one(function)?,
        NestedCheck::Each(inner) => match &**inner {
            NestedCheck::Test(Test::Format { function, .. }, _) if *function == "is_url" => "urls",
            NestedCheck::Test(Test::Format { function, .. }, _) if *function == "is_https_url" => "https_urls",
            _ => return None,
        },
        _ => return None,
    };
    let call = RuleCall::Format(call);
    let same = sentence(name, &call, None) == message;
    same.then(|| PlainRule { name: name.to_owned(), call, when: None, because: None })
}

/// What the runtime says of a broken rule, up to the reason.
pub(super) fn sentence(name: &str, call: &RuleCall, when: Option<&str>) -> String {
    let asks = match call {
        RuleCall::Presence("required") => return finished(format!("required parameter `{name}` is missing"), when),
        RuleCall::Presence("forbidden") => "is not allowed".to_owned(),
        RuleCall::Presence("only") => "is only allowed".to_owned(),
        RuleCall::Presence(_) => "has no effect".to_owned(),
        RuleCall::Length("min_length", 1) | RuleCall::Items("min_items", 1) => "must not be empty".to_owned(),
        RuleCall::Length(function, count) => counted(function, *count, "character"),
        RuleCall::Items(function, count) => counted(function, *count, "item"),
        RuleCall::Integer("minimum_integer", limit) => format!("must be at least {limit}"),
        RuleCall::Integer(_, limit) => format!("must be at most {limit}"),
        RuleCall::Number("minimum", limit) => format!("must be at least {limit}"),
        RuleCall::Number(_, limit) => format!("must be at most {limit}"),
        RuleCall::OneOf(values) => one_of(values),
        RuleCall::OneOfIntegers(values) => one_of(values),
        RuleCall::OneOfNumbers(values) => one_of(values),
        RuleCall::Format("url" | "urls") => "must be an absolute `http://` or `https://` URL".to_owned(),
        RuleCall::Format("https_url" | "https_urls") => "must be an absolute `https://` URL".to_owned(),
        RuleCall::Format("date_time") => "must be an RFC 3339 date and time".to_owned(),
        RuleCall::Format(_) => "must be base64 text".to_owned(),
    };
    let each = if matches!(call, RuleCall::Format("urls" | "https_urls")) { "each item of " } else { "" };
    finished(format!("{each}`{name}` {asks}"), when)
}

fn finished(text: String, when: Option<&str>) -> String {
    match when {
        Some(when) => format!("{text} when {when}"),
        None => text,
    }
}

fn counted(function: &str, count: u64, noun: &str) -> String {
    let least = if function.starts_with("min") { "least" } else { "most" };
    let plural = if count == 1 { "" } else { "s" };
    format!("must have at {least} {count} {noun}{plural}")
}

fn one_of<T: ToString>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(|it| format!("`{}`", it.to_string())).collect();
    match values.as_slice() {
        [one] => format!("must be {one}"),
        [one, other] => format!("must be {one} or {other}"),
        all => format!("must be one of {}", all.join(", ")),
    }
}

/// The index of a condition among those that the function names; a new one gets a name from its words.
pub(super) fn name_condition(
    conditions: &mut Vec<NamedCondition>,
    record: &Record,
    cond: Cond,
    words: String,
    is_opposite: bool,
) -> usize {
    if let Some(index) = conditions.iter().position(|it| it.cond == cond && it.words == words) {
        return index;
    }
    let name = condition_name(record, &words, is_opposite);
    let is_taken = |name: &str, all: &[NamedCondition]| {
        all.iter().any(|it| it.ident == name) || record.fields.iter().any(|it| names::snake(&it.name) == name)
    };
    let ident = (1..)
        .map(|it| if it == 1 { name.clone() } else { format!("{name}_{it}") })
        .find(|it| !is_taken(it, conditions))
        .unwrap_or_default();
    conditions.push(NamedCondition { ident, cond, words });
    conditions.len() - 1
}

/// A condition as an identifier, such as `model_is_a_or_b`. A long condition is named after its parameters: `model_case`.
fn condition_name(record: &Record, words: &str, is_opposite: bool) -> String {
    let parts = |text: &str| {
        let all = text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
        all.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
    };
    let unless = if is_opposite { "unless_" } else { "" };
    let whole = format!("{unless}{}", parts(words));
    let reads = whole.contains('_') && !whole.starts_with(|it: char| it.is_ascii_digit());
    if reads && whole.len() <= LONGEST_NAME {
        return whole;
    }
    let mut fields: Vec<String> = Vec::new();
    for quoted in words.split('`').skip(1).step_by(2) {
        let name = parts(quoted);
        if record.fields.iter().any(|it| it.name == quoted) && !name.is_empty() && !fields.contains(&name) {
            fields.push(name);
        }
    }
    let short = format!("{unless}{}_case", fields.join("_and_"));
    let is_ident = !fields.is_empty() && !short.starts_with(|it: char| it.is_ascii_digit());
    if is_ident && short.len() <= LONGEST_NAME { short } else { format!("{unless}case") }
}
