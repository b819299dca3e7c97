//! What the spec's examples with events show beyond the rules of `collect`.

use serde_json::Value;
use specwright_codegen::model::Operation;

use super::Event;

/// When a part of a response is sent in a stream of chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// In every chunk.
    Always,
    First,
    Last,
}

/// The streams that examples show.
pub(super) struct ExampleHints<'a>(Vec<&'a [Event]>);

impl<'a> ExampleHints<'a> {
    pub(super) fn new(op: &'a Operation) -> Self {
        let legal = op.examples.iter().filter(|it| it.invalid.is_empty() && !it.events.is_empty());
        Self(legal.map(|it| it.events.as_slice()).collect())
    }

    /// When a chunk has a value at `at` inside `around`. `*` means every item of a list. `None` if no example shows it.
    pub(super) fn phase(&self, around: &[String], at: &[String]) -> Option<Phase> {
        let mut always = true;
        let mut last = false;
        let mut seen = false;
        for events in self.0.iter().filter(|it| it.len() > 1) {
            let with = |path: &[String]| {
                let all = events.iter().enumerate().filter(|(_, (_, data))| reaches(data, path));
                all.map(|it| it.0).collect::<Vec<_>>()
            };
            let (places, parents) = (with(at), with(around));
            let Some(end) = places.last() else { continue };
            seen = true;
            let everywhere = places == parents;
            always &= everywhere;
            last |= !everywhere && Some(end) == parents.last();
        }
        seen.then_some(match () {
            () if always => Phase::Always,
            () if last => Phase::Last,
            () => Phase::First,
        })
    }

    /// Fields at the top of chunks that are the same in every chunk. Examples have them in every chunk, or leave them
    /// out.
    pub(super) fn constants(&self) -> Vec<(String, Value)> {
        let first = self.0.first().and_then(|it| it.first());
        let Some((_, first)) = first else { return Vec::new() };
        let mut same: Vec<(String, Value)> = first.as_object().into_iter().flatten().map(own).collect();
        same.retain(|(name, value)| {
            let fine = |events: &&[Event]| {
                let mut shown = events.iter().map(|(_, data)| data.get(name));
                shown.clone().all(|it| it == Some(value)) || shown.all(|it| it.is_none())
            };
            (value.is_string() || value.is_boolean()) && self.0.iter().all(fine)
        });
        same
    }

    /// Fields at the top that are lists in all chunks, empty or not.
    pub(super) fn lists(&self) -> Vec<String> {
        let mut chunks = self.0.iter().flat_map(|it| it.iter()).map(|it| &it.1);
        let Some(first) = chunks.next().and_then(Value::as_object) else { return Vec::new() };
        let mut names: Vec<String> = first.keys().cloned().collect();
        names.retain(|name| {
            self.0.iter().flat_map(|it| it.iter()).all(|it| it.1.get(name).is_some_and(Value::is_array))
        });
        names
    }

    /// The places of texts inside `around` in the first chunk of a stream, relative to `around`.
    pub(super) fn place(&self, around: &[String], text: &str) -> Option<Vec<String>> {
        let items = self.0.iter().filter_map(|it| inside(&it.first()?.1, around));
        items.filter_map(|it| place(it, text)).next()
    }

    /// The most common value in a field of the value at `at` in events of a name.
    pub(super) fn constant(&self, event: &str, at: &[String], field: &str) -> Option<&'a Value> {
        let events = self.0.iter().flat_map(|it| it.iter()).filter(|(name, _)| name == event);
        let values = events.filter_map(|(_, data)| {
            let place = at.iter().try_fold(data, |it, segment| it.get(segment));
            place?.get(field)
        });
        let values: Vec<&Value> = values.collect();
        let shown = |value: &Value| values.iter().filter(|it| **it == value).count();
        values.iter().copied().find(|it| shown(it) * 2 > values.len())
    }
}

fn own((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// The first existing value.
fn inside<'v>(value: &'v Value, at: &[String]) -> Option<&'v Value> {
    at.iter().try_fold(value, |it, segment| if segment == "*" { it.get(0) } else { it.get(segment) })
}

fn place(value: &Value, text: &str) -> Option<Vec<String>> {
    match value {
        Value::String(it) => (it == text).then(Vec::new),
        Value::Object(fields) => fields.iter().find_map(|(name, it)| {
            let rest = place(it, text)?;
            Some([vec![name.clone()], rest].concat())
        }),
        _ => None,
    }
}

/// Whether there is a value other than null.
fn reaches(value: &Value, at: &[String]) -> bool {
    let Some((first, rest)) = at.split_first() else { return !value.is_null() };
    match value {
        Value::Array(items) if first == "*" => items.iter().any(|it| reaches(it, rest)),
        Value::Array(items) => {
            first.parse::<usize>().ok().and_then(|it| items.get(it)).is_some_and(|it| reaches(it, rest))
        }
        Value::Object(fields) => fields.get(first).is_some_and(|it| reaches(it, rest)),
        _ => false,
    }
}
