//! Every `curl` sample of the vendors' documents, its host replaced: the server answers as the document shows.
//!
//! `curls.json` has the samples as facts; `scripts/curls.py` made them of the documents.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};
use specwright_codegen::model::{Location, Operation, PathPart};
use specwright_contract::Server;
use specwright_contract::hook::{Call, Hook};
use specwright_test_specs::hash;

use crate::support::{Reply, send, spec, start};

/// A sample, and what the spec knows of it.
#[derive(Debug)]
struct Sample<'s> {
    facts: &'s Map<String, Value>,
    /// What is sent; found in the spec by its hash.
    body: Option<Value>,
    /// The request that starts a task on the path, for what asks for one.
    starts: Option<Value>,
    /// The samples of the same call and its polls: a section shows of a task what another one may not.
    kin: Vec<&'s Value>,
    /// The status where the document states none.
    success: u16,
}

struct Failing;

impl Hook for Failing {
    fn fails_task(&self, _: &Call<'_>) -> bool {
        true
    }
}

impl Sample<'_> {
    fn text(&self, key: &str) -> &str {
        self.facts.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn is(&self, key: &str) -> bool {
        self.facts.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    fn name(&self) -> String {
        format!("{} {} {}", self.text("at"), self.text("method"), self.text("path"))
    }

    /// Below the API's own prefix, so that only the host is another one.
    fn path(&self) -> String {
        format!("/{}{}", self.text("api"), self.text("path"))
    }

    fn send(&self, server: &Server, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let key = if self.is("management") { "test-management-key" } else { "test-key" };
        let key = match self.text("key") {
            "x-api-key" => ("x-api-key", key.to_owned()),
            _ => ("Authorization", format!("Bearer {key}")),
        };
        let mut headers = vec![(key.0, key.1.as_str())];
        let others = self.facts.get("headers").and_then(Value::as_object).into_iter().flatten();
        headers.extend(others.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default())));
        if let Some(form) = self.facts.get("form") {
            headers.push(("Content-Type", "multipart/form-data; boundary=b"));
            return send(server, method, path, &headers, multipart(form).as_bytes());
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        if !body.is_empty() {
            headers.push(("Content-Type", "application/json"));
        }
        send(server, method, path, &headers, body.as_bytes())
    }

    /// What is wrong with an answer, held against what the document shows of a kind.
    fn differs(&self, of: &str, reply: &Reply) -> Option<String> {
        let fields = fields(&reply.json());
        let same =
            |it: &&Value| it["fields"].as_array().is_some_and(|it| it.iter().filter_map(Value::as_str).eq(&fields));
        let documented = || self.shown(of).map(|it| it["fields"].to_string()).collect::<Vec<_>>().join(" or ");
        match self.shown(of).find(same) {
            Some(_) => None,
            None => Some(format!("{}: {of} has {fields:?}, documented is {}", self.name(), documented())),
        }
    }

    fn shown(&self, of: &str) -> impl Iterator<Item = &Value> {
        self.kin.iter().filter_map(move |it| it.get(of)?.as_array()).flatten()
    }

    /// Whether an answer is the very one of the document.
    fn is_shown(&self, of: &str, reply: &Reply) -> bool {
        let mut json = reply.json();
        if let (true, Value::Object(fields)) = (self.is("task"), &mut json) {
            fields.shift_remove("id");
        }
        let hash = hash(&json);
        self.shown(of).any(|it| it["hash"] == hash)
    }
}

fn multipart(names: &Value) -> String {
    let part = |name: &str| {
        let file = if name == "file" { "; filename=\"file.png\"" } else { "" };
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\nx\r\n")
    };
    let parts: String = names.as_array().into_iter().flatten().filter_map(|it| Some(part(it.as_str()?))).collect();
    format!("{parts}--b--\r\n")
}

/// Paths of all values, sorted.
fn fields(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, at: &str, out: &mut BTreeSet<String>) {
        match value {
            Value::Object(all) => all.iter().for_each(|(name, it)| {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                walk(it, &at, out);
            }),
            Value::Array(all) if all.is_empty() => drop(out.insert(format!("{at}[]"))),
            Value::Array(all) => all.iter().for_each(|it| walk(it, &format!("{at}[]"), out)),
            _ => drop(out.insert(at.to_owned())),
        }
    }
    let mut out = BTreeSet::new();
    walk(value, "", &mut out);
    out
}

/// All samples of the documents that belong to a server's APIs.
fn samples<'s>(server: &Server, facts: &'s Value) -> Vec<Sample<'s>> {
    let mut all: Vec<Sample<'s>> = Vec::new();
    let list = facts.as_array().expect("a list");
    for facts in list {
        let call =
            |it: &Value| (it["api"].clone(), it["path"].as_str().map(|it| it.trim_end_matches("/{}").to_owned()));
        let kin = match facts["task"] == true {
            true => list.iter().filter(|it| call(it) == call(facts)).collect(),
            false => vec![facts],
        };
        let mut sample =
            Sample { facts: facts.as_object().expect("an object"), body: None, starts: None, kin, success: 200 };
        let text = |key: &str| facts.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, path, method, wanted) = (text("api"), text("path").to_owned(), text("method"), text("body"));
        server.for_each_api(|api| {
            let operations = api.operations.iter().filter(|it| api.name == name && it.method.as_str() == method);
            for op in operations.filter(|it| leads(it, &path)) {
                sample.success = op.success;
                let mut bodies = bodies(op);
                sample.body = sample.body.take().or_else(|| bodies.find(|it| hash(it) == wanted));
            }
        });
        assert_eq!(sample.body.is_some(), sample.facts.contains_key("body"), "{} is no example", sample.name());
        let base = path.strip_suffix("/{}");
        let start = all.iter().find(|it| Some(it.text("path")) == base && it.body.is_some());
        sample.starts = start.and_then(|it| it.body.clone());
        assert_eq!(sample.starts.is_some(), base.is_some(), "{}: nothing starts it", sample.name());
        all.push(sample);
    }
    all
}

