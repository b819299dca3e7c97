//! Answers of success and the condition under which they are errors: what is made up as a success must not meet it, and
//! what is an error must.

use serde_json::{Map, Value, json};
use specwright_codegen::interpret::{is_failure, meets};
use specwright_codegen::model::{Api, FailureCondition, FailureTest, Matcher};

use super::error::put;
use super::plan::{Context, Plan};

/// The plan, without what would make its answer an error. Only fields at the top are changed; whoever judges the answer
/// tells where that is not enough.
pub(super) fn without_failure(api: &Api, plan: Plan, condition: Option<&FailureCondition>) -> Plan {
    let Some(condition) = condition else { return plan };
    let mut plan = plan;
    for all in &condition.any {
        let value = plan.value(Context::plain(api));
        let whole = FailureCondition { any: vec![all.clone()], span: condition.span };
        if is_failure(&whole, &value)
            && let Some((name, instead)) = all.iter().find_map(|it| broken(it, &value))
        {
            plan = with_field(plan, name, instead);
        }
    }
    plan
}

/// A field at the top with a value that a test does not ask for; `None`: it is better left out.
fn broken<'t>(test: &'t FailureTest, answer: &Value) -> Option<(&'t str, Option<Value>)> {
    let name = test.at.strip_prefix('/').filter(|it| !it.contains(['/', '~']))?;
    let others = match answer.get(name) {
        Some(Value::Bool(flag)) => vec![json!(!flag)],
        Some(Value::Number(_)) => vec![json!(0), json!(1), json!(200)],
        Some(Value::String(_)) => vec![json!("ok"), json!("success"), json!("none")],
        _ => Vec::new(),
    };
    let instead = others.into_iter().find(|it| meets(&test.matcher, Some(it)) != Some(true));
    (instead.is_some() || meets(&test.matcher, None) != Some(true)).then_some((name, instead))
}

fn with_field(plan: Plan, name: &str, value: Option<Value>) -> Plan {
    match plan {
        Plan::Object(fields) => {
            let changed = fields.into_iter().filter_map(|(field, plan)| match &value {
                _ if field != name => Some((field, plan)),
                Some(value) => Some((field, Plan::Fixed(value.clone()))),
                None => None,
            });
            Plan::Object(changed.collect()).fold_constants()
        }
        Plan::Fixed(Value::Object(mut fields)) => {
            match value {
                Some(value) => drop(fields.insert(name.to_owned(), value)),
                None => drop(fields.remove(name)),
            }
            Plan::Fixed(Value::Object(fields))
        }
        other => other,
    }
}

/// Makes a body meet the condition, with as little as that takes.
pub(super) fn make_failure(body: &mut Value, condition: &FailureCondition) {
    if is_failure(condition, body) {
        return;
    }
    let Some(all) = condition.any.first() else { return };
    for test in all {
        if meets(&test.matcher, body.pointer(&test.at)) == Some(true) {
            continue;
        }
        match wanted(&test.matcher) {
            Some(value) => put(body, &test.at, value),
            None => {
                let (parent, name) = test.at.rsplit_once('/').unwrap_or_default();
                body.pointer_mut(parent).and_then(Value::as_object_mut).and_then(|it: &mut Map<_, _>| it.remove(name));
            }
        }
    }
}

/// A value that a test asks for; `None` for none at all.
fn wanted(matcher: &Matcher) -> Option<Value> {
    let candidates = [json!(1), json!("error"), json!(true), json!(false), json!(2), Value::Null];
    match matcher {
        Matcher::OneOf(values) => values.first().cloned(),
        Matcher::Empty => Some(json!("")),
        Matcher::Any(all) => all.first().and_then(wanted),
        Matcher::Present => Some(json!("error")),
        Matcher::Absent => None,
        Matcher::Null => Some(Value::Null),
        Matcher::Not(inner) => {
            // A value of the kind that is compared, if there is one.
            let like = match inner.as_ref() {
                Matcher::OneOf(values) => values.first(),
                _ => None,
            };
            let alike =
                |it: &&Value| like.is_none_or(|like| std::mem::discriminant(*it) == std::mem::discriminant(like));
            let fits = |it: &&Value| meets(matcher, Some(it)) == Some(true);
            let found = candidates.iter().filter(fits).find(alike).or_else(|| candidates.iter().find(fits));
            found.cloned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(matcher: Matcher, body: Value, expected: Value) {
        let condition = condition(matcher);
        let mut body = body;
        make_failure(&mut body, &condition);
        assert!(is_failure(&condition, &body), "{body}");
        assert_eq!(body, expected);
    }

    fn condition(matcher: Matcher) -> FailureCondition {
        let test = FailureTest { at: "/v".to_owned(), matcher };
        FailureCondition { any: vec![vec![test]], span: specwright_codegen::source::Span::default() }
    }

    #[test]
    fn errors_meet_the_condition() {
        check(Matcher::OneOf(vec![json!(false)]), json!({"v": true, "w": 1}), json!({"v": false, "w": 1}));
        check(Matcher::Not(Box::new(Matcher::OneOf(vec![json!(0)]))), json!({}), json!({"v": 1}));
        check(Matcher::Not(Box::new(Matcher::OneOf(vec![json!("ok")]))), json!({"v": "ok"}), json!({"v": "error"}));
        check(Matcher::Present, json!({"v": "busy"}), json!({"v": "busy"}));
        check(Matcher::Absent, json!({"v": 1}), json!({}));
    }
}
