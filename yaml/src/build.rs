//! The parser's events into the tree. A stack of open collections, no recursion: the input cannot exhaust ours.

use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};
use std::collections::HashMap;

use super::characters::unseen_character;
use super::{DEEPEST, Entry, Kind, Node, Scalar, Style, Value, ambiguous_scalars, problems};
use crate::fault::{Fault, FaultKind};
use crate::source::{FileId, Span, Spanned};

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Reads the one document of a file. `hidden` are places of characters that were already reported, `unseen` those of
/// characters that may stand in prose.
pub(super) fn document(
    file: FileId,
    text: &str,
    hidden: &[u32],
    unseen: &[Spanned<char>],
    out: &mut Vec<Fault>,
) -> Option<Node<'static>> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = text.len() - body.len();
    let mut builder =
        Builder { file, text, base, unseen, open: Vec::new(), beyond: 0, too_deep: false, root: None, out };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(body, options()) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let span = builder.one_character(error.marker().byte_offset().unwrap_or(body.len()));
                // A hidden character or a level too many was reported with better words.
                if !hidden.contains(&span.start) && !builder.too_deep {
                    let place = problems::ErrorContext { span, text, bracket: builder.open_bracket() };
                    builder.out.push(problems::translate(&error, &place));
                    builder.report_unseen_near(span.start);
                }
                return None;
            }
        };
        if let Some(tag) = span.tag_span().or(span.tag_start().map(granit_parser::Span::empty)) {
            let tag = builder.span(&tag);
            builder.out.push(Fault::new(FaultKind::Tag, tag));
        }
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
        }
        if documents > 1 {
            let span = builder.span(&span);
            let span = if span.is_empty() { builder.one_character(span.start as usize - base) } else { span };
            builder.out.push(Fault::new(FaultKind::SecondDocument, span));
            break;
        }
        builder.event(event, &span);
    }
    let root = builder.root;
    let says_nothing = |node: &Node| node.as_scalar().is_some_and(|scalar| scalar.value() == Value::Null);
    if root.as_ref().is_none_or(says_nothing) {
        out.push(Fault::new(FaultKind::EmptyDocument, Span::new(file, 0, 0)));
        return None;
    }
    root
}

fn options() -> Options {
    granit_parser::options! { disallow_directives: true, emit_unresolved_aliases: true, emit_anchor_events: true }
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    /// Where the parser's byte 0 is: behind the byte order mark.
    base: usize,
    /// By place.
    unseen: &'a [Spanned<char>],
    open: Vec<OpenCollection>,
    /// Open collections beyond [`DEEPEST`]; their contents are dropped.
    beyond: usize,
    too_deep: bool,
    root: Option<Node<'static>>,
    out: &'a mut Vec<Fault>,
}

/// A collection whose end is still to come.
struct OpenCollection {
    /// What the parser said; for a block collection, only the start.
    span: Span,
    /// From the first to the last node in it, those included that were rejected.
    inner: Option<Span>,
    contents: Contents,
}

