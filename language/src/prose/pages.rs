//! Pagination in words.

use super::{code, condition};
use crate::model::{Api, FieldPath, MessagePlace, NextPage, Pages, Record};

/// How one page of a list leads to the next, as full sentences.
#[must_use]
pub fn pages(api: &Api, record: &Record, pages: &Pages) -> String {
    let name = |it: &FieldPath| code(&condition::path(record, api, it));
    let mut sentences = vec![match pages.items.as_str() {
        "" => "The response is one page of a list.".to_owned(),
        items => format!("The response is one page of a list, with its items at {}.", code(items)),
    }];
    sentences.push(match &pages.next {
        NextPage::Cursor { parameter, from } => {
            format!("{} selects the next page: send the value at {} of the response.", name(parameter), code(from))
        }
        NextPage::Header { parameter, name: header } => {
            format!(
                "{} selects the next page: send the value of the header {} of the response.",
                name(parameter),
                code(header)
            )
        }
        NextPage::LastItem { parameter, at } => {
            let value = if at.is_empty() { String::new() } else { format!("{} of ", code(at)) };
            format!("{} selects the next page: send {value}the last item.", name(parameter))
        }
        NextPage::Offset { parameter, .. } => {
            format!("{} selects the next page: send the number of items before it.", name(parameter))
        }
        NextPage::Number { parameter, first, .. } => {
            format!("{} is the number of the page; the first page is {first}.", name(parameter))
        }
        NextPage::Url(at) => format!("The URL of the next page is at {} of the response.", code(at)),
        NextPage::Link(relation) => {
            format!("The URL of the next page is in the `Link` header with the relation {}.", code(relation))
        }
    });
    let place = |it: &MessagePlace| match it {
        MessagePlace::Body(at) => format!("at {}", code(at)),
        MessagePlace::Header(name) => format!("in the header {}", code(name)),
    };
    let total = match &pages.next {
        NextPage::Offset { total: Some(at), .. } => Some(format!("The number of all items is {}.", place(at))),
        NextPage::Number { pages: Some(at), .. } => Some(format!("The number of pages is {}.", place(at))),
        _ => None,
    };
    sentences.push(match (&pages.more, &pages.next) {
        (Some((at, goes_on)), _) => format!("More pages follow while {} is `{goes_on}`.", code(at)),
        (None, NextPage::Cursor { .. } | NextPage::Header { .. }) => "The last page has no value there.".to_owned(),
        (None, NextPage::Url(_) | NextPage::Link(_)) => "The last page has none.".to_owned(),
        (None, NextPage::LastItem { .. } | NextPage::Offset { .. } | NextPage::Number { .. }) => match total {
            Some(_) => String::new(),
            None => "The page after the last is empty.".to_owned(),
        },
    });
    sentences.extend(total);
    sentences.extend(pages.size.as_ref().map(|it| format!("{} sets the number of items on a page.", name(it))));
    sentences.retain(|it| !it.is_empty());
    sentences.join(" ")
}
