//! Turns example requests of a spec into the Rust that sends them, for rustdoc and READMEs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::fields::{ident, variant_name};
use super::specialise::{self, Status};
use super::view::{Builder, Entry, Operation, TypeName};
use super::{Ctx, names};
use crate::model::{self, Condition, Constraint, Field, Record, Target, Type, TypeKind};

/// The first legal example that Rust can say, else a call made up from the required parameters: `use` lines, then the
/// call.
pub(crate) fn call(ctx: &Ctx<'_>, operation: &model::Operation, lowered: &Operation) -> Option<Vec<String>> {
    let legal = operation.examples.iter().filter(|it| it.invalid.is_empty());
    let requests = legal.filter_map(|it| it.request.as_ref()?.as_object());
    requests
        .filter_map(|it| Writer::new(ctx, operation, lowered).call(it))
        .next()
        .or_else(|| Writer::new(ctx, operation, lowered).synthetic_call())
}

struct Writer<'w, 'a> {
    ctx: &'w Ctx<'a>,
    operation: &'w model::Operation,
    lowered: &'w Operation,
    uses: BTreeSet<String>,
    /// The module of the type, or of the parameters, whose fields are written: unions in place have their items there.
    home: Option<String>,
}

impl<'w, 'a> Writer<'w, 'a> {
    fn new(ctx: &'w Ctx<'a>, operation: &'w model::Operation, lowered: &'w Operation) -> Self {
        let home = Some(super::resource_module(ctx.api.resource(operation.resource)));
        Self { ctx, operation, lowered, uses: BTreeSet::new(), home }
    }

    fn call(mut self, request: &Map<String, Value>) -> Option<Vec<String>> {
        let (chosen, builder) = self.choose_builder(request)?;
        let mut arguments = Vec::new();
        for index in &self.lowered.arguments {
            let field = &self.operation.parameters.fields[*index];
            arguments.push(self.value(&field.ty, request.get(&field.name)?, &field.name)?);
        }
        let mut setters = Vec::new();
        for setter in &builder.setters {
            let field = &self.operation.parameters.fields[setter.field];
            let Some(value) = request.get(&field.name) else { continue };
            let method = &self.lowered.request.fields[setter.field].ident;
            if value.is_null() {
                setters.push(format!(".{}()", super::builders::null_setter(method)));
                continue;
            }
            if let Some(pushed) = self.push_calls(builder, setter.field, value) {
                setters.extend(pushed);
                continue;
            }
            let argument = match setter.subset {
                Some(subset) => {
                    let subset = &builder.subsets[subset];
                    let variant = subset.variants.iter().find(|it| Some(it.value.as_str()) == value.as_str())?;
                    self.uses.insert(format!("{}::{}", self.module(), subset.ident));
                    format!("{}::{}", subset.ident, variant.ident)
                }
                None => self.value(&field.ty, value, &field.name)?,
            };
            setters.push(format!(".{method}({argument})"));
        }
        Some(self.lines(&arguments.join(", "), chosen, &setters))
    }

    /// Calls that add the items of a list one by one, if each can be said so.
    fn push_calls(&mut self, builder: &Builder, field: usize, value: &Value) -> Option<Vec<String>> {
        let Type::Array(item) = &self.operation.parameters.fields[field].ty else { return None };
        let Type::Named(id) = **item else { return None };
        let items = value.as_array().filter(|it| !it.is_empty())?;
        let mut calls = Vec::new();
        for item in items {
            let call = builder.pushes.iter().filter(|it| it.field == field).find_map(|push| {
                let api = self.ctx.api;
                let made = api.ty(id).constructors.iter().find(|it| names::snake(&it.name) == push.method)?;
                let mut given = BTreeMap::new();
                matches(&made.written, item, "value", &mut given).then_some(())?;
                let arguments = made.arguments.iter().map(|(name, ty)| {
                    let given = given.iter().find(|(it, _)| names::snake(it) == names::snake(name))?.1;
                    self.value(ty, given, name)
                });
                let arguments: Option<Vec<String>> = arguments.collect();
                Some(format!(".{}({})", push.method, arguments?.join(", ")))
            });
            calls.push(call?);
        }
        Some(calls)
    }

