//! What changed in the requests of one operation that both specs have.

use serde_json::Value;
use specwright_codegen::analyse::{Domain, Formula, Knowledge};
use specwright_codegen::boundary::RequestParts;
use specwright_codegen::model::{Api, Condition, Field, FieldIx, Location, TypeId, TypeKind};
use specwright_codegen::prose::{self, code, value as value_words};
use specwright_codegen::surface::Part;

use crate::change::{Change, Class, Evidence, Side};
use crate::gap::{Gap, GapKind, Step, location_word};
use crate::pairs;
use crate::requests::{Call, gaps};
use crate::rust::Surfaces;
use crate::sample::{get, known_requests, put, renamed, verdict, with_sample};
use crate::satisfy;
use crate::space::{Owner, Space, canonical, defaults};
use crate::witness::{self, Witness};

/// The changes of the requests.
pub(crate) fn changes(old: Call<'_>, new: Call<'_>, surfaces: &mut Surfaces<'_>, out: &mut Vec<Change>) {
    let name = new.operation().full_name(new.api);
    let (narrower, types) = gaps(old, new);
    let (wider, _) = gaps(new, old);
    // Of another path, and of other kinds of bodies, is told by themselves.
    let other_path = pairs::path_shape(old.operation()) != pairs::path_shape(new.operation());
    let found = if narrower.is_empty() { witness::Found::default() } else { witness::find(old, new, &narrower) };
    for (gap, witness) in narrower.iter().zip(found.of_gaps) {
        if is_content_type(gap) || (other_path && is_in_path(gap)) {
            continue;
        }
        let change = breaking(old, new, gap, witness, surfaces).of(&name);
        out.push(change);
    }
    for witness in found.others {
        let message = format!("a request is refused now: {}", witness.violation.message);
        let at = format!("{} {}", location_word(witness.violation.location), witness.violation.at);
        let mut change = Change::new(Class::Breaking, Side::Request, message).of(&name).at(at);
        change.evidence = refused(witness);
        out.push(change);
    }
    for gap in &wider {
        // The other side of a change that breaks is no news of its own.
        if narrower.iter().any(|it| other_side(it, gap)) || is_content_type(gap) || (other_path && is_in_path(gap)) {
            continue;
        }
        let message = wider_words(gap);
        let mut change = Change::new(Class::Widening, Side::Request, message).of(&name).at(gap.place());
        let (call, parameter) = match gap.kind {
            GapKind::Removed | GapKind::Value { .. } => (new, gap.parameter.0),
            _ => (old, gap.parameter.1),
        };
        change.variants = variants(call, gap, parameter);
        change.rust = surfaces.touched(&gap.parts.1, &gap.parts.0);
        change.source_breaking = surfaces.is_source_breaking(&change.rust);
        out.push(change);
    }
    changed_defaults(old, new, surfaces, &name, out);
    for (own, theirs) in types {
        surfaces.pair_types(own, theirs);
        defaults_inside((old.api, own), (new.api, theirs), surfaces, &name, out);
    }
}

/// The kinds of bodies are told as such.
fn is_content_type(gap: &Gap<'_>) -> bool {
    gap.pointer().eq_ignore_ascii_case("/content-type")
}

/// Whether a parameter of the path came or went.
fn is_in_path(gap: &Gap<'_>) -> bool {
    gap.place().starts_with("path ") && matches!(gap.kind, GapKind::Removed | GapKind::Required { known: false, .. })
}

/// Whether two gaps in opposite directions are about one change: a type, a place, or the same limit.
fn other_side(breaking: &Gap<'_>, wider: &Gap<'_>) -> bool {
    if breaking.pointer() != wider.pointer() {
        return false;
    }
    match (&breaking.kind, &wider.kind) {
        (GapKind::Type { .. }, GapKind::Type { .. })
        | (GapKind::Moved { .. }, GapKind::Moved { .. })
        | (GapKind::Body(_), GapKind::Body(_)) => true,
        // A new parameter that is required.
        (GapKind::Required { known: false, .. }, GapKind::Removed)
        | (GapKind::Removed, GapKind::Required { known: false, .. }) => true,
        (GapKind::Limit { limit, .. }, GapKind::Limit { limit: other, .. }) => limit.is_alike(other),
        _ => false,
    }
}

