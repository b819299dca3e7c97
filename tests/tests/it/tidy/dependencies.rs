//! Tests the number of crates that a generated crate depends on against budgets, so that it does not grow unnoticed.

use std::collections::BTreeSet;
use std::process::Command;

use super::none;
use crate::files;

/// Features of a generated crate, and the most crates in all, itself included.
const BUDGETS: [(&str, usize); 6] = [
    ("images", 18),
    ("images,gzip", 24),
    ("images,serde", 19),
    ("images,blocking", 39),
    ("images,reqwest-rustls", 97),
    ("images,reqwest-rustls,blocking,gzip,serde", 110),
];

#[test]
fn generated_crates_keep_to_their_dependencies() {
    let mut offenders = Vec::new();
    for (features, most) in BUDGETS {
        let found = crates(features).len();
        // A budget that is far from the actual number is useless.
        if found > most || found * 10 < most * 8 {
            offenders.push(format!("{features}: {found} crates, with a budget of {most}"));
        }
    }
    none("the dependencies of `animeapi` do not fit their budgets", &offenders);
}

/// The crates of a build on Linux, by name and version.
fn crates(features: &str) -> BTreeSet<String> {
    let out = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--quiet", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--package", "animeapi", "--no-default-features", "--features", features])
        .args(["--target", "x86_64-unknown-linux-gnu"])
        .current_dir(files::root())
        .output()
        .expect("cargo");
    assert!(out.status.success(), "cargo tree: {}", String::from_utf8_lossy(&out.stderr));
    let lines = String::from_utf8(out.stdout).expect("UTF-8");
    lines.lines().map(|it| it.trim_end_matches(" (*)").to_owned()).filter(|it| !it.is_empty()).collect()
}
