//! Every example request of every spec: the legal ones are answered, the others refused for what they are said to break.

use serde_json::Value;
use specwright_codegen::model::{Api, Encoding, Example, Location, Operation, Output, PartForm, Type};
use specwright_codegen::serialize;
use specwright_contract::{Server, sample};

use crate::support::{Reply, invented, send, spec, start};

struct Asked {
    name: String,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    success: u16,
    invalid: Vec<(String, String)>,
}

/// `None`: there is no such request, because it has no path.
fn asked(server: &Server, api: &Api, op: &Operation, example: &Example) -> Option<Asked> {
    let parameters = example.request.as_ref()?.as_object()?;
    let base = server.url_of_server(&api.name, &api.servers[op.server].name)?;
    let base = base.strip_prefix(&server.url())?;
    let key = sample::key(api, op);
    let chosen = parameters.get("Content-Type").and_then(Value::as_str);
    let is_sent_as = |it: Encoding, name: &str| chosen.map_or(op.encoding == it, |chosen| chosen.contains(name));
    let (path, headers, body) = match sample::request(api, op, parameters, &key) {
        Some(sample) => (sample.path, sample.headers, sample.body.unwrap_or_default().into_bytes()),
        None if is_sent_as(Encoding::Multipart, "multipart") || op.encoding == Encoding::Related => {
            let kind = if op.encoding == Encoding::Related { op.encoding } else { Encoding::Multipart };
            let mut headers = vec![("Content-Type".to_owned(), format!("{}; boundary=b", kind.media_type()))];
            if let Some(scheme) = api.schemes(op).next()
                && let Some(header) = scheme.header()
            {
                headers.push((header.to_owned(), format!("{}{key}", scheme.prefix)));
            }
            (serialize::path(op, parameters), headers, multipart(op, parameters))
        }
        None if is_sent_as(Encoding::Form, "urlencoded") => {
            let kind = "application/x-www-form-urlencoded".to_owned();
            let mut headers = vec![("Content-Type".to_owned(), kind)];
            if let Some(scheme) = api.schemes(op).next()
                && let Some(header) = scheme.header()
            {
                headers.push((header.to_owned(), format!("{}{key}", scheme.prefix)));
            }
            let keys = sample::keys(api, op, &key).into_iter();
            let keys = keys.filter_map(|(it, key)| Some((it.body()?.to_owned(), Value::from(key))));
            let fields = parameters.clone().into_iter().chain(keys).collect();
            (serialize::path(op, parameters), headers, serialize::form(op, &fields).into_bytes())
        }
        None if op.encoding == Encoding::Binary => {
            let first = op.content_types.first().map(|it| it.media_type.as_str());
            let kind = chosen.or(first.filter(|it| !it.contains('*'))).unwrap_or("application/octet-stream");
            let mut headers = vec![("Content-Type".to_owned(), kind.to_owned())];
            let own =
                op.parameters.fields.iter().filter(|it| it.location == Location::Header && it.name != "Content-Type");
            headers.extend(own.flat_map(|it| serialize::headers(it, parameters.get(&it.name).unwrap_or(&Value::Null))));
            if let Some(scheme) = api.schemes(op).next()
                && let Some(header) = scheme.header()
            {
                headers.push((header.to_owned(), format!("{}{key}", scheme.prefix)));
            }
            (serialize::path(op, parameters), headers, parameters.get("body").map(content).unwrap_or_default())
        }
        None => return None,
    };
    Some(Asked {
        name: format!("{} {}, {}", api.name, op.full_name(api), example.name),
        method: op.method.as_str(),
        path: format!("{base}{path}"),
        headers,
        body,
        success: op.success,
        invalid: example.invalid.iter().map(|(at, rule)| (at.value.clone(), rule.value.clone())).collect(),
    })
}

