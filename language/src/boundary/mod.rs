//! The boundary suite: for every clause and rule of an operation, requests just inside and just outside, as data.
//!
//! Emitted validators, the interpreter and the exported schemas are run on it, and have to agree. Requests are made
//! from the same reasoning as [`crate::check`]; the interpreter has the last word on each: a request that breaks more
//! than the one rule it was made for is dropped. The same model always gives the same suite.

mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Number, Value};

use crate::analyse::{Domain, Formula, Implication, ImplicationSource, StepBudget};
use crate::check::scope::RecordAnalysis;
use crate::check::witness::{WitnessRequest, candidate};
use crate::constraints::{self, BoundaryBase};
use crate::model::number;
use crate::model::{
    Access, Api, Clause, Condition, Constraint, Field, FieldIx, Operation, Target, Type, TypeId, TypeKind,
};
use crate::prose;
use crate::source::Span;

/// Steps of reasoning per record of an operation.
const STEPS: u64 = 3_000_000;
/// Records in records that are followed.
const DEEPEST: usize = 3;

/// Times that have 60 seconds where a leap second can be, and where none can be.
const TIMES: [&str; 6] = [
    "2016-12-31T23:59:60Z",
    "2017-01-01T08:59:60+09:00",
    "2015-06-30T15:59:60.5-08:00",
    "2016-12-31T23:58:60Z",
    "2016-12-31T23:59:60+09:00",
    "2016-03-31T23:59:60Z",
];

/// A request and what is to be said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What is sent.
    pub request: RequestParts,
    /// Whether it is legal.
    pub expect: Expect,
    /// The rule that it tries, and on which side of the limit it is, in words.
    pub about: String,
}

/// A request by parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RequestParts {
    /// Path parameters.
    pub path: Map<String, Value>,
    /// Query parameters.
    pub query: Map<String, Value>,
    /// Headers.
    pub headers: Map<String, Value>,
    /// The body, if the operation has one.
    pub body: Option<Value>,
}

/// What a validator has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing; warnings aside.
    Valid,
    /// One violation.
    Invalid {
        /// JSON pointer.
        at: String,
        /// The keyword.
        rule: &'static str,
    },
}

/// All cases of an operation, in the order of its parameters and rules; no two requests are equal.
#[must_use]
pub fn suite(api: &Api, op: &Operation) -> Vec<Case> {
    let domain = Domain::of(api, &op.parameters);
    let mut scope = RecordAnalysis::of_operation(api, op, &domain, StepBudget::new(STEPS));
    let mut suite = Suite { api, op, cases: Vec::new(), by_hash: BTreeMap::new(), visited: Vec::new() };
    suite.record(&mut scope, &|values| Some(WitnessRequest::of(&op.parameters, &values)), 0);
    suite.cases
}

/// Puts the values of a record into its place in the request.
type Embed<'e> = &'e dyn Fn(Map<String, Value>) -> Option<WitnessRequest>;

struct Suite<'a> {
    api: &'a Api,
    op: &'a Operation,
    cases: Vec<Case>,
    /// The cases whose requests have a hash: an operation may have thousands.
    by_hash: BTreeMap<u64, Vec<usize>>,
    /// Record types that were looked at.
    visited: Vec<TypeId>,
}

/// What a request was made for.
#[derive(Clone, Copy)]
struct CasePurpose<'t> {
    rule: &'static str,
    /// Where the rule is written; types have no place of their own.
    span: Option<Span>,
    about: &'t str,
}

