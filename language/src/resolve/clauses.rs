//! Turns constraints of entries and cases into clauses, and checks them against the type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::assemble::FieldSource;
use super::view::{self, ConditionScope, Fit};
use super::{condition, limits};
use crate::constraints::{self, AppliesTo, Measure, Written};
use crate::diagnostics::{Diagnostics, types};
use crate::model::{
    Access, Bound, Certainty, Clause, Condition, Constraint, Excluded, Field, LengthUnit, Location, Origin, Target,
    Type, TypeKind, equality_key, only_list, same_value,
};
use crate::source::Span;
use crate::syntax::document::{Constraints, Entry, Json, Limit, Remarks};

/// What the clauses of one entry or case have in common.
struct Group<'a> {
    scope: ConditionScope<'a>,
    field: &'a Field,
    when: Condition,
    because: Option<String>,
    origin: Origin,
}

/// All clauses of a field, those without condition first.
pub(super) fn of_field(
    scope: ConditionScope<'_>,
    field: &Field,
    source: &FieldSource<'_>,
    out: &mut Diagnostics,
) -> Vec<Clause> {
    let entry = &source.entry;
    let mut clauses = Vec::new();
    let base = Group {
        scope,
        field,
        when: Condition::Always,
        because: entry.because.clone(),
        origin: origin(&entry.remarks, None),
    };
    if let (Some(span), None) = (source.required, &entry.only) {
        clauses.push(base.clause(Target::Value, Constraint::Required, span));
    }
    check_entry(&base, entry, out);
    base.constraints(&entry.constraints, &entry.items, &mut clauses, out);
    if let Some(only) = &entry.only {
        if field.location == Location::Path {
            let help = "a path cannot omit it; declare two operations instead";
            out.push(types::bad_condition("a path parameter is always sent", help, only.span));
        }
        if let Some(condition) = condition::resolve(scope, only, out) {
            // What is forbidden elsewhere can be required only where it is allowed.
            if let Some(span) = source.required {
                let group = Group { when: condition.clone(), ..base.reborrow() };
                clauses.push(group.clause(Target::Value, Constraint::Required, span));
            }
            let group = Group { when: Condition::Not(Box::new(condition)), ..base.reborrow() };
            clauses.push(group.clause(Target::Value, Constraint::Forbidden, only.span));
        }
    }
    for case in &entry.cases {
        let Some(when) = condition::resolve(scope, &case.when, out) else { continue };
        let because = case.because.clone().or_else(|| entry.because.clone());
        let group = Group { when, because, origin: origin(&entry.remarks, Some(&case.remarks)), ..base.reborrow() };
        if let Some(span) = case.required {
            clauses.push(group.clause(Target::Value, Constraint::Required, span));
        }
        for (words, constraint) in [(&case.forbidden, Constraint::Forbidden), (&case.ignored, Constraint::Ignored)] {
            if let Some(words) = words {
                let mut clause = group.clause(Target::Value, constraint, words.span);
                clause.because = words.value.clone().or(clause.because);
                clauses.push(clause);
            }
        }
        if let (Some(required), Some(forbidden)) = (case.required, &case.forbidden) {
            let problem = "a case that requires and forbids";
            out.push(types::impossible_limits(problem, forbidden.span, Some(required)));
        }
        group.constraints(&case.constraints, &case.items, &mut clauses, out);
        if let Some(default) = &case.default {
            let listed = case.constraints.enum_.as_ref().or(entry.constraints.enum_.as_ref());
            if check_value(&group, "the default", default, out) && check_listed("the default", default, listed, out) {
                clauses.push(group.clause(Target::Value, Constraint::Default(default.value.clone()), default.span));
            }
        }
    }
    clauses
}

/// Where a clause comes from: the case's word goes before the entry's.
pub(super) fn origin(entry: &Remarks, case: Option<&Remarks>) -> Origin {
    Origin {
        source: case.and_then(|it| it.source.clone()).or_else(|| entry.source.clone()),
        unclear: case.and_then(|it| it.unclear.clone()),
        certainty: case.and_then(|it| it.certainty).or(entry.certainty).unwrap_or(Certainty::Stated),
    }
}

