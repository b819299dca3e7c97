//! Tests the rules of ARCHITECTURE.md that no compiler checks.

mod contributing;
mod dependencies;
mod features;
mod generated_functions;
mod generated_size;
mod layers;
mod links;
mod manifests;
mod modules;
mod packages;
mod sources;

/// Fails with a list of all offenders.
#[track_caller]
fn none(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

/// The code of a Rust file: comments and the text of strings are blanked, test code is cut off, and lines are kept.
fn code(text: &str) -> String {
    let text = text.split_once("\n#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(&code_of_line(line));
        out.push('\n');
    }
    out
}

/// It is sufficient for lines that rustfmt has formatted. It does not handle block comments and multi-line strings.
fn code_of_line(line: &str) -> String {
    let mut out = String::new();
    let mut in_text = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if in_text => {
                characters.next();
            }
            // A quote in a character literal does not open a string.
            '"' if out.ends_with('\'') && characters.peek() == Some(&'\'') => {}
            '"' => in_text = !in_text,
            '/' if !in_text && characters.peek() == Some(&'/') => break,
            other if !in_text => out.push(other),
            _ => {}
        }
    }
    out
}

/// The paths after a prefix such as `crate::`, one for each name of a list in braces.
fn imports(code: &str, prefix: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        // `$crate` is a path in the crate that uses a macro.
        if !code[..at].ends_with('$') {
            collect_paths("", &code[at + prefix.len()..], &mut paths);
        }
    }
    paths
}

fn collect_paths(above: &str, text: &str, paths: &mut Vec<String>) {
    let is_path = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == ':';
    let end = text.find(|it| !is_path(it)).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    match rest.strip_prefix('{') {
        Some(list) if path.is_empty() || path.ends_with("::") => {
            items_of_list(list).for_each(|it| collect_paths(&format!("{above}{path}"), it, paths));
        }
        _ if path.is_empty() => {}
        _ => paths.push(format!("{above}{}", path.trim_end_matches(':'))),
    }
}

/// The parts of a list between commas, up to its closing brace.
fn items_of_list(list: &str) -> impl Iterator<Item = &str> {
    let mut items = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' | ',' if depth == 0 => {
                items.push(list[start..at].trim_start());
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    items.into_iter()
}

#[test]
fn imports_are_found() {
    let code = "use crate::source::Span;\nuse crate::{model, yaml::{Node, Kind}, emit};\nlet a = crate::lower::x();\n$crate::y";
    let expected = ["source::Span", "model", "yaml::Node", "yaml::Kind", "emit", "lower::x"];
    assert_eq!(imports(code, "crate::"), expected);
}

/// Files that are only compiled for tests.
fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[test]
fn comments_and_strings_are_not_code() {
    assert_eq!(code_of_line(r#"    let a = "x // y \" z"; // crate::emit"#), "    let a = ; ");
    assert_eq!(code_of_line(r#"    it == '"' // x"#), "    it == '' ");
    assert_eq!(code("a\n/// b\n#[cfg(test)]\nmod tests {\n    c\n}\n"), "a\n\n");
}
