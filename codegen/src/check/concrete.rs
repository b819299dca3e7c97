//! The simplest value of a type that satisfies some constraints.

use serde_json::{Map, Value, json};

use super::cardinality::{Limits, numbers::Range, text as language};
use super::decimal;
use super::witness::smallest_object;
use crate::analyse::{Truth, satisfies};
use crate::interpret::holds;
use crate::interpret::pattern::{Pattern, Texts};
use crate::model::{Api, Constraint, Num, Record, Target, Type, TypeKind};

/// Records in records that are followed.
const DEEPEST: usize = 6;
/// Characters and items of what is made, at most.
const LONGEST: u64 = 30_000;
const MOST_ITEMS: u64 = 200;
/// Texts for a pattern that are tried: not all are as wanted.
const MOST_TEXTS: u64 = 1_000;

/// What a value must be.
pub(crate) struct ValueRequirements<'a> {
    /// All constraints of the field that apply.
    pub(crate) clauses: &'a [(Target, &'a Constraint)],
    /// Which of them concern the value itself.
    pub(crate) target: Target,
    /// Values of the spec to try first.
    pub(crate) examples: &'a [Value],
    /// Values it must not be.
    pub(crate) taken: &'a dyn Fn(&Value) -> bool,
}

impl ValueRequirements<'_> {
    fn own_constraints(&self) -> impl Iterator<Item = &Constraint> {
        self.clauses.iter().filter(|(target, _)| *target == self.target).map(|(_, it)| *it)
    }

    fn limits(&self) -> Limits<'_> {
        Limits::of(self.clauses, self.target)
    }

    fn satisfies_all(&self, value: &Value, ty: &Type) -> bool {
        !(self.taken)(value)
            && self.own_constraints().all(|it| satisfies(it, value) != Truth::False && holds(it, value, ty))
    }

    /// The greatest of the lower limits that a picker finds.
    fn greatest_lower_limit(&self, of: impl Fn(&Constraint) -> Option<u64>) -> u64 {
        self.own_constraints().filter_map(of).max().unwrap_or(0)
    }
}

/// A value that is not empty, of the type and as wanted; `None` where none is found.
pub(crate) fn value(api: &Api, ty: &Type, wanted: &ValueRequirements<'_>, depth: usize) -> Option<Value> {
    if depth > DEEPEST {
        return None;
    }
    let fits = |it: &Value| wanted.satisfies_all(it, ty);
    if let Some(example) = wanted.examples.iter().find(|it| is_scalar(ty) && fits(it)) {
        return Some(example.clone());
    }
    let listed = wanted.own_constraints().find_map(|it| match it {
        Constraint::Enum(values) => Some(values.as_slice()),
        Constraint::Const(value) => Some(std::slice::from_ref(value)),
        _ => None,
    });
    if let Some(values) = listed {
        return values.iter().find(|it| fits(it)).cloned();
    }
    let made = match ty {
        Type::String => text(ty, wanted),
        Type::Json => Some(json!("a")),
        Type::Integer => number(wanted, true),
        Type::Number => number(wanted, false),
        Type::Boolean => [json!(true), json!(false)].into_iter().find(|it| fits(it)),
        Type::Url | Type::HttpsUrl => padded("https://example.com/", wanted, ty).or_else(|| matching(ty, wanted)),
        Type::DateTime => {
            let mut times = (0..60).map(|it| Value::from(format!("2026-01-01T00:00:{it:02}Z")));
            times.find(|it| fits(it)).or_else(|| matching(ty, wanted))
        }
        Type::Base64 => {
            let n_groups = (min_length(wanted).clamp(4, LONGEST) as usize).div_ceil(4) - 1;
            let texts = ["YQ==", "Yg==", "Yw==", "ZA=="].map(|it| Value::from("YWFh".repeat(n_groups) + it));
            texts.into_iter().find(|it| fits(it)).or_else(|| matching(ty, wanted))
        }
        Type::File => text(ty, wanted),
        Type::Array(item) => array(api, item, wanted, depth),
        Type::Map(entry) => {
            let entry =
                value(api, entry, &ValueRequirements { target: Target::Items, examples: &[], ..*wanted }, depth + 1)?;
            Some(Value::Object(Map::from_iter([("a".to_owned(), entry)])))
        }
        Type::Union(members) => members.iter().find_map(|it| value(api, it, wanted, depth + 1)),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) => {
                let listed = def.values.iter().map(|it| Value::from(it.value.as_str()));
                let free = std::iter::once_with(|| def.open.then(|| text(ty, wanted)).flatten()).flatten();
                listed.chain(free).find(|it| fits(it))
            }
            TypeKind::Record(record) => {
                let made = smallest_object(api, record, depth + 1)?;
                avoid_taken_value(api, record, made, wanted, depth)
            }
            TypeKind::Tagged(union) => union.members.iter().find_map(|(tag, member)| {
                let TypeKind::Record(record) = &api.ty(*member).kind else { return None };
                let mut object = Map::from_iter([(union.tag.clone(), Value::from(tag.value.as_str()))]);
                if !record.fields.is_empty() {
                    object.extend(smallest_object(api, record, depth + 1)?);
                }
                avoid_taken_value(api, record, object, wanted, depth)
            }),
            TypeKind::Union(members) => members.iter().find_map(|it| value(api, it, wanted, depth + 1)),
        },
    };
    made.filter(fits)
}

