//! What the events of a stream add up to: the second reading of `collect`, held against the runtime's in tests and used
//! by examples and by the contract server.
//!
//! A part of the wrong kind changes nothing, and neither does one whose place cannot be: something else is in the way, or
//! the field that names it is missing.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::model::{CollectStep, Stream, Verb};

/// Positions of a list beyond this are no answer of anybody's.
const MOST_ITEMS: usize = 4096;

/// A step on the way to a place in the answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Position(usize),
}

type Path = Vec<Step>;

/// The answer that events, names with data, add up to; `None` where the stream adds up to nothing.
#[must_use]
pub fn collect(stream: &Stream, events: &[(String, Value)]) -> Option<Value> {
    let rules = stream.collect.as_ref()?;
    let mut folded = Folded::default();
    for (name, data) in events {
        for rule in rules.iter().filter(|it| it.event == *name) {
            folded.run(&rule.steps, data, &Path::new());
        }
    }
    Some(folded.finish())
}

#[derive(Default)]
struct Folded {
    whole: Value,
    /// Texts that are read as JSON in the end.
    json: BTreeSet<Path>,
    /// Lists with positions that nothing may have come for.
    gaps: BTreeSet<Path>,
}

impl Folded {
    /// `base`: where `into` goes on from.
    fn run(&mut self, steps: &[CollectStep], data: &Value, base: &Path) {
        for step in steps {
            let part = match &step.verb {
                Verb::Const(value) => value,
                _ => match data.pointer(&step.from) {
                    None | Some(Value::Null) => continue,
                    Some(part) => part,
                },
            };
            let Some(into) = target(base, &step.into, data) else { continue };
            match (&step.verb, part) {
                (Verb::Set | Verb::Const(_), _) => self.set(&into, part),
                (Verb::Append, Value::String(more)) => self.append(&into, more),
                (Verb::Json, Value::String(more)) => {
                    // What stands there before the first piece is what the text replaces.
                    if self.json.insert(into.clone())
                        && let Some(place) = self.open(&into)
                    {
                        *place = Value::Null;
                    }
                    self.append(&into, more);
                }
                (Verb::Merge, Value::Object(more)) => {
                    let Some(place) = self.open(&into) else { continue };
                    if place.is_null() {
                        *place = Value::Object(Map::new());
                    }
                    if !place.is_object() {
                        continue;
                    }
                    for (name, value) in more.iter().filter(|it| !it.1.is_null()) {
                        let mut into = into.clone();
                        into.push(Step::Key(name.clone()));
                        self.set(&into, value);
                    }
                }
                (Verb::Concat(join), Value::Array(more)) => {
                    for item in more {
                        self.concat(&into, item, join.as_deref());
                    }
                }
                (Verb::Each(inner), Value::Array(items)) => {
                    items.iter().for_each(|item| self.run(inner, item, &into));
                }
                _ => {}
            }
        }
    }

    /// The place of a path, made where it is not there yet.
    fn open(&mut self, path: &Path) -> Option<&mut Value> {
        let mut place = &mut self.whole;
        for (depth, step) in path.iter().enumerate() {
            if place.is_null() {
                *place = match step {
                    Step::Key(_) => Value::Object(Map::new()),
                    Step::Position(_) => Value::Array(Vec::new()),
                };
            }
            place = match (place, step) {
                (Value::Object(fields), Step::Key(key)) => fields.entry(key.clone()).or_insert(Value::Null),
                (Value::Object(fields), Step::Position(at)) => fields.entry(at.to_string()).or_insert(Value::Null),
                (Value::Array(items), Step::Position(at)) => {
                    if *at > items.len() {
                        self.gaps.insert(path[..depth].to_vec());
                    }
                    if *at >= items.len() {
                        items.resize(at + 1, Value::Null);
                    }
                    items.get_mut(*at)?
                }
                _ => return None,
            };
        }
        Some(place)
    }

    fn set(&mut self, path: &Path, value: &Value) {
        if let Some(place) = self.open(path) {
            *place = value.clone();
            // What was noted of the value before goes with it.
            self.json.retain(|it| !it.starts_with(path));
            self.gaps.retain(|it| !it.starts_with(path));
        }
    }

    fn append(&mut self, path: &Path, more: &str) {
        match self.open(path) {
            Some(Value::String(text)) => text.push_str(more),
            Some(place @ Value::Null) => *place = more.into(),
            _ => {}
        }
    }

    fn concat(&mut self, path: &Path, item: &Value, join: Option<&str>) {
        let Some(place) = self.open(path) else { return };
        if place.is_null() {
            *place = Value::Array(Vec::new());
        }
        let Value::Array(items) = place else { return };
        if let (Some(key), Some(Value::Object(last)), Value::Object(next)) = (join, items.last_mut(), item)
            && let (Some(Value::String(before)), Some(Value::String(more))) = (last.get(key), next.get(key))
            && last.len() == next.len()
            && last.iter().all(|(name, it)| name == key || next.get(name) == Some(it))
        {
            let joined = format!("{before}{more}");
            last.insert(key.to_owned(), joined.into());
            return;
        }
        items.push(item.clone());
    }

    fn finish(mut self) -> Value {
        for path in std::mem::take(&mut self.json) {
            let Some(place @ Value::String(_)) = self.open(&path) else { continue };
            let text = place.as_str().map(str::trim).unwrap_or_default();
            let read = if text.is_empty() { Ok(Value::Object(Map::new())) } else { serde_json::from_str(text) };
            // What is no JSON stays what it is: a text.
            if let Ok(value) = read {
                *place = value;
            }
        }
        // Those inside first: their paths count the holes.
        for path in std::mem::take(&mut self.gaps).iter().rev() {
            if let Some(Value::Array(items)) = self.open(path) {
                items.retain(|it| !it.is_null());
            }
        }
        self.whole
    }
}

/// The path of a pointer whose placeholders are filled in from the data.
fn target(base: &Path, into: &str, data: &Value) -> Option<Path> {
    let mut path = base.clone();
    for segment in into.split('/').skip(1) {
        let Some(field) = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
            let position = segment.parse().ok().filter(|it| *it < MOST_ITEMS);
            let key = || Step::Key(segment.replace("~1", "/").replace("~0", "~"));
            path.push(position.map_or_else(key, Step::Position));
            continue;
        };
        path.push(match data.get(field)? {
            Value::String(key) => Step::Key(key.clone()),
            // `2.0` is a position as well.
            Value::Number(number) => {
                let whole = number.as_u64().or_else(|| {
                    let float = number.as_f64().filter(|it| it.fract() == 0.0 && (0.0..1e15).contains(it))?;
                    Some(float as u64)
                })?;
                Step::Position(usize::try_from(whole).ok().filter(|it| *it < MOST_ITEMS)?)
            }
            _ => return None,
        });
    }
    Some(path)
}