impl Suite<'_> {
    fn record(&mut self, scope: &mut RecordAnalysis<'_>, embed: Embed<'_>, depth: usize) {
        if let Some(plain) = candidate(scope, &[], &|_| false) {
            self.keep(embed(plain), CasePurpose { rule: "", span: None, about: "as little as possible" });
        }
        let is_sent = |(_, it): &(FieldIx, &Field)| it.access != Access::ReadOnly;
        for (ix, field) in scope.fields().filter(is_sent) {
            self.field_type(scope, ix, field, embed);
            for index in 0..field.clauses.len() {
                self.clause(scope, ix, index, embed);
            }
        }
        for index in 0..scope.record.rules.len() {
            self.rule(scope, index, embed);
        }
        if depth < DEEPEST {
            for (ix, field) in scope.fields().filter(is_sent) {
                self.inside(scope, ix, field, embed, depth);
            }
        }
    }

    /// A value of another type, and one that a closed enum does not list.
    fn field_type(&mut self, scope: &mut RecordAnalysis<'_>, ix: FieldIx, field: &Field, embed: Embed<'_>) {
        let Some(base) = candidate(scope, &[Formula::present(scope.domain, ix)], &|_| false) else { return };
        let about = format!("`{}` of another type", field.name);
        for wrong in [Value::Bool(true), Value::from("%"), Value::Array(Vec::new())] {
            let aim = CasePurpose { rule: "type", span: None, about: &about };
            self.keep(embed(with(&base, field, wrong)), aim);
        }
        if let Type::Named(id) = &field.ty
            && let TypeKind::Union { members, exclusive: true } = &self.api.ty(*id).kind
        {
            let about = prose::exclusive_sentence(self.api, prose::Subject::of(field), members);
            let made = base.get(&field.name).and_then(Value::as_object);
            // The less there is in a value, the more members accept it.
            let parts = made.into_iter().flatten().map(|(name, it)| Value::from_iter([(name.clone(), it.clone())]));
            let empty = [Value::Object(Map::new()), Value::Array(Vec::new())];
            for value in parts.chain(empty) {
                self.keep(embed(with(&base, field, value)), CasePurpose { rule: "one_of", span: None, about: &about });
            }
        }
        let about = match field.ty {
            Type::DateTime => format!("`{}` near a leap second", field.name),
            _ => format!("`{}` of another format", field.name),
        };
        for value in format_boundaries(&field.ty) {
            let aim = CasePurpose { rule: "format", span: None, about: &about };
            self.keep(embed(with(&base, field, value)), aim);
        }
        if let Type::Named(id) = &field.ty
            && let TypeKind::Enum(def) = &self.api.ty(*id).kind
            && !def.open
        {
            let about = prose::type_sentence(self.api, prose::Subject::of(field), &field.ty);
            let span = def.values.first().map(|it| it.span);
            for value in def.values.iter().map(|it| it.value.as_str()).chain(["no such value"]) {
                self.keep(embed(with(&base, field, value.into())), CasePurpose { rule: "enum", span, about: &about });
            }
        }
    }

    fn clause(&mut self, scope: &mut RecordAnalysis<'_>, ix: FieldIx, index: usize, embed: Embed<'_>) {
        let record = scope.record;
        let field = record.field(ix);
        let clause = &field.clauses[index];
        let itself = |implication: &Implication| implication.source == ImplicationSource::Clause(ix, index);
        let when = scope.formula(&clause.when);
        let sent = Formula::sent(scope.domain, ix);
        let about = prose::clause_doc(record, self.api, field, clause);
        let aim = CasePurpose { rule: clause.constraint.keyword(), span: Some(clause.span), about: &about };
        match &clause.constraint {
            Constraint::Default(_) => {}
            Constraint::Required => {
                let goals = [vec![when.clone(), sent.clone()], vec![when.clone(), sent.negate()], vec![when.negate()]];
                self.add_requests_for(scope, &goals, itself, embed, aim);
            }
            Constraint::Forbidden | Constraint::Ignored => {
                let goals = [vec![when.clone(), sent.clone()], vec![when.clone(), sent.clone().negate()]];
                self.add_requests_for(scope, &goals, itself, embed, aim);
                self.add_requests_for(scope, &[vec![when.negate(), sent]], itself, embed, aim);
            }
            _ => {
                let present = Formula::present(scope.domain, ix);
                // Apart from other limits of the same kind: one rule is to be broken, not two.
                let apart = field.clauses.iter().filter(|it| {
                    it.constraint.keyword() == aim.rule && it.when != Condition::Always && it.when != clause.when
                });
                let apart = apart.map(|it| scope.formula(&it.when).negate());
                let goals: Vec<Formula> = [when.clone(), present.clone()].into_iter().chain(apart).collect();
                let base = candidate(scope, &goals, &|_| false);
                let base = base.or_else(|| candidate(scope, &goals[..2], &|_| false));
                let Some(base) = base else { return };
                let values = boundary_values(self.api, field, clause, base.get(&field.name));
                // Where the clause does not apply its limit is none.
                let elsewhere = candidate(scope, &[when.negate(), present], &|_| false);
                for value in values {
                    self.keep(embed(with(&base, field, value.clone())), aim);
                    if let Some(elsewhere) = &elsewhere {
                        self.keep(embed(with(elsewhere, field, value)), aim);
                    }
                }
            }
        }
    }

    /// Requests for goals, each searched without the implication that it may break.
    fn add_requests_for(
        &mut self,
        scope: &mut RecordAnalysis<'_>,
        goals: &[Vec<Formula>],
        itself: impl Fn(&Implication) -> bool,
        embed: Embed<'_>,
        aim: CasePurpose<'_>,
    ) {
        for goals in goals {
            if let Some(values) = candidate(scope, goals, &itself) {
                self.keep(embed(values), aim);
            }
        }
    }

    fn rule(&mut self, scope: &mut RecordAnalysis<'_>, index: usize, embed: Embed<'_>) {
        let record = scope.record;
        let rule = &record.rules[index];
        let about = prose::rule(record, self.api, rule);
        let aim = CasePurpose { rule: rule.kind.keyword(), span: Some(rule.span), about: &about };
        for values in rules::boundary_values(scope, index) {
            self.keep(embed(values), aim);
        }
    }

    /// The records that a field holds.
    fn inside(&mut self, scope: &mut RecordAnalysis<'_>, ix: FieldIx, field: &Field, embed: Embed<'_>, depth: usize) {
        for (id, tag) in records_in(self.api, &field.ty, 0) {
            let TypeKind::Record(record) = &self.api.ty(id).kind else { continue };
            if self.visited.contains(&id) {
                continue;
            }
            self.visited.push(id);
            let Some(base) = candidate(scope, &[Formula::present(scope.domain, ix)], &|_| false) else { continue };
            let place = |mut object: Map<String, Value>| {
                if let Some((name, value)) = &tag {
                    object.insert(name.clone(), value.clone());
                }
                let value = placed(&field.ty, base.get(&field.name), Value::Object(object));
                embed(with(&base, field, value))
            };
            let domain = Domain::of(self.api, record);
            let mut inner = RecordAnalysis::of_type(self.api, id, record, &domain, StepBudget::new(STEPS));
            self.record(&mut inner, &place, depth + 1);
        }
    }

    /// Keeps a request if it is legal, or breaks what it was made to break and nothing else.
    fn keep(&mut self, parts: Option<WitnessRequest>, aim: CasePurpose<'_>) {
        let Some(parts) = parts else { return };
        let expect = match parts.violations(self.api, self.op).as_slice() {
            [] => Expect::Valid,
            [only] if only.rule == aim.rule && (aim.span.is_none() || only.rule_span == aim.span) => {
                Expect::Invalid { at: only.at.clone(), rule: only.rule }
            }
            _ => return,
        };
        let body = parts.sent_body(self.op);
        let request = RequestParts { path: parts.path, query: parts.query, headers: parts.headers, body };
        self.add(Case { request, expect, about: aim.about.to_owned() });
    }

    fn add(&mut self, case: Case) {
        let mut hasher = DefaultHasher::new();
        case.request.hash(&mut hasher);
        let alike = self.by_hash.entry(hasher.finish()).or_default();
        if !alike.iter().any(|it| self.cases[*it].request == case.request) {
            alike.push(self.cases.len());
            self.cases.push(case);
        }
    }
}

