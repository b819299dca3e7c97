//! Parameters as they are sent: paths, queries, headers, forms and parts, for documents, samples and tests.
//!
//! The runtime writes the requests of generated clients and shares no code with this.

use serde_json::{Map, Value};

use crate::model::{Field, ListStyle, Location, ObjectStyle, Operation, PathPart, Style, TextStyle};

/// Where one text stands.
#[derive(Clone, Copy, PartialEq)]
enum Escaping {
    Url,
    /// A query in which reserved characters stay as they are.
    Reserved,
    Header,
    /// In a document, for people.
    Plain,
}

impl Escaping {
    /// The same for the values of a parameter of this style.
    fn of(self, style: Style) -> Self {
        if self == Self::Url && style.texts == TextStyle::Reserved { Self::Reserved } else { self }
    }

    fn escaped(self, text: &str) -> String {
        match self {
            Self::Url => percent_encoded(text),
            Self::Reserved => with_reserved(text, "/?:@!$'()*,;="),
            Self::Header => text.replace(',', "%2C"),
            Self::Plain => text.to_owned(),
        }
    }

    /// The name of a field of an object.
    fn name(self, name: &str) -> String {
        match self {
            Self::Url | Self::Reserved => with_reserved(name, NAME),
            Self::Header | Self::Plain => self.escaped(name),
        }
    }

    fn json(self, value: &Value) -> String {
        match self {
            Self::Url | Self::Reserved => percent_encoded(&value.to_string()),
            // JSON in a header is ASCII.
            Self::Header => {
                let escaped = |it: char| match matches!(it, ' '..='~') {
                    true => it.to_string(),
                    false => it.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
                };
                value.to_string().chars().map(escaped).collect()
            }
            Self::Plain => value.to_string(),
        }
    }

    fn separator(self, style: ListStyle) -> &'static str {
        match (style, self) {
            (ListStyle::Space, Self::Plain) => " ",
            (ListStyle::Pipe, Self::Plain) => "|",
            (ListStyle::Space, _) => "%20",
            (ListStyle::Pipe, _) => "%7C",
            (ListStyle::Semicolon, _) => ";",
            (ListStyle::Dots, _) => ".",
            _ => ",",
        }
    }
}

/// What a name may hold as it is, such as `$` in `$filter`. Brackets and dots are between the names of an object.
const NAME: &str = "/?:@!$'()*,;";

/// The name of a parameter of a query or a form, whose brackets are its own: `ids[]`.
#[must_use]
pub fn encoded_name(name: &str) -> String {
    with_reserved(name, "/?:@!$'()*,;[]")
}

/// The path with its parameters by name. A parameter that is missing stands as `{name}`.
#[must_use]
pub fn path(op: &Operation, parameters: &Map<String, Value>) -> String {
    let mut path = String::new();
    for part in &op.path {
        match part {
            PathPart::Literal(literal) => path.push_str(literal),
            PathPart::Parameter(ix) => {
                let field = op.parameters.field(*ix);
                match parameters.get(&field.name) {
                    Some(Value::String(text)) if field.sent.keeps_slashes => {
                        path.push_str(&with_reserved(text, "/:@!$&'()*+,;="))
                    }
                    Some(value) => path.push_str(&one_text(value, field.sent.style, Escaping::Url)),
                    None => path.push_str(&format!("{{{}}}", field.sent_name())),
                }
            }
        }
    }
    path
}

/// The query with its parameters by name, without the `?`.
#[must_use]
pub fn query(op: &Operation, parameters: &Map<String, Value>) -> String {
    all_pairs(op, Location::Query, parameters)
}

/// The body of a form with its fields by name. What the operation does not know comes last.
#[must_use]
pub fn form(op: &Operation, parameters: &Map<String, Value>) -> String {
    let mut form = all_pairs(op, op.body_location(), parameters);
    for (name, value) in parameters.iter().filter(|(name, _)| op.parameters.find(name).is_none()) {
        form.push_str(if form.is_empty() { "" } else { "&" });
        form.push_str(&format!("{}={}", encoded_name(name), percent_encoded(&text(value))));
    }
    form
}

/// The headers that a parameter is sent in, each with its name.
#[must_use]
pub fn headers(field: &Field, value: &Value) -> Vec<(String, String)> {
    match (field.header_prefix(), value) {
        (Some(start), Value::Object(entries)) => {
            entries.iter().map(|(name, it)| (format!("{start}{name}"), text(it))).collect()
        }
        _ => header(field, value).into_iter().map(|it| (field.sent_name().to_owned(), it)).collect(),
    }
}

/// The value of one header; nothing if it is not sent.
#[must_use]
pub fn header(field: &Field, value: &Value) -> Option<String> {
    Some(one_text(value, field.sent.style, Escaping::Header)).filter(|it| !it.is_empty() || value.is_string())
}

/// The value of a cookie; nothing if it is not sent.
#[must_use]
pub fn cookie(field: &Field, value: &Value) -> Option<String> {
    Some(one_text(value, field.sent.style, Escaping::Url)).filter(|it| !it.is_empty() || value.is_string())
}

/// The pairs of one parameter of a query or a form, encoded.
#[must_use]
pub fn pairs(field: &Field, value: &Value) -> Vec<String> {
    let mut pairs = Vec::new();
    write_pairs(&encoded_name(field.sent_name()), value, field.sent.style, Escaping::Url, &mut pairs);
    let is_flag = |value: &str| value.is_empty() && field.sent.style.is_flag();
    pairs.into_iter().map(|(name, it)| if is_flag(&it) { name } else { format!("{name}={it}") }).collect()
}

