//! What a section gave, with the day, the commit and the machine. Kept below `target/bench`, for `--resume`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use serde_json::{Value, json};

use crate::context::{Context, write};
use crate::table::Table;
use crate::{Result, process};

/// The tables of a section, and sentences about what is missing or special.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) tables: Vec<Table>,
    pub(crate) notes: Vec<String>,
}

impl Measured {
    /// Adds a note, and says it at once.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        eprintln!("   note: {note}");
        self.notes.push(note);
    }
}

/// A section as it is shown.
pub(crate) struct Report {
    /// The section's name.
    pub(crate) section: String,
    /// The day, the commit and the machine, as a sentence.
    about: String,
    commit: String,
    measured: Measured,
}

impl Report {
    pub(crate) fn new(context: &Context, section: &str, measured: Measured) -> Report {
        let commit = commit(context);
        let line = |program: &str, arguments: &[&str]| {
            let found = process::text(Command::new(program).args(arguments).current_dir(&context.root));
            found.map_or_else(|_| "?".to_owned(), |it| it.trim().to_owned())
        };
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let about = format!(
            "Measured on {} at {commit}: {}, {}, {} cores ({}), load {} at the end.",
            line("date", &["-u", "+%Y-%m-%d"]),
            line("rustc", &["--version"]),
            line("uname", &["-sm"]),
            thread::available_parallelism().map_or(0, usize::from),
            processor(),
            load.split(' ').next().unwrap_or("?"),
        );
        Report { section: section.to_owned(), about, commit, measured }
    }

    /// Tables, notes, and the line about the machine.
    pub(crate) fn markdown(&self) -> String {
        let tables: String = self.measured.tables.iter().map(|it| it.markdown() + "\n").collect();
        let notes: String = self.measured.notes.iter().map(|it| format!("- {it}\n")).collect();
        let gap = if notes.is_empty() { "" } else { "\n" };
        format!("{tables}{notes}{gap}{}\n", self.about)
    }

    /// Keeps the report for a later run.
    pub(crate) fn keep(&self, context: &Context) -> Result<()> {
        let tables: Vec<Value> = self.measured.tables.iter().map(Table::to_json).collect();
        let value = json!({
            "about": self.about,
            "commit": self.commit,
            "tables": tables,
            "notes": self.measured.notes,
        });
        write(&path(context, &self.section), &format!("{value:#}\n"))
    }

    /// What was kept, if it was measured at this commit without uncommitted changes.
    pub(crate) fn kept(context: &Context, section: &str) -> Option<Report> {
        let value: Value = serde_json::from_str(&fs::read_to_string(path(context, section)).ok()?).ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let commit = text("commit")?;
        if commit != self::commit(context) || commit.ends_with(CHANGED) {
            return None;
        }
        let tables = value.get("tables")?.as_array()?.iter().map(Table::from_json).collect::<Option<_>>()?;
        let notes = value.get("notes")?.as_array()?.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect();
        let measured = Measured { tables, notes };
        Some(Report { section: section.to_owned(), about: text("about")?, commit, measured })
    }
}

/// The model of the processor.
fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|it| it.starts_with("model name"));
    line.and_then(|it| it.split_once(": ")).map_or_else(|| "?".to_owned(), |(_, it)| it.to_owned())
}

/// Behind a commit: there were changes besides.
const CHANGED: &str = " with changes";

fn path(context: &Context, section: &str) -> PathBuf {
    context.work.join("reports").join(format!("{section}.json"))
}

/// `commit 1a2b3c4d`, and whether there were changes besides, other than in what `--write` writes.
fn commit(context: &Context) -> String {
    let git = |arguments: &[&str]| process::text(Command::new("git").args(arguments).current_dir(&context.root));
    let Ok(commit) = git(&["rev-parse", "--short=8", "HEAD"]) else { return "an unknown commit".to_owned() };
    let changes = git(&["status", "--porcelain", "--", ".", ":!docs"]).unwrap_or_default();
    format!("commit {}{}", commit.trim(), if changes.trim().is_empty() { "" } else { CHANGED })
}
