//! Operations on one path, which a server has to tell apart.

use std::collections::BTreeMap;

use super::operations::OperationPlan;
use crate::diagnostics::{Diagnostics, names};
use crate::model::{Api, Method, Operation};

/// The header that an operation sends its credential in, and the operation.
type Occupant<'a> = (Option<&'a str>, &'a Operation);

/// Reports operations that no server could tell apart.
pub(super) fn check_endpoints(api: &Api, plans: &[OperationPlan<'_>], out: &mut Diagnostics) {
    let mut seen: BTreeMap<(Method, usize, String), Vec<Occupant<'_>>> = BTreeMap::new();
    for (operation, plan) in api.operations.iter().zip(plans) {
        let (Some(template), Some(_)) = (&plan.template, &plan.doc.method) else { continue };
        let header = api.schemes(operation).find_map(|it| it.header());
        let key = (operation.method, operation.server, template.shape());
        let others = seen.entry(key).or_default();
        let same = others.iter().find(|(other, first)| {
            let same_header = match (other, header) {
                (Some(other), Some(header)) => other.eq_ignore_ascii_case(header),
                (other, header) => other.is_none() && header.is_none(),
            };
            same_header && !first.differs_from(operation)
        });
        if let Some((_, first)) = same {
            let endpoint = format!("{} {}", operation.method.as_str(), operation.path_template());
            out.push(names::duplicate_endpoint(&endpoint, operation.span, first.span));
        } else {
            others.push((header, operation));
        }
    }
}
