//! Numbers by value, in any spelling: `1`, `1.0` and `1e0` are the same number.
//!
//! A number that JSON writes without a fraction or an exponent is exact from -2^63 to 2^64 - 1; any other is the IEEE
//! double that is nearest. A double that is whole is exactly that whole number, and one with a fraction is the shortest
//! decimal that reads as it.

mod double;

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use serde_json::Value;

pub(crate) use double::{Decimal, push_json};

use double::push_plain;

/// A number by its value.
#[derive(Clone, Copy, Debug)]
pub struct Number(Exact);

#[derive(Clone, Copy, Debug)]
enum Exact {
    Whole(i128),
    /// Not whole, or beyond the range of integers.
    Double(f64),
}

/// Whole doubles beyond this stay doubles.
const WHOLE_LIMIT: f64 = 1e30;

impl Number {
    /// The number that a JSON value is.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        let Value::Number(number) = value else { return None };
        let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        match whole {
            Some(whole) => Some(Self(Exact::Whole(whole))),
            None => number.as_f64().map(Self::from),
        }
    }

    /// The number as an `i64`, if it is one.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        self.whole().and_then(|it| it.try_into().ok())
    }

    /// The number as a `u64`, if it is one.
    #[must_use]
    pub fn unsigned(self) -> Option<u64> {
        self.whole().and_then(|it| it.try_into().ok())
    }

    /// The number as a whole one, if it is in the range of integers.
    pub(crate) fn whole(self) -> Option<i128> {
        match self.0 {
            Exact::Whole(number) => Some(number),
            Exact::Double(_) => None,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self.0, other.0) {
            (Exact::Whole(a), Exact::Whole(b)) => Some(a.cmp(&b)),
            (Exact::Double(a), Exact::Double(b)) => a.partial_cmp(&b),
            (Exact::Whole(a), Exact::Double(b)) => compare_mixed(a, b),
            (Exact::Double(a), Exact::Whole(b)) => compare_mixed(b, a).map(Ordering::reverse),
        }
    }
}

fn compare_mixed(whole: i128, double: f64) -> Option<Ordering> {
    if double.abs() < WHOLE_LIMIT {
        // The removed fraction makes the double the greater one.
        Some(whole.cmp(&(double.floor() as i128)).then(Ordering::Less))
    } else {
        0.0.partial_cmp(&double)
    }
}

/// Of all whole numbers: with one type alone, constants need no suffix.
impl From<i128> for Number {
    fn from(number: i128) -> Self {
        Self(Exact::Whole(number))
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        let whole = number.fract() == 0.0 && number.abs() < WHOLE_LIMIT;
        Self(if whole { Exact::Whole(number as i128) } else { Exact::Double(number) })
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.compare(*other)
    }
}

impl PartialEq<i128> for Number {
    fn eq(&self, other: &i128) -> bool {
        *self == Self::from(*other)
    }
}

impl PartialOrd<i128> for Number {
    fn partial_cmp(&self, other: &i128) -> Option<Ordering> {
        self.compare(Self::from(*other))
    }
}

impl PartialEq<f64> for Number {
    fn eq(&self, other: &f64) -> bool {
        *self == Self::from(*other)
    }
}

impl PartialOrd<f64> for Number {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        self.compare(Self::from(*other))
    }
}

/// A number as text: a whole number of up to 64 bits with all of its digits, because readers use it exactly as written.
/// Larger numbers are read as doubles, whatever their digits.
#[must_use]
pub fn number_text(value: impl Borrow<f64>) -> String {
    let value = *value.borrow();
    let mut out = String::new();
    if value.fract() == 0.0 && value.abs() <= 2f64.powi(64) {
        out.push_str(if value.is_sign_negative() { "-" } else { "" });
        out.push_str(&(value.abs() as u128).to_string());
    } else {
        push_double(&mut out, value);
    }
    out
}

/// Whether numbers of JSON have the text that they were read from: with the feature `arbitrary_precision` of serde_json,
/// which any crate of a program can turn on. They own nothing else.
pub(crate) const HAVE_TEXT: bool = std::mem::needs_drop::<serde_json::Number>();

/// Writes a number of JSON as serde_json does.
pub(crate) fn push_number(out: &mut Vec<u8>, number: &serde_json::Number) {
    if let Some(whole) = number.as_u64() {
        out.extend_from_slice(decimal_digits(whole, &mut [0; 20]));
    } else if let Some(whole) = number.as_i64() {
        out.push(b'-');
        out.extend_from_slice(decimal_digits(whole.unsigned_abs(), &mut [0; 20]));
    } else if HAVE_TEXT {
        // A double would lose digits.
        out.extend_from_slice(number.to_string().as_bytes());
    } else {
        push_json(out, number.as_f64().unwrap_or(f64::MAX));
    }
}

