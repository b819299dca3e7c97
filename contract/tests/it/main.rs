//! The server over real sockets on loopback.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bodies;
mod callbacks;
mod curls;
mod deliveries;
mod examples;
mod faults;
mod files;
mod hooks;
mod hosts;
mod keys;
mod limits;
mod made_up;
mod pages;
mod places;
mod refusals;
mod reload;
mod streams;
mod support;
mod tasks;
