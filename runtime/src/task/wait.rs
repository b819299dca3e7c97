//! Polling a task until it is finished.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::body::{Phase, field_of, phase, state_name};
use super::failure::{TaskFailure, failed, failure};
use super::group::WaitGroup;
use super::path::{self, Within};
use super::status::TaskStatus;
use crate::byte_scan::equal_ignore_case;
use crate::call::execute::{WrittenRequest, execute};
use crate::call::judge::Judgement;
use crate::clock::within;
use crate::json::{number_as_id, text_of};
use crate::rate_limit::retry_after;
use crate::{
    CallOptions, Client, Decode, DecodeError, Error, ErrorKind, RawResponse, Result, StatusKind, TaskSpec, status,
};

/// Options of waiting for a task. The defaults are those of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WaitOptions {
    interval: Option<Duration>,
    max_interval: Option<Duration>,
    deadline: Option<Duration>,
}

impl WaitOptions {
    /// The API's defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time between the first polls. It grows by a tenth with every poll.
    #[must_use]
    pub fn interval(mut self, time: Duration) -> Self {
        self.interval = Some(time);
        self
    }

    /// Sets the longest time between polls. The default is three times the interval.
    #[must_use]
    pub fn max_interval(mut self, time: Duration) -> Self {
        self.max_interval = Some(time);
        self
    }

    /// Sets the longest wait, from the moment that waiting starts.
    ///
    /// At the deadline the task is polled one last time. Waiting ends at most one second later, whatever the server
    /// does. A single poll may take a quarter of the deadline, but at least one second and at most 30 seconds.
    #[must_use]
    pub fn deadline(mut self, time: Duration) -> Self {
        self.deadline = Some(time);
        self
    }
}

/// How long the last poll may take after the deadline: a second, minus the time to notify many tasks.
const GRACE: Duration = Duration::from_millis(900);

/// The bounds of one poll's timeout, which is a quarter of the deadline otherwise. A server that hangs must leave time
/// for other polls, of this task and of those that wait for the same gate.
const POLL_AT_LEAST: Duration = Duration::from_secs(1);
const POLL_AT_MOST: Duration = Duration::from_secs(30);

/// A server may not find a new task at first, and may lose it for a moment. For this long after the creation or the
/// last status, and for so many polls, "not found" does not end the wait.
const UNKNOWN_FOR: Duration = Duration::from_secs(30);
const UNKNOWN_POLLS: u32 = 3;

/// The shortest time between polls.
const SHORTEST: Duration = Duration::from_millis(1);

/// Longer than any wait, and far below what overflows a clock.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

/// A status body, and its response.
#[derive(Debug)]
pub(super) struct Polled {
    pub(super) raw: RawResponse,
    pub(super) value: Value,
}

/// Why a poll returned no status.
struct FailedPoll {
    error: Error,
    /// Whether the next poll may return one.
    passes: bool,
}

/// Polls a task's status once. Without a limit it has the retries of any read. With a limit there are none, since the
/// caller polls again.
pub(super) async fn ask(
    client: &Client,
    spec: &'static TaskSpec,
    (id, within): (&str, &Within),
    limit: Option<Duration>,
) -> Result<Polled> {
    // The shorter of both: the caller's deadline must not lengthen what the client allows.
    let total_timeout = limit.map(|it| client.shared.limits.total_timeout.map_or(it, |own| own.min(it)));
    let mut options = CallOptions { total_timeout, max_retries: limit.map(|_| 0), ..CallOptions::default() };
    let parts = path::status(spec, id, within, &mut options);
    let asked = async {
        let request = WrittenRequest { operation: &spec.status, parts, judgement: Judgement::without_rules() };
        let mut raw = execute(client, request, Some(Box::new(options))).await?;
        let value = raw.take_json()?;
        Ok(Polled { raw, value })
    };
    // The server chose the id.
    asked.await.map_err(|error: Error| error.without(&client.shared.secrets_now()).with_task(id))
}

/// The error for a response that is not a status: the API's own error, if the response has one.
pub(super) fn unread(client: &Client, raw: RawResponse, error: DecodeError, id: &str) -> Error {
    status::api_error_in_body(&*client.shared.clock, raw.not_decoded(error)).with_task(id)
}

