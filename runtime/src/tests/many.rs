//! Waiting for many tasks at once.

use std::sync::{Arc, Mutex};

use super::*;
use crate::transport::{Body, SendOptions};
use crate::{BoxFuture, Clock as _, Transport, TransportError, wait_all, wait_each};

/// Every poll takes a second. Task `n` is completed at its `n`th poll, and task 13 fails.
#[derive(Clone, Debug)]
struct Busy {
    clock: VirtualClock,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    in_flight: usize,
    most: usize,
    polls: std::collections::BTreeMap<usize, usize>,
}

impl Transport for Busy {
    fn send(
        &self,
        request: http::Request<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let task: usize = request.uri().path().split('/').nth(2).unwrap().parse().unwrap();
            let polls = {
                let mut seen = self.seen.lock().unwrap();
                seen.in_flight += 1;
                seen.most = seen.most.max(seen.in_flight);
                *seen.polls.entry(task).and_modify(|it| *it += 1).or_insert(1)
            };
            self.clock.sleep(secs(1)).await;
            self.seen.lock().unwrap().in_flight -= 1;
            let body = match task {
                13 => json!({"status": "failed", "error": "bad luck"}),
                task if polls >= task => json!({"status": "completed", "url": format!("u{task}")}),
                _ => json!({"status": "processing"}),
            };
            Ok(http::Response::new(Body::from_bytes(body.to_string())))
        })
    }
}

fn busy() -> (Busy, Client) {
    let clock = VirtualClock::new();
    let busy = Busy { clock: clock.clone(), seen: Arc::default() };
    let client = Client::builder(&API).api_key(KEY).transport(busy.clone()).clock(clock).build().unwrap();
    (busy, client)
}

fn tasks(client: &Client, ids: &[usize]) -> Vec<Task<Picture>> {
    ids.iter().map(|id| Task::resume(client, &TASK, id.to_string())).collect()
}

#[test]
fn results_are_in_the_order_of_the_tasks() {
    let (busy, client) = busy();
    let results = busy.clock.run(wait_all(tasks(&client, &[3, 13, 1, 2]), 8));
    let told: Vec<_> = results.iter().map(|it| it.as_ref().map(|it| it.url.clone()).map_err(Error::message)).collect();
    assert_eq!(told, [Ok("u3".to_owned()), Err("bad luck"), Ok("u1".to_owned()), Ok("u2".to_owned())]);
    assert_eq!(results[1].as_ref().unwrap_err().task_id(), Some("13"));
    assert!(busy.clock.run(wait_all(tasks(&client, &[]), 8)).is_empty());
}

#[test]
fn never_more_polls_than_allowed_are_in_flight() {
    for (at_once, most) in [(0, 1), (1, 1), (3, 3), (100, 40), (usize::MAX, 40)] {
        let (busy, client) = busy();
        let results = busy.clock.run(wait_all(tasks(&client, &[1; 40]), at_once));
        assert!(results.iter().all(Result::is_ok));
        let seen = busy.seen.lock().unwrap();
        assert_eq!((seen.most, seen.in_flight), (most, 0), "{at_once}");
        // Only the gate delays them: rounds of one second each.
        assert_eq!(busy.clock.passed(), secs(40_usize.div_ceil(most) as u64));
    }
}

#[test]
fn a_slow_task_does_not_delay_others() {
    let (busy, client) = busy();
    let results = busy.clock.run(async {
        let mut each = wait_each(tasks(&client, &[5, 4, 1, 2]), 1);
        let mut results = Vec::new();
        assert_eq!((each.left(), format!("{each:?}")), (4, "WaitEach { tasks: 4, left: 4 }".to_owned()));
        while let Some((index, result)) = each.next().await {
            results.push((index, result.unwrap().url.clone(), each.left()));
        }
        assert!(each.next().await.is_none());
        results
    });
    let order: Vec<_> = results.iter().map(|it| (it.0, it.1.as_str(), it.2)).collect();
    assert_eq!(order, [(2, "u1", 3), (3, "u2", 2), (1, "u4", 1), (0, "u5", 0)]);
    assert_eq!(busy.seen.lock().unwrap().most, 1);
}

#[test]
fn each_task_has_its_own_deadline() {
    let (busy, client) = busy();
    let results = busy.clock.run(wait_all(tasks(&client, &[1, 1_000]), 2));
    assert!(results[0].is_ok());
    assert!(results[1].as_ref().unwrap_err().is_wait_deadline());
}

#[test]
fn waits_are_send() {
    fn moves<T: Send>(_: T) {}
    let (_, client) = busy();
    moves(wait_each(tasks(&client, &[1]), 1));
    moves(wait_all(tasks(&client, &[1]), 1));
}
