//! The meaning of a status: the operation's own first, then the API's, then HTTP's.

use specwright_codegen::model::{Api, ErrorKind, Operation, StatusMeaning};

/// The status of a kind of refusal.
pub(crate) fn status(api: &Api, op: Option<&Operation>, kind: ErrorKind) -> u16 {
    let own = op.map_or(&[][..], |it| it.statuses.as_slice());
    let usual = default_status(kind);
    let documented = |all: &[StatusMeaning], status: u16| all.iter().any(|it| it.status == status && it.kind == kind);
    // If an API has several statuses of one kind, the usual status is the one for all operations.
    if documented(own, usual) || documented(&api.errors.statuses, usual) {
        return usual;
    }
    own.iter().chain(&api.errors.statuses).find(|it| it.kind == kind).map_or_else(|| fallback(kind), |it| it.status)
}

/// The status of a body that cannot be read at all.
pub(crate) fn malformed(api: &Api, op: &Operation) -> u16 {
    let mut all = op.statuses.iter().chain(&api.errors.statuses).filter(|it| it.kind == ErrorKind::InvalidRequest);
    if all.clone().any(|it| it.status == 400) { 400 } else { all.next().map_or(400, |it| it.status) }
}

/// The status for a key of another kind.
pub(crate) fn wrong_key(api: &Api, op: &Operation) -> u16 {
    let forbids = |it: &StatusMeaning| it.kind == ErrorKind::PermissionDenied;
    let forbidden = op.statuses.iter().chain(&api.errors.statuses).any(forbids);
    status(api, Some(op), if forbidden { ErrorKind::PermissionDenied } else { ErrorKind::Authentication })
}

/// The default status of an API that documents no status of the kind.
fn fallback(kind: ErrorKind) -> u16 {
    if kind == ErrorKind::InvalidRequest { 400 } else { default_status(kind) }
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