/// The object, with another value in one of its fields if it must not be this one.
fn avoid_taken_value(
    api: &Api,
    record: &Record,
    object: Map<String, Value>,
    wanted: &ValueRequirements<'_>,
    depth: usize,
) -> Option<Value> {
    let object = Value::Object(object);
    if !(wanted.taken)(&object) {
        return Some(object);
    }
    record.fields.iter().find_map(|field| {
        let clauses: Vec<(Target, &Constraint)> = field.clauses.iter().map(|it| (it.target, &it.constraint)).collect();
        let with = |value: &Value| {
            let mut object = object.clone();
            object[&field.name] = value.clone();
            object
        };
        let taken = |it: &Value| (wanted.taken)(&with(it));
        let inner = ValueRequirements { clauses: &clauses, target: Target::Value, examples: &[], taken: &taken };
        value(api, &field.ty, &inner, depth + 1).map(|it| with(&it))
    })
}

/// Whether an example can be taken as it stands: what is inside of others has rules of its own.
fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Integer | Type::Number | Type::Url | Type::HttpsUrl | Type::Base64)
}

fn text(ty: &Type, wanted: &ValueRequirements<'_>) -> Option<Value> {
    let least = min_length(wanted).max(1);
    if least > LONGEST || wanted.own_constraints().any(|it| matches!(it, Constraint::Pattern(_))) {
        return matching(ty, wanted);
    }
    let plain = |ending: &str| {
        let missing = (least as usize).saturating_sub(ending.len());
        Value::from(format!("{}{ending}", "a".repeat(missing)))
    };
    let empty = std::iter::once_with(|| Value::from(""));
    distinct_suffixes().map(|it| plain(&it)).chain(empty).find(|it| wanted.satisfies_all(it, ty))
}

/// `a`, …, `z`, `aa`, …: to tell values apart.
fn distinct_suffixes() -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').map(String::from);
    letters().chain(letters().flat_map(move |first| letters().map(move |second| format!("{first}{second}"))))
}

/// A text for the patterns, the format and the limits of length together: one that patterns of APIs often mean, else one
/// that is made of them.
fn matching(ty: &Type, wanted: &ValueRequirements<'_>) -> Option<Value> {
    let common =
        ["a", "A", "1", "0", "a1", "abc", "ABC", "#000000", "1:1", "en", "en-US", "2026-01-01", "12:00", "a.b"];
    let free = !matches!(ty, Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64);
    let mut common = common.into_iter().filter(|_| free).map(Value::from);
    if let Some(text) = common.find(|it| wanted.satisfies_all(it, ty)) {
        return Some(text);
    }
    let made = texts(ty, wanted).and_then(|texts| {
        (0..MOST_TEXTS).map_while(|it| texts.nth(it)).map(Value::from).find(|it| wanted.satisfies_all(it, ty))
    });
    made.or_else(|| {
        let taken = |it: &str| it.is_empty() || !wanted.satisfies_all(&Value::from(it), ty);
        language::example(ty, wanted.limits(), &taken).map(Value::from)
    })
}

/// All texts for the patterns, the format and the limits of length together; other constraints are not looked at.
pub(super) fn texts(ty: &Type, wanted: &ValueRequirements<'_>) -> Option<Texts> {
    let own = wanted.own_constraints().filter_map(|it| match it {
        Constraint::Pattern(pattern) => Some(pattern.as_str()),
        _ => None,
    });
    let patterns: Vec<Pattern> = own.chain(format(ty)).map(Pattern::parse).collect::<Result<_, _>>().ok()?;
    let most = wanted.own_constraints().filter_map(|it| match it {
        Constraint::MaxLength(most, _) => Some(*most),
        _ => None,
    });
    Texts::new(&patterns, min_length(wanted)..=most.min().unwrap_or(LONGEST).min(LONGEST))
}

