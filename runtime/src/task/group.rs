//! What tasks that are waited for together share: permits, a beginning, and a thread that is held for all of them.

use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::Clock;

/// What tasks that are waited for together share.
pub(super) struct WaitGroup {
    /// Bounds the polls at the same moment, and lets those that wait for it in one after the other.
    pub(super) gate: Semaphore,
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
    pub(super) fn new(at_once: usize) -> Self {
        let gate = Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS));
        Self { gate, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When waiting began: now, if it begins with this call.
    pub(super) fn begun(&self, now: Instant) -> Instant {
        *self.state().begun.get_or_insert(now)
    }

    /// Adds time in which nobody followed the tasks.
    pub(super) fn add_away(&self, time: Duration) {
        self.state().away += time;
    }

    /// For how long nobody followed the tasks.
    pub(super) fn away(&self) -> Duration {
        self.state().away
    }

    /// Pauses one wait of a client whose clock holds the thread, while others go on.
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

    /// Whether a wait pauses that only holding the thread can bring on.
    pub(super) fn blocks(&self) -> bool {
        !self.state().sleepers.is_empty()
    }

    /// Holds the thread until the next of the sleepers is due, and wakes those that are.
    pub(super) fn hold_until_next(&self) {
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
