//! Text with places where a line may break, and the text that fits the width.
//!
//! This is Oppen's algorithm, with the breaks, indents and limits that `prettyplease` chose for Rust, so that both give the
//! same text.

use std::borrow::Cow;

/// Columns that a line may fill.
const WIDTH: isize = 89;
/// Columns that are left for text, however deep it stands.
const LEAST_WIDTH: isize = 60;
/// What a level is indented by.
pub(super) const INDENT: isize = 4;
/// More than fits any line.
const ENDLESS: isize = 0xffff;

/// A place where a line may break.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Break {
    /// Added to the indent of what follows.
    pub(super) offset: isize,
    /// Spaces in place of a line break.
    pub(super) blanks: isize,
    /// Ends the line that is broken.
    pub(super) before: Option<char>,
    /// Starts the next line.
    pub(super) after: &'static str,
    /// Stands there if the line is not broken.
    pub(super) unbroken: Option<char>,
    /// Whether nothing is left of it at the end of a group.
    pub(super) only_inside: bool,
    /// Whether it is only a place that groups are measured to.
    pub(super) never: bool,
}

#[derive(Debug)]
enum Kind<'t> {
    Text(Cow<'t, str>),
    Break(Break),
    /// Of a group: if it does not fit, all of its breaks are taken if `all`, else those after which text would not fit.
    Begin {
        offset: isize,
        all: bool,
    },
    End,
}

#[derive(Debug)]
struct Piece<'t> {
    kind: Kind<'t>,
    /// Of a group, or of a break: the columns up to the next break behind it. Negative while it is not known.
    size: isize,
}

/// Pieces of an item, in their order.
#[derive(Debug, Default)]
pub(super) struct Layout<'t> {
    pieces: Vec<Piece<'t>>,
    /// Those whose size is not known yet.
    open: Vec<usize>,
    /// Columns of all pieces on one line.
    total: isize,
}

impl<'t> Layout<'t> {
    /// Begins a group whose breaks are all taken, or none.
    pub(super) fn all_or_none(&mut self, offset: isize) {
        self.begin(offset, true);
    }

    /// Begins a group that fills its lines.
    pub(super) fn fill(&mut self, offset: isize) {
        self.begin(offset, false);
    }

    fn begin(&mut self, offset: isize, all: bool) {
        self.open.push(self.pieces.len());
        self.pieces.push(Piece { kind: Kind::Begin { offset, all }, size: -self.total });
    }

    pub(super) fn end(&mut self) {
        if let Some(Piece { kind: Kind::Break(last), .. }) = self.pieces.last() {
            let (blanks, only_inside) = (last.blanks, last.only_inside);
            let empty = matches!(self.pieces.iter().nth_back(1), Some(Piece { kind: Kind::Begin { .. }, .. }));
            if empty || only_inside {
                self.pieces.pop();
                self.open.pop();
                self.total -= blanks;
            }
            if empty {
                self.pieces.pop();
                self.open.pop();
                return;
            }
        }
        self.open.push(self.pieces.len());
        self.pieces.push(Piece { kind: Kind::End, size: -1 });
    }

    /// Ends a group that is broken if it is wider than this.
    pub(super) fn end_within(&mut self, width: isize) {
        let mut depth = 1;
        for &index in self.open.iter().rev() {
            match self.pieces[index].kind {
                Kind::Begin { .. } => {
                    depth -= 1;
                    if depth == 0 {
                        if self.pieces[index].size + self.total > width {
                            self.pieces.push(Piece { kind: Kind::Text(Cow::Borrowed("")), size: 0 });
                            self.total += ENDLESS;
                        }
                        break;
                    }
                }
                Kind::End => depth += 1,
                Kind::Break(_) | Kind::Text(_) => {}
            }
        }
        self.end();
    }

    pub(super) fn text(&mut self, text: impl Into<Cow<'t, str>>) {
        let text = text.into();
        self.total += columns(&text);
        self.pieces.push(Piece { kind: Kind::Text(text), size: 0 });
    }

    pub(super) fn may_break(&mut self, at: Break) {
        self.settle();
        self.open.push(self.pieces.len());
        self.pieces.push(Piece { kind: Kind::Break(at), size: -self.total });
        self.total += at.blanks;
    }

    /// Nothing, or a line break.
    pub(super) fn zero(&mut self) {
        self.may_break(Break::default());
    }

    /// A space, or a line break.
    pub(super) fn space(&mut self) {
        self.may_break(Break { blanks: 1, ..Break::default() });
    }

    /// As [`space`](Self::space), but nothing before the end of a group.
    pub(super) fn space_inside(&mut self) {
        self.may_break(Break { blanks: 1, only_inside: true, ..Break::default() });
    }

    /// A line break.
    pub(super) fn line(&mut self) {
        self.may_break(Break { blanks: ENDLESS, ..Break::default() });
    }

