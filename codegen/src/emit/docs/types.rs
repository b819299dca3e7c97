//! Types in the reference: the cell of a type, and a section per named type.

use std::collections::BTreeSet;

use super::fields::{self, TableKind};
use super::view::Section;
use crate::emit::markdown::{anchor, block, cell, code, code_cell, inline, table};
use crate::model::{
    Api, EnumDef, Operation, Output, Record, Shape, StreamEvents, Type, TypeDef, TypeId, TypeKind, ambiguous_lists,
    ambiguous_objects, shapes,
};
use crate::prose;

/// A type for a cell: "list of URL", "string or list of [`Part`](#type-part)".
pub(super) fn type_cell(api: &Api, ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Sized(format) => format.word().to_owned(),
        Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Url => "URL".to_owned(),
        Type::HttpsUrl => "`https` URL".to_owned(),
        Type::DateTime => "date-time".to_owned(),
        Type::Formatted(format) => format.word().to_owned(),
        Type::Nullable(inner) => format!("{} or null", type_cell(api, inner)),
        Type::Base64 => "base64".to_owned(),
        Type::File => "file".to_owned(),
        Type::Json => "any JSON".to_owned(),
        Type::Array(item) => format!("list of {}", type_cell(api, item)),
        Type::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|it| type_cell(api, it)).collect();
            format!("list of ({})", items.join(", "))
        }
        Type::Map(value) => format!("object with values of {}", type_cell(api, value)),
        Type::Union(members) => union_text(api, members),
        Type::Named(id) => {
            let def = api.ty(*id);
            match &def.kind {
                _ if !def.inline => format!("[{}](#{})", code_cell(&def.name), section_anchor(def)),
                TypeKind::Record(_) | TypeKind::Tagged(_) => "object".to_owned(),
                TypeKind::Enum(_) => "string".to_owned(),
                TypeKind::Union { members, .. } => union_text(api, members),
            }
        }
    }
}

fn union_text(api: &Api, members: &[Type]) -> String {
    members.iter().map(|it| type_cell(api, it)).collect::<Vec<_>>().join(" or ")
}

fn section_heading(def: &TypeDef) -> String {
    format!("Type {}", code(&def.name))
}

fn section_anchor(def: &TypeDef) -> String {
    anchor(&section_heading(def))
}

/// The named types that operations reach, by id; inline types are part of where they stand, except tagged ones.
pub(super) fn reachable_types<'a>(api: &Api, operations: impl IntoIterator<Item = &'a Operation>) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    for operation in operations {
        operation.parameters.fields.iter().for_each(|it| collect_reachable(api, &it.ty, &mut seen));
        operation.error_types().for_each(|it| collect_reachable(api, it, &mut seen));
        match &operation.output {
            Output::Task(task) => {
                collect_reachable(api, &Type::Named(task.created), &mut seen);
                collect_reachable(api, &Type::Named(task.result), &mut seen);
            }
            other => other.types().into_iter().for_each(|it| collect_reachable(api, it, &mut seen)),
        }
        match operation.stream.as_ref().map(|it| &it.events) {
            Some(StreamEvents::Data(ty)) => collect_reachable(api, ty, &mut seen),
            Some(StreamEvents::Named(events)) => {
                events.iter().filter_map(|(_, ty)| ty.as_ref()).for_each(|it| collect_reachable(api, it, &mut seen));
            }
            None => {}
        }
    }
    seen.retain(|it| !api.ty(*it).inline || matches!(api.ty(*it).kind, TypeKind::Tagged(_)));
    seen
}

/// The named types that these hold.
pub(super) fn reachable_from<'a>(api: &Api, types: impl IntoIterator<Item = &'a Type>) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    types.into_iter().for_each(|it| collect_reachable(api, it, &mut seen));
    seen.retain(|it| !api.ty(*it).inline || matches!(api.ty(*it).kind, TypeKind::Tagged(_)));
    seen
}

