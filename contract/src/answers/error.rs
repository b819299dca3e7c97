//! Error bodies of an API: its own example with the words put in, else a body built from its pointers.

use serde_json::{Map, Value};
use specwright_codegen::model::{Api, ErrorExample};

/// Levels that a pointer makes, and items of a list that it makes.
const DEEPEST: usize = 32;
const MOST_ITEMS: usize = 8;

/// The API's own error body: `message` at the place where its clients look for it, `code` likewise. An example of the
/// status gives the shape, else the first example of any, else the pointers do. Without a `code`, that of the status'
/// example stays.
#[must_use]
pub fn error(api: &Api, status: u16, message: &str, code: Option<&str>) -> Value {
    let examples = &api.errors.examples;
    let of_code = |it: &&ErrorExample| code.is_some() && text_at(&it.body, &api.errors.code) == code;
    let of_status = |it: &&ErrorExample| it.status == status;
    let same = examples.iter().filter(of_status).find(of_code).or_else(|| examples.iter().find(of_status));
    let example = same.or(examples.first());
    let mut body = example.map_or_else(|| Value::Object(Map::new()), |it| it.body.clone());
    // The details and the code of another failure say nothing of this one.
    if example.is_none_or(|it| text_at(&it.body, &api.errors.message) != Some(message)) {
        remove(&mut body, &api.errors.details);
    }
    if same.is_none() {
        remove(&mut body, &api.errors.code);
    }
    set(&mut body, &api.errors.message, message);
    if let Some(code) = code {
        set(&mut body, &api.errors.code, code);
    }
    body
}

fn text_at<'b>(body: &'b Value, pointers: &[String]) -> Option<&'b str> {
    pointers.iter().find_map(|it| body.pointer(it)?.as_str())
}

/// At the first pointer that leads to a text already, else at the first that can be built.
fn set(body: &mut Value, pointers: &[String], text: &str) {
    let place = pointers.iter().find(|it| body.pointer(it).is_some_and(Value::is_string)).or(pointers.first());
    let Some(place) = place else { return };
    if place.is_empty() {
        *body = text.into();
        return;
    }
    let mut value = body;
    for segment in place.split('/').skip(1).take(DEEPEST) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        let index = segment.parse::<usize>().ok().filter(|it| *it < MOST_ITEMS);
        match (&*value, index) {
            (Value::Object(_), _) | (Value::Array(_), Some(_)) => {}
            (_, Some(_)) => *value = Value::Array(Vec::new()),
            (_, None) => *value = Value::Object(Map::new()),
        }
        value = match (value, index) {
            (Value::Array(items), Some(index)) => {
                while items.len() <= index {
                    items.push(Value::Null);
                }
                &mut items[index]
            }
            (Value::Object(fields), _) => fields.entry(segment).or_insert(Value::Null),
            _ => return,
        };
    }
    *value = text.into();
}

fn remove(body: &mut Value, pointers: &[String]) {
    for pointer in pointers {
        let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
        if let Some(Value::Object(fields)) = body.pointer_mut(parent) {
            fields.shift_remove(&name.replace("~1", "/").replace("~0", "~"));
        }
    }
}
