//! Writes and reads the fields of generated records. The type of a field decides whether it is optional.

use crate::{Decode, DecodeError, Encode, JsonWriter, Nullable, Object};

/// A field of a record. `M` is [`Plain`] unless `null` has a meaning, which does not follow from the type alone.
#[doc(hidden)]
pub trait Field<M = Plain>: Sized {
    /// Writes the field with its name, or nothing if it is absent.
    fn write(&self, name: &str, out: &mut JsonWriter);

    /// Reads the field of a response. An optional field that cannot be read is left out, so that the rest can be used.
    fn read(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError>;

    /// Reads the field of a request. A present field must be valid, because the request would mean something else without
    /// it.
    fn read_strict(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError>;
}

/// `null` has no meaning. A value in an `Option` is optional.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Plain;

/// The field is always present. `None` is sent as `null`.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct OrNull;

/// The field may be `null` or left out, and the two differ.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct OrLeftOut;

/// The field is only received. It is not part of requests.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Received;

impl<T: Encode + Decode> Field for T {
    #[inline]
    fn write(&self, name: &str, out: &mut JsonWriter) {
        self.encode(out.key(name));
    }

    #[inline]
    fn read(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        object.field(name)
    }

    #[inline]
    fn read_strict(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        object.field(name)
    }
}

impl<T: Encode + Decode> Field for Option<T> {
    #[inline]
    fn write(&self, name: &str, out: &mut JsonWriter) {
        out.optional(name, self);
    }

    #[inline]
    fn read(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        Ok(object.lenient(name))
    }

    #[inline]
    fn read_strict(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        object.strict_optional(name)
    }
}

impl<T: Encode + Decode> Field<OrLeftOut> for Option<Nullable<T>> {
    #[inline]
    fn write(&self, name: &str, out: &mut JsonWriter) {
        out.optional(name, self);
    }

    #[inline]
    fn read(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        Ok(object.maybe_null(name))
    }

    #[inline]
    fn read_strict(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        object.strict_optional(name)
    }
}

impl<T: Encode + Decode> Field<Received> for Option<T> {
    #[inline]
    fn write(&self, name: &str, out: &mut JsonWriter) {
        if out.keeps_received() {
            out.optional(name, self);
        }
    }

    #[inline]
    fn read(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        Ok(object.lenient(name))
    }

    #[inline]
    fn read_strict(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        Ok(object.lenient(name))
    }
}

impl<T: Encode + Decode> Field<OrNull> for Option<T> {
    #[inline]
    fn write(&self, name: &str, out: &mut JsonWriter) {
        match self {
            Some(value) => value.encode(out.key(name)),
            None => out.key(name).null(),
        }
    }

    #[inline]
    fn read(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        Ok(object.lenient(name))
    }

    #[inline]
    fn read_strict(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
        object.field::<Nullable<T>>(name).map(Into::into)
    }
}
