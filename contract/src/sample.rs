//! Builds an HTTP request from parameters by name, for the sample `curl` and for tests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use specwright_codegen::model::{
    Api, Auth, AuthScheme, BasicAuth, Credential, Encoding, Field, KeyPlace, Location, Operation, Output, PartForm,
    Type,
};
use specwright_codegen::{serialize, xml};

/// A request of an operation.
#[derive(Clone, Debug)]
pub struct Sample {
    /// `POST`.
    pub method: &'static str,
    /// Path and query below the server's URL.
    pub path: String,
    /// Header parameters, key and content type.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: Option<String>,
}

/// The request with these parameters. Undeclared parameters go into the body, or else into the query.
///
/// `None` if the body cannot be written as text.
#[must_use]
pub fn request(api: &Api, op: &Operation, parameters: &Map<String, Value>, key: &str) -> Option<Sample> {
    let encoding = chosen(op, parameters);
    if op.has_body && !matches!(encoding, Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Text) {
        return None;
    }
    let mut headers = Vec::new();
    let mut body = Map::new();
    let mut whole = None;
    let mut unknown = Vec::new();
    let mut cookies = Vec::new();
    for (name, value) in parameters {
        match op.parameters.find(name).map(|(_, field)| (field, field.location)) {
            Some((field, Location::Header)) => {
                headers.extend(serialize::headers(field, value));
            }
            Some((field, Location::Cookie)) => {
                cookies.extend(serialize::cookie(field, value).map(|it| format!("{}={it}", field.sent_name())));
            }
            Some((field, Location::Body)) => {
                body.insert(field.sent_name().to_owned(), value.clone());
            }
            Some((_, Location::WholeBody)) => whole = Some(value),
            Some((_, Location::Path | Location::Query)) => {}
            None if op.has_body && op.whole_body().is_none() => {
                body.insert(name.clone(), value.clone());
            }
            None => unknown.push(format!(
                "{}={}",
                serialize::percent_encoded(name),
                serialize::percent_encoded(&text(value))
            )),
        }
    }
    let mut path_parameters = op.parameters.fields.iter().filter(|it| it.location == Location::Path);
    if !path_parameters.all(|it| parameters.contains_key(&it.name)) {
        return None;
    }
    let mut path = serialize::path(op, parameters);
    let query = serialize::query(op, parameters);
    let query: Vec<String> = (!query.is_empty()).then_some(query).into_iter().chain(unknown).collect();
    if !query.is_empty() {
        path.push('?');
        path.push_str(&query.join("&"));
    }
    for (scheme, key) in keys(api, op, key) {
        match &scheme.place {
            KeyPlace::Header(name) => headers.push((name.clone(), format!("{}{key}", scheme.prefix))),
            KeyPlace::Query(name) => {
                path.push(if path.contains('?') { '&' } else { '?' });
                path.push_str(&format!("{}={}", serialize::percent_encoded(name), serialize::percent_encoded(&key)));
            }
            KeyPlace::Cookie(name) => cookies.push(format!("{name}={key}")),
            KeyPlace::Body(name) => {
                body.insert(name.clone(), key.into());
            }
            KeyPlace::Basic(how) => {
                let text = match how {
                    BasicAuth::Pair => format!("user:{key}"),
                    BasicAuth::Username => format!("{key}:"),
                    BasicAuth::Password(username) => format!("{username}:{key}"),
                };
                headers.push(("Authorization".to_owned(), format!("Basic {}", STANDARD.encode(text))));
            }
        }
    }
    if !cookies.is_empty() {
        headers.push(("Cookie".to_owned(), cookies.join("; ")));
    }
    let body = match op.whole_body() {
        Some(_) if op.encoding == Encoding::Text => whole.map(self::text),
        Some(_) if encoding == Encoding::Xml => {
            whole.zip(xml::body(api, op)).map(|(value, element)| xml::write(api, &element, value))
        }
        Some(_) if encoding == Encoding::Lines => whole.map(serialize::json_lines),
        Some(_) => whole.map(Value::to_string),
        None => op.has_body.then(|| Value::Object(body).to_string()),
    };
    let is_said = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if body.is_some() && !is_said {
        headers.push(("Content-Type".to_owned(), default_type(op)));
    }
    Some(Sample { method: op.method.as_str(), path, headers, body })
}

