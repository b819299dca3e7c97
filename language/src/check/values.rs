//! Single values: defaults that their own field refuses, and enum values that no request can contain.

use std::collections::BTreeMap;

use serde_json::Value;

use super::scope::{RecordAnalysis, is_stated};
use crate::analyse::{Formula, Truth, satisfies};
use crate::diagnostics::{Diagnostics, rules as diagnostics};
use crate::interpret::has_format;
use crate::model::{Api, Clause, Condition, Constraint, EnumValue, Excluded, FieldIx, Target, Type, TypeId, TypeKind};
use crate::pattern::Pattern;
use crate::prose;
use crate::source::Span;

/// Reports defaults that a clause of their own field refuses whenever they count.
pub(super) fn check_defaults(scope: &mut RecordAnalysis<'_>, out: &mut Diagnostics) {
    for (_, field) in scope.fields() {
        let own = field.default.iter().map(|it| (&Condition::Always, it, field.span));
        let of_cases = field.clauses.iter().filter_map(|it| match &it.constraint {
            Constraint::Default(value) => Some((&it.when, value, it.span)),
            _ => None,
        });
        let defaults: Vec<(&Condition, &Value, Span)> = own.chain(of_cases).collect();
        for (when, value, span) in defaults {
            if value.is_null() && field.nullable {
                continue;
            }
            let applies = scope.formula(when);
            let refuses = |clause: &Clause| is_stated(clause) && value_breaks(clause, value);
            let mut clauses = field.clauses.iter().filter(|it| refuses(it));
            if let Some(clause) = clauses.find(|it| scope.condition_implies(&applies, &scope.formula(&it.when))) {
                let subject = format!("{}.{}", scope.name, field.name);
                let keyword = clause.constraint.keyword();
                out.push(diagnostics::default_breaks_rule(&subject, &prose::value(value), keyword, span, clause.span));
            } else if has_other_form(&field.ty, value) {
                let subject = format!("{}.{}", scope.name, field.name);
                out.push(diagnostics::default_breaks_rule(&subject, &prose::value(value), "format", span, field.span));
            }
        }
    }
}

fn value_breaks(clause: &Clause, value: &Value) -> bool {
    match (&clause.constraint, clause.target) {
        // A default speaks of a field that is not there.
        (Constraint::Forbidden | Constraint::Required, _) => false,
        (constraint, Target::Value) => is_refused(constraint, value),
        (constraint, Target::Items) => match value {
            Value::Array(all) => all.iter().any(|it| is_refused(constraint, it)),
            Value::Object(all) => all.values().any(|it| is_refused(constraint, it)),
            _ => false,
        },
    }
}

fn is_refused(constraint: &Constraint, value: &Value) -> bool {
    match (constraint, value) {
        // A pattern that cannot be read is reported elsewhere.
        (Constraint::Pattern(pattern), Value::String(text)) => {
            Pattern::parse_cached(pattern).is_some_and(|it| !it.is_match(text))
        }
        (Constraint::Not(Excluded::Pattern(pattern)), Value::String(text)) => {
            Pattern::parse_cached(pattern).is_some_and(|it| it.is_match(text))
        }
        _ => satisfies(constraint, value) == Truth::False,
    }
}

/// Whether a text in a value is no URL, date or base64, though its type says so.
fn has_other_form(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Array(inner), Value::Array(all)) => all.iter().any(|it| has_other_form(inner, it)),
        (Type::Tuple(types), Value::Array(all)) => types.iter().zip(all).any(|(ty, it)| has_other_form(ty, it)),
        (Type::Map(inner), Value::Object(all)) => all.values().any(|it| has_other_form(inner, it)),
        (Type::Nullable(inner), _) => has_other_form(inner, value),
        (_, Value::String(text)) => !has_format(ty, text),
        _ => false,
    }
}

/// Values of enums that no request can hold, over all records: a shared enum counts as sent where any record sends it.
#[derive(Default)]
pub(super) struct UnsendableValues {
    /// For each enum and value.
    seen: BTreeMap<(TypeId, usize), EnumUse>,
    /// Values of enums that belong to one field.
    own: Vec<OwnEnumValue>,
}

/// A value of an enum that one field has to itself.
struct OwnEnumValue {
    subject: String,
    value: String,
    span: Span,
    why: Vec<Span>,
}

#[derive(Default)]
struct EnumUse {
    /// Fields that can send it.
    n_sendable: usize,
    /// The first field that cannot, and the lines that prove it.
    refused: Option<(String, Vec<Span>)>,
}

