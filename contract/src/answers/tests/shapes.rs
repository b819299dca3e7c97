//! Tests the form of the responses of small specs.

use serde_json::{Value, json};

use super::{one, same};
use crate::answers::{Answers, State};

const IMAGES: &str = r#"
operations:
  draw:
    post: /draw
    summary: Draw.
    body:
      model: {required: true, enum: [pen, brush]}
      prompt: {type: string, required: true}
      aspect_ratio: {enum: ["1:1", "16:9"]}
      resolution: {enum: [720p, 1080p]}
      num_images: {type: integer, minimum: 1, maximum: 4, default: 2}
      num_steps: {type: integer}
      quality: {type: number, default: 0.5}
      secret_word: {type: string, secret: true}
    response:
      id: string
      model: string
      prompt?: string
      quality: number
      secret_word?: string
      seed: integer
      images: {type: "[Picture]"}
      steps: {type: "[integer]"}
types:
  Picture:
    fields:
      id: string
      url: url
      width: integer
      height: {type: integer, maximum: 512}
      thumbnail: {type: base64}
      made_at: date-time
      error?: string
"#;

#[test]
fn values_come_from_names_types_and_the_request() {
    let (api, op) = one(IMAGES);
    let answers = Answers::with_files(&api, "http://127.0.0.1:1/files");
    let request = json!({"model": "brush", "prompt": "A boat", "aspect_ratio": "16:9", "resolution": "720p",
        "num_images": 3, "num_steps": 2, "secret_word": "hush"});
    let picture = |id: &str, url: &str| {
        let url = format!("http://127.0.0.1:1/files/{url}");
        json!({"id": id, "url": url, "width": 1280, "height": 512,
            "thumbnail": super::super::name_hints::PNG, "made_at": "2026-01-01T00:00:00Z"})
    };
    let found = answers.response(&api, op, &request, 0).unwrap();
    let ids: Vec<&Value> = found["images"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids.len(), 3);
    assert!(ids[0] == "image_0001" && ids[1] != ids[2] && ids[0] != ids[1], "{ids:?}");
    let text = |at: usize| ids[at].as_str().unwrap();
    same(
        Some(found.clone()),
        json!({
            "id": "draw_0001", "model": "brush", "prompt": "A boat", "quality": 0.5,
            "secret_word": "secret-word", "seed": 42,
            "images": [picture(text(0), "image.png"), picture(text(1), "image-2.png"), picture(text(2), "image-3.png")],
            "steps": [1, 1],
        }),
    );
}

#[test]
fn a_request_without_a_count_gets_the_default() {
    let (api, op) = one(IMAGES);
    let answers = Answers::new(&api);
    let found = answers.response(&api, op, &json!({"model": "pen"}), 0).unwrap();
    assert_eq!(found["images"].as_array().unwrap().len(), 2);
    assert_eq!(found.get("prompt"), None, "left out, and may be");
    for (asked, given) in [(json!(0), 0), (json!("4"), 4), (json!(u64::MAX), 128), (json!(-1), 1), (json!("x"), 1)] {
        let found = answers.response(&api, op, &json!({"num_images": asked}), 0).unwrap();
        assert_eq!(found["images"].as_array().unwrap().len(), given, "{asked}");
    }
}

#[test]
fn values_that_do_not_fit_are_not_echoed() {
    let (api, op) = one(IMAGES);
    let answers = Answers::new(&api);
    let found = answers.response(&api, op, &json!({"quality": "high", "prompt": ["a"], "model": null}), 0).unwrap();
    assert_eq!((&found["quality"], found["prompt"].is_string(), found["model"].is_string()), (&json!(1), true, true));
}

