//! Events as server-sent events.

use bytes::Bytes;
use serde_json::Value;
use specwright_codegen::model::{Stream, StreamEvents};

use super::Event;

/// The text of each event, and of the end of the stream.
pub(crate) fn written(stream: &Stream, events: &[Event]) -> Vec<Bytes> {
    let named = matches!(stream.events, StreamEvents::Named(_));
    let one = |(name, data): &Event| {
        let data = if data.is_null() { &Value::Object(serde_json::Map::new()) } else { data };
        let event = if named && !name.is_empty() { format!("event: {name}\n") } else { String::new() };
        Bytes::from(format!("{event}data: {data}\n\n"))
    };
    let end = stream.end_data.iter().map(|it| Bytes::from(format!("data: {it}\n\n")));
    events.iter().map(one).chain(end).collect()
}