enum Contents {
    Seq(Vec<Node<'static>>),
    Map { entries: Vec<Entry<'static>>, seen: SeenKeys, key: Option<Key> },
}

/// The keys of a mapping, to find one that occurs twice.
///
/// In a small mapping, looking through the entries is cheaper than a table of them.
#[derive(Default)]
pub(super) struct SeenKeys(HashMap<String, Span>);

impl SeenKeys {
    const FEW: usize = 16;

    /// Where a key stands among the entries so far.
    pub(super) fn find(&mut self, entries: &[Entry<'_>], key: &str) -> Option<Span> {
        if entries.len() < Self::FEW {
            return entries.iter().find(|it| it.key.value == key).map(|it| it.key.span);
        }
        // No key is there twice, so these are as many as entries that were taken in.
        let new = entries.get(self.0.len()..).unwrap_or_default();
        self.0.extend(new.iter().map(|it| (it.key.value.clone().into_owned(), it.key.span)));
        self.0.get(key).copied()
    }
}

/// A key whose value is still to come.
struct Key {
    span: Span,
    /// Nothing if the key was rejected: then the value is read and dropped.
    text: Option<String>,
    style: Style,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let at = self.span(span);
        match event {
            Event::Scalar(text, style, ..) if self.beyond == 0 => {
                let mut scalar = self.scalar(text.into_owned(), style, at);
                let span = self.scalar_span(&scalar, at);
                scalar.unseen = self.unseen_in(span);
                self.place(Node { span, kind: Kind::Scalar(scalar) });
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.out.push(Fault::new(FaultKind::Alias, at));
                if self.beyond == 0 {
                    self.push_placeholder(at);
                }
            }
            Event::Anchor(..) => self.out.push(Fault::new(FaultKind::Anchor, at)),
            Event::SequenceStart(style, ..) => self.start(at, style, Contents::Seq(Vec::new())),
            Event::MappingStart(style, ..) => {
                self.start(at, style, Contents::Map { entries: Vec::new(), seen: SeenKeys::default(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            // The others are no nodes; the enum is open, so they cannot be named.
            _ => {}
        }
    }

    fn start(&mut self, span: Span, style: StructureStyle, contents: Contents) {
        if self.open.len() >= DEEPEST {
            if !self.too_deep {
                let shown = self.one_character(span.start as usize - self.base);
                self.out.push(Fault::new(FaultKind::NestedTooDeep, shown));
            }
            self.too_deep = true;
            self.beyond += 1;
            return;
        }
        // A block collection ends with its last child; the parser's end lies behind blank lines and comments.
        let mut span = if style == StructureStyle::Block { span.at_start() } else { span };
        if style == StructureStyle::Block {
            self.check_indentation(span);
        }
        // A list that is not indented starts, says the parser, behind its first `-`.
        if let Some(OpenCollection { contents: Contents::Map { key: Some(key), .. }, .. }) = self.open.last()
            && let Some(colon) = self.after_indicator(key.span.end, b':')
            && let dash = self.next_word(colon)
            && dash < span.start
            && self.text[dash as usize..].starts_with('-')
            && matches!(contents, Contents::Seq(_))
        {
            span = Span { start: dash, end: dash, ..span };
        }
        self.open.push(OpenCollection { span, inner: None, contents });
    }

    /// The parser lets a tab before the first key of a file pass.
    fn check_indentation(&mut self, span: Span) {
        let before = &self.text[..span.start as usize];
        let line = before.len() - before.rsplit('\n').next().unwrap_or_default().len();
        let indentation = &before[line..];
        if let Some(tab) = indentation.find('\t')
            && indentation.trim_matches(BLANKS).is_empty()
        {
            let at = (line + tab) as u32;
            self.out.push(Fault::new(FaultKind::TabIndentation, Span::new(self.file, at, at + 1)));
        }
    }

    fn end(&mut self, end: Span) {
        if self.beyond > 0 {
            self.beyond -= 1;
            if self.beyond == 0 {
                self.push_placeholder(end.at_start());
            }
            return;
        }
        let Some(OpenCollection { mut span, inner, contents }) = self.open.pop() else {
            return;
        };
        span = inner.map_or(span, |inner| span.to(inner));
        if self.text[end.start as usize..end.end as usize].ends_with([']', '}']) {
            span = span.to(end);
        }
        let kind = match contents {
            Contents::Seq(items) => Kind::Seq(items),
            Contents::Map { entries, .. } => Kind::Map(entries),
        };
        self.place(Node { span, kind });
    }

    fn scalar(&self, mut text: String, style: ScalarStyle, span: Span) -> Scalar<'static> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        // The parser writes `~` for a value that was left out.
        if style == Style::Plain && span.is_empty() {
            text.clear();
        }
        if style == Style::Block && span.end as usize == self.text.len() && !self.ends_blank() {
            text.truncate(text.strip_suffix('\n').unwrap_or(&text).len());
        }
        Scalar { text: text.into(), style, unseen: None }
    }

    /// Whether the last line of the file is blank. The parser ends the last line of a block of text if the file does
    /// not; other readers leave it as it is.
    fn ends_blank(&self) -> bool {
        self.text.rsplit('\n').next().is_none_or(|line| line.trim_matches(BLANKS).is_empty())
    }

    /// Something for a node that was reported and has no meaning here: its source as text.
    fn push_placeholder(&mut self, span: Span) {
        let text = self.text[span.start as usize..span.end as usize].to_owned();
        self.place(Node { span, kind: Kind::Scalar(Scalar { text: text.into(), style: Style::Quoted, unseen: None }) });
    }

    /// Puts a complete node where it belongs: the root, an item, a key, or the value of the last key.
    fn place(&mut self, node: Node<'static>) {
        if let Some(open) = self.open.last_mut() {
            open.inner = Some(open.inner.map_or(node.span, |inner| inner.to(node.span)));
        }
        let awaits_key =
            matches!(self.open.last(), Some(OpenCollection { contents: Contents::Map { key: None, .. }, .. }));
        if awaits_key {
            let key = self.key(node);
            if let Some(OpenCollection { contents: Contents::Map { key: slot, .. }, .. }) = self.open.last_mut() {
                *slot = Some(key);
            }
            return;
        }
        if let Kind::Scalar(Scalar { text, style: Style::Plain, .. }) = &node.kind {
            self.out.extend(ambiguous_scalars::check(text, node.span));
        }
        match self.open.last_mut() {
            None => self.root = self.root.take().or(Some(node)),
            Some(OpenCollection { contents: Contents::Seq(items), .. }) => items.push(node),
            Some(OpenCollection { contents: Contents::Map { entries, key, .. }, .. }) => {
                if let Some(Key { span, text: Some(text), style }) = key.take() {
                    entries.push(Entry { key: Spanned::new(text.into(), span), key_style: style, value: node });
                }
            }
        }
    }

    /// Takes a node as a key, or says why it cannot be one.
    fn key(&mut self, node: Node<'static>) -> Key {
        let span = node.span;
        let Kind::Scalar(scalar) = node.kind else {
            self.out.push(Fault::new(FaultKind::CollectionKey, span));
            return Key { span, text: None, style: Style::Plain };
        };
        // No key is prose.
        self.out.extend(scalar.unseen.map(unseen_character));
        let (text, style) = (scalar.meant(), scalar.style);
        if style == Style::Plain {
            match text.as_str() {
                "" => {
                    let shown = self.one_character(span.start as usize - self.base);
                    self.out.push(Fault::new(FaultKind::MissingKey, shown));
                    return Key { span, text: None, style };
                }
                "<<" => {
                    self.out.push(Fault::new(FaultKind::MergeKey, span));
                    return Key { span, text: None, style };
                }
                _ => self.out.extend(ambiguous_scalars::check(&text, span)),
            }
        }
        if let Some(OpenCollection { contents: Contents::Map { seen, entries, .. }, .. }) = self.open.last_mut()
            && let Some(first) = seen.find(entries, &text)
        {
            self.out.push(Fault::new(FaultKind::DuplicateKey { key: text, first }, span));
            return Key { span, text: None, style };
        }
        Key { span, text: Some(text), style }
    }

    /// The first character of a scalar's source that nobody can see.
    fn unseen_in(&self, span: Span) -> Option<Spanned<char>> {
        let first = self.unseen.partition_point(|it| it.span.start < span.start);
        self.unseen.get(first).filter(|it| it.span.start < span.end).copied()
    }

    /// After a syntax error: `key:` and a no-break space is no key, and nobody sees why.
    fn report_unseen_near(&mut self, at: u32) {
        let before = &self.text[..at as usize];
        let start = before.trim_end_matches(BLANKS).rfind('\n').unwrap_or_default() as u32;
        let end = self.text[at as usize..].find('\n').map_or(self.text.len(), |it| at as usize + it) as u32;
        let near = self.unseen.iter().filter(|it| (start..end).contains(&it.span.start));
        self.out.extend(near.copied().map(unseen_character));
    }

    /// Just behind the `:` or `-` of the value that comes next.
    fn behind_indicator(&self) -> Option<u32> {
        match &self.open.last()?.contents {
            Contents::Map { key, .. } => self.after_indicator(key.as_ref()?.span.end, b':'),
            Contents::Seq(items) => {
                let from = items.last().map_or(self.open.last()?.span.start, |last| last.span.end);
                self.after_indicator(from, b'-')
            }
        }
    }

    /// Where a scalar really starts and ends: the parser's place of a value that was left out may be behind comments,
    /// and that of a block begins after its header.
    fn scalar_span(&self, scalar: &Scalar, span: Span) -> Span {
        let behind = self.behind_indicator();
        match scalar.style {
            Style::Quoted => span,
            Style::Plain if span.is_empty() => behind.map_or(span, |at| Span::new(self.file, at, at)),
            Style::Plain => self.trim_span(span),
            Style::Block => {
                let header = behind.map(|at| self.next_word(at)).filter(|&at| at < span.start);
                let header = header.filter(|&at| self.text[at as usize..].starts_with(['|', '>']));
                let start = header.unwrap_or(span.start);
                self.trim_span(Span { start, ..span })
            }
        }
    }

    /// The place behind an indicator that follows `from` after nothing but blanks and comments.
    fn after_indicator(&self, from: u32, indicator: u8) -> Option<u32> {
        let at = self.next_word(from);
        (self.text.as_bytes().get(at as usize) == Some(&indicator)).then_some(at + 1)
    }

    /// The first place from `from` on that holds neither blanks nor a comment.
    fn next_word(&self, from: u32) -> u32 {
        let mut rest = self.text.get(from as usize..).unwrap_or_default().trim_start_matches(BLANKS);
        while rest.starts_with('#') {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start_matches(BLANKS);
        }
        (self.text.len() - rest.len()) as u32
    }

    /// The innermost `[` or `{` that is still open.
    fn open_bracket(&self) -> Option<Span> {
        let starts = self.open.iter().rev().map(|open| open.span);
        let mut brackets = starts.filter(|it| self.text[it.start as usize..it.end as usize].starts_with(['[', '{']));
        brackets.next()
    }

    fn trim_span(&self, span: Span) -> Span {
        let kept = self.text[span.start as usize..span.end as usize].trim_end_matches(BLANKS).len();
        Span { end: span.start + kept as u32, ..span }
    }

    /// A span of the parser's, inside the text and on character boundaries.
    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        let start = self.boundary(range.start);
        Span::new(self.file, start, self.boundary(range.end).max(start))
    }

    /// The character at a byte of the parser's; at the end of the text, the place behind its last word.
    fn one_character(&self, at: usize) -> Span {
        let start = self.boundary(at);
        match self.text[start as usize..].chars().next() {
            Some('\n' | '\r') => Span::new(self.file, start, start),
            Some(character) => Span::new(self.file, start, start + character.len_utf8() as u32),
            None => {
                let end = self.text.trim_end_matches(BLANKS).len() as u32;
                Span::new(self.file, end, end)
            }
        }
    }

    fn boundary(&self, at: usize) -> u32 {
        let mut at = self.base.saturating_add(at).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at as u32
    }
}
