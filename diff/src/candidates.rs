//! The requests among which witnesses are looked for, few first.
//!
//! How many are made depends on the number of gaps and not on the size of the spec: each is asked of both specs.

use serde_json::{Value, json};
use specwright_codegen::boundary::RequestParts;
use specwright_codegen::model::{Condition, Field, FieldIx, Location, Operation};

use crate::gap::{Gap, GapKind, Limit, Step};
use crate::requests::Call;
use crate::sample::{aimed, get, known_requests, put, renamed, verdict};
use crate::satisfy;

/// Requests that others are made from.
const MOST_BASES: usize = 120;
/// Of those the few that are tried first: what the old spec accepts, what it refuses, and what is made for a condition.
const FIRST_BASES: [usize; 3] = [8, 4, 24];
/// Requests that are made for the gaps of an operation for which the first brought nothing.
const MOST_TRIES: usize = 6_000;
/// The same for one gap.
const MOST_TRIES_OF_GAP: usize = 2_000;
/// Requests that are made to break one rule.
const MOST_RULED: usize = 12;
/// Requests that are made by chance.
const CHANCES: usize = 600;

/// What other requests are made from.
pub(crate) struct Bases<'a> {
    old: Call<'a>,
    new: Call<'a>,
    legal: Vec<RequestParts>,
    /// What breaks one rule of the old spec may be a step from what is wanted.
    illegal: Vec<RequestParts>,
    /// For each gap, requests in which its condition holds.
    made: Vec<Vec<RequestParts>>,
}

impl<'a> Bases<'a> {
    /// With the requests of both operations, in the terms of the first.
    pub(crate) fn new(old: Call<'a>, new: Call<'a>) -> (Self, Vec<RequestParts>) {
        let (of_old, of_new) = (old.operation(), new.operation());
        let mut all = known_requests(old);
        all.extend(known_requests(new).iter().map(|it| renamed(it, of_new, of_old)));
        let (mut legal, mut illegal) = (Vec::new(), Vec::new());
        for (at, request) in all.iter().enumerate() {
            if legal.len() < MOST_BASES && verdict(old, request).is_valid() {
                legal.push(request.clone());
            } else if at < MOST_BASES {
                illegal.push(request.clone());
            }
        }
        (Self { old, new, legal, illegal, made: Vec::new() }, all)
    }

    fn all(&self) -> impl Iterator<Item = &RequestParts> {
        self.legal.iter().chain(&self.illegal)
    }

    /// The requests for all gaps that are tried first.
    pub(crate) fn first(&mut self, gaps: &[Gap<'_>]) -> Vec<RequestParts> {
        let mut all = Vec::new();
        for gap in gaps {
            let made = self.for_condition(gap, &mut all);
            let [legal, illegal, of_condition] = FIRST_BASES;
            let mut bases = spread(&self.legal, legal);
            bases.extend(spread(&self.illegal, illegal));
            bases.extend(spread(&made, of_condition));
            self.aimed_at(gap, &bases, usize::MAX, &mut all);
            self.made.push(made);
        }
        if gaps.iter().any(|it| matches!(it.kind, GapKind::Closed)) {
            for base in self.all() {
                let mut request = base.clone();
                if let Some(body) = request.body.as_mut().and_then(Value::as_object_mut) {
                    body.insert("unheard_of".to_owned(), json!(1));
                }
                all.push(request);
            }
        }
        all
    }

    /// More of them, for those gaps for which the first brought nothing.
    pub(crate) fn more(&self, gaps: &[Gap<'_>], missing: &[usize]) -> Vec<RequestParts> {
        let mut all = Vec::new();
        let most = (MOST_TRIES / missing.len().max(1)).min(MOST_TRIES_OF_GAP);
        for at in missing {
            let mut bases: Vec<&RequestParts> = self.all().collect();
            bases.extend(self.made.get(*at).into_iter().flatten());
            self.aimed_at(&gaps[*at], &bases, most, &mut all);
        }
        all
    }

    /// Requests in which the condition of a gap holds, and those that break its rule.
    fn for_condition(&self, gap: &Gap<'_>, all: &mut Vec<RequestParts>) -> Vec<RequestParts> {
        let (api, operation) = (self.new.api, self.new.operation());
        let Some(when) = gap.when else { return Vec::new() };
        let mut made = Vec::new();
        if *when != Condition::Always {
            made.extend(self.all().take(8).flat_map(|it| satisfy::requests(api, operation, when, it)));
            all.extend(made.iter().cloned());
        }
        if let GapKind::Limit { limit: Limit::Rule(kind), .. } = &gap.kind {
            let bases: Vec<&RequestParts> = self.all().chain(&made).collect();
            for base in bases.into_iter().rev().take(MOST_RULED) {
                let toggled = satisfy::toggled(api, operation, kind, base);
                // Under its condition, which a toggled field may have undone.
                all.extend(
                    toggled.iter().flat_map(|it| satisfy::requests(api, operation, when, it).into_iter().take(2)),
                );
                all.extend(toggled);
            }
        }
        made
    }

    /// Requests with a value at the place of a gap that the new spec may refuse.
    fn aimed_at(&self, gap: &Gap<'_>, bases: &[&RequestParts], most: usize, all: &mut Vec<RequestParts>) {
        let Some((field, steps)) = top(gap) else { return };
        let Some(own) = old_field(self.old.operation(), gap, field) else { return };
        let values = aimed(self.old.api, own, steps, gap);
        let bases = spread(bases, (most / values.len().max(1)).max(1));
        for value in values {
            for base in &bases {
                let mut request = (**base).clone();
                put(&mut request, own, Some(value.clone()));
                all.push(request);
            }
        }
    }

    /// Mixes requests: values of one in another.
    pub(crate) fn by_chance(&self) -> Vec<RequestParts> {
        let operation = self.old.operation();
        let bases: Vec<&RequestParts> = self.all().chain(self.made.iter().flatten()).collect();
        let mut all = Vec::new();
        if bases.is_empty() {
            return all;
        }
        let mut chance = Chance::new(&operation.name);
        for _ in 0..CHANCES {
            let mut request = bases[chance.below(bases.len())].clone();
            for _ in 0..=chance.below(3) {
                let other = bases[chance.below(bases.len())];
                let Some(field) =
                    operation.parameters.fields.get(chance.below(operation.parameters.fields.len().max(1)))
                else {
                    continue;
                };
                let value = get(other, field).cloned().filter(|_| chance.below(4) > 0);
                if field.location == Location::Path && value.is_none() {
                    continue;
                }
                put(&mut request, field, value);
            }
            all.push(request);
        }
        all
    }
}

/// So many of a list, from all of it.
fn spread<T>(all: &[T], most: usize) -> Vec<&T> {
    let step = all.len().div_ceil(most.max(1)).max(1);
    all.iter().step_by(step).collect()
}

fn top<'g, 'a>(gap: &'g Gap<'a>) -> Option<(&'a Field, &'g [Step<'a>])> {
    match gap.steps.split_first() {
        Some((Step::Field(field), rest)) => Some((field, rest)),
        _ => None,
    }
}

fn old_field<'a>(operation: &'a Operation, gap: &Gap<'_>, field: &'a Field) -> Option<&'a Field> {
    match gap.parameter.0 {
        Some(FieldIx(ix)) => operation.parameters.fields.get(ix as usize),
        None => Some(field),
    }
}

/// A source of numbers that is the same in every run.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: &str) -> Self {
        let start = 0x9e37_79b9_7f4a_7c15;
        Self(seed.bytes().fold(start, |it, byte| (it ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((it ^ (it >> 31)) % count.max(1) as u64) as usize
    }
}