/// A shell command that sends a form or a file. `None` if the operation has neither, or if a path parameter is missing.
#[must_use]
pub fn form(api: &Api, op: &Operation, parameters: &Map<String, Value>, key: &str, base: &str) -> Option<String> {
    let encoding = chosen(op, parameters);
    let multipart = op.has_body && encoding.has_parts();
    let binary = op.has_body && encoding == Encoding::Binary;
    if !multipart && !binary && encoding != Encoding::Form {
        return None;
    }
    let is_in_body = |name: &str| op.parameters.find(name).is_none_or(|(_, it)| it.location.in_body());
    let (fields, others): (Map<_, _>, Map<_, _>) =
        parameters.clone().into_iter().partition(|(name, _)| is_in_body(name));
    let keys = keys(api, op, key).into_iter().filter_map(|(it, key)| Some((it.body()?.to_owned(), key.into())));
    let fields: Map<_, _> = fields.into_iter().chain(keys).collect();
    // The fields of a form of one type are parameters to a shell.
    let in_parts = |it: &Field| multipart && it.sent.part != PartForm::Styled;
    let whole =
        op.whole_body().filter(|(_, it)| in_parts(it)).and_then(|(_, it)| fields.get(&it.name)?.as_object().cloned());
    let plain = Operation { has_body: false, ..op.clone() };
    let mut text = Sample { method: op.method.as_str(), ..request(api, &plain, &others, key)? }.curl(base);
    if binary {
        let is_said = others.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        if !is_said {
            text.push_str(&format!(" -H {}", quoted(&format!("Content-Type: {}", default_type(op)))));
        }
        text.push_str(" --data-binary @FILE");
        return Some(text);
    }
    if !multipart {
        let body = serialize::form(op, &fields);
        text.push_str(&format!(" -d {}", quoted(&body)));
        return Some(text);
    }
    if let Some(whole) = whole {
        for (name, value) in &whole {
            let items = value.as_array().map_or(vec![value.clone()], Clone::clone);
            for it in items {
                let kind = if it.is_object() { ";type=application/json" } else { "" };
                text.push_str(&format!(" -F {}", quoted(&format!("{name}={}{kind}", self::text(&it)))));
            }
        }
        return Some(text);
    }
    if encoding == Encoding::Related {
        text.push_str(" -H 'Content-Type: multipart/related'");
    }
    for (name, value) in &fields {
        let field = op.parameters.find(name).map(|(_, it)| it);
        for (name, value) in field.map_or_else(|| vec![(name.clone(), self::text(value))], |it| parts(it, value)) {
            let name = if encoding == Encoding::Related { "" } else { name.as_str() };
            text.push_str(&format!(" -F {}", quoted(&format!("{name}={value}"))));
        }
    }
    Some(text)
}

/// The parts of a parameter, as `curl` takes them.
fn parts(field: &Field, value: &Value) -> Vec<(String, String)> {
    let name = field.sent_name();
    if field.sent.part == PartForm::Styled {
        return serialize::part_texts(field, value);
    }
    if let (PartForm::Entries, Some(entries)) = (field.sent.part, value.as_object()) {
        let start = field.pair_prefix().unwrap_or_default();
        let kind = field.sent.part_type().map(|it| format!(";type={it}")).unwrap_or_default();
        let text =
            |it: &Value| it.as_str().filter(|_| !holds_files(&field.ty)).map_or("@FILE".to_owned(), str::to_owned);
        return entries.iter().map(|(name, it)| (format!("{start}{name}"), text(it) + &kind)).collect();
    }
    let (is_list, is_file) = match &field.ty {
        Type::Array(item) => (field.sent.part != PartForm::Json, **item == Type::File),
        ty => (false, *ty == Type::File),
    };
    let items = value.as_array().filter(|_| is_list).map_or(std::slice::from_ref(value), Vec::as_slice);
    let part = |(index, item): (usize, &Value)| {
        let name = if is_list { field.sent.item_name(name, index) } else { name.to_owned() };
        let text = if is_file { "@FILE".to_owned() } else { self::text(item) };
        let kind = field.sent.part_type().map(|it| format!(";type={it}")).unwrap_or_default();
        (name, text + &kind)
    };
    items.iter().enumerate().map(part).collect()
}

