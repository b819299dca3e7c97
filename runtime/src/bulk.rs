//! Many calls at once, with a limit on how many are in flight, and results in the order of the calls.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::{PendingRequest, Result};

/// Sends many calls, of any operations that answer with the same type, and returns their results in the order of the
/// calls. An error is one call's own, and does not affect the others.
///
/// `at_once` limits how many are in flight; 0 counts as 1. Each call is taken from the iterator when there is room for it,
/// so that thousands of requests do not have to be built at once. Dropping the future cancels the calls in flight.
///
/// ```
/// # use specwright_runtime::{PendingRequest, Response, Result, send_all};
/// # async fn f(call: impl Fn(&str) -> PendingRequest<Response<()>>) {
/// let results: Vec<Result<_>> = send_all(["r1", "r2", "r3"].map(|id| call(id)), 2).await;
/// # }
/// ```
///
/// [`send_each`] returns each result as soon as those before it are there.
pub async fn send_all<T>(calls: impl IntoIterator<Item = PendingRequest<T>>, at_once: usize) -> Vec<Result<T>> {
    let mut calls = calls.into_iter();
    let mut results: Vec<Option<Result<T>>> = Vec::new();
    let mut in_flight: Vec<(usize, PendingRequest<T>)> = Vec::new();
    poll_fn(|context| {
        in_flight.retain_mut(|(index, call)| match Pin::new(call).poll(context) {
            Poll::Ready(result) => {
                results[*index] = Some(result);
                false
            }
            Poll::Pending => true,
        });
        while in_flight.len() < at_once.max(1)
            && let Some(mut call) = calls.next()
        {
            match Pin::new(&mut call).poll(context) {
                Poll::Ready(result) => results.push(Some(result)),
                Poll::Pending => {
                    in_flight.push((results.len(), call));
                    results.push(None);
                }
            }
        }
        if in_flight.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}

/// As [`send_all`], but as a stream: each result as soon as it and those before it are there.
///
/// Calls progress only while the stream is polled. A result that waits for one before it counts as in flight, so that no
/// more than `at_once` results are held.
pub fn send_each<T, I: IntoIterator<Item = PendingRequest<T>>>(calls: I, at_once: usize) -> SendEach<T, I::IntoIter> {
    SendEach { calls: Some(calls.into_iter()), in_flight: VecDeque::new(), at_once: at_once.max(1) }
}

/// A stream of the results of calls, in their order: see [`send_each`].
#[must_use = "streams do nothing unless polled"]
pub struct SendEach<T, I> {
    /// Those that are not sent yet; `None` at their end.
    calls: Option<I>,
    /// In the order of the calls.
    in_flight: VecDeque<InFlight<T>>,
    at_once: usize,
}

enum InFlight<T> {
    Sent(PendingRequest<T>),
    Answered(Result<T>),
}

impl<T> InFlight<T> {
    fn poll(&mut self, context: &mut Context<'_>) {
        if let Self::Sent(call) = self
            && let Poll::Ready(result) = Pin::new(call).poll(context)
        {
            *self = Self::Answered(result);
        }
    }
}

impl<T, I: Iterator<Item = PendingRequest<T>>> SendEach<T, I> {
    /// The next result; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The result of the first call, if it is there.
    fn first(&mut self) -> Option<Result<T>> {
        match self.in_flight.pop_front()? {
            InFlight::Answered(result) => Some(result),
            sent @ InFlight::Sent(_) => {
                self.in_flight.push_front(sent);
                None
            }
        }
    }
}

impl<T, I> Unpin for SendEach<T, I> {}

impl<T, I: Iterator<Item = PendingRequest<T>>> Stream for SendEach<T, I> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        this.in_flight.iter_mut().for_each(|it| it.poll(context));
        loop {
            if let Some(result) = this.first() {
                return Poll::Ready(Some(result));
            }
            // A client that blocks answers at once, so that no second call begins before the first is taken.
            if this.in_flight.len() < this.at_once
                && let Some(call) = this.calls.as_mut().and_then(Iterator::next)
            {
                let mut sent = InFlight::Sent(call);
                sent.poll(context);
                this.in_flight.push_back(sent);
                continue;
            }
            if this.in_flight.len() < this.at_once {
                this.calls = None;
            }
            return if this.in_flight.is_empty() { Poll::Ready(None) } else { Poll::Pending };
        }
    }
}

impl<T, I> fmt::Debug for SendEach<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendEach").field("in_flight", &self.in_flight.len()).finish_non_exhaustive()
    }
}
