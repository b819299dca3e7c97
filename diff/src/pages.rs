//! How one page of a list leads to the next, in both specs.

use specwright_codegen::model::{Api, FieldPath, NextPage, Operation, Pages};
use specwright_codegen::prose::code;

use crate::answers::Answers;
use crate::change::Class;

impl<'a> Answers<'a, '_> {
    pub(crate) fn pages(&mut self, own: &'a Operation, theirs: &'a Operation) {
        let (was, is) = match (&own.pages, &theirs.pages) {
            (Some(was), Some(is)) => (was, is),
            (Some(_), None) => return self.say(Class::Breaking, "pages", "the response has no pages any more"),
            (None, Some(_)) => return self.say(Class::Widening, "pages", "the response has pages"),
            (None, None) => return,
        };
        let whole = |at: &str| if at.is_empty() { "the whole response".to_owned() } else { at.to_owned() };
        self.differ("pages", "the place of the items", &whole(&was.items), &whole(&is.items));
        let (way, new_way) = (way(self.old, own, was), way(self.new, theirs, is));
        self.differ("pages", "the way to the next page", &way, &new_way);
        self.further("pages", "the place of the total", total(was), total(is));
        let more = |pages: &Pages| {
            let (at, goes_on) = pages.more.as_ref()?;
            Some(format!("{at} is {goes_on}"))
        };
        self.further("pages", "the sign that more pages follow", more(was), more(is));
        let size = |api: &Api, operation, pages: &Pages| pages.size.as_ref().map(|it| sent(api, operation, it));
        let (was, is) = (size(self.old, own, was), size(self.new, theirs, is));
        self.further("pages", "the parameter for the size of a page", was, is);
    }

    /// What pages do without, but may have.
    fn further(&mut self, place: &str, what: &str, was: Option<String>, is: Option<String>) {
        match (was, is) {
            (None, Some(is)) => self.say(Class::Widening, place, format!("{what} is known: {}", code(&is))),
            (was, is) => self.differ(place, what, &was.unwrap_or_default(), &is.unwrap_or_default()),
        }
    }
}

/// `limit`, `page.limit`
fn sent(api: &Api, operation: &Operation, path: &FieldPath) -> String {
    let names: Vec<&str> = path.fields(api, &operation.parameters).map(|it| it.sent_name()).collect();
    names.join(".")
}

fn way(api: &Api, operation: &Operation, pages: &Pages) -> String {
    let name = |it: &FieldPath| sent(api, operation, it);
    match &pages.next {
        NextPage::Cursor { parameter, from } => format!("{} with the value at {from}", name(parameter)),
        NextPage::Header { parameter, name: header } => {
            format!("{} with the header {}", name(parameter), header.to_ascii_lowercase())
        }
        NextPage::LastItem { parameter, at } if at.is_empty() => format!("{} with the last item", name(parameter)),
        NextPage::LastItem { parameter, at } => format!("{} with {at} of the last item", name(parameter)),
        NextPage::Offset { parameter, .. } => format!("{} with the number of items before it", name(parameter)),
        NextPage::Number { parameter, first, .. } => {
            format!("{} with the number of the page, from {first} on", name(parameter))
        }
        NextPage::Url(at) => format!("the URL at {at}"),
        NextPage::Link(relation) => format!("the link {relation}"),
    }
}

fn total(pages: &Pages) -> Option<String> {
    match &pages.next {
        NextPage::Offset { total, .. } => total.as_ref().map(crate::callbacks::place_of),
        NextPage::Number { pages, .. } => pages.as_ref().map(crate::callbacks::place_of),
        NextPage::Cursor { .. }
        | NextPage::Header { .. }
        | NextPage::LastItem { .. }
        | NextPage::Url(_)
        | NextPage::Link(_) => None,
    }
}
