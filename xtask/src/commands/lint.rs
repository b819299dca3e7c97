//! `lint [API…] [--format human|json]`: what there is to say about the specs, and nothing else.

use std::path::Path;

use specwright_codegen::diagnostics::Severity;
use specwright_codegen::pipeline;

use crate::output::{self, counted, say};
use crate::{Done, Verdict};

/// Findings are errors; warnings are told and do not fail.
pub(crate) fn run(project: &Path, apis: &[String], json: bool) -> Done {
    let compiled = pipeline::lint(project, apis)?;
    let (mut errors, mut warnings) = (0, 0);
    for it in &compiled {
        errors += it.count(Severity::Error);
        warnings += it.count(Severity::Warning);
        if json {
            output::json_lines(&it.sources, &it.diagnostics)?;
        } else {
            output::diagnostics(&it.sources, &it.diagnostics);
        }
    }
    let (apis, errors_told, warnings) =
        (counted(compiled.len(), "API"), counted(errors, "error"), counted(warnings, "warning"));
    say(&format!("{apis}: {errors_told}, {warnings}"));
    Ok(if errors > 0 { Verdict::Findings } else { Verdict::Clean })
}
