//! The items of both generated crates, and which of them a change touches.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::model::{Api, OperationId, Output, TypeId, TypeKind};
use specwright_codegen::surface::{self, Item, Part};

use crate::change::{Change, Class, Side};
use crate::items::{Index, NewItems};

/// A spec and the items of its crate. To list them is half of the work of a comparison, so a spec that is compared with
/// several others does it once.
#[derive(Debug)]
pub struct Surface<'a> {
    pub(crate) api: &'a Api,
    /// Empty for a spec that has no crate: names that Rust cannot have are told by `lint`.
    items: Vec<Item>,
}

impl<'a> Surface<'a> {
    /// Lists the items of the crate.
    #[must_use]
    pub fn new(api: &'a Api) -> Self {
        Self { api, items: surface::items(api).unwrap_or_default() }
    }
}

/// What callers write, in both versions.
#[derive(Debug)]
pub(crate) struct Surfaces<'a> {
    pub(crate) api: &'a Api,
    pub(crate) new_api: &'a Api,
    pub(crate) old: Vec<Item>,
    pub(crate) new: NewItems,
    /// Where the items of `old` are.
    pub(crate) index: Index,
    /// What the crate is called in both, if that differs.
    krate: Option<(String, String)>,
    /// Old paths and signatures under their new names, of which changes tell already: modules and what is in them.
    known_renames: Vec<(String, String)>,
    /// The same of types.
    pub(crate) renames: Vec<(String, String)>,
    /// Items of which a change has been told.
    pub(crate) told: BTreeSet<String>,
    /// Operations of both specs.
    pub(crate) pairs: Vec<(OperationId, OperationId)>,
}

impl<'a> Surfaces<'a> {
    /// Empty if one of both has no crate.
    pub(crate) fn new(old: &Surface<'a>, new: &Surface<'a>, pairs: &[(OperationId, OperationId)]) -> Self {
        let (of_old, of_new) = if old.items.is_empty() || new.items.is_empty() {
            (Vec::new(), Vec::new())
        } else {
            (old.items.clone(), new.items.clone())
        };
        let krate = |items: &[Item]| items.first().and_then(|it| it.path.split("::").next()).map(str::to_owned);
        let krate = krate(&of_old).zip(krate(&of_new)).filter(|(was, is)| was != is);
        Self {
            api: old.api,
            new_api: new.api,
            index: Index::of(of_old.iter()),
            old: of_old,
            new: NewItems::of(of_new),
            krate,
            known_renames: Vec::new(),
            renames: Vec::new(),
            told: BTreeSet::new(),
            pairs: pairs.to_vec(),
        }
    }

    /// What the crate and its modules are called now.
    pub(crate) fn names(&mut self, out: &mut Vec<Change>) {
        let say = |out: &mut Vec<Change>, message: String, rust: Vec<String>| {
            let mut change = Change::new(Class::Breaking, Side::Rust, message);
            change.rust = rust;
            out.push(change);
        };
        if let Some((was, is)) = self.krate.clone() {
            say(out, format!("the crate is called `{is}` now (before: `{was}`)"), vec![was, is]);
        }
        let handle = |path: Option<String>| {
            let path = path?;
            let home = path.rsplit_once("::")?.0.to_owned();
            Some((home.rsplit_once("::")?.0.to_owned(), home))
        };
        let mut seen = BTreeSet::new();
        for (id, other) in self.pairs.clone() {
            let (own, theirs) = (self.api.operation(id).resource, self.new_api.operation(other).resource);
            let (was, is) = (&self.api.resource(own).name, &self.new_api.resource(theirs).name);
            // A resource that both specs have is not the same under another name.
            let is_same = was == is
                || (self.new_api.resources.iter().all(|it| it.name != *was)
                    && self.api.resources.iter().all(|it| it.name != *is));
            let (Some((module, home)), Some((new_module, new_home))) =
                (handle(self.old_method(id).map(str::to_owned)), handle(self.new_method(other).map(str::to_owned)))
            else {
                continue;
            };
            if !is_same || self.renamed(&module) == new_module || !seen.insert(module.clone()) {
                continue;
            }
            let message = if was == is {
                let name = |it: &str| it.rsplit("::").next().unwrap_or_default().to_owned();
                let (old, new) = (name(&module), name(&new_module));
                format!("the resource `{is}` is called `{new}` in Rust now (before: `{old}`)")
            } else {
                format!("the resource is called `{is}` now (before: `{was}`); what is sent is the same")
            };
            say(out, message, vec![module.clone(), new_module.clone()]);
            // The step of each call to it.
            let client = self.old_of(&Part::Resource(was.clone())).next().map(|it| it.path.clone());
            self.told.extend(client);
            self.known_renames.push((home, new_home));
            self.known_renames.push((module, new_module));
        }
    }

