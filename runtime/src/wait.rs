//! Polling a task until it is finished.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::Semaphore;

use crate::call::CallOptions;
use crate::task::{Phase, failed, failure, phase};
use crate::{Client, Error, ErrorKind, Parts, RawResponse, Result, TaskFailure, TaskSpec, Violations};

/// The rhythm of waiting for a task. What is not set is as the API says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WaitOptions {
    interval: Option<Duration>,
    max_interval: Option<Duration>,
    deadline: Option<Duration>,
}

impl WaitOptions {
    /// As the API says.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The time between the first polls. It grows by a tenth with every poll.
    #[must_use]
    pub fn interval(mut self, time: Duration) -> Self {
        self.interval = Some(time);
        self
    }

    /// The time between polls that growth stops at. The default is three times the interval.
    #[must_use]
    pub fn max_interval(mut self, time: Duration) -> Self {
        self.max_interval = Some(time);
        self
    }

    /// The longest to wait, from now. When it has passed the task is asked for one last time.
    #[must_use]
    pub fn deadline(mut self, time: Duration) -> Self {
        self.deadline = Some(time);
        self
    }
}

/// What the last poll may take beyond the deadline.
const GRACE: Duration = Duration::from_secs(10);

/// The shortest time between polls.
const SHORTEST: Duration = Duration::from_millis(1);

/// Longer than anybody waits, and far from what overflows a clock.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

/// A status body, and the answer that it came with.
#[derive(Debug)]
pub(crate) struct Polled {
    pub(crate) raw: RawResponse,
    pub(crate) value: Value,
}

/// Asks for a task's status once, with the retries of any read.
pub(crate) async fn ask(client: &Client, spec: &'static TaskSpec, id: &str, limit: Option<Duration>) -> Result<Polled> {
    let mut parts = Parts::default();
    parts.path(spec.path.0);
    parts.path_value(id);
    parts.path(spec.path.1);
    // The shorter of both: the caller's deadline must not lengthen what the client allows.
    let total_timeout = limit.map(|it| client.shared.limits.total_timeout.map_or(it, |own| own.min(it)));
    let options = CallOptions { total_timeout, ..CallOptions::default() };
    let asked = async {
        let mut raw = client.execute(spec.status, parts, Violations::default(), Some(Box::new(options))).await?;
        let value = raw.take_json()?;
        Ok(Polled { raw, value })
    };
    // The server chose the id.
    asked.await.map_err(|error: Error| error.without(&client.shared.secrets).with_task(id))
}

/// The error of a failed task, with the answer that told it.
pub(crate) fn ended_in(why: TaskFailure, raw: RawResponse, spec: &'static TaskSpec, id: &str) -> Error {
    let mut error = failed(spec, id, why, &raw.meta.secrets);
    let inner = error.inner_mut();
    inner.status = Some(raw.meta.status);
    let mut head = raw.meta.error(ErrorKind::TaskFailed, "");
    inner.request_id = head.inner_mut().request_id.take();
    inner.headers = head.inner_mut().headers.take();
    inner.body = Some(raw.body);
    error
}

/// The state of waiting. Not generic: results are read by whoever asked for them.
#[derive(Debug)]
pub(crate) struct Poller {
    client: Client,
    spec: &'static TaskSpec,
    id: String,
    delay: Duration,
    max_delay: Duration,
    limit: Duration,
    /// Set by the first poll, so that time before it does not count.
    deadline: Option<Instant>,
    /// Whether the next poll comes at once.
    at_once: bool,
    over: bool,
    last: Value,
    last_error: Option<Error>,
    /// What bounds the polls of many tasks at the same moment.
    gate: Option<Arc<Semaphore>>,
}

