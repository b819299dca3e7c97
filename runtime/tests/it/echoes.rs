//! Tests that no error of a transport shows the key if a server repeats it, also in places that HTTP does not allow.

use std::error::Error as _;

use specwright_runtime::{Client, Result, RetryPolicy};

use crate::api::{API, List};
use crate::server::{Server, Step, answer, says};

const KEY: &str = "sk-very/secret-0123";

fn steps() -> Vec<Step> {
    let head = |rest: &str| says(format!("HTTP/1.1 {rest}\r\n\r\n"));
    vec![
        answer(
            401,
            "application/json",
            &format!("{{\"error\":{{\"message\":\"no {KEY}\\u001b[2J\",\"code\":\"{KEY}\"}}}}"),
        ),
        answer(200, "application/json", &format!("{{\"{KEY}\":\"{KEY}\"}}")),
        answer(500, &format!("text/{KEY}"), &format!("<title>{KEY}\u{1b}\u{202e}</title>")),
        says(format!("{KEY}\u{1b}[2J\r\n\r\n")),
        says(format!("HTTP/1.1 {KEY}\r\n\r\n")),
        head(&format!("200 OK\r\n{KEY} : x\r\nbad header {KEY}")),
        head(&format!("200 OK\r\ncontent-length: {KEY}")),
        head(&format!("200 OK\r\ntransfer-encoding: {KEY}")),
        head(&format!("200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{KEY}\r\n{KEY}")),
        head(&format!("302 {KEY}\r\nlocation: https://elsewhere.test/{KEY}\r\nx-request-id: {KEY}")),
        head(&format!(
            "200 OK\r\nx-request-id: {KEY}\u{1b}\r\ncontent-encoding: {KEY}\r\ncontent-length: 4\r\n\r\n{{\"a\""
        )),
    ]
}

fn check<T: std::fmt::Debug>(result: Result<T>) {
    let error = result.unwrap_err();
    let mut printed = format!("{error} {error:?} {:?} {:?} {:?}", error.message(), error.code(), error.headers());
    let mut source = error.source();
    while let Some(it) = source {
        printed.push_str(&format!(" {it} {it:?}"));
        source = it.source();
    }
    assert!(!printed.contains(KEY), "{printed}");
    assert!(!printed.contains(['\u{1b}', '\u{202e}']), "{printed:?}");
}

#[cfg(feature = "reqwest")]
#[test]
fn by_reqwest() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for step in steps() {
        let server = Server::new([step]);
        let reqwest =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let builder = Client::builder(&API).api_key(KEY).base_url(&*server.url).http_client(reqwest);
        let client = builder.retry(RetryPolicy::none()).build().unwrap();
        check(runtime.block_on(client.send(List)));
    }
}

#[cfg(feature = "blocking")]
#[test]
fn by_ureq() {
    use specwright_runtime::{Blocking as _, BlockingClock, Ureq};
    for step in steps() {
        let server = Server::new([step]);
        let agent = ureq::Agent::config_builder().proxy(None).max_redirects(0).max_redirects_will_error(false).build();
        let builder = Client::builder(&API).api_key(KEY).base_url(&*server.url).clock(BlockingClock);
        let builder = builder.transport(Ureq::from(agent.new_agent()));
        let client = builder.retry(RetryPolicy::none()).build().unwrap();
        check(client.send(List).blocking());
    }
}
