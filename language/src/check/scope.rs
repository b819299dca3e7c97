//! One record under examination, with what is needed to reason about it.

use crate::analyse::{Domain, Formula, Implication, ImplicationSource, Implications, Knowledge, StepBudget, Truth};
use crate::model::{Api, Certainty, Clause, Condition, Constraint, Field, FieldIx, Operation, Record, Type, TypeId};
use crate::source::Span;

/// The largest number of implications among which a conflict is narrowed down.
const MOST_SUSPECTS: usize = 300;

/// One record under examination.
pub(crate) struct RecordAnalysis<'a> {
    pub(crate) api: &'a Api,
    /// The operation whose parameters the record is.
    pub(crate) op: Option<&'a Operation>,
    /// The type that the record is.
    pub(crate) ty: Option<Type>,
    pub(crate) record: &'a Record,
    /// `seedance.text_to_video`, or the name of a type.
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) domain: &'a Domain,
    pub(crate) implications: Implications,
    /// What holds in every legal request.
    pub(crate) base: Knowledge<'a>,
    pub(crate) fuel: StepBudget,
}

impl<'a> RecordAnalysis<'a> {
    /// The parameters of an operation.
    pub(crate) fn of_operation(api: &'a Api, op: &'a Operation, domain: &'a Domain, fuel: StepBudget) -> Self {
        let name = op.full_name(api);
        Self { op: Some(op), name, span: op.span, ..Self::of_record(api, &op.parameters, domain, op.span, fuel) }
    }

    /// A record type.
    pub(crate) fn of_type(api: &'a Api, id: TypeId, record: &'a Record, domain: &'a Domain, fuel: StepBudget) -> Self {
        let def = api.ty(id);
        let name = def.name.clone();
        Self { ty: Some(Type::Named(id)), name, ..Self::of_record(api, record, domain, def.span, fuel) }
    }

    /// A record by itself, without its operation or type.
    pub(crate) fn of_record(
        api: &'a Api,
        record: &'a Record,
        domain: &'a Domain,
        span: Span,
        mut fuel: StepBudget,
    ) -> Self {
        let implications = Implications::of(domain, record);
        let mut base = Knowledge::nothing(domain);
        implications.propagate(&mut base, &mut fuel);
        Self { api, op: None, ty: None, record, name: String::new(), span, domain, implications, base, fuel }
    }

    /// The fields with their indices.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldIx, &'a Field)> + use<'a> {
        self.record.fields.iter().enumerate().map(|(at, field)| (FieldIx(at as u32), field))
    }

    /// The condition of a clause or rule, compiled.
    pub(crate) fn formula(&self, condition: &Condition) -> Formula {
        self.domain.formula(condition)
    }

    /// What holds in every request that obeys all implications but some, and in which something holds. Stated
    /// implications only.
    pub(crate) fn knowledge_assuming(
        &mut self,
        holds: &[&Formula],
        without: impl Fn(&Implication) -> bool,
    ) -> Knowledge<'a> {
        let mut knowledge = Knowledge::nothing(self.domain);
        holds.iter().for_each(|it| knowledge.assume_formula(it));
        if !knowledge.is_impossible() {
            let counts = |it: &Implication| it.certainty == Certainty::Stated && !without(it);
            self.implications.propagate_where(&mut knowledge, &mut self.fuel, counts);
            // A disjunction says more once other things are known.
            holds.iter().for_each(|it| knowledge.assume_formula(it));
        }
        knowledge
    }

    /// Whether no request that obeys all implications but some makes a formula hold.
    pub(crate) fn is_refuted(&mut self, holds: &Formula, without: impl Fn(&Implication) -> bool) -> bool {
        self.is_refuted_by(holds, &without)
    }

    fn is_refuted_by(&mut self, holds: &Formula, without: &dyn Fn(&Implication) -> bool) -> bool {
        // A disjunction is refuted branch by branch, which sees what the fields of a branch have to do with each other.
        match holds {
            Formula::Any(parts) if parts.len() <= 16 => parts.iter().all(|it| self.is_refuted_by(it, without)),
            _ => self.knowledge_assuming(&[holds], without).is_impossible(),
        }
    }

    /// Where the implications are written that together refute a formula: none of them can be missing. Empty where that
    /// would take too long.
    pub(crate) fn conflicting_spans(
        &mut self,
        holds: &Formula,
        without: impl Fn(&Implication) -> bool + Copy,
    ) -> Vec<Span> {
        let sources: Vec<ImplicationSource> =
            self.implications.all.iter().filter(|it| !without(it)).map(|it| it.source).collect();
        let mut innocent: Vec<ImplicationSource> = Vec::new();
        if sources.len() > MOST_SUSPECTS {
            return Vec::new();
        }
        // The last ones are asked first, so that what was written first is kept.
        for source in sources.iter().rev() {
            innocent.push(*source);
            let dropped = innocent.clone();
            if self.fuel.is_spent() {
                return Vec::new();
            }
            if !self.is_refuted(holds, |it| without(it) || dropped.contains(&it.source)) {
                innocent.pop();
            }
        }
        let mut spans: Vec<Span> = Vec::new();
        for source in sources.into_iter().filter(|it| !innocent.contains(it)) {
            let span = match source {
                ImplicationSource::Clause(field, index) => self.record.field(field).clauses[index].span,
                ImplicationSource::Rule(index) => self.record.rules[index].span,
            };
            if !spans.contains(&span) {
                spans.push(span);
            }
        }
        spans
    }

    /// Keeps only the unconditional implications, so that a contradiction is reported once.
    pub(crate) fn forget_conditions(&mut self) {
        self.implications.all.retain(|it| it.when == Formula::Const(Truth::True));
        self.base = self.knowledge_assuming(&[], |_| false);
    }

    /// Whether one condition certainly holds if another does, judged by these two alone.
    pub(crate) fn condition_implies(&self, from: &Formula, to: &Formula) -> bool {
        match from {
            Formula::Any(parts) => parts.iter().all(|it| self.condition_implies(it, to)),
            _ => {
                let mut knowledge = Knowledge::nothing(self.domain);
                knowledge.assume_formula(from);
                knowledge.is_impossible() || knowledge.decide_formula(to) == Truth::True
            }
        }
    }
}

/// Whether breaking the clause makes a request illegal.
pub(crate) fn is_stated(clause: &Clause) -> bool {
    clause.origin.certainty == Certainty::Stated
}

/// What comparing two clauses costs: lists of values are compared value by value.
pub(crate) fn comparison_cost(a: &Clause, b: &Clause) -> u64 {
    let values = |it: &Clause| match &it.constraint {
        Constraint::Enum(values) => values.len() as u64,
        _ => 0,
    };
    1 + (values(a) + values(b)) / 8
}
