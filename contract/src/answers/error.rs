//! Error bodies of an API: its own example with the message inserted, or else a body built from its pointers.
//!
//! Clients look for an error's message, code and details at the places that the spec names. These places may contain each
//! other, in any order: the details at `/error` contain the message at `/error/message`. In that case the outer value is
//! written first, and later values never replace a message or a code.

use serde_json::{Map, Value, json};
use specwright_codegen::check;
use specwright_codegen::model::{Api, ErrorExample, ErrorModel, FailureCondition, Type};

use super::failure::make_failure;
use crate::pointer;

/// The maximum of levels, and of list items, that a pointer creates.
const DEEPEST: usize = 32;
const MOST_ITEMS: usize = 8;
/// The place of the message if the spec does not name one.
const UNSAID: [&str; 2] = ["/error", "/message"];

/// The content of an error body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure<'f> {
    pub(crate) status: u16,
    pub(crate) message: &'f str,
    /// `None` keeps the code of the status' example.
    pub(crate) code: Option<&'f str>,
    /// An object, written to the spec's place for details.
    pub(crate) details: Option<&'f Map<String, Value>>,
    /// Whether an example of the status keeps its own message and details.
    pub(crate) documented: bool,
    /// What the body has to meet to be an error, where the status is one of success.
    pub(crate) when: Option<&'f FailureCondition>,
    /// The type of the body, where the operation has one of its own.
    pub(crate) ty: Option<&'f Type>,
}

/// The API's own error body, with `message` and `code` at the places where its clients look for them. The shape is that
/// of an example of the status, or else of the first example, or else of the pointers. Without a `code`, the code of the
/// status' example is kept.
#[must_use]
pub fn error(api: &Api, status: u16, message: &str, code: Option<&str>) -> Value {
    error_body(api, Failure { status, message, code, details: None, documented: false, when: None, ty: None })
}

/// See [`error`].
pub(crate) fn error_body(api: &Api, failure: Failure<'_>) -> Value {
    let errors = &api.errors;
    let example = example(errors, failure);
    let typed = if example.is_none() { of_type(api, failure) } else { None };
    let template = example.or(errors.examples.first().filter(|_| typed.is_none()));
    let is_typed = typed.is_some();
    let mut body = template.map(|it| it.body.clone()).or(typed).unwrap_or_else(|| json!({}));
    let keeps_message = failure.documented && example.is_some_and(|it| text_at(&it.body, &errors.message).is_some());
    let same_words = template.is_some_and(|it| text_at(&it.body, &errors.message) == Some(failure.message));
    let has_code = failure.code.is_some() || example.is_some_and(|it| text_at(&it.body, &errors.code).is_some());
    let places = Places::new(errors, &body, has_code);
    // The details and the code of another failure do not apply to this one.
    if !keeps_message && !same_words && !is_typed {
        errors.details.iter().for_each(|it| clear(&mut body, it, &places.kept_pointers()));
    }
    if example.is_none() && !is_typed {
        errors.code.iter().for_each(|it| clear(&mut body, it, &places.kept_pointers()));
    }
    if let (Some(place), Some(details), false) = (places.details, failure.details, keeps_message) {
        put_fields(&mut body, place, details);
    }
    if let (Some(place), false) = (places.message, keeps_message) {
        put(&mut body, place, failure.message.into());
    }
    if let (Some(place), Some(code)) = (places.code, failure.code) {
        put(&mut body, place, code.into());
    }
    if let Some(condition) = failure.when {
        make_failure(&mut body, condition);
    }
    body
}

/// A body of the type that errors with this status have.
fn of_type(api: &Api, failure: Failure<'_>) -> Option<Value> {
    let of_status = api.errors.statuses.iter().find(|it| it.status == failure.status).and_then(|it| it.ty.as_ref());
    let ty = failure.ty.or(of_status).or(api.errors.ty.as_ref())?;
    check::sample_of(api, ty).filter(Value::is_object)
}

/// The example of the status. An example with the code, or with a declared code, comes before all others.
fn example<'a>(errors: &'a ErrorModel, failure: Failure<'_>) -> Option<&'a ErrorExample> {
    let of_status = || errors.examples.iter().filter(|it| it.status == failure.status);
    let fits = |it: &&ErrorExample| match (failure.code, text_at(&it.body, &errors.code)) {
        (Some(wanted), code) => code == Some(wanted),
        (None, Some(code)) => errors.codes.iter().any(|it| it.value == code),
        (None, None) => true,
    };
    of_status().find(fits).or_else(|| of_status().next())
}

