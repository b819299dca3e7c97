//! How an API reports failure, and what that means to a caller.

use super::{FailureCondition, Type};
use crate::source::Span;

/// How the API reports failure.
#[derive(Clone, Debug, Default, Hash)]
pub struct ErrorModel {
    /// When an answer of success is an error, unless an operation says otherwise.
    pub when: Option<FailureCondition>,
    /// The type of an error's body, if no status says another.
    pub ty: Option<Type>,
    /// JSON pointers tried in order for the human sentence; the first that holds a string wins.
    pub message: Vec<String>,
    /// JSON pointers for the machine code.
    pub code: Vec<String>,
    /// JSON pointers for further details.
    pub details: Vec<String>,
    /// Codes the document names: open, others pass.
    pub codes: Vec<ErrorCode>,
    /// What each status means here.
    pub statuses: Vec<StatusMeaning>,
    /// Error bodies of the document.
    pub examples: Vec<ErrorExample>,
}

/// A machine-readable error code.
#[derive(Clone, Debug, Hash)]
pub struct ErrorCode {
    /// As sent.
    pub value: String,
    /// When it comes and what to do.
    pub doc: String,
    /// What it means to a caller where no status says it: in the middle of a stream.
    pub kind: Option<ErrorKind>,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// A status and what it means to a caller.
#[derive(Clone, Debug, Hash)]
pub struct StatusMeaning {
    /// 400 to 599.
    pub status: u16,
    /// The class a caller can act on.
    pub kind: ErrorKind,
    /// In words.
    pub doc: String,
    /// The type of the body.
    pub ty: Option<Type>,
    /// Where it is written.
    pub span: Span,
}

/// What a failure means to the caller; the same list as the runtime's `ErrorKind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request is malformed or breaks a rule.
    InvalidRequest,
    /// The credential is missing or wrong.
    Authentication,
    /// The account cannot pay.
    PaymentRequired,
    /// The credential may not do this.
    PermissionDenied,
    /// There is no such thing.
    NotFound,
    /// The thing is in the wrong state.
    Conflict,
    /// The server gave up waiting.
    Timeout,
    /// The body is too large.
    TooLarge,
    /// The content type or file type is not taken.
    UnsupportedMedia,
    /// Too many requests.
    RateLimited,
    /// The content was refused.
    ContentRefused,
    /// The server failed.
    Server,
    /// The server is down for now.
    Unavailable,
    /// The work failed and was paid back.
    Refunded,
}

/// An error body of the document.
#[derive(Clone, Debug, Hash)]
pub struct ErrorExample {
    /// Short title.
    pub name: String,
    /// The status it comes with.
    pub status: u16,
    /// The body.
    pub body: serde_json::Value,
    /// Where it is written.
    pub span: Span,
}

impl ErrorKind {
    /// What a status means in HTTP.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Authentication,
            402 => Self::PaymentRequired,
            403 => Self::PermissionDenied,
            404 | 410 => Self::NotFound,
            408 | 504 => Self::Timeout,
            409 => Self::Conflict,
            413 => Self::TooLarge,
            415 => Self::UnsupportedMedia,
            429 => Self::RateLimited,
            451 => Self::ContentRefused,
            421 | 425 | 503 => Self::Unavailable,
            500.. => Self::Server,
            _ => Self::InvalidRequest,
        }
    }
}
