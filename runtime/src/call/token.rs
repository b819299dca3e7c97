//! Access tokens of a call: fetched before an attempt, and once more after the server refused one.

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use super::prepare::PreparedCall;
use crate::client::{SentCredential, Shared};
use crate::redact::Secrets;
use crate::token::HeldToken;
use crate::{Error, Result, Scheme, Secret};

/// The tokens of one attempt.
#[derive(Default)]
pub(super) struct AttemptTokens {
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// The secrets of the call, with the tokens.
    pub(super) secrets: Option<Secrets>,
    /// With the credential that each belongs to.
    held: Vec<(usize, Arc<HeldToken>)>,
    /// Whether a refused token was replaced once.
    pub(super) renewed: bool,
}

impl AttemptTokens {
    /// Fetches the tokens that the call sends, as far as the client does not have them.
    pub(super) async fn fetch(&mut self, shared: &Shared, call: &PreparedCall) -> Result<()> {
        self.headers.clear();
        self.held.clear();
        for &(credential, scheme) in &call.tokens {
            let (Some(Some(tokens)), Some(known)) =
                (shared.tokens.get(credential), shared.api.credentials.get(credential))
            else {
                continue;
            };
            let got = tokens.cache.get(&*shared.clock, || tokens.fetch()).await;
            let held = got.map_err(|it| missing(known.name, it).of(call.operation))?;
            self.headers.push(header(known.name, scheme, &held.secret).map_err(|it| it.of(call.operation))?);
            self.held.push((credential, held));
        }
        let tokens = self.held.iter().map(|it| it.1.secret.to_bytes()).collect();
        self.secrets = Some(call.secrets.with_tokens(tokens));
        Ok(())
    }

    /// Whether the call is sent again with another token, which happens once.
    pub(super) fn renew(&mut self, shared: &Shared, error: &Error) -> bool {
        if self.held.is_empty() || self.renewed || !error.is_authentication() {
            return false;
        }
        for (credential, held) in &self.held {
            if let Some(Some(tokens)) = shared.tokens.get(*credential) {
                tokens.cache.reject(held);
            }
        }
        self.renewed = true;
        true
    }
}

fn header(credential: &str, scheme: &'static Scheme, token: &Secret) -> Result<(HeaderName, HeaderValue)> {
    let malformed =
        |why: &str| Error::config(format!("the access token of credential `{credential}` is malformed: {why}"));
    match scheme.sent(token).map_err(malformed)? {
        SentCredential::Header(name, value) => {
            let name = HeaderName::from_bytes(name.as_bytes());
            Ok((name.map_err(|_| malformed("it has no header"))?, value))
        }
        SentCredential::Query(..)
        | SentCredential::Cookie(..)
        | SentCredential::Body(..)
        | SentCredential::Token(..) => Err(malformed("it is not sent in a header")),
    }
}

/// The error of a call that has no token. Several calls may fail for one reason.
fn missing(credential: &str, why: Arc<Error>) -> Error {
    let code = why.code().map(|it| format!(" ({it})")).unwrap_or_default();
    let message = format!("there is no access token for credential `{credential}`: {}{code}", why.message());
    Error::new(why.kind(), message).because(SharedError(why))
}

/// An error that several calls have as their cause.
#[derive(Debug)]
struct SharedError(Arc<Error>);

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for SharedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.0)
    }
}
