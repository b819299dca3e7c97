//! What the events of a stream add up to: the second reading of `collect`, held against the runtime's in tests and used
//! by examples and by the contract server.
//!
//! What is absent, null or empty changes nothing that is there. A part that its step cannot take, or whose place cannot
//! be, is lost, and the first one is told; the steps after it are done all the same.

mod numbering;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::model::{CollectStep, Stream, Verb};
use numbering::OpenItem;

/// Positions of a list beyond this are no answer of anybody's.
const MOST_ITEMS: usize = 4096;

/// A step on the way to a place in the answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PointerStep {
    Key(String),
    Position(usize),
}

type Path = Vec<PointerStep>;

/// What events add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// Without what was lost.
    pub whole: Value,
    /// The first part of an event that has no place in it.
    pub lost: Option<Lost>,
}

/// A part of an event that the steps cannot take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Which event, from 0.
    pub event: usize,
    /// JSON pointer into its data.
    pub at: String,
    /// What should have been there.
    pub expected: &'static str,
}

/// The answer that events, names with data, add up to; `None` where the stream adds up to nothing.
#[must_use]
pub fn collect(stream: &Stream, events: &[(String, Value)]) -> Option<Value> {
    total(stream, events).map(|it| it.whole)
}

/// As [`collect`], with what has no place in the answer.
#[must_use]
pub fn total(stream: &Stream, events: &[(String, Value)]) -> Option<Total> {
    let rules = stream.collect.as_ref()?;
    let mut folded = Accumulator::default();
    for (event, (name, data)) in events.iter().enumerate() {
        folded.event = event;
        for rule in rules.iter().filter(|it| it.event == *name) {
            if rule.steps.is_empty() || data.is_null() {
                continue;
            }
            // A list in place of an event, into which no step leads.
            let leads = |it: &CollectStep| !matches!(it.verb, Verb::Const(_)) && data.pointer(&it.from).is_some();
            let is_list = data.as_array().is_some_and(|it| !it.is_empty());
            if is_list && !rule.steps.iter().any(leads) {
                folded.record_lost_part(String::new(), "an object");
            } else {
                folded.item(&rule.steps, data, "", &Path::new());
            }
        }
    }
    let lost = folded.lost.take();
    Some(Total { whole: folded.finish(), lost })
}

#[derive(Default)]
struct Accumulator {
    whole: Value,
    /// Texts that are read as JSON in the end.
    json: BTreeSet<Path>,
    /// Lists with positions that nothing may have come for.
    gaps: BTreeSet<Path>,
    /// What is known of the items of lists that are told apart by more than their positions.
    known: BTreeMap<Path, Vec<OpenItem>>,
    /// The event that is being added.
    event: usize,
    lost: Option<Lost>,
}

impl Accumulator {
    fn record_lost_part(&mut self, at: String, expected: &'static str) {
        self.lost.get_or_insert(Lost { event: self.event, at, expected });
    }

    /// `here` is where `data` is in the event; `base` is where `into` goes on from.
    fn run_steps(&mut self, steps: &[CollectStep], data: &Value, here: &str, base: &Path) {
        for step in steps {
            let part = match data.pointer(&step.from) {
                None | Some(Value::Null) => continue,
                Some(part) => part,
            };
            let at = format!("{here}{}", step.from);
            if let Err(expected) = takes(&step.verb, part) {
                // Another step may be there for this kind of value.
                let others = steps.iter().filter(|it| it.from == step.from);
                if !is_empty(part) && !others.into_iter().any(|it| takes(&it.verb, part).is_ok()) {
                    self.record_lost_part(at, expected);
                }
                continue;
            }
            let into = match target(base, &step.into, data) {
                Ok(into) => into,
                Err((field, expected)) => {
                    self.record_lost_part(format!("{here}/{field}"), expected);
                    continue;
                }
            };
            if !self.step(step, part, &at, &into) {
                self.record_lost_part(at, "a value that fits the earlier events");
            }
        }
    }

    /// Whether there is a place for it.
    fn step(&mut self, step: &CollectStep, part: &Value, at: &str, into: &Path) -> bool {
        match (&step.verb, part) {
            (Verb::Const(value), _) => self.put(into, value, true),
            (Verb::First, _) => self.put(into, part, true),
            (Verb::Set, _) => self.put(into, part, is_empty(part)),
            (Verb::Append, Value::String(more)) => self.append(into, more),
            (Verb::Json, Value::String(more)) => {
                // What stands there before the first piece is what the text replaces.
                if self.json.insert(into.clone())
                    && let Some(place) = self.open(into)
                {
                    *place = Value::Null;
                }
                self.append(into, more)
            }
            (Verb::Merge, Value::Object(more)) => {
                match self.open(into) {
                    Some(place @ Value::Null) => *place = Value::Object(Map::new()),
                    Some(Value::Object(_)) => {}
                    _ => return false,
                }
                let field = |(name, value): (&String, &Value)| {
                    let mut into = into.clone();
                    into.push(PointerStep::Key(name.clone()));
                    self.put(&into, value, is_empty(value))
                };
                more.iter().filter(|it| !it.1.is_null()).map(field).fold(true, |all, it| all & it)
            }
            (Verb::Concat(join), Value::Array(more)) => {
                let Some(Value::Null | Value::Array(_)) = self.open(into) else { return false };
                more.iter().for_each(|item| self.concat(into, item, join.as_deref()));
                true
            }
            (Verb::Concat(join), _) => {
                let Some(Value::Null | Value::Array(_)) = self.open(into) else { return false };
                self.concat(into, part, join.as_deref());
                true
            }
            (Verb::Numbered(numbering, inner), Value::Array(items)) => {
                let dropping = inner.iter().filter(|it| matches!(it.verb, Verb::First));
                let whole: Vec<&str> = dropping.map(|it| it.from.as_str()).collect();
                let mut before = None;
                for (nth, item) in items.iter().enumerate().filter(|it| !it.1.is_null()) {
                    let here = format!("{at}/{nth}");
                    if !item.is_object() {
                        self.record_lost_part(here, "an object");
                        continue;
                    }
                    let length = self.get(into).and_then(Value::as_array).map_or(0, Vec::len);
                    let known = self.known.entry(into.clone()).or_default();
                    match numbering::position_of_item(numbering, known, length, (nth, item), before, &whole) {
                        Ok(position) => {
                            before = Some(position);
                            let mut item = item.clone();
                            if let Value::Object(fields) = &mut item {
                                fields.insert(numbering.at.clone(), position.into());
                            }
                            self.item(inner, &item, &here, into);
                        }
                        Err((pointer, expected)) => self.record_lost_part(format!("{here}{pointer}"), expected),
                    }
                }
                true
            }
            (Verb::Each(inner), Value::Array(items)) => {
                for (nth, item) in items.iter().enumerate().filter(|it| !it.1.is_null()) {
                    self.item(inner, item, &format!("{at}/{nth}"), into);
                }
                true
            }
            _ => true,
        }
    }

