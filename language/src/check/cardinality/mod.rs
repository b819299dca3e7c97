//! How many different values satisfy some constraints together: none is a fault of the spec.
//!
//! ```text
//! integer, minimum 5, maximum 7, multiple_of 8         none
//! [boolean], unique_items, min_items 3                 none: there are two booleans
//! string, pattern ^[A-Z]{3}$, max_length 2             none
//! string, pattern ^[ab]c?$                             at most 4
//! ```
//!
//! What is counted is an upper bound, so that nothing is ever said of limits that leave a value. Whatever would take too
//! long counts as [`Count::Many`].

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::analyse::Values;
use crate::constraints::{self, CountRange, Measure, Range, ValueKind, count_range};
use crate::interpret;
use crate::model::{Api, Certainty, Clause, Condition, Constraint, Record, Target, Type, TypeKind};

/// Types inside of types that are followed.
const DEEPEST: usize = 6;

/// At most how many different values there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// So many, or fewer.
    AtMost(u64),
    /// No limit is known.
    Many,
}

impl Count {
    pub(crate) const NONE: Self = Self::AtMost(0);
    const ONE: Self = Self::AtMost(1);

    /// Of both together.
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::AtMost(a), Self::AtMost(b)) => a.checked_add(b).map_or(Self::Many, Self::AtMost),
            _ => Self::Many,
        }
    }

    /// Of pairs.
    fn times(self, other: Self) -> Self {
        match (self, other) {
            (Self::AtMost(0), _) | (_, Self::AtMost(0)) => Self::NONE,
            (Self::AtMost(a), Self::AtMost(b)) => a.checked_mul(b).map_or(Self::Many, Self::AtMost),
            _ => Self::Many,
        }
    }
}

impl From<Option<u64>> for Count {
    fn from(count: Option<u64>) -> Self {
        count.map_or(Self::Many, Self::AtMost)
    }
}

/// Constraints on one value, and on what is inside of it.
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    all: &'a [(Target, &'a Constraint)],
    target: Target,
}

impl<'a> Limits<'a> {
    pub(crate) fn new(all: &'a [(Target, &'a Constraint)]) -> Self {
        Self::of(all, Target::Value)
    }

    pub(crate) fn of(all: &'a [(Target, &'a Constraint)], target: Target) -> Self {
        Self { all, target }
    }

    const NONE: Self = Self { all: &[], target: Target::Value };

    fn own_constraints(self) -> impl Iterator<Item = &'a Constraint> + Clone {
        self.all.iter().filter(move |(target, _)| *target == self.target).map(|(_, it)| *it)
    }

    /// The constraints on the items of a list or the values of a map.
    pub(crate) fn of_items(self) -> Self {
        match self.target {
            Target::Value => Self { target: Target::Items, ..self },
            // Lists in lists have no constraints of their own.
            Target::Items => Self::NONE,
        }
    }

    fn counts(self, measure: Measure) -> CountRange {
        count_range(self.own_constraints(), measure)
    }
}

/// Whether the constraints leave nothing: no value, no item of a list, or of a union no value of a kind that they speak
/// of.
pub(crate) fn leaves_nothing(api: &Api, ty: &Type, limits: Limits<'_>) -> bool {
    leaves_nothing_at(api, ty, limits, 0)
}

fn leaves_nothing_at(api: &Api, ty: &Type, limits: Limits<'_>, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    if let Some(left) = listed_values(api, ty, limits) {
        return left.is_empty();
    }
    let kinds: Vec<&Type> = match ty {
        Type::Json => return leaves_nothing_of_json(limits),
        _ => api.union_members(ty).map_or_else(|| vec![ty], |it| it.iter().collect()),
    };
    kinds.into_iter().any(|kind| {
        let items = match kind {
            Type::Array(item) | Type::Map(item) => Some(item.non_null()),
            _ => None,
        };
        let of_items = items.is_some_and(|it| {
            limits.of_items().own_constraints().next().is_some()
                && leaves_nothing_at(api, it, limits.of_items(), depth + 1)
        });
        let concerned = limits.own_constraints().any(|it| constraint_applies_to(api, kind, it));
        of_items || concerned && count_at(api, kind, limits, depth) == Count::NONE
    })
}

