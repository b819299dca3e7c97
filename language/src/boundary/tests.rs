//! What the suite of an operation holds.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::{Case, Expect, suite};
use crate::check::testing::demo;

fn cases(text: &str) -> Vec<Case> {
    let demo = demo(text);
    let cases = suite(&demo.api, &demo.api.operations[0]);
    assert_eq!(cases, suite(&demo.api, &demo.api.operations[0]));
    cases
}

/// Bodies that are legal, and those that break something, with what.
fn sides(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut valid, mut invalid) = (BTreeSet::new(), BTreeSet::new());
    for case in cases(text) {
        let body = case.request.body.unwrap().to_string();
        match case.expect {
            Expect::Valid => valid.insert(body),
            Expect::Invalid { at, rule } => invalid.insert(format!("{rule} {at} {body}")),
        };
    }
    (valid, invalid)
}

#[track_caller]
fn holds(text: &str, valid: &[&str], invalid: &[&str]) {
    let found = sides(text);
    for it in valid {
        assert!(found.0.contains(*it), "{it} not in {:#?}", found.0);
    }
    for it in invalid {
        assert!(found.1.contains(*it), "{it} not in {:#?}", found.1);
    }
}

#[test]
fn limits_from_both_sides() {
    holds(
        "n: integer\n+ n minimum=3 maximum=9",
        &["{}", r#"{"n":3}"#, r#"{"n":4}"#, r#"{"n":9}"#],
        &[r#"minimum /n {"n":2}"#, r#"maximum /n {"n":10}"#, r#"type /n {"n":"%"}"#],
    );
    holds(
        "t: string\n+ t min_length=2 max_length=3",
        &[r#"{"t":"aa"}"#, r#"{"t":"aaa"}"#],
        &[r#"min_length /t {"t":"a"}"#, r#"max_length /t {"t":"aaaa"}"#],
    );
    holds("t: [string]\n+ t max_items=2 items.max_length=1", &[r#"{"t":["a"]}"#], &[r#"max_length /t/0 {"t":["aa"]}"#]);
    holds("n: integer\n+ n enum=5,10", &[r#"{"n":5}"#, r#"{"n":10}"#], &[r#"enum /n {"n":4}"#, r#"enum /n {"n":11}"#]);
}

#[test]
fn values_obey_what_is_asked_beside() {
    holds(
        "n: integer\n+ n minimum=5 maximum=20\n+ n multiple_of=8",
        &[r#"{"n":8}"#, r#"{"n":16}"#],
        &[r#"minimum /n {"n":0}"#, r#"maximum /n {"n":24}"#, r#"multiple_of /n {"n":5}"#, r#"multiple_of /n {"n":20}"#],
    );
    holds(
        "n: number\n+ n exclusive_minimum=0.25 maximum=0.7\n+ n multiple_of=0.1",
        &[r#"{"n":0.3}"#, r#"{"n":0.7}"#],
        &[r#"exclusive_minimum /n {"n":0.2}"#, r#"maximum /n {"n":0.8}"#],
    );
    holds(
        "t: string\n+ t min_length=3 max_length=4\n+ t pattern=^[A-Z]+$",
        &[r#"{"t":"ABC"}"#, r#"{"t":"ABCD"}"#],
        &[r#"min_length /t {"t":"AB"}"#, r#"max_length /t {"t":"ABCDE"}"#],
    );
    holds(
        "m: map<integer>\n+ m min_properties=1 max_properties=2",
        &[r#"{"m":{"a":1}}"#, r#"{"m":{"a":1,"b":1}}"#],
        &[r#"min_properties /m {"m":{}}"#, r#"max_properties /m {"m":{"a":1,"b":1,"c":1}}"#],
    );
    holds("t!: string\n+ t pattern=^[A-Z]{3}-\\d{4}$", &[r#"{"t":"ABC-1234"}"#], &[r#"pattern /t {"t":"a"}"#]);
}

#[test]
fn under_their_conditions_and_beside() {
    holds(
        "model!: a | b\nn: integer\n+ n maximum=5 when model=a\n+ n required when model=b",
        &[r#"{"model":"a","n":5}"#, r#"{"model":"b","n":6}"#, r#"{"model":"a"}"#],
        &[
            r#"maximum /n {"model":"a","n":6}"#,
            r#"required /n {"model":"b"}"#,
            r#"enum /model {"model":"no such value"}"#,
        ],
    );
    holds(
        "model!: a | b\nn: integer\n+ n forbidden unless model=a",
        &[r#"{"model":"a","n":1}"#, r#"{"model":"b"}"#],
        &[r#"forbidden /n {"model":"b","n":1}"#],
    );
}

#[test]
fn rules_from_both_sides() {
    holds(
        "a: integer\nb: integer\nrule exactly_one_of a b",
        &[r#"{"a":1}"#, r#"{"b":1}"#],
        &["exactly_one_of /a {}", r#"exactly_one_of /b {"a":1,"b":1}"#],
    );
    holds(
        "a: integer\nb: integer\nrule compare a > b",
        &[r#"{"a":2,"b":1}"#],
        &[r#"compare /a {"a":1,"b":1}"#, r#"compare /a {"a":0,"b":1}"#],
    );
    holds(
        "a: [string]\nb: [string]\nrule sum a*2 b*1 maximum=3",
        &[r#"{"a":["a"]}"#, r#"{"b":["a","a1","a2"]}"#],
        &[r#"sum /a {"a":["a","a1"]}"#, r#"sum /b {"b":["a","a1","a2","a3"]}"#],
    );
    holds("t: [string]\nrule total_length t maximum=3", &[r#"{"t":["aaa"]}"#], &[r#"total_length /t {"t":["aaaa"]}"#]);
}

#[test]
fn inferred_rules_reject_nothing() {
    holds("n: integer\n+ n ~maximum=5", &[r#"{"n":5}"#, r#"{"n":6}"#], &[]);
}

#[test]
fn times_lie_on_both_sides_of_a_leap_second() {
    let text = crate::testing::resource(
        "  run:\n    post: /run\n    summary: Run.\n    response: none\n    body: {at: date-time}\n",
    );
    let api = crate::testing::api(&[("x.yaml", &text)]);
    let cases = suite(&api, &api.operations[0]);
    let said = |time: &str| {
        let body = Some(serde_json::json!({"at": time}));
        cases.iter().find(|it| it.request.body == body).map(|it| it.expect == Expect::Valid)
    };
    assert_eq!(said("2017-01-01T08:59:60+09:00"), Some(true));
    assert_eq!(said("2016-12-31T23:58:60Z"), Some(false));
    assert_eq!(said("2016-03-31T23:59:60Z"), Some(false));
}

/// How many clauses and rules of a fixture that uses all of the language have a request on their far side.
#[test]
fn most_rules_of_a_whole_spec_are_broken_once() {
    let api = crate::testing::api(crate::testing::atelier());
    let (mut n_rules, mut n_broken) = (0, 0);
    for op in &api.operations {
        let cases = suite(&api, op);
        let requests: BTreeSet<String> = cases.iter().map(|it| format!("{:?}", it.request)).collect();
        assert_eq!(requests.len(), cases.len());
        let has_legal = cases.iter().any(|it| it.expect == Expect::Valid);
        assert!(has_legal, "{}: no legal request", op.full_name(&api));
        for field in &op.parameters.fields {
            let hard = |it: &&crate::model::Clause| {
                it.origin.certainty == crate::model::Certainty::Stated
                    && !matches!(it.constraint.keyword(), "ignored" | "default" | "max_bytes")
            };
            for clause in field.clauses.iter().filter(hard) {
                n_rules += 1;
                let about = crate::prose::clause_doc(&op.parameters, &api, field, clause);
                let broken = |it: &&Case| it.about == about && it.expect != Expect::Valid;
                match cases.iter().find(broken) {
                    Some(_) => n_broken += 1,
                    None => println!("{}: {about}", op.full_name(&api)),
                }
            }
        }
        for rule in &op.parameters.rules {
            n_rules += 1;
            let about = crate::prose::rule(&op.parameters, &api, rule);
            match cases.iter().find(|it| it.about == about && it.expect != Expect::Valid) {
                Some(_) => n_broken += 1,
                None => println!("{}: {about}", op.full_name(&api)),
            }
        }
    }
    println!("{n_broken} of {n_rules}");
    assert!(n_broken * 10 >= n_rules * 9, "{n_broken} of {n_rules}");
}

#[test]
fn of_one_of_a_value_is_made_that_only_one_member_accepts() {
    let made = |keyword: &str| {
        let api = crate::testing::api(&[(
            "x.yaml",
            &format!(
                "resource: x\ntitle: X\ndoc: X.\ntypes:\n  It: {{{keyword}: [A, B]}}\n  A: {{fields: {{both?: string, a?: \
                 boolean}}}}\n  B: {{fields: {{both?: string, b?: boolean}}}}\noperations:\n  make:\n    post: /x\n    \
                 summary: Make.\n    response: none\n    body: {{it: {{type: It, required: true}}}}\n"
            ),
        )]);
        let (mut valid, mut invalid) = (Vec::new(), Vec::new());
        for case in suite(&api, &api.operations[0]) {
            let body = case.request.body.unwrap().to_string();
            match case.expect {
                Expect::Valid => valid.push(body),
                Expect::Invalid { rule, .. } => invalid.push(format!("{rule} {body}")),
            }
        }
        (valid, invalid)
    };
    let (valid, _) = made("any_of");
    assert_eq!(valid[0], r#"{"it":{"both":"a"}}"#);
    let (valid, invalid) = made("one_of");
    assert_eq!(valid[0], r#"{"it":{"both":"a","a":true}}"#);
    // Both sides of the rule are in the suite.
    assert!(valid.contains(&r#"{"it":{"b":true}}"#.to_owned()), "{valid:?}");
    assert!(invalid.contains(&r#"one_of {"it":{}}"#.to_owned()), "{invalid:?}");
}
