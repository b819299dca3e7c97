//! Input that is made to hurt: deep, wide, huge, strange. No panic, and no long time.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::verdict;
use crate::interpret::Verdict;

const SPEC: &str = "
types:
  Tree: {fields: {next?: Tree, value?: Any, list?: '[Any]'}}
  Any: {one_of: [string, integer, '[Any]', Tree]}
  Tagged: {tag: t, one_of: {tree: Tree, other: Tree}}
body:
  tree: Tree
  any: Any
  tagged: {type: [Tagged], unique_items: true, max_items: 3}
  text: {pattern: '^(a+)+$', max_length: 10, cases: [{when: {any: [x, 5]}, forbidden: true}]}
  number: {type: number, multiple_of: 0.1, minimum: -5}
  map: {type: map<integer>, items: {maximum: 9}}
rules:
  - {sum: {any: 3, tagged: 18446744073709551615}, maximum: 4}
  - {total_length: any, maximum: 7}
";

#[test]
fn deep_values() {
    let mut value = json!(true);
    for depth in 0..400 {
        value = if depth % 2 == 0 { json!([value]) } else { json!({ "list": value }) };
    }
    let verdict = verdict(SPEC, &json!({"any": value, "tree": {"value": value}}));
    assert!(!verdict.is_valid());
}

#[test]
fn wide_values() {
    let unknown: Map<String, Value> = (0..20_000).map(|it| (format!("{}{it}", "x".repeat(50)), Value::Null)).collect();
    assert_eq!(counted(&verdict(SPEC, &Value::Object(unknown))), (100, 19_900));
    let many: Vec<Value> = (0..50_000).map(|it| json!({"t": it})).collect();
    // One of each item, too many items, and too great a sum.
    assert_eq!(counted(&verdict(SPEC, &json!({ "tagged": many }))), (100, 49_902));
}

/// Violations that are kept, and those that are counted.
fn counted(verdict: &Verdict) -> (usize, usize) {
    (verdict.violations.len(), verdict.omitted_violations)
}

/// One spec of each kind of finding, and a body of `n` of them.
#[test]
fn findings_of_every_kind_are_counted() {
    let n = 1_000_u64;
    let items = |it: Value| Value::from(vec![it; n as usize]);
    let entries = |it: Value| (0..n).map(|at| (format!("k{at}"), it.clone())).collect::<Map<_, _>>();
    for (body, value) in [
        ("a: [integer]", items(json!("x"))),
        ("a: [url]", items(json!("x"))),
        ("a: [Colour]", items(json!("x"))),
        ("a: {type: [Either]}", items(json!({}))),
        ("a: [Tagged]", items(json!({}))),
        ("a: [Tagged]", items(json!({"t": "x"}))),
        ("a: [Tagged]", items(json!({"t": 1}))),
        ("a: [Dog]", items(json!({}))),
        ("a: [Dog]", items(json!({"name": null}))),
        ("a: [Dog]", items(json!({"name": "Rex", "x": 1}))),
        ("a: [Dog]", items(json!({"name": "Rex", "tail": 1}))),
        ("a: [Pair]", items(json!({}))),
        ("a: {type: [string], items: {max_length: 1}}", items(json!("xx"))),
        ("a: {type: [string], items: {pattern: '^[a-z]{1,500}$'}}", items(json!("X"))),
        ("a: {type: map<integer>, items: {maximum: 1}}", Value::Object(entries(json!(2)))),
        ("a: map<boolean>", Value::Object(entries(json!(2)))),
    ] {
        let spec = format!("{TYPES}body:\n  {body}\n");
        let found = verdict(&spec, &json!({ "a": value }));
        assert_eq!(counted(&found), (100, 900), "{body}");
        assert_eq!(found.warnings.len() + found.omitted_warnings, 0, "{body}");
    }
    let spec = format!("{TYPES}body:\n  a: {{type: [integer], items: {{maximum: 1, certainty: inferred}}}}\n");
    let found = verdict(&spec, &json!({ "a": items(json!(2)) }));
    assert_eq!((found.warnings.len(), found.omitted_warnings, found.is_valid()), (100, 900, true));
}

