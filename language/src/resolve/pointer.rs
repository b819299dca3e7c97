//! JSON pointers that are followed through types.

use super::view::TypeView;
use crate::diagnostics::suggest;
use crate::model::{Record, Type, TypeKind};

/// Why a pointer leads nowhere.
pub(super) enum PointerFault {
    Unknown { name: String, of: String, known: Vec<String> },
}

impl PointerFault {
    pub(super) fn problem(&self, pointer: &str) -> String {
        let Self::Unknown { name, of, known: _ } = self;
        format!("`{pointer}` leads nowhere: {of} has no `{name}`")
    }

    pub(super) fn help(&self) -> String {
        let Self::Unknown { name, of: _, known } = self;
        match suggest::nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("a similar field exists: `{near}`"),
            None => "declare the field in the type, or point to one that is there".to_owned(),
        }
    }
}

/// The types that a pointer may lead to. `*`, `{field}` and a number are any item of a list.
pub(super) fn follow<'a: 't, 't>(
    view: TypeView<'a>,
    ty: &'t Type,
    pointer: &str,
) -> Result<Vec<&'t Type>, PointerFault> {
    let mut here = view.members(ty);
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let item = name == "*" || is_placeholder(&name) || name.bytes().all(|it| it.is_ascii_digit());
        let mut next: Vec<&'t Type> = Vec::new();
        let mut known = Vec::new();
        for ty in &here {
            match ty {
                Type::Json => next.push(ty),
                Type::Array(inner) if item => next.extend(view.members(inner.non_null())),
                Type::Tuple(items) if item => {
                    let at = name.parse().ok();
                    let own = items.iter().enumerate().filter(|(ix, _)| at.is_none_or(|at: usize| at == *ix));
                    own.for_each(|(_, it)| next.extend(view.members(it.non_null())));
                }
                Type::Map(inner) => next.extend(view.members(inner.non_null())),
                _ => follow_field(view, ty, &name, &mut next, &mut known),
            }
        }
        if next.is_empty() {
            let of = here.first().map_or("nothing".to_owned(), |it| view.describe(it));
            return Err(PointerFault::Unknown { name, of, known });
        }
        here = next;
    }
    Ok(here)
}

fn follow_field<'a: 't, 't>(
    view: TypeView<'a>,
    ty: &'t Type,
    name: &str,
    next: &mut Vec<&'t Type>,
    known: &mut Vec<String>,
) {
    let mut record = |record: &'t Record| match record.find(name) {
        Some((_, field)) => next.extend(view.members(&field.ty)),
        None => known.extend(record.fields.iter().map(|it| it.name.clone())),
    };
    match view.kind(ty) {
        Some(TypeKind::Record(it)) => record(it),
        Some(TypeKind::Tagged(union)) => {
            for (_, id) in &union.members {
                if let TypeKind::Record(it) = &view.types[id.0 as usize].kind {
                    record(it);
                }
            }
            if union.tag == name {
                next.push(&union.tag_type);
            }
        }
        Some(TypeKind::Enum(_) | TypeKind::Union { .. }) | None => {}
    }
}

pub(super) fn is_placeholder(segment: &str) -> bool {
    segment.len() > 2 && segment.starts_with('{') && segment.ends_with('}')
}
