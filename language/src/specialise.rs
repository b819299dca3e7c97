//! What is left of an operation under the condition of one of its variants: the parameters that are allowed, the values
//! that they can have, and the clauses and rules that can still matter.
//!
//! The builders, their docs and the table of variants in the reference all ask this module, so that they agree.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use crate::analyse::{Domain, Formula, Implications, Knowledge, State, StepBudget, Truth};
use crate::model::{Api, Condition, Constraint, FieldIx, Operation, Record, Type, TypeKind};

/// What becomes of every parameter under a condition.
#[derive(Debug)]
pub struct Specialised<'d> {
    /// What follows from the condition and the rules.
    pub knowledge: Knowledge<'d>,
    pub fields: Vec<SpecialisedField>,
    /// Index of a rule, and whether its condition certainly holds. Rules whose condition certainly does not hold are
    /// left out.
    pub rules: Vec<(usize, Truth)>,
}

/// What becomes of one parameter.
#[derive(Debug)]
pub struct SpecialisedField {
    pub status: Status,
    /// The status follows only from clauses that the document implies; `any` builds requests that ignore them.
    pub implied: bool,
    /// Values of an enum that are left, where not all are.
    pub values: Option<Vec<String>>,
    /// Index of a clause, and whether its condition certainly holds. Clauses that certainly do not apply are left out.
    pub clauses: Vec<(usize, Truth)>,
}

/// Whether a parameter is set, and by whom.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    Required,
    Optional,
    /// Not allowed, or left to the server because it is the default.
    Never,
    /// Always this value: set by choosing the variant.
    Pinned(Value),
}

impl SpecialisedField {
    /// Whether the condition of a clause holds.
    pub fn applies(&self, clause: usize) -> Truth {
        self.clauses.iter().find(|(index, _)| *index == clause).map_or(Truth::False, |(_, truth)| *truth)
    }
}

impl Specialised<'_> {
    /// Whether two variants can share a builder: they differ only in pinned values.
    pub fn shares_with(&self, other: &Self) -> bool {
        let alike = |(a, b): (&SpecialisedField, &SpecialisedField)| match (&a.status, &b.status) {
            (Status::Pinned(_), Status::Pinned(_)) | (Status::Never, Status::Never) => true,
            _ => a.status == b.status && a.values == b.values && a.clauses == b.clauses,
        };
        self.rules == other.rules && self.fields.iter().zip(&other.fields).all(alike)
    }

    /// The same for variants that can share a builder, and hardly ever for others.
    pub fn sharing_fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let clauses = |all: &[(usize, Truth)], hasher: &mut DefaultHasher| {
            all.iter().for_each(|(index, truth)| (index, *truth == Truth::True).hash(hasher));
        };
        clauses(&self.rules, &mut hasher);
        for (index, field) in self.fields.iter().enumerate() {
            let status = match field.status {
                Status::Never => continue,
                Status::Pinned(_) => {
                    (index, 0).hash(&mut hasher);
                    continue;
                }
                Status::Required => 1,
                Status::Optional => 2,
            };
            (index, status, &field.values).hash(&mut hasher);
            clauses(&field.clauses, &mut hasher);
        }
        hasher.finish()
    }
}

/// The domain that distinguishes an operation's variants.
pub fn domain(api: &Api, operation: &Operation) -> Domain {
    Domain::with_conditions(api, &operation.parameters, operation.variants.iter().map(|it| &it.when))
}

/// The variants that share a builder.
pub struct Variants<'d> {
    /// What the condition of each says, and nothing that follows from the rules.
    known: Vec<Knowledge<'d>>,
}

impl<'d> Variants<'d> {
    pub fn new<'c>(domain: &'d Domain, conditions: impl IntoIterator<Item = &'c Condition>) -> Self {
        let knowledge = |when: &Condition| {
            let mut knowledge = Knowledge::nothing(domain);
            knowledge.assume(when);
            knowledge
        };
        Self { known: conditions.into_iter().map(knowledge).collect() }
    }

    /// A condition without the parts that the variants decide: `size` is `large`, of `model` is `a` and `size` is
    /// `large`. It stays whole if the variants leave different parts.
    pub fn remaining(&self, condition: &Condition) -> Condition {
        let mut all = self.known.iter().map(|it| remaining(it, condition));
        match all.next() {
            Some(first) if all.all(|it| it == first) => first,
            _ => condition.clone(),
        }
    }
}

fn remaining(known: &Knowledge<'_>, condition: &Condition) -> Condition {
    let parts = |all: &[Condition], decided: Truth| {
        let open = all.iter().filter(|it| known.decide(it) != decided);
        open.map(|it| remaining(known, it)).collect::<Vec<_>>()
    };
    match (known.decide(condition), condition) {
        (Truth::True, _) => Condition::Always,
        (Truth::False, _) | (_, Condition::Always | Condition::Test(_)) => condition.clone(),
        (Truth::Unknown, Condition::All(all)) => joined(parts(all, Truth::True), Condition::All),
        (Truth::Unknown, Condition::Any(all)) => joined(parts(all, Truth::False), Condition::Any),
        (Truth::Unknown, Condition::Not(inner)) => Condition::Not(Box::new(remaining(known, inner))),
    }
}