#[test]
fn seeds_change_only_the_ids_of_what_a_post_creates() {
    let (api, op) = one(IMAGES);
    let answers = Answers::new(&api);
    let of = |seed| answers.response(&api, op, &json!({"model": "pen"}), seed).unwrap();
    assert_eq!(of(1), of(1));
    assert_ne!(of(1)["id"], of(2)["id"]);
    let get = IMAGES.replace("post: /draw", "get: /draw").replace("    body:", "    query:");
    let (api, op) = one(&get);
    let answers = Answers::new(&api);
    let of = |seed| answers.response(&api, op, &json!({"model": "pen"}), seed).unwrap();
    assert_eq!(of(1), of(2));
}

const TASKS: &str = r#"
operations:
  sing:
    post: /sing
    summary: Sing.
    body:
      model: {required: true, enum: [alto, bass]}
      title: {type: string}
      callback_url: url
    task:
      callback: callback_url
      every_state: {id: string, status: string, model?: string}
      result: {songs: [Song]}
      stage: {field: stage, values: {words: The words., failed: Nothing., all: All.}}
EXAMPLES
types:
  Song: {fields: {id: string, audio_url: url, title: string, tags: "[string]"}}
"#;

#[test]
fn tasks_without_examples_pass_through_their_states() {
    let (api, op) = one(&TASKS.replace("EXAMPLES", ""));
    let answers = Answers::new(&api);
    let request = json!({"model": "bass", "title": "Rain"});
    same(Some(answers.created(&api, op, &request, "t-1")), json!({"id": "t-1", "status": "processing"}));
    let of = |state| Some(answers.status(&api, op, &request, "t-1", &state, 0));
    same(of(State::Pending), json!({"id": "t-1", "status": "processing", "model": "bass"}));
    same(
        of(State::Stage("words".to_owned())),
        json!({"id": "t-1", "status": "processing", "model": "bass", "stage": "words"}),
    );
    same(
        of(State::Completed),
        json!({
            "id": "t-1", "status": "completed", "model": "bass",
            "songs": [{"id": "song_0001", "audio_url": "https://files.example/t-1/audio.mp3", "title": "Rain",
                "tags": ["tags"]}],
            "stage": "all",
        }),
    );
    same(
        of(State::Failed),
        json!({
            "id": "t-1", "status": "failed", "model": "bass", "stage": "failed", "error": "The task failed."
        }),
    );
}

#[test]
fn the_best_matching_example_is_the_template() {
    let examples = r#"
    examples:
      - name: alto
        request: {model: alto, title: Sun}
        status: {id: a, status: completed, model: alto, songs: [{id: s1, audio_url: "https://a.example/x/1.mp3", title: Sun, tags: [high]}]}
      - name: bass
        status: {id: b, status: completed, model: bass, new: 1, songs: []}
      - name: alto, telling
        request: {model: alto, title: Sun}
        response: {id: a, status: processing, tokens: -1}
      - name: failed
        callback: {id: a, status: failed, error: No voice}
"#;
    let (api, op) = one(&TASKS.replace("EXAMPLES", examples));
    let answers = Answers::new(&api);
    let created = answers.created(&api, op, &json!({"model": "bass"}), "t-1");
    same(Some(created), json!({"id": "t-1", "status": "processing", "tokens": -1}));
    let of = |request: Value, state| Some(answers.status(&api, op, &request, "t-1", &state, 0));
    same(
        of(json!({"model": "alto", "title": "Moon"}), State::Completed),
        json!({
            "id": "t-1", "status": "completed", "model": "alto",
            "songs": [{"id": "s1", "audio_url": "https://a.example/x/1.mp3", "title": "Moon", "tags": ["high"]}],
        }),
    );
    same(
        of(json!({"model": "bass", "title": "Moon"}), State::Completed),
        json!({
            "id": "t-1", "status": "completed", "model": "bass", "new": 1, "songs": [],
        }),
    );
    same(of(json!({"model": "bass"}), State::Failed), json!({"id": "t-1", "status": "failed", "error": "No voice"}));
    let moved = Answers::with_files(&api, "http://localhost:1/files/");
    let moved = moved.status(&api, op, &json!({"model": "alto"}), "t-1", &State::Completed, 0);
    assert_eq!(moved["songs"][0]["audio_url"], "http://localhost:1/files/t-1/1.mp3");
}

