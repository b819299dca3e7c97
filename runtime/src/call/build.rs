//! The first step: a request, the options of this call, and a future that sends both when it is awaited.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use serde_json::Value;

use super::execute::{WrittenRequest, execute};
use super::judge::{Judgement, partition_violations};
use super::options::CallOptions;
use crate::{
    AnswerForm, BoxFuture, Client, Request, RequestParts, Response, Result, Validation, ValidationError, Violation,
    Violations, status,
};

impl Client {
    /// A call with its own options.
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
    // Most calls have none, so builders that contain a call stay small.
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
        let written = self.written(request);
        let raw = execute(&self.client, written, self.options).await?;
        R::reply(raw, &self.client).map_err(|it| status::api_error_in_body(&*self.client.shared.clock, it))
    }

    /// As [`send`](Self::send), but reads nothing of the JSON in the response.
    pub(crate) async fn send_for_json<R: Request>(self, request: R) -> Result<Response<()>> {
        let written = self.written(request);
        let mut raw = execute(&self.client, written, self.options).await?;
        let may_be_nothing = raw.meta.operation.form == AnswerForm::JsonOrNothing;
        let json = if may_be_nothing && raw.has_nothing() { Ok(Value::Null) } else { raw.take_json() };
        let json = json.map_err(|it| status::api_error_in_body(&*self.client.shared.clock, it))?;
        Ok(raw.respond((), json))
    }

    /// Writes the request and checks its rules. Only this function and its callers are compiled once per operation.
    pub(crate) fn written<R: Request>(&self, request: R) -> WrittenRequest {
        let options = self.options.as_deref();
        let judgement = Judgement::of(&request, options, &self.client.shared.limits);
        let mut parts = RequestParts::default();
        request.write(&mut parts);
        parts.expects_nothing = TypeId::of::<R::Reply>() == TypeId::of::<Response<()>>();
        WrittenRequest { operation: request.operation(), parts, judgement }
    }

    /// As [`send`](Self::send), but the type of the future does not depend on the builder. The compiler then reports a
    /// missing parameter once, where the request is sent, and not again wherever the future is used.
    pub fn start<R: Request>(self, request: R) -> PendingRequest<R::Reply> {
        PendingRequest::new(self, |call| Box::pin(call.send(request)))
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

    /// Sends this idempotency key instead of a random one. The server then knows a request that it got before, for example
    /// from a program that was restarted. If the operation has no such key, it is an error when the call is sent.
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.call.options().idempotency_key(key);
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
        crate::blocking::polling::run(self)
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
            // The function that starts the call is taken once, and replaced immediately.
            CallState::Waiting(_) => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for PendingRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingRequest").finish_non_exhaustive()
    }
}

/// Adds what every builder has: `Clone`, `Debug`, which shows the request, and methods.
///
/// The builder has three type parameters: its request, its state, and what tells the variants of an operation apart. It must
/// have a field `call` of type [`Call`](crate::Call), a field `request`, and a field `state` that marks the other two.
#[macro_export]
macro_rules! builder {
    ($builder:ident) => {
        impl<R: ::core::clone::Clone, S, V> ::core::clone::Clone for $builder<R, S, V> {
            fn clone(&self) -> Self {
                Self { call: self.call.clone(), request: self.request.clone(), state: ::core::marker::PhantomData }
            }
        }

        impl<R: ::core::fmt::Debug, S, V> ::core::fmt::Debug for $builder<R, S, V> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.request, f)
            }
        }

        impl<R: $crate::Request, S, V> $builder<R, S, V> {
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
            #[inline]
            pub fn check(&self) -> ::core::result::Result<::std::vec::Vec<$crate::Violation>, $crate::ValidationError> {
                self.call.check(&self.request)
            }

            // Without required parameters, nobody calls it.
            #[allow(dead_code)]
            fn into_state<T>(self) -> $builder<R, T, V> {
                $builder { call: self.call, request: self.request, state: ::core::marker::PhantomData }
            }
        }
    };
}

/// Adds `Clone` and `Debug`, which shows the request, to the struct in front of the builders of variants. It has the fields
/// `call` and `request`.
#[doc(hidden)]
#[macro_export]
macro_rules! selector {
    ($selector:ident) => {
        impl<R: ::core::clone::Clone> ::core::clone::Clone for $selector<R> {
            fn clone(&self) -> Self {
                Self { call: self.call.clone(), request: self.request.clone() }
            }
        }

        impl<R: ::core::fmt::Debug> ::core::fmt::Debug for $selector<R> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.request, f)
            }
        }
    };
}
