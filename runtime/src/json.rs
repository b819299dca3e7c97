//! Writes requests and reads responses without serde derives, by small functions that are compiled once.

use std::fmt;

use serde_json::{Map, Value};

use crate::Extra;
use crate::byte_scan::find;
use crate::escape::one_line;

/// A value that can be written as JSON.
pub trait Encode {
    /// Writes exactly one JSON value.
    fn encode(&self, out: &mut JsonWriter);
}

/// A value that can be read from JSON.
pub trait Decode: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Fails if a required field is missing or has the wrong type. The error names its place.
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError>;
}

/// Writes JSON text, putting the commas.
#[derive(Clone, Debug, Default)]
pub struct JsonWriter {
    out: Vec<u8>,
    lost_a_number: bool,
}

impl From<Vec<u8>> for JsonWriter {
    /// Goes on behind JSON text that is already there.
    fn from(out: Vec<u8>) -> Self {
        Self { out, lost_a_number: false }
    }
}

impl JsonWriter {
    /// What was written.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Whether a number had to be written as `null`.
    pub(crate) fn lost_a_number(&self) -> bool {
        self.lost_a_number
    }

    /// Makes room.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// Starts an object.
    pub fn begin_object(&mut self) {
        self.comma();
        self.out.push(b'{');
    }

    /// Ends an object.
    pub fn end_object(&mut self) {
        self.out.push(b'}');
    }

    /// Starts an array.
    pub fn begin_array(&mut self) {
        self.comma();
        self.out.push(b'[');
    }

    /// Ends an array.
    pub fn end_array(&mut self) {
        self.out.push(b']');
    }

    /// Writes the name of the next field.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.text(name);
        self.out.push(b':');
        self
    }

    /// Writes a field that may be left out: nothing where it is.
    ///
    /// Writers of requests are mostly calls of this, so that the compiler has few branches to look at.
    pub fn optional<T: Encode>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            value.encode(self.key(name));
        }
    }

    /// Writes a string.
    pub fn string(&mut self, value: &str) {
        self.comma();
        self.text(value);
    }

    /// Writes a whole number.
    pub fn integer(&mut self, value: i64) {
        self.comma();
        self.digits(value);
    }

    /// Writes a number. A whole number has no fraction. A number that JSON cannot represent becomes `null`, and a
    /// request with such a number is not sent.
    pub fn number(&mut self, value: f64) {
        self.comma();
        if !value.is_finite() {
            self.lost_a_number = true;
            self.out.extend_from_slice(b"null");
        } else if value.fract() == 0.0 && value.abs() < 1e15 {
            self.digits(value as i64);
        } else if !self.decimal(value) {
            self.any(&Value::from(value));
        }
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.comma();
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.comma();
        self.out.extend_from_slice(b"null");
    }

    /// Writes any JSON value.
    pub fn value(&mut self, value: &Value) {
        self.comma();
        self.any(value);
    }

    /// Writes the fields of an object that the spec does not know. Their names must differ from the other names in the
    /// object, since servers disagree on JSON with duplicate names.
    pub fn extra(&mut self, extra: &Extra) {
        for (name, value) in extra {
            self.key(name).value(value);
        }
    }

    /// Writes an array, one item after the other.
    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.begin_array();
        for item in items {
            write(self, item);
        }
        self.end_array();
    }

    fn comma(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[' | b':')) {
            self.out.push(b',');
        }
    }

    /// Without serde: its ways of writing would be a tenth of a small program.
    fn any(&mut self, value: &Value) {
        match value {
            Value::Null => self.out.extend_from_slice(b"null"),
            Value::Bool(value) => self.out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Value::Number(number) => match number.as_i64() {
                Some(number) => self.digits(number),
                None => self.out.extend_from_slice(number.to_string().as_bytes()),
            },
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.out.push(b'[');
                items.iter().for_each(|it| self.value(it));
                self.out.push(b']');
            }
            Value::Object(fields) => {
                self.out.push(b'{');
                self.extra(fields);
                self.out.push(b'}');
            }
        }
    }

    /// A number with few digits, such as 0.75. Others are left to whoever can find the shortest text of any number.
    fn decimal(&mut self, value: f64) -> bool {
        const PLACES: usize = 6;
        let scaled = value.abs() * 1e6;
        // Numbers of up to 15 digits differ in their 64 bits, so the text is the shortest one, if it is the number's.
        if !((10.0..1e15).contains(&scaled) && scaled.fract() == 0.0 && scaled / 1e6 == value.abs()) {
            return false;
        }
        let (whole, mut places) = (scaled as u64 / 1_000_000, scaled as u64 % 1_000_000);
        if value.is_sign_negative() {
            self.out.push(b'-');
        }
        self.digits(whole as i64);
        let mut text = [b'0'; PLACES];
        for digit in text.iter_mut().rev() {
            *digit = b'0' + (places % 10) as u8;
            places /= 10;
        }
        let end = text.iter().rposition(|it| *it != b'0').map_or(1, |it| it + 1);
        self.out.push(b'.');
        self.out.extend_from_slice(&text[..end]);
        true
    }

    /// Without the formatting machinery, which costs more than the rest of a request.
    fn digits(&mut self, value: i64) {
        let mut buffer = [0; 20];
        let mut at = buffer.len();
        let mut left = value.unsigned_abs();
        loop {
            at -= 1;
            buffer[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        if value < 0 {
            at -= 1;
            buffer[at] = b'-';
        }
        self.out.extend_from_slice(&buffer[at..]);
    }

    fn text(&mut self, text: &str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let bytes = text.as_bytes();
        self.out.reserve(bytes.len() + 2);
        self.out.push(b'"');
        if crate::byte_scan::all_unescaped(bytes) {
            self.out.extend_from_slice(bytes);
            self.out.push(b'"');
            return;
        }
        let mut from = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.extend_from_slice(&bytes[from..at]);
            from = at + 1;
            match byte {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                _ => {
                    self.out.extend_from_slice(b"\\u00");
                    self.out.push(HEX[usize::from(byte >> 4)]);
                    self.out.push(HEX[usize::from(byte & 15)]);
                }
            }
        }
        self.out.extend_from_slice(&bytes[from..]);
        self.out.push(b'"');
    }
}

