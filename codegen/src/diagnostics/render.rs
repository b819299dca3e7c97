//! Diagnostics for people: [`human`] with the lines of the spec, [`short`] on one line.
//!
//! Never fails: spans are clamped, and what a terminal would hide or obey is replaced by something that can be seen.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use std::ops::Range;

use super::{Diagnostic, Label, Severity};
use crate::escape::is_unseen;
use crate::source::{FileId, Sources};

/// Width at which long lines are cut; fixed, so that output does not depend on the terminal.
const WIDTH: usize = 120;
/// A line keeps this many bytes after the last place that is pointed at.
const LINE_TAIL: usize = 400;
/// A fix is shown as a patch if what it changes has at most this many bytes.
const LONGEST_PATCHED: usize = 1000;
/// A span longer than this many lines is shown by its first line.
const MOST_LINES: usize = 12;

/// The look of `rustc`: message, the lines in question with their labels, help, notes and the fix.
#[must_use]
pub fn human(sources: &Sources, d: &Diagnostic, colour: bool) -> String {
    let level = level(d.severity);
    let mut group = level.primary_title(visible(&d.message)).id(d.code.as_str()).elements(snippets(sources, d));
    for note in &d.notes {
        group = group.element(Level::NOTE.message(visible_lines(note)));
    }
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.message(visible_lines(help)));
    }
    let mut report = vec![group];
    report.extend(d.fix.as_ref().and_then(|fix| {
        let range = sources.clamp(fix.span);
        let excerpt = Excerpt::new(sources, fix.span.file, std::slice::from_ref(&range))?;
        // A patch is shown uncut.
        if excerpt.text.len() > LONGEST_PATCHED {
            let title = format!("{}: `{}`", visible(&fix.title), visible(&fix.replacement));
            return Some(Group::with_title(Level::HELP.secondary_title(title)));
        }
        let patch = Patch::new(excerpt.shifted(&range), visible_lines(&fix.replacement));
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).patch(patch);
        Some(Group::with_title(Level::HELP.secondary_title(visible(&fix.title))).element(snippet))
    }));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(WIDTH).decor_style(DecorStyle::Ascii).render(&report)
}

/// `file:line:column: error[SW0101]: message`.
#[must_use]
pub fn short(sources: &Sources, d: &Diagnostic) -> String {
    let path = sources.get(d.primary.span.file).map_or("?", |file| &file.path);
    let at = sources.location(d.primary.span);
    let severity = d.severity.as_str();
    format!("{}:{}:{}: {severity}[{}]: {}", visible(path), at.line, at.column, d.code, visible(&d.message))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// One snippet per file; the file of the primary label first.
fn snippets<'a>(sources: &Sources, d: &Diagnostic) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files: Vec<FileId> = vec![d.primary.span.file];
    for label in &d.related {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    let mut snippets = Vec::new();
    for file in files {
        let primary = std::iter::once((AnnotationKind::Primary, &d.primary));
        let related = d.related.iter().map(|label| (AnnotationKind::Context, label));
        let labels: Vec<_> = primary.chain(related).filter(|(_, label)| label.span.file == file).collect();
        let ranges: Vec<_> = labels.iter().map(|(_, label)| shown_range(sources, label)).collect();
        let Some(excerpt) = Excerpt::new(sources, file, &ranges) else {
            continue;
        };
        let annotations = labels.iter().zip(&ranges).map(|((kind, label), range)| {
            let text = (!label.text.is_empty()).then(|| visible(&label.text));
            kind.span(excerpt.shifted(range)).label(text)
        });
        let annotations: Vec<Annotation<'_>> = annotations.collect();
        let path = sources.get(file).map(|file| visible(&file.path));
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(path);
        snippets.push(snippet.annotations(annotations));
    }
    snippets
}

/// What is underlined: all of the span, or its first line when it is long.
fn shown_range(sources: &Sources, label: &Label) -> Range<usize> {
    let range = sources.clamp(label.span);
    let (first, line) = sources.line_around(label.span.file, range.start);
    let (last, _) = sources.line_around(label.span.file, range.end);
    if last - first > MOST_LINES { range.start..line.end.max(range.start) } else { range }
}

/// The lines of a file that hold some ranges, made safe to show. Every character stays one character, so columns hold.
struct Excerpt {
    text: String,
    first_line: usize,
    /// Where the bytes of the file went: start in the file, start in the text; one entry per changed length.
    moved: Vec<(usize, usize)>,
}

impl Excerpt {
    fn new(sources: &Sources, file: FileId, ranges: &[Range<usize>]) -> Option<Self> {
        let source = sources.get(file)?;
        let start = ranges.iter().map(|it| it.start).min()?;
        let end = ranges.iter().map(|it| it.end).max()?;
        let (first_line, first) = sources.line_around(file, start);
        let (_, last) = sources.line_around(file, end);
        let mut stop = last.end.min(end.saturating_add(LINE_TAIL));
        while !source.text.is_char_boundary(stop) {
            stop -= 1;
        }
        let mut excerpt = Self { text: String::new(), first_line, moved: vec![(first.start, 0)] };
        let mut characters = source.text[first.start..stop.max(end)].char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let at = first.start + at;
            let shown = match character {
                '\u{feff}' if at == 0 => None,
                '\r' if characters.peek().is_none_or(|&(_, next)| next == '\n') => None,
                '\n' => Some('\n'),
                '\t' => Some('\t'),
                other => Some(picture(other)),
            };
            excerpt.text.extend(shown);
            if shown != Some(character) {
                excerpt.moved.push((at + character.len_utf8(), excerpt.text.len()));
            }
        }
        Some(excerpt)
    }

    fn shifted(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        start..self.position(range.end).max(start)
    }

    fn position(&self, at: usize) -> usize {
        let index = self.moved.partition_point(|&(from, _)| from <= at).saturating_sub(1);
        let (from, to) = self.moved[index];
        let mut position = (to + at.saturating_sub(from)).min(self.text.len());
        // Only a place inside a replaced character can fall between boundaries.
        while !self.text.is_char_boundary(position) {
            position -= 1;
        }
        position
    }
}

/// Text on one line with everything invisible made visible.
fn visible(text: &str) -> String {
    text.chars().map(picture).collect()
}

/// As [`visible`], with line breaks kept.
fn visible_lines(text: &str) -> String {
    text.chars().map(|it| if it == '\n' { it } else { picture(it) }).collect()
}

/// A character that can be seen in place of one that cannot, or that a terminal would obey.
fn picture(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => '\u{2423}',
        other if is_unseen(other) => '\u{fffd}',
        other => other,
    }
}
