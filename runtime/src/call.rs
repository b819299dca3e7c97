//! One call: a client and the options of this call alone.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::HeaderMap;

use crate::redact::Secrets;
use crate::send::PutExtra;
use crate::stream::{Core, ReadEvent, StreamSpec, Streaming};
use crate::{
    BoxFuture, Client, Error, Extra, Request, RequestParts, Response, Result, Strength, Validation, ValidationError,
    Value, Violation, Violations, status,
};

/// A client and the options of one call. Builders of generated crates hold one.
#[derive(Clone, Debug)]
pub struct Call {
    client: Client,
    // Most calls have none; builders that hold a call stay small.
    options: Option<Box<CallOptions>>,
}

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
    pub(crate) scheme: Option<String>,
    pub(crate) fault: Option<String>,
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
    /// Sends a field that the spec does not know, or another value for one that it knows: in the body, or in the query
    /// of an operation without one.
    pub fn extra(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.extra.insert(name.into(), value.into());
        self.put_extra = Some(crate::send::put_extra);
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
        match crate::client::header(name, value) {
            Ok((name, value)) => {
                self.headers.insert(name, value);
            }
            Err(fault) => {
                self.fault.get_or_insert(fault.message().to_owned());
            }
        }
    }

    /// Sends the operation's credential by another scheme, by its name in the spec, such as `bearer`.
    pub fn auth_scheme(&mut self, name: impl Into<String>) {
        self.scheme = Some(name.into());
    }

    /// Retries after the first attempt; 0 for none.
    pub fn max_retries(&mut self, most: u32) {
        self.max_retries = Some(most);
    }
}

impl Call {
    /// A call without options.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client, options: None }
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The options, for changes.
    pub fn options(&mut self) -> &mut CallOptions {
        self.options.get_or_insert_default()
    }

    /// Checks the request without sending it. Violations of stated rules are the error, and the others are returned.
    /// The [`Validation`] mode has no influence.
    ///
    /// # Errors
    /// Fails if a stated rule is broken. The error has the first hundred violations, and counts the rest.
    pub fn check<R: Request>(&self, request: &R) -> Result<Vec<Violation>, ValidationError> {
        let mut found = Violations::default();
        request.check(&mut found);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        partition_violations(request.operation().name, found, Validation::Strict, &self.client.shared.secrets)
    }

    /// Checks, sends and reads.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn send<R: Request>(self, request: R) -> Result<R::Reply> {
        // Only this is compiled once per operation.
        let operation = request.operation();
        let (parts, found) = self.written(&request);
        drop(request);
        let raw = self.client.execute(operation, parts, found, self.options).await?;
        R::reply(raw, &self.client).map_err(|it| status::api_error_in_body(&self.client, it))
    }

    fn written<R: Request>(&self, request: &R) -> (RequestParts, Violations) {
        let mut found = Violations::default();
        if self.mode() != Validation::Off {
            request.check(&mut found);
        }
        let mut parts = RequestParts::default();
        request.write(&mut parts);
        parts.expects_nothing = TypeId::of::<R::Reply>() == TypeId::of::<Response<()>>();
        (parts, found)
    }

    /// As [`send`](Self::send), but the type of the future does not depend on the builder. The compiler then reports a
    /// missing parameter once, where the request is sent, and not again wherever the future is used.
    pub fn start<R: Request>(self, request: R) -> PendingRequest<R::Reply> {
        PendingRequest::new(self, |call| Box::pin(call.send(request)))
    }

    /// Checks and sends the request, and reads the response as it arrives. `read` reads one event. `T` is what all
    /// events add up to, or `()` if the spec does not say.
    pub fn stream<R: Request, E, T>(
        self,
        request: R,
        spec: &'static StreamSpec,
        read: ReadEvent<E>,
    ) -> Streaming<E, T> {
        let start = move |call: Self| -> BoxFuture<'static, Result<Box<Core>>> {
            let operation = request.operation();
            let (parts, found) = call.written(&request);
            drop(request);
            Box::pin(async move { call.client.open(operation, parts, found, call.options, spec).await })
        };
        Streaming::new(PendingRequest { call: self, work: CallState::Waiting(Some(Box::new(start))) }, read)
    }

    fn mode(&self) -> Validation {
        let own = self.options.as_ref().and_then(|it| it.validation);
        own.unwrap_or(self.client.shared.limits.validation)
    }
}

/// A call that is sent when it is awaited. Dropping it cancels it.
///
/// Set the options of this call here, before it is awaited. They override the client's.
#[must_use = "nothing is sent until it is awaited"]
pub struct PendingRequest<T> {
    pub(crate) call: Call,
    work: CallState<T>,
}

type Start<T> = Box<dyn FnOnce(Call) -> BoxFuture<'static, Result<T>> + Send>;

