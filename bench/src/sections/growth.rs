//! Time and memory of `cargo xtask codegen` for APIs of 100, 1000 and 10000 made-up operations.

use crate::context::{Context, write};
use crate::process::{self, Cost};
use crate::report::Measured;
use crate::table::{Table, figure, optional};
use crate::{Result, growth_spec};

use super::project::Project;
use super::tools::Tool;

/// Numbers of operations, and how often each is run.
const SIZES: [(usize, u32); 3] = [(100, 3), (1000, 2), (10_000, 1)];
const QUICK: [(usize, u32); 3] = [(10, 1), (20, 1), (60, 1)];
/// Operations of one resource.
const OF_RESOURCE: usize = 50;

pub(crate) fn measure(context: &Context) -> Result<Measured> {
    let mut measured = Measured::default();
    eprintln!("   building the compiler");
    let tool = Tool::dev(context)?;
    let mut table = Table::new([
        "operations",
        "`codegen`, ms by the clock",
        "ms of processors",
        "… per operation",
        "per operation / first row",
        "MiB",
        "`lint`, ms by the clock",
    ]);
    let mut first = None;
    for (operations, runs) in if context.quick { QUICK } else { SIZES } {
        eprintln!("   {operations} operations");
        let project = Project::empty(context, "growth")?;
        for (name, text) in growth_spec::files(operations, OF_RESOURCE) {
            write(&project.folder.join("spec").join("growth").join(name), &text)?;
        }
        let command = |name: &str| tool.command(&project.folder, &[name]);
        // The files are written before the clock runs, so that the disk counts little.
        let memory = process::memory_mib(context, &command("codegen"))?;
        if memory.is_none() {
            process::run(&mut command("codegen"))?;
        }
        let (mut codegen, mut lint) = (Cost::default(), Cost::default());
        for _ in 0..runs {
            project.forget()?;
            process::add_run(&mut codegen, &mut command("codegen"))?;
            process::add_run(&mut lint, &mut command("lint"))?;
        }
        let each = codegen.processor_ms() / operations as f64;
        let ratio = each / *first.get_or_insert(each);
        table.row([
            operations.to_string(),
            figure(codegen.clock_ms()),
            figure(codegen.processor_ms()),
            figure(each),
            figure(ratio),
            optional(memory),
            figure(lint.clock_ms()),
        ]);
    }
    context.fresh_folder("growth")?;
    measured.tables.push(table);
    measured.note("Nothing is kept between the runs, and the files are already there.");
    Ok(measured)
}
