//! `oneOf` and `anyOf`.

use serde_json::Value;

use super::flat::{Choice, Flat};
use super::ty::{Content, Piece, Ty};
use super::{Hint, Planner};
use crate::finding::Place;
use crate::gaps;
use crate::openapi::{Additional, Schema, SchemaId};
use crate::spec::{Rule, Values};

/// How many choices may contain each other.
const DEEPEST: usize = 6;

impl Planner<'_> {
    pub(super) fn choice(&mut self, base: SchemaId, flat: &Flat, hint: &Hint, place: &Place) -> Piece {
        let is_object = !flat.properties.is_empty();
        if is_object && flat.choices.iter().all(|it| self.requires_only(it)) {
            let id = self.named(base, hint, place);
            return Piece::of(Ty::Named(id));
        }
        let Some(choice) = flat.choices.first() else { return Piece::of(Ty::JSON) };
        if flat.choices.len() > 1 {
            self.gap(&gaps::NOT, place.clone(), &["a second choice beside `oneOf` or `anyOf`"]);
        }
        let mut nullable = false;
        let mut members = Vec::new();
        for id in &choice.members {
            if self.is_null(*id) {
                nullable = true;
            } else if !members.contains(id) {
                members.push(*id);
            }
        }
        // What stands beside the choice holds for each member.
        if is_object || !flat.required.is_empty() || matches!(flat.additional, Additional::Of(_)) {
            if self.expanding.len() > DEEPEST {
                self.gap(&gaps::AMBIGUOUS_UNION, place.clone(), &["choices contain each other"]);
                return Piece::of(Ty::JSON);
            }
            let beside = self.beside(base, flat);
            members = members.into_iter().map(|it| self.all_of(&[beside, it])).collect();
        }
        if members.iter().any(|it| !super::flat::says_something(self.schema(*it))) {
            // `{}` allows everything.
            return Piece::of(Ty::JSON);
        }
        let choice = Choice { members, ..choice.clone() };
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

    /// Whether each member does nothing but require properties.
    pub(super) fn requires_only(&self, choice: &Choice) -> bool {
        choice.members.iter().all(|it| {
            let schema = self.schema(*it);
            let silent = Schema { required: Vec::new(), types: Vec::new(), ..schema.clone() };
            !schema.required.is_empty() && !super::flat::says_something(&silent)
        })
    }

    /// The rules of choices that do nothing but require properties.
    pub(super) fn rules(&mut self, flat: &Flat, place: &Place) -> Vec<Rule> {
        let mut rules = Vec::new();
        for choice in &flat.choices {
            let mut names = Vec::new();
            let mut single = true;
            for id in &choice.members {
                match self.schema(*id).required.as_slice() {
                    [only] => names.push(only.clone()),
                    _ => single = false,
                }
            }
            names.dedup();
            let known = names.iter().all(|it| flat.properties.iter().any(|(name, _)| name == it));
            let free = names.iter().all(|it| !flat.required.contains(it));
            if single && known && free && names.len() > 1 {
                rules.push(Rule { keyword: if choice.exclusive { "exactly_one_of" } else { "any_of" }, names });
            } else {
                self.gap(&gaps::NOT, place.clone(), &["a choice between required properties"]);
            }
        }
        rules
    }

    fn is_null(&self, id: SchemaId) -> bool {
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
        !super::flat::says_something(&silent)
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
        let id = self.add(beside);
        self.without_choices.insert(base, id);
        id
    }

    fn union(&mut self, base: SchemaId, choice: &Choice, hint: &Hint, place: &Place) -> Piece {
        let members: Vec<Piece> = choice
            .members
            .iter()
            .enumerate()
            .map(|(at, it)| {
                let own = self.schema(*it).title.clone();
                self.piece(*it, &hint.member(at, own))
            })
            .collect();
        if let Some(piece) = self.numbers(&choice.members, &members) {
            return piece;
        }
        if let Some(piece) = self.texts(base, &members, hint, place) {
            return piece;
        }
        let plain = members.iter().all(|it| it.is_plain() && !matches!(it.ty, Ty::Named(_) | Ty::Union(_)));
        let named = self.schema(base).name.is_some();
        let mut whole = Piece::of(Ty::JSON);
        let mut types: Vec<Ty> = Vec::new();
        for member in members {
            let ty = self.member_type(member, &mut whole, hint, place);
            if ty == Ty::JSON {
                return Piece::of(Ty::JSON);
            }
            let flattened = match ty {
                Ty::Union(members) => members,
                ty => vec![ty],
            };
            for ty in flattened {
                if !types.contains(&ty) {
                    types.push(ty);
                }
            }
        }
        let same =
            |types: &[Ty], words: &[&str]| types.iter().all(|it| matches!(it, Ty::Word(it) if words.contains(it)));
        if same(&types, &["integer", "number"]) {
            types = vec![Ty::Word("number")];
        }
        whole.ty = match types.as_slice() {
            [only] => only.clone(),
            _ if plain && !named && are_kinds_apart(&types) => Ty::Union(types),
            _ => {
                // A union of records is judged when all records are known.
                let id = self.declare(base, hint, place);
                self.types[id.0 as usize].content = Content::Union(types);
                self.discriminators.insert(id, choice.discriminator.clone());
                Ty::Named(id)
            }
        };
        whole
    }

    /// The type of a member; what limits it goes to the whole, where it is said of values of its kind alone.
    fn member_type(&mut self, member: Piece, whole: &mut Piece, hint: &Hint, place: &Place) -> Ty {
        let mut member = member;
        if let Some(values) = member.values.take() {
            if values.list.iter().all(|it| it.value.is_string()) {
                let id = self.hoist(place.clone(), &hint.value(), Content::Enum(values));
                return Ty::Named(id);
            }
            self.gap(&gaps::LIMIT, place.clone(), &["the values of a member of a union are not said"]);
        }
        if let Some(constant) = member.constant.take() {
            if constant.is_string() {
                let value = crate::spec::EnumValue { value: constant, doc: String::new(), rust: None };
                let values = Values { list: vec![value], open: false };
                let id = self.hoist(place.clone(), &hint.value(), Content::Enum(values));
                return Ty::Named(id);
            }
            self.gap(&gaps::LIMIT, place.clone(), &["the value of a member of a union is not said"]);
        }
        for limit in member.limits {
            match whole.limits.iter().find(|it| it.0 == limit.0) {
                None => whole.limits.push(limit),
                Some(other) if *other == limit => {}
                Some(_) => self.gap(&gaps::LIMIT, place.clone(), &["a limit of one member of a union is not said"]),
            }
        }
        if member.items != whole.items {
            if whole.items == Default::default() {
                whole.items = member.items;
            } else {
                self.gap(&gaps::LIMIT, place.clone(), &["a limit of the items of a member of a union is not said"]);
            }
        }
        member.ty
    }

    /// Members that are all one number each: an enum, whose words are those of the members.
    fn numbers(&self, ids: &[SchemaId], members: &[Piece]) -> Option<Piece> {
        let mut values = Values::default();
        for (id, member) in ids.iter().zip(members) {
            let constant = member.constant.as_ref().filter(|it| it.is_i64())?;
            let title = self.schema(*id).title.clone().unwrap_or_default();
            let doc = crate::text::plain(if member.doc.is_empty() { &title } else { &member.doc });
            if !values.list.iter().any(|it| it.value == *constant) {
                values.list.push(crate::spec::EnumValue { value: constant.clone(), doc, rust: None });
            }
        }
        Some(Piece { values: Some(values), ..Piece::of(Ty::Word("integer")) })
    }

    /// Members that are all text: an enum, perhaps an open one, or text.
    fn texts(&mut self, base: SchemaId, members: &[Piece], hint: &Hint, place: &Place) -> Option<Piece> {
        let mut values = Values::default();
        let mut free: Vec<&Piece> = Vec::new();
        for member in members {
            let listed = match (&member.ty, &member.values, &member.constant) {
                (Ty::Word("string"), Some(values), _) => Some(values.list.clone()),
                (Ty::Word("string"), None, Some(constant)) => {
                    Some(vec![crate::spec::EnumValue { value: constant.clone(), doc: member.doc.clone(), rust: None }])
                }
                (Ty::Named(id), ..) => match &self.types[id.0 as usize].content {
                    Content::Enum(values) => {
                        values_open(&mut free, values.open, member);
                        Some(values.list.clone())
                    }
                    _ => None,
                },
                (Ty::Word(word), ..) if is_text(word) => {
                    free.push(member);
                    continue;
                }
                _ => None,
            }?;
            for value in listed {
                if !values.list.iter().any(|it| it.value == value.value) {
                    values.list.push(value);
                }
            }
        }
        if values.list.is_empty() {
            // Texts of several kinds.
            let mut piece = Piece::of(Ty::STRING);
            let unlimited = free.iter().any(|it| it.ty == Ty::STRING && it.is_plain());
            if !unlimited {
                self.gap(&gaps::MERGED_UNION, place.clone(), &["they are all text"]);
                piece.unclear.push("The document allows texts of several forms".to_owned());
            }
            return Some(piece);
        }
        let unlimited = free.iter().any(|it| it.is_plain());
        if !free.is_empty() && !unlimited {
            self.gap(&gaps::MERGED_UNION, place.clone(), &["they are all text"]);
        }
        values.open = !free.is_empty();
        let mut piece = Piece::of(Ty::STRING);
        if self.schema(base).name.is_some() {
            let id = self.declare(base, hint, place);
            self.types[id.0 as usize].content = Content::Enum(values);
            piece.ty = Ty::Named(id);
        } else {
            piece.values = Some(values);
        }
        Some(piece)
    }
}

fn values_open<'p>(free: &mut Vec<&'p Piece>, open: bool, member: &'p Piece) {
    if open {
        free.push(member);
    }
}

pub(super) fn is_text(word: &str) -> bool {
    !matches!(word, "integer" | "number" | "boolean" | "json" | "file")
}

/// Whether types without names have different kinds of JSON.
fn are_kinds_apart(types: &[Ty]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    types.iter().all(|it| match it {
        Ty::Word("integer" | "number") => seen.insert(0),
        Ty::Word("boolean") => seen.insert(1),
        Ty::Word("json" | "file") | Ty::Named(_) | Ty::Union(_) | Ty::Nullable(_) => false,
        Ty::Word(_) => seen.insert(2),
        Ty::List(_) => seen.insert(3),
        Ty::Map(_) => seen.insert(4),
    })
}
