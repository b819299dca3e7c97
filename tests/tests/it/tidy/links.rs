//! Links between the documents.

use super::none;
use crate::files::{self, TextFile};

#[test]
fn links_lead_somewhere() {
    let root = files::root();
    let files = files::by_hand(".md");
    let mut offenders = Vec::new();
    for file in &files {
        for link in links(&file.text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
            let target = if path.is_empty() { file.path.clone() } else { joined(&file.path, path) };
            if !root.join(&target).exists() {
                offenders.push(format!("{}: {link}", file.path));
            } else if let (Some(anchor), Some(target)) = (anchor, files.iter().find(|it| it.path == target))
                && !has_anchor(target, anchor)
            {
                offenders.push(format!("{}: {link} (no such heading)", file.path));
            }
        }
    }
    none("a link has no target", &offenders);
}

/// Targets of `[text](target)`, outside of code.
fn links(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_fence = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        if in_fence {
            continue;
        }
        // Every other piece is between backticks.
        for piece in line.split('`').step_by(2) {
            let starts = piece.match_indices("](").map(|(at, _)| at + 2);
            found.extend(starts.filter_map(|start| Some(&piece[start..start + piece[start..].find(')')?])));
        }
    }
    found
}

/// `link` relative to `file`, with `..` resolved.
fn joined(file: &str, link: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether a heading of the document gets this anchor: lower case, spaces as dashes, no punctuation.
fn has_anchor(file: &TextFile, anchor: &str) -> bool {
    let headings = file.text.lines().filter(|it| it.starts_with('#'));
    headings.map(|it| it.trim_start_matches('#').trim()).any(|heading| {
        let kept = heading.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
        kept.flat_map(char::to_lowercase).map(|it| if it == ' ' { '-' } else { it }).eq(anchor.chars())
    })
}

#[test]
fn links_are_found() {
    let text = "[a](b.md) and [`c`](d.md#e), not `[x](y)`\n```\n[z](w)\n```\n";
    assert_eq!(links(text), ["b.md", "d.md#e"]);
    assert_eq!(joined("docs/guide/a.md", "../b.md"), "docs/b.md");
}
