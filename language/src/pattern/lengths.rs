//! How long a text may be.

use crate::model::{Bound, LengthUnit};

/// How long a text may be: in characters, and where a Han character counts 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lengths {
    pub(super) least: u64,
    pub(super) most: u64,
    pub(super) least_weight: u64,
    pub(super) most_weight: u64,
}

impl Default for Lengths {
    fn default() -> Self {
        Self { least: 0, most: u64::MAX, least_weight: 0, most_weight: u64::MAX }
    }
}

impl Lengths {
    /// Exactly so long.
    #[must_use]
    pub fn exactly(length: u64, unit: LengthUnit) -> Self {
        let mut lengths = Self::default();
        lengths.narrow(Bound::AtLeast, length, unit);
        lengths.narrow(Bound::AtMost, length, unit);
        lengths
    }

    /// Adds a limit.
    pub fn narrow(&mut self, bound: Bound, limit: u64, unit: LengthUnit) {
        let (least, most) = match unit {
            LengthUnit::Plain => (&mut self.least, &mut self.most),
            LengthUnit::HanDouble => (&mut self.least_weight, &mut self.most_weight),
        };
        if bound.is_lower() {
            *least = limit.max(*least);
        } else {
            *most = limit.min(*most);
        }
    }

    /// Whether no text is that long. A character weighs 1 or 2.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shortest() > self.longest()
    }

    /// Whether the empty text alone is that long.
    #[must_use]
    pub fn is_only_zero(&self) -> bool {
        self.longest() == 0
    }

    /// Characters at least.
    #[must_use]
    pub fn shortest(&self) -> u64 {
        self.least.max(self.least_weight.div_ceil(2))
    }

    /// Characters at most.
    #[must_use]
    pub fn longest(&self) -> u64 {
        self.most.min(self.most_weight)
    }

    /// Whether a text of so many characters and that weight is that long.
    pub(super) fn has(&self, length: u64, weight: u64) -> bool {
        (self.least..=self.most).contains(&length) && (self.least_weight..=self.most_weight).contains(&weight)
    }

    /// Whether it matters which characters are Han.
    pub(super) fn counts_weight(&self) -> bool {
        self.least_weight > 0 || self.most_weight < u64::MAX
    }
}
