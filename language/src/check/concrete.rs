//! The simplest value of a type that satisfies some constraints.

use serde_json::{Map, Value, json};

use super::witness::smallest_object;
use crate::constraints::{self, LONGEST, Measure};
use crate::interpret::{holds, validate_request_value};
use crate::model::{Access, Api, Argument, Constraint, Record, Target, Type, TypeKind, is_ambiguous};
use crate::pattern::Texts;

/// Records in records that are followed.
const DEEPEST: usize = 6;
/// Items of what is made, at most.
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
    fn own_constraints(&self) -> impl Iterator<Item = &Constraint> + Clone {
        self.clauses.iter().filter(|(target, _)| *target == self.target).map(|(_, it)| *it)
    }

    fn satisfies_all(&self, value: &Value, ty: &Type) -> bool {
        !(self.taken)(value)
            && self.own_constraints().all(|it| constraints::holds(it, value) != Some(false) && holds(it, value, ty))
    }

    /// The greatest of the lower limits of a measure.
    fn least(&self, measure: Measure) -> u64 {
        constraints::count_range(self.own_constraints(), measure).least
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
    let listed = wanted.own_constraints().find_map(constraints::listed);
    if let Some(values) = listed {
        return values.iter().find(|it| fits(it)).cloned();
    }
    let made = match ty {
        Type::String => text(ty, wanted),
        Type::Json => {
            let any = |it: u64| constraints::object_of(None, &json!("a"), it);
            // Constraints look at values of their own kind, and a text is the plainest of all.
            std::iter::once(json!("a")).chain(any(wanted.least(Measure::Properties))).find(|it| fits(it))
        }
        Type::Integer | Type::Sized(_) | Type::Number => number(wanted, ty),
        Type::Boolean => [json!(true), json!(false)].into_iter().find(|it| fits(it)),
        Type::Url | Type::HttpsUrl => padded("https://example.com/", wanted, ty).or_else(|| matching(ty, wanted)),
        Type::DateTime => {
            let mut times = (0..60).map(|it| Value::from(format!("2026-01-01T00:00:{it:02}Z")));
            times.find(|it| fits(it)).or_else(|| matching(ty, wanted))
        }
        Type::Formatted(format) => {
            let sample = Value::from(format.sample());
            if fits(&sample) { Some(sample) } else { matching(ty, wanted) }
        }
        Type::Base64 => {
            let n_groups = (wanted.least(Measure::Characters).clamp(4, LONGEST) as usize).div_ceil(4) - 1;
            let texts = ["YQ==", "Yg==", "Yw==", "ZA=="].map(|it| Value::from("YWFh".repeat(n_groups) + it));
            texts.into_iter().find(|it| fits(it)).or_else(|| matching(ty, wanted))
        }
        Type::File => text(ty, wanted),
        Type::Array(item) => array(api, item, wanted, depth),
        Type::Tuple(types) => tuple(api, types, wanted, depth),
        Type::Map(entry) => {
            let entry =
                value(api, entry, &ValueRequirements { target: Target::Items, examples: &[], ..*wanted }, depth + 1)?;
            let object = constraints::object_of(None, &entry, wanted.least(Measure::Properties).max(1))?;
            constraints::with_allowed_keys(object, wanted.own_constraints())
        }
        // Constraints apply to values, and null is not one.
        Type::Nullable(inner) => value(api, inner, wanted, depth + 1).or_else(|| Some(Value::Null).filter(fits)),
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
                let mut object = Map::from_iter([(union.tag.clone(), union.tag_value(tag))]);
                if !record.fields.is_empty() {
                    object.extend(smallest_object(api, record, depth + 1)?);
                }
                avoid_taken_value(api, record, object, wanted, depth)
            }),
            TypeKind::Union { members, exclusive: true } => {
                let mut made = members.iter().flat_map(|it| of_member(api, it, wanted, depth + 1));
                // Where the members are told apart, the first does.
                made.find(|it| !is_ambiguous(&api.types, members, it) || validate_request_value(api, ty, it).is_empty())
            }
            TypeKind::Union { members, .. } => members.iter().find_map(|it| value(api, it, wanted, depth + 1)),
        },
    };
    made.filter(fits)
}

