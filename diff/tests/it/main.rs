//! Tests of `specwright-diff`: edits of specs as maintainers make them, and chance requests.
#![allow(clippy::unwrap_used)]

mod api;
mod conditions;
mod edits;
mod limits;
mod more;
mod places;
mod responses;
mod same;
mod soundness;
mod support;
mod types;
