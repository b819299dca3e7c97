//! Serde for types that have [`Encode`] and [`Decode`], without derives.

pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

use ::serde::{de, ser};
use serde_json::Value;

use crate::{Decode, Encode, JsonWriter, Reader};

/// What `Serialize::serialize` does.
///
/// # Errors
/// The serializer fails.
pub fn serialize<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut out = JsonWriter::keeping_received();
    value.encode(&mut out);
    let value = crate::json::parse(out.as_bytes()).map_err(ser::Error::custom)?;
    value.serialize(serializer)
}

/// What `Deserialize::deserialize` does.
///
/// # Errors
/// The deserializer fails, or the value is not what the type needs.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::decode(&Reader::new(&value)).map_err(de::Error::custom)
}

/// Implements serde's `Serialize` and `Deserialize` for a type with [`Encode`](crate::Encode) and
/// [`Decode`](crate::Decode). `serde_via_json!(Type, serialize)` and `serde_via_json!(Type, deserialize)` are its halves.
#[macro_export]
macro_rules! serde_via_json {
    ($type:ty) => {
        $crate::serde_via_json!($type, serialize);
        $crate::serde_via_json!($type, deserialize);
    };
    ($type:ty, serialize) => {
        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serde::serialize(self, serializer)
            }
        }
    };
    ($type:ty, deserialize) => {
        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::serde::deserialize(deserializer)
            }
        }
    };
}
