//! The client: the state that all calls share.

mod builder;
mod credentials;
mod parameters;
mod settings;
mod signing;
#[cfg(feature = "oauth2")]
mod tokens;
mod variables;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use signing::Signing;

use crate::clock::Clock;
use crate::escape::one_line;
use crate::redact::Secrets;
use crate::transport::Transport;
use crate::{Api, Credential, Error, Result, RetryPolicy, Secret, Validation};

pub use builder::ClientBuilder;
pub(crate) use credentials::{CheckScheme, SentCredential, check_scheme};
pub(crate) use settings::unfit;

/// A client of one API, with servers, credentials, limits and a transport.
///
/// Cloning is cheap and shares everything. It is `Send`, `Sync` and `'static`.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) api: &'static Api,
    pub(crate) servers: Vec<String>,
    pub(crate) credentials: Vec<Option<Secret>>,
    pub(crate) headers: HeaderMap,
    /// Secrets that no text of a server may show: the credentials, and the headers that contain credentials.
    pub(crate) secrets: Secrets,
    pub(crate) limits: Limits,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    /// By index in [`Api::client_parameters`].
    pub(crate) parameters: Vec<Option<serde_json::Value>>,
    pub(crate) signer: Option<Signing>,
    /// The access tokens of credentials that have them.
    #[cfg(feature = "oauth2")]
    pub(crate) tokens: Vec<Option<tokens::Tokens>>,
}

/// Settings of a client that are plain values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) validation: Validation,
    pub(crate) timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_answer: usize,
    pub(crate) max_event: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            validation: Validation::Strict,
            timeout: Some(Duration::from_secs(120)),
            total_timeout: Some(Duration::from_secs(600)),
            idle_timeout: Some(Duration::from_secs(120)),
            retry: RetryPolicy::default(),
            max_answer: 32 * 1024 * 1024,
            max_event: 8 * 1024 * 1024,
        }
    }
}

impl Client {
    /// Creates a client from the environment: each credential from its variable, and the base URL from `<API>_BASE_URL`
    /// if that is set.
    ///
    /// # Errors
    /// Fails if no credential is set, if a value is malformed, or if the base URL is `http://` on another machine. The
    /// error names the variable.
    pub fn from_env(api: &'static Api) -> Result<Self> {
        ClientBuilder::<Self>::new(api).env().build()
    }

    /// Creates a client with the default credential.
    ///
    /// # Errors
    /// Fails if the key is malformed, or if the transport cannot be set up.
    pub fn new(api: &'static Api, key: impl Into<Secret>) -> Result<Self> {
        ClientBuilder::<Self>::new(api).api_key(key).build()
    }

    /// Creates a builder for custom settings.
    pub fn builder(api: &'static Api) -> ClientBuilder<Self> {
        ClientBuilder::new(api)
    }

    /// The API of this client.
    #[must_use]
    pub fn api(&self) -> &'static Api {
        self.shared.api
    }

    /// The base URL of a server, by name; see [`Api::servers`].
    #[must_use]
    pub fn base_url(&self, server: &str) -> Option<&str> {
        let index = self.shared.api.servers.iter().position(|it| it.0 == server)?;
        self.shared.servers.get(index).map(String::as_str)
    }

    /// The text without the client's credentials and its access tokens of this moment, for tools that print what a server
    /// sent.
    #[doc(hidden)]
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        match self.shared.secrets_now().redact(text) {
            std::borrow::Cow::Borrowed(_) => text.into(),
            std::borrow::Cow::Owned(clean) => clean.into(),
        }
    }
}

impl Shared {
    /// The secrets of the client.
    #[cfg(not(feature = "oauth2"))]
    pub(crate) fn secrets_now(&self) -> Secrets {
        self.secrets.clone()
    }

    /// Fails if futures are polled only once, but this client's would have to wait.
    #[cfg(feature = "blocking")]
    pub(crate) fn may_be_polled(&self) -> Result<()> {
        crate::blocking::polling::may_poll(&*self.clock)
    }

    #[cfg(not(feature = "blocking"))]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "its twin fails")]
    pub(crate) fn may_be_polled(&self) -> Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = &*self.shared;
        f.debug_struct("Client").field("api", &it.api.name).field("servers", &it.servers).finish_non_exhaustive()
    }
}

fn missing(credential: &Credential, index: usize) -> String {
    let name = credential.name;
    if let Some(spec) = credential.oauth2 {
        let mut envs = spec.client_id_env.to_owned();
        for env in [spec.client_secret_env, spec.refresh_token_env].into_iter().flatten() {
            envs = envs + ", " + env;
        }
        return format!(
            "credential `{name}` is missing: set the environment variables {envs}, or call \
             `ClientBuilder::oauth2(\"{name}\", …)`"
        );
    }
    if let Some(username) = credential.username_env {
        return format!(
            "credential `{name}` is missing: set the environment variables {username} and {}, or call \
             `ClientBuilder::basic_auth(…)`",
            credential.env
        );
    }
    let method = if index == 0 { "api_key(…)".to_owned() } else { format!("credential(\"{name}\", …)") };
    format!(
        "credential `{name}` is missing: set the environment variable {}, or call `ClientBuilder::{method}`",
        credential.env
    )
}

fn malformed(credential: &Credential, why: &str) -> Error {
    Error::config(format!(
        "credential `{}` (environment variable {}) is malformed: {why}",
        credential.name, credential.env
    ))
}

/// A header that the caller set.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(Error::config(format!("`{}` is not a header name", one_line(name, 40))));
    };
    // The value may be a secret: it is not shown.
    let Ok(mut value) = HeaderValue::from_str(value) else {
        return Err(Error::config(format!(
            "the value of header `{name}` contains a character that a header cannot contain"
        )));
    };
    // Only the caller knows which headers contain secrets, so none is printed.
    value.set_sensitive(true);
    Ok((name, value))
}
