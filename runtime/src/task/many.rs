//! Waiting for many tasks at once.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use super::group::WaitGroup;
use super::handle::Task;
use crate::{BoxFuture, Clock, Decode, Response, Result};
use futures_core::Stream;

/// Waits until all tasks are finished, and returns their results in the order of the tasks.
///
/// All tasks are followed from the start, and polled at their API's interval until its deadline. A failed task is an
/// error at its index, and does not affect the others. Dropping the future stops polling, but the tasks themselves
/// continue.
///
/// `at_once` limits how many polls are in flight; 0 counts as 1. Tasks whose poll is due are polled in turn, and
/// waiting for a turn counts towards the deadline: everything ends one second after the longest deadline. If the server
/// takes a second to respond and `at_once` is 4, four tasks are polled per second, so 2 000 tasks need more than eight
/// minutes for one round. A poll that hangs keeps its place until it times out, after a quarter of the deadline or 30
/// seconds, whichever is shorter. Choose a larger number for many tasks and a slow server.
///
/// [`wait_each`] returns each result as soon as it is there.
pub async fn wait_all<R: Decode + 'static>(
    tasks: impl IntoIterator<Item = Task<R>>,
    at_once: usize,
) -> Vec<Result<Response<R>>> {
    let mut each = wait_each(tasks, at_once);
    let mut results: Vec<_> = each.waits.iter().map(|_| None).collect();
    while let Some((index, result)) = each.next().await {
        results[index] = Some(result);
    }
    results.into_iter().flatten().collect()
}

/// As [`wait_all`], but as a stream: the index of a task in `tasks` and its result, as soon as it is finished.
///
/// The tasks are polled only while the stream is polled, and not between a result and the next call of
/// [`next`](WaitEach::next). A task whose deadline passes meanwhile is polled one last time when the stream is polled
/// again.
pub fn wait_each<R: Decode + 'static>(tasks: impl IntoIterator<Item = Task<R>>, at_once: usize) -> WaitEach<R> {
    let group = Arc::new(WaitGroup::new(at_once));
    let mut clock = None;
    let waits: Vec<Option<Wait<R>>> = tasks
        .into_iter()
        .map(|task| {
            clock.get_or_insert_with(|| Arc::clone(task.clock()));
            let group = Arc::clone(&group);
            Some(Box::pin(async move { task.wait_within(group).await }) as Wait<R>)
        })
        .collect();
    let woken = Arc::new(ReadyQueue::all(waits.len()));
    let wakers = (0..waits.len()).map(|index| Waker::from(Arc::new(TaskWaker { index, woken: Arc::clone(&woken) })));
    WaitEach { left: waits.len(), wakers: wakers.collect(), waits, woken, group, clock, left_at: None }
}

type Wait<R> = BoxFuture<'static, Result<Response<R>>>;

/// A stream of the results of tasks: see [`wait_each`].
#[must_use = "streams do nothing unless polled"]
pub struct WaitEach<R> {
    /// The wait of each task, in order; `None` once it is finished.
    waits: Vec<Option<Wait<R>>>,
    wakers: Vec<Waker>,
    left: usize,
    woken: Arc<ReadyQueue>,
    group: Arc<WaitGroup>,
    /// The clock of the first task.
    clock: Option<Arc<dyn Clock>>,
    /// When the last result was returned.
    left_at: Option<Instant>,
}

impl<R> WaitEach<R> {
    /// The next result, with the index of its task; `None` at the end.
    pub async fn next(&mut self) -> Option<(usize, Result<Response<R>>)> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How many tasks are not finished yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.left
    }
}

impl<R> Stream for WaitEach<R> {
    type Item = (usize, Result<Response<R>>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let now = this.clock.as_ref().map(|it| it.now());
        if let (Some(left_at), Some(now)) = (this.left_at.take(), now) {
            this.group.add_away(now.saturating_duration_since(left_at));
        }
        loop {
            // Waits that are woken meanwhile are polled next time, because a task that is always ready must not occupy
            // the thread.
            let mut turns = this.woken.begin(context.waker());
            while turns > 0
                && let Some(index) = this.woken.pop()
            {
                turns -= 1;
                let Some(wait) = this.waits[index].as_mut() else { continue };
                if let Poll::Ready(result) = wait.as_mut().poll(&mut Context::from_waker(&this.wakers[index])) {
                    this.waits[index] = None;
                    this.left -= 1;
                    this.left_at = this.clock.as_ref().map(|it| it.now());
                    return Poll::Ready(Some((index, result)));
                }
            }
            let any = this.woken.any();
            if !this.group.blocks() {
                if any {
                    context.waker().wake_by_ref();
                }
                return Poll::Pending;
            }
            // The waits of a blocking client block the thread here, together and not one by one.
            if !any {
                this.group.hold_until_next();
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<R> fmt::Debug for WaitEach<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitEach").field("tasks", &self.waits.len()).field("left", &self.left).finish()
    }
}

/// The waits that are ready to be polled, so that a thousand tasks are not polled whenever one of them is woken.
struct ReadyQueue {
    state: Mutex<Queue>,
}

struct Queue {
    /// In the order in which they were woken, each once.
    order: VecDeque<usize>,
    queued: Vec<bool>,
    /// The waker of the task that polls the stream.
    waker: Option<Waker>,
}

impl ReadyQueue {
    fn all(count: usize) -> Self {
        Self { state: Mutex::new(Queue { order: (0..count).collect(), queued: vec![true; count], waker: None }) }
    }

    fn state(&self) -> MutexGuard<'_, Queue> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores the waker, and returns how many waits are ready.
    fn begin(&self, waker: &Waker) -> usize {
        let mut state = self.state();
        match &mut state.waker {
            Some(own) => own.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
        state.order.len()
    }

    fn pop(&self) -> Option<usize> {
        let mut state = self.state();
        let index = state.order.pop_front()?;
        state.queued[index] = false;
        Some(index)
    }

    fn any(&self) -> bool {
        !self.state().order.is_empty()
    }
}

/// Wakes one wait.
struct TaskWaker {
    index: usize,
    woken: Arc<ReadyQueue>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        let mut state = self.woken.state();
        if !std::mem::replace(&mut state.queued[self.index], true) {
            state.order.push_back(self.index);
        }
        let waker = state.waker.clone();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
