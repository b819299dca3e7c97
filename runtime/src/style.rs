//! How lists and objects are written in a path, a query, a header, a form or a multipart body.
//!
//! A value is written as JSON first and taken apart here, so that all types share this code, and a crate whose parameters
//! are plain has none of it.

use std::borrow::Cow;

use serde_json::Value;

use crate::json::parse;
use crate::percent::keep;
use crate::request::encode_name;
use crate::{Encode, JsonWriter, Multipart, RequestParts};

mod escaping;

use escaping::Escaping;

/// How a parameter's lists and objects are written.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    lists: ListStyle,
    objects: ObjectStyle,
    json: bool,
    texts: TextStyle,
}

/// How a text is written in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextStyle {
    /// `a=b%2Fc`
    Encoded,
    /// `a=b/c`
    Reserved,
    /// `a` without a `=`, where the text is empty.
    Flag,
}

/// How a list is written.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListStyle {
    /// `a=1&a=2`
    Repeated,
    /// `a=1,2`
    Comma,
    /// `a=1%202`
    Space,
    /// `a=1%7C2`
    Pipe,
    /// `a[]=1&a[]=2`, and `a[0][b]=1` where an item holds several values.
    Brackets,
    /// `a[0]=1&a[1]=2`
    Indices,
    /// `a=1;2`
    Semicolon,
    /// `a.1=1&a.2=2`
    Numbered,
    /// `1.2`
    Dots,
    /// `a=[1,2]`
    Json,
}

/// How an object is written.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectStyle {
    /// `b=1&c=2`
    Exploded,
    /// `a=b,1,c,2`
    Comma,
    /// `a[b]=1&a[c]=2`
    DeepObject,
    /// `a.b=1&a.c=2`
    Dots,
    /// `a={"b":1,"c":2}`
    Json,
}

impl Style {
    /// The whole value is JSON text, whatever it is.
    pub const JSON: Self = Self { json: true, ..Self::new(ListStyle::Json, ObjectStyle::Json) };

    /// Lists as repeated keys.
    pub const PLAIN: Self = Self::new(ListStyle::Repeated, ObjectStyle::DeepObject);

    /// Lists and objects in these styles, and everything else as its text.
    #[must_use]
    pub const fn new(lists: ListStyle, objects: ObjectStyle) -> Self {
        Self { lists, objects, json: false, texts: TextStyle::Encoded }
    }

    /// The same, where what a query may hold stays as it is in texts.
    #[must_use]
    pub const fn reserved(self) -> Self {
        Self { texts: TextStyle::Reserved, ..self }
    }

    /// The same, where an empty text is the name alone.
    #[must_use]
    pub const fn flag(self) -> Self {
        Self { texts: TextStyle::Flag, ..self }
    }
}

/// What a path may hold as it is, of the characters that RFC 3986 reserves.
const RESERVED: &[char] = &['/', ':', '@', '!', '$', '&', '\'', '(', ')', '*', '+', ',', ';', '='];

#[doc(hidden)]
impl RequestParts {
    /// Adds a parameter of the query. Nothing is sent where there is no value.
    pub fn styled_query<T: Encode>(&mut self, name: &str, value: &Option<T>, style: Style) {
        if let Some(json) = self.json_of(value) {
            let mut query = std::mem::take(&mut self.query);
            self.unseparable |= !write_pairs(&mut query, name, &json, style);
            self.query = query;
        }
    }

    /// Adds a field of a form.
    pub fn styled_form<T: Encode>(&mut self, name: &str, value: &Option<T>, style: Style) {
        if let Some(json) = self.json_of(value) {
            let mut form = self.form.take().unwrap_or_default();
            self.unseparable |= !write_pairs(&mut form, name, &json, style);
            self.form = Some(form);
        }
    }

    /// Adds a header.
    pub fn styled_header<T: Encode>(&mut self, name: &'static str, value: &Option<T>, style: Style) {
        if let Some(json) = self.json_of(value) {
            let mut text = String::new();
            self.unseparable |= !write_text(&mut text, &json, style, Escaping::Header);
            if !text.is_empty() {
                self.header(name, text);
            }
        }
    }

    /// Adds a cookie. Nothing is sent where there is no value, and for an empty list or object.
    pub fn styled_cookie<T: Encode>(&mut self, name: &'static str, value: &Option<T>, style: Style) {
        if let Some(json) = self.json_of(value) {
            let mut text = format!("{name}=");
            let start = text.len();
            self.unseparable |= !write_text(&mut text, &json, style, Escaping::Url);
            if text.len() > start || json.starts_with(b"\"") {
                self.header("cookie", text);
            }
        }
    }

    /// Adds a parameter of the path.
    pub fn styled_path<T: Encode>(&mut self, value: &Option<T>, style: Style) {
        let mut text = String::new();
        if let Some(json) = self.json_of(value) {
            self.unseparable |= !write_text(&mut text, &json, style, Escaping::Url);
        }
        self.empty_path_value |= text.is_empty();
        self.path.push_str(&text);
    }

