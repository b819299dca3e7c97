//! What callers of a crate have to write otherwise although no other change says why, and what they may write besides.

use std::collections::BTreeSet;

use specwright_codegen::model::{Api, OperationId, TypeId};
use specwright_codegen::prose;
use specwright_codegen::surface::{Item, Part};

use crate::change::{Change, Class, Side};
use crate::rust::{Surfaces, is_plain, operation_of};

impl Surfaces<'_> {
    /// All of it. The last step, after all changes of what is sent and answered.
    pub(crate) fn rest(&mut self, out: &mut Vec<Change>) {
        self.tell_renames(out);
        self.variants(out);
        let gone = self.leftovers(out);
        self.by_part(gone, out);
        self.additions(out);
    }

    /// Types that are called otherwise.
    fn tell_renames(&mut self, out: &mut Vec<Change>) {
        for (old, new) in self.renames.clone() {
            if !self.new.contains_key(&old) {
                let mut change =
                    Change::new(Class::Breaking, Side::Rust, format!("the type `{old}` is called `{new}` now"));
                change.rust = vec![old.clone(), new];
                out.push(change);
                self.told.insert(old);
            }
        }
    }

    /// Variants that are gone or have another name, with their builders.
    fn variants(&mut self, out: &mut Vec<Change>) {
        for (id, other) in self.pairs.clone() {
            let (own, theirs) = (self.api.operation(id), self.new_api.operation(other));
            if own.variants.is_empty() || self.told.contains(self.old_method(id).unwrap_or_default()) {
                continue;
            }
            let paths: Vec<Option<String>> = own
                .variants
                .iter()
                .map(|it| self.old_of(&Part::Variant(id, it.name.clone())).next().map(|it| it.path.clone()))
                .collect();
            let was = |name: &str| {
                let at = own.variants.iter().position(|it| it.name == name)?;
                paths.get(at)?.clone()
            };
            let is = |name: &str| self.new.of_part(&Part::Variant(other, name.to_owned())).first().cloned();
            let mut found: Vec<(String, Vec<String>)> = Vec::new();
            if theirs.variants.is_empty() {
                let all = own.variants.iter().filter_map(|it| was(&it.name)).collect();
                found.push(("the operation has no variants any more".to_owned(), all));
            }
            let when = |operation: &specwright_codegen::model::Operation, api: &Api, at: usize| {
                prose::condition(&operation.parameters, api, &operation.variants[at].when)
            };
            for (at, variant) in own.variants.iter().enumerate() {
                let Some(path) = was(&variant.name).filter(|it| !self.told.contains(it)) else { continue };
                if theirs.variants.is_empty() || self.new.contains_key(&self.renamed(&path)) {
                    continue;
                }
                let same_name = theirs.variants.iter().position(|it| it.name == variant.name);
                let is_new = |it: &usize| own.variants.iter().all(|was| was.name != theirs.variants[*it].name);
                let same_when = || {
                    let all = (0..theirs.variants.len()).filter(is_new);
                    all.into_iter().find(|it| when(theirs, self.new_api, *it) == when(own, self.api, at))
                };
                let now = same_name.or_else(same_when).and_then(|it| is(&theirs.variants[it].name));
                let name = |it: &str| it.rsplit("::").next().unwrap_or_default().to_owned();
                found.push(match now {
                    Some(now) => {
                        let (old, new) = (name(&path), name(&now));
                        (format!("the variant `{old}` is called `{new}` in Rust now"), vec![path, now])
                    }
                    None => (format!("the variant `{}` was removed", variant.name), vec![path]),
                });
            }
            let name = theirs.full_name(self.new_api);
            for (message, rust) in found {
                // A value that is gone takes its variant with it.
                let explains = |it: &&mut Change| {
                    it.class == Class::Breaking
                        && it.operation.as_ref() == Some(&name)
                        && it.side == Side::Request
                        && own.variants.iter().any(|own| {
                            it.variants.contains(&own.name) && was(&own.name).is_some_and(|it| rust.contains(&it))
                        })
                };
                match out.iter_mut().find(explains) {
                    Some(change) => change.rust.extend(rust.iter().cloned()),
                    None => {
                        let mut change = Change::new(Class::Breaking, Side::Rust, message).of(&name);
                        change.rust.clone_from(&rust);
                        out.push(change);
                    }
                }
                self.told.extend(rust);
            }
        }
    }

    /// Items that are not as they were and that no change names.
    fn leftovers(&mut self, out: &mut Vec<Change>) -> Vec<Item> {
        let mut gone: Vec<&str> = Vec::new();
        let mut found = Vec::new();
        for item in &self.old {
            let parent = item.path.rsplit_once("::").map_or("", |(it, _)| it);
            let no_home = |it: &str| !self.new.contains_key(&self.renamed(it));
            let within = gone.contains(&parent) || (self.told.contains(parent) && no_home(parent));
            if within || self.told.contains(&item.path) || !self.is_changed(item) {
                continue;
            }
            if self.has_other_builder(item) {
                // Few name the type of a builder: they call its setters one after another.
                self.tell_builder(parent, &item.part, out);
                continue;
            }
            if !self.new.contains_key(&self.renamed(&item.path)) {
                gone.push(&item.path);
            }
            found.push(item.clone());
        }
        found
    }

    fn tell_builder(&self, builder: &str, part: &Part, out: &mut Vec<Change>) {
        if out.iter().any(|it| it.rust.iter().any(|it| it == builder)) {
            return;
        }
        let of_operation = |it: &&mut Change| it.class >= Class::Widening && self.is_of_operation(it, part);
        if let Some(change) = out.iter_mut().find(of_operation) {
            change.source_breaking = change.class != Class::Breaking;
            change.rust.push(builder.to_owned());
            return;
        }
        let mut change =
            Change::new(Class::Documentation, Side::Rust, format!("the builder `{builder}` has another name"));
        change.source_breaking = true;
        change.rust = vec![builder.to_owned()];
        out.push(change);
    }

    /// One change for all items of a part: the setters of all builders, and the field of the plain request.
    fn by_part(&mut self, items: Vec<Item>, out: &mut Vec<Change>) {
        let mut parts: Vec<(Part, usize)> = Vec::new();
        for item in items {
            let known =
                parts.iter().find(|(part, _)| !matches!(part, Part::Type(_) | Part::Client) && *part == item.part);
            if let Some((_, at)) = known {
                if !is_plain(&item.path) && out[*at].class == Class::Documentation {
                    out[*at].class = Class::Breaking;
                    out[*at].source_breaking = false;
                }
                out[*at].rust.push(item.path);
                continue;
            }
            let now = self.other_name(&item);
            let explains = |it: &Change| it.class == Class::Breaking && self.explains(it, &item);
            if let (None, Some(at)) = (&now, out.iter().position(explains)) {
                out[at].rust.push(item.path.clone());
                continue;
            }
            // Builders do not name what is sent without a name, and few fill a request by hand.
            let class = if is_plain(&item.path) { Class::Documentation } else { Class::Breaking };
            let mut change = Change::new(class, Side::Rust, self.words(&item, now.as_deref()));
            if let Some(id) = operation_of(&item.part) {
                change.operation = self.paired(id).map(|it| self.new_api.operation(it).full_name(self.new_api));
            }
            change.source_breaking = class != Class::Breaking;
            change.rust = std::iter::once(item.path.clone()).chain(now).collect();
            parts.push((item.part, out.len()));
            out.push(change);
        }
    }

    fn words(&self, item: &Item, now: Option<&str>) -> String {
        let path = &item.path;
        // Whoever wrote it by hand knows it.
        match (self.new.get(&self.renamed(path)), now) {
            (None, _) if path.ends_with("::Copy") => {
                format!("`{}` is no longer `Copy`", path.trim_end_matches("::Copy"))
            }
            (None, Some(now)) => format!("`{path}` is called `{now}` now"),
            (None, None) => format!("`{path}` is gone"),
            (Some(now), _) => format!("`{path}` is `{}` now (before: `{}`)", shown(now), shown(item)),
        }
    }

    /// What an item is called now: another one in the same place, of the same part and type, that was not there before.
    fn other_name(&self, item: &Item) -> Option<String> {
        let path = self.renamed(&item.path);
        if self.new.contains_key(&path) {
            return None;
        }
        let (home, signature) = (path.rsplit_once("::")?.0, self.renamed(&item.signature));
        let is_known = |path: &str| self.old.iter().any(|it| self.renamed(&it.path) == path);
        let within = format!("{home}::");
        let inside = self.new.range(within.clone()..).take_while(|(it, _)| it.starts_with(&within));
        let mut alike = inside.map(|(_, it)| it).filter(|it| {
            it.path.rsplit_once("::").is_some_and(|(it, _)| it == home)
                && it.signature == signature
                && self.is_same_part(&item.part, &it.part)
                && !is_known(&it.path)
        });
        let first = alike.next()?;
        alike.next().is_none().then(|| first.path.clone())
    }

    fn is_same_part(&self, was: &Part, is: &Part) -> bool {
        let paired = |id: &OperationId, other: &OperationId| self.pairs.contains(&(*id, *other));
        match (was, is) {
            (Part::Parameter(id, at), Part::Parameter(other, ix)) => {
                let (own, theirs) = (self.api.operation(*id), self.new_api.operation(*other));
                paired(id, other) && crate::pairs::parameters(own, theirs).get(at.0 as usize) == Some(&Some(*ix))
            }
            (Part::Field(_, name), Part::Field(_, other))
            | (Part::Value(_, name), Part::Value(_, other))
            | (Part::ErrorCode(name), Part::ErrorCode(other))
            | (Part::Event(name), Part::Event(other))
            | (Part::StreamEvent(_, name), Part::StreamEvent(_, other)) => name == other,
            _ => false,
        }
    }

    /// Whether a setter is gone because its builder is called otherwise: another one of the operation has the same.
    fn has_other_builder(&self, item: &Item) -> bool {
        let Part::Parameter(..) = item.part else { return false };
        let path = self.renamed(&item.path);
        let mut names = path.rsplitn(3, "::");
        let (Some(_), Some(builder), Some(module)) = (names.next(), names.next(), names.next()) else {
            return false;
        };
        let start = format!("{module}::{builder}::");
        let is_gone = !self.new.range(start.clone()..).next().is_some_and(|(it, _)| it.starts_with(&start));
        is_gone && !is_plain(&item.path)
    }

    /// Whether a breaking change is about what an item is made from: the same operation, or a type that it touches.
    fn explains(&self, change: &Change, item: &Item) -> bool {
        let home = item.path.split("::").take(3).collect::<Vec<_>>().join("::");
        let touches = || change.rust.iter().any(|it| *it == home || it.starts_with(&format!("{home}::")));
        match &item.part {
            _ if operation_of(&item.part).is_some() => self.is_of_operation(change, &item.part),
            // A type without a name in the spec is called after what holds it.
            Part::Type(id) if self.api.ty(*id).inline => same_module(change, item),
            Part::Client => {
                same_module(change, item) || (crate::callbacks::is_about(change) && home.ends_with("::webhook"))
            }
            Part::Type(id) => {
                touches() || (!self.new.contains_key(&self.renamed(&item.path)) && self.brings(change, *id))
            }
            // The kinds of bodies have a type of their own.
            Part::Value(id, _) if self.api.ty(*id).inline && change.place == "body" => true,
            Part::Field(..) | Part::Value(..) => touches(),
            _ => false,
        }
    }

    /// Whether a change is about what mentioned a type: its operation, the errors or the callbacks.
    fn brings(&self, change: &Change, id: TypeId) -> bool {
        let mut all = BTreeSet::new();
        let mut open: Vec<TypeId> = Vec::new();
        match &change.operation {
            Some(name) => {
                let is_it = |(_, new): &&(OperationId, OperationId)| {
                    self.new_api.operation(*new).full_name(self.new_api) == *name
                };
                let known = self.pairs.iter().find(is_it).map(|(old, _)| self.api.operation(*old));
                if let Some(operation) = known {
                    operation.parameters.types().for_each(|it| it.mentions(&mut open));
                    operation.output.types().into_iter().for_each(|it| it.mentions(&mut open));
                    operation.error_types().for_each(|it| it.mentions(&mut open));
                    if let specwright_codegen::model::Output::Task(task) = &operation.output {
                        open.extend([task.created, task.result]);
                    }
                    match operation.stream.as_ref().map(|it| &it.events) {
                        Some(specwright_codegen::model::StreamEvents::Data(ty)) => ty.mentions(&mut open),
                        Some(specwright_codegen::model::StreamEvents::Named(all)) => {
                            all.iter().filter_map(|(_, it)| it.as_ref()).for_each(|it| it.mentions(&mut open));
                        }
                        None => {}
                    }
                }
            }
            None if change.place.starts_with("error") => {
                let errors = &self.api.errors;
                let statuses = errors.statuses.iter().filter_map(|it| it.ty.as_ref());
                errors.ty.iter().chain(statuses).for_each(|it| it.mentions(&mut open));
            }
            None if crate::callbacks::is_about(change) => {
                let events = self.api.webhook.iter().flat_map(|it| &it.events).flat_map(|it| &it.events);
                events.for_each(|it| it.ty.mentions(&mut open));
            }
            None => {}
        }
        while let Some(next) = open.pop() {
            if all.insert(next) {
                self.api.ty(next).kind.mentions(&mut open);
            }
        }
        all.contains(&id)
    }

    /// Short ways to write something, and variants, that no other change tells of.
    fn additions(&self, out: &mut Vec<Change>) {
        let before: BTreeSet<String> = self.old.iter().map(|it| self.renamed(&it.path)).collect();
        let told: BTreeSet<String> = out.iter().flat_map(|it| it.rust.iter().cloned()).collect();
        let mut parts: Vec<(&Part, usize)> = Vec::new();
        for item in self.new.values().filter(|it| !before.contains(&it.path) && !told.contains(&it.path)) {
            let Some((home, name)) = item.path.rsplit_once("::") else { continue };
            let within = format!("{home}::");
            // Builders are no items themselves.
            let has_more = || before.range(within.clone()..).next().is_some_and(|it| it.starts_with(&within));
            let (message, operation) = match &item.part {
                // What a type always has follows from the rest.
                Part::Type(_) if before.contains(home) && !matches!(name, "new" | "Other" | "Copy" | "extra") => {
                    (format!("`{}` was added", item.path), None)
                }
                Part::Parameter(id, at) if has_more() && self.is_push(*id, *at, name, item) => {
                    (format!("`{}` was added", item.path), Some(*id))
                }
                Part::Variant(id, name) => (format!("the variant `{name}` was added"), Some(*id)),
                _ => continue,
            };
            let name = operation.map(|it| self.new_api.operation(it).full_name(self.new_api));
            if operation.is_some_and(|id| self.pairs.iter().all(|(_, it)| *it != id)) {
                continue;
            }
            let variant = match &item.part {
                Part::Variant(_, variant) => Some(variant),
                _ => None,
            };
            let explains = |it: &&mut Change| {
                let of_variant = variant.is_some_and(|variant| it.variants.contains(variant));
                it.class == Class::Widening && it.operation == name && of_variant
            };
            if let Some(change) = out.iter_mut().find(explains) {
                change.rust.push(item.path.clone());
                continue;
            }
            if let Some((_, at)) = parts.iter().find(|(it, _)| **it == item.part && !matches!(it, Part::Type(_))) {
                out[*at].rust.push(item.path.clone());
                continue;
            }
            let mut change = Change::new(Class::Widening, Side::Rust, message);
            change.operation = name;
            change.rust = vec![item.path.clone()];
            parts.push((&item.part, out.len()));
            out.push(change);
        }
    }

    /// Whether a method of a builder adds to a parameter that both specs have, beside its setter.
    fn is_push(&self, id: OperationId, at: specwright_codegen::model::FieldIx, name: &str, item: &Item) -> bool {
        let field = self.new_api.operation(id).parameters.field(at);
        let setter = |it: &String| *it != item.path && !is_plain(it);
        field.push.iter().any(|it| name.trim_end_matches('_') == it) && self.new.of_part(&item.part).iter().any(setter)
    }
}

fn same_module(change: &Change, item: &Item) -> bool {
    let module = |path: &str| path.split("::").nth(1).map(str::to_owned);
    change.rust.iter().any(|it| module(it) == module(&item.path))
}

fn shown(item: &Item) -> &str {
    if item.signature.is_empty() { "()" } else { &item.signature }
}
