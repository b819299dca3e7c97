//! Pagination: what the pages and the items of a list are in Rust.

use super::view::{PageSelector, Pages};
use super::{Ctx, replies};
use crate::model::{NextPage, Operation};

/// The pages of an operation.
pub(crate) fn pages(ctx: &mut Ctx<'_>, operation: &Operation) -> Option<Pages> {
    let pages = operation.pages.as_ref()?;
    let item = replies::ty(ctx, operation, &pages.item, "item");
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
