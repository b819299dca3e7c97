//! Input that is made to hurt: deep, wide, huge, strange. No panic, and no long time.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::verdict;

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
    assert_eq!(verdict(SPEC, &Value::Object(unknown)).violations.len(), 20_000);
    let many: Vec<Value> = (0..50_000).map(|it| json!({"t": it})).collect();
    assert!(verdict(SPEC, &json!({ "tagged": many })).violations.len() > 50_000);
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
