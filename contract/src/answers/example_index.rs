//! Finds an example of each record type, so that an operation without its own example has a similar response.

use std::collections::BTreeMap;

use serde_json::Value;
use specwright_codegen::interpret::validate_answer;
use specwright_codegen::model::{Api, ExampleOf, Output, Type, TypeId, TypeKind};

/// The maximum depth of an example that is searched.
const DEEPEST: usize = 64;

/// The first complete example of each record type in a response.
#[derive(Debug, Default)]
pub(super) struct ExampleIndex {
    shown: BTreeMap<TypeId, Value>,
}

impl ExampleIndex {
    pub(super) fn new(api: &Api) -> Self {
        let mut examples = Self::default();
        for op in &api.operations {
            for example in op.examples.iter().filter(|it| it.invalid.is_empty()) {
                let Some(shown) = &example.response else { continue };
                match (&op.output, example.of) {
                    (Output::ByStatus(answers), _) => {
                        for answer in answers.iter().filter(|it| it.form.is_json()) {
                            let inner = answer.form.wrapper().map_or(Some(shown), |key| shown.get(key));
                            if let (Some(ty), Some(inner)) = (&answer.ty, inner) {
                                examples.value(api, ty, inner, 0);
                            }
                        }
                    }
                    (Output::Json { ty, wrapper: None, .. }, _) => examples.value(api, ty, shown, 0),
                    (Output::Json { ty, wrapper: Some(key), .. }, _) => {
                        if let Some(inner) = shown.get(key) {
                            examples.value(api, ty, inner, 0);
                        }
                    }
                    // A state is not a complete result, but the values inside it are.
                    (Output::Task(task), ExampleOf::Status | ExampleOf::Callback) => {
                        examples.inside(api, task.result, shown, 0);
                    }
                    _ => {}
                }
            }
        }
        examples
    }

    pub(super) fn of(&self, id: TypeId) -> Option<&Value> {
        self.shown.get(&id)
    }

    fn value(&mut self, api: &Api, ty: &Type, shown: &Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match (ty, shown) {
            (Type::Array(item), Value::Array(items)) => {
                for it in items {
                    self.value(api, item, it, depth + 1);
                }
            }
            (Type::Tuple(types), Value::Array(items)) => {
                for (ty, it) in types.iter().zip(items) {
                    self.value(api, ty, it, depth + 1);
                }
            }
            (Type::Nullable(inner), _) => self.value(api, inner, shown, depth + 1),
            (Type::Named(id), Value::Object(_)) if matches!(api.ty(*id).kind, TypeKind::Record(_)) => {
                if !self.shown.contains_key(id) && validate_answer(api, ty, shown).is_empty() {
                    self.shown.insert(*id, shown.clone());
                }
                self.inside(api, *id, shown, depth + 1);
            }
            _ => {}
        }
    }

    fn inside(&mut self, api: &Api, id: TypeId, shown: &Value, depth: usize) {
        let TypeKind::Record(record) = &api.ty(id).kind else { return };
        for field in &record.fields {
            if let Some(inner) = shown.get(&field.name) {
                self.value(api, &field.ty, inner, depth + 1);
            }
        }
    }
}
