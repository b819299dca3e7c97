//! Responses based on an example of the spec, with the parts marked that depend on the request.

use serde_json::{Map, Value};
use specwright_codegen::interpret::validate_value;
use specwright_codegen::model::{Field, FieldIx, Record, Type, TypeId, TypeKind};

use super::maker::{ExampleValue, Maker, ResponsePath, has_dependent_fields};
use super::name_hints::{self, words};
use super::plan::Plan;

/// The maximum nesting of unions.
const DEEPEST: usize = 64;

/// Turns one example into a plan.
pub(super) struct Template<'m, 'a> {
    pub(super) maker: &'m Maker<'a>,
    /// The request of the example, if it has one.
    pub(super) request: Option<&'a Map<String, Value>>,
}

impl<'a> Template<'_, 'a> {
    /// The plan of a value of a type. A value that is not of the type is kept unchanged.
    pub(super) fn value(&self, ty: &'a Type, shown: &'a Value, at: &ResponsePath<'a>, field: Option<&Field>) -> Plan {
        let fixed = || Plan::Fixed(shown.clone());
        if at.levels > DEEPEST {
            return fixed();
        }
        match (ty, shown) {
            (Type::Url | Type::HttpsUrl, Value::String(text)) => self.link(text, at),
            (Type::String, Value::String(text)) => self.text(text, at, field),
            (Type::Integer | Type::Sized(_), Value::Number(_)) if at.is_index() => Plan::Index(shown.clone()),
            (Type::Array(item), Value::Array(items)) => {
                let items = items.iter().map(|it| self.value(item, it, &at.item(), None)).collect();
                self.maker.list(at, items, item, field)
            }
            (Type::Tuple(types), Value::Array(items)) if types.len() == items.len() => {
                let at = at.item();
                Plan::of_places(types.iter().zip(items).map(|(ty, it)| self.value(ty, it, &at, None)).collect())
            }
            (Type::Map(entry), Value::Object(entries)) => {
                let entries =
                    entries.iter().map(|(key, it)| (key.clone(), self.value(entry, it, &at.field(key), None)));
                Plan::Object(entries.collect()).fold_constants()
            }
            (Type::Nullable(inner), _) if !shown.is_null() => self.value(inner, shown, at, field),
            (Type::Union(members), _) => self.member(members, shown, at),
            (Type::Named(id), _) => match (&self.maker.api.ty(*id).kind, shown) {
                (TypeKind::Record(record), Value::Object(object)) => {
                    Plan::Object(self.fields(*id, record, object, at)).fold_constants()
                }
                (TypeKind::Tagged(union), Value::Object(object)) => {
                    match union.member_of(object).map(|(_, id)| (*id, &self.maker.api.ty(*id).kind)) {
                        Some((id, TypeKind::Record(record))) => {
                            Plan::Object(self.fields(id, record, object, at)).fold_constants()
                        }
                        _ => fixed(),
                    }
                }
                (TypeKind::Union { members, .. }, _) => self.member(members, shown, at),
                _ => fixed(),
            },
            _ => fixed(),
        }
    }

    /// All fields of an object.
    pub(super) fn fields(
        &self,
        id: TypeId,
        record: &'a Record,
        object: &'a Map<String, Value>,
        at: &ResponsePath<'a>,
    ) -> Vec<(String, Plan)> {
        let stiff = has_dependent_fields(record);
        let one = |(name, shown): (&'a String, &'a Value)| {
            let Some((ix, field)) = record.find(name) else { return (name.clone(), Plan::Fixed(shown.clone())) };
            let plan = self.field((id, ix), field, shown, at, stiff);
            (name.clone(), plan)
        };
        object.iter().map(one).collect()
    }

    fn field(
        &self,
        of: (TypeId, FieldIx),
        field: &'a Field,
        shown: &'a Value,
        at: &ResponsePath<'a>,
        stiff: bool,
    ) -> Plan {
        let at = at.field(&field.name);
        let mut plan = self.value(&field.ty, shown, &at, Some(field));
        // The values of an example are valid; only values that differ by seed must be checked.
        if !matches!(plan, Plan::Fixed(_)) {
            plan = match self.maker.restrict_to_field(plan, field) {
                Some(Plan::Fixed(_)) | None => Plan::Fixed(shown.clone()),
                Some(plan) => plan,
            };
        }
        if stiff { plan } else { self.maker.echo(of, field, &at, plan, ExampleValue::Shown(shown, self.request)) }
    }

    fn member(&self, members: &'a [Type], shown: &'a Value, at: &ResponsePath<'a>) -> Plan {
        let at = &ResponsePath { levels: at.levels + 1, ..at.clone() };
        let fits = |it: &&'a Type| validate_value(self.maker.api, it, shown).is_empty();
        match members.iter().find(fits) {
            Some(member) => self.value(member, shown, at, None),
            None => Plan::Fixed(shown.clone()),
        }
    }

    fn text(&self, text: &str, at: &ResponsePath<'_>, field: Option<&Field>) -> Plan {
        let spoken = words(at.name());
        if name_hints::is_link(&spoken) {
            return self.link(text, at);
        }
        let own_id = spoken.len() == 1 && name_hints::is_id(&spoken);
        if own_id || field.is_some_and(|it| it.secret) {
            return Plan::Label(text.to_owned());
        }
        Plan::Fixed(text.into())
    }

    fn link(&self, text: &str, at: &ResponsePath<'_>) -> Plan {
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        if is_web { self.maker.link(at, Some(text)) } else { Plan::Fixed(text.into()) }
    }
}
