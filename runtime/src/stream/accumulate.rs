//! Accumulates events into the response that the same request would get without a stream.
//!
//! Texts grow in place, so the cost of a stream is proportional to its bytes. If a step does not accept a part, or the
//! part does not fit into the value so far, the caller that asks for the total gets an error. The later steps still run.

use std::collections::BTreeMap;
use std::mem::take;
use std::ops::Bound;

use serde_json::{Map, Value};

use super::items::{self, Items, Numbering};
pub(crate) use super::mismatch::TypeMismatch;
use super::part::{self, CutHalves, EventPart, is_empty};
use super::place::{self, MOST_POSITION, PathError, Segment};
use super::{CollectStep, Verb};
use crate::json::parse;

/// The total of the events so far.
#[derive(Debug)]
pub(crate) struct Accumulator {
    value: Value,
    /// Approximate bytes of JSON and of notes.
    size: usize,
    most: usize,
    /// Pointers of texts that are parsed as JSON at the end.
    json: BTreeMap<String, ()>,
    /// Pointers of lists that may have holes.
    holes: BTreeMap<String, ()>,
    /// Pointers of texts that end with half of a surrogate pair, with that half.
    halves: BTreeMap<String, u16>,
    /// Pointers of lists whose items have no position, or an unreliable one.
    items: BTreeMap<String, Items>,
}

/// The size of the total, and its limit.
struct SizeBudget<'a> {
    size: &'a mut usize,
    most: usize,
}

impl SizeBudget<'_> {
    /// Called before anything is added, so that the total never exceeds the limit.
    fn replace_size(&mut self, old: usize, new: usize) -> Result<(), TypeMismatch> {
        let size = self.size.saturating_sub(old).saturating_add(new);
        if size > self.most {
            return Err(TypeMismatch::TooLarge);
        }
        *self.size = size;
        Ok(())
    }
}

/// The first fault that does not affect the rest. A total that is too large ends everything.
#[derive(Default)]
struct Faults(Option<TypeMismatch>);

impl Faults {
    fn take(&mut self, done: Result<(), TypeMismatch>) -> Result<(), TypeMismatch> {
        match done {
            Err(TypeMismatch::TooLarge) => return Err(TypeMismatch::TooLarge),
            Err(unfit) => {
                self.0.get_or_insert(unfit);
            }
            Ok(()) => {}
        }
        Ok(())
    }

    fn into_result(self) -> Result<(), TypeMismatch> {
        self.0.map_or(Ok(()), Err)
    }
}

