//! What is said about faulty documents, word for word.

use super::{DEEPEST, MOST_BYTES, read, said};

#[track_caller]
fn check(yaml: &str, expected: &str) {
    let said = said(yaml);
    assert!(said == expected.trim_start_matches('\n'), "said about {yaml:?}:\n\n{said}\n");
}

/// Code, line, column and message of each fault.
#[track_caller]
fn check_short(yaml: &str, expected: &[&str]) {
    let (sources, _, diagnostics) = read(yaml);
    let lines: Vec<_> = diagnostics.iter().map(|it| crate::diagnostics::render::short(&sources, it)).collect();
    let lines: Vec<_> = lines.iter().map(|it| it.trim_start_matches("spec.yaml:")).collect();
    assert_eq!(lines, expected, "{yaml:?}");
}
//CASES
#[test]
fn nesting_has_a_limit() {
    for depth in [DEEPEST - 1, DEEPEST, 200, 300, 100_000] {
        let yaml = format!("a: {}{}\nb: no\n", "[".repeat(depth), "]".repeat(depth));
        let (_, _, diagnostics) = read(&yaml);
        let too_deep = diagnostics.iter().filter(|it| it.code == crate::diagnostics::Code::NestedTooDeep).count();
        assert_eq!(too_deep, usize::from(depth >= DEEPEST), "{depth}");
    }
    let block: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check_short(&block, &["65:65: error[SW0108]: nested deeper than 64 levels"]);
}

#[test]
fn huge_files_are_refused() {
    let yaml = format!("a: {}\n", "x".repeat(MOST_BYTES));
    let (_, node, diagnostics) = read(&yaml);
    assert!(node.is_none());
    assert_eq!(diagnostics[0].message, "the file has 4194308 bytes; at most 4194304 are read");
}
