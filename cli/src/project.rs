//! The project that a command works on.

use std::env;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use specwright_codegen::failure::Failure;
use specwright_codegen::pipeline::SPEC;
use specwright_codegen::settings;

/// The folder named by `--project`, else the nearest parent folder with `spec/`, else the workspace of this tool.
pub(crate) fn root(matches: &ArgMatches) -> Result<PathBuf, Failure> {
    if let Some(named) = matches.get_one::<PathBuf>("project") {
        if named.is_dir() {
            return Ok(named.clone());
        }
        return Err(Failure::new(format!("`{}` is not a folder", named.display())));
    }
    let here =
        env::current_dir().map_err(|error| Failure::new(format!("the current folder cannot be read: {error}")))?;
    if let Some(root) = here.ancestors().find(|it| is_project(it)) {
        return Ok(root.to_path_buf());
    }
    // `cargo run --manifest-path` from elsewhere: cargo says where the tool itself lives.
    let workspace = env::var_os("CARGO_MANIFEST_DIR").and_then(|it| Some(Path::new(&it).parent()?.to_path_buf()));
    workspace.filter(|it| is_project(it)).ok_or_else(|| {
        // What is nearly a project is what was meant.
        match here.ancestors().find(|it| it.join(SPEC).is_dir()) {
            Some(folder) => Failure::new(format!("`{}` contains `{SPEC}/`, but no `Cargo.toml`", folder.display()))
                .help("put the workspace's `Cargo.toml` or a `specwright.toml` beside it, or pass `--project`"),
            None => Failure::new(format!("neither `{}` nor a folder above it contains `{SPEC}/`", here.display()))
                .help("run this in a project, pass `--project`, or make a project with `cargo xtask init`"),
        }
    })
}

/// `spec/` is a common name, so a project must also have a workspace or a project file beside it.
fn is_project(folder: &Path) -> bool {
    folder.join(SPEC).is_dir() && ["Cargo.toml", settings::FILE].iter().any(|it| folder.join(it).is_file())
}
