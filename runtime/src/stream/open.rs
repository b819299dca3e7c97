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
use crate::call::attempt::Attempts;
use crate::call::execute::{WrittenRequest, prepare, span};
use crate::call::prepare::PreparedCall;
use crate::call::read::read_body;
use crate::client::Shared;
use crate::media::{EVENTS, JSON_LINES};
use crate::response::ResponseHead;
use crate::transport::Body;
use crate::{
    BoxFuture, Call, CallOptions, Client, ErrorKind, PendingRequest, RawResponse, Request, Result, Validation, status,
};

/// A stream that is opened when it is awaited. Dropping it cancels it.
///
/// It is open as soon as its first event has arrived. Failures before that are retried like those of other calls, and are
/// errors here. Set the options of this call before it is awaited. They override the client's.
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

    /// Whether broken rules are errors in this call.
    pub fn with_validation(mut self, mode: Validation) -> Self {
        self.sending = self.sending.with_validation(mode);
        self
    }

    /// The timeout of one attempt, from connecting to the head of the response.
    pub fn with_timeout(mut self, most: Duration) -> Self {
        self.sending = self.sending.with_timeout(most);
        self
    }

    /// The timeout of the whole call, including all attempts and the waits between them, up to the end of the stream.
    pub fn with_total_timeout(mut self, most: Duration) -> Self {
        self.sending = self.sending.with_total_timeout(most);
        self
    }

    /// The longest silence of the stream; `None` for no limit but the call's own.
    pub fn with_idle_timeout(mut self, most: impl Into<Option<Duration>>) -> Self {
        self.sending.call.options().idle_timeout(most);
        self
    }

    /// Sends a header, and replaces others of that name. A malformed header is an error when the call is sent.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.sending = self.sending.with_header(name, value);
        self
    }

    /// Sends the operation's credential by another scheme: see
    /// [`PendingRequest::with_auth_scheme`].
    pub fn with_auth_scheme(mut self, name: &str) -> Self {
        self.sending = self.sending.with_auth_scheme(name);
        self
    }

    /// Sends this idempotency key instead of a random one: see [`PendingRequest::with_idempotency_key`].
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.sending = self.sending.with_idempotency_key(key);
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

impl Call {
    /// Checks and sends the request, and reads the response as it arrives. `read` reads one event. `T` is the total of
    /// all events, or `()` if the spec does not say.
    pub fn stream<R: Request, E, T>(
        self,
        request: R,
        spec: &'static StreamSpec,
        read: ReadEvent<E>,
    ) -> Streaming<E, T> {
        let start = move |call: Self| -> BoxFuture<'static, Result<Box<Core>>> {
            let written = call.written(request);
            open(call.client, written, call.options, spec)
        };
        Streaming::new(PendingRequest::new(self, start), read)
    }
}

/// Sends the request until a stream has its first event, and returns the stream.
fn open(
    client: Client,
    request: WrittenRequest,
    options: Option<Box<CallOptions>>,
    spec: &'static StreamSpec,
) -> BoxFuture<'static, Result<Box<Core>>> {
    let span = span(request.operation);
    let of_call = span.clone();
    let work = async move {
        let accept = if request.operation.json_lines { JSON_LINES } else { EVENTS };
        let (prepared, warnings) = prepare(&client, request, options, (accept, &of_call))?;
        let mut core = attempts(&client, &prepared, spec).await?;
        core.meta.warnings = warnings;
        Ok(core)
    };
    Box::pin(work.instrument(span))
}

/// The result of an attempt.
enum Answer {
    Stream(ResponseHead, Body),
    /// Whether a stream was requested.
    Whole(RawResponse),
}

async fn attempts(client: &Client, call: &PreparedCall, spec: &'static StreamSpec) -> Result<Box<Core>> {
    let shared = &*client.shared;
    let mut attempts = Attempts::new(shared, call);
    loop {
        attempts.begin().await?;
        let limit = attempts.limit();
        let exchange = Box::pin(async {
            let (meta, body) = attempts.send_head(&limit).await?;
            // Lines of JSON are called JSON by many servers.
            let is_json = meta.content_type_has("json") && !call.operation.json_lines;
            let whole = is_json || meta.content_type_has("html");
            if meta.status.is_success() && !whole {
                return Ok(Answer::Stream(meta, body));
            }
            read_body(shared, call, meta, body, &limit).await.map(Answer::Whole)
        });
        let error = match attempts.within(&limit, exchange).await {
            Ok(Answer::Stream(meta, body)) => {
                let mut core = Box::new(Core::new(meta, body, setup(shared, call, spec)));
                match core.open().await {
                    Ok(()) => return Ok(core),
                    Err(error) => error,
                }
            }
            Ok(Answer::Whole(raw)) => {
                let error = Core::in_one_piece(&raw.meta, raw.body, spec, &*shared.clock);
                status::api_error_in_body(&*shared.clock, error)
            }
            Err(error) => error,
        };
        // A response that is not a stream, or an unreadable one, would be the same next time.
        if error.kind() == ErrorKind::Decode {
            return Err(error);
        }
        attempts.begin_wait(error)?.await;
    }
}

fn setup(shared: &Shared, call: &PreparedCall, spec: &'static StreamSpec) -> Setup {
    Setup {
        spec,
        bounds: Bounds { event: shared.limits.max_event, idle: call.idle_timeout, deadline: call.deadline },
        max_answer: shared.limits.max_answer,
        clock: Arc::clone(&shared.clock),
        span: call.span.clone(),
    }
}
