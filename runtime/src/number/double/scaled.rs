//! Numbers of 128 bits times a power of two.

/// `bits` × 2^`exponent`, where the highest of the bits is set. The results of functions are never above the exact value, and
/// less than [`DOUBT`](Self::DOUBT) units of the lowest bit below it.
#[derive(Clone, Copy)]
pub(super) struct Scaled {
    pub(super) bits: u128,
    pub(super) exponent: i32,
}

/// 5^(2^i).
const FIVES: [Scaled; 9] = squares(Scaled::of(5));

/// 5^-(2^i).
const FIFTHS: [Scaled; 9] = squares(Scaled { bits: u128::MAX / 5 * 4, exponent: -130 });

const fn squares(first: Scaled) -> [Scaled; 9] {
    let mut all = [first; 9];
    let mut at = 1;
    while at < all.len() {
        all[at] = all[at - 1].times(all[at - 1]);
        at += 1;
    }
    all
}

impl Scaled {
    /// More than all errors of a product with a power of ten: each square doubles that of a fifth, and nine are multiplied.
    pub(super) const DOUBT: u128 = 1 << 12;

    /// A whole number other than 0, exactly.
    pub(super) const fn of(number: u64) -> Self {
        let bits = number as u128;
        let zeros = bits.leading_zeros();
        Self { bits: bits << zeros, exponent: -(zeros as i32) }
    }

    const fn times(self, other: Self) -> Self {
        let (low, high) = (self.bits as u64 as u128, self.bits >> 64);
        let (other_low, other_high) = (other.bits as u64 as u128, other.bits >> 64);
        let (cross, other_cross) = (low * other_high, high * other_low);
        let carry = ((low * other_low) >> 64) + cross as u64 as u128 + other_cross as u64 as u128;
        let bits = high * other_high + (cross >> 64) + (other_cross >> 64) + (carry >> 64);
        let zeros = bits.leading_zeros();
        Self { bits: bits << zeros, exponent: self.exponent + other.exponent + 128 - zeros as i32 }
    }

    /// This times 10^`power`, for powers of up to three digits that are below 512.
    pub(super) fn times_ten_to(mut self, power: i32) -> Self {
        let powers = if power < 0 { &FIFTHS } else { &FIVES };
        for (at, it) in powers.iter().enumerate() {
            if power.unsigned_abs() >> at & 1 == 1 {
                self = self.times(*it);
            }
        }
        Self { exponent: self.exponent + power, ..self }
    }

    /// The bits of the double that is next below or equal, and of the one that is nearest: of two, the even one.
    pub(super) fn double(self) -> (u64, u64) {
        const INFINITE: u64 = f64::INFINITY.to_bits();
        // Of the highest bit.
        let magnitude = self.exponent + 127;
        let kept = 53 - (-1022 - magnitude).max(0);
        if magnitude > 1023 {
            return (INFINITE, INFINITE);
        }
        let Ok(dropped @ ..=128) = u32::try_from(128 - kept) else { return (0, 0) };
        let number = self.bits.checked_shr(dropped).unwrap_or_default() as u64;
        let half = 1 << (dropped - 1);
        let rest = self.bits & (half | (half - 1));
        // Without the highest bit of a normal number, which the exponent stands for.
        let below = (((magnitude + 1022).max(0) as u64) << 52) + number;
        let is_up = rest > half || rest == half && number & 1 == 1;
        (below, (below + u64::from(is_up)).min(INFINITE))
    }
}
