//! Pairs of types of what comes back that are the same down to all that they hold: no operation has to walk them again.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::model::TypeId;

type Pair = (TypeId, TypeId);

/// What is known of pairs of types.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Whether nothing is told of a pair and of all that it holds.
    known: BTreeMap<Pair, bool>,
}

impl Kept {
    pub(crate) fn of(&self, pair: Pair) -> Option<bool> {
        self.known.get(&pair).copied()
    }

    /// Takes in what a walk without words found.
    pub(crate) fn learn(&mut self, survey: Survey) {
        let Survey { holders, mut changed, seen, .. } = survey;
        // Whatever holds a changed pair is no longer the same.
        let mut open: Vec<Pair> = changed.iter().copied().collect();
        while let Some(pair) = open.pop() {
            for holder in holders.get(&pair).into_iter().flatten() {
                if changed.insert(*holder) {
                    open.push(*holder);
                }
            }
        }
        self.known.extend(seen.into_iter().map(|it| (it, !changed.contains(&it))));
    }
}

/// A walk through types of which nothing is known yet.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// The pair in which the walk is.
    at: Option<Pair>,
    /// For each pair those that hold it.
    holders: BTreeMap<Pair, Vec<Pair>>,
    /// Pairs of which something is told.
    changed: BTreeSet<Pair>,
    seen: BTreeSet<Pair>,
}

impl Survey {
    /// Something is told of the pair in which the walk is.
    pub(crate) fn tell(&mut self) {
        self.changed.extend(self.at);
    }

    /// Steps into a pair; `None`: it has been there. Otherwise where it was before, for [`leave`](Self::leave).
    pub(crate) fn enter(&mut self, pair: Pair, kept: &Kept) -> Option<Option<Pair>> {
        if let Some(same) = kept.of(pair) {
            if !same {
                self.tell();
            }
            return None;
        }
        if let Some(holder) = self.at {
            self.holders.entry(pair).or_default().push(holder);
        }
        self.seen.insert(pair).then(|| self.at.replace(pair))
    }

    pub(crate) fn leave(&mut self, before: Option<Pair>) {
        self.at = before;
    }
}
