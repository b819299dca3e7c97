//! The part of a spec file that is shown with a diagnostic: a few lines, cut on both sides, made safe to show.
//!
//! What an excerpt costs does not grow with the file, nor with a line: a run may have very many diagnostics, and a spec
//! may be one line of a megabyte.

use std::ops::Range;

use super::render::picture;
use crate::source::{FileId, Sources, Span};

/// A line keeps this many bytes before the first place that is pointed at, and after the last.
const MARGIN: usize = 400;

/// Lines of a file that hold some ranges. Every character that is kept stays one character, so columns hold.
pub(super) struct Excerpt {
    pub(super) text: String,
    /// The number of its first line.
    pub(super) first_line: usize,
    /// Where the bytes of the file went: start in the file, start in the text; one entry per changed length.
    moved: Vec<(usize, usize)>,
    /// The lines that lost their beginning, and how many characters that had.
    pub(super) cut: Vec<(usize, usize)>,
}

impl Excerpt {
    /// The lines from the first place to the last. Nothing without a place, or for a file that is not known.
    pub(super) fn new(sources: &Sources, file: FileId, ranges: &[Range<usize>]) -> Option<Self> {
        let source = sources.get(file)?;
        let start = ranges.iter().map(|it| it.start).min()?;
        let end = ranges.iter().map(|it| it.end).max()?;
        let (first_line, mut line) = sources.line_around(file, start);
        let mut excerpt = Self { text: String::new(), first_line, moved: Vec::new(), cut: Vec::new() };
        let mut number = first_line;
        loop {
            let kept = kept(&source.text, &line, ranges);
            if kept.start > line.start {
                let column = sources.location(Span::new(file, kept.start as u32, kept.start as u32)).column;
                excerpt.cut.push((number, column as usize - 1));
            }
            excerpt.add(&source.text, kept);
            if line.end >= end || line.end >= source.text.len() {
                return Some(excerpt);
            }
            excerpt.moved.push((line.end, excerpt.text.len()));
            excerpt.text.push('\n');
            (number, line) = sources.line_around(file, line.end + 1);
        }
    }

    fn add(&mut self, text: &str, kept: Range<usize>) {
        self.moved.push((kept.start, self.text.len()));
        let mut characters = text[kept.clone()].char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let at = kept.start + at;
            let last = characters.peek().is_none();
            let shown = match character {
                '\u{feff}' if at == 0 => None,
                '\r' if last => None,
                '\t' => Some('\t'),
                other => Some(picture(other)),
            };
            self.text.extend(shown);
            if shown != Some(character) {
                self.moved.push((at + character.len_utf8(), self.text.len()));
            }
        }
    }

    /// A range of the file as a range of the text.
    pub(super) fn shifted(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        start..self.position(range.end).max(start)
    }

    fn position(&self, at: usize) -> usize {
        let next = self.moved.partition_point(|&(from, _)| from <= at);
        let Some(&(from, to)) = self.moved.get(next.saturating_sub(1)) else { return 0 };
        // What was cut is where the next piece starts.
        let most = self.moved.get(next).map_or(self.text.len(), |&(_, to)| to);
        let mut position = (to + at.saturating_sub(from)).min(most);
        // Only a place inside a replaced character can fall between boundaries.
        while !self.text.is_char_boundary(position) {
            position -= 1;
        }
        position
    }
}

/// How much of a line is kept: what lies around the places in it, or its beginning.
fn kept(text: &str, line: &Range<usize>, ranges: &[Range<usize>]) -> Range<usize> {
    let places = || ranges.iter().flat_map(|it| [it.start, it.end]).filter(|it| (line.start..=line.end).contains(it));
    let first = places().min().unwrap_or(line.start);
    let last = places().max().unwrap_or(line.start);
    let mut start = first.saturating_sub(MARGIN).max(line.start);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = last.saturating_add(MARGIN).min(line.end);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start..end.max(start)
}
