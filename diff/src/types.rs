//! Whether every value of one type is a value of another, and where it may not be.

use serde_json::json;
use specwright_codegen::interpret::validate_request_value;
use specwright_codegen::model::{
    Api, Constraint, EnumDef, Field, Num, Record, TaggedUnion, TextFormat, Type, TypeId, TypeKind,
};
use specwright_codegen::prose::type_noun;
use specwright_codegen::surface::Part;

use crate::gap::{GapKind, Step};
use crate::pairs;
use crate::prove::{all_values, follows};
use crate::requests::Walk;
use crate::space::Owner;

/// Values nested deeper than that are taken for others.
const DEEPEST: usize = 64;

impl<'a> Walk<'a> {
    /// Compares two types under the limits of the first; `nulls`: `null` is one of its values.
    pub(crate) fn value(&mut self, from: &'a Type, to: &'a Type, limits: &[&Constraint], nulls: bool) {
        let (before, depth) = (self.gaps.len(), self.steps.len());
        self.value_with(from, to, limits, &[]);
        let is_other =
            self.gaps[before..].iter().any(|it| it.steps.len() == depth && matches!(it.kind, GapKind::Type { .. }));
        if nulls && !is_other && !matches!(to, Type::Json | Type::Nullable(_)) {
            self.push(GapKind::Null, Default::default());
        }
    }

    /// As [`value`](Self::value), with limits of the items.
    pub(crate) fn value_with(&mut self, from: &'a Type, to: &'a Type, limits: &[&Constraint], items: &[&Constraint]) {
        if self.steps.len() > DEEPEST {
            return self.differ(from, to);
        }
        // A member of a union is compared with the union as a whole.
        if !matches!(self.steps.last(), Some(Step::Member(_))) {
            self.exclusive(from, to);
        }
        match (from, to) {
            (_, Type::Json) => {}
            (Type::Nullable(own), Type::Nullable(theirs)) => self.value_with(own, theirs, limits, items),
            (Type::Nullable(own), theirs) => {
                self.push(GapKind::Null, Default::default());
                self.value_with(own, theirs, limits, items);
            }
            (own, Type::Nullable(theirs)) => self.value_with(own, theirs, limits, items),
            (Type::Union(members), _) => members.iter().for_each(|it| {
                self.below(Step::Member(it), |walk| walk.value_with(it, to, limits, items));
            }),
            (Type::Named(id), _) => self.named(*id, from, to, limits, items),
            (_, Type::Union(members)) => self.find_member(from, to, members, limits, items),
            (_, Type::Named(id)) => match &self.to.ty(*id).kind {
                TypeKind::Union { members, .. } => self.find_member(from, to, members, limits, items),
                TypeKind::Enum(def) => self.text_in_enum(from, to, def),
                TypeKind::Record(_) | TypeKind::Tagged(_) => self.differ(from, to),
            },
            (Type::Array(own), Type::Array(theirs)) => {
                self.below(Step::Item, |it| it.value_with(own, theirs, items, &[]));
            }
            (Type::Tuple(own), Type::Tuple(theirs)) if own.len() == theirs.len() => {
                for (at, (own, theirs)) in own.iter().zip(theirs).enumerate() {
                    self.below(Step::Place(at, own), |it| it.value_with(own, theirs, &[], &[]));
                }
            }
            // A list takes what has a type by place, if it takes the value of each place.
            (Type::Tuple(own), Type::Array(theirs)) => {
                for (at, own) in own.iter().enumerate() {
                    self.below(Step::Place(at, own), |it| it.value_with(own, theirs, items, &[]));
                }
            }
            (Type::Map(own), Type::Map(theirs)) => {
                self.below(Step::Entry, |it| it.value_with(own, theirs, items, &[]));
            }
            _ if is_part_of(from, to, limits) || (self.in_text && is_text_of_scalar(from, to)) => {}
            _ => self.differ(from, to),
        }
    }

