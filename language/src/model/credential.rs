//! Credentials: what a caller proves itself with, and how it is sent.

use crate::source::Span;

/// One secret of the caller and the ways to send it.
#[derive(Clone, Debug, Hash)]
pub struct Credential {
    /// `api_key`, `management_key`.
    pub name: String,
    /// Environment variable that `Client::from_env` reads: of the key, or of the password.
    pub env: String,
    /// Environment variable of the user name, if the credential is a user name and a password.
    pub username_env: Option<String>,
    /// Where a user gets it.
    pub doc: String,
    /// What a key looks like, for docs (`ank_…`).
    pub looks_like: Option<String>,
    /// Ways to send it; the first is the default. Never empty.
    pub schemes: Vec<AuthScheme>,
    /// How it is fetched, if it is an access token of OAuth 2. `env` then has the client's id.
    pub oauth2: Option<OAuth2>,
    /// Where it is written.
    pub span: Span,
}

impl Credential {
    /// The environment variables that hold it, and what each holds.
    #[must_use]
    pub fn variables(&self) -> Vec<(&str, &str)> {
        let mut all = Vec::new();
        if let Some(oauth2) = &self.oauth2 {
            all.push((&*self.env, "The id of the client."));
            all.extend(oauth2.client_secret_env.as_deref().map(|it| (it, "The secret of the client.")));
            all.extend(oauth2.refresh_token_env.as_deref().map(|it| (it, "The refresh token of a user.")));
            return all;
        }
        all.extend(self.username_env.as_deref().map(|it| (it, "The user name.")));
        all.push((&*self.env, &*self.doc));
        all
    }
}

/// How access tokens of OAuth 2 are fetched.
#[derive(Clone, Debug, Hash)]
pub struct OAuth2 {
    /// What the client proves itself with.
    pub grant: Grant,
    /// The token endpoint: a URL, or a path under the API's first server.
    pub token_url: String,
    /// Where a user consents, for a refresh token.
    pub authorization_url: Option<String>,
    /// What tokens permit, each with its words.
    pub scopes: Vec<(String, String)>,
    /// Where the client's id and secret are sent.
    pub client_authentication: ClientAuthentication,
    /// Further fields of the request for a token.
    pub parameters: Vec<(String, String)>,
    /// Environment variable of the client's secret, if it has one.
    pub client_secret_env: Option<String>,
    /// Environment variable of the refresh token, if there is one.
    pub refresh_token_env: Option<String>,
}

/// What a client proves itself with to get an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// Its id and its secret.
    ClientCredentials,
    /// A token that a user's consent has brought.
    RefreshToken,
}

/// Where the id and the secret of a client are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAuthentication {
    /// By HTTP basic authentication.
    Basic,
    /// As fields of the body.
    Body,
    /// There is only an id, as a field of the body.
    None,
}

/// One way to send a credential.
#[derive(Clone, Debug, Hash)]
pub struct AuthScheme {
    /// `bearer`, `x_api_key`.
    pub name: String,
    /// Where it is sent.
    pub place: KeyPlace,
    /// Text before the key in a header, `Bearer ` included space.
    pub prefix: String,
}

/// Where a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// In a header, whose name is as documented.
    Header(String),
    /// In a query parameter.
    Query(String),
    /// In a cookie.
    Cookie(String),
    /// In a field of the body.
    Body(String),
    /// As HTTP basic authentication.
    Basic(BasicAuth),
}

/// What the secret is of the user name and the password of HTTP basic authentication.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BasicAuth {
    /// Both.
    Pair,
    /// The user name; the password is empty.
    Username,
    /// The password; this is the user name.
    Password(String),
}

impl AuthScheme {
    /// The header that holds it and nothing else.
    #[must_use]
    pub fn header(&self) -> Option<&str> {
        match &self.place {
            KeyPlace::Header(name) => Some(name),
            KeyPlace::Query(_) | KeyPlace::Cookie(_) | KeyPlace::Body(_) => None,
            KeyPlace::Basic(_) => Some("Authorization"),
        }
    }

    /// The query parameter that holds it.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        match &self.place {
            KeyPlace::Query(name) => Some(name),
            KeyPlace::Header(_) | KeyPlace::Cookie(_) | KeyPlace::Body(_) | KeyPlace::Basic(_) => None,
        }
    }

    /// The field of the body that holds it.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        match &self.place {
            KeyPlace::Body(name) => Some(name),
            KeyPlace::Header(_) | KeyPlace::Query(_) | KeyPlace::Cookie(_) | KeyPlace::Basic(_) => None,
        }
    }
}

/// Which credential an operation sends, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Auth {
    /// Index in [`Api::credentials`](super::Api::credentials).
    pub credential: usize,
    /// Index in [`Credential::schemes`].
    pub scheme: usize,
    /// What an access token must permit.
    pub scopes: Vec<String>,
}
