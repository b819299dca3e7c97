//! Which operations and fields of two specs are the same.

use specwright_codegen::model::{Api, FieldIx, Location, Operation, OperationId, PathPart, Record};

/// The operations of two specs.
#[derive(Debug, Default)]
pub(crate) struct Operations {
    /// Old and new.
    pub(crate) pairs: Vec<(OperationId, OperationId)>,
    /// Only in the old spec.
    pub(crate) removed: Vec<OperationId>,
    /// Only in the new one.
    pub(crate) added: Vec<OperationId>,
}

/// Pairs by name, and then by method and path.
pub(crate) fn operations(old: &Api, new: &Api) -> Operations {
    let mut found = Operations::default();
    let mut left: Vec<OperationId> = ids(new);
    let mut open = Vec::new();
    for id in ids(old) {
        let name = old.operation(id).full_name(old);
        match left.iter().position(|it| new.operation(*it).full_name(new) == name) {
            Some(at) => found.pairs.push((id, left.remove(at))),
            None => open.push(id),
        }
    }
    for id in open {
        let operation = old.operation(id);
        let is_same = |it: &OperationId| {
            let other = new.operation(*it);
            other.method == operation.method && path_shape(other) == path_shape(operation)
        };
        let alike = |it: &OperationId| is_same(it) && !new.operation(*it).differs_from(operation);
        match left.iter().position(alike).or_else(|| left.iter().position(is_same)) {
            Some(at) => found.pairs.push((id, left.remove(at))),
            None => found.removed.push(id),
        }
    }
    found.pairs.sort();
    found.added = left;
    found
}

fn ids(api: &Api) -> Vec<OperationId> {
    (0..api.operations.len()).map(|it| OperationId(it as u32)).collect()
}

/// The path with its parameters without names: names of path parameters are never sent.
pub(crate) fn path_shape(operation: &Operation) -> String {
    let piece = |it: &PathPart| match it {
        PathPart::Literal(text) => text.clone(),
        PathPart::Parameter(_) => "{}".to_owned(),
    };
    operation.path.iter().map(piece).collect()
}

/// The parameters in the path, in its order.
pub(crate) fn path_parameters(operation: &Operation) -> Vec<FieldIx> {
    let parameter = |it: &PathPart| match it {
        PathPart::Literal(_) => None,
        PathPart::Parameter(ix) => Some(*ix),
    };
    operation.path.iter().filter_map(parameter).collect()
}

/// For each parameter of one operation the same of the other: by what is sent, and then by what the spec calls it.
pub(crate) fn parameters(from: &Operation, to: &Operation) -> Vec<Option<FieldIx>> {
    let mut map = vec![None; from.parameters.fields.len()];
    let mut taken = vec![false; to.parameters.fields.len()];
    let (of_from, of_to) = (path_parameters(from), path_parameters(to));
    let by_place = of_from.len() == of_to.len();
    for (at, one) in of_from.iter().enumerate() {
        let name = from.parameters.field(*one).sent_name();
        let by_name = || of_to.iter().find(|it| to.parameters.field(**it).sent_name() == name);
        if let Some(other) = if by_place { of_to.get(at) } else { by_name() } {
            map[one.0 as usize] = Some(*other);
            taken[other.0 as usize] = true;
        }
    }
    for by_name in [false, true] {
        for (at, field) in from.parameters.fields.iter().enumerate().filter(|(_, it)| it.location != Location::Path) {
            if map[at].is_some() {
                continue;
            }
            let other = to.parameters.fields.iter().enumerate().find(|(ix, it)| {
                let same = if by_name {
                    // Of one place, what is sent decides.
                    it.name == field.name && it.location != field.location
                } else if field.location == Location::Header {
                    it.location == field.location && it.sent_name().eq_ignore_ascii_case(field.sent_name())
                } else {
                    it.location == field.location
                        && (it.sent_name() == field.sent_name() || field.location == Location::WholeBody)
                };
                same && !taken[*ix]
            });
            if let Some((ix, _)) = other {
                map[at] = Some(FieldIx(ix as u32));
                taken[ix] = true;
            }
        }
    }
    map
}

/// For each field of one record that of the same name.
pub(crate) fn fields(from: &Record, to: &Record) -> Vec<Option<FieldIx>> {
    from.fields.iter().map(|it| to.find(&it.name).map(|(ix, _)| ix)).collect()
}
