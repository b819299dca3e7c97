//! The connection of a stream: its blocks of lines, within limits of size and time.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::blocks::{Block, Blocks, TooLarge};
use crate::transport::ByteStream;
use crate::{BoxFuture, Clock, TransportError};

/// Whether the connection ended cleanly, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// After the end of a line.
    AfterALine,
    WithinALine,
}

/// The number of pieces that are read before other tasks get their turn.
const TURN: u32 = 64;

/// Limits of a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The bytes of one event.
    pub(crate) event: usize,
    /// The time between two pieces.
    pub(crate) idle: Option<Duration>,
    /// The end of the whole call.
    pub(crate) deadline: Option<Instant>,
}

/// Why the stream ended.
#[derive(Debug)]
pub(crate) enum WireError {
    Transport(TransportError),
    /// An event is larger than this.
    TooLarge(usize),
    /// Nothing arrived for this long.
    Idle(Duration),
    Deadline,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::TooLarge(most) => {
                write!(f, "an event of more than {most} bytes; see `ClientBuilder::max_event_bytes`")
            }
            Self::Idle(most) => {
                write!(f, "no data for {most:?}, the limit of `ClientBuilder::idle_timeout`")
            }
            Self::Deadline => f.write_str("the stream did not end within the limit of the call"),
        }
    }
}

impl StdError for WireError {}

/// An open connection.
pub(crate) struct Wire {
    /// `None`: it ended, or failed.
    body: Option<ByteStream>,
    clock: Arc<dyn Clock>,
    bounds: Bounds,
    blocks: Blocks,
    /// Bytes that are still to be read.
    rest: Bytes,
    /// When the wait for the next piece began.
    since: Option<Instant>,
    timer: Option<BoxFuture<'static, ()>>,
    turn: u32,
    end: Option<End>,
}

impl Wire {
    /// With `each_line`, every line is an event of its own, which is JSON.
    pub(crate) fn new(body: ByteStream, clock: Arc<dyn Clock>, bounds: Bounds, each_line: bool) -> Self {
        let blocks = Blocks::new(each_line, bounds.event);
        let (rest, since, timer, turn, end) = (Bytes::new(), None, None, 0, None);
        Self { body: Some(body), clock, bounds, blocks, rest, since, timer, turn, end }
    }

    /// Whether the connection ended cleanly. A block that is returned after that had no blank line.
    pub(crate) fn end(&self) -> Option<End> {
        self.end
    }

    /// Whether a time limit was reached, and which. Wakes the task when that may be the case.
    fn time(&mut self, context: &mut Context<'_>) -> Poll<WireError> {
        loop {
            let now = self.clock.now();
            // The time does not start with the last piece: a slow reader is not a silent server.
            let silent = now.saturating_duration_since(*self.since.get_or_insert(now));
            let idle = self.bounds.idle.map(|it| (it.saturating_sub(silent), WireError::Idle(it)));
            let end = self.bounds.deadline.map(|it| (it.saturating_duration_since(now), WireError::Deadline));
            let next = match (end, idle) {
                (Some(end), Some(idle)) => Some(if idle.0 < end.0 { idle } else { end }),
                (end, idle) => end.or(idle),
            };
            let Some((left, error)) = next else { return Poll::Pending };
            if left.is_zero() {
                return Poll::Ready(error);
            }
            // In that case the transport enforces the limit of silence.
            if self.clock.blocks() {
                return Poll::Pending;
            }
            // One timer serves many pieces: it is checked again when it fires.
            let timer = self.timer.get_or_insert_with(|| self.clock.sleep(left));
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.timer = None;
        }
    }

    /// The next block of lines; `None` after the last one and after an error.
    pub(crate) fn poll_block(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Block, WireError>>> {
        let next = ready!(self.poll_next(context));
        if !matches!(next, Some(Ok(_))) {
            self.body = None;
            self.rest.clear();
        }
        Poll::Ready(next)
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Block, WireError>>> {
        loop {
            match self.blocks.next(&mut self.rest) {
                Ok(Some(block)) => return Poll::Ready(Some(Ok(block))),
                Ok(None) => {}
                Err(TooLarge) => return Poll::Ready(Some(Err(WireError::TooLarge(self.bounds.event)))),
            }
            if self.body.is_none() {
                return Poll::Ready(None);
            }
            if self.turn >= TURN && !self.clock.blocks() {
                self.turn = 0;
                context.waker().wake_by_ref();
                return self.time(context).map(|it| Some(Err(it)));
            }
            let Some(body) = &mut self.body else { return Poll::Ready(None) };
            match body.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(piece))) => {
                    self.turn += 1;
                    self.since = None;
                    if self.bounds.deadline.is_some_and(|it| it <= self.clock.now()) {
                        return Poll::Ready(Some(Err(WireError::Deadline)));
                    }
                    self.rest = piece;
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(WireError::Transport(error)))),
                Poll::Ready(None) => {
                    let within = self.blocks.is_within_a_line();
                    self.end = Some(if within { End::WithinALine } else { End::AfterALine });
                    self.body = None;
                    let last = self.blocks.end().map_err(|TooLarge| WireError::TooLarge(self.bounds.event));
                    return Poll::Ready(last.transpose());
                }
                Poll::Pending => {
                    self.turn = 0;
                    return self.time(context).map(|it| Some(Err(it)));
                }
            }
        }
    }
}
