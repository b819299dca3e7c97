//! Adds events up to the answer that the same request brings without a stream.
//!
//! Texts grow in place, so a stream costs what its bytes cost. What does not fit what is there changes nothing: the type
//! that the answer is read as judges it in the end.

use std::collections::BTreeSet;
use std::mem::take;
use std::ops::Bound;

use serde_json::{Map, Value};

use super::place::{self, Astray, Made, Segment};
use super::{Step, Verb};

/// What the events add up to so far.
#[derive(Debug)]
pub(crate) struct Folded {
    value: Value,
    /// Bytes of JSON, roughly.
    size: usize,
    most: usize,
    /// Pointers of texts that are read as JSON in the end.
    json: BTreeSet<String>,
    /// Pointers of lists that may have holes.
    holes: BTreeSet<String>,
}

/// Why an event could not be added.
#[derive(Debug, PartialEq)]
pub(crate) enum Unfit {
    /// It would be more than the limit.
    TooLarge,
    /// The position in this field is out of range.
    Range(&'static str),
}

impl Folded {
    pub(crate) fn new(most: usize) -> Self {
        Self { value: Value::Null, size: 0, most, json: BTreeSet::new(), holes: BTreeSet::new() }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Takes the parts of an event that these steps name.
    pub(crate) fn add(&mut self, steps: &'static [Step], event: &Value) -> Result<(), Unfit> {
        self.steps(steps, event, &[])
    }

    fn steps<'a>(&mut self, steps: &'static [Step], scope: &'a Value, base: &[Segment<'a>]) -> Result<(), Unfit> {
        for step in steps {
            let mut path = base.to_vec();
            match place::resolve(step.into, scope, &mut path) {
                Ok(()) => self.step(step, scope, &path)?,
                Err(Astray::Absent) => {}
                Err(Astray::Range(field)) => return Err(Unfit::Range(field)),
            }
        }
        Ok(())
    }

