//! What kind of failure an error is.

use crate::StatusKind;

/// What kind of failure an [`Error`](crate::Error) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client is not configured for this call: a credential is missing, or a URL or header is malformed.
    Config,
    /// The request breaks stated rules of the API; nothing was sent.
    Validation,
    /// There was no connection, or the server returned the request unread. The server certainly did not process it.
    Connect,
    /// No complete response arrived in time. The server may have processed the request.
    Timeout,
    /// The connection broke. The server may have processed the request.
    Transport,
    /// The server responded with an error.
    Api(StatusKind),
    /// The server responded with a status that is neither success nor error, such as a redirect.
    UnexpectedStatus,
    /// The response is larger than the client's limit.
    AnswerTooLarge,
    /// The server responded with a success status, but the response is not what the API promises.
    Decode,
    /// A local file, or another destination of a download, could not be written.
    Io,
    /// The task failed.
    TaskFailed,
    /// The task did not finish before the wait's deadline. It may still finish: resume it by its id.
    WaitDeadline,
}

impl ErrorKind {
    /// A description of the kind.
    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Config => "invalid configuration",
            Self::Validation => "invalid request",
            Self::Connect => "no connection",
            Self::Timeout => "timed out",
            Self::Transport => "connection broke",
            Self::UnexpectedStatus => "unexpected status",
            Self::AnswerTooLarge => "response too large",
            Self::Decode => "the response cannot be read",
            Self::Io => "cannot be written",
            Self::TaskFailed => "task failed",
            Self::WaitDeadline => "task not finished in time",
            Self::Api(kind) => match kind {
                StatusKind::InvalidRequest => "invalid request",
                StatusKind::Authentication => "authentication failed",
                StatusKind::PaymentRequired => "payment required",
                StatusKind::PermissionDenied => "permission denied",
                StatusKind::NotFound => "not found",
                StatusKind::Conflict => "conflict",
                StatusKind::Timeout => "the server timed out",
                StatusKind::TooLarge => "request too large",
                StatusKind::UnsupportedMedia => "unsupported media",
                StatusKind::RateLimited => "rate limited",
                StatusKind::ContentRefused => "content refused",
                StatusKind::Server => "server error",
                StatusKind::Unavailable => "unavailable",
                StatusKind::Refunded => "failed and refunded",
            },
        }
    }
}
