//! The canonical form of a text, in which secrets are searched: without escapes, encodings and white space, and with
//! all letters in the same case.

use super::is_skipped;

/// A shorter run of base64 characters cannot encode a secret.
const SHORTEST_RUN: usize = 11;

/// A decoded run of text that is shorter than this is a coincidence and is ignored.
const SHORTEST_TEXT: usize = 8;

/// A text, byte by byte.
pub(super) struct Canonical(Vec<Byte>);

/// A byte, and the range of the text that it comes from.
#[derive(Clone, Copy)]
pub(super) struct Byte {
    pub(super) folded: u8,
    /// In its original case, which base64 depends on.
    as_written: u8,
    from: u32,
    to: u32,
}

/// The meaning of an escape.
enum Meant {
    Character(char),
    Byte(u8),
}

impl Canonical {
    /// Escapes are left unchanged. Pieces of text are far shorter than `u32::MAX`.
    pub(super) fn of(text: &str) -> Self {
        let mut out = Self(Vec::with_capacity(text.len()));
        for (at, character) in text.char_indices() {
            out.push(character, at as u32, (at + character.len_utf8()) as u32);
        }
        out
    }

    pub(super) fn bytes(&self) -> &[Byte] {
        &self.0
    }

    fn push(&mut self, character: char, from: u32, to: u32) {
        if is_skipped(character) {
            return;
        }
        let mut buffer = [0; 4];
        for byte in character.encode_utf8(&mut buffer).bytes() {
            self.push_byte(byte, from, to);
        }
    }

    fn push_byte(&mut self, byte: u8, from: u32, to: u32) {
        self.0.push(Byte { folded: folded(byte), as_written: byte, from, to });
    }

    /// The range of the text that these bytes come from.
    pub(super) fn place(&self, from: usize, to: usize) -> (usize, usize) {
        // Without such bytes, it would be all of the text.
        let bytes = self.0.get(from..to).unwrap_or_default();
        let (from, to) = (bytes.first().map_or(0, |it| it.from), bytes.last().map_or(u32::MAX, |it| it.to));
        (from as usize, to as usize)
    }

    /// Undoes one level of escapes. `None` if there are none.
    pub(super) fn unescaped(&self) -> Option<Self> {
        (0..self.0.len()).find(|at| self.escape(*at).is_some())?;
        let mut out = Self(Vec::with_capacity(self.0.len()));
        let mut at = 0;
        while let Some(byte) = self.0.get(at) {
            let (meant, length) = self.escape(at).unwrap_or((Meant::Byte(byte.as_written), 1));
            let (from, to) = (byte.from, self.0.get(at + length - 1).unwrap_or(byte).to);
            match meant {
                Meant::Character(character) => out.push(character, from, to),
                Meant::Byte(byte) if byte.is_ascii() && length > 1 => out.push(char::from(byte), from, to),
                Meant::Byte(byte) => out.push_byte(byte, from, to),
            }
            at += length;
        }
        Some(out)
    }

    /// The meaning of the escape at a position, and its length.
    fn escape(&self, at: usize) -> Option<(Meant, usize)> {
        // The longest are `&underbar;` and `\u{10ffff}`.
        const LONGEST: usize = 12;
        let start = self.0.get(at)?.folded;
        if !matches!(start, b'\\' | b'%' | b'&') {
            return None;
        }
        let mut buffer = [0; LONGEST];
        let rest = self.0[at..].iter().zip(&mut buffer);
        let length = rest.map(|(byte, place)| *place = byte.folded).count();
        let text = &buffer[..length];
        match start {
            b'\\' => backslash(text),
            b'%' => hex(text.get(1..3)).and_then(|it| Some((Meant::Byte(u8::try_from(it).ok()?), 3))),
            _ => entity(text),
        }
    }

    /// The texts that are encoded in it as base64 or hexadecimal, from every offset within a group. `None` if there are
    /// none.
    pub(super) fn decoded(&self) -> Option<Self> {
        let mut out = Self(Vec::new());
        self.decode_runs((SHORTEST_RUN, 4), 6, base64_value, &mut out);
        self.decode_runs((2 * SHORTEST_TEXT, 2), 4, hex_value, &mut out);
        (!out.0.is_empty()).then_some(out)
    }

    /// Adds the texts in runs of characters that have a value, if a run is long enough, from every offset below `phases`.
    fn decode_runs(&self, (shortest, phases): (usize, usize), width: u32, value: Digit, out: &mut Self) {
        let mut start = 0;
        for run in self.0.split(|it| value(it.as_written).is_none()) {
            if run.len() >= shortest {
                for phase in 0..phases {
                    self.decode(start + phase..start + run.len(), width, value, out);
                }
            }
            start += run.len() + 1;
        }
    }

