//! Walks the requests of an operation in two specs and finds what one accepts and the other may refuse.

use std::collections::BTreeSet;

use serde_json::Value;
use specwright_codegen::analyse::{Implications, State};
use specwright_codegen::interpret::validate_request_value;
use specwright_codegen::model::{
    Access, Api, Certainty, Clause, Condition, Constraint, Field, FieldIx, Location, Operation, OperationId, Record,
    Rule, RuleKind, Target, Type, TypeId,
};
use specwright_codegen::prose;
use specwright_codegen::surface::Part;

use crate::asked::Asked;
use crate::gap::{Gap, GapKind, Limit, Step};
use crate::pairs;
use crate::prove::{Prover, Wanted, paths};
use crate::space::{Owner, Space, canonical};

/// An operation of a spec.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) api: &'a Api,
    pub(crate) id: OperationId,
}

impl<'a> Call<'a> {
    pub(crate) fn operation(self) -> &'a Operation {
        self.api.operation(self.id)
    }

    fn owner(self) -> Owner<'a> {
        let operation = self.operation();
        Owner { api: self.api, record: &operation.parameters, operation: Some(operation) }
    }
}

/// What requests that `from` accepts may be refused by `to`. Empty: it is proved that there is none.
///
/// With the types of what is sent that were compared.
pub(crate) fn gaps<'a>(from: Call<'a>, to: Call<'a>) -> (Vec<Gap<'a>>, BTreeSet<(TypeId, TypeId)>) {
    let map = pairs::parameters(from.operation(), to.operation());
    let mut walk = Walk {
        from: from.api,
        to: to.api,
        calls: Some((from.id, to.id)),
        gaps: Vec::new(),
        seen: BTreeSet::new(),
        steps: Vec::new(),
        parameter: (None, None),
        innermost: (Vec::new(), Vec::new()),
        in_text: false,
        other_body: false,
    };
    walk.bodies(from.operation(), to.operation());
    walk.record(from.owner(), to.owner(), map, None);
    (walk.gaps, walk.seen)
}

/// What values of one type may be none of another: for types that requests and responses share no operation of.
pub(crate) struct Walk<'a> {
    pub(crate) from: &'a Api,
    pub(crate) to: &'a Api,
    calls: Option<(OperationId, OperationId)>,
    pub(crate) gaps: Vec<Gap<'a>>,
    /// Types that were compared, or are being compared.
    pub(crate) seen: BTreeSet<(TypeId, TypeId)>,
    pub(crate) steps: Vec<Step<'a>>,
    parameter: (Option<FieldIx>, Option<FieldIx>),
    /// The field in which the walk is, in both specs.
    pub(crate) innermost: (Vec<Part>, Vec<Part>),
    /// The bodies have nothing to do with each other.
    other_body: bool,
    /// The value is sent as text: in a path, a query or a header.
    pub(crate) in_text: bool,
}

/// A field and where it is in its record.
type Place<'f> = Option<(FieldIx, &'f Field)>;

/// The types that two records are.
type Types = Option<(TypeId, TypeId)>;

impl<'a> Walk<'a> {
    pub(crate) fn push(&mut self, kind: GapKind<'a>, parts: (Vec<Part>, Vec<Part>)) {
        let (steps, parameter) = (self.steps.clone(), self.parameter);
        let parts = if parts.0.is_empty() && parts.1.is_empty() { self.innermost.clone() } else { parts };
        self.gaps.push(Gap { steps, kind, when: None, span: None, parameter, parts, variants: Vec::new() });
    }

    /// Does `work` one step further down.
    pub(crate) fn below(&mut self, step: Step<'a>, work: impl FnOnce(&mut Self)) {
        self.steps.push(step);
        work(self);
        self.steps.pop();
    }

