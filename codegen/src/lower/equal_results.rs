//! Equal results of tasks are one type, and each operation has a name of its own for it.
//!
//! APIs of many models bring the same few results: an image, a video. The compiler of the crate takes as long for one of
//! them as for twenty methods, and callers can handle them with one function. The names stay if one of them changes.

use std::collections::BTreeSet;

use super::types::TypeItems;
use super::view::{RecordItem, TypeItem, TypeName};
use super::{Ctx, names, types};
use crate::model::{Output, TypeId, TypeKind};

/// Puts one type in place of each group of equal results, and names for it in place of these.
pub(super) fn share(ctx: &mut Ctx<'_>, items: &mut TypeItems) {
    for results in equal_results(ctx, items) {
        let [first, ..] = results.as_slice() else { continue };
        let TypeName { module, ident: first_ident } = ctx.type_name(*first).clone();
        let in_one_module = results.iter().all(|it| ctx.type_name(*it).module == module);
        let module = module.filter(|_| in_one_module);
        let def = ctx.api.ty(*first);
        let TypeKind::Record(record) = &def.kind else { continue };
        let mut whole = types::record_item(ctx, *first, def, record);
        let Some(field) = record.fields.first() else { continue };
        // `EditImageResult` where all are called that, else after what they bring: `ImagesResult`.
        let is_common = results.iter().all(|it| ctx.type_name(*it).ident == first_ident);
        let ident = if is_common { first_ident } else { format!("{}Result", names::pascal(&field.name)) };
        whole.ident = ctx.scope(&module).take_free(&ident, &field.name, def.span);
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

const DOCS: &str = "The result of a completed task of several operations, each of which has a name of its own for it.";

/// Results of tasks that are the same but for their names, each with those that it equals, in the order of the spec.
fn equal_results(ctx: &Ctx<'_>, items: &TypeItems) -> Vec<Vec<TypeId>> {
    let mut groups: Vec<(String, Vec<TypeId>)> = Vec::new();
    for id in results(ctx) {
        let name = ctx.type_name(id);
        let mut records = items.get(&name.module).into_iter().flatten().filter_map(|it| match it {
            TypeItem::Record(record) if record.ident == name.ident => Some(record),
            _ => None,
        });
        let Some(shape) = records.next().and_then(shape) else { continue };
        match groups.iter_mut().find(|(it, _)| *it == shape) {
            Some((_, group)) => group.push(id),
            None => groups.push((shape, vec![id])),
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|it| it.len() > 1).collect()
}

/// The results that only their task names, and from whose type nothing else follows.
fn results(ctx: &Ctx<'_>) -> BTreeSet<TypeId> {
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
fn shape(record: &RecordItem) -> Option<String> {
    let RecordItem { ident: _, docs: _, fields, tags, extra, is_compared, additional, strict, construct, .. } = record;
    let has_more = record.check.is_some() || !record.constructors.is_empty() || !tags.is_empty() || fields.is_empty();
    let others = (extra, is_compared, additional, strict, construct);
    (!has_more).then(|| format!("{fields:?} {others:?}"))
}
