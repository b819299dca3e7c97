//! How a stream is read. What its events add up to is left out: they are shown one by one.

use specwright_codegen::model::{Stream, StreamEvents};
use specwright_runtime::stream::{State, StreamSpec, TextAt};

use super::{list, one, optional, text, texts};

pub(crate) fn stream(it: &Stream) -> &'static StreamSpec {
    let states = it.states.iter().map(|it| State {
        name: text(&it.name),
        moves: list(it.moves.iter().map(|(event, to)| (text(event), *to))),
        ends: it.ends,
    });
    let texts_at = it.text.iter().map(|it| TextAt {
        event: text(&it.event),
        at: text(&it.at),
        unless: optional(it.unless.as_deref()),
    });
    one(StreamSpec {
        named: matches!(it.events, StreamEvents::Named(_)),
        name: optional(it.name.as_deref()),
        end_data: optional(it.end_data.as_deref()),
        error_events: texts(&it.error_events),
        error: optional(it.error.as_deref()),
        states: list(states),
        text: list(texts_at),
        collect: &[],
    })
}
