//! Whether a condition holds: the values of one record, and what its absent fields count as.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::number::same;
use crate::model::{Api, Condition, Constraint, FieldIx, FieldPath, Matcher, Record, Step, Test, TypeId, TypeKind};

/// The values of a record's fields, as sent.
pub(crate) struct Scope<'a> {
    pub(crate) api: &'a Api,
    pub(crate) record: &'a Record,
    values: Vec<Option<Cow<'a, Value>>>,
}

impl<'a> Scope<'a> {
    /// Values in the order of the record's fields.
    pub(crate) fn new(api: &'a Api, record: &'a Record, values: Vec<Option<Cow<'a, Value>>>) -> Self {
        debug_assert_eq!(record.fields.len(), values.len());
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
        self.holds_without(condition, &mut Vec::new())
    }

    /// Everything that a path reaches, null included; through `[]` every item.
    pub(crate) fn reach(&self, path: &FieldPath) -> Vec<&Value> {
        let mut reached: Vec<&Value> = self.sent(path.field).into_iter().collect();
        for step in &path.steps {
            let mut inside = Vec::new();
            for value in reached {
                match (step, value) {
                    (Step::Items, Value::Array(items)) => inside.extend(items),
                    (Step::Field(id, ix), Value::Object(object)) => {
                        inside.extend(inner_record(self.api, *id).and_then(|it| object.get(&it.field(*ix).name)));
                    }
                    _ => {}
                }
            }
            reached = inside;
        }
        reached
    }

    /// Whether something that the path reaches is sent and not null.
    pub(crate) fn is_present(&self, path: &FieldPath) -> bool {
        self.reach(path).into_iter().any(|it| !it.is_null())
    }

    /// `busy` are the fields whose default is being looked for: defaults that lean on each other end there.
    fn holds_without(&self, condition: &Condition, busy: &mut Vec<FieldIx>) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Test(test) => self.test(test, busy),
            Condition::All(all) => all.iter().all(|it| self.holds_without(it, busy)),
            Condition::Any(all) => all.iter().any(|it| self.holds_without(it, busy)),
            Condition::Not(inner) => !self.holds_without(inner, busy),
        }
    }

    fn test(&self, test: &Test, busy: &mut Vec<FieldIx>) -> bool {
        let reached = self.reach(&test.path);
        if !reached.is_empty() {
            return reached.into_iter().any(|it| matches(&test.matcher, Some(it), Some(it)));
        }
        let default = if needs_default(&test.matcher) { self.default_at(&test.path, busy) } else { None };
        matches(&test.matcher, None, default)
    }

    /// What an absent path counts as.
    fn default_at(&self, path: &FieldPath, busy: &mut Vec<FieldIx>) -> Option<&Value> {
        match path.steps.last() {
            None => self.default_of(path.field, busy),
            Some(Step::Items) => None,
            Some(Step::Field(id, ix)) => inner_record(self.api, *id)?.field(*ix).default.as_ref(),
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
            Constraint::Default(default) if self.holds_without(&it.when, busy) => Some(default),
            _ => None,
        });
        busy.pop();
        of_case.or(field.default.as_ref())
    }
}

fn inner_record(api: &Api, id: TypeId) -> Option<&Record> {
    match &api.ty(id).kind {
        TypeKind::Record(record) => Some(record),
        TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union(_) => None,
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

/// `compared` is what stands for the value: itself, or the default of an absent one.
fn matches(matcher: &Matcher, sent: Option<&Value>, compared: Option<&Value>) -> bool {
    match matcher {
        Matcher::OneOf(values) => compared.is_some_and(|it| values.iter().any(|value| same(value, it))),
        Matcher::Present => sent.is_some_and(|it| !it.is_null()),
        Matcher::Absent => sent.is_none_or(Value::is_null),
        Matcher::Null => sent.is_some_and(Value::is_null),
        Matcher::Empty => match sent {
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(fields)) => fields.is_empty(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => false,
        },
        Matcher::Any(all) => all.iter().any(|it| matches(it, sent, compared)),
        Matcher::Not(inner) => !matches(inner, sent, compared),
    }
}
