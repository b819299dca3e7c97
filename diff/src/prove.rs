//! Proves that what holds in every request of one record holds what the other asks for.
//!
//! The states of fields are those of [`specwright_codegen::analyse`]. Where knowledge alone does not decide, the states
//! of the fields that conditions name are gone through, within a budget. Without a proof nothing is claimed.

use std::cell::{Cell, RefCell};

use serde_json::{Value, json};
use specwright_codegen::analyse::{Domain, Formula, Implications, Knowledge, State, StepBudget, Truth};
use specwright_codegen::constraints;
use specwright_codegen::interpret;
use specwright_codegen::model::{
    Api, Argument, Bound, Certainty, Clause, Condition, Constraint, Excluded, FieldIx, Num, Record, Rule, RuleKind,
    Target, Type, TypeKind,
};
use specwright_codegen::pattern::{Difference, Lengths, Pattern, difference};

/// Steps of reasoning for one record.
const STEPS: u64 = 4_000_000;
/// Combinations of states that are gone through for one record.
const MOST_LEAVES: u32 = 6_000;
/// Fields whose states are gone through for one question.
const MOST_SPLITS: usize = 5;

pub(crate) struct Prover<'s> {
    pub(crate) domain: Domain,
    implications: Implications,
    record: &'s Record,
    api: &'s Api,
    fuel: RefCell<StepBudget>,
    leaves: Cell<u32>,
    /// What makes the values of single fields legal in the other spec: what is not has a change of its own, and
    /// conditions do not look at it.
    valid: Vec<(FieldIx, Formula)>,
}

/// What is wanted of a field.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'c> {
    pub(crate) field: FieldIx,
    pub(crate) target: Target,
    pub(crate) constraint: &'c Constraint,
    /// The type that the other spec gives the field.
    pub(crate) ty: &'c Type,
}

