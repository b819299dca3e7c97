//! Reads the bodies of requests, up to their limits, and parses them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use serde_json::{Map, Value, json};
use specwright_codegen::interpret::{gather, read_by_type};
use specwright_codegen::model::{Api, Encoding, Location, Operation, PartForm, Type, TypeKind};
use specwright_codegen::validate::{SentJson, read_json, read_json_lines, read_parameters};

use crate::{multipart, xml};

/// The longest pause of a caller within a body.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a body could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    TooLarge,
    /// All bodies together have reached the server's limit.
    Busy,
    TimedOut,
    /// The connection was closed.
    Gone,
}

/// Bytes that count towards the server's limit until they are dropped.
#[derive(Debug)]
pub(crate) struct HeldBytes<'a> {
    pub(crate) bytes: Bytes,
    all: &'a AtomicUsize,
    counted: usize,
}

impl Drop for HeldBytes<'_> {
    fn drop(&mut self) {
        if self.counted > 0 {
            self.all.fetch_sub(self.counted, Ordering::Relaxed);
        }
    }
}

/// The limits of reading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The limit of one request.
    pub(crate) one: usize,
    /// The limit of all requests together.
    pub(crate) all: usize,
}

/// Reads a body of bounded size.
pub(crate) async fn read<'a>(body: Incoming, limits: Limits, all: &'a AtomicUsize) -> Result<HeldBytes<'a>, BodyError> {
    let mut held = HeldBytes { bytes: Bytes::new(), all, counted: 0 };
    // A body whose announced length is too large is not read at all.
    if body.size_hint().lower() > limits.one as u64 {
        return Err(BodyError::TooLarge);
    }
    let mut body = body;
    let mut more = BytesMut::new();
    while !body.is_end_stream() {
        let frame = tokio::time::timeout(PATIENCE, body.frame()).await.map_err(|_| BodyError::TimedOut)?;
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(|_| BodyError::Gone)?.into_data() else { continue };
        if held.counted + data.len() > limits.one {
            return Err(BodyError::TooLarge);
        }
        held.counted += data.len();
        if all.fetch_add(data.len(), Ordering::Relaxed) + data.len() > limits.all {
            return Err(BodyError::Busy);
        }
        // Nearly every body arrives in one piece.
        if held.bytes.is_empty() && more.is_empty() {
            held.bytes = data;
        } else {
            if more.is_empty() {
                more.extend_from_slice(&held.bytes);
            }
            more.extend_from_slice(&data);
        }
    }
    if !more.is_empty() {
        held.bytes = more.freeze();
    }
    Ok(held)
}

/// The content types of an operation, for people.
pub(crate) fn media_types(op: &Operation) -> String {
    let all: Vec<&str> = op.content_types.iter().map(|it| it.media_type.as_str()).collect();
    all.join(" or ")
}

/// The encoding of a body, if its content type is accepted. A body without a content type counts as JSON.
///
/// An open JSON body may be a multipart form too, because clients of the API that it is compatible with send one wherever
/// the body may contain a file.
pub(crate) fn taken(op: &Operation, headers: &HeaderMap) -> Option<Encoding> {
    let json = op.encoding == Encoding::Json;
    let Some(sent) = headers.get(CONTENT_TYPE) else { return json.then_some(op.encoding) };
    let sent = sent.to_str().unwrap_or_default();
    if let Some(known) = op.content_type(sent) {
        return Some(known.encoding);
    }
    let kind = sent.split(';').next().unwrap_or_default().trim();
    let is_form = kind.eq_ignore_ascii_case(Encoding::Multipart.media_type());
    (json && op.parameters.open && is_form).then_some(Encoding::Multipart)
}

