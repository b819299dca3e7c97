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

/// The name under which a file is written before it takes its own; differs between processes.
pub(super) fn temporary_name(name: &str) -> String {
    format!("{TEMPORARY_START}{}-{name}{TEMPORARY_END}", std::process::id())
}

/// Whether a name is one of [`temporary_name`]'s.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY_START) && name.ends_with(TEMPORARY_END)
}
