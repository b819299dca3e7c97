//! Every wait ends at its deadline, plus at most one second, whatever the server does and however many tasks there are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;

use super::*;
use crate::transport::SendOptions;
use crate::{Body, BoxFuture, Clock as _, Transport, TransportError, wait_all, wait_each};

const SECOND: Duration = Duration::from_secs(1);

fn processing() -> Answer {
    Answer::json(200, &json!({"id": "t/1", "status": "processing"}))
}

fn done() -> Answer {
    Answer::json(200, &json!({"id": "t/1", "status": "completed", "url": "u"}))
}

/// Servers with which a task never finishes.
fn never_finished() -> Vec<Answer> {
    let slow = |it: Answer| it.after(secs(20));
    vec![
        Answer::never(),
        slow(processing()),
        slow(Answer::new(503, "")),
        processing(),
        processing().after(Duration::from_millis(700)),
        Answer::new(429, "").header("retry-after", "1e9"),
        Answer::new(500, ""),
        Answer::fault(TransportErrorKind::NotSent),
        Answer::new(200, ""),
    ]
}

#[test]
fn a_wait_ends_at_its_deadline() {
    for answer in never_finished() {
        for deadline in [Duration::ZERO, Duration::from_millis(1), SECOND, secs(60), secs(300)] {
            let rhythm = WaitOptions::new().deadline(deadline);
            for fresh in [true, false] {
                let created = fresh.then(|| Answer::json(202, &json!({"id": "t/1"})));
                let it = Setup::new(created.into_iter().chain([answer.clone()]));
                let task = if fresh { it.send(CreateTask).unwrap() } else { Task::resume(&it.client, &TASK, "t/1") };
                let error = it.clock.run(task.wait_with(rhythm)).unwrap_err();
                let about = format!("{deadline:?}, {fresh}, {answer:?}: {error}");
                assert!(error.is_wait_deadline() && error.task_id() == Some("t/1"), "{about}");
                assert!(it.passed() >= deadline && it.passed() <= deadline + SECOND, "{about}: {:?}", it.passed());
                // The task is polled at least once, however short the deadline is.
                assert!(it.server.count() > usize::from(fresh), "{about}");

                let before = it.passed();
                let mut progress = task.progress_with(rhythm);
                let error = it.clock.run(async {
                    loop {
                        if let Err(error) = progress.next().await.expect("an end") {
                            return error;
                        }
                    }
                });
                assert!(error.is_wait_deadline() && it.passed() - before <= deadline + SECOND, "{about}");
            }
        }
    }
}

#[test]
fn the_last_poll_can_return_the_result() {
    for deadline in [Duration::ZERO, Duration::from_millis(1), SECOND] {
        let it = Setup::new([done().after(Duration::from_millis(800))]);
        let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
        let result = it.clock.run(task.wait_with(WaitOptions::new().deadline(deadline)));
        assert_eq!(result.unwrap().url, "u", "{deadline:?}");
    }
}

#[test]
fn a_single_poll_cannot_use_all_the_time() {
    // The first poll hangs. After a quarter of the deadline, or 30 seconds, the task is polled again.
    for (deadline, expected) in [(secs(20), 5_000), (secs(600), 30_000), (secs(2), 1_000)] {
        let it = Setup::with([Answer::never(), done()], |it| it.without_timeouts());
        let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
        let rhythm = WaitOptions::new().interval(Duration::from_millis(100)).deadline(deadline);
        assert_eq!(it.clock.run(task.wait_with(rhythm)).unwrap().url, "u");
        assert_eq!(it.passed().as_millis(), expected + 110, "{deadline:?}");
    }
    // The client's own timeout is not extended.
    let it = Setup::with([Answer::never(), done()], |it| it.timeout(secs(2)));
    let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
    it.clock.run(task.wait()).unwrap();
    assert_eq!(it.passed().as_millis(), 2_000 + 5_500);
}