/// A number of JSON as text.
pub(crate) fn text_of_number(number: &serde_json::Number) -> String {
    let mut out = Vec::new();
    push_number(&mut out, number);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes the shortest decimal that is read as this number, without an exponent, as `{value}` does.
pub(crate) fn push_double(out: &mut String, value: f64) {
    let mut text = Vec::new();
    match value {
        f64::INFINITY => return out.push_str("inf"),
        f64::NEG_INFINITY => return out.push_str("-inf"),
        _ if value.is_nan() => return out.push_str("NaN"),
        _ => push_plain(&mut text, value),
    }
    out.push_str(str::from_utf8(&text).unwrap_or_default());
}

/// A whole number as text.
#[inline(never)]
pub(crate) fn count_text(number: u64) -> String {
    let mut out = String::new();
    push_count(&mut out, number);
    out
}

/// Writes a whole number.
#[inline]
pub(crate) fn push_count(out: &mut String, number: u64) {
    decimal_digits(number, &mut [0; 20]).iter().for_each(|it| out.push(char::from(*it)));
}

/// The digits of a whole number, which are at the end of the buffer.
#[inline(never)]
pub(crate) fn decimal_digits(number: u64, buffer: &mut [u8; 20]) -> &[u8] {
    let (mut at, mut left) = (buffer.len(), number);
    loop {
        at -= 1;
        buffer[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            return &buffer[at..];
        }
    }
}

/// Whether `value` is a whole number of times `of`, exactly: 0.3 is a multiple of 0.1, and 7.001 is none of 0.01.
#[must_use]
pub fn multiple_of(value: impl Into<Number>, of: impl Into<Number>) -> bool {
    is_multiple_of(value.into(), of.into())
}

fn is_multiple_of(value: Number, of: Number) -> bool {
    if let (Exact::Whole(value), Exact::Whole(of)) = (value.0, of.0)
        && of != 0
    {
        return value % of == 0;
    }
    match (DivisorTest::of(value), DivisorTest::of(of)) {
        (Some(value), Some(of)) if of.rest != 0 => value.is_multiple_of(&of),
        _ => false,
    }
}

/// A number as `rest` × 2^`twos` × 5^`fives`, up to its sign: every number with a finite decimal is one, and one divides
/// another where each of the three does.
struct DivisorTest {
    /// Neither even nor a multiple of 5; 0 for zero.
    rest: u128,
    twos: i32,
    fives: i32,
}

impl DivisorTest {
    fn of(number: Number) -> Option<Self> {
        match number.0 {
            Exact::Whole(number) => Some(Self::new(number.unsigned_abs(), 0, 0)),
            Exact::Double(number) if !number.is_finite() => None,
            // Beyond the range of integers, a double is a 53-bit number times a power of 2.
            Exact::Double(number) if number.fract() == 0.0 => {
                let bits = number.abs().to_bits();
                let digits = (bits & ((1 << 52) - 1)) | 1 << 52;
                Some(Self::new(digits.into(), (bits >> 52) as i32 - 1075, 0))
            }
            Exact::Double(number) => {
                let mut text = ShortestDigits::default();
                // Digits of the shortest decimal, and its power of ten.
                write!(text, "{:e}", number.abs()).ok()?;
                Some(Self::new(text.digits.into(), text.power(), text.power()))
            }
        }
    }

    fn new(mut rest: u128, mut twos: i32, mut fives: i32) -> Self {
        if rest != 0 {
            let even = rest.trailing_zeros();
            rest >>= even;
            twos += even as i32;
            while rest.is_multiple_of(5) {
                rest /= 5;
                fives += 1;
            }
        }
        Self { rest, twos, fives }
    }

    fn is_multiple_of(&self, of: &Self) -> bool {
        self.rest == 0 || self.rest.is_multiple_of(of.rest) && self.twos >= of.twos && self.fives >= of.fives
    }
}

/// Receives a number as `{:e}` prints it, such as `7.001e0`, without an allocation.
#[derive(Default)]
struct ShortestDigits {
    digits: u64,
    places: i32,
    exponent: i32,
    part: Part,
    negative: bool,
}

#[derive(Default)]
enum Part {
    #[default]
    Whole,
    Fraction,
    Exponent,
}

impl ShortestDigits {
    fn power(&self) -> i32 {
        if self.negative { -self.exponent - self.places } else { self.exponent - self.places }
    }
}

impl fmt::Write for ShortestDigits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            match (byte, &self.part) {
                (b'.', _) => self.part = Part::Fraction,
                (b'e', _) => self.part = Part::Exponent,
                (b'-', _) => self.negative = true,
                (b'0'..=b'9', Part::Exponent) => self.exponent = self.exponent * 10 + i32::from(byte - b'0'),
                (b'0'..=b'9', part) => {
                    self.places += i32::from(matches!(part, Part::Fraction));
                    // A double has 17 digits at most.
                    self.digits = self.digits.checked_mul(10).ok_or(fmt::Error)? + u64::from(byte - b'0');
                }
                _ => return Err(fmt::Error),
            }
        }
        Ok(())
    }
}
