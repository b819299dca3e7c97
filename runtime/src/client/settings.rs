//! The settings of a client. Each is checked when it is set, and all of them when the client is built.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use secrecy::SecretSlice;

use super::signing::Signing;
use super::{Client, Limits, Shared, malformed, missing};
use crate::base_url;
use crate::clock::{Clock, TokioClock};
use crate::concat::concat;
use crate::headers;
use crate::redact::{self, Secrets};
use crate::transport::Transport;
use crate::{Api, Error, Result, Secret};

/// The settings so far.
pub(super) struct Settings {
    pub(super) api: &'static Api,
    pub(super) servers: Vec<Option<String>>,
    /// Values of the servers' variables.
    pub(super) variables: Vec<Option<String>>,
    pub(super) credentials: Vec<Option<Secret>>,
    pub(super) parameters: Vec<Option<serde_json::Value>>,
    pub(super) headers: HeaderMap,
    pub(super) user_agent: Option<String>,
    pub(super) limits: Limits,
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) clock: Option<Arc<dyn Clock>>,
    /// Whether other machines may be called without encryption.
    pub(super) insecure: bool,
    /// The environment variable that the base URL came from.
    pub(super) variable: Option<String>,
    pub(super) signer: Option<Signing>,
    /// Where access tokens come from, by credential.
    #[cfg(feature = "oauth2")]
    pub(super) tokens: Vec<Option<super::tokens::TokenOrigin>>,
    /// The environment was asked for credentials.
    pub(super) needs_credential: bool,
    pub(super) fault: Option<Error>,
}

impl Settings {
    /// With no credentials, and defaults for everything else.
    pub(super) fn new(api: &'static Api) -> Self {
        Self {
            api,
            servers: nones(api.servers.len()),
            variables: nones(api.server_variables.len()),
            credentials: nones(api.credentials.len()),
            parameters: nones(api.client_parameters.len()),
            headers: HeaderMap::new(),
            user_agent: None,
            limits: Limits::default(),
            transport: None,
            clock: None,
            insecure: false,
            variable: None,
            signer: None,
            #[cfg(feature = "oauth2")]
            tokens: nones(api.credentials.len()),
            needs_credential: false,
            fault: None,
        }
    }

    /// Only the first fault is reported.
    pub(super) fn keep_first_fault(&mut self, fault: Error) {
        self.fault.get_or_insert(fault);
    }

    pub(super) fn fault(&mut self, message: String) {
        self.keep_first_fault(Error::config(message));
    }

    /// The credential of a name. A name that is none is a fault.
    pub(super) fn credential_index(&mut self, name: &str) -> Option<usize> {
        let known = self.api.credentials;
        let found = known.iter().position(|it| it.name == name);
        if found.is_none() {
            let names: Vec<_> = known.iter().map(|it| it.name).collect();
            self.fault(format!("no credential is named `{name}`; the credentials are: {}", names.join(", ")));
        }
        found
    }

    pub(super) fn credential(&mut self, index: usize, secret: Secret) {
        let Some(known) = self.api.credentials.get(index) else {
            return self.fault("the API has no credentials".to_owned());
        };
        if let Some(why) = known.fault(&secret) {
            return self.keep_first_fault(malformed(known, why));
        }
        if let Some(place) = self.credentials.get_mut(index) {
            *place = Some(secret);
        }
    }

    pub(super) fn server(&mut self, index: usize, url: &str) {
        match (base_url::checked(url), self.servers.get_mut(index)) {
            (Ok(url), Some(place)) => *place = Some(url),
            (Err(why), _) => self.fault(why.to_owned()),
            (Ok(_), None) => {}
        }
    }

    /// The URL of a server, with its variables filled in as far as they have values.
    pub(super) fn filled(&self, url: &str) -> String {
        let variable = self.api.server_variables.first();
        variable.map_or_else(|| url.to_owned(), |it| (it.steps.filled)(self.api, &self.variables, url))
    }