/// A format as a pattern: not all that it takes, but enough to make a text of.
fn format(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Url => Some(r"^https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#][!-~]*)?$"),
        Type::HttpsUrl => Some(r"^https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#][!-~]*)?$"),
        Type::DateTime => Some(concat!(
            r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
            r"(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
        )),
        Type::Base64 => Some(concat!(
            "^(data:[a-z]+/[a-z0-9.+-]+;base64,)?([A-Za-z0-9+/_-]{4})*",
            "([A-Za-z0-9+/_-]{2}(==)?|[A-Za-z0-9+/_-]{3}=?)?$"
        )),
        _ => None,
    }
}

fn padded(start: &str, wanted: &ValueRequirements<'_>, ty: &Type) -> Option<Value> {
    let least = min_length(wanted);
    let missing = (least <= LONGEST).then(|| (least as usize).saturating_sub(start.len() + 1))?;
    let mut texts = distinct_suffixes().map(|it| Value::from(format!("{start}{}{it}", "a".repeat(missing))));
    texts.find(|it| wanted.satisfies_all(it, ty))
}

fn min_length(wanted: &ValueRequirements<'_>) -> u64 {
    wanted.greatest_lower_limit(|it| match it {
        Constraint::MinLength(least, _) => Some(*least),
        _ => None,
    })
}

/// The plainest number: near zero or near a limit.
fn number(wanted: &ValueRequirements<'_>, whole: bool) -> Option<Value> {
    let mut candidates: Vec<Num> = vec![Num::Integer(1), Num::Integer(0)];
    for constraint in wanted.own_constraints() {
        match constraint {
            Constraint::Minimum(limit)
            | Constraint::Maximum(limit)
            | Constraint::ExclusiveMinimum(limit)
            | Constraint::ExclusiveMaximum(limit)
            | Constraint::MultipleOf(limit) => match limit {
                Num::Integer(at) => {
                    candidates.extend((-3..=8).map(|step| Num::Integer(at.saturating_add(step))));
                    candidates.push(Num::Float(*at as f64 + 0.5));
                    candidates.push(Num::Float(*at as f64 - 0.5));
                }
                Num::Float(at) => {
                    candidates.extend([0.0, 0.01, -0.01, 0.5, -0.5, 1.0, -1.0].map(|step| Num::Float(at + step)));
                    candidates.push(Num::Integer(at.ceil() as i64));
                    candidates.push(Num::Integer(at.floor() as i64));
                }
            },
            _ => {}
        }
    }
    // Multiples within the limits, where the limits themselves are none.
    for constraint in wanted.own_constraints() {
        if let Constraint::MultipleOf(Num::Integer(unit)) = constraint {
            let near: Vec<i64> = candidates.iter().map(|it| it.as_f64() as i64).collect();
            let multiples = near.iter().filter_map(|it| it.checked_div(*unit)?.checked_add(1)?.checked_mul(*unit));
            candidates.extend(multiples.map(Num::Integer));
        }
    }
    candidates.extend((2..60).map(Num::Integer));
    let values = candidates.into_iter().filter(|it| !whole || matches!(it, Num::Integer(_))).filter_map(as_value);
    let exact = std::iter::once_with(|| decimal::numbers(wanted.own_constraints(), whole)).flatten();
    let ty = if whole { Type::Integer } else { Type::Number };
    let samples =
        std::iter::once_with(|| Range::new(wanted.own_constraints(), whole).samples()).flatten().map(Value::Number);
    values.chain(exact).chain(samples).find(|it| wanted.satisfies_all(it, &ty))
}

fn as_value(number: Num) -> Option<Value> {
    match number {
        Num::Integer(number) => Some(Value::from(number)),
        Num::Float(number) => serde_json::Number::from_f64(number).map(Value::Number),
    }
}

fn array(api: &Api, item: &Type, wanted: &ValueRequirements<'_>, depth: usize) -> Option<Value> {
    let least = wanted.greatest_lower_limit(|it| match it {
        Constraint::MinItems(least) => Some(*least),
        _ => None,
    });
    let count = least.max(1);
    if count > MOST_ITEMS {
        return None;
    }
    let unique = wanted.own_constraints().any(|it| *it == Constraint::UniqueItems);
    let mut items: Vec<Value> = Vec::new();
    for _ in 0..count {
        let next = {
            let taken = |it: &Value| unique && items.contains(it);
            let wanted =
                ValueRequirements { target: Target::Items, taken: &taken, examples: &[], clauses: wanted.clauses };
            // Nested lists have no constraints of their own.
            let nested = ValueRequirements { clauses: &[], ..wanted };
            let for_item = if matches!(item, Type::Array(_) | Type::Map(_)) { &nested } else { &wanted };
            value(api, item, for_item, depth + 1)?
        };
        items.push(next);
    }
    Some(Value::Array(items))
}