/// A JSON value as text.
pub(crate) fn text_of(value: &Value) -> String {
    let mut out = JsonWriter::default();
    out.value(value);
    String::from_utf8(out.into_bytes()).unwrap_or_default()
}

/// As `clone`, whose way of copying objects would weigh ten times as much: this one puts fields in one by one, which
/// reading an answer does already.
pub(crate) fn copy_of(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(value) => Value::Bool(*value),
        Value::Number(number) => Value::Number(number.clone()),
        Value::String(text) => Value::String(text.clone()),
        Value::Array(items) => {
            let mut copy = Vec::with_capacity(items.len());
            for item in items {
                copy.push(copy_of(item));
            }
            Value::Array(copy)
        }
        Value::Object(fields) => {
            let mut copy = Map::new();
            for (name, value) in fields {
                copy.insert(name.clone(), copy_of(value));
            }
            Value::Object(copy)
        }
    }
}

/// Why a response could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// JSON pointer of the place.
    pub at: String,
    /// What was expected there.
    pub expected: &'static str,
    /// What was found there: a JSON type, or `nothing`.
    pub found: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of an answer's fields are the server's words.
        let at = if self.at.is_empty() { "the top" } else { &one_line(&self.at, 400) };
        write!(f, "expected {} at {at}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for DecodeError {}

/// A JSON value and its path.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    value: &'a Value,
    parent: Option<&'a Reader<'a>>,
    step: PathSegment<'a>,
}

#[derive(Clone, Copy, Debug)]
enum PathSegment<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Reader<'a> {
    /// Reads from the top.
    #[must_use]
    pub fn new(value: &'a Value) -> Self {
        Self { value, parent: None, step: PathSegment::Root }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// As an object.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn object(&'a self) -> Result<Object<'a>, DecodeError> {
        match self.value {
            Value::Object(map) => Ok(Object { map, reader: self }),
            _ => Err(self.expected("an object")),
        }
    }

    /// As a string.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn string(&self) -> Result<String, DecodeError> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.expected("a string"))
    }

    /// As a whole number, also if it is written `5.0` or `1.7e18`. It must fit into an `i64`.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn integer(&self) -> Result<i64, DecodeError> {
        integer(self.value).ok_or_else(|| {
            self.expected(if self.value.is_number() { "a whole number of 64 bits" } else { "a whole number" })
        })
    }

    /// As a number.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn number(&self) -> Result<f64, DecodeError> {
        self.value.as_f64().ok_or_else(|| self.expected("a number"))
    }

    /// As `true` or `false`.
    ///
    /// # Errors
    /// Fails if it is neither.
    pub fn boolean(&self) -> Result<bool, DecodeError> {
        self.value.as_bool().ok_or_else(|| self.expected("true or false"))
    }

    /// Unchanged.
    ///
    /// # Errors
    /// It never fails. The signature is that of the others.
    pub fn any(&self) -> Result<Value, DecodeError> {
        Ok(copy_of(self.value))
    }

    /// As an array.
    ///
    /// # Errors
    /// Fails if it is not an array, or if an item cannot be read.
    pub fn list<T>(&self, read: impl Fn(&Reader<'_>) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
        let Value::Array(items) = self.value else { return Err(self.expected("an array")) };
        let item = |(index, value)| read(&Reader { value, parent: Some(self), step: PathSegment::Index(index) });
        items.iter().enumerate().map(item).collect()
    }

    /// As an object with free keys.
    ///
    /// # Errors
    /// Fails if it is not an object, or if a value cannot be read.
    pub fn map<T>(
        &self,
        read: impl Fn(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<std::collections::BTreeMap<String, T>, DecodeError> {
        let Value::Object(map) = self.value else { return Err(self.expected("an object")) };
        let entry = |(key, value): (&String, &Value)| {
            Ok((key.clone(), read(&Reader { value, parent: Some(self), step: PathSegment::Key(key) })?))
        };
        map.iter().map(entry).collect()
    }

    /// The error that something else was expected here.
    #[must_use]
    pub fn expected(&self, expected: &'static str) -> DecodeError {
        DecodeError { at: self.pointer(), expected, found: type_name(self.value) }
    }

    /// JSON pointer of this place.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut out = self.parent.map(Self::pointer).unwrap_or_default();
        match self.step {
            PathSegment::Root => {}
            PathSegment::Key(key) => push_segment(&mut out, key),
            PathSegment::Index(index) => push_segment(&mut out, &index.to_string()),
        }
        out
    }
}

/// An object that is being read.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    map: &'a Map<String, Value>,
    reader: &'a Reader<'a>,
}