    fn differ(&mut self, from: &'a Type, to: &'a Type) {
        let (own, theirs) = (type_noun(self.from, from), type_noun(self.to, to));
        // Types of one name may have other members.
        self.push(GapKind::Type { from: own, to: theirs, ty: from }, Default::default());
    }

    fn text_in_enum(&mut self, from: &'a Type, to: &'a Type, def: &EnumDef) {
        let is_text = matches!(
            from,
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64
        );
        match (is_text, def.open) {
            (true, true) => {}
            (false, true) if self.in_text && is_scalar(from) => {}
            _ => self.differ(from, to),
        }
    }

    fn named(&mut self, id: TypeId, from: &'a Type, to: &'a Type, limits: &[&Constraint], items: &[&Constraint]) {
        match &self.from.ty(id).kind {
            TypeKind::Union { members, .. } => {
                // A union may hold itself.
                if let Type::Named(other) = to
                    && !self.seen.insert((id, *other))
                {
                    return;
                }
                let before = self.innermost.clone();
                self.innermost.0.push(Part::Type(id));
                for member in members {
                    self.below(Step::Member(member), |it| it.value_with(member, to, limits, items));
                }
                self.innermost = before;
            }
            TypeKind::Enum(def) => self.values_of(id, def, from, to),
            TypeKind::Record(record) => match to {
                Type::Named(other) => match &self.to.ty(*other).kind {
                    TypeKind::Record(theirs) => self.records((id, record), (*other, theirs)),
                    TypeKind::Union { members, .. } => self.find_member(from, to, members, limits, items),
                    TypeKind::Enum(_) | TypeKind::Tagged(_) => self.differ(from, to),
                },
                Type::Union(members) => self.find_member(from, to, members, limits, items),
                Type::Map(entry) => self.record_into_map(record, entry, from, to),
                _ => self.differ(from, to),
            },
            TypeKind::Tagged(union) => match to {
                Type::Named(other) => match &self.to.ty(*other).kind {
                    TypeKind::Tagged(theirs) if (&theirs.tag, &theirs.tag_type) == (&union.tag, &union.tag_type) => {
                        self.tagged((id, union), (*other, theirs))
                    }
                    TypeKind::Union { members, .. } => self.find_member(from, to, members, limits, items),
                    _ => self.differ(from, to),
                },
                Type::Union(members) => self.find_member(from, to, members, limits, items),
                _ => self.differ(from, to),
            },
        }
    }

    fn values_of(&mut self, id: TypeId, def: &'a EnumDef, from: &'a Type, to: &'a Type) {
        let fits = |value: &str| validate_request_value(self.to, to, &value.into()).is_empty();
        let refused: Vec<&str> = def.values.iter().map(|it| it.value.as_str()).filter(|it| !fits(it)).collect();
        if refused.len() == def.values.len() && !def.values.is_empty() && !self.is_enum(to) {
            return self.differ(from, to);
        }
        let theirs = match to {
            Type::Named(other) => Some(*other),
            _ => None,
        };
        for value in refused {
            let part = (vec![Part::Value(id, value.to_owned())], Vec::new());
            self.push(GapKind::Value { value: value.to_owned(), tag: false }, part);
        }
        // Whatever text an open enum takes.
        if def.open && !matches!(to, Type::String) && !self.is_open_enum(to) {
            let part = (vec![Part::Type(id)], theirs.map(Part::Type).into_iter().collect());
            self.push(GapKind::Unlisted { tag: false, samples: vec!["no such value".into()] }, part);
        }
    }

    fn is_enum(&self, ty: &Type) -> bool {
        matches!(ty, Type::Named(id) if matches!(self.to.ty(*id).kind, TypeKind::Enum(_)))
    }

    fn is_open_enum(&self, ty: &Type) -> bool {
        matches!(ty, Type::Named(id) if matches!(&self.to.ty(*id).kind, TypeKind::Enum(def) if def.open))
    }