impl Accumulator {
    pub(crate) fn new(most: usize) -> Self {
        let (json, holes, halves, items) = Default::default();
        Self { value: Value::Null, size: 0, most, json, holes, halves, items }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Adds the parts of an event that these steps name.
    pub(crate) fn add(&mut self, steps: &'static [CollectStep], event: EventPart<'_>) -> Result<(), TypeMismatch> {
        // A list is only expected if one of the steps leads into it.
        let is_list = event.value.as_array().is_some_and(|it| !it.is_empty());
        let leads = |it: &CollectStep| !matches!(it.verb, Verb::Const(_)) && event.at(it.from).is_some();
        let is_astray = is_list && !steps.iter().any(leads);
        match steps {
            [] => Ok(()),
            _ if is_astray => Err(TypeMismatch::other("", "an object", Some(event.value))),
            _ => self.item(steps, event, &[]),
        }
    }

    fn steps<'a>(
        &mut self,
        steps: &'static [CollectStep],
        scope: EventPart<'a>,
        base: &[Segment<'a>],
    ) -> Result<(), TypeMismatch> {
        let mut faults = Faults::default();
        for step in steps {
            let Some(from) = scope.at(step.from).filter(|it| !it.value.is_null()) else { continue };
            if let Err(expected) = takes(&step.verb, from.value) {
                // Another step may accept this kind of value.
                let mut others = steps.iter().filter(|it| it.from == step.from);
                if !is_empty(from.value) && !others.any(|it| takes(&it.verb, from.value).is_ok()) {
                    faults.take(Err(TypeMismatch::other(step.from, expected, Some(from.value))))?;
                }
                continue;
            }
            let mut path = base.to_vec();
            let done = match place::resolve(step.into, scope.value, &mut path) {
                Ok(()) => self.step(step, from, &path),
                Err(PathError::Range(field)) => Err(TypeMismatch::range(field)),
                Err(PathError::Absent(field)) => {
                    let found = scope.value.get(field);
                    Err(TypeMismatch::other(&format!("/{field}"), "a position or a key", found))
                }
            };
            faults.take(match done {
                Err(TypeMismatch::InTheWay) => {
                    Err(TypeMismatch::other(step.from, "a value that fits the earlier events", Some(from.value)))
                }
                done => done,
            })?;
        }
        faults.into_result()
    }

    fn step<'a>(
        &mut self,
        step: &'static CollectStep,
        from: EventPart<'a>,
        path: &[Segment<'a>],
    ) -> Result<(), TypeMismatch> {
        match (&step.verb, from.value) {
            (Verb::Const(text), _) => parse(text.as_bytes()).map_or(Ok(()), |value| self.put(path, value, true)),
            (Verb::First, value) => self.put(path, value.clone(), true),
            (Verb::Set, value) => self.put(path, value.clone(), is_empty(value)),
            (Verb::Append, Value::String(text)) => self.append(path, text, from.ends()),
            (Verb::Json, Value::String(text)) => self.json(path, text, from.ends()),
            (Verb::Merge, Value::Object(fields)) => self.merge(path, fields),
            (Verb::Concat(join), Value::Array(_)) => self.concat(path, from.items(), *join),
            (Verb::Concat(join), _) => self.concat(path, std::iter::once(from), *join),
            (Verb::Each(steps), _) => {
                let mut faults = Faults::default();
                for (nth, item) in from.items().enumerate() {
                    faults.take(self.item(steps, item, path).map_err(|it| it.with_prefix(step.from, nth)))?;
                }
                faults.into_result()
            }
            (&Verb::Numbered { at, id, begins, ends, steps }, _) => {
                self.numbered(&Numbering { at, id, begins, ends, steps }, step.from, from, path)
            }
            _ => Ok(()),
        }
    }

    fn item<'a>(
        &mut self,
        steps: &'static [CollectStep],
        item: EventPart<'a>,
        path: &[Segment<'a>],
    ) -> Result<(), TypeMismatch> {
        match item.value {
            Value::Null => Ok(()),
            Value::Object(_) | Value::Array(_) => self.steps(steps, item, path),
            _ if steps.iter().any(takes_all) => self.steps(steps, item, path),
            value => Err(TypeMismatch::other("", "an object", Some(value))),
        }
    }

    fn numbered(
        &mut self,
        numbering: &Numbering,
        above: &str,
        from: EventPart<'_>,
        path: &[Segment<'_>],
    ) -> Result<(), TypeMismatch> {
        let mut faults = Faults::default();
        let mut before = None;
        for (nth, item) in from.items().enumerate().filter(|it| !it.1.value.is_null()) {
            let done = self.position(numbering, item.value, nth, before, path).and_then(|position| {
                before = Some(position);
                let known = items::with_position(item.value, numbering.at, position);
                self.steps(numbering.steps, EventPart::new(&known, item.twin), path)
            });
            faults.take(done.map_err(|it| it.with_prefix(above, nth)))?;
        }
        faults.into_result()
    }

    /// The position of an item in the list at `path`.
    fn position(
        &mut self,
        numbering: &Numbering,
        item: &Value,
        nth: usize,
        before: Option<usize>,
        path: &[Segment<'_>],
    ) -> Result<usize, TypeMismatch> {
        if !item.is_object() {
            return Err(TypeMismatch::other("", "an object", Some(item)));
        }
        if numbering.begins.is_empty() {
            let at = items::stated_position(item, numbering.at)?.unwrap_or(nth);
            return if at < MOST_POSITION { Ok(at) } else { Err(TypeMismatch::range(numbering.at)) };
        }
        let length = self.get(path).and_then(Value::as_array).map_or(0, Vec::len);
        let list = place::pointer(path);
        let mut budget = SizeBudget { size: &mut self.size, most: self.most };
        if !self.items.contains_key(&list) {
            budget.replace_size(0, list.len())?;
        }
        let known = self.items.entry(list).or_default();
        let size = known.size();
        let position = known.position(numbering, item, length, before);
        budget.replace_size(size, known.size())?;
        position
    }

    /// The value at a place.
    fn get(&self, path: &[Segment<'_>]) -> Option<&Value> {
        path.iter().try_fold(&self.value, |here, it| match here {
            Value::Object(fields) => fields.get(&*it.key),
            Value::Array(items) => items.get(it.at?),
            _ => None,
        })
    }

    /// Puts a value at a place, or only if the place is empty.
    fn put(&mut self, path: &[Segment<'_>], value: Value, only_where_nothing_is: bool) -> Result<(), TypeMismatch> {
        if only_where_nothing_is && self.get(path).is_some_and(|it| !it.is_null() && !is_empty(it)) {
            return Ok(());
        }
        self.replace(path, value)?;
        self.forget(path);
        Ok(())
    }

    fn replace(&mut self, path: &[Segment<'_>], value: Value) -> Result<(), TypeMismatch> {
        let (place, mut budget) = self.place(path)?;
        budget.replace_size(place::json_size(place), place::json_size(&value))?;
        *place = value;
        Ok(())
    }

    /// The place, created if necessary, and the budget for it.
    fn place(&mut self, path: &[Segment<'_>]) -> Result<(&mut Value, SizeBudget<'_>), TypeMismatch> {
        let mut budget = SizeBudget { size: &mut self.size, most: self.most };
        budget.replace_size(0, place::added_size(&self.value, path))?;
        let mut gaps = Vec::new();
        let place = place::place(&mut self.value, path, &mut gaps);
        for gap in gaps {
            note(&mut self.holes, gap, &mut budget)?;
        }
        place.map(|it| (it, budget)).ok_or(TypeMismatch::InTheWay)
    }

    /// Notes about a value are dropped together with the value.
    fn forget(&mut self, path: &[Segment<'_>]) {
        if self.json.is_empty() && self.holes.is_empty() && self.halves.is_empty() && self.items.is_empty() {
            return;
        }
        let at = place::pointer(path);
        let mut gone = forget(&mut self.json, &at, |()| 0) + forget(&mut self.holes, &at, |()| 0);
        gone += forget(&mut self.halves, &at, |_| 0) + forget(&mut self.items, &at, |it| it.size());
        self.size = self.size.saturating_sub(gone);
    }

    fn append(&mut self, path: &[Segment<'_>], text: &str, ends: CutHalves) -> Result<(), TypeMismatch> {
        let halved = ends != CutHalves::default() || !self.halves.is_empty();
        let at = halved.then(|| place::pointer(path));
        let half = self.half(at.as_deref().filter(|_| !text.is_empty()));
        let (place, mut budget) = self.place(path)?;
        if place.is_null() {
            *place = Value::String(String::new());
        }
        let Value::String(before) = place else { return Err(TypeMismatch::InTheWay) };
        budget.replace_size(0, text.len())?;
        push(before, text, half, ends);
        self.note_half(at, ends)
    }

    /// The first half of a surrogate pair at the end of the text there.
    fn half(&mut self, at: Option<&str>) -> Option<u16> {
        let (at, half) = self.halves.remove_entry(at?)?;
        self.size = self.size.saturating_sub(at.len());
        Some(half)
    }

    fn note_half(&mut self, at: Option<String>, ends: CutHalves) -> Result<(), TypeMismatch> {
        let (Some(at), Some(half)) = (at, ends.last) else { return Ok(()) };
        SizeBudget { size: &mut self.size, most: self.most }.replace_size(0, at.len())?;
        self.halves.insert(at, half);
        Ok(())
    }

    fn json(&mut self, path: &[Segment<'_>], text: &str, ends: CutHalves) -> Result<(), TypeMismatch> {
        // The text will replace the value there, such as an empty object.
        let mut budget = SizeBudget { size: &mut self.size, most: self.most };
        if note(&mut self.json, place::pointer(path), &mut budget)? {
            self.replace(path, Value::String(String::new()))?;
        }
        self.append(path, text, ends)
    }

    fn merge(&mut self, path: &[Segment<'_>], fields: &Map<String, Value>) -> Result<(), TypeMismatch> {
        match self.place(path)? {
            (place @ Value::Null, _) => *place = Value::Object(Map::new()),
            (Value::Object(_), _) => {}
            _ => return Err(TypeMismatch::InTheWay),
        }
        let mut path = path.to_vec();
        for (name, value) in fields.iter().filter(|it| !it.1.is_null()) {
            path.push(Segment { key: name.into(), at: None });
            self.put(&path, value.clone(), is_empty(value))?;
            path.pop();
        }
        Ok(())
    }

    fn concat<'a>(
        &mut self,
        path: &[Segment<'_>],
        items: impl Iterator<Item = EventPart<'a>>,
        join: Option<&str>,
    ) -> Result<(), TypeMismatch> {
        match self.place(path)? {
            (place @ Value::Null, _) => *place = Value::Array(Vec::new()),
            (Value::Array(_), _) => {}
            _ => return Err(TypeMismatch::InTheWay),
        }
        for item in items {
            let text = join.and_then(|it| item.field(it));
            let ends = text.map(EventPart::ends).unwrap_or_default();
            let halved = ends != CutHalves::default() || !self.halves.is_empty();
            let last = |it: &Self| it.get(path)?.as_array()?.len().checked_sub(1).filter(|_| halved);
            let at = |nth: usize| Some(format!("{}/{nth}/{}", place::pointer(path), join?));
            let before = last(self).and_then(at);
            let half = before.as_deref().and_then(|it| self.halves.get(it).copied());
            let (place, mut budget) = self.place(path)?;
            let Value::Array(list) = place else { return Err(TypeMismatch::InTheWay) };
            let joined = join.zip(list.last_mut()).and_then(|(field, last)| joinable_texts(last, item.value, field));
            if let Some((text_before, text)) = joined {
                budget.replace_size(0, text.len())?;
                push(text_before, text, half, ends);
                if !text.is_empty() {
                    self.half(before.as_deref());
                }
            } else {
                budget.replace_size(0, place::json_size(item.value) + 1)?;
                list.push(item.value.clone());
            }
            let at = last(self).and_then(at);
            self.note_half(at, ends)?;
        }
        Ok(())
    }

    /// The total, with JSON texts parsed and without holes.
    pub(crate) fn finish(&mut self) -> Value {
        for at in take(&mut self.json).into_keys() {
            let Some(place @ Value::String(_)) = self.value.pointer_mut(&at) else { continue };
            let read = match place.as_str().map(str::trim) {
                Some("") => Ok(Value::Object(Map::new())),
                text => crate::reading::read(text.unwrap_or_default().as_bytes()),
            };
            // Text that is not JSON stays text.
            if let Ok(value) = read {
                *place = value;
            }
        }
        // Inner lists come first, because their pointers count the holes.
        for at in take(&mut self.holes).keys().rev() {
            if let Some(Value::Array(items)) = self.value.pointer_mut(at) {
                items.retain(|it| !it.is_null());
            }
        }
        take(&mut self.value)
    }
}

/// Whether a verb accepts such a value, or else what it expects.
fn takes(verb: &Verb, value: &Value) -> Result<(), &'static str> {
    match (verb, value) {
        (Verb::Set | Verb::First | Verb::Const(_), _)
        | (Verb::Append | Verb::Json, Value::String(_))
        | (Verb::Merge, Value::Object(_))
        | (Verb::Concat(_), Value::Array(_) | Value::Object(_))
        | (Verb::Each(_) | Verb::Numbered { .. }, Value::Array(_)) => Ok(()),
        (Verb::Append | Verb::Json, _) => Err("a string"),
        (Verb::Merge, _) => Err("an object"),
        (Verb::Concat(_), _) => Err("an array or an object"),
        (Verb::Each(_) | Verb::Numbered { .. }, _) => Err("an array"),
    }
}

/// Whether a step accepts an item of any kind.
fn takes_all(step: &CollectStep) -> bool {
    step.from.is_empty() && !matches!(step.verb, Verb::Const(_))
}

/// Appends text to text, and joins two halves of a surrogate pair.
fn push(before: &mut String, text: &str, half: Option<u16>, ends: CutHalves) {
    if let (Some(half), Some(second)) = (half, ends.first) {
        before.pop();
        before.push(part::join_surrogates(half, second));
        before.push_str(part::without_first(text));
    } else {
        before.push_str(text);
    }
}

/// Notes a place once. Notes count towards the memory limit too.
fn note(notes: &mut BTreeMap<String, ()>, place: String, budget: &mut SizeBudget<'_>) -> Result<bool, TypeMismatch> {
    if notes.contains_key(&place) {
        return Ok(false);
    }
    budget.replace_size(0, place.len())?;
    Ok(notes.insert(place, ()).is_none())
}

/// Drops the notes about a place and everything below it, and returns their size.
fn forget<T>(notes: &mut BTreeMap<String, T>, at: &str, size: impl Fn(&T) -> usize) -> usize {
    let below = format!("{at}/");
    let inside =
        notes.range::<str, _>((Bound::Included(&*below), Bound::Unbounded)).take_while(|it| it.0.starts_with(&below));
    let gone: Vec<String> = inside.map(|it| it.0.clone()).chain([at.to_owned()]).collect();
    gone.iter().filter_map(|it| notes.remove(it).map(|note| it.len() + size(&note))).sum()
}

/// The text to append to and the text to append, if the items differ in nothing else.
fn joinable_texts<'a, 'b>(last: &'a mut Value, item: &'b Value, field: &str) -> Option<(&'a mut String, &'b str)> {
    let (last, item) = (last.as_object_mut()?, item.as_object()?);
    let text = item.get(field)?.as_str()?;
    let alike = last.len() == item.len()
        && last.get(field)?.is_string()
        && item.iter().all(|(name, value)| name == field || last.get(name) == Some(value));
    match last.get_mut(field) {
        Some(Value::String(before)) if alike => Some((before, text)),
        _ => None,
    }
}
