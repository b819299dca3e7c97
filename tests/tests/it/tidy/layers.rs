//! Tests which modules of the compiler may use each other, and which crates may depend on each other.

use super::{code, imports, is_test, none};
use crate::files;

/// The compiler, in two crates.
const COMPILER: [&str; 2] = ["language/src/", "codegen/src/"];

/// A stage and the modules that it must not use. Data flows in one direction, so these are mostly the stages to its
/// right.
const NEVER: [(&str, &[&str]); 16] = [
    ("diagnostics", &["syntax", "resolve", "check", "lower", "emit", "write", "pipeline"]),
    ("yaml", &["syntax", "resolve", "model", "check", "interpret", "lower", "emit", "write", "pipeline"]),
    ("syntax", &["resolve", "check", "interpret", "lower", "emit", "write", "pipeline"]),
    ("resolve", &["check", "interpret", "lower", "emit", "write", "pipeline"]),
    (
        "model",
        &["yaml", "syntax", "resolve", "check", "interpret", "lower", "emit", "write", "pipeline", "diagnostics"],
    ),
    (
        "pattern",
        &[
            "yaml",
            "syntax",
            "resolve",
            "analyse",
            "check",
            "interpret",
            "constraints",
            "lower",
            "emit",
            "write",
            "pipeline",
        ],
    ),
    (
        "constraints",
        &[
            "yaml",
            "syntax",
            "resolve",
            "analyse",
            "check",
            "interpret",
            "boundary",
            "lower",
            "emit",
            "write",
            "pipeline",
        ],
    ),
    ("analyse", &["yaml", "syntax", "resolve", "interpret", "lower", "emit", "write", "pipeline"]),
    ("specialise", &["yaml", "syntax", "resolve", "check", "interpret", "lower", "emit", "write", "pipeline"]),
    ("check", &["yaml", "syntax", "resolve", "lower", "emit", "write", "pipeline"]),
    // The second and the third implementation of the keywords must not use the table of their meanings.
    ("interpret", &["yaml", "syntax", "resolve", "constraints", "lower", "emit", "write", "pipeline"]),
    ("prose", &["yaml", "syntax", "resolve", "lower", "emit", "write", "pipeline"]),
    ("xml", &["yaml", "syntax", "resolve", "check", "interpret", "lower", "emit", "write", "pipeline"]),
    ("lower", &["yaml", "syntax", "resolve", "constraints", "emit", "write", "pipeline"]),
    ("emit", &["yaml", "syntax", "resolve", "write", "pipeline"]),
    ("write", &["yaml", "syntax", "resolve", "model", "check", "interpret", "lower", "emit", "pipeline"]),
];

/// A stage, one that it may use in part, and that part.
const ONLY: [(&str, &str, &str); 1] = [("emit", "lower", "lower::view")];

/// Calls that change the disk.
const WRITES: [&str; 8] = [
    "fs::write",
    "fs::rename",
    "fs::remove_",
    "fs::create_dir",
    "fs::copy",
    "File::create",
    "OpenOptions",
    "File::options",
];

/// Modules that may write: the writer, the records that nothing has changed or was wrong, and the cache of printed output.
const WRITERS: [&str; 4] = [
    "codegen/src/write/",
    "codegen/src/pipeline/fingerprint.rs",
    "codegen/src/pipeline/linted.rs",
    "codegen/src/pipeline/emit_cache.rs",
];

#[test]
fn stages_use_only_what_is_to_their_left() {
    let mut offenders = Vec::new();
    for file in files::by_hand(".rs").iter().filter(|it| !is_test(&it.path)) {
        let Some(rest) = COMPILER.iter().find_map(|it| file.path.strip_prefix(it)) else { continue };
        let stage = rest.split(['/', '.']).next().unwrap_or(rest);
        let Some((_, never)) = NEVER.iter().find(|(name, _)| *name == stage) else { continue };
        for used in imports(&code(&file.text), "crate::") {
            let is_of = |part: &str| used == part || used.starts_with(&format!("{part}::"));
            let beyond = |(user, whole, part): &(&str, &str, &str)| *user == stage && is_of(whole) && !is_of(part);
            if never.iter().any(|it| is_of(it)) || ONLY.iter().any(beyond) {
                offenders.push(format!("{} uses `crate::{used}`", file.path));
            }
        }
    }
    none("a stage uses a module that it must not use", &offenders);
}

/// The table, and items of `model` that the interpreter must not use either, because the table is based on them.
const OF_THE_TABLE: [&str; 4] = ["constraints::", "same_value", "is_exclusive", ".allows("];

