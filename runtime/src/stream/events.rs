//! The public interface of a stream.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::core::{Core, Event};
use super::lost::Why;
use super::part::EventPart;
use super::text;
use crate::error::Source;
use crate::json::text_of;
use crate::{Decode, DecodeError, Error, RateLimit, Reader, Response, Result, Violation};

/// Reads one event: its name, which is `""` for plain chunks, and its data.
pub type ReadEvent<E> = fn(&str, &Reader<'_>) -> Result<E, DecodeError>;

/// Reads an event of a stream in which all are of one type.
///
/// # Errors
/// Fails if the data does not match `T`.
pub fn chunk<T: Decode>(_: &str, from: &Reader<'_>) -> Result<T, DecodeError> {
    T::decode(from)
}

/// An event that the spec does not know.
#[derive(Clone, PartialEq)]
pub struct OtherEvent {
    /// The server's name of the event.
    pub name: String,
    /// Its data.
    pub data: Value,
}

impl OtherEvent {
    /// The data as it was received.
    #[must_use]
    pub fn new(name: &str, data: &Reader<'_>) -> Self {
        Self { name: name.to_owned(), data: data.value().clone() }
    }
}

/// Leaves the data out, since it is unknown which of its fields are secret.
impl fmt::Debug for OtherEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherEvent").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A response that arrives event by event. `E` is an event. `T` is the total of all events: the response of the same
/// request without a stream, or `()` if the spec does not say.
///
/// Dropping it closes the connection. It is a [`Stream`] as well. Nothing is retried after it is open. The caller
/// decides about an error in the middle, since part of the answer may have been shown already.
///
/// ```
/// use specwright_runtime::{DecodeError, EventStream, Reader, Result};
/// # struct Message { text: String }
/// # impl specwright_runtime::Decode for Message {
/// #     fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
/// #         Ok(Self { text: from.object()?.required("text", |it| it.string())? })
/// #     }
/// # }
/// # struct Event;
///
/// /// Prints the answer as it arrives, and returns all of it.
/// async fn print(mut answer: EventStream<Event, Message>) -> Result<String> {
///     while let Some(text) = answer.next_text().await {
///         print!("{}", text?);
///     }
///     Ok(answer.collect().await?.into_inner().text)
/// }
/// ```
pub struct EventStream<E, T> {
    core: Box<Core>,
    read: ReadEvent<E>,
    brings: PhantomData<fn() -> T>,
}

impl<E, T> EventStream<E, T> {
    pub(crate) fn new(core: Box<Core>, read: ReadEvent<E>) -> Self {
        Self { core, read, brings: PhantomData }
    }

    /// The next event; `None` at the end of the stream.
    ///
    /// # Errors
    /// The stream ends with an error if the connection breaks, is silent or takes too long, if the server sends an
    /// error, or if a limit of the client is exceeded. An event that cannot be read
    /// ([`ErrorKind::Decode`](crate::ErrorKind::Decode), with its data as the body) is an error too, but the events
    /// after it can still be read.
    pub async fn next(&mut self) -> Option<Result<E>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// The next piece of text for a reader. Events without text are skipped. `None` at the end of the stream.
    ///
    /// A character whose halves are in two events is returned whole, with the second half.
    ///
    /// # Errors
    /// As [`next`](Self::next). Only the text of an event's data is read: the data must be JSON, with text at the place
    /// of the text.
    pub async fn next_text(&mut self) -> Option<Result<String>> {
        poll_fn(|context| poll_text(&mut self.core, context)).await
    }

    /// A stream of only the text.
    #[must_use]
    pub fn into_text(self) -> TextStream {
        TextStream { core: self.core }
    }

    /// The total of the events so far, also after an error, without lost events; `null` if there is nothing yet, or
    /// if the spec does not say. JSON as text, such as the arguments of tools, stays text until
    /// [`collect`](Self::collect) parses it.
    #[must_use]
    pub fn partial(&self) -> &Value {
        self.core.folded.value()
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.core.meta.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.core.meta.headers
    }

    /// The request's id, for the API's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.core.meta.request_id()
    }

    /// The rate limit, from the response's headers.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.core.meta.rate_limit()
    }

    /// Violations in the request that were not enforced.
    #[must_use]
    pub fn warnings(&self) -> &[Violation] {
        &self.core.meta.warnings
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.core.meta.attempts
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<E>>> {
        let event = match ready!(self.core.poll(context)) {
            None => return Poll::Ready(None),
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            Some(Ok(event)) => event,
        };
        let mut event = event;
        if !self.core.is_known_event(&event.name)
            && let Some(clean) = self.core.meta.secrets.redactor().text(&event.name)
        {
            // Event types show the name of an event that they do not know.
            event.name = clean.into();
        }
        let read = (self.read)(&event.name, &Reader::new(&event.value));
        Poll::Ready(Some(read.map_err(|error| not_read(&mut self.core, event, error))))
    }
}

