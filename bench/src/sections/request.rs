//! What it costs to check a request and to write it, with the program of `tests/benches/requests`.

use std::path::Path;
use std::process::Command;

use crate::binaries::{self, Program, Source};
use crate::context::Context;
use crate::report::Measured;
use crate::table::{Table, Target, figure, optional};
use crate::{Failure, Result, process};

/// The API whose request it is.
const API: &str = "runapi";
/// How often the program is started; each line of it is the best of many rounds anyway.
const STARTS: usize = 3;
/// How many calls are counted by callgrind: those of the longer run less those of the shorter one.
const COUNTED: [u64; 2] = [200, 1200];
/// The most nanoseconds of each line, in the program's order.
const TARGETS: [Target; 4] = [Target::AtMost(40.0), Target::None, Target::AtMost(500.0), Target::AtMost(420.0)];

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    let program = Program {
        name: "requests".to_owned(),
        source: Source::File(context.root.join("tests/benches/requests/main.rs")),
        dependencies: binaries::dependency(context, API, &format!("generated/{API}"), &["qwen-2"])
            + &binaries::dependency(context, "specwright-runtime", "runtime", &[]),
    };
    eprintln!("   building the program");
    let workspace = binaries::prepare(context, "requests", std::slice::from_ref(&program))?;
    let file = binaries::build(context, &workspace, &program.name, "release")?;
    let mut best: Vec<(String, f64)> = Vec::new();
    for start in 1..=STARTS {
        eprintln!("   start {start}");
        for (at, (what, nanoseconds)) in lines(&process::text(&mut Command::new(&file))?)?.into_iter().enumerate() {
            match best.get_mut(at) {
                Some((_, known)) => *known = known.min(nanoseconds),
                None => best.push((what, nanoseconds)),
            }
        }
    }
    let mut table = Table::new(["a body of twelve parameters", "ns", "target", "measured / target", "instructions"]);
    let mut counts_missing = false;
    for (at, (what, nanoseconds)) in best.into_iter().enumerate() {
        let [target, ratio] = TARGETS.get(at).copied().unwrap_or(Target::None).cells(nanoseconds);
        let count = instructions_of_call(&file, at);
        counts_missing |= count.is_none();
        table.row([what, figure(nanoseconds), target, ratio, optional(count)]);
    }
    if counts_missing {
        measured.note("Instructions are counted with valgrind, which is not installed or does not know this machine.");
    }
    measured.tables.push(table);
    Ok(measured)
}

/// `what: 12.3 ns`
fn lines(text: &str) -> Result<Vec<(String, f64)>> {
    let line = |it: &str| -> Option<(String, f64)> {
        let (what, figure) = it.rsplit_once(": ")?;
        Some((what.to_owned(), figure.strip_suffix(" ns")?.parse().ok()?))
    };
    let read = |it: &str| line(it).ok_or_else(|| Failure::from(format!("not a line of the benchmark: {it:?}")));
    text.lines().map(read).collect()
}

/// Instructions of one call of a line. `None` without valgrind.
fn instructions_of_call(file: &Path, line: usize) -> Option<f64> {
    let mut counts = Vec::new();
    for calls in COUNTED {
        let mut command = Command::new(file);
        command.args(["--count", &line.to_string(), &calls.to_string()]);
        counts.extend(process::instructions(&command));
    }
    let [few, many] = counts[..] else { return None };
    let [less, more] = COUNTED;
    Some(many.saturating_sub(few) as f64 / (more - less) as f64)
}
