//! What lowering knows: of the whole API before it begins, and of what it has made so far.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, IdentScope, resource_module};
use super::view::{Docs, TypeItem, TypeName};
use super::xml::XmlNames;
use super::{boxes, checks, type_modules, types, unions};
use crate::diagnostics::rust_names::{rust_name_reserved, rust_name_taken};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::digest::{Digest, Words};
use crate::model::{Api, OperationId, Output, ResourceId, Task, Type, TypeDef, TypeId};

/// The names of types by module; `None`: `crate::types`.
pub(super) type TypeScopes = BTreeMap<Option<String>, IdentScope>;

/// What is known of the whole API before its resources are lowered. It does not change, so that several can be at once.
/// All of it belongs to what is [around](Ctx::around_all) a resource.
#[derive(Hash)]
pub(super) struct Known {
    /// Whether docs, examples and sentences of rules are made: who asks for faults alone reads none.
    pub has_words: bool,
    /// Rust name of every type; made unions have their own list.
    pub type_names: Vec<TypeName>,
    /// The types of each module, without enums that are texts in Rust.
    pub types_of: BTreeMap<Option<String>, Vec<TypeId>>,
    /// Types with something to check in a request.
    pub checked: BTreeSet<TypeId>,
    /// Results of tasks that are downloaded, with the operation that says so for all.
    pub downloads: BTreeMap<TypeId, OperationId>,
    /// Operations that bring what some task made.
    pub downloading: BTreeSet<OperationId>,
    /// Operations that cancel some task.
    pub cancelling: BTreeSet<OperationId>,
    /// Inline unions that requests hold.
    pub checked_unions: unions::UnionsByModule,
    /// Unions and enums that are written where only text can stand.
    pub types_as_text: unions::UnionsByModule,
    /// Types that hold each other.
    pub circles: boxes::TypeCycles,
    /// The tags of the unions that each record is a member of.
    pub tags: BTreeMap<TypeId, Vec<String>>,
    /// Types that unions compare, of whose members only one may accept a value.
    pub compared: BTreeSet<TypeId>,
}

impl Known {
    /// With the scopes that the names of types are taken in, and what is wrong with these.
    pub(super) fn of(api: &Api, texts: Option<&BTreeSet<TypeId>>, has_words: bool) -> (Self, TypeScopes, Diagnostics) {
        let mut naming = Naming { api, scopes: TypeScopes::new(), diagnostics: Diagnostics::default() };
        let homes = type_modules::type_modules(api);
        let type_names: Vec<TypeName> =
            api.types.iter().zip(homes).map(|(def, home)| naming.name_type(def, home)).collect();
        let mut types_of: BTreeMap<Option<String>, Vec<TypeId>> = BTreeMap::new();
        for (index, name) in type_names.iter().enumerate() {
            let id = TypeId(index as u32);
            if !texts.is_some_and(|it| it.contains(&id)) {
                types_of.entry(name.module.clone()).or_default().push(id);
            }
        }
        let module = |it| resource_module(api.resource(it));
        let known = Self {
            has_words,
            types_of,
            checked: checks::checked_types(api),
            downloads: downloads(api),
            downloading: tasks(api).filter_map(|it| it.download).collect(),
            cancelling: tasks(api).filter_map(|it| it.cancel).collect(),
            checked_unions: unions::in_requests(api, &type_names, module),
            types_as_text: unions::as_text(api, &type_names, module),
            circles: boxes::TypeCycles::of(api),
            tags: types::tags(api),
            compared: unions::compared(api),
            type_names,
        };
        (known, naming.scopes, naming.diagnostics)
    }
}

/// The first operation of each result that is downloaded.
fn downloads(api: &Api) -> BTreeMap<TypeId, OperationId> {
    let mut all = BTreeMap::new();
    for id in api.resources.iter().flat_map(|it| &it.operations) {
        if let Output::Task(task) = &api.operation(*id).output
            && task.download.is_some()
        {
            all.entry(task.result).or_insert(*id);
        }
    }
    all
}

/// The tasks of all operations.
fn tasks(api: &Api) -> impl Iterator<Item = &Task> {
    api.operations.iter().filter_map(|it| match &it.output {
        Output::Task(task) => Some(task.as_ref()),
        _ => None,
    })
}

struct Naming<'a> {
    api: &'a Api,
    scopes: TypeScopes,
    diagnostics: Diagnostics,
}