#[test]
fn two_thousand_tasks_end_at_the_same_deadline_as_one() {
    let check = |(answer, at_once): (Answer, usize)| {
        let it = Setup::new([answer.clone()]);
        let tasks = (0..2_000).map(|id| Task::<Picture>::resume(&it.client, &TASK, id.to_string()));
        let results = it.clock.run(wait_all(tasks.collect::<Vec<_>>(), at_once));
        assert!(it.passed() <= secs(61), "{at_once}, {answer:?}: {:?}", it.passed());
        assert_eq!(results.len(), 2_000);
        for (id, result) in results.iter().enumerate() {
            let error = result.as_ref().unwrap_err();
            assert!(error.is_wait_deadline() && error.task_id() == Some(&*id.to_string()), "{error}");
        }
    };
    let cases = [
        (Answer::never(), 1),
        (Answer::never(), 64),
        (Answer::never(), usize::MAX),
        (processing().after(secs(20)), 4),
        (Answer::new(503, ""), 4),
    ];
    // On all cores: it is one of the slowest tests.
    thread::scope(|scope| cases.into_iter().for_each(|it| drop(scope.spawn(move || check(it)))));
}

#[test]
fn a_poll_without_a_permit_at_the_deadline_is_reported() {
    let it = Setup::new([Answer::never()]);
    let tasks = (0..3).map(|id| Task::<Picture>::resume(&it.client, &TASK, id.to_string())).collect::<Vec<_>>();
    let results = it.clock.run(wait_all(tasks, 1));
    let held_up =
        |it: &&Result<Response<Picture>>| it.as_ref().is_err_and(|it| it.message().contains("was at its limit"));
    assert!(results.iter().any(|it| held_up(&it)), "{results:?}");
    assert!(it.passed() <= secs(61));
}

/// Some tasks hang. The others are processing at the first poll, and completed afterwards.
#[derive(Clone, Debug)]
struct Moody {
    clock: VirtualClock,
    hang: fn(usize) -> bool,
    takes: Duration,
    asked: Arc<Mutex<Vec<usize>>>,
}

impl Transport for Moody {
    fn send(
        &self,
        request: http::Request<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let task: usize = request.uri().path().split('/').nth(2).unwrap().parse().unwrap();
            let before = {
                let mut asked = self.asked.lock().unwrap();
                asked.push(task);
                asked.iter().filter(|it| **it == task).count() - 1
            };
            if (self.hang)(task) {
                std::future::pending::<()>().await;
            }
            self.clock.sleep(self.takes).await;
            let state = if before == 0 { "processing" } else { "completed" };
            let body = json!({"id": task, "status": state, "url": format!("u{task}")});
            Ok(http::Response::new(Body::from_bytes(body.to_string())))
        })
    }
}

fn moody(hang: fn(usize) -> bool, takes: Duration) -> (Moody, Client) {
    let clock = VirtualClock::new();
    let moody = Moody { clock: clock.clone(), hang, takes, asked: Arc::default() };
    let client = Client::builder(&API).api_key(KEY).transport(moody.clone()).clock(clock).build().unwrap();
    (moody, client)
}

#[test]
fn hanging_tasks_do_not_delay_the_results_of_others() {
    let (moody, client) = moody(|it| it < 2, Duration::from_millis(100));
    let tasks = (0..40).map(|id| Task::<Picture>::resume(&client, &TASK, id.to_string())).collect::<Vec<_>>();
    let results = moody.clock.run(wait_all(tasks, 2));
    for (id, result) in results.iter().enumerate() {
        assert_eq!(result.is_ok(), id >= 2, "{id}: {result:?}");
    }
    assert!(moody.clock.passed() <= secs(61), "{:?}", moody.clock.passed());
}