/// The error of a failed task, with its response.
pub(super) fn ended_in(why: TaskFailure, raw: RawResponse, spec: &'static TaskSpec, id: &str) -> Error {
    let mut error = failed(spec, id, why, &raw.meta.secrets);
    let inner = error.inner_mut();
    inner.status = Some(raw.meta.status);
    let mut head = raw.meta.error(ErrorKind::TaskFailed, "");
    inner.request_id = head.inner_mut().request_id.take();
    inner.headers = head.inner_mut().headers.take();
    inner.body = Some(raw.body);
    error
}

/// The public result of one poll.
pub(super) fn decode_status<R: Decode>(
    client: &Client,
    spec: &'static TaskSpec,
    polled: Polled,
    id: &str,
) -> Result<TaskStatus<R>> {
    if let Some(error) = of_another_task(spec, &polled, id) {
        return Err(error);
    }
    let Polled { raw, value } = polled;
    match TaskStatus::read(spec, &value, &raw.meta.secrets) {
        Ok(state) => Ok(TaskStatus::new(state, spec, value, raw.meta.secrets)),
        Err(error) => Err(unread(client, raw, error, id)),
    }
}

/// The error for the status of another task.
fn of_another_task(spec: &TaskSpec, polled: &Polled, id: &str) -> Option<Error> {
    let found = match field_of(&polled.value, spec.status_id?)? {
        Value::String(text) => text.clone(),
        // The digits of this number are lost, so it cannot be compared.
        number => number_as_id(number)?,
    };
    // UUIDs are compared without case.
    if found.is_empty() || equal_ignore_case(&found, id) {
        return None;
    }
    let message = format!("the status is that of the task `{}`", polled.raw.meta.secrets.redactor().line(&found, 100));
    let mut error = polled.raw.meta.error(ErrorKind::Decode, message).with_task(id);
    error.inner_mut().body = Some(polled.raw.body.clone());
    Some(error)
}

/// The state of a wait. It is not generic: the caller reads the results.
#[derive(Debug)]
pub(super) struct Poller {
    client: Client,
    spec: &'static TaskSpec,
    id: String,
    /// The other values in the path of its status.
    within: Within,
    /// When the server last knew the task: when it reported its state, or when this program created it.
    known: Option<Instant>,
    /// How many polls since then returned "not found".
    unknown: u32,
    delay: Duration,
    max_delay: Duration,
    limit: Duration,
    /// Set by the first poll, so that time before it does not count.
    deadline: Option<Instant>,
    /// Whether the next poll comes at once.
    at_once: bool,
    /// How long the server asked to wait before the next poll.
    asked_to_wait: Duration,
    over: bool,
    /// Whether there was no time left for a last poll.
    held_up: bool,
    last: Value,
    last_error: Option<Error>,
    /// The tasks that are waited for together with this one.
    group: Option<Arc<WaitGroup>>,
}

impl Poller {
    /// `created` is the moment at which this program created the task, if it did.
    pub(super) fn new(
        client: Client,
        spec: &'static TaskSpec,
        (id, within): (String, Within),
        options: WaitOptions,
        created: Option<Instant>,
    ) -> Self {
        // Without a pause, a stuck task would be polled constantly.
        let interval = options.interval.unwrap_or(Duration::from_millis(spec.interval_ms)).clamp(SHORTEST, LONGEST);
        Self {
            client,
            spec,
            id,
            within,
            known: created,
            unknown: 0,
            delay: interval,
            max_delay: options.max_interval.unwrap_or(interval.saturating_mul(3)).clamp(interval, LONGEST),
            limit: options.deadline.unwrap_or(Duration::from_millis(spec.deadline_ms)),
            deadline: None,
            at_once: created.is_none(),
            asked_to_wait: Duration::ZERO,
            over: false,
            held_up: false,
            last: Value::Null,
            last_error: None,
            group: None,
        }
    }

    /// The server asked to wait this long before the first poll.
    pub(super) fn asked_to_wait(mut self, time: Option<Duration>) -> Self {
        self.asked_to_wait = self.at_most_allowed(time);
        self
    }