impl Naming<'_> {
    /// A type's name in its module. What the compiler called after the resource loses that part: the module says it.
    fn name_type(&mut self, def: &TypeDef, home: Option<ResourceId>) -> TypeName {
        let resource = home.map(|it| self.api.resource(it));
        let module = resource.map(resource_module);
        let scope = self.scopes.entry(module.clone()).or_default();
        let whole = names::pascal(&def.name);
        let short = resource
            .filter(|_| def.inline)
            .and_then(|it| names::without_prefix(&whole, &it.name))
            .filter(|it| it.starts_with(|it: char| it.is_uppercase()) && !names::shadows_prelude(it))
            .filter(|it| scope.is_free(it))
            .map(str::to_owned);
        let ident = def.rust_name.as_deref().map(names::pascal).or(short).unwrap_or(whole);
        if def.inline {
            // The spec does not contain this name, so the author could not resolve a collision.
            let ident = scope.take_free(&ident, &def.name, def.span);
            return TypeName { module, ident };
        }
        if names::shadows_prelude(&ident) {
            let why = "would hide a name of the standard library";
            self.diagnostics.push(rust_name_reserved("type", &def.name, &ident, why, def.span));
        }
        if let Err((first, at)) = scope.take(&ident, &def.name, Some(def.span)) {
            self.diagnostics.push(rust_name_taken("type", &def.name, &ident, def.span, &first, at));
        }
        TypeName { module, ident }
    }
}

/// What lowering has made so far, of the whole crate or of one resource.
pub(crate) struct Ctx<'a> {
    pub(super) api: &'a Api,
    pub(super) known: &'a Known,
    /// Whether docs of operations are made.
    pub(super) has_words: bool,
    pub(super) diagnostics: Diagnostics,
    /// The names that inline unions got, by module and members.
    pub(super) unions: BTreeMap<(Option<String>, Type), TypeName>,
    /// Items that inline unions become, by module.
    pub(super) made: Vec<(Option<String>, TypeItem)>,
    type_scopes: TypeScopes,
    /// The objects that stand in XML, with the names of their statics.
    pub(super) xml: XmlNames,
}

impl<'a> Ctx<'a> {
    pub(super) fn new(api: &'a Api, known: &'a Known, type_scopes: TypeScopes, diagnostics: Diagnostics) -> Self {
        let (unions, has_words) = (BTreeMap::new(), known.has_words);
        Self { api, known, has_words, diagnostics, unions, made: Vec::new(), type_scopes, xml: XmlNames::new() }
    }

    /// For one resource, which makes names in its own module only: what it uses of `crate::types` has its names already.
    pub(super) fn of_resource(&self, module: &str, has_words: bool) -> Self {
        let scopes = self.scopes_of(module).map(|(module, it)| (module.clone(), it.clone()));
        let mut ctx = Self::new(self.api, self.known, scopes.collect(), Diagnostics::default());
        ctx.unions = self.shared_unions().map(|(place, name)| (place.clone(), name.clone())).collect();
        ctx.has_words &= has_words;
        ctx
    }

    /// What [`Self::of_resource`] gives to resources, beside the API: to all of them.
    pub(super) fn around_all(&self) -> Digest {
        Digest::of(&(self.known, self.shared_unions().collect::<Vec<_>>()))
    }

    /// What it gives to one.
    pub(super) fn around(&self, module: &str) -> Digest {
        Digest::of(&self.scopes_of(module).collect::<Vec<_>>())
    }

    fn scopes_of(&self, module: &str) -> impl Iterator<Item = (&Option<String>, &IdentScope)> {
        self.type_scopes.get_key_value(&Some(module.to_owned())).into_iter()
    }

    fn shared_unions(&self) -> impl Iterator<Item = (&(Option<String>, Type), &TypeName)> {
        self.unions.iter().filter(|((module, _), _)| module.is_none())
    }

    /// Takes over what was made of a resource. Its XML was not lowered yet.
    pub(super) fn take_over(&mut self, of_resource: Self) {
        let Self { api: _, known: _, has_words: _, diagnostics, unions, made, type_scopes, xml: _ } = of_resource;
        self.diagnostics.extend(diagnostics);
        self.unions.extend(unions);
        self.made.extend(made);
        self.type_scopes.extend(type_scopes);
    }

    /// The docs of something, where anybody reads them.
    pub(super) fn docs(&self, words: impl FnOnce() -> Docs) -> Docs {
        if self.known.has_words { words() } else { Docs::new() }
    }

    /// The sentence of a rule, or a part of it, where anybody reads it.
    pub(super) fn sentence(&self, words: impl FnOnce() -> String) -> String {
        if self.known.has_words { words() } else { String::new() }
    }

    /// The docs of a part of an operation. They depend on the model and on the view that they are in, and on nothing else:
    /// files are kept for as long as these are the same.
    pub(super) fn words(&self, words: impl FnOnce() -> Docs) -> Words<Docs> {
        Words(if self.has_words { words() } else { Docs::new() })
    }

    /// The names of types in a module.
    pub(super) fn scope(&mut self, module: &Option<String>) -> &mut IdentScope {
        self.type_scopes.entry(module.clone()).or_default()
    }

    pub(super) fn type_name(&self, id: TypeId) -> &'a TypeName {
        &self.known.type_names[id.0 as usize]
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
