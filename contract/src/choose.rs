//! Which of the operations on one path a request means.

use http::request::Parts;
use serde_json::Value;
use specwright_codegen::model::{Operation, Output};
use specwright_codegen::validate::{RouteKind, RouteMatch, RouteTarget, Told, read_query};

use crate::keys::SentKeys;
use crate::prepare::PreparedApi;
use crate::registry::Registry;

/// Of the operations on one path, those whose constants and content type were sent; of these, the one whose headers were
/// sent, or else the one whose key was sent, or else the first.
pub(crate) fn choose_operation<'w>(
    registry: &'w Registry,
    found: &RouteMatch<'_, '_>,
    head: &Parts,
    body: Option<&Value>,
) -> Option<(&'w PreparedApi, RouteTarget)> {
    let sends = |target: &&RouteTarget| {
        let Some(prepared) = registry.apis.get(target.api) else { return false };
        let op = prepared.api.operations.get(target.operation);
        op.is_some_and(|it| prepared.keys.is_sent(&it.auth, sent_keys(head)))
    };
    let tells = |target: &&RouteTarget| {
        let ready = registry.apis.get(target.api).and_then(|it| it.operations.get(target.operation));
        ready.is_some_and(|it| it.distinguishing.iter().any(|name| head.headers.contains_key(name)))
    };
    let target = match found.targets {
        [only] => *only,
        all => {
            let meant = meant(registry, all, head, body);
            *meant.iter().find(tells).or(meant.iter().find(sends)).or(meant.first())?
        }
    };
    Some((registry.apis.get(target.api)?, target))
}

/// The targets whose operations the constants and the content type of a request mean.
fn meant(registry: &Registry, all: &[RouteTarget], head: &Parts, body: Option<&Value>) -> Vec<RouteTarget> {
    let operation = |it: &RouteTarget| {
        let prepared = registry.apis.get(it.api)?;
        prepared.api.operations.get(it.operation).map(|it| &**it)
    };
    let calls: Vec<&Operation> = all.iter().filter(|it| it.kind == RouteKind::Call).filter_map(operation).collect();
    let query = head.uri.query().map(read_query).unwrap_or_default();
    let header = |name: &str| head.headers.get(name).and_then(|it| it.to_str().ok());
    let chosen = Told { query: &query, header: &header, body }.meant(&calls);
    // A status that is asked for by a query is not meant by the path alone.
    let is_asked = |op: &Operation| match &op.output {
        Output::Task(task) => task.status.iter().flat_map(|it| &it.query).all(|(name, _)| query.contains_key(name)),
        _ => true,
    };
    let is_chosen = |it: &&RouteTarget| {
        operation(it).is_some_and(|op| match it.kind {
            RouteKind::Call => chosen.iter().any(|it| std::ptr::eq(*it, op)),
            _ => is_asked(op),
        })
    };
    all.iter().filter(is_chosen).copied().collect()
}

/// The credentials that the head of a request has.
pub(crate) fn sent_keys(head: &Parts) -> SentKeys<'_> {
    SentKeys { headers: &head.headers, query: head.uri.query(), body: None }
}
