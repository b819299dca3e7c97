//! Runs programs, and says what they cost: time by the clock, time of the processors, memory, instructions.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::context::{Context, in_path};

/// How many of the last lines of a program's errors are repeated.
const SHOWN: usize = 5;

/// What the runs of one program took.
#[derive(Default)]
pub(crate) struct Cost {
    clock: Vec<Duration>,
    processor: Duration,
}

impl Cost {
    /// Milliseconds by the clock of the quickest run.
    pub(crate) fn clock_ms(&self) -> f64 {
        self.clock.iter().min().map_or(f64::NAN, |it| it.as_secs_f64() * 1e3)
    }

    /// Milliseconds of the processors, on the average of the runs: the system counts them in hundredths of a second.
    pub(crate) fn processor_ms(&self) -> f64 {
        self.processor.as_secs_f64() * 1e3 / self.clock.len() as f64
    }
}

/// Runs a program to its end and returns its output. Fails if the program fails.
pub(crate) fn run(command: &mut Command) -> Result<Output> {
    run_with_status(command, &[0])
}

/// As [`run`], if some exit codes other than 0 are no failure either.
pub(crate) fn run_with_status(command: &mut Command, statuses: &[i32]) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run {name}: {error}"))?;
    if output.status.code().is_some_and(|it| statuses.contains(&it)) {
        return Ok(output);
    }
    let arguments: Vec<_> = command.get_args().map(|it| it.to_string_lossy().into_owned()).collect();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<&str> = errors.lines().filter(|it| !it.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(SHOWN)..).unwrap_or_default().join("\n    ");
    Err(format!("`{name} {}` failed ({}):\n    {last}", arguments.join(" "), output.status).into())
}

/// Runs a program and returns what it wrote to standard output.
pub(crate) fn text(command: &mut Command) -> Result<String> {
    Ok(String::from_utf8_lossy(&run(command)?.stdout).into_owned())
}

/// Runs a program once more, and adds what it took. Its output is not kept. Exit code 1 means findings here.
pub(crate) fn add_run(cost: &mut Cost, command: &mut Command) -> Result<()> {
    let before = processor_time();
    let start = Instant::now();
    run_with_status(command.stdout(Stdio::null()), &[0, 1])?;
    cost.clock.push(start.elapsed());
    cost.processor += processor_time().saturating_sub(before);
    Ok(())
}

/// Time of the processors of all programs that this one has started and that have ended. Zero where it is not known.
fn processor_time() -> Duration {
    let read = || -> Option<u64> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The fields behind the name, which is in parentheses: the 14th and the 15th are those of ended children.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        Some(fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?)
    };
    Duration::from_millis(read().unwrap_or(0) * 10)
}

/// The most memory that a program has at a time, in MiB. `None` without GNU time.
pub(crate) fn memory_mib(context: &Context, command: &Command) -> Result<Option<f64>> {
    let Some(time) = &context.time else { return Ok(None) };
    let note = context.work.join("memory");
    let mut timed = Command::new(time);
    timed.args(["-q", "-f", "%M", "-o"]).arg(&note).stdout(Stdio::null());
    run_with_status(&mut inside(timed, command), &[0, 1])?;
    let kib: f64 = fs::read_to_string(&note)?.trim().parse().map_err(|_| "GNU time wrote no number")?;
    Ok(Some(kib / 1024.0))
}

/// Instructions that a program executes, counted by callgrind: the same on a busy machine. `None` if valgrind is not
/// installed, or does not know this machine.
pub(crate) fn instructions(command: &Command) -> Option<u64> {
    let valgrind = in_path("valgrind")?;
    let mut counted = Command::new(valgrind);
    counted.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).stdout(Stdio::null());
    let output = match run_with_status(&mut inside(counted, command), &[0, 1]) {
        Ok(output) => output,
        Err(failure) => {
            eprintln!("   {failure}");
            return None;
        }
    };
    let text = String::from_utf8_lossy(&output.stderr);
    // `==123== Collected : 4567`
    text.lines().find_map(|it| it.split_once("Collected : "))?.1.trim().parse().ok()
}

/// `outer`, which runs the program that `command` names, in its folder and with its variables.
fn inside(mut outer: Command, command: &Command) -> Command {
    outer.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    outer
}

/// Bytes of a file.
pub(crate) fn size(path: &Path) -> Result<f64> {
    let found = fs::metadata(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(found.len() as f64)
}
