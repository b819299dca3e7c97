//! The shortest decimal that is read as a double.

use super::read::{nearest, parts};
use super::scaled::Scaled;
use crate::number::decimal_digits;

/// A whole number without zeros at its end, times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digits {
    pub(crate) number: u64,
    pub(crate) power: i32,
}

/// As many digits as any double needs.
const MOST: u32 = 17;

impl Digits {
    /// Those of the absolute value of a number, which is not infinite. Of several that are as short, the nearest.
    pub(crate) fn of(value: f64) -> Self {
        let value = value.abs();
        let (bits, exponent) = parts(value.to_bits());
        if bits == 0 {
            return Self { number: 0, power: 0 };
        }
        let long = long(bits, exponent);
        // With more digits, the nearest decimal is never farther away; so halve what is possible.
        let ([mut enough, _], mut fewest, mut most) = (long.with(0), 1, MOST);
        while fewest < most {
            let count = fewest.midpoint(most);
            match long.with(MOST - count).into_iter().find(|it| it.double() == value) {
                Some(digits) => (enough, most) = (digits, count),
                None => fewest = count + 1,
            }
        }
        enough.without_zeros()
    }

    fn double(self) -> f64 {
        nearest(self.number, self.power, None)
    }

    fn without_zeros(mut self) -> Self {
        while self.number.is_multiple_of(10) {
            self.number /= 10;
            self.power += 1;
        }
        self
    }
}

/// The first 17 digits of a number.
struct Long {
    number: u64,
    /// What follows, as a part of 2^128.
    rest: u128,
    power: i32,
}

fn long(bits: u64, exponent: i32) -> Long {
    let exact = Scaled { exponent: Scaled::of(bits).exponent + exponent, ..Scaled::of(bits) };
    // The logarithm of the highest bit, rounded down: the number may have one digit more.
    let mut power = (((exact.exponent + 127) * 1_262_611) >> 22) + 1 - MOST as i32;
    loop {
        let scaled = exact.times_ten_to(-power);
        let below = scaled.exponent.unsigned_abs();
        let number = (scaled.bits >> below) as u64;
        if number < 10_u64.pow(MOST) {
            return Long { number, rest: scaled.bits << (128 - below), power };
        }
        power += 1;
    }
}

impl Long {
    /// The two numbers next to it that have so many digits less. First the nearer one; of two, the even one.
    fn with(&self, less: u32) -> [Digits; 2] {
        // It is never zero, but the compiler cannot know that, and would divide with a panic.
        let unit = 10_u64.pow(less).max(1);
        let (low, above) = (self.number / unit, self.number % unit);
        let half = (unit / 2, if less == 0 { 1 << 127 } else { 0 });
        let is_up = (above, self.rest) > half || (above, self.rest) == half && low % 2 == 1;
        let at = |it: bool| Digits { number: low + u64::from(it), power: self.power + less as i32 };
        [at(is_up), at(!is_up)]
    }
}

/// Writes a number as serde_json does: with a fraction, and with an exponent where it has more than 16 digits before the
/// point, or more than four zeros after it.
pub(crate) fn push_json(out: &mut Vec<u8>, value: f64) {
    let shortest = Digits::of(value);
    let mut buffer = [0; 20];
    let digits = decimal_digits(shortest.number, &mut buffer);
    let point = digits.len() as i32 + shortest.power;
    if shortest.number == 0 || (-4..=16).contains(&point) {
        push_plain(out, value);
        out.extend_from_slice(if shortest.power >= 0 { b".0" } else { b"" });
        return;
    }
    out.extend_from_slice(sign(value));
    let (first, rest) = digits.split_first().unwrap_or((&b'0', &[]));
    out.push(*first);
    out.extend_from_slice(if rest.is_empty() { b"" } else { b"." });
    out.extend_from_slice(rest);
    out.extend_from_slice(if point > 0 { b"e+" } else { b"e-" });
    out.extend_from_slice(decimal_digits((point - 1).unsigned_abs().into(), &mut [0; 20]));
}

/// Writes a number without an exponent, and without a fraction if it is whole, as `{value}` does.
pub(crate) fn push_plain(out: &mut Vec<u8>, value: f64) {
    let Digits { number, power } = Digits::of(value);
    let mut buffer = [0; 20];
    let digits = decimal_digits(number, &mut buffer);
    // Where the point is among the digits.
    let point = digits.len() as i32 + power;
    let (whole, fraction) = digits.split_at_checked(point.max(0) as usize).unwrap_or((digits, &[]));
    out.extend_from_slice(sign(value));
    out.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
    push_zeros(out, power);
    if !fraction.is_empty() {
        out.push(b'.');
        push_zeros(out, -point);
        out.extend_from_slice(fraction);
    }
}

fn sign(value: f64) -> &'static [u8] {
    if value.is_sign_negative() { b"-" } else { b"" }
}

fn push_zeros(out: &mut Vec<u8>, count: i32) {
    out.resize(out.len() + count.max(0) as usize, b'0');
}
