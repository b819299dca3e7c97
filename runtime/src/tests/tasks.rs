//! Tests following a task.

use super::*;

fn created() -> Answer {
    Answer::json(202, &json!({"id": "t/1", "tokens": 3}))
}

fn state(name: &str) -> Answer {
    Answer::json(200, &json!({"id": "t/1", "status": name}))
}

fn done() -> Answer {
    Answer::json(200, &json!({"id": "t/1", "status": "completed", "url": "u"}))
}

/// A task whose polls get these responses, and the requests that were sent.
fn started(answers: impl IntoIterator<Item = Answer>) -> (Setup, Task<Picture>) {
    let it = Setup::new(std::iter::once(created()).chain(answers));
    let task = it.send(CreateTask).unwrap();
    (it, task)
}

#[test]
fn a_task_is_its_id() {
    let (it, task) = started([state("processing")]);
    assert_eq!((task.id(), &task.created()["tokens"]), ("t/1", &json!(3)));
    let status = it.clock.run(task.status()).unwrap();
    assert_eq!(status.state, TaskState::Pending);
    assert_eq!((status.state_name(), status.stage(), status.id().as_deref()), ("processing", None, Some("t/1")));
    assert_eq!(it.server.requests()[1].uri(), "https://api.painter.test/paint/t%2F1/status");
    assert_eq!(it.passed(), secs(0));
}

#[test]
fn ids_may_be_numbers_but_must_be_there() {
    let it = Setup::new([Answer::json(202, &json!({"id": 17}))]);
    assert_eq!(it.send(CreateTask).unwrap().id(), "17");
    for (written, id) in
        [("17.0", "17"), ("1.7e1", "17"), ("18446744073709551615", "18446744073709551615"), ("-1", "-1")]
    {
        let it = Setup::new([Answer::new(202, format!("{{\"id\":{written}}}"))]);
        assert_eq!(it.send(CreateTask).unwrap().id(), id, "{written}");
    }
    // Polling with a wrong id would be useless.
    let it = Setup::new([Answer::new(202, "{\"id\":123456789012345678901234567890}")]);
    let error = it.send(CreateTask).unwrap_err();
    assert!(error.is_decode() && error.body_text().contains("678901234567890}"), "{error}");
    for body in [json!({}), json!({"id": null}), json!({"id": ""}), json!([])] {
        let error = Setup::new([Answer::json(202, &body)]).send(CreateTask).unwrap_err();
        assert!(error.is_decode(), "{body}");
        assert_eq!(error.body_json(), Some(body));
    }
}

#[test]
fn a_task_that_fails_immediately_is_reported_immediately() {
    let create = |body: Value| Setup::new([Answer::json(202, &body)]).send(CreateTask);
    let failed = json!({"id": "t/1", "status": "failed", "error": {"message": "no ink", "code": "no_credit"}});
    let error = create(failed).unwrap_err();
    assert!(error.is_task_failed() && error.is_payment_required(), "{error:?}");
    assert_eq!((error.task_id(), error.message(), error.code()), (Some("t/1"), "no ink", Some("no_credit")));
    // Without a state, the error decides. The id is kept, because the task may exist.
    for (body, kind) in [
        (json!({"id": "t/1", "error": {"message": "no ink", "code": "no_credit"}}), StatusKind::PaymentRequired),
        (json!({"id": "t/1", "error": "no ink"}), StatusKind::Server),
        (json!({"id": "t/1", "code": "not_nice", "error": {"message": "no ink"}}), StatusKind::ContentRefused),
    ] {
        let error = create(body).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Api(kind), "no ink"));
        assert_eq!(error.task_id(), Some("t/1"));
    }
    // A task that continues is returned.
    for body in [
        json!({"id": "t/1", "status": "queued", "error": "no ink yet"}),
        json!({"id": "t/1", "error": null}),
        json!({"id": "t/1", "error": ""}),
        json!({"id": "t/1", "error": {"code": 0, "message": "", "details": [null]}}),
        json!({"id": "t/1", "code": "not declared"}),
        json!({"id": "t/1", "error": {}}),
        json!({"id": "t/1", "error": false}),
        json!({"id": "t/1", "code": 200, "message": "created"}),
    ] {
        assert_eq!(create(body.clone()).unwrap_or_else(|it| panic!("{body}: {it}")).id(), "t/1");
    }
}

#[test]
fn a_failed_task_has_the_kind_of_its_code() {
    let failed = json!({"id": "t/1", "status": "failed", "error": {"message": "M", "code": "not_nice"}});
    let (it, task) = started([Answer::json(200, &failed)]);
    let error = it.clock.run(task.wait()).unwrap_err();
    assert!(error.is_task_failed() && error.is_content_refused() && !error.is_transient(), "{error:?}");
    assert_eq!(error.status_kind(), Some(StatusKind::ContentRefused));
    let status = it.clock.run(task.status()).unwrap();
    let TaskState::Failed(failure) = status.state else { panic!("{status:?}") };
    assert_eq!((failure.kind, failure.code.as_deref()), (Some(StatusKind::ContentRefused), Some("not_nice")));
    let failed = json!({"id": "t/1", "status": "failed", "error": {"message": "M", "code": "what"}});
    let (it, task) = started([Answer::json(200, &failed)]);
    assert_eq!(it.clock.run(task.wait()).unwrap_err().status_kind(), None);
}