    /// Adds the texts in the bytes that these characters encode, with `width` bits per character.
    #[inline(never)]
    fn decode(&self, range: std::ops::Range<usize>, width: u32, value: Digit, out: &mut Self) {
        let (mut bits, mut count, mut begun, mut before) = (0_u32, 0, out.0.len(), 0);
        for it in self.0.get(range).unwrap_or_default() {
            let from = std::mem::replace(&mut before, it.from);
            bits = bits << width | u32::from(value(it.as_written).unwrap_or_default());
            count += width;
            if count < 8 {
                continue;
            }
            count -= 8;
            let byte = (bits >> count & 0xff) as u8;
            if byte.is_ascii_graphic() || byte.is_ascii_whitespace() {
                out.push(char::from(byte), from, it.to);
            } else {
                out.end_text(begun);
                begun = out.0.len();
            }
        }
        out.end_text(begun);
    }

    /// Keeps the text that begins at `begun` and separates it from the next one, unless it is too short to matter.
    fn end_text(&mut self, begun: usize) {
        match self.0.last() {
            // This byte is part of no searched text and of no encoding.
            Some(last) if self.0.len() - begun >= SHORTEST_TEXT => self.push_byte(0, last.from, last.to),
            _ => self.0.truncate(begun),
        }
    }
}

/// The value of a character, if it is a digit.
type Digit = fn(u8) -> Option<u8>;

/// The value of a character of either base64 alphabet.
pub(super) fn base64_value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

fn hex_value(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|it| it as u8)
}

/// Maps letters to one case, and the two alphabets of base64 to one. A text that differs from a secret only in this is
/// treated as that secret.
pub(super) fn folded(byte: u8) -> u8 {
    match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => other.to_ascii_lowercase(),
    }
}

/// The value of hexadecimal digits.
fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let digits = digits.filter(|it| (1..=6).contains(&it.len()))?;
    digits.iter().try_fold(0, |value, it| Some(value * 16 + char::from(*it).to_digit(16)?))
}

/// `\/`, `\"`, `\n`, `\u0041`, `\u{41}`, `\x41`: JSON's ways, and those of the `Debug` of several languages.
fn backslash(text: &[u8]) -> Option<(Meant, usize)> {
    let code = |value: Option<u32>, length| Some((Meant::Character(char::from_u32(value?)?), length));
    let next = *text.get(1)?;
    match next {
        b'u' if text.get(2) == Some(&b'{') => {
            let end = text.iter().take(10).position(|it| *it == b'}')?;
            code(hex(text.get(3..end)), end + 1)
        }
        b'u' => code(hex(text.get(2..6)), 6),
        b'x' => code(hex(text.get(2..4)), 4),
        b'n' | b'r' | b't' | b'b' | b'f' => Some((Meant::Character(' '), 2)),
        other => Some((Meant::Byte(other), 2)),
    }
}

/// `&amp;`, `&#47;`, `&#x2f;`.
fn entity(text: &[u8]) -> Option<(Meant, usize)> {
    // The named entities of ASCII characters, and the few that are valid without a semicolon, each with what it means. They
    // are one text, since each text of a list takes 40 bytes beside its own.
    const NAMES: &str = "\
        &amp;& &amp& &lt;< &lt< &gt;> &gt> &quot;\" &quot\" &apos;' &sol;/ &bsol;\\ &plus;+ &equals;= \
        &lowbar;_ &underbar;_ &period;. &colon;: &comma;, &semi;; &excl;! &quest;? &num;# &dollar;$ \
        &percnt;% &ast;* &midast;* &commat;@ &hat;^ &grave;` &lpar;( &rpar;) &lsqb;[ &lbrack;[ &rsqb;] \
        &rbrack;] &lcub;{ &lbrace;{ &rcub;} &rbrace;} &vert;| &verbar;| &tab;\t &newline;\n";
    if text.get(1) != Some(&b'#') {
        let mut known = NAMES.split(' ').filter_map(|it| it.as_bytes().split_last());
        let (meant, name) = known.find(|it| text.starts_with(it.1))?;
        return Some((Meant::Character(char::from(*meant)), name.len()));
    }
    let start = if text.get(2) == Some(&b'x') { 3 } else { 2 };
    let digits = text.get(start..)?.iter().take(7).take_while(|it| it.is_ascii_hexdigit()).count();
    let value = match (start, text.get(start..start + digits)?) {
        (3, digits) => hex(Some(digits))?,
        (_, digits) => std::str::from_utf8(digits).ok()?.parse().ok()?,
    };
    let end = start + digits;
    let end = if text.get(end) == Some(&b';') { end + 1 } else { end };
    Some((Meant::Character(char::from_u32(value)?), end))
}
