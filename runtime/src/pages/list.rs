//! The pages of a list and their items, as streams.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use http::HeaderMap;
use serde_json::Value;

use super::spec::Paged;
use super::turn::{self, Seen, Turn};
use crate::{BoxFuture, Call, Decode as _, Error, Reader, Response, Result, Validation};

/// The pages of a list, one request each.
///
/// A page is requested when it is asked for, and not before. The stream ends after the last page, and after an error. Each
/// page is a call of its own: it is retried, and its timeouts begin anew.
///
/// A list that goes in a circle, or that names a next page 1000 times without an item, is an error of kind
/// [`Decode`](crate::ErrorKind::Decode).
#[must_use = "nothing is sent until a page is asked for"]
pub struct Pages<R: Paged> {
    turner: Turner<R, Response<R::Page>>,
}

/// The items of a list, whose pages are requested as they are needed.
///
/// See [`Pages`] for retries, timeouts and the end.
///
/// ```
/// # use specwright_runtime::{Items, Paged, Result};
/// # async fn example<R: Paged<Item: std::fmt::Debug>>(mut items: Items<R>) -> Result<()> {
/// while let Some(item) = items.next().await {
///     println!("{:?}", item?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until an item is asked for"]
pub struct Items<R: Paged> {
    turner: Turner<R, Response<()>>,
    left: VecDeque<R::Item>,
    /// What selected the page that `left` is from.
    cursor: Option<Value>,
    fault: Option<Error>,
}

impl<R: Paged> Pages<R> {
    /// The pages that begin with the one which this request selects.
    pub fn new(call: Call, request: R) -> Self {
        Self { turner: Turner::new(call, request, |call, request| Box::pin(call.send(request))) }
    }

    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Response<R::Page>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// What selects the page that comes next, to be kept for [`resume`](Self::resume): a cursor, an offset, a number or a
    /// URL. `None` before the first page and after the last. After an error it selects the page that failed.
    #[must_use]
    pub fn cursor(&self) -> Option<&Value> {
        self.turner.cursor.as_ref()
    }
}

impl<R: Paged> Items<R> {
    /// The items that begin with the page which this request selects.
    pub fn new(call: Call, request: R) -> Self {
        let turner = Turner::new(call, request, |call, request| Box::pin(call.send_for_json(request)));
        Self { turner, left: VecDeque::new(), cursor: None, fault: None }
    }

    /// The next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<R::Item>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All items that are left.
    ///
    /// # Errors
    /// Fails with the first error; the items before it are lost. Use [`next`](Self::next) to keep them.
    pub async fn collect(mut self) -> Result<Vec<R::Item>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    /// What selects the page of the last item, to be kept for [`resume`](Self::resume): resuming there repeats the items of
    /// that page and skips none. `None` on the first page.
    #[must_use]
    pub fn cursor(&self) -> Option<&Value> {
        self.cursor.as_ref()
    }
}

macro_rules! options {
    ($name:ident) => {
        impl<R: Paged> $name<R> {
            /// Begins with the page that a cursor selects: see [`cursor`](Self::cursor).
            pub fn resume(mut self, cursor: impl Into<Value>) -> Self {
                self.turner.cursor = Some(cursor.into());
                self
            }

            /// Requests at most this many pages.
            pub fn with_max_pages(mut self, most: usize) -> Self {
                self.turner.max_pages = most;
                self
            }

            /// The timeout of one attempt for each page.
            pub fn with_timeout(mut self, most: Duration) -> Self {
                self.turner.call.options().timeout(most);
                self
            }

            /// The timeout for each page, including all attempts and the waits between them.
            pub fn with_total_timeout(mut self, most: Duration) -> Self {
                self.turner.call.options().total_timeout(most);
                self
            }

            /// Retries of each page after the first attempt; 0 for none.
            pub fn with_max_retries(mut self, most: u32) -> Self {
                self.turner.call.options().max_retries(most);
                self
            }

            /// Sends a header with each request, and replaces others of that name. A malformed header is an error when the
            /// first page is requested.
            pub fn with_header(mut self, name: &str, value: &str) -> Self {
                self.turner.call.options().header(name, value);
                self
            }

            /// Whether broken rules are errors.
            pub fn with_validation(mut self, mode: Validation) -> Self {
                self.turner.call.options().validation(mode);
                self
            }
        }

        impl<R: Paged> fmt::Debug for $name<R> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let ended = self.turner.ended;
                f.debug_struct(stringify!($name)).field("ended", &ended).finish_non_exhaustive()
            }
        }

        // Nothing in it is pinned: the work in flight is in a box.
        impl<R: Paged> Unpin for $name<R> {}
    };
}

