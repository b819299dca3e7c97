//! The members of a union as types: texts and numbers become one member, and limits go to the whole.

use serde_json::Value;
use specwright_codegen::model::TextFormat;
use specwright_codegen::pattern::{Difference, Lengths, Pattern, Texts, difference};

use super::flat::Choice;
use super::portable;
use super::ty::{Content, Piece, Ty};
use super::{Hint, Planner};
use crate::finding::{Place, fault};
use crate::gaps;
use crate::openapi::{JsonType, SchemaId};
use crate::spec::{EnumValue, Items, Values};

impl Planner<'_> {
    /// Whether any text, number or truth value is meant, and no list of values.
    fn is_plain_scalar(&self, id: SchemaId) -> bool {
        let schema = self.schema(self.base(id).0);
        let is_scalar = |it: &JsonType| !matches!(it, JsonType::Object | JsonType::Array);
        let is_free = schema.values.as_deref().is_none_or(is_only_empty);
        !schema.types.is_empty() && schema.types.iter().all(is_scalar) && is_free
    }

    /// Whether any text, any number or any truth value is meant.
    fn is_free_scalar(&self, id: SchemaId) -> bool {
        self.is_plain_scalar(id) && self.schema(self.base(id).0).values.is_none()
    }

    /// Whether an object with fields of its own is meant, which becomes a type.
    fn is_record(&self, id: SchemaId) -> bool {
        !self.schema(self.base(id).0).properties.is_empty()
    }

    pub(super) fn union(&mut self, base: SchemaId, choice: &Choice, hint: &Hint, place: &Place) -> Piece {
        let mut members: Vec<Piece> = Vec::new();
        // The only member with a name to be made is called as the whole.
        let is_unnamed = self.schema(base).name.is_none();
        let with_names: Vec<SchemaId> =
            choice.members.iter().copied().filter(|it| !self.is_plain_scalar(*it)).collect();
        let is_alone = is_unnamed && with_names.len() == 1;
        let is_enum = |it: SchemaId| self.schema(self.base(it).0).values.is_some();
        let only_record = is_unnamed && with_names.iter().filter(|it| !is_enum(**it)).count() == 1;
        // What is told apart by more than its type has a name of its own, and so has a pair of more than one word.
        let is_pair = choice.members.len() == 2 && choice.members.iter().any(|it| self.is_free_scalar(*it));
        for (at, id) in choice.members.iter().enumerate() {
            let schema = self.schema(*id);
            let own = schema.title.clone().or_else(|| schema.name.clone());
            let of_member = hint.member(at, own);
            let of_member = match is_alone {
                true if is_pair || !self.is_record(*id) => Hint { name: hint.name.clone(), ..of_member },
                _ if only_record && self.is_record(*id) => Hint { title: of_member.title, ..hint.object() },
                _ => of_member,
            };
            members.push(self.piece(*id, &of_member));
        }
        if let Some(piece) = self.numbers(&choice.members, &members) {
            return piece;
        }
        let nullable = members.iter().any(|it| it.nullable);
        if choice.exclusive {
            match self.overlap(&members) {
                Overlap::None => {}
                Overlap::Some => self.limit_gap(&gaps::OVERLAPPING, place.clone(), &[]),
                Overlap::Contained => self.out.push(fault::member_never_sent(place.clone())),
            }
        }
        let only_texts = members.iter().all(|it| self.is_text_piece(it));
        self.join_texts(base, &mut members, only_texts, hint, place);
        if let [only] = members.as_mut_slice() {
            only.nullable |= nullable;
            return only.clone();
        }
        let named = self.schema(base).name.is_some();
        let mut whole = Piece::of(Ty::JSON);
        let mut types: Vec<Ty> = Vec::new();
        for member in members {
            whole.unclear.extend(member.unclear.iter().cloned());
            let ty = self.member_type(member, &mut whole, hint, is_alone, place);
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
        join_numbers(&mut types);
        if types.iter().filter(|it| matches!(it, Ty::List(_))).count() > 1 && whole.items != Items::default() {
            whole.items = Items::default();
            self.limit_gap(&gaps::LIMIT, place.clone(), &["a limit of the items of a member of a union is not said"]);
        }
        whole.nullable = nullable;
        whole.ty = match types.as_slice() {
            [only] => only.clone(),
            _ if !named && are_kinds_apart(&types) => Ty::Union(types),
            _ => {
                // A union of records is judged when all records are known.
                let id = self.declare(base, hint, place);
                self.types[id.0 as usize].content = Content::Union(types);
                self.types[id.0 as usize].exclusive = choice.exclusive;
                self.discriminators.insert(id, choice.discriminator.clone());
                Ty::Named(id)
            }
        };
        whole
    }

    /// The type of a member; what limits it goes to the whole, where it is said of values of its kind alone.
    fn member_type(&mut self, member: Piece, whole: &mut Piece, hint: &Hint, is_alone: bool, place: &Place) -> Ty {
        let mut member = member;
        let of_texts = |values: &Values| match values.list.as_slice() {
            [only] if only.value == "" => Hint::new("", "Empty"),
            _ if is_alone => hint.value(),
            _ => hint.text(),
        };
        let is_text = |values: &Values| values.list.iter().all(|it| it.value.is_string());
        if let Some(values) = member.values.take() {
            if is_text(&values) {
                let id = self.hoist(place.clone(), &of_texts(&values), Content::Enum(values));
                member.ty = Ty::Named(id);
            } else {
                let all = values.list.into_iter().map(|it| it.value).collect();
                member.limits.push(("enum", all));
            }
        }
        if let Some(constant) = member.constant.take() {
            if constant.is_string() {
                let value = EnumValue { value: constant, doc: String::new(), rust: None };
                let values = Values { list: vec![value], open: false };
                let id = self.hoist(place.clone(), &of_texts(&values), Content::Enum(values));
                member.ty = Ty::Named(id);
            } else {
                member.limits.push(("enum", Value::Array(vec![constant])));
            }
        }
        if let Some(values) = member.items.values.take_if(|it| is_text(it)) {
            let id = self.hoist(place.clone(), &hint.item().value(), Content::Enum(values));
            put_innermost(&mut member.ty, Ty::Named(id));
        }
        for limit in member.limits {
            match whole.limits.iter().find(|it| it.0 == limit.0) {
                None => whole.limits.push(limit),
                Some(other) if *other == limit => {}
                Some(_) => {
                    self.limit_gap(&gaps::LIMIT, place.clone(), &["a limit of one member of a union is not said"]);
                }
            }
        }
        if member.items != whole.items && member.items != Items::default() {
            if whole.items == Items::default() {
                whole.items = member.items;
            } else {
                let message = "a limit of the items of a member of a union is not said";
                self.limit_gap(&gaps::LIMIT, place.clone(), &[message]);
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
                values.list.push(EnumValue { value: constant.clone(), doc, rust: None });
            }
        }
        Some(Piece { values: Some(values), ..Piece::of(Ty::Word("integer")) })
    }

    fn is_text_piece(&self, piece: &Piece) -> bool {
        match &piece.ty {
            Ty::Word(word) => is_text(word),
            Ty::Named(id) => matches!(self.types[id.0 as usize].content, Content::Enum(_)),
            _ => false,
        }
    }

    /// What texts and numbers members have in common.
    fn overlap(&self, members: &[Piece]) -> Overlap {
        let of_pair = |one: &Piece, other: &Piece| {
            if is_number(one) && is_number(other) {
                return numbers_in_common(one, other);
            }
            if !self.is_text_piece(one) || !self.is_text_piece(other) {
                return Overlap::None;
            }
            let is_any = |it: &Piece| self.is_any_text(it);
            match (self.whole_pattern(one), self.whole_pattern(other)) {
                _ if is_any(one) || is_any(other) => Overlap::Contained,
                (Some(one), Some(other))
                    if Texts::new(&[one.clone(), other.clone()], &Lengths::default()).is_some() =>
                {
                    let is_part = |one, other| difference(one, other, &Lengths::default()) == Difference::None;
                    if is_part(&one, &other) || is_part(&other, &one) { Overlap::Contained } else { Overlap::Some }
                }
                (None, _) | (_, None) if one.ty == other.ty => Overlap::Contained,
                _ => Overlap::None,
            }
        };
        let pairs = members.iter().enumerate().flat_map(|(at, one)| members[at + 1..].iter().map(move |it| (one, it)));
        pairs.map(|(one, other)| of_pair(one, other)).max().unwrap_or(Overlap::None)
    }

    /// Whether a piece takes any text.
    fn is_any_text(&self, piece: &Piece) -> bool {
        let listed = self.listed_texts(piece);
        let is_free = piece.ty == Ty::STRING && piece.limits.is_empty() && piece.values.is_none();
        listed.open || is_free && piece.constant.is_none()
    }

    /// A pattern for the texts of a piece. `None`: it takes any, or its format has no pattern.
    fn whole_pattern(&self, piece: &Piece) -> Option<Pattern> {
        let listed = self.listed_texts(piece);
        let pattern = if !listed.list.is_empty() && !listed.open {
            Some(portable::literals(listed.list.iter().filter_map(|it| it.value.as_str())))
        } else {
            let format = TextFormat::ALL.into_iter().find(|it| piece.ty == Ty::Word(it.word()));
            text_pattern(piece).or_else(|| format.map(|it| it.pattern().to_owned()))
        };
        Pattern::parse(&pattern?).ok()
    }

    /// Puts one member in place of several that are text.
    fn join_texts(&mut self, base: SchemaId, members: &mut Vec<Piece>, alone: bool, hint: &Hint, place: &Place) {
        let texts: Vec<Piece> = members.iter().filter(|it| self.is_text_piece(it)).cloned().collect();
        if texts.len() < 2 {
            return;
        }
        let Some(first) = members.iter().position(|it| self.is_text_piece(it)) else { return };
        let mut piece = self.texts(&texts, place);
        if let Some(values) = piece.values.take_if(|_| alone && self.schema(base).name.is_some()) {
            let id = self.declare(base, hint, place);
            self.types[id.0 as usize].content = Content::Enum(values);
            piece.ty = Ty::Named(id);
        }
        let mut at = 0;
        let is_text: Vec<bool> = members.iter().map(|it| self.is_text_piece(it)).collect();
        members.retain(|_| {
            at += 1;
            !is_text[at - 1]
        });
        members.insert(first, piece);
    }

    /// Several texts as one: an enum, perhaps an open one, or text with a pattern.
    fn texts(&mut self, members: &[Piece], place: &Place) -> Piece {
        let mut values = Values::default();
        let mut free: Vec<&Piece> = Vec::new();
        for member in members {
            let listed = self.listed_texts(member);
            if listed.list.is_empty() || listed.open {
                free.push(member);
            }
            for value in listed.list {
                if !values.list.iter().any(|it| it.value == value.value) {
                    values.list.push(value);
                }
            }
        }
        let mut piece = Piece::of(Ty::STRING);
        let same = |word: &&Piece| free.first().is_some_and(|it| it.ty == word.ty && it.limits == word.limits);
        if values.list.is_empty() && free.iter().all(same) {
            piece.ty = free.first().map_or(Ty::STRING, |it| it.ty.clone());
            piece.limits = free.first().map(|it| it.limits.clone()).unwrap_or_default();
            return piece;
        }
        let has_limits = |it: &&Piece| (it.ty != Ty::STRING || !it.limits.is_empty()) && !self.is_any_text(it);
        if !free.is_empty() && free.iter().all(has_limits) {
            let listed = values.list.iter().filter_map(|it| it.value.as_str());
            let of_values = (!values.list.is_empty()).then(|| portable::literals(listed));
            let mut patterns: Vec<Option<String>> = of_values.into_iter().map(Some).collect();
            patterns.extend(free.iter().map(|it| text_pattern(it)));
            let joined = patterns.into_iter().collect::<Option<Vec<String>>>().map(|it| portable::either(&it));
            match joined.filter(|it| Pattern::parse(it).is_ok()) {
                Some(pattern) => piece.limits.push(("pattern", pattern.into())),
                None => {
                    self.limit_gap(&gaps::MERGED_UNION, place.clone(), &["they are all text"]);
                    piece.unclear.push("The document allows texts of several forms".to_owned());
                }
            }
        }
        values.open = !free.is_empty();
        // The empty text is one of any text, and says nothing beside it.
        let is_said = values.list.iter().any(|it| it.value != "") || !values.open;
        if is_said && !values.list.is_empty() {
            piece.values = Some(values);
        }
        piece
    }

    /// The texts that a piece lists.
    fn listed_texts(&self, member: &Piece) -> Values {
        match (&member.ty, &member.values, &member.constant) {
            (Ty::Word("string"), Some(values), _) => values.clone(),
            (Ty::Word("string"), None, Some(constant)) => {
                let value = EnumValue { value: constant.clone(), doc: member.doc.clone(), rust: None };
                Values { list: vec![value], open: false }
            }
            (Ty::Named(id), ..) => match &self.types[id.0 as usize].content {
                Content::Enum(values) => values.clone(),
                _ => Values::default(),
            },
            _ => Values::default(),
        }
    }

    /// The pattern of names, for `propertyNames`.
    pub(super) fn names_pattern(&mut self, id: SchemaId, hint: &Hint) -> Option<String> {
        let piece = self.piece(id, hint);
        let listed = match (&piece.ty, &piece.values, &piece.constant) {
            (_, Some(values), _) if !values.open => Some(values.clone()),
            (_, None, Some(constant)) => {
                let value = EnumValue { value: constant.clone(), doc: String::new(), rust: None };
                Some(Values { list: vec![value], open: false })
            }
            (Ty::Named(id), ..) => match &self.types[id.0 as usize].content {
                Content::Enum(values) if !values.open => Some(values.clone()),
                _ => None,
            },
            _ => None,
        };
        match listed {
            Some(values) => Some(portable::literals(values.list.iter().filter_map(|it| it.value.as_str()))),
            None => text_pattern(&piece),
        }
    }
}

