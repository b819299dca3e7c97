//! The keywords of constraints.

use super::document::{Constraints, Limit, LimitKind};

impl Limit {
    /// The keyword as written.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match self.kind {
            LimitKind::Const(_) => "const",
            LimitKind::Minimum(_) => "minimum",
            LimitKind::ExclusiveMinimum(_) => "exclusive_minimum",
            LimitKind::Maximum(_) => "maximum",
            LimitKind::ExclusiveMaximum(_) => "exclusive_maximum",
            LimitKind::MultipleOf(_) => "multiple_of",
            LimitKind::MinLength(_) => "min_length",
            LimitKind::MaxLength(_) => "max_length",
            LimitKind::Pattern(_) => "pattern",
            LimitKind::MinItems(_) => "min_items",
            LimitKind::MaxItems(_) => "max_items",
            LimitKind::UniqueItems(_) => "unique_items",
            LimitKind::MaxBytes(_) => "max_bytes",
        }
    }
}

impl Constraints {
    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.enum_.is_none() && self.open.is_none() && self.han_double.is_none() && self.limits.is_empty()
    }
}
