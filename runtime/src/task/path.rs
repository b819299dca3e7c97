//! Where the status of a task is: at a path with its id, and with values that the call which created it had as well.

use std::sync::Arc;

use http::Uri;
use serde_json::Value;

use crate::json::text_of;
use crate::operation::{self, WithSteps};
use crate::response::ResponseHead;
use crate::{CallOptions, Client, RequestParts, TaskSpec, redirect};

/// The values of the other parameters in the path of a status, percent-encoded, in the order of [`TaskSpec::within`]. A
/// value that is not known is empty, which is an error of the call that would send it.
pub(super) type Within = Option<Arc<[String]>>;

/// What only tasks take whose path has other parameters than the id.
struct WithinSteps {
    of_client: fn(&Client, &TaskSpec) -> Vec<String>,
    of_request: fn(&Client, &TaskSpec, &ResponseHead) -> Vec<String>,
    write: fn(&mut RequestParts, &TaskSpec, &str, &[String]),
}

/// What only tasks take whose id is the URL of their status.
struct UrlSteps {
    id: fn(&Uri, &str) -> String,
    send_to: fn(&mut CallOptions, &str),
}

impl TaskSpec {
    /// Sets the other parameters of the path, each with the index of the client's parameter of that name, if it has one.
    #[must_use]
    pub const fn within(mut self, parameters: operation::PathParameters) -> Self {
        let steps = &WithinSteps { of_client, of_request, write: write_text };
        self.within = if parameters.is_empty() { None } else { Some(WithSteps::new(parameters, steps)) };
        self
    }

    /// The id is the URL of the status.
    #[must_use]
    pub const fn at_url(mut self) -> Self {
        self.at_url = Some(WithSteps::new((), &UrlSteps { id: redirect::resolved, send_to: CallOptions::url }));
        self
    }

    /// The id is the URL of the status, which is in this header of the create response. Status responses have no id.
    #[must_use]
    pub const fn at_url_in_header(mut self, name: &'static str) -> Self {
        self.status_id = None;
        self.url_header = Some(name);
        self.at_url()
    }

    fn within_steps(&self) -> Option<&'static WithinSteps> {
        self.within?.steps()
    }

    fn url_steps(&self) -> Option<&'static UrlSteps> {
        self.at_url?.steps()
    }

    /// The other parameters of the path.
    fn others(&self) -> operation::PathParameters {
        self.within.map_or(&[], |it| it.value())
    }
}

/// The values that the client has.
pub(super) fn known_to_client(client: &Client, spec: &TaskSpec) -> Within {
    Some((spec.within_steps()?.of_client)(client, spec).into())
}

/// The values that the request had which created the task, or else those of the client.
pub(super) fn known_to_request(client: &Client, spec: &TaskSpec, meta: &ResponseHead) -> Within {
    Some((spec.within_steps()?.of_request)(client, spec, meta).into())
}

fn of_client(client: &Client, spec: &TaskSpec) -> Vec<String> {
    let value = |(_, client_parameter): &(&str, Option<usize>)| {
        let value = client_parameter.and_then(|it| client.parameter::<Value>(it));
        let mut encoded = RequestParts::default();
        match value {
            Some(Value::String(text)) => encoded.path_value(&text),
            Some(other) => encoded.path_value(&text_of(&other)),
            None => {}
        }
        encoded.path
    };
    spec.others().iter().map(value).collect()
}

/// The values of the parameters that the client does not have, in their order, in place of what is known.
pub(super) fn with_values(spec: &TaskSpec, within: Within, values: Vec<String>) -> Within {
    let mut values = values.into_iter();
    let mut known: Vec<String> = within?.to_vec();
    for (value, (_, client)) in known.iter_mut().zip(spec.others()) {
        if client.is_none()
            && let Some(given) = values.next()
        {
            let mut encoded = RequestParts::default();
            encoded.path_value(&given);
            *value = encoded.path;
        }
    }
    Some(known.into())
}

fn of_request(client: &Client, spec: &TaskSpec, meta: &ResponseHead) -> Vec<String> {
    let mut known = of_client(client, spec);
    let base: Uri = client.shared.servers.get(meta.operation.server).and_then(|it| it.parse().ok()).unwrap_or_default();
    let path = meta.url.0.path();
    let path = path.strip_prefix(base.path().trim_end_matches('/')).unwrap_or(path);
    for (name, found) in captures(meta.operation.path, path) {
        if let Some(at) = spec.others().iter().position(|it| it.0 == name) {
            known[at] = found.to_owned();
        }
    }
    known
}

/// What a path has in place of each `{name}` of its template, still encoded.
fn captures<'a>(template: &'a str, path: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let (mut template, mut path) = (template, path);
    while let Some((literal, after)) = template.split_once('{') {
        let Some(rest) = path.strip_prefix(literal) else { break };
        let Some((name, after)) = after.split_once('}') else { break };
        // What follows the value is text up to the next parameter, or nothing.
        let next = after.split('{').next().unwrap_or_default();
        let end = if next.is_empty() { Some(rest.len()) } else { rest.find(next) };
        let Some(end) = end else { break };
        found.push((name, &rest[..end]));
        (template, path) = (after, &rest[end..]);
    }
    found
}

/// Writes a path with the id of a task between its two parts.
pub(super) fn write(out: &mut RequestParts, spec: &TaskSpec, path: (&str, &str), (id, within): (&str, &Within)) {
    let part = |out: &mut RequestParts, text: &str| match (spec.within_steps(), within) {
        (Some(steps), Some(within)) => (steps.write)(out, spec, text, within),
        _ => out.path(text),
    };
    part(out, path.0);
    if spec.id_has_segments {
        out.path_segments(&Some(id.to_owned()));
    } else {
        out.path_value(id);
    }
    part(out, path.1);
}

fn write_text(out: &mut RequestParts, spec: &TaskSpec, text: &str, within: &[String]) {
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.path(literal);
        let value = spec.others().iter().position(|it| it.0 == name).and_then(|it| within.get(it));
        let value = value.map_or("", String::as_str);
        out.empty_path_value |= value.is_empty();
        out.path(value);
        rest = after;
    }
    out.path(rest);
}

/// The request for a status: at its path, or at the URL that is its id.
pub(super) fn status(spec: &TaskSpec, id: &str, within: &Within, options: &mut CallOptions) -> RequestParts {
    let mut parts = RequestParts::default();
    match spec.url_steps() {
        Some(steps) => (steps.send_to)(options, id),
        None => write(&mut parts, spec, spec.path, (id, within)),
    }
    parts
}

/// The id of a new task. The URL of a status may be relative to that of the request.
pub(super) fn id(spec: &TaskSpec, id: String, meta: &ResponseHead) -> String {
    spec.url_steps().map_or_else(|| id.clone(), |it| (it.id)(&meta.url.0, &id))
}

#[cfg(test)]
mod tests {
    use super::captures;

    #[track_caller]
    fn check(template: &str, path: &str, expected: &[(&str, &str)]) {
        assert_eq!(captures(template, path), expected, "{template} {path}");
    }

    #[test]
    fn values_are_found_by_the_template() {
        check("/jobs", "/jobs", &[]);
        check("/accounts/{account}/jobs", "/accounts/a%2F1/jobs", &[("account", "a%2F1")]);
        check("/{a}/x/{b}", "/1/x/2", &[("a", "1"), ("b", "2")]);
        check("/{a}:run", "/m1:run", &[("a", "m1")]);
        check("/{a}/x", "/1/y", &[]);
        check("/x/{a}", "/y/1", &[]);
    }
}
