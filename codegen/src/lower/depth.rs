//! How deep values nest in each other, for rustc, which follows types only so far.
//!
//! Whether a value may go to another thread is a question about all that it can hold. rustc asks it from type to type,
//! and gives up at the crate's `recursion_limit`, which is 128 where none is written.

use crate::cycles::Cycles;
use crate::model::{Api, Type, TypeKind};

/// Steps from a type to what a field holds: the field, `Option`, `Nullable`.
const FIELD: usize = 3;
/// Further steps through a `Box`.
const BOX: usize = 3;
/// Further steps through a `Vec` or a map.
const MANY: usize = 8;
/// What rustc follows beside the types of the API, with the limit that it has by itself.
const OTHERS: usize = 48;
const USUAL: usize = 128;

/// The `recursion_limit` that the crate of an API needs; `None` where the usual one does.
pub(crate) fn recursion_limit(api: &Api) -> Option<usize> {
    let edges: Vec<Vec<(usize, usize)>> = api.types.iter().map(|it| held(&it.kind)).collect();
    let cycles = Cycles::of(edges.len(), |it| edges[it].iter().map(|it| it.0).collect());
    let mut below = vec![0; edges.len()];
    let mut deepest = 0;
    for component in cycles.components() {
        // At worst one path leads through all that hold each other, and then out.
        let (mut inside, mut outside) = (0, 0);
        for node in component {
            let mut longest = 0;
            for (to, steps) in &edges[*node] {
                if cycles.are_together(*node, *to) {
                    longest = longest.max(steps + BOX);
                } else {
                    outside = outside.max(steps + below[*to]);
                }
            }
            inside += longest;
        }
        deepest = deepest.max(inside + outside);
        for node in component {
            below[*node] = inside + outside;
        }
    }
    (deepest + OTHERS > USUAL).then(|| (deepest + USUAL).next_power_of_two())
}

/// Whether values have tuples, whose types look complex to clippy where they are inside of others.
pub(crate) fn has_tuples(api: &Api) -> bool {
    fn is_or_has(ty: &Type) -> bool {
        match ty {
            Type::Tuple(_) => true,
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => is_or_has(inner),
            Type::Union(members) => members.iter().any(is_or_has),
            _ => false,
        }
    }
    let of_type = |kind: &TypeKind| match kind {
        TypeKind::Record(record) => record.types().any(is_or_has),
        TypeKind::Union { members, .. } => members.iter().any(is_or_has),
        TypeKind::Tagged(_) | TypeKind::Enum(_) => false,
    };
    api.types.iter().any(|it| of_type(&it.kind))
        || api
            .operations
            .iter()
            .any(|it| it.parameters.types().any(is_or_has) || it.output.types().into_iter().any(is_or_has))
}

/// The types whose values stand somewhere in those of a type, and how many steps lead there.
fn held(kind: &TypeKind) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    match kind {
        TypeKind::Record(record) => record.types().for_each(|it| through(it, FIELD, &mut all)),
        TypeKind::Union { members, .. } => members.iter().for_each(|it| through(it, 1, &mut all)),
        TypeKind::Tagged(union) => all.extend(union.members.iter().map(|(_, it)| (it.0 as usize, 1))),
        TypeKind::Enum(_) => {}
    }
    all
}

fn through(ty: &Type, steps: usize, out: &mut Vec<(usize, usize)>) {
    match ty {
        Type::Named(id) => out.push((id.0 as usize, steps)),
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => through(inner, steps + MANY, out),
        Type::Tuple(members) | Type::Union(members) => members.iter().for_each(|it| through(it, steps + 1, out)),
        _ => {}
    }
}
