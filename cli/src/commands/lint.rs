//! `lint [API…] [--format human|json]`: reports what is wrong with the specs, and writes nothing.

use std::path::Path;

use specwright_codegen::diagnostics::Severity;
use specwright_codegen::pipeline;

use crate::output::{self, counted, say};
use crate::{CommandResult, Verdict};

/// How findings are printed.
pub(crate) enum Form {
    /// For people: at most `most` findings.
    Human { most: usize },
    /// For programs: all findings.
    Json,
}

/// Only errors make the command fail. Warnings are printed too.
pub(crate) fn run(project: &Path, apis: &[String], form: Form) -> CommandResult {
    let linted = pipeline::lint(project, apis)?;
    let count = |severity| linted.iter().flat_map(|it| &it.diagnostics).filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match form {
        Form::Json => {
            for it in &linted {
                if !output::json_lines(&it.sources, &it.diagnostics)? {
                    break;
                }
            }
        }
        Form::Human { most } => {
            let found: Vec<_> = linted.iter().map(|it| (&it.sources, it.diagnostics.as_slice())).collect();
            output::findings(&found, most);
        }
    }
    let (apis, errors_told, warnings) =
        (counted(linted.len(), "API"), counted(errors, "error"), counted(warnings, "warning"));
    say(&format!("{apis}: {errors_told}, {warnings}"));
    Ok(if errors > 0 { Verdict::Findings } else { Verdict::Clean })
}
