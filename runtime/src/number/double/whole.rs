//! Whole numbers of any size.

use std::cmp::Ordering;

/// Its digits to the base 2^64, lowest first. The highest is not 0.
pub(super) struct Whole(Vec<u64>);

impl Whole {
    pub(super) fn of(number: u64) -> Self {
        Self(if number == 0 { Vec::new() } else { vec![number] })
    }

    /// Becomes `times` as much, and `more`.
    pub(super) fn multiply(&mut self, times: u64, more: u64) {
        let mut carry = u128::from(more);
        for digit in &mut self.0 {
            carry += u128::from(*digit) * u128::from(times);
            *digit = carry as u64;
            carry >>= 64;
        }
        if carry != 0 {
            self.0.push(carry as u64);
        }
    }

    pub(super) fn multiply_by_five_to(&mut self, mut power: u32) {
        /// As many as fit.
        const MOST: u32 = 27;
        while power > 0 {
            let part = power.min(MOST);
            self.multiply(5_u64.pow(part), 0);
            power -= part;
        }
    }

    pub(super) fn multiply_by_two_to(&mut self, power: u32) {
        self.multiply(1 << (power % 64), 0);
        self.0.splice(0..0, (0..power / 64).map(|_| 0));
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}
