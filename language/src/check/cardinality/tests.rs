//! Random limits over small domains, against trying out every value.

use serde_json::{Value, json};

use super::*;
use crate::check::check;
use crate::check::testing::demo;
use crate::diagnostics::Code;
use crate::interpret::{Request, validate};
use crate::model::{LengthUnit, Num};

/// Rounds of each test.
const ROUNDS: u64 = 500;

/// A seeded source of chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

fn number(text: &str) -> Num {
    text.parse().map_or_else(|_| Num::Float(text.parse().unwrap_or(0.0)), Num::Integer)
}

fn limit_of_number(chance: &mut Chance, bounds: &[&str], steps: &[&str]) -> Constraint {
    match chance.below(7) {
        0 => Constraint::Minimum(number(chance.pick(bounds))),
        1 => Constraint::Maximum(number(chance.pick(bounds))),
        2 => Constraint::ExclusiveMinimum(number(chance.pick(bounds))),
        3 => Constraint::ExclusiveMaximum(number(chance.pick(bounds))),
        4 => Constraint::Enum((0..1 + chance.below(3)).map(|_| json!(chance.below(9) as i64 - 4)).collect()),
        _ => Constraint::MultipleOf(number(chance.pick(steps))),
    }
}

fn limit_of_text(chance: &mut Chance) -> Constraint {
    const PATTERNS: [&str; 10] =
        ["^a", "b$", "^[ab]$", "^(ab)+$", "^a{2,3}$", "^(a|bb)*$", "a\\bb", "^$", "^.{2}$", "aa|b"];
    match chance.below(6) {
        0 => Constraint::MinLength(chance.below(5) as u64, LengthUnit::Plain),
        1 => Constraint::MaxLength(chance.below(5) as u64, LengthUnit::Plain),
        2 => Constraint::Enum((0..2).map(|_| chance.pick(&["", "a", "ab", "bb", "aab"]).into()).collect()),
        _ => Constraint::Pattern(chance.pick(&PATTERNS).to_owned()),
    }
}

fn limit_of_list(chance: &mut Chance) -> Constraint {
    match chance.below(4) {
        0 => Constraint::MinItems(chance.below(5) as u64),
        1 => Constraint::MaxItems(chance.below(5) as u64),
        _ => Constraint::UniqueItems,
    }
}

/// All lists of these items, up to five.
fn lists_of(items: &[Value]) -> Vec<Value> {
    let (mut all, mut from) = (vec![Vec::new()], 0);
    for _ in 0..5 {
        let to = all.len();
        for at in from..to {
            for item in items {
                let longer: Vec<Value> = all[at].iter().cloned().chain([item.clone()]).collect();
                all.push(longer);
            }
        }
        from = to;
    }
    all.into_iter().map(Value::from).collect()
}

/// The verdict is that of trying out all values of the domain.
#[track_caller]
fn judge(api: &Api, ty: &Type, limits: &[(Target, Constraint)], domain: &[Value]) -> bool {
    let all: Vec<(Target, &Constraint)> = limits.iter().map(|(target, it)| (*target, it)).collect();
    let item = match ty {
        Type::Array(item) => &**item,
        ty => ty,
    };
    let fits = |value: &Value, of: Target, ty: &Type| {
        all.iter().filter(|(target, _)| *target == of).all(|(_, it)| interpret::holds(it, value, ty))
    };
    let items_fit = |value: &Value| value.as_array().into_iter().flatten().all(|it| fits(it, Target::Items, item));
    let tried = !domain.iter().any(|it| fits(it, Target::Value, ty) && items_fit(it));
    let no_item = all.iter().any(|(target, _)| *target == Target::Items)
        && !domain.iter().any(|it| it.as_array().is_some_and(|it| it.iter().any(|it| fits(it, Target::Items, item))));
    assert_eq!(leaves_nothing(api, ty, Limits::new(&all)), tried || no_item, "{ty:?} {limits:?}");
    tried || no_item
}

