//! A server that serves mock APIs on loopback, from their specs alone.
//!
//! It uses the model, never generated code, so it serves an edited spec before any crate is generated. The interpreter
//! validates every request. An invalid request is refused with the API's own error; a valid one gets a matching
//! response, and tasks pass through their states.
//!
//! ```no_run
//! # async fn example() -> Result<(), specwright_contract::StartError> {
//! let server = specwright_contract::Server::builder().spec_folder("spec").apis(["runapi"]).start().await?;
//! println!("{}", server.url_of("runapi").unwrap_or_default());
//! # Ok(())
//! # }
//! ```
//!
//! A request passes through the `registry` and its routes (the operation), `keys` (the credential), `body` (its content),
//! the interpreter (the rules) and `reply` (the response, from `answers`, `streams` and `files`). `handle` is that
//! sequence, `apply_faults` applies the requested `faults`, and `outcome` turns the result into HTTP.

pub mod answers;
mod body;
mod callbacks;
mod choose;
mod connection;
mod deliveries;
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
mod paging;
mod pointer;
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
mod token_endpoint;
mod uploads;
mod xml;

pub use log::{Callback, Record, Refused};
pub use ready::ready_message;
pub use server::{Server, StartError};
pub use settings::{Builder, Pace};
