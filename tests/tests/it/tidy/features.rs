//! What `cargo xtask` compiled, `cargo test` takes as it is: the crates behind both have the same features.

use std::collections::BTreeSet;
use std::process::Command;

use super::none;
use crate::files;

#[test]
fn the_compiler_is_built_once_for_its_commands_and_for_the_tests() {
    let commands = crates_with_features(&["--package", "xtask", "--edges", "normal,build"]);
    let tests = crates_with_features(&["--workspace", "--edges", "normal,build,dev"]);
    assert!(commands.len() > 20, "{commands:?}");
    // These two are small, and are meant to be compiled with and without what few commands need.
    let small = |it: &&String| ["specwright-cli ", "xtask "].iter().any(|name| it.starts_with(name));
    let twice: Vec<String> = commands.difference(&tests).filter(|it| !small(it)).cloned().collect();
    none(
        "other features in the tests, to be named in codegen/Cargo.toml (or for a workspace crate, in its own)",
        &twice,
    );
}

/// Lines such as `syn v3.0.9 full,parsing`.
fn crates_with_features(what: &[&str]) -> BTreeSet<String> {
    let out = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--quiet", "--prefix", "none", "--format", "{p}|{f}"])
        .args(what)
        .current_dir(files::root())
        .output()
        .expect("cargo");
    assert!(out.status.success(), "cargo tree: {}", String::from_utf8_lossy(&out.stderr));
    let lines = String::from_utf8(out.stdout).expect("UTF-8");
    // Behind the name and version: where a crate of the workspace is, and ` (*)` where one was listed before.
    let line = |it: &str| {
        let (krate, features) = it.trim_end_matches(" (*)").split_once('|')?;
        let name: Vec<&str> = krate.split(' ').take(2).collect();
        Some(format!("{} {features}", name.join(" ")))
    };
    lines.lines().filter_map(line).collect()
}
