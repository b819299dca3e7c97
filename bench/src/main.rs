//! `cargo xtask bench`: measures the generated crates, the compiler and the contract server, beside other generators.
//!
//! `docs/benchmarks.md` says what each section measures and how to read its figures. A section is a file of `sections`.
//! It returns tables; what it could not measure is a note below them, and never ends the run. Linux only, since
//! processor time and memory are read from `/proc` and GNU time.
//!
//! Exit code 0 means that all was measured, 1 that a section failed, 2 wrong usage or a broken environment.

mod adapted;
mod binaries;
mod context;
mod document;
mod growth_spec;
mod process;
mod report;
mod rivals;
mod rustc;
mod sections;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use context::{Context, Options};
use report::Report;
use sections::{SECTIONS, Section};

/// Why something could not be measured, as a sentence.
type Failure = Box<dyn std::error::Error>;
type Result<T> = std::result::Result<T, Failure>;

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match run(&matches) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}

fn command() -> Command {
    let sections: String = SECTIONS.iter().map(|it| format!("  {:9} {}\n", it.name, it.about)).collect();
    Command::new("cargo xtask bench")
        .bin_name("cargo xtask bench")
        .about("Measures the generated crates, the compiler and the contract server, beside other generators.")
        .after_help(format!(
            "Sections:\n{sections}\nWithout names, all sections but `clone` are measured. Let the machine rest meanwhile."
        ))
        .arg(
            Arg::new("sections")
                .value_name("SECTION")
                .num_args(0..)
                .value_parser(PossibleValuesParser::new(SECTIONS.map(|it| it.name)))
                .hide_possible_values(true)
                .help("What to measure"),
        )
        .arg(switch("write", "Put the tables into docs/benchmarks.md"))
        .arg(switch("resume", "Skip sections that were measured at this commit, and show what they gave"))
        .arg(
            Arg::new("rounds")
                .long("rounds")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..=100))
                .default_value("2")
                .help("How often each build is measured; the best counts"),
        )
        .arg(
            Arg::new("rivals")
                .long("rivals")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .help("Where other generators are installed, besides PATH"),
        )
        .arg(
            Arg::new("api")
                .long("api")
                .value_name("API")
                .default_value("runapi")
                .help("The API that is compared with other generators; the targets are for the default"),
        )
        .arg(switch("quick", "Do little, to try the command: the figures mean nothing").conflicts_with("write"))
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// Whether all sections were measured.
fn run(matches: &ArgMatches) -> Result<bool> {
    let rounds = matches.get_one::<u32>("rounds").copied().unwrap_or(1);
    let context = Context::new(&Options {
        rounds,
        rivals: matches.get_one::<PathBuf>("rivals").cloned(),
        api: matches.get_one::<String>("api").cloned().unwrap_or_default(),
        quick: matches.get_flag("quick"),
    })?;
    let named: Vec<&String> = matches.get_many("sections").unwrap_or_default().collect();
    let wanted =
        |it: &&Section| if named.is_empty() { it.by_default } else { named.iter().any(|name| *name == it.name) };
    let mut all_measured = true;
    let mut reports = Vec::new();
    for section in SECTIONS.iter().filter(wanted) {
        let kept = if matches.get_flag("resume") { Report::kept(&context, section.name) } else { None };
        let report = match kept {
            Some(report) => report,
            None => {
                eprintln!("── {}: {}", section.name, section.about);
                match (section.measure)(&context) {
                    Ok(measured) => {
                        let report = Report::new(&context, section.name, measured);
                        if !context.quick {
                            report.keep(&context)?;
                        }
                        report
                    }
                    Err(failure) => {
                        eprintln!("── {} FAILED: {failure}", section.name);
                        all_measured = false;
                        continue;
                    }
                }
            }
        };
        println!("## {}\n\n{}", section.name, report.markdown());
        reports.push(report);
    }
    if matches.get_flag("write") {
        document::write_sections(&context, &reports)?;
    }
    Ok(all_measured)
}
