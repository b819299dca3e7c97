//! Pagination: what the pages and the items of a list are in Rust.

use super::fields::{self, Owner};
use super::view::{PageSelector, Pages};
use super::{Ctx, names};
use crate::model::{NextPage, Operation};

/// The pages of an operation.
pub(crate) fn pages(ctx: &mut Ctx<'_>, operation: &Operation) -> Option<Pages> {
    let pages = operation.pages.as_ref()?;
    let pascal = names::pascal(&operation.name);
    let module = super::resource_module(ctx.api.resource(operation.resource));
    let owner = Owner { name: &pascal, module: Some(&module), field: "item", span: pages.span };
    let item = fields::ty(ctx, &pages.item, owner);
    let selector = match pages.next {
        NextPage::Cursor { parameter, .. } | NextPage::LastItem { parameter, .. } => {
            PageSelector::Cursor(parameter.0 as usize)
        }
        NextPage::Offset { parameter, .. } | NextPage::Number { parameter, .. } => {
            PageSelector::Number(parameter.0 as usize)
        }
        NextPage::Url(_) | NextPage::Link(_) => PageSelector::Url,
    };
    Some(Pages { item, selector, spec: pages.clone() })
}
