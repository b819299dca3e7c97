//! Builders: one per variant, with the parameters that the variant takes and no others.

use std::collections::BTreeMap;

use super::fields::literals;
use super::names::Names;
use super::names::reserved;
use super::operation::{in_path, need_of};
use super::view::{
    Builder, Docs, Entry, EnumVariant, Literal, Need, Push, Request, Setter, SubsetEnum, TypeName, VariantEntry,
};
use super::{Ctx, docs, names, streams};
use crate::analyse::Domain;
use crate::digest::Words;
use crate::model::{Condition, EnumValue, FieldIx, Operation, Type, TypeKind, Variant};
use crate::prose;
use crate::rust_words::without_raw_prefix;
use crate::specialise::{self, Specialised, Specialiser, Status, Variants};

/// What [`builders`] gives.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub arguments: Vec<usize>,
    pub needs: Vec<Need>,
    pub entry: Entry,
}

/// All builders of an operation.
pub(crate) fn builders(
    ctx: &mut Ctx<'_>,
    operation: &Operation,
    request: &Request,
    pascal: &str,
    full_name: &str,
) -> Lowered {
    let domain = specialise::domain(ctx.api, operation);
    let record = &operation.parameters;
    let whens: Vec<Condition> = if operation.variants.is_empty() {
        vec![Condition::Always]
    } else {
        operation.variants.iter().map(|it| it.when.clone()).collect()
    };
    let specialiser = Specialiser::of(ctx.api, &domain, record);
    let views: Vec<Specialised> = whens.iter().map(|it| specialiser.under(it)).collect();
    let arguments = arguments(operation, &views);
    let needs = needs(operation, request, full_name, &views, &arguments);
    let event = format!("{}Event", pascal.trim_end_matches('_'));
    let mut scope = Names::new("variant").reserve(&[&request.ident, &event]);
    let mut lower = Lower {
        ctx,
        operation,
        request,
        domain: &domain,
        arguments: &arguments,
        needs: &needs,
        full_name,
        subsets: vec![],
    };
    let entry = match views.as_slice() {
        [only] if operation.variants.is_empty() => {
            let hides = names::shadows_prelude(pascal) || names::looks_like_type_parameter(pascal);
            let ident = if hides { format!("{pascal}Builder") } else { pascal.to_owned() };
            scope.take(lower.ctx, &ident, &operation.name, operation.span);
            let variants = Variants::new(&domain, []);
            let words = lower.ctx.words(|| {
                docs::join(vec![
                    vec![format!("Builds a request of `{full_name}`.")],
                    lower.required_docs(only),
                    docs::rules(lower.ctx.api, record, only, &variants),
                ])
            });
            let builder = lower.builder(ident, words, only, &variants, &mut scope);
            Entry::Single { builder, pinned: lower.pinned_values(only) }
        }
        views => lower.variants(views, pascal, &mut scope),
    };
    Lowered { arguments, needs, entry }
}

/// Path parameters that neither a variant nor the client decides: the method takes them.
fn arguments(operation: &Operation, views: &[Specialised]) -> Vec<usize> {
    let fields = operation.parameters.fields.iter().enumerate();
    let free = |index: usize| {
        views.iter().all(|it| it.fields[index].status == Status::Required && it.fields[index].values.is_none())
    };
    fields.filter(|(index, it)| in_path(it) && it.client.is_none() && free(*index)).map(|(index, _)| index).collect()
}

fn needs(
    operation: &Operation,
    request: &Request,
    full_name: &str,
    views: &[Specialised],
    arguments: &[usize],
) -> Vec<Need> {
    let mut needs = Vec::new();
    for (index, field) in operation.parameters.fields.iter().enumerate() {
        let required = views.iter().any(|it| it.fields[index].status == Status::Required);
        // The client may have it.
        if required && field.client.is_none() && !arguments.contains(&index) {
            let method = &request.fields[index].ident;
            // Methods that differ may give one name, as `a_1b` and `a1b` do.
            let ident = names::pascal(without_raw_prefix(method));
            let is_free = |it: &str| needs.iter().all(|need: &Need| need.ident != it);
            needs.push(Need {
                field: index,
                ident: names::first_free(&ident, is_free),
                message: format!("required parameter `{}` of `{full_name}` is not set", brace_free(&field.name)),
                label: format!("call `.{method}(…)` before this"),
            });
        }
    }
    needs
}