    /// The items of parts of the old and the new spec, those first that are not as they were.
    pub(crate) fn touched(&mut self, old: &[Part], new: &[Part]) -> Vec<String> {
        let named: Vec<TypeId> = old.iter().flat_map(|it| self.types_of(it)).collect();
        // The type of what is gone may be gone with it.
        let gone: Vec<String> = named
            .iter()
            .flat_map(|id| self.old_of(&Part::Type(*id)))
            .filter(|it| self.is_changed(it))
            .map(|it| it.path.clone())
            .collect();
        self.told.extend(gone);
        // In the order of the crate.
        let mut found: BTreeMap<usize, bool> = BTreeMap::new();
        for part in old {
            for at in self.index.of_part(part) {
                found.insert(*at, true);
            }
            let whole = match part {
                // The function that makes a record takes what is required.
                Part::Field(id, _) | Part::Value(id, _) => Part::Type(*id),
                // And so does the method of what is in the path.
                Part::Parameter(id, _) => Part::Operation(*id),
                _ => continue,
            };
            for at in self.index.of_part(&whole) {
                found.entry(*at).or_insert(false);
            }
        }
        let mut first = Vec::new();
        let mut rest = Vec::new();
        for (at, itself) in found {
            let item = &self.old[at];
            if self.is_changed(item) {
                first.push(item.path.clone());
            } else if itself {
                rest.push(item.path.clone());
            }
        }
        let own: BTreeSet<&String> = first.iter().chain(&rest).collect();
        let added: BTreeSet<String> =
            new.iter().flat_map(|it| self.new.of_part(it)).filter(|it| !own.contains(it)).cloned().collect();
        self.told.extend(first.iter().cloned());
        first.extend(rest);
        first.extend(added);
        // The setter is what callers write; the plain request has the same field.
        first.sort_by_key(|it| is_plain(it));
        if first.iter().any(|it| !is_plain(it)) {
            first.retain(|path| !is_plain(path) || self.is_changed_at(path));
        }
        first
    }

    /// The types that a field or parameter mentions, if the spec has no names of its own for them.
    fn types_of(&self, part: &Part) -> Vec<TypeId> {
        let ty = match part {
            Part::Parameter(id, ix) => Some(&self.api.operation(*id).parameters.field(*ix).ty),
            Part::Field(id, name) => match &self.api.ty(*id).kind {
                TypeKind::Record(record) => record.find(name).map(|(_, it)| &it.ty),
                _ => None,
            },
            _ => None,
        };
        let mut all = Vec::new();
        if let Some(ty) = ty {
            ty.mentions(&mut all);
        }
        if let Part::Reply(id) = part {
            match &self.api.operation(*id).output {
                Output::Task(task) => all.extend([task.created, task.result]),
                other => other.types().into_iter().for_each(|it| it.mentions(&mut all)),
            }
        }
        all.retain(|it| self.api.ty(*it).inline);
        all
    }

    /// Whether code that uses one of these items may not compile any more.
    pub(crate) fn is_source_breaking(&self, paths: &[String]) -> bool {
        paths.iter().any(|it| self.is_changed_at(it))
    }

    fn is_changed_at(&self, path: &str) -> bool {
        self.index.at_path(path).iter().any(|it| self.is_changed(&self.old[*it]))
    }

    /// The items of a part of the old spec.
    pub(crate) fn old_of(&self, part: &Part) -> impl Iterator<Item = &Item> + use<'_, 'a> {
        self.index.of_part(part).iter().map(|it| &self.old[*it])
    }

    /// The items of an operation that is gone or has another name.
    pub(crate) fn tell_operation(&mut self, id: OperationId) -> Vec<String> {
        let all: Vec<&Item> = self.index.of_operation(id).iter().map(|it| &self.old[*it]).collect();
        let method = all.iter().filter(|it| matches!(it.part, Part::Operation(_))).map(|it| it.path.clone()).collect();
        let told: Vec<String> = all.iter().map(|it| it.path.clone()).collect();
        self.told.extend(told);
        method
    }

    /// What an operation is called in both crates, if that differs.
    pub(crate) fn other_method(&self, id: OperationId, other: OperationId) -> Option<(String, String)> {
        let name = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
        let names = (name(self.old_method(id)?), name(self.new_method(other)?));
        (names.0 != names.1).then_some(names)
    }

    /// The method of an operation in the old crate.
    pub(crate) fn old_method(&self, id: OperationId) -> Option<&str> {
        self.old_of(&Part::Operation(id)).next().map(|it| it.path.as_str())
    }

