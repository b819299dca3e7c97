//! Reads JSON text.
//!
//! serde_json's reader is made for every type and source, and would be a tenth of a small program.

use std::fmt;

use serde_json::{Map, Number, Value};

use crate::byte_scan::first_escaped;
use crate::number::{Decimal, HAVE_TEXT};

/// What of the text is not JSON, and where.
pub(crate) struct JsonError {
    what: &'static str,
    line: usize,
    column: usize,
    /// Whether the text ends too early.
    pub(crate) is_cut: bool,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.what, self.line, self.column)
    }
}

/// As it is displayed, which says all of it.
impl fmt::Debug for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for JsonError {}

/// Reads JSON.
pub(crate) fn parse(text: &[u8]) -> Result<Value, JsonError> {
    Parser { text, at: 0, instead: None }.whole()
}

/// Reads what [`reading`](crate::reading) describes. `instead` returns the character for a lone half of a surrogate pair.
pub(crate) fn parse_leniently(text: &[u8], instead: &mut dyn FnMut(u16) -> char) -> Result<Value, JsonError> {
    Parser { text, at: 0, instead: Some(instead) }.whole()
}

/// Arrays and objects inside of each other, so that no text exhausts the stack.
const DEEPEST: usize = 127;

/// Some libraries write them.
const NO_NUMBERS: &str = "NaN Infinity -Infinity";

const NOT_A_NUMBER: &str = "invalid number";
const NOT_UTF8: &str = "invalid unicode code point";

/// What is wrong, at the current position.
type Fault = &'static str;

struct Parser<'a, 'b> {
    text: &'a [u8],
    at: usize,
    /// For text that is read leniently.
    instead: Option<&'b mut dyn FnMut(u16) -> char>,
}

