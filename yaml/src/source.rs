//! The spec files of a run, and places in them. This module knows nothing of YAML.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

/// Which file of the [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// Added to an id before it is hashed, as one number of 128 bits: so a hasher can tell which files a value is from.
    pub const HASHED_AS: i128 = 1 << 64;
}

impl Hash for FileId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(Self::HASHED_AS + i128::from(self.0));
    }
}

/// A byte range in one spec file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// From the start of this span to the end of `other`; this one alone if `other` is in another file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span at the start of this one.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// How many bytes it covers.
    #[must_use]
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A value and where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}

/// Lines and columns of a span, counted from 1; a column is a character, not a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column just after the last character.
    pub end_column: u32,
}

/// One spec file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As shown in diagnostics: relative to the project, `/` between parts.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// All files of a run.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// For each file, where its lines and characters are. Most runs have nothing to tell of a file, and never ask.
    places: Vec<OnceLock<Places>>,
}

/// Where the lines and the characters of a file are.
#[derive(Clone, Debug)]
struct Places {
    /// The byte at which each line starts.
    line_starts: Vec<u32>,
    /// How many characters start before each block of [`BLOCK`] bytes: a column in a line of a megabyte is found without
    /// counting from its start.
    characters: Vec<u32>,
}

impl Places {
    fn of(text: &str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1);
        let mut count = 0;
        let counts = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = count;
            count += characters_in(block);
            before
        });
        Self { line_starts: std::iter::once(0).chain(after_breaks).collect(), characters: counts.collect() }
    }
}

/// Bytes whose characters are counted together.
const BLOCK: usize = 256;

impl Sources {
    /// Adds a file and tells its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(SourceFile { path: path.into(), text: text.into() });
        self.places.push(OnceLock::new());
        id
    }

    /// The file of an id that [`add`](Self::add) gave out.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The file of an id, or nothing when the id comes from elsewhere.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The text of a span; empty when the file is unknown. Ends inside a character move outwards or to the end of the file.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        let range = self.clamp(span);
        self.get(span.file).map_or("", |file| &file.text[range])
    }

    /// The span as a byte range that is safe to slice with: inside the file and on character boundaries.
    #[must_use]
    pub fn clamp(&self, span: Span) -> std::ops::Range<usize> {
        let Some(file) = self.get(span.file) else {
            return 0..0;
        };
        let text = &file.text;
        let mut start = (span.start as usize).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (span.end as usize).min(text.len()).max(start);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }

    /// Lines and columns of a span; line 1, column 1 when the file is unknown.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        let range = self.clamp(span);
        let (line, column) = self.line_column(span.file, range.start);
        let (end_line, end_column) = self.line_column(span.file, range.end);
        Location { line, column, end_line, end_column }
    }

    /// The byte range of the line, without its break, that holds the byte `at`, and the line's number from 1.
    pub fn line_around(&self, file: FileId, at: usize) -> (usize, std::ops::Range<usize>) {
        let Some((source, places)) = self.places(file) else {
            return (1, 0..0);
        };
        let starts = &places.line_starts;
        let number = starts.partition_point(|&start| start as usize <= at).max(1);
        let start = starts[number - 1] as usize;
        let end = starts.get(number).map_or(source.text.len(), |&next| next as usize - 1);
        (number, start..end)
    }

    /// All files, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }

    fn places(&self, file: FileId) -> Option<(&SourceFile, &Places)> {
        let (source, places) = (self.get(file)?, self.places.get(file.0 as usize)?);
        Some((source, places.get_or_init(|| Places::of(&source.text))))
    }

    fn line_column(&self, file: FileId, at: usize) -> (u32, u32) {
        let (number, line) = self.line_around(file, at);
        let mark = number == 1 && self.get(file).is_some_and(|it| it.text.starts_with('\u{feff}') && at > 0);
        let column = self.characters_before(file, at).saturating_sub(self.characters_before(file, line.start));
        (number as u32, column.saturating_sub(u32::from(mark)) + 1)
    }

    /// How many characters of a file start before a byte.
    fn characters_before(&self, file: FileId, at: usize) -> u32 {
        let Some((source, places)) = self.places(file) else { return 0 };
        let counts = &places.characters;
        let at = at.min(source.text.len());
        let block = (at / BLOCK).min(counts.len().saturating_sub(1));
        let before = counts.get(block).copied().unwrap_or_default();
        before + characters_in(&source.text.as_bytes()[block * BLOCK..at])
    }
}

/// How many characters start in some bytes of a text.
fn characters_in(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&it| it & 0xc0 != 0x80).count() as u32
}
