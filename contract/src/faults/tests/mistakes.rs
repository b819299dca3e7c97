//! Tests the problems of flags and headers.

use super::{FaultInput, SONG};
use crate::faults::FaultPlan;

/// The problems of a flag.
fn said(flag: &str) -> Vec<String> {
    let problems = FaultPlan::new(0).add_flag(flag).unwrap_err();
    problems.0.into_iter().map(|it| format!("{}; {}", it.message, it.help)).collect()
}

#[test]
fn flags_say_what_is_missing_and_what_to_do() {
    assert_eq!(
        said("503 rate=0.1"),
        ["it does not select any requests; write a selector, a colon and a space before it, like `*: 503 rate=0.1`"]
    );
    assert_eq!(
        said("FETCH /a: 999 latncy=1s rate=20% times=x"),
        [
            "`FETCH` is not a method; methods are GET, POST, PUT, PATCH and DELETE; leave it out for every method",
            "`status` is `999`; write a whole number from 200 to 599",
            "there is no fault `latncy`; `latency` has a similar name",
            "`rate` is `20%`; write a share from 0 to 1, like `rate=0.2`",
            "`times` is `x`; write a whole number from 1 on, like `times=3`",
        ]
    );
    assert_eq!(said("*: retry_after=2"), ["`retry_after` is only allowed with a status; write `429` beside it"]);
    assert_eq!(said("*: 500 status=503"), ["`status` is given twice; keep one of them"]);
    assert_eq!(
        said("*: task_fails=yes"),
        ["`task_fails` must not have a value, but has `yes`; remove the value, or all of it"]
    );
    for (flag, message) in [
        ("*: ", "no fault is given"),
        ("*:", "no fault is given"),
        ("*: rate=0.5", "no fault is given"),
        (" : 500", "the rule selects nothing"),
        ("POST: 500", "`POST` is a method without a path"),
        ("POST /a /b: 500", "`POST /a /b` is more than a method and a path"),
        ("*: latency=2h", "`latency` is `2h`"),
        ("*: latency=2s..1s", "`latency` is `2s..1s`"),
        ("*: latency=99999999999999999999s", "`latency` is `99999999999999999999s`"),
        ("*: latency", "`latency` is ``"),
        ("*: slow=0", "`slow` is `0`"),
        ("*: slow=+5", "`slow` is `+5`"),
        ("*: cut=middle", "`cut` is `middle`"),
        ("*: rate=NaN 500", "`rate` is `NaN`"),
        ("*: =", "there is no fault ``"),
        ("", "it does not select any requests"),
    ] {
        let said = said(flag);
        assert!(said.iter().any(|it| it.starts_with(message)), "{flag}: {said:?}");
    }
}

#[test]
fn shown_text_is_short_and_escaped() {
    let problems = FaultPlan::new(0).add_flag(&format!("*: \u{1b}[31m{}", "x".repeat(10_000))).unwrap_err().to_string();
    assert!(problems.len() < 1000 && !problems.contains('\u{1b}'), "{problems}");
}

#[test]
fn an_invalid_header_is_refused_and_not_counted() {
    let mut plan = FaultPlan::new(0);
    plan.add_flag("*: 503 times=1").unwrap();
    let problems = plan.decide(&FaultInput { header: Some("latency=200ms,status=9,rate=0.5"), ..SONG }).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "x-specwright-fault: `status` is `9`; write a whole number from 200 to 599\n\
         x-specwright-fault: `rate` is only allowed in rules for many requests; remove it: the header applies to this request alone"
    );
    assert!(plan.decide(&FaultInput { header: Some(""), ..SONG }).is_err());
    assert_eq!(plan.decide(&SONG).unwrap().len(), 1);
}
