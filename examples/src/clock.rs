//! A clock that runs fast, so that nobody waits for a server on this machine as long as for an API.

use std::time::{Duration, Instant, SystemTime};

use specwright_runtime::{BoxFuture, Clock};

/// How much faster than the machine's.
const FASTER: u32 = 25;

/// Five seconds pass in a fifth of one.
#[derive(Clone, Copy, Debug)]
pub struct Hurried {
    start: Instant,
}

impl Hurried {
    /// From now on.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "time begins when somebody says so")]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for Hurried {
    fn now(&self) -> Instant {
        self.start + self.start.elapsed() * FASTER
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration / FASTER))
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// The same for a program without an async runtime: its sleeps hold the thread.
#[derive(Clone, Copy, Debug)]
pub struct HurriedBlocking(Hurried);

impl HurriedBlocking {
    /// From now on.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "time begins when somebody says so")]
    pub fn new() -> Self {
        Self(Hurried::new())
    }
}

impl Clock for HurriedBlocking {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn system_time(&self) -> SystemTime {
        self.0.system_time()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { std::thread::sleep(duration / FASTER) })
    }

    fn random(&self) -> f64 {
        self.0.random()
    }

    fn blocks(&self) -> bool {
        true
    }
}
