//! Tests a server that promises to keep a connection and closes it. The next request may arrive at the same time, and
//! must not be sent twice.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use specwright_runtime::{Client, ErrorKind, RetryPolicy, Ureq};

use crate::api::{API, Create};
use crate::server::request;

const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{\"id\":\"7\"}";

#[tokio::test]
async fn a_create_on_a_closed_connection_is_sent_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let bodies = Arc::clone(&seen);
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let text = request(&mut stream);
            if let Some((_, body)) = text.split_once("\r\n\r\n").filter(|it| !it.1.is_empty()) {
                bodies.lock().unwrap().push(body.to_owned());
            }
            stream.write_all(ANSWER.as_bytes()).ok();
        }
    });
    let builder = || Client::builder(&API).api_key("k").base_url(&*url).retry(RetryPolicy::none());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let agent = Ureq::from(ureq::Agent::config_builder().proxy(None).build().new_agent());
    let clients = [builder().http_client(http), builder().blocking().transport(agent)].map(|it| it.build().unwrap());
    let mut well = 0;
    for round in 0..60 {
        let name: &'static str = Box::leak(format!("tape {round}").into_boxed_str());
        match clients[round % 2].send(Create(name)).await {
            Ok(_) => well += 1,
            Err(error) => assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1), "{error:?}"),
        }
    }
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{seen:?}");
    assert!(well > 0 && seen.len() >= well, "{well} went well, {} were seen", seen.len());
}
