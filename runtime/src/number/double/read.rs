//! The double that is nearest to a decimal.

use std::cmp::Ordering;

use super::scaled::Scaled;
use super::whole::Whole;

/// Powers of ten that are doubles exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Digits, and the power of ten that they are multiplied by: `12.5e3` has the digits `12` and `5`, and the power 3.
#[derive(Clone, Copy)]
pub(crate) struct Decimal<'a> {
    pub(crate) whole: &'a [u8],
    pub(crate) fraction: &'a [u8],
    pub(crate) power: i64,
}

impl Decimal<'_> {
    /// Infinite if it is too large for a double.
    pub(crate) fn to_double(self) -> f64 {
        // As many digits as fit.
        let (mut first, mut count, mut later) = (0_u64, 0, 0_i64);
        let mut is_cut = false;
        for digit in self.digits() {
            if count < 19 {
                first = first * 10 + u64::from(digit);
                count += i32::from(first != 0);
            } else {
                later += 1;
                is_cut |= digit != 0;
            }
        }
        let power = self.power.saturating_add(later).saturating_sub(self.fraction.len() as i64);
        match i32::try_from(power) {
            _ if first == 0 => 0.0,
            Ok(power @ ..=310) if power + count > -345 => nearest(first, power, is_cut.then_some(self)),
            _ if power > 0 => f64::INFINITY,
            _ => 0.0,
        }
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.iter().chain(self.fraction).map(|it| it - b'0')
    }

    /// All digits as a whole number, and the power of ten that it is multiplied by.
    fn exact(&self) -> (Whole, i32) {
        // No double, and no number halfway between two, has more digits.
        const MOST: usize = 800;
        let (mut number, mut power, mut count) = (Whole::of(0), self.power, 0);
        let mut rest = 0;
        for digit in self.digits().skip_while(|it| *it == 0) {
            count += 1;
            if count <= MOST {
                number.multiply(10, digit.into());
            } else {
                rest |= digit;
                power += 1;
            }
        }
        // What is more than nothing.
        number.multiply(10, u64::from(rest != 0));
        (number, (power - self.fraction.len() as i64 - 1) as i32)
    }
}

/// The double nearest to `first` × 10^`power`, which are the first digits of `whole` if there are more.
pub(super) fn nearest(first: u64, power: i32, whole: Option<Decimal<'_>>) -> f64 {
    if whole.is_none()
        && first <= 1 << 53
        && let Some(ten) = TENS.get(power.unsigned_abs() as usize)
    {
        // One operation on exact numbers is rounded once.
        return if power < 0 { first as f64 / ten } else { first as f64 * ten };
    }
    let least = Scaled::of(first).times_ten_to(power);
    let most = if whole.is_some() { Scaled::of(first + 1).times_ten_to(power) } else { least };
    let (below, nearest) = least.double();
    match most.bits.checked_add(Scaled::DOUBT) {
        Some(bits) if Scaled { bits, ..most }.double().1 == nearest => f64::from_bits(nearest),
        _ => {
            let (number, power) = whole.map_or_else(|| (Whole::of(first), power), |it| it.exact());
            f64::from_bits(below + u64::from(is_nearer_to_next(below, number, power)))
        }
    }
}

/// Whether a number between a double and the next one is nearer to the next one.
fn is_nearer_to_next(below: u64, mut number: Whole, power: i32) -> bool {
    let (bits, exponent) = parts(below);
    // Halfway between both.
    let (mut half, mut twos) = (Whole::of(bits * 2 + 1), exponent - 1 - power);
    let fives = power.unsigned_abs();
    if power < 0 {
        half.multiply_by_five_to(fives)
    } else {
        number.multiply_by_five_to(fives)
    }
    if twos < 0 {
        number.multiply_by_two_to(twos.unsigned_abs());
        twos = 0;
    }
    half.multiply_by_two_to(twos.unsigned_abs());
    match number.compare(&half) {
        Ordering::Less => false,
        Ordering::Equal => bits & 1 == 1,
        Ordering::Greater => true,
    }
}

/// A double as a whole number times a power of two.
pub(super) fn parts(double: u64) -> (u64, i32) {
    let (bits, exponent) = (double & ((1 << 52) - 1), (double >> 52) as i32);
    if exponent == 0 { (bits, -1074) } else { (bits | 1 << 52, exponent - 1075) }
}
