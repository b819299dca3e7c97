//! Empty lines between items: tokens have none.

/// Puts an empty line before every item but the first of its block: `quote!` drops them all.
pub(crate) fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut before = "";
    for line in text.lines() {
        if needs_space(before, line) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}

fn needs_space(before: &str, line: &str) -> bool {
    // Most lines are deeper.
    if line.starts_with("     ") {
        return false;
    }
    let indent = |it: &str| it.bytes().take_while(|it| *it == b' ').count();
    let depth = indent(line);
    // A value of several lines ends deeper than its item.
    let ends_item = depth == 0 && before.ends_with(';');
    if depth > 4 || depth == line.len() || (indent(before) != depth && !ends_item) || depth == before.len() {
        return false;
    }
    let (before, line) = (&before[depth..], &line[depth..]);
    let ends = before.ends_with('}') || before.ends_with(';') || before.ends_with("},");
    if before.starts_with("///") {
        return false;
    }
    if before.starts_with("//!") {
        return !line.starts_with("//!");
    }
    let both = |word: &str| before.starts_with(word) && line.starts_with(word);
    if !ends || both("use ") || both("pub use ") || both("mod ") || both("pub mod ") {
        return false;
    }
    const STARTS: [&str; 15] = [
        "///", "#[", "pub ", "pub(", "impl", "fn ", "async ", "static ", "const ", "mod ", "use ", "struct ", "enum ",
        "rt::", "trait ",
    ];
    STARTS.iter().any(|it| line.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn items_stand_apart() {
        let text = "//! Doc.\nuse a;\nuse b;\n/// S.\npub struct S {\n    a: u8,\n}\nimpl S {\n    fn a() {\n        x;\n    }\n    fn b() {\n        if y {\n        }\n        z\n    }\n}\n";
        let expected = "//! Doc.\n\nuse a;\nuse b;\n\n/// S.\npub struct S {\n    a: u8,\n}\n\nimpl S {\n    fn a() {\n        x;\n    }\n\n    fn b() {\n        if y {\n        }\n        z\n    }\n}\n";
        assert_eq!(spaced(text), expected);
        assert_eq!(spaced(expected), expected);
    }
}
