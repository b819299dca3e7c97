//! Types without a name in the document that are equal become one, which is called after what they have in common.

use std::collections::BTreeMap;

use super::names::is_reserved_type;
use super::operation::PlannedOperations;
use super::ty::{Content, Ty, TypeId};
use super::{Planned, Planner};
use crate::text::{pascal, singular, snake};

/// Words that say nothing of what they are of.
const VAGUE: [&str; 24] = [
    "attributes",
    "body",
    "data",
    "detail",
    "details",
    "entry",
    "info",
    "input",
    "item",
    "items",
    "link",
    "links",
    "list",
    "meta",
    "object",
    "option",
    "options",
    "output",
    "request",
    "response",
    "result",
    "type",
    "value",
    "values",
];

impl Planner<'_> {
    /// Makes one type of those that are equal.
    pub(super) fn merge_equal(&mut self, operations: &mut PlannedOperations<'_>) {
        // Types that are one may make those equal that have them.
        for _ in 0..8 {
            let mut of_document: BTreeMap<String, TypeId> = BTreeMap::new();
            let mut groups: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
            // Those that the document names come first, and stay apart.
            let mut order: Vec<usize> = (0..self.types.len()).collect();
            order.sort_by_key(|at| !self.types[*at].named);
            let mut same: BTreeMap<TypeId, Ty> = BTreeMap::new();
            for at in order {
                let planned = &self.types[at];
                if matches!(planned.content, Content::Same(_) | Content::Waiting) {
                    continue;
                }
                let key = format!("{:?} {} {} {}", planned.content, planned.any_of, planned.exclusive, planned.doc);
                let id = TypeId(at as u32);
                if planned.named {
                    of_document.entry(key).or_insert(id);
                } else if let Some(first) = of_document.get(&key) {
                    same.insert(id, Ty::Named(*first));
                } else {
                    groups.entry(key).or_default().push(id);
                }
            }
            let mut groups: Vec<Vec<TypeId>> = groups.into_values().collect();
            groups.sort();
            for group in groups {
                let [first, others @ ..] = group.as_slice() else { continue };
                same.extend(others.iter().map(|it| (*it, Ty::Named(*first))));
                if !others.is_empty() {
                    self.name_in_common(&group);
                }
            }
            if same.is_empty() {
                return;
            }
            for (id, ty) in &same {
                self.types[id.0 as usize].content = Content::Same(ty.clone());
            }
            self.replace_everywhere(operations, &same);
        }
    }

    /// What belongs to several is named after none of them: the first gets the words that all have.
    fn name_in_common(&mut self, group: &[TypeId]) {
        let all = |name: &dyn Fn(&Planned) -> &str| -> Vec<Vec<String>> {
            group.iter().map(|it| words(name(&self.types[it.0 as usize]))).collect()
        };
        let own_names = all(&|it| &it.own_name);
        let mut own = common(&own_names, ending);
        if own.is_empty() && own_names[1..].contains(&own_names[0]) {
            // A name that some of them have: better than that of one place.
            own.clone_from(&own_names[0]);
        }
        let Some(mut last) = own.last().cloned() else { return };
        // `Error403` and `Error404` are errors.
        let is_error = own_names.iter().all(|it| it.len() == 1 && it[0].starts_with("error"));
        let differ = own_names.iter().any(|it| *it != own_names[0]);
        if is_error && differ {
            last = "error".to_owned();
            own = vec![last.clone()];
        }
        let whole = common(&all(&|it| &it.name), subsequence);
        let whole = if whole.len() > 1 && whole.last() == Some(&last) { whole } else { Vec::new() };
        let is_vague = own.len() == 1 && VAGUE.contains(&last.as_str());
        // What has nothing in common but such a word belongs to the API.
        let api = super::assemble::api_name(&self.document.title);
        let of_api: Vec<String> = words(&api).into_iter().chain([last.clone()]).collect();
        let is_short = of_api.len() <= 3 && api != super::assemble::NAMELESS;
        let of_api = if is_vague && is_short { of_api } else { Vec::new() };
        let body = if last == "error" { words("ErrorBody") } else { Vec::new() };
        let choices = if is_vague { vec![&whole, &of_api] } else { vec![&own, &whole, &body] };
        let names = choices.into_iter().filter(|it| !it.is_empty()).map(|it| pascal(&it.join("_")));
        let name = names.filter(|it| it.len() > 2 && !is_reserved_type(it)).find(|it| !self.taken.contains(it));
        if let Some(name) = name {
            self.taken.insert(name.clone());
            let own_name = pascal(&own.join("_"));
            let first = &mut self.types[group[0].0 as usize];
            (first.own_name, first.name) = (own_name, name);
        }
    }
}

fn words(name: &str) -> Vec<String> {
    snake(name)
        .split('_')
        .filter(|it| !it.is_empty() && !it.starts_with(|it: char| it.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// What all of some lists have in common, two at a time.
fn common(lists: &[Vec<String>], of_two: fn(&[String], &[String]) -> Vec<String>) -> Vec<String> {
    let Some((first, rest)) = lists.split_first() else { return Vec::new() };
    rest.iter().fold(first.clone(), |known, it| of_two(&known, it))
}

/// Whether two words are one, in the singular or the plural.
fn same(one: &str, other: &str) -> bool {
    one == other || singular(one) == singular(other)
}

/// The words at the end of both.
fn ending(one: &[String], other: &[String]) -> Vec<String> {
    let count = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| same(a, b)).count();
    one[one.len() - count..].to_vec()
}

/// The longest list of words that both have in this order.
fn subsequence(one: &[String], other: &[String]) -> Vec<String> {
    // lengths[a][b]: of what follows `a` words of the one and `b` of the other.
    let mut lengths = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    for (a, left) in one.iter().enumerate().rev() {
        for (b, right) in other.iter().enumerate().rev() {
            lengths[a][b] =
                if same(left, right) { lengths[a + 1][b + 1] + 1 } else { lengths[a + 1][b].max(lengths[a][b + 1]) };
        }
    }
    let (mut a, mut b, mut found) = (0, 0, Vec::new());
    while a < one.len() && b < other.len() {
        if same(&one[a], &other[b]) {
            // The singular is the shorter one.
            let shorter = if other[b].len() < one[a].len() { &other[b] } else { &one[a] };
            found.push(shorter.clone());
            (a, b) = (a + 1, b + 1);
        } else if lengths[a + 1][b] >= lengths[a][b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    found
}