impl<'s> Prover<'s> {
    /// For the requests of a record; `literals` are further conditions whose values matter.
    pub(crate) fn new<'c>(api: &'s Api, record: &'s Record, literals: impl IntoIterator<Item = &'c Condition>) -> Self {
        let domain = Domain::with_conditions(api, record, literals);
        let implications = Implications::of(&domain, record);
        let fuel = RefCell::new(StepBudget::new(STEPS));
        Self { domain, implications, record, api, fuel, leaves: Cell::new(0), valid: Vec::new() }
    }

    /// Takes for granted that a field is as the other spec asks of it alone.
    pub(crate) fn assume_valid(&mut self, field: FieldIx, refuses: &dyn Fn(&Value) -> bool, null: bool, absent: bool) {
        let values = self.domain.states(field).iter().filter_map(|it| match it {
            State::Value(value) if refuses(value) => Some(value.clone()),
            _ => None,
        });
        for value in values.collect::<Vec<_>>() {
            self.valid.push((field, Formula::is(&self.domain, field, &value).negate()));
        }
        if !absent {
            self.valid.push((field, Formula::sent(&self.domain, field)));
        }
        if !null {
            let null =
                Formula::All(vec![Formula::sent(&self.domain, field), Formula::present(&self.domain, field).negate()]);
            self.valid.push((field, null.negate()));
        }
    }

    /// What holds in every request in which a condition does.
    pub(crate) fn under(&self, when: &[Formula]) -> Knowledge<'_> {
        let mut known = Knowledge::nothing(&self.domain);
        self.complete(&mut known, when);
        known
    }

    fn complete(&self, known: &mut Knowledge<'_>, when: &[Formula]) {
        when.iter().for_each(|it| known.assume_formula(it));
        if !known.is_impossible() {
            self.implications.propagate(known, &mut self.fuel.borrow_mut());
            when.iter().for_each(|it| known.assume_formula(it));
        }
    }

    /// Whether every request in which a condition holds satisfies a constraint on a field.
    pub(crate) fn clause(&self, when: &Condition, wanted: Wanted<'_>) -> bool {
        // That it is there is just what is asked.
        let but = (*wanted.constraint == Constraint::Required).then_some(wanted.field);
        let assumed = self.assumed(when, but);
        let mut splits = Vec::new();
        fields_of(when, &mut splits);
        splits.push(wanted.field);
        let field = self.record.field(wanted.field);
        field.clauses.iter().for_each(|it| fields_of(&it.when, &mut splits));
        for rule in self.record.rules.iter().filter(|it| speaks_of(it, wanted.field)) {
            fields_of(&rule.when, &mut splits);
            splits.extend(paths(&rule.kind));
        }
        self.goes_through(&assumed, &splits, &|known| self.clause_holds(known, wanted))
    }

    /// Whether a formula holds in every request in which a condition does.
    pub(crate) fn formula(&self, when: &Condition, then: &Formula, rule: &Rule) -> bool {
        let mut assumed = self.assumed(when, None);
        assumed.push(then.clone().negate());
        let mut splits = Vec::new();
        fields_of(when, &mut splits);
        let own: Vec<FieldIx> = paths(&rule.kind).collect();
        for field in &own {
            self.record.field(*field).clauses.iter().for_each(|it| fields_of(&it.when, &mut splits));
        }
        splits.extend(own);
        self.goes_through(&assumed, &splits, &|known| known.decide_formula(then) == Truth::True)
    }

    /// Whether a condition that makes a rule of the same meaning apply holds wherever another does.
    pub(crate) fn any_holds(&self, when: &Condition, any: &[&Condition], fields: &[FieldIx]) -> bool {
        let assumed = self.assumed(when, None);
        let any: Vec<Formula> = any.iter().map(|it| self.domain.formula(it)).collect();
        let mut splits = Vec::new();
        fields_of(when, &mut splits);
        let absent = |known: &Knowledge<'_>| fields.iter().any(|it| !known.can_be_present(*it));
        self.goes_through(&assumed, &splits, &|known| {
            absent(known) || any.iter().any(|it| known.decide_formula(it) == Truth::True)
        })
    }

    /// A condition, and that all fields but one are valid by themselves.
    fn assumed(&self, when: &Condition, but: Option<FieldIx>) -> Vec<Formula> {
        let valid = self.valid.iter().filter(|(field, _)| Some(*field) != but).map(|(_, it)| it.clone());
        std::iter::once(self.domain.formula(when)).chain(valid).collect()
    }

    fn goes_through(&self, assumed: &[Formula], splits: &[FieldIx], goal: &dyn Fn(&Knowledge<'_>) -> bool) -> bool {
        let known = self.under(assumed);
        let mut order: Vec<FieldIx> = Vec::new();
        for field in splits {
            if !order.contains(field) {
                order.push(*field);
            }
        }
        order.sort_by_key(|it| known.possible(*it).count());
        self.all_states(known, assumed, &order, MOST_SPLITS, goal)
    }

    fn all_states(
        &self,
        known: Knowledge<'_>,
        assumed: &[Formula],
        splits: &[FieldIx],
        depth: usize,
        goal: &dyn Fn(&Knowledge<'_>) -> bool,
    ) -> bool {
        if known.is_impossible() || goal(&known) {
            return true;
        }
        self.leaves.set(self.leaves.get() + 1);
        if depth == 0 || self.leaves.get() > MOST_LEAVES || self.fuel.borrow().is_spent() {
            return false;
        }
        let Some(at) = splits.iter().position(|it| known.possible(*it).count() > 1) else { return false };
        let field = splits[at];
        let states: Vec<State> = known.possible(field).cloned().collect();
        states.iter().all(|state| {
            let mut next = known.clone();
            next.fix(field, state);
            self.complete(&mut next, assumed);
            self.all_states(next, assumed, &splits[at + 1..], depth - 1, goal)
        })
    }

    fn clause_holds(&self, known: &Knowledge<'_>, wanted: Wanted<'_>) -> bool {
        let Wanted { field, target, constraint, ty } = wanted;
        match constraint {
            Constraint::Required => return known.possible(field).all(|it| *it != State::Absent),
            Constraint::Forbidden => return known.possible(field).all(|it| *it == State::Absent),
            Constraint::Ignored | Constraint::Default(_) => return true,
            _ => {}
        }
        let empties = || [json!(""), json!([]), json!({})];
        let active = self.active(known, wanted);
        let own = &self.record.field(field).ty;
        let is_refused = |value: &Value| active.iter().any(|it| !interpret::holds(it, value, own));
        let holds = |value: &Value| is_refused(value) || interpret::holds(constraint, value, ty);
        known.possible(field).all(|state| match (state, target) {
            (State::Absent | State::Null, _) | (State::Empty, Target::Items) => true,
            (State::Value(value), Target::Value) => holds(value),
            (State::Empty, Target::Value) => empties().iter().all(holds),
            (State::Value(_), Target::Items) | (State::Other, _) => self.other_holds(known, wanted),
        })
    }

    /// The constraints that certainly apply to a field.
    fn active(&self, known: &Knowledge<'_>, wanted: Wanted<'_>) -> Vec<&Constraint> {
        let applies = |it: &&Clause| {
            it.origin.certainty == Certainty::Stated
                && it.target == wanted.target
                && !matches!(it.constraint, Constraint::Required | Constraint::Forbidden | Constraint::Default(_))
                && known.decide(&it.when) == Truth::True
        };
        self.record.field(wanted.field).clauses.iter().filter(applies).map(|it| &it.constraint).collect()
    }

    /// Whether a value that no spec names satisfies a constraint, by what else is known of it.
    fn other_holds(&self, known: &Knowledge<'_>, wanted: Wanted<'_>) -> bool {
        let field = self.record.field(wanted.field);
        let mut active = self.active(known, wanted);
        let own_type = match (wanted.target, &field.ty) {
            (Target::Value, ty) => ty.non_null(),
            (Target::Items, Type::Array(item) | Type::Map(item)) => item.non_null(),
            (Target::Items, ty) => ty,
        };
        active.extend(own_type.limits());
        if wanted.target == Target::Value && constraints::refuses_only_empty(wanted.constraint) {
            return true;
        }
        if let Some(values) = all_values(self.api, own_type) {
            return values.iter().all(|it| {
                active.iter().any(|active| !interpret::holds(active, it, own_type))
                    || interpret::holds(wanted.constraint, it, wanted.ty)
            });
        }
        follows(&active, wanted.constraint, own_type)
    }
}

/// All values of a type, if it lists them.
pub(crate) fn all_values(api: &Api, ty: &Type) -> Option<Vec<Value>> {
    match ty {
        Type::Boolean => Some(vec![json!(true), json!(false)]),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) if !def.open => Some(def.values.iter().map(|it| it.value.as_str().into()).collect()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether every value of a type that satisfies some constraints satisfies another.
pub(crate) fn follows(active: &[&Constraint], wanted: &Constraint, ty: &Type) -> bool {
    let implies = |it: &Constraint| constraints::implies(it, wanted) || number_implies(it, wanted, ty.is_whole());
    // Whole numbers have 64 bits.
    let ends = ty
        .ends()
        .map(|(least, most)| [Constraint::Minimum(Num::Integer(least)), Constraint::Maximum(Num::Integer(most))]);
    if active.iter().any(|it| implies(it)) || ends.is_some_and(|it| it.iter().any(implies)) {
        return true;
    }
    if let Some(values) = active.iter().find_map(|it| constraints::listed(it)) {
        return values.iter().all(|it| interpret::holds(wanted, it, ty));
    }
    match wanted {
        Constraint::Pattern(text) => {
            let Ok(pattern) = Pattern::parse(text) else { return false };
            let lengths = lengths(active);
            let of_active = active.iter().filter_map(|it| match it {
                Constraint::Pattern(text) => Pattern::parse(text).ok(),
                _ => None,
            });
            // Any text at all, if there is no pattern.
            let any = Pattern::parse("").ok();
            of_active.chain(any).any(|it| difference(&it, &pattern, &lengths) == Difference::None)
        }
        // What matches the new pattern must have matched the old one.
        Constraint::Not(Excluded::Pattern(text)) => {
            let Ok(pattern) = Pattern::parse(text) else { return false };
            let lengths = lengths(active);
            let mut of_active = active.iter().filter_map(|it| match it {
                Constraint::Not(Excluded::Pattern(text)) => Pattern::parse(text).ok(),
                _ => None,
            });
            of_active.any(|it| difference(&pattern, &it, &lengths) == Difference::None)
        }
        Constraint::MultipleOf(step) => {
            let step = step.as_f64();
            let is_multiple = |it: &&Constraint| match it {
                Constraint::MultipleOf(own) => {
                    let times = own.as_f64() / step;
                    times >= 1.0 && times.fract() == 0.0 && own.as_f64().fract() == 0.0 && step.fract() == 0.0
                }
                _ => false,
            };
            (ty.is_whole() && step == 1.0) || active.iter().any(is_multiple)
        }
        Constraint::UniqueItems => active.iter().any(|it| matches!(it, Constraint::MaxItems(0 | 1))),
        _ => false,
    }
}

/// The lengths that limits leave.
pub(crate) fn lengths(limits: &[&Constraint]) -> Lengths {
    let mut lengths = Lengths::default();
    for limit in limits {
        if let (Constraint::MinLength(count, unit) | Constraint::MaxLength(count, unit), Some(bound)) =
            (limit, limit.bound())
        {
            lengths.narrow(bound, *count, *unit);
        }
    }
    lengths
}

/// As [`constraints::implies`], for numbers whose ends are written in another way.
fn number_implies(strong: &Constraint, weak: &Constraint, whole: bool) -> bool {
    let end = |it: &Constraint| match (it.argument(), it.bound()) {
        (Argument::Number(number), Some(bound)) => Some((number, bound)),
        _ => None,
    };
    let (Some((strong, strong_bound)), Some((weak, weak_bound))) = (end(strong), end(weak)) else { return false };
    if strong_bound.is_lower() != weak_bound.is_lower() {
        return false;
    }
    let beyond = if strong_bound.is_lower() { strong > weak } else { strong < weak };
    // Of whole numbers, more than 4 is at least 5.
    let (strong, weak) = (strong.as_f64(), weak.as_f64());
    let first = |limit: f64, bound: Bound| match bound {
        Bound::AtLeast => limit.ceil(),
        Bound::MoreThan => limit.floor() + 1.0,
        Bound::AtMost => limit.floor(),
        Bound::LessThan => limit.ceil() - 1.0,
    };
    let exact = strong.abs() < 1e15 && weak.abs() < 1e15;
    let as_whole = || match strong_bound.is_lower() {
        true => first(strong, strong_bound) >= first(weak, weak_bound),
        false => first(strong, strong_bound) <= first(weak, weak_bound),
    };
    beyond || (whole && exact && as_whole())
}

/// The fields that a condition names.
pub(crate) fn fields_of(condition: &Condition, out: &mut Vec<FieldIx>) {
    match condition {
        Condition::Always => {}
        Condition::Test(test) => out.push(test.path.field),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|it| fields_of(it, out)),
        Condition::Not(inner) => fields_of(inner, out),
    }
}

fn speaks_of(rule: &Rule, field: FieldIx) -> bool {
    paths(&rule.kind).any(|it| it == field)
}

/// The fields that a rule is over.
pub(crate) fn paths(kind: &RuleKind) -> impl Iterator<Item = FieldIx> + use<> {
    let all: Vec<FieldIx> = match kind {
        RuleKind::AnyOf(paths)
        | RuleKind::ExactlyOneOf(paths)
        | RuleKind::AtMostOneOf(paths)
        | RuleKind::AllOrNone(paths) => paths.iter().map(|it| it.field).collect(),
        RuleKind::Requires(first, others) => std::iter::once(first).chain(others).map(|it| it.field).collect(),
        RuleKind::Compare(left, _, right) => vec![left.field, right.field],
        RuleKind::Sum { terms, .. } => terms.iter().map(|(it, _)| it.field).collect(),
        RuleKind::TotalLength { path, .. } | RuleKind::SameKind(path) => vec![path.field],
    };
    all.into_iter()
}
