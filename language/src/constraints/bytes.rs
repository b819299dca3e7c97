//! Sizes of files: `max_bytes`.

use super::{AppliesTo, ArgumentFault, ArgumentKind, BASE, Keyword, Measure, Written};
use crate::model::Constraint;

pub(super) const KEYWORDS: [Keyword; 1] = [Keyword {
    name: "max_bytes",
    argument: ArgumentKind::Count,
    applies_to: AppliesTo::Files,
    measure: Some(Measure::Bytes),
    constraint: |it, _| it.count().map(Constraint::MaxBytes),
    fault: |it| (*it == Written::Count(0)).then_some(ArgumentFault::Impossible("`max_bytes: 0` leaves no file")),
    // How many bytes a file has depends on how it is sent.
    holds: |_, _| None,
    // JSON Schema knows no files.
    ..BASE
}];
