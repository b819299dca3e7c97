//! Changes for programs.

use serde_json::{Value, json};

use super::request;
use crate::change::{ApiDiff, Change, Evidence};

/// One object for an API, with all of its changes.
#[must_use]
pub fn json(diff: &ApiDiff) -> Value {
    json!({
        "api": diff.api,
        "old_version": diff.old_version,
        "new_version": diff.new_version,
        "least_version": diff.least_version().map(|it| it.to_string()),
        "missing_version": diff.missing_version().map(|it| it.to_string()),
        "bump": diff.old_version.as_deref().and_then(crate::Version::parse).map(|it| diff.bump().word(it)),
        "class": diff.class().map(|it| it.word()),
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    let (evidence, request, words) = match &change.evidence {
        Evidence::None => (None, None, None),
        Evidence::Refused { request: parts, violation } => (Some("refused"), Some(request(parts)), Some(violation)),
        Evidence::MeansOther(parts) => (Some("means_other"), Some(request(parts)), None),
        Evidence::Unanswered(parts) => (Some("unanswered"), Some(request(parts)), None),
        Evidence::NotFound(why) => (Some("not_found"), None, Some(why)),
    };
    json!({
        "class": change.class.word(),
        "side": change.side.word(),
        "operation": change.operation,
        "variants": change.variants,
        "place": change.place,
        "message": change.message,
        "rust": change.rust,
        "source_breaking": change.source_breaking || change.class == crate::Class::Breaking,
        "evidence": evidence,
        "request": request,
        "words": words,
    })
}
