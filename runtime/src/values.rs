//! Codecs of plain values, and the macros that implement generated enums.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::escape::escaped;
use crate::json::parse;
use crate::{Decode, DecodeError, Encode, JsonWriter, Nullable, Object, Reader};

macro_rules! plain {
    ($($ty:ty: $read:ident, |$out:ident, $value:ident| $write:expr;)*) => {
        $(
            impl Decode for $ty {
                fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
                    from.$read()
                }
            }

            impl Encode for $ty {
                fn encode(&self, $out: &mut JsonWriter) {
                    let $value = self;
                    $write;
                }
            }
        )*
    };
}

plain! {
    String: string, |out, value| out.string(value);
    i64: integer, |out, value| out.integer(*value);
    u64: unsigned, |out, value| out.unsigned(*value);
    f64: number, |out, value| out.number(*value);
    bool: boolean, |out, value| out.boolean(*value);
    Value: any, |out, value| out.value(value);
}

/// A response without content. Its body is ignored.
impl Decode for () {
    fn decode(_: &Reader<'_>) -> Result<Self, DecodeError> {
        Ok(())
    }
}

impl Encode for () {
    fn encode(&self, out: &mut JsonWriter) {
        out.null();
    }
}

/// A value that contains another of its type.
impl<T: Decode> Decode for Box<T> {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(from).map(Self::new)
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, out: &mut JsonWriter) {
        (**self).encode(out);
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        from.list(T::decode)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut JsonWriter) {
        out.list(self, |out, it| it.encode(out));
    }
}

/// Implements both for a tuple, which is an array in JSON.
macro_rules! tuples {
    ($($count:literal: $($name:ident $at:tt)+;)*) => {
        $(
            impl<$($name: Decode),+> Decode for ($($name,)+) {
                fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
                    let item = from.tuple($count)?;
                    Ok(($($name::decode(&item($at))?,)+))
                }
            }

            impl<$($name: Encode),+> Encode for ($($name,)+) {
                fn encode(&self, out: &mut JsonWriter) {
                    out.begin_array();
                    $(self.$at.encode(out);)+
                    out.end_array();
                }
            }
        )*
    };
}

tuples! {
    2: A 0 B 1;
    3: A 0 B 1 C 2;
    4: A 0 B 1 C 2 D 3;
    5: A 0 B 1 C 2 D 3 E 4;
    6: A 0 B 1 C 2 D 3 E 4 F 5;
    7: A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    8: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    9: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    10: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    11: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    12: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        from.map(T::decode)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, out: &mut JsonWriter) {
        out.begin_object();
        for (key, value) in self {
            value.encode(out.key(key));
        }
        out.end_object();
    }
}

impl<T: Decode> Decode for Nullable<T> {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        if from.value().is_null() { Ok(Self::Null) } else { T::decode(from).map(Self::Value) }
    }
}

impl<T: Encode> Encode for Nullable<T> {
    fn encode(&self, out: &mut JsonWriter) {
        match self {
            Self::Null => out.null(),
            Self::Value(value) => value.encode(out),
        }
    }
}

impl Object<'_> {
    /// Reads a required field.
    ///
    /// # Errors
    /// Fails if it is missing or cannot be read.
    pub fn field<T: Decode>(&self, name: &'static str) -> Result<T, DecodeError> {
        self.required(name, T::decode)
    }

    /// A field that may be missing; see [`optional`](Self::optional).
    #[must_use]
    pub fn lenient<T: Decode>(&self, name: &'static str) -> Option<T> {
        self.optional(name, T::decode)
    }

    /// Reads an optional field of a request. Unlike in a response, a wrong type is an error: the request would mean
    /// something else without the field.
    ///
    /// # Errors
    /// Fails if it is present and has the wrong type.
    pub fn strict_optional<T: Decode>(&self, name: &'static str) -> Result<Option<T>, DecodeError> {
        if self.has(name) { self.field(name).map(Some) } else { Ok(None) }
    }

    /// A field where `null` means something.
    #[must_use]
    pub fn maybe_null<T: Decode>(&self, name: &'static str) -> Option<Nullable<T>> {
        self.nullable(name, T::decode)
    }
}

