//! Resources: several at once, each in its own module. One whose files are known is not lowered: its outline says what other
//! files need of it.

use super::equal_results::{Candidates, SharedResults};
use super::names::reserved::reserved_for_resources;
use super::names::{Names, feature, resource_module};
use super::types::{self, TypeItems};
use super::view::{CrateResource, Entry, FirstCall, OperationXml, Outline, RankedCall, Reply, Resource};
use super::{Ctx, docs, names, operation, xml};
use crate::diagnostics::rust_names::rust_name_reserved;
use crate::digest::{Digest, Words};
use crate::model::{self, Api, Method, ResourceId, TypeId};
use crate::parallel;
use crate::rust_words::without_raw_prefix;

/// Lowers all resources, and the types of their modules into `types`. `kept` has the outline of each that leads to the same
/// as when its files were made: one that also has the same around it is not lowered.
pub(super) fn resources(ctx: &mut Ctx<'_>, types: &mut TypeItems, kept: &[Option<&Outline>]) -> Vec<CrateResource> {
    let mut slots = slots(ctx, kept);
    lower(ctx, types, &mut slots, |it| it.kept.is_none_or(|kept| kept.around != it.around));
    let candidates = Candidates::of(ctx);
    let results: Vec<_> = slots.iter().map(|it| it.results(ctx, types, &candidates)).collect();
    let all = candidates.of_module(ctx, types, None).into_iter().chain(results.iter().flatten().copied());
    let shared = SharedResults::of(ctx, all.collect());
    let shared_with: Vec<Digest> = results.iter().map(|it| shared.around(it)).collect();
    for (slot, shared) in slots.iter_mut().zip(&shared_with) {
        slot.is_stale = slot.kept.is_some_and(|it| it.shared != *shared);
    }
    lower(ctx, types, &mut slots, |it| it.is_stale && it.view.is_none());
    shared.share(ctx, types);
    let outlines = results.into_iter().zip(shared_with);
    slots
        .into_iter()
        .zip(outlines)
        .map(|(slot, (results, shared))| slot.finished(ctx.api, types, results, shared))
        .collect()
}

/// A resource and what is known of it.
struct Slot<'k> {
    id: ResourceId,
    place: Place,
    xml: Vec<Option<OperationXml>>,
    /// All that lowering reads beside what the resource leads to, but for what [`SharedResults`] says.
    around: Digest,
    kept: Option<&'k Outline>,
    is_stale: bool,
    view: Option<Resource>,
}

/// Where a resource is.
#[derive(Hash)]
struct Place {
    module: String,
    feature: String,
}

fn slots<'k>(ctx: &mut Ctx<'_>, kept: &[Option<&'k Outline>]) -> Vec<Slot<'k>> {
    let mut modules = Names::new("resource");
    let mut features = Names::new("the feature of the resource");
    let around_all = ctx.around_all();
    let api = ctx.api;
    let slot = |(at, of): (usize, &model::Resource)| {
        let id = ResourceId(at as u32);
        let place = place(ctx, id, &mut modules, &mut features);
        // Statics of XML have their names in one scope of the whole crate.
        let xml: Vec<_> = of.operations.iter().map(|it| xml::of_operation(ctx, api.operation(*it))).collect();
        let around = Digest::of(&(around_all, ctx.around(&place.module), &place, &xml));
        let kept = kept.get(at).copied().flatten();
        Slot { id, place, xml, around, kept, is_stale: false, view: None }
    };
    api.resources.iter().enumerate().map(slot).collect()
}

/// Lowers some resources, several at once. Docs of operations are left out where something is kept, since they follow from
/// the rest.
fn lower(ctx: &mut Ctx<'_>, types: &mut TypeItems, slots: &mut [Slot<'_>], wanted: impl Fn(&Slot<'_>) -> bool) {
    let mut wanted: Vec<&mut Slot<'_>> = slots.iter_mut().filter(|it| wanted(it)).collect();
    let shared = &*ctx;
    let lowered = parallel::map(&wanted, |slot| {
        let mut ctx = shared.of_resource(&slot.place.module, slot.kept.is_none());
        let resource = resource(&mut ctx, slot.id, &slot.place);
        let types = types::items(&mut ctx, Some(&slot.place.module));
        (resource, types, ctx)
    });
    for (slot, (mut resource, own_types, made)) in wanted.iter_mut().zip(lowered) {
        ctx.take_over(made);
        for (module, items) in own_types {
            types.entry(module).or_default().extend(items);
        }
        for (operation, xml) in resource.operations.iter_mut().zip(std::mem::take(&mut slot.xml)) {
            operation.xml = xml;
        }
        slot.view = Some(resource);
    }
}

impl Slot<'_> {
    /// The results of its tasks that may be equal to others.
    fn results(&self, ctx: &Ctx<'_>, types: &TypeItems, candidates: &Candidates) -> Vec<(TypeId, Digest)> {
        match (&self.view, self.kept) {
            (None, Some(kept)) => kept.results.clone(),
            _ => candidates.of_module(ctx, types, Some(&self.place.module)),
        }
    }

    fn finished(
        self,
        api: &Api,
        types: &mut TypeItems,
        results: Vec<(TypeId, Digest)>,
        shared: Digest,
    ) -> CrateResource {
        let Self { id, place: Place { module, feature }, around, kept, view, .. } = self;
        let mut lowered = view;
        if let Some(it) = &mut lowered {
            it.types = types.remove(&Some(module.clone())).unwrap_or_default();
            types::sort(&mut it.types);
        }
        let outline = match &lowered {
            Some(it) => Outline { around, shared, results, ..outline(api, id, it) },
            None => kept.cloned().unwrap_or_default(),
        };
        let resource = api.resource(id);
        CrateResource {
            name: resource.name.clone(),
            folder: folder(&module),
            title: resource.title.clone(),
            docs: docs::prose(&resource.doc),
            module,
            feature,
            outline,
            lowered,
        }
    }
}

