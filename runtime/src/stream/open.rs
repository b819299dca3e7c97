//! Opening a stream: a future with options, and the attempts behind it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tracing::Instrument as _;

use super::core::{Core, Setup};
use super::events::{EventStream, ReadEvent};
use super::spec::StreamSpec;
use super::wire::Bounds;
use crate::call::CallOptions;
use crate::client::Shared;
use crate::response::ResponseHead;
use crate::retry::Attempts;
use crate::send::{PreparedCall, span};
use crate::transport::Body;
use crate::{
    Client, ErrorKind, Operation, PendingRequest, RawResponse, RequestParts, Result, Validation, Violations, status,
};

/// A stream that is opened when it is awaited. Dropping it cancels it.
///
/// It is open when its first event is there: what fails before is tried again as other calls are, and is an error here.
/// Options of this call alone are set before it is awaited; they come before the client's.
///
/// ```
/// # use std::time::Duration;
/// # use specwright_runtime::{Result, Streaming};
/// # async fn example(streaming: Streaming<(), ()>) -> Result<()> {
/// let mut answer = streaming.with_idle_timeout(Duration::from_secs(20)).await?;
/// while let Some(text) = answer.next_text().await {
///     print!("{}", text?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until it is awaited"]
pub struct Streaming<E, T> {
    sending: PendingRequest<Box<Core>>,
    read: ReadEvent<E>,
    brings: std::marker::PhantomData<fn() -> T>,
}

impl<E, T> Streaming<E, T> {
    pub(crate) fn new(sending: PendingRequest<Box<Core>>, read: ReadEvent<E>) -> Self {
        Self { sending, read, brings: std::marker::PhantomData }
    }

    /// How much broken rules matter in this call.
    pub fn with_validation(mut self, mode: Validation) -> Self {
        self.sending = self.sending.with_validation(mode);
        self
    }

    /// The longest one attempt may take, from connecting to the head of the answer.
    pub fn with_timeout(mut self, most: Duration) -> Self {
        self.sending = self.sending.with_timeout(most);
        self
    }

    /// The longest the call may take, with all attempts and the waits between them, to the end of the stream.
    pub fn with_total_timeout(mut self, most: Duration) -> Self {
        self.sending = self.sending.with_total_timeout(most);
        self
    }

    /// The longest the stream may be silent; `None` for as long as the call may take.
    pub fn with_idle_timeout(mut self, most: impl Into<Option<Duration>>) -> Self {
        self.sending.call.options().idle_timeout(most);
        self
    }

    /// Sends a header, in place of any of that name. A malformed one is an error when the call is sent.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.sending = self.sending.with_header(name, value);
        self
    }

    /// Sends the operation's credential in another of its ways: see [`Sending::with_auth_scheme`](crate::Sending).
    pub fn with_auth_scheme(mut self, name: &str) -> Self {
        self.sending = self.sending.with_auth_scheme(name);
        self
    }

    /// Retries after the first attempt; 0 for none.
    pub fn with_max_retries(mut self, most: u32) -> Self {
        self.sending = self.sending.with_max_retries(most);
        self
    }
}

impl<E, T> Future for Streaming<E, T> {
    type Output = Result<EventStream<E, T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let read = self.read;
        Pin::new(&mut self.sending).poll(context).map(|it| it.map(|core| EventStream::new(core, read)))
    }
}

impl<E, T> fmt::Debug for Streaming<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streaming").finish_non_exhaustive()
    }
}

impl Client {
    /// Judges, sends until a stream has its first event, and brings it.
    pub(crate) async fn open(
        &self,
        operation: &'static Operation,
        parts: RequestParts,
        found: Violations,
        options: Option<Box<CallOptions>>,
        spec: &'static StreamSpec,
    ) -> Result<Box<Core>> {
        let span = span(operation);
        let work = async {
            let options = *options.unwrap_or_default();
            let (prepared, warnings) =
                self.prepare_checked(operation, parts, found, options, ("text/event-stream", &span))?;
            let mut core = self.shared.openings(self, &prepared, spec).await?;
            core.meta.warnings = warnings;
            Ok(core)
        };
        work.instrument(span.clone()).await
    }
}

/// What an attempt brings.
enum Answer {
    Stream(ResponseHead, Body),
    /// Where a stream was asked for.
    Whole(RawResponse),
}

impl Shared {
    async fn openings(&self, client: &Client, call: &PreparedCall, spec: &'static StreamSpec) -> Result<Box<Core>> {
        let mut tries = Attempts::new();
        loop {
            let attempt = tries.next(call);
            let exchange = async |limit| {
                let (meta, body) = self.send_head(call, attempt, &limit).await?;
                let whole = meta.content_type_has("json") || meta.content_type_has("html");
                if meta.status.is_success() && !whole {
                    return Ok(Answer::Stream(meta, body));
                }
                self.read_body(call, meta, body, &limit).await.map(Answer::Whole)
            };
            let error = match self.attempt(call, attempt, exchange).await {
                Ok(Answer::Stream(meta, body)) => {
                    let mut core = Box::new(Core::new(meta, body, self.setup(call, spec)));
                    match core.open().await {
                        Ok(()) => return Ok(core),
                        Err(error) => error,
                    }
                }
                Ok(Answer::Whole(raw)) => {
                    let error = Core::in_one_piece(&raw.meta, raw.body, spec, &*self.clock);
                    status::api_error_in_body(client, error)
                }
                Err(error) => error,
            };
            // A stream that is none, or none that can be read, will be the same next time.
            if error.kind() == ErrorKind::Decode {
                return Err(error);
            }
            self.wait_before_retry(call, &mut tries, error).await?;
        }
    }

    fn setup(&self, call: &PreparedCall, spec: &'static StreamSpec) -> Setup {
        Setup {
            spec,
            bounds: Bounds { event: self.limits.max_event, idle: call.idle_timeout, deadline: call.deadline },
            max_answer: self.limits.max_answer,
            clock: Arc::clone(&self.clock),
            span: call.span.clone(),
        }
    }
}
