//! What tells the records of a union apart where there is no tag: a required field that has other values in each, or
//! required fields that only one of them knows.

use serde_json::{Map, Value};

use super::{Access, Condition, Constraint, Field, Record, Target, Type, TypeDef, TypeKind, same_value};

/// What an object of one record has and those of the others do not.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape<'m> {
    /// The field has one of these values.
    Values {
        /// Name as sent.
        field: &'m str,
        /// Text, numbers or truth values.
        values: Vec<Value>,
    },
    /// The field is there, whatever its value.
    Has {
        /// Name as sent.
        field: &'m str,
    },
    /// One of several shapes: of a union that is a member of a union.
    Any(Vec<Self>),
}

impl Shape<'_> {
    /// Makes it that of objects with another shape too.
    fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (one, other) if *one == other => {}
            (Self::Values { field, values }, Self::Values { field: same, values: more }) if *field == same => {
                let new: Vec<Value> =
                    more.into_iter().filter(|it| !values.iter().any(|known| same_value(known, it))).collect();
                values.extend(new);
            }
            (Self::Any(all), other) => all.push(other),
            (one, other) => {
                let first = std::mem::replace(one, Self::Any(Vec::new()));
                *one = Self::Any(vec![first, other]);
            }
        }
    }

    /// Whether an object has it.
    #[must_use]
    pub fn fits(&self, object: &Map<String, Value>) -> bool {
        match self {
            Self::Values { field, values } => {
                object.get(*field).is_some_and(|sent| values.iter().any(|it| same_value(it, sent)))
            }
            Self::Has { field } => object.contains_key(*field),
            Self::Any(shapes) => shapes.iter().any(|it| it.fits(object)),
        }
    }
}

/// The shapes of the objects among a union's members, with their places there. `None` if objects are not several of its
/// members, or if nothing tells them apart.
#[must_use]
pub fn shapes<'m>(types: &'m [TypeDef], members: &'m [Type]) -> Option<Vec<(usize, Shape<'m>)>> {
    let mut objects = Vec::new();
    for (at, member) in members.iter().enumerate() {
        add_objects(types, at, member, DEEPEST, &mut objects);
    }
    let first = objects.first()?;
    if objects.iter().all(|it| it.at == first.at) {
        return None;
    }
    let by_values = first.fields.iter().find_map(|it| by_values(&objects, it.name));
    let all = by_values.or_else(|| objects.iter().map(|it| by_field(&objects, it)).collect::<Option<Vec<_>>>())?;
    let mut joined: Vec<(usize, Shape<'m>)> = Vec::new();
    for (at, shape) in all {
        match joined.last_mut() {
            Some((last, before)) if *last == at => before.join(shape),
            _ => joined.push((at, shape)),
        }
    }
    Some(joined)
}

/// Whether a value is an object or a list, several of the members are that, and nothing tells them apart. Such a value
/// may be of any of them, or of several.
#[must_use]
pub fn is_ambiguous(types: &[TypeDef], members: &[Type], value: &Value) -> bool {
    match value {
        Value::Object(_) => ambiguous_objects(types, members),
        Value::Array(_) => ambiguous_lists(members),
        _ => false,
    }
}

/// Whether several members are objects that nothing tells apart.
#[must_use]
pub fn ambiguous_objects(types: &[TypeDef], members: &[Type]) -> bool {
    members.iter().filter(|it| is_object(types, it)).count() > 1 && shapes(types, members).is_none()
}

/// Whether several members are lists.
#[must_use]
pub fn ambiguous_lists(members: &[Type]) -> bool {
    members.iter().filter(|it| matches!(it, Type::Array(_) | Type::Tuple(_))).count() > 1
}

/// Whether all values of a type are objects.
#[must_use]
pub fn is_object(types: &[TypeDef], ty: &Type) -> bool {
    match ty {
        Type::Map(_) => true,
        Type::Named(id) => matches!(types[id.0 as usize].kind, TypeKind::Record(_) | TypeKind::Tagged(_)),
        _ => false,
    }
}

/// Unions in unions that are followed.
const DEEPEST: usize = 8;

/// What is known of the objects of a member, or of a union that is a member.
struct Object<'m> {
    at: usize,
    /// It may have fields that are not listed.
    is_open: bool,
    fields: Vec<KnownField<'m>>,
}

