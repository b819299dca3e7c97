//! A server that plays compiled specs on loopback: the whole API without a vendor, from the spec alone.
//!
//! It reads the model, never generated code, so that a spec edit is served before any crate is made of it. Every
//! request is judged by the interpreter and refused in the API's own words; what is legal is answered with bodies
//! that fit it, and tasks go through their states.
//!
//! ```no_run
//! # async fn example() -> Result<(), specwright_contract::StartError> {
//! let server = specwright_contract::Server::builder().spec_folder("spec").apis(["runapi"]).start().await?;
//! println!("{}", server.url_of("runapi").unwrap_or_default());
//! # Ok(())
//! # }
//! ```
//!
//! A request goes through the `registry` and its routes (which operation), `keys` (who asks), `body` (what was sent), the interpreter
//! (whether it is legal) and `reply` (what comes back, by `answers`, `streams` and `files`); `handle` is that sequence,
//! `apply_faults` does the `faults` that are asked for, and `outcome` turns its end into HTTP.

pub mod answers;
mod body;
mod callbacks;
mod connection;
pub mod faults;

mod apply_faults;
mod files;
mod formats;
mod gaps;
mod handle;
pub mod hook;
mod hosts;
mod keys;
mod log;
mod multipart;
mod outcome;
mod pages;
mod prepare;
mod rates;
mod ready;
mod refusal;
mod registry;
mod reload;
mod reply;
pub mod sample;
mod server;
mod settings;
mod shared;
mod signing;
mod statuses;
mod streams;
mod task_status;
mod tasks;
mod uploads;

pub use log::{Callback, Record, Refused};
pub use ready::ready_message;
pub use server::{Server, StartError};
pub use settings::{Builder, Pace};
