//! Time and memory of `cargo xtask codegen` and `lint`, on a copy of the specs; and of other generators.

use std::fs;
use std::process::Command;

use crate::Result;
use crate::context::Context;
use crate::process::{self, Cost};
use crate::report::Measured;
use crate::rivals;
use crate::table::{Table, Target, figure, optional};

use super::project::{self, Project};
use super::tools::Tool;

/// How often each command is run.
const RUNS: u32 = 7;
/// How often another generator is run. The slowest takes ten seconds.
const RUNS_OF_RIVALS: u32 = 2;

/// What is done before a command is timed.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Forget,
    Edit,
    Nothing,
}

/// A command, what is done before it, and the most milliseconds by the clock.
struct Case {
    name: &'static str,
    before: Before,
    command: &'static str,
    target: Target,
    /// Whether its instructions are counted, which takes fifty times as long.
    counted: bool,
}

const CASES: [Case; 6] = [
    Case {
        name: "`codegen`, nothing kept",
        before: Before::Forget,
        command: "codegen",
        target: Target::AtMost(150.0),
        counted: true,
    },
    Case {
        name: "`codegen`, after an edit of one spec",
        before: Before::Edit,
        command: "codegen",
        target: Target::AtMost(60.0),
        counted: true,
    },
    Case {
        name: "`codegen`, nothing changed",
        before: Before::Nothing,
        command: "codegen",
        target: Target::AtMost(10.0),
        counted: false,
    },
    Case {
        name: "`lint`, nothing kept",
        before: Before::Forget,
        command: "lint",
        target: Target::AtMost(60.0),
        counted: true,
    },
    Case {
        name: "`lint`, after an edit of one spec",
        before: Before::Edit,
        command: "lint",
        target: Target::AtMost(60.0),
        counted: false,
    },
    Case {
        name: "`lint`, nothing changed",
        before: Before::Nothing,
        command: "lint",
        target: Target::AtMost(10.0),
        counted: false,
    },
];

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    eprintln!("   building the compiler twice");
    let tools = Tool::all(context)?;
    let table = ours(context, &tools)?;
    measured.tables.push(table);
    measured.note(format!(
        "The best of {} interleaved runs by the clock, and the average of the processors. \
         What cargo itself takes before it starts `cargo xtask` is not included.",
        self::runs(context)
    ));
    let others = others(context, &tools, &mut measured)?;
    measured.tables.extend(others);
    Ok(measured)
}

fn runs(context: &Context) -> u32 {
    if context.quick { 1 } else { RUNS }
}

fn ours(context: &Context, tools: &[Tool]) -> Result<Table> {
    let runs = self::runs(context);
    let project = Project::of_repository(context, "project")?;
    let edited = project.largest_file()?;
    let mut turn = 0;
    let mut prepare = |before: Before| -> Result<()> {
        match before {
            Before::Forget => project.forget(),
            Before::Nothing => Ok(()),
            Before::Edit => {
                turn += 1;
                project::edit(&edited, turn)
            }
        }
    };
    let mut table = Table::new([
        "built by",
        "command",
        "ms by the clock",
        "target",
        "measured / target",
        "ms of processors",
        "MiB",
        "million instructions",
    ]);
    let mut costs: Vec<Vec<Cost>> = tools.iter().map(|_| CASES.iter().map(|_| Cost::default()).collect()).collect();
    for run in 1..=runs {
        eprintln!("   run {run}");
        for (tool, costs) in tools.iter().zip(&mut costs) {
            for (case, cost) in CASES.iter().zip(costs) {
                prepare(case.before)?;
                process::add_run(cost, &mut tool.command(&project.folder, &[case.command]))?;
            }
        }
    }
    for (at, (tool, costs)) in tools.iter().zip(&costs).enumerate() {
        for (case, cost) in CASES.iter().zip(costs) {
            let command = || tool.command(&project.folder, &[case.command]);
            prepare(case.before)?;
            let memory = process::memory_mib(context, &command())?;
            let mut count = String::new();
            // Those of one build tell enough.
            if case.counted && at == 0 && !context.quick {
                prepare(case.before)?;
                count = optional(process::instructions(&command()).map(|it| it as f64 / 1e6));
            }
            let [target, ratio] = case.target.cells(cost.clock_ms());
            let (clock, processor) = (figure(cost.clock_ms()), figure(cost.processor_ms()));
            let words = [tool.label.to_owned(), case.name.to_owned()];
            table.row(words.into_iter().chain([clock, target, ratio, processor, optional(memory), count]));
        }
    }
    Ok(table)
}

/// All generators on the same API. `None` if no other one is installed.
fn others(context: &Context, tools: &[Tool], measured: &mut Measured) -> Result<Option<Table>> {
    let rivals = rivals::installed(context, measured);
    let Some(first) = tools.first().filter(|_| !rivals.is_empty()) else { return Ok(None) };
    let document = first.export(context, &context.api)?;
    let mut table =
        Table::new([&*format!("`{}` alone, nothing kept", context.api), "ms of processors", "ms by the clock", "MiB"]);
    let runs = self::runs(context);
    let project = Project::of_repository(context, "project-alone")?;
    for tool in tools {
        let mut cost = Cost::default();
        let command = || tool.command(&project.folder, &["codegen", &context.api]);
        for _ in 0..runs {
            delete_generated(&project)?;
            process::add_run(&mut cost, &mut command())?;
        }
        delete_generated(&project)?;
        let memory = process::memory_mib(context, &command())?;
        let name = format!("Specwright, {}", tool.label);
        table.row([name, figure(cost.processor_ms()), figure(cost.clock_ms()), optional(memory)]);
    }
    for rival in rivals {
        eprintln!("   {}", rival.name);
        let document = rival.document(&document, measured)?;
        let run = || -> Result<Command> {
            rival.empty_folder(context)?;
            rival.generate(context, &document)
        };
        let figures = || -> Result<[String; 3]> {
            let mut cost = Cost::default();
            for _ in 0..if context.quick { 1 } else { RUNS_OF_RIVALS } {
                process::add_run(&mut cost, &mut run()?)?;
            }
            let memory = process::memory_mib(context, &run()?)?;
            Ok([figure(cost.processor_ms()), figure(cost.clock_ms()), optional(memory)])
        };
        match figures() {
            Ok(figures) => table.row([rival.name.to_owned()].into_iter().chain(figures)),
            Err(failure) => measured.note(format!("{}: {failure}", rival.name)),
        }
    }
    Ok(Some(table))
}

/// Deletes the crates too, since other generators write all of their files.
fn delete_generated(project: &Project) -> Result<()> {
    project.forget()?;
    let generated = project.folder.join("generated");
    if generated.exists() {
        fs::remove_dir_all(generated)?;
    }
    Ok(())
}
