//! A request as a `curl` command that can be pasted. Secrets stand as the names of environment variables.
//!
//! The request is written by the runtime and taken from its transport, so the command sends what a call would send. Files
//! are named, and forms are given in parts, since their bytes cannot stand in a command.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use specwright_codegen::model::{Api, Field, Operation, Output, Type};
use specwright_runtime::http::{HeaderMap, Method, Request, Response};
use specwright_runtime::transport::{BoxFuture, SendOptions};
use specwright_runtime::{Body, Transport, TransportError, TransportErrorKind};

use crate::arguments::{Content, FileSource, Parameters};
use crate::request::{CallRequest, Part, Piece};
use crate::shell::Markers;

/// A request that was not sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

/// A transport that keeps the request, and sends nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capture {
    taken: Arc<Mutex<Option<Taken>>>,
    reads_parts: Arc<AtomicBool>,
}

impl Capture {
    /// Reads the parts of multipart bodies too, from here on.
    pub(crate) fn read_parts(&self) {
        self.reads_parts.store(true, Ordering::Relaxed);
    }

    /// The request, if one got so far.
    pub(crate) fn take(&self) -> Option<Taken> {
        self.taken.lock().ok()?.take()
    }
}

impl Transport for Capture {
    fn send(&self, request: Request<Body>, _: SendOptions) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let (head, body) = request.into_parts();
        let capture = self.clone();
        Box::pin(async move {
            let body = match body.into_bytes() {
                Ok(bytes) => Some(bytes),
                Err(parts) if capture.reads_parts.load(Ordering::Relaxed) => parts.collect(LARGEST).await.ok(),
                // The bytes of files are not read.
                Err(_) => None,
            };
            let body = body.map(|it| it.to_vec());
            let taken = Taken { method: head.method, url: head.uri.to_string(), headers: head.headers, body };
            if let Ok(mut slot) = capture.taken.lock() {
                *slot = Some(taken);
            }
            Err(TransportError::new(TransportErrorKind::Invalid, "the request is not sent"))
        })
    }
}

/// The most bytes of parts that only have credentials.
const LARGEST: usize = 1 << 16;

/// Whether a credential of an operation may be sent in a field of the body.
pub(crate) fn has_key_in_body(api: &Api, op: &Operation) -> bool {
    let mut schemes =
        op.auth.iter().flatten().filter_map(|it| api.credentials.get(it.credential)?.schemes.get(it.scheme));
    schemes.any(|it| it.body().is_some())
}

/// Headers that `curl` sets itself, or that would only be in the way.
const OMITTED: [&str; 4] = ["accept-encoding", "content-length", "host", "user-agent"];

/// The command.
pub(crate) fn command(op: &Operation, taken: &Taken, request: &CallRequest, markers: &Markers, output: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let body = request.body();
    let sends_data = body.is_some_and(|it| !matches!(it, Piece::Multipart(parts, _) if parts.is_empty()));
    match taken.method {
        Method::HEAD => words.push("--head".to_owned()),
        Method::GET if !sends_data => {}
        Method::POST if sends_data => {}
        ref other => words.push(format!("--request {other}")),
    }
    if taken.url.contains(['[', ']', '{', '}']) {
        // They would stand for several URLs.
        words.push("--globoff".to_owned());
    }
    words.push(markers.quoted(&taken.url));
    let is_multipart = matches!(body, Some(Piece::Multipart(..)));
    for (name, value) in &taken.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if OMITTED.contains(&name.as_str()) || (is_multipart && name == "content-type") {
            continue;
        }
        let pair = value.strip_prefix("Basic ").and_then(|it| String::from_utf8(STANDARD.decode(it).ok()?).ok());
        match pair.filter(|it| markers.any_in(it)) {
            Some(pair) => words.push(format!("--user {}", markers.quoted(&pair))),
            None => words.push(format!("--header {}", markers.quoted(&format!("{name}: {value}")))),
        }
    }
    match body {
        Some(Piece::Multipart(parts, is_related)) => {
            if *is_related {
                words.push("--header 'content-type: multipart/related'".to_owned());
            }
            let name = |it: &&'static str| if *is_related { "" } else { *it };
            parts.iter().for_each(|(it, part)| words.extend(form(name(it), part, markers)));
            let keys = texts_of_parts(taken.body.as_deref().unwrap_or_default());
            words.extend(keys.iter().map(|it| format!("--form-string {}", markers.quoted(it))));
        }
        Some(Piece::File(source, _)) => words.push(data(source, markers)),
        Some(_) => {
            let text = String::from_utf8_lossy(taken.body.as_deref().unwrap_or_default()).into_owned();
            words.push(format!("--data-raw {}", markers.quoted(&text)));
        }
        None => {}
    }
    if op.stream.is_some() && taken.headers.get("accept").is_some_and(|it| it == "text/event-stream") {
        words.push("--no-buffer".to_owned());
    }
    if matches!(op.output, Output::Binary { .. }) {
        words.push(format!("--output {}", markers.quoted(output)));
    }
    format!("curl {}\n", words.join(" \\\n  "))
}