/// What belongs to the entry itself: its default and its examples.
fn check_entry(group: &Group<'_>, entry: &Entry, out: &mut Diagnostics) {
    if let Some(default) = &entry.default
        && check_value(group, "the default", default, out)
    {
        check_listed("the default", default, entry.constraints.enum_.as_ref(), out);
        limits::check_default(default, &entry.constraints, out);
    }
    for example in &entry.examples {
        check_value(group, "the example", example, out);
    }
    if let Some(flag) = &entry.may_be_empty {
        let fits = group
            .scope
            .view
            .members(&group.field.ty)
            .into_iter()
            .any(|it| matches!(it, Type::String | Type::Base64 | Type::Array(_) | Type::Json));
        if !fits && !group.has_broken_type() {
            let ty = group.scope.view.describe(&group.field.ty);
            out.push(types::keyword_misfit("may_be_empty", &ty, "strings and arrays", flag.span));
        }
    }
}

/// Whether a value has the field's type; reports it if not.
fn check_value(group: &Group<'_>, what: &str, value: &Json, out: &mut Diagnostics) -> bool {
    if group.has_broken_type() || (value.value.is_null() && group.field.nullable) {
        return true;
    }
    check_fit(group, what, &group.field.ty, value, out)
}

fn check_fit(group: &Group<'_>, what: &str, ty: &Type, value: &Json, out: &mut Diagnostics) -> bool {
    let view = group.scope.view;
    match view.fit(ty, &value.value) {
        Fit::Yes => true,
        Fit::OutsideEnum => {
            let known = view.enum_values(ty).map(|(known, _)| known).unwrap_or_default();
            out.push(types::outside_enum(what, &view::value_as_written(&value.value), &known, value.span));
            false
        }
        Fit::No => {
            let mut noun = view.describe(ty);
            // What is of the kind and too large for the type has to hear of the type's bounds.
            match ty {
                Type::Integer if view::is_whole(&value.value) => noun.push_str(" from -2^63 to 2^63 - 1"),
                Type::Number if value.value.is_number() => noun.push_str(" that a double holds"),
                _ => {}
            }
            out.push(types::wrong_type(what, &view::value_as_written(&value.value), &noun, value.span));
            false
        }
    }
}

fn check_listed(
    what: &str,
    value: &Json,
    listed: Option<&crate::syntax::document::EnumDoc>,
    out: &mut Diagnostics,
) -> bool {
    let Some(listed) = listed else { return true };
    // Texts of an inline enum were compared with its type.
    if value.value.is_string() || value.value.is_null() || value.value.is_array() {
        return true;
    }
    let known = listed.values.iter().any(|it| same_value(&it.value.value, &value.value));
    if !known {
        let values: Vec<String> = listed.values.iter().map(|it| view::value_as_written(&it.value.value)).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        out.push(types::outside_enum(what, &view::value_as_written(&value.value), &values, value.span));
    }
    known
}

impl<'a> Group<'a> {
    fn reborrow(&self) -> Self {
        Self {
            scope: self.scope,
            field: self.field,
            when: self.when.clone(),
            because: self.because.clone(),
            origin: self.origin.clone(),
        }
    }

    fn clause(&self, target: Target, constraint: Constraint, span: Span) -> Clause {
        Clause {
            when: self.when.clone(),
            target,
            constraint,
            because: self.because.clone(),
            origin: self.origin.clone(),
            implied: false,
            span,
        }
    }

    fn has_broken_type(&self) -> bool {
        self.scope.view.broken.contains(&self.field.span)
    }

    fn constraints(&self, own: &Constraints, items: &Constraints, clauses: &mut Vec<Clause>, out: &mut Diagnostics) {
        if self.has_broken_type() {
            return;
        }
        self.target(Target::Value, &self.field.ty, own, clauses, out);
        if items.is_empty() {
            return;
        }
        match &self.field.ty {
            Type::Array(item) | Type::Map(item) => self.target(Target::Items, item.non_null(), items, clauses, out),
            Type::Json => self.target(Target::Items, &Type::Json, items, clauses, out),
            ty if let Some(item) = self.listed_items(ty) => self.target(Target::Items, &item, items, clauses, out),
            other => {
                let span = items.limits.first().map(|it| it.span).or(items.enum_.as_ref().map(|it| it.span));
                let ty = self.scope.view.describe(other);
                let span = span.unwrap_or(self.field.span);
                out.push(types::keyword_misfit("items", &ty, "arrays, maps, and unions with one array", span));
            }
        }
    }

