//! Events without a response or an example to follow, generated from states and types alone.

use serde_json::{Value, json};
use specwright_codegen::check::sample_of;
use specwright_codegen::model::{Api, Stream, StreamEvents};

use super::states::StateWalk;
use super::{Event, build, type_of};

/// The number of chunks of a stream about which nothing is known.
const CHUNKS: usize = 3;

/// The shortest complete stream.
pub(super) fn events(api: &Api, stream: &Stream) -> Vec<Event> {
    let data = |event: &str| match type_of(stream, event) {
        Some(ty) => sample_of(api, ty).unwrap_or_else(|| json!({})),
        None => json!({}),
    };
    let named = |event: &str| {
        let mut data = data(event);
        if let (Some(name), false) = (&stream.name, event.is_empty()) {
            build::put(&mut data, &build::segments(name), Value::from(event));
        }
        (event.to_owned(), data)
    };
    match &stream.events {
        StreamEvents::Data(_) => (0..CHUNKS).map(|_| named("")).collect(),
        StreamEvents::Named(all) if stream.states.is_empty() => all.iter().map(|it| named(&it.0)).collect(),
        StreamEvents::Named(_) => {
            let way = StateWalk::new(stream, &[]).end().unwrap_or_default();
            way.into_iter().map(named).collect()
        }
    }
}
