//! Conditions in words: "`model` is `suno-v5` or `suno-v4` and `lyrics` is given".

use std::borrow::Cow;

use super::{either, listed};
use crate::model::{
    Api, Condition, FailureCondition, FailureTest, FieldPath, Matcher, PathStep, Record, Test, TypeKind,
};

/// A condition over the fields of `record` in words, to follow "when".
///
/// *And* binds tighter than *or*; an *or* inside an *and* is put in parentheses. Negations are moved inwards, so that
/// the words never say "it is not so that".
#[must_use]
pub fn condition(record: &Record, api: &Api, condition: &Condition) -> String {
    sentence(record, api, &positive(condition, false), false)
}

/// " when …", or nothing for a condition that always holds.
#[must_use]
pub fn when(record: &Record, api: &Api, when: &Condition) -> String {
    match when {
        Condition::Always => String::new(),
        Condition::Test(_) | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
            format!(" when {}", condition(record, api, when))
        }
    }
}

/// When an answer is an error, to follow "when".
#[must_use]
pub fn failure(condition: &FailureCondition) -> String {
    let name = |it: &str| match it.strip_prefix('/') {
        Some(name) if !name.contains(['/', '~']) => super::code(name),
        _ => super::code(it),
    };
    let test = |it: &FailureTest| format!("{} {}", name(&it.at), verb(&it.matcher));
    let all = |it: &Vec<FailureTest>| it.iter().map(test).collect::<Vec<_>>().join(" and ");
    condition.any.iter().map(all).collect::<Vec<_>>().join(", or ")
}

/// A path as specs write it, without backticks: `reasoning.effort`, `dialogue[].text`.
#[must_use]
pub fn path(record: &Record, api: &Api, path: &FieldPath) -> String {
    let mut text = record.field(path.field).name.clone();
    for step in &path.steps {
        match step {
            PathStep::Items => text.push_str("[]"),
            PathStep::Field(id, ix) => {
                text.push('.');
                match &api.ty(*id).kind {
                    TypeKind::Record(inner) => text.push_str(&inner.field(*ix).name),
                    TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => text.push('?'),
                }
            }
        }
    }
    text
}

/// A condition without `Not`.
enum Positive<'a> {
    Always,
    Never,
    Test(&'a Test, Cow<'a, Matcher>),
    All(Vec<Positive<'a>>),
    Any(Vec<Positive<'a>>),
}

fn positive(condition: &Condition, negated: bool) -> Positive<'_> {
    match (condition, negated) {
        (Condition::Always, false) => Positive::Always,
        (Condition::Always, true) => Positive::Never,
        (Condition::Test(test), false) => Positive::Test(test, Cow::Borrowed(&test.matcher)),
        (Condition::Test(test), true) => Positive::Test(test, Cow::Owned(opposite(&test.matcher))),
        (Condition::All(all), false) | (Condition::Any(all), true) => {
            Positive::All(all.iter().map(|it| positive(it, negated)).collect())
        }
        (Condition::Any(all), false) | (Condition::All(all), true) => {
            Positive::Any(all.iter().map(|it| positive(it, negated)).collect())
        }
        (Condition::Not(inner), _) => positive(inner, !negated),
    }
}

fn opposite(matcher: &Matcher) -> Matcher {
    match matcher {
        Matcher::Present => Matcher::Absent,
        Matcher::Absent => Matcher::Present,
        Matcher::Not(inner) => inner.as_ref().clone(),
        Matcher::OneOf(_) | Matcher::Null | Matcher::Empty | Matcher::Any(_) => Matcher::Not(Box::new(matcher.clone())),
    }
}

fn sentence(record: &Record, api: &Api, condition: &Positive<'_>, inner: bool) -> String {
    match condition {
        Positive::Always => "anything is sent".to_owned(),
        Positive::Never => "never".to_owned(),
        Positive::Test(test, matcher) => format!("`{}` {}", path(record, api, &test.path), verb(matcher)),
        Positive::All(all) => {
            let parts: Vec<String> = all.iter().map(|it| sentence(record, api, it, true)).collect();
            parts.join(" and ")
        }
        Positive::Any(all) => {
            let nested = inner && all.len() > 1;
            let parts: Vec<String> = all.iter().map(|it| sentence(record, api, it, false)).collect();
            if nested { format!("({})", parts.join(", or ")) } else { parts.join(", or ") }
        }
    }
}

fn verb(matcher: &Matcher) -> String {
    match matcher {
        Matcher::OneOf(values) => format!("is {}", either(values)),
        Matcher::Present => "is given".to_owned(),
        Matcher::Absent => "is left out".to_owned(),
        Matcher::Null => "is `null`".to_owned(),
        Matcher::Empty => "is empty".to_owned(),
        Matcher::Any(all) => all.iter().map(verb).collect::<Vec<_>>().join(" or "),
        Matcher::Not(inner) => match inner.as_ref() {
            Matcher::OneOf(values) if values.len() == 1 => format!("is not {}", either(values)),
            Matcher::OneOf(values) => format!("is none of {}", listed(values)),
            Matcher::Present => "is left out".to_owned(),
            Matcher::Absent => "is given".to_owned(),
            Matcher::Null => "is not `null`".to_owned(),
            Matcher::Empty => "is not empty".to_owned(),
            Matcher::Any(all) => all.iter().map(|it| verb(&opposite(it))).collect::<Vec<_>>().join(" and "),
            Matcher::Not(twice) => verb(twice),
        },
    }
}
