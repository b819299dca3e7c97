//! The layer between a connection and the event parser: limits of size and time, and repairs.
//!
//! The parser keeps an event until it is complete, fails on a byte that is not UTF-8, and drops an event whose blank line
//! is missing at the end. Therefore this layer passes on text in which no event exceeds the limit, without the text of
//! comments (which may be endless), and ends the last event if the connection ends cleanly.
//!
//! The standard silently drops a line that is not a field. For two kinds of lines that would lose data: a field after a
//! byte order mark, which servers send that join texts, and bare JSON or an HTML page, which gateways send in the middle
//! of another server's response. The mark is removed, and the other kind is read as data.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Buf as _, Bytes, BytesMut};
use futures_core::Stream;

use crate::reading::MARK;
use crate::transport::ByteStream;
use crate::{BoxFuture, Clock, TransportError};

/// The connection is open, or failed.
pub(crate) const OPEN: u8 = 0;
/// It ended cleanly, after a line end.
pub(crate) const ENDED: u8 = 1;
/// It ended cleanly, but in the middle of a line.
pub(crate) const WITHIN_A_LINE: u8 = 2;

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

/// The bytes of a stream, prepared for the parser.
pub(crate) struct Wire {
    body: ByteStream,
    clock: Arc<dyn Clock>,
    bounds: Bounds,
    lines: Lines,
    /// Text that is still to be passed on.
    rest: Bytes,
    /// Bytes of an incomplete character.
    half: Vec<u8>,
    /// When the wait for the next piece began.
    since: Option<Instant>,
    timer: Option<BoxFuture<'static, ()>>,
    turn: u32,
    /// Whether the connection ended cleanly, and where. An event that the parser returns after that had no blank line.
    ended: Arc<AtomicU8>,
}

impl Wire {
    /// With `each_line`, every line is an event of its own, which is JSON.
    pub(crate) fn new(
        body: ByteStream,
        clock: Arc<dyn Clock>,
        bounds: Bounds,
        ended: Arc<AtomicU8>,
        each_line: bool,
    ) -> Self {
        let lines = Lines { each_line, ..Lines::default() };
        let (rest, half) = (Bytes::new(), Vec::new());
        Self { body, clock, bounds, lines, rest, half, since: None, timer: None, turn: 0, ended }
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

    /// The received bytes as text, with `U+FFFD` for bytes that are not UTF-8.
    fn text(&mut self, piece: Bytes) -> Bytes {
        let piece = if self.half.is_empty() {
            piece
        } else {
            let mut whole = BytesMut::from(&*std::mem::take(&mut self.half));
            whole.extend_from_slice(&piece);
            whole.freeze()
        };
        let Err(error) = std::str::from_utf8(&piece) else { return piece };
        if error.error_len().is_none() {
            let mut piece = piece;
            self.half = piece.split_off(error.valid_up_to()).to_vec();
            return piece;
        }
        let mut out = BytesMut::with_capacity(piece.len() + 16);
        let mut chunks = piece.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            out.extend_from_slice(chunk.valid().as_bytes());
            let invalid = chunk.invalid();
            let half = || std::str::from_utf8(invalid).is_err_and(|it| it.error_len().is_none());
            if chunks.peek().is_none() && half() {
                self.half = invalid.to_vec();
            } else if !invalid.is_empty() {
                out.extend_from_slice("\u{fffd}".as_bytes());
            }
        }
        out.freeze()
    }
}

impl Stream for Wire {
    type Item = Result<Bytes, WireError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if !this.rest.is_empty() {
                match this.lines.pass(&mut this.rest, this.bounds.event) {
                    Ok(text) if text.is_empty() => continue,
                    Ok(text) => return Poll::Ready(Some(Ok(text))),
                    Err(TooLarge) => return Poll::Ready(Some(Err(WireError::TooLarge(this.bounds.event)))),
                }
            }
            if this.ended.load(Ordering::Relaxed) != OPEN {
                return Poll::Ready(None);
            }
            if this.turn >= TURN && !this.clock.blocks() {
                this.turn = 0;
                context.waker().wake_by_ref();
                return this.time(context).map(|it| Some(Err(it)));
            }
            match this.body.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(piece))) => {
                    this.turn += 1;
                    this.since = None;
                    if this.bounds.deadline.is_some_and(|it| it <= this.clock.now()) {
                        return Poll::Ready(Some(Err(WireError::Deadline)));
                    }
                    this.rest = this.text(piece);
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(WireError::Transport(error)))),
                Poll::Ready(None) => {
                    let within = (this.lines.line > 0 && !this.lines.comment) || !this.half.is_empty();
                    this.ended.store(if within { WITHIN_A_LINE } else { ENDED }, Ordering::Relaxed);
                    let half = if std::mem::take(&mut this.half).is_empty() { "" } else { "\u{fffd}" };
                    this.rest = Bytes::from(format!("{half}\n\n"));
                }
                Poll::Pending => {
                    this.turn = 0;
                    return this.time(context).map(|it| Some(Err(it)));
                }
            }
        }
    }
}

