//! Tests that the crates which may be published could be: what registries ask for, licences, and the version of Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use serde_json::Value;

use super::none;
use crate::files;

/// Cargo's description of the workspace and of all that it depends on, on every platform: a build brings what its own
/// needs, so that the rest is fetched here. If that fails, cargo tells below what is missing.
fn metadata() -> Value {
    static FETCHED: Once = Once::new();
    FETCHED.call_once(|| {
        let fetch =
            Command::new(env!("CARGO")).args(["fetch", "--locked", "--quiet"]).current_dir(files::root()).status();
        assert!(fetch.is_ok(), "cargo: {fetch:?}");
    });
    let args = ["metadata", "--offline", "--locked", "--format-version", "1", "--all-features"];
    let out = Command::new(env!("CARGO")).args(args).current_dir(files::root()).output().expect("cargo");
    assert!(out.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The packages of the workspace that may be published.
fn published(metadata: &Value) -> Vec<&Value> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages.filter(|it| it["source"].is_null() && it["publish"].is_null()).collect()
}

#[test]
fn what_registries_show_is_there() {
    let metadata = metadata();
    let packages = published(&metadata);
    assert_eq!(packages.len(), 11, "{:?}", packages.iter().map(|it| text(it, "name")).collect::<Vec<_>>());
    let mut offenders = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let folder = Path::new(text(package, "manifest_path")).parent().expect("a folder");
        let mut check = |good: bool, what: &str| {
            if !good {
                offenders.push(format!("{name}: {what}"));
            }
        };
        check(!text(package, "description").is_empty(), "description");
        check(folder.join(text(package, "readme")).is_file(), "readme");
        check(package["keywords"].as_array().is_some_and(|it| (1..=5).contains(&it.len())), "keywords");
        check(package["categories"].as_array().is_some_and(|it| !it.is_empty()), "categories");
        check(package["metadata"]["docs"]["rs"]["all-features"] == true, "docs.rs with all features");
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let same = fs::read(folder.join(licence)).ok() == fs::read(files::root().join(licence)).ok();
            check(same, licence);
        }
    }
    none("a crate lacks what registries show", &offenders);
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    let metadata = metadata();
    let version =
        |it: &Value| -> Vec<u32> { text(it, "rust_version").split('.').filter_map(|it| it.parse().ok()).collect() };
    let packages: BTreeMap<&str, &Value> =
        metadata["packages"].as_array().into_iter().flatten().map(|it| (text(it, "id"), it)).collect();
    let nodes: BTreeMap<&str, &Value> =
        metadata["resolve"]["nodes"].as_array().into_iter().flatten().map(|it| (text(it, "id"), it)).collect();
    let mut offenders = Vec::new();
    for package in published(&metadata) {
        let (mut seen, mut open) = (BTreeSet::new(), vec![text(package, "id")]);
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let newer = packages.get(id).filter(|it| version(it) > version(package));
            offenders.extend(newer.map(|it| format!("{} needs {}", text(package, "name"), text(it, "name"))));
            let used =
                |it: &&Value| it["dep_kinds"].as_array().is_some_and(|it| it.iter().any(|it| it["kind"] != "dev"));
            let node = nodes.get(id).and_then(|it| it["deps"].as_array());
            open.extend(node.into_iter().flatten().filter(used).map(|it| text(it, "pkg")));
        }
    }
    none("a dependency needs a newer Rust than the crate says", &offenders);
}

#[test]
fn cargo_packages_them() {
    let metadata = metadata();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["package", "--offline", "--no-verify", "--allow-dirty", "--exclude-lockfile", "--target-dir"])
        .arg(target);
    for package in published(&metadata) {
        command.args(["--package", text(package, "name")]);
    }
    let out = command.current_dir(files::root()).output().expect("cargo");
    assert!(out.status.success(), "cargo package: {}", String::from_utf8_lossy(&out.stderr));
}
