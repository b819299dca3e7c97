//! Lines of a stream, put together to blocks: the `event` and `data` of [server-sent events][standard], or lines of JSON.
//!
//! Some things differ from the standard, so that nothing is lost. A line that is not a field is read as data if it is JSON
//! or an HTML page, which gateways send in the middle of another server's response. Byte order marks at the start of any
//! line are removed: servers that join texts send them. The end of a stream ends its last block. A block may have an event
//! and no data.
//!
//! [standard]: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

use std::borrow::Cow;

use bytes::{Buf as _, Bytes};

use crate::reading::MARK;

/// What a block of lines says. Other fields have no meaning for a request that is not sent again.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// The last `event:` line.
    pub(crate) event: Option<String>,
    /// All `data:` lines, with line feeds between them.
    pub(crate) data: Option<String>,
}

/// The current block is larger than allowed.
#[derive(Debug)]
pub(super) struct TooLarge;

/// Reads bytes in any pieces. It keeps one block and one line.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// Every line is a block.
    each_line: bool,
    /// The most bytes of a block as text, without comments and line ends.
    most: usize,
    block: Block,
    /// The bytes of the lines of the block before this one.
    size: usize,
    /// The beginning of the line in earlier pieces, without byte order marks.
    line: Vec<u8>,
    /// The line is a comment, which is not kept: it may be endless.
    comment: bool,
    /// The last byte was CR, so a following LF is not a separate line end.
    cr: bool,
}

/// What a line without a field counts beside its bytes, as if it had one: many empty ones make a large text.
const DATA: usize = "data:".len();

/// The capacity for lines in several pieces that a stream keeps.
const KEPT: usize = 64 * 1024;

