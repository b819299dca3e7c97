//! Futures that are polled only once, and which futures may be.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::{Clock, Error, Result};

pub(super) const NOT_BLOCKING: &str = "this future waits, so it cannot be run to its end without an async runtime: make the client \
     with `ClientBuilder::blocking()`, or await the call";

/// Runs a future of a [blocking client](crate::ClientBuilder::blocking) to its end on this thread: see
/// [`Blocking`](super::Blocking).
///
/// # Errors
/// Those of the future, and [`ErrorKind::Config`](crate::ErrorKind::Config) if it has to wait, because the client is not
/// a blocking one.
pub fn run<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let _polling = Polling::begin();
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => Err(Error::config(NOT_BLOCKING)),
    }
}

thread_local! {
    static POLLING: Cell<bool> = const { Cell::new(false) };
}

/// While it exists, futures on this thread are polled only once.
pub(super) struct Polling {
    before: bool,
}

impl Polling {
    pub(super) fn begin() -> Self {
        Self { before: POLLING.replace(true) }
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        POLLING.set(self.before);
    }
}

/// Fails before a future that waits is polled only once, because some would panic without their runtime.
pub(crate) fn may_poll(clock: &dyn Clock) -> Result<()> {
    if POLLING.get() && !clock.blocks() { Err(Error::config(NOT_BLOCKING)) } else { Ok(()) }
}
