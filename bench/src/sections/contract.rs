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
        let known = |name: &str| value.get(name).and_then(Value::as_f64);
        let number = |name: &str| known(name).unwrap_or(f64::NAN);
        let words = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
        if value.get("request").is_some() {
            let rate = number("per_second_of_thread");
            let is_refused = value.get("refused").and_then(Value::as_bool) == Some(true);
            let target = if is_refused { Target::AtLeast(40_000.0) } else { Target::None };
            let figures = [words("request"), figure(number("status")), figure(number("per_second")), figure(rate)];
            requests.row(figures.into_iter().chain(target.cells(rate)));
        } else {
            let time = known("ready_ms");
            let is_made_up = value.get("made_up").and_then(Value::as_bool) == Some(true);
            let target = if is_made_up || time.is_none() { Target::None } else { Target::AtMost(40.0) };
            let cell = |it: Option<f64>| it.map_or_else(String::new, figure);
            let cells = [words("specs"), cell(time)];
            ready.row(cells.into_iter().chain(target.cells(number("ready_ms"))).chain([cell(known("mib"))]));
        }
    }
    Ok((requests, ready))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_rows() {
        let text = "{\"specs\":\"all\",\"ready_ms\":30.0,\"mib\":20.0,\"made_up\":false}\n\
                    {\"request\":\"fold\",\"status\":422,\"refused\":true,\"per_second\":9000.0,\"per_second_of_thread\":50000.0}\n\
                    {\"specs\":\"all, with 8 tasks\",\"mib\":21.0}\n";
        let (requests, ready) = tables(text).expect("JSON");
        assert!(requests.markdown().contains("| fold    | 422    | 9000                             | 50 000 "));
        assert!(requests.markdown().contains("| at least 40 000 | 1.25 "));
        assert!(ready.markdown().contains("| all               | 30.0           | at most 40 | 0.75 "));
        assert!(ready.markdown().contains("| all, with 8 tasks |                |            |   "));
    }
}