enum CallState<T> {
    Waiting(Option<Start<T>>),
    Started(BoxFuture<'static, Result<T>>),
}

impl<T> PendingRequest<T> {
    pub(crate) fn new(call: Call, start: impl FnOnce(Call) -> BoxFuture<'static, Result<T>> + Send + 'static) -> Self {
        Self { call, work: CallState::Waiting(Some(Box::new(start))) }
    }

    /// Whether broken rules are errors in this call.
    pub fn with_validation(mut self, mode: Validation) -> Self {
        self.call.options().validation(mode);
        self
    }

    /// The timeout of one attempt, from connecting to the last byte.
    pub fn with_timeout(mut self, most: Duration) -> Self {
        self.call.options().timeout(most);
        self
    }

    /// The timeout of the whole call, including all attempts and the waits between them.
    pub fn with_total_timeout(mut self, most: Duration) -> Self {
        self.call.options().total_timeout(most);
        self
    }

    /// Sends a header, and replaces others of that name. A malformed header is an error when the call is sent.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.call.options().header(name, value);
        self
    }

    /// Sends the operation's credential by another scheme, by its name in the crate's documentation, such as `bearer`
    /// instead of `x_api_key`. An unknown name is an error when the call is sent.
    pub fn with_auth_scheme(mut self, name: &str) -> Self {
        self.call.options().auth_scheme(name);
        self
    }

    /// Retries after the first attempt; 0 for none.
    pub fn with_max_retries(mut self, most: u32) -> Self {
        self.call.options().max_retries(most);
        self
    }
}

#[cfg(feature = "blocking")]
impl<T> PendingRequest<T> {
    /// Sends the request and blocks until the response is there. It requires a client from
    /// [`ClientBuilder::blocking`](crate::ClientBuilder::blocking).
    ///
    /// Other futures have the same method from the trait [`Blocking`](crate::Blocking).
    ///
    /// # Errors
    /// Those of the call, and [`ErrorKind::Config`](crate::ErrorKind::Config) when the client is not a blocking one.
    pub fn blocking(self) -> Result<T> {
        crate::blocking::run(self)
    }
}

impl<T> Future for PendingRequest<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let CallState::Waiting(start) = &mut self.work
            && let Some(start) = start.take()
        {
            // The options of a started call are no longer needed.
            let call = Call { client: self.call.client.clone(), options: self.call.options.take() };
            self.work = CallState::Started(start(call));
        }
        match &mut self.work {
            CallState::Started(work) => work.as_mut().poll(context),
            // What starts it is taken once, and replaced at once.
            CallState::Waiting(_) => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for PendingRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}

/// Splits violations into an error and warnings.
pub(crate) fn partition_violations(
    operation: &'static str,
    found: Violations,
    mode: Validation,
    secrets: &Secrets,
) -> Result<Vec<Violation>, ValidationError> {
    let omitted = found.omitted_stated();
    let mut all = found.into_vec();
    secrets.redact_violations(&mut all);
    let enforced = |it: &Violation| mode == Validation::Strict && it.rule.strength == Strength::Stated;
    if !all.iter().any(enforced) {
        return Ok(all);
    }
    let (violations, warnings) = all.into_iter().partition(enforced);
    Err(ValidationError { operation, violations, omitted, warnings })
}

impl CallOptions {
    pub(crate) fn fault(&self) -> Result<()> {
        self.fault.as_ref().map_or(Ok(()), |it| Err(Error::config(it.clone())))
    }
}

/// Adds the methods that every builder has.
///
/// The builder must have a field `call` of type [`Call`](crate::Call) and a field `request`. `builder!(Generate)` is for a
/// builder with one type parameter, its state; `builder!(Generate, stateless)` for one without.
#[macro_export]
macro_rules! builder {
    ($builder:ident) => {
        impl<S> $builder<S> {
            $crate::__builder_methods!();
        }
    };
    ($builder:ident, stateless) => {
        impl $builder {
            $crate::__builder_methods!();
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __builder_methods {
    () => {
        /// Sends a field that this crate does not know yet, or another value for a known field. It is not checked.
        pub fn extra(
            mut self,
            name: impl ::core::convert::Into<::std::string::String>,
            value: impl ::core::convert::Into<$crate::Value>,
        ) -> Self {
            self.call.options().extra(name, value);
            self
        }

        /// Checks the request without sending it, and returns the warnings.
        ///
        /// # Errors
        /// Fails if a stated rule is broken. The error has the first hundred violations, and counts the rest.
        pub fn check(&self) -> ::core::result::Result<::std::vec::Vec<$crate::Violation>, $crate::ValidationError> {
            self.call.check(&self.request)
        }
    };
}
