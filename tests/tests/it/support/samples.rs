//! The samples in the specs: those of the vendors' documents and a few of our own.

use std::fs;

use serde_json::{Map, Value};

use crate::files;

/// One example of an operation from the spec.
pub(crate) struct Sample {
    /// `images.generate: minimal`
    pub(crate) name: String,
    /// The method, in capitals.
    pub(crate) method: String,
    /// `/api/text/{model_id}`
    pub(crate) path: String,
    /// All parameters by name.
    pub(crate) request: Option<Map<String, Value>>,
    /// Places, and the rules that the request violates there.
    pub(crate) invalid: Option<Map<String, Value>>,
    pub(crate) response: Option<Value>,
    /// The response of a poll.
    pub(crate) status: Option<Value>,
}

impl Sample {
    /// The path with its parameters, and the remaining parameters, which are the body.
    pub(crate) fn on_the_wire(&self) -> (String, Value) {
        let mut path = self.path.clone();
        let mut body = Map::new();
        for (name, value) in self.request.iter().flatten() {
            let place = format!("{{{name}}}");
            match value.as_str().filter(|_| path.contains(&place)) {
                Some(text) => path = path.replace(&place, text),
                None => {
                    body.insert(name.clone(), value.clone());
                }
            }
        }
        (path, if self.method == "GET" { Value::Null } else { Value::Object(body) })
    }
}

/// A sample of an error body.
pub(crate) struct ErrorSample {
    pub(crate) name: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// All examples of an API's operations, in the order of the files.
pub(crate) fn of(api: &str) -> Vec<Sample> {
    let mut samples = Vec::new();
    for file in files::by_hand(".yaml") {
        if !file.path.starts_with(&format!("spec/{api}/")) || file.path.ends_with("/api.yaml") {
            continue;
        }
        let resource = yaml(&file.text);
        for (operation, body) in resource["operations"].as_object().into_iter().flatten() {
            let found = ["get", "post", "put", "patch", "delete"].into_iter().find(|it| body.get(it).is_some());
            let method = found.unwrap_or_else(|| panic!("{}: `{operation}` has no method", file.path));
            for example in body["examples"].as_array().into_iter().flatten() {
                let map = |key: &str| example.get(key).and_then(Value::as_object).cloned();
                samples.push(Sample {
                    name: format!("{}.{operation}: {}", text(&resource["resource"]), text(&example["name"])),
                    method: method.to_uppercase(),
                    path: text(&body[method]),
                    request: map("request"),
                    invalid: map("invalid"),
                    response: example.get("response").cloned(),
                    status: example.get("status").cloned(),
                });
            }
        }
    }
    assert!(!samples.is_empty(), "no samples in `spec/{api}`");
    samples
}

/// All samples of error bodies of an API.
pub(crate) fn errors_of(api: &str) -> Vec<ErrorSample> {
    let api = yaml(&fs::read_to_string(files::root().join(format!("spec/{api}/api.yaml"))).unwrap());
    let examples = api["errors"]["examples"].as_array().expect("examples of errors");
    let status = |it: &Value| u16::try_from(it["status"].as_u64().expect("a status")).unwrap();
    examples
        .iter()
        .map(|it| ErrorSample { name: text(&it["name"]), status: status(it), body: it["body"].clone() })
        .collect()
}

fn yaml(source: &str) -> Value {
    serde_yaml::from_str(source).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
