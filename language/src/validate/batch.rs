//! JSON Lines: a request per line in, a verdict per line out.

use serde_json::{Map, Value, json};

use super::find::{ApiRoutes, Target};
use super::location_word;
use super::sent_json::{SentJson, below, read_json, with_not_text};
use crate::diagnostics::suggest::nearest;
use crate::escape::{json_line, safe_json};
use crate::interpret::{Request, Verdict, Violation, validate};
use crate::model::{Api, Location};

/// The APIs that lines are checked against.
#[derive(Debug)]
pub struct Batch {
    apis: Vec<(Api, ApiRoutes)>,
}

impl Batch {
    /// Of these APIs.
    #[must_use]
    pub fn new(apis: Vec<Api>) -> Self {
        let with_routes = |api: Api| {
            let routes = ApiRoutes::new(&api);
            (api, routes)
        };
        Self { apis: apis.into_iter().map(with_routes).collect() }
    }

    /// Checks one line: `{"api","method","path","body"}`, also `path_params`, `query`, `headers`; other keys are the
    /// caller's own.
    ///
    /// Gives `{"valid":…,"violations":[…],"warnings":[…]}`, or `{"error":"…"}` where there is nothing to check against.
    /// A violation is `{"at","rule","message"}`, with `"in"` for a parameter outside of the body. Where there are more
    /// than the lists hold, `"omitted_violations"` and `"omitted_warnings"` count the rest. What cannot be text in a value
    /// of the request is a violation.
    #[must_use]
    pub fn line(&self, line: &(impl AsRef<[u8]> + ?Sized)) -> Value {
        match self.check_line(line.as_ref()) {
            Ok(verdict) => verdict_json(&verdict),
            Err(message) => json!({ "error": message }),
        }
    }

    /// As [`line`](Self::line), as text that is safe to show; and whether the request is valid.
    #[must_use]
    pub fn line_text(&self, line: &[u8]) -> (String, bool) {
        match self.check_line(line) {
            Ok(verdict) => (safe_json(verdict_text(&verdict)), verdict.is_valid()),
            Err(message) => (json_line(&json!({ "error": message })), false),
        }
    }

    fn check_line(&self, line: &[u8]) -> Result<Verdict, String> {
        let SentJson { value, not_text, omitted } = read_json(line).map_err(|error| format!("not JSON: {error}"))?;
        let Value::Object(mut line) = value else { return Err("the line is not a JSON object".to_owned()) };
        if let Some(key) = ["api", "method", "path"].into_iter().find(|it| !below(&not_text, it).is_empty()) {
            return Err(format!("`{key}` is not text"));
        }
        let (api, routes) = self.api(text(&line, "api")?)?;
        let body = line.remove("body");
        let headers = object(&mut line, "headers")?;
        let path_params = object(&mut line, "path_params")?;
        let query = object(&mut line, "query")?;
        let mut found = routes.find(api, text(&line, "method")?, text(&line, "path")?, &headers, body.as_ref())?;
        found.path_params.extend(path_params);
        found.query.extend(query);
        Ok(match found.target {
            Target::Call(op) => {
                let (path, query, headers, body) = (&found.path_params, &found.query, &headers, body.as_ref());
                let verdict = validate(api, op, &Request { path, query, headers, body });
                let places = [
                    ("path_params", Location::Path),
                    ("query", Location::Query),
                    ("headers", Location::Header),
                    ("body", op.body_location()),
                ];
                let verdict = places
                    .into_iter()
                    .fold(verdict, |it, (key, location)| with_not_text(it, location, &below(&not_text, key), 0));
                with_not_text(verdict, op.body_location(), &[], omitted)
            }
            Target::Status(_) => Verdict::default(),
        })
    }

    fn api(&self, name: &str) -> Result<&(Api, ApiRoutes), String> {
        self.apis.iter().find(|it| it.0.name == name).ok_or_else(|| {
            let similar = nearest(name, self.apis.iter().map(|it| it.0.name.as_str()));
            let hint = similar.map(|it| format!("; an API with a similar name exists: `{it}`")).unwrap_or_default();
            format!("unknown API `{}`{hint}", crate::prose::shortened(name, 60))
        })
    }
}

