//! Small APIs, one of each family that is met often: what their clients send on a real socket, byte by byte.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bell;
mod catalog;
mod depot;
mod forge;
mod jukebox;
mod kinds;
mod payments;
mod webhooks;

use serde_json::json;

use crate::support::{Answer, Received, Server, direct, set_up};

/// A server that answers everything with these words.
async fn echo(answer: serde_json::Value) -> Server {
    Server::answering([Answer::json(200, &answer)]).await
}

/// The request that came last.
#[track_caller]
fn last(server: &Server) -> Received {
    server.received().last().cloned().unwrap()
}

/// The path and the query of a request.
fn path_and_query(request: &Received) -> (&str, &str) {
    request.target.split_once('?').unwrap_or((&request.target, ""))
}