/// Braces mean something in a compiler message.
fn brace_free(name: &str) -> String {
    name.replace(['{', '}'], "")
}

struct Lower<'l, 'a> {
    ctx: &'l mut Ctx<'a>,
    operation: &'l Operation,
    request: &'l Request,
    domain: &'l Domain,
    arguments: &'l [usize],
    needs: &'l [Need],
    full_name: &'l str,
    /// Narrowed enums so far: full type, values, name.
    subsets: Vec<(TypeName, Vec<String>, String)>,
}

impl Lower<'_, '_> {
    fn variants(&mut self, views: &[Specialised], pascal: &str, scope: &mut Names<'_>) -> Entry {
        let selector = if names::shadows_prelude(pascal) { format!("{pascal}Selector") } else { pascal.to_owned() };
        scope.take(self.ctx, &selector, &self.operation.name, self.operation.span);
        let any_ident = format!("{}Any", pascal.trim_end_matches('_'));
        scope.take(self.ctx, &any_ident, "any", self.operation.span);
        let mut methods = Names::new("variant").reserve(&reserved::SELECTOR_METHODS);
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut by_mark: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (index, view) in views.iter().enumerate() {
            let marked: &mut Vec<usize> = by_mark.entry(view.sharing_fingerprint()).or_default();
            match marked.iter().find(|it| views[groups[**it].0].shares_with(view)) {
                Some(group) => groups[*group].1.push(index),
                None => {
                    marked.push(groups.len());
                    groups.push((index, vec![index]));
                }
            }
        }
        let mut entries: Vec<Option<VariantEntry>> = views.iter().map(|_| None).collect();
        let mut builders = Vec::new();
        for (first, members) in groups {
            let ident = self.group_name(&members, views.len(), pascal, scope);
            let names: Vec<&str> = members.iter().map(|it| self.operation.variants[*it].name.as_str()).collect();
            let conditions = members.iter().map(|it| &self.operation.variants[*it].when);
            let variants = Variants::new(self.domain, conditions);
            let words = self.group_docs(&names, &views[first], &variants);
            let builder = self.builder(ident, words, &views[first], &variants, scope);
            for member in members {
                let variant = &self.operation.variants[member];
                let method = variant.rust_name.clone().unwrap_or_else(|| variant.name.clone());
                let method = names::snake(&method);
                // As with a keyword: what the selector needs for itself gets a `_`.
                let collides = variant.rust_name.is_none() && reserved::SELECTOR_METHODS.contains(&method.as_str());
                let method = if collides { format!("{method}_") } else { method };
                methods.take(self.ctx, &method, &variant.name, variant.span);
                entries[member] = Some(VariantEntry {
                    docs: self.ctx.words(|| self.variant_docs(variant)),
                    builder: builders.len(),
                    pinned: self.pinned_values(&views[member]),
                    method,
                });
            }
            builders.push(builder);
        }
        let mut any = self.any_builder(any_ident);
        mark_common_setters(&mut builders, &mut any);
        let words =
            docs::join(vec![
            vec![format!("Chooses a variant of `{}`.", self.full_name)],
            vec!["Each variant's builder has only its parameters. `any` accepts all of them and checks when it is sent."
                .to_owned()],
        ]);
        Entry::Variants { selector, docs: words, variants: entries.into_iter().flatten().collect(), builders, any }
    }

    /// The variant's name, what the names of several have in common, or the operation's name if these are all of them.
    fn group_name(&mut self, members: &[usize], n_all: usize, pascal: &str, scope: &mut Names<'_>) -> String {
        let variants = &self.operation.variants;
        let of = |it: &Variant| names::pascal(it.rust_name.as_deref().unwrap_or(&it.name));
        let first = &variants[members[0]];
        let ident = if members.len() == 1 {
            of(first)
        } else if members.len() == n_all {
            format!("{}Builder", pascal.trim_end_matches('_'))
        } else {
            let name = |it: &usize| variants[*it].rust_name.as_deref().unwrap_or(&variants[*it].name);
            let common = common_prefix(members.iter().map(name));
            // Of models of several makers, the largest group is the largest builder.
            let largest = format!("{}Builder", pascal.trim_end_matches('_'));
            let largest = Some(largest).filter(|it| members.len() * 2 > n_all && scope.is_free(it));
            let common = Some(names::pascal(&common)).filter(|it| !common.is_empty() && scope.is_free(it));
            common.or(largest).unwrap_or(of(first))
        };
        let hides = names::shadows_prelude(&ident) || names::looks_like_type_parameter(&ident);
        let ident = if hides { format!("{ident}Builder") } else { ident };
        scope.take(self.ctx, &ident, &first.name, first.span);
        ident
    }

