//! Writing JSON text.

use serde_json::Value;

use super::Extra;
use crate::byte_scan::all_unescaped;
use crate::number::{decimal_digits, number_text, push_json, push_number};

/// A value that can be written as JSON. A record implements [`fields`](Self::fields), everything else
/// [`encode`](Self::encode).
pub trait Encode {
    /// Writes exactly one JSON value.
    #[inline]
    fn encode(&self, out: &mut JsonWriter) {
        out.begin_object();
        self.fields(out);
        out.end_object();
    }

    /// Writes the fields of a record, without the braces.
    #[inline]
    fn fields(&self, out: &mut JsonWriter) {
        let _ = out;
    }
}

/// Writes JSON text, including the commas.
#[derive(Clone, Debug, Default)]
pub struct JsonWriter {
    out: Vec<u8>,
    lost_a_number: bool,
    /// For people and files, not for the server.
    keeps_received: bool,
    /// Without the fields that a record does not list, where it is closed.
    is_closed: bool,
    /// For `Debug`: without secrets, and with numbers that JSON cannot represent.
    is_for_debug: bool,
    /// Without fields that the spec does not know, which may be a secret under another name.
    hides_extra: bool,
}

impl From<Vec<u8>> for JsonWriter {
    /// Continues after existing JSON text.
    fn from(out: Vec<u8>) -> Self {
        Self { out, ..Self::default() }
    }
}

impl JsonWriter {
    /// The written text.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// The written text.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// A writer that keeps the fields that are only received.
    #[cfg(feature = "serde")]
    pub(crate) fn keeping_received() -> Self {
        Self { keeps_received: true, ..Self::default() }
    }

    /// A writer of all that a type describes, and of nothing else.
    pub(crate) fn of_described() -> Self {
        Self { keeps_received: true, is_closed: true, ..Self::default() }
    }

    /// A writer for `Debug`, which shows everything but secrets.
    pub(crate) fn for_debug() -> Self {
        Self { keeps_received: true, is_for_debug: true, ..Self::default() }
    }

    /// Writes a secret for `Debug`, which does not show it. No unknown fields are shown after it, since one might be the
    /// secret under another name. `false`: nothing was written, because a secret is sent as it is.
    pub(crate) fn hide(&mut self, name: &str) -> bool {
        if self.is_for_debug {
            self.hides_extra = true;
            self.key(name).string("…");
        }
        self.is_for_debug
    }

    /// Whether fields are written that are only received.
    pub(crate) fn keeps_received(&self) -> bool {
        self.keeps_received
    }

    /// Whether a number had to be written as `null`.
    pub(crate) fn lost_a_number(&self) -> bool {
        self.lost_a_number
    }

    /// Reserves memory.
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

    /// Ends a line: what follows is a value of its own.
    pub(crate) fn end_line(&mut self) {
        self.out.push(b'\n');
    }

    /// Writes the name of the next field.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.text(name);
        self.out.push(b':');
        self
    }

    /// Writes a field.
    pub fn field<T: Encode>(&mut self, name: &str, value: &T) {
        value.encode(self.key(name));
    }

    /// Writes an optional field, or nothing if it is absent.
    ///
    /// Writers of requests mostly consist of calls of this, so that the compiler has few branches to process.
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

    /// Writes a whole number without a sign.
    pub fn unsigned(&mut self, value: u64) {
        self.comma();
        let mut buffer = [0; 20];
        self.out.extend_from_slice(decimal_digits(value, &mut buffer));
    }

    /// Writes a number. A whole number has no fraction. A number that JSON cannot represent becomes `null`, and a
    /// request with such a number is not sent.
    pub fn number(&mut self, value: f64) {
        self.comma();
        if !value.is_finite() {
            self.lost_a_number = true;
            let shown = if self.is_for_debug { number_text(value) } else { "null".to_owned() };
            self.out.extend_from_slice(shown.as_bytes());
        } else if value.abs() < 1e15 && value as i64 as f64 == value {
            self.digits(value as i64);
        } else if !self.decimal(value) {
            push_json(&mut self.out, value);
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
        if !self.hides_extra {
            self.entries(extra);
        }
    }

    fn entries(&mut self, of: &Extra) {
        for (name, value) in of {
            self.key(name).value(value);
        }
    }

    /// As [`extra`](Self::extra), of a record that a union compares with others: what it does not list is not of it.
    pub fn unlisted_extra(&mut self, extra: &Extra) {
        if !self.is_closed {
            self.extra(extra);
        }
    }

    /// As [`extra`](Self::extra), of fields that the spec gives a type.
    pub fn typed_extra<T: Encode>(&mut self, extra: &std::collections::BTreeMap<String, T>) {
        if self.hides_extra {
            return;
        }
        for (name, value) in extra {
            value.encode(self.key(name));
        }
    }

    /// Writes a record of a union, with the field that distinguishes it before its own fields.
    pub fn tagged<T: Encode>(&mut self, tag: &str, value: &str, record: &T) {
        self.begin_object();
        self.key(tag).string(value);
        record.fields(self);
        self.end_object();
    }

    /// As [`tagged`](Self::tagged), of a tag that is a number or a truth value.
    pub fn tagged_by<V: Encode, T: Encode>(&mut self, tag: &str, value: V, record: &T) {
        self.begin_object();
        value.encode(self.key(tag));
        record.fields(self);
        self.end_object();
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
        if !matches!(self.out.last(), None | Some(b'{' | b'[' | b':' | b'\n')) {
            self.out.push(b',');
        }
    }

    /// Does not use serde, whose writers would be a tenth of a small program.
    fn any(&mut self, value: &Value) {
        match value {
            Value::Null => self.out.extend_from_slice(b"null"),
            Value::Bool(value) => self.out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Value::Number(number) => push_number(&mut self.out, number),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.out.push(b'[');
                items.iter().for_each(|it| self.value(it));
                self.out.push(b']');
            }
            Value::Object(fields) => {
                self.out.push(b'{');
                self.entries(fields);
                self.out.push(b'}');
            }
        }
    }

    /// A number with few digits, such as 0.75. Other numbers require an algorithm for the shortest text.
    fn decimal(&mut self, value: f64) -> bool {
        const PLACES: usize = 6;
        let scaled = value.abs() * 1e6;
        let millionths = scaled as i64;
        // Numbers of up to 15 digits differ in their 64 bits, so the text is the shortest one, if it is the number's.
        if !((10.0..1e15).contains(&scaled) && millionths as f64 == scaled && scaled / 1e6 == value.abs()) {
            return false;
        }
        if value.is_sign_negative() {
            self.out.push(b'-');
        }
        self.digits(millionths / 1_000_000);
        let mut places = millionths as u64 % 1_000_000;
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

    /// Does not use the formatting machinery, which costs more than the rest of a request.
    fn digits(&mut self, value: i64) {
        if value < 0 {
            self.out.push(b'-');
        }
        let mut buffer = [0; 20];
        self.out.extend_from_slice(decimal_digits(value.unsigned_abs(), &mut buffer));
    }

    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.out.push(b'"');
        if all_unescaped(bytes) {
            self.out.extend_from_slice(bytes);
        } else {
            self.escaped(bytes);
        }
        self.out.push(b'"');
    }

    /// Apart from [`text`](Self::text): what is done for each text is shorter without it.
    #[inline(never)]
    fn escaped(&mut self, bytes: &[u8]) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut from = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
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
        self.out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    }
}

/// A JSON value as text.
pub(crate) fn text_of(value: &Value) -> String {
    let mut out = JsonWriter::default();
    out.value(value);
    String::from_utf8(out.into_bytes()).unwrap_or_default()
}
