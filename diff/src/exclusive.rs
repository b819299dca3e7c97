//! Unions of which only one member may accept a value: whether they are still the same.

use std::collections::BTreeSet;

use specwright_codegen::model::{
    Api, Clause, Field, Record, Type, TypeId, TypeKind, ambiguous_lists, ambiguous_objects,
};
use specwright_codegen::prose::{Subject, exclusive_sentence};

use crate::gap::{GapKind, Limit};
use crate::requests::Walk;

impl<'a> Walk<'a> {
    /// Reports that several members of a union may accept a value now. A member that accepts more than it did is enough
    /// for that, so there is no such report only if both unions are the same in all that they hold.
    pub(crate) fn exclusive(&mut self, from: &'a Type, to: &'a Type) {
        let Type::Named(id) = to else { return };
        let TypeKind::Union { members, exclusive: true } = &self.to.ty(*id).kind else { return };
        let is_kept = ambiguous_objects(&self.to.types, members) || ambiguous_lists(members);
        if !is_kept || (Same { from: self.from, to: self.to, seen: BTreeSet::new() }).types(from, to) {
            return;
        }
        let sentence = |api: &Api, id: TypeId, members: &[Type]| {
            exclusive_sentence(api, Subject::Field(&api.ty(id).name), members)
        };
        let before = match from {
            Type::Named(own) => match &self.from.ty(*own).kind {
                TypeKind::Union { members, exclusive: true } => Some(sentence(self.from, *own, members)),
                _ => None,
            },
            _ => None,
        };
        let (limit, sentence) = (Limit::OneOf, sentence(self.to, *id, members));
        let spread = before.as_ref() == Some(&sentence);
        let before = before.filter(|_| !spread);
        self.push(GapKind::Limit { limit, sentence, before, spread }, Default::default());
    }
}

/// Compares types of two specs.
struct Same<'a> {
    from: &'a Api,
    to: &'a Api,
    /// Types that were compared, or are being compared.
    seen: BTreeSet<(TypeId, TypeId)>,
}

impl<'a> Same<'a> {
    fn types(&mut self, from: &'a Type, to: &'a Type) -> bool {
        match (from, to) {
            (Type::Array(own), Type::Array(theirs))
            | (Type::Map(own), Type::Map(theirs))
            | (Type::Nullable(own), Type::Nullable(theirs)) => self.types(own, theirs),
            (Type::Tuple(own), Type::Tuple(theirs)) | (Type::Union(own), Type::Union(theirs)) => self.all(own, theirs),
            (Type::Named(own), Type::Named(theirs)) => {
                !self.seen.insert((*own, *theirs)) || self.kinds(&self.from.ty(*own).kind, &self.to.ty(*theirs).kind)
            }
            _ => from == to,
        }
    }

    fn all(&mut self, from: &'a [Type], to: &'a [Type]) -> bool {
        from.len() == to.len() && from.iter().zip(to).all(|(own, theirs)| self.types(own, theirs))
    }

    fn kinds(&mut self, from: &'a TypeKind, to: &'a TypeKind) -> bool {
        match (from, to) {
            (TypeKind::Record(own), TypeKind::Record(theirs)) => self.records(own, theirs),
            (TypeKind::Enum(own), TypeKind::Enum(theirs)) => {
                let values =
                    |def: &'a specwright_codegen::model::EnumDef| def.values.iter().map(|it| it.value.as_str());
                own.open == theirs.open && values(own).eq(values(theirs))
            }
            (TypeKind::Tagged(own), TypeKind::Tagged(theirs)) => {
                let same_members = own.members.iter().zip(&theirs.members).all(|((own, id), (theirs, other))| {
                    let ids = (*id, *other);
                    let kinds = (&self.from.ty(ids.0).kind, &self.to.ty(ids.1).kind);
                    own.value == theirs.value && (!self.seen.insert(ids) || self.kinds(kinds.0, kinds.1))
                });
                own.tag == theirs.tag
                    && own.tag_type == theirs.tag_type
                    && own.open == theirs.open
                    && own.members.len() == theirs.members.len()
                    && same_members
            }
            (
                TypeKind::Union { members: own, exclusive },
                TypeKind::Union { members: theirs, exclusive: is_exclusive },
            ) => exclusive == is_exclusive && self.all(own, theirs),
            _ => false,
        }
    }

    fn records(&mut self, from: &'a Record, to: &'a Record) -> bool {
        let additional = match (&from.additional, &to.additional) {
            (Some(own), Some(theirs)) => self.types(own, theirs),
            (own, theirs) => own.is_none() && theirs.is_none(),
        };
        let rules = from.rules.len() == to.rules.len()
            && from.rules.iter().zip(&to.rules).all(|(own, theirs)| own.kind == theirs.kind && own.when == theirs.when);
        let fields = from.fields.len() == to.fields.len()
            && from.fields.iter().zip(&to.fields).all(|(own, theirs)| self.fields(own, theirs));
        additional && rules && fields && from.open == to.open
    }

    fn fields(&mut self, from: &'a Field, to: &'a Field) -> bool {
        let is_same = |(own, theirs): (&Clause, &Clause)| {
            own.constraint == theirs.constraint
                && own.target == theirs.target
                && own.when == theirs.when
                && own.origin.certainty == theirs.origin.certainty
        };
        from.name == to.name
            && from.nullable == to.nullable
            && from.access == to.access
            && from.clauses.len() == to.clauses.len()
            && from.clauses.iter().zip(&to.clauses).all(is_same)
            && self.types(&from.ty, &to.ty)
    }
}