/// Whether a path is that of an operation.
fn leads(op: &Operation, path: &str) -> bool {
    let mut rest = path;
    op.path.iter().all(|part| {
        let length = match part {
            PathPart::Literal(text) => rest.starts_with(text.as_str()).then_some(text.len()),
            PathPart::Parameter(_) => Some(rest.find(['/', ':']).unwrap_or(rest.len())),
        };
        rest = rest.get(length.unwrap_or(0)..).unwrap_or_default();
        length.is_some()
    }) && rest.is_empty()
}

/// Bodies of an operation's legal examples.
fn bodies(op: &Operation) -> impl Iterator<Item = Value> {
    let examples = op.examples.iter().filter(|it| it.invalid.is_empty());
    examples.filter_map(|it| {
        let mut request = it.request.clone()?;
        for field in op.parameters.fields.iter().filter(|it| it.location != Location::Body) {
            request.as_object_mut()?.shift_remove(&field.name);
        }
        Some(request)
    })
}

fn facts() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/curls.json");
    let text = fs::read_to_string(&path).expect("facts to read");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What was found.
#[derive(Debug, Default)]
struct Tally {
    answers: usize,
    exact: usize,
    faults: Vec<String>,
}

impl Tally {
    fn hold(&mut self, sample: &Sample<'_>, of: &str, reply: &Reply) {
        if !sample.facts.contains_key(of) {
            return;
        }
        self.answers += 1;
        if sample.is_shown(of, reply) {
            self.exact += 1;
        } else {
            self.faults.extend(sample.differs(of, reply));
        }
    }

    fn status(&mut self, sample: &Sample<'_>, reply: &Reply, wanted: u16) -> bool {
        let fine = reply.status == wanted;
        if !fine {
            self.faults.push(format!("{}: {} {}", sample.name(), reply.status, String::from_utf8_lossy(&reply.body)));
        }
        fine
    }
}

/// A task, started and polled until it is done.
fn polled(server: &Server, sample: &Sample<'_>, id: &Value, ends: &[&str], tally: &mut Tally) {
    let path = sample.path();
    let path = format!("{}/{}", path.trim_end_matches("/{}"), id.as_str().unwrap_or_default());
    for of in ends {
        let reply = sample.send(server, "GET", &path, None);
        if tally.status(sample, &reply, 200) {
            tally.hold(sample, of, &reply);
        }
    }
}

fn each(server: &Server, ends: &[&str]) -> Tally {
    let facts = facts();
    let mut tally = Tally::default();
    for sample in &samples(server, &facts) {
        let path = sample.path();
        if let Some(body) = &sample.starts {
            let made = sample.send(server, "POST", path.trim_end_matches("/{}"), Some(body));
            polled(server, sample, &made.json()["id"], ends, &mut tally);
            continue;
        }
        let reply = sample.send(server, sample.text("method"), &path, sample.body.as_ref());
        let stated = sample.facts.get("status").and_then(Value::as_u64).and_then(|it| u16::try_from(it).ok());
        if !tally.status(sample, &reply, stated.unwrap_or(sample.success)) {
            continue;
        }
        if !sample.is("task") {
            tally.hold(sample, "answer", &reply);
            continue;
        }
        tally.hold(sample, "created", &reply);
        // What a section shows of a task that runs is in its own words, or in those of the answer.
        polled(server, sample, &reply.json()["id"], ends, &mut tally);
    }
    tally
}

/// The first poll comes before the first stage, and the document's only sample of a running task shows one.
const STAGED: &str = "002:3710 GET /api/v1/suno/text_to_music/{}: processing";

fn faults(tally: &Tally) -> Vec<&String> {
    tally.faults.iter().filter(|it| !it.starts_with(STAGED)).collect()
}

#[test]
fn are_answered_as_documented() {
    let tally = each(&start(Server::builder().spec_folder(spec()).documented_urls()), &["processing", "completed"]);
    assert!(faults(&tally).is_empty(), "{:#?}", faults(&tally));
    // The others differ in values that follow from their requests.
    assert!(tally.exact * 10 >= tally.answers * 9, "{} of {}", tally.exact, tally.answers);
    assert!(tally.answers >= 190, "{}", tally.answers);
}

#[test]
fn fail_as_documented() {
    let server = start(Server::builder().spec_folder(spec()).hook(Arc::new(Failing)));
    let tally = each(&server, &["processing", "failed"]);
    assert!(faults(&tally).is_empty(), "{:#?}", faults(&tally));
    assert!(tally.answers >= 170, "{}", tally.answers);
}
