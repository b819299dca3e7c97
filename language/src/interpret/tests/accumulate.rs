//! What events add up to, read from specs.

use serde_json::{Value, json};

use crate::interpret::accumulate::{Lost, Total, total};
use crate::testing;

/// What chunks of any JSON add up to with these steps.
fn fold(steps: &str, events: &[Value]) -> Total {
    let text = testing::resource(&format!(
        "  run:\n    post: /x\n    summary: Do it.\n    body: {{stream: boolean}}\n    response: json\n    stream:\n      \
         when: {{stream: true}}\n      data: json\n      collect: [{steps}]\n"
    ));
    let api = testing::api(&[("x.yaml", &text)]);
    let stream = api.operations[0].stream.as_ref().expect("a stream");
    let events: Vec<_> = events.iter().map(|it| (String::new(), it.clone())).collect();
    total(stream, &events).expect("the stream has steps")
}

#[track_caller]
fn check(steps: &str, events: &[Value], whole: Value) {
    assert_eq!(fold(steps, events), Total { whole, lost: None }, "{steps}: {events:?}");
}

/// As [`check`], where a part of the last event is lost.
#[track_caller]
fn loses(steps: &str, events: &[Value], whole: Value, at: &str, expected: &'static str) {
    let lost = Some(Lost { event: events.len() - 1, at: at.to_owned(), expected });
    assert_eq!(fold(steps, events), Total { whole, lost }, "{steps}: {events:?}");
}

#[test]
fn what_is_empty_replaces_nothing() {
    let events =
        [json!({"a": ""}), json!({"a": "b"}), json!({"a": ""}), json!({"a": []}), json!({"a": null}), json!({})];
    check("{set: /a, into: /x}", &events, json!({"x": "b"}));
    check("{set: /a, into: /x}", &[json!({"a": 1}), json!({"a": 2})], json!({"x": 2}));
    check("{first: /a, into: /x}", &[json!({"a": ""}), json!({"a": "b"}), json!({"a": "c"})], json!({"x": "b"}));
    check(
        "{merge: /a, into: /x}",
        &[json!({"a": {"p": 1, "q": [1]}}), json!({"a": {"p": "", "q": [], "r": ""}})],
        json!({"x": {"p": 1, "q": [1], "r": ""}}),
    );
    check("{const: c, into: /x}, {set: /a, into: /x}", &[json!({}), json!({"a": "b"}), json!({})], json!({"x": "b"}));
    check("{const: c, beside: /a, into: /x}", &[json!({}), json!({"a": null})], Value::Null);
    check("{const: c, beside: /a, into: /x}", &[json!({"a": {}})], json!({"x": "c"}));
}

#[test]
fn what_no_step_takes_is_lost() {
    loses("{append: /a, into: /x}", &[json!({"a": "b"}), json!({"a": 1})], json!({"x": "b"}), "/a", "a string");
    loses("{merge: /a, into: /x}", &[json!({"a": 1})], Value::Null, "/a", "an object");
    loses("{concat: /a, into: /x}", &[json!({"a": "b"})], Value::Null, "/a", "an array or an object");
    loses(
        "{append: /a, into: /x/y}, {set: /b, into: /x}",
        &[json!({"b": 1}), json!({"a": "c"})],
        json!({"x": 1}),
        "/a",
        "a value that fits the earlier events",
    );
    loses("{append: /a, into: \"/x/{i}\"}", &[json!({"a": "b"})], Value::Null, "/i", "a position or a key");
    loses(
        "{append: /a, into: \"/x/{i}\"}",
        &[json!({"a": "b", "i": 4096})],
        Value::Null,
        "/i",
        "a position of at most 4095",
    );
    loses("{append: /a, into: /x}", &[json!("b")], Value::Null, "", "an object");
    let each = "{each: /a, into: /x, steps: [{set: /v, into: \"/{i}\"}]}";
    check(each, &[json!({"a": [{"i": 0, "v": 1}, null]})], json!({"x": [1]}));
    loses(each, &[json!({"a": [{"i": 0, "v": 1}, 5]})], json!({"x": [1]}), "/a/1", "an object");
    let both = "{append: /a, into: /x}, {each: /a, into: \"\", steps: [{append: /t, into: /x}]}";
    check(both, &[json!({"a": "b"}), json!({"a": [{"t": "c"}]})], json!({"x": "bc"}));
    loses(both, &[json!({"a": "b"}), json!({"a": 7})], json!({"x": "b"}), "/a", "a string");
}

#[test]
fn items_are_told_apart() {
    let alone = "{each: /a, into: /x, at: i, steps: [{append: /t, into: \"/{i}\"}]}";
    check(
        alone,
        &[json!({"a": [{"t": "b"}, {"t": "c"}]}), json!({"a": [{"i": 1, "t": "d"}]})],
        json!({"x": ["b", "cd"]}),
    );
    let calls = "{each: /a, into: /x, at: i, id: /id, begins: /n, ends: /t, steps: \
                 [{first: /id, into: \"/{i}/id\"}, {first: /n, into: \"/{i}/n\"}, {append: /t, into: \"/{i}/t\"}]}";
    let piece = |id: &str, n: &str, t: &str| json!({"a": [{"id": id, "n": n, "t": t}]});
    let one = |id: &str, t: &str| json!({"id": id, "n": "p", "t": t});
    check(calls, &[piece("1", "p", "{"), piece("", "", "}")], json!({"x": [one("1", "{}")]}));
    check(calls, &[piece("1", "p", "{"), piece("1", "p", "}")], json!({"x": [one("1", "{}")]}));
    check(calls, &[piece("1", "p", "{}"), piece("2", "p", "{}")], json!({"x": [one("1", "{}"), one("2", "{}")]}));
    check(
        calls,
        &[piece("", "p", "{"), piece("", "p", "}"), piece("", "p", "{}")],
        json!({"x": [one("", "{}"), one("", "{}")]}),
    );
    let same = json!({"a": [{"i": 0, "id": "1", "n": "p", "t": "{}"}, {"i": 0, "id": "2", "n": "p", "t": "{}"}]});
    check(calls, &[same], json!({"x": [one("1", "{}"), one("2", "{}")]}));
    let split = [json!({"a": [{"i": 0, "n": "p"}]}), json!({"a": [{"i": 0, "n": "q"}]})];
    loses(calls, &split, json!({"x": [{"n": "p"}]}), "/a/0/n", "the same name as before");
}
