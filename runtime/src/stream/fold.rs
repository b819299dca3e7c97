//! Adds events up to the answer that the same request brings without a stream.
//!
//! Texts grow in place, so a stream costs what its bytes cost. What does not fit what is there changes nothing: the type
//! that the answer is read as judges it in the end.

use std::collections::BTreeSet;
use std::mem::take;
use std::ops::Bound;

use serde_json::{Map, Value};

use super::place::{self, Astray, Segment};
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

/// How large the whole is, and may be.
struct Budget<'a> {
    size: &'a mut usize,
    most: usize,
}

impl Budget<'_> {
    /// Asked before anything is added: the whole is never larger than the limit.
    fn swap(&mut self, old: usize, new: usize) -> Result<(), Unfit> {
        let size = self.size.saturating_sub(old).saturating_add(new);
        if size > self.most {
            return Err(Unfit::TooLarge);
        }
        *self.size = size;
        Ok(())
    }
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
            (Verb::Set, value) => self.set(path, value.clone()),
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

    fn set(&mut self, path: &[Segment<'_>], value: Value) -> Result<(), Unfit> {
        self.replace(path, value)?;
        self.forget(path);
        Ok(())
    }

    fn replace(&mut self, path: &[Segment<'_>], value: Value) -> Result<(), Unfit> {
        let Some((place, mut budget)) = self.place(path)? else { return Ok(()) };
        budget.swap(place::size(place), place::size(&value))?;
        *place = value;
        Ok(())
    }

    /// The place, made if need be, and what may be put there; `None`: something else is in the way.
    fn place(&mut self, path: &[Segment<'_>]) -> Result<Option<(&mut Value, Budget<'_>)>, Unfit> {
        let mut budget = Budget { size: &mut self.size, most: self.most };
        budget.swap(0, place::cost(&self.value, path))?;
        let mut gaps = Vec::new();
        let place = place::place(&mut self.value, path, &mut gaps);
        for gap in gaps {
            note(&mut self.holes, gap, &mut budget)?;
        }
        Ok(place.map(|it| (it, budget)))
    }

    /// What was noted about a value goes with it.
    fn forget(&mut self, path: &[Segment<'_>]) {
        if self.json.is_empty() && self.holes.is_empty() {
            return;
        }
        let at = place::pointer(path);
        let below = format!("{at}/");
        for notes in [&mut self.json, &mut self.holes] {
            let from = (Bound::Included(below.clone()), Bound::Unbounded);
            let gone = notes.range(from).take_while(|it| it.starts_with(&below)).cloned();
            for it in gone.chain([at.clone()]).collect::<Vec<_>>() {
                let known = notes.remove(&it);
                self.size = self.size.saturating_sub(if known { it.len() } else { 0 });
            }
        }
    }

    fn append(&mut self, path: &[Segment<'_>], text: &str) -> Result<(), Unfit> {
        let Some((place, mut budget)) = self.place(path)? else { return Ok(()) };
        if place.is_null() {
            *place = Value::String(String::new());
        }
        if let Value::String(before) = place {
            budget.swap(0, text.len())?;
            before.push_str(text);
        }
        Ok(())
    }

    fn json(&mut self, path: &[Segment<'_>], text: &str) -> Result<(), Unfit> {
        // What stands there is what the text will replace, such as an empty object.
        let mut budget = Budget { size: &mut self.size, most: self.most };
        if note(&mut self.json, place::pointer(path), &mut budget)? {
            self.replace(path, Value::String(String::new()))?;
        }
        self.append(path, text)
    }

    fn merge(&mut self, path: &[Segment<'_>], fields: &Map<String, Value>) -> Result<(), Unfit> {
        match self.place(path)? {
            Some((place @ Value::Null, _)) => *place = Value::Object(Map::new()),
            Some((Value::Object(_), _)) => {}
            _ => return Ok(()),
        }
        let mut path = path.to_vec();
        for (name, value) in fields.iter().filter(|it| !it.1.is_null()) {
            path.push(Segment { key: name.into(), at: None });
            self.set(&path, value.clone())?;
            path.pop();
        }
        Ok(())
    }

    fn concat(&mut self, path: &[Segment<'_>], items: &[Value], join: Option<&str>) -> Result<(), Unfit> {
        let Some((place, mut budget)) = self.place(path)? else { return Ok(()) };
        if place.is_null() {
            *place = Value::Array(Vec::new());
        }
        let Value::Array(list) = place else { return Ok(()) };
        for item in items {
            let joined = join.zip(list.last_mut()).and_then(|(field, last)| joins(last, item, field));
            if let Some((before, text)) = joined {
                budget.swap(0, text.len())?;
                before.push_str(text);
            } else {
                budget.swap(0, place::size(item) + 1)?;
                list.push(item.clone());
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

/// Notes a place once. Notes take memory as well.
fn note(notes: &mut BTreeSet<String>, place: String, budget: &mut Budget<'_>) -> Result<bool, Unfit> {
    if notes.contains(&place) {
        return Ok(false);
    }
    budget.swap(0, place.len())?;
    Ok(notes.insert(place))
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
