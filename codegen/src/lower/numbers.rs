//! Turns limits of numbers into limits of the Rust types that hold them.
//!
//! An `integer` is an `i64`, a `uint64` a `u64` and a `number` an `f64`; a limit between two of their values becomes the nearest one that
//! tells the same values apart.

use super::view::{Literal, Number, Test};
use crate::model::number::Exact;
use crate::model::{Constraint, IntegerFormat, Num, Type};

/// The test of a limit on numbers of a type; `None`: the constraint is no such limit, or the type is no number.
pub(super) fn test(ty: &Type, constraint: &Constraint) -> Option<Test> {
    match ty {
        Type::Sized(IntegerFormat::Uint64) => of_whole(constraint, IntegerFormat::Uint64.ends(), unsigned),
        Type::Integer | Type::Sized(_) => of_whole(constraint, (i64::MIN.into(), i64::MAX.into()), signed),
        Type::Number => of_double(constraint),
        // Any number of JSON is compared exactly.
        Type::Json => of_json(constraint),
        _ => None,
    }
}

/// A number of a spec as a constant among others that are compared exactly.
pub(super) fn literal(number: &serde_json::Number) -> Option<Literal> {
    let whole = Exact::of(number).whole();
    let signed = || i64::try_from(whole?).ok().map(Literal::Integer);
    let unsigned = || u64::try_from(whole?).ok().map(Literal::Unsigned);
    signed().or_else(unsigned).or_else(|| number.as_f64().map(Literal::Number))
}

fn signed(number: i128) -> Option<Number> {
    i64::try_from(number).ok().map(Number::Integer)
}

fn unsigned(number: i128) -> Option<Number> {
    u64::try_from(number).ok().map(Number::Unsigned)
}

/// Of a Rust type that has the whole numbers between two ends.
fn of_whole(constraint: &Constraint, (least, most): (i128, i128), number: fn(i128) -> Option<Number>) -> Option<Test> {
    let within = |it: i128| number(it.clamp(least, most));
    Some(match constraint {
        Constraint::Minimum(limit) => Test::Below(within(at_least(*limit))?),
        Constraint::Maximum(limit) => Test::Above(within(at_most(*limit))?),
        // The limit itself may be beyond all integers, as that of `exclusive_maximum: 1.8e19` is.
        Constraint::ExclusiveMinimum(limit) => match at_most(*limit) {
            below if below < least => Test::Below(within(least)?),
            below if below == least => Test::Below(within(least + 1)?),
            below => Test::NotAbove(within(below)?),
        },
        Constraint::ExclusiveMaximum(limit) => match at_least(*limit) {
            above if above > most => Test::Above(within(most)?),
            above if above == most => Test::Above(within(most - 1)?),
            above => Test::NotBelow(within(above)?),
        },
        Constraint::MultipleOf(step) => integer_multiple(*step, number),
        _ => return None,
    })
}

/// The least whole number that is not below a limit.
fn at_least(limit: Num) -> i128 {
    match limit {
        Num::Integer(limit) => limit,
        // Saturates.
        Num::Float(limit) => limit.ceil() as i128,
    }
}

/// The greatest whole number that is not above a limit.
fn at_most(limit: Num) -> i128 {
    match limit {
        Num::Integer(limit) => limit,
        Num::Float(limit) => limit.floor() as i128,
    }
}

/// Whole multiples of a decimal are those of a whole number: of 2.5 the multiples of 5.
fn integer_multiple(step: Num, number: fn(i128) -> Option<Number>) -> Test {
    let reduced = Exact::from(step).decimal().and_then(|step| {
        let places = 10_i128.checked_pow(step.exponent.unsigned_abs())?;
        let (mut divisor, mut rest) = (step.digits, places);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        number(step.digits / divisor)
    });
    Test::NotMultipleOf(reduced.unwrap_or(Number::Float(step.as_f64())))
}

fn of_double(constraint: &Constraint) -> Option<Test> {
    Some(match constraint {
        Constraint::Minimum(limit) => Test::Below(Number::Float(double_at_least(*limit))),
        Constraint::Maximum(limit) => Test::Above(Number::Float(double_at_most(*limit))),
        Constraint::ExclusiveMinimum(limit) => Test::NotAbove(Number::Float(double_at_most(*limit))),
        Constraint::ExclusiveMaximum(limit) => Test::NotBelow(Number::Float(double_at_least(*limit))),
        Constraint::MultipleOf(step) => Test::NotMultipleOf(match Exact::from(*step).double() {
            Some(step) => Number::Float(step),
            None => exact(*step),
        }),
        _ => return None,
    })
}

fn double_at_least(limit: Num) -> f64 {
    let near = limit.as_f64();
    if Num::Float(near) < limit { near.next_up() } else { near }
}

fn double_at_most(limit: Num) -> f64 {
    let near = limit.as_f64();
    if Num::Float(near) > limit { near.next_down() } else { near }
}