impl Poller {
    pub(crate) fn new(client: Client, spec: &'static TaskSpec, id: String, options: WaitOptions, fresh: bool) -> Self {
        // Without any pause a stuck task would be hammered.
        let interval = options.interval.unwrap_or(Duration::from_millis(spec.interval_ms)).clamp(SHORTEST, LONGEST);
        Self {
            client,
            spec,
            id,
            delay: interval,
            max_delay: options.max_interval.unwrap_or(interval.saturating_mul(3)).clamp(interval, LONGEST),
            limit: options.deadline.unwrap_or(Duration::from_millis(spec.deadline_ms)),
            deadline: None,
            at_once: !fresh,
            over: false,
            last: Value::Null,
            last_error: None,
            gate: None,
        }
    }

    /// Asks only with a permit of this gate.
    pub(crate) fn behind(self, gate: Arc<Semaphore>) -> Self {
        Self { gate: Some(gate), ..self }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The completed status; failure and deadline are errors.
    pub(crate) async fn finish(&mut self) -> Result<Polled> {
        loop {
            let polled = self.next().await?;
            match phase(self.spec, &polled.value) {
                Ok(Phase::Pending) => self.last = polled.value,
                Ok(Phase::Completed) => return Ok(polled),
                Ok(Phase::Failed) => {
                    return Err(ended_in(
                        failure(self.spec, &polled.value, &polled.raw.meta.secrets),
                        polled.raw,
                        self.spec,
                        &self.id,
                    ));
                }
                Err(error) => return Err(polled.raw.not_decoded(error).with_task(&self.id)),
            }
        }
    }

    /// The next status that differs from the one before.
    pub(crate) async fn next_change(&mut self) -> Result<Polled> {
        loop {
            let polled = self.next().await?;
            if polled.value != self.last {
                self.last = polled.value.clone();
                return Ok(polled);
            }
        }
    }

    /// The next status, after the pause that is due. Failures that may pass are waited out.
    async fn next(&mut self) -> Result<Polled> {
        self.client.shared.may_be_polled().map_err(|it| it.of(self.spec.status))?;
        let clock = self.client.shared.clock.clone();
        let mut asked_to_wait = Duration::ZERO;
        if self.deadline.is_none() {
            // A limit beyond what the clock can say is none in practice.
            self.deadline = clock.now().checked_add(self.limit.min(LONGEST));
        }
        loop {
            if self.over {
                return Err(self.gave_up());
            }
            let remaining = self.deadline.map_or(Duration::MAX, |it| it.saturating_duration_since(clock.now()));
            if !std::mem::take(&mut self.at_once) {
                let jitter = 0.9 + 0.2 * clock.random().clamp(0.0, 1.0);
                let pause = self.delay.min(self.max_delay).mul_f64(jitter).max(asked_to_wait);
                self.delay = self.delay.mul_f64(1.1).min(self.max_delay);
                self.over = pause >= remaining;
                clock.sleep(pause.min(remaining)).await;
            }
            // Nobody closes the gate, so there is always a permit to come.
            let permit = match &self.gate {
                Some(gate) => gate.acquire().await.ok(),
                None => None,
            };
            let remaining = self.deadline.map_or(Duration::MAX, |it| it.saturating_duration_since(clock.now()));
            let asked = ask(&self.client, self.spec, &self.id, Some(remaining.max(GRACE))).await;
            drop(permit);
            match asked {
                Ok(polled) => {
                    self.last_error = None;
                    return Ok(polled);
                }
                Err(error) if error.is_transient() => {
                    asked_to_wait = error.retry_after().unwrap_or_default();
                    self.last_error = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn gave_up(&mut self) -> Error {
        let state = self.last.get(self.spec.state).and_then(Value::as_str);
        let secrets = &self.client.shared.secrets;
        let words = match state {
            Some(state) => format!("still `{}` after {:?}", secrets.redactor().line(state, 40), self.limit),
            None => format!("no state after {:?}", self.limit),
        };
        let mut error =
            Error::new(ErrorKind::WaitDeadline, words).of(self.spec.status).without(secrets).with_task(&self.id);
        if !self.last.is_null() {
            error.inner_mut().body = Some(self.last.to_string().into());
        }
        match self.last_error.take() {
            Some(last) => error.because(last),
            None => error,
        }
    }
}
