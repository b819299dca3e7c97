//! Calls without an async runtime.
//!
//! [`ClientBuilder::blocking`](crate::ClientBuilder::blocking) makes a client whose futures never wait. Sending,
//! sleeping and reading block the thread, so every future is ready when it is first polled. [`Blocking::blocking`]
//! polls it: a call, waiting for a task, saving a download, or any other future that returns a [`Result`]. It needs no
//! runtime and no other thread.
//!
//! ```no_run
//! use specwright_runtime::{Blocking as _, Client, Decode, Download, Downloads, Request, Result, Task};
//!
//! # fn f<Create, Speech, Video>(api: &'static specwright_runtime::Api, create: Create, speech: Speech) -> Result<()>
//! # where Create: Request<Reply = Task<Video>>, Speech: Request<Reply = Download>, Video: Decode + Downloads + 'static {
//! let client = Client::builder(api).env().blocking().build()?;
//! let download = client.call().start(speech).blocking()?;
//! download.save("speech.mp3").blocking()?;
//!
//! let task = client.call().start(create).blocking()?;
//! task.wait_and_download().blocking()?.save("film.mp4").blocking()?;
//! # Ok(()) }
//! ```
//!
//! The futures of such a client can be awaited as well, but block the thread meanwhile. Tasks that are waited for
//! together are polled one at a time, each when its poll is due.

pub(crate) mod clock;
pub(crate) mod polling;
pub(crate) mod transport;

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;

use crate::{Download, Error, Items, Paged, Pages, Result};

use polling::{NOT_BLOCKING, Polling};

pub use clock::BlockingClock;
pub use polling::run;
pub use transport::Ureq;

/// A method for every future of a [blocking client](crate::ClientBuilder::blocking).
pub trait Blocking<T>: Future<Output = Result<T>> + Sized {
    /// Runs the future to its end on this thread.
    ///
    /// # Errors
    /// Those of the future, and [`ErrorKind::Config`](crate::ErrorKind::Config) if the client is not a blocking one.
    fn blocking(self) -> Result<T> {
        run(self)
    }
}

impl<T, F: Future<Output = Result<T>>> Blocking<T> for F {}

/// The items of a stream of a [blocking client](crate::ClientBuilder::blocking): events of a response, states of a task,
/// pieces of a download.
///
/// If the stream has to wait, the iterator returns [`ErrorKind::Config`](crate::ErrorKind::Config) and ends.
///
/// ```no_run
/// # fn f<R: specwright_runtime::Decode>(task: specwright_runtime::Task<R>) -> specwright_runtime::Result<()> {
/// for status in specwright_runtime::blocking::iter(task.progress()) {
///     println!("{}", status?.state_name());
/// }
/// # Ok(()) }
/// ```
pub fn iter<T, S: Stream<Item = Result<T>> + Unpin>(stream: S) -> Iter<S> {
    Iter { stream: Some(stream) }
}

/// A stream as an iterator: see [`iter`].
#[must_use = "iterators do nothing unless consumed"]
pub struct Iter<S> {
    stream: Option<S>,
}

impl<T, S: Stream<Item = Result<T>> + Unpin> Iterator for Iter<S> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let _polling = Polling::begin();
        let stream = self.stream.as_mut()?;
        let item = match Pin::new(stream).poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(item)) => return Some(item),
            Poll::Ready(None) => None,
            Poll::Pending => Some(Err(Error::config(NOT_BLOCKING))),
        };
        self.stream = None;
        item
    }
}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("ended", &self.stream.is_none()).finish_non_exhaustive()
    }
}

impl<R: Paged> Pages<R> {
    /// The pages as an iterator. The client must be a [blocking client](crate::ClientBuilder::blocking).
    pub fn blocking(self) -> Iter<Self> {
        iter(self)
    }
}

impl<R: Paged> Items<R> {
    /// The items as an iterator. The client must be a [blocking client](crate::ClientBuilder::blocking).
    pub fn blocking(self) -> Iter<Self> {
        iter(self)
    }
}

impl Download {
    /// A standard library reader of the bytes of a [blocking client](crate::ClientBuilder::blocking)'s download. An
    /// [`Error`] is wrapped in the [`io::Error`].
    ///
    /// ```no_run
    /// # fn f(download: specwright_runtime::Download) -> std::io::Result<()> {
    /// std::io::copy(&mut download.into_reader(), &mut std::io::stdout())?;
    /// # Ok(()) }
    /// ```
    pub fn into_reader(self) -> DownloadReader {
        DownloadReader { pieces: iter(self), piece: Bytes::new() }
    }
}

/// A download for the standard library to read: see [`Download::into_reader`].
#[derive(Debug)]
pub struct DownloadReader {
    pieces: Iter<Download>,
    piece: Bytes,
}

impl io::Read for DownloadReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let piece = io::BufRead::fill_buf(self)?;
        let length = piece.len().min(to.len());
        to[..length].copy_from_slice(&piece[..length]);
        self.piece.advance(length);
        Ok(length)
    }
}

impl io::BufRead for DownloadReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece.is_empty() {
            self.piece = self.pieces.next().transpose().map_err(io::Error::other)?.unwrap_or_default();
        }
        Ok(&self.piece)
    }

    fn consume(&mut self, amount: usize) {
        self.piece.advance(amount.min(self.piece.len()));
    }
}
