//! The items of both crates by what they are made from, so that no change looks through all of them.

use std::collections::BTreeMap;

use specwright_codegen::model::OperationId;
use specwright_codegen::surface::{Item, Part};

use crate::rust::operation_of;

/// Where the items of a crate are.
#[derive(Debug, Default)]
pub(crate) struct Index {
    by_part: BTreeMap<Part, Vec<usize>>,
    by_path: BTreeMap<String, Vec<usize>>,
    by_operation: BTreeMap<OperationId, Vec<usize>>,
}

impl Index {
    pub(crate) fn of<'i>(items: impl Iterator<Item = &'i Item>) -> Self {
        let mut index = Self::default();
        for (at, item) in items.enumerate() {
            index.by_part.entry(item.part.clone()).or_default().push(at);
            index.by_path.entry(item.path.clone()).or_default().push(at);
            if let Some(id) = operation_of(&item.part) {
                index.by_operation.entry(id).or_default().push(at);
            }
        }
        index
    }

    /// The items of a part, in the order of the crate.
    pub(crate) fn of_part(&self, part: &Part) -> &[usize] {
        self.by_part.get(part).map_or(&[], Vec::as_slice)
    }

    /// The items of one path: more than one where the crate has an impl and a type of it.
    pub(crate) fn at_path(&self, path: &str) -> &[usize] {
        self.by_path.get(path).map_or(&[], Vec::as_slice)
    }

    /// The items of an operation, in the order of the crate.
    pub(crate) fn of_operation(&self, id: OperationId) -> &[usize] {
        self.by_operation.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// The items of the new crate by path, which are found by what they are made from too.
#[derive(Debug, Default)]
pub(crate) struct NewItems {
    by_path: BTreeMap<String, Item>,
    by_part: BTreeMap<Part, Vec<String>>,
}

impl NewItems {
    pub(crate) fn of(items: Vec<Item>) -> Self {
        let by_path: BTreeMap<String, Item> = items.into_iter().map(|it| (it.path.clone(), it)).collect();
        let mut by_part: BTreeMap<Part, Vec<String>> = BTreeMap::new();
        for (path, item) in &by_path {
            by_part.entry(item.part.clone()).or_default().push(path.clone());
        }
        Self { by_path, by_part }
    }

    /// The paths of a part, sorted.
    pub(crate) fn of_part(&self, part: &Part) -> &[String] {
        self.by_part.get(part).map_or(&[], Vec::as_slice)
    }
}

impl std::ops::Deref for NewItems {
    type Target = BTreeMap<String, Item>;

    fn deref(&self) -> &Self::Target {
        &self.by_path
    }
}
