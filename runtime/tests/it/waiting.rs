//! Tests that waiting for tasks of a server that accepts connections and never responds ends at its deadline.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use specwright_runtime::{Client, Task, TaskSpec, WaitOptions};

use crate::api::{API, SPEC, STATUS, Tape};

/// The tolerance for a busy machine.
const SLACK: Duration = Duration::from_secs(3);

static QUICK: TaskSpec = TaskSpec { interval_ms: 20, deadline_ms: 200, ..SPEC };

/// Accepts connections, and keeps them open until the process ends.
fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        open.extend(listener.incoming().map_while(Result::ok));
    });
    url
}

#[track_caller]
fn ended(begun: Instant, deadline: Duration) {
    let (took, most) = (begun.elapsed(), deadline + Duration::from_secs(1) + SLACK);
    assert!(took >= deadline && took < most, "{took:?} for a deadline of {deadline:?}");
}

fn tasks(client: &Client, count: usize) -> Vec<Task<Tape>> {
    (0..count).map(|id| Task::resume(client, &QUICK, id.to_string())).collect()
}

const DEADLINES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(150)];

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn with_reqwest() {
    let direct = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = Client::builder(&API).api_key("k").base_url(silent()).http_client(direct).build().unwrap();
    let begun = Instant::now();
    let one = async |deadline| {
        let task = Task::<Tape>::resume(&client, &QUICK, "7");
        let error = task.wait_with(WaitOptions::new().deadline(deadline)).await.unwrap_err();
        assert!(error.is_wait_deadline() && error.task_id() == Some("7"), "{error}");
        ended(begun, deadline);
    };
    let many = async {
        let results = specwright_runtime::wait_all(tasks(&client, 2_000), 8).await;
        ended(begun, Duration::from_millis(200));
        assert!(results.len() == 2_000 && results.iter().all(|it| it.as_ref().is_err_and(|it| it.is_wait_deadline())));
    };
    // All at once: each waits for a second after its deadline.
    tokio::join!(one(DEADLINES[0]), one(DEADLINES[1]), many);
}

#[cfg(feature = "blocking")]
mod blocking {
    use specwright_runtime::{Blocking as _, Ureq, blocking, wait_all, wait_each};

    use super::*;
    use crate::server::{Server, answer};

    fn client(url: String) -> Client {
        let direct = ureq::Agent::config_builder().proxy(None).build().new_agent();
        let builder = Client::builder(&API).api_key("k").base_url(url).blocking().transport(Ureq::from(direct));
        builder.build().unwrap()
    }

    #[test]
    fn with_ureq() {
        let client = client(silent());
        let begun = Instant::now();
        let one = |deadline| {
            let task = Task::<Tape>::resume(&client, &QUICK, "7");
            let error = task.wait_with(WaitOptions::new().deadline(deadline)).blocking().unwrap_err();
            assert!(error.is_wait_deadline(), "{error}");
            ended(begun, deadline);
        };
        let many = || {
            let results = blocking::run(async { Ok(wait_all(tasks(&client, 500), 4).await) }).unwrap();
            ended(begun, Duration::from_millis(200));
            assert!(
                results.len() == 500 && results.iter().all(|it| it.as_ref().is_err_and(|it| it.is_wait_deadline()))
            );
        };
        // All at once: each waits for a second after its deadline.
        std::thread::scope(|scope| {
            for deadline in DEADLINES {
                scope.spawn(move || one(deadline));
            }
            scope.spawn(many);
        });
    }

    #[test]
    fn tasks_take_turns() {
        let states = ["busy", "busy", "busy", "done", "done", "done"];
        let server = Server::new(
            states.map(|it| answer(200, "application/json", &format!(r#"{{"id":"of the tape","state":"{it}"}}"#))),
        );
        let client = client(server.url.clone());
        let slow = TaskSpec { status: STATUS, deadline_ms: 60_000, status_id: None, ..QUICK };
        let slow: &'static TaskSpec = Box::leak(Box::new(slow));
        let tasks: Vec<Task<Tape>> = (0..3).map(|id| Task::resume(&client, slow, id.to_string())).collect();
        let order = blocking::run(async {
            let mut each = wait_each(tasks, 1);
            let mut order = Vec::new();
            while let Some((index, result)) = each.next().await {
                result?;
                order.push(index);
            }
            Ok(order)
        });
        let asked: Vec<_> =
            server.requests().iter().map(|it| usize::from(it.as_bytes()["GET /tapes/".len()] - b'0')).collect();
        assert_eq!(asked[..3], [0, 1, 2], "each once before any is polled again");
        assert_eq!(asked[3..], order.unwrap(), "and then in the order of their results");
    }
}
