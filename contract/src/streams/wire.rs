//! Events as server-sent events, or as lines of JSON.

use bytes::Bytes;
use serde_json::Value;
use specwright_codegen::model::{Stream, StreamEvents};

use super::Event;

/// The text of each event, and of the end of the stream.
pub(crate) fn written(stream: &Stream, events: &[Event]) -> Vec<Bytes> {
    if stream.json_lines {
        return lines(stream, events);
    }
    let named = matches!(stream.events, StreamEvents::Named(_));
    let one = |(name, data): &Event| {
        let data = if data.is_null() { &Value::Object(serde_json::Map::new()) } else { data };
        let event = if named && !name.is_empty() { format!("event: {name}\n") } else { String::new() };
        Bytes::from(format!("{event}data: {data}\n\n"))
    };
    let end = stream.end_data.iter().map(|it| Bytes::from(format!("data: {it}\n\n")));
    events.iter().map(one).chain(end).collect()
}

/// A line for each event, in which the event has its name.
fn lines(stream: &Stream, events: &[Event]) -> Vec<Bytes> {
    let one = |(name, data): &Event| {
        let mut data = data.clone();
        let field = stream.name.as_ref().and_then(|it| it.strip_prefix('/')).filter(|it| !it.contains(['/', '~']));
        if data.is_null() {
            data = Value::Object(serde_json::Map::new());
        }
        if let (Value::Object(fields), Some(field), false) = (&mut data, field, name.is_empty()) {
            fields.entry(field).or_insert_with(|| name.as_str().into());
        }
        Bytes::from(format!("{data}\n"))
    };
    let end = stream.end_data.iter().map(|it| Bytes::from(format!("{it}\n")));
    events.iter().map(one).chain(end).collect()
}
