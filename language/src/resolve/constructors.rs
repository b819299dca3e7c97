//! `constructors:` of types and `push:` of parameters: values with holes, typed.

use serde_json::Value;

use super::names as forms;
use super::view::{Fit, TypeView};
use crate::diagnostics::{Diagnostics, names, types as say};
use crate::model::{Constructor, FieldIx, Record, Template, Type, TypeId, TypeKind};
use crate::syntax::document::{Json, Text};

/// Deeper than any value that somebody writes in short.
const DEEPEST: usize = 16;

/// The constructors of a type.
pub(super) fn resolve(
    view: TypeView<'_>,
    id: TypeId,
    docs: &[(Text, Json)],
    out: &mut Diagnostics,
) -> Vec<Constructor> {
    let mut made = Vec::new();
    for (name, value) in docs {
        forms::check_snake("a constructor", name, out);
        let mut arguments = Vec::new();
        match (Maker { view, arguments: &mut arguments }).make_template(&Type::Named(id), &value.value, "value", 0) {
            Ok(template) => made.push(Constructor {
                name: name.value.clone(),
                arguments,
                value: template,
                written: value.value.clone(),
                span: name.span,
            }),
            Err(problem) => {
                let help = "write a value of the type, with `$` where an argument goes";
                out.push(say::bad_constructor(&problem, help, value.span));
            }
        }
    }
    made
}

/// Reports what `push` names and the type of the items does not have.
pub(super) fn check_push(view: TypeView<'_>, record: &Record, pushes: &[&[Text]], out: &mut Diagnostics) {
    for (field, push) in record.fields.iter().zip(pushes) {
        let Some(first) = push.first() else { continue };
        if view.broken.contains(&field.span) {
            continue;
        }
        let item = match &field.ty {
            Type::Array(item) if !field.nullable => match &**item {
                Type::Named(id) => Some(&view.types[id.0 as usize]),
                _ => None,
            },
            _ => None,
        };
        let Some(item) = item else {
            let help = "`push` is for a list whose items are of a named type";
            out.push(say::bad_constructor(
                &format!("nothing can be added to `{}` by name", field.name),
                help,
                first.span,
            ));
            continue;
        };
        let known: Vec<&str> = item.constructors.iter().map(|it| it.name.as_str()).collect();
        for name in push.iter().filter(|it| !known.contains(&it.value.as_str())) {
            out.push(names::unknown_name("constructor", &name.value, &known, name.span));
        }
    }
}

struct Maker<'a, 'm> {
    view: TypeView<'a>,
    arguments: &'m mut Vec<(String, Type)>,
}

impl Maker<'_, '_> {
    fn make_template(&mut self, ty: &Type, value: &Value, hint: &str, depth: usize) -> Result<Template, String> {
        if depth > DEEPEST {
            return Err("the value is nested too deep".to_owned());
        }
        if let Some(name) = value.as_str().and_then(|it| it.strip_prefix('$')) {
            return self.argument(ty, if name.is_empty() { hint } else { name });
        }
        let kind = match ty {
            Type::Named(id) => Some((*id, &self.view.types[id.0 as usize].kind)),
            _ => None,
        };
        match (ty, kind) {
            (_, Some((id, TypeKind::Record(record)))) => {
                let record = record.clone();
                self.record(id, &record, value, None, depth)
            }
            (_, Some((_, TypeKind::Tagged(union)))) => {
                let union = union.clone();
                let tag = value.get(&union.tag).unwrap_or(&Value::Null);
                let Some(at) = union.position(tag) else {
                    return Err(format!(
                        "`{}` is none of the union's: `{}`",
                        union.tag,
                        super::view::value_as_written(tag)
                    ));
                };
                let member = union.members[at].1;
                let TypeKind::Record(record) = self.view.types[member.0 as usize].kind.clone() else {
                    return Err("a member of the union is not a record".to_owned());
                };
                let inner = self.record(member, &record, value, Some(&union.tag), depth)?;
                Ok(Template::Member(ty.clone(), at, Box::new(inner)))
            }
            (Type::Union(members), _) | (_, Some((_, TypeKind::Union { members, .. }))) => {
                let members = members.clone();
                let before = self.arguments.len();
                let mut problem = String::new();
                for (at, member) in members.iter().enumerate() {
                    match self.make_template(member, value, hint, depth + 1) {
                        Ok(inner) => return Ok(Template::Member(ty.clone(), at, Box::new(inner))),
                        Err(it) => problem = it,
                    }
                    self.arguments.truncate(before);
                }
                Err(problem)
            }
            (Type::Array(item), _) => match value {
                Value::Array(items) => {
                    let made = items.iter().map(|it| self.make_template(item, it, hint, depth + 1));
                    Ok(Template::List(made.collect::<Result<_, _>>()?))
                }
                other => Err(format!("`{other}` is not an array")),
            },
            (Type::Map(_) | Type::Tuple(_) | Type::File, _) => {
                Err(format!("{} can only be an argument", self.view.describe(ty)))
            }
            _ if self.view.fit(ty, value) == Fit::Yes => Ok(Template::Value(ty.clone(), value.clone())),
            _ => Err(format!("`{value}` is not {}", self.view.describe(ty))),
        }
    }

    fn argument(&mut self, ty: &Type, name: &str) -> Result<Template, String> {
        let fine = name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        if !fine || !name.starts_with(|it: char| it.is_ascii_lowercase()) {
            return Err(format!("`${name}` is not a valid name for an argument: use snake case, like `$content`"));
        }
        if self.arguments.iter().any(|(it, _)| it == name) {
            return Err(format!("`${name}` is used twice: give each argument its own name"));
        }
        self.arguments.push((name.to_owned(), ty.clone()));
        Ok(Template::Argument(self.arguments.len() - 1))
    }

    fn record(
        &mut self,
        id: TypeId,
        record: &Record,
        value: &Value,
        tag: Option<&str>,
        depth: usize,
    ) -> Result<Template, String> {
        let Value::Object(given) = value else { return Err(format!("`{value}` is not an object")) };
        let mut fields = Vec::new();
        for (name, inner) in given.iter().filter(|(it, _)| tag != Some(it.as_str())) {
            let Some((ix, field)) = record.find(name) else {
                return Err(format!("`{}` has no field `{name}`", self.view.types[id.0 as usize].name));
            };
            fields.push((ix, self.make_template(&field.ty, inner, &snake(name), depth + 1)?));
        }
        let missing = |(at, _): &(usize, &crate::model::Field)| !fields.iter().any(|it| it.0 == FieldIx(*at as u32));
        if let Some((_, field)) = record.fields.iter().enumerate().filter(missing).find(|it| it.1.always_required()) {
            let name = &self.view.types[id.0 as usize].name;
            return Err(format!("the required field `{}` of `{name}` is missing", field.name));
        }
        Ok(Template::Record(id, fields))
    }
}

/// The name of an argument after its field.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    }
    out
}
