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
    let compiled = pipeline::lint(project, apis)?;
    let count = |severity| compiled.iter().map(|it| it.count(severity)).sum::<usize>();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match form {
        Form::Json => {
            for it in &compiled {
                if !output::json_lines(&it.sources, &it.diagnostics)? {
                    break;
                }
            }
        }
        Form::Human { most } => {
            let found: Vec<_> = compiled.iter().map(|it| (&it.sources, it.diagnostics.as_slice())).collect();
            output::findings(&found, most);
        }
    }
    let (apis, errors_told, warnings) =
        (counted(compiled.len(), "API"), counted(errors, "error"), counted(warnings, "warning"));
    say(&format!("{apis}: {errors_told}, {warnings}"));
    Ok(if errors > 0 { Verdict::Findings } else { Verdict::Clean })
}