/// `name=text` of each part of a body that has no files.
fn texts_of_parts(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let parts = text.split("form-data; name=\"").skip(1).filter_map(|part| {
        let (name, rest) = part.split_once("\"\r\n\r\n")?;
        Some(format!("{name}={}", rest.split_once("\r\n--")?.0))
    });
    parts.collect()
}

/// The body that is a file.
fn data(source: &FileSource, markers: &Markers) -> String {
    match &source.content {
        Content::Path(path) => format!("--data-binary {}", markers.quoted(&format!("@{}", path.display()))),
        Content::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => format!("--data-raw {}", markers.quoted(text)),
            _ => "--data-binary @-".to_owned(),
        },
    }
}

/// A part of a form: once for each of its texts or files.
fn form(name: &str, part: &Part, markers: &Markers) -> Vec<String> {
    let typed = |kind: Option<&str>| kind.map(|it| format!(";type={it}")).unwrap_or_default();
    match part {
        Part::Texts(texts, None) => {
            texts.iter().map(|it| format!("--form-string {}", markers.quoted(&format!("{name}={it}")))).collect()
        }
        Part::Texts(texts, kind) => texts.iter().map(|it| in_form(name, it, &typed(*kind), markers)).collect(),
        Part::Styled(_, _, texts) => texts
            .iter()
            .map(|(name, it)| format!("--form-string {}", markers.quoted(&format!("{name}={it}"))))
            .collect(),
        Part::Json(value, kind) => vec![in_form(name, &value.to_string(), &typed(Some(kind)), markers)],
        Part::Files(files, kind) => {
            let file = |(source, _): &(FileSource, _)| {
                let kind = typed(source.content_type.as_deref().or(*kind));
                match &source.content {
                    Content::Path(path) => {
                        let text = format!("{name}=@{}{kind}", double_quoted(&path.display().to_string()));
                        format!("--form {}", markers.quoted(&text))
                    }
                    Content::Bytes(bytes) => {
                        in_form(name, &String::from_utf8_lossy(bytes), &format!("{kind};filename=file"), markers)
                    }
                }
            };
            files.iter().map(file).collect()
        }
    }
}

fn in_form(name: &str, text: &str, more: &str, markers: &Markers) -> String {
    format!("--form {}", markers.quoted(&format!("{name}={}{more}", double_quoted(text))))
}

/// As `curl` reads a text of a form in which anything may stand.
fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The parameters with the secrets among them replaced by markers, each named after its parameter.
pub(crate) fn without_secrets(api: &Api, op: &Operation, parameters: &mut Parameters, markers: &mut Markers) {
    for field in &op.parameters.fields {
        if let Some(value) = parameters.values.get_mut(&field.name) {
            hide(api, field, value, markers, DEEPEST);
        }
    }
}

/// Levels of a value that are looked at.
const DEEPEST: usize = 64;

fn hide(api: &Api, field: &Field, value: &mut Value, markers: &mut Markers, depth: usize) {
    match value {
        Value::String(text) if field.secret => {
            *text = markers.mark_with_note(&variable(&field.name), &format!("`{}`", field.name));
        }
        value => hide_inside(api, &field.ty, value, markers, depth),
    }
}

fn hide_inside(api: &Api, ty: &Type, value: &mut Value, markers: &mut Markers, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(items) => {
            let Some(item) = crate::types::item(api, ty) else { return };
            items.iter_mut().for_each(|it| hide_inside(api, item, it, markers, depth));
        }
        Value::Object(fields) => {
            for record in crate::types::records(api, ty) {
                for field in &record.fields {
                    if let Some(value) = fields.get_mut(&field.name) {
                        hide(api, field, value, markers, depth);
                    }
                }
            }
            for member in crate::types::members(api, ty) {
                if let Type::Map(inner) = member {
                    fields.values_mut().for_each(|it| hide_inside(api, inner, it, markers, depth));
                }
            }
        }
        _ => {}
    }
}

/// `card_number` as `CARD_NUMBER`.
fn variable(name: &str) -> String {
    let letters = name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' });
    let letters: String = letters.collect();
    if letters.starts_with(|it: char| it.is_ascii_digit()) { format!("_{letters}") } else { letters }
}