    /// Adds a parameter of the path that may have several segments: a slash in it stays one.
    pub fn path_segments(&mut self, value: &Option<String>) {
        let value = value.as_deref().unwrap_or_default();
        // A slash at the end names a folder; an empty segment elsewhere names another path.
        self.empty_path_value |= value.is_empty() || value.starts_with('/') || value.contains("//");
        keep(&mut self.path, value, RESERVED);
    }

    /// The value as JSON; nothing for what is not there or `null`.
    fn json_of<T: Encode>(&mut self, value: &Option<T>) -> Option<Vec<u8>> {
        let mut json = JsonWriter::default();
        value.as_ref()?.encode(&mut json);
        self.lost_a_number |= json.lost_a_number();
        Some(json.into_bytes()).filter(|it| it != b"null")
    }
}

#[doc(hidden)]
impl Multipart {
    /// Adds the texts of a value in a style, and nothing if it is absent.
    pub fn styled_part<T: Encode>(&mut self, name: &str, value: &Option<T>, style: Style) {
        let Some(value) = value else { return };
        let mut json = JsonWriter::default();
        value.encode(&mut json);
        self.lose_a_number(json.lost_a_number());
        let mut add = |name: &str, text: String| self.text_of_type(name.to_owned(), text, None);
        let separable = Pairs { place: Escaping::Part, add: &mut add }.write(name, &json.into_bytes(), style);
        self.unseparable |= !separable;
    }

    /// Adds each field of an object as a part of its own, and nothing if it is absent. Objects in it are parts of JSON, and
    /// each item of a list is one.
    pub fn object_parts<T: Encode>(&mut self, _: &str, value: &Option<T>, kind: &'static str) {
        let Some(value) = value else { return };
        let mut json = JsonWriter::default();
        value.encode(&mut json);
        self.lose_a_number(json.lost_a_number());
        for (name, value) in fields(&json.into_bytes()) {
            let all = if value.starts_with(b"[") { items(value) } else { vec![value] };
            for it in all {
                let kind = matches!(it.first(), Some(b'{' | b'[')).then_some(kind);
                self.text_of_type(name.clone(), unquoted(it).into_owned(), kind);
            }
        }
    }
}

/// Writes a value as `name=value` pairs. Whether every item can be told from its separator.
fn write_pairs(out: &mut String, name: &str, json: &[u8], style: Style) -> bool {
    let mut key = String::new();
    encode_name(&mut key, name);
    let mut add = |key: &str, value: String| {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(key);
        if !value.is_empty() || style.texts != TextStyle::Flag {
            out.push('=');
        }
        out.push_str(&value);
    };
    let place = if style.texts == TextStyle::Reserved { Escaping::Reserved } else { Escaping::Url };
    Pairs { place, add: &mut add }.write(&key, json, style)
}

/// Takes names and values, both escaped for their place.
struct Pairs<'a> {
    place: Escaping,
    add: &'a mut dyn FnMut(&str, String),
}

impl Pairs<'_> {
    /// `key` is escaped already.
    fn write(&mut self, key: &str, json: &[u8], style: Style) -> bool {
        if style.json {
            self.json(key, json);
            return true;
        }
        self.value(key, json, style)
    }

    fn json(&mut self, key: &str, json: &[u8]) {
        let mut value = String::new();
        self.place.json(&mut value, json);
        (self.add)(key, value);
    }

    fn value(&mut self, key: &str, json: &[u8], style: Style) -> bool {
        match json.first() {
            Some(b'[') => return self.list(key, json, style),
            Some(b'{') => return self.object(key, json, style),
            _ if json == b"null" => {}
            _ => {
                let mut value = String::new();
                self.place.escape(&mut value, &unquoted(json));
                (self.add)(key, value);
            }
        }
        true
    }

    fn list(&mut self, key: &str, json: &[u8], style: Style) -> bool {
        let items = items(json);
        let separator = match style.lists {
            ListStyle::Json => {
                self.json(key, json);
                return true;
            }
            ListStyle::Repeated => return items.iter().fold(true, |all, it| self.value(key, it, style) & all),
            ListStyle::Brackets | ListStyle::Indices => {
                let mut all = true;
                for (index, item) in items.iter().enumerate() {
                    let several = matches!(item.first(), Some(b'[' | b'{'));
                    let key = if several || style.lists == ListStyle::Indices {
                        format!("{key}[{index}]")
                    } else {
                        format!("{key}[]")
                    };
                    all &= self.value(&key, item, style);
                }
                return all;
            }
            ListStyle::Numbered => {
                let numbered = items.iter().enumerate();
                return numbered
                    .fold(true, |all, (index, it)| self.value(&format!("{key}.{}", index + 1), it, style) & all);
            }
            ListStyle::Comma => ',',
            ListStyle::Semicolon => ';',
            ListStyle::Space => ' ',
            ListStyle::Pipe => '|',
            ListStyle::Dots => '.',
        };
        let mut joined = String::new();
        let separable = join(&mut joined, items.iter().map(|it| unquoted(it)), separator, self.place);
        if !items.is_empty() {
            (self.add)(key, joined);
        }
        separable
    }

    fn object(&mut self, key: &str, json: &[u8], style: Style) -> bool {
        let fields = fields(json);
        let mut all = true;
        match style.objects {
            ObjectStyle::Json => self.json(key, json),
            ObjectStyle::Comma => {
                if !fields.is_empty() {
                    let mut joined = String::new();
                    all = join(&mut joined, words(&fields), ',', self.place);
                    (self.add)(key, joined);
                }
            }
            ObjectStyle::Exploded => {
                // Of `meta-*`, each name begins with `meta-`.
                let start = key.strip_suffix('*').unwrap_or_default();
                // An object inside of this one has a name to stand behind.
                let inner = Style { objects: ObjectStyle::DeepObject, ..style };
                for (name, value) in &fields {
                    let mut key = start.to_owned();
                    self.place.name(&mut key, name);
                    all &= self.value(&key, value, inner);
                }
            }
            ObjectStyle::DeepObject | ObjectStyle::Dots => {
                let (before, after) = if style.objects == ObjectStyle::Dots { (".", "") } else { ("[", "]") };
                for (name, value) in &fields {
                    let mut key = format!("{key}{before}");
                    self.place.name(&mut key, name);
                    key.push_str(after);
                    all &= self.value(&key, value, style);
                }
            }
        }
        all
    }
}