    /// The items of the only list among the members of a union.
    fn listed_items(&self, ty: &Type) -> Option<Type> {
        let members = match ty {
            Type::Union(members) => members,
            ty => match self.scope.view.kind(ty)? {
                TypeKind::Union { members, .. } => members,
                _ => return None,
            },
        };
        only_list(members).map(|it| it.1.clone())
    }

    fn target(
        &self,
        target: Target,
        ty: &Type,
        constraints: &Constraints,
        clauses: &mut Vec<Clause>,
        out: &mut Diagnostics,
    ) {
        if let Some(values) = self.enum_values(ty, constraints, out) {
            // An unconditional enum of texts is the type itself.
            let is_type = self.when == Condition::Always && self.is_inline_enum(ty, constraints);
            if !is_type {
                let span = constraints.enum_.as_ref().map_or(self.field.span, |it| it.span);
                clauses.push(self.clause(target, Constraint::Enum(values), span));
            }
        }
        if let Some(open) = &constraints.open {
            let is_type = self.when == Condition::Always && self.is_inline_enum(ty, constraints);
            if !is_type {
                let place = self.scope.view.describe(ty);
                out.push(types::keyword_misfit("open", &place, "an inline enum of strings", open.span));
            }
        }
        let unit = self.length_unit(constraints, out);
        limits::check_pairs(constraints, out);
        let members = self.scope.view.members(ty);
        let only_integers = !members.iter().any(|it| matches!(it, Type::Number | Type::Json));
        let ends = members.iter().filter_map(|it| it.ends()).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        for limit in &constraints.limits {
            if let Some(ends) = ends.filter(|_| only_integers) {
                limits::check_integer(limit, ends, out);
            }
            if self.limit_fits_type(ty, limit, out)
                && limits::check_single(limit, out)
                && let Some(constraint) = self.constraint(ty, limit, unit, out)
            {
                clauses.push(self.clause(target, constraint, limit.span));
            }
        }
    }

    /// Whether the type was made from this very enum.
    fn is_inline_enum(&self, ty: &Type, constraints: &Constraints) -> bool {
        let Some(TypeKind::Enum(def)) = self.scope.view.kind(ty) else { return false };
        let Type::Named(id) = ty else { return false };
        let listed = constraints.enum_.as_ref();
        self.scope.view.types[id.0 as usize].inline && listed.is_some_and(|it| it.values.len() == def.values.len())
    }

    /// The values of `enum`, each of the type and none twice.
    fn enum_values(&self, ty: &Type, constraints: &Constraints, out: &mut Diagnostics) -> Option<Vec<Value>> {
        let listed = constraints.enum_.as_ref()?;
        if !self.fits(AppliesTo::Scalars, ty) {
            let ty = self.scope.view.describe(ty);
            out.push(types::keyword_misfit("enum", &ty, AppliesTo::Scalars.words(), listed.span));
            return None;
        }
        let mut values: Vec<Value> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let allowed =
            self.scope.view.enum_values(ty).map(|(values, open)| (values.into_iter().collect::<BTreeSet<_>>(), open));
        for it in &listed.values {
            let value = &it.value;
            if let Some(first) = seen.insert(equality_key(&value.value), value.span) {
                out.push(types::duplicate_value(&view::value_as_written(&value.value), value.span, first));
            }
            let first = &listed.values[0].value.value;
            let mixed = !matches!(ty, Type::Union(_) | Type::Json)
                && (value.value.is_string() != first.is_string() || value.value.is_boolean() != first.is_boolean());
            if mixed {
                let of = match first {
                    Value::String(_) => "a string like the first",
                    Value::Bool(_) => "a truth value like the first",
                    _ => "a number like the first",
                };
                out.push(types::mixed_enum(&view::value_as_written(&value.value), of, value.span));
            } else if !allowed
                .as_ref()
                .is_some_and(|(known, open)| value.value.as_str().is_some_and(|it| *open || known.contains(it)))
            {
                check_fit(self, "the enum value", ty, value, out);
            }
            values.push(value.value.clone());
        }
        Some(values)
    }

