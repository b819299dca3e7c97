//! Witnesses: concrete requests that prove a finding about a record.
//!
//! From formulas that must hold, a request is searched greedily: field by field, left out where possible, each choice
//! completed by the record's implications. What comes out is checked by [`crate::interpret`], so that a witness never lies; when
//! none is found nothing is said.

use serde_json::{Map, Value};

use super::scope::RecordAnalysis;
use crate::analyse::{Formula, Implication, ImplicationSource, Implications, Knowledge, State, StepBudget, Truth};
use crate::interpret::{self, Request, Violation};
use crate::model::{Access, Api, Certainty, Constraint, FieldIx, Location, Operation, Record, Target, same_value};
use crate::source::{FileId, Span};

use super::concrete::{ValueRequirements, value};

/// States of one field that are tried before the search is given up.
const MOST_STATES: usize = 40;
/// Requests that are tried: with other values where no value was found for one.
const MOST_ATTEMPTS: usize = 4;
/// Steps of reasoning for an object inside a request.
const INNER_STEPS: u64 = 20_000;

/// A request by parts, as [`interpret`] takes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WitnessRequest {
    pub(crate) path: Map<String, Value>,
    pub(crate) query: Map<String, Value>,
    pub(crate) headers: Map<String, Value>,
    pub(crate) body: Map<String, Value>,
    /// The body, if it is one value.
    pub(crate) whole: Option<Value>,
}

impl WitnessRequest {
    /// Parameters by name, put where they belong.
    pub(crate) fn of(record: &Record, values: &Map<String, Value>) -> Self {
        let mut parts = Self::default();
        for field in &record.fields {
            let Some(value) = values.get(&field.name) else { continue };
            let place = match field.location {
                Location::WholeBody => {
                    parts.whole = Some(value.clone());
                    continue;
                }
                Location::Body => &mut parts.body,
                Location::Path => &mut parts.path,
                Location::Query => &mut parts.query,
                Location::Header => &mut parts.headers,
                Location::Cookie => {
                    interpret::put_cookie(&mut parts.headers, field.sent_name(), Some(value.clone()));
                    continue;
                }
            };
            place.insert(field.sent_name().to_owned(), value.clone());
        }
        parts
    }

    /// The body, if one is sent.
    pub(crate) fn sent_body(&self, op: &Operation) -> Option<Value> {
        if op.whole_body().is_some() {
            return self.whole.clone();
        }
        (op.has_body || !self.body.is_empty()).then(|| Value::Object(self.body.clone()))
    }

    /// What the interpreter says of it.
    pub(crate) fn violations(&self, api: &Api, op: &Operation) -> Vec<Violation> {
        let body = self.sent_body(op);
        let request = Request { path: &self.path, query: &self.query, headers: &self.headers, body: body.as_ref() };
        interpret::validate_whole(api, op, &request).violations
    }
}

/// A request, all parameters by name, in which all goals hold and that is legal; clauses of the fields `about` may be
/// broken. Shown as compact JSON.
pub(super) fn find(scope: &mut RecordAnalysis<'_>, goals: &[Formula], about: &[FieldIx]) -> Option<String> {
    let values = find_values(scope, goals, about)?;
    Some(shown(&Value::Object(values)))
}

/// As [`find`], as data.
pub(super) fn find_values(
    scope: &mut RecordAnalysis<'_>,
    goals: &[Formula],
    about: &[FieldIx],
) -> Option<Map<String, Value>> {
    // One that breaks no inferred rule either convinces more.
    for certainty in [Certainty::Inferred, Certainty::Stated] {
        let counts = |implication: &Implication| {
            let sure = implication.certainty == Certainty::Stated || certainty == Certainty::Inferred;
            let own = matches!(implication.source, ImplicationSource::Clause(field, _) if about.contains(&field));
            sure && !own
        };
        if let Some(values) = search(scope, goals, &counts, Truth::True) {
            let violations = violations(scope, &values);
            let of_field = |it: &Violation| {
                let mut clauses = about.iter().flat_map(|ix| &scope.record.field(*ix).clauses);
                it.rule_span.is_some_and(|span| clauses.any(|clause| clause.span == span))
            };
            if violations.iter().all(of_field) {
                return Some(values);
            }
        }
    }
    None
}

/// A request in which no goal is known to fail and that obeys all implications but some, as far as states tell: not checked.
pub(crate) fn candidate(
    scope: &mut RecordAnalysis<'_>,
    goals: &[Formula],
    without: &dyn Fn(&Implication) -> bool,
) -> Option<Map<String, Value>> {
    [Certainty::Inferred, Certainty::Stated].into_iter().find_map(|certainty| {
        let sure =
            |implication: &Implication| implication.certainty == Certainty::Stated || certainty == Certainty::Inferred;
        search(scope, goals, &|implication| sure(implication) && !without(implication), Truth::Unknown)
    })
}

fn violations(scope: &RecordAnalysis<'_>, values: &Map<String, Value>) -> Vec<Violation> {
    match (scope.op, &scope.ty) {
        (Some(op), _) => WitnessRequest::of(scope.record, values).violations(scope.api, op),
        (None, Some(ty)) => interpret::validate_request_value(scope.api, ty, &Value::Object(values.clone())),
        (None, None) => Vec::new(),
    }
}

