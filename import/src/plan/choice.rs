//! `oneOf` and `anyOf`: their members, with what stands beside them.

use serde_json::Value;

use super::flat::{Choice, Flat, says_something};
use super::ty::{Piece, Ty};
use super::{Hint, Planner};
use crate::finding::Place;
use crate::gaps;
use crate::openapi::{Additional, Limits, Schema, SchemaId};

/// How many choices may contain each other.
const DEEPEST: usize = 6;
/// The most members that several choices together make.
const MOST_TOGETHER: usize = 36;

impl Planner<'_> {
    pub(super) fn choice(&mut self, base: SchemaId, flat: &Flat, hint: &Hint, place: &Place) -> Piece {
        let is_object = !flat.properties.is_empty();
        if is_object && flat.choices.iter().all(|it| self.requires_only(it)) {
            let id = self.named(base, hint, place);
            return Piece::of(Ty::Named(id));
        }
        let Some(first) = flat.choices.first() else { return Piece::of(Ty::JSON) };
        let mut nullable = false;
        let mut members = Vec::new();
        for id in self.together(&flat.choices, place) {
            if self.is_null(id) {
                nullable = true;
            } else if !members.contains(&id) {
                members.push(id);
            }
        }
        let needs_beside = is_object
            || !flat.required.is_empty()
            || matches!(flat.additional, Additional::Of(_) | Additional::Denied)
            || flat.limits != Limits::default()
            || flat.format.is_some()
            || !flat.items.is_empty()
            || !flat.not.is_empty()
            || !flat.property_names.is_empty()
            || !flat.pattern_properties.is_empty()
            || !flat.dependent_required.is_empty();
        if needs_beside && self.expanding.len() > DEEPEST && is_object {
            self.gap(&gaps::AMBIGUOUS_UNION, place.clone(), &["choices contain each other"]);
            return Piece::of(Ty::JSON);
        }
        // What stands beside the choice holds for each member.
        for id in &mut members {
            let is_untyped = !flat.types.is_empty() && self.types_of(*id, 0).is_empty();
            if (needs_beside || is_untyped) && !self.contradicts(&flat.types, *id) {
                let beside = self.beside(base, flat);
                *id = self.all_of(&[beside, *id]);
            }
        }
        let is_open = members.iter().any(|it| !says_something(self.schema(*it)));
        if is_open {
            // `{}` allows everything.
            if flat.choices.iter().any(|it| it.exclusive) && members.len() > 1 {
                self.limit_gap(&gaps::OVERLAPPING, place.clone(), &[]);
            }
            return Piece::of(Ty::JSON);
        }
        // Of several choices that must all hold, each says how many of its members do.
        let is_mixed = flat.choices.iter().any(|it| it.exclusive != first.exclusive);
        if is_mixed {
            self.limit_gap(&gaps::OVERLAPPING, place.clone(), &[]);
        }
        let choice = Choice { members, exclusive: first.exclusive && !is_mixed, ..first.clone() };
        let mut piece = match choice.members.as_slice() {
            [] => Piece::of(Ty::JSON),
            [only] => {
                let mut piece = self.piece(*only, hint);
                piece.doc.clear();
                piece
            }
            _ => self.union(base, &choice, hint, place),
        };
        piece.nullable |= nullable || choice.members.iter().any(|it| self.allows_null(*it));
        piece
    }

    /// The members of a choice; of several choices that must all hold, every combination.
    fn together(&mut self, choices: &[Choice], place: &Place) -> Vec<SchemaId> {
        let count = choices.iter().map(|it| it.members.len()).fold(1_usize, usize::saturating_mul);
        let Some((first, rest)) = choices.split_first() else { return Vec::new() };
        if count > MOST_TOGETHER && !rest.is_empty() {
            self.gap(&gaps::NOT, place.clone(), &["a second choice beside `oneOf` or `anyOf`"]);
            return first.members.clone();
        }
        let mut all: Vec<Vec<SchemaId>> = first.members.iter().map(|it| vec![*it]).collect();
        for choice in rest {
            let with = |it: &Vec<SchemaId>| -> Vec<Vec<SchemaId>> {
                choice.members.iter().map(|other| it.iter().copied().chain([*other]).collect()).collect()
            };
            all = all.iter().flat_map(with).collect();
        }
        all.iter().map(|it| self.all_of(it)).collect()
    }

    pub(super) fn is_null(&self, id: SchemaId) -> bool {
        let (base, _) = self.base(id);
        let schema = self.schema(base);
        let only_null = schema.values.as_ref().is_some_and(|it| it.iter().all(Value::is_null))
            || schema.constant.as_ref().is_some_and(Value::is_null);
        // `type: "null"` leaves no other type; `nullable: true` alone says nothing.
        only_null || schema.nullable && schema.types.is_empty() && self.is_type_null(base)
    }

    fn is_type_null(&self, id: SchemaId) -> bool {
        let schema = self.schema(id);
        let silent = Schema { nullable: false, ..schema.clone() };
        !says_something(&silent)
    }

    fn allows_null(&self, id: SchemaId) -> bool {
        self.base(id).1.nullable
    }

    /// What stands beside the choices of a schema, as a schema.
    fn beside(&mut self, base: SchemaId, flat: &Flat) -> SchemaId {
        if let Some(id) = self.without_choices.get(&base) {
            return *id;
        }
        let mut beside = self.blank(base);
        beside.types.clone_from(&flat.types);
        for (name, ids) in &flat.properties {
            let id = self.all_of(ids);
            beside.properties.push((name.clone(), id));
        }
        beside.required.clone_from(&flat.required);
        beside.additional = flat.additional;
        beside.limits.clone_from(&flat.limits);
        beside.format.clone_from(&flat.format);
        beside.pattern_properties.clone_from(&flat.pattern_properties);
        beside.dependent_required.clone_from(&flat.dependent_required);
        if !flat.items.is_empty() {
            beside.items = Some(self.all_of(&flat.items));
        }
        beside.property_names = (!flat.property_names.is_empty()).then(|| self.all_of(&flat.property_names));
        // Several of them are each refused.
        beside.not = flat.not.first().copied();
        let id = self.add(beside);
        self.without_choices.insert(base, id);
        id
    }
}