fn joined(mut parts: Vec<Condition>, join: impl FnOnce(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

/// The parameters of an operation in a form that is quickly specialised to one condition after another.
pub struct Specialiser<'a> {
    api: &'a Api,
    domain: &'a Domain,
    record: &'a Record,
    implications: Implications,
    /// The conditions of all clauses, by field, and of all rules.
    clauses: Vec<Vec<Formula>>,
    rules: Vec<Formula>,
}

impl<'a> Specialiser<'a> {
    pub fn of(api: &'a Api, domain: &'a Domain, record: &'a Record) -> Self {
        let clauses = record.fields.iter().map(|it| it.clauses.iter().map(|it| domain.formula(&it.when)).collect());
        let rules = record.rules.iter().map(|it| domain.formula(&it.when));
        let implications = Implications::of(domain, record);
        Self { api, domain, record, implications, clauses: clauses.collect(), rules: rules.collect() }
    }

    /// The operation under a condition.
    pub fn under(&self, when: &Condition) -> Specialised<'a> {
        let Self { api, domain, record, implications, .. } = self;
        let mut knowledge = Knowledge::nothing(domain);
        knowledge.assume(when);
        implications.propagate(&mut knowledge, &mut StepBudget::default());
        let fields = record.fields.iter().zip(&self.clauses).enumerate().map(|(index, (field, conditions))| {
            let ix = FieldIx(index as u32);
            let applies: Vec<Truth> = conditions.iter().map(|it| knowledge.decide_formula(it)).collect();
            // A parameter that the document only implies to be forbidden has no setter either. `any` and `extra` still
            // send it.
            let implied_away = field
                .clauses
                .iter()
                .zip(&applies)
                .any(|(it, applies)| it.constraint == Constraint::Forbidden && *applies == Truth::True);
            // A parameter that it implies to be always required is required here. `any` sends requests without it.
            let implied =
                field.clauses.iter().any(|it| it.constraint == Constraint::Required && it.when == Condition::Always);
            let (status, implied) = match status(&knowledge, (record, ix), names(when, ix)) {
                Status::Never => (Status::Never, false),
                _ if implied_away => (Status::Never, true),
                Status::Optional if implied => (Status::Required, true),
                other => (other, false),
            };
            let clauses: Vec<_> = applies.into_iter().enumerate().filter(|(_, it)| *it != Truth::False).collect();
            SpecialisedField { status, implied, values: values(api, &knowledge, record, ix), clauses }
        });
        let rules = self.rules.iter().enumerate().map(|(index, it)| (index, knowledge.decide_formula(it)));
        let (fields, rules) = (fields.collect(), rules.filter(|(_, it)| *it != Truth::False).collect());
        Specialised { knowledge, fields, rules }
    }
}

fn status(knowledge: &Knowledge<'_>, (record, field): (&Record, FieldIx), chosen: bool) -> Status {
    let states: Vec<&State> = knowledge.possible(field).collect();
    match states.as_slice() {
        [] | [State::Absent] => Status::Never,
        [State::Value(only)] => Status::Pinned(only.clone()),
        // Of texts, only one is empty.
        [State::Empty] if record.field(field).ty == Type::String => Status::Pinned(Value::from("")),
        // The variant's condition holds when it is left out: the default is not sent.
        [State::Absent, State::Value(_)] if chosen => Status::Never,
        states if states.contains(&&State::Absent) => Status::Optional,
        _ => Status::Required,
    }
}

/// Whether a condition speaks of a field.
fn names(condition: &Condition, field: FieldIx) -> bool {
    match condition {
        Condition::Always => false,
        Condition::Test(test) => test.path.field == field,
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|it| names(it, field)),
        Condition::Not(inner) => names(inner, field),
    }
}

/// The values of a closed enum that are left, where not all are.
fn values(api: &Api, knowledge: &Knowledge<'_>, record: &Record, field: FieldIx) -> Option<Vec<String>> {
    let Type::Named(id) = record.field(field).ty else { return None };
    let TypeKind::Enum(def) = &api.ty(id).kind else { return None };
    let left = knowledge.values(field)?;
    let left: Vec<String> = left.into_iter().filter_map(Value::as_str).map(str::to_owned).collect();
    // In the order of the enum, so that equal sets are equal lists.
    let ordered = def.values.iter().map(|it| &it.value).filter(|it| left.contains(it));
    let ordered: Vec<String> = ordered.cloned().collect();
    (!ordered.is_empty() && ordered.len() < def.values.len()).then_some(ordered)
}