/// Writes a value as one text, for a path or a header: lists and objects with commas.
fn write_text(out: &mut String, json: &[u8], style: Style, place: Escaping) -> bool {
    match json.first() {
        _ if style.json => place.json(out, json),
        Some(b'[') if style.lists == ListStyle::Json => place.json(out, json),
        Some(b'{') if style.objects == ObjectStyle::Json => place.json(out, json),
        Some(b'[') => {
            let separator = match style.lists {
                ListStyle::Dots => '.',
                ListStyle::Semicolon => ';',
                _ => ',',
            };
            return join(out, items(json).iter().map(|it| unquoted(it)), separator, place);
        }
        Some(b'{') if style.objects == ObjectStyle::Exploded => {
            for (index, (name, value)) in fields(json).iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                place.escape(out, name);
                out.push('=');
                place.escape(out, &unquoted(value));
            }
        }
        Some(b'{') => return join(out, words(&fields(json)), ',', place),
        _ => place.escape(out, &unquoted(json)),
    }
    true
}

/// Texts with a separator between them. False if one of them holds a separator that cannot be written in another way.
fn join<'a>(out: &mut String, texts: impl Iterator<Item = Cow<'a, str>>, separator: char, place: Escaping) -> bool {
    let mut separable = true;
    for (index, text) in texts.enumerate() {
        match (separator, place) {
            _ if index == 0 => {}
            (' ', Escaping::Url | Escaping::Reserved) => out.push_str("%20"),
            ('|', Escaping::Url | Escaping::Reserved) => out.push_str("%7C"),
            _ => out.push(separator),
        }
        // An escaped comma is no separator.
        let is_escaped = separator == ',' && !matches!(place, Escaping::Part | Escaping::Reserved);
        separable &= is_escaped || !text.contains(separator);
        place.escape(out, &text);
    }
    separable
}

fn words<'a>(fields: &'a [(String, &'a [u8])]) -> impl Iterator<Item = Cow<'a, str>> {
    fields.iter().flat_map(|(name, value)| [Cow::Borrowed(name.as_str()), unquoted(value)])
}

/// A part of JSON text that this crate wrote.
fn text(json: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(json)
}

/// A scalar as text.
fn unquoted(json: &[u8]) -> Cow<'_, str> {
    match json.first() {
        Some(b'"') => match parse(json) {
            Ok(Value::String(text)) => Cow::Owned(text),
            _ => text(json),
        },
        _ => text(json),
    }
}

/// The items of a list; those that are `null` have no text.
fn items(json: &[u8]) -> Vec<&[u8]> {
    parts(json).into_iter().filter(|it| *it != b"null").collect()
}

/// The fields of an object; those that are `null` have no text.
fn fields(json: &[u8]) -> Vec<(String, &[u8])> {
    let mut fields = Vec::new();
    for part in parts(json) {
        let Some(end) = end_of_text(part) else { continue };
        let (name, value) = part.split_at(end);
        if let Some(value) = value.strip_prefix(b":").filter(|it| *it != b"null") {
            fields.push((unquoted(name).into_owned(), value));
        }
    }
    fields
}

/// Where the text ends that JSON starts with.
fn end_of_text(json: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in json.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// What stands between the outer brackets, at its commas.
fn parts(json: &[u8]) -> Vec<&[u8]> {
    let Some(inner) = json.get(1..json.len().saturating_sub(1)).filter(|it| !it.is_empty()) else { return Vec::new() };
    let mut parts = Vec::new();
    let (mut from, mut at, mut depth) = (0, 0, 0_usize);
    while let Some(byte) = inner.get(at) {
        match byte {
            b'"' => at += end_of_text(&inner[at..]).map_or(0, |it| it - 1),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&inner[from..]);
    parts
}
