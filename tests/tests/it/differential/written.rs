//! Tests requests that were written from the vendors' documents alone, without the specs. Each is valid, or violates one
//! rule that the document states. See `tests/requests/README.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use specwright_codegen::interpret::{self, Request};
use specwright_codegen::validate::{ApiRoutes, MatchedOperation, Target};

use super::{Compiled, Trial, compiled};
use crate::{apis, files, runapi_requests};

#[test]
fn runapi() {
    check("runapi", &runapi_requests!(requests), 9000);
}

#[test]
fn runcrate() {
    let requests = requests! { runcrate:
        audio.speak SpeakRequest,
        audio.transcribe TranscribeRequest,
        chat.complete CompleteRequest,
        images.generate GenerateRequest,
        videos.download_video DownloadVideoRequest,
        videos.generate GenerateRequest,
    };
    check("runcrate", &requests, 100);
}

/// Checks that the verdict is the document's, that the right parameter is named, and that the compiled validator agrees
/// if the request can be represented in Rust.
fn check(name: &str, requests: &BTreeMap<&str, Compiled>, at_least: usize) {
    let api = apis::of(&files::root(), name);
    let (mut wrong, mut tried) = (Vec::new(), 0);
    let routes = ApiRoutes::new(api);
    for (place, row) in rows(name) {
        tried += 1;
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let object = |key: &str| row.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let headers = object("headers");
        let (op, path_params, query) = match routes.find(api, &text("method"), &text("path"), &headers, row.get("body"))
        {
            Ok(MatchedOperation { target: Target::Call(op), path_params, query }) => (op, path_params, query),
            // Any task id may be polled.
            Ok(MatchedOperation { target: Target::Status(_), .. }) if !row.contains_key("at") => continue,
            _ => {
                wrong.push(format!("{place}: no operation"));
                continue;
            }
        };
        let (mut path, mut query) = (path_params, query);
        path.extend(object("path_params"));
        query.extend(object("query"));
        let request = Request { path: &path, query: &query, headers: &headers, body: row.get("body") };
        let verdict = interpret::validate(api, op, &request);
        wrong.extend(differs(&row, &verdict).into_iter().map(|it| format!("{place}: {it}")));
        let mut all = object("body");
        [path, query, headers].into_iter().for_each(|it| all.extend(it));
        let compiled = requests.get(op.full_name(api).as_str()).expect("every operation is there");
        let mut trial = Trial::of(api, op, *compiled, 0);
        trial.try_one(&all);
        wrong.extend(trial.disagreements.into_iter().map(|it| format!("{place}: {it}")));
    }
    assert!(tried >= at_least, "{tried} requests");
    let shown: Vec<_> = wrong.iter().take(12).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), shown.join("\n"));
}

/// How a verdict differs from what the row expects.
fn differs(row: &Map<String, Value>, verdict: &interpret::Verdict) -> Option<String> {
    let found: Vec<&str> = verdict.violations.iter().map(|it| it.at.as_str()).collect();
    let Some(at) = row.get("at") else {
        return (!verdict.is_valid()).then(|| format!("legal, and refused: {:?}", verdict.violations));
    };
    let names: Vec<&str> = at.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fits = |found: &&str| names.iter().any(|name| found == name || found.strip_prefix('/') == Some(name));
    // One violated rule causes one finding, or several at the same place.
    let right = !found.is_empty() && (names.is_empty() || found.iter().all(fits));
    (!right).then(|| format!("violates a rule at {at}, found {found:?}"))
}

/// The rows of an API's files, with their places.
fn rows(name: &str) -> Vec<(String, Map<String, Value>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("requests");
    let mut paths: Vec<PathBuf> = vec![root.join(format!("{name}.jsonl"))];
    paths.extend(fs::read_dir(root.join(name)).into_iter().flatten().map(|it| it.expect("an entry").path()));
    paths.retain(|it| it.is_file());
    paths.sort();
    let mut rows = Vec::new();
    for path in paths {
        let file = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let text = fs::read_to_string(&path).expect("a file of requests");
        for (at, line) in text.lines().enumerate() {
            let row: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{file}:{}: {error}", at + 1));
            let Value::Object(mut row) = expanded(row) else { panic!("{file}:{}: no object", at + 1) };
            row.insert("api".to_owned(), name.into());
            rows.push((format!("{file}:{}", at + 1), row));
        }
    }
    rows
}

/// `{"$text": [["a", 3], ["b", 1]]}` is `"aaab"`; `{"$items": [item, 3]}` is three of them.
fn expanded(value: Value) -> Value {
    match value {
        Value::Object(map) => match map.iter().next() {
            Some((key, Value::Array(runs))) if key == "$text" => {
                let run = |it: &Value| Some(it[0].as_str()?.repeat(usize::try_from(it[1].as_u64()?).ok()?));
                runs.iter().map(|it| run(it).expect("a text and how often")).collect::<String>().into()
            }
            Some((key, Value::Array(both))) if key == "$items" => {
                let count = both[1].as_u64().and_then(|it| usize::try_from(it).ok()).expect("how many");
                vec![expanded(both[0].clone()); count].into()
            }
            _ => map.into_iter().map(|(name, it)| (name, expanded(it))).collect::<Map<_, _>>().into(),
        },
        Value::Array(items) => items.into_iter().map(expanded).collect::<Vec<_>>().into(),
        other => other,
    }
}
