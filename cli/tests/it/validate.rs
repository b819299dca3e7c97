//! `validate`: one request, and many.

use serde_json::{Value, json};

use crate::project::{DOGS, Project};

#[test]
fn one_request_is_judged() {
    let project = Project::pets();
    let judge = |args: &[&str], body: &str| project.run_with(&[&["validate", "pets"], args].concat(), body.as_bytes());
    judge(&["POST", "/dogs/north", "-"], r#"{"name": "Rex"}"#).exits(0).prints("valid");
    judge(&["post", "/dogs/{kennel}"], r#"{"name": "Rex", "size": "small"}"#);
    judge(&["POST", "/dogs/north"], r#"{"name": "Rexona", "size": "huge"}"#)
        .exits(1)
        .prints("/name")
        .prints("max_length")
        .prints("/size");
    // Nothing is read for an operation without a body.
    judge(&["GET", "/dogs"], "nonsense").exits(0);
    let ran = judge(&["POST", "/dogs/north", "--format", "json"], r#"{"size": "small", "age": 3}"#).exits(1);
    let verdict: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(verdict["valid"], false);
    assert_eq!(verdict["violations"][0]["at"], "/name");
    assert_eq!(verdict["violations"][0]["rule"], "required");
    assert_eq!(verdict["violations"][1]["rule"], "unknown_parameter");
}

#[test]
fn what_cannot_be_judged_is_a_failure() {
    let project = Project::pets();
    let judge = |args: &[&str], body: &str| project.run_with(&[&["validate", "pets"], args].concat(), body.as_bytes());
    judge(&["POST", "/cats"], "{}").exits(2).says("no operation");
    judge(&["DELETE", "/dogs"], "").exits(2).says("GET");
    judge(&["POST", "/dogs/north"], "{").exits(2).says("not JSON");
    judge(&["POST", "/dogs/north", "no-such-file.json"], "").exits(2).says("no-such-file.json");
    let ran = judge(&["POST", "/cats", "--format", "json"], "{}").exits(2);
    let answer: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert!(answer["error"].as_str().is_some_and(|it| it.contains("no operation")), "{answer}");
    project.put("spec/pets/dogs.yaml", DOGS.replace("type: string", "type: strnig"));
    judge(&["GET", "/dogs"], "").exits(2).says("strnig").says("the spec of `pets` has errors");
}

#[test]
fn a_file_is_read_whatever_its_name() {
    let project = Project::pets();
    project.put("body.json", "\u{feff}{\"name\": \"Rex\"}\r\n");
    project.run(&["validate", "pets", "POST", "/dogs/north", "body.json"]).exits(0);
    project.run(&["validate", "--batch", "no-such-file.jsonl"]).exits(2).says("no-such-file.jsonl");
}

/// Half of a surrogate pair, and a byte that is no UTF-8: a violation at its place, in one request and in a batch.
#[test]
fn what_cannot_be_text_is_a_violation() {
    let project = Project::pets();
    for (value, words) in [(&b"\\ud83d"[..], "half of a surrogate pair"), (b"\xff", "not all of its bytes are UTF-8")] {
        let body = [b"{\"name\": \"R", value, b"\"}"].concat();
        let ran = project.run_with(&["validate", "pets", "POST", "/dogs/north", "--format", "json"], &body).exits(1);
        let single: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert_eq!(single["violations"][0]["at"], "/name");
        assert_eq!(single["violations"][0]["rule"], "type");
        assert!(single["violations"][0]["message"].as_str().is_some_and(|it| it.contains(words)), "{single}");
        assert_eq!(single["violations"].as_array().map(Vec::len), Some(1));
        // The lines around it are answered as ever.
        let good = br#"{"api":"pets","method":"POST","path":"/dogs/north","body":{"name":"Rex"}}"#;
        let line = [br#"{"api":"pets","method":"POST","path":"/dogs/north","body":"#, &body[..], b"}"].concat();
        let input = [good, &line[..], good].join(&b"\n"[..]);
        let ran = project.run_with(&["validate", "--batch", "-"], &input).exits(1);
        let lines: Vec<Value> = ran.stdout.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
        assert_eq!(lines.iter().map(|it| it["valid"] == true).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(lines[1], single);
        let ran = project.run_with(&["validate", "pets", "POST", "/dogs/north"], &body).exits(1);
        assert!(ran.stdout.contains("error[type] /name: `name` is not text"), "{}", ran.stdout);
    }
    let name = br#"{"api":"pets\ud83d","method":"POST","path":"/dogs/north"}"#;
    project.run_with(&["validate", "--batch", "-"], name).exits(1).prints("`api` is not text");
}

#[test]
fn batches_answer_every_line_in_order() {
    let project = Project::pets();
    let good = r#"{"api":"pets","method":"POST","path":"/dogs/north","body":{"name":"Rex"}}"#;
    let bad = r#"{"api":"pets","method":"POST","path":"/dogs/{kennel}","path_params":{"kennel":"a"},"body":{"name":"Rexona"}}"#;
    let mut input = Vec::new();
    for line in [good, "", bad, "   ", "{", "[]", r#"{"api":"pest","method":"GET","path":"/dogs"}"#] {
        input.extend_from_slice(line.as_bytes());
        input.extend_from_slice(b"\r\n");
    }
    input.extend_from_slice(b"\xff\xfe\n");
    // The last line has no end.
    input.extend_from_slice(good.as_bytes());
    let ran = project.run_with(&["validate", "--batch", "-"], &input).exits(1);
    let answers: Vec<Value> = ran.stdout.lines().map(|it| serde_json::from_str(it).expect("a JSON line")).collect();
    assert_eq!(answers.len(), 7, "{}", ran.stdout);
    assert_eq!(answers[0], json!({"valid": true, "violations": [], "warnings": []}));
    assert_eq!(answers[6], answers[0]);
    assert_eq!(answers[1]["valid"], false);
    assert_eq!(answers[1]["violations"][0]["at"], "/name");
    assert_eq!(answers[1]["violations"][0]["rule"], "max_length");
    assert!(answers[1]["violations"][0]["message"].is_string());
    for answer in &answers[2..6] {
        assert!(answer["error"].is_string(), "{answer}");
    }
    assert!(answers[4]["error"].as_str().is_some_and(|it| it.contains("`pets`")), "{}", answers[4]);
    project.put("all.jsonl", format!("\u{feff}{good}\n{good}\n"));
    let ran = project.run(&["validate", "--batch", "all.jsonl"]).exits(0);
    assert_eq!(ran.stdout.lines().count(), 2);
    assert_eq!(project.run_with(&["validate", "--batch", "-"], b"").exits(0).stdout, "");
}

#[test]
fn a_batch_goes_on_beside_a_broken_spec() {
    let project = Project::pets();
    project.put("spec/broken/api.yaml", "api: broken\n");
    let lines = concat!(
        r#"{"api":"broken","method":"GET","path":"/dogs"}"#,
        "\n",
        r#"{"api":"pets","method":"GET","path":"/dogs"}"#,
        "\n"
    );
    let ran = project.run_with(&["validate", "--batch", "-"], lines.as_bytes()).exits(1).says("spec/broken/api.yaml");
    let answers: Vec<&str> = ran.stdout.lines().collect();
    assert!(answers[0].contains("the spec of `broken` has errors"), "{answers:?}");
    assert!(answers[1].contains(r#""valid":true"#), "{answers:?}");
}

#[test]
fn long_batches_do_not_stop_a_slow_reader() {
    let project = Project::pets();
    let line = r#"{"api":"pets","method":"POST","path":"/dogs/north","body":{"name":"Rex"}}"#;
    let input = format!("{line}\n").repeat(5_000);
    let ran = project.run_with(&["validate", "--batch", "-"], input.as_bytes());
    assert_eq!((ran.code, ran.stdout.lines().count()), (Some(0), 5_000), "{}", ran.stderr);
}

/// What a terminal would obey, or show as something else.
const HOSTILE: &str = "\\u001b[2J\\u0007\\r\\n\\u009b31m\\u202egpj\\u200b\\u2028";

#[track_caller]
fn is_harmless(text: &str) {
    let bad = |it: &char| specwright_codegen::escape::is_unseen(*it) && *it != '\n';
    assert_eq!(text.chars().find(bad), None, "{text:?}");
}

#[test]
fn no_terminal_obeys_a_request() {
    let project = Project::pets();
    let body = format!(r#"{{"name": "{HOSTILE}", "{HOSTILE}": 1, "size": "{HOSTILE}"}}"#);
    for format in ["human", "json"] {
        let args = ["validate", "pets", "POST", "/dogs/north", "--format", format];
        let ran = project.run_with(&args, body.as_bytes()).exits(1);
        is_harmless(&ran.stdout);
        is_harmless(&ran.stderr);
        let shown = if format == "human" { "\\u{1b}[2J" } else { "\\u001b[2J" };
        assert!(ran.stdout.contains(shown) && ran.stdout.contains("202e"), "{}", ran.stdout);
    }
    let raw = "\u{1b}[2J\u{9b}\u{202e}";
    let line = format!(r#"{{"api":"pets","method":"POST","path":"/dogs/{HOSTILE}","body":{body}}}"#);
    let unknown = format!(r#"{{"api":"{HOSTILE}","method":"{HOSTILE}","path":"/{HOSTILE}"}}"#);
    let missing = format!(r#"{{"api":"pets","method":"{HOSTILE}","path":"/{HOSTILE}"}}"#);
    let input = format!("{line}\n{unknown}\n{missing}\n{raw}\n");
    let ran = project.run_with(&["validate", "--batch", "-"], input.as_bytes()).exits(1);
    is_harmless(&ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
    for line in ran.stdout.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    for args in [&["validate", raw, "GET", "/dogs"][..], &["validate", "pets", "GET", raw], &["lint", raw]] {
        let ran = project.run_with(args, b"").exits(2);
        is_harmless(&ran.stderr);
        assert!(ran.stderr.contains("\\u{1b}[2J\\u{9b}\\u{202e}"), "{}", ran.stderr);
    }
}

#[test]
fn no_terminal_obeys_a_spec() {
    let project = Project::pets();
    let text = DOGS
        .replace("What it listens to.", "\"\\e[2J\\u202Egpj \\x9b31m\"")
        .replace("type: string", "type: \"\\e[2J\"");
    project.put("spec/pets/dogs.yaml", text);
    let name = "spec/pets/d\u{202e}gs.yaml";
    project.put(name, "resource: \u{202e}\u{7f}\n");
    for args in [&["lint"][..], &["lint", "--format", "json"], &["codegen"], &["codegen", "--check"]] {
        let ran = project.run_with(args, b"").exits(1);
        is_harmless(&ran.stdout);
        is_harmless(&ran.stderr);
    }
}

#[test]
fn no_terminal_obeys_a_file_name() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    project.put("generated/pets/src/\u{1b}[2J\u{202e}.rs", "not generated\n");
    let ran = project.run(&["codegen", "--check"]);
    is_harmless(&ran.stdout);
    is_harmless(&ran.stderr);
    assert!(ran.stderr.contains("\\u{1b}[2J\\u{202e}.rs"), "{}", ran.stderr);
}
