//! Requests per second of the contract server, with the program `contract/examples/load.rs`.

use std::process::Command;

use serde_json::Value;

use crate::context::Context;
use crate::report::Measured;
use crate::table::{Table, Target, figure};
use crate::{Result, process};

/// Seconds for each request.
const SECONDS: &str = "1";

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    eprintln!("   building the server");
    let mut cargo = context.cargo();
    cargo.args(["build", "--quiet", "--release", "-p", "specwright-contract", "--example", "load"]);
    process::run(&mut cargo)?;
    let program = context.target().join("release").join("examples").join("load");
    eprintln!("   sending requests");
    let text = process::text(Command::new(program).args(["--json", SECONDS]).current_dir(&context.root))?;
    let (requests, ready) = tables(&text)?;
    measured.tables.extend([requests, ready]);
    measured.note(
        "Requests per second of the server's one thread, with 16 connections from two other threads. \
         `refused` is a body that breaks rules.",
    );
    Ok(measured)
}

/// The program writes one JSON object for each request, and for each start of a server.
fn tables(text: &str) -> Result<(Table, Table)> {
    let mut requests = Table::new([
        "request",
        "status",
        "requests per second by the clock",
        "… of the thread's processor time",
        "target",
        "measured / target",
    ]);
    let mut ready = Table::new(["specs", "ms to be ready", "target", "measured / target", "MiB"]);
    for line in text.lines() {
        let value: Value = serde_json::from_str(line)?;
        let number = |name: &str| value.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let words = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
        if value.get("request").is_some() {
            let rate = number("per_second_of_thread");
            let is_refused = value.get("refused").and_then(Value::as_bool) == Some(true);
            let target = if is_refused { Target::AtLeast(40_000.0) } else { Target::None };
            let figures = [words("request"), figure(number("status")), figure(number("per_second")), figure(rate)];
            requests.row(figures.into_iter().chain(target.cells(rate)));
        } else {
            let time = number("ready_ms");
            let is_api = value.get("made_up").and_then(Value::as_bool) != Some(true);
            let target = if is_api { Target::AtMost(40.0) } else { Target::None };
            let cells = [words("specs"), figure(time)];
            ready.row(cells.into_iter().chain(target.cells(time)).chain([figure(number("mib"))]));
        }
    }
    Ok((requests, ready))
}
