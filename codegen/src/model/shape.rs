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
}

impl Shape<'_> {
    /// Whether an object has it.
    #[must_use]
    pub fn fits(&self, object: &Map<String, Value>) -> bool {
        match self {
            Self::Values { field, values } => {
                object.get(*field).is_some_and(|sent| values.iter().any(|it| same_value(it, sent)))
            }
            Self::Has { field } => object.contains_key(*field),
        }
    }
}

/// The shapes of the records among a union's members, with their places there. `None` if there are not several records,
/// or if nothing tells them apart.
#[must_use]
pub fn shapes<'m>(types: &'m [TypeDef], members: &[Type]) -> Option<Vec<(usize, Shape<'m>)>> {
    let records: Vec<(usize, &Record)> = members
        .iter()
        .enumerate()
        .filter_map(|(at, it)| match it {
            Type::Named(id) => match &types[id.0 as usize].kind {
                TypeKind::Record(record) => Some((at, record)),
                TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union(_) => None,
            },
            _ => None,
        })
        .collect();
    let (_, first) = records.get(..2).and_then(<[_]>::first)?;
    let by_values = first.fields.iter().find_map(|it| by_values(types, &records, &it.name));
    by_values.or_else(|| records.iter().map(|it| by_field(&records, *it)).collect())
}

/// The records by the values of one field that all of them require.
fn by_values<'m>(types: &'m [TypeDef], records: &[(usize, &'m Record)], name: &str) -> Option<Vec<(usize, Shape<'m>)>> {
    let mut all: Vec<(usize, Shape<'m>)> = Vec::new();
    for (at, record) in records {
        let (_, field) = record.find(name)?;
        let values = listed_values(types, field).filter(|_| always_there(field) && !field.nullable)?;
        let taken = all.iter().any(|(_, other)| match other {
            Shape::Values { values: others, .. } => {
                others.iter().any(|other| values.iter().any(|it| same_value(it, other)))
            }
            Shape::Has { .. } => true,
        });
        if taken {
            return None;
        }
        all.push((*at, Shape::Values { field: &field.name, values }));
    }
    Some(all)
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

/// One record by a field that it requires and no other has.
fn by_field<'m>(records: &[(usize, &'m Record)], (at, record): (usize, &'m Record)) -> Option<(usize, Shape<'m>)> {
    let is_alone = |it: &&Field| records.iter().all(|(other, record)| *other == at || record.find(&it.name).is_none());
    let mut own = record.fields.iter().filter(|it| always_there(it));
    own.find(is_alone).map(|it| (at, Shape::Has { field: &it.name }))
}