#[test]
fn readings_of_the_keywords_are_independent() {
    let mut offenders = Vec::new();
    for (folder, forbidden) in
        [("language/src/interpret/", &OF_THE_TABLE[..]), ("codegen/src/emit/rust/", &OF_THE_TABLE[..1])]
    {
        for file in files::by_hand(".rs").iter().filter(|it| it.path.starts_with(folder) && !is_test(&it.path)) {
            let code = code(&file.text).replace("super::constraints::", "");
            offenders
                .extend(forbidden.iter().filter(|it| code.contains(**it)).map(|it| format!("{}: {it}", file.path)));
        }
    }
    none("an implementation that is compared with the table uses the table", &offenders);
}

#[test]
fn stages_are_called_in_the_order_that_is_told() {
    let text = |path: &str| std::fs::read_to_string(files::root().join(path)).expect(path);
    let (page, pipeline) = (text("ARCHITECTURE.md"), text("codegen/src/pipeline/one_api.rs"));
    let stages = text("language/src/stages.rs");
    let body = |file: &str, name: &str| {
        let (_, rest) = file.split_once(&format!("fn {name}(")).unwrap_or_else(|| panic!("no `fn {name}`"));
        rest.split_once("\n}\n").expect("the end of a function").0.to_owned()
    };
    let check = |first: &str, code: &str| {
        let quoted = page.split_once(&format!("```text\n{first}")).and_then(|(_, it)| it.split_once("```"));
        let mut rest = code;
        for call in format!("{first}{}", quoted.expect("a row of calls").0).split('→').map(str::trim) {
            let place = rest.find(&format!("{call}(")).unwrap_or_else(|| panic!("`{call}` is not called here"));
            rest = &rest[place..];
        }
    };
    check("stages::load", &body(&pipeline, "generate_one"));
    // The one half calls the first two, the other the rest.
    check("load::documents", &(body(&stages, "resolved") + &body(&stages, "judge")));
}

#[test]
fn only_the_writer_writes() {
    let mut offenders = Vec::new();
    let is_compiler = |path: &str| COMPILER.iter().any(|it| path.starts_with(it));
    for file in files::by_hand(".rs").iter().filter(|it| is_compiler(&it.path) && !is_test(&it.path)) {
        if WRITERS.iter().any(|it| file.path.starts_with(it)) {
            continue;
        }
        let code = code(&file.text);
        offenders.extend(WRITES.iter().filter(|it| code.contains(**it)).map(|it| format!("{}: {it}", file.path)));
    }
    none("the disk is changed outside of `write`", &offenders);
}

#[test]
fn no_crate_by_hand_depends_on_a_generated_one() {
    let generated = files::folders("generated");
    let mut offenders = Vec::new();
    // `tests` does, because it tests the generated crates.
    for name in ["bench", "call", "cli", "codegen", "contract", "language", "runtime", "xtask"] {
        let manifests = files::by_hand("Cargo.toml");
        let Some(manifest) = manifests.iter().find(|it| it.path == format!("{name}/Cargo.toml")) else { continue };
        let keys = manifest.text.lines().filter_map(|it| it.split(['.', '=', ' ']).next());
        offenders.extend(keys.filter(|it| generated.iter().any(|krate| krate == it)).map(|it| format!("{name}: {it}")));
        if manifest.text.contains("generated/") {
            offenders.push(format!("{name}: a path into `generated/`"));
        }
    }
    none("a hand-written crate depends on a generated one, so a broken generated crate would break it", &offenders);
}

#[test]
fn the_language_does_not_know_what_is_made_of_it() {
    let manifests = files::by_hand("Cargo.toml");
    let manifest = manifests.iter().find(|it| it.path == "language/Cargo.toml").expect("a manifest");
    assert!(!manifest.text.contains("specwright-codegen"), "`language` depends on `codegen`");
}

#[test]
fn the_runtime_and_the_compiler_do_not_know_each_other() {
    for (krate, other) in [
        ("runtime", "specwright-codegen"),
        ("runtime", "specwright-language"),
        ("codegen", "specwright-runtime"),
        ("language", "specwright-runtime"),
    ] {
        let manifests = files::by_hand("Cargo.toml");
        let manifest = manifests.iter().find(|it| it.path == format!("{krate}/Cargo.toml")).expect("a manifest");
        let dependencies = manifest.text.split_once("[dev-dependencies]").map_or(&*manifest.text, |(it, _)| it);
        assert!(!dependencies.contains(other), "`{krate}` depends on `{other}`");
    }
}
