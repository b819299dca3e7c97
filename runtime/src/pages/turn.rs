//! Finds the next page in a response.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use http::HeaderMap;
use serde_json::Value;

use super::link;
use super::spec::{NextPage, PageSpec};
use crate::headers;
use crate::json::{at, integer};

/// Pages without an item, one after another, after which a list is considered endless.
const MOST_EMPTY: usize = 1000;

/// What selects the next page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Turn {
    /// A value for the parameter that selects pages.
    Select(Value),
    /// A URL, absolute or relative to that of the request.
    Url(String),
}

/// What has been seen of a list, which must not repeat itself.
#[derive(Debug, Default)]
pub(super) struct Seen {
    turns: HashSet<u64>,
    empty: usize,
}

/// The items of a page. A page without a list has none.
pub(super) fn items<'a>(spec: &PageSpec, page: &'a Value) -> &'a [Value] {
    at(page, spec.items).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The page after this one; `None` after the last. `selected` is the offset or number of this page, if it was sent.
pub(super) fn next(spec: &PageSpec, selected: Option<i64>, page: &Value, headers: &HeaderMap) -> Option<Turn> {
    let items = items(spec, page);
    if let Some((pointer, goes_on)) = spec.more
        && at(page, pointer) == Some(&Value::Bool(!goes_on))
    {
        return None;
    }
    // What begins with a `/` is a place in the body.
    let count = |place: Option<&str>| match place? {
        header if !header.starts_with('/') => headers::text(headers, header)?.parse().ok(),
        pointer => integer(at(page, pointer)?),
    };
    match spec.next {
        NextPage::Cursor(pointer) => at(page, pointer).filter(|it| is_cursor(it)).cloned().map(Turn::Select),
        NextPage::Header(name) => {
            let text = headers::text(headers, name)?;
            (!text.is_empty()).then(|| Turn::Select(text.into()))
        }
        NextPage::LastItem(pointer) => at(items.last()?, pointer).filter(|it| is_cursor(it)).cloned().map(Turn::Select),
        NextPage::Offset(total) => {
            let found = i64::try_from(items.len()).ok().filter(|it| *it > 0)?;
            let offset = selected.unwrap_or(0).checked_add(found)?;
            count(total).is_none_or(|it| offset < it).then(|| Turn::Select(offset.into()))
        }
        NextPage::Number(first, pages) => {
            let number = selected.unwrap_or(first);
            // The number of the last page is one less than that of pages where counting begins at 0.
            let is_last = count(pages).is_some_and(|it| number >= it.saturating_add(first.saturating_sub(1)));
            let next = number.checked_add(1)?;
            (!items.is_empty() && !is_last).then(|| Turn::Select(next.into()))
        }
        NextPage::Url(pointer) => {
            let url = at(page, pointer)?.as_str()?.trim();
            (!url.is_empty()).then(|| Turn::Url(url.to_owned()))
        }
        NextPage::Link(relation) => link::target(headers, relation).map(Turn::Url),
    }
}

fn is_cursor(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Number(_) => true,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Null | Value::Bool(_) => false,
    }
}

impl Seen {
    /// Takes note of a page and of what it leads to.
    ///
    /// # Errors
    /// Fails if the list goes in a circle or has no end.
    pub(super) fn note(&mut self, items: usize, turn: Option<&Turn>) -> Result<(), String> {
        let Some(turn) = turn else { return Ok(()) };
        self.empty = if items == 0 { self.empty + 1 } else { 0 };
        if self.empty >= MOST_EMPTY {
            return Err(format!("the list has no end: {MOST_EMPTY} pages without an item, and each names a next one"));
        }
        if self.turns.insert(fingerprint(turn)) {
            Ok(())
        } else {
            Err("the list goes in a circle: the server names a page as the next one that it has named before"
                .to_owned())
        }
    }
}

fn fingerprint(turn: &Turn) -> u64 {
    let mut hasher = DefaultHasher::new();
    match turn {
        Turn::Select(value) => value.to_string().hash(&mut hasher),
        Turn::Url(url) => url.hash(&mut hasher),
    }
    hasher.finish()
}
