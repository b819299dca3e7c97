//! The last requests and callbacks, for assertions and for people.

use specwright_codegen::model::ErrorKind;
use std::collections::VecDeque;
use std::sync::Arc;

use specwright_codegen::interpret::Violation;

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No operation has this path.
    Path,
    /// The path has other methods.
    Method,
    /// The key is missing or invalid.
    Key,
    /// The body is of another content type.
    ContentType,
    /// The body is too large.
    TooLarge,
    /// The body cannot be read.
    Malformed,
    /// A rule of the spec is broken: see [`Record::violations`].
    Invalid,
    /// No task has this id.
    UnknownTask,
    /// The server is at its limits.
    Busy,
    /// The task of the requested result is not completed.
    NotReady,
    /// The spec's rate limit is used up.
    RateLimited,
    /// A requested fault.
    Fault,
    /// A hook responded instead.
    Hook,
    /// The request is for a host, or from a web page, that is not allowed.
    Host,
    /// No response can be generated, and the spec has no example.
    Unanswerable,
}

impl Refused {
    /// What the refusal means in the API's words, where it means the same for every API.
    pub(crate) fn kind(self) -> Option<ErrorKind> {
        match self {
            Self::Key => Some(ErrorKind::Authentication),
            Self::Malformed | Self::Invalid | Self::ContentType => Some(ErrorKind::InvalidRequest),
            Self::TooLarge => Some(ErrorKind::TooLarge),
            Self::UnknownTask | Self::NotReady | Self::Path => Some(ErrorKind::NotFound),
            Self::RateLimited => Some(ErrorKind::RateLimited),
            Self::Method | Self::Busy | Self::Fault | Self::Hook | Self::Host | Self::Unanswerable => None,
        }
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Record {
    /// Counted from 1.
    pub number: u64,
    /// As sent.
    pub method: String,
    /// As sent, without the query; at most 500 characters.
    pub path: String,
    /// The API of the request.
    pub api: Option<Arc<str>>,
    /// `seedance.text_to_video`.
    pub operation: Option<Arc<str>>,
    /// The status of the response.
    pub status: u16,
    /// Why it was refused; `None` if it was not.
    pub refused: Option<Refused>,
    /// The rules it breaks, the first 20 of them.
    pub violations: Vec<Violation>,
    /// The first 20 warnings.
    pub warnings: Vec<Violation>,
}

/// One delivery of a callback.
#[derive(Clone, Debug)]
pub struct Callback {
    /// The task of the callback; empty for an event.
    pub task: Arc<str>,
    /// The name of the event, unless it is the status of a task.
    pub event: Option<Arc<str>>,
    /// The id of the delivery, which is the same in repeated deliveries.
    pub id: String,
    /// The URL that received it.
    pub url: String,
    /// Counted from 1.
    pub attempt: u32,
    /// The status of the receiver's response.
    pub status: Option<u16>,
    /// Why there was no response.
    pub error: Option<String>,
}

/// The last requests.
#[derive(Debug)]
pub(crate) struct Ring<T> {
    items: VecDeque<T>,
    most: usize,
}

impl<T: Clone> Ring<T> {
    pub(crate) fn new(most: usize) -> Self {
        Self { items: VecDeque::new(), most }
    }

    pub(crate) fn push(&mut self, item: T) {
        if self.items.len() >= self.most {
            self.items.pop_front();
        }
        if self.most > 0 {
            self.items.push_back(item);
        }
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.items.iter().cloned().collect()
    }
}
