//! Some of the operations and types of an API, by their places in the model.

use std::collections::BTreeSet;

/// Operations and types by their index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Parts {
    /// Of [`Api::operations`](crate::model::Api::operations).
    pub operations: BTreeSet<usize>,
    /// Of [`Api::types`](crate::model::Api::types).
    pub types: BTreeSet<usize>,
}

impl Parts {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.types.is_empty()
    }

    /// Takes in those of another.
    pub fn extend(&mut self, other: &Self) {
        self.operations.extend(&other.operations);
        self.types.extend(&other.types);
    }

    /// Whether none is in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.operations.is_disjoint(&other.operations) && self.types.is_disjoint(&other.types)
    }
}
