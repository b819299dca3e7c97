//! Numbers: `minimum`, `maximum`, `exclusive_minimum`, `exclusive_maximum`, `multiple_of`.

use serde_json::{Number, Value, json};

use super::measure::is_within;
use super::words::{Words, limit};
use super::{AppliesTo, ArgumentFault, ArgumentKind, BASE, BoundaryBase, Keyword, Measure, Schema};
use crate::model::number::{self, Decimal, Exact, is_multiple};
use crate::model::{Argument, Constraint, Num};

/// Numbers that are made at most.
const MOST_MADE: i128 = 400;

const BOUND: Keyword = Keyword {
    argument: ArgumentKind::Number,
    applies_to: AppliesTo::Numbers,
    measure: Some(Measure::Number),
    holds: is_within,
    boundary_values: numbers_near,
    ..BASE
};

pub(super) const KEYWORDS: [Keyword; 5] = [
    Keyword {
        name: "minimum",
        partner: Some("maximum"),
        constraint: |it, _| it.number().map(Constraint::Minimum),
        schema: |it| schema("minimum", it),
        ..BOUND
    },
    Keyword {
        name: "exclusive_minimum",
        partner: Some("exclusive_maximum"),
        constraint: |it, _| it.number().map(Constraint::ExclusiveMinimum),
        schema: |it| schema("exclusiveMinimum", it),
        ..BOUND
    },
    Keyword {
        name: "maximum",
        partner: Some("minimum"),
        constraint: |it, _| it.number().map(Constraint::Maximum),
        schema: |it| schema("maximum", it),
        ..BOUND
    },
    Keyword {
        name: "exclusive_maximum",
        partner: Some("exclusive_minimum"),
        constraint: |it, _| it.number().map(Constraint::ExclusiveMaximum),
        schema: |it| schema("exclusiveMaximum", it),
        ..BOUND
    },
    Keyword {
        name: "multiple_of",
        words: Words::Own(
            |it| format!("must be a multiple of {}", limit(it).unwrap_or_default()),
            |it| format!("a multiple of {}", limit(it).unwrap_or_default()),
        ),
        argument: ArgumentKind::Number,
        applies_to: AppliesTo::Numbers,
        constraint: |it, _| it.number().map(Constraint::MultipleOf),
        fault: |it| {
            let positive = it.number().is_none_or(|it| it.as_f64() > 0.0);
            (!positive).then_some(ArgumentFault::Impossible("`multiple_of` needs a number above 0"))
        },
        holds: |it, value| match (it.argument(), value) {
            (Argument::Number(step), Value::Number(number)) => is_multiple(number, step),
            _ => Some(true),
        },
        schema: |it| schema("multipleOf", it),
        boundary_values: multiples_near,
        ..BASE
    },
];

fn schema(name: &'static str, constraint: &Constraint) -> Schema {
    match constraint.argument() {
        Argument::Number(Num::Integer(number)) => {
            number::whole(number).map_or(Schema::None, |it| Schema::Exact(name, Value::Number(it)))
        }
        Argument::Number(Num::Float(number)) => Schema::Exact(name, json!(number)),
        _ => Schema::None,
    }
}

