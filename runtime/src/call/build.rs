//! The first step: a request, the options of this call, and a future that sends both when it is awaited.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::execute::{WrittenRequest, execute};
use super::judge::{Judgement, partition_violations};
use super::options::CallOptions;
use crate::{
    BoxFuture, Client, Request, RequestParts, Response, Result, Validation, ValidationError, Violation, Violations,
    status,
};

impl Client {
    /// A call with options of its own.
    #[must_use]
    pub fn call(&self) -> Call {
        Call::new(self.clone())
    }

    /// Checks, sends and reads.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn send<R: Request>(&self, request: R) -> Result<R::Reply> {
        self.call().send(request).await
    }
}

/// A client and the options of one call. Builders of generated crates hold one.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) client: Client,
    // Most calls have none; builders that hold a call stay small.
    pub(crate) options: Option<Box<CallOptions>>,
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

    /// The options, to be changed.
    pub fn options(&mut self) -> &mut CallOptions {
        self.options.get_or_insert_default()
    }

    /// What breaks a rule: stated rules as the error, the others as a list. Nothing is sent, and the
    /// [`Validation`] mode plays no part.
    ///
    /// # Errors
    /// A stated rule is broken. The error holds the first hundred of them, and counts the rest.
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
        let written = self.written(request);
        let raw = execute(&self.client, written, self.options).await?;
        R::reply(raw, &self.client).map_err(|it| status::api_error_in_body(&*self.client.shared.clock, it))
    }

    /// Writes the request and judges it. Only this and what calls it is compiled once per operation.
    pub(crate) fn written<R: Request>(&self, request: R) -> WrittenRequest {
        let options = self.options.as_deref();
        let judgement = Judgement::of(&request, options, &self.client.shared.limits);
        let mut parts = RequestParts::default();
        request.write(&mut parts);
        parts.expects_nothing = TypeId::of::<R::Reply>() == TypeId::of::<Response<()>>();
        WrittenRequest { operation: request.operation(), parts, judgement }
    }

    /// As [`send`](Self::send), as a future whose type does not say which builder it comes from. What a builder lacks is
    /// then told where it is sent, and not once more wherever the future is used.
    pub fn start<R: Request>(self, request: R) -> PendingRequest<R::Reply> {
        PendingRequest::new(self, |call| Box::pin(call.send(request)))
    }
}

/// A call that is sent when it is awaited. Dropping it cancels it.
///
/// Options of this call alone are set here, before it is awaited; they come before the client's.
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

    /// How much broken rules matter in this call.
    pub fn with_validation(mut self, mode: Validation) -> Self {
        self.call.options().validation(mode);
        self
    }

    /// The longest one attempt may take, from connecting to the last byte.
    pub fn with_timeout(mut self, most: Duration) -> Self {
        self.call.options().timeout(most);
        self
    }

    /// The longest the call may take, with all attempts and the waits between them.
    pub fn with_total_timeout(mut self, most: Duration) -> Self {
        self.call.options().total_timeout(most);
        self
    }

    /// Sends a header, in place of any of that name. A malformed one is an error when the call is sent.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.call.options().header(name, value);
        self
    }

    /// Sends the operation's credential in another of its ways, by the name that the crate's documentation gives it, such
    /// as `bearer` in place of `x_api_key`. An unknown one is an error when the call is sent.
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
    /// Sends on this thread and waits for the answer; for clients made with
    /// [`ClientBuilder::blocking`](crate::ClientBuilder::blocking).
    ///
    /// Other futures have the same by the trait [`Blocking`](crate::Blocking).
    ///
    /// # Errors
    /// Those of the call, and [`ErrorKind::Config`](crate::ErrorKind::Config) when the client is not a blocking one.
    pub fn blocking(self) -> Result<T> {
        crate::blocking::polling::run(self)
    }
}

impl<T> Future for PendingRequest<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let CallState::Waiting(start) = &mut self.work
            && let Some(start) = start.take()
        {
            // A started call is asked for its options no more.
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
        f.debug_struct("PendingRequest").finish_non_exhaustive()
    }
}

/// Gives a builder the methods that every builder has.
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
        /// Sends a field that this crate does not know yet, or another value for one that it knows. It is not checked.
        pub fn extra(
            mut self,
            name: impl ::core::convert::Into<::std::string::String>,
            value: impl ::core::convert::Into<$crate::Value>,
        ) -> Self {
            self.call.options().extra(name, value);
            self
        }

        /// Checks the request without sending it: gives the warnings.
        ///
        /// # Errors
        /// What breaks a stated rule: the first hundred violations, and how many more there are.
        pub fn check(&self) -> ::core::result::Result<::std::vec::Vec<$crate::Violation>, $crate::ValidationError> {
            self.call.check(&self.request)
        }
    };
}