fn shown(value: &Value) -> String {
    const LONGEST: usize = 400;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn search(
    scope: &mut RecordAnalysis<'_>,
    goals: &[Formula],
    counts: &dyn Fn(&Implication) -> bool,
    least: Truth,
) -> Option<Map<String, Value>> {
    let mut start = Knowledge::nothing(scope.domain);
    assume_all(scope, &mut start, goals, counts);
    let mut hard: Vec<(FieldIx, State)> = Vec::new();
    for _ in 0..MOST_ATTEMPTS {
        let known = choose_states(scope, start.clone(), goals, counts, &hard)?;
        let holds = |it: &Formula| matches!(known.decide_formula(it), truth if truth == Truth::True || truth == least);
        if !goals.iter().all(holds) {
            return None;
        }
        match build_values(scope.api, scope.record, &known, &scope.implications, counts, 0) {
            Ok(values) => return Some(values),
            Err(ix) => hard.push((ix, known.fixed(ix)?.clone())),
        }
    }
    None
}

fn assume_all(
    scope: &mut RecordAnalysis<'_>,
    known: &mut Knowledge<'_>,
    goals: &[Formula],
    counts: &dyn Fn(&Implication) -> bool,
) {
    goals.iter().for_each(|it| known.assume_formula(it));
    if !known.is_impossible() {
        scope.implications.propagate_where(known, &mut scope.fuel, counts);
        goals.iter().for_each(|it| known.assume_formula(it));
    }
}

/// Chooses a state for every field; `hard` ones are left alone.
fn choose_states<'d>(
    scope: &mut RecordAnalysis<'_>,
    mut known: Knowledge<'d>,
    goals: &[Formula],
    counts: &dyn Fn(&Implication) -> bool,
    hard: &[(FieldIx, State)],
) -> Option<Knowledge<'d>> {
    if known.is_impossible() || scope.fuel.is_spent() {
        return None;
    }
    for (ix, _) in scope.fields() {
        if known.fixed(ix).is_some() && hard.is_empty() {
            continue;
        }
        let mut states: Vec<State> =
            known.possible(ix).filter(|it| !hard.contains(&(ix, (*it).clone()))).cloned().collect();
        states.sort_by_key(state_preference);
        states.truncate(MOST_STATES);
        let mut chosen = None;
        for state in states {
            let mut next = known.clone();
            next.fix(ix, &state);
            assume_all(scope, &mut next, goals, counts);
            if !next.is_impossible() {
                chosen = Some(next);
                break;
            }
        }
        known = chosen?;
        if scope.fuel.is_spent() {
            return None;
        }
    }
    Some(known)
}

/// Simple requests first.
fn state_preference(state: &State) -> u8 {
    match state {
        State::Absent => 0,
        State::Value(_) => 1,
        State::Other => 2,
        State::Empty => 3,
        State::Null => 4,
    }
}

/// Values for settled fields, or the field that has none.
pub(super) fn build_values(
    api: &Api,
    record: &Record,
    known: &Knowledge<'_>,
    implications: &Implications,
    counts: &dyn Fn(&Implication) -> bool,
    depth: usize,
) -> Result<Map<String, Value>, FieldIx> {
    let mut values = Map::new();
    for (at, field) in record.fields.iter().enumerate() {
        let ix = FieldIx(at as u32);
        if field.access == Access::ReadOnly {
            continue;
        }
        let state = known.fixed(ix).ok_or(ix)?;
        let made = match state {
            State::Absent => continue,
            State::Null => Some(Value::Null),
            State::Value(value) => Some(value.clone()),
            State::Empty => known.values(ix).and_then(|it| it.first().map(|it| (*it).clone())),
            State::Other => {
                let clauses: Vec<(Target, &Constraint)> = implications
                    .all
                    .iter()
                    .filter(|it| counts(it) && known.decide_formula(&it.when) != Truth::False)
                    .filter_map(|it| match it.source {
                        ImplicationSource::Clause(of, index) if of == ix => field.clauses.get(index),
                        _ => None,
                    })
                    .map(|it| (it.target, &it.constraint))
                    .collect();
                let domain = known.domain().states(ix);
                let taken =
                    |it: &Value| domain.iter().any(|state| matches!(state, State::Value(v) if same_value(v, it)));
                let wanted = ValueRequirements {
                    clauses: &clauses,
                    target: Target::Value,
                    examples: &field.examples,
                    taken: &taken,
                };
                value(api, &field.ty, &wanted, depth)
            }
        };
        values.insert(field.name.clone(), made.ok_or(ix)?);
    }
    Ok(values)
}

/// An object of a record with nothing in it that could be left out; not empty.
pub(super) fn smallest_object(api: &Api, record: &Record, depth: usize) -> Option<Map<String, Value>> {
    let domain = crate::analyse::Domain::of(api, record);
    let fuel = StepBudget::new(INNER_STEPS);
    let nowhere = Span::new(FileId(0), 0, 0);
    let mut scope = RecordAnalysis::of_record(api, record, &domain, nowhere, fuel);
    let counts = |implication: &Implication| implication.certainty == Certainty::Stated;
    let mut start = Knowledge::nothing(&domain);
    assume_all(&mut scope, &mut start, &[], &counts);
    let mut known = choose_states(&mut scope, start, &[], &counts, &[])?;
    let all_absent = scope.fields().all(|(ix, _)| known.fixed(ix) == Some(&State::Absent));
    if all_absent {
        let (first, _) = scope.fields().next()?;
        let mut start = Knowledge::nothing(&domain);
        let goals = [Formula::sent(&domain, first)];
        assume_all(&mut scope, &mut start, &goals, &counts);
        known = choose_states(&mut scope, start, &goals, &counts, &[])?;
    }
    build_values(api, record, &known, &scope.implications, &counts, depth).ok()
}
