//! One small check per keyword and per semantic line: a spec, a request, and what is broken.

mod accumulate;
mod answers;
mod conditions;
mod examples;
pub(crate) mod fixture;
mod hostile;
mod keywords;
mod numbers;
mod places;
mod rules;
mod types;

use serde_json::Value;

use super::{Request, Verdict, validate};

/// The verdict on a body under a spec of one operation.
pub(crate) fn verdict(yaml: &str, body: &Value) -> Verdict {
    let api = fixture::api(yaml);
    validate(&api, &api.operations[0], &Request::of_body(body))
}

/// `"/prompt max_length, /x ~enum"`: what is broken; `~` marks warnings, which come last.
pub(crate) fn summary(verdict: &Verdict) -> String {
    let stated = verdict.violations.iter().map(|it| format!("{} {}", it.at, it.rule));
    let warned = verdict.warnings.iter().map(|it| format!("{} ~{}", it.at, it.rule));
    stated.chain(warned).collect::<Vec<_>>().join(", ")
}

/// Checks bodies, written as JSON, against one spec.
#[track_caller]
fn check(yaml: &str, cases: &[(&str, &str)]) {
    for (body, expected) in cases {
        let body: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(summary(&verdict(yaml, &body)), *expected, "{body}");
    }
}
