//! Types without a name of their own: enums and records written in place get one from where they stand.
//!
//! Names depend on nothing but the spec: an enum that is alone in the API with its field's name is called after the field;
//! if there are several, the resource goes before it, and then the operation or type.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;

use super::assemble::FieldSource;
use crate::model::ResourceId;
use crate::syntax::document::{EnumDoc, TypeExpr, TypeExprKind};

/// An enum that one field lists in place.
pub(super) struct InlineEnum {
    /// Which owner, and which of its sources.
    pub at: (usize, usize),
    pub resource: Option<ResourceId>,
    /// Pascal case: the resource, if any, the operation or type, and the field.
    pub resource_name: String,
    pub owner_name: String,
    pub field_name: String,
    pub values: Vec<String>,
    pub open: bool,
}

/// A planned type: its name, and the fields that share it. The first is where it is described.
pub(super) struct PlannedEnum {
    pub name: String,
    pub shared_by: Vec<(usize, usize)>,
    pub resource: Option<ResourceId>,
}

/// The enum of texts that becomes the field's type: its own, or that of its items.
pub(super) fn enum_of<'s>(source: &'s FieldSource<'_>) -> Option<&'s EnumDoc> {
    let is_string = |ty: Option<&TypeExpr>| ty.is_none_or(|it| matches!(it.kind, TypeExprKind::String));
    let own = source.entry.constraints.enum_.as_ref().filter(|_| is_string(source.entry.ty.as_ref()));
    let items = || {
        let item = match source.entry.ty.as_ref().map(|it| &it.kind) {
            Some(TypeExprKind::Array(item) | TypeExprKind::Map(item)) => item,
            _ => return None,
        };
        source.entry.items.enum_.as_ref().filter(|_| is_string(Some(item)))
    };
    own.or_else(items).filter(|it| it.values.iter().all(|it| it.value.value.is_string()))
}

/// Decides which fields share a type, and its name.
pub(super) fn plan_enums(wanted: &[InlineEnum], taken: &mut BTreeSet<String>) -> Vec<PlannedEnum> {
    let mut by_name: BTreeMap<&str, Vec<&InlineEnum>> = BTreeMap::new();
    for it in wanted {
        by_name.entry(&it.field_name).or_default().push(it);
    }
    let mut planned: Vec<PlannedEnum> = Vec::new();
    for (name, of_name) in by_name {
        if group_by_values(&of_name).len() == 1 {
            planned.push(planned_type(vec![name.to_owned(), format!("{name}Value")], &of_name, taken));
            continue;
        }
        let mut by_resource: BTreeMap<(&str, Option<ResourceId>), Vec<&InlineEnum>> = BTreeMap::new();
        for it in of_name {
            by_resource.entry((&it.resource_name, it.resource)).or_default().push(it);
        }
        for ((resource, _), of_resource) in by_resource {
            let lists = group_by_values(&of_resource);
            let is_single = lists.len() == 1 && !resource.is_empty();
            for of_list in lists.into_values() {
                let long = format!("{resource}{}{name}", of_list[0].owner_name);
                let short = format!("{resource}{name}");
                let choices = if is_single { vec![short, long] } else { vec![long] };
                planned.push(planned_type(choices, &of_list, taken));
            }
        }
    }
    // In the order of the spec, so that ids follow it too.
    planned.sort_by_key(|it| it.shared_by.first().copied());
    planned
}

/// Groups by values; in the order of the values, each group in the order of the spec.
fn group_by_values<'w>(wanted: &[&'w InlineEnum]) -> BTreeMap<(&'w [String], bool), Vec<&'w InlineEnum>> {
    let mut lists: BTreeMap<(&[String], bool), Vec<&InlineEnum>> = BTreeMap::new();
    for it in wanted {
        lists.entry((&it.values, it.open)).or_default().push(it);
    }
    lists
}

fn planned_type(choices: Vec<String>, of: &[&InlineEnum], taken: &mut BTreeSet<String>) -> PlannedEnum {
    let first = of[0].resource;
    let resource = first.filter(|_| of.iter().all(|it| it.resource == first));
    PlannedEnum { name: first_free_name(choices, taken), shared_by: of.iter().map(|it| it.at).collect(), resource }
}

/// The first of the names that is free; else the last with a number.
pub(super) fn first_free_name(choices: Vec<String>, taken: &mut BTreeSet<String>) -> String {
    for name in &choices {
        if taken.insert(name.clone()) {
            return name.clone();
        }
    }
    let last = choices.last().map_or("Value", String::as_str);
    let mut number = 2;
    loop {
        let name = format!("{last}{number}");
        if taken.insert(name.clone()) {
            return name;
        }
        number += 1;
    }
}

/// A wire name as a type's name: letters and digits, the first a letter.
pub(super) fn pascal(name: &str) -> String {
    let text: String = name.to_upper_camel_case().chars().filter(char::is_ascii_alphanumeric).collect();
    match text.chars().next() {
        None => "Value".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("Value{text}"),
        Some(_) => text,
    }
}
