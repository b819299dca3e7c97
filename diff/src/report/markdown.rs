//! Changes for a changelog.

use super::{Group, grouped};
use crate::change::{ApiDiff, Change, Class, Evidence, Side};

/// The changes of an API under its name.
#[must_use]
pub fn markdown(diff: &ApiDiff) -> String {
    let version = match (&diff.old_version, &diff.new_version) {
        (Some(old), Some(new)) if old != new => format!(" {new} (after {old})"),
        (_, Some(new)) => format!(" {new}"),
        _ => String::new(),
    };
    let mut text = format!("## {}{version}\n", diff.api);
    let body = sections(diff);
    text.push_str(if body.is_empty() { "\nNothing changed for callers.\n" } else { &body });
    text
}

/// The section of one version in the changelog of a crate.
#[must_use]
pub fn changelog_entry(diff: &ApiDiff) -> String {
    let body = sections(diff);
    let version = diff.new_version.as_deref().unwrap_or_default();
    let body = if body.is_empty() { "\nNothing changed for callers.\n".to_owned() } else { body };
    format!("## {version}\n{body}")
}

fn sections(diff: &ApiDiff) -> String {
    let mut text = String::new();
    for (class, title) in
        [(Class::Breaking, "Breaking"), (Class::Widening, "Added"), (Class::Documentation, "Documentation")]
    {
        let groups = grouped(diff.of_class(class));
        if groups.is_empty() {
            continue;
        }
        text.push_str(&format!("\n### {title}\n\n"));
        for group in groups {
            text.push_str(&entry(&group));
        }
    }
    text
}

fn entry(group: &Group<'_>) -> String {
    let change = group.change;
    let names: Vec<String> = group.subject().split(", ").filter(|it| !it.is_empty()).map(code).collect();
    let subjects: Vec<String> = names.into_iter().chain(place(change)).collect();
    let message = change.message.trim_end_matches('.');
    let mut line = match subjects.as_slice() {
        [] => format!("- {}.", capitalised(message)),
        all => format!("- {}: {message}.", all.join(", ")),
    };
    if let Some(item) = change.rust.first() {
        line.push_str(&format!(" In Rust: `{item}`{}.", if change.rust.len() > 1 { " and others" } else { "" }));
    }
    if !change.variants.is_empty() {
        line.push_str(&format!(" Variants: {}.", change.variants.join(", ")));
    }
    if let Some(words) = shown(change) {
        line.push_str(&format!(" {words}"));
    }
    line.push('\n');
    line
}

/// Where a change is, if its words do not say so.
fn place(change: &Change) -> Option<String> {
    let last = change.place.rsplit(['/', ' ']).find(|it| !matches!(*it, "" | "*"))?;
    let is_said = change.side == Side::Request || change.message.contains(&format!("`{last}`"));
    (!is_said).then(|| format!("`{}`", change.place))
}

/// A sentence that nothing precedes begins with a capital.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn code(name: &str) -> String {
    match name.split_once(" and ") {
        Some((first, more)) => format!("`{first}` and {more}"),
        None => format!("`{name}`"),
    }
}

/// A small request that shows the change.
fn shown(change: &Change) -> Option<String> {
    let Evidence::Refused { request, .. } = &change.evidence else { return None };
    let text = super::request(request).to_string();
    // Backticks would end the quotation.
    (text.len() <= 160 && !text.contains('`')).then(|| format!("Refused now: `{text}`."))
}
