//! Writes and reads the fields of generated records of which their list does not say everything.

use std::collections::BTreeMap;

use crate::{Decode, DecodeError, Encode, Extra, JsonWriter, Nullable, Object};

/// A field of a record of which the type alone does not say what `null` means, or whether it is shown: `M` does.
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

/// Modes of fields that hold a secret, which `Debug` does not show. Otherwise they are as another mode says.
macro_rules! hidden {
    ($($name:ident: $mode:ident,)*) => {
        $(
            /// The value is a secret, which `Debug` does not show.
            #[doc(hidden)]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl<T: Field<$mode>> Field<$name> for T {
                #[inline]
                fn write(&self, name: &str, out: &mut JsonWriter) {
                    if !out.hide(name) {
                        Field::<$mode>::write(self, name, out);
                    }
                }

                #[inline]
                fn read(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
                    <T as Field<$mode>>::read(object, name)
                }

                #[inline]
                fn read_strict(object: &Object<'_>, name: &'static str) -> Result<Self, DecodeError> {
                    <T as Field<$mode>>::read_strict(object, name)
                }
            }
        )*
    };
}

hidden! { Hidden: Plain, HiddenOrNull: OrNull, HiddenOrLeftOut: OrLeftOut, HiddenReceived: Received, }

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

/// What a record keeps of the fields that the spec does not list. `M` is [`Plain`] unless the record says more.
#[doc(hidden)]
pub trait Rest<M = Plain>: Sized {
    /// Writes the fields.
    fn write(&self, out: &mut JsonWriter);

    /// Reads the fields of a response, except those that are known.
    fn read(object: &Object<'_>, known: &[&str]) -> Self;

    /// Reads the fields of a request, except those that are known.
    fn read_strict(object: &Object<'_>, known: &[&str]) -> Result<Self, DecodeError> {
        Ok(Self::read(object, known))
    }
}

/// The record is closed, and one of a union of which only one member may accept a value.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Unlisted;

impl Rest for Extra {
    #[inline]
    fn write(&self, out: &mut JsonWriter) {
        out.extra(self);
    }

    #[inline]
    fn read(object: &Object<'_>, known: &[&str]) -> Self {
        object.rest(known)
    }
}

impl Rest<Unlisted> for Extra {
    #[inline]
    fn write(&self, out: &mut JsonWriter) {
        out.unlisted_extra(self);
    }

    #[inline]
    fn read(object: &Object<'_>, known: &[&str]) -> Self {
        object.rest(known)
    }
}

/// The spec gives the fields a type.
impl<T: Encode + Decode> Rest for BTreeMap<String, T> {
    #[inline]
    fn write(&self, out: &mut JsonWriter) {
        out.typed_extra(self);
    }

    #[inline]
    fn read(object: &Object<'_>, known: &[&str]) -> Self {
        object.typed_rest(known)
    }

    #[inline]
    fn read_strict(object: &Object<'_>, known: &[&str]) -> Result<Self, DecodeError> {
        object.strict_rest(known)
    }
}
