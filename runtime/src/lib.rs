//! The runtime of all clients that Specwright generates.
//!
//! Generated crates describe an API as data ([`Operation`], [`Rule`], [`TaskSpec`]) and as small functions that write a
//! request and read a response. Everything that does not vary with the API is here, written once and not generic.
//!
//! Users of a generated crate start with [`Client`]. Calls return a [`Response`], a [`Task`], a [`Download`] or an
//! [`EventStream`], and fail with an [`Error`]. The modules [`check`], [`json`](mod@json), [`operation`],
//! [`reply`], [`request`](mod@request) and [`validate`] are for generated code.

#![warn(missing_docs)]

#[cfg(feature = "reqwest")]
mod adapter;
mod base_url;
#[cfg(feature = "blocking")]
pub mod blocking;
mod bulk;
mod byte_scan;
mod call;
pub mod check;
mod checks;
mod client;
mod clock;
mod concat;
mod debug;
mod disk;
mod download;
mod error;
mod escape;
mod excerpt;
mod failure;
mod field;
mod formats;
#[cfg(feature = "gzip")]
mod gzip;
mod headers;
mod http_date;
pub mod json;
mod level;
mod macros;
mod media;
mod members;
mod multipart;
mod number;
#[cfg(feature = "oauth2")]
mod oauth2;
pub mod operation;
mod pages;
mod parameter;
mod pattern;
mod percent;
mod presence;
mod random;
mod rate_limit;
mod reading;
mod redact;
mod redirect;
mod refusal;
pub mod reply;
pub mod request;
mod response;
mod retry;
mod secret;
#[cfg(feature = "serde")]
pub mod serde;
mod sign;
mod status;
pub mod stream;
mod style;
pub mod task;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
#[cfg(feature = "oauth2")]
mod token;
pub mod transport;
mod unique;
mod upload;
pub mod validate;
mod values;
#[cfg(feature = "webhooks")]
pub mod webhook;
pub mod xml;

// Items for users of a generated crate: the client, its calls and their results.
#[cfg(feature = "reqwest")]
pub use adapter::Reqwest;
#[cfg(feature = "blocking")]
pub use blocking::{Blocking, BlockingClock, Ureq};
pub use bulk::{SendEach, send_all, send_each};
pub use call::PendingRequest;
pub use client::{Client, ClientBuilder};
pub use clock::{BoxFuture, Clock, TokioClock};
pub use download::{Download, DownloadProgress};
pub use error::{Error, ErrorKind, Result};
pub use json::{DecodeError, Extra, Nullable};
#[doc(hidden)]
pub use level::LEVEL;
#[cfg(feature = "oauth2")]
pub use oauth2::OAuth2;
pub use operation::StatusKind;
pub use pages::{Items, Pages};
pub use rate_limit::RateLimit;
pub use response::{Redirect, Response};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use sign::{SignError, Signer, UnsignedRequest};
pub use stream::{EventStream, Streaming, TextStream};
pub use task::{Progress, Task, TaskFailure, TaskState, TaskStatus, WaitEach, WaitOptions, wait_all, wait_each};
#[cfg(feature = "oauth2")]
pub use token::{Token, TokenError, TokenSource};
pub use transport::{Body, Transport, TransportError, TransportErrorKind};
pub use upload::{File, UploadProgress};
pub use validate::{Actual, Rule, Strength, Validation, ValidationError, Violation};
pub use values::{UnknownValue, from_json, to_json};
#[cfg(feature = "webhooks")]
pub use webhook::{Delivery, Webhook, WebhookError};

// Further items for generated code, which describe an API, check and write a request, and read a response. Users only
// need them for requests that they write themselves.
#[doc(hidden)]
pub use bytes::Bytes;
#[doc(hidden)]
pub use call::extra::put_extra;
pub use call::{Call, CallOptions};
pub use checks::{Checks, RuleCheck, When};
#[doc(hidden)]
pub use debug::{debug, debug_request, debug_text};
pub use download::Downloads;
#[doc(hidden)]
pub use field::{
    Field, Hidden, HiddenOrLeftOut, HiddenOrNull, HiddenReceived, OrLeftOut, OrNull, Plain, Received, Rest, Unlisted,
};
pub use json::{Decode, Encode, JsonWriter, Object, Reader};
#[doc(hidden)]
pub use members::{Member, accepts};
pub use multipart::Multipart;
pub use number::number_text;
pub use operation::{
    AnswerForm, Api, BasicAuth, ClientAuthentication, ClientParameter, Credential, FailureCondition, FailureMatcher,
    FailureTest, FailureValue, Grant, KeyPlace, OAuth2Spec, Operation, ParameterForm, PathParameters, Scheme,
    ServerVariable, TaskSpec, WithSteps,
};
pub use pages::{NextPage, PageSpec, Paged, page_number};
#[doc(hidden)]
pub use parameter::Parameter;
pub use presence::Presence;
pub use reply::DecodeByStatus;
pub use request::{Request, RequestParts, Rules};
pub use response::RawResponse;
#[doc(hidden)]
pub use style::{ListStyle, ObjectStyle, Style};
pub use validate::{InstancePath, Violations};
#[doc(hidden)]
pub use values::{constant, is_known, known, known_or_other, read_known, read_known_or_other, show_name};
#[cfg(feature = "webhooks")]
pub use webhook::WebhookSpec;

// Crates whose types and macros generated code uses, in the versions of the runtime.
pub use bytes;
pub use http;
pub use serde_json::{self, Value, json};

/// Marks a required parameter that is set, in a builder's state.
#[derive(Clone, Copy, Debug)]
pub struct Set;

/// Marks a required parameter that is not set yet, in a builder's state.
#[derive(Clone, Copy, Debug)]
pub struct Unset;

#[cfg(test)]
mod tests;
