//! The runtime of all clients that Specwright generates.
//!
//! Generated crates describe an API as data ([`Operation`], [`Rule`], [`TaskSpec`]) and as small functions that write a
//! request and read a response. Everything that does not vary with the API is here, written once and not generic.

#![warn(missing_docs)]

#[cfg(feature = "reqwest")]
mod adapter;
mod base_url;
#[cfg(feature = "blocking")]
pub mod blocking;
mod byte_scan;
mod call;
pub mod check;
mod client;
mod clock;
mod disk;
mod download;
mod error;
mod escape;
mod excerpt;
pub mod json;
mod many;
mod media;
mod multipart;
mod number;
pub mod operation;
mod pattern;
mod presence;
mod reading;
mod redact;
mod redirect;
mod refusal;
pub mod reply;
pub mod request;
mod response;
mod retry;
mod secret;
mod send;
#[cfg(feature = "serde")]
pub mod serde;
mod status;
pub mod stream;
pub mod task;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod transport;
mod unique;
mod upload;
pub mod validate;
mod values;
mod wait;
#[cfg(feature = "webhooks")]
pub mod webhook;

#[cfg(feature = "reqwest")]
pub use adapter::Reqwest;
#[cfg(feature = "blocking")]
pub use blocking::{Blocking, BlockingClock, Ureq};
pub use call::{Call, CallOptions, PendingRequest};
pub use client::{Client, ClientBuilder};
pub use clock::{BoxFuture, Clock, TokioClock};
pub use download::{Download, DownloadProgress, Downloads};
pub use error::{Error, ErrorKind, Result};
pub use json::{Decode, DecodeError, Encode, JsonWriter, Object, Reader};
pub use many::{WaitEach, wait_all, wait_each};
pub use multipart::Multipart;
pub use number::number_text;
pub use operation::{Api, Credential, Operation, Scheme, StatusKind, TaskSpec};
pub use presence::Presence;
pub use request::{Request, RequestParts};
pub use response::{RateLimit, RawResponse, Response};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use stream::{EventStream, Streaming, TextStream};
pub use task::{Progress, Task, TaskFailure, TaskState, TaskStatus, WaitOptions};
pub use transport::{Body, Transport, TransportError, TransportErrorKind};
pub use upload::File;
pub use validate::{Actual, InstancePath, Rule, Strength, Validation, ValidationError, Violation, Violations};
pub use values::{UnknownValue, from_json, to_json};
#[doc(hidden)]
pub use values::{known, read_known, show_name};
#[cfg(feature = "webhooks")]
pub use webhook::{Delivery, Webhook, WebhookError, WebhookSpec};
// What generated code names.
pub use bytes;
pub use http;
pub use serde_json::{self, Value, json};

/// Marks a required parameter that is set, in a builder's state.
#[derive(Clone, Copy, Debug)]
pub struct Set;

/// Marks a required parameter that is not set yet, in a builder's state.
#[derive(Clone, Copy, Debug)]
pub struct Unset;

/// A value that may be `null`, if `null` differs from leaving it out.
#[derive(Clone, Debug, PartialEq)]
pub enum Nullable<T> {
    /// Sent as `null`.
    Null,
    /// Sent as itself.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if it is not `null`.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        match value {
            Nullable::Null => None,
            Nullable::Value(value) => Some(value),
        }
    }
}

/// Fields that the spec does not know, as they were received or will be sent.
pub type Extra = serde_json::Map<String, Value>;

#[cfg(test)]
mod tests;
