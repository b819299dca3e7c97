//! A call made up from the required parameters, for operations without an example.

use serde_json::{Map, Value};

use super::Writer;
use crate::lower::view::{Builder, Entry, Setter};
use crate::model::{Access, Condition, Constraint, Field, Record, RuleKind, Target, Type, TypeKind};

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
        let chosen_fields = self.chosen_by_rules(builder);
        let is_needed = |it: &&Setter| it.slot.is_some() || chosen_fields.contains(&it.field);
        for setter in builder.setters.iter().filter(is_needed) {
            let field = &self.operation.parameters.fields[setter.field];
            let argument = match setter.subset {
                Some(subset) => {
                    let subset = &builder.subsets[subset];
                    self.uses.insert(format!("{}::{}", self.module(), subset.ident));
                    format!("{}::{}", subset.ident, subset.variants.first()?.ident)
                }
                None if field.sent.style.is_flag() => String::new(),
                None => {
                    let value = self.synthetic_value(field)?;
                    self.value(&field.ty, &value, &field.name)?
                }
            };
            setters.push(format!(".{}({argument})", self.lowered.request.fields[setter.field].ident));
        }
        Some(self.lines(&arguments.join(", "), chosen, &setters))
    }

    /// Of rules that always ask for one of several parameters, the first that the builder has: without it the call would
    /// be refused.
    fn chosen_by_rules(&self, builder: &Builder) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        for rule in self.operation.parameters.rules.iter().filter(|it| it.when == Condition::Always) {
            let (RuleKind::AnyOf(paths) | RuleKind::ExactlyOneOf(paths)) = &rule.kind else { continue };
            let fields: Vec<usize> =
                paths.iter().filter(|it| it.steps.is_empty()).map(|it| it.field.0 as usize).collect();
            let setter = |field: &usize| builder.setters.iter().find(|it| it.field == *field);
            let is_set = |field: &usize| {
                self.lowered.arguments.contains(field)
                    || chosen.contains(field)
                    || setter(field).is_some_and(|it| it.slot.is_some())
            };
            if !fields.iter().any(is_set) {
                chosen.extend(fields.iter().find(|it| setter(it).is_some()));
            }
        }
        chosen
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
            Type::Integer | Type::Sized(_) | Type::Number => 1.into(),
            Type::Boolean => true.into(),
            Type::Url | Type::HttpsUrl => "https://example.com/file".into(),
            Type::DateTime => "2026-01-31T12:00:00Z".into(),
            Type::Formatted(format) => format.sample().into(),
            Type::Nullable(inner) => self.value_of_type(inner, depth + 1)?,
            Type::Base64 => "aGVsbG8=".into(),
            Type::Json => Value::Object(Map::new()),
            Type::File => "the file's bytes".into(),
            Type::Array(inner) => Value::Array(vec![self.value_of_type(inner, depth + 1)?]),
            Type::Tuple(items) => {
                let items = items.iter().map(|it| self.value_of_type(it, depth + 1));
                Value::Array(items.collect::<Option<_>>()?)
            }
            Type::Map(inner) => {
                Value::Object([("key".to_owned(), self.value_of_type(inner, depth + 1)?)].into_iter().collect())
            }
            Type::Union(members) => self.value_of_type(members.first()?, depth + 1)?,
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Enum(def) => def.values.first()?.value.clone().into(),
                TypeKind::Union { members, .. } => self.value_of_type(members.first()?, depth + 1)?,
                TypeKind::Record(record) => self.value_of_record(record, depth)?,
                TypeKind::Tagged(union) => {
                    let (tag, member) = union.members.first()?;
                    let mut value = self.value_of_type(&Type::Named(*member), depth + 1)?;
                    value.as_object_mut()?.insert(union.tag.clone(), union.tag_value(tag));
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
