//! The base of the behaviour tests: a server on loopback, a clock that skips waits, and a reader of the specs' samples.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

pub(crate) mod clock;
pub(crate) mod log;
pub(crate) mod samples;
pub(crate) mod server;

use std::process::{Command, Output};
use std::sync::LazyLock;

use specwright_runtime as rt;

pub(crate) use clock::SkippingClock;
pub(crate) use server::{Answer, Received, Server};

/// The key of all tests. It must only appear in `authorization`.
pub(crate) const KEY: &str = "ank_very-secret-0123";

/// A client of `animeapi` that talks to this server through reqwest.
pub(crate) fn anime(server: &Server) -> animeapi::Client {
    set_up(animeapi::Client::builder(), server).build().unwrap()
}

/// A client of `runanything` that talks to this server through reqwest.
pub(crate) fn run(server: &Server) -> runanything::Client {
    set_up(runanything::Client::builder(), server).build().unwrap()
}

/// Key, URL and transport. Proxies from the environment are not used.
pub(crate) fn set_up<C>(builder: rt::ClientBuilder<C>, server: &Server) -> rt::ClientBuilder<C> {
    builder.api_key(KEY).base_url(server.url()).http_client(direct())
}

/// reqwest without the proxies of the environment. One for all tests: to read whom the machine trusts, for each of many
/// clients, was a third of their time. Each server has a port of its own, so no test meets the connections of another.
pub(crate) fn direct() -> reqwest::Client {
    static DIRECT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
    });
    DIRECT.clone()
}

/// Set in a process that runs a single test.
const ALONE: &str = "SPECWRIGHT_TEST_ALONE";

/// Whether this process runs a single test.
pub(crate) fn is_alone() -> bool {
    std::env::var_os(ALONE).is_some()
}

/// Runs this test in its own process, with these environment variables.
pub(crate) async fn alone(test: &str, environment: &[(&str, &str)]) -> Output {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]).env(ALONE, "1").env("NO_PROXY", "127.0.0.1");
    child.envs(environment.iter().copied());
    // The server of a test runs on its thread.
    tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap()
}

/// The messages of an error and of all its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(it) = source {
        text = format!("{text}: {it}");
        source = it.source();
    }
    text
}