/// The module and the feature of a resource; `modules` and `features` are those of others.
fn place(ctx: &mut Ctx<'_>, id: ResourceId, modules: &mut Names<'_>, features: &mut Names<'_>) -> Place {
    let resource = ctx.api.resource(id);
    let module = resource_module(resource);
    if let Some(why) = reserved_for_resources(&module) {
        ctx.report(rust_name_reserved("resource", &resource.name, &module, why, resource.span));
    }
    let feature = feature(resource).unwrap_or_else(|taken| {
        let why = "is a cargo feature that every generated crate has";
        ctx.report(rust_name_reserved("resource", &resource.name, &taken, why, resource.span));
        taken
    });
    modules.take(ctx, &module, &resource.name, resource.span);
    features.take(ctx, &feature, &resource.name, resource.span);
    Place { module, feature }
}

fn folder(module: &str) -> String {
    without_raw_prefix(module).to_owned()
}

fn resource(ctx: &mut Ctx<'_>, id: ResourceId, Place { module, feature }: &Place) -> Resource {
    let resource = ctx.api.resource(id);
    let mut methods = Names::new("operation");
    let mut operations =
        resource.operations.iter().map(|it| operation::operation(ctx, *it, &mut methods)).collect::<Vec<_>>();
    // The handle stands in the module beside its types; people write their names, and hardly ever the handle's.
    let handle = names::pascal(resource.rust_name.as_deref().unwrap_or(&resource.name));
    let scope = ctx.scope(&Some(module.clone()));
    let free = scope.is_free(&handle) && !names::shadows_prelude(&handle);
    let handle = if free { handle } else { format!("{}Operations", handle.trim_end_matches('_')) };
    let handle = scope.take_free(&handle, &resource.name, resource.span);
    let builder = if scope.is_free("Builder") { "Builder".to_owned() } else { format!("{handle}Builder") };
    let builder_struct = scope.take_free(&builder, &resource.name, resource.span);
    for operation in &mut operations {
        operation.builder_struct.clone_from(&builder_struct);
    }
    Resource {
        name: resource.name.clone(),
        has_words: Words(ctx.has_words),
        folder: folder(module),
        feature: feature.clone(),
        handle,
        builder_struct,
        docs: docs::prose(&resource.doc),
        title: resource.title.clone(),
        rustdoc_title: docs::one_line(&resource.title),
        types: Vec::new(),
        operations,
        module: module.clone(),
    }
}

/// What other files need of a resource that was lowered.
fn outline(api: &Api, id: ResourceId, resource: &Resource) -> Outline {
    let operations = &resource.operations;
    Outline {
        handle: resource.handle.clone(),
        methods: operations.iter().map(|it| it.method.clone()).collect(),
        has_variants: operations.iter().any(|it| matches!(it.entry, Entry::Variants { .. })),
        has_downloads: operations.iter().any(|it| matches!(it.reply, Reply::Bytes)),
        has_redirects: operations.iter().any(|it| matches!(it.reply, Reply::Redirect)),
        has_streams: operations.iter().any(|it| it.stream.is_some()),
        call: best_call(api, id, resource),
        ..Outline::default()
    }
}

/// The call that the spec names, else the first that is described in full, with values that are known, and that deletes
/// nothing; else the first of all.
fn best_call(api: &Api, id: ResourceId, resource: &Resource) -> Option<RankedCall> {
    let calls = api.resource(id).operations.iter().zip(&resource.operations).filter_map(|(id, operation)| {
        let (model, lines) = (api.operation(*id), operation.example.as_ref()?);
        let partly = model.partly_documented || model.deprecated.is_some();
        // What nobody knows a value for stands as an ellipsis, which rules may refuse.
        let unknown = lines.iter().any(|it| it.contains("\"…\""));
        Some(([api.first_call != Some(*id), partly, unknown, model.method == Method::Delete], lines))
    });
    // The first of those that are equal.
    calls.min_by_key(|it| it.0).map(|(rank, lines)| RankedCall { rank, lines: lines.clone() })
}

/// The best call of all resources.
pub(super) fn first_call(resources: &[CrateResource]) -> Option<FirstCall> {
    let calls = resources.iter().filter_map(|it| it.outline.call.as_ref());
    calls.min_by_key(|it| it.rank).map(|it| FirstCall { lines: it.lines.clone() })
}

#[cfg(test)]
pub(super) fn of_whole_and_rest(ctx: &Ctx<'_>, rest: impl Fn(&model::Resource) -> Api) -> Vec<[String; 2]> {
    let all = ctx.api.resources.iter().enumerate();
    let views = all.map(|(at, it)| {
        let place = Place { module: resource_module(it), feature: String::new() };
        let view = |api: &Api| {
            let mut ctx = ctx.of_resource(&place.module, true);
            ctx.api = api;
            let view = resource(&mut ctx, ResourceId(at as u32), &place);
            format!("{view:#?}{:#?}", types::items(&mut ctx, Some(&place.module)))
        };
        [view(ctx.api), view(&rest(it))]
    });
    views.collect()
}