    fn records(&mut self, (id, record): (TypeId, &'a Record), (other, theirs): (TypeId, &'a Record)) {
        if !self.seen.insert((id, other)) {
            return;
        }
        let from = Owner { api: self.from, record, operation: None };
        let to = Owner { api: self.to, record: theirs, operation: None };
        self.record(from, to, pairs::fields(record, theirs), Some((id, other)));
    }

    fn record_into_map(&mut self, record: &'a Record, entry: &'a Type, from: &'a Type, to: &'a Type) {
        if record.open && *entry != Type::Json {
            return self.differ(from, to);
        }
        for field in &record.fields {
            self.below(Step::Field(field), |it| it.value(&field.ty, entry, &[], field.nullable));
        }
    }

    fn tagged(&mut self, (id, union): (TypeId, &'a TaggedUnion), (other, theirs): (TypeId, &'a TaggedUnion)) {
        if !self.seen.insert((id, other)) {
            return;
        }
        for (tag, member) in &union.members {
            let step = Step::Tagged(union, tag, *member);
            let same = theirs.members.iter().find(|(it, _)| it.value == tag.value);
            self.below(step, |walk| match same {
                Some((_, same)) => {
                    let (TypeKind::Record(own), TypeKind::Record(theirs)) =
                        (&walk.from.ty(*member).kind, &walk.to.ty(*same).kind)
                    else {
                        return;
                    };
                    walk.records((*member, own), (*same, theirs));
                }
                None if theirs.open => {}
                None => {
                    let part = (vec![Part::Value(id, tag.value.clone())], Vec::new());
                    walk.push(GapKind::Value { value: tag.value.clone(), tag: true }, part);
                }
            });
        }
        let is_new = |value: &str| !union.members.iter().any(|(it, _)| it.value == value);
        // Objects with the tag were taken whatever they held.
        let narrows = theirs.members.iter().any(|(it, _)| is_new(&it.value));
        if union.open && (!theirs.open || narrows) {
            let mut samples = Vec::new();
            for (tag, member) in theirs.members.iter().filter(|(it, _)| is_new(&it.value)) {
                samples.push(json!({union.tag.as_str(): theirs.tag_value(tag)}));
                if let TypeKind::Record(record) = &self.to.ty(*member).kind {
                    // A list of a list is seldom a field's value.
                    let with = |it: &Field| json!({union.tag.as_str(): theirs.tag_value(tag), it.name.as_str(): [[]]});
                    samples.extend(record.fields.iter().map(with));
                }
            }
            if !theirs.open {
                let unlisted: Vec<serde_json::Value> = match union.tag_type {
                    Type::Integer => vec![(-1).into(), 999_999.into()],
                    Type::Boolean => vec![true.into(), false.into()],
                    _ => vec!["no such tag".into()],
                };
                samples.extend(unlisted.into_iter().map(|it| json!({union.tag.as_str(): it})));
            }
            let parts = (vec![Part::Type(id)], vec![Part::Type(other)]);
            self.push(GapKind::Unlisted { tag: true, samples }, parts);
        }
    }

