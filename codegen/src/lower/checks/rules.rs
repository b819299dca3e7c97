//! Turns rules over several fields into steps of a `check`.

use super::{Lower, leaf, pointer};
use crate::diagnostics::emission::not_generated;
use crate::lower::simplify::is_never;
use crate::lower::unions::member_names;
use crate::lower::view::{CrossCheck, CrossTest, FieldPlace, NamedKind, RuleData, Strength, SumTerm, Ty};
use crate::model::{Certainty, FieldPath, LengthUnit, Rule, RuleKind, Type, TypeKind};
use crate::prose;

/// So many times the items of a list, which are all in memory, cannot overflow.
const SAFE_WEIGHT: u64 = 1 << 16;

impl Lower<'_, '_> {
    /// `None`: its condition never holds.
    pub(super) fn rule(&mut self, rule: &Rule) -> Option<CrossCheck> {
        let when = self.condition(&rule.when);
        if when.as_ref().is_some_and(is_never) {
            return None;
        }
        let (first, limit, test) = match &rule.kind {
            RuleKind::AnyOf(paths) => (paths.first(), String::new(), CrossTest::NoneOf(self.places(paths))),
            RuleKind::ExactlyOneOf(paths) => {
                (paths.first(), String::new(), CrossTest::NotExactlyOne(self.places(paths)))
            }
            RuleKind::AtMostOneOf(paths) => (paths.first(), String::new(), CrossTest::MoreThanOne(self.places(paths))),
            RuleKind::AllOrNone(paths) => (paths.first(), String::new(), CrossTest::SomeButNotAll(self.places(paths))),
            RuleKind::Requires(path, needed) => {
                (needed.first(), String::new(), CrossTest::Without(self.field_place(path), self.places(needed)))
            }
            RuleKind::Compare(left, comparison, right) => {
                let number = |it: &Ty| matches!(it, Ty::Integer | Ty::Unsigned | Ty::Number | Ty::Text(_) | Ty::String);
                let (a, b) = (self.field_place_of(left, number, rule), self.field_place_of(right, number, rule));
                let test = CrossTest::NotCompared(a, *comparison, b);
                (Some(left), String::new(), test)
            }
            RuleKind::Sum { terms, minimum, maximum } => {
                let sum = terms.iter().map(|(it, weight)| self.sum_term(it, *weight, rule)).collect();
                let saturating = terms.iter().any(|(_, weight)| *weight > SAFE_WEIGHT);
                let test = CrossTest::Sum { terms: sum, saturating, minimum: *minimum, maximum: *maximum };
                (terms.first().map(|(it, _)| it), limits(*minimum, *maximum), test)
            }
            RuleKind::TotalLength { path, unit, minimum, maximum } => {
                let test = CrossTest::TotalLength {
                    place: self.field_place_of(
                        path,
                        |it| matches!(it, Ty::String | Ty::Text(_) | Ty::Named { kind: NamedKind::Enum, .. }),
                        rule,
                    ),
                    han_double: *unit == LengthUnit::HanDouble,
                    minimum: *minimum,
                    maximum: *maximum,
                };
                (Some(path), limits(*minimum, *maximum), test)
            }
            RuleKind::SameKind(path) => (Some(path), String::new(), CrossTest::SeveralKinds(self.field_place(path))),
        };
        let at = first.map(|it| self.pointer(it)).unwrap_or_default();
        self.rules.push(RuleData {
            at,
            keyword: rule.kind.keyword(),
            limit,
            message: self.ctx.sentence(|| prose::rule(self.record, self.ctx.api, rule)),
            strength: match rule.origin.certainty {
                Certainty::Stated => Strength::Stated,
                Certainty::Inferred => Strength::Inferred,
            },
            plain: None,
        });
        Some(CrossCheck { when, rule: self.rules.len() - 1, test })
    }

    /// The pointer of a path, up to its first list.
    fn pointer(&mut self, path: &FieldPath) -> String {
        let steps = self.field_place(path).steps;
        let end = steps.iter().position(|it| it.each > 0).map_or(steps.len(), |it| it + 1);
        steps[..end].iter().map(|it| pointer(&it.wire)).collect()
    }

    fn sum_term(&mut self, path: &FieldPath, weight: u64, rule: &Rule) -> SumTerm {
        let place = self.field_place(path);
        if place.steps.iter().any(|it| it.each > 0) {
            self.ctx.report(not_generated("a sum over items of items", &self.owner.ident, rule.span));
        }
        let members = match &leaf(self.ctx.api, self.record, path).ty {
            Type::Union(members) => members.as_slice(),
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Union { members, .. } => members.as_slice(),
                TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => &[],
            },
            _ => &[],
        };
        let names = member_names(self.ctx, members).into_iter().zip(members);
        let lists = names.filter(|(_, it)| matches!(it, Type::Array(_))).map(|(name, _)| name).collect();
        SumTerm { place, weight, lists }
    }

    /// The leaf of a path that a rule compares or measures, which has to be of one of these types.
    fn field_place_of(&mut self, path: &FieldPath, fits: fn(&Ty) -> bool, rule: &Rule) -> FieldPlace {
        let place = self.field_place(path);
        if !fits(&place.ty) {
            let what = format!("`{}` over a value of several kinds", rule.kind.keyword());
            self.ctx.report(not_generated(&what, &self.owner.ident, rule.span));
        }
        place
    }

    fn places(&mut self, paths: &[FieldPath]) -> Vec<FieldPlace> {
        paths.iter().map(|it| self.field_place(it)).collect()
    }
}

fn limits(minimum: Option<u64>, maximum: Option<u64>) -> String {
    match (minimum, maximum) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(limit), None) | (None, Some(limit)) => limit.to_string(),
        (None, None) => String::new(),
    }
}
