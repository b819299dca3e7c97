//! What generated code says about the pages of a list.

use serde_json::Value;

use crate::{Decode, DecodeError, Request, Response};

/// A request that returns one page of a list. Generated code implements it with [`paged!`](crate::paged).
pub trait Paged: Request<Reply = Response<Self::Page>> + Clone {
    /// The response of one page.
    type Page: Send + 'static;
    /// An item of the list.
    type Item: Decode + Send + 'static;

    /// How one page leads to the next.
    fn pages() -> &'static PageSpec;

    /// The same, for a request whose list is known only at run time.
    #[doc(hidden)]
    fn page_spec(&self) -> &'static PageSpec {
        Self::pages()
    }

    /// Sets the parameter that selects the page.
    ///
    /// # Errors
    /// Fails if the parameter cannot hold the value, and if the API selects pages by URL.
    fn select(&mut self, page: &Value) -> Result<(), DecodeError>;

    /// The offset or the number of the page that the request selects, if it says so.
    fn selected(&self) -> Option<i64>;
}

/// How one page of a list leads to the next.
#[derive(Debug)]
pub struct PageSpec {
    /// JSON pointer of the list in the response.
    pub items: &'static str,
    /// Where the next page is found.
    pub next: NextPage,
    /// JSON pointer of a boolean, and its value while more pages follow.
    pub more: Option<(&'static str, bool)>,
}

/// Where the next page is found.
#[derive(Debug)]
#[non_exhaustive]
pub enum NextPage {
    /// At this JSON pointer in the response. The last page has nothing there, `null` or `""`.
    Cursor(&'static str),
    /// In this header of the response. The last page has none, or an empty one.
    Header(&'static str),
    /// At this JSON pointer in the last item of the page. The last page is empty.
    LastItem(&'static str),
    /// The next offset is the present one plus the number of items. The pointer leads to the number of all items, if the
    /// API sends it; otherwise the last page is empty. What does not begin with a `/` is the name of a header, in lower
    /// case.
    Offset(Option<&'static str>),
    /// The next page has the next number; the first page has this one. The pointer leads to the number of pages, if the API
    /// sends it; otherwise the last page is empty. It may be the name of a header too.
    Number(i64, Option<&'static str>),
    /// The URL of the next page is at this JSON pointer. The last page has nothing there, `null` or `""`.
    Url(&'static str),
    /// The URL of the next page is the target of the `Link` header with this relation.
    Link(&'static str),
}

impl NextPage {
    /// Whether the server gives the next page's URL.
    pub(crate) fn is_url(&self) -> bool {
        matches!(self, Self::Url(_) | Self::Link(_))
    }
}

/// The offset or the number of a page, from the field that has it.
#[doc(hidden)]
pub fn page_number<T: TryInto<i64>>(field: Option<T>) -> Option<i64> {
    field?.try_into().ok()
}

/// Implements [`Paged`](crate::Paged) for a request.
///
/// ```text
/// paged!(ListRequest => super::CustomerList [super::Customer], select starting_after {
///     items: "/data", next: rt::NextPage::LastItem("/id"), more: Some(("/has_more", true)),
/// });
/// ```
///
/// `select` names the field that selects a page, `number` the field that has its offset or number; without either, pages are
/// selected by URL.
#[macro_export]
macro_rules! paged {
    ($request:ident => $page:ty [$item:ty], select $field:ident { $($spec:tt)* }) => {
        $crate::paged!(@implement $request => $page [$item] { $($spec)* } self, page: {
            self.$field = ::core::option::Option::Some($crate::Decode::decode(&page)?);
            ::core::result::Result::Ok(())
        }, ::core::option::Option::None);
    };
    ($request:ident => $page:ty [$item:ty], number $field:ident { $($spec:tt)* }) => {
        $crate::paged!(@implement $request => $page [$item] { $($spec)* } self, page: {
            self.$field = ::core::option::Option::Some($crate::Decode::decode(&page)?);
            ::core::result::Result::Ok(())
        }, $crate::page_number(self.$field));
    };
    ($request:ident => $page:ty [$item:ty] { $($spec:tt)* }) => {
        $crate::paged!(@implement $request => $page [$item] { $($spec)* } self, page: {
            ::core::result::Result::Err(page.expected("a URL"))
        }, ::core::option::Option::None);
    };
    (@implement $request:ident => $page:ty [$item:ty] { $($spec:tt)* }
        $self:ident, $value:ident: $select:block, $selected:expr) => {
        #[allow(deprecated)]
        impl $crate::Paged for $request {
            type Page = $page;
            type Item = $item;

            fn pages() -> &'static $crate::PageSpec {
                static PAGES: $crate::PageSpec = $crate::PageSpec { $($spec)* };
                &PAGES
            }

            fn select(&mut $self, page: &$crate::Value) -> ::core::result::Result<(), $crate::DecodeError> {
                let $value = $crate::Reader::new(page);
                $select
            }

            fn selected(&$self) -> ::core::option::Option<i64> {
                $selected
            }
        }
    };
}
