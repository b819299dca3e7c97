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
const NOT_INHERITED: [&str; 12] = [
    "call",
    "cli",
    "codegen",
    "contract",
    "diff",
    "format",
    "import",
    "language",
    "quote",
    "tests/units/codegen",
    "tests/units/language",
    "yaml",
];

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
        "quote",
        "runtime",
        "tests",
        "tests/specs",
        "tests/ui",
        "tests/units/codegen",
        "tests/units/language",
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

/// Where the examples of docs are not run, since there are none, one that comes later must not go unnoticed.
#[test]
fn examples_in_docs_are_run() {
    let mut offenders = Vec::new();
    for manifest in files::by_hand("Cargo.toml").iter().filter(|it| it.text.contains("doctest = false")) {
        let sources = manifest.path.replace("Cargo.toml", "src/");
        for file in files::by_hand(".rs").iter().filter(|it| it.path.starts_with(&sources)) {
            let docs = file.text.lines().filter_map(|it| it.trim_start().strip_prefix("//")?.strip_prefix(['/', '!']));
            // Every second fence closes what the one before opened.
            let opens = docs.map(str::trim).filter(|it| it.starts_with("```")).step_by(2);
            offenders.extend(
                opens.filter(|it| *it == "```" || it.contains("rust")).map(|it| format!("{}: {it}", file.path)),
            );
        }
    }
    none("a package with `doctest = false` has an example in its docs", &offenders);
}

/// The packages in `tests/units` compile the sources of another crate, so they have its dependencies.
#[test]
fn unit_tests_have_the_dependencies_of_their_crate() {
    let dependencies = |path: &str| -> Vec<String> {
        let manifests = files::by_hand("Cargo.toml");
        let manifest = manifests.iter().find(|it| it.path == path).expect("a manifest");
        let section = manifest.text.split_once("[dependencies]\n").expect("dependencies").1;
        let section =
            section.split("\n[").next().unwrap_or_default().split("# Not used here").next().unwrap_or_default();
        section.lines().filter(|it| it.contains('=')).map(str::to_owned).collect()
    };
    for krate in ["codegen", "language"] {
        let own = dependencies(&format!("{krate}/Cargo.toml"));
        assert!(!own.is_empty());
        assert_eq!(dependencies(&format!("tests/units/{krate}/Cargo.toml")), own, "{krate}");
    }
}

fn inherits(line: &str) -> bool {
    line.contains("workspace = true")
}
