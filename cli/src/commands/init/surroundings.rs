//! What is around the folder that gets a spec: workspaces, their packages, and the version of Rust.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use specwright_codegen::failure::Failure;
use specwright_codegen::regular_file;
use specwright_codegen::settings::RootManifest;
use toml_edit::DocumentMut;

use crate::cargo;
use crate::output::say;

/// The oldest Rust that compiles the commands.
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// Fails if the manifest in a folder belongs to the workspace of a folder above it, which is the one to add to.
pub(super) fn is_root(folder: &Path) -> Result<(), Failure> {
    let Some(root) = RootManifest::find(folder)? else { return Ok(()) };
    let own = fs::canonicalize(folder.join("Cargo.toml")).ok();
    if own.as_ref() == Some(&root.path) || !includes(&root.path, folder) {
        return Ok(());
    }
    let above = root.path.parent().unwrap_or(&root.path).display().to_string();
    let message = format!("`{}` is a package of the workspace `{above}`", folder.display());
    Err(Failure::new(message).help(format!("add the spec to the workspace: `cargo xtask init {above} --existing`")))
}

/// Says that a new workspace lies in another one, which cargo may take for its own.
pub(super) fn note_outer_workspace(folder: &Path) {
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let above = full.ancestors().skip(1).find(|it| it.is_dir());
    if let Some(root) = above.and_then(|it| RootManifest::find(it).ok().flatten())
        && let Some(above) = root.path.parent()
    {
        say(&format!(
            "note: this is inside of the workspace `{}`, which must not have it among its members; `--existing` adds a spec \
             to that one instead",
            above.display()
        ));
    }
}

/// Whether cargo takes a package for one of the workspace's. Where cargo does not answer, it is not.
fn includes(root: &Path, folder: &Path) -> bool {
    let manifest = fs::canonicalize(folder.join("Cargo.toml")).ok();
    metadata(root).is_some_and(|it| packages(&it).any(|it| manifest_path(it) == manifest && manifest.is_some()))
}

/// The names of the packages of a workspace; none if cargo cannot read it, which it says itself later.
pub(super) fn names_of_packages(folder: &Path) -> Vec<String> {
    let Some(metadata) = metadata(&folder.join("Cargo.toml")) else { return Vec::new() };
    packages(&metadata).filter_map(|it| it["name"].as_str().map(str::to_owned)).collect()
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn manifest_path(package: &Value) -> Option<PathBuf> {
    fs::canonicalize(package["manifest_path"].as_str()?).ok()
}

fn metadata(manifest: &Path) -> Option<Value> {
    let mut command = cargo::command();
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"]).arg(manifest);
    let output = command.stderr(Stdio::null()).output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

/// Says so if the workspace is bound to a Rust that is too old for the commands.
pub(super) fn note_old_toolchain(folder: &Path) {
    for name in ["rust-toolchain.toml", "rust-toolchain"] {
        let Ok(text) = regular_file::read_to_string(&folder.join(name)) else { continue };
        if let Some(channel) = channel(&text).filter(|it| is_too_old(it)) {
            say(&format!(
                "note: `{name}` asks for Rust {channel}; the commands need {RUST_VERSION}, so name that or a newer one"
            ));
        }
        return;
    }
}

/// The channel of a toolchain file: TOML, or its name alone.
fn channel(text: &str) -> Option<String> {
    match text.parse::<DocumentMut>() {
        Ok(document) => Some(document.get("toolchain")?.get("channel")?.as_str()?.to_owned()),
        Err(_) => Some(text.trim().to_owned()),
    }
}

/// Names such as `stable` are not known to be too old.
fn is_too_old(channel: &str) -> bool {
    let numbers = |it: &str| it.split('.').take(2).map(|it| it.parse().ok()).collect::<Option<Vec<u32>>>();
    let (found, oldest) = (numbers(channel.split('-').next().unwrap_or(channel)), numbers(RUST_VERSION));
    found.zip(oldest).is_some_and(|(found, oldest)| found < oldest)
}

#[cfg(test)]
mod tests {
    use super::{channel, is_too_old};

    #[test]
    fn toolchains_that_are_too_old_are_known() {
        let check = |text: &str, expected: bool| {
            assert_eq!(channel(text).is_some_and(|it| is_too_old(&it)), expected, "{text}");
        };
        check("[toolchain]\nchannel = \"1.75.0\"\n", true);
        check("[toolchain]\nchannel = \"1.75\"\n", true);
        check("1.60.0\n", true);
        check("1.75.0-x86_64-unknown-linux-gnu\n", true);
        check("[toolchain]\nchannel = \"1.95.0\"\n", false);
        check("[toolchain]\nchannel = \"stable\"\n", false);
        check("nightly-2024-01-01\n", false);
        check("[toolchain]\npath = \"/x\"\n", false);
    }
}