const TYPES: &str = "
types:
  Colour: {enum: [red]}
  Either: {one_of: [string, integer]}
  Tagged: {tag: t, one_of: {dog: Tail}}
  Tail: {fields: {tail?: string}}
  Dog: {fields: {name: string, tail?: {type: integer, forbidden: true}}}
  Pair: {fields: {a?: integer, b?: integer}, rules: [{any_of: [a, b]}]}
";

/// Warnings never take the room of violations.
#[test]
fn a_violation_behind_many_warnings_is_kept() {
    let spec = "body:
  a: {type: [integer], items: {maximum: 1, certainty: inferred}}
  b: {type: integer, required: true}
";
    let found = verdict(spec, &json!({ "a": vec![2; 500] }));
    assert_eq!((found.is_valid(), found.violations.len(), found.warnings.len()), (false, 1, 100));
    assert_eq!((found.omitted_violations, found.omitted_warnings), (0, 400));
}

/// Names are the caller's: each stands in every pointer below it.
#[test]
fn pointers_are_bounded() {
    let huge = "k\u{e9}/~".repeat(500_000);
    for body in [
        json!({ huge.as_str(): 1 }),
        json!({"map": {huge.as_str(): "x"}}),
        json!({"any": [{huge.as_str(): 1}]}),
        json!({"tree": {huge.as_str(): 1, "next": {huge.as_str(): 2}}}),
    ] {
        let found = verdict(SPEC, &body);
        assert!(!found.is_valid());
        for it in &found.violations {
            assert!(it.at.len() < 1100 && it.at.ends_with('…') && it.message.len() < 500, "{} {}", it.at, it.message);
        }
    }
    let nearly = "k".repeat(999);
    let found = verdict(SPEC, &json!({ nearly.as_str(): 1 }));
    assert_eq!(found.violations[0].at, format!("/{nearly}"));
}

/// Items that are all different, and then one that is the first again.
#[test]
fn many_unique_items() {
    let spec = "body:\n  a: {type: [integer], unique_items: true}\n";
    let mut items: Vec<Value> = (0..200_000).map(Value::from).collect();
    assert_eq!(super::summary(&verdict(spec, &json!({ "a": items }))), "");
    items.push(json!(0.0));
    assert_eq!(super::summary(&verdict(spec, &json!({ "a": items }))), "/a unique_items");
}

#[test]
fn huge_values() {
    let text = "a".repeat(1 << 20) + "b";
    let verdict = verdict(SPEC, &json!({"text": text, "number": -1.7e308, "any": u64::MAX}));
    let found: Vec<usize> = verdict.violations.iter().filter_map(|it| it.found.as_ref()).map(String::len).collect();
    assert!(found.iter().all(|it| *it < 100), "{found:?}");
}

fn values() -> impl Strategy<Value = Value> {
    let numbers = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from)
    ];
    let names = prop_oneof![
        Just("tree"),
        Just("any"),
        Just("tagged"),
        Just("text"),
        Just("number"),
        Just("map"),
        Just("t"),
        Just("next"),
        Just("value"),
        Just("list"),
        Just("~/"),
        Just("\u{0}")
    ];
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), numbers, ".{0,12}".prop_map(Value::from)];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..6)
                .prop_map(|all| all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn verdicts_are_deterministic_and_point_into_the_request(body in values()) {
        let first = verdict(SPEC, &body);
        prop_assert_eq!(&first, &verdict(SPEC, &body));
        for it in first.violations.iter().chain(&first.warnings) {
            let parent = it.at.rsplit_once('/').map_or("", |(parent, _)| parent);
            prop_assert!(body.pointer(parent).is_some() || it.at.matches('/').count() == 1, "{} in {}", it.at, body);
        }
    }
}