    fn length_unit(&self, constraints: &Constraints, out: &mut Diagnostics) -> LengthUnit {
        let Some(flag) = &constraints.han_double else { return LengthUnit::Plain };
        let counts = constraints.limits.iter().any(|it| it.keyword.measure == Some(Measure::Characters));
        if !counts {
            out.push(types::keyword_alone("han_double", &["min_length", "max_length"], flag.span));
        }
        if flag.value { LengthUnit::HanDouble } else { LengthUnit::Plain }
    }

    fn limit_fits_type(&self, ty: &Type, limit: &Limit, out: &mut Diagnostics) -> bool {
        let keyword = limit.keyword;
        let applies_to = limit.argument.applies_to().unwrap_or(keyword.applies_to);
        let fits = self.fits(applies_to, ty);
        if !fits {
            let ty = self.scope.view.describe(ty);
            out.push(types::keyword_misfit(keyword.name, &ty, applies_to.words(), limit.span));
        }
        fits
    }

    /// Whether values of the type, or of one of its members, are what a keyword looks at.
    fn fits(&self, applies_to: AppliesTo, ty: &Type) -> bool {
        let kinds = self.scope.view.members(ty).into_iter().filter_map(|it| self.scope.view.value_kind(it));
        kinds.into_iter().any(|it| applies_to.fits(it))
    }

    fn constraint(&self, ty: &Type, limit: &Limit, unit: LengthUnit, out: &mut Diagnostics) -> Option<Constraint> {
        if let Written::Scalar(value) = &limit.argument {
            let value = Json { value: value.clone(), span: limit.value_span };
            if !check_fit(self, "the value", ty, &value, out) {
                return None;
            }
        }
        if let Written::Excluded(Excluded::Values(values)) = &limit.argument {
            let written = |it: &Value| Json { value: it.clone(), span: limit.value_span };
            if !values.iter().all(|it| check_fit(self, "the value", ty, &written(it), out)) {
                return None;
            }
        }
        (limit.keyword.constraint)(&limit.argument, unit)
    }
}

/// Adds the minimum of 1 that a required text or array implies.
pub(super) fn add_implied(field: &mut Field, may_be_empty: bool) {
    let is_text = field.ty == Type::String;
    let is_array = matches!(field.ty, Type::Array(_));
    if may_be_empty || !(is_text || is_array) || field.access == Access::ReadOnly {
        return;
    }
    let has_minimum = |when: &Condition| {
        field.clauses.iter().any(|it| {
            let counts = matches!(constraints::of(&it.constraint).measure, Some(Measure::Characters | Measure::Items));
            let minimum = counts && it.constraint.bound().is_some_and(Bound::is_lower);
            it.target == Target::Value && minimum && (it.when == Condition::Always || it.when == *when)
        })
    };
    let fixed = field.clauses.iter().any(|it| matches!(it.constraint, Constraint::Const(_)));
    let required = field.clauses.iter().filter(|it| it.constraint == Constraint::Required && !fixed);
    let implied: Vec<Clause> = required
        .filter(|it| !has_minimum(&it.when))
        .map(|it| Clause {
            constraint: if is_text { Constraint::MinLength(1, LengthUnit::Plain) } else { Constraint::MinItems(1) },
            because: None,
            origin: Origin { certainty: Certainty::Inferred, ..it.origin.clone() },
            implied: true,
            ..it.clone()
        })
        .collect();
    let (always, conditional): (Vec<_>, Vec<_>) = implied.into_iter().partition(|it| it.when == Condition::Always);
    let first_conditional = field.clauses.iter().position(|it| it.when != Condition::Always);
    let at = first_conditional.unwrap_or(field.clauses.len());
    field.clauses.splice(at..at, always);
    field.clauses.extend(conditional);
}
