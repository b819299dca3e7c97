//! Orders several limits of the same kind on one value, so that only the strictest is reported.

use std::cmp::Ordering;

use crate::model::{Certainty, Clause, Condition, Matcher, Test, same_value};

/// Limits of one kind beyond these are not compared pair by pair: a chain is right for them too.
const MOST_COMPARED: usize = 64;

/// What is known of a clause before its turn comes.
#[derive(Clone, Copy, PartialEq)]
enum LimitState {
    Open,
    /// Alone, in its place.
    Alone,
    Told,
}

/// The clauses of a field, with a mark for those of which only the first broken one counts: what is stated goes first,
/// then the stricter limit. Limits that are never looked at together keep their places.
pub(super) fn order_clauses(clauses: &[Clause]) -> Vec<(&Clause, Option<usize>)> {
    let mut ordered: Vec<(&Clause, Option<usize>)> = Vec::new();
    let mut turns = vec![LimitState::Open; clauses.len()];
    for (at, clause) in clauses.iter().enumerate() {
        if turns[at] == LimitState::Open {
            let alike =
                |it: &Clause| it.target == clause.target && it.constraint.strictness(&clause.constraint).is_some();
            let mut group: Vec<usize> = (at..clauses.len()).filter(|it| alike(&clauses[*it])).collect();
            if can_apply_together(clauses, &group) {
                group.sort_by(|one, other| first(&clauses[*one], &clauses[*other]));
                ordered.extend(group.iter().map(|it| (&clauses[*it], Some(at))));
                group.iter().for_each(|it| turns[*it] = LimitState::Told);
            } else {
                turns[at] = LimitState::Alone;
                group.iter().for_each(|it| turns[*it] = LimitState::Alone);
            }
        }
        if turns[at] == LimitState::Alone {
            ordered.push((clause, None));
        }
    }
    ordered
}

/// Whether two of them can apply at once.
fn can_apply_together(clauses: &[Clause], group: &[usize]) -> bool {
    let apply = |one: &usize, other: &usize| !exclusive(&clauses[*one].when, &clauses[*other].when);
    group.len() > MOST_COMPARED
        || group.iter().enumerate().any(|(n, one)| group[n + 1..].iter().any(|other| apply(one, other)))
}

fn first(one: &Clause, other: &Clause) -> Ordering {
    let inferred = |it: &Clause| it.origin.certainty == Certainty::Inferred;
    let stricter_first = other.constraint.strictness(&one.constraint).unwrap_or(Ordering::Equal);
    inferred(one).cmp(&inferred(other)).then(stricter_first)
}

/// Whether two conditions surely never hold together: they want different values of one field.
fn exclusive(one: &Condition, other: &Condition) -> bool {
    let (one, other) = (alternatives(one), alternatives(other));
    one.iter().all(|one| other.iter().all(|other| one.iter().any(|a| other.iter().any(|b| are_disjoint(a, b)))))
}

fn are_disjoint(one: &Test, other: &Test) -> bool {
    match (&one.matcher, &other.matcher) {
        (Matcher::OneOf(one_of), Matcher::OneOf(others)) => {
            one.path == other.path && !one_of.iter().any(|it| others.iter().any(|other| same_value(it, other)))
        }
        (Matcher::Present, Matcher::Absent) | (Matcher::Absent, Matcher::Present) => one.path == other.path,
        _ => false,
    }
}

/// What a condition asks for in each of the ways to meet it, as far as it is plain.
fn alternatives(condition: &Condition) -> Vec<Vec<&Test>> {
    match condition {
        Condition::Always | Condition::Not(_) => vec![Vec::new()],
        Condition::Test(test) => vec![vec![test]],
        Condition::All(parts) => {
            let plain = parts.iter().filter_map(|it| match it {
                Condition::Test(test) => Some(test),
                Condition::Always | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => None,
            });
            vec![plain.collect()]
        }
        Condition::Any(parts) => parts.iter().flat_map(alternatives).collect(),
    }
}
