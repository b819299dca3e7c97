//! The meaning of a status: the operation's own first, then the API's, then HTTP's.

use specwright_codegen::model::{Api, ErrorKind, Operation, StatusMeaning};

/// The status of an error inside an answer of success.
const SUCCESS: u16 = 200;

/// The status of a kind of refusal.
pub(crate) fn status(api: &Api, op: Option<&Operation>, kind: ErrorKind) -> u16 {
    let own = op.map_or(&[][..], |it| it.statuses.as_slice());
    let usual = default_status(kind);
    let documented = |all: &[StatusMeaning], status: u16| all.iter().any(|it| it.status == status && it.kind == kind);
    // If an API has several statuses of one kind, the usual status is the one for all operations.
    if documented(own, usual) || documented(&api.errors.statuses, usual) {
        return usual;
    }
    let other = own.iter().chain(&api.errors.statuses).find(|it| it.kind == kind);
    other.map_or_else(|| fallback(api, op, kind), |it| it.status)
}

/// The status of a body that cannot be read at all.
pub(crate) fn malformed(api: &Api, op: &Operation) -> u16 {
    let mut all = op.statuses.iter().chain(&api.errors.statuses).filter(|it| it.kind == ErrorKind::InvalidRequest);
    if all.clone().any(|it| it.status == 400) {
        return 400;
    }
    all.next().map_or_else(|| fallback(api, Some(op), ErrorKind::InvalidRequest), |it| it.status)
}

/// The status for a key of another kind.
pub(crate) fn wrong_key(api: &Api, op: &Operation) -> u16 {
    let forbids = |it: &StatusMeaning| it.kind == ErrorKind::PermissionDenied;
    let forbidden = op.statuses.iter().chain(&api.errors.statuses).any(forbids);
    status(api, Some(op), if forbidden { ErrorKind::PermissionDenied } else { ErrorKind::Authentication })
}

/// What an API that documents nothing of the kind answers: one that reports errors in answers of success does so here.
fn fallback(api: &Api, op: Option<&Operation>, kind: ErrorKind) -> u16 {
    let inside = match op {
        Some(op) => op.failure.is_some(),
        None => api.errors.when.is_some(),
    };
    match kind {
        ErrorKind::Server | ErrorKind::Unavailable | ErrorKind::Timeout => default_status(kind),
        _ if inside => SUCCESS,
        ErrorKind::InvalidRequest => 400,
        _ => default_status(kind),
    }
}

fn default_status(kind: ErrorKind) -> u16 {
    match kind {
        ErrorKind::InvalidRequest => 422,
        ErrorKind::Authentication => 401,
        ErrorKind::PaymentRequired => 402,
        ErrorKind::PermissionDenied => 403,
        ErrorKind::NotFound => 404,
        ErrorKind::Conflict => 409,
        ErrorKind::Timeout => 408,
        ErrorKind::TooLarge => 413,
        ErrorKind::UnsupportedMedia => 415,
        ErrorKind::RateLimited => 429,
        ErrorKind::ContentRefused => 451,
        ErrorKind::Server => 500,
        ErrorKind::Unavailable => 503,
        ErrorKind::Refunded => 531,
    }
}