impl<E, T: Decode> EventStream<E, T> {
    /// Reads the remaining events, and returns the total of all events, including the earlier ones. If `T` is `()`,
    /// it only checks that the stream reaches its end.
    ///
    /// # Errors
    /// As [`next`](Self::next), including errors that `next` already returned, since a total without one of its events
    /// would be wrong. An event is also lost if a part of it has no place in the total, which `next` does not report.
    /// The error ([`ErrorKind::Decode`](crate::ErrorKind::Decode)) names the first lost event, and has its data as the
    /// body. It also fails if the total is not what the API promises.
    pub async fn collect(mut self) -> Result<Response<T>> {
        while let Some(event) = poll_fn(|context| self.core.poll(context)).await {
            // An event that cannot be read is reported as a lost event, which says more.
            let readable = event.map(drop);
            if self.core.has_failed() {
                readable?;
            }
            self.core.is_sound()?;
        }
        self.core.is_sound()?;
        let raw = self.core.total();
        match T::decode(&Reader::new(&raw)) {
            Ok(value) => Ok(Response::new(value, raw, self.core.meta)),
            Err(error) => {
                let message = "the total of the events is not what the API promises";
                Err(self.core.meta.decode_error(text_of(&raw).into(), message, Some(Source::Decode(error))))
            }
        }
    }
}

impl<E, T> Stream for EventStream<E, T> {
    type Item = Result<E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_event(context)
    }
}

impl<E, T> fmt::Debug for EventStream<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("EventStream");
        out.field("operation", &self.core.meta.operation.name).field("status", &self.core.meta.status);
        out.finish_non_exhaustive()
    }
}

/// Only the text of a stream, piece by piece. See [`EventStream::into_text`].
pub struct TextStream {
    core: Box<Core>,
}

impl TextStream {
    /// The total of the events so far. See [`EventStream::partial`].
    #[must_use]
    pub fn partial(&self) -> &Value {
        self.core.folded.value()
    }
}

impl Stream for TextStream {
    type Item = Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        poll_text(&mut self.core, context)
    }
}

impl fmt::Debug for TextStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextStream").field("operation", &self.core.meta.operation.name).finish_non_exhaustive()
    }
}

fn poll_text(core: &mut Core, context: &mut Context<'_>) -> Poll<Option<Result<String>>> {
    loop {
        match ready!(core.poll(context)) {
            None if core.has_failed() => return Poll::Ready(None),
            // The other half of the last character did not arrive.
            None => return Poll::Ready(core.half.take().map(|_| Ok(char::REPLACEMENT_CHARACTER.into()))),
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            Some(Ok(event)) => {
                let data = EventPart::new(&event.value, event.twin.as_deref());
                match text::of(core.spec.text, &event.name, data, &mut core.half) {
                    Ok(text) if text.is_empty() => {}
                    Ok(text) => return Poll::Ready(Some(Ok(text))),
                    Err(error) => return Poll::Ready(Some(Err(not_read(core, event, error)))),
                }
            }
        }
    }
}

/// The error of an event that is JSON but does not match its type.
fn not_read(core: &mut Core, event: Event, error: DecodeError) -> Error {
    core.record_lost_event(event.nth, &event.name, &event.text, Why::Event(error.clone()));
    core.meta.decode_error(event.text, "an event is not what the API promises", Some(Source::Decode(error)))
}