/// The places of message, code and details.
struct Places<'a> {
    message: Option<&'a str>,
    code: Option<&'a str>,
    details: Option<&'a str>,
}

impl<'a> Places<'a> {
    /// The first places that already have a text, or else the first that can be built. If there is no choice but to put a
    /// message and a code into the same place, only the message is written.
    fn new(errors: &'a ErrorModel, body: &Value, has_code: bool) -> Self {
        let ordered = |all: &'a [String]| -> Vec<&'a str> {
            let mut all: Vec<&str> = all.iter().map(String::as_str).collect();
            // Nothing is looked up for a single place.
            all.sort_by_cached_key(|it| !pointer::at(body, it).is_some_and(Value::is_string));
            all
        };
        let mut messages = ordered(&errors.message);
        let codes = if has_code { ordered(&errors.code) } else { Vec::new() };
        if messages.is_empty() {
            messages.extend(UNSAID);
        }
        let pairs = || messages.iter().flat_map(|message| codes.iter().map(move |code| (*message, *code)));
        let pair = pairs().find(|(message, code)| !overlap(message, code));
        let (message, code) = match pair {
            Some((message, code)) => (Some(message), Some(code)),
            None => (messages.first().copied(), None),
        };
        let scalars = [message, code];
        // A text has no fields.
        let free = |it: &&str| !scalars.iter().flatten().any(|scalar| is_ancestor(scalar, it));
        let details = errors.details.iter().map(String::as_str).find(|it| free(it));
        Self { message, code, details }
    }

    fn kept_pointers(&self) -> Vec<&'a str> {
        self.message.into_iter().chain(self.code).collect()
    }
}

/// Whether one pointer equals the other, or contains it.
fn is_ancestor(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn overlap(one: &str, other: &str) -> bool {
    is_ancestor(one, other) || is_ancestor(other, one)
}

fn text_at<'b>(body: &'b Value, pointers: &[String]) -> Option<&'b str> {
    pointers.iter().find_map(|it| pointer::at(body, it)?.as_str())
}

/// Puts a value at a pointer. Missing parents are created: lists for numbers, objects for names.
pub(super) fn put(body: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = open(body, pointer) {
        *place = value;
    }
}

/// Adds fields to the object at a pointer, and keeps its other fields.
fn put_fields(body: &mut Value, pointer: &str, fields: &Map<String, Value>) {
    let Some(place) = open(body, pointer) else { return };
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    if let Value::Object(known) = place {
        known.extend(fields.iter().map(|(name, it)| (name.clone(), it.clone())));
    }
}

fn open<'b>(body: &'b mut Value, pointer: &str) -> Option<&'b mut Value> {
    let mut value = body;
    for segment in pointer::steps(pointer).take(DEEPEST) {
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
            _ => return None,
        };
    }
    Some(value)
}

/// Removes the value at a pointer, but not the values at the pointers in `kept`, nor their parents.
fn clear(body: &mut Value, pointer: &str, kept: &[&str]) {
    if kept.iter().any(|it| is_ancestor(it, pointer)) {
        return;
    }
    if kept.iter().any(|it| is_ancestor(pointer, it)) {
        if let Some(place) = pointer::at_mut(body, pointer) {
            clear_within(place, pointer, kept);
        }
        return;
    }
    if pointer.is_empty() {
        *body = Value::Object(Map::new());
        return;
    }
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(fields)) = pointer::at_mut(body, parent) {
        fields.shift_remove(&*pointer::unescaped(name));
    }
}

fn clear_within(value: &mut Value, pointer: &str, kept: &[&str]) {
    let below = |name: &str| format!("{pointer}/{}", pointer::escaped(name));
    let leads = |at: &str| kept.iter().any(|it| is_ancestor(at, it));
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| leads(&below(name)));
            for (name, inner) in fields.iter_mut() {
                clear_within(inner, &below(name), kept);
            }
        }
        Value::Array(items) => {
            let last = (0..items.len()).rev().find(|it| leads(&below(&it.to_string())));
            items.truncate(last.map_or(0, |it| it + 1));
            for (index, inner) in items.iter_mut().enumerate() {
                clear_within(inner, &below(&index.to_string()), kept);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
