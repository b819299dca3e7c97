//! The settings of a client. Each is checked when it is set, and all of them when the client is built.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};

use super::{Client, Limits, Shared, malformed, missing};
use crate::base_url;
use crate::clock::{Clock, TokioClock};
use crate::redact::{self, Secrets};
use crate::transport::Transport;
use crate::{Api, Error, Result, Secret, ServerVariable, Signer};

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
    pub(super) signer: Option<Arc<dyn Signer>>,
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
            servers: vec![None; api.servers.len()],
            variables: vec![None; api.server_variables.len()],
            credentials: vec![None; api.credentials.len()],
            parameters: vec![None; api.client_parameters.len()],
            headers: HeaderMap::new(),
            user_agent: None,
            limits: Limits::default(),
            transport: None,
            clock: None,
            insecure: false,
            variable: None,
            signer: None,
            #[cfg(feature = "oauth2")]
            tokens: api.credentials.iter().map(|_| None).collect(),
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
        self.credentials[index] = Some(secret);
    }

    pub(super) fn server(&mut self, index: usize, url: &str) {
        match base_url::checked(url) {
            Ok(url) => self.servers[index] = Some(url),
            Err(why) => self.fault(why.to_owned()),
        }
    }

    pub(super) fn variable(&mut self, name: &str, value: &str) {
        let known = self.api.server_variables;
        let Some((index, variable)) = known.iter().enumerate().find(|it| it.1.name == name) else {
            let names: Vec<_> = known.iter().map(|it| it.name).collect();
            return self.fault(match names.as_slice() {
                [] => "the API's URLs have no variables".to_owned(),
                names => {
                    format!("no variable of the API's URLs is named `{name}`; the names are: {}", names.join(", "))
                }
            });
        };
        let value = value.trim();
        if value.is_empty() || !value.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~".contains(&it)) {
            // It may hold anything, so it is not shown.
            return self
                .fault(format!("the value of `{name}` cannot be a part of a URL: write letters, digits and `-`"));
        }
        if !variable.values.is_empty() && !variable.values.contains(&value) {
            let values = variable.values.join(", ");
            return self.fault(format!("`{name}` has none of its values: {values}"));
        }
        self.variables[index] = Some(value.to_owned());
    }

    /// The URL of a server, with its variables filled in as far as they have values.
    pub(super) fn filled(&self, url: &str) -> String {
        let known = self.api.server_variables.iter().zip(&self.variables);
        known.fold(url.to_owned(), |url, (known, value)| match value.as_deref().or(known.default) {
            Some(value) => url.replace(&format!("{{{}}}", known.name), value),
            None => url,
        })
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

    pub(super) fn build(mut self) -> Result<Client> {
        // Any credential is enough to start with. A call that requires another one reports that.
        if self.needs_credential
            && !self.has_credential()
            && let Some(first) = self.api.credentials.first()
        {
            self.fault(missing(first, 0));
        }
        let mut agent = format!("{}/{}", self.api.name, self.api.version);
        if let Some(suffix) = &self.user_agent {
            agent = format!("{agent} {suffix}");
        }
        match HeaderValue::from_str(&agent) {
            Ok(value) => {
                self.headers.entry(http::header::USER_AGENT).or_insert(value);
            }
            Err(_) => self.fault("the user agent contains a character that a header cannot contain".to_owned()),
        }
        #[cfg(feature = "oauth2")]
        let token_urls = self.token_urls();
        let servers = self.api.servers.iter().zip(std::mem::take(&mut self.servers));
        let servers: Vec<_> = servers.map(|(known, own)| self.filled(own.as_deref().unwrap_or(known.1))).collect();
        // A call to another server says itself what its URL lacks.
        if let Some(message) = servers.first().and_then(|it| unfit(self.api, it)) {
            self.fault(message);
        }
        #[cfg(feature = "oauth2")]
        let called: Vec<_> = servers.iter().chain(token_urls.iter().flatten()).collect();
        #[cfg(not(feature = "oauth2"))]
        let called = &servers;
        let is_refused = |it: &str| unfit(self.api, it).is_none() && !self.insecure && base_url::is_insecure(it);
        let refused = called.iter().map(|it| it.as_str()).find(|it| is_refused(it));
        if let Some(url) = refused {
            let message = base_url::refusal(url, self.variable.as_deref());
            self.fault(message);
        }
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let mut secrets: Vec<_> = self.credentials.iter().flatten().map(Secret::to_bytes).collect();
        let pairs = self.api.credentials.iter().zip(&self.credentials);
        secrets.extend(pairs.filter_map(|(known, secret)| Some(known.password(secret.as_ref()?)?.to_bytes())));
        for (name, value) in &self.headers {
            redact::in_header(name.as_str(), value.as_bytes(), &mut secrets);
        }
        let parameters = self.take_parameters();
        #[allow(unused_mut, reason = "the tokens need the rest")]
        let mut shared = Shared {
            api: self.api,
            servers,
            credentials: self.credentials,
            headers: self.headers,
            secrets: Secrets::new(secrets),
            limits: self.limits,
            transport,
            clock: self.clock.unwrap_or_else(|| Arc::new(TokioClock)),
            parameters,
            signer: self.signer,
            #[cfg(feature = "oauth2")]
            tokens: Vec::new(),
        };
        #[cfg(feature = "oauth2")]
        {
            shared.tokens = super::tokens::prepare(self.tokens, token_urls, &shared);
        }
        Ok(Client { shared: Arc::new(shared) })
    }
}

/// Why nothing can be sent to a URL: it is missing, or a variable of it is.
pub(crate) fn unfit(api: &Api, url: &str) -> Option<String> {
    if url.is_empty() {
        let env = base_url_variable(api);
        return Some(format!(
            "the API has no URL of its own: set the environment variable {env}, or call `ClientBuilder::base_url(…)`"
        ));
    }
    let missing = |it: &&ServerVariable| url.contains(&format!("{{{}}}", it.name));
    let ServerVariable { name, env, .. } = api.server_variables.iter().find(missing)?;
    Some(format!(
        "the API's URL is `{url}`: set the environment variable {env}, or call \
         `ClientBuilder::server_variable(\"{name}\", …)`"
    ))
}

/// The environment variable of the base URL.
fn base_url_variable(api: &Api) -> String {
    format!("{}_BASE_URL", api.name.to_uppercase().replace('-', "_"))
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
