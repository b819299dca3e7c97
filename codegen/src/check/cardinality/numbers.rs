//! Numbers between bounds, on a grid of multiples.

use super::{Count, Limits};
use crate::model::number::{Decimal, Exact};
use crate::model::{Constraint, Num};

/// What the constraints on a number leave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    /// The lower bound, and whether the bound itself is left out.
    least: Option<(Exact, bool)>,
    /// The upper bound, and whether the bound itself is left out.
    most: Option<(Exact, bool)>,
    /// All values are multiples of this.
    step: Option<Decimal>,
    /// Some of the constraints could not be reckoned with.
    loose: bool,
}

impl Range {
    pub(crate) fn new<'a>(constraints: impl Iterator<Item = &'a Constraint>, whole: bool) -> Self {
        let mut range = Self { least: None, most: None, step: None, loose: false };
        if whole {
            range.least = Some((Num::Integer(i64::MIN).into(), false));
            range.most = Some((Num::Integer(i64::MAX).into(), false));
            range.step = Some(Decimal::ONE);
        }
        for constraint in constraints {
            match constraint {
                Constraint::Minimum(limit) => range.raise((*limit).into(), false),
                Constraint::ExclusiveMinimum(limit) => range.raise((*limit).into(), true),
                Constraint::Maximum(limit) => range.lower((*limit).into(), false),
                Constraint::ExclusiveMaximum(limit) => range.lower((*limit).into(), true),
                Constraint::MultipleOf(step) => range.narrow((*step).into()),
                _ => {}
            }
        }
        range
    }

    fn raise(&mut self, limit: Exact, excluded: bool) {
        if self.least.is_none_or(|it| (limit, excluded) > it) {
            self.least = Some((limit, excluded));
        }
    }

    fn lower(&mut self, limit: Exact, excluded: bool) {
        let stricter = |(most, was_excluded): (Exact, bool)| limit < most || limit == most && excluded && !was_excluded;
        if self.most.is_none_or(stricter) {
            self.most = Some((limit, excluded));
        }
    }

    fn narrow(&mut self, step: Exact) {
        let step = step.decimal().filter(|it| it.digits > 0);
        match (self.step, step) {
            (_, None) => self.loose = true,
            (None, step) => self.step = step,
            (Some(before), Some(step)) => match before.common_multiple(step) {
                Some(both) => self.step = Some(both),
                None => self.loose = true,
            },
        }
    }

    /// Which multiples of the step are within the bounds: the first and the last.
    fn multiples(&self, step: Decimal) -> (Option<i128>, Option<i128>) {
        let first = self.least.and_then(|(limit, excluded)| {
            let (times, more) = limit.decimal()?.divided_by(step)?;
            Some(if more || excluded { times + 1 } else { times })
        });
        let last = self.most.and_then(|(limit, excluded)| {
            let (times, more) = limit.decimal()?.divided_by(step)?;
            Some(if !more && excluded { times - 1 } else { times })
        });
        (first, last)
    }

    /// At most how many numbers there are.
    fn count(&self) -> Count {
        if let (Some((least, least_excluded)), Some((most, most_excluded))) = (self.least, self.most) {
            if least > most || least == most && (least_excluded || most_excluded) {
                return Count::NONE;
            }
            if least == most && self.step.is_none() {
                return Count::ONE;
            }
        }
        let Some(step) = self.step else { return Count::Many };
        match self.multiples(step) {
            (Some(first), Some(last)) => {
                let count = last.checked_sub(first).and_then(|it| it.checked_add(1)).unwrap_or(i128::MAX);
                u64::try_from(count.max(0)).map_or(Count::Many, Count::AtMost)
            }
            _ => Count::Many,
        }
    }

    /// Numbers that are left: those next to zero and to the bounds. Whether each is one is for the caller to check.
    pub(crate) fn samples(&self) -> Vec<serde_json::Number> {
        let step = self.step.unwrap_or(Decimal::ONE);
        let (first, last) = self.multiples(step);
        let within = |it: i128| first.is_none_or(|first| it >= first) && last.is_none_or(|last| it <= last);
        let near = |it: i128| [it, it.saturating_add(1), it.saturating_add(2)];
        let ends = first.into_iter().flat_map(near).chain(last.into_iter().flat_map(|it| near(it.saturating_sub(2))));
        let all = [1, 0, 2, 3, -1].into_iter().chain(ends).filter(|it| within(*it));
        all.filter_map(|it| step.times(it)).collect()
    }

    /// Multiples of the step on both sides of a number, and the number itself where it is one.
    pub(crate) fn around(&self, limit: Exact) -> Vec<serde_json::Number> {
        let Some(step) = self.step else { return Vec::new() };
        let Some((times, _)) = limit.decimal().and_then(|it| it.divided_by(step)) else { return Vec::new() };
        let all = [times.saturating_sub(1), times, times.saturating_add(1)];
        all.into_iter().filter_map(|it| step.times(it)).collect()
    }
}

/// At most how many numbers satisfy the constraints.
pub(super) fn count(limits: Limits<'_>, whole: bool) -> Count {
    Range::new(limits.own_constraints(), whole).count()
}
