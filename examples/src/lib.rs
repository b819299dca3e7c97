//! What the examples have in common: a client of the real API, or of the contract server on this machine.
//!
//! With `RUNAPI_API_KEY` in the environment (or `RUNAPI_MANAGEMENT_KEY`, or `RUNAPI_BASE_URL`) the examples of RunAPI talk
//! to the API, which costs money; those of Runcrate with `RUNCRATE_API_KEY` (or `RUNCRATE_BASE_URL`). HTTPS comes with
//! `--features tls`. Without any of them they talk to a [contract server](local) that plays the specs of the workspace, so
//! that they run without a key and without a network.

#![warn(missing_docs)]

mod clock;
pub mod local;

use std::env;
use std::io;

use runapi::webhook::Webhook;
use runapi::{Client, ClientBuilder, Result};
use specwright_runtime::Ureq;
use tokio::net::TcpListener;

pub use crate::clock::{Hurried, HurriedBlocking, nobody_watches};
use crate::local::{CALLBACKS, KEY, MANAGEMENT_KEY, SECRET};

/// What is set when the real RunAPI is meant.
const RUNAPI: [&str; 3] = ["RUNAPI_API_KEY", "RUNAPI_MANAGEMENT_KEY", "RUNAPI_BASE_URL"];
/// What is set when the real Runcrate is meant.
const RUNCRATE: [&str; 2] = ["RUNCRATE_API_KEY", "RUNCRATE_BASE_URL"];

fn is_set(name: &&str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn real() -> bool {
    let real = RUNAPI.iter().any(is_set);
    note(real, "RUNAPI_BASE_URL");
    real
}

fn real_runcrate() -> bool {
    let real = RUNCRATE.iter().any(is_set);
    note(real, "RUNCRATE_BASE_URL");
    real
}

fn note(real: bool, url: &str) {
    if real && !cfg!(feature = "tls") && !env::var(url).is_ok_and(|it| it.starts_with("http://")) {
        eprintln!("note: the API is reached over HTTPS, which `--features tls` turns on");
    }
}

/// A client for everything but management.
///
/// # Errors
/// The environment is incomplete or malformed, or the contract server cannot start.
pub async fn client() -> Result<Client> {
    if real() {
        return Client::from_env();
    }
    let builder = Client::builder().credential("management_key", MANAGEMENT_KEY);
    played(builder, local::url_of("runapi").await, "RUNAPI_API_KEY")
}

/// A client for API keys and guardrails, which take a key of their own.
///
/// # Errors
/// As [`client`].
pub async fn management_client() -> Result<Client> {
    // Either key is enough for `from_env`; the call says which one it needs.
    client().await
}

/// A client of Runcrate.
///
/// # Errors
/// As [`client`].
pub async fn runcrate_client() -> Result<runcrate::Client> {
    if real_runcrate() {
        return runcrate::Client::from_env();
    }
    played(runcrate::Client::builder(), local::url_of("runcrate").await, "RUNCRATE_API_KEY")
}

/// A client of Runcrate for programs without an async runtime.
///
/// # Errors
/// As [`client`].
pub fn blocking_client() -> Result<runcrate::Client> {
    if real_runcrate() {
        return runcrate::Client::builder().env().blocking().build();
    }
    let url = local::url_of_blocking("runcrate");
    say(&url, "RUNCRATE_API_KEY");
    let direct = ureq::Agent::config_builder().proxy(None).build();
    let builder = runcrate::Client::builder().api_key(KEY).base_url(url);
    builder.transport(Ureq::from(ureq::Agent::from(direct))).clock(HurriedBlocking::new()).build()
}

fn say(url: &str, name: &str) {
    println!("(no {name}: the contract server at {url} answers, and nothing it makes is real)");
}

/// A client of the contract server at this address, past any proxy.
fn played<C: From<specwright_runtime::Client>>(builder: ClientBuilder<C>, url: String, name: &str) -> Result<C> {
    say(&url, name);
    let direct = reqwest::Client::builder().no_proxy().build();
    let builder = builder.api_key(KEY).base_url(url);
    match direct {
        Ok(direct) => builder.http_client(direct).clock(Hurried::new()).build(),
        Err(_) => builder.build(),
    }
}

/// What verifies callbacks: the API's with the secret of the environment, those of the contract server with the secret it was given.
///
/// # Errors
/// There is no secret in the environment, or it is malformed.
pub fn webhook() -> Result<Webhook> {
    if real() { runapi::webhook::from_env() } else { runapi::webhook::new(SECRET) }
}

/// Where callbacks arrive on this machine, and the URL by which the API reaches that place.
///
/// For the real API, something with a public name has to forward `$PUBLIC_URL/callback` to port 8080: a tunnel, a proxy.
/// The contract server delivers to this machine, whatever the URL.
///
/// # Errors
/// The port cannot be had, or `PUBLIC_URL` is not set.
pub async fn listen() -> io::Result<(TcpListener, String)> {
    if real() {
        let public = env::var("PUBLIC_URL").map_err(|_| io::Error::other("PUBLIC_URL is not set: see `listen`"))?;
        return Ok((TcpListener::bind("127.0.0.1:8080").await?, format!("{public}/callback")));
    }
    Ok((local::callbacks().await?, CALLBACKS.to_owned()))
}