/// Of any JSON a constraint looks at values of its own kind.
fn leaves_nothing_of_json(limits: Limits<'_>) -> bool {
    let concerned = |kind| limits.own_constraints().any(|it| constraints::of(it).applies_to.looks_at(kind));
    concerned(ValueKind::Text) && count_texts(&Type::String, limits, 1) == Count::NONE
        || concerned(ValueKind::Number) && count_numbers(&Type::Number, limits) == Count::NONE
        || limits.counts(Measure::Items).is_empty()
        || limits.counts(Measure::Properties).is_empty()
}

fn count_texts(ty: &Type, limits: Limits<'_>, enough: u64) -> Count {
    constraints::count_texts(ty, limits.own_constraints(), enough).into()
}

fn count_numbers(ty: &Type, limits: Limits<'_>) -> Count {
    Range::new(limits.own_constraints().chain(ty.limits()), ty.ends()).count().into()
}

/// At most how many different values of a type satisfy the constraints; more than `enough` may be [`Count::Many`].
fn count_at(api: &Api, ty: &Type, limits: Limits<'_>, depth: usize) -> Count {
    count(api, ty, limits, 1, depth)
}

fn count(api: &Api, ty: &Type, limits: Limits<'_>, enough: u64, depth: usize) -> Count {
    if depth > DEEPEST {
        return Count::Many;
    }
    if let Some(left) = listed_values(api, ty, limits) {
        return Count::AtMost(left.len() as u64);
    }
    match ty {
        Type::Boolean => Count::AtMost(2),
        Type::Integer | Type::Sized(_) | Type::Number => count_numbers(ty, limits),
        Type::String | Type::Url | Type::HttpsUrl | Type::Base64 | Type::DateTime | Type::Formatted(_) => {
            count_texts(ty, limits, enough)
        }
        Type::Json | Type::File => Count::Many,
        Type::Array(item) => count_lists(api, item, limits, enough, depth),
        Type::Tuple(items) => {
            let items = items.iter().map(|it| count(api, it, Limits::new(&[]), u64::MAX, depth + 1));
            items.fold(Count::ONE, Count::times)
        }
        Type::Map(entry) => {
            let mut counts = limits.counts(Measure::Properties);
            if count(api, entry, limits.of_items(), 1, depth + 1) == Count::NONE {
                counts.most = Some(0);
            }
            match counts.most {
                _ if counts.is_empty() => Count::NONE,
                // The one without entries.
                Some(0) => Count::ONE,
                _ => Count::Many,
            }
        }
        Type::Nullable(inner) => count(api, inner, limits, enough, depth + 1).plus(Count::ONE),
        Type::Union(members) => count_union(api, members, limits, enough, depth),
        Type::Named(id) => match &api.ty(*id).kind {
            // A closed enum is listed.
            TypeKind::Enum(_) => count_texts(&Type::String, limits, enough),
            TypeKind::Union { members, .. } => count_union(api, members, limits, enough, depth),
            TypeKind::Record(record) => count_records(api, record, depth),
            TypeKind::Tagged(union) if union.open => Count::Many,
            TypeKind::Tagged(union) => {
                let members = union.members.iter().map(|(_, id)| match &api.ty(*id).kind {
                    TypeKind::Record(record) => count_records(api, record, depth),
                    _ => Count::Many,
                });
                members.fold(Count::NONE, Count::plus)
            }
        },
    }
}

fn count_union(api: &Api, members: &[Type], limits: Limits<'_>, enough: u64, depth: usize) -> Count {
    members.iter().map(|it| count(api, it, limits, enough, depth + 1)).fold(Count::NONE, Count::plus)
}

/// Objects of a record: as many as the values of its fields go together. Rules and conditions only make them fewer.
fn count_records(api: &Api, record: &Record, depth: usize) -> Count {
    if record.open {
        return Count::Many;
    }
    let mut all = Count::ONE;
    for field in &record.fields {
        let own: Vec<(Target, &Constraint)> =
            field.clauses.iter().filter(|it| is_unconditional(it)).map(of_clause).collect();
        let mut values = count(api, &field.ty, Limits::new(&own), u64::MAX, depth + 1);
        values = if field.nullable { values.plus(Count::ONE) } else { values };
        values = if field.always_required() { values } else { values.plus(Count::ONE) };
        all = all.times(values);
    }
    all
}

