//! Lines of a stream, put together to blocks: the `event` and `data` of [server-sent events][standard], or lines of JSON.
//!
//! Three things differ from the standard, so that nothing is lost. A line that is not a field is read as data if it is JSON
//! or an HTML page, which gateways send in the middle of another server's response. Byte order marks at the start of any
//! line are removed: servers that join texts send them. And the end of a stream ends its last block.
//!
//! [standard]: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

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
    /// The most bytes of a block, without comments and line ends.
    most: usize,
    block: Block,
    /// The bytes of the lines of the block before this one.
    size: usize,
    /// The line so far, without byte order marks.
    line: Vec<u8>,
    /// The line is a comment, which is not kept: it may be endless.
    comment: bool,
    /// The last byte was CR, so a following LF is not a separate line end.
    cr: bool,
}

/// Whether a line with this beginning is JSON or an HTML page: no field has such a name.
fn is_bare(first: u8) -> bool {
    matches!(first, b'{' | b'[' | b'<')
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
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
        while let Some(&first) = bytes.first() {
            if std::mem::take(&mut self.cr) && first == b'\n' {
                bytes.advance(1);
                continue;
            }
            let end = bytes.iter().position(|it| matches!(it, b'\r' | b'\n'));
            let part = bytes.split_to(end.unwrap_or(bytes.len()));
            self.add(&part)?;
            if end.is_some() {
                self.cr = bytes.first() == Some(&b'\r');
                bytes.advance(1);
                if let Some(block) = self.end_line() {
                    return Ok(Some(block));
                }
            }
        }
        Ok(None)
    }

    /// Whether there is a part of a line, apart from comments.
    pub(super) fn is_within_a_line(&self) -> bool {
        !self.line.is_empty()
    }

    /// The last block, whose blank line is missing.
    pub(super) fn end(&mut self) -> Option<Block> {
        self.end_line().or_else(|| self.end_line())
    }

    /// Adds a part of a line without its end.
    fn add(&mut self, part: &[u8]) -> Result<(), TooLarge> {
        if self.comment {
            return Ok(());
        }
        self.line.extend_from_slice(part);
        let marks = self.line.chunks_exact(MARK.len()).take_while(|it| *it == MARK.as_bytes()).count();
        self.line.drain(..marks * MARK.len());
        if !self.each_line && self.line.first() == Some(&b':') {
            self.comment = true;
            self.line.clear();
        }
        // Half a mark counts when it turns out to be none.
        let is_half_a_mark = MARK.as_bytes().starts_with(&self.line);
        if !is_half_a_mark && self.size.saturating_add(self.line.len()) > self.most {
            return Err(TooLarge);
        }
        Ok(())
    }

    /// Ends the line; returns the block that this ends, if it has an event or data.
    fn end_line(&mut self) -> Option<Block> {
        if std::mem::take(&mut self.comment) {
            return None;
        }
        let Some(&first) = self.line.first() else {
            self.size = 0;
            let block = std::mem::take(&mut self.block);
            return (block.event.is_some() || block.data.is_some()).then_some(block);
        };
        let line = std::mem::take(&mut self.line);
        if self.each_line {
            return Some(Block { event: None, data: Some(text(&line)) });
        }
        self.size = self.size.saturating_add(line.len());
        if is_bare(first) {
            self.add_data(&line);
        } else {
            self.add_field(&line);
        }
        // Its capacity serves the next line.
        self.line = line;
        self.line.clear();
        None
    }

    fn add_field(&mut self, line: &[u8]) {
        let (name, value) = match line.iter().position(|it| *it == b':') {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => self.add_data(value),
            b"event" => self.block.event = Some(text(value)),
            _ => {}
        }
    }

    fn add_data(&mut self, value: &[u8]) {
        let value = String::from_utf8_lossy(value);
        match &mut self.block.data {
            Some(data) => {
                data.push('\n');
                data.push_str(&value);
            }
            data => *data = Some(value.into_owned()),
        }
    }
}
