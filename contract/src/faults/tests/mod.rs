//! Tests plans: their language, their decisions, and their problems.
#![allow(clippy::unwrap_used)]

mod config;
mod decisions;
mod document;
mod mistakes;

use super::{Fault, FaultInput, FaultPlan};

/// A plan of flags.
#[track_caller]
fn plan(seed: u64, flags: &[&str]) -> FaultPlan {
    let mut plan = FaultPlan::new(seed);
    for flag in flags {
        plan.add_flag(flag).unwrap_or_else(|it| panic!("{it}"));
    }
    plan
}

const SONG: FaultInput<'static> = FaultInput {
    api: "runapi",
    operation: "suno.text_to_music",
    method: "POST",
    path: "/api/v1/suno/text_to_music",
    header: None,
};

fn status(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::Status { status, retry_after }
}
