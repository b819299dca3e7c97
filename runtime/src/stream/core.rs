//! A stream that is open: from bytes to events, through the states, to the end. Not generic.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream as _;
use serde_json::Value;
use sse_stream::{Sse, SseByteStream};

use super::fold::{Folded, Unfit};
use super::wire::{Bounds, Wire, WireError};
use super::{State, StreamSpec};
use crate::error::Source;
use crate::response::Meta;
use crate::transport::Body;
use crate::{Clock, DecodeError, Error, ErrorKind, Result, TransportErrorKind, status};

/// What every stream has, whatever its events are read as.
pub(crate) struct Core {
    pub(crate) meta: Meta,
    pub(crate) spec: &'static StreamSpec,
    pub(crate) folded: Folded,
    /// `None`: closed.
    wire: Option<SseByteStream<Wire>>,
    /// The connection ended well: what is still read had no blank line.
    ended: Arc<AtomicBool>,
    /// Index in the spec's states.
    state: usize,
    complete: bool,
    /// Why it is over without being complete.
    failed: Option<(ErrorKind, String)>,
    /// What was read before anybody asked.
    first: Option<Result<Event>>,
    clock: Arc<dyn Clock>,
    max_answer: usize,
    /// Closed when the stream is dropped.
    span: tracing::Span,
}

/// One event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: Cow<'static, str>,
    pub(crate) text: String,
    pub(crate) value: Value,
}

/// What a [`Core`] is made of beside the answer.
pub(crate) struct Setup {
    pub(crate) spec: &'static StreamSpec,
    pub(crate) bounds: Bounds,
    pub(crate) max_answer: usize,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) span: tracing::Span,
}

/// What to do with a block of lines.
enum Verdict {
    Skip,
    End,
    Event(Result<Event>),
}

impl Core {
    pub(crate) fn new(meta: Meta, body: Body, setup: Setup) -> Self {
        let Setup { spec, bounds, max_answer, clock, span } = setup;
        let ended = Arc::new(AtomicBool::new(false));
        let wire = Wire::new(body.into_stream(), Arc::clone(&clock), bounds, Arc::clone(&ended));
        Self {
            meta,
            spec,
            folded: Folded::new(max_answer),
            wire: Some(SseByteStream::new(wire)),
            ended,
            state: 0,
            complete: false,
            failed: None,
            first: None,
            clock,
            max_answer,
            span,
        }
    }

    /// Waits for the first event, or for the end of a stream without any.
    ///
    /// # Errors
    /// The stream is over before its first event.
    pub(crate) async fn open(&mut self) -> Result<()> {
        let first = std::future::poll_fn(|context| self.poll(context)).await;
        match first {
            Some(Err(error)) if self.failed.is_some() => return Err(error),
            first => self.first = first,
        }
        Ok(())
    }

