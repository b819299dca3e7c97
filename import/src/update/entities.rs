//! Operations and types in the files of a spec: taken out, put in, and moved from one file to another.

use std::collections::BTreeMap;

use specwright_codegen::yaml::Entry;

use super::spec::File;
use super::text::{Edit, column, is_block, line_end, line_start, lines_of, shifted};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Operations,
    Types,
}

impl Section {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Types => "types",
        }
    }

    /// The section of a file.
    pub(super) fn of(self, file: &File) -> Option<&Entry<'_>> {
        file.root.get(self.key())
    }
}

/// The lines of an entity, with the comments above it.
pub(super) fn lines(file: &File, section: Section, entry: &Entry) -> (usize, usize) {
    let Some(whole) = section.of(file) else { return (0, 0) };
    let entries = whole.value.as_map().unwrap_or_default();
    let before = entries.iter().take_while(|it| it.key.span.start < entry.key.span.start).last();
    lines_of(&file.text, before.map_or(whole.key.span.end, |it| it.value.span.end) as usize, entry)
}

/// The text of an entity at another indentation, without empty lines above it.
pub(super) fn text_of(file: &File, section: Section, entry: &Entry, indent: usize) -> String {
    let (start, end) = lines(file, section, entry);
    let written = file.text.get(start..end).unwrap_or_default().trim_start_matches('\n');
    shifted(written, column(&file.text, entry.key.span.start as usize), indent)
}

/// Changes of the sections of several files.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub edits: BTreeMap<usize, Vec<Edit>>,
    /// What goes into sections that are not there yet.
    missing: BTreeMap<(usize, Section), Vec<String>>,
}

impl Changes {
    /// The indentation of entities in a section.
    pub(super) fn indent(file: &File, section: Section) -> usize {
        let entries = section.of(file).and_then(|it| it.value.as_map());
        let first = entries.and_then(<[Entry]>::first);
        first.filter(|_| is_section(file, section)).map_or(2, |it| column(&file.text, it.key.span.start as usize))
    }

    /// Puts an entity behind another one, or at the top.
    pub(super) fn insert(&mut self, files: &[File], at: usize, section: Section, after: Option<&Entry>, text: String) {
        let Some(file) = files.get(at) else { return };
        if !is_section(file, section) {
            self.missing.entry((at, section)).or_default().push(text);
            return;
        }
        let is_apart = section == Section::Operations;
        let edits = self.edits.entry(at).or_default();
        match after {
            Some(entry) => {
                let place = line_end(&file.text, entry.value.span.end as usize);
                let text = if is_apart { format!("\n{text}") } else { text };
                edits.push(Edit { start: place, end: place, text });
            }
            None => {
                let place = section.of(file).map_or(0, |it| line_end(&file.text, it.key.span.end as usize));
                let text = if is_apart { format!("{text}\n") } else { text };
                edits.push(Edit { start: place, end: place, text });
            }
        }
    }

    /// Takes entities out of a section, and the section with the last of them.
    pub(super) fn remove(&mut self, file: &File, at: usize, section: Section, entries: &[&Entry]) {
        let Some(whole) = section.of(file) else { return };
        let all = whole.value.as_map().unwrap_or_default();
        let edits = self.edits.entry(at).or_default();
        if all.len() == entries.len() && !edits.iter().any(|it| it.start == it.end) {
            let root = file.root.as_map().unwrap_or_default();
            let before = root.iter().take_while(|it| it.key.span.start < whole.key.span.start).last();
            let (start, end) = lines_of(&file.text, before.map_or(0, |it| it.value.span.end as usize), whole);
            edits.retain(|it| it.start < start || it.end > end);
            edits.push(Edit { start, end, text: String::new() });
            return;
        }
        for entry in entries {
            let (start, end) = lines(file, section, entry);
            edits.retain(|it| it.start == it.end || it.start < start || it.end > end);
            edits.push(Edit { start, end, text: String::new() });
        }
    }

    /// All edits, with the sections that are new.
    pub(super) fn into_edits(mut self, files: &[File]) -> BTreeMap<usize, Vec<Edit>> {
        for ((at, section), texts) in std::mem::take(&mut self.missing) {
            let Some(file) = files.get(at) else { continue };
            let gap = if section == Section::Operations { "\n" } else { "" };
            let mut text = format!("{}:\n{}", section.key(), texts.join(gap));
            // Types come before operations.
            let next = Section::Operations.of(file).filter(|_| section == Section::Types);
            let (mut start, end) = match section.of(file) {
                Some(it) => (
                    line_start(&file.text, it.key.span.start as usize),
                    line_end(&file.text, it.value.span.end as usize),
                ),
                None => {
                    let place = next.map_or(file.text.len(), |it| line_start(&file.text, it.key.span.start as usize));
                    (place, place)
                }
            };
            if next.is_some() {
                text.push('\n');
                // Above the comments of what follows.
                while let Some(above) =
                    file.text.get(..start.saturating_sub(1)).map(|it| it.rfind('\n').map_or(0, |it| it + 1))
                    && file.text.get(above..start).is_some_and(|it| it.starts_with('#'))
                {
                    start = above;
                }
            } else if section.of(file).is_none() {
                text.insert(0, '\n');
            }
            let end = if section.of(file).is_some() { end } else { start };
            self.edits.entry(at).or_default().push(Edit { start, end, text });
        }
        self.edits
    }
}

fn is_section(file: &File, section: Section) -> bool {
    let value = section.of(file).map(|it| &it.value);
    value.is_some_and(|it| it.as_map().is_some_and(|it| !it.is_empty()) && is_block(&file.text, it))
}
