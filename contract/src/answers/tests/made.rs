//! Tests that generated values follow the spec, whatever it requires, and that values that cannot be generated are
//! reported.

use serde_json::{Value, json};
use specwright_codegen::interpret::{validate_answer, validate_state};
use specwright_codegen::model::{Api, OperationId, Output, Task, Type};

use super::one;
use crate::answers::{Answers, Part, State};

const TYPES: &str = "
types:
  Tag: {fields: {name: {type: string, pattern: '^[a-z]{3}$'}, level: {type: integer, minimum: 2, maximum: 9}}}
  Colour: {enum: [red, green]}
  Shape: {tag: kind, one_of: {circle: Circle, square: Square}}
  Circle: {fields: {radius: {type: number, exclusive_minimum: 0, exclusive_maximum: 1}}}
  Square: {fields: {side: {type: integer, multiple_of: 4, minimum: 5}}}
  Numbered: {tag: kind, one_of: {\"1\": Circle, \"2\": Square}}
  Either: {one_of: [Colour, '[Colour]', integer]}
  Tree: {fields: {left?: Tree, right: {type: Tree, nullable: true}, leaves: '[Tree]', code: {type: string, pattern: '^L[0-9]$'}}}
  Deep1: {fields: {a: Deep2}}
  Deep2: {fields: {a: '[Deep3]'}}
  Deep3: {fields: {a: map<Deep4>}}
  Deep4: {fields: {a: Deep5}}
  Deep5: {fields: {a: Deep6}}
  Deep6: {fields: {a: Deep7}}
  Deep7: {fields: {a: Deep8}}
  Deep8: {fields: {a: Tag}}
  Pair: {fields: {a?: {type: string, pattern: '^a[0-9]$'}, b?: integer}, rules: [{exactly_one_of: [a, b]}]}
  Span: {fields: {from: {type: integer, minimum: 3}, to: integer}, rules: [{compare: to > from}]}
  Ring: {fields: {next: Ring2}}
  Ring2: {fields: {back: '[Ring]'}}
";

/// An operation whose response has one field.
fn api(field: &str) -> (Api, OperationId) {
    one(&format!(
        "operations:
  get:
    post: /x
    summary: Get.
    body: {{title: string, count: integer, \"n\": {{type: integer}}}}
    response:
      x: {field}
{TYPES}"
    ))
}

fn response_type(api: &Api) -> &Type {
    match &api.operations[0].output {
        Output::Json { ty, .. } => ty,
        other => panic!("{other:?}"),
    }
}

/// The value that is generated for a field. It follows the spec for every request and seed.
#[track_caller]
fn made(field: &str) -> Value {
    let (api, op) = api(field);
    let answers = Answers::with_files(&api, "http://127.0.0.1:1/files");
    assert_eq!(answers.gaps(&api, op), [], "{field}");
    for request in [json!({}), json!({"x": "?", "title": "", "count": 120, "n": 120}), json!({"count": 0, "n": 2})] {
        for seed in [0, 1, u64::MAX] {
            let answer = answers.response(&api, op, &request, seed).unwrap();
            assert_eq!(validate_answer(&api, response_type(&api), &answer), [], "{field} {request} {seed} {answer}");
        }
    }
    answers.response(&api, op, &json!({}), 0).unwrap()["x"].clone()
}

#[test]
fn texts_match_their_patterns() {
    for (field, wanted) in [
        (r"{type: string, pattern: '^[A-Z]{3}-\d{4}$'}", json!("ABC-1234")),
        (r"{type: string, pattern: '^(low|high)$'}", json!("low")),
        (r"{type: string, pattern: '^\d+$', min_length: 5, max_length: 5}", json!("12345")),
        (r"{type: string, pattern: '^[a-z]+$', min_length: 300}", Value::Null),
        (r"{type: string, pattern: '^v[0-9]+\.[0-9]+$', nullable: true}", Value::Null),
        (r"{type: url, pattern: '^https://cdn\.example\.com/[a-z]+\.png$'}", json!("https://cdn.example.com/a.png")),
        (r"{type: url, pattern: '\.(jpg|png)$', max_length: 16}", Value::Null),
        (r"{type: https-url, pattern: '/v[0-9]/'}", Value::Null),
        ("date-time", json!("2026-01-01T00:00:00Z")),
        (r"{type: base64, pattern: '^data:image/png;base64,'}", Value::Null),
        (r"{type: base64, max_length: 21}", Value::Null),
        (r"{type: string, max_length: 0}", json!("")),
        (r"{type: string, min_length: 1000, max_length: 1000}", Value::Null),
        (r"{type: string, secret: true, pattern: '^sk-[a-z0-9]{20}$'}", Value::Null),
    ] {
        let found = made(field);
        assert!(wanted.is_null() || found == wanted, "{field}: {found}");
    }
}

#[test]
fn numbers_are_within_their_limits() {
    for (field, wanted) in [
        ("{type: number, multiple_of: 0.01, minimum: 7.001, maximum: 7.015}", json!(7.01)),
        ("{type: number, multiple_of: 0.01, exclusive_minimum: 7}", Value::Null),
        ("{type: number, multiple_of: 0.3, minimum: 10, maximum: 10.3}", json!(10.2)),
        ("{type: number, exclusive_minimum: 0, exclusive_maximum: 0.001}", Value::Null),
        ("{type: number, minimum: -2.5, maximum: -2.5}", json!(-2.5)),
        ("{type: integer, exclusive_minimum: 41, exclusive_maximum: 43}", json!(42)),
        ("{type: integer, multiple_of: 64, minimum: 1000, maximum: 1030}", json!(1024)),
        ("{type: integer, minimum: 9007199254740993}", Value::Null),
        ("{type: integer, minimum: 0.5, maximum: 1.5}", json!(1)),
        ("{type: integer, enum: [1, 5, 10], minimum: 6}", json!(10)),
        ("{type: number, enum: [0, 0.5, 1]}", json!(0)),
        ("{type: integer, const: 7}", json!(7)),
        ("{type: number, const: 0.25}", json!(0.25)),
        ("{type: boolean, const: false}", json!(false)),
        ("{type: boolean, enum: [false]}", json!(false)),
        ("{type: string, const: fixed}", json!("fixed")),
    ] {
        let found = made(field);
        assert!(wanted.is_null() || found == wanted, "{field}: {found}");
    }
}

#[test]
fn lists_maps_unions_and_records_are_generated() {
    for field in [
        r"{type: [string], min_items: 3, unique_items: true}",
        r"{type: [string], min_items: 3, max_items: 3, unique_items: true, items: {pattern: '^[ab]{2}$'}}",
        r"{type: [string], min_items: 2, items: {pattern: '^\d{6}$'}}",
        r"{type: [integer], min_items: 4, unique_items: true, items: {minimum: 2, maximum: 5}}",
        r"{type: [number], min_items: 3, unique_items: true, items: {multiple_of: 0.25, minimum: 0.1, maximum: 0.9}}",
        r"{type: [boolean], min_items: 2, unique_items: true}",
        r"{type: [Colour], min_items: 2, unique_items: true}",
        r"{type: [url], min_items: 2, unique_items: true, items: {pattern: '\.png$'}}",
        r"{type: [Tag], min_items: 3, unique_items: true}",
        r"{type: [Shape], min_items: 3, unique_items: true}",
        r"{type: [Either], min_items: 3, unique_items: true}",
        r"{type: [date-time], min_items: 3, unique_items: true}",
        r"{type: map<string>, items: {pattern: '^[A-Z]{2}$'}}",
        r"map<Tag>",
        r"'[[Tag]]'",
        "Tag",
        "Shape",
        "Numbered",
        "Either",
        "Tree",
        "{type: Tree, nullable: true}",
        "Deep1",
        "Pair",
        "Span",
        "[Span]",
        "Ring",
        "json",
        "{type: json, enum: [1, a]}",
        "'string | integer'",
        "{type: Colour, const: green}",
    ] {
        made(field);
    }
    assert_eq!(made("{type: [Tag], min_items: 2, max_items: 2}").as_array().map(Vec::len), Some(2));
}

#[test]
fn gaps_have_a_place_and_a_reason() {
    for (field, at, why) in [
        ("{type: string, min_length: 40000}", "/x", "at least 40000 characters"),
        ("{type: string, min_length: 50000}", "/x", "at least 50000 characters"),
    ] {
        let text = format!(
            "operations:\n  get: {{get: /x, summary: Get., response: R}}{TYPES}  \
             R: {{fields: {{x: {field}, other?: integer}}}}\n"
        );
        let (api, op) = one(&text);
        let answers = Answers::new(&api);
        let gaps = answers.gaps(&api, op);
        assert_eq!(gaps.len(), 1, "{field}: {gaps:?}");
        let (part, gap) = &gaps[0];
        assert_eq!((part, gap.at.as_str()), (&Part::Response, at), "{field}: {gap}");
        assert!(gap.why.contains(why), "{field}: {gap}");
        assert!(gap.to_string().contains(at), "{gap}");
    }
}

/// An optional field is left out if it cannot be generated.
#[test]
fn optional_fields_are_no_gaps() {
    let (api, op) = one("operations:
  get:
    get: /x
    summary: Get.
    response: {a: string, b?: {type: url, pattern: '^ftp://'}, c: {type: url, pattern: '^ftp://', nullable: true}}
");
    let answers = Answers::new(&api);
    assert_eq!(answers.gaps(&api, op), []);
    let answer = answers.response(&api, op, &json!({}), 0).unwrap();
    assert_eq!(answer, json!({"a": answer["a"], "c": null}));
}

/// Conditional limits are those of the generated record, not all of them at once.
#[test]
fn exclusive_conditional_limits_are_respected() {
    let (api, op) = one("operations:
  get: {get: /x, summary: Get., response: R}
types:
  R:
    fields:
      code: {type: string, pattern: '^a+$', cases: [{when: {other: 1}, pattern: '^b+$'}]}
      other?: integer
");
    let answers = Answers::new(&api);
    assert_eq!(answers.gaps(&api, op), []);
    let answer = answers.response(&api, op, &json!({}), 0);
    assert_eq!(validate_answer(&api, response_type(&api), &answer.unwrap()), []);
}

#[test]
fn an_example_fills_a_gap() {
    let (api, op) = one("operations:
  get:
    get: /x
    summary: Get.
    response: {a: {type: url, pattern: '^ftp://'}}
    examples: [{name: one, response: {a: 'ftp://a.example'}}]
");
    assert_eq!(Answers::new(&api).gaps(&api, op), []);
}

#[test]
fn counted_items_stay_unique() {
    let (api, op) = one("operations:
  draw:
    post: /x
    summary: Draw.
    body: {num_images: integer}
    response:
      images: {type: [Image], unique_items: true, min_items: 1}
types:
  Image: {fields: {width: integer, kind: {enum: [png]}}}
");
    let answers = Answers::new(&api);
    assert_eq!(answers.gaps(&api, op), []);
    for count in [1, 3, 100] {
        let answer = answers.response(&api, op, &json!({"num_images": count}), 0).unwrap();
        assert_eq!(validate_answer(&api, response_type(&api), &answer), [], "{count} {answer}");
    }
}

/// Ids are different, in the form that the spec requires.
#[test]
fn ids_of_items_have_the_form_in_the_spec() {
    let (api, op) = one("operations:
  draw:
    post: /x
    summary: Draw.
    body: {num_images: integer}
    response: {images: '[Image]'}
types:
  Image: {fields: {id: {type: string, pattern: '^img_[a-z]{4}$'}}}
");
    let answers = Answers::new(&api);
    let ids = |seed| {
        let answer = answers.response(&api, op, &json!({"num_images": 50}), seed).unwrap();
        assert_eq!(validate_answer(&api, response_type(&api), &answer), [], "{answer}");
        let ids: std::collections::BTreeSet<String> =
            answer["images"].as_array().unwrap().iter().map(|it| it["id"].to_string()).collect();
        assert_eq!(ids.len(), 50, "{answer}");
        ids
    };
    assert_ne!(ids(0), ids(9));
}

fn task(api: &Api) -> &Task {
    match &api.operations[0].output {
        Output::Task(task) => task,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tasks_respect_their_limits_in_every_state() {
    let (api, op) = one(r#"operations:
  sing:
    post: /sing
    summary: Sing.
    body: {title: string, callback_url: url}
    task:
      callback: callback_url
      error: /error/message
      created: Created
      every_state: {id: {type: string, pattern: "^job-[0-9]{8}$"}, status: string, error?: Failure}
      result: {code: {type: string, pattern: "^[A-Z]{3}$"}, price: {type: number, multiple_of: 0.01, minimum: 0.5}}
types:
  Created: {fields: {id: {type: string, pattern: "^job-[0-9]{8}$"}, status: string, ticket: {type: string, pattern: "^T[0-9]$"}}}
  Failure: {fields: {code: {enum: [broken, late]}, message: {type: string, max_length: 9}, hint: {type: string, pattern: "^H"}}}
"#);
    let answers = Answers::new(&api);
    assert_eq!(answers.gaps(&api, op), []);
    let id = super::super::ids::Ids::of(&api, task(&api)).nth(0, 7);
    let created = answers.created(&api, op, &json!({}), &id);
    assert_eq!(validate_answer(&api, &Type::Named(task(&api).created), &created), [], "{created}");
    for state in [State::Pending, State::Completed, State::Failed] {
        let body = answers.status(&api, op, &json!({"title": "Rain"}), &id, &state, 0);
        assert_eq!(validate_state(&api, task(&api), &body), [], "{state:?} {body}");
        assert_eq!(body["id"], *id, "{body}");
        if state == State::Failed {
            assert!(body["error"]["message"].as_str().is_some_and(|it| !it.is_empty()), "{body}");
            assert_eq!(body["error"]["code"], "broken", "{body}");
        }
    }
}
