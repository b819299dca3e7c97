//! A clock that runs fast, so that nobody waits for a server on this machine as long as for an API.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use specwright_runtime::{BoxFuture, Clock};

/// How much faster than the machine's.
const FASTER: u32 = 25;
static UNWATCHED: AtomicBool = AtomicBool::new(false);

/// The longest wait between two polls or attempts. What is longer is a timeout.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What such a wait takes where nobody watches.
const BRIEF: Duration = Duration::from_millis(2);

/// For tests: from now on, polls follow at once, and a stream does not pause between its words.
pub fn nobody_watches() {
    UNWATCHED.store(true, Ordering::Relaxed);
}

/// Whether somebody may want to see things happen.
pub(crate) fn is_watched() -> bool {
    !UNWATCHED.load(Ordering::Relaxed)
}

/// Five seconds pass in a fifth of one.
#[derive(Clone, Copy, Debug)]
pub struct Hurried {
    start: Instant,
    watched: bool,
}

impl Hurried {
    /// From now on. If [nobody watches](nobody_watches), it hardly pauses between polls, and takes a timeout of less than
    /// ten seconds for such a pause.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "time begins when somebody says so")]
    pub fn new() -> Self {
        Self { start: Instant::now(), watched: is_watched() }
    }

    /// From now on, as if somebody watched.
    #[must_use]
    pub fn watched() -> Self {
        Self { start: Instant::now(), watched: true }
    }

    fn asleep(self, duration: Duration) -> Duration {
        let hurried = duration / FASTER;
        let is_pause = duration <= LONGEST_PAUSE;
        if is_pause && !self.watched { hurried.min(BRIEF) } else { hurried }
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
        Box::pin(tokio::time::sleep(self.asleep(duration)))
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
        let asleep = self.0.asleep(duration);
        Box::pin(async move { std::thread::sleep(asleep) })
    }

    fn random(&self) -> f64 {
        self.0.random()
    }

    fn blocks(&self) -> bool {
        true
    }
}
