//! Which fields hold their value in a box: those through which a value would hold another of its own kind directly.
//!
//! `Node: {next?: Node}` has no size in Rust unless `next` is a box. Lists and maps have a size whatever they hold, and a
//! union cannot hold itself without a record in between, so that boxing fields of records is enough.

use crate::cycles::Cycles;
use crate::model::{Api, Type, TypeId, TypeKind};

/// The types that hold each other, directly or through others.
#[derive(Hash)]
pub(crate) struct TypeCycles(Cycles);

impl TypeCycles {
    pub(crate) fn of(api: &Api) -> Self {
        Self(Cycles::of(api.types.len(), |it| direct_members(&api.types[it].kind)))
    }

    /// Whether a field of this type needs a box in that record.
    pub(crate) fn needs_box(&self, record: TypeId, ty: &Type) -> bool {
        let mut all = Vec::new();
        push_direct_members(ty, &mut all);
        all.into_iter().any(|it| self.0.are_together(it, record.0 as usize))
    }
}

/// The types whose values stand in those of a type.
fn direct_members(kind: &TypeKind) -> Vec<usize> {
    let mut all = Vec::new();
    match kind {
        TypeKind::Record(record) => record.fields.iter().for_each(|it| push_direct_members(&it.ty, &mut all)),
        TypeKind::Union { members, .. } => members.iter().for_each(|it| push_direct_members(it, &mut all)),
        TypeKind::Tagged(union) => all.extend(union.members.iter().map(|(_, it)| it.0 as usize)),
        TypeKind::Enum(_) => {}
    }
    all
}

/// The named types in a type, without those behind lists and maps.
fn push_direct_members(ty: &Type, out: &mut Vec<usize>) {
    match ty {
        Type::Named(id) => out.push(id.0 as usize),
        Type::Tuple(members) | Type::Union(members) => members.iter().for_each(|it| push_direct_members(it, out)),
        _ => {}
    }
}
