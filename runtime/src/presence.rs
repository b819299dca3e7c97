//! Counts which of several parameters are given, for rules over several parameters.

use crate::{Actual, InstancePath, Rule, Violations};

/// Parameters of one rule: JSON pointer, and whether it is given.
#[derive(Clone, Copy, Debug)]
pub struct Presence<'g>(pub &'g [(&'static str, bool)]);

impl Presence<'_> {
    /// How many are given.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.iter().filter(|it| it.1).count()
    }

    /// At least one: else it is broken at the first.
    pub fn any(&self, at: &InstancePath<'_>, rule: &'static Rule, out: &mut Violations) {
        if self.count() == 0 {
            out.push(at, rule, Actual::Nothing);
        }
    }

    /// At most one: else it is broken at the second that is given.
    pub fn at_most_one(&self, at: &InstancePath<'_>, rule: &'static Rule, out: &mut Violations) {
        if self.count() > 1
            && let Some(second) = self.0.iter().filter(|it| it.1).nth(1)
        {
            out.push_at(at, rule, second.0, Actual::Nothing);
        }
    }

    /// Exactly one.
    pub fn exactly_one(&self, at: &InstancePath<'_>, rule: &'static Rule, out: &mut Violations) {
        self.any(at, rule, out);
        self.at_most_one(at, rule, out);
    }

    /// All or none: else it is broken at the first that is missing.
    pub fn all_or_none(&self, at: &InstancePath<'_>, rule: &'static Rule, out: &mut Violations) {
        if self.count() > 0 {
            self.all(at, rule, out);
        }
    }

    /// Broken at the first that is given, else at the first.
    pub fn first(&self, at: &InstancePath<'_>, rule: &'static Rule, found: Actual, out: &mut Violations) {
        let first = self.0.iter().find(|it| it.1).or(self.0.first());
        out.push_at(at, rule, first.map_or("", |it| it.0), found);
    }

    /// All: else it is broken at the first that is missing.
    pub fn all(&self, at: &InstancePath<'_>, rule: &'static Rule, out: &mut Violations) {
        if let Some(missing) = self.0.iter().find(|it| !it.1) {
            out.push_at(at, rule, missing.0, Actual::Nothing);
        }
    }
}
