//! Writes JSON values as Rust expressions.

use serde_json::Value;

use super::Writer;
use crate::lower::fields::{ident, integer, unsigned, variant_name};
use crate::lower::names::{exported, null_setter};
use crate::lower::types::tagged_variant;
use crate::lower::unions::member_names;
use crate::lower::view::TypeName;
use crate::model::{Access, IntegerFormat, Record, Type, TypeKind, is_ambiguous, shapes};

impl Writer<'_, '_> {
    /// A Rust expression that a setter of the type takes.
    pub(super) fn value(&mut self, ty: &Type, value: &Value, field: &str) -> Option<String> {
        match ty {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
                value.as_str().map(|it| format!("{it:?}"))
            }
            Type::Sized(IntegerFormat::Uint64) => unsigned(value).map(|it| it.to_string()),
            Type::Integer | Type::Sized(_) => integer(value).map(|it| it.to_string()),
            Type::Number => value.as_f64().map(|it| format!("{it:?}")),
            Type::Boolean => value.as_bool().map(|it| it.to_string()),
            Type::Json => {
                let json = exported(self.ctx.api, "json");
                Some(format!("{}::{json}!({})", self.ctx.api.name, json_of_rust(value)))
            }
            Type::File => {
                Some(format!("{}::File::bytes(\"the bytes of the file\").with_name(\"photo.png\")", self.ctx.api.name))
            }
            Type::Array(inner) => {
                let items = value.as_array().filter(|it| !it.is_empty())?;
                let items: Option<Vec<_>> = match self.member_of_all(inner, items) {
                    Some(member) => items.iter().map(|it| self.value(&member, it, field)).collect(),
                    None if is_converted(inner) => items.iter().map(|it| self.value(inner, it, field)).collect(),
                    None => items.iter().map(|it| self.exact(inner, it, field)).collect(),
                };
                Some(format!("[{}]", items?.join(", ")))
            }
            Type::Tuple(_) => self.exact(ty, value, field),
            Type::Map(inner) => {
                let map = value.as_object().filter(|it| !it.is_empty())?;
                let mut entries = Vec::new();
                for (key, value) in map {
                    let value = match **inner {
                        Type::File => self.exact(inner, value, field)?,
                        _ if is_converted(inner) => self.value(inner, value, field)?,
                        _ => self.exact(inner, value, field)?,
                    };
                    entries.push(format!("({key:?}, {value})"));
                }
                Some(format!("[{}]", entries.join(", ")))
            }
            Type::Named(id) => {
                let ty = self.ctx.type_name(*id).clone();
                let name = ty.ident.clone();
                match &self.ctx.api.ty(*id).kind {
                    TypeKind::Enum(def) => {
                        let text = value.as_str()?;
                        let variant = variant_name(def, text);
                        self.use_type(&ty);
                        match variant {
                            Some(variant) => Some(format!("{name}::{variant}")),
                            None => Some(format!("{name}::Other({text:?}.to_owned())")),
                        }
                    }
                    TypeKind::Record(record) => self.record(&ty, record, value),
                    TypeKind::Tagged(union) => {
                        let member = union.member_of(value.as_object()?)?;
                        let variant = tagged_variant(self.ctx.api, union, member);
                        let (_, id) = member;
                        let mut inner = value.clone();
                        inner.as_object_mut()?.remove(&union.tag);
                        let inner = self.value(&Type::Named(*id), &inner, field)?;
                        self.use_type(&ty);
                        Some(format!("{name}::{variant}({inner})"))
                    }
                    TypeKind::Union { members, .. } => self.union(members, value, field),
                }
            }
            Type::Union(members) => self.union(members, value, field),
            Type::Nullable(_) => self.exact(ty, value, field),
        }
    }

    /// A Rust expression of exactly the type, for where nothing is converted: in lists of lists, for instance.
    fn exact(&mut self, ty: &Type, value: &Value, field: &str) -> Option<String> {
        match ty {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
                value.as_str().map(|it| format!("{it:?}.to_owned()"))
            }
            Type::Array(inner) => {
                let items = value.as_array()?.iter().map(|it| self.exact(inner, it, field));
                Some(format!("vec![{}]", items.collect::<Option<Vec<_>>>()?.join(", ")))
            }
            Type::Tuple(types) => {
                let items = value.as_array().filter(|it| it.len() == types.len())?;
                let items = types.iter().zip(items).map(|(ty, it)| self.exact(ty, it, field));
                Some(format!("({})", items.collect::<Option<Vec<_>>>()?.join(", ")))
            }
            Type::Map(inner) => {
                let entries = value.as_object()?.iter();
                let entries =
                    entries.map(|(key, it)| Some(format!("({key:?}.to_owned(), {})", self.exact(inner, it, field)?)));
                let entries = entries.collect::<Option<Vec<_>>>()?.join(", ");
                Some(format!("std::collections::BTreeMap::from([{entries}])"))
            }
            Type::Union(members) => {
                let name = self.ctx.unions.get(&(self.home.clone(), ty.clone())).cloned()?;
                self.exact_union(&name, members, value, field)
            }
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Union { members, .. } => {
                    let name = self.ctx.type_name(*id).clone();
                    self.exact_union(&name, members, value, field)
                }
                TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => self.value(ty, value, field),
            },
            Type::Nullable(inner) => {
                let nullable = exported(self.ctx.api, "Nullable");
                let path = format!("{}::{nullable}", self.ctx.api.name);
                match value {
                    Value::Null => Some(format!("{path}::Null")),
                    _ => Some(format!("{path}::Value({})", self.exact(inner, value, field)?)),
                }
            }
            Type::Integer | Type::Sized(_) | Type::Number | Type::Boolean | Type::Json | Type::File => {
                self.value(ty, value, field)
            }
        }
    }

    fn exact_union(&mut self, name: &TypeName, members: &[Type], value: &Value, field: &str) -> Option<String> {
        let at = self.member_of(members, value)?;
        let variant = member_names(self.ctx, members).swap_remove(at);
        let home = std::mem::replace(&mut self.home, name.module.clone());
        let inner = self.exact(&members[at], value, field);
        self.home = home;
        self.use_type(name);
        Some(format!("{}::{variant}({})", name.ident, inner?))
    }

    /// The member of a union that all items are, where it is one that each of them can be written as.
    fn member_of_all(&self, ty: &Type, items: &[Value]) -> Option<Type> {
        let members = match ty {
            Type::Union(members) => members,
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Union { members, .. } => members,
                _ => return None,
            },
            _ => return None,
        };
        let (first, others) = items.split_first()?;
        let at = self.member_of(members, first).filter(|at| {
            let is_same = |it: &Value| {
                self.member_of(members, it) == Some(*at) || (!it.is_object() && self.is_of(&members[*at], it))
            };
            others.iter().all(is_same)
        })?;
        let member = &members[at];
        let plain = match member {
            Type::Named(id) => !matches!(self.ctx.api.ty(*id).kind, TypeKind::Union { .. }),
            other => is_converted(other) || matches!(other, Type::Integer | Type::Sized(_) | Type::Boolean),
        };
        plain.then(|| member.clone())
    }

    /// Unions are made from their members by `Into`, and from `&str`.
    fn union(&mut self, members: &[Type], value: &Value, field: &str) -> Option<String> {
        let member = &members[self.member_of(members, value)?];
        match member {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
                self.value(member, value, field)
            }
            member => self.exact(member, value, field),
        }
    }

    /// The member of a union that a value is of, by its place.
    fn member_of(&self, members: &[Type], value: &Value) -> Option<usize> {
        if let (Some(shapes), Value::Object(object)) = (shapes(&self.ctx.api.types, members), value) {
            return shapes.iter().find(|(_, it)| it.fits(object)).map(|(at, _)| *at);
        }
        if is_ambiguous(&self.ctx.api.types, members, value) {
            return members.iter().position(|it| self.has_its_fields(it, value));
        }
        members.iter().position(|it| self.is_of(it, value))
    }

    /// Whether an object has the fields that a record requires, and no others than it knows.
    fn has_its_fields(&self, ty: &Type, value: &Value) -> bool {
        let Type::Named(id) = ty else { return self.is_of(ty, value) };
        let (TypeKind::Record(record), Some(object)) = (&self.ctx.api.ty(*id).kind, value.as_object()) else {
            return self.is_of(ty, value);
        };
        record.fields.iter().all(|it| !it.always_required() || object.contains_key(&it.name))
            && object.keys().all(|it| record.find(it).is_some())
    }

    fn is_of(&self, ty: &Type, value: &Value) -> bool {
        match ty {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
                value.is_string()
            }
            Type::Integer | Type::Sized(_) | Type::Number => value.is_number(),
            Type::Boolean => value.is_boolean(),
            Type::Array(_) => value.is_array(),
            Type::Tuple(types) => value.as_array().is_some_and(|it| it.len() == types.len()),
            Type::Map(_) | Type::Json => value.is_object(),
            Type::File | Type::Union(_) | Type::Nullable(_) => false,
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Enum(_) => value.is_string(),
                TypeKind::Record(_) | TypeKind::Tagged(_) => value.is_object(),
                TypeKind::Union { members, .. } => members.iter().any(|it| self.is_of(it, value)),
            },
        }
    }

    /// Imports a type.
    fn use_type(&mut self, ty: &TypeName) {
        self.uses.insert(ty.path().replacen("crate", &self.ctx.api.name, 1));
    }

    fn record(&mut self, ty: &TypeName, record: &Record, value: &Value) -> Option<String> {
        let home = std::mem::replace(&mut self.home, ty.module.clone());
        let made = self.fields(ty, record, value);
        self.home = home;
        made
    }

    fn fields(&mut self, ty: &TypeName, record: &Record, value: &Value) -> Option<String> {
        let name = &ty.ident;
        let map = value.as_object()?;
        self.use_type(ty);
        let mut arguments = Vec::new();
        let mut setters = String::new();
        for field in record.fields.iter().filter(|it| it.access != Access::ReadOnly) {
            let given = map.get(&field.name);
            if field.always_required() {
                let given = given?;
                arguments.push(match (given.is_null(), field.nullable) {
                    (true, _) => "None".to_owned(),
                    (false, true) => format!("Some({})", self.exact(&field.ty, given, &field.name)?),
                    (false, false) => self.value(&field.ty, given, &field.name)?,
                });
            } else if let Some(given) = given {
                if given.is_null() {
                    if field.nullable {
                        setters.push_str(&format!(".{}()", null_setter(&ident(field))));
                    }
                } else {
                    let text = self.value(&field.ty, given, &field.name)?;
                    setters.push_str(&format!(".{}({text})", ident(field)));
                }
            }
        }
        // What the record does not know cannot be said by its setters.
        if map.keys().any(|it| record.find(it).is_none()) {
            return None;
        }
        Some(format!("{name}::new({}){setters}", arguments.join(", ")))
    }
}

/// Whether items of the type are handed in as whatever becomes one.
fn is_converted(ty: &Type) -> bool {
    let text =
        matches!(ty, Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64);
    text || matches!(ty, Type::Number | Type::Json | Type::File)
}

/// JSON as `json!` takes it: its texts have the escapes of Rust.
fn json_of_rust(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        // Without a suffix, a whole number is an `i32` there.
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) if i32::try_from(whole).is_err() => format!("{whole}_i64"),
            (None, Some(whole)) => format!("{whole}_u64"),
            _ => number.to_string(),
        },
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[{}]", items.iter().map(json_of_rust).collect::<Vec<_>>().join(",")),
        Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, it)| format!("{name:?}:{}", json_of_rust(it))).collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::json_of_rust;

    #[test]
    fn numbers_beyond_the_type_of_a_literal_have_a_suffix() {
        let value = json!([1, -2_147_483_648_i64, 2_147_483_648_i64, -2_147_483_649_i64, u64::MAX, 0.5, {"a": "\"b"}]);
        let expected = r#"[1,-2147483648,2147483648_i64,-2147483649_i64,18446744073709551615_u64,0.5,{"a":"\"b"}]"#;
        assert_eq!(json_of_rust(&value), expected);
    }
}
