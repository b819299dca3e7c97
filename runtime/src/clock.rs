//! The runtime's time, which tests can replace.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crate::random;

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
        (random::bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A time as text to the millisecond, such as `30s`, `1.5s` or `50ms`: less code than `Debug` of a [`Duration`].
pub(crate) fn in_words(time: Duration) -> String {
    match (time.as_secs(), time.subsec_millis()) {
        (0, millis) if millis > 0 => format!("{millis}ms"),
        (whole, 0) => format!("{whole}s"),
        (whole, millis) => format!("{whole}.{}s", format!("{millis:03}").trim_end_matches('0')),
    }
}

/// A time of seconds, to the nanosecond. Negative ones are zero. Other than the function of the standard library, it cannot panic,
/// and brings none of its code.
#[inline(never)]
pub(crate) fn seconds(time: f64) -> Duration {
    let whole = time as u64;
    let rest = (time - whole as f64) * 1e9 + 0.5;
    Duration::from_secs(whole).saturating_add(Duration::from_nanos(rest as u64))
}

/// The future's output, or `None` if `limit` passes first. With a clock that blocks, the transport enforces the limit.
pub(crate) fn within<'a, T: 'a>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    mut future: BoxFuture<'a, T>,
) -> impl Future<Output = Option<T>> + Send + use<'a, T> {
    let mut sleep = limit.filter(|_| !clock.blocks()).map(|it| clock.sleep(it));
    poll_fn(move |context| match (future.as_mut().poll(context), &mut sleep) {
        (Poll::Ready(output), _) => Poll::Ready(Some(output)),
        (Poll::Pending, Some(sleep)) => sleep.as_mut().poll(context).map(|()| None),
        (Poll::Pending, None) => Poll::Pending,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::in_words;

    #[test]
    fn times_are_short_texts() {
        for (micros, text) in [
            (0, "0s"),
            (999, "0s"),
            (50_000, "50ms"),
            (2_500, "2ms"),
            (1_000_000, "1s"),
            (1_000_500, "1s"),
            (1_500_000, "1.5s"),
            (90_050_000, "90.05s"),
        ] {
            assert_eq!(in_words(Duration::from_micros(micros)), text);
        }
    }
}
