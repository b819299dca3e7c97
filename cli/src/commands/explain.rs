//! `explain [CODE]`: the page of a diagnostic, or the list of all codes.

use specwright_codegen::diagnostics::{Code, suggest};
use specwright_codegen::failure::Failure;

use crate::{CommandResult, Verdict, output};

/// Prints to standard output, for a pager.
pub(crate) fn run(code: Option<&str>) -> CommandResult {
    let text = match code {
        None => Code::all().iter().map(|it| format!("{it}  {}\n", it.title())).collect(),
        Some(code) => {
            let known = Code::parse(code).ok_or_else(|| unknown(code))?;
            format!("{}\n", known.page().trim_end())
        }
    };
    output::print(&text)?;
    Ok(Verdict::Clean)
}

fn unknown(code: &str) -> Failure {
    let failure = Failure::new(format!("there is no diagnostic code `{code}`"));
    match suggest::nearest(code, Code::all().iter().map(|it| it.as_str())) {
        Some(near) => failure.help(format!("a similar one exists: `{near}`; `cargo xtask explain` lists all")),
        None => failure.help("`cargo xtask explain` lists all"),
    }
}