fn collect_reachable(api: &Api, ty: &Type, seen: &mut BTreeSet<TypeId>) {
    let mut left = Vec::new();
    ty.mentions(&mut left);
    while let Some(id) = left.pop() {
        if !seen.insert(id) {
            continue;
        }
        api.ty(id).kind.mentions(&mut left);
    }
}

/// What the page says of one named type.
pub(super) fn section(api: &Api, id: TypeId) -> Section {
    let def = api.ty(id);
    let mut blocks = vec![block(&def.doc)];
    if let Some(unclear) = &def.origin.unclear {
        blocks.push(format!("**Unclear:** {}", inline(unclear)));
    }
    let mut rules = Vec::new();
    match &def.kind {
        TypeKind::Record(record) => {
            blocks.push(fields::table_of(api, record, heads_of(def)));
            blocks.extend(fields::value_tables(api, record));
            blocks.push(match &record.additional {
                Some(ty) => format!("Other fields are accepted: {}.", type_cell(api, ty)),
                None => open_enum_sentence(record.open && def.in_request),
            });
            rules = fields::rules(api, record);
        }
        TypeKind::Enum(values) => blocks.push(enum_table(values)),
        TypeKind::Union { members, exclusive } => {
            blocks.push(format!("Either {}.", union_text(api, members)));
            let shapes = shapes(&api.types, members).unwrap_or_default();
            let line = |(at, shape): &(usize, Shape<'_>)| {
                format!("- {}: {}", type_cell(api, &members[*at]), inline(&prose::shape_noun(shape)))
            };
            blocks.push(shapes.iter().map(line).collect::<Vec<_>>().join("\n"));
            if ambiguous_objects(&api.types, members) || ambiguous_lists(members) {
                blocks.push("Nothing tells these apart: a value is kept as JSON, and read as one of them.".to_owned());
                if *exclusive && def.in_request {
                    blocks.push("In requests a value that several of them accept is refused.".to_owned());
                }
            }
        }
        TypeKind::Tagged(tagged) => {
            blocks.push(format!("An object. {} says which kind:", code(&tagged.tag)));
            let row = |(value, member): &(crate::model::EnumValue, TypeId)| {
                vec![code_cell(&value.value), type_cell(api, &Type::Named(*member)), cell(&value.doc)]
            };
            let rows: Vec<_> = tagged.members.iter().map(row).collect();
            blocks.push(table(&[&code_cell(&tagged.tag), "fields", "notes"], &rows));
            blocks.push(if tagged.open { "Other objects are accepted.".to_owned() } else { String::new() });
        }
    }
    blocks.retain(|it| !it.is_empty());
    Section { title: section_heading(def), blocks, rules }
}

fn heads_of(def: &TypeDef) -> TableKind {
    if def.in_request || !def.in_response { TableKind::Fields } else { TableKind::Answer }
}

fn open_enum_sentence(open: bool) -> String {
    if open { "Unknown fields are accepted.".to_owned() } else { String::new() }
}

/// The values of an enum with their words.
pub(super) fn enum_table(values: &EnumDef) -> String {
    let rows: Vec<_> = values.values.iter().map(|it| vec![code_cell(&it.value), cell(&it.doc)]).collect();
    let table = table(&["value", "meaning"], &rows);
    if values.open { format!("{table}\n\nOther values are accepted.") } else { table }
}

/// The record behind a type, where it is one.
pub(super) fn record_of<'a>(api: &'a Api, ty: &Type) -> Option<(&'a TypeDef, &'a Record)> {
    match ty {
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => Some((api.ty(*id), record)),
            TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => None,
        },
        Type::String
        | Type::Integer
        | Type::Sized(_)
        | Type::Number
        | Type::Boolean
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Formatted(_)
        | Type::Base64
        | Type::File
        | Type::Json
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Map(_)
        | Type::Nullable(_)
        | Type::Union(_) => None,
    }
}
