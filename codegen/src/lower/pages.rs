//! Pagination: what the pages and the items of a list are in Rust.

use super::fields::{ident, parameter_ident, record_storage, request_storage};
use super::view::{PageField, PageObject, PageSelector, Pages};
use super::{Ctx, replies};
use crate::model::{FieldPath, NextPage, Operation, PathStep, TypeKind};

/// The pages of an operation.
pub(crate) fn pages(ctx: &mut Ctx<'_>, operation: &Operation) -> Option<Pages> {
    let pages = operation.pages.as_ref()?;
    let item = replies::ty(ctx, operation, &pages.item, "item");
    let selector = match &pages.next {
        NextPage::Cursor { parameter, .. }
        | NextPage::Header { parameter, .. }
        | NextPage::LastItem { parameter, .. } => PageSelector::Cursor(field(ctx, operation, parameter)),
        NextPage::Offset { parameter, .. } | NextPage::Number { parameter, .. } => {
            PageSelector::Number(field(ctx, operation, parameter))
        }
        NextPage::Url(_) | NextPage::Link(_) => PageSelector::Url,
    };
    Some(Pages { item, selector, spec: pages.clone() })
}

/// The field that selects a page, and the objects around it.
fn field(ctx: &Ctx<'_>, operation: &Operation, path: &FieldPath) -> PageField {
    let first = operation.parameters.field(path.field);
    let mut last = (parameter_ident(first), request_storage(first));
    let mut objects = Vec::new();
    let mut outer = (None, first);
    for step in &path.steps {
        let PathStep::Field(id, ix) = step else { continue };
        let TypeKind::Record(record) = &ctx.api.ty(*id).kind else { continue };
        let boxed = outer.0.is_some_and(|it| ctx.known.circles.needs_box(it, &outer.1.ty));
        let is_empty = !record.fields.iter().any(crate::model::Field::always_required);
        let ty = is_empty.then(|| ctx.type_name(*id).clone());
        objects.push(PageObject { ident: last.0, storage: last.1, name: outer.1.name.clone(), ty, boxed });
        outer = (Some(*id), record.field(*ix));
        last = (ident(outer.1), record_storage(outer.1));
    }
    PageField { objects, ident: last.0, storage: last.1 }
}
