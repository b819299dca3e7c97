//! When answers of success are errors.

use serde_json::Value;
use specwright_codegen::model::number::Exact;
use specwright_codegen::model::{FailureCondition, FailureTest, Matcher};
use specwright_runtime as rt;

use super::{list, one, text};

pub(super) fn condition(of: &FailureCondition) -> &'static rt::FailureCondition {
    let any = of.any.iter().map(|all| list(all.iter().map(test)));
    one(rt::FailureCondition(list(any)))
}

fn test(FailureTest { at, matcher: it }: &FailureTest) -> rt::FailureTest {
    rt::FailureTest { at: text(at), matcher: matcher(it) }
}

fn matcher(it: &Matcher) -> rt::FailureMatcher {
    match it {
        Matcher::OneOf(values) => rt::FailureMatcher::OneOf(list(values.iter().map(value))),
        Matcher::Present => rt::FailureMatcher::Present,
        Matcher::Absent => rt::FailureMatcher::Absent,
        Matcher::Null => rt::FailureMatcher::Null,
        Matcher::Empty => rt::FailureMatcher::Empty,
        Matcher::Any(all) => rt::FailureMatcher::Any(list(all.iter().map(matcher))),
        Matcher::Not(inner) => rt::FailureMatcher::Not(one(matcher(inner))),
    }
}

fn value(it: &Value) -> rt::FailureValue {
    match it {
        Value::Bool(flag) => rt::FailureValue::Boolean(*flag),
        Value::Number(number) => match Exact::of(number) {
            Exact::Whole(whole) => rt::FailureValue::Integer(whole),
            Exact::Double(other) => rt::FailureValue::Number(other),
        },
        Value::String(words) => rt::FailureValue::Text(text(words)),
        // Conditions compare scalars.
        other => rt::FailureValue::Text(text(&other.to_string())),
    }
}