struct KnownField<'m> {
    name: &'m str,
    is_required: bool,
    /// All values that it can have, if it is required and lists them.
    values: Option<Vec<Value>>,
}

fn add_objects<'m>(types: &'m [TypeDef], at: usize, member: &'m Type, depth: usize, out: &mut Vec<Object<'m>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let id = match member {
        Type::Union(inner) => return inner.iter().for_each(|it| add_objects(types, at, it, depth, out)),
        Type::Map(_) => return out.push(Object { at, is_open: true, fields: Vec::new() }),
        Type::Named(id) => id,
        _ => return,
    };
    match &types[id.0 as usize].kind {
        TypeKind::Record(record) => out.push(Object { at, is_open: record.open, fields: known_fields(types, record) }),
        TypeKind::Tagged(union) => {
            for (tag, id) in &union.members {
                let TypeKind::Record(record) = &types[id.0 as usize].kind else { continue };
                let values = Some(vec![union.tag_value(tag)]);
                let mut fields = vec![KnownField { name: &union.tag, is_required: true, values }];
                fields.extend(known_fields(types, record));
                out.push(Object { at, is_open: record.open, fields });
            }
        }
        TypeKind::Union { members: inner, .. } => inner.iter().for_each(|it| add_objects(types, at, it, depth, out)),
        TypeKind::Enum(_) => {}
    }
}

fn known_fields<'m>(types: &'m [TypeDef], record: &'m Record) -> Vec<KnownField<'m>> {
    let known = |field: &'m Field| {
        let is_required = always_there(field);
        let values = listed_values(types, field).filter(|_| is_required && !field.nullable);
        KnownField { name: &field.name, is_required, values }
    };
    record.fields.iter().map(known).collect()
}

/// The objects by the values of one field that all of them require.
fn by_values<'m>(objects: &[Object<'m>], name: &str) -> Option<Vec<(usize, Shape<'m>)>> {
    let mut all: Vec<(usize, &'m str, &[Value])> = Vec::new();
    for object in objects {
        let field = object.fields.iter().find(|it| it.name == name)?;
        let values = field.values.as_deref()?;
        let is_taken = |(at, _, others): &(usize, &str, &[Value])| {
            *at != object.at && others.iter().any(|other| values.iter().any(|it| same_value(it, other)))
        };
        if all.iter().any(is_taken) {
            return None;
        }
        all.push((object.at, field.name, values));
    }
    Some(all.into_iter().map(|(at, field, values)| (at, Shape::Values { field, values: values.to_vec() })).collect())
}

/// Whether every value has the field, whichever way it goes.
fn always_there(field: &Field) -> bool {
    field.always_required() && field.access == Access::Both
}

/// All values that a field can have, if it lists them.
fn listed_values(types: &[TypeDef], field: &Field) -> Option<Vec<Value>> {
    let own = field.clauses.iter().filter(|it| it.when == Condition::Always && it.target == Target::Value);
    let listed = own.filter_map(|it| match &it.constraint {
        Constraint::Const(value) => Some(vec![value.clone()]),
        Constraint::Enum(values) => Some(values.clone()),
        _ => None,
    });
    let of_type = match &field.ty {
        Type::Named(id) => match &types[id.0 as usize].kind {
            TypeKind::Enum(def) if !def.open => Some(def.values.iter().map(|it| it.value.clone().into()).collect()),
            _ => None,
        },
        _ => None,
    };
    listed.min_by_key(Vec::len).or(of_type)
}

/// One object by a field that it requires and those of other members have not.
fn by_field<'m>(objects: &[Object<'m>], object: &Object<'m>) -> Option<(usize, Shape<'m>)> {
    let others = || objects.iter().filter(|it| it.at != object.at);
    let is_alone = |name: &str| !others().any(|it| it.is_open || it.fields.iter().any(|field| field.name == name));
    let mut own = object.fields.iter().filter(|it| it.is_required);
    own.find(|it| is_alone(it.name)).map(|it| (object.at, Shape::Has { field: it.name }))
}
