//! Tasks: work that a server continues after its response.
//!
//! `body` and `failure` read a status body, `status` is its public type, `wait` polls until a task is
//! finished, `handle` is the task that users hold, and `progress` and `many` are further ways to follow it.

mod body;
mod failure;
mod group;
mod handle;
mod many;
mod path;
mod progress;
mod status;
mod wait;

pub use failure::TaskFailure;
pub use handle::Task;
pub use many::{WaitEach, wait_all, wait_each};
pub use progress::Progress;
pub use status::{TaskState, TaskStatus};
pub use wait::WaitOptions;
