//! Answers of every form, as a caller of a small chat service reads them: errors inside answers of success, answers by
//! status, texts, redirects, headers and keys. Against a server that answers byte for byte what a test says, and against
//! the contract server.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../../../tests/it/support/clock.rs"]
mod clock;
mod failures;
mod forms;
mod keys;
mod lines;
mod problems;
#[allow(dead_code, reason = "shared with the larger package of tests, which uses more of it")]
#[path = "../../../tests/it/support/server.rs"]
mod server;

use std::path::Path;
use std::sync::LazyLock;

use rt::json;
use specwright_contract::Server as Mock;
use specwright_runtime as rt;

use clock::SkippingClock;
use server::{Answer, Server};

/// reqwest without the proxies of the environment, one for all tests: each server has a port of its own.
fn direct() -> reqwest::Client {
    static DIRECT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
    });
    DIRECT.clone()
}

/// A client of the chat service that talks to this address.
fn palaver_at(url: &str) -> palaver::Client {
    let builder = palaver::Client::builder().api_key("pvr-0123").base_url(url).http_client(direct());
    builder.clock(SkippingClock::new()).build().unwrap()
}

fn palaver(server: &Server) -> palaver::Client {
    palaver_at(&server.url())
}

/// The contract server for the chat service, and a client of it.
async fn mock() -> (Mock, palaver::Client) {
    let builder =
        Mock::builder().spec_folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../project/spec")).apis(["palaver"]);
    let server = builder.start().await.unwrap_or_else(|error| panic!("{error}"));
    let client = palaver_at(&server.url_of("palaver").unwrap());
    (server, client)
}