/// Whether a clause holds in every request.
pub(crate) fn is_unconditional(clause: &Clause) -> bool {
    clause.when == Condition::Always && clause.origin.certainty == Certainty::Stated
}

pub(crate) fn of_clause(clause: &Clause) -> (Target, &Constraint) {
    (clause.target, &clause.constraint)
}

/// Lists: as long as their limits and the number of different items allow.
fn count_lists(api: &Api, item: &Type, limits: Limits<'_>, enough: u64, depth: usize) -> Count {
    let CountRange { least, mut most } = limits.counts(Measure::Items);
    let unique = limits.own_constraints().any(|it| *it == Constraint::UniqueItems);
    let wanted = if unique { least.max(enough) } else { enough };
    let items = count(api, item, limits.of_items(), wanted, depth + 1);
    match items {
        Count::AtMost(0) => most = Some(0),
        Count::AtMost(items) if unique => most = Some(most.map_or(items, |it| it.min(items))),
        _ => {}
    }
    match (most, items) {
        (Some(most), _) if most < least => Count::NONE,
        (Some(0), _) => Count::ONE,
        (Some(most), Count::AtMost(items)) => {
            let mut all = Count::NONE;
            let mut of_length = Count::ONE;
            for length in 0..=most {
                if length >= least {
                    all = all.plus(of_length);
                }
                if all == Count::Many || of_length == Count::Many {
                    return Count::Many;
                }
                let left = if unique { items.saturating_sub(length) } else { items };
                // One kind of item makes one list of each length, however many lengths there are.
                if left == 1 && !unique {
                    return Count::AtMost((most - least).saturating_add(1));
                }
                of_length = of_length.times(Count::AtMost(left));
            }
            all
        }
        _ => Count::Many,
    }
}

/// At most how many different items the lists of a type have, if that is what keeps them short.
pub(crate) fn max_distinct_items(api: &Api, ty: &Type, limits: Limits<'_>) -> Option<u64> {
    let lists = api.union_members(ty).map_or_else(|| vec![ty], |it| it.iter().collect());
    let item = lists.into_iter().find_map(|it| if let Type::Array(item) = it { Some(&**item) } else { None })?;
    match count(api, item, limits.of_items(), limits.counts(Measure::Items).least, 1) {
        Count::AtMost(items) => Some(items),
        Count::Many => None,
    }
}

/// The values that an `enum`, a `const` or a closed enum lists, without those that break another constraint; `None`: the
/// type is not told by listing.
fn listed_values(api: &Api, ty: &Type, limits: Limits<'_>) -> Option<Vec<Value>> {
    let listing = limits.own_constraints().find(|it| constraints::listed(it).is_some());
    let values = match listing.and_then(constraints::listed) {
        Some(values) => values.to_vec(),
        None => {
            let Type::Named(id) = ty else { return None };
            let TypeKind::Enum(def) = &api.ty(*id).kind else { return None };
            if def.open {
                return None;
            }
            def.values.iter().map(|it| Value::from(it.value.as_str())).collect()
        }
    };
    // What lists a value has it: to look for each in all of them would take the square of their number.
    let others = || limits.own_constraints().filter(|it| !listing.is_some_and(|listing| std::ptr::eq(listing, *it)));
    let mut seen = Values::default();
    let mut left: Vec<Value> = Vec::new();
    for value in values {
        let fits = listing.is_none_or(|_| interpret::validate_request_value(api, ty, &value).is_empty())
            && others().all(|it| interpret::holds(it, &value, ty));
        if fits && !seen.contains(&value) {
            seen.insert(&value);
            left.push(value);
        }
    }
    Some(left)
}

/// Whether a constraint looks at values of a type.
fn constraint_applies_to(api: &Api, ty: &Type, constraint: &Constraint) -> bool {
    match ValueKind::of(ty, |id| &api.ty(id).kind) {
        Some(kind) => constraints::of(constraint).applies_to.looks_at(kind),
        // A union in a union.
        None => api.union_members(ty).is_some_and(|it| it.iter().any(|it| constraint_applies_to(api, it, constraint))),
    }
}