    fn bodies(&mut self, from: &'a Operation, to: &'a Operation) {
        let whole = |it: &Operation| it.whole_body().is_some();
        if from.has_body && !to.has_body {
            self.push(GapKind::Body("a body is not sent any more"), Default::default());
        } else if from.has_body && to.has_body && whole(from) != whole(to) {
            let words = if whole(to) { "the body is one value now" } else { "the body is an object of parameters now" };
            self.push(GapKind::Body(words), Default::default());
            self.other_body = true;
        }
    }

    /// The fields and rules of two records.
    pub(crate) fn record(&mut self, from: Owner<'a>, to: Owner<'a>, map: Vec<Option<FieldIx>>, types: Types) {
        let mut space = Space::new(from, to, map);
        let asked = Asked::of(&mut space);
        let variants = space.other_variants();
        let literals: Vec<Condition> = asked.literals().chain(variants.iter().map(|(_, it)| it.clone())).collect();
        let lazy = std::cell::OnceCell::new();
        // Most records are the same, and need no proof.
        let prover = || {
            lazy.get_or_init(|| {
                let mut prover = Prover::new(from.api, &space.merged, literals.iter());
                for (field, place) in to.record.fields.iter().zip(&space.places) {
                    let refuses = |it: &Value| !validate_request_value(to.api, &field.ty, it).is_empty();
                    if field.access != Access::ReadOnly && (place.0 as usize) < from.record.fields.len() {
                        let null = field.nullable || takes_null(&field.ty);
                        prover.assume_valid(*place, &refuses, null, !field.must_be_sent());
                    }
                }
                prover
            })
        };
        for (at, other) in space.map.iter().enumerate() {
            let ix = FieldIx(at as u32);
            let field = from.record.field(ix);
            if types.is_none() && self.other_body && field.location.in_body() {
                continue;
            }
            let parts = |this: &Self| this.parts(types, (Some((ix, field)), None));
            match other {
                None => {
                    if field.access != Access::ReadOnly {
                        let parts = parts(self);
                        self.at(types, (Some(ix), None), field, |it| it.removed(field, to, ix, &prover, parts));
                    }
                }
                Some(other) => {
                    let theirs = to.record.field(*other);
                    let parts = self.parts(types, (Some((ix, field)), Some((*other, theirs))));
                    self.at(types, (Some(ix), Some(*other)), theirs, |it| it.field(field, theirs, ix, &prover, parts));
                }
            }
        }
        for clause in &asked.clauses {
            let theirs = to.record.field(clause.field);
            let place = space.places[clause.field.0 as usize];
            let own = from.record.fields.get(place.0 as usize);
            let elsewhere = types.is_none() && self.other_body && theirs.location.in_body();
            if theirs.access == Access::ReadOnly || elsewhere || space.is_proved(clause) {
                continue;
            }
            let wanted = Wanted {
                field: place,
                target: clause.clause.target,
                constraint: &clause.clause.constraint,
                ty: theirs.ty.non_null(),
            };
            if prover().clause(&clause.when, wanted) {
                continue;
            }
            let touched = |it: &&(&str, Condition)| {
                !prover().clause(&Condition::All(vec![it.1.clone(), clause.when.clone()]), wanted)
            };
            let touched: Vec<String> = variants.iter().filter(touched).map(|(name, _)| (*name).to_owned()).collect();
            let own_ix = own.map(|_| place);
            let parts = self.parts(types, (own.map(|it| (place, it)), Some((clause.field, theirs))));
            self.at(types, (own_ix, Some(clause.field)), theirs, |it| {
                it.clause(from, to, own, theirs, clause.clause, parts);
                if let Some(gap) = it.gaps.last_mut() {
                    gap.variants = touched;
                }
            });
        }
        self.added_to_open(from, to, &space, types);
        let innermost = self.innermost.clone();
        if let Some((own, theirs)) = types {
            self.innermost = (vec![Part::Type(own)], vec![Part::Type(theirs)]);
        }
        self.openness(from, to);
        self.innermost = innermost;
        self.rules(&mut RuleWork { from, to, asked: &asked, space: &space, types }, &prover);
    }