fn breaking(
    old: Call<'_>,
    new: Call<'_>,
    gap: &Gap<'_>,
    witness: Option<Witness>,
    surfaces: &mut Surfaces<'_>,
) -> Change {
    let mut change = Change::new(Class::Breaking, Side::Request, narrower_words(gap)).at(gap.place());
    let (call, parameter) = match gap.kind {
        GapKind::Removed | GapKind::Value { .. } => (old, gap.parameter.0),
        _ => (new, gap.parameter.1),
    };
    change.variants = variants(call, gap, parameter);
    change.rust = surfaces.touched(&gap.parts.0, &gap.parts.1);
    change.evidence = match witness {
        Some(witness) => refused(witness),
        None => unseen(old, new, gap),
    };
    change
}

fn refused(witness: Witness) -> Evidence {
    Evidence::Refused { request: Box::new(witness.request), violation: witness.violation.message }
}

/// What shows that a request means something else, or why nothing shows it.
fn unseen(old: Call<'_>, new: Call<'_>, gap: &Gap<'_>) -> Evidence {
    let was_header = match gap.kind {
        GapKind::Removed => gap.place().starts_with("header ") || gap.place().starts_with("cookie "),
        GapKind::Moved { from, .. } => matches!(from, Location::Header | Location::Cookie),
        _ => false,
    };
    let (of_old, of_new) = (old.operation(), new.operation());
    if let (true, [Step::Field(_)], Some(at)) = (was_header, gap.steps.as_slice(), gap.parameter.0) {
        // A header that a spec does not describe is not refused, but nobody reads it.
        let field = of_old.parameters.field(at);
        let is_legal =
            |it: &RequestParts| verdict(old, it).is_valid() && verdict(new, &renamed(it, of_old, of_new)).is_valid();
        let has_it = |it: &RequestParts| get(it, field).is_some();
        if let Some(request) = with_sample(old, field).into_iter().find(|it| has_it(it) && is_legal(it)) {
            return Evidence::MeansOther(Box::new(request));
        }
    }
    Evidence::NotFound(
        "no request was found that the new spec alone refuses, and there is no proof that there is none".to_owned(),
    )
}

fn narrower_words(gap: &Gap<'_>) -> String {
    let name = gap_name(gap);
    match &gap.kind {
        GapKind::Required { sentence, known: true } => format!("{sentence} now"),
        GapKind::Required { sentence, known: false } => format!("a parameter was added that is required: {sentence}"),
        GapKind::Limit { sentence, spread: true, .. } => format!("{sentence}, for more requests than before"),
        GapKind::Limit { sentence, before: Some(before), .. } => format!("{sentence} (before: {before})"),
        GapKind::Limit { sentence, before: None, .. } => format!("a limit was added: {sentence}"),
        GapKind::Removed => format!("{name} was removed"),
        GapKind::Closed => "fields that the spec does not list are refused now".to_owned(),
        GapKind::Type { from, to, .. } if from == to => format!("the type of {name} changed"),
        GapKind::Type { from, to, .. } => format!("{name} must be {to} now (before: {from})"),
        GapKind::Null => format!("{name} must not be null any more"),
        GapKind::Value { value, tag: false } => format!("the value {} of {name} was removed", code(value)),
        GapKind::Value { value, tag: true } => format!("the member {} of {name} was removed", code(value)),
        GapKind::Unlisted { tag: false, .. } => format!("{name} takes listed values alone now"),
        GapKind::Unlisted { tag: true, .. } => {
            format!("objects of {name} with tags that were not listed may be refused")
        }
        GapKind::Moved { from, to } => {
            format!("{name} is sent in the {} now (before: in the {})", location_word(*to), location_word(*from))
        }
        GapKind::Body(words) => (*words).to_owned(),
    }
}

