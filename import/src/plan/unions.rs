//! Unions, judged when all types are known: by JSON type, by a tag, by the fields that their records require.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operation::PlannedOperations;
use super::ty::{Content, Field, Ty, TypeId};
use super::{Owner, Planner, Worst};
use crate::finding::{Level, fault};
use crate::gaps;
use crate::openapi::Discriminator;

/// Kinds of JSON, by which members of unions are told apart.
const TEXT: u8 = 0;
const NUMBER: u8 = 1;
const BOOLEAN: u8 = 2;
const LIST: u8 = 3;
const OBJECT: u8 = 4;
const ANY: u8 = 5;

/// How many members a union may have in the spec language.
const MOST_MEMBERS: usize = 256;

impl Planner<'_> {
    /// Decides what each union is.
    pub(super) fn judge_unions(&mut self, operations: &mut PlannedOperations<'_>) {
        self.resolve_aliases(operations);
        let unions: Vec<TypeId> = (0..self.types.len() as u32)
            .map(TypeId)
            .filter(|it| matches!(self.types[it.0 as usize].content, Content::Union(_)))
            .collect();
        let uses = self.uses_by_type(operations);
        for id in &unions {
            self.name_constants(*id, &uses);
        }
        for id in &unions {
            self.owner = Some(Owner::Type(*id));
            self.judge(*id);
        }
        self.owner = None;
        self.resolve_aliases(operations);
        self.tag_unions(&unions, operations);
        self.resolve_aliases(operations);
        self.write_in_place(&unions, operations);
        self.resolve_aliases(operations);
        self.break_cycles();
    }

    /// A discriminator says which value each member has, where the member itself does not.
    fn name_constants(&mut self, id: TypeId, uses: &BTreeMap<TypeId, Vec<Owner>>) {
        let Some(Some(discriminator)) = self.discriminators.get(&id).cloned() else { return };
        let leaves = self.leaves(id);
        let constant_of = |planner: &Self, it: &Ty| {
            let fields = planner.record(it)?.2;
            fields.iter().find(|it| it.name == discriminator.property)?.piece.constant.clone()
        };
        let constants: Vec<Option<Value>> = leaves.iter().map(|it| constant_of(self, it)).collect();
        for (at, member) in leaves.into_iter().enumerate() {
            // What another member has too tells nothing.
            let tells = constants.iter().filter(|it| **it == constants[at]).count() == 1;
            let Ty::Named(member) = member else { continue };
            let value = self.mapped_value(&discriminator, member);
            let Some(value) = value else { continue };
            let stands_elsewhere = !self.is_only_told_by(&discriminator.property, member, uses);
            let Content::Record { fields, .. } = &mut self.types[member.0 as usize].content else { continue };
            let Some(field) = fields.iter_mut().find(|it| it.name == discriminator.property) else {
                // Where the record stands alone, nobody sends it.
                if stands_elsewhere {
                    continue;
                }
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
            } else if field.piece.constant.is_some() && !field.required && tells {
                // A constant with a default is there whenever it is meant.
                field.required = true;
                let place = self.types[member.0 as usize].place.clone();
                self.out.push(fault::optional_discriminator(&discriminator.property, place));
            }
        }
    }

    /// Whether a type is nothing but a member of unions that a property tells apart.
    fn is_only_told_by(&self, property: &str, member: TypeId, uses: &BTreeMap<TypeId, Vec<Owner>>) -> bool {
        uses.get(&member).into_iter().flatten().all(|it| match it {
            Owner::Type(user) => {
                let by_it = |it: &Option<Discriminator>| it.as_ref().is_some_and(|it| it.property == property);
                let is_union = matches!(self.types[user.0 as usize].content, Content::Union(_));
                is_union && self.discriminators.get(user).is_none_or(by_it)
            }
            Owner::Operation(_) => false,
        })
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

    /// The unions among the members of a union, and among theirs.
    fn nested_unions(&self, id: TypeId) -> Vec<TypeId> {
        let mut seen = Vec::new();
        let mut waiting = vec![Ty::Named(id)];
        while let Some(ty) = waiting.pop() {
            match ty {
                Ty::Named(it) if !seen.contains(&it) => match &self.types[it.0 as usize].content {
                    Content::Union(members) => {
                        seen.push(it);
                        waiting.extend(members.iter().cloned());
                    }
                    Content::Same(other) => waiting.push(other.clone()),
                    _ => {}
                },
                Ty::Union(members) => waiting.extend(members),
                _ => {}
            }
        }
        seen.retain(|it| *it != id);
        seen
    }

    /// Whether the members of a union mean something else as members of the one around it: where a value may be of two.
    fn is_widened(&self, id: TypeId, in_exclusive: bool, all: &[Ty]) -> bool {
        let exclusive = self.types[id.0 as usize].exclusive;
        if !exclusive && !in_exclusive {
            return false;
        }
        let own = self.leaves(id);
        let others: Vec<&Ty> = all.iter().filter(|it| !own.contains(it)).collect();
        own.iter().enumerate().any(|(at, one)| {
            own[at + 1..].iter().any(|other| {
                let is_of_another = |it: &&Ty| self.may_be_both(it, one) && self.may_be_both(it, other);
                // What two members of both refuse, both refuse, unless a third one accepts it.
                let matters = exclusive != in_exclusive || others.iter().any(is_of_another);
                matches!(self.kind(one), LIST | OBJECT) && self.may_be_both(one, other) && matters
            })
        })
    }

    /// Whether some value of a request may be of two types.
    fn may_be_both(&self, one: &Ty, other: &Ty) -> bool {
        let (kind, of_other) = (self.kind(one), self.kind(other));
        let (Some(ours), Some(theirs)) = (self.record(one), self.record(other)) else {
            return kind == of_other || kind == ANY || of_other == ANY;
        };
        let unknown = |fields: &[Field], (open, extra, known): (bool, bool, &Vec<Field>)| {
            let is_new = |it: &Field| is_there(it) && known.iter().all(|known| known.name != it.name);
            !open && !extra && fields.iter().any(is_new)
        };
        let (fields, other_fields) = (ours.2, theirs.2);
        let differs = |field: &Field| {
            let same = other_fields.iter().find(|it| it.name == field.name && is_there(it) && is_there(field));
            let values = same.and_then(|it| self.values_of(field).zip(self.values_of(it)));
            values.is_some_and(|(ours, theirs)| ours.iter().all(|it| !theirs.contains(it)))
        };
        !(unknown(fields, theirs) || unknown(other_fields, ours) || fields.iter().any(differs))
    }

    /// The fields of a record, and whether it may have any others, or others of one type.
    fn record(&self, ty: &Ty) -> Option<(bool, bool, &Vec<Field>)> {
        let Ty::Named(id) = ty else { return None };
        match &self.types[id.0 as usize].content {
            Content::Record { fields, open, extra, .. } => Some((*open, extra.is_some(), fields)),
            _ => None,
        }
    }

    pub(super) fn judge(&mut self, id: TypeId) {
        let leaves = self.leaves(id);
        if leaves.contains(&Ty::JSON) {
            // One that takes any JSON makes it any JSON.
            self.types[id.0 as usize].content = Content::Same(Ty::JSON);
            return;
        }
        if leaves.contains(&Ty::Word("file")) {
            self.refuse(id, "a file is one of them");
            return;
        }
        let place = self.types[id.0 as usize].place.clone();
        let mut kinds: BTreeMap<u8, Vec<Ty>> = BTreeMap::new();
        for leaf in &leaves {
            kinds.entry(self.kind(leaf)).or_default().push(leaf.clone());
        }
        let mut members: Vec<Ty> = Vec::new();
        let exclusive = self.types[id.0 as usize].exclusive;
        // Whether nothing tells some members apart.
        let mut is_kept = false;
        // Whether several members accept some value, of which only one may, and no type says so.
        let overlaps = self.nested_unions(id).into_iter().any(|it| self.is_widened(it, exclusive, &leaves));
        for (kind, mut of_kind) in kinds {
            if of_kind.len() == 1 {
                members.append(&mut of_kind);
                continue;
            }
            match kind {
                TEXT => {
                    if exclusive && of_kind.contains(&Ty::STRING) {
                        self.out.push(fault::member_never_sent(place.clone()));
                    }
                    let joined = self.joined_texts(id, &of_kind);
                    if joined == Ty::STRING && !of_kind.contains(&Ty::STRING) {
                        self.limit_gap(&gaps::MERGED_UNION, place.clone(), &["several members are text"]);
                    }
                    members.push(joined);
                }
                NUMBER => {
                    if exclusive {
                        self.out.push(fault::member_never_sent(place.clone()));
                    }
                    let is_wide = of_kind.iter().any(|it| matches!(it, Ty::Word("number" | "uint64")));
                    members.push(Ty::Word(if is_wide { "number" } else { "integer" }));
                }
                LIST => {
                    is_kept = true;
                    members.append(&mut of_kind);
                }
                OBJECT => {
                    is_kept |= !self.are_apart(&of_kind);
                    members.append(&mut of_kind);
                }
                _ => members.extend(of_kind.pop()),
            }
        }
        if members.len() > MOST_MEMBERS {
            self.refuse(id, &format!("there are {} of them", members.len()));
            return;
        }
        // In the order of the document.
        members.sort_by_key(|it| leaves.iter().position(|leaf| leaf == it).unwrap_or(usize::MAX));
        if overlaps {
            self.limit_gap(&gaps::OVERLAPPING, place, &[]);
        }
        let planned = &mut self.types[id.0 as usize];
        planned.any_of = is_kept && (!exclusive || overlaps);
        planned.content = match members.as_slice() {
            [only] => Content::Same(only.clone()),
            _ => Content::Union(members),
        };
    }

    /// Enums as one of all their values; text, if one of them is.
    fn joined_texts(&mut self, union: TypeId, texts: &[Ty]) -> Ty {
        let mut all = crate::spec::Values::default();
        for text in texts {
            let Ty::Named(id) = text else { return Ty::STRING };
            let Content::Enum(values) = &self.types[id.0 as usize].content else { return Ty::STRING };
            all.open |= values.open;
            let new = values.list.iter().filter(|it| !all.list.iter().any(|known| known.value == it.value));
            let new: Vec<_> = new.cloned().collect();
            all.list.extend(new);
        }
        let planned = &self.types[union.0 as usize];
        let (place, hint) = (planned.place.clone(), super::Hint::new(&planned.name, "Text"));
        Ty::Named(self.hoist(place, &hint, Content::Enum(all)))
    }

    fn refuse(&mut self, id: TypeId, why: &str) {
        let place = self.types[id.0 as usize].place.clone();
        self.gap(&gaps::AMBIGUOUS_UNION, place, &[why]);
        self.types[id.0 as usize].content = Content::Same(Ty::JSON);
    }

    fn kind(&self, ty: &Ty) -> u8 {
        match ty {
            Ty::Word("integer" | "int32" | "uint32" | "uint64" | "number") => NUMBER,
            Ty::Word("boolean") => BOOLEAN,
            Ty::Word("json" | "file") | Ty::Union(_) => ANY,
            Ty::Word(_) => TEXT,
            Ty::List(_) | Ty::Tuple(_) => LIST,
            Ty::Map(_) => OBJECT,
            Ty::Nullable(it) => self.kind(it),
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                Content::Enum(_) => TEXT,
                Content::Same(Ty::Named(_)) => ANY,
                Content::Same(other) => self.kind(other),
                Content::Waiting | Content::Record { .. } | Content::Tagged { .. } => OBJECT,
                Content::Union(_) => ANY,
            },
        }
    }

    /// Whether some objects can be told apart, by the rules of the spec language.
    fn are_apart(&self, members: &[Ty]) -> bool {
        let mut records: Vec<(bool, &Vec<Field>)> = Vec::new();
        for it in members {
            match self.record(it) {
                Some((open, _, fields)) => records.push((open, fields)),
                None => return false,
            }
        }
        let Some((_, first)) = records.first() else { return true };
        let by_value = first.iter().any(|field| {
            let mut seen: BTreeSet<String> = BTreeSet::new();
            records.iter().all(|(_, fields)| {
                let found = fields.iter().find(|it| it.name == field.name && is_there(it));
                let values = found.and_then(|it| self.values_of(it));
                values.is_some_and(|it| it.iter().all(|value| seen.insert(value.to_string())))
            })
        });
        by_value
            || records.iter().enumerate().all(|(at, (_, fields))| {
                let others = || records.iter().enumerate().filter(|(other, _)| *other != at);
                fields.iter().any(|it| {
                    is_there(it)
                        && others().all(|(_, (open, fields))| !open && fields.iter().all(|other| other.name != it.name))
                })
            })
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
        let mut tags: BTreeMap<TypeId, (String, Vec<(Value, TypeId)>)> = BTreeMap::new();
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
    fn tag_of(&self, id: TypeId) -> Option<(String, Vec<(Value, TypeId)>)> {
        let Content::Union(members) = &self.types[id.0 as usize].content else { return None };
        if self.types[id.0 as usize].any_of {
            return None;
        }
        let mut records: Vec<(TypeId, &Vec<Field>)> = Vec::new();
        for it in members {
            let Ty::Named(id) = it else { return None };
            let Content::Record { fields, .. } = &self.types[id.0 as usize].content else { return None };
            records.push((*id, fields));
        }
        let (_, first) = records.first()?;
        first.iter().find_map(|field| {
            let mut values: Vec<(Value, TypeId)> = Vec::new();
            for (id, fields) in &records {
                let found = fields.iter().find(|it| it.name == field.name && it.required)?;
                let value = found.piece.constant.clone()?;
                if values.iter().any(|it| it.0 == value) {
                    return None;
                }
                values.push((value, *id));
            }
            let kinds: [fn(&Value) -> bool; 3] = [Value::is_string, Value::is_i64, Value::is_boolean];
            let is_of_one_kind = kinds.iter().any(|is| values.iter().all(|it| is(&it.0)));
            (values.len() > 1 && is_of_one_kind).then(|| (field.name.clone(), values))
        })
    }

    /// Records that always contain themselves get an optional field.
    fn break_cycles(&mut self) {
        for at in 0..self.types.len() {
            while let Some((record, field)) = self.endless(TypeId(at as u32)) {
                let place = self.types[record.0 as usize].place.clone();
                let name = self.types[record.0 as usize].name.clone();
                self.out.push(fault::endless_type(&name, place));
                self.mark_of(Owner::Type(record), Worst { everywhere: Some(Level::Approximated), in_requests: None });
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

/// Whether a record always has a field, sent or received.
fn is_there(field: &Field) -> bool {
    field.required && !field.piece.read_only && !field.piece.write_only
}