#[test]
fn tasks_are_polled_in_turn() {
    let (moody, client) = moody(|_| false, secs(1));
    let tasks = (0..9).map(|id| Task::<Picture>::resume(&client, &TASK, id.to_string())).collect::<Vec<_>>();
    assert!(moody.clock.run(wait_all(tasks, 1)).iter().all(Result::is_ok));
    let asked = moody.asked.lock().unwrap();
    // No task is polled a second time before every task was polled once.
    let mut first: Vec<_> = asked[..9].to_vec();
    first.sort_unstable();
    assert_eq!(first, (0..9).collect::<Vec<_>>());
    let count = asked.iter().fold(BTreeMap::new(), |mut all: BTreeMap<usize, usize>, it| {
        *all.entry(*it).or_default() += 1;
        all
    });
    assert!(count.values().all(|it| *it == 2), "{count:?}");
}

#[test]
fn a_late_caller_still_gets_the_last_poll() {
    // The caller works on each result for an hour, and does not follow the other tasks meanwhile.
    let it = Setup::new([processing(), processing(), processing(), done()]);
    let tasks: Vec<_> = (0..3).map(|_| Task::<Picture>::resume(&it.client, &TASK, "t/1")).collect();
    let results = it.clock.run(async {
        let mut each = wait_each(tasks, 3);
        let mut results = Vec::new();
        while let Some((_, result)) = each.next().await {
            results.push(result.map(|it| it.url.clone()));
            it.clock.sleep(secs(3_600)).await;
        }
        results
    });
    assert!(results.iter().all(Result::is_ok), "{results:?}");

    // The same for one task whose states are read slowly.
    let it = Setup::new([processing(), done()]);
    let mut progress = Task::<Picture>::resume(&it.client, &TASK, "t/1").progress();
    let last = it.clock.run(async {
        progress.next().await.unwrap().unwrap();
        it.clock.sleep(secs(3_600)).await;
        progress.next().await.unwrap()
    });
    assert!(last.unwrap().is_finished());
}

#[test]
fn waiting_and_downloading_share_a_deadline() {
    let rhythm = WaitOptions::new().deadline(secs(10));
    for answers in [
        // The download hangs, fails repeatedly, or is never reached.
        vec![done(), Answer::never()],
        vec![processing(), done(), Answer::never()],
        vec![done(), Answer::new(503, "").header("retry-after", "4")],
        vec![Answer::never()],
        vec![processing()],
    ] {
        let it = Setup::with(answers, |it| it.without_timeouts());
        let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
        let error = it.clock.run(task.wait_and_download_with(rhythm)).unwrap_err();
        assert_eq!(error.task_id(), Some("t/1"), "{error}");
        assert!(it.passed() <= secs(11), "{error}: {:?}", it.passed());
    }
    // The task completes at the last moment: the download gets the remaining time.
    let it = Setup::new([done().after(Duration::from_millis(800)), Answer::never()]);
    let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
    let error = it.clock.run(task.wait_and_download_with(WaitOptions::new().deadline(Duration::ZERO))).unwrap_err();
    assert!(error.is_timeout() && it.passed() <= SECOND, "{error}: {:?}", it.passed());
    // The client's timeout for a call is not extended.
    let it = Setup::with([done(), Answer::never()], |it| it.total_timeout(secs(3)));
    let task = Task::<Picture>::resume(&it.client, &TASK, "t/1");
    assert!(it.clock.run(task.wait_and_download()).unwrap_err().is_timeout());
    assert_eq!(it.passed(), secs(3));
}

#[test]
fn a_call_ends_at_its_timeout() {
    let busy = || Answer::new(503, "").after(secs(1));
    for answer in [Answer::never(), busy(), busy().header("retry-after", "2"), processing().after(secs(50)).broken()] {
        for limit in [Duration::ZERO, Duration::from_millis(1), SECOND, secs(10)] {
            let policy = RetryPolicy::new().max_retries(100);
            let it = Setup::with([answer.clone()], |it| it.total_timeout(limit).retry(policy));
            it.send(Read("1")).unwrap_err();
            assert!(it.passed() <= limit, "{limit:?}, {answer:?}: {:?}", it.passed());
        }
    }
}
