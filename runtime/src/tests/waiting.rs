//! Tests what ends the wait for a task. Temporary failures do not, because the task is paid for.

use std::error::Error as _;

use super::*;
use crate::transport::TransportErrorKind;
use crate::{BoxFuture, wait_each};

/// The same rules apply to every way to wait.
type Way = fn(Task<Picture>) -> BoxFuture<'static, Result<String>>;

pub(super) const WAYS: [(&str, Way); 4] = [
    ("wait", |task| Box::pin(async move { Ok(task.wait().await?.url.clone()) })),
    ("wait_with_progress", |task| Box::pin(async move { Ok(task.wait_with_progress(|_| {}).await?.url.clone()) })),
    ("progress", |task| {
        Box::pin(async move {
            let mut progress = task.progress();
            while let Some(status) = progress.next().await {
                if let Some(picture) = status?.into_result()? {
                    return Ok(picture.url);
                }
            }
            panic!("progress ends with a result or an error")
        })
    }),
    ("wait_each", |task| {
        Box::pin(async move { Ok(wait_each([task], 1).next().await.expect("a result").1?.url.clone()) })
    }),
];

fn status(body: &Value) -> Answer {
    Answer::json(200, body)
}

fn done() -> Answer {
    status(&json!({"id": "t/1", "status": "completed", "url": "u"}))
}

/// A task, created now or resumed, whose polls get these responses.
fn task(fresh: bool, answers: impl IntoIterator<Item = Answer>) -> (Setup, Task<Picture>) {
    let created = fresh.then(|| Answer::json(202, &json!({"id": "t/1"})));
    let it = Setup::new(created.into_iter().chain(answers));
    let task = if fresh { it.send(CreateTask).unwrap() } else { Task::resume(&it.client, &TASK, "t/1") };
    (it, task)
}

/// A response that does not end the wait: the task is found completed after it. If nothing else comes, the error at the
/// deadline mentions it.
#[track_caller]
fn passes(answer: &Answer, told: &str) {
    for (way, wait) in WAYS {
        for fresh in [true, false] {
            let (it, task) = self::task(fresh, [answer.clone(), answer.clone(), answer.clone(), done()]);
            let result = it.clock.run(wait(task));
            assert_eq!(result.unwrap(), "u", "{way}, {fresh}: {answer:?}");
            assert_eq!(it.server.count(), 4 + usize::from(fresh), "one request is one poll");

            let (it, task) = self::task(fresh, [answer.clone()]);
            let error = it.clock.run(wait(task)).unwrap_err();
            assert!(error.is_wait_deadline(), "{way}, {fresh}: {error}");
            assert_eq!(error.task_id(), Some("t/1"));
            assert!(error.message().contains(told), "{way}: {error}");
            assert!(error.source().unwrap().to_string().contains(told), "{way}: {error:?}");
            assert!(it.passed() <= secs(61), "{way}: {:?}", it.passed());
        }
    }
}

/// A response that ends the wait immediately.
#[track_caller]
fn ends(fresh: bool, answer: &Answer, is: fn(&Error) -> bool) {
    for (way, wait) in WAYS {
        let (it, task) = self::task(fresh, [answer.clone()]);
        let error = it.clock.run(wait(task)).unwrap_err();
        assert!(is(&error) && !error.is_wait_deadline(), "{way}, {fresh}, {answer:?}: {error}");
        assert_eq!((error.task_id(), it.server.count()), (Some("t/1"), 1 + usize::from(fresh)), "{way}: {answer:?}");
    }
}

#[test]
fn connection_failures_do_not_end_the_wait() {
    for (kind, told) in [
        (TransportErrorKind::NotSent, "no connection"),
        (TransportErrorKind::Timeout, "timed out"),
        (TransportErrorKind::Broken, "connection broke"),
    ] {
        passes(&Answer::fault(kind), told);
    }
    passes(&done().broken(), "connection broke");
}

#[test]
fn a_hanging_poll_does_not_end_the_wait() {
    for (way, wait) in WAYS {
        let (it, task) = task(true, [Answer::never(), done()]);
        assert_eq!(it.clock.run(wait(task)).unwrap(), "u", "{way}");
        let (it, task) = self::task(true, [Answer::never()]);
        let error = it.clock.run(wait(task)).unwrap_err();
        assert!(error.is_wait_deadline() && error.message().contains("timed out"), "{way}: {error}");
    }
}