/// The words for what the new spec accepts and the old one refused; the gap is told from the new spec.
fn wider_words(gap: &Gap<'_>) -> String {
    let name = gap_name(gap);
    match &gap.kind {
        GapKind::Required { sentence, known: true } => format!("no longer: {sentence}"),
        GapKind::Required { sentence, known: false } => format!("a required parameter was removed; before: {sentence}"),
        GapKind::Limit { sentence, spread: true, .. } => format!("{sentence}, for fewer requests than before"),
        GapKind::Limit { sentence, before: Some(now), .. } => format!("{now} (before: {sentence})"),
        GapKind::Limit { sentence, before: None, .. } => format!("a limit is gone: {sentence}"),
        GapKind::Removed => format!("{name} was added"),
        GapKind::Closed => "fields that the spec does not list are accepted now".to_owned(),
        GapKind::Type { from, to, .. } if from == to => format!("the type of {name} changed"),
        GapKind::Type { from, to, .. } => format!("{name} may be {from} now (before: {to})"),
        GapKind::Null => format!("{name} may be null now"),
        GapKind::Value { value, tag: false } => format!("the value {} of {name} was added", code(value)),
        GapKind::Value { value, tag: true } => format!("the member {} of {name} was added", code(value)),
        GapKind::Unlisted { tag: false, .. } => format!("{name} takes values that are not listed now"),
        GapKind::Unlisted { tag: true, .. } => format!("{name} takes objects with tags that are not listed now"),
        GapKind::Moved { from, to } => {
            format!("{name} is sent in the {} now (before: in the {})", location_word(*from), location_word(*to))
        }
        GapKind::Body(_) => "a body is sent now".to_owned(),
    }
}

fn gap_name(gap: &Gap<'_>) -> String {
    let name = gap.sent_name();
    if name.is_empty() { "the request".to_owned() } else { code(&name) }
}

/// The variants of an operation in which what a gap is about can be sent; empty: all.
fn variants(call: Call<'_>, gap: &Gap<'_>, parameter: Option<FieldIx>) -> Vec<String> {
    let (operation, when) = (call.operation(), gap.when);
    if operation.variants.is_empty() {
        return Vec::new();
    }
    if !gap.variants.is_empty() {
        let all = gap.variants.len() == operation.variants.len();
        return if all { Vec::new() } else { gap.variants.clone() };
    }
    let conditions = operation.variants.iter().map(|it| &it.when);
    let domain = Domain::with_conditions(call.api, &operation.parameters, conditions);
    let touches = |variant: &Condition| {
        let mut known = Knowledge::nothing(&domain);
        known.assume(variant);
        if let Some(when) = when {
            known.assume(when);
        }
        // A value of a parameter itself, such as the one that chooses the variant.
        if let (GapKind::Value { value, tag: false }, Some(ix), 1) = (&gap.kind, parameter, gap.steps.len()) {
            known.assume_formula(&Formula::is(&domain, ix, &value.as_str().into()));
        }
        known.propagate(&operation.parameters);
        !known.is_impossible() && parameter.is_none_or(|it| known.can_be_sent(it) || when.is_some())
    };
    let touched: Vec<String> =
        operation.variants.iter().filter(|it| touches(&it.when)).map(|it| it.name.clone()).collect();
    if touched.len() == operation.variants.len() { Vec::new() } else { touched }
}

/// Parameters that mean something else when they are left out.
fn changed_defaults(old: Call<'_>, new: Call<'_>, surfaces: &mut Surfaces<'_>, name: &str, out: &mut Vec<Change>) {
    let (of_old, of_new) = (old.operation(), new.operation());
    let mut space = Space::new(
        Owner { api: old.api, record: &of_old.parameters, operation: Some(of_old) },
        Owner { api: new.api, record: &of_new.parameters, operation: Some(of_new) },
        pairs::parameters(of_old, of_new),
    );
    for (at, other) in other_defaults(&mut space) {
        let (own, theirs) = (of_old.parameters.field(at), of_new.parameters.field(other));
        // The kinds of bodies are told as such.
        if own.name.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let place = format!("{} /{}", location_word(own.location), own.name);
        let words = (defaults_words(space.from, own), defaults_words(space.to, theirs));
        let Some(change) = default_change(own, words) else { continue };
        let mut change = change.of(name).at(place);
        change.rust = surfaces.touched(&[Part::Parameter(old.id, at)], &[Part::Parameter(new.id, other)]);
        if change.class == Class::Breaking {
            let legal = |it: &RequestParts| {
                get(it, own).is_none()
                    && verdict(old, it).is_valid()
                    && verdict(new, &renamed(it, of_old, of_new)).is_valid()
            };
            let shown = without(old, at, &other_when(&mut space, at, other)).into_iter().find(legal);
            change.evidence = shown.map_or(Evidence::None, |it| Evidence::MeansOther(Box::new(it)));
        }
        out.push(change);
    }
}