/// The field for a line without one.
const DATA: &[u8] = b"data:";

/// Whether a line with this beginning is JSON or an HTML page: no field has such a name.
fn is_bare(first: u8) -> bool {
    matches!(first, b'{' | b'[' | b'<')
}

/// Counts the bytes that the parser keeps.
#[derive(Debug, Default)]
struct Lines {
    /// The bytes of the line so far.
    line: usize,
    /// The bytes of the event so far, without comments.
    event: usize,
    /// The line is a comment, whose text is not passed on.
    comment: bool,
    /// The last byte was CR, so a following LF is not a separate line end.
    cr: bool,
    /// Every line is an event.
    each_line: bool,
}

#[derive(Debug)]
struct TooLarge;

impl Lines {
    /// Takes text from the front that can be passed on in one piece. It is empty for a comment.
    fn pass(&mut self, text: &mut Bytes, most: usize) -> Result<Bytes, TooLarge> {
        if self.each_line {
            return self.pass_line(text, most);
        }
        if self.comment {
            let end = text.iter().position(|it| matches!(it, b'\r' | b'\n')).unwrap_or(text.len());
            self.comment = end == text.len();
            text.advance(end);
            return Ok(Bytes::new());
        }
        if self.line == 0 && text.starts_with(MARK.as_bytes()) {
            text.advance(MARK.len());
            return Ok(Bytes::new());
        }
        if self.line == 0 && text.first().is_some_and(|it| is_bare(*it)) {
            self.line = DATA.len();
            self.event += DATA.len();
            return if self.event > most { Err(TooLarge) } else { Ok(Bytes::from_static(DATA)) };
        }
        let mut upto = text.len();
        for (at, &byte) in text.iter().enumerate() {
            let cr = std::mem::replace(&mut self.cr, byte == b'\r');
            match byte {
                b'\n' if cr => {}
                b'\r' | b'\n' => {
                    if self.line == 0 {
                        self.event = 0;
                    }
                    self.line = 0;
                }
                b':' if self.line == 0 => {
                    self.line = 1;
                    self.comment = true;
                    upto = at + 1;
                    break;
                }
                // The start of the next piece.
                _ if self.line == 0 && at > 0 && (is_bare(byte) || text[at..].starts_with(MARK.as_bytes())) => {
                    upto = at;
                    break;
                }
                _ => {
                    self.line += 1;
                    self.event += 1;
                    if self.event > most {
                        // The text before it in this piece is still valid.
                        upto = at;
                        break;
                    }
                }
            }
        }
        if upto == 0 { Err(TooLarge) } else { Ok(text.split_to(upto)) }
    }

    /// Takes a line off the front, or the part of one that is there, as the data of an event. It is empty for a blank line.
    fn pass_line(&mut self, text: &mut Bytes, most: usize) -> Result<Bytes, TooLarge> {
        if self.line == 0 && text.starts_with(MARK.as_bytes()) {
            text.advance(MARK.len());
            return Ok(Bytes::new());
        }
        let end = text.iter().position(|it| matches!(it, b'\r' | b'\n'));
        let part = text.split_to(end.unwrap_or(text.len()));
        let mut out = BytesMut::new();
        if !part.is_empty() {
            if self.line == 0 {
                out.extend_from_slice(DATA);
            }
            self.line += part.len();
            if self.line > most {
                return Err(TooLarge);
            }
            out.extend_from_slice(&part);
        }
        if end.is_some() {
            text.advance(1);
            if self.line > 0 {
                out.extend_from_slice(b"\n\n");
            }
            self.line = 0;
        }
        Ok(out.freeze())
    }
}