/// Whether a line with this beginning is JSON or an HTML page: no field has such a name.
fn is_bare(line: &str) -> bool {
    line.starts_with(['{', '[', '<'])
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

impl Blocks {
    pub(super) fn new(each_line: bool, most: usize) -> Self {
        Self { each_line, most, ..Self::default() }
    }

    /// Takes bytes off the front up to the end of a block, or all of them if they do not end one.
    ///
    /// # Errors
    /// Fails as soon as the block is too large, even if its end is not there.
    pub(super) fn next(&mut self, bytes: &mut Bytes) -> Result<Option<Block>, TooLarge> {
        let mut rest = &**bytes;
        let mut block = None;
        while block.is_none() && !rest.is_empty() {
            if std::mem::take(&mut self.cr)
                && let Some(after) = rest.strip_prefix(b"\n")
            {
                rest = after;
                continue;
            }
            rest = self.after_marks(rest);
            if self.is_between_blocks() && rest.first().is_some_and(|it| is_line_end(*it)) {
                let number = rest.iter().take_while(|it| is_line_end(**it)).count();
                let (blank, after) = rest.split_at(number);
                self.cr = blank.last() == Some(&b'\r');
                self.size = 0;
                rest = after;
                continue;
            }
            let end = rest.iter().position(|it| is_line_end(*it));
            let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            if !self.comment {
                self.fits(part, end.is_some())?;
            }
            let Some((end, after)) = after.split_first() else {
                if !self.comment {
                    self.line.extend_from_slice(part);
                }
                break;
            };
            rest = after;
            self.cr = *end == b'\r';
            block = self.end_line(part)?;
        }
        let left = rest.len();
        bytes.advance(bytes.len() - left);
        Ok(block)
    }

    /// Whether there is a part of a line, apart from comments.
    pub(super) fn is_within_a_line(&self) -> bool {
        match self.each_line {
            true => !self.line.trim_ascii().is_empty(),
            false => !self.line.is_empty(),
        }
    }

    /// The last block, whose blank line is missing.
    ///
    /// # Errors
    /// Fails if it is too large.
    pub(super) fn end(&mut self) -> Result<Option<Block>, TooLarge> {
        let block = self.end_line(&[])?;
        if block.is_some() { Ok(block) } else { self.end_line(&[]) }
    }

    /// Whether more blank lines change nothing.
    fn is_between_blocks(&self) -> bool {
        self.line.is_empty() && !self.comment && self.block.event.is_none() && self.block.data.is_none()
    }

    /// What follows the byte order marks at the start of a line. Sees whether the line is a comment.
    fn after_marks<'b>(&mut self, mut rest: &'b [u8]) -> &'b [u8] {
        let mark = MARK.as_bytes();
        // A mark may be in two pieces.
        while let Some((&next, after)) = rest.split_first()
            && !self.line.is_empty()
            && mark.strip_prefix(&*self.line).is_some_and(|it| it.first() == Some(&next))
        {
            self.line.push(next);
            rest = after;
            if self.line == mark {
                self.line.clear();
            }
        }
        if self.line.is_empty() && !self.comment {
            while let Some(after) = rest.strip_prefix(mark) {
                rest = after;
            }
            self.comment = !self.each_line && rest.first() == Some(&b':');
        }
        rest
    }

    /// Fails if the block is too large with this part of a line.
    fn fits(&self, part: &[u8], is_end: bool) -> Result<(), TooLarge> {
        let (line, mark) = (&*self.line, MARK.as_bytes());
        let may_be_a_mark =
            if line.is_empty() { mark.starts_with(part) } else { part.is_empty() && mark.starts_with(line) };
        if may_be_a_mark && !is_end {
            return Ok(());
        }
        self.add_up(self.line.len().saturating_add(part.len())).map(drop)
    }

    /// The size of the block with a line of this size.
    fn add_up(&self, line: usize) -> Result<usize, TooLarge> {
        let size = self.size.saturating_add(line);
        if size > self.most { Err(TooLarge) } else { Ok(size) }
    }

    /// Ends the line with its last part; returns the block that this ends, if it has an event or data.
    fn end_line(&mut self, part: &[u8]) -> Result<Option<Block>, TooLarge> {
        if std::mem::take(&mut self.comment) {
            return Ok(None);
        }
        if self.line.is_empty() {
            return self.whole_line(part);
        }
        let mut line = std::mem::take(&mut self.line);
        line.extend_from_slice(part);
        let block = self.whole_line(&line);
        if line.capacity() <= KEPT {
            line.clear();
            self.line = line;
        }
        block
    }

    fn whole_line(&mut self, line: &[u8]) -> Result<Option<Block>, TooLarge> {
        if line.is_empty() {
            self.size = 0;
            let block = std::mem::take(&mut self.block);
            return Ok((block.event.is_some() || block.data.is_some()).then_some(block));
        }
        let line = self.text(line)?;
        if self.each_line {
            // JSON may have white space around it.
            let data = line.trim_ascii();
            return Ok((!data.is_empty()).then(|| Block { event: None, data: Some(data.to_owned()) }));
        }
        let (name, value) = match line.split_once(':') {
            _ if is_bare(&line) => {
                self.size = self.add_up(DATA)?;
                ("data", &*line)
            }
            Some((name, value)) => (name, value.strip_prefix(' ').unwrap_or(value)),
            None => (&*line, ""),
        };
        match (name, &mut self.block.data) {
            ("data", Some(data)) => {
                data.push('\n');
                data.push_str(value);
            }
            ("data", data) => *data = Some(value.to_owned()),
            ("event", _) => self.block.event = Some(value.to_owned()),
            _ => {}
        }
        Ok(None)
    }

    /// A line as text, with `U+FFFD` for what is not UTF-8. It counts towards the size of the block.
    fn text<'l>(&mut self, line: &'l [u8]) -> Result<Cow<'l, str>, TooLarge> {
        let shown = |it: std::str::Utf8Chunk<'_>| {
            let mark = if it.invalid().is_empty() { 0 } else { char::REPLACEMENT_CHARACTER.len_utf8() };
            it.valid().len() + mark
        };
        let size = self.add_up(line.utf8_chunks().map(shown).sum())?;
        if !self.each_line {
            self.size = size;
        }
        Ok(String::from_utf8_lossy(line))
    }
}