/// Values that have the format of a type, and values that just have not.
fn format_boundaries(ty: &Type) -> Vec<Value> {
    match ty {
        Type::DateTime => TIMES.into_iter().map(Value::from).collect(),
        Type::Formatted(format) => {
            let sample = format.sample();
            [sample.to_owned(), format!("{sample}%"), format!(" {sample}")].map(Value::from).to_vec()
        }
        Type::Sized(format) => {
            let (least, most) = format.ends();
            let whole = [least - 1, least, most, most + 1].into_iter().filter_map(number::whole);
            // What is beyond all whole numbers of JSON is read as a double.
            let beyond = Number::from_f64(1.8446744073709552e19).filter(|_| !format.is_of_integers());
            whole.chain(beyond).map(Value::Number).collect()
        }
        Type::Array(item) => format_boundaries(item).into_iter().map(|it| Value::Array(vec![it])).collect(),
        Type::Map(item) => {
            let entry = |it: Value| Value::Object(Map::from_iter([("key".to_owned(), it)]));
            format_boundaries(item).into_iter().map(entry).collect()
        }
        Type::Nullable(inner) => format_boundaries(inner),
        _ => Vec::new(),
    }
}

fn with(base: &Map<String, Value>, field: &Field, value: Value) -> Map<String, Value> {
    let mut values = base.clone();
    values.insert(field.name.clone(), value);
    values
}

