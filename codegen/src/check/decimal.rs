//! Numbers within limits, exactly: bounds, wholeness and multiples are decimals, and so is what is made of them.

use serde_json::{Number, Value};

use crate::model::{Constraint, Num};

/// Numbers that are made at most.
const MOST: i128 = 400;

/// `digits` × 10^`exponent`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    fn of(number: Num) -> Option<Self> {
        let float = match number {
            Num::Integer(digits) => return Some(Self { digits: digits.into(), exponent: 0 }),
            Num::Float(float) => format!("{float:e}"),
        };
        let (digits, exponent) = float.split_once('e')?;
        let fraction = digits.split_once('.').map_or(0, |it| it.1.len());
        let exponent = exponent.parse::<i32>().ok()? - i32::try_from(fraction).ok()?;
        Some(Self { digits: digits.replace('.', "").parse().ok()?, exponent })
    }

    /// The digits at a smaller exponent; `None` where they are too many.
    fn at(self, exponent: i32) -> Option<i128> {
        let more = u32::try_from(self.exponent - exponent).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(more)?)
    }

    fn value(self) -> Option<Value> {
        let whole = 10_i128.checked_pow(u32::try_from(-self.exponent).ok()?)?;
        if self.digits % whole == 0 {
            return i64::try_from(self.digits / whole).ok().map(Value::from);
        }
        let float = format!("{}e{}", self.digits, self.exponent).parse().ok()?;
        Number::from_f64(float).map(Value::Number)
    }
}

/// Numbers that all limits take, the nearest to 1 first; none where limits are too far from each other to be compared.
pub(super) fn numbers<'c>(constraints: impl Iterator<Item = &'c Constraint>, whole: bool) -> Vec<Value> {
    made(constraints, whole).unwrap_or_default()
}

fn made<'c>(constraints: impl Iterator<Item = &'c Constraint>, whole: bool) -> Option<Vec<Value>> {
    let (mut lower, mut upper, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for constraint in constraints {
        match constraint {
            Constraint::Minimum(limit) => lower.push((Decimal::of(*limit)?, 0)),
            Constraint::ExclusiveMinimum(limit) => lower.push((Decimal::of(*limit)?, 1)),
            Constraint::Maximum(limit) => upper.push((Decimal::of(*limit)?, 0)),
            Constraint::ExclusiveMaximum(limit) => upper.push((Decimal::of(*limit)?, -1)),
            Constraint::MultipleOf(step) => steps.push(Decimal::of(*step)?),
            _ => {}
        }
    }
    if whole {
        steps.push(Decimal { digits: 1, exponent: 0 });
    }
    let limits = lower.iter().chain(&upper).map(|it| it.0);
    let exponent = limits.chain(steps.iter().copied()).map(|it| it.exponent).min().unwrap_or(0).min(0);
    // Between two limits there is always room for one digit more.
    let exponent = if steps.is_empty() { exponent - 1 } else { exponent };
    let mut unit = 1;
    for step in steps.iter().filter(|it| it.digits != 0) {
        let step = step.at(exponent)?.checked_abs()?;
        unit = step.checked_mul(unit / divisor(step, unit))?;
    }
    let bound = |all: &[(Decimal, i128)]| -> Option<Vec<i128>> {
        all.iter().map(|(limit, beside)| limit.at(exponent)?.checked_add(*beside)).collect()
    };
    let least = bound(&lower)?.into_iter().max().map(|it| it.div_euclid(unit) + i128::from(it.rem_euclid(unit) != 0));
    let most = bound(&upper)?.into_iter().min().map(|it| it.div_euclid(unit));
    let one = Decimal { digits: 1, exponent: 0 }.at(exponent)? / unit;
    let nearest = one.min(most.unwrap_or(i128::MAX)).max(least.unwrap_or(i128::MIN));
    let within = |it: &i128| least.is_none_or(|least| *it >= least) && most.is_none_or(|most| *it <= most);
    let around = (0..MOST).map(|it| if it % 2 == 0 { -(it / 2) } else { it / 2 + 1 });
    let times = around.filter_map(|it| nearest.checked_add(it)).filter(within);
    Some(times.filter_map(|it| Decimal { digits: it.checked_mul(unit)?, exponent }.value()).collect())
}

fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::numbers;
    use crate::model::{Constraint as C, Num};

    /// The first of what is made, and how many there are.
    fn check(constraints: &[C], whole: bool, first: &serde_json::Value, count: usize) {
        let made = numbers(constraints.iter(), whole);
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
