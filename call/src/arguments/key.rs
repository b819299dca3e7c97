//! What a key means: `prompt`, `items[0].name`, `metadata.order`.
//!
//! Names may contain dots and brackets themselves, so the longest known name that a key begins with is meant.

use specwright_codegen::diagnostics::suggest::nearest;
use specwright_codegen::model::{Api, Field, Operation, Type};

use super::place::Step;
use super::server;
use crate::types::{self, Inside};

/// Steps of a key: no value is deeper.
const DEEPEST: usize = 64;

/// A place within a parameter, and what it holds.
#[derive(Debug)]
pub(super) struct Key<'a> {
    pub(super) steps: Vec<Step>,
    /// `None`: anything.
    pub(super) ty: Option<&'a Type>,
}

/// What a key means.
#[derive(Debug)]
pub(super) enum Resolved<'a> {
    Parameter(&'a Field, Key<'a>),
    /// A part of the server's URL.
    ServerVariable(&'a str),
    /// Nothing that the spec knows: from the body or the query on.
    Unknown(Vec<Step>),
}

/// Finds the parameter, and the place within it.
///
/// # Errors
/// Fails if there is none, with the name of a similar one.
pub(super) fn resolve<'a>(api: &'a Api, op: &'a Operation, key: &str, lenient: bool) -> Result<Resolved<'a>, String> {
    if key.is_empty() {
        return Err("a name is missing before `=`".to_owned());
    }
    let fields = || op.parameters.fields.iter();
    let found = longest(key, fields().map(|it| it.name.as_str()))
        .and_then(|name| fields().find(|it| it.name == name).map(|it| (it, name.len())))
        // The name by which it is sent is one that the vendor's documentation has.
        .or_else(|| {
            let name = longest(key, fields().map(Field::sent_name))?;
            fields().find(|it| it.sent_name() == name).map(|it| (it, name.len()))
        });
    if let Some((field, length)) = found {
        let rest = key.get(length..).unwrap_or_default();
        let key = within(api, &field.ty, rest, key, lenient)?;
        return Ok(Resolved::Parameter(field, key));
    }
    let variables = server(api, op).map_or(&[][..], |it| it.variables.as_slice());
    if let Some(variable) = variables.iter().find(|it| it.name == key) {
        return Ok(Resolved::ServerVariable(&variable.name));
    }
    if lenient || op.parameters.open {
        let Key { steps, .. } = within(api, &Type::Json, &format!(".{key}"), key, true)?;
        return Ok(Resolved::Unknown(steps));
    }
    let name = key.split(['.', '[']).next().unwrap_or(key);
    let known = fields().map(|it| it.name.as_str()).chain(variables.iter().map(|it| it.name.as_str()));
    Err(no_name(&format!("`{}` has no parameter", op.full_name(api)), name, known))
}

/// The steps of the rest of a key.
fn within<'a>(api: &'a Api, ty: &'a Type, rest: &str, key: &str, lenient: bool) -> Result<Key<'a>, String> {
    let mut steps = Vec::new();
    let mut ty = Some(ty);
    let mut rest = rest;
    while !rest.is_empty() {
        if steps.len() >= DEEPEST {
            return Err(format!(
                "`{}…` is nested deeper than {DEEPEST} levels",
                key.chars().take(40).collect::<String>()
            ));
        }
        if let Some(inner) = rest.strip_prefix('[') {
            let Some((inner, after)) = inner.split_once(']') else {
                return Err(format!("`{key}`: a `]` is missing"));
            };
            rest = after;
            if inner.is_empty() || inner.bytes().all(|it| it.is_ascii_digit()) {
                let index = inner.parse::<usize>().map(Step::At);
                steps.push(if inner.is_empty() {
                    Step::Push
                } else {
                    index.map_err(|_| format!("`{key}`: the index is too large"))?
                });
                let item = ty.and_then(|it| types::item(api, it));
                if item.is_none() && !lenient && ty.is_some_and(|it| !types::can_be(api, it, &Type::Json)) {
                    return Err(format!("`{key}`: there is no list to take an item of"));
                }
                ty = item;
                continue;
            }
            ty = field(api, ty, inner, key, lenient)?;
            steps.push(Step::Name(inner.to_owned()));
        } else if let Some(inner) = rest.strip_prefix('.') {
            let known = ty.map(|it| types::names(api, it)).unwrap_or_default();
            let name = longest(inner, known.into_iter()).unwrap_or_else(|| match ty {
                // A key of a map whose values have no inside may have a dot, as labels do.
                Some(ty) if types::holds_only_scalars(api, ty) => inner,
                _ => inner.split(['.', '[']).next().unwrap_or_default(),
            });
            if name.is_empty() {
                return Err(format!("`{key}`: a name is missing behind `.`"));
            }
            ty = field(api, ty, name, key, lenient)?;
            steps.push(Step::Name(name.to_owned()));
            rest = inner.get(name.len()..).unwrap_or_default();
        } else {
            return Err(format!("`{key}`: `.` or `[` is expected before `{rest}`"));
        }
    }
    Ok(Key { steps, ty })
}

/// The type of a field.
fn field<'a>(
    api: &'a Api,
    ty: Option<&'a Type>,
    name: &str,
    key: &str,
    lenient: bool,
) -> Result<Option<&'a Type>, String> {
    let Some(ty) = ty else { return Ok(None) };
    match types::inside(api, ty, name) {
        Inside::Field(ty) => Ok(Some(ty)),
        Inside::Unlisted => Ok(None),
        Inside::Unknown if lenient => Ok(None),
        Inside::Unknown => {
            let known = types::names(api, ty);
            if known.is_empty() {
                return Err(format!("`{key}`: `{name}` cannot be set in what is no object"));
            }
            Err(no_name(&format!("`{key}`: there is no field"), name, known.into_iter()))
        }
    }
}

/// The longest name that a key is or begins with.
fn longest<'k, 'n>(key: &'k str, names: impl Iterator<Item = &'n str>) -> Option<&'k str> {
    let begins =
        |name: &&str| key.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let length = names.filter(|it| !it.is_empty()).filter(begins).map(str::len).max()?;
    key.get(..length)
}

fn no_name<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n str>) -> String {
    match nearest(name, known) {
        Some(similar) => format!("{what} `{name}`; a similar one exists: `{similar}`"),
        None => format!("{what} `{name}`"),
    }
}