#[test]
fn an_error_instead_of_a_status_is_reported() {
    // A temporary error does not end the wait, as if a status said it.
    let (it, task) = started([coded(200, "overloaded"), coded(200, "what"), done()]);
    assert_eq!(it.clock.run(task.wait()).unwrap().url, "u");
    assert_eq!(it.server.count(), 4);
    // A permanent error ends the wait.
    let (it, task) = started([coded(200, "no_credit"), done()]);
    let error = it.clock.run(task.wait()).unwrap_err();
    assert!(error.is_payment_required() && !error.is_task_failed(), "{error:?}");
    assert_eq!((error.task_id(), error.code(), it.server.count()), (Some("t/1"), Some("no_credit"), 2));
    let (it, task) = started([coded(200, "no_credit")]);
    assert!(it.clock.run(task.status()).unwrap_err().is_payment_required());
    // A completed task without its result.
    let spoiled = json!({"id": "t/1", "status": "completed", "error": {"message": "M", "code": "not_nice"}});
    let (it, task) = started([Answer::json(200, &spoiled)]);
    assert!(it.clock.run(task.wait()).unwrap_err().is_content_refused());
    assert!(it.clock.run(task.wait_with_progress(|_| {})).unwrap_err().is_content_refused());
}

#[test]
fn waiting_polls_until_the_task_is_completed() {
    let (it, task) = started([state("processing"), state("queued, new word"), done()]);
    let answer = it.clock.run(task.wait()).unwrap();
    assert_eq!(answer.url, "u");
    assert_eq!(answer.raw()["status"], "completed");
    assert_eq!(it.server.count(), 4);
    // Each pause is a tenth longer, and the jitter adds another tenth.
    assert_eq!(it.passed().as_millis(), 5_500 + 6_050 + 6_655);
}

#[test]
fn a_resumed_task_is_polled_immediately() {
    let it = Setup::new([done()]);
    let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
    assert_eq!(it.clock.run(task.wait()).unwrap().url, "u");
    assert_eq!((it.passed(), task.created()), (secs(0), &Value::Null));
}

