//! A clock for tests with real sockets: waits are skipped, and timeouts never expire.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use specwright_runtime::{BoxFuture, Clock};

/// Sleeps shorter than [`LIMIT`](Self::LIMIT) end immediately and advance the time. Longer sleeps are treated as timeouts
/// of calls and never end. The virtual clock of the runtime cannot be used here: it advances when no task can continue,
/// but with real sockets one always can.
#[derive(Clone, Debug)]
pub(crate) struct SkippingClock {
    start: Instant,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl SkippingClock {
    /// The shortest sleep that this clock treats as a timeout and not as a wait.
    pub(crate) const LIMIT: Duration = Duration::from_secs(30);

    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), waits: Arc::default() }
    }

    /// All waits that were skipped, in order.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn passed(&self) -> Duration {
        self.waits().iter().sum()
    }
}

impl Clock for SkippingClock {
    fn now(&self) -> Instant {
        self.start + self.passed()
    }

    /// 2026-01-01T00:00:00Z plus the skipped time.
    fn system_time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_767_225_600) + self.passed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let waits = self.waits.clone();
        Box::pin(async move {
            if duration >= Self::LIMIT {
                std::future::pending::<()>().await;
            }
            waits.lock().unwrap_or_else(PoisonError::into_inner).push(duration);
            tokio::task::yield_now().await;
        })
    }

    /// Always the longest wait.
    fn random(&self) -> f64 {
        1.0
    }
}