    fn group_docs(&self, names: &[&str], view: &Specialised, variants: &Variants) -> Words<Docs> {
        let names: Vec<_> = names.iter().map(|it| (*it).into()).collect();
        self.ctx.words(|| {
            docs::join(vec![
                vec![format!("Builds a request of `{}` for {}.", self.full_name, prose::either(&names))],
                self.required_docs(view),
                docs::rules(self.ctx.api, &self.operation.parameters, view, variants),
            ])
        })
    }

    fn required_docs(&self, view: &Specialised) -> Docs {
        let required: Vec<String> = self
            .required(view)
            .map(|it| &self.request.fields[self.needs[it].field].ident)
            .map(|it| format!("[`{it}`](#method.{})", without_raw_prefix(it)))
            .collect();
        if required.is_empty() { Vec::new() } else { vec![format!("Required: {}.", required.join(", "))] }
    }

    fn variant_docs(&self, variant: &Variant) -> Docs {
        let value = self.value_of(variant);
        let condition = prose::condition(&self.operation.parameters, self.ctx.api, &variant.when);
        docs::variant(variant, value.as_ref(), &condition)
    }

    /// The enum value that a variant made by `variants: model` stands for.
    fn value_of(&self, variant: &Variant) -> Option<EnumValue> {
        let Condition::Test(test) = &variant.when else { return None };
        let Type::Named(id) = self.operation.parameters.field(test.path.field).ty else { return None };
        let TypeKind::Enum(def) = &self.ctx.api.ty(id).kind else { return None };
        def.values.iter().find(|it| it.value == variant.name).cloned()
    }

    /// Indexes of the needs that a builder has.
    fn required<'v>(&'v self, view: &'v Specialised) -> impl Iterator<Item = usize> + 'v {
        let needs = self.needs.iter().enumerate();
        needs.filter(|(_, it)| view.fields[it.field].status == Status::Required).map(|(index, _)| index)
    }

    fn builder(
        &mut self,
        ident: String,
        docs: Words<Docs>,
        view: &Specialised,
        variants: &Variants,
        scope: &mut Names<'_>,
    ) -> Builder {
        let required: Vec<usize> = self.required(view).collect();
        let mut builder =
            Builder { ident, docs, required, setters: Vec::new(), pushes: Vec::new(), subsets: Vec::new() };
        for (index, under) in view.fields.iter().enumerate() {
            let asks = streams::asks_for_stream(self.operation, index);
            if asks || self.arguments.contains(&index) || !matches!(under.status, Status::Required | Status::Optional) {
                continue;
            }
            let field = self.operation.parameters.field(FieldIx(index as u32));
            let subset = under.values.as_ref().map(|it| self.subset_enum(&mut builder, index, it, scope));
            let need = need_of(self.needs, index);
            builder.setters.push(Setter {
                field: index,
                slot: need.and_then(|need| builder.required.iter().position(|it| *it == need)),
                docs: self.ctx.words(|| docs::setter(self.ctx.api, &self.operation.parameters, field, under, variants)),
                subset: subset.flatten(),
                is_common: Words(false),
            });
        }
        self.add_pushes(&mut builder);
        builder
    }

    /// Methods that add an item to a list, for each list that the builder has a setter for.
    fn add_pushes(&mut self, builder: &mut Builder) {
        for setter in &builder.setters {
            let field = self.operation.parameters.field(FieldIx(setter.field as u32));
            let Type::Array(item) = &field.ty else { continue };
            let Type::Named(item) = **item else { continue };
            let api = self.ctx.api;
            for name in &field.push {
                let Some(made) = api.ty(item).constructors.iter().find(|it| it.name == *name) else { continue };
                let ctor = super::constructors::ctor(self.ctx, item, made, names::snake(name));
                let list = &self.request.fields[setter.field].ident;
                let mut words = vec![format!("Adds an item to [`{list}`](#method.{}):", without_raw_prefix(list))];
                words.extend(ctor.docs);
                builder.pushes.push(Push {
                    field: setter.field,
                    slot: setter.slot,
                    docs: words,
                    arguments: ctor.arguments,
                    item: self.ctx.type_name(item).clone(),
                    constructor: ctor.method.clone(),
                    method: ctor.method,
                });
            }
        }
    }