    /// A line break, but nothing before the end of a group.
    pub(super) fn line_inside(&mut self) {
        self.may_break(Break { blanks: ENDLESS, only_inside: true, ..Break::default() });
    }

    /// No break: what is before it is measured up to here.
    pub(super) fn never(&mut self) {
        self.may_break(Break { never: true, ..Break::default() });
    }

    /// What follows an entry of a list: the last has a comma only at the end of a line.
    pub(super) fn comma(&mut self, is_last: bool) {
        if is_last {
            self.may_break(Break { before: Some(','), ..Break::default() });
        } else {
            self.text(",");
            self.space();
        }
    }

    /// As [`comma`](Self::comma), in braces.
    pub(super) fn comma_in_braces(&mut self, is_last: bool) {
        if is_last {
            self.may_break(Break { blanks: 1, before: Some(','), ..Break::default() });
        } else {
            self.text(",");
            self.space();
        }
    }

    /// Moves what follows the last break.
    pub(super) fn offset(&mut self, offset: isize) {
        if let Some(Piece { kind: Kind::Break(it), .. }) = self.pieces.last_mut() {
            it.offset += offset;
        }
    }

    /// Whether the text so far ends with a character.
    pub(super) fn ends_with(&self, character: char) -> bool {
        let last = self.pieces.iter().rev().find_map(|it| match &it.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        });
        last.is_some_and(|it| it.ends_with(character))
    }

    /// Gives those their size that are measured up to here.
    fn settle(&mut self) {
        let mut depth = 0;
        while let Some(&index) = self.open.last() {
            let piece = &mut self.pieces[index];
            match piece.kind {
                Kind::Begin { .. } if depth == 0 => break,
                Kind::Begin { .. } => {
                    piece.size += self.total;
                    depth -= 1;
                }
                Kind::End => {
                    piece.size = 1;
                    depth += 1;
                }
                Kind::Break(_) => {
                    piece.size += self.total;
                    if depth == 0 {
                        self.open.pop();
                        break;
                    }
                }
                Kind::Text(_) => {}
            }
            self.open.pop();
        }
    }

    /// Writes the text, and begins anew.
    pub(super) fn write(&mut self, out: &mut String) {
        self.settle();
        let mut writer = Writer { out, space: WIDTH, indent: 0, pending: 0, groups: Vec::new() };
        for piece in &self.pieces {
            match &piece.kind {
                Kind::Text(text) => writer.text(text),
                Kind::Break(at) => writer.line(at, piece.size),
                Kind::Begin { offset, all } => writer.begin(*offset, *all, piece.size),
                Kind::End => writer.end(),
            }
        }
        self.pieces.clear();
        self.open.clear();
        self.total = 0;
    }
}

fn columns(text: &str) -> isize {
    isize::try_from(text.len()).unwrap_or(ENDLESS)
}

/// A group that is being written.
enum Group {
    Fits,
    Broken { indent: isize, all: bool },
}

struct Writer<'o> {
    out: &'o mut String,
    /// Columns left on the line.
    space: isize,
    indent: isize,
    /// Spaces that are written before the next text, so that none stands at the end of a line.
    pending: isize,
    groups: Vec<Group>,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        self.indent();
        self.out.push_str(text);
        self.space -= columns(text);
    }

    fn begin(&mut self, offset: isize, all: bool, size: isize) {
        if size > self.space {
            self.groups.push(Group::Broken { indent: self.indent, all });
            self.indent += offset;
        } else {
            self.groups.push(Group::Fits);
        }
    }

    fn end(&mut self) {
        if let Some(Group::Broken { indent, .. }) = self.groups.pop() {
            self.indent = indent;
        }
    }

    fn line(&mut self, at: &Break, size: isize) {
        let fits = at.never
            || match self.groups.last() {
                Some(Group::Fits) => true,
                Some(Group::Broken { all: true, .. }) => false,
                Some(Group::Broken { all: false, .. }) | None => size <= self.space,
            };
        if fits {
            self.pending += at.blanks;
            self.space -= at.blanks;
            if let Some(character) = at.unbroken {
                self.out.push(character);
                self.space -= 1;
            }
            return;
        }
        if let Some(character) = at.before {
            self.indent();
            self.out.push(character);
        }
        self.out.push('\n');
        let indent = self.indent + at.offset;
        self.pending = indent;
        self.space = (WIDTH - indent).max(LEAST_WIDTH);
        if !at.after.is_empty() {
            self.text(at.after);
        }
    }

    fn indent(&mut self) {
        const SPACES: &str = "                                                                ";
        while self.pending > 0 {
            let spaces = SPACES.get(..self.pending.unsigned_abs()).unwrap_or(SPACES);
            self.out.push_str(spaces);
            self.pending -= columns(spaces);
        }
        self.pending = 0;
    }
}