/// What a text must match, if a pattern can say all that is said of it.
fn text_pattern(piece: &Piece) -> Option<String> {
    let of_format = match &piece.ty {
        Ty::Word("string") => None,
        Ty::Word(word) => Some(portable::format_pattern(word)?.to_owned()),
        _ => return None,
    };
    let count = |keyword: &str| piece.limits.iter().find(|it| it.0 == keyword).and_then(|it| it.1.as_u64());
    let of_lengths = match (count("min_length"), count("max_length")) {
        (None, None) => None,
        (least, most) => Some(portable::lengths(least, most)?),
    };
    let written = piece.limits.iter().find(|it| it.0 == "pattern").and_then(|it| it.1.as_str()).map(str::to_owned);
    let mut all = [of_format, of_lengths, written].into_iter().flatten();
    let first = all.next()?;
    Some(all.fold(first, |one, other| portable::both(&one, &other)))
}

/// What two members of a `oneOf` have in common: such values it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Overlap {
    None,
    /// All values of one of them, so that nobody can mean that they are refused.
    Contained,
    /// Some values of each.
    Some,
}

fn is_number(piece: &Piece) -> bool {
    matches!(piece.ty, Ty::Word("integer" | "number" | "int32" | "uint32" | "uint64"))
}

/// What two numbers have in common: a number without limits has all of another one that is no wider.
fn numbers_in_common(one: &Piece, other: &Piece) -> Overlap {
    let is_listed = |it: &Piece| it.values.is_some() || it.constant.is_some();
    let takes_all = |it: &Piece| !is_listed(it) && it.limits.is_empty();
    if is_listed(one) && is_listed(other) {
        Overlap::None
    } else if takes_all(one) || takes_all(other) {
        Overlap::Contained
    } else {
        Overlap::Some
    }
}