    /// A longer time than the policy allows would end the wait, so it is limited to that.
    fn at_most_allowed(&self, asked: Option<Duration>) -> Duration {
        asked.unwrap_or_default().min(self.client.shared.limits.retry.max_wait)
    }

    /// Waits as one of a group: it polls only with a permit of the group's gate.
    pub(super) fn in_group(self, group: Arc<WaitGroup>) -> Self {
        Self { group: Some(group), ..self }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The time left until the wait must end.
    pub(super) fn left(&mut self) -> Duration {
        let end = self.deadline() + GRACE;
        end.saturating_duration_since(self.client.shared.clock.now())
    }

    /// The completed status; failure and deadline are errors.
    pub(super) async fn finish(&mut self) -> Result<Polled> {
        loop {
            let (polled, phase) = self.next().await?;
            match phase {
                Phase::Pending => self.last = polled.value,
                Phase::Completed => return Ok(polled),
                Phase::Failed => {
                    let why = failure(self.spec, &polled.value, &polled.raw.meta.secrets);
                    return Err(ended_in(why, polled.raw, self.spec, &self.id));
                }
            }
        }
    }

    /// The next status that differs from the one before.
    pub(super) async fn next_change(&mut self) -> Result<Polled> {
        loop {
            let (polled, _) = self.next().await?;
            if polled.value != self.last {
                self.last = polled.value.clone();
                return Ok(polled);
            }
        }
    }

    /// The next status, after the pause that is due. Temporary failures do not end the wait.
    async fn next(&mut self) -> Result<(Polled, Phase)> {
        self.client.shared.may_be_polled().map_err(|it| it.of(&self.spec.status))?;
        let clock = self.client.shared.clock.clone();
        let deadline = self.deadline();
        loop {
            if self.over {
                return Err(self.deadline_error());
            }
            let remaining = deadline.saturating_duration_since(clock.now());
            let pause = if std::mem::take(&mut self.at_once) {
                Duration::ZERO
            } else {
                let jitter = 0.9 + 0.2 * clock.random().clamp(0.0, 1.0);
                let asked = std::mem::take(&mut self.asked_to_wait);
                let pause = self.delay.min(self.max_delay).mul_f64(jitter).max(asked);
                self.delay = self.delay.mul_f64(1.1).min(self.max_delay);
                pause
            };
            self.over = pause >= remaining;
            self.sleep(pause.min(remaining)).await;
            let looked = self.poll_once().await;
            // A poll that ended after the deadline was the last one.
            self.over |= clock.now() >= deadline;
            match looked {
                Some(Ok(status)) => {
                    let asked = retry_after(&status.0.raw.meta.headers, clock.system_time());
                    self.asked_to_wait = self.at_most_allowed(asked);
                    self.last_error = None;
                    (self.known, self.unknown) = (Some(clock.now()), 0);
                    return Ok(status);
                }
                Some(Err(missed)) if missed.passes => {
                    self.asked_to_wait = self.at_most_allowed(missed.error.retry_after());
                    self.last_error = Some(missed.error);
                }
                Some(Err(missed)) => return Err(missed.error),
                None => {
                    self.over = true;
                    self.held_up = true;
                }
            }
        }
    }

    /// When the last poll is due.
    fn deadline(&mut self) -> Instant {
        let now = self.client.shared.clock.now();
        *self.deadline.get_or_insert_with(|| {
            let begun = self.group.as_ref().map_or(now, |it| it.begun(now));
            begun.checked_add(self.limit.min(LONGEST)).unwrap_or(now)
        })
    }

    /// When the wait must end. A caller that did not poll the future for a while still gets the last poll.
    fn end(&mut self) -> Instant {
        let deadline = self.deadline();
        let late = self.client.shared.clock.now().saturating_duration_since(deadline);
        let excused = self.group.as_ref().map_or(late, |it| it.away());
        deadline + late.min(excused) + GRACE
    }

    async fn sleep(&self, time: Duration) {
        let clock = &self.client.shared.clock;
        match &self.group {
            Some(group) if clock.blocks() => group.sleep(clock, time).await,
            _ if time.is_zero() => {}
            _ => clock.sleep(time).await,
        }
    }

    /// Polls once, with a permit of the gate if there is one. Returns `None` if there is no time left.
    async fn poll_once(&mut self) -> Option<Result<(Polled, Phase), FailedPoll>> {
        let end = self.end();
        let clock = self.client.shared.clock.clone();
        let left = || end.saturating_duration_since(clock.now());
        let permit = match &self.group {
            Some(group) => match group.gate.try_acquire() {
                Ok(permit) => Some(permit),
                // The gate is never closed, so there will always be a permit.
                Err(_) => within(&*clock, Some(left()), Box::pin(group.gate.acquire())).await?.ok(),
            },
            None => None,
        };
        let limit = left().min((self.limit / 4).clamp(POLL_AT_LEAST, POLL_AT_MOST));
        if limit.is_zero() {
            return None;
        }
        let asked = ask(&self.client, self.spec, (&self.id, &self.within), Some(limit)).await;
        drop(permit);
        Some(match asked {
            Ok(polled) => self.check_task_id(polled),
            Err(error) => Err(self.missed(error)),
        })
    }

    /// Whether a response is a status of this task.
    fn check_task_id(&mut self, polled: Polled) -> Result<(Polled, Phase), FailedPoll> {
        if let Some(error) = of_another_task(self.spec, &polled, &self.id) {
            return Err(FailedPoll { error, passes: false });
        }
        match phase(self.spec, &polled.value) {
            Ok(phase) => Ok((polled, phase)),
            Err(error) => {
                let error = unread(&self.client, polled.raw, error, &self.id);
                Err(self.missed(error))
            }
        }
    }

    /// Whether the same poll may succeed after this error.
    fn missed(&mut self, error: Error) -> FailedPoll {
        let status = error.status().map_or(0, |it| it.as_u16());
        let passes = match error.kind() {
            // A proxy's page, an empty body or half a body is not a status and says nothing about the task.
            ErrorKind::Decode => true,
            // A permanent redirect will not change.
            ErrorKind::UnexpectedStatus => !matches!(status, 301 | 308),
            ErrorKind::Api(StatusKind::NotFound) => status != 410 && self.may_be_unknown(),
            ErrorKind::Api(StatusKind::Conflict) => true,
            // A page comes from something in front of the API; its authentication errors may be temporary.
            ErrorKind::Api(StatusKind::PermissionDenied) => error.body_text().trim_start().starts_with('<'),
            // Misdirected, locked, too early, or abandoned by a gateway.
            ErrorKind::Api(StatusKind::InvalidRequest) => matches!(status, 421 | 423 | 425 | 499),
            _ => error.is_transient(),
        };
        FailedPoll { error, passes }
    }

    /// Whether the server may not know the task yet, or may have lost it for the moment.
    fn may_be_unknown(&mut self) -> bool {
        self.unknown = self.unknown.saturating_add(1);
        let now = self.client.shared.clock.now();
        let fresh = |known| now.saturating_duration_since(known) < UNKNOWN_FOR || self.unknown <= UNKNOWN_POLLS;
        self.known.is_some_and(fresh)
    }

    fn deadline_error(&mut self) -> Error {
        let state = state_name(self.spec, &self.last);
        let secrets = &self.client.shared.secrets_now();
        let mut words = match state {
            Some(state) => format!("still `{}` after {:?}", secrets.redactor().line(state, 40), self.limit),
            None => format!("no state after {:?}", self.limit),
        };
        if let Some(last) = &mut self.last_error {
            words.push_str("; the last poll failed: ");
            words.push_str(&sentence_of(last));
        }
        if self.held_up {
            words.push_str("; at the deadline, the number of other polls in flight was at its limit");
        }
        let mut error =
            Error::new(ErrorKind::WaitDeadline, words).of(&self.spec.status).without(secrets).with_task(&self.id);
        if !self.last.is_null() {
            error.inner_mut().body = Some(text_of(&self.last).into());
        }
        match self.last_error.take() {
            Some(last) => error.because(last),
            None => error,
        }
    }
}

/// An error's message without the operation and the task, which the outer error names.
fn sentence_of(error: &mut Error) -> String {
    let inner = error.inner_mut();
    let (operation, task_id) = (inner.operation.take(), inner.task_id.take());
    let words = error.to_string();
    let inner = error.inner_mut();
    (inner.operation, inner.task_id) = (operation, task_id);
    words
}