    /// Does `work` at a field.
    fn at(
        &mut self,
        types: Types,
        parameter: (Option<FieldIx>, Option<FieldIx>),
        field: &'a Field,
        work: impl FnOnce(&mut Self),
    ) {
        let before = (self.parameter, self.in_text, self.innermost.clone());
        let part = |ix: Option<FieldIx>, ty: Option<TypeId>, call: Option<OperationId>| match (ix, ty, call) {
            (Some(_), Some(id), _) => vec![Part::Field(id, field.name.clone())],
            (Some(ix), None, Some(id)) => vec![Part::Parameter(id, ix)],
            _ => Vec::new(),
        };
        self.innermost = (
            part(parameter.0, types.map(|it| it.0), self.calls.map(|it| it.0)),
            part(parameter.1, types.map(|it| it.1), self.calls.map(|it| it.1)),
        );
        if types.is_none() {
            self.parameter = parameter;
            self.in_text = !field.location.in_body();
        }
        self.below(Step::Field(field), work);
        (self.parameter, self.in_text, self.innermost) = before;
    }

    fn parts(&self, types: Types, (from, to): (Place<'_>, Place<'_>)) -> (Vec<Part>, Vec<Part>) {
        let part = |field: Place<'_>, ty: Option<TypeId>, call: Option<OperationId>| {
            let (ix, field) = field?;
            match (ty, call) {
                (Some(id), _) => Some(Part::Field(id, field.name.clone())),
                (None, Some(id)) => Some(Part::Parameter(id, ix)),
                (None, None) => None,
            }
        };
        let one = part(from, types.map(|it| it.0), self.calls.map(|it| it.0));
        let other = part(to, types.map(|it| it.1), self.calls.map(|it| it.1));
        (one.into_iter().collect(), other.into_iter().collect())
    }

    fn removed<'s>(
        &mut self,
        field: &'a Field,
        to: Owner<'a>,
        ix: FieldIx,
        prover: &impl Fn() -> &'s Prover<'s>,
        parts: (Vec<Part>, Vec<Part>),
    ) where
        'a: 's,
    {
        if to.record.open && to.record.additional.is_none() {
            return;
        }
        if !prover().under(&[]).can_be_sent(ix) {
            return;
        }
        match &to.record.additional {
            Some(ty) => self.value(&field.ty, ty, &[], field.nullable),
            None => self.push(GapKind::Removed, parts),
        }
    }

    fn field<'s>(
        &mut self,
        from: &'a Field,
        to: &'a Field,
        ix: FieldIx,
        prover: &impl Fn() -> &'s Prover<'s>,
        parts: (Vec<Part>, Vec<Part>),
    ) where
        'a: 's,
    {
        if to.access == Access::ReadOnly {
            return;
        }
        if from.location != to.location {
            self.push(GapKind::Moved { from: from.location, to: to.location }, parts);
            return;
        }
        let any = Type::Json;
        let free = from.access == Access::ReadOnly;
        let ty = if free { ANY } else { &from.ty };
        let nulls = free || from.nullable || any == from.ty;
        let to_takes_null = to.nullable || takes_null(&to.ty);
        let limits: Vec<&Constraint> = if free { Vec::new() } else { always(from, Target::Value).collect() };
        let items: Vec<&Constraint> = if free { Vec::new() } else { always(from, Target::Items).collect() };
        let before = self.gaps.len();
        self.value_with(ty, &to.ty, &limits, &items);
        let depth = self.steps.len();
        if free {
            for gap in &mut self.gaps[before..] {
                if let GapKind::Type { from, .. } = &mut gap.kind {
                    "anything, since it is only answered".clone_into(from);
                }
            }
        }
        let other =
            self.gaps[before..].iter().any(|it| it.steps.len() == depth && matches!(it.kind, GapKind::Type { .. }));
        if nulls && !to_takes_null && !other && prover().under(&[]).possible(ix).any(|it| *it == State::Null) {
            self.push(GapKind::Null, parts);
            return;
        }
        if self.gaps.len() == before {
            return;
        }
        // Values that can be listed are tried one by one.
        let known = prover().under(&[]);
        if let Some(values) = known.values(ix)
            && !free
        {
            let fits = |it: &&Value| validate_request_value(self.to, &to.ty, it).is_empty();
            if values.iter().all(fits) {
                self.gaps.truncate(before);
            }
        }
    }

    fn clause(
        &mut self,
        from: Owner<'a>,
        to: Owner<'a>,
        own: Option<&'a Field>,
        theirs: &'a Field,
        clause: &'a Clause,
        parts: (Vec<Part>, Vec<Part>),
    ) {
        let sentence = prose::clause_doc(to.record, to.api, theirs, clause);
        let kind = if clause.constraint == Constraint::Required {
            GapKind::Required { sentence, known: own.is_some() }
        } else {
            let alike = |it: &&Clause| {
                Limit::Clause(it.target, &it.constraint).is_alike(&Limit::Clause(clause.target, &clause.constraint))
                    && it.target == clause.target
                    && it.origin.certainty == Certainty::Stated
            };
            let all: Vec<&Clause> = own.iter().flat_map(|it| it.clauses.iter().filter(alike)).collect();
            let words = |it: &Clause| own.map(|field| prose::clause_doc(from.record, from.api, field, it));
            let same = all.iter().find(|it| prose_when(from, it) == prose_when(to, clause));
            let before = same.or(if all.len() == 1 { all.first() } else { None }).and_then(|it| words(it));
            let spread = all.iter().any(|it| words(it).as_ref() == Some(&sentence));
            let before = before.filter(|_| !spread);
            GapKind::Limit { limit: Limit::Clause(clause.target, &clause.constraint), sentence, before, spread }
        };
        let is_parameter = to.operation.is_some();
        self.push(kind, parts);
        if let Some(gap) = self.gaps.last_mut() {
            gap.span = Some(clause.span);
            gap.when = is_parameter.then_some(&clause.when);
        }
    }

    /// Fields that an open record took as they were, and that have a type now.
    fn added_to_open(&mut self, from: Owner<'a>, to: Owner<'a>, space: &Space<'a>, types: Types) {
        if !from.record.open {
            return;
        }
        for (at, theirs) in to.record.fields.iter().enumerate() {
            let ix = FieldIx(at as u32);
            let is_known = space.map.contains(&Some(ix));
            if is_known
                || theirs.access == Access::ReadOnly
                || matches!(theirs.location, Location::Header | Location::Cookie)
            {
                continue;
            }
            self.at(types, (None, Some(ix)), theirs, |it| {
                let before = it.gaps.len();
                it.value(from.record.additional.as_ref().unwrap_or(ANY), &theirs.ty, &[], false);
                let parts = it.parts(types, (None, Some((ix, theirs))));
                it.gaps[before..].iter_mut().for_each(|gap| gap.parts = parts.clone());
            });
        }
    }

    fn openness(&mut self, from: Owner<'a>, to: Owner<'a>) {
        match (&from.record.additional, &to.record.additional) {
            (Some(own), Some(theirs)) => self.below(Step::Entry, |it| it.value(own, theirs, &[], false)),
            (None, Some(theirs)) if from.record.open => {
                self.below(Step::Entry, |it| it.value(ANY, theirs, &[], true));
            }
            _ if from.record.open && !to.record.open => self.push(GapKind::Closed, Default::default()),
            _ => {}
        }
    }

    fn rules<'s>(&mut self, work: &mut RuleWork<'_, 'a>, prover: &impl Fn() -> &'s Prover<'s>)
    where
        'a: 's,
    {
        let RuleWork { from, to, asked, space, types } = *work;
        let stated =
            asked.rules.iter().zip(&to.record.rules).filter(|(it, _)| it.origin.certainty == Certainty::Stated);
        let mut open = Vec::new();
        for (rule, theirs) in stated {
            let same: Vec<&Rule> = from
                .record
                .rules
                .iter()
                .zip(&space.merged.rules)
                .filter(|(own, _)| own.origin.certainty == Certainty::Stated && space.covers(&own.kind, &theirs.kind))
                .map(|(_, it)| it)
                .collect();
            let is_same = |it: &&Rule| it.when == Condition::Always || canonical(&it.when) == canonical(&rule.when);
            if !same.iter().any(is_same) {
                open.push((rule, theirs, same));
            }
        }
        if open.is_empty() {
            return;
        }
        let fields = space.merged.fields.iter().map(|it| Field { clauses: Vec::new(), ..it.clone() });
        let bare = Record { fields: fields.collect(), ..Record::default() };
        for (rule, theirs, same) in open {
            let bare = Record { rules: vec![rule.clone()], ..bare.clone() };
            let then = Implications::of(&prover().domain, &bare).all.pop().map(|it| it.then);
            let whens: Vec<&Condition> = same.iter().map(|it| &it.when).collect();
            let absent = match &theirs.kind {
                RuleKind::Compare(..) | RuleKind::TotalLength { minimum: None, .. } | RuleKind::SameKind(_) => {
                    paths(&theirs.kind).filter_map(|it| space.places.get(it.0 as usize).copied()).collect()
                }
                _ => Vec::new(),
            };
            let proved = then.is_some_and(|it| prover().formula(&rule.when, &it, rule))
                || prover().any_holds(&rule.when, &whens, &absent);
            if proved {
                continue;
            }
            let sentence = prose::rule(to.record, to.api, theirs);
            let kept: Vec<String> = to.record.rules.iter().map(|it| prose::rule(to.record, to.api, it)).collect();
            let alike =
                from.record.rules.iter().filter(|it| {
                    it.kind.keyword() == theirs.kind.keyword() && it.origin.certainty == Certainty::Stated
                });
            let own: Vec<String> = alike.map(|it| prose::rule(from.record, from.api, it)).collect();
            let spread = own.contains(&sentence);
            // Of several rules that are no more, none is the one that changed.
            let mut changed = own.into_iter().filter(|it| !kept.contains(it));
            let before = changed.next().filter(|_| !spread && changed.next().is_none());
            self.push(
                GapKind::Limit { limit: Limit::Rule(&theirs.kind), sentence, before, spread },
                (
                    types.map(|it| Part::Type(it.0)).into_iter().collect(),
                    types.map(|it| Part::Type(it.1)).into_iter().collect(),
                ),
            );
            let calls = self.calls;
            if let Some(gap) = self.gaps.last_mut() {
                gap.span = Some(theirs.span);
                if let (None, Some((_, id))) = (types, calls) {
                    gap.when = Some(&theirs.when);
                    gap.parts.1 = paths(&theirs.kind).map(|it| Part::Parameter(id, it)).collect();
                }
            }
        }
    }
}

struct RuleWork<'w, 'a> {
    from: Owner<'a>,
    to: Owner<'a>,
    asked: &'w Asked<'a>,
    space: &'w Space<'a>,
    types: Types,
}

/// Anything.
pub(crate) static ANY: &Type = &Type::Json;

fn takes_null(ty: &Type) -> bool {
    match ty {
        Type::Json => true,
        Type::Union(members) => members.contains(&Type::Json),
        _ => false,
    }
}

fn always(field: &Field, target: Target) -> impl Iterator<Item = &Constraint> {
    let own = field.clauses.iter().filter(move |it| {
        it.when == Condition::Always && it.target == target && it.origin.certainty == Certainty::Stated
    });
    own.map(|it| &it.constraint)
}

fn prose_when(owner: Owner<'_>, clause: &Clause) -> String {
    prose::when(owner.record, owner.api, &clause.when)
}
