//! URLs as people and servers write them: the path, the query, and what is percent-encoded in both.

use serde_json::{Map, Value};

use crate::interpret::gather;
use crate::model::{Api, ListStyle, Location, ObjectStyle, Operation};

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
    read_pairs(query, &|_| false)
}

/// The query or the form of a request, each parameter under the name by which it is sent.
#[must_use]
pub fn read_parameters(api: &Api, op: &Operation, location: Location, text: &str) -> Map<String, Value> {
    let commas = |name: &str| {
        let name = name.split(['[', '.']).next().unwrap_or_default();
        let mut fields = op.parameters.fields.iter().filter(|it| it.location == location);
        let style = fields.find(|it| it.sent_name() == name).map(|it| it.sent.style);
        style.is_some_and(|it| it.lists == ListStyle::Comma || it.objects == Some(ObjectStyle::Comma))
    };
    let given = read_pairs(text, &commas);
    gather(api, op, location, &given).into_owned()
}

/// Of names with `commas`, a comma separates items, and one that is encoded stays so.
fn read_pairs(query: &str, commas: &dyn Fn(&str) -> bool) -> Map<String, Value> {
    let mut values = Map::new();
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent_decoded(&name.replace('+', " "));
        let decoded = |it: &str| percent_decoded(&it.replace('+', " "));
        let value = Value::String(if commas(&name) {
            let items: Vec<String> = value.split(',').map(|it| decoded(it).replace(',', "%2C")).collect();
            items.join(",")
        } else {
            decoded(value)
        });
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