    /// The next event; `None` when there is none any more.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        if self.complete {
            self.close(context);
        }
        loop {
            let Some(wire) = &mut self.wire else { return Poll::Ready(None) };
            let next = ready!(Pin::new(wire).poll_next(context));
            let verdict = match next {
                Some(Ok(block)) => self.judge(block),
                Some(Err(error)) => Verdict::Event(Err(self.wire_error(error))),
                None if self.may_end() => Verdict::End,
                None => Verdict::Event(Err(self.broke_off(None))),
            };
            match verdict {
                Verdict::Skip => {}
                Verdict::End => {
                    self.complete = true;
                    self.close(context);
                }
                Verdict::Event(event) => {
                    if self.failed.is_some() {
                        self.wire = None;
                        self.span.in_scope(
                            || tracing::debug!(kind = ?self.failed.as_ref().map(|it| it.0), "the stream failed"),
                        );
                    }
                    return Poll::Ready(Some(event));
                }
            }
        }
    }

    /// Lets the connection go: to its pool, if all of the answer is there already.
    fn close(&mut self, context: &mut Context<'_>) {
        // Looking for the rest would hold the thread for as long as the server keeps the connection open.
        let Some(mut wire) = self.wire.take().filter(|_| !self.clock.blocks()) else { return };
        for _ in 0..16 {
            if !matches!(Pin::new(&mut wire).poll_next(context), Poll::Ready(Some(Ok(_)))) {
                break;
            }
        }
    }

    fn judge(&mut self, block: Sse) -> Verdict {
        let text = block.data.unwrap_or_default();
        let tail = self.ended.load(Ordering::Relaxed);
        if self.spec.end_data.is_some_and(|it| it == text.trim()) {
            return Verdict::End;
        }
        let said = block.event.filter(|it| !it.is_empty());
        if text.is_empty() && (tail || !said.as_deref().is_some_and(|it| self.moves(it))) {
            return Verdict::Skip;
        }
        let read = if text.is_empty() { Ok(Value::Null) } else { serde_json::from_str::<Value>(&text) };
        if tail && !read.as_ref().is_ok_and(|it| it.is_object() || it.is_array()) {
            return Verdict::Event(Err(self.broke_off(None)));
        }
        let value = read.as_ref().unwrap_or(&Value::Null);
        if self.is_error(said.as_deref(), value) {
            return Verdict::Event(Err(self.in_band(text)));
        }
        let name = self.name(said, value);
        self.step(&name);
        let value = match read {
            Ok(value) => value,
            Err(error) => {
                let source = Some(Source::Other(error.into()));
                let error = self.meta.decode_error(text.into(), "an event's data is not JSON", source);
                return Verdict::Event(Err(error));
            }
        };
        let steps = self.spec.fold.iter().find(|it| it.event == name).map_or(&[][..], |it| it.steps);
        if let Err(unfit) = self.folded.add(steps, &value) {
            return Verdict::Event(Err(self.unfit(unfit, text)));
        }
        Verdict::Event(Ok(Event { name, text, value }))
    }

    /// What the event is called: by its line, by its data, or as events without a name are.
    fn name(&self, said: Option<String>, value: &Value) -> Cow<'static, str> {
        if !self.spec.named {
            return Cow::Borrowed("");
        }
        let inside = || Some(value.pointer(self.spec.name?)?.as_str()?.to_owned());
        said.or_else(inside).map_or(Cow::Borrowed("message"), Cow::Owned)
    }

    /// Whether data of this event is an error.
    fn is_error(&self, said: Option<&str>, value: &Value) -> bool {
        let inside = self.spec.name.and_then(|it| value.pointer(it)).and_then(Value::as_str);
        let names = said.into_iter().chain(inside);
        let by_name = || names.into_iter().any(|it| self.spec.error_events.contains(&it));
        self.spec.error.and_then(|it| value.pointer(it)).is_some_and(|it| !it.is_null()) || by_name()
    }

    fn here(&self) -> Option<&'static State> {
        self.spec.states.get(self.state)
    }

    /// Whether the spec speaks of events that are called so.
    pub(crate) fn knows(&self, name: &str) -> bool {
        !self.spec.named
            || self.spec.fold.iter().any(|it| it.event == name)
            || self.spec.text.iter().any(|it| it.event == name)
            || self.spec.states.iter().any(|it| it.moves.iter().any(|it| it.0 == name))
    }

    fn moves(&self, name: &str) -> bool {
        self.here().is_some_and(|it| it.moves.iter().any(|it| it.0 == name))
    }

    fn step(&mut self, name: &str) {
        let to = self.here().and_then(|it| it.moves.iter().find(|it| it.0 == name));
        if let Some(&(_, to)) = to {
            self.state = to;
        }
        self.complete |= self.here().is_some_and(|it| it.ends);
    }

    /// Whether the end of the connection is an end of the stream.
    fn may_end(&self) -> bool {
        self.spec.end_data.is_none() && !self.spec.states.iter().any(|it| it.ends)
    }

    fn fail(&mut self, error: Error) -> Error {
        self.failed = Some((error.kind(), error.message().to_owned()));
        error
    }

    fn broke_off(&mut self, source: Option<WireError>) -> Error {
        let error = self.meta.error(ErrorKind::Transport, "the stream broke off");
        let error = match source {
            Some(WireError::Transport(source)) => error.because(source),
            _ => error,
        };
        self.fail(error)
    }

    fn wire_error(&mut self, error: sse_stream::Error) -> Error {
        let found = match error {
            sse_stream::Error::Body(error) => error.downcast::<WireError>(),
            other => Err(other.into()),
        };
        let found = match found {
            Ok(found) => *found,
            Err(other) => {
                let error = self.meta.error(ErrorKind::Decode, "the stream is malformed").because(other);
                return self.fail(error);
            }
        };
        let kind = match &found {
            WireError::Transport(error) if error.kind() != TransportErrorKind::Timeout => {
                return self.broke_off(Some(found));
            }
            WireError::TooLarge(_) => ErrorKind::AnswerTooLarge,
            _ => ErrorKind::Timeout,
        };
        let error = self.meta.error(kind, found.to_string()).because(found);
        self.fail(error)
    }

    fn in_band(&mut self, text: String) -> Error {
        let now = self.clock.system_time();
        let error = status::error_within(&self.meta, text.into(), now);
        self.fail(error)
    }

    fn unfit(&mut self, unfit: Unfit, text: String) -> Error {
        match unfit {
            Unfit::TooLarge => {
                let most = self.max_answer;
                let message = format!("more than {most} bytes; see `ClientBuilder::max_answer_bytes`");
                let error = self.meta.error(ErrorKind::AnswerTooLarge, message);
                self.fail(error)
            }
            Unfit::Range(field) => {
                let expected = "a position of at most 4095";
                let source = DecodeError { at: format!("/{field}"), expected, found: "another number" };
                let source = Some(Source::Decode(source));
                self.meta.decode_error(text.into(), "an event is not what the API promises", source)
            }
        }
    }

    /// The error that an answer in one piece is, where a stream was asked for.
    pub(crate) fn in_one_piece(meta: &Meta, body: Bytes, spec: &'static StreamSpec, clock: &dyn Clock) -> Error {
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        let at = |pointer: Option<&str>| value.pointer(pointer?).filter(|it| !it.is_null());
        let named = at(spec.name).and_then(Value::as_str).is_some_and(|it| spec.error_events.contains(&it));
        if named || at(spec.error).is_some() {
            return status::error_within(meta, body, clock.system_time());
        }
        let message = if meta.content_type_has("json") {
            "the server answered in one piece: call `send`"
        } else {
            "the answer is no stream of events"
        };
        meta.decode_error(body, message, None)
    }

    /// All that the events add up to, once there are no more.
    ///
    /// # Errors
    /// The stream is not complete.
    pub(crate) fn total(&mut self) -> Result<Value> {
        if let Some((kind, message)) = &self.failed {
            return Err(self.meta.error(*kind, message.clone()));
        }
        Ok(self.folded.finish())
    }
}