#[test]
fn random_limits_leave_what_trying_out_finds() {
    let api = demo("x: low | middle | high").api;
    let level = api.operations[0].parameters.fields[0].ty.clone();
    let levels: Vec<Value> = ["low", "middle", "high"].map(Value::from).to_vec();
    let whole: Vec<Value> = (-500..=500).map(Value::from).collect();
    let cents: Vec<Value> = (-1500..=1500).map(|it| json!(f64::from(it) / 100.0)).collect();
    let texts: Vec<Value> = lists_of(&["a", "b", "c"].map(Value::from))
        .iter()
        .map(|it| it.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<String>().into())
        .collect();
    let booleans = lists_of(&[json!(false), json!(true)]);
    let levels_lists = lists_of(&levels);
    let digits = lists_of(&[json!(0), json!(1), json!(2)]);
    let mut nothing = 0;
    for round in 0..ROUNDS {
        let chance = &mut Chance(round * 7919 + 17);
        let of_value = |it| (Target::Value, it);
        let count = 1 + chance.below(4);
        let mut make = |of: &mut dyn FnMut(&mut Chance) -> Constraint| -> Vec<(Target, Constraint)> {
            (0..count).map(|_| of_value(of(chance))).collect()
        };
        let integers = make(&mut |it| {
            limit_of_number(it, &["-6", "-2.5", "0", "0.5", "3", "7", "7.5"], &["2", "3", "4", "8", "0.5", "1.5"])
        });
        let fractions = make(&mut |it| {
            limit_of_number(it, &["-1", "0", "0.5", "0.6", "0.65", "2"], &["0.1", "0.25", "0.5", "1.5"])
        });
        let of_text = make(&mut limit_of_text);
        let of_list = make(&mut limit_of_list);
        let mut bounded = of_list.clone();
        bounded
            .extend([Constraint::Minimum(number("0")), Constraint::Maximum(number("2"))].map(|it| (Target::Items, it)));
        let found = [
            judge(&api, &Type::Integer, &integers, &whole),
            judge(&api, &Type::Number, &fractions, &cents),
            judge(&api, &Type::String, &of_text, &texts),
            judge(&api, &Type::Array(Box::new(Type::Boolean)), &of_list, &booleans),
            judge(&api, &Type::Array(Box::new(level.clone())), &of_list, &levels_lists),
            judge(&api, &Type::Array(Box::new(Type::Integer)), &bounded, &digits),
        ];
        nothing += found.into_iter().filter(|it| *it).count();
    }
    assert!(nothing as u64 > ROUNDS / 2 && (nothing as u64) < ROUNDS * 5, "{nothing}");
}

/// Under conditions: there is a finding exactly where some request is left no value.
#[test]
fn random_conditions_leave_what_trying_out_finds() {
    const WHEN: [&str; 8] = [
        "",
        " when model=a",
        " when model=a,b",
        " when model!=a",
        " when flag=true",
        " when flag=$absent",
        " when model=c and flag=true",
        " when flag=$present or model=b",
    ];
    const LIMITS: [&str; 9] = [
        "minimum=5",
        "maximum=7",
        "exclusive_maximum=8",
        "multiple_of=4",
        "multiple_of=3",
        "multiple_of=2.5",
        "enum=4,6,12",
        "enum=5,10",
        "const=12",
    ];
    let mut contradictory = 0;
    for round in 0..ROUNDS / 2 {
        let chance = &mut Chance(round * 104_729 + 5);
        let mut text = "model!: a | b | c\nflag: boolean\nn: integer".to_owned();
        for _ in 0..2 + chance.below(4) {
            text.push_str(&format!("\n+ n {}{}", chance.pick(&LIMITS), chance.pick(&WHEN)));
        }
        let demo = demo(&text);
        // Where a value is left, there mostly is a small one that is not negative: that is where the search begins.
        let left = |model: &str, flag: Option<bool>| {
            (0..=130).chain(-130..0).any(|n| {
                let mut body = json!({"model": model, "n": n});
                if let Some(flag) = flag {
                    body["flag"] = flag.into();
                }
                validate(&demo.api, &demo.api.operations[0], &Request::of_body(&body)).is_valid()
            })
        };
        let all_left = ["a", "b", "c"]
            .into_iter()
            .all(|model| [None, Some(true), Some(false)].into_iter().all(|it| left(model, it)));
        let found = check(&demo.api).iter().any(|it| it.code == Code::ContradictoryLimits);
        assert_eq!(found, !all_left, "{text}");
        contradictory += u64::from(found);
    }
    assert!(contradictory > 25, "{contradictory}");
}

#[test]
fn values_are_counted() {
    let api = demo("x: low | middle | high").api;
    let level = api.operations[0].parameters.fields[0].ty.clone();
    let list = |item: &Type| Type::Array(Box::new(item.clone()));
    let unique = (Target::Value, &Constraint::UniqueItems);
    let pattern = Constraint::Pattern("^[ab]c?$".to_owned());
    let (one, two) = (Constraint::Minimum(Num::Integer(1)), Constraint::Maximum(Num::Float(2.0)));
    let (half, short) = (Constraint::MultipleOf(Num::Float(0.5)), Constraint::MaxLength(0, LengthUnit::HanDouble));
    let of_value = |it| (Target::Value, it);
    for (ty, limits, expected) in [
        (&Type::Boolean, vec![], Count::AtMost(2)),
        (&Type::Integer, vec![of_value(&one), of_value(&two)], Count::AtMost(2)),
        (&Type::Number, vec![of_value(&one), of_value(&two), of_value(&half)], Count::AtMost(3)),
        (&Type::Number, vec![of_value(&one), of_value(&two)], Count::Many),
        (&Type::String, vec![of_value(&pattern)], Count::AtMost(4)),
        (&Type::String, vec![of_value(&short)], Count::AtMost(1)),
        (&Type::String, vec![], Count::Many),
        (&level, vec![], Count::AtMost(3)),
        (&list(&Type::Boolean), vec![unique], Count::AtMost(5)),
        (&list(&list(&Type::Boolean)), vec![unique], Count::Many),
        (&list(&level), vec![unique], Count::AtMost(16)),
        (&Type::Union(vec![Type::Boolean, list(&Type::Boolean)]), vec![unique], Count::AtMost(7)),
        (&Type::Map(Box::new(Type::Boolean)), vec![], Count::Many),
    ] {
        assert_eq!(count(&api, ty, Limits::new(&limits), 1000, 0), expected, "{ty:?} {limits:?}");
    }
}