/// A value as JSON text.
#[must_use]
pub fn to_json<T: Encode + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = JsonWriter::default();
    value.encode(&mut out);
    out.into_bytes()
}

/// A value from parsed JSON.
///
/// # Errors
/// Fails if a required field is missing or has the wrong type.
pub fn from_json<T: Decode>(value: &Value) -> Result<T, DecodeError> {
    T::decode(&Reader::new(value))
}

/// A value from JSON that the compiler wrote. For generated code.
#[doc(hidden)]
#[must_use]
pub fn constant<T: Decode + Default>(json: &str) -> T {
    parse(json.as_bytes()).ok().and_then(|it| from_json(&it).ok()).unwrap_or_default()
}

/// The error for text that is not one of an enum's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    /// The text.
    pub found: String,
    /// The enum's values.
    pub expected: Vec<&'static str>,
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not one of ", escaped(&self.found))?;
        for (index, value) in self.expected.iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(f, "{before}`{value}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownValue {}

/// The value of a closed enum with this text. Enums call it instead of their own closures, each of which the compiler
/// would have to process.
#[doc(hidden)]
pub fn known<T: Copy>(text: &str, all: &[T], name: fn(&T) -> &'static str) -> Result<T, UnknownValue> {
    find(text, &Table { all, name }).map(|it| all[it])
}

/// Reads a value of a closed enum.
#[doc(hidden)]
pub fn read_known<T: Copy>(from: &Reader<'_>, all: &[T], name: fn(&T) -> &'static str) -> Result<T, DecodeError> {
    read(from, &Table { all, name }).map(|it| all[it])
}

/// Whether a text is one of the values of an enum that may have others.
#[doc(hidden)]
pub fn is_known<T>(text: &str, all: &[T], name: fn(&T) -> &str) -> bool {
    all.iter().any(|it| name(it) == text)
}

/// The value of an enum that may have others.
#[doc(hidden)]
pub fn known_or_other<T: Clone>(text: &str, all: &[T], name: fn(&T) -> &str, other: fn(String) -> T) -> T {
    all.iter().find(|it| name(it) == text).cloned().unwrap_or_else(|| other(text.to_owned()))
}

/// Reads a value of an enum that may have others.
#[doc(hidden)]
pub fn read_known_or_other<T: Clone>(
    from: &Reader<'_>,
    all: &[T],
    name: fn(&T) -> &str,
    other: fn(String) -> T,
) -> Result<T, DecodeError> {
    from.string().map(|it| known_or_other(&it, all, name, other))
}

/// Shows a value of an enum, which may be a value from a server.
#[doc(hidden)]
pub fn show_name(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&escaped(name))
}

/// The values of any enum, so that code that uses them is compiled once.
trait Names {
    fn all(&self) -> usize;
    fn name(&self, index: usize) -> &'static str;
}

struct Table<'a, T> {
    all: &'a [T],
    name: fn(&T) -> &'static str,
}

impl<T> Names for Table<'_, T> {
    fn all(&self) -> usize {
        self.all.len()
    }

    fn name(&self, index: usize) -> &'static str {
        (self.name)(&self.all[index])
    }
}

fn find(text: &str, names: &dyn Names) -> Result<usize, UnknownValue> {
    (0..names.all()).find(|it| names.name(*it) == text).ok_or_else(|| UnknownValue {
        found: text.to_owned(),
        expected: (0..names.all()).map(|it| names.name(it)).collect(),
    })
}

fn read(from: &Reader<'_>, names: &dyn Names) -> Result<usize, DecodeError> {
    let text = from.value().as_str().ok_or_else(|| from.expected("a string"))?;
    find(text, names).map_err(|_| from.expected("a documented value"))
}