options!(Pages);
options!(Items);

impl<R: Paged> Stream for Pages<R> {
    type Item = Result<Response<R::Page>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.turner.poll(context)
    }
}

impl<R: Paged> Stream for Items<R> {
    type Item = Result<R::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.left.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some(fault) = self.fault.take() {
                self.turner.ended = true;
                return Poll::Ready(Some(Err(fault)));
            }
            let selected = self.turner.cursor.clone();
            match self.turner.poll(context) {
                Poll::Ready(Some(Ok(page))) => {
                    self.cursor = selected;
                    self.take(&page);
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<R: Paged> Items<R> {
    /// Reads the items of a page, up to the first that cannot be read.
    fn take(&mut self, page: &Response<()>) {
        let spec = self.turner.request.page_spec();
        for (index, item) in turn::items(spec, page.raw()).iter().enumerate() {
            match R::Item::decode(&Reader::new(item)) {
                Ok(item) => self.left.push_back(item),
                Err(mut error) => {
                    error.at = format!("{}/{index}{}", spec.items, error.at);
                    self.fault = Some(page.not_decoded(error));
                    return;
                }
            }
        }
    }
}

type Start<R, T> = fn(Call, R) -> BoxFuture<'static, Result<T>>;

/// A page in whatever form, with what tells the next one.
trait Turned {
    fn raw(&self) -> &Value;
    fn headers(&self) -> &HeaderMap;
    fn fault(&self, message: String) -> Error;
}

impl<T> Turned for Response<T> {
    fn raw(&self) -> &Value {
        self.raw()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    fn fault(&self, message: String) -> Error {
        self.error(message)
    }
}

/// Requests one page after another.
struct Turner<R: Paged, T> {
    call: Call,
    request: R,
    start: Start<R, T>,
    /// What selects the page that comes next; `None` before the first.
    cursor: Option<Value>,
    in_flight: Option<BoxFuture<'static, Result<T>>>,
    seen: Seen,
    max_pages: usize,
    ended: bool,
}

impl<R: Paged, T: Turned> Turner<R, T> {
    fn new(call: Call, request: R, start: Start<R, T>) -> Self {
        let (seen, max_pages) = (Seen::default(), usize::MAX);
        Self { call, request, start, cursor: None, in_flight: None, seen, max_pages, ended: false }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let mut work = match self.in_flight.take() {
            Some(work) => work,
            None if self.max_pages == 0 => {
                self.ended = true;
                return Poll::Ready(None);
            }
            None => match self.begin() {
                Ok(work) => work,
                Err(error) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
            },
        };
        match work.as_mut().poll(context) {
            Poll::Pending => {
                self.in_flight = Some(work);
                Poll::Pending
            }
            Poll::Ready(Err(error)) => {
                self.ended = true;
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(Ok(page)) => Poll::Ready(Some(self.turn(page))),
        }
    }

    /// Requests the page that the cursor selects.
    fn begin(&mut self) -> Result<BoxFuture<'static, Result<T>>> {
        self.max_pages -= 1;
        let mut call = self.call.clone();
        if let Some(cursor) = &self.cursor {
            match (self.request.page_spec().next.is_url(), cursor) {
                (true, Value::String(url)) => call.options().url(url),
                _ => select(&mut self.request, cursor).map_err(|it| {
                    let message = format!("the cursor does not fit the parameter that selects pages: {it}");
                    Error::config(message).of(self.request.operation())
                })?,
            }
        }
        Ok((self.start)(call, self.request.clone()))
    }

    /// Finds the page after this one.
    fn turn(&mut self, page: T) -> Result<T> {
        let spec = self.request.page_spec();
        let next = turn::next(spec, self.request.selected(), page.raw(), page.headers());
        self.ended = next.is_none();
        if let Err(message) = self.seen.note(turn::items(spec, page.raw()).len(), next.as_ref()) {
            self.ended = true;
            return Err(page.fault(message));
        }
        self.cursor = next.map(|it| match it {
            Turn::Select(value) => value,
            Turn::Url(url) => url.into(),
        });
        Ok(page)
    }
}

/// Sets the parameter that selects a page. An API may send as a number what it takes as text, and the other way round.
fn select<R: Paged>(request: &mut R, cursor: &Value) -> Result<(), crate::DecodeError> {
    request.select(cursor).or_else(|error| {
        let other = match cursor {
            Value::Number(number) => Value::from(number.to_string()),
            Value::String(text) => text.parse::<i64>().map_or(Value::Null, Value::from),
            _ => Value::Null,
        };
        request.select(&other).map_err(|_| error)
    })
}
