//! The table by itself: no keyword without a row, no row that contradicts another.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ArgumentKind, Written, all, exclude_each_other, holds, implies, of, violation_keywords, with_argument};
use crate::model::{Argument, Constraint as C, Excluded, LengthUnit, Num};

/// An argument of the kind that makes sense for every keyword that has it.
fn argument(kind: ArgumentKind) -> Option<Written> {
    Some(match kind {
        ArgumentKind::Own => return None,
        ArgumentKind::Flag => Written::Flag(true),
        ArgumentKind::Number => Written::Number(Num::Integer(3)),
        ArgumentKind::Count => Written::Count(3),
        ArgumentKind::Text => Written::Text("^a$".to_owned()),
        ArgumentKind::Scalar => Written::Scalar(json!("a")),
        ArgumentKind::Excluded => Written::Excluded(Excluded::Values(vec![json!("a")])),
    })
}

#[test]
fn rows_make_constraints_of_their_name() {
    for keyword in with_argument() {
        let argument = argument(keyword.argument).expect("written with an argument");
        let constraint = (keyword.constraint)(&argument, LengthUnit::Plain).expect(keyword.name);
        assert_eq!(constraint.keyword(), keyword.name);
        assert_eq!(of(&constraint).name, keyword.name);
        assert_eq!((keyword.fault)(&argument), None, "{}", keyword.name);
    }
    for constraint in [C::Required, C::Forbidden, C::Ignored, C::Enum(Vec::new()), C::Default(Value::Null)] {
        assert_eq!(of(&constraint).name, constraint.keyword());
    }
}

#[test]
fn limits_have_partners_on_the_other_side() {
    for keyword in with_argument() {
        let limit = |name: &str| {
            let row = all().find(|it| it.name == name).expect(name);
            (row.constraint)(&argument(row.argument).expect(name), LengthUnit::Plain).expect(name)
        };
        let Some(partner) = keyword.partner else { continue };
        let (own, other) = (limit(keyword.name), limit(partner));
        assert_eq!(of(&other).partner, Some(keyword.name));
        assert_eq!(of(&other).measure, keyword.measure);
        assert_ne!(own.bound().map(|it| it.is_lower()), other.bound().map(|it| it.is_lower()), "{}", keyword.name);
    }
}

#[test]
fn names_are_unique() {
    let names: Vec<&str> = violation_keywords();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    assert!(!names.contains(&"default"), "a default is never broken");
}

#[test]
fn values_are_compared() {
    for (constraint, value, expected) in [
        (C::Minimum(Num::Integer(3)), json!(2.5), Some(false)),
        (C::ExclusiveMaximum(Num::Float(0.5)), json!(0.5), Some(false)),
        (C::MaxLength(3, LengthUnit::HanDouble), json!("漢字"), Some(false)),
        (C::MaxLength(3, LengthUnit::Plain), json!("漢字"), Some(true)),
        (C::MinItems(1), json!([]), Some(false)),
        (C::MinItems(1), json!({}), Some(true)),
        (C::UniqueItems, json!([1, 1.0]), Some(false)),
        (C::Const(json!(1)), json!(1.0), Some(true)),
        (C::Pattern("a".to_owned()), json!("b"), None),
        (C::MaxBytes(1), json!("abc"), None),
        (C::Not(Excluded::Values(vec![json!(1), json!("a")])), json!(1.0), Some(false)),
        (C::Not(Excluded::Values(vec![json!(1), json!("a")])), json!("1"), Some(true)),
        (C::Not(Excluded::Pattern("a".to_owned())), json!(1), Some(true)),
        (C::Not(Excluded::Pattern("a".to_owned())), json!("b"), None),
    ] {
        assert_eq!(holds(&constraint, &value), expected, "{constraint:?} {value}");
    }
}

#[test]
fn limits_are_compared() {
    let number = |it| Num::Integer(it);
    for (strong, weak, expected) in [
        (C::Minimum(number(3)), C::Minimum(number(2)), true),
        (C::ExclusiveMinimum(number(3)), C::Minimum(number(3)), true),
        (C::Minimum(number(4)), C::ExclusiveMinimum(number(3)), false),
        (C::Maximum(number(3)), C::Minimum(number(3)), false),
        (C::MinLength(2, LengthUnit::Plain), C::MinLength(2, LengthUnit::HanDouble), true),
        (C::MinLength(2, LengthUnit::HanDouble), C::MinLength(2, LengthUnit::Plain), false),
        (C::MaxLength(2, LengthUnit::HanDouble), C::MaxLength(2, LengthUnit::Plain), true),
        (C::MaxItems(2), C::MaxItems(3), true),
        (C::MinItems(2), C::MinLength(1, LengthUnit::Plain), false),
        (C::Const(json!(1)), C::Enum(vec![json!(1.0)]), true),
        (C::Enum(vec![json!(1), json!(2)]), C::Const(json!(1)), false),
        (C::UniqueItems, C::UniqueItems, true),
    ] {
        assert_eq!(implies(&strong, &weak), expected, "{strong:?} {weak:?}");
    }
    assert!(exclude_each_other(&C::Minimum(number(3)), &C::ExclusiveMaximum(number(3))));
    assert!(!exclude_each_other(&C::Minimum(number(3)), &C::Maximum(number(3))));
    assert!(!exclude_each_other(&C::MinItems(3), &C::MaxLength(2, LengthUnit::Plain)));
    assert_eq!(C::MinItems(3).argument(), Argument::Count(3));
}
