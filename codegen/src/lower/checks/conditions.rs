//! Turns conditions of the model into conditions over the fields of a Rust struct.

use serde_json::Value;

use super::{Lower, leaf};
use crate::diagnostics::emission::not_generated;
use crate::lower::constraints::one_of;
use crate::lower::fields::{Owner, value_fits_type};
use crate::lower::simplify::{all, any, is_always, not};
use crate::lower::types;
use crate::lower::view::{Cond, FieldPlace, OneOf, Storage, Ty};
use crate::model::{Condition, Constraint, Field, FieldPath, Matcher, Type, same_value};

impl Lower<'_, '_> {
    /// `None`: always.
    pub(super) fn condition(&mut self, condition: &Condition) -> Option<Cond> {
        Some(self.cond(condition, true)).filter(|it| !is_always(it))
    }

    /// The condition, or its opposite if it is not `wanted`. Neither holds when what it looks at is itself refused.
    fn cond(&mut self, condition: &Condition, wanted: bool) -> Cond {
        match (condition, wanted) {
            (Condition::Always, true) => Cond::All(Vec::new()),
            (Condition::Always, false) => Cond::Any(Vec::new()),
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                all(parts.iter().map(|it| self.cond(it, wanted)).collect())
            }
            (Condition::Any(parts), true) | (Condition::All(parts), false) => {
                any(parts.iter().map(|it| self.cond(it, wanted)).collect())
            }
            (Condition::Not(inner), _) => self.cond(inner, !wanted),
            (Condition::Test(test), true) => self.matcher(&test.path, &test.matcher),
            (Condition::Test(test), false) => self.opposite(&test.path, &test.matcher),
        }
    }

    fn opposite(&mut self, path: &FieldPath, matcher: &Matcher) -> Cond {
        match matcher {
            Matcher::Not(inner) => self.matcher(path, inner),
            Matcher::Any(parts) => all(parts.iter().map(|it| self.opposite(path, it)).collect()),
            Matcher::OneOf(values) => {
                let place = self.field_place(path);
                let field = leaf(self.ctx.api, self.record, path);
                let unknown = matches!(&field.ty, Type::Named(id) if types::unknown_value(self.ctx, *id).is_some());
                let known = unknown.then(|| not(Cond::Unknown(place.clone())));
                let refused = path.steps.is_empty() && field.must_be_sent();
                let one_of = self.one_of(path, place, values, refused);
                all([not(one_of)].into_iter().chain(known).collect())
            }
            Matcher::Present | Matcher::Absent | Matcher::Null | Matcher::Empty => not(self.matcher(path, matcher)),
        }
    }

    fn matcher(&mut self, path: &FieldPath, matcher: &Matcher) -> Cond {
        let place = self.field_place(path);
        match matcher {
            Matcher::Present => Cond::Present(place),
            Matcher::Absent => not(Cond::Present(place)),
            Matcher::Null => match (place.steps.last().map(|it| it.storage), &place.ty) {
                (Some(Storage::Plain | Storage::Optional), ty) if *ty != Ty::Json => any(Vec::new()),
                _ => Cond::Null(place),
            },
            Matcher::Empty => match place.ty {
                Ty::Integer | Ty::Unsigned | Ty::Number | Ty::Boolean | Ty::File | Ty::Nullable(_) => any(Vec::new()),
                _ => Cond::Empty(place),
            },
            Matcher::Any(parts) => any(parts.iter().map(|it| self.matcher(path, it)).collect()),
            Matcher::Not(inner) => self.opposite(path, inner),
            Matcher::OneOf(values) => self.one_of(path, place, values, false),
        }
    }

    /// When an absent field counts as one of the values: by the default of a case that applies, else by its own.
    fn absent_matches(&mut self, field: &Field, values: &[Value]) -> Cond {
        let is_one = |it: &Value| values.iter().any(|value| same_value(value, it));
        let mut matching = Vec::new();
        let mut others = Vec::new();
        for clause in &field.clauses {
            if let Constraint::Default(default) = &clause.constraint {
                let list = if is_one(default) { &mut matching } else { &mut others };
                list.push(self.cond(&clause.when, true));
            }
        }
        if field.default.as_ref().is_some_and(is_one) {
            matching.push(not(any(others)));
        }
        any(matching)
    }

    /// `or_missing`: holds when nothing is sent too.
    fn one_of(&mut self, path: &FieldPath, place: FieldPlace, values: &[Value], or_missing: bool) -> Cond {
        let field = leaf(self.ctx.api, self.record, path).clone();
        let wanted: Vec<Value> = values.iter().filter(|it| value_fits_type(self.ctx, &field.ty, it)).cloned().collect();
        let owner = Owner {
            name: &self.owner.ident,
            module: self.owner.module.as_deref(),
            field: &field.name,
            span: field.span,
        };
        let Some(picked) = one_of(self.ctx, &field.ty, &wanted, owner) else {
            let what = format!("a condition on the value of `{}`", field.name);
            self.ctx.report(not_generated(&what, &self.owner.ident, field.span));
            return any(Vec::new());
        };
        let absent = self.absent_matches(&field, values);
        // A required field of a type is always there.
        let always_there = place.steps.iter().all(|it| matches!(it.storage, Storage::Plain | Storage::Null));
        let nullable = place.steps.last().is_some_and(|it| it.storage == Storage::OptionalNullable);
        match absent {
            Cond::Any(parts) if parts.is_empty() => matches(place, picked, or_missing && !always_there),
            _ if always_there => matches(place, picked, false),
            absent if is_always(&absent) && !nullable => matches(place, picked, true),
            absent => any(vec![matches(place.clone(), picked, false), all(vec![Cond::Missing(place), absent])]),
        }
    }
}

fn matches(place: FieldPlace, pick: OneOf, or_missing: bool) -> Cond {
    match (pick, or_missing) {
        (OneOf::Literals(literals), true) if literals.is_empty() => Cond::Missing(place),
        (OneOf::Literals(literals), false) if literals.is_empty() => any(Vec::new()),
        (OneOf::Literals(literals), _) => Cond::Matches { place, literals, or_missing },
        (pick, _) => Cond::Picked { place, pick, or_missing },
    }
}