    /// `crate::resource::operation`
    fn module(&self) -> String {
        let resource = self.ctx.api.resource(self.operation.resource);
        let module = super::resource_module(resource);
        format!("{}::{module}::{}", self.ctx.api.name, self.lowered.module)
    }

    fn lines(&self, arguments: &str, chosen: Option<String>, setters: &[String]) -> Vec<String> {
        let resource = self.ctx.api.resource(self.operation.resource);
        let module = super::resource_module(resource);
        let mut lines = imports(&self.uses);
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let name = match &self.lowered.reply {
            super::view::Reply::Task(_) => "task",
            super::view::Reply::Json { .. } => "answer",
            super::view::Reply::Bytes => "download",
            super::view::Reply::Empty => "done",
        };
        let always = self.lowered.stream.as_ref().is_some_and(|it| it.always);
        let (name, send) = if always { ("mut stream", ".stream()") } else { (name, ".send()") };
        lines.push(format!("let {name} = client"));
        lines.push(format!("    .{module}()"));
        lines.push(format!("    .{}({arguments})", self.lowered.method));
        lines.extend(chosen.map(|it| format!("    .{it}()")));
        lines.extend(setters.iter().map(|it| format!("    {it}")));
        lines.push(format!("    {send}"));
        lines.push("    .await?;".to_owned());
        lines
    }

    /// The variant that a request belongs to: the method that chooses it, and its builder.
    fn choose_builder(&self, request: &Map<String, Value>) -> Option<(Option<String>, &'w Builder)> {
        let (variants, builders) = match &self.lowered.entry {
            Entry::Single { builder, .. } => return Some((None, builder)),
            Entry::Variants { variants, builders, .. } => (variants, builders),
        };
        let domain = specialise::domain(self.ctx.api, self.operation);
        let ground = specialise::SpecialisedRecord::of(self.ctx.api, &domain, &self.operation.parameters);
        let whens = self.operation.variants.iter().map(|it| &it.when);
        whens.zip(variants).find(|(when, _)| self.fits_variant(&ground, when, request)).map(|(_, entry)| {
            let builder = &builders[entry.builder];
            (Some(entry.method.clone()), builder)
        })
    }

    fn fits_variant(
        &self,
        ground: &specialise::SpecialisedRecord<'_>,
        when: &Condition,
        request: &Map<String, Value>,
    ) -> bool {
        let record = &self.operation.parameters;
        let view = specialise::specialise(ground, when);
        record.fields.iter().zip(&view.fields).all(|(field, under)| {
            let value = request.get(&field.name);
            let among = |it: &Value| under.values.as_ref().is_none_or(|all| all.iter().any(|one| it == one));
            match &under.status {
                Status::Never => value.is_none(),
                Status::Pinned(pinned) => value == Some(pinned),
                Status::Required => value.is_some_and(among),
                Status::Optional => value.is_none_or(among),
            }
        })
    }

    fn synthetic_call(mut self) -> Option<Vec<String>> {
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
        for field in record.fields.iter().filter(|it| it.always_required()) {
            map.insert(field.name.clone(), self.value_of_type(&field.ty, depth + 1)?);
        }
        Some(Value::Object(map))
    }

