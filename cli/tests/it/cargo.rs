//! How the tool starts cargo, seen by a program in its place.

use crate::project::{Project, command};

/// Build scripts run again when a variable such as `CARGO_PKG_VERSION_MAJOR` changes.
#[test]
fn cargo_starts_as_if_typed_by_hand() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    // `sh fmt --all --check` runs this file, and `cargo fmt --all --check` is the first step of `check`.
    project.put("fmt", "env > seen\nexit 1\n");
    let output = command(&project.root, &["check"])
        .envs([("CARGO", "sh"), ("CARGO_PKG_VERSION_MAJOR", "7"), ("CARGO_MANIFEST_PATH", "x")])
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .expect("the tool runs");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let seen = project.get("seen");
    let names: Vec<&str> = seen.lines().filter_map(|it| Some(it.split_once('=')?.0)).collect();
    assert!(names.contains(&"CARGO_NET_OFFLINE"), "{names:?}");
    let of_the_package = |it: &&&str| it.starts_with("CARGO_PKG") || it.starts_with("CARGO_MANIFEST");
    assert_eq!(names.iter().find(of_the_package), None);
}
