//! Counts which of several parameters are given, for rules over several parameters.

use crate::{Actual, Checks, Rule};

/// The parameters of one rule: JSON pointer, and whether it is given.
#[derive(Clone, Copy, Debug)]
pub struct Presence<'g>(pub &'g [(&'static str, bool)]);

impl Presence<'_> {
    /// How many are given.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.iter().filter(|it| it.1).count()
    }

    /// At least one. Otherwise the violation is at the first.
    pub fn any(&self, out: &mut Checks<'_>, rule: Rule) {
        if self.count() == 0 {
            out.broken(rule, Actual::Nothing);
        }
    }

    /// At most one. Otherwise the violation is at the second that is given.
    pub fn at_most_one(&self, out: &mut Checks<'_>, rule: Rule) {
        if self.count() > 1
            && let Some(second) = self.0.iter().filter(|it| it.1).nth(1)
        {
            out.broken_at(second.0, rule, Actual::Nothing);
        }
    }

    /// Exactly one.
    pub fn exactly_one(&self, out: &mut Checks<'_>, rule: Rule) {
        self.any(out, rule.clone());
        self.at_most_one(out, rule);
    }

    /// All or none. Otherwise the violation is at the first that is missing.
    pub fn all_or_none(&self, out: &mut Checks<'_>, rule: Rule) {
        if self.count() > 0 {
            self.all(out, rule);
        }
    }

    /// A violation at the first that is given, or else at the first.
    pub fn first(&self, out: &mut Checks<'_>, rule: Rule, found: Actual) {
        let first = self.0.iter().find(|it| it.1).or(self.0.first());
        out.broken_at(first.map_or("", |it| it.0), rule, found);
    }

    /// All. Otherwise the violation is at the first that is missing.
    pub fn all(&self, out: &mut Checks<'_>, rule: Rule) {
        if let Some(missing) = self.0.iter().find(|it| !it.1) {
            out.broken_at(missing.0, rule, Actual::Nothing);
        }
    }
}
