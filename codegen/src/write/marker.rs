//! How a generated file is told from one that somebody wrote.

/// The comment forms a generated file may open with: Rust, TOML, Markdown and HTML.
const OPENINGS: [&str; 3] = ["// @generated", "# @generated", "<!-- @generated"];
/// JSON has no comments; a member among the first says it.
const IN_JSON: &str = "\"@generated";
/// The marker stands in one of the first lines: HTML opens with its doctype, a script with `#!`.
const LINES: usize = 3;
/// How much of a file is read to look for the marker.
pub(super) const HEAD: usize = 1024;

const TEMPORARY_START: &str = ".specwright-";
const TEMPORARY_END: &str = ".tmp";

/// Whether a text opens with the `@generated` marker.
#[must_use]
pub fn is_marked(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json = text.trim_start().starts_with('{');
    text.lines()
        .take(LINES)
        .map(str::trim_start)
        .any(|line| OPENINGS.iter().any(|opening| line.starts_with(opening)) || (json && line.contains(IN_JSON)))
}

/// A name under which a file or folder waits for its own; differs between processes, and between the numbers.
pub(super) fn temporary_name(number: usize) -> String {
    format!("{TEMPORARY_START}{}-{number}{TEMPORARY_END}", std::process::id())
}

/// Whether a name is one of [`temporary_name`]'s: `.specwright-`, digits, `-`, more, `.tmp`.
pub(crate) fn is_temporary(name: &str) -> bool {
    let middle = name.strip_prefix(TEMPORARY_START).and_then(|it| it.strip_suffix(TEMPORARY_END));
    middle.and_then(|it| it.split_once('-')).is_some_and(|(process, more)| {
        !process.is_empty() && process.bytes().all(|it| it.is_ascii_digit()) && !more.is_empty()
    })
}
