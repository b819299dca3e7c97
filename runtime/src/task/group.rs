//! The state that tasks share if they are waited for together: permits, a start time, and the thread that blocks for all
//! of them.

use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::Clock;

/// The state that tasks share if they are waited for together.
pub(super) struct WaitGroup {
    /// Limits the number of concurrent polls, and admits waiting ones in order.
    pub(super) gate: Semaphore,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When the first of them was polled. All deadlines count from then.
    begun: Option<Instant>,
    /// The total time in which nobody followed them.
    away: Duration,
    /// Paused waits of clients with a blocking clock.
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
    pub(super) fn new(at_once: usize) -> Self {
        let gate = Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS));
        Self { gate, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When waiting began. If it begins with this call, this is the current time.
    pub(super) fn begun(&self, now: Instant) -> Instant {
        *self.state().begun.get_or_insert(now)
    }

    /// Adds time in which nobody followed the tasks.
    pub(super) fn add_away(&self, time: Duration) {
        self.state().away += time;
    }

    /// The total time in which nobody followed the tasks.
    pub(super) fn away(&self) -> Duration {
        self.state().away
    }

    /// Pauses one wait of a client with a blocking clock, while others continue.
    pub(super) async fn sleep(&self, clock: &Arc<dyn Clock>, time: Duration) {
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

    /// Whether there is a paused wait that only continues if the thread blocks.
    pub(super) fn blocks(&self) -> bool {
        !self.state().sleepers.is_empty()
    }

    /// Blocks the thread until the next sleeper is due, and wakes all sleepers that are due.
    pub(super) fn hold_until_next(&self) {
        let next = self.state().sleepers.iter().min_by_key(|it| it.until).map(|it| (it.until, Arc::clone(&it.clock)));
        let Some((until, clock)) = next else { return };
        let mut sleep = clock.sleep(until.saturating_duration_since(clock.now()));
        // A blocking clock is ready after one poll.
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
