//! Tables of response fields.

use specwright_codegen::model::{Api, Output, Record, Task, Type, TypeKind};

use super::document::{Table, text};
use super::report::Report;
use super::{RouteTarget, Spec, shapes};

/// The response at a place.
pub(super) enum Answer<'a> {
    Type(&'a Type),
    Record(&'a Record),
    /// A record beside the state and the failure's message.
    Status(&'a Record, &'a Task),
}

impl<'a> Answer<'a> {
    pub(super) fn of(api: &'a Api, place: RouteTarget<'a>) -> Option<Self> {
        match place {
            RouteTarget::Status(_, task) => Some(Self::Status(record(api, task.result)?, task)),
            RouteTarget::Call(op) => match &op.output {
                Output::Task(task) => Some(Self::Record(record(api, task.created)?)),
                Output::Json { ty, .. } => Some(Self::Type(ty)),
                _ => None,
            },
        }
    }

    /// The record of its fields, or of the fields of its items.
    fn record(&self, api: &'a Api) -> Option<&'a Record> {
        match self {
            Self::Type(ty) => shapes::record_of(api, ty),
            Self::Record(record) | Self::Status(record, _) => Some(record),
        }
    }
}

pub(super) fn check(spec: &Spec<'_>, table: &Table<'_>, report: &mut Report) {
    let api = spec.api;
    for &place in spec.places(table.operation()) {
        let answer = Answer::of(api, place);
        let Some(record) = answer.as_ref().and_then(|it| it.record(api)) else {
            report.missing(table.section(), "*", "answer", "an object");
            continue;
        };
        for row in table.rows() {
            let name = text(row, "name");
            let path = table.inside().map_or_else(|| name.to_owned(), |inside| format!("{inside}.{name}"));
            let beside = match &answer {
                Some(Answer::Status(_, task)) => task.state_field == path || task.error_pointer == format!("/{path}"),
                _ => false,
            };
            match shapes::field_at(api, record, &path) {
                None if beside => {}
                None => report.missing(table.section(), name, "field", format!("{path} of {}", table.operation())),
                Some(field) => {
                    let word = text(row, "type");
                    if !shapes::fits(api, &field.ty, word) {
                        report.missing(table.section(), name, "type", format!("{word}, not {:?}", field.ty));
                    }
                }
            }
        }
    }
}

fn record(api: &Api, id: specwright_codegen::model::TypeId) -> Option<&Record> {
    match &api.ty(id).kind {
        TypeKind::Record(record) => Some(record),
        _ => None,
    }
}
