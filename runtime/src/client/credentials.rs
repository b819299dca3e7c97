//! Which credentials a call sends, and where.

use http::HeaderValue;

use super::{Client, Shared, malformed, missing};
use crate::operation::{BasicAuth, KeyPlace};
use crate::{Credential, Error, Operation, Result, Scheme, Secret};

/// Checks the scheme that a caller chose: [`check_scheme`]. Only the option refers to it, so programs that set none do not contain
/// it.
pub(crate) type CheckScheme = fn(&Shared, &[(usize, usize)], &str) -> Result<()>;

/// A credential as it is sent with one request.
pub(crate) enum SentCredential {
    Header(&'static str, HeaderValue),
    Query(&'static str, Secret),
    Cookie(&'static str, Secret),
    /// In a field of the body.
    Body(&'static str, Secret),
    /// An access token of this credential, which is fetched for each attempt.
    #[cfg(feature = "oauth2")]
    Token(usize, &'static Scheme),
}

impl Client {
    /// The credentials of a call: those of the first alternative for which there are all. `by_hand` says which headers the
    /// caller has set, whose credentials are neither needed nor sent.
    pub(crate) fn credentials(
        &self,
        operation: &'static Operation,
        another: Option<&(String, CheckScheme)>,
        by_hand: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<SentCredential>> {
        let shared = &*self.shared;
        let is_by_hand = |&(credential, scheme): &(usize, usize)| {
            let schemes = shared.api.credentials.get(credential).map_or(&[][..], |it| it.schemes);
            let named = another.and_then(|(name, _)| schemes.iter().find(|it| it.name == name));
            named.or(schemes.get(scheme)).and_then(|it| it.place.header()).is_some_and(by_hand)
        };
        let has_key = |it: &(usize, usize)| shared.has_credential(it.0);
        let is_whole = |all: &&&[(usize, usize)]| all.iter().all(|it| is_by_hand(it) || has_key(it));
        let Some(first) = operation.auth.first() else { return Ok(Vec::new()) };
        // What signs a request proves its origin without a credential.
        let fallback = shared.signer.is_some().then(|| operation.auth.first()).flatten();
        let Some(chosen) = operation.auth.iter().find(is_whole).or(fallback) else {
            let lacks = first.iter().find(|it| !is_by_hand(it) && !has_key(it)).map_or(0, |it| it.0);
            return Err(match shared.api.credentials.get(lacks) {
                Some(known) => Error::config(missing(known, lacks)),
                None => Error::config(format!("the API has no credential {lacks}")),
            }
            .of(operation));
        };
        if let Some((name, check)) = another {
            check(shared, chosen, name).map_err(|it| it.of(operation))?;
        }
        let mut sent = Vec::new();
        for &(credential, scheme) in chosen.iter().filter(|it| !is_by_hand(it)) {
            let Some(known) = shared.api.credentials.get(credential) else { continue };
            let named = another.and_then(|(name, _)| known.schemes.iter().find(|it| it.name == name));
            let Some(scheme) = named.or(known.schemes.get(scheme)) else { continue };
            if let Some(Some(secret)) = shared.credentials.get(credential) {
                sent.push(scheme.sent(secret).map_err(|why| malformed(known, why).of(operation))?);
                continue;
            }
            #[cfg(feature = "oauth2")]
            if shared.has_credential(credential) {
                sent.push(SentCredential::Token(credential, scheme));
            }
        }
        Ok(sent)
    }
}

impl Shared {
    /// Whether the client has a secret or tokens for a credential.
    fn has_credential(&self, index: usize) -> bool {
        let has_secret = self.credentials.get(index).is_some_and(Option::is_some);
        #[cfg(feature = "oauth2")]
        let has_secret = has_secret || self.tokens.get(index).is_some_and(Option::is_some);
        has_secret
    }
}

/// Fails if no credential of the call can be sent by the scheme that the caller chose.
pub(crate) fn check_scheme(shared: &Shared, chosen: &[(usize, usize)], asked: &str) -> Result<()> {
    let known = |it: &(usize, usize)| shared.api.credentials.get(it.0);
    let mut all = chosen.iter().filter_map(known);
    let Some(first) = chosen.first().and_then(known) else { return Ok(()) };
    if all.any(|it| it.schemes.iter().any(|it| it.name == asked)) {
        return Ok(());
    }
    let names: Vec<_> = first.schemes.iter().map(|it| it.name).collect();
    Err(Error::config(format!(
        "credential `{}` has no scheme `{asked}`; its schemes are: {}",
        first.name,
        names.join(", ")
    )))
}

impl Scheme {
    /// The error says what is wrong with the secret, without showing it.
    pub(crate) fn sent(&self, secret: &Secret) -> Result<SentCredential, &'static str> {
        let header = |value: HeaderValue, name| SentCredential::Header(name, value);
        match self.place {
            KeyPlace::Header(name) => secret.header_value(self.prefix).map(|it| header(it, name)),
            KeyPlace::Query(name) => secret.header_value("").map(|_| SentCredential::Query(name, secret.clone())),
            KeyPlace::Cookie(name) => {
                let fits = |it: u8| !matches!(it, b' ' | b'"' | b',' | b';' | b'\\');
                secret.header_value("")?;
                match secret.expose().bytes().all(fits) {
                    true => Ok(SentCredential::Cookie(name, secret.clone())),
                    false => Err("it contains a character that a cookie cannot contain"),
                }
            }
            KeyPlace::Body(_) if secret.expose().is_empty() => Err("it is empty"),
            KeyPlace::Body(name) => Ok(SentCredential::Body(name, secret.clone())),
            KeyPlace::Basic(how) => basic(how, secret).map(|it| header(it, "Authorization")),
        }
    }
}

#[cfg(feature = "basic")]
fn basic(how: BasicAuth, secret: &Secret) -> Result<HeaderValue, &'static str> {
    use base64::Engine as _;
    let key = secret.expose();
    if key.is_empty() {
        return Err("it is empty");
    }
    let (username, password) = match how {
        BasicAuth::Pair => key.split_once(':').ok_or("it is not a user name and a password, with `:` in between")?,
        BasicAuth::Username => (key, ""),
        BasicAuth::Password(username) => (username, key),
    };
    if username.contains(':') {
        return Err("a user name cannot contain `:`");
    }
    if key.chars().any(char::is_control) {
        return Err("it contains a control character");
    }
    let pair = Secret::from(format!("{username}:{password}"));
    let encoded = Secret::from(base64::engine::general_purpose::STANDARD.encode(pair.expose()));
    encoded.header_value("Basic ")
}

#[cfg(not(feature = "basic"))]
fn basic(_: BasicAuth, _: &Secret) -> Result<HeaderValue, &'static str> {
    Err("it is sent by HTTP basic authentication, which requires the feature `basic` of `specwright-runtime`")
}

impl Credential {
    /// Why a secret cannot be sent by some scheme.
    pub(crate) fn fault(&self, secret: &Secret) -> Option<&'static str> {
        self.schemes.iter().find_map(|it| it.sent(secret).err())
    }

    /// The password of a pair, which is a secret by itself.
    pub(crate) fn password(&self, secret: &Secret) -> Option<Secret> {
        self.username_env?;
        secret.expose().split_once(':').map(|it| it.1.into())
    }
}