/// When a field that is left out counts as something else than before.
fn other_when(space: &mut Space<'_>, at: FieldIx, other: FieldIx) -> Condition {
    let (own, theirs) = (defaults(space.from.record.field(at)), defaults(space.to.record.field(other)));
    let mut theirs = theirs.into_iter().map(|(when, value)| (canonical(&space.other_condition(&when)), value));
    let other = |(when, value): &&(Condition, Value)| {
        let same = theirs.next();
        same.is_none_or(|(it, new)| it != canonical(when) || new != *value)
    };
    own.iter().find(other).map_or(Condition::Always, |(when, _)| when.clone())
}

/// Requests without a field, in which a condition holds.
fn without(call: Call<'_>, field: FieldIx, when: &Condition) -> Vec<RequestParts> {
    let operation = call.operation();
    let mut known = known_requests(call);
    for request in &mut known {
        put(request, operation.parameters.field(field), None);
    }
    match when {
        Condition::Always => known,
        when => known.iter().flat_map(|it| satisfy::requests(call.api, operation, when, it)).collect(),
    }
}

/// The same of the fields of records inside of a request.
fn defaults_inside(
    (old, own): (&Api, TypeId),
    (new, theirs): (&Api, TypeId),
    surfaces: &mut Surfaces<'_>,
    name: &str,
    out: &mut Vec<Change>,
) {
    let (TypeKind::Record(was), TypeKind::Record(is)) = (&old.ty(own).kind, &new.ty(theirs).kind) else { return };
    let mut space = Space::new(
        Owner { api: old, record: was, operation: None },
        Owner { api: new, record: is, operation: None },
        pairs::fields(was, is),
    );
    for (at, other) in other_defaults(&mut space) {
        let field = was.field(at);
        let place = format!("body {}/{}", old.ty(own).name, field.name);
        let words = (defaults_words(space.from, field), defaults_words(space.to, is.field(other)));
        let Some(change) = default_change(field, words) else { continue };
        let mut change = change.of(name).at(place);
        change.rust = surfaces
            .touched(&[Part::Field(own, field.name.clone())], &[Part::Field(theirs, is.field(other).name.clone())]);
        out.push(change);
    }
}

/// The fields of both records that count as something else when they are left out.
fn other_defaults(space: &mut Space<'_>) -> Vec<(FieldIx, FieldIx)> {
    let map = space.map.clone();
    let pairs = map.into_iter().enumerate().filter_map(|(at, other)| Some((FieldIx(at as u32), other?)));
    pairs.filter(|(_, other)| !space.same_defaults(*other, DEEPEST_DEFAULT)).collect()
}

/// The defaults of a field, with when each applies; nothing: none is known.
fn defaults_words(owner: Owner<'_>, field: &Field) -> Option<String> {
    let words = |(when, value): &(Condition, Value)| match when {
        Condition::Always => value_words(value),
        when => format!("{}{}", value_words(value), prose::when(owner.record, owner.api, when)),
    };
    let all: Vec<String> = defaults(field).iter().map(words).collect();
    (!all.is_empty()).then(|| all.join(", otherwise "))
}

/// The words of a changed default; nothing where both read the same: a value of another type is told of the type.
fn default_change(own: &Field, (was, is): (Option<String>, Option<String>)) -> Option<Change> {
    let name = code(&own.name);
    let (class, message) = match (was, is) {
        (was, is) if was == is => return None,
        (None, is) => (Class::Documentation, format!("the default of {name} is known now: {}", is.unwrap_or_default())),
        (Some(was), None) => (Class::Breaking, format!("no default of {name} is known any more (before: {was})")),
        (Some(was), Some(is)) => (Class::Breaking, format!("the default of {name} is {is} now (before: {was})")),
    };
    Some(Change::new(class, Side::Request, message))
}

/// Defaults that lean on defaults are followed so far.
const DEEPEST_DEFAULT: usize = 4;
