//! `oneOf` and `anyOf`: their members, with what stands beside them.

use serde_json::Value;

use super::flat::{Choice, Flat, says_something};
use super::ty::{Piece, Ty};
use super::{Hint, Planner};
use crate::finding::{Place, fault};
use crate::gaps;
use crate::openapi::{Additional, Limits, Schema, SchemaId};

/// How many choices may contain each other.
const DEEPEST: usize = 6;
/// The most members that several choices together make.
const MOST_TOGETHER: usize = 64;
/// The most combinations of them that are looked at.
const MOST_TRIED: usize = 2048;

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
        let mut whole = Vec::new();
        for id in &members {
            let is_untyped = !flat.types.is_empty() && self.types_of(*id, 0).is_empty();
            let mut all = *id;
            if (needs_beside || is_untyped) && !self.contradicts(&flat.types, *id) {
                let beside = self.beside(base, flat);
                all = self.all_of(&[beside, *id]);
            }
            whole.push((*id, all));
        }
        // Members that what stands beside them leaves no values.
        let possible: Vec<_> = whole.iter().filter(|it| !self.has_no_value(it.1)).copied().collect();
        if let [(alone, _)] = possible.as_slice()
            && whole.len() > 1
            && flat.choices.len() == 1
            && let Some(part) = self.part_that_is(base, *alone)
        {
            return self.piece(part, hint);
        }
        let whole = if possible.is_empty() { whole } else { possible };
        let members: Vec<SchemaId> = whole.into_iter().map(|it| it.1).collect();
        let is_open = members.iter().any(|it| !says_something(self.schema(*it)));
        if is_open {
            // `{}` allows everything.
            if flat.choices.iter().any(|it| it.exclusive) && members.len() > 1 {
                self.out.push(fault::member_never_sent(place.clone()));
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

    /// The members of a choice; of several choices that must all hold, every combination that some value has.
    fn together(&mut self, choices: &[Choice], place: &Place) -> Vec<SchemaId> {
        let Some((first, rest)) = choices.split_first() else { return Vec::new() };
        if rest.is_empty() {
            return first.members.clone();
        }
        let mut all: Vec<Vec<SchemaId>> = vec![Vec::new()];
        for choice in choices {
            let members = self.expanded(choice);
            if all.len().saturating_mul(members.len()) > MOST_TRIED {
                all.clear();
                break;
            }
            let mut more: Vec<Vec<SchemaId>> = Vec::new();
            for chosen in &all {
                for member in &members {
                    let mut chosen = chosen.clone();
                    if !chosen.iter().any(|it| self.base(*it).0 == self.base(*member).0) {
                        chosen.push(*member);
                    }
                    let id = self.all_of(&chosen);
                    if chosen.len() == 1 || !self.has_no_value(id) {
                        more.push(chosen);
                    }
                }
            }
            all = more;
        }
        if all.is_empty() || all.len() > MOST_TOGETHER {
            self.gap(&gaps::NOT, place.clone(), &["a second choice beside `oneOf` or `anyOf`"]);
            return first.members.clone();
        }
        all.iter().map(|it| self.all_of(it)).collect()
    }

    /// The members of a choice, those of choices among them in their place.
    fn expanded(&self, choice: &Choice) -> Vec<SchemaId> {
        let mut found = Vec::new();
        let mut waiting: Vec<SchemaId> = choice.members.iter().rev().copied().collect();
        let mut seen = Vec::new();
        while let Some(id) = waiting.pop() {
            let (base, _) = self.base(id);
            let schema = self.schema(base);
            let inner = if choice.exclusive { &schema.one_of } else { &schema.any_of };
            let own = Schema { one_of: Vec::new(), any_of: Vec::new(), ..schema.clone() };
            let has_other = !schema.one_of.is_empty() && !schema.any_of.is_empty();
            if inner.is_empty() || has_other || says_something(&own) || seen.contains(&base) {
                found.push(id);
            } else {
                seen.push(base);
                waiting.extend(inner.iter().rev());
            }
        }
        found
    }

    /// The part of an `allOf` that is a member of the choice beside it, so that nothing else is left of the choice.
    fn part_that_is(&self, id: SchemaId, member: SchemaId) -> Option<SchemaId> {
        let schema = self.schema(id);
        let own = Schema { all_of: Vec::new(), ..schema.clone() };
        if says_something(&own) || schema.all_of.len() != 2 {
            return None;
        }
        schema.all_of.iter().copied().find(|it| self.base(*it).0 == self.base(member).0)
    }

    /// Whether the parts of a schema contradict each other: in the values of the whole, or of a field that it requires.
    fn has_no_value(&mut self, id: SchemaId) -> bool {
        if self.schema(id).all_of.len() < 2 {
            return false;
        }
        let flat = self.flat(id);
        let is_empty = |it: Option<Vec<Value>>| it.is_some_and(|it| it.is_empty());
        flat.nothing
            || is_empty(self.listed(&[id], DEEPEST))
            || flat
                .properties
                .iter()
                .any(|(name, ids)| ids.len() > 1 && flat.required.contains(name) && is_empty(self.listed(ids, DEEPEST)))
    }

    /// The values that are left where several schemas must hold; `None` where none of them lists any.
    fn listed(&self, ids: &[SchemaId], depth: usize) -> Option<Vec<Value>> {
        let mut found: Option<Vec<Value>> = None;
        let depth = depth.checked_sub(1)?;
        for id in ids {
            let schema = self.schema(*id);
            let parts: Vec<SchemaId> = schema.reference.into_iter().chain(schema.all_of.iter().copied()).collect();
            let constant = schema.constant.clone().map(|it| vec![it]);
            for list in [schema.values.clone(), constant, self.listed(&parts, depth)].into_iter().flatten() {
                match &mut found {
                    Some(found) => found.retain(|it| list.contains(it)),
                    None => found = Some(list),
                }
            }
        }
        found
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
