//! What schemas say of several fields of an object: choices between required ones, dependencies, how many there are.

use std::collections::BTreeSet;

use super::Planner;
use super::flat::{Choice, Flat};
use crate::finding::Place;
use crate::gaps;
use crate::openapi::{Additional, Schema, SchemaId};
use crate::spec::Rule;

impl Planner<'_> {
    /// Whether each member does nothing but require properties.
    pub(super) fn requires_only(&self, choice: &Choice) -> bool {
        choice.members.iter().all(|it| self.only_requires(*it))
    }

    fn only_requires(&self, id: SchemaId) -> bool {
        let schema = self.schema(id);
        let silent = Schema { required: Vec::new(), types: Vec::new(), ..schema.clone() };
        !schema.required.is_empty() && !super::flat::says_something(&silent)
    }

    /// The rules of a record. `nullable` are its fields that may be `null`: they are there then for a schema, and not for
    /// a rule.
    pub(super) fn rules(&mut self, flat: &Flat, nullable: &BTreeSet<String>, place: &Place) -> Vec<Rule> {
        let mut rules = Vec::new();
        for choice in &flat.choices {
            match self.choice_rule(flat, choice) {
                Some(rule) => rules.push(rule),
                None => self.limit_gap(&gaps::NOT, place.clone(), &["a choice between required properties"]),
            }
        }
        let is_known = |name: &String| flat.properties.iter().any(|(it, _)| it == name);
        for (name, needed) in &flat.dependent_required {
            let needed: Vec<String> = needed.iter().filter(|it| !flat.required.contains(it)).cloned().collect();
            if needed.is_empty() {
                continue;
            }
            if is_known(name) && needed.iter().all(is_known) {
                let names = std::iter::once(name.clone()).chain(needed).collect();
                rules.push(Rule { keyword: "requires", names, unless_null: Vec::new() });
            } else {
                self.limit_gap(&gaps::NOT, place.clone(), &["dependentRequired"]);
            }
        }
        for id in &flat.not {
            let names = self.schema(*id).required.clone();
            let optional: Vec<String> = names.iter().filter(|it| !flat.required.contains(it)).cloned().collect();
            if self.only_requires(*id) && names.len() == 2 && optional.len() == 2 && names.iter().all(is_known) {
                rules.push(Rule { keyword: "at_most_one_of", names, unless_null: Vec::new() });
            } else {
                self.limit_gap(&gaps::NOT, place.clone(), &["not"]);
            }
        }
        self.count_rules(flat, place, &mut rules);
        for rule in &mut rules {
            let mut of_null = rule.names.iter().filter(|it| nullable.contains(*it)).cloned().collect::<Vec<_>>();
            if of_null.is_empty() {
                continue;
            }
            let says_all = match rule.keyword {
                "any_of" => true,
                "requires" => rule.names.len() == 2 && of_null[0] != rule.names[0],
                _ => false,
            };
            if !says_all {
                let message =
                    format!("whether `{}` counts as given when it is `null` is not said", of_null.join("`, `"));
                self.limit_gap(&gaps::LIMIT, place.clone(), &[&message]);
            }
            if rule.keyword == "requires" {
                of_null.retain(|it| *it != rule.names[0]);
            }
            if rule.keyword != "at_most_one_of" {
                rule.unless_null = of_null;
            }
        }
        rules
    }

    /// `minProperties` and `maxProperties` of an object whose fields are known.
    fn count_rules(&mut self, flat: &Flat, place: &Place, rules: &mut Vec<Rule>) {
        let is_closed = !matches!(flat.additional, Additional::Allowed | Additional::Of(_));
        let required = flat.required.len() as u64;
        let optional: Vec<String> =
            flat.properties.iter().map(|it| it.0.clone()).filter(|it| !flat.required.contains(it)).collect();
        let all = required + optional.len() as u64;
        if let Some(least) = flat.limits.min_properties.filter(|it| *it > required) {
            match optional.as_slice() {
                // All of them: see `fields`.
                _ if is_closed && least == all => {}
                [_, _, ..] if is_closed && least == required + 1 => {
                    rules.push(Rule { keyword: "any_of", names: optional.clone(), unless_null: Vec::new() });
                }
                _ => self.limit_gap(&gaps::LIMIT, place.clone(), &["how many fields an object has is not said"]),
            }
        }
        if let Some(most) = flat.limits.max_properties.filter(|it| *it < all || !is_closed) {
            match optional.as_slice() {
                [_, _, ..] if is_closed && most == required + 1 => {
                    rules.push(Rule { keyword: "at_most_one_of", names: optional, unless_null: Vec::new() });
                }
                _ => self.limit_gap(&gaps::LIMIT, place.clone(), &["how many fields an object has is not said"]),
            }
        }
    }

    fn choice_rule(&self, flat: &Flat, choice: &Choice) -> Option<Rule> {
        if !self.requires_only(choice) {
            return None;
        }
        let mut names = Vec::new();
        for id in &choice.members {
            let mut own = self.schema(*id).required.iter().filter(|it| !flat.required.contains(it));
            let (Some(only), None) = (own.next(), own.next()) else { return None };
            if !names.contains(only) {
                names.push(only.clone());
            }
        }
        let known = names.iter().all(|it| flat.properties.iter().any(|(name, _)| name == it));
        let free = names.iter().all(|it| !flat.required.contains(it));
        let keyword = if choice.exclusive { "exactly_one_of" } else { "any_of" };
        (known && free && names.len() > 1).then_some(Rule { keyword, names, unless_null: Vec::new() })
    }
}
