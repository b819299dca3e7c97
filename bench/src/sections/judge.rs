//! Requests per second of `cargo xtask validate --batch`: those of `tests/requests`, over and over.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::Result;
use crate::context::{Context, read, write};
use crate::process::{self, Cost};
use crate::report::Measured;
use crate::table::{Table, Target, figure, optional};

use super::tools::Tool;

/// At least so many requests are checked in one run.
const REQUESTS: usize = 200_000;
const RUNS: u32 = 3;
/// Keys of a request; the others of `tests/requests` are for its tests.
const KEYS: [&str; 6] = ["method", "path", "body", "path_params", "query", "headers"];

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    eprintln!("   building the compiler twice");
    let tools = Tool::all(context)?;
    let requests = requests(&context.root.join("tests/requests"))?;
    let (wanted, runs) = if context.quick { (REQUESTS / 100, 1) } else { (REQUESTS, RUNS) };
    let times = wanted.div_ceil(requests.len().max(1));
    let (all, none) = (context.work.join("requests.jsonl"), context.work.join("no-requests.jsonl"));
    let lines: String = requests.iter().map(|it| format!("{it}\n")).collect();
    write(&all, &lines.repeat(times))?;
    write(&none, "")?;
    let count = (requests.len() * times) as f64;

    let mut table = Table::new([
        "`validate --batch`, built by",
        "requests per second of processors",
        "target",
        "measured / target",
        "requests per second by the clock",
        "ms to read the specs",
        "MiB",
    ]);
    let mut costs: Vec<(Cost, Cost)> = tools.iter().map(|_| (Cost::default(), Cost::default())).collect();
    for run in 1..=runs {
        eprintln!("   run {run}");
        for (tool, (many, few)) in tools.iter().zip(&mut costs) {
            process::add_run(many, &mut batch(context, tool, &all))?;
            process::add_run(few, &mut batch(context, tool, &none))?;
        }
    }
    for (tool, (many, few)) in tools.iter().zip(&costs) {
        let rate = count * 1e3 / (many.processor_ms() - few.processor_ms());
        let by_clock = count * 1e3 / (many.clock_ms() - few.clock_ms());
        let [target, ratio] = Target::AtLeast(100_000.0).cells(rate);
        let memory = process::memory_mib(context, &batch(context, tool, &all))?;
        let label = tool.label.to_owned();
        let ready = figure(few.clock_ms());
        table.row([label, figure(rate), target, ratio, figure(by_clock), ready, optional(memory)]);
    }
    measured.tables.push(table);
    measured.note(format!("{} different requests, of which some break rules, {times} times over.", requests.len()));
    let _ = fs::remove_file(&all);
    Ok(measured)
}

fn batch(context: &Context, tool: &Tool, file: &Path) -> std::process::Command {
    tool.command(&context.root, &["validate", "--batch", &file.to_string_lossy()])
}

/// The requests of a folder's files, each with its API: the name of the file, or of the folder that it is in.
fn requests(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                files.push((entry?.path(), name.clone()));
            }
        } else {
            files.push((path, name));
        }
    }
    files.sort();
    let mut found = Vec::new();
    for (path, api) in files.iter().filter(|(path, _)| path.extension().is_some_and(|it| it == "jsonl")) {
        found.extend(read(path)?.lines().filter_map(|line| request(line, api)));
    }
    if found.is_empty() {
        return Err(format!("{} has no requests", folder.display()).into());
    }
    Ok(found)
}

/// A line in the form that `validate --batch` reads. `None` if it describes a value instead of showing it.
fn request(line: &str, api: &str) -> Option<String> {
    if line.contains("\"$") {
        return None;
    }
    let Value::Object(all) = serde_json::from_str(line).ok()? else { return None };
    let mut kept = Map::new();
    kept.insert("api".to_owned(), api.into());
    kept.extend(all.into_iter().filter(|(name, _)| KEYS.contains(&name.as_str())));
    let mut text = String::new();
    write!(text, "{}", Value::Object(kept)).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_get_their_api() {
        let line = r#"{"method":"POST","path":"/fold","body":{"size":4},"at":"size","rule":"At most 3."}"#;
        let expected = r#"{"api":"paper","method":"POST","path":"/fold","body":{"size":4}}"#;
        assert_eq!(request(line, "paper").as_deref(), Some(expected));
        assert_eq!(request(r#"{"body":{"text":{"$text":900}}}"#, "paper"), None);
    }
}