    fn step<'a>(&mut self, step: &'static Step, scope: &'a Value, path: &[Segment<'a>]) -> Result<(), Unfit> {
        if let Verb::Const(text) = step.verb {
            return serde_json::from_str(text).map_or(Ok(()), |value| self.set(path, value));
        }
        let Some(from) = scope.pointer(step.from).filter(|it| !it.is_null()) else { return Ok(()) };
        match (&step.verb, from) {
            (Verb::Set, value) => {
                // Before it is copied.
                self.affords(place::size(value))?;
                self.set(path, value.clone())
            }
            (Verb::Append, Value::String(text)) => self.append(path, text),
            (Verb::Json, Value::String(text)) => self.json(path, text),
            (Verb::Merge, Value::Object(fields)) => self.merge(path, fields),
            (Verb::Concat(join), Value::Array(items)) => self.concat(path, items, *join),
            (Verb::Concat(join), Value::Object(_)) => self.concat(path, std::slice::from_ref(from), *join),
            (Verb::Each(steps), Value::Array(items)) => items.iter().try_for_each(|item| self.steps(steps, item, path)),
            (Verb::Numbered { at, begins, steps }, Value::Array(items)) => {
                items.iter().try_for_each(|item| match self.numbered(path, item, at, begins) {
                    Some(numbered) => self.steps(steps, &numbered, path),
                    None => self.steps(steps, item, path),
                })
            }
            _ => Ok(()),
        }
    }

    /// The item with the position that it does not tell; `None`: it tells one, or is no object.
    fn numbered(&self, path: &[Segment<'_>], item: &Value, at: &str, begins: &str) -> Option<Value> {
        if !item.is_object() || item.get(at).is_some_and(|it| !it.is_null()) {
            return None;
        }
        let list = path.iter().try_fold(&self.value, |here, it| match here {
            Value::Object(fields) => fields.get(&*it.key),
            Value::Array(items) => items.get(it.at?),
            _ => None,
        });
        let next = list.and_then(Value::as_array).map_or(0, Vec::len);
        let new = item.pointer(begins).and_then(Value::as_str).is_some_and(|it| !it.is_empty());
        let mut item = item.clone();
        item.as_object_mut()?.insert(at.to_owned(), if new { next } else { next.saturating_sub(1) }.into());
        Some(item)
    }

    fn affords(&self, more: usize) -> Result<(), Unfit> {
        if more > self.most.saturating_sub(self.size) { Err(Unfit::TooLarge) } else { Ok(()) }
    }

    /// The place, made if need be; `None`: something else is in the way.
    fn place(&mut self, path: &[Segment<'_>]) -> Result<Option<&mut Value>, Unfit> {
        self.affords(place::cost(&self.value, path))?;
        let mut made = Made::default();
        let place = place::place(&mut self.value, path, &mut made);
        self.size += made.size;
        self.holes.extend(made.holes);
        Ok(place)
    }

    fn set(&mut self, path: &[Segment<'_>], value: Value) -> Result<(), Unfit> {
        let new = place::size(&value);
        self.affords(new)?;
        let Some(place) = self.place(path)? else { return Ok(()) };
        let old = std::mem::replace(place, value);
        self.size = self.size.saturating_sub(place::size(&old)) + new;
        self.forget(path);
        Ok(())
    }

    /// What was noted about a value goes with it.
    fn forget(&mut self, path: &[Segment<'_>]) {
        if self.json.is_empty() && self.holes.is_empty() {
            return;
        }
        let at = place::pointer(path);
        let below = format!("{at}/");
        for notes in [&mut self.json, &mut self.holes] {
            notes.remove(&at);
            let from = (Bound::Included(below.clone()), Bound::Unbounded);
            let gone: Vec<_> = notes.range(from).take_while(|it| it.starts_with(&below)).cloned().collect();
            for it in gone {
                notes.remove(&it);
            }
        }
    }

    fn append(&mut self, path: &[Segment<'_>], text: &str) -> Result<(), Unfit> {
        self.affords(text.len())?;
        let Some(place) = self.place(path)? else { return Ok(()) };
        match place {
            Value::String(before) => before.push_str(text),
            Value::Null => *place = Value::String(text.to_owned()),
            _ => return Ok(()),
        }
        self.size += text.len();
        Ok(())
    }

    fn json(&mut self, path: &[Segment<'_>], text: &str) -> Result<(), Unfit> {
        // What stands there is what the text will replace, such as an empty object.
        if self.json.insert(place::pointer(path)) {
            self.set_keeping_notes(path, Value::String(String::new()))?;
        }
        self.append(path, text)
    }

    fn set_keeping_notes(&mut self, path: &[Segment<'_>], value: Value) -> Result<(), Unfit> {
        let new = place::size(&value);
        let Some(place) = self.place(path)? else { return Ok(()) };
        let old = std::mem::replace(place, value);
        self.size = self.size.saturating_sub(place::size(&old)) + new;
        Ok(())
    }

    fn merge(&mut self, path: &[Segment<'_>], fields: &Map<String, Value>) -> Result<(), Unfit> {
        let mut path = path.to_vec();
        match self.place(&path)? {
            Some(place @ Value::Null) => *place = Value::Object(Map::new()),
            Some(Value::Object(_)) => {}
            _ => return Ok(()),
        }
        for (name, value) in fields.iter().filter(|it| !it.1.is_null()) {
            path.push(Segment { key: name.clone().into(), at: None });
            self.affords(place::size(value))?;
            self.set(&path, value.clone())?;
            path.pop();
        }
        Ok(())
    }

    fn concat(&mut self, path: &[Segment<'_>], items: &[Value], join: Option<&str>) -> Result<(), Unfit> {
        for item in items {
            let new = place::size(item) + 1;
            self.affords(new)?;
            let Some(place) = self.place(path)? else { return Ok(()) };
            if place.is_null() {
                *place = Value::Array(Vec::new());
            }
            let Value::Array(list) = place else { return Ok(()) };
            let joined = join.zip(list.last_mut()).and_then(|(field, last)| joins(last, item, field));
            if let Some((before, text)) = joined {
                before.push_str(text);
                self.size += text.len();
            } else {
                list.push(item.clone());
                self.size += new;
            }
        }
        Ok(())
    }

    /// The answer, with texts of JSON read and without holes.
    pub(crate) fn finish(&mut self) -> Value {
        for at in take(&mut self.json) {
            let Some(place @ Value::String(_)) = self.value.pointer_mut(&at) else { continue };
            let read = match place.as_str().map(str::trim) {
                Some("") => Ok(Value::Object(Map::new())),
                text => serde_json::from_str(text.unwrap_or_default()),
            };
            // What is no JSON stays what it is: a text.
            if let Ok(value) = read {
                *place = value;
            }
        }
        // Those inside first: their pointers count the holes.
        for at in take(&mut self.holes).iter().rev() {
            if let Some(Value::Array(items)) = self.value.pointer_mut(at) {
                items.retain(|it| !it.is_null());
            }
        }
        take(&mut self.value)
    }
}

/// The text to add to and the text to add, if nothing else tells the items apart.
fn joins<'a, 'b>(last: &'a mut Value, item: &'b Value, field: &str) -> Option<(&'a mut String, &'b str)> {
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
