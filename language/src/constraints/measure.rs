//! What limits are limits of.

use serde_json::Value;

use super::of;
use crate::model::number::Exact;
use crate::model::{Argument, Bound, Constraint, LengthUnit};

/// What a limit is a limit of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The number itself.
    Number,
    /// The characters of a text.
    Characters,
    /// The items of an array.
    Items,
    /// The entries of an object.
    Properties,
    /// The bytes of a file.
    Bytes,
}

impl Measure {
    /// One of them, and more.
    #[must_use]
    pub fn noun(self) -> (&'static str, &'static str) {
        match self {
            Self::Number => ("", ""),
            Self::Characters => ("character", "characters"),
            Self::Items => ("item", "items"),
            Self::Properties => ("property", "properties"),
            Self::Bytes => ("byte", "bytes"),
        }
    }

    /// How many a value has; `None` of a value of another kind, and of what has to be read first.
    fn count(self, value: &Value, unit: LengthUnit) -> Option<u64> {
        match self {
            Self::Characters => value.as_str().map(|it| unit.length(it)),
            Self::Items => value.as_array().map(|it| it.len() as u64),
            Self::Properties => value.as_object().map(|it| it.len() as u64),
            Self::Number | Self::Bytes => None,
        }
    }
}

/// Whether a value is on the right side of a limit, or of another kind.
pub(super) fn is_within(limit: &Constraint, value: &Value) -> Option<bool> {
    let (measure, bound) = (of(limit).measure?, limit.bound()?);
    let compared = match limit.argument() {
        Argument::Number(limit) => value.as_number().map(|it| Exact::of(it).cmp(&Exact::from(limit))),
        Argument::Count(most) => measure.count(value, limit.unit()).map(|it| it.cmp(&most)),
        _ => None,
    };
    Some(compared.is_none_or(|it| bound.allows(it)))
}

/// Whether a limit refuses nothing but what has no characters, items or entries at all, if that.
#[must_use]
pub fn refuses_only_empty(limit: &Constraint) -> bool {
    let is_lower = limit.bound().is_some_and(Bound::is_lower);
    is_lower && matches!(limit.argument(), Argument::Count(0 | 1))
}

/// How many are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountRange {
    /// At least.
    pub least: u64,
    /// At most, if there is a limit.
    pub most: Option<u64>,
}

impl CountRange {
    /// Whether no count is allowed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.most.is_some_and(|it| it < self.least)
    }
}

/// What the limits of one measure allow together. Where characters count differently, each limit is taken by itself.
pub fn count_range<'c>(constraints: impl IntoIterator<Item = &'c Constraint>, measure: Measure) -> CountRange {
    let mut range = CountRange { least: 0, most: None };
    for constraint in constraints.into_iter().filter(|it| of(it).measure == Some(measure)) {
        match (constraint.argument(), constraint.bound()) {
            (Argument::Count(limit), Some(bound)) if bound.is_lower() => range.least = range.least.max(limit),
            (Argument::Count(limit), Some(_)) => range.most = Some(range.most.map_or(limit, |it| it.min(limit))),
            _ => {}
        }
    }
    range
}