    pub(super) fn base_url(&mut self, url: &str) {
        let Some(&(_, first)) = self.api.servers.first() else { return };
        let base = url.trim().trim_end_matches('/');
        self.server(0, url);
        for (index, &(_, own)) in self.api.servers.iter().enumerate().skip(1) {
            let path = own.strip_prefix(first).filter(|it| it.is_empty() || it.starts_with('/'));
            let path = path.unwrap_or_else(|| base_url::path_of(own));
            self.server(index, &format!("{base}{path}"));
        }
    }

    pub(super) fn env(&mut self, look_up: &dyn Fn(&str) -> Option<String>) {
        let look_up = |name: &str| look_up(name).filter(|it| !it.trim().is_empty());
        let api = self.api;
        for (index, known) in api.credentials.iter().enumerate() {
            if self.credentials[index].is_some() {
                continue;
            }
            #[cfg(feature = "oauth2")]
            if let Some(spec) = known.oauth2 {
                if self.tokens[index].is_none() {
                    self.oauth2_env(index, spec, &look_up);
                }
                continue;
            }
            match (known.username_env, known.username_env.and_then(look_up), look_up(known.env)) {
                (None, _, Some(secret)) => self.credential(index, secret.into()),
                (Some(_), Some(username), Some(password)) => {
                    self.credential(index, format!("{}:{}", username.trim(), password.trim()).into());
                }
                (Some(other), None, Some(_)) => self.fault(half_a_pair(known.name, known.env, other)),
                (Some(set), Some(_), None) => self.fault(half_a_pair(known.name, set, known.env)),
                (_, None, None) | (None, Some(_), None) => {}
            }
        }
        self.needs_credential = true;
        for (index, known) in api.server_variables.iter().enumerate() {
            if self.variables[index].is_none()
                && let Some(value) = look_up(known.env)
            {
                self.variable(known.name, &value);
            }
        }
        for (index, known) in api.client_parameters.iter().enumerate() {
            if self.parameters[index].is_none()
                && let Some(value) = known.env.and_then(&look_up)
            {
                self.parameter(known.name, &value);
            }
        }
        if self.servers.iter().all(Option::is_none) {
            let name = base_url_variable(api);
            if let Some(url) = look_up(&name) {
                self.variable = Some(name.clone());
                let was_well = self.fault.is_none();
                self.base_url(&url);
                if let Some(fault) = self.fault.as_mut().filter(|_| was_well) {
                    let inner = fault.inner_mut();
                    inner.message = format!("environment variable {name}: {}", inner.message).into();
                }
            }
        }
    }

    /// Whether there is something that proves who calls.
    fn has_credential(&self) -> bool {
        let has_secret = self.signer.is_some() || self.credentials.iter().any(Option::is_some);
        #[cfg(feature = "oauth2")]
        let has_secret = has_secret || self.has_tokens();
        has_secret
    }

