//! Reads files that use nothing but the common forms of YAML, several times as quickly as [`super::build`].
//!
//! The common forms are block collections, flow collections, scalars on one line, and text after
//! `|` or `>`. Every other form, every fault and
//! every doubt gives `None`: then `build` reads the file and says what there is to say. **Where this reader gives a tree,
//! `build` gives the same tree and no diagnostic**; the tests compare the two.

use std::borrow::Cow;

use super::build::SeenKeys;
use super::{DEEPEST, Entry, Kind, Node, Scalar, Style, ambiguous_scalars};
use crate::source::{FileId, Span, Spanned};

/// A key is at most 1024 characters long, says YAML; a longer one is left to `build`.
const LONGEST_KEY: usize = 1000;

/// The tree of a file without invisible characters, if it is written in the common forms.
pub(super) fn document(file: FileId, text: &str) -> Option<Node<'_>> {
    // Of control characters, only these two can be seen.
    if !text.ends_with('\n') || text.starts_with('\u{feff}') || text.contains('\t') || text.contains('\r') {
        return None;
    }
    let mut reader = Reader { file, text, bytes: text.as_bytes(), at: 0, line: 0, depth: 0 };
    reader.skip()?;
    let root = reader.block(reader.column(), None)?;
    let complete = reader.at == text.len() && matches!(root.kind, Kind::Map(_) | Kind::Seq(_));
    complete.then_some(root)
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    /// The next byte.
    at: usize,
    /// Where its line starts.
    line: usize,
    /// How many collections are open.
    depth: usize,
}

/// Bytes that can mean something within a plain scalar.
const MEANS_SOMETHING: [bool; 256] = {
    let mut all = [false; 256];
    let mut bytes: &[u8] = b"\n: #,[]{}";
    while let [byte, rest @ ..] = bytes {
        all[*byte as usize] = true;
        bytes = rest;
    }
    all
};