fn multipart(op: &Operation, parameters: &serde_json::Map<String, Value>) -> Vec<u8> {
    let mut body = Vec::new();
    let mut add = |name: &str, more: &str, content: &[u8]| {
        body.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    let in_body = |name: &str| op.parameters.find(name).is_none_or(|(_, field)| field.location.in_body());
    // The fields of a body of one type are parts, and so is each item of their lists.
    let whole = op.whole_body().and_then(|(_, it)| parameters.get(&it.name)?.as_object());
    for (name, value) in whole.into_iter().flatten() {
        for it in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
            let text = it.as_str().map_or_else(|| it.to_string(), str::to_owned);
            let kind = if it.is_object() { "\r\nContent-Type: application/json" } else { "" };
            add(name, kind, text.as_bytes());
        }
    }
    for (name, value) in parameters.iter().filter(|it| whole.is_none() && in_body(it.0)) {
        let field = op.parameters.find(name).map(|(_, field)| field);
        match (field.map(|it| &it.ty), value) {
            _ if field.is_some_and(|it| it.sent.part == PartForm::Styled) => {
                let texts = field.map(|it| serialize::part_texts(it, value)).unwrap_or_default();
                texts.iter().for_each(|(name, it)| add(name, "", it.as_bytes()));
            }
            (Some(Type::File), file) => add(name, "; filename=f", &content(file)),
            (Some(Type::Array(item)), Value::Array(items))
                if field.is_some_and(|it| it.sent.part != PartForm::Json) =>
            {
                for (index, it) in items.iter().enumerate() {
                    let name = field.map_or_else(|| name.clone(), |it| it.sent.item_name(it.sent_name(), index));
                    let text = it.as_str().map_or_else(|| it.to_string(), str::to_owned);
                    match field.map(|it| it.sent.part) {
                        _ if **item == Type::File => add(&name, "; filename=f", &content(it)),
                        Some(PartForm::JsonItems) => {
                            add(&name, "\r\nContent-Type: application/json", it.to_string().as_bytes())
                        }
                        _ => add(&name, "", text.as_bytes()),
                    }
                }
            }
            (_, Value::String(text)) => add(name, "", text.as_bytes()),
            (_, Value::Object(_) | Value::Array(_)) => {
                add(name, "\r\nContent-Type: application/json", value.to_string().as_bytes());
            }
            (_, other) => add(name, "", other.to_string().as_bytes()),
        }
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

/// The content of a file, of which an example shows the size or a name.
fn content(file: &Value) -> Vec<u8> {
    let size = file.get("size").and_then(Value::as_u64).unwrap_or(0);
    file.as_str().map_or_else(|| vec![0; size as usize], |it| it.as_bytes().to_vec())
}

fn wrong(asked: &Asked, reply: &Reply) -> Option<String> {
    let said = || format!("{}: {} {}", asked.name, reply.status, String::from_utf8_lossy(&reply.body));
    if asked.invalid.is_empty() {
        return (reply.status != asked.success).then(said);
    }
    if reply.status == 415 {
        return asked.invalid.iter().all(|(at, _)| at != "Content-Type").then(said);
    }
    let violations = reply.violations();
    let refused = (400..500).contains(&reply.status);
    // Inferred rules warn only.
    let all: Vec<_> = violations.iter().cloned().chain(reply.complaints("x-specwright-warnings")).collect();
    let named = asked.invalid.iter().all(|(at, rule)| {
        let at = if at.is_empty() || at.starts_with('/') {
            at.clone()
        } else {
            format!("/{}", at.replace('~', "~0").replace('/', "~1"))
        };
        all.contains(&(at, rule.clone()))
    });
    (!named || refused == violations.is_empty()).then(said)
}

fn every_example(server: &Server) -> (usize, usize) {
    let mut all = Vec::new();
    let mut unsaid = 0;
    server.for_each_api(|api| {
        // Examples tell of tasks that were not started here.
        let downloads = api.operations.iter().filter_map(|it| match &it.output {
            Output::Task(task) => task.download,
            _ => None,
        });
        let downloads: Vec<_> = downloads.map(|it| api.operation(it).full_name(api)).collect();
        for op in api.operations.iter().filter(|it| !downloads.contains(&it.full_name(api))) {
            for example in op.examples.iter().filter(|it| it.request.is_some()) {
                match asked(server, api, op, example) {
                    Some(asked) => all.push(asked),
                    None => unsaid += 1,
                }
            }
        }
    });
    let mut faults = Vec::new();
    for it in &all {
        let headers: Vec<_> = it.headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        faults.extend(wrong(it, &send(server, it.method, &it.path, &headers, &it.body)));
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), all.len(), faults.join("\n"));
    (all.len(), unsaid)
}

#[test]
fn of_the_vendors() {
    let (asked, unsaid) = every_example(&start(Server::builder().spec_folder(spec())));
    assert!(asked > 400, "{asked}");
    // Those without a path parameter have no path.
    assert!(unsaid < 20, "{unsaid}");
}

#[test]
fn of_the_invented() {
    let (asked, unsaid) = every_example(&start(Server::builder().spec_folder(invented())));
    assert!(asked >= 3 && unsaid == 0, "{asked}, {unsaid}");
}
