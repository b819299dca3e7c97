//! Waiting for many tasks at once.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use futures_core::Stream;
use tokio::sync::Semaphore;

use crate::{BoxFuture, Clock, Decode, Response, Result, Task};

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
    /// By the place of the task; `None` once it is finished.
    waits: Vec<Option<Wait<R>>>,
    wakers: Vec<Waker>,
    left: usize,
    woken: Arc<ReadyQueue>,
    group: Arc<WaitGroup>,
    /// Of the first task.
    clock: Option<Arc<dyn Clock>>,
    /// When the last result was handed out.
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
            this.group.state().away += now.saturating_duration_since(left_at);
        }
        loop {
            // Who is woken meanwhile comes next time: a task that always has something to do must not hold the thread.
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
            // Waits of a blocking client hold the thread here, all together, and not each for itself.
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

/// What tasks that are waited for together share.
pub(crate) struct WaitGroup {
    /// Bounds the polls at the same moment, and lets those that wait for it in one after the other.
    pub(crate) gate: Semaphore,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When the first of them was polled: from then on all deadlines run.
    begun: Option<Instant>,
    /// For how long nobody followed them.
    away: Duration,
    /// Waits that pause, of clients whose clock holds the thread.
    sleepers: Vec<GroupClock>,
}

struct GroupClock {
    until: Instant,
    waker: Waker,
    clock: Arc<dyn Clock>,
    /// Set when it is woken.
    over: Arc<AtomicBool>,
}

impl WaitGroup {
    fn new(at_once: usize) -> Self {
        let gate = Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS));
        Self { gate, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When waiting began: now, if it begins with this call.
    pub(crate) fn begun(&self, now: Instant) -> Instant {
        *self.state().begun.get_or_insert(now)
    }

    /// For how long nobody followed the tasks.
    pub(crate) fn away(&self) -> Duration {
        self.state().away
    }

    /// Pauses one wait of a client whose clock holds the thread, while others go on.
    pub(crate) async fn sleep(&self, clock: &Arc<dyn Clock>, time: Duration) {
        let now = clock.now();
        let until = now.checked_add(time).unwrap_or(now);
        let over = Arc::new(AtomicBool::new(time.is_zero()));
        poll_fn(|context| {
            if over.load(Ordering::Relaxed) {
                return Poll::Ready(());
            }
            let (waker, clock, over) = (context.waker().clone(), Arc::clone(clock), Arc::clone(&over));
            self.state().sleepers.push(GroupClock { until, waker, clock, over });
            Poll::Pending
        })
        .await;
    }

    /// Whether a wait pauses that only holding the thread can bring on.
    fn blocks(&self) -> bool {
        !self.state().sleepers.is_empty()
    }

    /// Holds the thread until the next of the sleepers is due, and wakes those that are.
    fn hold_until_next(&self) {
        let next = self.state().sleepers.iter().min_by_key(|it| it.until).map(|it| (it.until, Arc::clone(&it.clock)));
        let Some((until, clock)) = next else { return };
        let mut sleep = clock.sleep(until.saturating_duration_since(clock.now()));
        // A clock that blocks is ready when it is polled once.
        let _ = sleep.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let now = clock.now().max(until);
        let mut due: Vec<_> = self.state().sleepers.extract_if(.., |it| it.until <= now).collect();
        due.sort_by_key(|it| it.until);
        for sleeper in due {
            sleeper.over.store(true, Ordering::Relaxed);
            sleeper.waker.wake();
        }
    }
}

impl fmt::Debug for WaitGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("permits", &self.gate.available_permits()).finish_non_exhaustive()
    }
}

/// Which waits have something to do, so that a thousand tasks are not looked at whenever one of them moves.
struct ReadyQueue {
    state: Mutex<Queue>,
}

struct Queue {
    /// In the order they were woken, each once.
    order: VecDeque<usize>,
    queued: Vec<bool>,
    /// Of whoever polls the stream.
    waker: Option<Waker>,
}

impl ReadyQueue {
    fn all(count: usize) -> Self {
        Self { state: Mutex::new(Queue { order: (0..count).collect(), queued: vec![true; count], waker: None }) }
    }

    fn state(&self) -> MutexGuard<'_, Queue> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers whom to wake, and tells how many have something to do.
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
