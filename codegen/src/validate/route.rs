//! Paths: a template in segments, a real path in segments, and whether one is the other.

use serde_json::{Map, Value};

use crate::model::PathPart;

/// One piece of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Parameter(String),
}

/// A path template in segments.
pub(super) struct Template {
    segments: Vec<Vec<Piece>>,
}

/// How well a path fits: per segment, from the left; text beats parameters.
pub(super) type Rank = Vec<u8>;

impl Template {
    /// `name` words a parameter.
    pub(super) fn new(parts: &[PathPart], name: impl Fn(&PathPart) -> String) -> Self {
        let mut segments = vec![Vec::new()];
        for part in parts {
            match part {
                PathPart::Literal(text) => {
                    for (index, piece) in text.split('/').enumerate() {
                        if index > 0 {
                            segments.push(Vec::new());
                        }
                        if let (Some(last), false) = (segments.last_mut(), piece.is_empty()) {
                            last.push(Piece::Text(piece.to_owned()));
                        }
                    }
                }
                PathPart::Parameter(_) => {
                    if let Some(last) = segments.last_mut() {
                        last.push(Piece::Parameter(name(part)));
                    }
                }
            }
        }
        Self { segments }
    }

    /// The values of the parameters, and how well it fits. A `{name}` in the path stands for itself: no value.
    pub(super) fn match_path(&self, path: &str) -> Option<(Rank, Map<String, Value>)> {
        let given: Vec<&str> = path.split('/').collect();
        if given.len() != self.segments.len() {
            return None;
        }
        let mut rank = Rank::new();
        let mut values = Map::new();
        for (pieces, text) in self.segments.iter().zip(given) {
            rank.push(match_segment(pieces, text, &mut values)?);
        }
        Some((rank, values))
    }
}

fn match_segment(pieces: &[Piece], text: &str, values: &mut Map<String, Value>) -> Option<u8> {
    let decoded = percent_decoded(text);
    match pieces {
        [] => text.is_empty().then_some(2),
        [Piece::Text(wanted)] => (*wanted == text || *wanted == decoded).then_some(2),
        [Piece::Parameter(name)] => {
            capture(name, text, values)?;
            Some(0)
        }
        _ => {
            let mut rest = text;
            let mut open: Option<&str> = None;
            for piece in pieces {
                match piece {
                    Piece::Parameter(name) => open = Some(name),
                    Piece::Text(wanted) => {
                        let at = match open {
                            None => rest.starts_with(wanted.as_str()).then_some(0)?,
                            // The last place: ids may hold a colon, verbs come at the end.
                            Some(_) => rest.rfind(wanted.as_str())?,
                        };
                        if let Some(name) = open.take() {
                            capture(name, &rest[..at], values)?;
                        }
                        rest = &rest[at + wanted.len()..];
                    }
                }
            }
            match open {
                Some(name) => capture(name, rest, values)?,
                None if !rest.is_empty() => return None,
                None => {}
            }
            Some(1)
        }
    }
}

fn capture(name: &str, text: &str, values: &mut Map<String, Value>) -> Option<()> {
    if text.is_empty() {
        return None;
    }
    if !(text.starts_with('{') && text.ends_with('}')) {
        values.insert(name.to_owned(), Value::String(percent_decoded(text)));
    }
    Some(())
}

/// The path of a path or full URL, without query and fragment, and the query.
pub(super) fn split(text: &str) -> (&str, &str) {
    let text = text.split('#').next().unwrap_or_default();
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    (path_of_url(path), query)
}

/// `/v1` of `https://example.com/v1`; a path alone stays.
#[must_use]
pub fn path_of_url(url: &str) -> &str {
    match url.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|it| it.is_ascii_alphanumeric()) => {
            rest.find('/').map_or("", |at| &rest[at..])
        }
        _ => url,
    }
}

/// `a=1&b=2&b=3`: a name that is repeated becomes a list.
#[must_use]
pub fn read_query(query: &str) -> Map<String, Value> {
    let mut values = Map::new();
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent_decoded(&name.replace('+', " "));
        let value = Value::String(percent_decoded(&value.replace('+', " ")));
        match values.get_mut(&name) {
            None => {
                values.insert(name, value);
            }
            Some(Value::Array(all)) => all.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
    values
}

/// `%20` and the like decoded; what is no escape or no UTF-8 stays as it is.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |it: u8| char::from(it).to_digit(16);
        let escape = match &bytes[at..] {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}
