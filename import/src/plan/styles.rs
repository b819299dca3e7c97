//! How lists and objects are written in queries and forms: said once where everything agrees.

use crate::spec::{Entry, Operation, Spec, Styles};

/// Settles the styles of each operation, and moves what all share to `api.yaml`.
pub(super) fn settle(spec: &mut Spec) {
    for operation in spec.resources.iter_mut().flat_map(|it| &mut it.operations) {
        nested_lists(operation);
    }
    let mut objects: Vec<&'static str> = Vec::new();
    let mut lists: Vec<&'static str> = Vec::new();
    for operation in spec.resources.iter().flat_map(|it| &it.operations) {
        for entry in written(operation) {
            match (is_list(entry), entry.style) {
                (true, style) => lists.push(style.or(operation.styles.lists).unwrap_or("repeated")),
                (false, Some(style)) => objects.push(style),
                (false, None) => {}
            }
        }
        lists.extend(operation.styles.lists);
    }
    let common =
        |all: &[&'static str]| all.first().copied().filter(|first| all.len() > 1 && all.iter().all(|it| it == first));
    let shared = Styles { lists: common(&lists).filter(|it| *it != "repeated"), objects: common(&objects) };
    for operation in spec.resources.iter_mut().flat_map(|it| &mut it.operations) {
        if shared.lists.is_some() {
            operation.styles.lists = None;
        }
        for entry in written_mut(operation) {
            let own = if is_list(entry) { shared.lists } else { shared.objects };
            if own.is_some() && entry.style == own {
                entry.style = None;
            }
        }
    }
    spec.api.styles = shared;
}

/// Lists inside of deep objects are written with brackets, as those objects are.
fn nested_lists(operation: &mut Operation) {
    if !written(operation).any(|it| it.style == Some("deep_object")) {
        return;
    }
    operation.styles.lists = Some("brackets");
    for entry in written_mut(operation).filter(|it| is_list(it)) {
        entry.style = match entry.style {
            None => Some("repeated"),
            Some("brackets") => None,
            other => other,
        };
    }
}

fn is_list(entry: &Entry) -> bool {
    entry.ty.starts_with('[')
}

fn written(operation: &Operation) -> impl Iterator<Item = &Entry> {
    let form = operation.encoding.iter().any(|it| it == "form");
    operation.query.iter().chain(operation.body.iter().filter(move |_| form))
}

fn written_mut(operation: &mut Operation) -> impl Iterator<Item = &mut Entry> {
    let form = operation.encoding.iter().any(|it| it == "form");
    operation.query.iter_mut().chain(operation.body.iter_mut().filter(move |_| form))
}