#[test]
fn a_failure_has_the_servers_message() {
    for (error, message, code) in [
        (json!("no ink"), "no ink", None),
        (json!({"message": "no ink", "code": "INK"}), "no ink", Some("INK")),
        (json!({"code": 5}), r#"{"code":5}"#, Some("5")),
        (json!(null), "the server gives no reason", None),
        (json!(["x"]), r#"["x"]"#, None),
    ] {
        for state in ["failed", "error"] {
            let body = json!({"id": "t/1", "status": state, "error": error});
            let (it, task) = started([Answer::json(200, &body).header("x-request-id", "r-2")]);
            let error = it.clock.run(task.wait()).unwrap_err();
            assert!(error.is_task_failed());
            assert_eq!((error.task_id(), error.request_id()), (Some("t/1"), Some("r-2")));
            assert_eq!((error.message(), error.code()), (message, code), "{body}");
            assert_eq!(error.body_json(), Some(body));
        }
    }
    let (it, task) = started([Answer::json(200, &json!({"status": "failed", "error": "no ink"}))]);
    let error = it.clock.run(task.wait()).unwrap_err();
    assert_eq!(error.to_string(), "`paint.status`: task failed: no ink (task t/1)");
    let status = it.clock.run(task.status()).unwrap();
    assert!(matches!(&status.state, TaskState::Failed(it) if it.to_string() == "no ink"));
    assert!(status.is_finished() && status.into_result().unwrap_err().is_task_failed());
}

#[test]
fn a_wait_that_ends_at_the_deadline_keeps_the_id() {
    let (it, task) = started([state("processing")]);
    let error = it.clock.run(task.wait()).unwrap_err();
    assert!(error.is_wait_deadline() && !error.is_timeout());
    assert_eq!(error.task_id(), Some("t/1"));
    assert_eq!(it.passed(), secs(60));
    assert_eq!(error.to_string(), "`paint.status`: task not finished in time: still `processing` after 60s (task t/1)");
}

#[test]
fn the_polling_interval_can_be_changed() {
    let (it, task) = started([state("processing")]);
    it.clock.set_random(0.5);
    let rhythm = WaitOptions::new().interval(secs(1)).max_interval(secs(1)).deadline(secs(10));
    it.clock.run(task.wait_with(rhythm)).unwrap_err();
    assert_eq!((it.passed(), it.server.count()), (secs(10), 11));
    // The last poll is at the deadline.
    let (it, task) = started([done()]);
    let rhythm = WaitOptions::new().interval(secs(100)).deadline(secs(10));
    assert_eq!(it.clock.run(task.wait_with(rhythm)).unwrap().url, "u");
    assert_eq!(it.passed(), secs(10));
}

#[test]
fn an_interval_of_zero_still_pauses() {
    let (it, task) = started([state("processing")]);
    let rhythm = WaitOptions::new().interval(Duration::ZERO).deadline(Duration::from_millis(20));
    it.clock.run(task.wait_with(rhythm)).unwrap_err();
    assert!(it.server.count() < 30, "{}", it.server.count());
}

#[test]
fn very_long_intervals_do_not_overflow() {
    for rhythm in [
        WaitOptions::new().interval(Duration::MAX),
        WaitOptions::new().interval(Duration::MAX).max_interval(secs(1)).deadline(Duration::MAX),
        WaitOptions::new().max_interval(Duration::MAX),
    ] {
        let (it, task) = started([done()]);
        assert_eq!(it.clock.run(task.wait_with(rhythm)).unwrap().url, "u", "{rhythm:?}");
    }
}

#[test]
fn temporary_failures_do_not_end_the_wait() {
    let fault = Answer::fault(TransportErrorKind::Broken);
    let answers = [Answer::new(500, ""), Answer::new(502, ""), fault, Answer::new(503, ""), Answer::never(), done()];
    let it =
        Setup::with(std::iter::once(created()).chain(answers), |it| it.retry(RetryPolicy::none()).timeout(secs(1)));
    let task = it.send(CreateTask).unwrap();
    assert_eq!(it.clock.run(task.wait()).unwrap().url, "u");
    assert_eq!(it.server.count(), 7);

    let (it, task) = started([Answer::new(500, "")]);
    let error = it.clock.run(task.wait()).unwrap_err();
    assert!(error.is_wait_deadline());
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("server error"));
    assert_eq!(
        error.to_string(),
        "`paint.status`: task not finished in time: no state after 60s; the last poll failed: server error: Internal \
         Server Error (status 500) (task t/1)"
    );
}

#[test]
fn retry_after_sets_the_next_poll() {
    let it =
        Setup::with([Answer::new(429, "").header("retry-after", "20"), done()], |it| it.retry(RetryPolicy::none()));
    let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
    it.clock.run(task.wait()).unwrap();
    assert_eq!(it.passed(), secs(20));
}

#[test]
fn progress_tells_changes() {
    let painting = |stage: &str| Answer::json(200, &json!({"status": "processing", "stage": stage}));
    let answers = [painting("sketch"), painting("sketch"), Answer::new(500, ""), painting("ink"), done(), done()];
    let (it, task) = started(answers);
    let mut progress = task.progress();
    let mut seen = Vec::new();
    it.clock.run(async {
        while let Some(status) = progress.next().await {
            let status = status.unwrap();
            seen.push((status.state_name().to_owned(), status.stage().unwrap_or("-").to_owned(), status.is_finished()));
        }
    });
    let expected = [("processing", "sketch", false), ("processing", "ink", false), ("completed", "-", true)];
    assert_eq!(seen, expected.map(|it| (it.0.to_owned(), it.1.to_owned(), it.2)));
    assert!(it.clock.run(progress.next()).is_none());
}

#[test]
fn waiting_can_report_progress() {
    let painting = |stage: &str| Answer::json(200, &json!({"status": "processing", "stage": stage}));
    let (it, task) = started([painting("sketch"), painting("sketch"), painting("ink"), done()]);
    let mut seen = Vec::new();
    let answer = it.clock.run(task.wait_with_progress(|it| seen.push(it.stage().unwrap_or("-").to_owned()))).unwrap();
    assert_eq!((seen, answer.url.as_str()), (["sketch", "ink", "-"].map(str::to_owned).to_vec(), "u"));
    assert_eq!(answer.raw()["status"], "completed");

    let (it, task) = started([Answer::json(200, &json!({"status": "failed", "error": "no ink"}))]);
    let mut failed = false;
    let error = it.clock.run(task.wait_with_progress(|it| failed = matches!(it.state, TaskState::Failed(_))));
    let error = error.unwrap_err();
    assert!(failed && error.is_task_failed() && error.status().is_some());
    assert_eq!(error.to_string(), "`paint.status`: task failed: no ink (task t/1)");
}

#[test]
fn progress_ends_with_an_error() {
    let (it, task) = started([state("processing"), Answer::new(401, "")]);
    let mut progress = task.progress();
    assert!(it.clock.run(progress.next()).unwrap().is_ok());
    assert!(it.clock.run(progress.next()).unwrap().unwrap_err().is_authentication());
    assert!(it.clock.run(progress.next()).is_none());
}

#[test]
fn callbacks_are_status_bodies() {
    let status = TaskStatus::<Picture>::from_slice(&TASK, br#"{"id":"9","status":"completed","url":"u"}"#).unwrap();
    assert_eq!((status.id().as_deref(), status.raw()["url"].as_str()), (Some("9"), Some("u")));
    assert_eq!(status.into_result().unwrap().unwrap().url, "u");
    let error = TaskStatus::<Picture>::from_value(&TASK, json!({"id": "9", "status": "completed"})).unwrap_err();
    assert_eq!((error.task_id(), error.decode().unwrap().at.as_str()), (Some("9"), "/url"));
    assert!(TaskStatus::<Picture>::from_slice(&TASK, b"\xff").unwrap_err().is_decode());
}
