//! Operations with one method and path, which something has to tell apart.

use std::collections::BTreeMap;

use super::operation::PlannedOperations;
use super::{Owner, Planner};
use crate::gaps;

/// The constants that tell an operation apart, and its path in the document.
type Endpoint = (Vec<(String, String)>, String);

/// Of two operations with one method and path, the second cannot be described.
pub(super) fn same_endpoints(planner: &mut Planner<'_>, operations: &mut PlannedOperations<'_>) {
    let mut seen: BTreeMap<(String, String), Vec<Endpoint>> = BTreeMap::new();
    operations.list.retain(|it| {
        let mut anonymous = String::new();
        for (at, part) in it.path.split('{').enumerate() {
            if at > 0 {
                anonymous.push_str("{}");
            }
            anonymous.push_str(if at == 0 { part } else { part.split_once('}').map_or("", |it| it.1) });
        }
        let key = (it.from.method.clone(), anonymous);
        let constants: Vec<(String, String)> = it
            .parameters
            .query
            .iter()
            .filter(|it| it.required)
            .filter_map(|it| Some((it.name.clone(), it.piece.constant.as_ref()?.to_string())))
            .collect();
        let of_key = seen.entry(key).or_default();
        // The same constants, or none, leave nothing to tell them apart by.
        let first = of_key.iter().find(|(other, _)| *other == constants).map(|it| it.1.clone());
        if let Some(first) = &first {
            planner.owner = Some(Owner::Operation(it.at));
            planner.gap(&gaps::SAME_ENDPOINT, it.from.place.clone(), &[first]);
            planner.owner = None;
            return false;
        }
        of_key.push((constants, it.from.path.clone()));
        true
    });
}
