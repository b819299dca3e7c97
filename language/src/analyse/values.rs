//! A set of values with fast look-up: strings are looked up, and the few others are compared.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::same_value;

/// Values, equal where [`same_value`] says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    texts: BTreeSet<String>,
    others: Vec<Value>,
}

impl Values {
    pub(crate) fn contains(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.texts.contains(text),
            value => self.others.iter().any(|it| same_value(it, value)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.others.is_empty()
    }

    pub(crate) fn insert(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.texts.insert(text.clone());
            }
            value => self.others.push(value.clone()),
        }
    }
}

impl<'a> FromIterator<&'a Value> for Values {
    fn from_iter<I: IntoIterator<Item = &'a Value>>(all: I) -> Self {
        let mut values = Self::default();
        all.into_iter().for_each(|it| values.insert(it));
        values
    }
}