/// The texts that a parameter of a multipart body with a style becomes, by the names of their parts.
#[must_use]
pub fn part_texts(field: &Field, value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    write_pairs(field.sent_name(), value, field.sent.style, Escaping::Plain, &mut pairs);
    pairs
}

/// The items of a list as lines of JSON.
#[must_use]
pub fn json_lines(items: &Value) -> String {
    items.as_array().into_iter().flatten().map(|it| format!("{it}\n")).collect()
}

/// How a value of a parameter is sent, for people to read: nothing is encoded.
pub(crate) fn shown(field: &Field, value: &Value, in_text: bool) -> String {
    let style = field.sent.style;
    if in_text {
        return one_text(value, style, Escaping::Plain);
    }
    let pairs: Vec<String> =
        part_texts(field, value).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn all_pairs(op: &Operation, location: Location, parameters: &Map<String, Value>) -> String {
    let fields = op.parameters.fields.iter().filter(|it| it.location == location);
    let all: Vec<String> = fields.filter_map(|it| Some(pairs(it, parameters.get(&it.name)?))).flatten().collect();
    all.join("&")
}

fn write_pairs(key: &str, value: &Value, style: Style, place: Escaping, out: &mut Vec<(String, String)>) {
    if value.is_null() {
        return;
    }
    if style.json {
        return out.push((key.to_owned(), place.json(value)));
    }
    match value {
        Value::Array(items) => match style.lists {
            ListStyle::Json => out.push((key.to_owned(), place.json(value))),
            ListStyle::Repeated => items.iter().for_each(|it| write_pairs(key, it, style, place, out)),
            ListStyle::Comma | ListStyle::Space | ListStyle::Pipe | ListStyle::Semicolon | ListStyle::Dots => {
                let joined = joined(items.iter(), place.separator(style.lists), place.of(style));
                out.extend((items.iter().any(|it| !it.is_null())).then(|| (key.to_owned(), joined)));
            }
            ListStyle::Numbered => {
                for (index, item) in items.iter().filter(|it| !it.is_null()).enumerate() {
                    write_pairs(&format!("{key}.{}", index + 1), item, style, place, out);
                }
            }
            ListStyle::Brackets | ListStyle::Indices => {
                for (index, item) in items.iter().filter(|it| !it.is_null()).enumerate() {
                    let numbered = style.lists == ListStyle::Indices || item.is_array() || item.is_object();
                    let key = if numbered { format!("{key}[{index}]") } else { format!("{key}[]") };
                    write_pairs(&key, item, style, place, out);
                }
            }
        },
        Value::Object(fields) => match style.objects {
            Some(ObjectStyle::Json) => out.push((key.to_owned(), place.json(value))),
            Some(ObjectStyle::Comma) => {
                let words = words(fields, ",", place);
                out.extend((!words.is_empty()).then(|| (key.to_owned(), words)));
            }
            Some(ObjectStyle::Exploded) => {
                let style = Style { objects: Some(ObjectStyle::DeepObject), ..style };
                let start = key.strip_suffix('*').unwrap_or_default();
                for (name, it) in fields {
                    write_pairs(&format!("{start}{}", place.name(name)), it, style, place, out);
                }
            }
            Some(ObjectStyle::Dots) => {
                for (name, value) in fields {
                    write_pairs(&format!("{key}.{}", place.name(name)), value, style, place, out);
                }
            }
            Some(ObjectStyle::DeepObject) | None => {
                for (name, value) in fields {
                    write_pairs(&format!("{key}[{}]", place.name(name)), value, style, place, out);
                }
            }
        },
        _ => out.push((key.to_owned(), place.of(style).escaped(&text(value)))),
    }
}

/// A value of a path or a header.
fn one_text(value: &Value, style: Style, place: Escaping) -> String {
    match value {
        Value::Null => String::new(),
        _ if style.json => place.json(value),
        Value::Array(_) if style.lists == ListStyle::Json => place.json(value),
        Value::Object(_) if style.objects == Some(ObjectStyle::Json) => place.json(value),
        Value::Array(items) if matches!(style.lists, ListStyle::Dots | ListStyle::Semicolon) => {
            joined(items.iter(), place.separator(style.lists), place)
        }
        Value::Array(items) => joined(items.iter(), ",", place),
        Value::Object(fields) => {
            words(fields, if style.objects == Some(ObjectStyle::Exploded) { "=" } else { "," }, place)
        }
        // Only what has several parts has a separator to escape.
        _ if place == Escaping::Header && style == Style::PLAIN => text(value),
        _ => place.escaped(&text(value)),
    }
}

fn joined<'a>(items: impl Iterator<Item = &'a Value>, separator: &str, place: Escaping) -> String {
    let texts: Vec<String> = items.filter(|it| !it.is_null()).map(|it| place.escaped(&text(it))).collect();
    texts.join(separator)
}

/// `a,1,b,2`, or with something else between a name and its value.
fn words(fields: &Map<String, Value>, between: &str, place: Escaping) -> String {
    let pair =
        |(name, value): (&String, &Value)| format!("{}{between}{}", place.escaped(name), place.escaped(&text(value)));
    let words: Vec<String> = fields.iter().filter(|(_, it)| !it.is_null()).map(pair).collect();
    words.join(",")
}

/// A scalar as text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Percent-encoded but for some characters.
fn with_reserved(text: &str, kept: &str) -> String {
    let stays = |it: char| kept.contains(it);
    text.split_inclusive(stays)
        .map(|part| match part.char_indices().next_back() {
            Some((at, last)) if stays(last) => format!("{}{last}", percent_encoded(&part[..at])),
            _ => percent_encoded(part),
        })
        .collect()
}

/// Everything but RFC 3986's unreserved characters as `%41`.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
