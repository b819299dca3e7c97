//! Time as the runtime sees it, so that tests can put another in its place.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the runtime takes time, sleep and chance from.
///
/// [`TokioClock`] is what a client uses unless
/// [`ClientBuilder::clock`](crate::ClientBuilder::clock) gives it another.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Time that never goes back, for deadlines.
    fn now(&self) -> Instant;

    /// Time of day, for dates that a server sends.
    fn system_time(&self) -> SystemTime;

    /// A future that is ready when `duration` has passed.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// A number from 0 up to but not including 1, for jitter.
    fn random(&self) -> f64;

    /// Whether [`sleep`](Self::sleep) holds the thread instead of giving way. A sleep then never races with work: limits
    /// of time are the transport's to keep, which [`SendOptions`](crate::transport::SendOptions) tells it.
    fn blocks(&self) -> bool {
        false
    }
}

/// The clock of the machine, sleeping with tokio: its futures need a tokio runtime with the time driver on.
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

/// The future's output, or `None` when `limit` passes first. With a clock that blocks, the limit is the transport's.
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
