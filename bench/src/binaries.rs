//! Small programs, built below `target/bench/programs` with the dependencies of this workspace's lock file.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::context::{Context, read, write};
use crate::{Result, process};

/// Profiles of a program: the one that cargo has for releases, and the one that people choose who mind size.
const PROFILES: &str = r#"
[profile.release]
strip = true

[profile.small]
inherits = "release"
opt-level = "z"
lto = "fat"
codegen-units = 1
panic = "abort"
"#;

/// A program, and what it depends on: lines of its manifest.
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) dependencies: String,
}

/// Where the code of a program comes from.
pub(crate) enum Source {
    Text(String),
    File(PathBuf),
}

/// Writes the workspace of these programs. `folder` is its name below `target/bench`.
pub(crate) fn prepare(context: &Context, folder: &str, programs: &[Program]) -> Result<PathBuf> {
    let workspace = context.fresh_folder(folder)?;
    let members: Vec<String> = programs.iter().map(|it| package(&it.name)).collect();
    write(&workspace.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n{PROFILES}"))?;
    write(&workspace.join("Cargo.lock"), &read(&context.root.join("Cargo.lock"))?)?;
    for it in programs {
        let package = package(&it.name);
        let member = workspace.join(&package);
        let mut manifest = format!("[package]\nname = {package:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n");
        match &it.source {
            Source::Text(text) => write(&member.join("src/main.rs"), text)?,
            Source::File(path) => {
                let _ = write!(manifest, "\n[[bin]]\nname = {package:?}\npath = {path:?}\n");
            }
        }
        let _ = write!(manifest, "\n[dependencies]\n{}", it.dependencies);
        write(&member.join("Cargo.toml"), &manifest)?;
    }
    Ok(workspace)
}

/// Builds one program of a workspace, and returns where it is.
pub(crate) fn build(context: &Context, workspace: &PathBuf, program: &str, profile: &str) -> Result<PathBuf> {
    let mut cargo = context.cargo();
    let package = package(program);
    cargo.current_dir(workspace).args(["build", "--quiet", "--profile", profile, "-p", &package]);
    process::run(&mut cargo)?;
    Ok(context.target().join(profile).join(package))
}

/// The package of a program. Programs are called like the generated crates that they depend on.
fn package(program: &str) -> String {
    format!("bench-{program}")
}

/// A line of a manifest's dependencies: a crate of this repository.
pub(crate) fn dependency(context: &Context, name: &str, folder: &str, features: &[&str]) -> String {
    let path = context.root.join(folder);
    format!("{name} = {{ path = {path:?}, default-features = false, features = {features:?} }}\n")
}
