//! Reads the values of a response, with the place of each for errors.

use std::fmt;

use serde_json::{Map, Value};

use super::value::{copy_of, integer, push_segment, type_name, unsigned};
use super::{Extra, Nullable};
use crate::escape::one_line;
use crate::number::count_text;

/// A value that can be read from JSON.
pub trait Decode: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Fails if a required field is missing or has the wrong type. The error names its place.
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError>;
}

/// Why a response could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// JSON pointer of the place.
    pub at: String,
    /// What was expected there.
    pub expected: &'static str,
    /// What was found there: a JSON type, or `nothing`.
    pub found: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The names of a response's fields come from the server.
        let at = if self.at.is_empty() { "the top" } else { &one_line(&self.at, 400) };
        write!(f, "expected {} at {at}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for DecodeError {}

/// A JSON value and its path.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    value: &'a Value,
    parent: Option<&'a Reader<'a>>,
    step: PathSegment<'a>,
}

#[derive(Clone, Copy, Debug)]
enum PathSegment<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Reader<'a> {
    /// Reads from the top.
    #[must_use]
    pub fn new(value: &'a Value) -> Self {
        Self { value, parent: None, step: PathSegment::Root }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// As an object.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn object(&'a self) -> Result<Object<'a>, DecodeError> {
        match self.value {
            Value::Object(map) => Ok(Object { map, reader: self }),
            _ => Err(self.expected("an object")),
        }
    }

    /// As a string.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn string(&self) -> Result<String, DecodeError> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.expected("a string"))
    }

    /// As a whole number, also if it is written `5.0` or `1.7e18`. It must fit into an `i64`.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn integer(&self) -> Result<i64, DecodeError> {
        integer(self.value).ok_or_else(|| {
            self.expected(if self.value.is_number() { "a whole number of 64 bits" } else { "a whole number" })
        })
    }

    /// As a whole number that is not negative, also if it is written `5.0` or `1.7e18`. It must fit into a `u64`.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn unsigned(&self) -> Result<u64, DecodeError> {
        let wanted = if self.value.is_number() { "a whole number of 64 bits without a sign" } else { "a whole number" };
        unsigned(self.value).ok_or_else(|| self.expected(wanted))
    }

    /// As a number.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn number(&self) -> Result<f64, DecodeError> {
        self.value.as_f64().ok_or_else(|| self.expected("a number"))
    }

    /// As `true` or `false`.
    ///
    /// # Errors
    /// Fails if it is neither.
    pub fn boolean(&self) -> Result<bool, DecodeError> {
        self.value.as_bool().ok_or_else(|| self.expected("true or false"))
    }

    /// Unchanged.
    ///
    /// # Errors
    /// It never fails. The signature is that of the others.
    pub fn any(&self) -> Result<Value, DecodeError> {
        Ok(copy_of(self.value))
    }

    /// As an array.
    ///
    /// # Errors
    /// Fails if it is not an array, or if an item cannot be read.
    pub fn list<T>(&self, read: impl Fn(&Reader<'_>) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
        let Value::Array(items) = self.value else { return Err(self.expected("an array")) };
        let item = |(index, value)| read(&Reader { value, parent: Some(self), step: PathSegment::Index(index) });
        items.iter().enumerate().map(item).collect()
    }

    /// As an array of at least so many items, whose types depend on their places. Further items are left out.
    ///
    /// # Errors
    /// Fails if it is not an array, or has fewer items.
    pub fn tuple(&'a self, count: usize) -> Result<impl Fn(usize) -> Reader<'a>, DecodeError> {
        match self.value {
            Value::Array(items) if items.len() >= count => {
                Ok(move |at: usize| Reader { value: &items[at], parent: Some(self), step: PathSegment::Index(at) })
            }
            _ => Err(self.expected("an array with an item for each place")),
        }
    }

    /// As an object with free keys.
    ///
    /// # Errors
    /// Fails if it is not an object, or if a value cannot be read.
    pub fn map<T>(
        &self,
        read: impl Fn(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<std::collections::BTreeMap<String, T>, DecodeError> {
        let Value::Object(map) = self.value else { return Err(self.expected("an object")) };
        let entry = |(key, value): (&String, &Value)| {
            Ok((key.clone(), read(&Reader { value, parent: Some(self), step: PathSegment::Key(key) })?))
        };
        map.iter().map(entry).collect()
    }

    /// The error that something else was expected here.
    #[must_use]
    pub fn expected(&self, expected: &'static str) -> DecodeError {
        DecodeError { at: self.pointer(), expected, found: type_name(self.value) }
    }

    /// JSON pointer of this place.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut out = self.parent.map(Self::pointer).unwrap_or_default();
        match self.step {
            PathSegment::Root => {}
            PathSegment::Key(key) => push_segment(&mut out, key),
            PathSegment::Index(index) => push_segment(&mut out, &count_text(index as u64)),
        }
        out
    }
}

/// An object that is being read.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    map: &'a Map<String, Value>,
    reader: &'a Reader<'a>,
}

impl<'a> Object<'a> {
    /// Whether there is such a field, `null` or not.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Reads a required field.
    ///
    /// # Errors
    /// Fails if it is missing or cannot be read.
    pub fn required<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match self.present(name) {
            Ok(field) => read(&field),
            Err(missing) => Err(missing),
        }
    }

    /// The part of [`required`](Self::required) that is the same for all types.
    fn present(&self, name: &'static str) -> Result<Reader<'_>, DecodeError> {
        match self.map.get(name) {
            Some(value) => Ok(Reader { value, parent: Some(self.reader), step: PathSegment::Key(name) }),
            None => {
                let mut at = self.reader.pointer();
                push_segment(&mut at, name);
                Err(DecodeError { at, expected: "a value", found: "nothing" })
            }
        }
    }

    /// Reads an optional field. `null` and a value of the wrong type become `None`, so that the rest of the response
    /// stays usable. The raw response still has the value.
    pub fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Option<T> {
        let value = self.map.get(name)?;
        if value.is_null() {
            return None;
        }
        read(&Reader { value, parent: Some(self.reader), step: PathSegment::Key(name) }).ok()
    }

    /// A field where `null` means something.
    pub fn nullable<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
    ) -> Option<Nullable<T>> {
        match self.map.get(name)? {
            Value::Null => Some(Nullable::Null),
            _ => self.optional(name, read).map(Nullable::Value),
        }
    }

    /// Fails if there are other fields than these.
    ///
    /// # Errors
    /// Fails if there is another field.
    pub fn only(&self, known: &[&str]) -> Result<(), DecodeError> {
        match self.map.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, value)) => {
                let place = Reader { value, parent: Some(self.reader), step: PathSegment::Key(name) };
                Err(place.expected("no field with this name"))
            }
        }
    }

    /// All fields except these, each as a `T`. One that cannot be read as that is left out, as an optional field would be.
    #[must_use]
    pub fn typed_rest<T: Decode>(&self, known: &[&str]) -> std::collections::BTreeMap<String, T> {
        self.others(known).filter_map(|(name, it)| Some((name.clone(), T::decode(&it).ok()?))).collect()
    }

    /// As [`typed_rest`](Self::typed_rest), of a value that must be exact.
    ///
    /// # Errors
    /// Fails if a field cannot be read.
    pub fn strict_rest<T: Decode>(&self, known: &[&str]) -> Result<std::collections::BTreeMap<String, T>, DecodeError> {
        self.others(known).map(|(name, it)| Ok((name.clone(), T::decode(&it)?))).collect()
    }

    fn others(&self, known: &[&str]) -> impl Iterator<Item = (&'a String, Reader<'a>)> {
        let reader = self.reader;
        let others = self.map.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        others.map(move |(name, value)| (name, Reader { value, parent: Some(reader), step: PathSegment::Key(name) }))
    }

    /// All fields except these.
    #[must_use]
    pub fn rest(&self, known: &[&str]) -> Extra {
        let mut rest = Extra::new();
        // One by one, because there are few, and collecting would add code for sorting.
        for (name, value) in self.map.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            rest.insert(name.clone(), copy_of(value));
        }
        rest
    }
}
