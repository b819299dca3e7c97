//! A record's fields with their clauses, unknown fields, and then its rules.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::condition::SentFields;
use super::constraint::{Actual, find_violation};
use super::ty::{Fit, takes_null};
use super::{Checker, Direction, Finding, FindingKind};
use crate::diagnostics::suggest::nearest;
use crate::model::{Access, Certainty, Clause, Constraint, Field, FieldIx, Record, Target, Type};
use crate::prose::{Subject, clause as clause_words, limit, shortened, type_sentence};

/// Characters shown of an unknown name.
const NAME_SHOWN: usize = 60;
/// Among so few fields, a name is found sooner by looking at each than after sorting them.
const FEW_FIELDS: usize = 32;
/// Unknown names of one object for which a similar one is looked for.
const MOST_HINTS: usize = 8;

impl<'a> Checker<'a> {
    /// An object that is of the type `record`; `tag` is a field that its union knows.
    pub(super) fn object(&mut self, record: &Record, object: &Map<String, Value>, tag: Option<&str>) {
        let scope = SentFields::of_object(self.api, record, object);
        let apart = match self.direction {
            Direction::Request if !self.open => Access::ReadOnly,
            // Answers that are made after the spec are held to its limits, but are no requests.
            Direction::Request | Direction::Response => Access::WriteOnly,
        };
        // What does not go this way is not looked at.
        for (ix, field) in fields(record).filter(|(_, it)| it.access != apart) {
            self.field(&scope, ix, field);
        }
        if let Some(ty) = &record.additional {
            let is_listed = |name: &str| record.find(name).is_some() || Some(name) == tag;
            for (name, value) in object.iter().filter(|(name, _)| !is_listed(name)) {
                self.with_segment(name, |it| {
                    it.value(ty, value, Subject::Additional);
                });
            }
        }
        if !record.open {
            self.unknown(object.keys().filter(|it| Some(it.as_str()) != tag), &|_| true, record);
        }
        self.rules(&scope);
    }

