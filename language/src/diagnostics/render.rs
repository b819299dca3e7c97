//! Diagnostics for people: [`human`] with the lines of the spec, [`short`] on one line.
//!
//! Never fails: spans are clamped, and what a terminal would hide or obey is replaced by something that can be seen.
//! What one diagnostic costs is bounded, however long the file, its lines and the texts of the diagnostic are.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use std::ops::Range;

use super::excerpt::Excerpt;
use super::{Diagnostic, Label, Severity};
use crate::escape::is_unseen;
use crate::source::{FileId, Sources, Span};

/// Width at which long lines are cut; fixed, so that output does not depend on the terminal.
const WIDTH: usize = 120;
/// A fix is shown as a patch if what it changes, and what comes in its place, have at most this many bytes.
const LONGEST_PATCHED: usize = 1000;
/// A span longer than this many lines is shown by its first line.
const MOST_LINES: usize = 12;
/// A span on one line is underlined for at most this many bytes.
const LONGEST_SPAN: usize = 200;
/// Places that are further apart, in lines or in columns, are shown one after the other instead of in one piece.
const FAR_LINES: u32 = 40;
const FAR_COLUMNS: u32 = 80;
/// So many other places are shown.
const MOST_RELATED: usize = 8;
/// Characters of a message, a label, a note or a name.
const LONGEST_TEXT: usize = 1000;

/// The look of `rustc`: message, the lines in question with their labels, help, notes and the fix.
#[must_use]
pub fn human(sources: &Sources, d: &Diagnostic, colour: bool) -> String {
    let level = level(d.severity);
    let pieces = pieces(sources, d);
    let snippets = pieces.iter().map(|it| it.snippet(sources));
    let mut group = level.primary_title(visible(&d.message)).id(d.code.as_str()).elements(snippets);
    if d.related.len() > MOST_RELATED {
        let more = format!("{} more places are not shown", d.related.len() - MOST_RELATED);
        group = group.element(Level::NOTE.message(more));
    }
    for note in &d.notes {
        group = group.element(Level::NOTE.message(visible_lines(note)));
    }
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.message(visible_lines(help)));
    }
    let mut report = vec![group];
    report.extend(d.fix.as_ref().and_then(|fix| {
        let range = sources.clamp(fix.span);
        // A patch is shown uncut.
        if patched_bytes(sources, fix.span.file, &range) > LONGEST_PATCHED || fix.replacement.len() > LONGEST_PATCHED {
            let title = format!("{}: `{}`", visible(&fix.title), visible(&fix.replacement));
            return Some(Group::with_title(Level::HELP.secondary_title(title)));
        }
        let excerpt = Excerpt::new(sources, fix.span.file, std::slice::from_ref(&range))?;
        let patch = Patch::new(excerpt.shifted(&range), visible_lines(&fix.replacement));
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).patch(patch);
        Some(Group::with_title(Level::HELP.secondary_title(visible(&fix.title))).element(snippet))
    }));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut shown = renderer.term_width(WIDTH).decor_style(DecorStyle::Ascii).render(&report);
    pieces.iter().for_each(|it| it.correct_columns(sources, &mut shown));
    shown
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

/// How many bytes the lines of a range have.
fn patched_bytes(sources: &Sources, file: FileId, range: &Range<usize>) -> usize {
    let (_, first) = sources.line_around(file, range.start);
    let (_, last) = sources.line_around(file, range.end);
    last.end.saturating_sub(first.start)
}

/// Places of one file that are shown together, with the lines that hold them.
struct Piece<'d> {
    file: FileId,
    places: Vec<Underline<'d>>,
    excerpt: Excerpt,
}

/// A label and what is underlined for it.
struct Underline<'d> {
    kind: AnnotationKind,
    label: &'d Label,
    range: Range<usize>,
}

