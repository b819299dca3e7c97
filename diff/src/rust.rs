//! The items of both generated crates, and which of them a change touches.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::model::{Api, OperationId, Output, TypeId, TypeKind};
use specwright_codegen::surface::{self, Item, Part};

use crate::change::{Change, Class, Side};

/// What callers write, in both versions.
#[derive(Debug)]
pub(crate) struct Surfaces<'a> {
    api: &'a Api,
    old: Vec<Item>,
    new: BTreeMap<String, Item>,
    /// Old paths and signatures under their new names: types that are called otherwise.
    renames: Vec<(String, String)>,
    /// Items of which a change has been told.
    told: BTreeSet<String>,
}

impl<'a> Surfaces<'a> {
    /// Empty for a spec that has no crate: names that Rust cannot have are told by `lint`.
    pub(crate) fn new(old: &'a Api, new: &Api) -> Self {
        let items = |api: &Api| surface::items(api).unwrap_or_default();
        let (mut of_old, mut of_new) = (items(old), items(new));
        if of_old.is_empty() || of_new.is_empty() {
            (of_old, of_new) = (Vec::new(), Vec::new());
        }
        let new = of_new.into_iter().map(|it| (it.path.clone(), it)).collect();
        Self { api: old, old: of_old, new, renames: Vec::new(), told: BTreeSet::new() }
    }

