//! Tests plans in files.

use super::{Fault, FaultInput, SONG, plan, status};
use crate::faults::FaultPlan;

const FILE: &str = r#"
seed: 7
faults:
  # Suno is busy now and then.
  - where: POST /api/v1/suno/*
    status: 429
    retry_after: 2
    rate: 0.2
    times: 3
  - {where: keys.*, latency: 100ms..2s, wrong_json: true, task_fails: false}
  - {where: "GET *", truncate: null}
"#;

#[test]
fn a_file_equals_its_flags() {
    let mut file = FaultPlan::new(1);
    file.add_config("faults.yaml", FILE).unwrap();
    let flags = [
        "POST /api/v1/suno/*: 429 retry_after=2 rate=0.2 times=3",
        "keys.*: latency=100ms..2s wrong_json",
        "GET *: truncate",
    ];
    let flags = plan(7, &flags);
    let keys = FaultInput { operation: "keys.list", method: "GET", path: "/api/v1/keys", ..SONG };
    let mut struck = 0;
    for _ in 0..100 {
        for asked in [SONG, keys] {
            let found = file.decide(&asked).unwrap();
            assert_eq!(found, flags.decide(&asked).unwrap());
            struck += usize::from(found == [status(429, Some(2))]);
        }
    }
    assert_eq!(struck, 3);
    let found = file.decide(&keys).unwrap();
    assert!(matches!(found[..], [Fault::Latency(_), Fault::WrongJson, Fault::Truncate(None)]), "{found:?}");
}

#[test]
fn every_problem_of_a_file_has_its_place() {
    let text = r#"
seed: often
fault: []
faults:
  - where: FETCH /a
    status: 42
  - latency: soon
  - {where: "*", rate: 2, times: 0, colour: red}
  - {where: "*"}
  - {where: "*", status: [503]}
  - {where: [a], stall: -1}
  - text
"#;
    let problems = FaultPlan::new(0).add_config("faults.yaml", text).unwrap_err();
    let found: Vec<String> = problems.0.iter().map(|it| format!("{}: {}", it.place, it.message)).collect();
    assert_eq!(
        found,
        [
            "faults.yaml:2:7: `seed` is not a whole number",
            "faults.yaml:3:1: there is no key `fault`",
            "faults.yaml:5:12: `FETCH` is not a method",
            "faults.yaml:6:13: `status` is `42`",
            "faults.yaml:7:5: the rule does not select any requests",
            "faults.yaml:7:14: `latency` is `soon`",
            "faults.yaml:8:24: `rate` is `2`",
            "faults.yaml:8:34: `times` is `0`",
            "faults.yaml:8:45: there is no fault `colour`",
            "faults.yaml:9:5: no fault is given",
            "faults.yaml:10:26: expected a value of `status`, found a list",
            "faults.yaml:11:13: `where` is not text",
            "faults.yaml:11:25: `stall` is `-1`",
            "faults.yaml:12:5: expected a map, found text",
        ]
    );
    assert!(problems.0.iter().all(|it| !it.help.is_empty()));
}

#[test]
fn a_file_with_a_mistake_changes_nothing() {
    let mut plan = FaultPlan::new(3);
    for text in
        ["", "[]", "faults: {}", "faults: []", "seed: 5", "a: b\na: c", "\tx", "faults: [{where: '*', status: 1}]"]
    {
        let problems = plan.add_config("faults.yaml", text).unwrap_err();
        assert!(!problems.0.is_empty(), "{text}");
        assert!(problems.to_string().contains("faults.yaml:"), "{problems}");
    }
    assert!(plan.is_empty());
}
