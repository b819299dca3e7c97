//! Puts a value into JSON at a place such as `items[0].name`.

use serde_json::{Map, Value};

/// A step from a value into it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// A field of an object.
    Name(String),
    /// An item of a list.
    At(usize),
    /// A new item at the end of a list.
    Push,
}

impl Step {
    pub(super) fn is_index(&self) -> bool {
        !matches!(self, Self::Name(_))
    }
}

/// Sets the value at a place, and makes the objects and lists on the way.
///
/// # Errors
/// Fails if something else stands on the way, or if an index leaves a gap.
pub(super) fn put(root: &mut Value, steps: &[Step], value: Value) -> Result<(), String> {
    let mut here = root;
    for step in steps {
        here = match step {
            Step::Name(name) => {
                if here.is_null() {
                    *here = Value::Object(Map::new());
                }
                let Value::Object(fields) = here else {
                    return Err(format!("`{name}` cannot be set in what is no object"));
                };
                fields.entry(name.clone()).or_insert(Value::Null)
            }
            Step::At(_) | Step::Push => {
                if here.is_null() {
                    *here = Value::Array(Vec::new());
                }
                let Value::Array(items) = here else {
                    return Err("an item cannot be set in what is no list".to_owned());
                };
                let length = items.len();
                let at = if let Step::At(at) = step { *at } else { length };
                if at > length {
                    return Err(format!("item {at} cannot be set before item {length}: the first one is 0"));
                }
                if at == length {
                    items.push(Value::Null);
                }
                let Some(item) = items.get_mut(at) else { return Ok(()) };
                item
            }
        };
    }
    *here = value;
    Ok(())
}

/// What is at a place.
pub(super) fn get_mut<'v>(root: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(root, |here, step| match (step, here) {
        (Step::Name(name), Value::Object(fields)) => fields.get_mut(name),
        (Step::At(at), Value::Array(items)) => items.get_mut(*at),
        _ => None,
    })
}