    /// The items of parts of the old and the new spec, those first that are not as they were.
    pub(crate) fn touched(&mut self, old: &[Part], new: &[Part]) -> Vec<String> {
        let named: Vec<TypeId> = old.iter().flat_map(|it| self.types_of(it)).collect();
        let is_of = |part: &Part, wanted: &[Part], changed: bool| {
            wanted.iter().any(|it| {
                let same_type = match (it, part) {
                    // The function that makes a record takes what is required.
                    (Part::Field(id, _) | Part::Value(id, _), Part::Type(other)) => changed && id == other,
                    // And so does the method of what is in the path.
                    (Part::Parameter(id, _), Part::Operation(other)) => changed && id == other,
                    _ => false,
                };
                it == part || same_type
            })
        };
        // The type of what is gone may be gone with it.
        for item in &self.old {
            if matches!(&item.part, Part::Type(id) if named.contains(id)) && self.is_changed(item) {
                self.told.insert(item.path.clone());
            }
        }
        let mut first = Vec::new();
        let mut rest = Vec::new();
        for item in &self.old {
            let changed = self.is_changed(item);
            if is_of(&item.part, old, changed) {
                if changed { first.push(item.path.clone()) } else { rest.push(item.path.clone()) }
            }
        }
        let own: BTreeSet<&String> = first.iter().chain(&rest).collect();
        let added: Vec<String> = self
            .new
            .values()
            .filter(|it| is_of(&it.part, new, false) && !own.contains(&it.path))
            .map(|it| it.path.clone())
            .collect();
        self.told.extend(first.iter().cloned());
        first.extend(rest);
        first.extend(added);
        // The setter is what callers write; the plain request has the same field.
        first.sort_by_key(|it| is_plain(it));
        if first.iter().any(|it| !is_plain(it)) {
            let old = &self.old;
            first.retain(|path| !is_plain(path) || old.iter().any(|it| it.path == *path && self.is_changed(it)));
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
        self.old.iter().any(|it| paths.contains(&it.path) && self.is_changed(it))
    }

    /// The items of an operation that is gone or has another name.
    pub(crate) fn tell_operation(&mut self, id: OperationId) -> Vec<String> {
        let is_of = |it: &&Item| match &it.part {
            Part::Operation(of) | Part::Reply(of) | Part::Parameter(of, _) | Part::Variant(of, _) => *of == id,
            _ => false,
        };
        let all: Vec<&Item> = self.old.iter().filter(is_of).collect();
        let method = all.iter().filter(|it| matches!(it.part, Part::Operation(_))).map(|it| it.path.clone()).collect();
        let told: Vec<String> = all.iter().map(|it| it.path.clone()).collect();
        self.told.extend(told);
        method
    }

    /// The method of an operation in the new crate.
    pub(crate) fn new_method(&self, id: OperationId) -> Option<&str> {
        self.new.values().find(|it| it.part == Part::Operation(id)).map(|it| it.path.as_str())
    }

    /// Notes that two types are the same; whether it has another name now, as a change.
    pub(crate) fn pair_types(&mut self, old: TypeId, new: TypeId) {
        let own = self.old.iter().find(|it| it.part == Part::Type(old)).map(|it| it.path.clone());
        let theirs = self.new.values().filter(|it| it.part == Part::Type(new)).map(|it| &it.path).min().cloned();
        if let (Some(own), Some(theirs)) = (own, theirs)
            && own != theirs
            // Of types that both crates have, neither is called as the other was.
            && !self.new.contains_key(&own)
            && self.old.iter().all(|it| it.path != theirs)
            && !self.renames.iter().any(|(it, _)| *it == own)
        {
            self.renames.push((own, theirs));
        }
    }

    /// What callers have to write otherwise although no other change says why.
    pub(crate) fn rest(&mut self, out: &mut Vec<Change>) {
        for (old, new) in std::mem::take(&mut self.renames) {
            if !self.new.contains_key(&old) {
                let mut change =
                    Change::new(Class::Breaking, Side::Rust, format!("the type `{old}` is called `{new}` now"));
                change.rust = vec![old.clone(), new.clone()];
                out.push(change);
                self.told.insert(old.clone());
            }
            self.renames.push((old, new));
        }
        let mut gone: Vec<&str> = Vec::new();
        let mut gone_builders: Vec<&str> = Vec::new();
        for item in &self.old {
            let parent = item.path.rsplit_once("::").map_or("", |(it, _)| it);
            let within = gone.contains(&parent) || (self.told.contains(parent) && !self.new.contains_key(parent));
            if within || self.told.contains(&item.path) || !self.is_changed(item) {
                continue;
            }
            let path = self.renamed(&item.path);
            // Whoever wrote it by hand knows it.
            let message = match self.new.get(&path) {
                None if item.path.ends_with("::Copy") => {
                    format!("`{}` is no longer `Copy`", item.path.trim_end_matches("::Copy"))
                }
                None => {
                    gone.push(&item.path);
                    format!("`{}` is gone", item.path)
                }
                Some(now) => {
                    format!("`{}` is `{}` now (before: `{}`)", item.path, shown(now), shown(item))
                }
            };
            if self.has_other_builder(item) {
                // Few name the type of a builder: they call its setters one after another.
                if gone_builders.contains(&parent) {
                    continue;
                }
                gone_builders.push(parent);
                let message = format!("the builder `{parent}` has another name");
                let of_operation =
                    |it: &&mut Change| it.class >= Class::Widening && self.is_of_operation(it, &item.part);
                if let Some(change) = out.iter_mut().find(of_operation) {
                    change.source_breaking = change.class != Class::Breaking;
                    change.rust.push(parent.to_owned());
                } else {
                    let mut change = Change::new(Class::Documentation, Side::Rust, message);
                    change.source_breaking = true;
                    change.rust = vec![parent.to_owned()];
                    out.push(change);
                }
                continue;
            }
            let explains = |it: &&mut Change| it.class == Class::Breaking && self.explains(it, item);
            if let Some(change) = out.iter_mut().find(explains) {
                change.rust.push(item.path.clone());
                continue;
            }
            // Builders do not name what is sent without a name, and few fill a request by hand.
            let class = if is_plain(&item.path) { Class::Documentation } else { Class::Breaking };
            let mut change = Change::new(class, Side::Rust, message);
            change.source_breaking = class != Class::Breaking;
            change.rust = vec![item.path.clone()];
            out.push(change);
        }
    }

    /// Whether a setter is gone because its builder is called otherwise: another one of the operation has the same.
    fn has_other_builder(&self, item: &Item) -> bool {
        let Part::Parameter(..) = item.part else { return false };
        let mut names = item.path.rsplitn(3, "::");
        let (Some(setter), Some(builder), Some(module)) = (names.next(), names.next(), names.next()) else {
            return false;
        };
        let within = |start: String| self.new.range(start.clone()..).take_while(move |(it, _)| it.starts_with(&start));
        let is_gone = within(format!("{module}::{builder}::")).next().is_none();
        let same = |(path, now): (&String, &Item)| {
            path.rsplit("::").next() == Some(setter) && now.signature == item.signature && !is_plain(path)
        };
        is_gone && !is_plain(&item.path) && within(format!("{module}::")).any(same)
    }

    fn is_of_operation(&self, change: &Change, part: &Part) -> bool {
        let (Part::Operation(id) | Part::Reply(id) | Part::Parameter(id, _) | Part::Variant(id, _)) = part else {
            return false;
        };
        change.operation.as_ref() == Some(&self.api.operation(*id).full_name(self.api))
    }

    /// Whether a breaking change is about what an item is made from: the same operation, or a type that it touches.
    fn explains(&self, change: &Change, item: &Item) -> bool {
        let home = item.path.split("::").take(3).collect::<Vec<_>>().join("::");
        match &item.part {
            Part::Operation(_) | Part::Reply(_) | Part::Parameter(..) | Part::Variant(..) => {
                self.is_of_operation(change, &item.part)
            }
            // A type without a name in the spec is called after what holds it.
            Part::Type(id) if self.api.ty(*id).inline => same_module(change, item),
            Part::Client => same_module(change, item),
            Part::Type(_) | Part::Field(..) | Part::Value(..) => {
                change.rust.iter().any(|it| *it == home || it.starts_with(&format!("{home}::")))
            }
            Part::Resource(_) | Part::ErrorCode(_) | Part::Event(_) => false,
        }
    }

    fn is_changed(&self, item: &Item) -> bool {
        match self.new.get(&self.renamed(&item.path)) {
            None => true,
            Some(now) => now.signature != self.renamed(&item.signature),
        }
    }

    /// A text with the new names of types.
    fn renamed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (old, new) in &self.renames {
            let mut from = 0;
            while let Some(at) = text[from..].find(old.as_str()).map(|it| it + from) {
                let end = at + old.len();
                let ends = text[end..].chars().next().is_none_or(|it| !it.is_alphanumeric() && it != '_');
                if ends {
                    text.replace_range(at..end, new);
                    from = at + new.len();
                } else {
                    from = end;
                }
            }
        }
        text
    }
}

fn same_module(change: &Change, item: &Item) -> bool {
    let module = |path: &str| path.split("::").nth(1).map(str::to_owned);
    change.rust.iter().any(|it| module(it) == module(&item.path))
}

/// Whether an item is a field of a request as plain data.
fn is_plain(path: &str) -> bool {
    path.rsplit("::").nth(1).is_some_and(|it| it.ends_with("Request"))
}

fn shown(item: &Item) -> &str {
    if item.signature.is_empty() { "()" } else { &item.signature }
}