impl<'a> Parser<'a, '_> {
    fn whole(mut self) -> Result<Value, JsonError> {
        let read = self.value(0).and_then(|value| match self.token() {
            None => Ok(value),
            Some(_) => Err("trailing characters"),
        });
        read.map_err(|what| {
            let before = &self.text[..self.at.min(self.text.len())];
            let line = 1 + before.iter().filter(|it| **it == b'\n').count();
            let is_cut = self.at >= self.text.len();
            let column = before.iter().rev().take_while(|it| **it != b'\n').count() + usize::from(!is_cut);
            JsonError { what: if is_cut { "the text ends too early" } else { what }, line, column, is_cut }
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The next byte that is not white space, which stays the next.
    fn token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// Skips a byte, if it is next.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        match self.token() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'N' | b'I' | b'-') if self.instead.is_some() && self.skip_no_number() => Ok(Value::Null),
            Some(b'0'..=b'9' | b'-') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err("expected value"),
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips a number that JSON does not have, if it is next. Text that begins like one is text: `Not Found`.
    fn skip_no_number(&mut self) -> bool {
        let rest = self.rest();
        let found = NO_NUMBERS.split(' ').find(|it| rest.starts_with(it.as_bytes()));
        self.at += found.map_or(0, str::len);
        found.is_some()
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        match word.bytes().all(|it| self.skip(it)) {
            true => Ok(value),
            false => Err("expected ident"),
        }
    }

    fn deeper(&mut self, depth: usize) -> Result<usize, Fault> {
        if depth == DEEPEST {
            return Err("recursion limit exceeded");
        }
        self.at += 1;
        Ok(depth + 1)
    }

    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        let depth = self.deeper(depth)?;
        let mut items = Vec::new();
        if self.token() != Some(b']') {
            loop {
                items.push(self.value(depth)?);
                match self.token() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    _ => return Err("expected `,` or `]`"),
                }
                if self.token() == Some(b']') {
                    return Err("trailing comma");
                }
            }
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        let depth = self.deeper(depth)?;
        let mut fields = Map::new();
        if self.token() != Some(b'}') {
            loop {
                match self.token() {
                    Some(b'"') => {}
                    Some(b'}') => return Err("trailing comma"),
                    _ => return Err("key must be a string"),
                }
                let name = self.string()?;
                if self.token() != Some(b':') {
                    return Err("expected `:`");
                }
                self.at += 1;
                fields.insert(name, self.value(depth)?);
                match self.token() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    _ => return Err("expected `,` or `}`"),
                }
                self.token();
            }
        }
        self.at += 1;
        Ok(Value::Object(fields))
    }

    fn digits(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let count = rest.iter().position(|it| !it.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        &rest[..count]
    }

    /// Digits, of which there is at least one.
    fn some_digits(&mut self) -> Result<&'a [u8], Fault> {
        match self.digits() {
            [] => Err(NOT_A_NUMBER),
            digits => Ok(digits),
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let sign = self.at;
        let is_negative = self.skip(b'-');
        let start = self.at;
        let whole = self.some_digits()?;
        if let [b'0', _, ..] = whole {
            self.at = start + 1;
            return Err(NOT_A_NUMBER);
        }
        let (mut fraction, mut power): (&[u8], _) = (&[], 0);
        if self.skip(b'.') {
            fraction = self.some_digits()?;
        } else if !matches!(self.peek(), Some(b'e' | b'E'))
            && let Some(number) = integer(is_negative, whole)
        {
            return Ok(Value::Number(number));
        }
        if self.skip(b'e') || self.skip(b'E') {
            let is_small = self.skip(b'-');
            if !is_small {
                self.skip(b'+');
            }
            let add = |all: i64, it: &u8| all.saturating_mul(10).saturating_add((it - b'0').into());
            power = self.some_digits()?.iter().fold(0, add) * if is_small { -1 } else { 1 };
        }
        if HAVE_TEXT && let Some(number) = as_written(&self.text[sign..self.at]) {
            return Ok(Value::Number(number));
        }
        let double = Decimal { whole, fraction, power }.to_double();
        match Number::from_f64(if is_negative { -double } else { double }) {
            Some(number) => Ok(Value::Number(number)),
            None if self.instead.is_some() => Ok(Value::Null),
            None => {
                self.at = start;
                Err("number out of range")
            }
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.get(..first_escaped(rest)).unwrap_or(rest);
            if plain.len() == rest.len() {
                self.at = self.text.len();
                return Err("expected `\"`");
            }
            match str::from_utf8(plain) {
                Ok(plain) => out.push_str(plain),
                Err(_) if self.instead.is_some() => out.push_str(&String::from_utf8_lossy(plain)),
                Err(error) => {
                    self.at += error.valid_up_to();
                    return Err(NOT_UTF8);
                }
            }
            self.at += plain.len();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escaped()?),
                Some(control) if self.instead.is_some() => {
                    self.at += 1;
                    out.push(control.into());
                }
                _ => return Err("control character (\\u0000-\\u001F) found while parsing a string"),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let escaped = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => return self.unit_pair(),
            _ => return Err("invalid escape"),
        };
        self.at += 1;
        Ok(escaped.into())
    }

    /// What `\uXXXX` is, or two of them, after the backslash.
    fn unit_pair(&mut self) -> Result<char, Fault> {
        let unit = self.unit()?;
        let next = self.at;
        if unit & 0xfc00 == 0xd800
            && self.skip(b'\\')
            && self.peek() == Some(b'u')
            && let Ok(second) = self.unit()
            && let Some(Ok(character)) = char::decode_utf16([unit, second]).next()
        {
            return Ok(character);
        }
        match (char::from_u32(unit.into()), &mut self.instead) {
            (Some(character), _) => Ok(character),
            (None, Some(instead)) => {
                self.at = next;
                Ok(instead(unit))
            }
            _ => Err("lone leading surrogate in hex escape"),
        }
    }

    fn unit(&mut self) -> Result<u16, Fault> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|it| char::from(it).to_digit(16)).ok_or("invalid escape")?;
            unit = unit << 4 | digit as u16;
            self.at += 1;
        }
        Ok(unit)
    }
}

/// A number with all its digits, where serde_json keeps them.
fn as_written(text: &[u8]) -> Option<Number> {
    str::from_utf8(text).ok()?.parse().ok()
}

/// A whole number of 64 bits, but not -0, which only a double has.
fn integer(is_negative: bool, digits: &[u8]) -> Option<Number> {
    let add = |all: u64, it: &u8| all.checked_mul(10)?.checked_add((it - b'0').into());
    let number = digits.iter().try_fold(0, add)?;
    if !is_negative {
        return Some(number.into());
    }
    (number != 0).then_some(())?;
    0_i64.checked_sub_unsigned(number).map(Number::from)
}
