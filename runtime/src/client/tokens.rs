//! The access tokens of a client: where they come from, and which credentials have them.

use std::sync::{Arc, Mutex};

use http::header::USER_AGENT;

use super::settings::Settings;
use super::{ClientBuilder, Shared};
use crate::base_url;
use crate::oauth2::{OAuth2, TokenServer};
use crate::operation::{KeyPlace, OAuth2Spec};
use crate::redact::Secrets;
use crate::token::{FetchToken, TokenCache, TokenSource};
use crate::{Credential, Error, Grant, Secret};

impl<C> ClientBuilder<C> {
    /// Sets what fetches the access tokens of a credential, by the credential's name: see
    /// [`Api::credentials`](crate::Api::credentials).
    ///
    /// A call fetches a token when it needs one, once for all calls of the client and its clones, and again before it
    /// expires and when the server refuses it. Tokens are fetched below the base URL if the caller has set one:
    /// [`OAuth2::token_url`] says otherwise.
    pub fn oauth2(mut self, credential: &str, with: OAuth2) -> Self {
        if let Some(index) = self.settings.credential_index(credential) {
            self.settings.oauth2(index, with);
        }
        self
    }

    /// Fetches the tokens of a credential from a source of your own, by the credential's name: see
    /// [`Api::credentials`](crate::Api::credentials).
    pub fn token_source(mut self, credential: &str, source: impl TokenSource) -> Self {
        if let Some(index) = self.settings.credential_index(credential) {
            self.settings.token_origin(index, TokenOrigin::Source(Arc::new(source)));
        }
        self
    }
}

/// Where the tokens of a credential come from, as the caller said it.
pub(super) enum TokenOrigin {
    OAuth2(&'static OAuth2Spec, OAuth2),
    Source(Arc<dyn TokenSource>),
}

/// The tokens of a credential.
pub(crate) struct Tokens {
    pub(crate) cache: TokenCache,
    source: PreparedSource,
}

enum PreparedSource {
    OAuth2(Arc<TokenServer>),
    Own(Arc<dyn TokenSource>),
}

impl Tokens {
    /// Starts to fetch a token.
    pub(crate) fn fetch(&self) -> FetchToken {
        match &self.source {
            PreparedSource::OAuth2(server) => server.fetch(),
            PreparedSource::Own(source) => {
                let source = Arc::clone(source);
                Box::pin(async move {
                    source.fetch().await.map_err(|error| match error.downcast::<Error>() {
                        Ok(error) => *error,
                        Err(error) => Error::config("the source of the token failed").because(error),
                    })
                })
            }
        }
    }
}

impl Settings {
    pub(super) fn oauth2(&mut self, index: usize, with: OAuth2) {
        let Some(known) = self.api.credentials.get(index) else { return };
        let name = known.name;
        let Some(spec) = known.oauth2 else {
            return self.fault(format!("credential `{name}` is no access token of OAuth 2"));
        };
        let lacks_secret = spec.client_secret_env.is_some() && with.client_secret.is_none();
        let lacks_refresh = spec.grant == Grant::RefreshToken && with.refresh_token.is_none();
        let lacks = match (with.client_id.is_empty(), lacks_secret, lacks_refresh) {
            (true, _, _) => "the client's id",
            (_, true, _) => "the client's secret",
            (_, _, true) => "a refresh token",
            (false, false, false) => return self.token_origin(index, TokenOrigin::OAuth2(spec, with)),
        };
        self.fault(format!("credential `{name}` lacks {lacks}"));
    }

    fn token_origin(&mut self, index: usize, origin: TokenOrigin) {
        let is_in_header = |it: &Credential| it.schemes.iter().all(|it| matches!(it.place, KeyPlace::Header(_)));
        match self.api.credentials.get(index) {
            Some(known) if !is_in_header(known) => {
                self.fault(format!("credential `{}` is not sent in a header, as access tokens are", known.name));
            }
            _ => self.tokens[index] = Some(origin),
        }
    }