    /// The method of an operation in the new crate.
    pub(crate) fn new_method(&self, id: OperationId) -> Option<&str> {
        self.new.of_part(&Part::Operation(id)).first().map(String::as_str)
    }

    /// Notes that two types are the same; whether it has another name now, as a change.
    pub(crate) fn pair_types(&mut self, old: TypeId, new: TypeId) {
        let own = self.old_of(&Part::Type(old)).next().map(|it| it.path.as_str());
        let theirs = self.new.of_part(&Part::Type(new)).first().map(String::as_str);
        if let (Some(own), Some(theirs)) = (own, theirs)
            && own != theirs
            && self.renamed(own) != theirs
            // Of types that both crates have, neither is called as the other was.
            && !self.new.contains_key(own)
            && self.index.at_path(theirs).is_empty()
            && !self.renames.iter().any(|(it, _)| *it == own)
        {
            self.renames.push((own.to_owned(), theirs.to_owned()));
        }
    }

    pub(crate) fn is_of_operation(&self, change: &Change, part: &Part) -> bool {
        let Some(id) = operation_of(part) else { return false };
        // Changes are told under the new name.
        let other = self.paired(id).map(|it| self.new_api.operation(it));
        let name = match other {
            Some(operation) => operation.full_name(self.new_api),
            None => self.api.operation(id).full_name(self.api),
        };
        change.operation == Some(name)
    }

    /// The same operation of the new spec.
    pub(crate) fn paired(&self, id: OperationId) -> Option<OperationId> {
        self.pairs.binary_search_by_key(&id, |(it, _)| *it).ok().map(|at| self.pairs[at].1)
    }

    pub(crate) fn is_changed(&self, item: &Item) -> bool {
        #[cfg(test)]
        crate::work_tests::looked_at();
        match self.new.get(&self.renamed(&item.path)) {
            None => true,
            Some(now) => now.signature != self.renamed(&item.signature),
        }
    }

    /// A text with the new names of types.
    pub(crate) fn renamed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (old, new) in self.renames.iter().chain(&self.known_renames).chain(&self.krate) {
            let mut from = 0;
            while let Some(at) = text[from..].find(old.as_str()).map(|it| it + from) {
                let end = at + old.len();
                let is_word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '#');
                let starts = text[..at].chars().next_back().is_none_or(|it| !is_word(it) && it != ':');
                let ends = text[end..].chars().next().is_none_or(|it| !is_word(it));
                if starts && ends {
                    text.replace_range(at..end, new);
                    from = at + new.len();
                } else {
                    from = end;
                }
            }
        }
        text
    }

    /// Names the method, the client or the module of callbacks where nothing else of the crate is.
    pub(crate) fn complete(&self, changes: &mut [Change]) {
        let Some(krate) = self.old.first().and_then(|it| it.path.split("::").next()) else { return };
        let mut methods: BTreeMap<String, &str> = BTreeMap::new();
        for (at, operation) in self.api.operations.iter().enumerate() {
            if let Some(path) = self.old_method(OperationId(at as u32)) {
                methods.entry(operation.full_name(self.api)).or_insert(path);
            }
        }
        for (at, operation) in self.new_api.operations.iter().enumerate() {
            if let Some(path) = self.new_method(OperationId(at as u32)) {
                methods.entry(operation.full_name(self.new_api)).or_insert(path);
            }
        }
        for change in changes.iter_mut().filter(|it| it.rust.is_empty() && it.class > Class::Documentation) {
            let item = match &change.operation {
                Some(name) => methods.get(name).map(|it| (*it).to_owned()),
                None if change.place.starts_with("webhook") => Some(format!("{krate}::webhook")),
                None if change.place.starts_with("error") => Some(format!("{krate}::Error")),
                None => Some(format!("{krate}::Client")),
            };
            change.rust.extend(item);
        }
        for change in changes {
            let mut seen = BTreeSet::new();
            change.rust.retain(|it| seen.insert(it.clone()));
        }
    }
}

/// The operation that an item is of.
pub(crate) fn operation_of(part: &Part) -> Option<OperationId> {
    match part {
        Part::Operation(id)
        | Part::Reply(id)
        | Part::Stream(id)
        | Part::StreamEvent(id, _)
        | Part::Pages(id)
        | Part::Parameter(id, _)
        | Part::Variant(id, _) => Some(*id),
        Part::Client
        | Part::Resource(_)
        | Part::Type(_)
        | Part::Field(..)
        | Part::Value(..)
        | Part::ErrorCode(_)
        | Part::Event(_) => None,
    }
}

/// Whether an item is a field of a request as plain data.
pub(crate) fn is_plain(path: &str) -> bool {
    path.rsplit("::").nth(1).is_some_and(|it| it.ends_with("Request"))
}
