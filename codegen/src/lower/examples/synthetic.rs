//! A call made up from the required parameters, for operations without an example.

use serde_json::{Map, Value};

use super::Writer;
use crate::lower::view::Entry;
use crate::model::{Access, Constraint, Field, Record, Target, Type, TypeKind};

impl Writer<'_, '_> {
    pub(super) fn synthetic_call(mut self) -> Option<Vec<String>> {
        let (chosen, builder) = match &self.lowered.entry {
            Entry::Single { builder, .. } => (None, builder),
            Entry::Variants { variants, builders, .. } => {
                let first = variants.first()?;
                (Some(first.method.clone()), &builders[first.builder])
            }
        };
        let mut arguments = Vec::new();
        for index in &self.lowered.arguments {
            let field = &self.operation.parameters.fields[*index];
            let value = self.synthetic_value(field)?;
            arguments.push(self.value(&field.ty, &value, &field.name)?);
        }
        let mut setters = Vec::new();
        for setter in builder.setters.iter().filter(|it| it.slot.is_some()) {
            let field = &self.operation.parameters.fields[setter.field];
            let argument = match setter.subset {
                Some(subset) => {
                    let subset = &builder.subsets[subset];
                    self.uses.insert(format!("{}::{}", self.module(), subset.ident));
                    format!("{}::{}", subset.ident, subset.variants.first()?.ident)
                }
                None => {
                    let value = self.synthetic_value(field)?;
                    self.value(&field.ty, &value, &field.name)?
                }
            };
            setters.push(format!(".{}({argument})", self.lowered.request.fields[setter.field].ident));
        }
        Some(self.lines(&arguments.join(", "), chosen, &setters))
    }

    fn synthetic_value(&self, field: &Field) -> Option<Value> {
        for clause in field.clauses.iter().filter(|it| it.target == Target::Value) {
            match &clause.constraint {
                Constraint::Const(value) => return Some(value.clone()),
                Constraint::Enum(values) => return values.first().cloned(),
                Constraint::Minimum(least) => return serde_json::from_str(&least.to_string()).ok(),
                _ => {}
            }
        }
        let first = field.examples.first().or(field.default.as_ref()).filter(|it| !it.is_null());
        first.cloned().or_else(|| self.value_of_type(&field.ty, 0))
    }

    fn value_of_type(&self, ty: &Type, depth: usize) -> Option<Value> {
        if depth > 4 {
            return None;
        }
        Some(match ty {
            Type::String => "…".into(),
            Type::Integer | Type::Number => 1.into(),
            Type::Boolean => true.into(),
            Type::Url | Type::HttpsUrl => "https://example.com/file".into(),
            Type::DateTime => "2026-01-31T12:00:00Z".into(),
            Type::Formatted(format) => format.sample().into(),
            Type::Nullable(inner) => self.value_of_type(inner, depth + 1)?,
            Type::Base64 => "aGVsbG8=".into(),
            Type::Json => Value::Object(Map::new()),
            Type::File => "the file's bytes".into(),
            Type::Array(inner) => Value::Array(vec![self.value_of_type(inner, depth + 1)?]),
            Type::Map(inner) => {
                Value::Object([("key".to_owned(), self.value_of_type(inner, depth + 1)?)].into_iter().collect())
            }
            Type::Union(members) => self.value_of_type(members.first()?, depth + 1)?,
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Enum(def) => def.values.first()?.value.clone().into(),
                TypeKind::Union(members) => self.value_of_type(members.first()?, depth + 1)?,
                TypeKind::Record(record) => self.value_of_record(record, depth)?,
                TypeKind::Tagged(union) => {
                    let (tag, member) = union.members.first()?;
                    let mut value = self.value_of_type(&Type::Named(*member), depth + 1)?;
                    value.as_object_mut()?.insert(union.tag.clone(), tag.value.clone().into());
                    value
                }
            },
        })
    }

    fn value_of_record(&self, record: &Record, depth: usize) -> Option<Value> {
        let mut map = Map::new();
        let sent = record.fields.iter().filter(|it| it.access != Access::ReadOnly);
        for field in sent.filter(|it| it.always_required()) {
            map.insert(field.name.clone(), self.value_of_type(&field.ty, depth + 1)?);
        }
        Some(Value::Object(map))
    }
}
