//! The cargo workspace of a project: whether it has what the generated crates inherit, and the text that adds it.

use std::path::Path;

use specwright_codegen::failure::Failure;
use specwright_codegen::pipeline;
use specwright_codegen::settings::{EDITION, FILE, Missing, RUST_VERSION, RootManifest, Settings};

use crate::source::Source;

/// Fails where cargo would refuse the generated crates, so that nothing is written that stops cargo.
pub(crate) fn check(project: &Path, settings: &Settings) -> Result<(), Failure> {
    if !settings.crates.workspace || !settings.outputs.crates {
        return Ok(());
    }
    let apis = pipeline::api_names(project)?;
    if apis.is_empty() {
        return Ok(());
    }
    let Some(root) = RootManifest::find(project)? else {
        let message =
            format!("`{}` is in no cargo workspace, but its generated crates inherit from one", project.display());
        return Err(Failure::new(message).help(format!(
            "make a workspace with `cargo xtask init`, or let the crates stand alone: put `workspace = false` below \
             `[crates]` in `{FILE}`"
        )));
    };
    let missing = root.missing(settings, &apis);
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("`{}` lacks what the generated crates inherit; nothing was written", root.path.display());
    let add = lines(&missing, &root.member(settings));
    Err(Failure::new(message).help(format!(
        "add these lines, each below its table:\n\n{add}\n  or let the crates stand alone: put `workspace = false` below \
         `[crates]` in `{FILE}`"
    )))
}

/// The lines to add, below the names of their tables.
fn lines(missing: &[Missing], member: &str) -> String {
    let mut out = String::new();
    let mut last = "";
    for it in missing {
        let (table, line) = line(*it, member);
        if table != last {
            out.push_str(&format!("    [{table}]\n"));
            last = table;
        }
        if !line.is_empty() {
            out.push_str(&format!("    {line}\n"));
        }
    }
    out
}

/// The table and the line of something that is missing. `member` is the pattern of the generated crates.
pub(crate) fn line(missing: Missing, member: &str) -> (&'static str, String) {
    let dependency = |folder: &str| match Source::of_this_program() {
        Ok(source) => source.dependency(folder),
        Err(_) => "{ git = \"…\", rev = \"…\", default-features = false }".to_owned(),
    };
    match missing {
        Missing::Member => ("workspace", format!("members = [\"{member}\"] # beside those that are there")),
        Missing::Package("edition") => ("workspace.package", format!("edition = \"{EDITION}\"")),
        Missing::Package("rust-version") => ("workspace.package", format!("rust-version = \"{RUST_VERSION}\"")),
        Missing::Package("publish") => ("workspace.package", "publish = false".to_owned()),
        Missing::Package(other) => ("workspace.package", format!("{other} = \"MIT OR Apache-2.0\" # or yours")),
        Missing::Dependency("tokio") => {
            ("workspace.dependencies", "tokio = { version = \"1\", default-features = false }".to_owned())
        }
        Missing::Dependency(_) => ("workspace.dependencies", format!("specwright-runtime = {}", dependency("runtime"))),
        Missing::Lints => ("workspace.lints", String::new()),
    }
}