impl<'a> Object<'a> {
    /// Whether there is such a field, `null` or not.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Reads a required field.
    ///
    /// # Errors
    /// Fails if it is missing or cannot be read.
    pub fn required<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match self.map.get(name) {
            Some(value) => read(&Reader { value, parent: Some(self.reader), step: PathSegment::Key(name) }),
            None => {
                let mut at = self.reader.pointer();
                push_segment(&mut at, name);
                Err(DecodeError { at, expected: "a value", found: "nothing" })
            }
        }
    }

    /// Reads an optional field. `null` and a value of the wrong type become `None`, so that the rest of the response
    /// stays usable. The raw response still has the value.
    pub fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Option<T> {
        let value = self.map.get(name)?;
        if value.is_null() {
            return None;
        }
        read(&Reader { value, parent: Some(self.reader), step: PathSegment::Key(name) }).ok()
    }

    /// A field where `null` means something.
    pub fn nullable<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Option<crate::Nullable<T>> {
        match self.map.get(name)? {
            Value::Null => Some(crate::Nullable::Null),
            _ => self.optional(name, read).map(crate::Nullable::Value),
        }
    }

    /// Fails if there are other fields than these.
    ///
    /// # Errors
    /// Fails if there is another field.
    pub fn only(&self, known: &[&str]) -> Result<(), DecodeError> {
        match self.map.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, value)) => {
                let place = Reader { value, parent: Some(self.reader), step: PathSegment::Key(name) };
                Err(place.expected("no field of this name"))
            }
        }
    }

    /// All fields except these.
    #[must_use]
    pub fn rest(&self, known: &[&str]) -> Extra {
        let mut rest = Extra::new();
        // One by one: there are few, and collecting would sort them with code of its own.
        for (name, value) in self.map.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            rest.insert(name.clone(), copy_of(value));
        }
        rest
    }
}

/// The value at a JSON pointer. serde_json's own way brings a searcher of texts, for the sake of `~`.
pub(crate) fn at<'a>(mut value: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut rest = pointer;
    while let Some(after) = rest.strip_prefix('/') {
        let end = find(after.as_bytes(), b"/").unwrap_or(after.len());
        let (part, next) = after.split_at_checked(end)?;
        value = match value {
            Value::Object(fields) if find(part.as_bytes(), b"~").is_some() => {
                fields.iter().find(|(name, _)| is_segment(name, part))?.1
            }
            Value::Object(fields) => fields.get(part)?,
            Value::Array(items) => items.get(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
        rest = next;
    }
    rest.is_empty().then_some(value)
}

fn is_segment(name: &str, part: &str) -> bool {
    let mut escaped = String::new();
    push_segment(&mut escaped, name);
    escaped.strip_prefix('/') == Some(part)
}

/// A whole number of 64 bits, also where it is written `5.0` or `1.7e18`.
#[must_use]
pub fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| crate::check::Number::of(value)?.integer())
}

/// A number as a word of the server, such as an id: `7.0` is `7`. `None` where its digits are lost, since it has more than
/// 64 bits.
pub(crate) fn number_text(value: &Value) -> Option<String> {
    let number = value.as_number()?;
    let is_lost = || number.as_f64().is_none_or(|it| it.fract() == 0.0);
    match integer(value) {
        Some(whole) => Some(whole.to_string()),
        None if !number.is_u64() && is_lost() => None,
        None => Some(number.to_string()),
    }
}

pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

pub(crate) fn push_segment(out: &mut String, segment: &str) {
    out.push('/');
    for character in segment.chars() {
        match character {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            other => out.push(other),
        }
    }
}
