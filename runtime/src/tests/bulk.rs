//! Many calls at once.

use std::sync::{Arc, Mutex};

use super::*;
use crate::transport::{Body, SendOptions};
use crate::{BoxFuture, Clock as _, Transport, TransportError, send_all, send_each};

/// A picture takes as many seconds as its prompt says, and `no` is refused.
#[derive(Clone, Debug)]
struct Slow {
    clock: VirtualClock,
    /// In flight now, and at most.
    seen: Arc<Mutex<(usize, usize)>>,
}

impl Transport for Slow {
    fn send(
        &self,
        request: http::Request<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let body = request.into_body().into_bytes().unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            let prompt = body["prompt"].as_str().unwrap().to_owned();
            {
                let mut seen = self.seen.lock().unwrap();
                seen.0 += 1;
                seen.1 = seen.1.max(seen.0);
            }
            self.clock.sleep(secs(prompt.parse().unwrap_or(1))).await;
            self.seen.lock().unwrap().0 -= 1;
            let (status, body) = match prompt.as_str() {
                "no" => (400, json!({"error": {"message": "no"}})),
                prompt => (200, json!({"url": prompt})),
            };
            Ok(http::Response::builder().status(status).body(Body::from_bytes(body.to_string())).unwrap())
        })
    }
}

fn slow() -> (Slow, Client) {
    let clock = VirtualClock::new();
    let slow = Slow { clock: clock.clone(), seen: Arc::default() };
    let client = Client::builder(&API).api_key(KEY).transport(slow.clone()).clock(clock).build().unwrap();
    (slow, client)
}

#[test]
fn results_come_in_the_order_of_the_calls() {
    let (slow, client) = slow();
    let calls = ["3", "1", "no", "2", "1"].map(|it| client.call().start(Create(it)));
    let results = slow.clock.run(send_all(calls, 2));
    let urls: Vec<_> = results.iter().map(|it| it.as_ref().map_or("-", |it| it.url.as_str())).collect();
    assert_eq!(urls, ["3", "1", "-", "2", "1"]);
    assert_eq!(slow.seen.lock().unwrap().1, 2);
    // Two at a time, whatever order they end in: 3 and then 1 beside 1, 1 and 2.
    assert_eq!(slow.clock.passed(), secs(4));
}

#[test]
fn calls_are_built_when_there_is_room() {
    let (slow, client) = slow();
    let built = Arc::new(Mutex::new(0));
    let count = Arc::clone(&built);
    let calls = std::iter::repeat_n("1", 1000).map(move |it| {
        *count.lock().unwrap() += 1;
        client.call().start(Create(it))
    });
    let mut each = send_each(calls, 3);
    slow.clock.run(async {
        for taken in 1..=4 {
            assert!(each.next().await.unwrap().is_ok());
            assert!(*built.lock().unwrap() < taken + 3);
        }
    });
    // What is dropped is cancelled.
    drop(each);
    assert_eq!(slow.seen.lock().unwrap().1, 3);
    let none: Vec<PendingRequest<Response<Picture>>> = Vec::new();
    assert!(slow.clock.run(send_all(none, 0)).is_empty());
}