    /// The type of the values of an enum that a variant takes.
    fn subset_enum(
        &mut self,
        builder: &mut Builder,
        field: usize,
        values: &[String],
        scope: &mut Names<'_>,
    ) -> Option<usize> {
        let Type::Named(id) = self.operation.parameters.fields[field].ty else { return None };
        let TypeKind::Enum(def) = &self.ctx.api.ty(id).kind else { return None };
        let full = self.ctx.type_name(id).clone();
        let known = self.subsets.iter().find(|(ty, set, _)| *ty == full && set == values).map(|(.., it)| it.clone());
        let shared = known.is_some();
        let ident = match known {
            Some(ident) => ident,
            None => {
                let parameter = &self.operation.parameters.fields[field];
                let ident = format!("{}{}", builder.ident, full.ident);
                let ident = scope.take_free(&ident, &parameter.name, parameter.span);
                self.subsets.push((full.clone(), values.to_vec(), ident.clone()));
                ident
            }
        };
        let variants = def.values.iter().filter(|it| values.contains(&it.value)).map(|it| EnumVariant {
            ident: it.rust_name.as_deref().map_or_else(|| names::pascal(&it.value), names::pascal),
            value: it.value.clone(),
            docs: self.ctx.docs(|| docs::enum_value(it)),
        });
        let wire = &self.request.fields[field].wire;
        let words = vec![format!(
            "The values of `{}` that [`{}`] accepts: a subset of [`{}`].",
            wire.replace('`', "'"),
            builder.ident,
            full.path()
        )];
        let item = SubsetEnum { ident, docs: words, full, variants: variants.collect(), shared };
        builder.subsets.push(item);
        Some(builder.subsets.len() - 1)
    }

    fn any_builder(&mut self, ident: String) -> Builder {
        let record = &self.operation.parameters;
        let own = |index: usize| !self.arguments.contains(&index) && !streams::asks_for_stream(self.operation, index);
        let fields = record.fields.iter().enumerate().filter(|(index, _)| own(*index));
        let setters = fields.map(|(index, field)| Setter {
            field: index,
            slot: None,
            docs: self.ctx.words(|| docs::parameter(self.ctx.api, record, field)),
            subset: None,
            is_common: Words(false),
        });
        let words = docs::join(vec![
            vec![format!("Builds a request of `{}` of any variant, checked when it is sent.", self.full_name)],
            vec!["Use it when the variant is known only at run time.".to_owned()],
        ]);
        let mut builder = Builder {
            ident,
            docs: Words(words),
            required: Vec::new(),
            setters: setters.collect(),
            pushes: Vec::new(),
            subsets: Vec::new(),
        };
        self.add_pushes(&mut builder);
        builder
    }

    fn pinned_values(&mut self, view: &Specialised) -> Vec<(usize, Literal)> {
        let mut pinned = Vec::new();
        for (index, under) in view.fields.iter().enumerate() {
            if let Status::Pinned(value) = &under.status {
                let field = &self.operation.parameters.fields[index];
                let constants = literals(self.ctx, &field.ty, std::slice::from_ref(value)).unwrap_or_default();
                pinned.extend(constants.into_iter().next().map(|it| (index, it)));
            }
        }
        pinned
    }
}

/// Finds the setters that all builders have, with the same docs.
fn mark_common_setters(builders: &mut [Builder], any: &mut Builder) {
    for setter in &mut any.setters {
        let is_plain = setter.slot.is_none() && setter.subset.is_none();
        if is_plain && builders.iter().all(|it| it.setters.contains(setter)) {
            for same in builders.iter_mut().flat_map(|it| &mut it.setters).filter(|it| it.field == setter.field) {
                same.is_common = Words(true);
            }
            setter.is_common = Words(true);
        }
    }
}

/// The words that all names start with: `seedance-v1-` of `seedance-v1-lite` and `seedance-v1-pro`.
fn common_prefix<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut common: Option<&str> = None;
    for name in names {
        common = Some(match common {
            None => name,
            Some(common) => {
                let end = common.char_indices().zip(name.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
                &common[..end.unwrap_or(common.len().min(name.len()))]
            }
        });
    }
    let common = common.unwrap_or_default();
    let end = common.rfind(|it: char| !it.is_alphanumeric()).unwrap_or(0);
    common[..end].to_owned()
}