#[test]
fn temporary_statuses_do_not_end_the_wait() {
    for status in [408, 409, 421, 423, 425, 429, 499, 500, 501, 502, 503, 504, 520, 529, 302, 303, 307] {
        passes(&Answer::new(status, "busy"), &format!("status {status}"));
    }
    // The API itself would send another form.
    passes(&Answer::new(403, "\n<!doctype html><title>Just a moment</title>"), "status 403");
}

#[test]
fn responses_that_are_not_a_status_do_not_end_the_wait() {
    let html = "<!doctype html><title>Just a moment</title>";
    for answer in [
        Answer::new(200, ""),
        Answer::new(204, ""),
        Answer::new(200, html).header("content-type", "text/html"),
        Answer::new(200, html),
        Answer::json(200, &json!({})).header("x", "y"),
        status(&json!([])),
        status(&json!(null)),
        status(&json!({"id": "t/1"})),
        status(&json!({"id": "t/1", "status": null})),
        status(&json!({"id": "t/1", "status": 5})),
        Answer::new(200, "{\"id\": \"t/1\", \"sta").header("content-type", "application/json"),
        Answer::new(200, "\"completed\""),
    ] {
        passes(&answer, "the response cannot be read");
    }
}

#[test]
fn permanent_failures_end_the_wait() {
    for fresh in [true, false] {
        ends(fresh, &Answer::new(401, ""), Error::is_authentication);
        ends(fresh, &Answer::new(402, ""), Error::is_payment_required);
        ends(fresh, &Answer::new(403, ""), |it| it.kind() == ErrorKind::Api(StatusKind::PermissionDenied));
        for status in [400, 405, 406, 422] {
            ends(fresh, &Answer::new(status, ""), |it| it.kind() == ErrorKind::Api(StatusKind::InvalidRequest));
        }
        ends(fresh, &Answer::new(410, ""), Error::is_not_found);
        ends(fresh, &Answer::new(451, ""), Error::is_content_refused);
        for status in [301, 308] {
            ends(fresh, &Answer::new(status, ""), |it| it.kind() == ErrorKind::UnexpectedStatus);
        }
        ends(fresh, &Answer::fault(TransportErrorKind::Invalid), Error::is_config);
        // The task is completed, but its result cannot be read. That will not change.
        ends(fresh, &status(&json!({"id": "t/1", "status": "completed"})), Error::is_decode);
    }
    ends(false, &Answer::new(404, ""), Error::is_not_found);
}

#[test]
fn a_new_task_may_be_unknown_for_a_while() {
    let unknown = Answer::json(404, &json!({"error": "no such task"}));
    // Polls at 5.5, 11.6, 18.2 and 25.5 seconds; the next one comes after 30.
    let seen = |unknowns: usize, fresh| {
        let answers = std::iter::repeat_n(unknown.clone(), unknowns).chain([done()]);
        let (it, task) = task(fresh, answers);
        (it.clock.run(task.wait()), it.server.count())
    };
    assert_eq!(seen(4, true).0.unwrap().url, "u");
    let (result, count) = seen(5, true);
    let error = result.unwrap_err();
    assert!(error.is_not_found() && error.message() == "no such task", "{error}");
    assert_eq!((error.task_id(), count), (Some("t/1"), 6));
    assert!(seen(1, false).0.unwrap_err().is_not_found());
}

#[test]
fn a_known_task_may_be_unknown_for_a_while() {
    let seen = || status(&json!({"id": "t/1", "status": "processing"}));
    for unknown in [Answer::new(404, "<html>"), Answer::json(404, &json!({"error": "no such task"}))] {
        let lost = |count| std::iter::repeat_n(unknown.clone(), count);
        // More than once, and long after it was created.
        let answers = [seen(), seen()].into_iter().chain(lost(3)).chain([seen()]).chain(lost(2)).chain([done()]);
        for fresh in [true, false] {
            let (it, task) = task(fresh, answers.clone());
            let rhythm = WaitOptions::new().deadline(secs(600));
            assert_eq!(it.clock.run(task.wait_with(rhythm)).unwrap().url, "u");
        }
        let (it, task) = task(false, [seen()].into_iter().chain(lost(1)));
        let error = it.clock.run(task.wait_with(WaitOptions::new().deadline(secs(600)))).unwrap_err();
        assert!(error.is_not_found() && (secs(30)..secs(45)).contains(&it.passed()), "{:?}: {error}", it.passed());
    }
}

