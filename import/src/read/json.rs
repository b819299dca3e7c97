//! JSON into the tree, with places: documents of several megabytes are JSON, and the YAML parser takes longer for them.

use std::collections::HashMap;

use serde_json::Number;
use specwright_codegen::source::{FileId, Span};

use super::tree::{Kind, Member, Node, insert};
use super::{DEEPEST, Fault};

/// The tree of a text, or nothing if it is no JSON.
pub(super) fn parse(file: FileId, text: &str, faults: &mut Vec<Fault>) -> Option<Node> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { file, text, bytes: text.as_bytes(), at: text.len() - body.len(), depth: 0, faults };
    let node = reader.value()?;
    reader.blanks();
    (reader.at == text.len()).then_some(node)
}

struct Reader<'t, 'f> {
    file: FileId,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    faults: &'f mut Vec<Fault>,
}

impl Reader<'_, '_> {
    fn value(&mut self) -> Option<Node> {
        self.blanks();
        let start = self.at;
        let kind = match self.bytes.get(self.at)? {
            b'{' => self.object()?,
            b'[' => self.array()?,
            b'"' => Kind::Text(self.string()?),
            b't' => self.word("true", Kind::Bool(true))?,
            b'f' => self.word("false", Kind::Bool(false))?,
            b'n' => self.word("null", Kind::Null)?,
            _ => self.number()?,
        };
        Some(Node { span: self.span(start), kind })
    }

    fn object(&mut self) -> Option<Kind> {
        self.descend()?;
        let mut members: Vec<Member> = Vec::new();
        let mut index = HashMap::new();
        self.blanks();
        if self.take(b'}') {
            self.depth -= 1;
            return Some(Kind::Map(members));
        }
        loop {
            self.blanks();
            let start = self.at;
            let key = self.string()?;
            let span = self.span(start);
            self.blanks();
            self.expect(b':')?;
            let value = self.value()?;
            let shown = key.clone();
            if insert(&mut members, &mut index, Member { key, span, value }) {
                self.faults.push(Fault::DuplicateKey { key: shown, span });
            }
            self.blanks();
            if !self.take(b',') {
                break;
            }
        }
        self.expect(b'}')?;
        self.depth -= 1;
        Some(Kind::Map(members))
    }

    fn array(&mut self) -> Option<Kind> {
        self.descend()?;
        let mut items = Vec::new();
        self.blanks();
        if self.take(b']') {
            self.depth -= 1;
            return Some(Kind::List(items));
        }
        loop {
            items.push(self.value()?);
            self.blanks();
            if !self.take(b',') {
                break;
            }
        }
        self.expect(b']')?;
        self.depth -= 1;
        Some(Kind::List(items))
    }

    fn string(&mut self) -> Option<String> {
        self.expect(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
        let raw = self.text.get(start..self.at)?;
        self.at += 1;
        if !escaped {
            return Some(raw.to_owned());
        }
        serde_json::from_str(self.text.get(start - 1..self.at)?).ok()
    }

    fn number(&mut self) -> Option<Kind> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|it| it.is_ascii_digit() || b"+-.eE".contains(it)) {
            self.at += 1;
        }
        serde_json::from_str::<Number>(self.text.get(start..self.at)?).ok().map(Kind::Number)
    }

    fn word(&mut self, word: &str, kind: Kind) -> Option<Kind> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            kind
        })
    }

    fn descend(&mut self) -> Option<()> {
        self.at += 1;
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    fn blanks(&mut self) {
        while self.bytes.get(self.at).is_some_and(|it| b" \t\r\n".contains(it)) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start as u32, self.at as u32)
    }
}
