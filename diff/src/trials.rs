//! Requests that were tried, with what both specs say of them: each is asked once.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use specwright_codegen::boundary::RequestParts;
use specwright_codegen::interpret::Violation;
use specwright_codegen::model::{Field, Type, TypeKind};
use specwright_codegen::surface::Part;

use crate::gap::Gap;
use crate::requests::Call;
use crate::sample::{get, put};
use crate::witness::{Found, Witness, is_legal, same_finding, size, theirs};

/// Requests that break a rule and are mixed with others.
const MOST_MIXED: usize = 16;
/// Requests that the old spec accepts and that they are mixed with.
const MOST_LEGAL: usize = 60;

/// A request that was tried.
struct Tried {
    request: RequestParts,
    legal: bool,
    /// What the new spec says of it.
    theirs: OnceCell<Vec<Violation>>,
}

/// The search for the witnesses of an operation.
pub(crate) struct Trials<'g, 'a> {
    old: Call<'a>,
    new: Call<'a>,
    gaps: &'g [Gap<'a>],
    tried: Vec<Tried>,
    pub(crate) found: Found,
}

impl<'g, 'a> Trials<'g, 'a> {
    pub(crate) fn new(old: Call<'a>, new: Call<'a>, gaps: &'g [Gap<'a>]) -> Self {
        let found = Found { of_gaps: vec![None; gaps.len()], others: Vec::new() };
        Self { old, new, gaps, tried: Vec::new(), found }
    }

    /// The gaps without a witness.
    pub(crate) fn missing(&self) -> Vec<usize> {
        (0..self.gaps.len()).filter(|it| self.found.of_gaps[*it].is_none()).collect()
    }

    /// Keeps the smallest request for each gap, and those that no gap explains.
    pub(crate) fn look(&mut self, requests: Vec<RequestParts>) {
        for request in requests {
            let legal = is_legal(self.old, &request);
            let tried = Tried { request, legal, theirs: OnceCell::new() };
            if legal {
                let violations = self.violations(&tried);
                violations.iter().for_each(|it| note(&mut self.found, self.gaps, &tried.request, it));
            }
            self.tried.push(tried);
        }
    }

    fn violations<'t>(&self, tried: &'t Tried) -> &'t [Violation] {
        tried.theirs.get_or_init(|| theirs(self.old, self.new, &tried.request))
    }

    /// Tries, for each gap without a witness, requests that the old spec accepts, with what breaks a rule of the new one
    /// from requests that both refuse.
    pub(crate) fn mix(&mut self) {
        let before = self.tried.len();
        for at in self.missing() {
            // Another gap may have brought one.
            if self.found.of_gaps[at].is_none() {
                let mixed = self.mixed(&self.gaps[at], before);
                self.look(mixed);
            }
        }
    }

    fn mixed(&self, gap: &Gap<'_>, most: usize) -> Vec<RequestParts> {
        let all = &self.tried[..most];
        let (of_old, of_new) = (self.old.operation(), self.new.operation());
        let told = |it: &&Tried| self.violations(it).iter().any(|it| gap.is_told_by(&it.at, it.rule, it.rule_span));
        let breaking: Vec<&Tried> = all.iter().filter(told).take(MOST_MIXED).collect();
        if breaking.is_empty() {
            return Vec::new();
        }
        let of_rule = gap.parts.1.iter().filter_map(|it| match it {
            Part::Parameter(id, ix) if *id == self.new.id => Some(*ix),
            _ => None,
        });
        let fields: Vec<&Field> =
            of_rule.chain(gap.parameter.1).filter_map(|it| of_new.parameters.fields.get(it.0 as usize)).collect();
        // Those first that have something which no other has.
        let mut legal: Vec<&RequestParts> = all.iter().filter(|it| it.legal).map(|it| &it.request).collect();
        let choices: Vec<&Field> = of_old.parameters.fields.iter().filter(|it| is_choice(self.old, it)).collect();
        let mut seen = BTreeSet::new();
        legal.sort_by_cached_key(|request| {
            let values = choices.iter().map(|it| (it.name.as_str(), get(request, it).map(ToString::to_string)));
            // Each is noted, also behind the first that is new.
            values.filter(|it| seen.insert(it.clone())).count() == 0
        });
        let mut mixed = Vec::new();
        for base in legal.into_iter().take(MOST_LEGAL) {
            for other in &breaking {
                let mut request = base.clone();
                for field in &fields {
                    put(&mut request, field, get(&other.request, field).cloned());
                }
                mixed.push(request);
            }
        }
        mixed
    }
}

fn note(found: &mut Found, gaps: &[Gap<'_>], request: &RequestParts, violation: &Violation) {
    let mut known = false;
    for (at, gap) in gaps.iter().enumerate() {
        if gap.is_told_by(&violation.at, violation.rule, violation.rule_span) {
            known = true;
            let slot = &mut found.of_gaps[at];
            if slot.as_ref().is_none_or(|it| size(request) < size(&it.request)) {
                *slot = Some(Witness { request: request.clone(), violation: violation.clone() });
            }
        }
    }
    let alike = |it: &Witness| same_finding(&it.violation, violation);
    if !known && !found.others.iter().any(alike) {
        found.others.push(Witness { request: request.clone(), violation: violation.clone() });
    }
}

/// Whether a parameter has few values, which conditions ask for.
fn is_choice(call: Call<'_>, field: &Field) -> bool {
    match &field.ty {
        Type::Boolean => true,
        Type::Named(id) => matches!(call.api.ty(*id).kind, TypeKind::Enum(_)),
        _ => false,
    }
}
