//! A fresh clone's first `cargo xtask codegen`: it compiles the compiler, then runs it.

use std::fs;
use std::process::Command;

use crate::Result;
use crate::context::Context;
use crate::process::{self, Cost};
use crate::report::Measured;
use crate::table::{Table, Target, figure};

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    let folder = context.fresh_folder("clone")?;
    let mut git = Command::new("git");
    git.args(["clone", "--quiet", "--no-hardlinks"]).arg(&context.root).arg(&folder);
    process::run(&mut git)?;
    let mut cargo = context.cargo_of_xtask();
    cargo.current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target")).args(["xtask", "codegen"]);
    let mut cost = Cost::default();
    process::add_run(&mut cost, &mut cargo)?;
    fs::remove_dir_all(&folder)?;
    let mut table = Table::new(["a fresh clone", "s by the clock", "target", "measured / target", "s of processors"]);
    let (clock, processor) = (cost.clock_ms() / 1e3, cost.processor_ms() / 1e3);
    let [target, ratio] = Target::AtMost(60.0).cells(clock);
    table.row(["`cargo xtask codegen`".to_owned(), figure(clock), target, ratio, figure(processor)]);
    measured.tables.push(table);
    measured.note("What cargo downloads was there before.");
    Ok(measured)
}
