//! Numbers by their value: what a spec writes and what JSON holds, compared exactly.
//!
//! `1`, `1.0` and `1e0` are one number. A number that JSON writes without a fraction or an exponent is exact from
//! -2^63 to 2^64 - 1; any other is the IEEE double that is nearest. A double that is whole is exactly that whole
//! number, and one with a fraction is the shortest decimal that reads as it. `docs/spec-language.md` says the same to
//! users. [`crate::interpret`] and the runtime read numbers with code of their own.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde_json::{Number, Value};

/// Whole doubles beyond this stay doubles: far above every integer, and still far from the ends of `i128`.
const WHOLE_LIMIT: f64 = 1e30;
/// The largest power of ten that is multiplied with.
const MOST_PLACES: u32 = 36;

/// A number of the spec: whole where it was written whole.
#[derive(Clone, Copy, Debug)]
pub enum Num {
    /// A whole number of 64 bits, with a sign or without.
    Integer(i128),
    /// Any other finite number.
    Float(f64),
}

impl Num {
    /// The nearest double.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// By value: `1` and `1.0` are equal.
impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        Exact::from(*self) == Exact::from(*other)
    }
}

/// As equality: by value.
impl Hash for Num {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match Exact::from(*self) {
            Exact::Whole(number) => (true, number).hash(state),
            Exact::Double(number) => (false, number.to_bits()).hash(state),
        }
    }
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(Exact::from(*self).cmp(&Exact::from(*other)))
    }
}

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            // Nobody counts zeros.
            Self::Float(number) if *number != 0.0 && !(1e-7..1e21).contains(&number.abs()) => write!(f, "{number:e}"),
            Self::Float(number) => write!(f, "{number}"),
        }
    }
}

/// A number by its value.
#[derive(Clone, Copy, Debug)]
pub enum Exact {
    /// A whole number.
    Whole(i128),
    /// A number with a fraction, or one far beyond all integers.
    Double(f64),
}

impl Exact {
    /// The value of a JSON number.
    #[must_use]
    pub fn of(number: &Number) -> Self {
        let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        whole.map_or_else(|| Self::of_double(number.as_f64().unwrap_or(0.0)), Self::Whole)
    }

    fn of_double(number: f64) -> Self {
        if number.fract() == 0.0 && number.abs() < WHOLE_LIMIT {
            Self::Whole(number as i128)
        } else {
            Self::Double(number)
        }
    }

    /// The number as an `i64`, if it is one.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        match self {
            Self::Whole(number) => i64::try_from(number).ok(),
            Self::Double(_) => None,
        }
    }

    /// The number as a whole one.
    #[must_use]
    pub fn whole(self) -> Option<i128> {
        match self {
            Self::Whole(number) => Some(number),
            Self::Double(_) => None,
        }
    }

    /// The number as a double, if there is one of exactly this value.
    #[must_use]
    pub fn double(self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(number as f64).filter(|it| *it as i128 == number),
            Self::Double(number) => Some(number),
        }
    }

    /// The number as digits and a power of ten; `None` for what is too large or too small to reckon with.
    #[must_use]
    pub fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Whole(digits) => Some(Decimal { digits, exponent: 0 }),
            Self::Double(number) => {
                let text = format!("{number:e}");
                let (mantissa, exponent) = text.split_once('e')?;
                let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
                let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
                let in_reach = exponent < 0 && exponent >= -i32::try_from(MOST_PLACES).ok()?;
                in_reach.then_some(Decimal { digits: format!("{whole}{fraction}").parse().ok()?, exponent })
            }
        }
    }
}

impl From<Num> for Exact {
    fn from(number: Num) -> Self {
        match number {
            Num::Integer(number) => Self::Whole(number),
            Num::Float(number) => Self::of_double(number),
        }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(b),
            (Self::Double(a), Self::Double(b)) => a.total_cmp(b),
            (Self::Whole(a), Self::Double(b)) => compare_mixed(*a, *b),
            (Self::Double(a), Self::Whole(b)) => compare_mixed(*b, *a).reverse(),
        }
    }
}

/// A whole number against a double that is none.
fn compare_mixed(whole: i128, double: f64) -> Ordering {
    if double.abs() >= WHOLE_LIMIT {
        return if double > 0.0 { Ordering::Less } else { Ordering::Greater };
    }
    // The fraction that is cut off makes the double the greater one.
    whole.cmp(&(double.floor() as i128)).then(Ordering::Less)
}

/// Equality of JSON values, numbers by value.
#[must_use]
pub fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Exact::of(a) == Exact::of(b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_value(a, b)))
        }
        _ => a == b,
    }
}

/// A text that scalars share if and only if [`same_value`] takes them for equal: 1 and 1.0 do, 1 and "1" do not.
#[must_use]
pub fn equality_key(scalar: &Value) -> String {
    match scalar.as_number().map(Exact::of) {
        Some(Exact::Whole(number)) => number.to_string(),
        Some(Exact::Double(_)) | None => scalar.to_string(),
    }
}

/// `digits` × 10^`exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// All digits, with the sign.
    pub digits: i128,
    /// Zero or less.
    pub exponent: i32,
}

impl Decimal {
    /// One.
    pub const ONE: Self = Self { digits: 1, exponent: 0 };

    /// Two numbers as digits of one power of ten, and that power.
    fn aligned(self, other: Self) -> Option<(i128, i128, i32)> {
        let exponent = self.exponent.min(other.exponent);
        Some((self.digits_at(exponent)?, other.digits_at(exponent)?, exponent))
    }