    /// Names that no field of the record has, of those that `belongs` lets through.
    pub(super) fn unknown<'n>(
        &mut self,
        names: impl Iterator<Item = &'n String>,
        belongs: &dyn Fn(&Field) -> bool,
        record: &Record,
    ) {
        if self.direction == Direction::Response || self.open {
            return;
        }
        let mut names = names.peekable();
        if names.peek().is_none() {
            return;
        }
        let known: Vec<&str> = record.fields.iter().filter(|it| belongs(it)).map(Field::sent_name).collect();
        let mut sorted: Vec<&str> = Vec::new();
        if known.len() > FEW_FIELDS {
            sorted.clone_from(&known);
            sorted.sort_unstable();
        }
        let is_known = |name: &str| match sorted.is_empty() {
            true => known.contains(&name),
            false => sorted.binary_search(&name).is_ok(),
        };
        for (count, name) in names.filter(|it| !is_known(it)).enumerate() {
            let below: &[&str] = &[name];
            self.report(|| {
                let mut message = format!("unknown parameter `{}`", shortened(name, NAME_SHOWN));
                // A body of nothing but strange names is no misspelling, and looking for similar ones is slow.
                let similar = if count < MOST_HINTS { nearest(name, known.iter().copied()) } else { None };
                if let Some(similar) = similar {
                    message.push_str(&format!("; a parameter with a similar name exists: `{similar}`"));
                }
                Finding { below, ..Finding::new("unknown_parameter", message) }
            });
        }
    }

    /// One field, there or not.
    pub(super) fn field(&mut self, scope: &SentFields<'_>, ix: FieldIx, field: &Field) {
        let outer = self.secret;
        self.secret |= field.secret;
        self.with_segment(&field.name, |it| match scope.sent(ix) {
            None => it.check_absent(scope, field),
            Some(value) => it.check_sent(scope, field, value),
        });
        self.secret = outer;
    }

    fn check_absent(&mut self, scope: &SentFields<'_>, field: &Field) {
        if let Some(clause) = strongest_clause(scope, field, &Constraint::Required) {
            self.break_clause(scope, field, clause, None);
        }
    }

    fn check_sent(&mut self, scope: &SentFields<'_>, field: &Field, value: &Value) {
        if value.is_null() && !field.nullable && !takes_null(&field.ty) {
            let api = self.api;
            self.report(|| {
                let message = format!("{}, not null", type_sentence(api, Subject::Field(&field.name), &field.ty));
                Finding { found: Some("null".to_owned()), ..Finding::new("type", message) }
            });
            return;
        }
        let null = value.is_null();
        let fit = if null { Fit::Fits } else { self.value(&field.ty, value, Subject::of(field)) };
        if fit == Fit::Misfit || self.direction == Direction::Response {
            return;
        }
        for constraint in [&Constraint::Forbidden, &Constraint::Ignored] {
            if let Some(clause) = strongest_clause(scope, field, constraint) {
                self.break_clause(scope, field, clause, Some(Actual::Value(value)));
            }
        }
        if null {
            return;
        }
        let applying = field.clauses.iter().filter(|it| {
            // One value outside of an enum is one fault, though a case may narrow the same enum.
            let told = fit == Fit::Unlisted && matches!(it.constraint, Constraint::Enum(_));
            !told && is_of_value(&it.constraint) && scope.holds(&it.when)
        });
        let (of_value, of_items): (Vec<_>, Vec<_>) = applying.partition(|it| it.target == Target::Value);
        self.limits(scope, field, &of_value, value, &field.ty);
        let union = self.api.union_members(&field.ty);
        let item_ty = self.api.listed_items(&field.ty).map_or_else(|| item_type(&field.ty), |it| it.1);
        match value {
            Value::Array(items) if !of_items.is_empty() => {
                for (index, item) in items.iter().enumerate().filter(|(_, it)| !it.is_null()) {
                    self.inside_item(index, |it| it.limits(scope, field, &of_items, item, item_ty));
                }
            }
            Value::Object(entries) if !of_items.is_empty() && union.is_none() => {
                for (key, item) in entries.iter().filter(|(_, it)| !it.is_null()) {
                    self.with_segment(key, |it| it.limits(scope, field, &of_items, item, item_ty));
                }
            }
            _ => {}
        }
    }

    /// The clauses that a value breaks; of several limits of one kind the one that says most.
    fn limits(&mut self, scope: &SentFields<'_>, field: &Field, clauses: &[&Clause], value: &Value, ty: &Type) {
        let mut all: Vec<(&Clause, Actual<'_>)> = Vec::new();
        for clause in clauses {
            let Some(found) = find_violation(&clause.constraint, value, ty) else { continue };
            match all.iter().position(|(it, _)| compare_strictness(clause, it).is_some()) {
                Some(at) if compare_strictness(clause, all[at].0) == Some(Ordering::Greater) => {
                    all[at] = (clause, found)
                }
                Some(_) => {}
                None => all.push((clause, found)),
            }
        }
        for (clause, found) in all {
            self.break_clause(scope, field, clause, Some(found));
        }
    }

    fn break_clause(&mut self, scope: &SentFields<'_>, field: &Field, clause: &Clause, found: Option<Actual<'_>>) {
        let certainty = clause.origin.certainty;
        let kind =
            if clause.constraint == Constraint::Ignored { FindingKind::Warning } else { FindingKind::of(certainty) };
        let api = self.api;
        self.report_as(kind, || Finding {
            rule: clause.constraint.keyword(),
            message: clause_words(scope.record, api, field, clause),
            limit: limit(&clause.constraint),
            found: found.map(|it| it.describe()),
            certainty,
            rule_span: Some(clause.span),
            below: &[],
        });
    }
}

/// The fields with their indices.
pub(super) fn fields(record: &Record) -> impl Iterator<Item = (FieldIx, &Field)> {
    record.fields.iter().enumerate().map(|(ix, field)| (FieldIx(ix as u32), field))
}

/// Which of two broken clauses says more: what is stated, then the stricter limit. `None`: each has its own to say.
fn compare_strictness(one: &Clause, other: &Clause) -> Option<Ordering> {
    let strictness = one.constraint.strictness(&other.constraint)?;
    let stated = |it: &Clause| it.origin.certainty == Certainty::Stated;
    Some(stated(one).cmp(&stated(other)).then(strictness))
}

/// Of the clauses with that constraint that apply, the first stated one, else the first.
fn strongest_clause<'f>(scope: &SentFields<'_>, field: &'f Field, constraint: &Constraint) -> Option<&'f Clause> {
    let mut applying = field
        .clauses
        .iter()
        .filter(|it| it.constraint == *constraint && it.target == Target::Value && scope.holds(&it.when));
    let first = applying.next()?;
    if first.origin.certainty == Certainty::Stated {
        return Some(first);
    }
    Some(applying.find(|it| it.origin.certainty == Certainty::Stated).unwrap_or(first))
}

/// Whether a constraint asks something of the value, and not whether the field is there.
fn is_of_value(constraint: &Constraint) -> bool {
    !matches!(constraint, Constraint::Required | Constraint::Forbidden | Constraint::Ignored | Constraint::Default(_))
}

pub(super) fn item_type(ty: &Type) -> &Type {
    match ty {
        Type::Array(item) | Type::Map(item) => item.non_null(),
        _ => ty,
    }
}
