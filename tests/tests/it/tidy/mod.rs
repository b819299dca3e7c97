//! The rules of ARCHITECTURE.md that no compiler checks.

mod contributing;
mod layers;
mod links;
mod manifests;
mod sources;

/// Fails with all offenders at once.
#[track_caller]
fn none(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

/// The code of a Rust file: comments and the text of strings blanked, what only tests see cut off, lines kept.
fn code(text: &str) -> String {
    let text = text.split_once("\n#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(&code_of_line(line));
        out.push('\n');
    }
    out
}

/// Good enough for lines as rustfmt leaves them: no block comments, and long strings are not looked for.
fn code_of_line(line: &str) -> String {
    let mut out = String::new();
    let mut in_text = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if in_text => {
                characters.next();
            }
            // A quote as a character literal opens nothing.
            '"' if out.ends_with('\'') && characters.peek() == Some(&'\'') => {}
            '"' => in_text = !in_text,
            '/' if !in_text && characters.peek() == Some(&'/') => break,
            other if !in_text => out.push(other),
            _ => {}
        }
    }
    out
}

/// Files that only tests see.
fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[test]
fn code_is_what_is_left() {
    assert_eq!(code_of_line(r#"    let a = "x // y \" z"; // crate::emit"#), "    let a = ; ");
    assert_eq!(code_of_line(r#"    it == '"' // x"#), "    it == '' ");
    assert_eq!(code("a\n/// b\n#[cfg(test)]\nmod tests {\n    c\n}\n"), "a\n\n");
}
