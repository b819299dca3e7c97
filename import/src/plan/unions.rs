//! Unions, judged when all types are known: by JSON type, by a tag, by the fields that their records require.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operation::PlannedOperations;
use super::ty::{Content, Field, Ty, TypeId};
use super::{Owner, Planner};
use crate::finding::{Level, fault};
use crate::gaps;
use crate::openapi::Discriminator;

/// How many members a union may have in the spec language.
const MOST_MEMBERS: usize = 64;

impl Planner<'_> {
    /// Decides what each union is.
    pub(super) fn judge_unions(&mut self, operations: &mut PlannedOperations<'_>) {
        self.resolve_aliases(operations);
        let unions: Vec<TypeId> = (0..self.types.len() as u32)
            .map(TypeId)
            .filter(|it| matches!(self.types[it.0 as usize].content, Content::Union(_)))
            .collect();
        for id in &unions {
            self.name_constants(*id);
        }
        for id in &unions {
            self.owner = Some(Owner::Type(*id));
            self.judge(*id);
        }
        self.owner = None;
        self.resolve_aliases(operations);
        self.tag_unions(&unions, operations);
        self.resolve_aliases(operations);
        self.break_cycles();
    }

    /// A discriminator says which value each member has, where the member itself does not.
    fn name_constants(&mut self, id: TypeId) {
        let Some(Some(discriminator)) = self.discriminators.get(&id).cloned() else { return };
        for member in self.leaves(id) {
            let Ty::Named(member) = member else { continue };
            let value = self.mapped_value(&discriminator, member);
            let Some(value) = value else { continue };
            let Content::Record { fields, .. } = &mut self.types[member.0 as usize].content else { continue };
            let Some(field) = fields.iter_mut().find(|it| it.name == discriminator.property) else {
                let mut piece = super::ty::Piece::of(Ty::STRING);
                piece.constant = Some(value.into());
                fields.insert(0, Field { name: discriminator.property.clone(), required: true, piece });
                continue;
            };
            let is_free = field.piece.constant.is_none() && field.piece.values.is_none();
            let is_text = matches!(field.piece.ty, Ty::Word("string"));
            if is_free && is_text {
                field.piece.constant = Some(value.into());
                field.piece.default = None;
                field.piece.limits.clear();
                field.required = true;
            } else if field.piece.constant.is_some() {
                // A constant with a default is there whenever it is meant.
                field.required = true;
            }
        }
    }

    /// The one value of a discriminator that stands for a type.
    fn mapped_value(&self, discriminator: &Discriminator, ty: TypeId) -> Option<String> {
        let planned = &self.types[ty.0 as usize];
        let base = planned.base?;
        if discriminator.mapping.is_empty() {
            return self.schema(base).name.clone();
        }
        let mut values = discriminator
            .mapping
            .iter()
            .filter(|(_, target)| target.is_some_and(|it| self.base(it).0 == base || it == base));
        let (value, _) = values.next()?;
        values.next().is_none().then(|| value.clone())
    }

    /// The members of a union that are no unions themselves.
    fn leaves(&self, id: TypeId) -> Vec<Ty> {
        let mut leaves = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![Ty::Named(id)];
        while let Some(ty) = waiting.pop() {
            match ty {
                Ty::Named(it) => match &self.types[it.0 as usize].content {
                    Content::Union(members) if seen.insert(it) => waiting.extend(members.iter().rev().cloned()),
                    Content::Same(other) if seen.insert(it) => waiting.push(other.clone()),
                    Content::Union(_) | Content::Same(_) => {}
                    _ if !leaves.contains(&Ty::Named(it)) => leaves.push(Ty::Named(it)),
                    _ => {}
                },
                Ty::Union(members) => waiting.extend(members.into_iter().rev()),
                other if !leaves.contains(&other) => leaves.push(other),
                _ => {}
            }
        }
        leaves
    }

    fn judge(&mut self, id: TypeId) {
        let leaves = self.leaves(id);
        let place = self.types[id.0 as usize].place.clone();
        let mut kinds: BTreeMap<u8, Vec<Ty>> = BTreeMap::new();
        for leaf in &leaves {
            kinds.entry(self.kind(leaf)).or_default().push(leaf.clone());
        }
        let mut members: Vec<Ty> = Vec::new();
        for (kind, mut of_kind) in kinds {
            if of_kind.len() == 1 {
                members.append(&mut of_kind);
                continue;
            }
            match kind {
                // Texts, of which one says no more than text.
                0 => {
                    if !of_kind.contains(&Ty::STRING) {
                        self.gap(&gaps::MERGED_UNION, place.clone(), &["several members are text"]);
                    }
                    members.push(Ty::STRING);
                }
                1 => members.push(Ty::Word("number")),
                3 => {
                    let mut items = Vec::new();
                    for it in of_kind {
                        let Ty::List(item) = it else { continue };
                        match *item {
                            Ty::Union(inner) => items.extend(inner),
                            other => items.push(other),
                        }
                    }
                    items.dedup();
                    self.gap(&gaps::MERGED_UNION, place.clone(), &["several members are lists"]);
                    let words = items.iter().all(|it| matches!(it, Ty::Word(word) if *word != "json"));
                    let kinds: BTreeSet<u8> = items.iter().map(|it| self.kind(it)).collect();
                    let item = if words && kinds.len() == items.len() { Ty::Union(items) } else { Ty::JSON };
                    members.push(Ty::List(Box::new(item)));
                }
                4 => match self.why_not_apart(&of_kind) {
                    None => members.append(&mut of_kind),
                    Some(why) => {
                        self.refuse(id, &why);
                        return;
                    }
                },
                _ => {
                    self.refuse(id, "any JSON is one of them");
                    return;
                }
            }
        }
        if leaves.iter().any(|it| self.kind(it) == 5) {
            self.refuse(id, "any JSON is one of them");
            return;
        }
        if members.len() > MOST_MEMBERS {
            self.refuse(id, &format!("there are {} of them", members.len()));
            return;
        }
        // In the order of the document.
        members.sort_by_key(|it| leaves.iter().position(|leaf| leaf == it).unwrap_or(usize::MAX));
        let planned = &mut self.types[id.0 as usize];
        planned.content = match members.as_slice() {
            [only] => Content::Same(only.clone()),
            _ => Content::Union(members),
        };
    }

    fn refuse(&mut self, id: TypeId, why: &str) {
        let place = self.types[id.0 as usize].place.clone();
        self.gap(&gaps::AMBIGUOUS_UNION, place, &[why]);
        self.types[id.0 as usize].content = Content::Same(Ty::JSON);
    }

    /// Text, number, boolean, list, object, or anything.
    fn kind(&self, ty: &Ty) -> u8 {
        match ty {
            Ty::Word("integer" | "number") => 1,
            Ty::Word("boolean") => 2,
            Ty::Word("json" | "file") | Ty::Union(_) => 5,
            Ty::Word(_) => 0,
            Ty::List(_) => 3,
            Ty::Map(_) => 4,
            Ty::Nullable(it) => self.kind(it),
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                Content::Enum(_) => 0,
                Content::Same(Ty::Named(_)) => 5,
                Content::Same(other) => self.kind(other),
                Content::Waiting | Content::Record { .. } | Content::Tagged { .. } => 4,
                Content::Union(_) => 5,
            },
        }
    }

    /// Why some objects cannot be told apart; nothing if they can.
    fn why_not_apart(&self, members: &[Ty]) -> Option<String> {
        let mut records: Vec<(&str, &Vec<Field>)> = Vec::new();
        for it in members {
            let Ty::Named(id) = it else { return Some("one of them is a map".to_owned()) };
            let planned = &self.types[id.0 as usize];
            match &planned.content {
                Content::Record { fields, .. } => records.push((&planned.name, fields)),
                _ => return Some(format!("`{}` is no record", planned.name)),
            }
        }
        let (_, first) = records.first()?;
        let by_value = first.iter().any(|field| {
            let mut seen: BTreeSet<String> = BTreeSet::new();
            records.iter().all(|(_, fields)| {
                let found = fields.iter().find(|it| it.name == field.name && it.required);
                let values = found.and_then(|it| self.values_of(it));
                values.is_some_and(|it| it.iter().all(|value| seen.insert(value.to_string())))
            })
        });
        if by_value {
            return None;
        }
        let without = records.iter().enumerate().find(|(at, (_, fields))| {
            let others = || records.iter().enumerate().filter(|(other, _)| other != at);
            !fields.iter().any(|it| {
                it.required && others().all(|(_, (_, fields))| fields.iter().all(|other| other.name != it.name))
            })
        });
        without.map(|(_, (name, _))| format!("`{name}` requires no field that the others lack"))
    }

    /// The values that a field is limited to.
    fn values_of(&self, field: &Field) -> Option<Vec<Value>> {
        if field.piece.nullable {
            return None;
        }
        if let Some(constant) = &field.piece.constant {
            return Some(vec![constant.clone()]);
        }
        let closed = |values: &crate::spec::Values| {
            (!values.open).then(|| values.list.iter().map(|it| it.value.clone()).collect())
        };
        match (&field.piece.values, &field.piece.ty) {
            (Some(values), _) => closed(values),
            (None, Ty::Named(id)) => match &self.types[id.0 as usize].content {
                Content::Enum(values) => closed(values),
                _ => None,
            },
            _ => None,
        }
    }

    /// Unions whose records are told apart by a constant text, and stand nowhere else, get a tag.
    fn tag_unions(&mut self, unions: &[TypeId], operations: &PlannedOperations<'_>) {
        let mut tags: BTreeMap<TypeId, (String, Vec<(String, TypeId)>)> = BTreeMap::new();
        for id in unions {
            tags.extend(self.tag_of(*id).map(|it| (*id, it)));
        }
        // A record that stands elsewhere has to list the tag itself.
        let uses = self.uses_by_type(operations);
        loop {
            let mut wrong = Vec::new();
            for (id, (tag, members)) in &tags {
                let fits = members.iter().all(|(value, member)| {
                    uses.get(member).into_iter().flatten().all(|it| match it {
                        Owner::Type(user) => tags.get(user).is_some_and(|(other, members)| {
                            other == tag && members.iter().any(|(it, id)| id == member && it == value)
                        }),
                        Owner::Operation(_) => false,
                    })
                });
                if !fits {
                    wrong.push(*id);
                }
            }
            if wrong.is_empty() {
                break;
            }
            for id in wrong {
                tags.remove(&id);
            }
        }
        for (id, (tag, members)) in tags {
            for (_, member) in &members {
                if let Content::Record { fields, .. } = &mut self.types[member.0 as usize].content {
                    fields.retain(|it| it.name != tag);
                }
            }
            self.types[id.0 as usize].content = Content::Tagged { tag, members, open: false };
        }
    }

    /// The field that tells the records of a union apart, and its value in each.
    fn tag_of(&self, id: TypeId) -> Option<(String, Vec<(String, TypeId)>)> {
        let Content::Union(members) = &self.types[id.0 as usize].content else { return None };
        let mut records: Vec<(TypeId, &Vec<Field>)> = Vec::new();
        for it in members {
            let Ty::Named(id) = it else { return None };
            let Content::Record { fields, .. } = &self.types[id.0 as usize].content else { return None };
            records.push((*id, fields));
        }
        let (_, first) = records.first()?;
        first.iter().find_map(|field| {
            let mut values: Vec<(String, TypeId)> = Vec::new();
            for (id, fields) in &records {
                let found = fields.iter().find(|it| it.name == field.name && it.required)?;
                let value = found.piece.constant.as_ref()?.as_str()?.to_owned();
                if values.iter().any(|it| it.0 == value) {
                    return None;
                }
                values.push((value, *id));
            }
            (values.len() > 1).then(|| (field.name.clone(), values))
        })
    }

    /// Records that always contain themselves get an optional field.
    fn break_cycles(&mut self) {
        for at in 0..self.types.len() {
            while let Some((record, field)) = self.endless(TypeId(at as u32)) {
                let place = self.types[record.0 as usize].place.clone();
                let name = self.types[record.0 as usize].name.clone();
                self.out.push(fault::endless_type(&name, place));
                self.mark_of(Owner::Type(record), Level::Approximated);
                if let Content::Record { fields, .. } = &mut self.types[record.0 as usize].content {
                    fields[field].required = false;
                }
            }
        }
    }

    /// A field through which a record always contains itself.
    fn endless(&self, start: TypeId) -> Option<(TypeId, usize)> {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(id) = waiting.pop() {
            let Content::Record { fields, .. } = &self.types[id.0 as usize].content else { continue };
            for (at, field) in fields.iter().enumerate() {
                let Ty::Named(next) = &field.piece.ty else { continue };
                if !field.required || field.piece.nullable {
                    continue;
                }
                if *next == start {
                    return Some((id, at));
                }
                if seen.insert(*next) {
                    waiting.push(*next);
                }
            }
        }
        None
    }
}