    fn item(&mut self, steps: &[CollectStep], item: &Value, here: &str, base: &Path) {
        let takes_all = |it: &CollectStep| it.from.is_empty() && !matches!(it.verb, Verb::Const(_));
        if item.is_object() || item.is_array() || steps.iter().any(takes_all) {
            self.run_steps(steps, item, here, base);
        } else {
            self.record_lost_part(here.to_owned(), "an object");
        }
    }

    /// The place of a path, made where it is not there yet.
    fn open(&mut self, path: &Path) -> Option<&mut Value> {
        let mut place = &mut self.whole;
        for (depth, step) in path.iter().enumerate() {
            if place.is_null() {
                *place = match step {
                    PointerStep::Key(_) => Value::Object(Map::new()),
                    PointerStep::Position(_) => Value::Array(Vec::new()),
                };
            }
            place = match (place, step) {
                (Value::Object(fields), PointerStep::Key(key)) => fields.entry(key.clone()).or_insert(Value::Null),
                (Value::Object(fields), PointerStep::Position(at)) => {
                    fields.entry(at.to_string()).or_insert(Value::Null)
                }
                (Value::Array(items), PointerStep::Position(at)) => {
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

    /// What is at a path.
    fn get(&self, path: &Path) -> Option<&Value> {
        path.iter().try_fold(&self.whole, |here, step| match (here, step) {
            (Value::Object(fields), PointerStep::Key(key)) => fields.get(key),
            (Value::Object(fields), PointerStep::Position(at)) => fields.get(&at.to_string()),
            (Value::Array(items), PointerStep::Position(at)) => items.get(*at),
            _ => None,
        })
    }

    /// Puts a value at a place, or only where nothing is yet.
    fn put(&mut self, path: &Path, value: &Value, only_where_nothing_is: bool) -> bool {
        if only_where_nothing_is && self.get(path).is_some_and(|it| !it.is_null() && !is_empty(it)) {
            return true;
        }
        let Some(place) = self.open(path) else { return false };
        *place = value.clone();
        // What was noted of the value before goes with it.
        self.json.retain(|it| !it.starts_with(path));
        self.gaps.retain(|it| !it.starts_with(path));
        self.known.retain(|it, _| !it.starts_with(path));
        true
    }

    fn append(&mut self, path: &Path, more: &str) -> bool {
        match self.open(path) {
            Some(Value::String(text)) => text.push_str(more),
            Some(place @ Value::Null) => *place = more.into(),
            _ => return false,
        }
        true
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

/// A text, a list or an object with nothing in it.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a verb is for such a value, or what it is for.
fn takes(verb: &Verb, part: &Value) -> Result<(), &'static str> {
    let (fits, wanted) = match verb {
        Verb::Set | Verb::First | Verb::Const(_) => return Ok(()),
        Verb::Append | Verb::Json => (part.is_string(), "a string"),
        Verb::Merge => (part.is_object(), "an object"),
        Verb::Concat(_) => (part.is_array() || part.is_object(), "an array or an object"),
        Verb::Each(_) | Verb::Numbered(..) => (part.is_array(), "an array"),
    };
    if fits { Ok(()) } else { Err(wanted) }
}

/// The position that a value tells; `2.0` tells one as well.
fn position(value: &Value) -> Option<usize> {
    let whole = value.as_u64().or_else(|| {
        let float = value.as_f64().filter(|it| it.fract() == 0.0 && (0.0..1e15).contains(it))?;
        Some(float as u64)
    })?;
    usize::try_from(whole).ok().filter(|it| *it < MOST_ITEMS)
}

/// The path of a pointer whose placeholders are filled in from the data, or the field that cannot be one.
fn target<'s>(base: &Path, into: &'s str, data: &Value) -> Result<Path, (&'s str, &'static str)> {
    let mut path = base.clone();
    for segment in into.split('/').skip(1) {
        let Some(field) = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
            let position = segment.parse().ok().filter(|it| *it < MOST_ITEMS);
            let key = || PointerStep::Key(segment.replace("~1", "/").replace("~0", "~"));
            path.push(position.map_or_else(key, PointerStep::Position));
            continue;
        };
        path.push(match data.get(field) {
            Some(Value::String(key)) => PointerStep::Key(key.clone()),
            Some(number @ Value::Number(_)) => {
                PointerStep::Position(position(number).ok_or((field, numbering::POSITION))?)
            }
            _ => return Err((field, "a position or a key")),
        });
    }
    Ok(path)
}
