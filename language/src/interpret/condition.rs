//! Whether a condition holds: the values of one record, and what its absent fields count as.
//!
//! One fault is one finding: of a value that is refused by itself (of another type, null where null is none, outside of
//! a closed enum, missing though it must be sent) a condition says nothing, and neither does its opposite.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::number::same;
use super::ty::{is_of, takes_null};
use crate::model::{
    Api, Condition, Constraint, FieldIx, FieldPath, Matcher, PathStep, Record, Test, Type, TypeId, TypeKind,
};

/// What null counts as where it is refused: rules are read both ways, and broken when both readings break them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NullReading {
    Present,
    Absent,
}

/// The values of a record's fields, as sent.
pub(crate) struct SentFields<'a> {
    pub(crate) api: &'a Api,
    pub(crate) record: &'a Record,
    values: Vec<Option<Cow<'a, Value>>>,
}

impl<'a> SentFields<'a> {
    /// Values in the order of the record's fields.
    pub(crate) fn new(api: &'a Api, record: &'a Record, values: Vec<Option<Cow<'a, Value>>>) -> Self {
        Self { api, record, values }
    }

    /// The fields of an object.
    pub(crate) fn of_object(api: &'a Api, record: &'a Record, object: &'a Map<String, Value>) -> Self {
        let values = record.fields.iter().map(|it| object.get(&it.name).map(Cow::Borrowed)).collect();
        Self::new(api, record, values)
    }

    /// What was sent, null included.
    pub(crate) fn sent(&self, ix: FieldIx) -> Option<&Value> {
        self.values.get(ix.0 as usize)?.as_deref()
    }

    /// Whether the condition holds.
    pub(crate) fn holds(&self, condition: &Condition) -> bool {
        self.is(condition, true, &mut Vec::new())
    }

    /// Everything that a path reaches, null included; through `[]` every item.
    pub(crate) fn values_at(&self, path: &FieldPath) -> Vec<&Value> {
        let mut reached: Vec<&Value> = self.sent(path.field).into_iter().collect();
        for step in &path.steps {
            let mut inside = Vec::new();
            for value in reached {
                match (step, value) {
                    (PathStep::Items, Value::Array(items)) => inside.extend(items),
                    (PathStep::Field(id, ix), Value::Object(object)) => {
                        inside.extend(inner_record(self.api, *id).and_then(|it| object.get(&it.field(*ix).name)));
                    }
                    _ => {}
                }
            }
            reached = inside;
        }
        reached
    }

    /// Whether something that the path reaches is sent and not null. `refused` is what null counts as where it is none.
    pub(crate) fn is_present(&self, path: &FieldPath, refused: NullReading) -> bool {
        let counts = refused == NullReading::Present && !self.takes_null(path);
        self.values_at(path).into_iter().any(|it| counts || !it.is_null())
    }

    /// Whether all that the path reaches, and the field that it starts from, is of its type.
    pub(crate) fn is_of_type(&self, path: &FieldPath) -> bool {
        let fits = |path: &FieldPath| {
            let Some((ty, _)) = self.leaf_type(path) else { return true };
            self.values_at(path).into_iter().all(|it| it.is_null() || is_of(self.api, ty, it))
        };
        fits(&FieldPath::top(path.field)) && fits(path)
    }

    /// Whether the condition holds, or its opposite does if it is not `wanted`.
    ///
    /// `busy` are the fields whose default is being looked for: defaults that lean on each other end there.
    fn is(&self, condition: &Condition, wanted: bool, busy: &mut Vec<FieldIx>) -> bool {
        match (condition, wanted) {
            (Condition::Always, _) => wanted,
            (Condition::Test(test), _) => self.test(test, wanted, busy),
            (Condition::All(all), true) | (Condition::Any(all), false) => {
                all.iter().all(|it| self.is(it, wanted, busy))
            }
            (Condition::Any(all), true) | (Condition::All(all), false) => {
                all.iter().any(|it| self.is(it, wanted, busy))
            }
            (Condition::Not(inner), _) => self.is(inner, !wanted, busy),
        }
    }

