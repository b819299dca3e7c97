//! `import FILE|- [--api NAME] [--only …] [--into DIR] [--update [--write]]`: a spec from an OpenAPI document.
//!
//! It is compiled in with the feature `import` alone: it takes as long to compile as a third of the compiler, after all
//! of the compiler, and nobody imports every day.

#[cfg(feature = "import")]
mod spec;
#[cfg(feature = "import")]
mod update;

use std::ffi::OsString;

use clap::ArgMatches;

use crate::CommandResult;

#[cfg(feature = "import")]
pub(crate) use spec::spec;

/// Imports a document. `args` are those of this process.
#[cfg(feature = "import")]
pub(crate) fn run(flags: &ArgMatches, _args: &[OsString]) -> CommandResult {
    let into = match flags.get_one::<std::path::PathBuf>("into") {
        Some(folder) => folder.clone(),
        None => crate::project::root(flags)?.join(specwright_codegen::pipeline::SPEC),
    };
    spec::run(&spec::Wanted {
        file: super::flag_text(flags, "file"),
        api: flags.get_one::<String>("api").cloned(),
        is_of_project: flags.get_one::<std::path::PathBuf>("into").is_none(),
        only: flags.get_many::<String>("only").unwrap_or_default().cloned().collect(),
        into,
        update: flags.get_flag("update"),
        write: flags.get_flag("write"),
        json: super::wants_json(flags),
        all: flags.get_flag("all"),
    })
}

/// Compiles this program with the importer, and lets that one run. `args` are those of this process.
#[cfg(not(feature = "import"))]
pub(crate) fn run(flags: &ArgMatches, args: &[OsString]) -> CommandResult {
    // `init` has no project yet.
    let project = crate::project::root(flags).unwrap_or_else(|_| ".".into());
    crate::with_feature::run(&project, "import", "the importer of OpenAPI documents", args)
}