    fn digits_at(self, exponent: i32) -> Option<i128> {
        let places = u32::try_from(self.exponent.checked_sub(exponent)?).ok().filter(|it| *it <= MOST_PLACES)?;
        self.digits.checked_mul(10_i128.checked_pow(places)?)
    }

    /// The least number that is a multiple of both; `None` where it is out of reach. Both are above zero.
    #[must_use]
    pub fn common_multiple(self, other: Self) -> Option<Self> {
        let (a, b, exponent) = self.aligned(other)?;
        let (mut divisor, mut rest) = (a, b);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        Some(Self { digits: (a / divisor).checked_mul(b)?, exponent })
    }

    /// How many times a step above zero fits into the number, rounded down, and whether something is left.
    #[must_use]
    pub fn divided_by(self, step: Self) -> Option<(i128, bool)> {
        let (number, step, _) = self.aligned(step)?;
        Some((number.div_euclid(step), number.rem_euclid(step) != 0))
    }

    /// So many times the number, as JSON; `None` where JSON has no number of this value.
    #[must_use]
    pub fn times(self, count: i128) -> Option<Number> {
        let digits = self.digits.checked_mul(count)?;
        let places = 10_i128.checked_pow(self.exponent.unsigned_abs())?;
        if digits % places == 0 {
            return whole(digits / places);
        }
        let number = Number::from_f64(format!("{digits}e{}", self.exponent).parse().ok()?)?;
        let read = Exact::of(&number).decimal()?;
        (read.divided_by(self)? == (count, false)).then_some(number)
    }
}

/// A whole number as JSON; `None` where 64 bits do not hold it.
#[must_use]
pub fn whole(number: i128) -> Option<Number> {
    let unsigned = || u64::try_from(number).ok().map(Number::from);
    i64::try_from(number).ok().map(Number::from).or_else(unsigned)
}

/// Whether a number is a whole number of times a step; `None` where the two are too far apart to tell.
#[must_use]
pub fn is_multiple(number: &Number, step: Num) -> Option<bool> {
    let step = Exact::from(step).decimal().filter(|it| it.digits > 0)?;
    Some(!Exact::of(number).decimal()?.divided_by(step)?.1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn exact(text: &str) -> Exact {
        Exact::of(&number(text))
    }

    #[test]
    fn numbers_compare_by_value() {
        for (less, greater) in [
            ("9007199254740992", "9007199254740993"),
            ("9007199254740992.0", "9007199254740993"),
            ("9223372036854775807", "9223372036854775808.0"),
            ("18446744073709551615", "1.8446744073709552e19"),
            ("-1e300", "-9223372036854775808"),
            ("0", "5e-324"),
            ("-5e-324", "-0.0"),
            ("-1.5", "-1"),
            ("-2", "-1.5"),
            ("1", "1.5"),
            ("1e300", "1.1e300"),
        ] {
            assert!(exact(less) < exact(greater), "{less} {greater}");
            assert!(exact(greater) > exact(less), "{less} {greater}");
        }
        for (one, other) in [("1", "1.0"), ("-0", "0"), ("1e5", "100000"), ("9.0e15", "9000000000000000")] {
            assert_eq!(exact(one), exact(other));
        }
        assert_eq!(Num::Integer(1), Num::Float(1.0));
        let shown = [Num::Float(1e308), Num::Float(-5e-9), Num::Float(1.8e19), Num::Float(0.05), Num::Float(0.0)];
        assert_eq!(shown.map(|it| it.to_string()), ["1e308", "-5e-9", "18000000000000000000", "0.05", "0"]);
    }

    #[test]
    fn integers_and_doubles() {
        for (text, integer, double) in [
            ("5.0", Some(5), true),
            ("1.7e18", Some(1_700_000_000_000_000_000), true),
            ("9223372036854775807", Some(i64::MAX), false),
            ("9223372036854775808", None, true),
            ("-9223372036854775808.0", Some(i64::MIN), true),
            ("18446744073709551615", None, false),
            ("0.5", None, true),
            ("1e300", None, true),
        ] {
            assert_eq!(exact(text).integer(), integer, "{text}");
            assert_eq!(exact(text).double().is_some(), double, "{text}");
        }
    }

    #[test]
    fn multiples() {
        for (value, step, expected) in [
            ("0.3", Num::Float(0.1), Some(true)),
            ("7.001", Num::Float(0.01), Some(false)),
            ("0.30000000000000004", Num::Float(0.1), Some(false)),
            ("9007199254740993", Num::Integer(2), Some(false)),
            ("18446744073709551615", Num::Integer(5), Some(true)),
            ("-7.5", Num::Float(2.5), Some(true)),
            ("0", Num::Float(0.1), Some(true)),
            ("1e300", Num::Integer(7), None),
            ("7", Num::Integer(0), None),
        ] {
            assert_eq!(is_multiple(&number(value), step), expected, "{value} {step}");
        }
    }

    #[test]
    fn multiples_are_made() {
        let tenth = exact("0.1").decimal().unwrap();
        assert_eq!(tenth.times(3).map(|it| it.to_string()).as_deref(), Some("0.3"));
        assert_eq!(tenth.times(-50).map(|it| it.to_string()).as_deref(), Some("-5"));
        assert_eq!(tenth.times(90_071_992_547_409_935), None, "no double has this value");
        let common = tenth.common_multiple(exact("0.25").decimal().unwrap()).unwrap();
        assert_eq!(common.times(1), Some(number("0.5")));
        assert_eq!(Decimal::ONE.common_multiple(exact("2.5").decimal().unwrap()).unwrap().times(1), Some(number("5")));
    }
}
