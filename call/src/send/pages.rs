//! Lists whose pages are followed: one JSON document for each page.

use specwright_codegen::failure::Failure;
use specwright_codegen::model::NextPage;

use super::{Sending, answer};
use crate::described;
use crate::options::Pages;
use crate::output::{Console, Outcome};
use crate::request::{PageRequest, Selector};

pub(super) fn pages(sending: &Sending<'_>, most: Pages, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let op = sending.op;
    let Some(pages) = &op.pages else {
        return Err(Failure::new(format!("`{}` has no pages", op.full_name(sending.api))));
    };
    let selector = pages.next.parameter().and_then(|path| {
        let fields: Vec<_> = path.fields(sending.api, &op.parameters).collect();
        let is_number = matches!(pages.next, NextPage::Offset { .. } | NextPage::Number { .. });
        let value = sending.parameters.values.get(&op.parameters.field(path.field).name);
        Selector::new(&fields, is_number, value.cloned())
    });
    let request = PageRequest { request: sending.request.clone(), spec: described::pages(pages), selector };
    let mut list = specwright_runtime::Pages::new(sending.call(), request);
    if let Pages::Most(most) = most {
        list = list.with_max_pages(most);
    }
    let expected = op.output.page();
    for page in list.blocking() {
        match page {
            Ok(page) => {
                // Each page has a head of its own.
                sending.head_shown.set(false);
                sending.show_head(page.status(), page.headers(), console);
                answer::json(sending, page.raw(), expected.filter(|_| !page.raw().is_null()), console)?;
            }
            Err(error) => return sending.failed(&error, console),
        }
    }
    Ok(Outcome::Clean)
}
