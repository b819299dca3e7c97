//! Turns example requests of a spec into the Rust that sends them, for rustdoc and READMEs.

mod expressions;
mod synthetic;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::view::{Builder, Entry, Operation};
use super::{Ctx, names};
use crate::model::{self, Condition, Type};
use crate::specialise::{self, Specialiser, Status};

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
        let home = Some(names::resource_module(ctx.api.resource(operation.resource)));
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
            let Some(value) = request.get(&field.name).filter(|_| field.client.is_none()) else { continue };
            let method = &self.lowered.request.fields[setter.field].ident;
            if value.is_null() {
                setters.push(format!(".{}()", names::null_setter(method)));
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
                None if field.sent.style.is_flag() => String::new(),
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
        let module = names::resource_module(resource);
        format!("{}::{module}::{}", self.ctx.api.name, self.lowered.module)
    }

    fn lines(&self, arguments: &str, chosen: Option<String>, setters: &[String]) -> Vec<String> {
        let resource = self.ctx.api.resource(self.operation.resource);
        let module = names::resource_module(resource);
        let mut lines = imports(&self.uses);
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let name = match &self.lowered.reply {
            super::view::Reply::Task(_) => "task",
            super::view::Reply::Json { .. }
            | super::view::Reply::Optional { .. }
            | super::view::Reply::ByStatus(_)
            | super::view::Reply::Text => "answer",
            super::view::Reply::Redirect => "redirect",
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
        let specialiser = Specialiser::of(self.ctx.api, &domain, &self.operation.parameters);
        let whens = self.operation.variants.iter().map(|it| &it.when);
        whens.zip(variants).find(|(when, _)| self.fits_variant(&specialiser, when, request)).map(|(_, entry)| {
            let builder = &builders[entry.builder];
            (Some(entry.method.clone()), builder)
        })
    }

    fn fits_variant(&self, specialiser: &Specialiser<'_>, when: &Condition, request: &Map<String, Value>) -> bool {
        let record = &self.operation.parameters;
        let view = specialiser.under(when);
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
