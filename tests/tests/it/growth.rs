//! Tests that what the compiler writes grows with the operations of an API, and not faster.

use specwright_codegen::pipeline;

/// What `cargo xtask bench growth` measures.
#[path = "../../../bench/src/growth_spec.rs"]
mod growth_spec;

/// Operations of the smaller API.
const OPERATIONS: usize = 40;
/// Operations of one resource.
const OF_RESOURCE: usize = 10;

#[test]
fn twice_the_operations_give_twice_the_output() {
    let (once, twice) = (Output::of(OPERATIONS), Output::of(2 * OPERATIONS));
    let check = |what: &str, once: usize, twice: usize| {
        let ratio = twice as f64 / once as f64;
        // Every crate has a part that does not depend on its operations; longer numbers in names are a little more.
        assert!((1.7..2.03).contains(&ratio), "{ratio:.3} times the {what}: {twice} for {once}");
    };
    check("files", once.files, twice.files);
    check("lines", once.lines, twice.lines);
    check("bytes", once.bytes, twice.bytes);
}

struct Output {
    files: usize,
    lines: usize,
    bytes: usize,
}

impl Output {
    fn of(operations: usize) -> Output {
        let compiled = pipeline::lint_texts("growth", growth_spec::files(operations, OF_RESOURCE));
        let found: Vec<_> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        let api = compiled.api_without_errors().unwrap_or_else(|| panic!("errors: {found:?}"));
        let files = pipeline::crate_files(api).unwrap_or_else(|_| panic!("names that Rust cannot have"));
        Output {
            files: files.len(),
            lines: files.values().map(|it| it.lines().count()).sum(),
            bytes: files.values().map(String::len).sum(),
        }
    }
}
