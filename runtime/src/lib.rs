//! What every client that Specwright generates has in common.
//!
//! Generated crates describe an API as data ([`Operation`], [`Rule`], [`TaskSpec`]) and as small functions that write a
//! request and read an answer; everything that does not vary with the API is here, written once and not generic.

pub mod json;
pub mod operation;
pub mod request;
pub mod validate;

pub use json::{Decode, DecodeError, Encode, JsonWriter, Object, Reader};
pub use operation::{Api, Credential, Operation, Scheme, StatusKind, TaskSpec};
pub use request::{Parts, Request};
pub use serde_json::Value;
pub use validate::{At, Found, Rule, Strength, Validation, ValidationError, Violation, Violations};

/// Marks a required parameter that is set, in a builder's state.
#[derive(Clone, Copy, Debug)]
pub struct Set;

/// Marks a required parameter that is not set yet, in a builder's state.
#[derive(Clone, Copy, Debug)]
pub struct Unset;

/// A value that may be `null`, where `null` is not the same as leaving it out.
#[derive(Clone, Debug, PartialEq)]
pub enum Nullable<T> {
    /// Sent as `null`.
    Null,
    /// Sent as itself.
    Value(T),
}

/// Fields that the spec does not know, as they came or as they shall be sent.
pub type Extra = serde_json::Map<String, Value>;
