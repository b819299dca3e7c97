//! An open stream: turns bytes into events, and follows the states to the end. It is not generic.

use std::borrow::Cow;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use serde_json::Value;

use super::accumulate::Accumulator;
use super::blocks::Block;
use super::lost::{Lost, Why};
use super::mismatch::TypeMismatch;
use super::part::EventPart;
use super::wire::{Bounds, End, Wire, WireError};
use super::{State, StreamSpec};
use crate::response::ResponseHead;
use crate::transport::Body;
use crate::{Clock, Error, ErrorKind, Result, TransportErrorKind, failure, reading, status};

/// The part of a stream that does not depend on the type of its events.
pub(crate) struct Core {
    pub(crate) meta: ResponseHead,
    pub(crate) spec: &'static StreamSpec,
    pub(crate) folded: Accumulator,
    /// `None`: closed.
    wire: Option<Wire>,
    /// The last event was not followed by a blank line.
    tail_is_read: bool,
    /// Index in the spec's states.
    state: usize,
    complete: bool,
    /// Why it ended without being complete.
    failed: Option<(ErrorKind, String)>,
    /// The number of events so far.
    n_events: u64,
    /// Events that are missing in the total.
    lost: Option<Lost>,
    /// The first half of a surrogate pair at the end of the text so far.
    pub(crate) half: Option<u16>,
    /// Events that were read before the caller asked for them.
    first: Option<Result<Event>>,
    clock: Arc<dyn Clock>,
    max_answer: usize,
    /// Closed when the stream is dropped.
    span: tracing::Span,
}

/// One event.
#[derive(Debug)]
pub(crate) struct Event {
    /// Its number, counted from 1.
    pub(crate) nth: u64,
    pub(crate) name: Cow<'static, str>,
    pub(crate) text: Bytes,
    pub(crate) value: Value,
    /// See [`reading::read_with_halves`].
    pub(crate) twin: Option<Box<Value>>,
}

/// Everything that a [`Core`] requires besides the response.
pub(crate) struct Setup {
    pub(crate) spec: &'static StreamSpec,
    pub(crate) bounds: Bounds,
    pub(crate) max_answer: usize,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) span: tracing::Span,
}

/// White space and byte order marks.
fn is_around(character: char) -> bool {
    character.is_whitespace() || reading::MARK.contains(character)
}

/// How to treat a block of lines.
enum Verdict {
    Skip,
    End,
    Event(Result<Event>),
}

impl Core {
    pub(crate) fn new(meta: ResponseHead, body: Body, setup: Setup) -> Self {
        let Setup { spec, bounds, max_answer, clock, span } = setup;
        let wire = Wire::new(body.into_stream(), Arc::clone(&clock), bounds, meta.operation.json_lines);
        Self {
            meta,
            spec,
            folded: Accumulator::new(max_answer),
            wire: Some(wire),
            tail_is_read: false,
            state: 0,
            complete: false,
            failed: None,
            n_events: 0,
            lost: None,
            half: None,
            first: None,
            clock,
            max_answer,
            span,
        }
    }

    /// Waits for the first event, or for the end of a stream without events.
    ///
    /// # Errors
    /// Fails if the stream ends before its first event.
    pub(crate) async fn open(&mut self) -> Result<()> {
        let first = std::future::poll_fn(|context| self.poll(context)).await;
        match first {
            Some(Err(error)) if self.failed.is_some() => return Err(error),
            first => self.first = first,
        }
        Ok(())
    }