/// A verdict as JSON.
#[must_use]
pub fn verdict_json(verdict: &Verdict) -> Value {
    let all = |list: &[Violation]| list.iter().map(violation_json).collect::<Vec<_>>();
    let mut told = json!({
        "valid": verdict.is_valid(),
        "violations": all(&verdict.violations),
        "warnings": all(&verdict.warnings),
    });
    for (name, count) in
        [("omitted_violations", verdict.omitted_violations), ("omitted_warnings", verdict.omitted_warnings)]
    {
        if count > 0 {
            told[name] = count.into();
        }
    }
    told
}

/// The text of [`verdict_json`], without a tree: writing answers took as long as checking requests.
#[must_use]
pub fn verdict_text(verdict: &Verdict) -> String {
    let size: usize = verdict.violations.iter().chain(&verdict.warnings).map(|it| it.at.len() + it.message.len()).sum();
    let most = 64 + size + 80 * (verdict.violations.len() + verdict.warnings.len());
    let mut out = String::with_capacity(most);
    out.push_str(if verdict.is_valid() { "{\"valid\":true" } else { "{\"valid\":false" });
    for (name, all) in [(",\"violations\":[", &verdict.violations), (",\"warnings\":[", &verdict.warnings)] {
        out.push_str(name);
        for (nth, it) in all.iter().enumerate() {
            if nth > 0 {
                out.push(',');
            }
            let place = (!it.location.in_body()).then(|| ("in", location_word(it.location)));
            push_object(
                &mut out,
                [("at", &*it.at)].into_iter().chain(place).chain([("rule", it.rule), ("message", &it.message)]),
            );
        }
        out.push(']');
    }
    for (name, count) in
        [("omitted_violations", verdict.omitted_violations), ("omitted_warnings", verdict.omitted_warnings)]
    {
        if count > 0 {
            out.push_str(&format!(",\"{name}\":{count}"));
        }
    }
    out.push('}');
    out
}

/// Adds the JSON of an object whose values are texts. Its keys must need no escape.
pub fn push_object<'t>(out: &mut String, fields: impl IntoIterator<Item = (&'t str, &'t str)>) {
    let mut before = "{\"";
    for (name, text) in fields {
        out.push_str(before);
        out.push_str(name);
        out.push_str("\":");
        push_text(out, text);
        before = ",\"";
    }
    out.push('}');
}

/// Adds a text as JSON. Hardly any needs an escape, and that is found out without a branch for each byte.
fn push_text(out: &mut String, text: &str) {
    let needs_escape = text.bytes().fold(false, |any, it| any | (it < b' ') | (it == b'"') | (it == b'\\'));
    if !needs_escape {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(text).unwrap_or_else(|_| Value::from(text).to_string()));
    }
}

fn violation_json(violation: &Violation) -> Value {
    let mut object = Map::new();
    object.insert("at".to_owned(), violation.at.as_str().into());
    if !violation.location.in_body() {
        object.insert("in".to_owned(), location_word(violation.location).into());
    }
    object.insert("rule".to_owned(), violation.rule.into());
    object.insert("message".to_owned(), violation.message.as_str().into());
    Value::Object(object)
}

fn text<'a>(line: &'a Map<String, Value>, key: &str) -> Result<&'a str, String> {
    match line.get(key) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(format!("`{key}` is not a string")),
        None => Err(format!("`{key}` is missing")),
    }
}

/// An object that may be left out, or null.
fn object(line: &mut Map<String, Value>, key: &str) -> Result<Map<String, Value>, String> {
    match line.remove(key) {
        Some(Value::Object(object)) => Ok(object),
        Some(Value::Null) | None => Ok(Map::new()),
        Some(_) => Err(format!("`{key}` is not an object")),
    }
}