    /// The client. The settings are empty then.
    pub(super) fn build(&mut self) -> Result<Client> {
        #[cfg(feature = "oauth2")]
        let token_urls = self.token_urls();
        let servers = self.take_servers();
        #[cfg(feature = "oauth2")]
        let called: Vec<_> = servers.iter().chain(token_urls.iter().flatten()).collect();
        #[cfg(not(feature = "oauth2"))]
        let called: Vec<_> = servers.iter().collect();
        self.check(&called);
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None => default_transport()?,
        };
        #[allow(unused_mut, reason = "the tokens need the rest")]
        let mut shared = Shared {
            api: self.api,
            servers,
            secrets: Secrets::new(self.secrets()),
            credentials: std::mem::take(&mut self.credentials),
            headers: std::mem::take(&mut self.headers),
            limits: std::mem::take(&mut self.limits),
            transport,
            clock: self.clock.take().unwrap_or_else(|| Arc::new(TokioClock)),
            parameters: self.take_parameters(),
            signer: self.signer.take(),
            #[cfg(feature = "oauth2")]
            tokens: Vec::new(),
        };
        #[cfg(feature = "oauth2")]
        {
            shared.tokens = super::tokens::prepare(std::mem::take(&mut self.tokens), token_urls, &shared);
        }
        Ok(Client { shared: Arc::new(shared) })
    }

    /// The URLs of the servers, with their variables filled in.
    fn take_servers(&mut self) -> Vec<String> {
        let mut urls = Vec::new();
        for (known, own) in self.api.servers.iter().zip(&self.servers) {
            urls.push(self.filled(own.as_deref().unwrap_or(known.1)));
        }
        self.servers.clear();
        urls
    }

    /// Notes what is missing, or does not fit to the URLs that the client will call.
    fn check(&mut self, called: &[&String]) {
        // Any credential is enough to start with. A call that requires another one reports that.
        if self.needs_credential
            && !self.has_credential()
            && let Some(first) = self.api.credentials.first()
        {
            self.fault(missing(first, 0));
        }
        let suffix = self.user_agent.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        let agent = concat(&[self.api.name, "/", self.api.version, &suffix]);
        match HeaderValue::from_str(&agent) {
            Ok(value) => headers::set_default(&mut self.headers, http::header::USER_AGENT, value),
            Err(_) => self.fault("the user agent contains a character that a header cannot contain".to_owned()),
        }
        for (index, url) in called.iter().enumerate() {
            match unfit(self.api, url) {
                // A call to another server says itself what its URL lacks.
                Some(message) if index == 0 && !self.api.servers.is_empty() => self.fault(message),
                None if !self.insecure && base_url::is_insecure(url) => {
                    self.fault(base_url::refusal(url, self.variable.as_deref()));
                }
                _ => {}
            }
        }
    }

    /// What the client sends and must not show.
    fn secrets(&self) -> Vec<SecretSlice<u8>> {
        let mut secrets = Vec::new();
        for (known, secret) in self.api.credentials.iter().zip(&self.credentials) {
            let Some(secret) = secret else { continue };
            secrets.push(secret.to_bytes());
            secrets.extend(known.password(secret).map(|it| it.to_bytes()));
        }
        redact::in_headers(&self.headers, &mut secrets);
        secrets
    }
}

/// Says that no `kind` has a name, and which names there are. `None` if there are none.
pub(super) fn unknown_name(kind: &str, name: &str, names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("no {kind} is named `{name}`; the names are: {}", names.join(", ")))
}

/// As `vec![None; count]`, which would copy the first.
fn nones<T>(count: usize) -> Vec<Option<T>> {
    std::iter::repeat_with(|| None).take(count).collect()
}

/// Why nothing can be sent to a URL: it is missing, or a variable of it is.
pub(crate) fn unfit(api: &Api, url: &str) -> Option<String> {
    if url.is_empty() {
        let env = base_url_variable(api);
        return Some(format!(
            "the API has no URL of its own: set the environment variable {env}, or call `ClientBuilder::base_url(…)`"
        ));
    }
    (api.server_variables.first()?.steps.missing)(api, url)
}

/// The environment variable of the base URL.
fn base_url_variable(api: &Api) -> String {
    let capital = |it: char| if it == '-' { '_' } else { it.to_ascii_uppercase() };
    api.name.chars().map(capital).collect::<String>() + "_BASE_URL"
}

fn half_a_pair(credential: &str, set: &str, other: &str) -> String {
    format!("credential `{credential}` is a user name and a password: {set} is set, but {other} is not")
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Arc<dyn Transport>> {
    let made = crate::adapter::Reqwest::new();
    made.map(|it| Arc::new(it) as _).map_err(|it| Error::config("the HTTP client cannot be set up").because(it))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Result<Arc<dyn Transport>> {
    let help = "there is no transport: turn on a `reqwest-*` feature, or call `ClientBuilder::transport(…)`, or with the \
        feature `blocking` `ClientBuilder::blocking()`";
    Err(Error::config(help))
}
