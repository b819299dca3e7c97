//! The options of a single call.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, Uri};

use super::extra::put_extra;
use crate::client::{CheckScheme, check_scheme, header};
use crate::headers;
use crate::redirect;
use crate::request::PutExtra;
use crate::{Error, Extra, Result, Validation, Value};

/// The URL that a text means beside another. The error says why it is not used.
type Resolve = fn(&Uri, &str) -> Result<Uri, String>;

/// Options of one call. They override the client's.
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) extra: Extra,
    /// Puts `extra` into a request. Only this pointer refers to the function, so programs without extra fields do not
    /// contain it.
    pub(crate) put_extra: Option<PutExtra>,
    pub(crate) validation: Option<Validation>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Option<Duration>>,
    pub(crate) headers: HeaderMap,
    pub(crate) max_retries: Option<u32>,
    /// The scheme for the credential, and what checks it.
    pub(crate) scheme: Option<(String, CheckScheme)>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) fault: Option<String>,
    /// The URL to use in place of the request's own path and query, and what resolves it: see [`url`](Self::url).
    pub(crate) url: Option<(String, Resolve)>,
}

/// Shows only the names of extra fields: their values may be secret.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<_> = self.extra.keys().collect();
        let mut out = f.debug_struct("CallOptions");
        out.field("extra", &extra).field("headers", &self.headers).field("validation", &self.validation);
        out.field("timeout", &self.timeout).field("total_timeout", &self.total_timeout);
        out.field("idle_timeout", &self.idle_timeout);
        out.field("max_retries", &self.max_retries).finish_non_exhaustive()
    }
}

impl CallOptions {
    /// Sends a field that the spec does not declare, or another value for a declared field: in the body, or in the query
    /// of an operation without a body.
    pub fn extra(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.extra.insert(name.into(), value.into());
        self.put_extra = Some(put_extra);
    }

    /// Whether broken rules are errors.
    pub fn validation(&mut self, mode: Validation) {
        self.validation = Some(mode);
    }

    /// The timeout of one attempt.
    pub fn timeout(&mut self, most: Duration) {
        self.timeout = Some(most);
    }

    /// The timeout of the whole call, including all attempts and the waits between them.
    pub fn total_timeout(&mut self, most: Duration) {
        self.total_timeout = Some(most);
    }

    /// The longest silence of a stream; `None` for no limit but the call's own.
    pub fn idle_timeout(&mut self, most: impl Into<Option<Duration>>) {
        self.idle_timeout = Some(most.into());
    }

    /// Sends a header, and replaces others of that name. A malformed header is an error when the call is sent.
    pub fn header(&mut self, name: &str, value: &str) {
        match header(name, value) {
            Ok((name, value)) => {
                headers::set(&mut self.headers, name, value);
            }
            Err(fault) => {
                self.fault.get_or_insert(fault.message().to_owned());
            }
        }
    }

    /// Sends the operation's credential by another scheme, by its name in the spec, such as `bearer`.
    pub fn auth_scheme(&mut self, name: impl Into<String>) {
        self.scheme = Some((name.into(), check_scheme));
    }

    /// The key by which the server knows this request when it is sent again, in place of one that is made for the call.
    pub fn idempotency_key(&mut self, key: impl Into<String>) {
        self.idempotency_key = Some(key.into());
    }

    /// Sends the request to a URL that the server gave, such as that of the next page. It may be relative to the
    /// request's own, and must have the same origin: the credential goes to no other.
    pub(crate) fn url(&mut self, url: &str) {
        self.url = Some((url.to_owned(), redirect::same_origin));
    }

    /// Retries after the first attempt; 0 for none.
    pub fn max_retries(&mut self, most: u32) {
        self.max_retries = Some(most);
    }

    /// Fails if an option was malformed.
    pub(crate) fn fault(&self) -> Result<()> {
        self.fault.as_ref().map_or(Ok(()), |it| Err(Error::config(it.clone())))
    }
}