#[test]
fn with_a_long_interval_a_task_may_be_unknown_for_three_polls() {
    let rhythm = WaitOptions::new().interval(secs(40)).max_interval(secs(40)).deadline(secs(1_000));
    let unknown = Answer::new(404, "");
    let (it, task) = task(true, [unknown.clone(), unknown.clone(), unknown.clone(), done()]);
    assert_eq!(it.clock.run(task.wait_with(rhythm)).unwrap().url, "u");
    let (it, task) = self::task(true, [unknown.clone()]);
    assert!(it.clock.run(task.wait_with(rhythm)).unwrap_err().is_not_found());
    assert_eq!(it.server.count(), 1 + 4);
    // The deadline limits this too.
    let (it, task) = self::task(true, [unknown]);
    let error = it.clock.run(task.wait_with(WaitOptions::new().deadline(secs(8)))).unwrap_err();
    assert!(error.is_wait_deadline() && error.message().contains("not found"), "{error}");
    assert_eq!(it.passed(), secs(8));
}

#[test]
fn a_long_retry_after_is_limited() {
    for (after, most, expected) in [
        ("1e9", None, 60),
        ("86400", None, 60),
        ("Thu, 31 Dec 2099 23:59:59 GMT", None, 60),
        ("20", None, 20),
        ("1e9", Some(secs(30)), 30),
    ] {
        let rhythm = WaitOptions::new().deadline(secs(600));
        let clock = VirtualClock::new();
        for status in [429, 503] {
            let server = FakeServer::new([Answer::new(status, "").header("retry-after", after), done()]);
            let policy = most.map_or_else(RetryPolicy::new, |it| RetryPolicy::new().max_wait(it));
            let builder = Client::builder(&API).api_key(KEY).transport(server.clone()).clock(clock.clone());
            let client = builder.retry(policy).build().unwrap();
            let before = clock.passed();
            let task = Task::<Picture>::resume(&client, &TASK, "t/1");
            assert_eq!(clock.run(task.wait_with(rhythm)).unwrap().url, "u");
            assert_eq!((clock.passed() - before, server.count()), (secs(expected), 2), "{after} with {status}");
        }
    }
}

#[test]
fn polls_are_not_retried() {
    // A call retries a read up to two times. A poll is only repeated by the next poll.
    let (it, task) = task(true, [Answer::new(503, ""), Answer::new(500, ""), done()]);
    it.clock.run(task.wait()).unwrap();
    assert_eq!(it.server.count(), 4);
    assert_eq!(it.passed().as_millis(), 5_500 + 6_050 + 6_655);
    // A single poll is a read like any other.
    let (it, task) = self::task(false, [Answer::new(503, ""), Answer::new(500, ""), done()]);
    assert!(it.clock.run(task.status()).unwrap().is_finished());
    assert_eq!(it.server.count(), 3);
}

#[test]
fn another_tasks_status_is_an_error() {
    for id in [json!("t/2"), json!("t/11"), json!(1)] {
        for state in ["completed", "processing", "failed"] {
            let answer = status(&json!({"id": id, "status": state, "url": "u"}));
            ends(true, &answer, |it| it.is_decode() && it.message().contains("the status is that of the task `"));
            ends(false, &answer, |it| it.is_decode() && it.body_json().is_some());
            let (it, task) = task(false, [answer]);
            assert!(it.clock.run(task.status()).unwrap_err().is_decode());
        }
    }
}

/// An API whose status responses have an `id` with another meaning, or none.
static LOOSE: TaskSpec =
    TaskSpec { status_id: None, deadline_ms: 60_000, ..TaskSpec::new(STATUS, ("/paint/", "/status")) };

#[test]
fn only_a_declared_id_is_compared() {
    for (spec, own, found) in [
        (&TASK, "t/1", json!(null)),
        (&TASK, "t/1", json!("")),
        (&TASK, "t/1", json!({"id": "t/2"})),
        (&TASK, "17", json!(17)),
        (&TASK, "17", json!(17.0)),
        (&TASK, "18446744073709551615", json!(u64::MAX)),
        // Its digits are lost, so it cannot be compared.
        (&TASK, "123456789012345678901234567890", json!(1.234_567_890_123_456_8e29)),
        (&TASK, "550e8400-E29B", json!("550E8400-e29b")),
        (&LOOSE, "t/1", json!("the picture's own")),
    ] {
        let body = json!({"id": found, "status": "completed", "url": "u"});
        let it = Setup::new([status(&body)]);
        let task = Task::<Picture>::resume(&it.client, spec, own);
        assert_eq!(it.clock.run(task.wait()).unwrap().url, "u", "{found}");
    }
}