    /// A Rust expression that a setter of the type takes.
    fn value(&mut self, ty: &Type, value: &Value, field: &str) -> Option<String> {
        match ty {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64 => {
                value.as_str().map(|it| format!("{it:?}"))
            }
            Type::Integer => super::fields::integer(value).map(|it| it.to_string()),
            Type::Number => value.as_f64().map(|it| format!("{it:?}")),
            Type::Boolean => value.as_bool().map(|it| it.to_string()),
            Type::Json => {
                let json = super::exported(self.ctx.api, "json");
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
                        let tag = value.get(&union.tag)?.as_str()?;
                        let (member, id) = union.members.iter().find(|(it, _)| it.value == tag)?;
                        let variant = names::pascal(member.rust_name.as_deref().unwrap_or(&member.value));
                        let mut inner = value.clone();
                        inner.as_object_mut()?.remove(&union.tag);
                        let inner = self.value(&Type::Named(*id), &inner, field)?;
                        self.use_type(&ty);
                        Some(format!("{name}::{variant}({inner})"))
                    }
                    TypeKind::Union(members) => self.union(members, value, field),
                }
            }
            Type::Union(members) => self.union(members, value, field),
        }
    }

    /// A Rust expression of exactly the type, for where nothing is converted: in lists of lists, for instance.
    fn exact(&mut self, ty: &Type, value: &Value, field: &str) -> Option<String> {
        match ty {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64 => {
                value.as_str().map(|it| format!("{it:?}.to_owned()"))
            }
            Type::Array(inner) => {
                let items = value.as_array()?.iter().map(|it| self.exact(inner, it, field));
                Some(format!("vec![{}]", items.collect::<Option<Vec<_>>>()?.join(", ")))
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
                TypeKind::Union(members) => {
                    let name = self.ctx.type_name(*id).clone();
                    self.exact_union(&name, members, value, field)
                }
                TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => self.value(ty, value, field),
            },
            Type::Integer | Type::Number | Type::Boolean | Type::Json | Type::File => self.value(ty, value, field),
        }
    }

    fn exact_union(&mut self, name: &TypeName, members: &[Type], value: &Value, field: &str) -> Option<String> {
        let at = members.iter().position(|it| self.is_of(it, value))?;
        let variant = super::unions::member_names(self.ctx, members).swap_remove(at);
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
                TypeKind::Union(members) => members,
                _ => return None,
            },
            _ => return None,
        };
        let member = members.iter().find(|it| items.iter().all(|value| self.is_of(it, value)))?;
        let plain = match member {
            Type::Named(id) => !matches!(self.ctx.api.ty(*id).kind, TypeKind::Union(_)),
            other => is_converted(other) || matches!(other, Type::Integer | Type::Boolean),
        };
        plain.then(|| member.clone())
    }

    /// Unions are made from their members by `Into`, and from `&str`.
    fn union(&mut self, members: &[Type], value: &Value, field: &str) -> Option<String> {
        let member = members.iter().find(|it| self.is_of(it, value))?;
        match member {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64 => {
                self.value(member, value, field)
            }
            member => self.exact(member, value, field),
        }
    }

    fn is_of(&self, ty: &Type, value: &Value) -> bool {
        match ty {
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64 => value.is_string(),
            Type::Integer | Type::Number => value.is_number(),
            Type::Boolean => value.is_boolean(),
            Type::Array(_) => value.is_array(),
            Type::Map(_) | Type::Json => value.is_object(),
            Type::File | Type::Union(_) => false,
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Enum(_) => value.is_string(),
                TypeKind::Record(_) | TypeKind::Tagged(_) => value.is_object(),
                TypeKind::Union(members) => members.iter().any(|it| self.is_of(it, value)),
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
        for field in &record.fields {
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
                        setters.push_str(&format!(".{}()", super::builders::null_setter(&ident(field))));
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
    let text = matches!(ty, Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64);
    text || matches!(ty, Type::Number | Type::Json | Type::File)
}

/// JSON as `json!` takes it: its texts have the escapes of Rust.
fn json_of_rust(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[{}]", items.iter().map(json_of_rust).collect::<Vec<_>>().join(",")),
        Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, it)| format!("{name:?}:{}", json_of_rust(it))).collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

/// One `use` for all names of a module.
fn imports(paths: &BTreeSet<String>) -> Vec<String> {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (module, name) in paths.iter().filter_map(|it| it.rsplit_once("::")) {
        modules.entry(module).or_default().push(name);
    }
    let line = |(module, names): (&str, Vec<&str>)| match names.as_slice() {
        [name] => format!("use {module}::{name};"),
        names => format!("use {module}::{{{}}};", names.join(", ")),
    };
    modules.into_iter().map(line).collect()
}

/// Whether a value is what a constructor makes, and with which arguments.
fn matches<'v>(written: &Value, value: &'v Value, hint: &str, given: &mut BTreeMap<String, &'v Value>) -> bool {
    match (written, value) {
        (Value::String(text), value) if text.starts_with('$') => {
            let name = if text.len() == 1 { hint } else { &text[1..] };
            given.insert(name.to_owned(), value);
            true
        }
        (Value::Object(written), Value::Object(value)) => {
            written.len() == value.len()
                && written.iter().all(|(name, it)| value.get(name).is_some_and(|value| matches(it, value, name, given)))
        }
        (Value::Array(written), Value::Array(value)) => {
            written.len() == value.len() && written.iter().zip(value).all(|(it, value)| matches(it, value, hint, given))
        }
        (written, value) => written == value,
    }
}
