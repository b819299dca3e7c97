//! The clock of a client whose futures block the thread.

use std::time::{Duration, Instant, SystemTime};

use crate::{BoxFuture, Clock, TokioClock};

/// The system clock, whose sleep blocks the thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockingClock;

impl Clock for BlockingClock {
    fn now(&self) -> Instant {
        TokioClock.now()
    }

    fn system_time(&self) -> SystemTime {
        TokioClock.system_time()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { std::thread::sleep(duration) })
    }

    fn random(&self) -> f64 {
        TokioClock.random()
    }

    fn blocks(&self) -> bool {
        true
    }
}
