//! Tests that every crate inherits the settings of the workspace.

use std::fs;

use super::none;
use crate::files;

/// Tables of the package and their required entries, in the form that every manifest here uses.
const INHERITED: [&str; 4] = [
    "edition.workspace = true",
    "license.workspace = true",
    "rust-version.workspace = true",
    "[lints]\nworkspace = true",
];

/// The compiler locks files with the standard library, which requires a newer version than the generated crates do.
const NOT_INHERITED: [&str; 9] = ["call", "cli", "codegen", "contract", "diff", "format", "import", "language", "yaml"];

#[test]
fn every_crate_inherits_what_the_workspace_decides() {
    let root = files::root();
    let by_hand = [
        "bench",
        "call",
        "cli",
        "codegen",
        "contract",
        "diff",
        "examples",
        "format",
        "import",
        "language",
        "runtime",
        "tests",
        "tests/specs",
        "tests/ui",
        "xtask",
        "yaml",
    ]
    .map(str::to_owned);
    let generated = files::folders("generated").into_iter().map(|it| format!("generated/{it}"));
    let mut offenders = Vec::new();
    for krate in by_hand.into_iter().chain(generated) {
        let Ok(manifest) = fs::read_to_string(root.join(&krate).join("Cargo.toml")) else { continue };
        let manifest = manifest.replace("\r\n", "\n");
        let missing = INHERITED.iter().filter(|it| {
            !(manifest.contains(**it) || it.starts_with("rust-version") && NOT_INHERITED.contains(&krate.as_str()))
        });
        offenders.extend(missing.map(|it| format!("{krate}/Cargo.toml: {}", it.replace('\n', " "))));
    }
    none("a manifest does not inherit", &offenders);
}

#[test]
fn every_dependency_by_hand_is_declared_once() {
    let mut offenders = Vec::new();
    for manifest in files::by_hand("Cargo.toml").iter().filter(|it| it.path != "Cargo.toml") {
        let mut in_dependencies = false;
        for line in manifest.text.lines() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && line.contains('=') && !line.starts_with('#') && !inherits(line) {
                offenders.push(format!("{}: {line}", manifest.path));
            }
        }
    }
    // Only the tests and the examples depend on generated crates.
    let uses = |it: &str| it.starts_with("tests/Cargo.toml") || it.starts_with("examples/Cargo.toml");
    offenders.retain(|it| !(uses(it) && it.contains("generated/")));
    // The runtime disables features that the workspace enables for the compiler, which is not possible with inheritance.
    offenders.retain(|it| !it.starts_with("runtime/Cargo.toml: serde"));
    none("versions belong in the workspace's manifest", &offenders);
}

fn inherits(line: &str) -> bool {
    line.contains("workspace = true")
}
