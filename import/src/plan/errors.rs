//! Errors: bodies and meanings of statuses, said once where operations share them.

use std::collections::BTreeMap;

use specwright_codegen::model::is_xml;

use super::ty::Ty;
use super::{Hint, Planner};
use crate::openapi::{self, Status};
use crate::text;

/// What an operation says of its errors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    pub statuses: Vec<(u16, String, Option<Ty>)>,
    /// The body of an error of any other status.
    pub default: Option<Ty>,
}

impl Planner<'_> {
    pub(super) fn errors(&mut self, operation: &openapi::Operation, prefix: &str) -> Errors {
        let mut errors = Errors::default();
        for response in &operation.responses {
            let code = match response.status {
                Status::Code(code @ 400..=599) => Some(code),
                Status::Range(4 | 5) | Status::Default => None,
                _ => continue,
            };
            let json = response.content.iter().find(|it| it.media_type.contains("json") || it.media_type == "*/*");
            let xml = response.content.iter().find(|it| is_xml(&it.media_type));
            let media = json.or(xml.filter(|it| self.fits_xml(it)));
            let ty = media.and_then(|it| it.schema).and_then(|schema| {
                let name = code.map_or("Error".to_owned(), |it| format!("Error{it}"));
                let hint = Hint::new(prefix, &name).called(response.component.as_deref());
                let piece = self.piece(schema, &hint);
                Some(self.bare(piece, &response.place, &hint)).filter(|it| *it != Ty::JSON)
            });
            let doc = text::plain(&response.description);
            match code {
                Some(code) => errors.statuses.push((code, doc, ty)),
                None => errors.default = errors.default.or(ty),
            }
        }
        errors.statuses.sort_by_key(|it| it.0);
        errors
    }

    /// Bodies of errors that turned out to be any JSON have no type.
    pub(super) fn settle_errors(&self, errors: &mut Errors) {
        for ty in errors.statuses.iter_mut().map(|it| &mut it.2).chain([&mut errors.default]) {
            *ty = ty.take().filter(|it| self.ty(it) != "json");
        }
    }
}

/// What all operations share: the body of errors, and the statuses with their words and bodies.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedErrors {
    pub ty: Option<Ty>,
    pub statuses: BTreeMap<u16, (String, Option<Ty>)>,
}

/// What most operations say.
pub(super) fn shared(all: &[&Errors]) -> SharedErrors {
    let mut types: BTreeMap<&Ty, usize> = BTreeMap::new();
    let mut by_status: BTreeMap<u16, Vec<(&str, Option<&Ty>)>> = BTreeMap::new();
    for errors in all {
        let of_statuses = errors.statuses.iter().filter_map(|it| it.2.as_ref());
        for ty in of_statuses.chain(&errors.default) {
            *types.entry(ty).or_default() += 1;
        }
        for (code, doc, ty) in &errors.statuses {
            by_status.entry(*code).or_default().push((doc, ty.as_ref()));
        }
    }
    let ty = most(types.into_iter()).filter(|it| it.1 > 1 || all.len() == 1).map(|it| it.0.clone());
    let mut statuses = BTreeMap::new();
    for (code, of_code) in by_status {
        // One that a single operation has stands there.
        if of_code.len() < 2 {
            continue;
        }
        let mut types: BTreeMap<&Ty, usize> = BTreeMap::new();
        let mut docs: BTreeMap<&str, usize> = BTreeMap::new();
        for (doc, ty) in &of_code {
            if let Some(ty) = ty {
                *types.entry(ty).or_default() += 1;
            }
            if !doc.is_empty() {
                *docs.entry(doc).or_default() += 1;
            }
        }
        let of_most = most(types.into_iter()).filter(|it| it.1 * 2 > of_code.len()).map(|it| it.0.clone());
        let doc = most(docs.into_iter()).map(|it| it.0.to_owned()).unwrap_or_default();
        statuses.insert(code, (doc, of_most.filter(|it| Some(it) != ty.as_ref())));
    }
    SharedErrors { ty, statuses }
}

/// The most frequent one; of equals, the first.
fn most<T>(counts: impl Iterator<Item = (T, usize)>) -> Option<(T, usize)> {
    counts.fold(None, |best, it| match best {
        Some(best) if best.1 >= it.1 => Some(best),
        _ => Some(it),
    })
}

/// What a status means.
pub(super) fn kind(status: u16) -> &'static str {
    match status {
        401 => "authentication",
        402 => "payment_required",
        403 => "permission_denied",
        404 | 410 => "not_found",
        409 | 412 => "conflict",
        408 | 504 => "timeout",
        413 => "too_large",
        415 => "unsupported_media",
        429 => "rate_limited",
        502 | 503 => "unavailable",
        500..=599 => "server",
        _ => "invalid_request",
    }
}
