//! A text in the form in which secrets are looked for: without escapes and white space, and with letters of one case.

use super::is_skipped;

/// The bytes, and where in the text each comes from.
pub(super) struct Canonical {
    pub(super) bytes: Vec<u8>,
    from: Vec<u32>,
    to: Vec<u32>,
}

/// What an escape stands for.
enum Meant {
    Character(char),
    Byte(u8),
}

impl Canonical {
    fn with_capacity(length: usize) -> Self {
        let positions = || Vec::with_capacity(length);
        Self { bytes: Vec::with_capacity(length), from: positions(), to: positions() }
    }

    /// Escapes are left as they are. Pieces of text are far shorter than what `u32` can count.
    pub(super) fn of(text: &str) -> Self {
        let mut out = Self::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            out.push(character, at as u32, (at + character.len_utf8()) as u32);
        }
        out
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
        self.bytes.push(folded(byte));
        self.from.push(from);
        self.to.push(to);
    }

    /// Where in the text these bytes come from.
    pub(super) fn place(&self, from: usize, to: usize) -> (usize, usize) {
        (self.from[from] as usize, self.to[to - 1] as usize)
    }

    /// With one level of escapes undone; `None`: there is none.
    pub(super) fn unescaped(&self) -> Option<Self> {
        let mut out: Option<Self> = None;
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            let rest = &self.bytes[at..];
            let escape = match byte {
                b'\\' => backslash(rest),
                b'%' => hex(rest.get(1..3)).and_then(|it| Some((Meant::Byte(u8::try_from(it).ok()?), 3))),
                b'&' => entity(rest),
                _ => None,
            };
            let length = escape.as_ref().map_or(1, |it| it.1);
            if escape.is_some() && out.is_none() {
                let mut begun = Self::with_capacity(self.bytes.len());
                begun.bytes.extend_from_slice(&self.bytes[..at]);
                begun.from.extend_from_slice(&self.from[..at]);
                begun.to.extend_from_slice(&self.to[..at]);
                out = Some(begun);
            }
            if let Some(out) = &mut out {
                let (from, to) = (self.from[at], self.to[at + length - 1]);
                match escape.map(|it| it.0) {
                    Some(Meant::Character(character)) => out.push(character, from, to),
                    Some(Meant::Byte(byte)) if byte.is_ascii() => out.push(char::from(byte), from, to),
                    Some(Meant::Byte(byte)) => out.push_byte(byte, from, to),
                    None => out.push_byte(byte, from, to),
                }
            }
            at += length;
        }
        out
    }
}

/// Letters of one case, and the two alphabets of base64 as one. What differs in no more than this is a secret's other
/// form sooner than another text.
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
    const NAMES: [(&[u8], char); 9] = [
        (b"&amp;", '&'),
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&quot;", '"'),
        (b"&apos;", '\''),
        (b"&sol;", '/'),
        (b"&plus;", '+'),
        (b"&equals;", '='),
        (b"&lowbar;", '_'),
    ];
    if text.get(1) != Some(&b'#') {
        let known = NAMES.iter().find(|it| text.starts_with(it.0))?;
        return Some((Meant::Character(known.1), known.0.len()));
    }
    let start = if text.get(2) == Some(&b'x') { 3 } else { 2 };
    let digits = text[start..].iter().take(7).take_while(|it| it.is_ascii_hexdigit()).count();
    let value = match (start, text.get(start..start + digits)?) {
        (3, digits) => hex(Some(digits))?,
        (_, digits) => std::str::from_utf8(digits).ok()?.parse().ok()?,
    };
    let end = start + digits;
    let end = if text.get(end) == Some(&b';') { end + 1 } else { end };
    Some((Meant::Character(char::from_u32(value)?), end))
}
