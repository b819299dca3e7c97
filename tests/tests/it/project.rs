//! Tests that the crates of [`tests/project`](../../project) are what the generator writes today.

use std::path::{Path, PathBuf};

use specwright_codegen::pipeline::{self, Outcome};
use specwright_codegen::write::Mode;

/// The folder of the test project.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("project")
}

#[test]
fn the_test_project_is_up_to_date() {
    assert_fresh(&folder(), "cargo xtask codegen --project tests/project");
}

#[track_caller]
fn assert_fresh(project: &Path, command: &str) {
    let outcome: Outcome = pipeline::lock(project, Mode::Check, || ())
        .and_then(|lock| pipeline::generate(&lock, &[]))
        .unwrap_or_else(|failure| panic!("{}: {failure}", project.display()));
    assert!(!outcome.has_errors(), "a spec has errors: run `{command}`");
    let changed: Vec<_> = outcome.drift.iter().map(|it| it.path.as_str()).collect();
    assert!(changed.is_empty(), "these differ from the generator's output: {changed:?}; run `{command}`");
}