/// Values of a member of a union of which only one member may accept a value: as small as possible, and of a record, or a
/// list of records, also with one more field each.
fn of_member(api: &Api, member: &Type, wanted: &ValueRequirements<'_>, depth: usize) -> Vec<Value> {
    let smallest = value(api, member, wanted, depth);
    let item = match member {
        Type::Array(item) => item.non_null(),
        other => other,
    };
    let Type::Named(id) = item else { return smallest.into_iter().collect() };
    let TypeKind::Record(record) = &api.ty(*id).kind else { return smallest.into_iter().collect() };
    let in_place = |object: Value| if matches!(member, Type::Array(_)) { json!([object]) } else { object };
    let small = smallest_object(api, record, depth + 1);
    let with_field = record.fields.iter().filter_map(|field| {
        let mut object = small.clone()?;
        if object.contains_key(&field.name) || field.access == Access::ReadOnly {
            return None;
        }
        let clauses: Vec<(Target, &Constraint)> = field.clauses.iter().map(|it| (it.target, &it.constraint)).collect();
        let own = ValueRequirements { clauses: &clauses, target: Target::Value, examples: &[], taken: &|_| false };
        object.insert(field.name.clone(), value(api, &field.ty, &own, depth + 1)?);
        Some(in_place(Value::Object(object)))
    });
    smallest.iter().cloned().chain(with_field.filter(|it| wanted.satisfies_all(it, member))).collect()
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
    matches!(
        ty,
        Type::String | Type::Integer | Type::Sized(_) | Type::Number | Type::Url | Type::HttpsUrl | Type::Base64
    )
}

fn text(ty: &Type, wanted: &ValueRequirements<'_>) -> Option<Value> {
    let least = wanted.least(Measure::Characters).max(1);
    if least > LONGEST || wanted.own_constraints().any(|it| matches!(it.argument(), Argument::Pattern(_))) {
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

/// A text for the patterns, the format and the limits of length together: one that patterns of APIs often mean, else
/// one that is made of them.
fn matching(ty: &Type, wanted: &ValueRequirements<'_>) -> Option<Value> {
    let common =
        ["a", "A", "1", "0", "a1", "abc", "ABC", "#000000", "1:1", "en", "en-US", "2026-01-01", "12:00", "a.b"];
    let free = !matches!(ty, Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64);
    let mut common = common.into_iter().filter(|_| free).map(Value::from);
    if let Some(text) = common.find(|it| wanted.satisfies_all(it, ty)) {
        return Some(text);
    }
    let texts = texts(ty, wanted)?;
    (0..MOST_TEXTS).map_while(|it| texts.nth(it)).map(Value::from).find(|it| wanted.satisfies_all(it, ty))
}

/// All texts for the patterns, the format and the limits of length together; other constraints are not looked at.
pub(super) fn texts(ty: &Type, wanted: &ValueRequirements<'_>) -> Option<Texts> {
    constraints::make_texts(ty, wanted.own_constraints())
}

fn padded(start: &str, wanted: &ValueRequirements<'_>, ty: &Type) -> Option<Value> {
    let least = wanted.least(Measure::Characters);
    let missing = (least <= LONGEST).then(|| (least as usize).saturating_sub(start.len() + 1))?;
    let mut texts = distinct_suffixes().map(|it| Value::from(format!("{start}{}{it}", "a".repeat(missing))));
    texts.find(|it| wanted.satisfies_all(it, ty))
}

fn number(wanted: &ValueRequirements<'_>, ty: &Type) -> Option<Value> {
    let of_type = |value: &Value| ty.limits().iter().all(|it| constraints::holds(it, value) != Some(false));
    constraints::candidates(wanted.own_constraints().chain(ty.limits()), ty.ends())
        .find(|it| of_type(it) && wanted.satisfies_all(it, ty))
}

/// The first items that fit, and where such a list is taken, one with another item.
fn tuple(api: &Api, types: &[Type], wanted: &ValueRequirements<'_>, depth: usize) -> Option<Value> {
    let made = |ty: &Type, taken: &dyn Fn(&Value) -> bool| {
        value(api, ty, &ValueRequirements { taken, examples: &[], clauses: &[], ..*wanted }, depth + 1)
    };
    let first = types.iter().map(|it| made(it, &|_| false)).collect::<Option<Vec<_>>>()?;
    if !(wanted.taken)(&Value::Array(first.clone())) {
        return Some(Value::Array(first));
    }
    types.iter().enumerate().find_map(|(at, ty)| {
        let with = |it: &Value| {
            let mut items = first.clone();
            items[at] = it.clone();
            Value::Array(items)
        };
        made(ty, &|it| (wanted.taken)(&with(it))).map(|it| with(&it))
    })
}

fn array(api: &Api, item: &Type, wanted: &ValueRequirements<'_>, depth: usize) -> Option<Value> {
    let count = wanted.least(Measure::Items).max(1);
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
            let for_item = if matches!(item.non_null(), Type::Array(_) | Type::Map(_)) { &nested } else { &wanted };
            value(api, item, for_item, depth + 1)?
        };
        items.push(next);
    }
    Some(Value::Array(items))
}