/// Whether it is a limit that no whole number between two ends is within.
pub(crate) fn leaves_no_integer(limit: &Constraint, (least, most): (i128, i128)) -> bool {
    let (Argument::Number(number), Some(bound)) = (limit.argument(), limit.bound()) else { return false };
    let end = if bound.is_lower() { most } else { least };
    !bound.allows(Exact::from(Num::Integer(end)).cmp(&number.into()))
}

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
    /// `ends`: of the type, if it has whole numbers alone.
    pub(crate) fn new<'a>(constraints: impl Iterator<Item = &'a Constraint>, ends: Option<(i128, i128)>) -> Self {
        let mut range = Self { least: None, most: None, step: None, loose: false };
        if let Some((least, most)) = ends {
            range.least = Some((Num::Integer(least).into(), false));
            range.most = Some((Num::Integer(most).into(), false));
            range.step = Some(Decimal::ONE);
        }
        for constraint in constraints {
            match (constraint.argument(), constraint.bound()) {
                (Argument::Number(limit), Some(bound)) if bound.is_lower() => {
                    range.raise(limit.into(), bound.is_exclusive());
                }
                (Argument::Number(limit), Some(bound)) => range.lower(limit.into(), bound.is_exclusive()),
                (Argument::Number(step), None) => range.narrow(step.into()),
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

    /// At most how many numbers there are; `None`: no limit is known.
    pub(crate) fn count(&self) -> Option<u64> {
        if let (Some((least, least_excluded)), Some((most, most_excluded))) = (self.least, self.most) {
            if least > most || least == most && (least_excluded || most_excluded) {
                return Some(0);
            }
            if least == most && self.step.is_none() {
                return Some(1);
            }
        }
        let (first, last) = self.multiples(self.step?);
        let count = last?.checked_sub(first?).and_then(|it| it.checked_add(1)).unwrap_or(i128::MAX);
        u64::try_from(count.max(0)).ok()
    }

    /// Numbers that are left, the nearest to 1 first; none where limits are too far from each other to be compared.
    pub(crate) fn nearest_to_one(&self) -> Vec<Value> {
        self.near_one().unwrap_or_default()
    }

    fn near_one(&self) -> Option<Vec<Value>> {
        let limits = || self.least.iter().chain(&self.most).map(|it| it.0.decimal());
        if self.loose || limits().any(|it| it.is_none()) {
            return None;
        }
        let step = self.step.unwrap_or_else(|| {
            // Between two limits there is always room for one digit more.
            let exponent = limits().flatten().map(|it| it.exponent).min().unwrap_or(0).min(0);
            Decimal { digits: 1, exponent: exponent - 1 }
        });
        let (first, last) = self.multiples(step);
        if first.is_some() != self.least.is_some() || last.is_some() != self.most.is_some() {
            return None;
        }
        let one = Decimal::ONE.divided_by(step)?.0;
        let nearest = one.min(last.unwrap_or(i128::MAX)).max(first.unwrap_or(i128::MIN));
        let within = |it: &i128| first.is_none_or(|first| *it >= first) && last.is_none_or(|last| *it <= last);
        let around = (0..MOST_MADE).map(|it| if it % 2 == 0 { -(it / 2) } else { it / 2 + 1 });
        let times = around.filter_map(|it| nearest.checked_add(it)).filter(within);
        Some(times.filter_map(|it| step.times(it)).map(Value::Number).collect())
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

/// Numbers to try where some limits hold together, the plainest first: near zero, near a limit, and then what the limits
/// leave exactly. Whether each is one is for the caller to check.
pub(crate) fn candidates<'c>(
    constraints: impl Iterator<Item = &'c Constraint> + Clone,
    ends: Option<(i128, i128)>,
) -> impl Iterator<Item = Value> {
    let mut candidates: Vec<Num> = vec![Num::Integer(1), Num::Integer(0)];
    for constraint in constraints.clone() {
        match constraint.argument() {
            Argument::Number(Num::Integer(at)) => {
                candidates.extend((-3..=8).map(|step| Num::Integer(at.saturating_add(step))));
                candidates.push(Num::Float(at as f64 + 0.5));
                candidates.push(Num::Float(at as f64 - 0.5));
            }
            Argument::Number(Num::Float(at)) => {
                candidates.extend([0.0, 0.01, -0.01, 0.5, -0.5, 1.0, -1.0].map(|step| Num::Float(at + step)));
                candidates.push(Num::Integer(at.ceil() as i128));
                candidates.push(Num::Integer(at.floor() as i128));
            }
            _ => {}
        }
    }
    // Multiples within the limits, where the limits themselves are none.
    for constraint in constraints.clone() {
        if let Constraint::MultipleOf(Num::Integer(unit)) = constraint {
            let near: Vec<i128> = candidates.iter().map(|it| it.as_f64() as i128).collect();
            let multiples = near.iter().filter_map(|it| it.checked_div(*unit)?.checked_add(1)?.checked_mul(*unit));
            candidates.extend(multiples.map(Num::Integer));
        }
    }
    candidates.extend((2..60).map(Num::Integer));
    let within =
        move |it: &Num| ends.is_none_or(|(least, most)| (Num::Integer(least)..=Num::Integer(most)).contains(it));
    let values = candidates
        .into_iter()
        .filter(within)
        .filter(move |it| ends.is_none() || matches!(it, Num::Integer(_)))
        .filter_map(as_value);
    let range = Range::new(constraints, ends);
    let exact = std::iter::once_with(move || {
        range.nearest_to_one().into_iter().chain(range.samples().into_iter().map(Value::Number))
    });
    values.chain(exact.flatten())
}

fn as_value(number: Num) -> Option<Value> {
    match number {
        Num::Integer(number) => number::whole(number).map(Value::Number),
        Num::Float(number) => float(number),
    }
}

fn float(number: f64) -> Option<Value> {
    Number::from_f64(number).map(Value::Number)
}

fn numbers_near(constraint: &Constraint, base: &BoundaryBase<'_>) -> Vec<Value> {
    let Argument::Number(limit) = constraint.argument() else { return Vec::new() };
    // On the grid that other limits leave.
    let on_grid = Range::new(beside_limits(base), base.ty.ends()).around(limit.into());
    beside(limit, base.ty.is_whole()).into_iter().chain(on_grid.into_iter().map(Value::Number)).collect()
}

/// The constraints beside the one that is tried, and those of the type.
fn beside_limits<'a>(base: &'a BoundaryBase<'_>) -> impl Iterator<Item = &'a Constraint> {
    base.beside.iter().copied().chain(base.ty.limits())
}

fn beside(limit: Num, whole: bool) -> Vec<Value> {
    let at = match limit {
        Num::Integer(at) => {
            let mut values: Vec<Value> =
                [at - 1, at, at + 1].into_iter().filter_map(number::whole).map(Value::Number).collect();
            if !whole {
                values.extend([at as f64 - 0.5, at as f64 + 0.5].into_iter().filter_map(float));
            }
            return values;
        }
        Num::Float(at) => at,
    };
    if whole {
        return [at.floor() as i128, at.ceil() as i128]
            .into_iter()
            .filter_map(number::whole)
            .map(Value::Number)
            .collect();
    }
    [at, at - 0.1, at + 0.1].into_iter().filter_map(float).collect()
}

fn multiples_near(constraint: &Constraint, base: &BoundaryBase<'_>) -> Vec<Value> {
    let Argument::Number(unit) = constraint.argument() else { return Vec::new() };
    let ends = base.ty.ends();
    let within = |all: Range| all.samples().into_iter().map(Value::Number);
    let others = within(Range::new(beside_limits(base), ends));
    let multiples_within = within(Range::new(beside_limits(base).chain([constraint]), ends));
    multiples(unit, base.value.as_f64().unwrap_or(0.0)).into_iter().chain(multiples_within).chain(others).collect()
}

fn multiples(unit: Num, base: f64) -> Vec<Value> {
    match unit {
        Num::Integer(unit) if unit != 0 => {
            let at = (base as i128 / unit).saturating_add(1).saturating_mul(unit);
            let all = [at, at.saturating_add(1), at.saturating_add(unit)];
            all.into_iter().filter_map(number::whole).map(Value::Number).collect()
        }
        Num::Integer(_) => Vec::new(),
        Num::Float(unit) => [base + unit, base + unit * 0.5, base - unit * 0.5].into_iter().filter_map(float).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Range;
    use crate::model::{Constraint as C, Num};

    /// The first of what is made, and how many there are.
    fn check(constraints: &[C], whole: bool, first: &serde_json::Value, count: usize) {
        let ends = whole.then_some((i64::MIN.into(), i64::MAX.into()));
        let made = Range::new(constraints.iter(), ends).nearest_to_one();
        assert_eq!((made.first().unwrap_or(&json!(null)), made.len()), (first, count), "{constraints:?}");
    }

    #[test]
    fn multiples_within_bounds() {
        let (whole, float) = (Num::Integer, Num::Float);
        check(&[], true, &json!(1), 400);
        check(
            &[C::MultipleOf(float(0.01)), C::ExclusiveMinimum(whole(7)), C::Maximum(float(7.02))],
            false,
            &json!(7.01),
            2,
        );
        check(&[C::MultipleOf(float(0.01)), C::Minimum(float(7.001))], false, &json!(7.01), 201);
        check(&[C::MultipleOf(float(0.1)), C::MultipleOf(float(0.25)), C::Minimum(float(0.1))], false, &json!(1), 202);
        check(&[C::MultipleOf(whole(7)), C::Minimum(whole(10))], true, &json!(14), 201);
        check(&[C::MultipleOf(whole(8)), C::Minimum(whole(5)), C::Maximum(whole(7))], true, &json!(null), 0);
        check(&[C::Minimum(float(0.5)), C::Maximum(float(0.6))], true, &json!(null), 0);
        check(&[C::ExclusiveMinimum(whole(0)), C::ExclusiveMaximum(whole(1))], false, &json!(0.9), 9);
        check(&[C::ExclusiveMinimum(float(0.1)), C::Maximum(float(0.2))], false, &json!(0.2), 10);
        check(&[C::Maximum(float(-2.5)), C::MultipleOf(float(0.5))], false, &json!(-2.5), 200);
        check(
            &[C::Minimum(whole(9_007_199_254_740_993)), C::MultipleOf(whole(2))],
            true,
            &json!(9_007_199_254_740_994_i64),
            201,
        );
        check(&[C::Minimum(float(1e300))], false, &json!(null), 0);
    }
}