/// The piece with the primary label first, then the others: file by file, and each in the order of the text.
fn pieces<'d>(sources: &Sources, d: &'d Diagnostic) -> Vec<Piece<'d>> {
    let primary = std::iter::once((AnnotationKind::Primary, &d.primary));
    let related = d.related.iter().take(MOST_RELATED).map(|label| (AnnotationKind::Context, label));
    let mut files: Vec<(FileId, Vec<Underline<'d>>)> = Vec::new();
    for (kind, label) in primary.chain(related) {
        let place = Underline { kind, label, range: shown_range(sources, label) };
        match files.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, places)) => places.push(place),
            None => files.push((label.span.file, vec![place])),
        }
    }
    let mut pieces = Vec::new();
    for (file, places) in files {
        for places in near_each_other(sources, file, places) {
            let ranges: Vec<_> = places.iter().map(|it| it.range.clone()).collect();
            let excerpt = Excerpt::new(sources, file, &ranges);
            pieces.extend(excerpt.map(|excerpt| Piece { file, places, excerpt }));
        }
    }
    // What follows keeps its order.
    pieces.sort_by_key(|it| !it.places.iter().any(|it| it.kind == AnnotationKind::Primary));
    pieces
}

/// The places of a file, in groups that fit on a screen.
fn near_each_other<'d>(sources: &Sources, file: FileId, mut places: Vec<Underline<'d>>) -> Vec<Vec<Underline<'d>>> {
    let at = |byte: usize| sources.location(Span::new(file, byte as u32, byte as u32));
    places.sort_by_key(|it| it.range.start);
    let mut groups: Vec<Vec<Underline<'d>>> = Vec::new();
    for place in places {
        let near = groups.last().and_then(|group| group.last()).is_some_and(|before| {
            let (before, here) = (at(before.range.start), at(place.range.start));
            here.line - before.line <= FAR_LINES && here.column.abs_diff(before.column) <= FAR_COLUMNS
        });
        match groups.last_mut().filter(|_| near) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
}

impl Piece<'_> {
    fn snippet<'a>(&self, sources: &Sources) -> Snippet<'a, Annotation<'a>> {
        let annotations = self.places.iter().map(|it| {
            let text = (!it.label.text.is_empty()).then(|| visible(&it.label.text));
            it.kind.span(self.excerpt.shifted(&it.range)).label(text)
        });
        let annotations: Vec<Annotation<'_>> = annotations.collect();
        let path = sources.get(self.file).map(|file| visible(&file.path));
        let snippet = Snippet::source(self.excerpt.text.clone()).line_start(self.excerpt.first_line).path(path);
        snippet.annotations(annotations)
    }

    /// The renderer counts columns in what it is given; where the beginning of a line was cut off they are too small.
    fn correct_columns(&self, sources: &Sources, shown: &mut String) {
        let path = sources.get(self.file).map_or_else(String::new, |it| visible(&it.path));
        for (line, characters) in &self.excerpt.cut {
            let place = format!("{path}:{line}:");
            let Some(from) = shown.find(&place).map(|at| at + place.len()) else { continue };
            let digits = shown[from..].bytes().take_while(u8::is_ascii_digit).count();
            if let Ok(column) = shown[from..from + digits].parse::<usize>() {
                shown.replace_range(from..from + digits, &(column + characters).to_string());
            }
        }
    }
}

/// What is underlined: all of the span, or its beginning when it is long.
fn shown_range(sources: &Sources, label: &Label) -> Range<usize> {
    let range = sources.clamp(label.span);
    let (first, line) = sources.line_around(label.span.file, range.start);
    let (last, _) = sources.line_around(label.span.file, range.end);
    if first != last && last - first <= MOST_LINES {
        return range;
    }
    let end = range.end.min(line.end).min(range.start + LONGEST_SPAN).max(range.start);
    let start = range.start as u32;
    // Back to a boundary between characters.
    let end = sources.clamp(Span { start, end: end as u32, ..label.span }).end;
    range.start..end
}

/// Text on one line with everything invisible made visible; a very long one by its beginning.
fn visible(text: &str) -> String {
    beginning(text, picture)
}

/// As [`visible`], with line breaks kept.
fn visible_lines(text: &str) -> String {
    beginning(text, |it| if it == '\n' { it } else { picture(it) })
}

fn beginning(text: &str, shown: impl Fn(char) -> char) -> String {
    let mut characters = text.chars();
    let mut beginning: String = characters.by_ref().take(LONGEST_TEXT).map(shown).collect();
    if characters.next().is_some() {
        beginning.push('…');
    }
    beginning
}

/// A character that can be seen in place of one that cannot, or that a terminal would obey.
pub(super) fn picture(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => '\u{2423}',
        other if is_unseen(other) => '\u{fffd}',
        other => other,
    }
}
