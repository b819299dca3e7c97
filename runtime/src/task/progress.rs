//! The states of a task as a stream.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::status::TaskStatus;
use super::wait::{Polled, Poller, decode_status};
use crate::{BoxFuture, Decode, Result, TaskSpec};

/// A stream of a task's states: see [`Task::progress`](super::Task::progress).
#[must_use = "streams do nothing unless polled"]
pub struct Progress<R> {
    spec: &'static TaskSpec,
    at: ProgressState,
    brings: PhantomData<fn() -> R>,
}

enum ProgressState {
    Idle(Box<Poller>),
    Asking(BoxFuture<'static, (Box<Poller>, Result<Polled>)>),
    Ended,
}

impl<R> Progress<R> {
    pub(super) fn new(spec: &'static TaskSpec, poller: Poller) -> Self {
        Self { spec, at: ProgressState::Idle(Box::new(poller)), brings: PhantomData }
    }
}

impl<R: Decode> Progress<R> {
    /// The next state; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<TaskStatus<R>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<R: Decode> Stream for Progress<R> {
    type Item = Result<TaskStatus<R>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::mem::replace(&mut self.at, ProgressState::Ended) {
                ProgressState::Ended => return Poll::Ready(None),
                ProgressState::Idle(mut poller) => {
                    self.at = ProgressState::Asking(Box::pin(async move {
                        let polled = poller.next_change().await;
                        (poller, polled)
                    }));
                }
                ProgressState::Asking(mut future) => {
                    let Poll::Ready((poller, polled)) = future.as_mut().poll(context) else {
                        self.at = ProgressState::Asking(future);
                        return Poll::Pending;
                    };
                    let status = polled.and_then(|it| decode_status(poller.client(), self.spec, it, poller.id()));
                    if status.as_ref().is_ok_and(|it| !it.is_finished()) {
                        self.at = ProgressState::Idle(poller);
                    }
                    return Poll::Ready(Some(status));
                }
            }
        }
    }
}

impl<R> fmt::Debug for Progress<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("operation", &self.spec.status.name).finish_non_exhaustive()
    }
}