fn of_json(constraint: &Constraint) -> Option<Test> {
    Some(match constraint {
        Constraint::Minimum(limit) => Test::Below(exact(*limit)),
        Constraint::Maximum(limit) => Test::Above(exact(*limit)),
        Constraint::ExclusiveMinimum(limit) => Test::NotAbove(exact(*limit)),
        Constraint::ExclusiveMaximum(limit) => Test::NotBelow(exact(*limit)),
        Constraint::MultipleOf(step) => Test::NotMultipleOf(exact(*step)),
        _ => return None,
    })
}

fn exact(number: Num) -> Number {
    match number {
        Num::Integer(whole) => signed(whole).or_else(|| unsigned(whole)).unwrap_or(Number::Float(number.as_f64())),
        Num::Float(number) => Number::Float(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ty: &Type, constraint: &Constraint, expected: Test) {
        assert_eq!(format!("{:?}", test(ty, constraint)), format!("{:?}", Some(expected)), "{constraint:?}");
    }

    #[test]
    fn limits_of_integers() {
        let whole = Number::Integer;
        for (constraint, expected) in [
            (Constraint::Minimum(Num::Float(0.5)), Test::Below(whole(1))),
            (Constraint::Maximum(Num::Float(-0.5)), Test::Above(whole(-1))),
            (Constraint::ExclusiveMinimum(Num::Float(0.5)), Test::NotAbove(whole(0))),
            (Constraint::ExclusiveMinimum(Num::Integer(i64::MIN.into())), Test::Below(whole(i64::MIN + 1))),
            (Constraint::ExclusiveMaximum(Num::Integer(i64::MAX.into())), Test::Above(whole(i64::MAX - 1))),
            // Beyond all integers: no integer fails.
            (Constraint::Maximum(Num::Float(1.8e19)), Test::Above(whole(i64::MAX))),
            (Constraint::ExclusiveMaximum(Num::Float(1.8e19)), Test::Above(whole(i64::MAX))),
            (Constraint::ExclusiveMaximum(Num::Float(9_223_372_036_854_775_808.0)), Test::Above(whole(i64::MAX))),
            (Constraint::ExclusiveMinimum(Num::Float(-1.8e19)), Test::Below(whole(i64::MIN))),
            (Constraint::MultipleOf(Num::Float(2.5)), Test::NotMultipleOf(whole(5))),
            (Constraint::MultipleOf(Num::Float(0.01)), Test::NotMultipleOf(whole(1))),
            (Constraint::MultipleOf(Num::Float(1e3)), Test::NotMultipleOf(whole(1000))),
            (Constraint::MultipleOf(Num::Float(1e30)), Test::NotMultipleOf(Number::Float(1e30))),
        ] {
            check(&Type::Integer, &constraint, expected);
        }
    }

    #[test]
    fn limits_of_unsigned_integers() {
        let (whole, limit) = (Number::Unsigned, |it: u64| Num::Integer(it.into()));
        for (constraint, expected) in [
            (Constraint::Minimum(Num::Integer(-5)), Test::Below(whole(0))),
            (Constraint::Minimum(Num::Float(0.5)), Test::Below(whole(1))),
            (Constraint::Minimum(limit(u64::MAX)), Test::Below(whole(u64::MAX))),
            (Constraint::Maximum(limit(1 << 63)), Test::Above(whole(1 << 63))),
            (Constraint::Maximum(Num::Float(1e20)), Test::Above(whole(u64::MAX))),
            (Constraint::ExclusiveMinimum(Num::Integer(-1)), Test::Below(whole(0))),
            (Constraint::ExclusiveMinimum(Num::Integer(0)), Test::Below(whole(1))),
            (Constraint::ExclusiveMaximum(limit(u64::MAX)), Test::Above(whole(u64::MAX - 1))),
            (Constraint::ExclusiveMaximum(Num::Float(18_446_744_073_709_551_616.0)), Test::Above(whole(u64::MAX))),
            (Constraint::MultipleOf(limit(u64::MAX)), Test::NotMultipleOf(whole(u64::MAX))),
        ] {
            check(&Type::Sized(IntegerFormat::Uint64), &constraint, expected);
        }
    }

    #[test]
    fn limits_of_doubles() {
        const BETWEEN: i128 = 9_007_199_254_740_993;
        let (below, above) = (Number::Float(9_007_199_254_740_992.0), Number::Float(9_007_199_254_740_994.0));
        check(&Type::Number, &Constraint::Minimum(Num::Integer(BETWEEN)), Test::Below(above));
        check(&Type::Number, &Constraint::ExclusiveMinimum(Num::Integer(BETWEEN)), Test::NotAbove(below));
        check(&Type::Number, &Constraint::Maximum(Num::Integer(BETWEEN)), Test::Above(below));
        check(&Type::Number, &Constraint::ExclusiveMaximum(Num::Integer(BETWEEN)), Test::NotBelow(above));
        check(&Type::Number, &Constraint::Maximum(Num::Float(0.5)), Test::Above(Number::Float(0.5)));
        check(
            &Type::Json,
            &Constraint::Maximum(Num::Integer(BETWEEN)),
            Test::Above(Number::Integer(9_007_199_254_740_993)),
        );
    }
}