    /// The next event; `None` at the end.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        if self.complete {
            self.close(context);
        }
        loop {
            let Some(wire) = &mut self.wire else { return Poll::Ready(None) };
            let next = ready!(wire.poll_block(context));
            let verdict = match next {
                Some(Ok(block)) => self.verdict(block),
                Some(Err(error)) => Verdict::Event(Err(self.wire_error(error))),
                None if self.may_end() && !self.is_cut() => Verdict::End,
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

    /// Releases the connection. It returns to its pool if the whole response has arrived.
    fn close(&mut self, context: &mut Context<'_>) {
        // Reading the rest would block the thread for as long as the server keeps the connection open.
        let Some(mut wire) = self.wire.take().filter(|_| !self.clock.blocks()) else { return };
        for _ in 0..16 {
            if !matches!(wire.poll_block(context), Poll::Ready(Some(Ok(_)))) {
                break;
            }
        }
    }

    fn verdict(&mut self, block: Block) -> Verdict {
        let text = block.data.unwrap_or_default();
        let tail = self.end().is_some();
        if self.spec.end_data.is_some_and(|it| it == text.trim_matches(is_around)) {
            return Verdict::End;
        }
        let said = block.event.filter(|it| !it.is_empty());
        if text.is_empty() && (tail || said.as_deref().and_then(|it| self.next_state(it)).is_none()) {
            return Verdict::Skip;
        }
        let text = Bytes::from(text);
        let read = if text.is_empty() { Ok((Value::Null, None)) } else { reading::read_with_halves(&text) };
        let value = read.as_ref().map_or(&Value::Null, |it| &it.0);
        if tail && !(value.is_object() || value.is_array()) {
            return Verdict::Event(Err(self.broke_off(None)));
        }
        self.tail_is_read = tail;
        if self.is_error(said.as_deref(), value) {
            return Verdict::Event(Err(self.error_event(text)));
        }
        let name = self.name(said, value);
        if let Some(to) = self.next_state(&name) {
            self.state = to;
            self.complete |= self.current_state().is_some_and(|it| it.ends);
        }
        self.n_events += 1;
        let nth = self.n_events;
        let (value, twin) = match read {
            Ok(read) => read,
            Err(error) => {
                self.record_lost_event(nth, &name, &text, Why::Data);
                let error = self.meta.decode_error(text, "an event's data is not JSON", Some(error.into()));
                return Verdict::Event(Err(error));
            }
        };
        let steps = self.spec.collect.iter().find(|it| it.event == name).map_or(&[][..], |it| it.steps);
        let twin = twin.map(Box::new);
        match self.folded.add(steps, EventPart::new(&value, twin.as_deref())) {
            Ok(()) => {}
            // The event itself is valid.
            Err(TypeMismatch::Part(error)) => self.record_lost_event(nth, &name, &text, Why::Place(error)),
            Err(TypeMismatch::TooLarge | TypeMismatch::InTheWay) => return Verdict::Event(Err(self.too_large())),
        }
        Verdict::Event(Ok(Event { nth, name, text, value, twin }))
    }

    /// Notes that an event is missing in the total.
    pub(crate) fn record_lost_event(&mut self, nth: u64, name: &str, text: &Bytes, why: Why) {
        match &mut self.lost {
            Some(lost) => lost.count(nth),
            None => self.lost = Some(Lost::new(nth, if self.spec.named { name } else { "" }, text.clone(), why)),
        }
    }

    /// The name of the event: from its `event:` line, from its data, or the name for events without one.
    fn name(&self, said: Option<String>, value: &Value) -> Cow<'static, str> {
        if !self.spec.named {
            return Cow::Borrowed("");
        }
        let inside = || Some(value.pointer(self.spec.name?)?.as_str()?.to_owned());
        // The standard's name for events without a name has no meaning.
        let said = said.filter(|it| it != "message");
        said.or_else(inside).map_or(Cow::Borrowed("message"), Cow::Owned)
    }

    /// Whether the data of this event is an error.
    fn is_error(&self, said: Option<&str>, value: &Value) -> bool {
        let inside = self.spec.name.and_then(|it| value.pointer(it)).and_then(Value::as_str);
        let names = said.into_iter().chain(inside);
        let by_name = || names.into_iter().any(|it| self.spec.error_events.contains(&it));
        // In a stream with named events, an error without a name is recognized only by its form.
        let is_nameless = self.spec.named && said.is_none_or(|it| it == "message") && inside.is_none();
        self.spec.error.and_then(|it| value.pointer(it)).is_some_and(|it| !it.is_null())
            || by_name()
            || failure::is_failure(self.meta.operation, value)
            || is_nameless && status::has_error(self.meta.operation.api, value)
    }

    fn current_state(&self) -> Option<&'static State> {
        self.spec.states.get(self.state)
    }

    /// Whether the spec declares events with this name.
    pub(crate) fn is_known_event(&self, name: &str) -> bool {
        !self.spec.named
            || self.spec.collect.iter().any(|it| it.event == name)
            || self.spec.text.iter().any(|it| it.event == name)
            || self.spec.states.iter().any(|it| it.moves.iter().any(|it| it.0 == name))
    }

    /// The state after an event, if it leads to one. An event that ends the response in any state ends it in every state
    /// but the first, because servers leave out earlier events.
    fn next_state(&self, name: &str) -> Option<usize> {
        let leads = |it: &State| it.moves.iter().find(|it| it.0 == name).map(|it| it.1);
        let ends = |to: &usize| self.spec.states.get(*to).is_some_and(|it| it.ends);
        let anywhere = || self.spec.states.iter().filter_map(leads).find(ends);
        self.current_state().and_then(leads).or_else(|| if self.state > 0 { anywhere() } else { None })
    }

    /// Whether the end of the connection is an end of the stream.
    fn may_end(&self) -> bool {
        self.spec.end_data.is_none() && !self.spec.states.iter().any(|it| it.ends)
    }

    fn end(&self) -> Option<End> {
        self.wire.as_ref().and_then(Wire::end)
    }

    /// Whether the connection ended within a line, which was then not read.
    fn is_cut(&self) -> bool {
        self.end() == Some(End::WithinALine) && !self.tail_is_read
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failed.is_some()
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

    fn wire_error(&mut self, error: WireError) -> Error {
        let kind = match &error {
            WireError::Transport(of) if of.kind() != TransportErrorKind::Timeout => {
                return self.broke_off(Some(error));
            }
            WireError::TooLarge(_) => ErrorKind::AnswerTooLarge,
            _ => ErrorKind::Timeout,
        };
        let error = self.meta.error(kind, error.to_string()).because(error);
        self.fail(error)
    }

    fn error_event(&mut self, text: Bytes) -> Error {
        let now = self.clock.system_time();
        let error = status::error_within(&self.meta, text, now);
        self.fail(error)
    }

    fn too_large(&mut self) -> Error {
        let most = self.max_answer;
        let message = format!("more than {most} bytes; see `ClientBuilder::max_answer_bytes`");
        let error = self.meta.error(ErrorKind::AnswerTooLarge, message);
        self.fail(error)
    }

    /// The error for a response in one piece, if a stream was requested.
    pub(crate) fn in_one_piece(
        meta: &ResponseHead,
        body: Bytes,
        spec: &'static StreamSpec,
        clock: &dyn Clock,
    ) -> Error {
        let value = reading::read(&body).unwrap_or_default();
        let at = |pointer: Option<&str>| value.pointer(pointer?).filter(|it| !it.is_null());
        let named = at(spec.name).and_then(Value::as_str).is_some_and(|it| spec.error_events.contains(&it));
        if named || at(spec.error).is_some() {
            return status::error_within(meta, body, clock.system_time());
        }
        let message = if meta.content_type_has("json") {
            "the response is not a stream: call `send`"
        } else {
            "the response is not a stream of events"
        };
        meta.decode_error(body, message, None)
    }

    /// Checks the total so far.
    ///
    /// # Errors
    /// Fails if the stream ended without being complete, or if an event was lost.
    pub(crate) fn is_sound(&self) -> Result<()> {
        if let Some((kind, message)) = &self.failed {
            return Err(self.meta.error(*kind, message.clone()));
        }
        self.lost.as_ref().map_or(Ok(()), |it| Err(it.error(&self.meta)))
    }

    /// The total of all events, after the last one.
    pub(crate) fn total(&mut self) -> Value {
        self.folded.finish()
    }
}