/// `integer` beside `number` says nothing.
fn join_numbers(types: &mut Vec<Ty>) {
    let is_number = |it: &Ty| matches!(it, Ty::Word("integer" | "number" | "int32" | "uint32" | "uint64"));
    let numbers: Vec<Ty> = types.iter().filter(|it| is_number(it)).cloned().collect();
    if numbers.len() < 2 {
        return;
    }
    // No type of whole numbers has those below 0 and those beyond the ones with a sign.
    let is_wide = numbers.iter().any(|it| matches!(it, Ty::Word("number" | "uint64")));
    let widest = if is_wide { "number" } else { "integer" };
    let first = types.iter().position(is_number).unwrap_or_default();
    types.retain(|it| !is_number(it));
    types.insert(first, Ty::Word(widest));
}

pub(super) fn is_text(word: &str) -> bool {
    !matches!(word, "integer" | "int32" | "uint32" | "uint64" | "number" | "boolean" | "json" | "file")
}

pub(super) fn put_innermost(ty: &mut Ty, with: Ty) {
    match ty {
        Ty::List(it) | Ty::Map(it) | Ty::Nullable(it) => put_innermost(it, with),
        other => *other = with,
    }
}

/// Whether types without names have different kinds of JSON.
/// Whether the empty text is all that is listed, as where it unsets something.
fn is_only_empty(values: &[Value]) -> bool {
    matches!(values, [only] if only == "")
}

fn are_kinds_apart(types: &[Ty]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    types.iter().all(|it| match it {
        Ty::Word("integer" | "int32" | "uint32" | "uint64" | "number") => seen.insert(0),
        Ty::Word("boolean") => seen.insert(1),
        Ty::Word("json" | "file") | Ty::Named(_) | Ty::Union(_) | Ty::Nullable(_) => false,
        Ty::Word(_) => seen.insert(2),
        Ty::List(_) | Ty::Tuple(_) => seen.insert(3),
        Ty::Map(_) => seen.insert(4),
    })
}
