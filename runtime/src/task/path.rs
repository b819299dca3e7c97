//! Where the status of a task is: at a path with its id, and with values that the call which created it had as well.

use std::sync::Arc;

use serde_json::Value;

use crate::response::ResponseHead;
use crate::{CallOptions, Client, RequestParts, TaskSpec, redirect};

/// The values of the other parameters in the path of a status, percent-encoded, in the order of [`TaskSpec::within`]. A
/// value that is not known is empty, which is an error of the call that would send it.
pub(super) type Within = Option<Arc<[String]>>;

/// The values that the client has.
pub(super) fn of_client(client: &Client, spec: &TaskSpec) -> Within {
    let value = |(_, client_parameter): &(&str, Option<usize>)| {
        let value = client_parameter.and_then(|it| client.parameter::<Value>(it));
        let mut encoded = RequestParts::default();
        match value {
            Some(Value::String(text)) => encoded.path_value(&text),
            Some(other) => encoded.path_value(&other.to_string()),
            None => {}
        }
        encoded.path
    };
    (!spec.within.is_empty()).then(|| spec.within.iter().map(value).collect())
}

/// The values of the parameters that the client does not have, in their order, in place of what is known.
pub(super) fn with_values(spec: &TaskSpec, within: Within, values: Vec<String>) -> Within {
    let mut values = values.into_iter();
    let mut known: Vec<String> = within?.to_vec();
    for (value, (_, client)) in known.iter_mut().zip(spec.within) {
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

/// The values that the request had which created the task, or else those of the client.
pub(super) fn of_request(client: &Client, spec: &TaskSpec, meta: &ResponseHead) -> Within {
    let mut known: Vec<String> = of_client(client, spec)?.to_vec();
    let base: http::Uri =
        client.shared.servers.get(meta.operation.server).and_then(|it| it.parse().ok()).unwrap_or_default();
    let path = meta.url.0.path();
    let path = path.strip_prefix(base.path().trim_end_matches('/')).unwrap_or(path);
    for (name, found) in captures(meta.operation.path, path) {
        if let Some(at) = spec.within.iter().position(|it| it.0 == name) {
            known[at] = found.to_owned();
        }
    }
    Some(known.into())
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
    write_text(out, spec, path.0, within);
    if spec.id_has_segments {
        out.path_segments(&Some(id.to_owned()));
    } else {
        out.path_value(id);
    }
    write_text(out, spec, path.1, within);
}

fn write_text(out: &mut RequestParts, spec: &TaskSpec, text: &str, within: &Within) {
    let Some(within) = within else { return out.path(text) };
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.path(literal);
        let value = spec.within.iter().position(|it| it.0 == name).and_then(|it| within.get(it));
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
    if spec.at_url {
        options.url(id);
    } else {
        write(&mut parts, spec, spec.path, (id, within));
    }
    parts
}

/// The id of a new task. The URL of a status may be relative to that of the request.
pub(super) fn id(spec: &TaskSpec, id: String, meta: &ResponseHead) -> String {
    if spec.at_url { redirect::resolved(&meta.url.0, &id) } else { id }
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