#[test]
fn recursive_types_end() {
    let (api, op) = one(r#"
operations:
  tree:
    get: /tree
    summary: A tree.
    response: Tree
types:
  Tree:
    fields:
      left?: Tree
      right: {type: Tree, nullable: true}
      leaves: "[Tree]"
      named: map<Tree>
      other: Other
      tagged?: Tagged
  Other: {one_of: ["[Other]", integer]}
  Tagged: {tag: kind, one_of: {tree: Branch, leaf: Leaf}}
  Branch: {fields: {tree: Tree}}
  Leaf: {fields: {size: {type: integer, multiple_of: 7, minimum: 10}}}
"#);
    let found = Answers::new(&api).response(&api, op, &json!({}), 0);
    same(
        found,
        json!({
            "right": null, "leaves": [], "named": {}, "other": [], "tagged": {"kind": "leaf", "size": 14}
        }),
    );
}

#[test]
fn limits_patterns_and_rules_are_respected() {
    let (api, op) = one(r##"
operations:
  odd:
    get: /odd
    summary: Odd.
    response: Odd
types:
  Odd:
    fields:
      name: {type: string, max_length: 4}
      code: {type: string, pattern: "^[A-Z]{3}$"}
      share: {type: number, exclusive_minimum: 0.1, maximum: 0.2}
      level: {type: integer, enum: [3, 5]}
      kind: {enum: [a, b]}
      three: {type: [string], min_items: 3, unique_items: true}
      pair: Pair
      url: {type: url, max_length: 22}
  Pair:
    fields: {a?: integer, b?: integer}
    rules: [{exactly_one_of: [a, b]}]
"##);
    let answers = Answers::new(&api);
    let found = answers.response(&api, op, &json!({}), 0).unwrap();
    let ty = specwright_codegen::model::Type::Named(specwright_codegen::model::TypeId(
        api.types.iter().position(|it| it.name == "Odd").unwrap() as u32,
    ));
    assert_eq!(specwright_codegen::interpret::validate_answer(&api, &ty, &found), []);
    assert_eq!((&found["level"], &found["kind"]), (&json!(3), &json!("a")));
    // Fields that depend on each other are found by search; the others still use hints.
    assert_eq!(found["name"], "Samp");
}

#[test]
fn responses_without_an_example_resemble_other_examples() {
    let (api, _) = one(r#"
operations:
  list:
    get: /pens
    summary: All pens.
    response: {wrapped: pens, type: "[Pen]"}
    examples: [{name: one, response: {pens: [{id: pen_77, name: Quill, ink: blue, since: 1701}]}}]
  change:
    patch: /pens/{id}
    summary: Change a pen.
    body: {ink: {enum: [blue, red]}}
    response: Pen
types:
  Pen: {fields: {id: string, name: string, ink: string, cap?: string}}
"#);
    let change = specwright_codegen::model::OperationId(1);
    let found = Answers::new(&api).response(&api, change, &json!({"id": "pen_5", "ink": "red"}), 3);
    same(found, json!({"id": "pen_5", "name": "Quill", "ink": "red", "since": 1701}));
}

#[test]
fn deeply_nested_types_stay_small() {
    for optional in ["?", ""] {
        let level = |it: usize| format!("  T{it}: {{fields: {{a{optional}: T{0}, b{optional}: T{0}}}}}\n", it + 1);
        let types: String = (0..40).map(level).chain(["  T40: {fields: {end: string}}\n".to_owned()]).collect();
        let text = format!("operations:\n  get: {{get: /x, summary: Get., response: T0}}\ntypes:\n{types}");
        let (api, op) = one(&text);
        let found = Answers::new(&api).response_bytes(&api, op, &json!({}), 0).unwrap();
        assert!(found.len() < 100_000, "{} bytes", found.len());
    }
}

#[test]
fn items_with_a_position_are_numbered() {
    let (api, op) = one(r#"
operations:
  talk:
    post: /talk
    summary: Talk.
    body: {"n": {type: integer}}
    response: {choices: "[Choice]"}
    examples: [{name: two, response: {choices: [{index: 0, text: Ah}, {index: 1, text: Oh}]}}]
types:
  Choice: {fields: {index: integer, text: string}}
"#);
    let found = Answers::new(&api).response(&api, op, &json!({"n": 3}), 0).unwrap();
    let item = |index: u64, text: &str| json!({"index": index, "text": text});
    same(Some(found), json!({"choices": [item(0, "Ah"), item(1, "Oh"), item(2, "Ah")]}));
}

#[test]
fn values_that_differ_by_seed_stay_within_limits() {
    let (api, op) = one(r#"
operations:
  make:
    post: /make
    summary: Make.
    body: {count: integer}
    response: {id: {type: string, max_length: 12}, things: "[Thing]"}
types:
  Thing: {fields: {id: {type: string, pattern: "^[a-z_0-9]+$"}, url: {type: url, max_length: 40}}}
"#);
    let answers = Answers::new(&api);
    for seed in [0, 1, u64::MAX] {
        let found = answers.response(&api, op, &json!({"count": 120}), seed).unwrap();
        assert!(found["id"].as_str().unwrap().len() <= 12, "{found}");
        let things = found["things"].as_array().unwrap();
        assert_eq!(things.len(), 120);
        for it in things {
            assert!(!it["id"].as_str().unwrap().contains('-') && it["url"].as_str().unwrap().len() <= 40, "{it}");
        }
    }
}

#[test]
fn an_example_without_a_request_beats_one_of_another_request() {
    let (api, op) = one(r#"
operations:
  say:
    post: /say
    summary: Say.
    body: {voice: {enum: [alto, bass]}, text: string}
    response: {words: string}
    examples:
      - {name: alto, request: {voice: alto, text: Hello}, response: {words: Sung high}}
      - {name: any, response: {words: Sung}}
"#);
    let answers = Answers::new(&api);
    for (request, words) in [
        (json!({"voice": "alto", "text": "Hello"}), "Sung high"),
        (json!({"voice": "bass", "text": "Hello"}), "Sung"),
        (json!({"voice": "bass"}), "Sung"),
    ] {
        assert_eq!(answers.response(&api, op, &request, 0), Some(json!({"words": words})), "{request}");
    }
}

#[test]
fn fields_that_differ_from_the_request_in_an_example_are_not_echoed() {
    let (api, op) = one(r#"
operations:
  improve:
    post: /improve
    summary: Improve.
    body: {text: string, title: string}
    response: {text: string, title: string}
    examples: [{name: one, request: {text: Hi, title: A}, response: {text: Good day, title: A}}]
"#);
    let answers = Answers::new(&api);
    let found = answers.response(&api, op, &json!({"text": "Ho", "title": "B"}), 0);
    same(found, json!({"text": "Good day", "title": "B"}));
}

#[test]
fn fields_under_rules_do_not_echo_the_request() {
    let (api, op) = one(r#"
operations:
  cut:
    post: /cut
    summary: Cut.
    body: {start: integer, end: integer}
    response: Span
types:
  Span: {fields: {start: integer, end: integer}, rules: [{compare: end >= start}]}
"#);
    let found = Answers::new(&api).response(&api, op, &json!({"start": 9}), 0).unwrap();
    assert!(found["end"].as_i64().unwrap() >= found["start"].as_i64().unwrap(), "{found}");
}

#[test]
fn a_number_called_id_stays_a_number() {
    let (api, op) = one(r#"
operations:
  run:
    post: /run
    summary: Run.
    task: {result: {id: integer, url: url}}
    examples: [{name: done, status: {id: 5, status: completed, url: "https://a.example/a.png"}}]
"#);
    let body = Answers::new(&api).status(&api, op, &json!({}), "t-1", &State::Completed, 0);
    assert_eq!(body["id"], 5, "{body}");
}
