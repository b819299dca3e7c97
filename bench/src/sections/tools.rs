//! The compiler's programs: the one that `cargo xtask` runs, and an optimised one.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::context::Context;
use crate::{Result, process};

/// A program of the compiler.
pub(crate) struct Tool {
    /// How it was built, for headings.
    pub(crate) label: &'static str,
    program: PathBuf,
}

impl Tool {
    /// Both programs. To try the command, the first alone, since the other one takes a minute to compile.
    pub(crate) fn all(context: &Context) -> Result<Vec<Tool>> {
        let mut tools = vec![Tool::dev(context)?];
        if !context.quick {
            tools.push(Tool::release(context)?);
        }
        Ok(tools)
    }

    /// What `cargo xtask` runs.
    pub(crate) fn dev(context: &Context) -> Result<Tool> {
        process::run(context.cargo_of_xtask().args(["build", "--quiet", "-p", "xtask"]))?;
        let text =
            process::text(context.cargo_of_xtask().args(["metadata", "--no-deps", "--offline", "--format-version=1"]))?;
        let metadata: Value = serde_json::from_str(&text)?;
        let target = metadata.get("target_directory").and_then(Value::as_str).ok_or("cargo names no target folder")?;
        Ok(Tool { label: "`cargo xtask`", program: Path::new(target).join("debug").join("xtask") })
    }

    /// The program `specwright` with cargo's profile for releases.
    fn release(context: &Context) -> Result<Tool> {
        process::run(context.cargo().args(["build", "--quiet", "--release", "-p", "specwright-cli"]))?;
        Ok(Tool { label: "release build", program: context.target().join("release").join("specwright") })
    }

    /// A command on a project.
    pub(crate) fn command(&self, project: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).arg("--project").arg(project).current_dir(project);
        command
    }

    /// Exports an API of this repository as OpenAPI 3.0, which all other generators read.
    pub(crate) fn export(&self, context: &Context, api: &str) -> Result<PathBuf> {
        let file = context.work.join(format!("{api}.json"));
        let mut command = self.command(&context.root, &["openapi", api, "--openapi", "3.0"]);
        command.arg("--output").arg(&file);
        process::run(&mut command)?;
        Ok(file)
    }
}