/// Whether the values of a map are files, and nothing else.
fn holds_files(ty: &Type) -> bool {
    matches!(ty, Type::Map(value) if **value == Type::File)
}

/// How the body is written with these parameters.
fn chosen(op: &Operation, parameters: &Map<String, Value>) -> Encoding {
    let kind = parameters.get("Content-Type").and_then(Value::as_str);
    kind.and_then(|it| op.content_type(it)).map_or(op.encoding, |it| it.encoding)
}

/// What a body is if the request says nothing.
fn default_type(op: &Operation) -> String {
    let first = op.content_types.iter().find(|it| !it.is_range());
    first.map_or(Encoding::Binary.media_type(), |it| it.media_type.as_str()).to_owned()
}

/// A key that an API accepts for an operation.
#[must_use]
pub fn key(api: &Api, op: &Operation) -> String {
    let credential = op.auth.iter().flatten().next().and_then(|it| api.credentials.get(it.credential));
    credential.map(key_of).unwrap_or_default()
}

/// The ways in which an operation is sent its credentials, each with a key: the given one is that of the first.
#[must_use]
pub fn keys<'a>(api: &'a Api, op: &Operation, key: &str) -> Vec<(&'a AuthScheme, String)> {
    let together = op.auth.first().into_iter().flatten().enumerate();
    let one = |(at, auth): (usize, &Auth)| {
        let credential = api.credentials.get(auth.credential)?;
        let key = if at == 0 { key.to_owned() } else { key_of(credential) };
        Some((credential.schemes.get(auth.scheme)?, key))
    };
    together.filter_map(one).collect()
}

fn key_of(credential: &Credential) -> String {
    let start = credential.looks_like.as_deref().and_then(|it| it.strip_suffix('…').or(it.strip_suffix("...")));
    match start {
        Some(start) => format!("{start}test"),
        None => format!("test-{}", credential.name.replace('_', "-")),
    }
}

/// A valid request of an API as a sample: the first one with an example whose response is a task or JSON.
#[must_use]
pub fn of_api(api: &Api) -> Option<(&Operation, Sample)> {
    let answers = |op: &&Operation| matches!(op.output, Output::Task(_) | Output::Json { .. }) && op.stream.is_none();
    let sample = |op: &Operation| {
        let legal = op.examples.iter().filter(|it| it.invalid.is_empty());
        let parameters = legal.filter_map(|it| it.request.as_ref()?.as_object()).next()?;
        request(api, op, parameters, &key(api, op))
    };
    let rank = |op: &Operation| if op.has_body { 0 } else { 1 };
    let mut all: Vec<(&Operation, Sample)> =
        api.operations.iter().map(|it| &**it).filter(answers).filter_map(|op| Some((op, sample(op)?))).collect();
    all.sort_by_key(|(op, sample)| (rank(op), sample.body.as_ref().map_or(0, String::len)));
    all.into_iter().next()
}

impl Sample {
    /// A shell command.
    #[must_use]
    pub fn curl(&self, base: &str) -> String {
        let mut text = String::from("curl");
        if self.method != "GET" && !(self.method == "POST" && self.body.is_some()) {
            text.push_str(&format!(" -X {}", self.method));
        }
        text.push_str(&format!(" {}", quoted(&format!("{base}{}", self.path))));
        for (name, value) in &self.headers {
            text.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
        }
        if let Some(body) = &self.body {
            text.push_str(&format!(" -d {}", quoted(body)));
        }
        text
    }
}

/// Text in single quotes for a POSIX shell. Plain words are not quoted.
fn quoted(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./:".contains(it);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_read_back_by_a_shell() {
        assert_eq!(quoted("http://a/b-c"), "http://a/b-c");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
        let headers = vec![("A".to_owned(), "b c".to_owned())];
        let sample = Sample { method: "DELETE", path: "/x?a=1".to_owned(), headers, body: None };
        assert_eq!(sample.curl("http://h"), "curl -X DELETE 'http://h/x?a=1' -H 'A: b c'");
    }
}