/// Where a plain scalar ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Block,
    Flow,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32, end as u32)
    }

    /// Whether a blank or the end of the line is at a place.
    fn is_blank(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), Some(b' ' | b'\n') | None)
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// To the next character of any meaning, over blanks, comments and ends of lines.
    fn skip(&mut self) -> Option<()> {
        loop {
            match self.peek() {
                Some(b' ') => self.at += 1,
                Some(b'\n') => {
                    self.at += 1;
                    self.line = self.at;
                }
                Some(b'#') if self.at == self.line || self.bytes[self.at - 1] == b' ' => {
                    self.at += self.bytes[self.at..].iter().position(|it| *it == b'\n')?;
                }
                Some(b'-' | b'.' | b'%') if self.at == self.line => {
                    // Here a document may begin or end, or a directive stand.
                    let rest = &self.bytes[self.at..];
                    let special = rest.starts_with(b"---") || rest.starts_with(b"...") || rest.starts_with(b"%");
                    return (!special).then_some(());
                }
                _ => return Some(()),
            }
        }
    }

    /// Whether an item of a list begins here.
    fn at_dash(&self) -> bool {
        self.peek() == Some(b'-') && self.is_blank(self.at + 1)
    }

    /// The node that begins here, in a column. `parent` is the column of the collection that it is in.
    fn block(&mut self, column: usize, parent: Option<usize>) -> Option<Node<'a>> {
        if self.at_dash() {
            return self.block_sequence(column);
        }
        if matches!(self.peek()?, b'[' | b'{' | b'|' | b'>') {
            return self.value(parent);
        }
        let start = self.at;
        let first = self.scalar(Context::Block)?;
        if self.peek() == Some(b':') && self.is_blank(self.at + 1) {
            return self.block_mapping(column, start, first);
        }
        let node = self.checked(first, start)?;
        self.end_of_line()?;
        Some(node)
    }

    fn block_sequence(&mut self, column: usize) -> Option<Node<'a>> {
        self.open()?;
        let start = self.at;
        let mut items: Vec<Node<'a>> = Vec::new();
        while self.peek().is_some() && self.column() == column && self.at_dash() {
            self.at += 1;
            let behind = self.at;
            self.skip()?;
            let item = match self.peek() {
                Some(_) if self.column() > column => self.block(self.column(), Some(column))?,
                _ => self.nothing(behind),
            };
            items.push(item);
            self.skip()?;
        }
        self.depth -= 1;
        let span = self.span(start, items.last()?.span.end as usize);
        Some(Node { span, kind: Kind::Seq(items) })
    }

    /// A mapping whose first key was read, up to the `:`.
    fn block_mapping(&mut self, column: usize, start: usize, first: Scalar<'a>) -> Option<Node<'a>> {
        self.open()?;
        let mut entries = Entries::default();
        let mut next = Some((start, first));
        while let Some((start, key)) = next.take() {
            let key = entries.key(key, self.span(start, self.at))?;
            self.at += 1;
            let behind = self.at;
            self.skip_spaces();
            let is_left = matches!(self.peek(), Some(b'\n' | b'#'));
            let value = if is_left { self.value_below(column, behind)? } else { self.value(Some(column))? };
            entries.add(key, value);
            self.skip()?;
            if self.peek().is_some() && self.column() == column {
                let start = self.at;
                let key = self.scalar(Context::Block)?;
                if self.peek() != Some(b':') || !self.is_blank(self.at + 1) {
                    return None;
                }
                next = Some((start, key));
            } else if self.peek().is_some() && self.column() > column {
                return None;
            }
        }
        self.depth -= 1;
        let end = entries.0.last()?.value.span.end as usize;
        Some(Node { span: self.span(start, end), kind: Kind::Map(entries.0) })
    }

    /// The value of a key that has nothing behind its `:`.
    fn value_below(&mut self, column: usize, behind: usize) -> Option<Node<'a>> {
        self.skip()?;
        match self.peek() {
            Some(_) if self.column() == column && self.at_dash() => self.block_sequence(column),
            Some(_) if self.column() > column => self.block(self.column(), Some(column)),
            _ => Some(self.nothing(behind)),
        }
    }

    /// A value that ends its line, and is no block collection.
    fn value(&mut self, parent: Option<usize>) -> Option<Node<'a>> {
        let start = self.at;
        let node = match self.peek()? {
            b'|' | b'>' => return self.lines(parent),
            b'[' | b'{' => self.flow(parent)?,
            _ => {
                let scalar = self.scalar(Context::Block)?;
                self.checked(scalar, start)?
            }
        };
        self.end_of_line()?;
        Some(node)
    }

    /// Nothing but a comment may follow in this line.
    fn end_of_line(&mut self) -> Option<()> {
        let from = self.at;
        self.skip_spaces();
        match self.peek() {
            None | Some(b'\n') => Some(()),
            Some(b'#') if self.at > from => Some(()),
            Some(_) => None,
        }
    }

    fn flow(&mut self, parent: Option<usize>) -> Option<Node<'a>> {
        self.open()?;
        let start = self.at;
        let is_map = self.peek() == Some(b'{');
        let close = if is_map { b'}' } else { b']' };
        self.at += 1;
        let (mut items, mut entries) = (Vec::new(), Entries::default());
        loop {
            self.skip_in_flow(parent)?;
            if self.peek() == Some(close) {
                break;
            }
            if is_map {
                let start = self.at;
                let key = self.scalar(Context::Flow)?;
                let key = entries.key(key, self.span(start, self.at))?;
                if self.peek() != Some(b':') || !self.is_blank(self.at + 1) {
                    return None;
                }
                self.at += 1;
                let behind = self.at;
                self.skip_in_flow(parent)?;
                let is_left = matches!(self.peek(), Some(b',' | b'}'));
                let value = if is_left { self.nothing(behind) } else { self.flow_value(parent)? };
                entries.add(key, value);
            } else {
                items.push(self.flow_value(parent)?);
            }
            self.skip_in_flow(parent)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                it if it == Some(close) => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.depth -= 1;
        let kind = if is_map { Kind::Map(entries.0) } else { Kind::Seq(items) };
        Some(Node { span: self.span(start, self.at), kind })
    }

    fn flow_value(&mut self, parent: Option<usize>) -> Option<Node<'a>> {
        if matches!(self.peek(), Some(b'[' | b'{')) {
            return self.flow(parent);
        }
        let start = self.at;
        let scalar = self.scalar(Context::Flow)?;
        self.checked(scalar, start)
    }

    /// As [`skip`](Self::skip). A further line must be indented more than what the collection is in.
    fn skip_in_flow(&mut self, parent: Option<usize>) -> Option<()> {
        let line = self.line;
        self.skip()?;
        (self.line == line || parent.is_none_or(|it| self.column() > it)).then_some(())
    }

    /// A scalar on one line, in quotes or not.
    fn scalar(&mut self, context: Context) -> Option<Scalar<'a>> {
        match self.peek()? {
            b'"' => self.double_quoted(),
            b'\'' => self.single_quoted(),
            _ => self.plain(context),
        }
    }

    fn plain(&mut self, context: Context) -> Option<Scalar<'a>> {
        let ends_flow = |byte: u8| context == Context::Flow && matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
        let start = self.at;
        match self.peek()? {
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                return None;
            }
            b'?' | b':' => return None,
            b'-' if self.bytes.get(start + 1).is_none_or(|it| matches!(it, b' ' | b'\n') || ends_flow(*it)) => {
                return None;
            }
            _ => {}
        }
        let mut end = start;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let ordinary = rest.iter().position(|it| MEANS_SOMETHING[usize::from(*it)]).unwrap_or(rest.len());
            if ordinary > 0 {
                self.at += ordinary;
                end = self.at;
            }
            let Some(byte) = self.peek() else { break };
            let next = self.bytes.get(self.at + 1).copied().unwrap_or(b'\n');
            match byte {
                b'\n' => break,
                b':' if matches!(next, b' ' | b'\n') => break,
                // Whether this is text or an indicator depends on what is around it.
                b':' if ends_flow(next) => return None,
                b'#' if end < self.at => break,
                b' ' => {
                    self.at += 1;
                    continue;
                }
                _ if ends_flow(byte) => break,
                _ => {}
            }
            self.at += 1;
            end = self.at;
        }
        // Blanks before a `:` belong to neither the key nor the value.
        if self.peek() == Some(b':') && end < self.at {
            return None;
        }
        self.at = end;
        Some(Scalar { text: self.text.get(start..end)?.into(), style: Style::Plain, unseen: None })
    }

    fn single_quoted(&mut self) -> Option<Scalar<'a>> {
        let mut text = Cow::default();
        loop {
            let part = self.until(|it| it == b'\'')?;
            text += part;
            if self.bytes.get(self.at + 1) != Some(&b'\'') {
                break;
            }
            text += "'";
            self.at += 1;
        }
        self.at += 1;
        Some(Scalar { text, style: Style::Quoted, unseen: None })
    }

    fn double_quoted(&mut self) -> Option<Scalar<'a>> {
        let mut text = Cow::default();
        loop {
            let part = self.until(|it| matches!(it, b'"' | b'\\'))?;
            text += part;
            if self.peek() == Some(b'"') {
                break;
            }
            self.at += 1;
            text += match self.peek()? {
                b'n' => "\n",
                b't' => "\t",
                b'"' => "\"",
                b'\\' => "\\",
                _ => return None,
            };
        }
        self.at += 1;
        Some(Scalar { text, style: Style::Quoted, unseen: None })
    }

    /// From behind this byte to one that ends the part; both are in one line.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Option<&'a str> {
        let start = self.at + 1;
        let length = self.bytes.get(start..)?.iter().position(|it| ends(*it) || *it == b'\n')?;
        self.at = start + length;
        let part = self.text.get(start..self.at)?;
        (self.peek() != Some(b'\n')).then_some(part)
    }

    /// Lines of text after `|`, or a paragraph after `>`.
    fn lines(&mut self, parent: Option<usize>) -> Option<Node<'a>> {
        let start = self.at;
        let folds = self.peek() == Some(b'>');
        let keeps_break = self.bytes.get(self.at + 1) != Some(&b'-');
        self.at += if keeps_break { 1 } else { 2 };
        if self.peek() != Some(b'\n') {
            return None;
        }
        self.at += 1;
        self.line = self.at;
        self.skip_spaces();
        let indentation = self.column();
        if self.peek()? == b'\n' || indentation == 0 || parent.is_some_and(|it| indentation <= it) {
            return None;
        }
        self.at = self.line;
        let (mut text, mut end, mut breaks) = (String::new(), self.at, 0);
        while let Some(rest) = self.bytes.get(self.at..).filter(|it| !it.is_empty()) {
            let length = rest.iter().position(|it| *it == b'\n')?;
            let spaces = rest.iter().take_while(|it| **it == b' ').count();
            if spaces < length {
                if spaces < indentation {
                    break;
                }
                let line = self.text.get(self.at + indentation..self.at + length)?;
                if folds && (breaks > 1 || line.starts_with(' ') || line.ends_with(' ')) {
                    return None;
                }
                text.extend(std::iter::repeat_n(if folds { ' ' } else { '\n' }, breaks));
                text.push_str(line);
                end = self.at + indentation + line.trim_end_matches(' ').len();
                breaks = 0;
            } else if spaces > indentation {
                return None;
            }
            breaks += 1;
            self.at += length + 1;
            self.line = self.at;
        }
        if keeps_break {
            text.push('\n');
        }
        let scalar = Scalar { text: text.into(), style: Style::Block, unseen: None };
        Some(Node { span: self.span(start, end), kind: Kind::Scalar(scalar) })
    }

    fn open(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    /// A value that was left out, behind its indicator.
    fn nothing(&self, behind: usize) -> Node<'a> {
        let scalar = Scalar { text: Cow::Borrowed(""), style: Style::Plain, unseen: None };
        Node { span: self.span(behind, behind), kind: Kind::Scalar(scalar) }
    }

    /// A scalar up to here, unless readers take it for different things.
    fn checked(&self, scalar: Scalar<'a>, start: usize) -> Option<Node<'a>> {
        let node = Node { span: self.span(start, self.at), kind: Kind::Scalar(scalar) };
        node.as_scalar().is_some_and(|it| !it.is_ambiguous()).then_some(node)
    }
}

/// The entries of a mapping so far.
#[derive(Default)]
struct Entries<'a>(Vec<Entry<'a>>, SeenKeys);

impl<'a> Entries<'a> {
    /// A scalar as the next key.
    fn key(&mut self, scalar: Scalar<'a>, span: Span) -> Option<(Spanned<Cow<'a, str>>, Style)> {
        let Scalar { text, style, .. } = scalar;
        let is_odd =
            span.len() as usize > LONGEST_KEY || (style == Style::Plain && ambiguous_scalars::is_ambiguous(&text));
        let is_new = !is_odd && self.1.find(&self.0, &text).is_none();
        is_new.then(|| (Spanned::new(text, span), style))
    }

    fn add(&mut self, (key, key_style): (Spanned<Cow<'a, str>>, Style), value: Node<'a>) {
        self.0.push(Entry { key, key_style, value });
    }
}
