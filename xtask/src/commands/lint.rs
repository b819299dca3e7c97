//! `lint [API…] [--format human|json]`: what there is to say about the specs, and nothing else.

use std::path::Path;

use specwright_codegen::diagnostics::Severity;
use specwright_codegen::pipeline;

use crate::output::{self, counted, say};
use crate::{CommandResult, Verdict};

/// How what was found is told.
pub(crate) enum Form {
    /// For people: at most so many.
    Human { most: usize },
    /// For programs: all.
    Json,
}

/// Findings are errors; warnings are told and do not fail.
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