/// The body as JSON. The error describes what cannot be read.
pub(crate) fn parse(
    api: &Api,
    op: &Operation,
    encoding: Encoding,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<SentJson, String> {
    let mut fields = match encoding {
        Encoding::Json => return read_json(bytes).map_err(|error| format!("The body is not valid JSON: {error}")),
        Encoding::Xml => {
            let value = xml::parse(api, op, bytes)?;
            return Ok(SentJson { value, not_text: Vec::new(), omitted: 0 });
        }
        Encoding::Lines => {
            return read_json_lines(bytes).map_err(|error| format!("The body is no lines of JSON: {error}"));
        }
        Encoding::Form => {
            let text = std::str::from_utf8(bytes).map_err(|_| "The form is not UTF-8.".to_owned())?;
            let mut fields = read_parameters(api, op, op.body_location(), text);
            if let Some((_, whole)) = op.whole_body() {
                let value = fields.shift_remove(whole.sent_name()).unwrap_or_else(|| json!({}));
                return Ok(SentJson { value, not_text: Vec::new(), omitted: 0 });
            }
            fields
        }
        Encoding::Multipart | Encoding::Related => {
            let sent = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
            let boundary = multipart::boundary(sent)
                .ok_or_else(|| format!("The content type `{}` has no boundary.", encoding.media_type()))?;
            let fields = if encoding == Encoding::Related {
                let parts = op.parameters.fields.iter().filter(|it| it.location == Location::Body);
                let is_file = |it: &Type| *it == Type::File || matches!(it, Type::Array(item) if **item == Type::File);
                let names: Vec<_> = parts.map(|it| (it.sent_name(), is_file(&it.ty))).collect();
                multipart::related(bytes, &boundary, &names)?
            } else {
                multipart::fields(bytes, &boundary)?
            };
            if let Some((_, whole)) = op.whole_body().filter(|(_, it)| it.sent.part == PartForm::Styled) {
                let mut gathered = gather(api, op, Location::WholeBody, &fields).into_owned();
                let value = gathered.shift_remove(whole.sent_name()).unwrap_or_else(|| json!({}));
                return Ok(SentJson { value, not_text: Vec::new(), omitted: 0 });
            }
            if op.whole_body().is_some() { fields } else { gather(api, op, Location::Body, &fields).into_owned() }
        }
        Encoding::Text => {
            let text = std::str::from_utf8(bytes).map_err(|_| "The text is not UTF-8.".to_owned())?;
            return Ok(SentJson { value: text.into(), not_text: Vec::new(), omitted: 0 });
        }
        Encoding::Binary => {
            let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
            let file = json!({"size": bytes.len(), "content_type": kind});
            return Ok(SentJson { value: file, not_text: Vec::new(), omitted: 0 });
        }
    };
    if let Some((_, whole)) = op.whole_body() {
        fields.iter_mut().for_each(|(name, value)| read_part(api, type_of(api, &whole.ty, name), value));
    }
    by_type(api, op, &mut fields);
    Ok(SentJson { value: Value::Object(fields), not_text: Vec::new(), omitted: 0 })
}

/// The type of a field of an object.
fn type_of<'a>(api: &'a Api, ty: &'a Type, name: &str) -> &'a Type {
    match ty {
        Type::Map(value) => value,
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => {
                record.find(name).map(|it| &it.1.ty).or(record.additional.as_ref()).unwrap_or(&Type::Json)
            }
            _ => &Type::Json,
        },
        _ => &Type::Json,
    }
}

/// Reads a part of a multipart body that is one value: text, JSON of an object, or one part for each item of a list.
fn read_part(api: &Api, ty: &Type, value: &mut Value) {
    if let Type::Array(item) = ty {
        if !value.is_array() {
            *value = Value::Array(vec![value.take()]);
        }
        value.as_array_mut().into_iter().flatten().for_each(|it| read_part(api, item, it));
        return;
    }
    let is_object = match ty {
        Type::Map(_) | Type::Json => true,
        Type::Named(id) => !matches!(api.ty(*id).kind, TypeKind::Enum(_)),
        _ => false,
    };
    let json = value.as_str().filter(|_| is_object).and_then(|it| serde_json::from_str(it).ok());
    if let Some(json) = json {
        *value = json;
    } else if let std::borrow::Cow::Owned(read) = read_by_type(api, ty, value) {
        *value = read;
    }
}

/// Forms contain text, which is read according to the parameters' types.
fn by_type(api: &Api, op: &Operation, fields: &mut Map<String, Value>) {
    for field in op.parameters.fields.iter().filter(|it| it.location == Location::Body) {
        if matches!(field.sent.part, PartForm::Json | PartForm::JsonItems) {
            if let Some(value) = fields.get_mut(field.sent_name()) {
                read_json_part(field.sent.part, value);
            }
            continue;
        }
        // One file of a list is a list of one.
        if let (Type::Array(_), Some(value)) = (&field.ty, fields.get_mut(field.sent_name()))
            && value.is_object()
        {
            *value = Value::Array(vec![value.take()]);
        }
        if let Some(value) = fields.get_mut(field.sent_name())
            && let std::borrow::Cow::Owned(read) = read_by_type(api, &field.ty, value)
        {
            *value = read;
        }
    }
}

/// Reads a part of JSON, or a list of them. What is no JSON stays text, and breaks the type later.
fn read_json_part(form: PartForm, value: &mut Value) {
    if form == PartForm::JsonItems && !value.is_array() {
        *value = Value::Array(vec![value.take()]);
    }
    match value {
        Value::Array(parts) if form == PartForm::JsonItems => {
            parts.iter_mut().for_each(|it| read_json_part(PartForm::Json, it));
        }
        Value::String(text) => {
            if let Ok(read) = serde_json::from_str(text) {
                *value = read;
            }
        }
        _ => {}
    }
}
