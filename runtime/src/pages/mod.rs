//! Pagination: lists that an API returns page by page.
//!
//! `spec` describes how one page leads to the next, `turn` finds the next page in a response, `link` reads `Link` headers,
//! and `list` sends the requests: see [`Pages`] and [`Items`].

mod link;
mod list;
mod spec;
mod turn;

pub use list::{Items, Pages};
pub use spec::{NextPage, PageSpec, Paged, page_number};