/// Values on both sides of a clause's limit, for the field or for its first item.
fn boundary_values(api: &Api, field: &Field, clause: &Clause, base: Option<&Value>) -> Vec<Value> {
    // What else is asked of the value where the clause applies: a value on the right side has to obey it too.
    let beside = field.clauses.iter().filter(|it| {
        let applies = it.when == Condition::Always || it.when == clause.when;
        applies && it.target == clause.target && it.constraint.keyword() != clause.constraint.keyword()
    });
    let beside: Vec<&Constraint> = beside.map(|it| &it.constraint).collect();
    let around = |ty: &Type, value: &Value| {
        let base = BoundaryBase { api, ty, beside: &beside, value };
        (constraints::of(&clause.constraint).boundary_values)(&clause.constraint, &base)
    };
    match (clause.target, base) {
        (_, None) => Vec::new(),
        (Target::Value, Some(base)) => around(&field.ty, base),
        (Target::Items, Some(Value::Array(items))) => {
            let item = match &field.ty {
                Type::Array(item) => Some(item.non_null()),
                union => api.listed_items(union).map(|it| it.1),
            };
            let (Some(first), Some(item)) = (items.first(), item) else { return Vec::new() };
            let values = around(item, first).into_iter();
            values.map(|it| Value::Array(std::iter::once(it).chain(items.iter().skip(1).cloned()).collect())).collect()
        }
        (Target::Items, Some(_)) => Vec::new(),
    }
}

/// The record types that a value of a type can be or hold as items, with their tags.
fn records_in(api: &Api, ty: &Type, depth: usize) -> Vec<(TypeId, Option<(String, Value)>)> {
    if depth > 4 {
        return Vec::new();
    }
    match ty {
        Type::Array(item) | Type::Nullable(item) => records_in(api, item, depth + 1),
        Type::Union(members) => members.iter().flat_map(|it| records_in(api, it, depth + 1)).collect(),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(_) => vec![(*id, None)],
            TypeKind::Enum(_) => Vec::new(),
            TypeKind::Union { members, .. } => members.iter().flat_map(|it| records_in(api, it, depth + 1)).collect(),
            TypeKind::Tagged(union) => {
                let tagged = union.members.iter();
                tagged.map(|(tag, id)| (*id, Some((union.tag.clone(), union.tag_value(tag))))).collect()
            }
        },
        _ => Vec::new(),
    }
}

/// An object where a field of that type has it: itself, or the first item of a list.
fn placed(ty: &Type, base: Option<&Value>, object: Value) -> Value {
    match (ty, base) {
        (Type::Array(_), Some(Value::Array(items))) => {
            Value::Array(std::iter::once(object).chain(items.iter().skip(1).cloned()).collect())
        }
        (Type::Array(_), _) => Value::Array(vec![object]),
        _ => object,
    }
}