/// Collects the values of a record's enums that no legal request holds.
pub(super) fn check_enums(scope: &mut RecordAnalysis<'_>, contradictory: &[FieldIx], found: &mut UnsendableValues) {
    for (ix, field) in scope.fields() {
        found.mark_nested_enums(scope.api, &field.ty, 0);
        if contradictory.contains(&ix) || !scope.base.can_be_present(ix) || scope.fuel.is_spent() {
            continue;
        }
        let subject = format!("{}.{}", scope.name, field.name);
        if let Type::Named(id) = &field.ty
            && let TypeKind::Enum(def) = &scope.api.ty(*id).kind
        {
            for (index, value) in def.values.iter().enumerate() {
                let text = Value::from(value.value.as_str());
                let is_sent = Formula::is(scope.domain, ix, &text);
                let refused = scope.is_refuted(&is_sent, |_| false);
                let why = if refused { scope.conflicting_spans(&is_sent, |_| false) } else { Vec::new() };
                let seen = found.seen.entry((*id, index)).or_default();
                match seen.refused {
                    None if refused => seen.refused = Some((subject.clone(), why)),
                    Some(_) if refused => {}
                    _ => seen.n_sendable += 1,
                }
            }
            continue;
        }
        let base = |it: &&Clause| it.target == Target::Value && it.when == Condition::Always;
        for clause in field.clauses.iter().filter(base) {
            let Constraint::Enum(values) = &clause.constraint else { continue };
            for value in values {
                let is_sent = Formula::is(scope.domain, ix, value);
                if scope.is_refuted(&is_sent, |_| false) {
                    let why = scope.conflicting_spans(&is_sent, |_| false);
                    let value = prose::value(value);
                    found.own.push(OwnEnumValue { subject: subject.clone(), value, span: clause.span, why });
                }
            }
        }
    }
}

impl UnsendableValues {
    /// Enums inside lists, maps and unions: not followed, so they count as sent.
    fn mark_nested_enums(&mut self, api: &Api, ty: &Type, depth: usize) {
        match ty {
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => {
                self.mark_sent_values(api, inner, depth + 1)
            }
            Type::Tuple(members) | Type::Union(members) => {
                members.iter().for_each(|it| self.mark_sent_values(api, it, depth + 1))
            }
            Type::Named(id) => {
                if let TypeKind::Union { members, .. } = &api.ty(*id).kind {
                    members.iter().for_each(|it| self.mark_sent_values(api, it, depth + 1));
                }
            }
            _ => {}
        }
    }

    fn mark_sent_values(&mut self, api: &Api, ty: &Type, depth: usize) {
        if depth > 8 {
            return;
        }
        if let Type::Named(id) = ty
            && let TypeKind::Enum(def) = &api.ty(*id).kind
        {
            for index in 0..def.values.len() {
                self.seen.entry((*id, index)).or_default().n_sendable += 1;
            }
        }
        self.mark_nested_enums(api, ty, depth);
    }

    /// Takes in what records after these have shown.
    pub(super) fn merge(&mut self, later: Self) {
        for (value, EnumUse { n_sendable, refused }) in later.seen {
            let seen = self.seen.entry(value).or_default();
            seen.n_sendable += n_sendable;
            seen.refused = seen.refused.take().or(refused);
        }
        self.own.extend(later.own);
    }

    /// Whether a field cannot send some value.
    pub(super) fn refuses_any(&self) -> bool {
        !self.own.is_empty() || self.seen.values().any(|it| it.refused.is_some())
    }

    /// Whether [`Self::report`] says anything.
    pub(super) fn is_any(&self, api: &Api) -> bool {
        !self.own.is_empty() || self.of_shared_enums(api).next().is_some()
    }

    /// Says what no record can send.
    pub(super) fn report(&self, api: &Api, out: &mut Diagnostics) {
        for (value, subject, why) in self.of_shared_enums(api) {
            out.push(diagnostics::value_never_sent(subject, &prose::code(&value.value), value.span, why));
        }
        for OwnEnumValue { subject, value, span, why } in &self.own {
            out.push(diagnostics::value_never_sent(subject, value, *span, why));
        }
    }

    /// The values that no record can send, each with the first field that cannot and the lines that prove it.
    fn of_shared_enums<'s>(&'s self, api: &'s Api) -> impl Iterator<Item = (&'s EnumValue, &'s str, &'s [Span])> {
        self.seen.iter().filter(|it| it.1.n_sendable == 0).filter_map(|((id, index), seen)| {
            let def = api.ty(*id);
            let TypeKind::Enum(of) = &def.kind else { return None };
            let (subject, why) = seen.refused.as_ref().filter(|_| !def.in_response)?;
            Some((of.values.get(*index)?, subject.as_str(), why.as_slice()))
        })
    }
}