    fn test(&self, test: &Test, wanted: bool, busy: &mut Vec<FieldIx>) -> bool {
        let path = &test.path;
        let Some(value) = self.values_at(path).into_iter().next() else {
            let default = if needs_default(&test.matcher) { self.default_at(path, busy) } else { None };
            let known = !path.steps.is_empty() || !self.record.field(path.field).must_be_sent();
            return matches(&test.matcher, wanted, &MatcherInput { sent: None, compared: default, known });
        };
        if value.is_null() && !self.takes_null(path) {
            return false;
        }
        let known = value.is_null() || self.leaf_type(path).is_none_or(|(ty, _)| is_of(self.api, ty, value));
        matches(&test.matcher, wanted, &MatcherInput { sent: Some(value), compared: Some(value), known })
    }

    fn takes_null(&self, path: &FieldPath) -> bool {
        self.leaf_type(path).is_none_or(|(ty, nullable)| nullable || takes_null(ty))
    }

    /// The type that a path ends in, and whether null is a value there. `None`: the path leads through another type.
    fn leaf_type(&self, path: &FieldPath) -> Option<(&Type, bool)> {
        let field = self.record.field(path.field);
        let mut leaf = (&field.ty, field.nullable);
        for step in &path.steps {
            leaf = match (step, leaf.0) {
                (PathStep::Items, Type::Array(item)) => (&**item, false),
                (PathStep::Field(id, ix), _) => {
                    let field = inner_record(self.api, *id)?.field(*ix);
                    (&field.ty, field.nullable)
                }
                (PathStep::Items, _) => return None,
            };
        }
        Some(leaf)
    }

    /// What an absent path counts as.
    fn default_at(&self, path: &FieldPath, busy: &mut Vec<FieldIx>) -> Option<&Value> {
        match path.steps.last() {
            None => self.default_of(path.field, busy),
            Some(PathStep::Items) => None,
            Some(PathStep::Field(id, ix)) => inner_record(self.api, *id)?.field(*ix).default.as_ref(),
        }
    }

    /// The default of a case whose condition holds, else the field's own.
    fn default_of(&self, ix: FieldIx, busy: &mut Vec<FieldIx>) -> Option<&Value> {
        let field = self.record.field(ix);
        if busy.contains(&ix) {
            return field.default.as_ref();
        }
        busy.push(ix);
        let of_case = field.clauses.iter().find_map(|it| match &it.constraint {
            Constraint::Default(default) if self.is(&it.when, true, busy) => Some(default),
            _ => None,
        });
        busy.pop();
        of_case.or(field.default.as_ref())
    }
}

fn inner_record(api: &Api, id: TypeId) -> Option<&Record> {
    match &api.ty(id).kind {
        TypeKind::Record(record) => Some(record),
        TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => None,
    }
}

fn needs_default(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::OneOf(_) => true,
        Matcher::Present | Matcher::Absent | Matcher::Null | Matcher::Empty => false,
        Matcher::Any(all) => all.iter().any(needs_default),
        Matcher::Not(inner) => needs_default(inner),
    }
}

/// What a matcher looks at.
struct MatcherInput<'v> {
    sent: Option<&'v Value>,
    /// What stands for the value: itself, or the default of an absent one.
    compared: Option<&'v Value>,
    /// Whether it is one of the values that the field takes.
    known: bool,
}

/// Whether the matcher, or its opposite if it is not `wanted`, holds.
fn matches(matcher: &Matcher, wanted: bool, seen: &MatcherInput<'_>) -> bool {
    let sent = seen.sent;
    let holds = match matcher {
        Matcher::OneOf(_) if !seen.known => return false,
        Matcher::Any(all) if wanted => return all.iter().any(|it| matches(it, true, seen)),
        Matcher::Any(all) => return all.iter().all(|it| matches(it, false, seen)),
        Matcher::Not(inner) => return matches(inner, !wanted, seen),
        Matcher::OneOf(values) => seen.compared.is_some_and(|it| values.iter().any(|value| same(value, it))),
        Matcher::Present => sent.is_some_and(|it| !it.is_null()),
        Matcher::Absent => sent.is_none_or(Value::is_null),
        Matcher::Null => sent.is_some_and(Value::is_null),
        Matcher::Empty => match sent {
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(fields)) => fields.is_empty(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => false,
        },
    };
    holds == wanted
}
