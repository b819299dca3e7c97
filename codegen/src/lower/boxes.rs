//! Which fields hold their value in a box: those through which a value would hold another of its own kind directly.
//!
//! `Node: {next?: Node}` has no size in Rust unless `next` is a box. Lists and maps have a size whatever they hold, and a
//! union cannot hold itself without a record in between, so that boxing fields of records is enough.

use crate::model::{Api, Type, TypeId, TypeKind};

/// The types that hold each other, directly or through others: equal numbers are one circle.
pub(crate) struct Circles(Vec<u32>);

impl Circles {
    /// Tarjan's algorithm, with a stack of its own: a chain of types may be long.
    pub(crate) fn of(api: &Api) -> Self {
        let n_types = api.types.len();
        let held: Vec<Vec<usize>> = api.types.iter().map(|it| held(&it.kind)).collect();
        let mut walk = Walk { entered: 0, order: vec![None; n_types], low: vec![0; n_types], open: Vec::new() };
        let mut circles = vec![None; n_types];
        let mut n_circles = 0;
        for root in 0..n_types {
            if walk.order[root].is_some() {
                continue;
            }
            // A type, and how many of those it holds were looked at.
            let mut path = vec![(root, 0)];
            walk.enter(root);
            while let Some((at, next)) = path.last_mut() {
                let at = *at;
                if let Some(&to) = held[at].get(*next) {
                    *next += 1;
                    match walk.order[to] {
                        None => {
                            walk.enter(to);
                            path.push((to, 0));
                        }
                        Some(order) if circles[to].is_none() => walk.low[at] = walk.low[at].min(order),
                        Some(_) => {}
                    }
                    continue;
                }
                path.pop();
                if let Some((before, _)) = path.last() {
                    walk.low[*before] = walk.low[*before].min(walk.low[at]);
                }
                if Some(walk.low[at]) == walk.order[at] {
                    while let Some(member) = walk.open.pop() {
                        circles[member] = Some(n_circles);
                        if member == at {
                            break;
                        }
                    }
                    n_circles += 1;
                }
            }
        }
        Self(circles.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// Whether a field of this type needs a box in that record.
    pub(crate) fn needs_box(&self, record: TypeId, ty: &Type) -> bool {
        let mut all = Vec::new();
        directly(ty, &mut all);
        let circle = self.0.get(record.0 as usize);
        all.into_iter().any(|it| self.0.get(it) == circle)
    }
}

struct Walk {
    entered: usize,
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    /// Those whose circle is not known yet.
    open: Vec<usize>,
}

impl Walk {
    fn enter(&mut self, at: usize) {
        self.order[at] = Some(self.entered);
        self.low[at] = self.entered;
        self.entered += 1;
        self.open.push(at);
    }
}

/// The types whose values stand in those of a type.
fn held(kind: &TypeKind) -> Vec<usize> {
    let mut all = Vec::new();
    match kind {
        TypeKind::Record(record) => record.fields.iter().for_each(|it| directly(&it.ty, &mut all)),
        TypeKind::Union(members) => members.iter().for_each(|it| directly(it, &mut all)),
        TypeKind::Tagged(union) => all.extend(union.members.iter().map(|(_, it)| it.0 as usize)),
        TypeKind::Enum(_) => {}
    }
    all
}

/// The named types in a type, without those behind lists and maps.
fn directly(ty: &Type, out: &mut Vec<usize>) {
    match ty {
        Type::Named(id) => out.push(id.0 as usize),
        Type::Union(members) => members.iter().for_each(|it| directly(it, out)),
        _ => {}
    }
}
