//! The runtime's time, which tests can replace.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The runtime's source of time, sleep and randomness.
///
/// A client uses [`TokioClock`], unless [`ClientBuilder::clock`](crate::ClientBuilder::clock) sets another.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Time that never goes back, for deadlines.
    fn now(&self) -> Instant;

    /// Time of day, for dates that a server sends.
    fn system_time(&self) -> SystemTime;

    /// A future that is ready when `duration` has passed.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// A number from 0 up to but not including 1, for jitter.
    fn random(&self) -> f64;

    /// Whether [`sleep`](Self::sleep) blocks the thread. A sleep then never runs beside other work, so the transport
    /// must enforce the timeouts in [`SendOptions`](crate::transport::SendOptions).
    fn blocks(&self) -> bool {
        false
    }
}

/// The system clock, with tokio's sleep: its futures need a tokio runtime with the time driver enabled.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { tokio::time::sleep(duration).await })
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}

/// The future's output, or `None` if `limit` passes first. With a clock that blocks, the transport enforces the limit.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    let Some(limit) = limit.filter(|_| !clock.blocks()) else { return Some(future.await) };
    let mut sleep = clock.sleep(limit);
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}