    /// Looks for a member that takes all values.
    fn find_member(
        &mut self,
        from: &'a Type,
        to: &'a Type,
        members: &'a [Type],
        limits: &[&Constraint],
        items: &[&Constraint],
    ) {
        // The values of an enum may be shared out among members.
        if let Some(values) = all_values(self.from, from)
            && values.iter().all(|it| validate_request_value(self.to, to, it).is_empty())
        {
            return;
        }
        let alike: Vec<&'a Type> = members.iter().filter(|it| self.may_be(from, it, 0)).collect();
        let same = alike.iter().find(|it| self.has_name_of(from, it)).copied();
        match (same, alike.as_slice()) {
            // Trying out what holds itself would take forever.
            (Some(member), _) => return self.value_with(from, member, limits, items),
            (None, [member]) => return self.value_with(from, member, limits, items),
            (None, []) => return self.differ(from, to),
            _ => {}
        }
        let before = self.gaps.len();
        let seen = self.seen.clone();
        let mut best: Option<(usize, &'a Type)> = None;
        for member in alike {
            self.value_with(from, member, limits, items);
            let found = self.gaps.len() - before;
            let other = self.gaps[before..]
                .iter()
                .any(|it| it.steps.len() == self.steps.len() && matches!(it.kind, GapKind::Type { .. }));
            if found == 0 {
                return;
            }
            self.gaps.truncate(before);
            self.seen.clone_from(&seen);
            if !other && best.is_none_or(|(least, _)| found < least) {
                best = Some((found, member));
            }
        }
        // Of several records, none is the one that is meant.
        let is_object = kinds(self.from, from, 0) == ["object"];
        match best.filter(|_| !is_object) {
            Some((_, member)) => self.value_with(from, member, limits, items),
            None => self.differ(from, to),
        }
    }

    /// Whether a value of one type may be one of another, by what kind of JSON it is.
    fn may_be(&self, from: &Type, to: &Type, depth: usize) -> bool {
        let own = kinds(self.from, from, depth);
        kinds(self.to, to, depth).iter().any(|it| own.contains(it))
    }

    fn has_name_of(&self, from: &Type, to: &Type) -> bool {
        match (from, to) {
            (Type::Named(own), Type::Named(theirs)) => self.from.ty(*own).name == self.to.ty(*theirs).name,
            (Type::Array(own), Type::Array(theirs)) | (Type::Map(own), Type::Map(theirs)) => {
                self.has_name_of(own, theirs)
            }
            _ => from == to && !matches!(from, Type::Union(_) | Type::Nullable(_)),
        }
    }
}

/// Unions in unions that are followed.
const DEEPEST_UNION: usize = 8;

/// The kinds of JSON that the values of a type are.
fn kinds(api: &Api, ty: &Type, depth: usize) -> Vec<&'static str> {
    let all = |members: &[Type]| {
        if depth > DEEPEST_UNION {
            return Vec::new();
        }
        members.iter().flat_map(|it| kinds(api, it, depth + 1)).collect()
    };
    match ty {
        Type::Json => vec!["text", "number", "boolean", "list", "object", "null"],
        Type::Integer | Type::Sized(_) | Type::Number => vec!["number"],
        Type::Boolean => vec!["boolean"],
        Type::Array(_) | Type::Tuple(_) => vec!["list"],
        Type::Map(_) => vec!["object"],
        Type::Nullable(inner) => kinds(api, inner, depth),
        Type::Union(members) => all(members),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(_) | TypeKind::Tagged(_) => vec!["object"],
            TypeKind::Enum(_) => vec!["text"],
            TypeKind::Union { members, .. } => all(members),
        },
        Type::File => vec!["file"],
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => vec!["text"],
    }
}

fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Sized(_) | Type::Number | Type::Boolean) || is_text(ty)
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64)
}

/// In a path, a query or a header a number is its text.
fn is_text_of_scalar(from: &Type, to: &Type) -> bool {
    is_scalar(from) && *to == Type::String
}

/// Whether all values of a plain type that obey some limits are of another.
fn is_part_of(from: &Type, to: &Type, limits: &[&Constraint]) -> bool {
    match (from, to) {
        _ if from == to => true,
        (_, Type::String) => is_text(from),
        (Type::HttpsUrl, Type::Url) => true,
        (Type::Formatted(TextFormat::Ipv4), Type::Formatted(TextFormat::Hostname)) => false,
        (Type::Sized(_) | Type::Integer, Type::Number) => true,
        (Type::Sized(format), Type::Integer) if !format.is_of_integers() => {
            let own: Vec<&Constraint> = limits.iter().copied().chain(from.limits()).collect();
            follows(&own, &Constraint::Maximum(Num::Integer(i64::MAX.into())), from)
        }
        (Type::Sized(_), Type::Integer) => true,
        (Type::Sized(_) | Type::Integer, Type::Sized(format)) => {
            let own: Vec<&Constraint> = limits.iter().copied().chain(from.limits()).collect();
            format.limits().iter().all(|it| follows(&own, it, from))
        }
        _ => false,
    }
}