    /// The tokens of a credential from the environment, if all that they need is there.
    pub(super) fn oauth2_env(&mut self, index: usize, spec: &OAuth2Spec, look_up: &dyn Fn(&str) -> Option<String>) {
        let Some(id) = look_up(spec.client_id_env) else { return };
        let [secret, refresh_token] = [spec.client_secret_env, spec.refresh_token_env].map(|it| it.map(look_up));
        let found = (secret.as_ref().is_none_or(Option::is_some), refresh_token.as_ref().is_none_or(Option::is_some));
        // An app without the consent of a user is complete, and another credential may be its own.
        let missing = match found {
            (true, true) => None,
            (false, _) => spec.client_secret_env,
            (true, false) => return,
        };
        if let Some(missing) = missing {
            let message = format!("{} is set, but {missing} is not", spec.client_id_env);
            return self.fault(message);
        }
        let mut with = OAuth2::new(id);
        with.client_secret = secret.flatten().map(Secret::from);
        with.refresh_token = refresh_token.flatten().map(Secret::from);
        self.oauth2(index, with);
    }

    /// Whether some credential has tokens.
    pub(super) fn has_tokens(&self) -> bool {
        self.tokens.iter().any(Option::is_some)
    }

    /// The URL of a token server. It is below the caller's own base URL, as the API's servers are.
    fn token_url(&self, spec: &OAuth2Spec) -> String {
        let first = self.api.servers.first().map_or("", |it| it.1);
        let url = spec.token_url;
        let below = url.strip_prefix(first).filter(|it| !first.is_empty() && it.starts_with('/'));
        match self.servers.first() {
            Some(Some(own)) => format!("{own}{}", below.unwrap_or_else(|| base_url::path_of(url))),
            _ if url.starts_with('/') => format!("{}{url}", self.filled(first)),
            _ => url.to_owned(),
        }
    }

    /// The URLs that tokens are fetched from, by credential.
    pub(super) fn token_urls(&mut self) -> Vec<Option<String>> {
        let mut urls = Vec::new();
        for index in 0..self.tokens.len() {
            let Some(TokenOrigin::OAuth2(spec, with)) = &self.tokens[index] else {
                urls.push(None);
                continue;
            };
            let own = with.token_url.as_deref().map(base_url::checked);
            match own.unwrap_or_else(|| Ok(self.token_url(spec))) {
                Ok(url) => urls.push(Some(url)),
                Err(_) => {
                    self.fault("the URL of the token server is malformed: `https://host/path` is expected".to_owned());
                    urls.push(None);
                }
            }
        }
        urls
    }
}

/// The sources of a client's tokens. They use its transport and clock, and its timeout of an attempt.
pub(super) fn prepare(
    origins: Vec<Option<TokenOrigin>>,
    urls: Vec<Option<String>>,
    of: &Shared,
) -> Vec<Option<Tokens>> {
    let prepared = |(origin, url): (Option<TokenOrigin>, Option<String>)| {
        let source = match origin? {
            TokenOrigin::Source(source) => PreparedSource::Own(source),
            TokenOrigin::OAuth2(spec, with) => PreparedSource::OAuth2(Arc::new(TokenServer {
                spec,
                refresh_token: Mutex::new(with.refresh_token.clone()),
                with,
                url: url?,
                agent: of.headers.get(USER_AGENT).cloned(),
                timeout: of.limits.timeout,
                retry: of.limits.retry,
                transport: Arc::clone(&of.transport),
                clock: Arc::clone(&of.clock),
            })),
        };
        Some(Tokens { cache: TokenCache::new(), source })
    };
    origins.into_iter().zip(urls).map(prepared).collect()
}

impl Shared {
    /// The secrets of the client, and its tokens of this moment.
    pub(crate) fn secrets_now(&self) -> Secrets {
        let held = self.tokens.iter().flatten().filter_map(|it| it.cache.held());
        self.secrets.with_tokens(held.map(|it| it.secret.to_bytes()).collect())
    }
}
