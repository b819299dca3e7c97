//! Equal results of tasks are one type, and each operation has a name of its own for it.
//!
//! APIs of many models bring the same few results: an image, a video. The compiler of the crate takes as long for one of
//! them as for twenty methods, and callers can handle them with one function. The names stay if one of them changes.

use std::collections::{BTreeMap, BTreeSet};

use super::types::TypeItems;
use super::view::{RecordItem, TypeItem, TypeName};
use super::{Ctx, names, types};
use crate::digest::Digest;
use crate::model::{Output, TypeId, TypeKind};

/// Results that are one type.
struct Group {
    /// In the order of the spec.
    results: Vec<TypeId>,
    /// Where the type is, if all of its results are in one module.
    module: Option<String>,
    /// Its name in `crate::types`. In a module of a resource, that depends on nothing else.
    ident: Option<String>,
}

/// All groups of equal results, and the names of their types as far as resources share them.
pub(super) struct SharedResults {
    groups: Vec<Group>,
    /// The group of each result.
    of_result: BTreeMap<TypeId, usize>,
}

impl SharedResults {
    /// Of results with what makes them equal.
    pub(super) fn of(ctx: &mut Ctx<'_>, mut all: Vec<(TypeId, Digest)>) -> Self {
        all.sort_unstable();
        let mut equal: BTreeMap<Digest, Vec<TypeId>> = BTreeMap::new();
        for (id, shape) in all {
            equal.entry(shape).or_default().push(id);
        }
        let mut several: Vec<_> = equal.into_values().filter(|it| it.len() > 1).collect();
        several.sort_unstable();
        let groups: Vec<Group> = several.into_iter().filter_map(|it| Group::of(ctx, it)).collect();
        let members = groups.iter().enumerate().flat_map(|(at, it)| it.results.iter().map(move |id| (*id, at)));
        Self { of_result: members.collect(), groups }
    }

    /// What the resource of these results depends on: the names of the types that they become, or which of its own are one.
    pub(super) fn around(&self, results: &[(TypeId, Digest)]) -> Digest {
        let group = |(id, _): &(TypeId, Digest)| self.of_result.get(id).map(|it| &self.groups[*it]);
        // In a module of its own, the first stands for the group.
        let target = |it: &Group| match &it.ident {
            Some(ident) => (Some(ident.clone()), None),
            None => (None, it.results.first().copied()),
        };
        Digest::of(&results.iter().map(|it| group(it).map(target)).collect::<Vec<_>>())
    }

    /// Puts one type in place of each group, and names for it in place of its results. Those of a resource that is not
    /// lowered are in its files already.
    pub(super) fn share(self, ctx: &mut Ctx<'_>, items: &mut TypeItems) {
        for Group { results, module, ident } in self.groups {
            let is_lowered = module.is_none() || items.contains_key(&module);
            let (Some(first), true) = (results.first(), is_lowered) else { continue };
            let def = ctx.api.ty(*first);
            let TypeKind::Record(record) = &def.kind else { continue };
            // Nothing in it is of one resource alone, unless all of it is.
            let mut whole = types::record_item(ctx, *first, def, record);
            whole.ident = match ident {
                Some(ident) => ident,
                None => take_name(ctx, &module, &results).unwrap_or_default(),
            };
            whole.docs = vec![DOCS.to_owned()];
            let target = TypeName { module: module.clone(), ident: whole.ident.clone() };
            for result in results {
                let own = ctx.type_name(result);
                for item in items.get_mut(&own.module).into_iter().flatten() {
                    if matches!(item, TypeItem::Record(it) if it.ident == own.ident) {
                        item.become_alias(&target);
                    }
                }
            }
            items.entry(module).or_default().push(TypeItem::Record(whole));
        }
    }
}

impl Group {
    fn of(ctx: &mut Ctx<'_>, results: Vec<TypeId>) -> Option<Self> {
        let module = ctx.type_name(*results.first()?).module.clone();
        let in_one_module = results.iter().all(|it| ctx.type_name(*it).module == module);
        let module = module.filter(|_| in_one_module);
        let ident = match module {
            None => Some(take_name(ctx, &None, &results)?),
            Some(_) => None,
        };
        Some(Self { results, module, ident })
    }
}

/// `EditImageResult` where all are called that, else after what they bring: `ImagesResult`.
fn take_name(ctx: &mut Ctx<'_>, module: &Option<String>, results: &[TypeId]) -> Option<String> {
    let first = *results.first()?;
    let def = ctx.api.ty(first);
    let TypeKind::Record(record) = &def.kind else { return None };
    let field = record.fields.first()?;
    let first_ident = &ctx.type_name(first).ident;
    let is_common = results.iter().all(|it| ctx.type_name(*it).ident == *first_ident);
    let ident = if is_common { first_ident.clone() } else { format!("{}Result", names::pascal(&field.name)) };
    Some(ctx.scope(module).take_free(&ident, &field.name, def.span))
}

const DOCS: &str = "The result of a completed task of several operations, each of which has a name of its own for it.";

/// The results that may be equal to others, by module.
pub(super) struct Candidates(BTreeMap<Option<String>, BTreeSet<TypeId>>);

impl Candidates {
    pub(super) fn of(ctx: &Ctx<'_>) -> Self {
        let mut all = BTreeMap::<_, BTreeSet<_>>::new();
        for id in candidates(ctx) {
            all.entry(ctx.type_name(id).module.clone()).or_default().insert(id);
        }
        Self(all)
    }

    /// Those of a module whose types are lowered, with what makes them equal.
    pub(super) fn of_module(&self, ctx: &Ctx<'_>, items: &TypeItems, module: Option<&str>) -> Vec<(TypeId, Digest)> {
        let module = module.map(str::to_owned);
        let (Some(ids), Some(items)) = (self.0.get(&module), items.get(&module)) else { return Vec::new() };
        let shape_of = |id: TypeId| {
            let name = ctx.type_name(id);
            let mut records = items.iter().filter_map(|it| match it {
                TypeItem::Record(record) if record.ident == name.ident => Some(record),
                _ => None,
            });
            records.next().and_then(shape)
        };
        ids.iter().filter_map(|it| Some((*it, shape_of(*it)?))).collect()
    }
}

/// The results that only their task names, and from whose type nothing else follows.
fn candidates(ctx: &Ctx<'_>) -> BTreeSet<TypeId> {
    let tasks = ctx.api.operations.iter().filter_map(|it| match &it.output {
        Output::Task(task) if task.download.is_none() => Some(task.result),
        _ => None,
    });
    let is_plain = |it: &TypeId| {
        let def = ctx.api.ty(*it);
        def.inline && def.rust_name.is_none() && !def.in_request && def.constructors.is_empty()
    };
    tasks.filter(is_plain).collect()
}

/// What two records have in common that differ in their names alone; `None`: it has more than fields.
fn shape(record: &RecordItem) -> Option<Digest> {
    let RecordItem { ident: _, docs: _, fields, tags, extra, is_compared, additional, strict, construct, .. } = record;
    let has_more = record.check.is_some() || !record.constructors.is_empty() || !tags.is_empty() || fields.is_empty();
    (!has_more).then(|| Digest::of(&(fields, extra, is_compared, additional, strict, construct)))
}
