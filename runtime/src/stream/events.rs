//! A stream as its user sees it.

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
use crate::{Decode, DecodeError, Error, RateLimit, Reader, Response, Result, Violation};

/// Reads one event: its name, which is `""` for plain chunks, and its data.
pub type ReadEvent<E> = fn(&str, &Reader<'_>) -> Result<E, DecodeError>;

/// Reads an event of a stream in which all are of one type.
///
/// # Errors
/// It is not what `T` needs.
pub fn chunk<T: Decode>(_: &str, from: &Reader<'_>) -> Result<T, DecodeError> {
    T::decode(from)
}

/// An event that the spec does not know.
#[derive(Clone, PartialEq)]
pub struct OtherEvent {
    /// What the server calls it.
    pub name: String,
    /// Its data.
    pub data: Value,
}

impl OtherEvent {
    /// As it came.
    #[must_use]
    pub fn new(name: &str, data: &Reader<'_>) -> Self {
        Self { name: name.to_owned(), data: data.value().clone() }
    }
}

/// Without the data: nothing is known of which of its fields are secret.
impl fmt::Debug for OtherEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherEvent").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An answer that comes event by event. `E` is an event; `T` is what all of them add up to, that is the answer of the same
/// request without a stream, or `()` where the spec does not say.
///
/// Dropping it closes the connection. It is a [`Stream`] as well. Nothing is sent again once it is there: an error in the
/// middle is for the caller to judge, who may have shown half of the answer already.
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
/// /// Prints the answer while it comes, and gives all of it.
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

    /// The next event; `None` when the stream is over.
    ///
    /// # Errors
    /// The connection broke, fell silent or took too long, the server sent an error, or more than the client's limits
    /// allow: the stream is over then. An event that cannot be read ([`ErrorKind::Decode`](crate::ErrorKind::Decode), with
    /// its data as the body) is an error too, but the events after it can be read.
    pub async fn next(&mut self) -> Option<Result<E>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// The next piece of text for a reader, leaving out events without any; `None` when the stream is over.
    ///
    /// A character whose halves stand in two events comes whole, with the second half.
    ///
    /// # Errors
    /// As [`next`](Self::next). Of an event's data only the text is read: it must be JSON, and text where text should be.
    pub async fn next_text(&mut self) -> Option<Result<String>> {
        poll_fn(|context| poll_text(&mut self.core, context)).await
    }

    /// The pieces of text alone.
    #[must_use]
    pub fn into_text(self) -> TextStream {
        TextStream { core: self.core }
    }

    /// What the events add up to so far, also after an error, without the events that were lost; `null` when that is nothing or the spec does not say.
    /// Texts that hold JSON, such as arguments of tools, are texts until [`collect`](Self::collect) reads them.
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

    /// The id by which the API's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.core.meta.request_id()
    }

    /// What the answer says about the rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.core.meta.rate_limit()
    }

    /// Rules that the request breaks and that were not enforced.
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
            // Types of events show how one is called that they do not know.
            event.name = clean.into();
        }
        let read = (self.read)(&event.name, &Reader::new(&event.value));
        Poll::Ready(Some(read.map_err(|error| not_read(&mut self.core, event, error))))
    }
}

impl<E, T: Decode> EventStream<E, T> {
    /// Takes the events that are still to come, and gives what all of them add up to, those before included. Where `T` is
    /// `()` it tells only whether the stream came to its end.
    ///
    /// # Errors
    /// As [`next`](Self::next), also for errors that it told before: a total without one of its events is none. An event is
    /// lost too if a part of it has no place in the total, about which `next` says nothing. The error
    /// ([`ErrorKind::Decode`](crate::ErrorKind::Decode)) says which event was lost first, and has its data as the body.
    /// Or the whole is not what the API promises.
    pub async fn collect(mut self) -> Result<Response<T>> {
        while let Some(event) = poll_fn(|context| self.core.poll(context)).await {
            // One that cannot be read is a hole in the total, which says more.
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
                let message = "what the events add up to is not what the API promises";
                Err(self.core.meta.decode_error(raw.to_string().into(), message, Some(Source::Decode(error))))
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

/// The text of a stream alone, piece by piece. See [`EventStream::into_text`].
pub struct TextStream {
    core: Box<Core>,
}

impl TextStream {
    /// What the events add up to so far. See [`EventStream::partial`].
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
            // The other half of the last character never came.
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

/// The error of an event that is JSON, and cannot be read all the same.
fn not_read(core: &mut Core, event: Event, error: DecodeError) -> Error {
    core.record_lost_event(event.nth, &event.name, &event.text, Why::Event(error.clone()));
    core.meta.decode_error(event.text, "an event is not what the API promises", Some(Source::Decode(error)))
}
