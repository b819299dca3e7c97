//! The credentials of an API, and the ways to send them.

/// A secret and the schemes for sending it.
#[derive(Debug)]
pub struct Credential {
    /// `api_key`.
    pub name: &'static str,
    /// Environment variable of the key or the password.
    pub env: &'static str,
    /// Environment variable of the user name, if the credential is a user name and a password. The secret is then both, with
    /// `:` in between.
    pub username_env: Option<&'static str>,
    /// Ways to send it.
    pub schemes: &'static [Scheme],
    /// How an access token is fetched that is sent in place of a secret.
    pub oauth2: Option<&'static OAuth2Spec>,
}

impl Credential {
    /// A key, from this environment variable.
    #[must_use]
    pub const fn key(name: &'static str, env: &'static str, schemes: &'static [Scheme]) -> Self {
        Self { name, env, username_env: None, schemes, oauth2: None }
    }

    /// A user name and a password, from these environment variables.
    #[must_use]
    pub const fn pair(name: &'static str, envs: [&'static str; 2], schemes: &'static [Scheme]) -> Self {
        let [username_env, env] = envs;
        Self { name, env, username_env: Some(username_env), schemes, oauth2: None }
    }

    /// An access token of OAuth 2.
    #[must_use]
    pub const fn oauth2(name: &'static str, spec: &'static OAuth2Spec, schemes: &'static [Scheme]) -> Self {
        Self { name, env: spec.client_id_env, username_env: None, schemes, oauth2: Some(spec) }
    }
}

/// How access tokens of OAuth 2 are fetched.
#[derive(Debug)]
pub struct OAuth2Spec {
    /// What the client proves itself with.
    pub grant: Grant,
    /// The token endpoint: a URL, or a path under the API's first server.
    pub token_url: &'static str,
    /// What the token permits.
    pub scopes: &'static [&'static str],
    /// Where the client's id and secret are sent.
    pub client_authentication: ClientAuthentication,
    /// Further fields of the request for a token.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Environment variable of the client's id.
    pub client_id_env: &'static str,
    /// Environment variable of the client's secret; `None` for a public client, which has none.
    pub client_secret_env: Option<&'static str>,
    /// Environment variable of the refresh token.
    pub refresh_token_env: Option<&'static str>,
}

/// What a client proves itself with to get an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// Its id and its secret.
    ClientCredentials,
    /// A token that a user's consent has brought.
    RefreshToken,
}

/// Where the id and the secret of a client are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// By HTTP basic authentication.
    Basic,
    /// As fields of the body.
    Body,
    /// There is only an id, as a field of the body.
    None,
}

/// One way to send a secret.
#[derive(Debug)]
pub struct Scheme {
    /// `bearer`.
    pub name: &'static str,
    /// Where it is sent.
    pub place: KeyPlace,
    /// Text before the secret, in a header.
    pub prefix: &'static str,
}

/// Where a secret is sent.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum KeyPlace {
    /// In the header of this name.
    Header(&'static str),
    /// In the query parameter of this name.
    Query(&'static str),
    /// In the cookie of this name.
    Cookie(&'static str),
    /// In the field of this name of the body.
    Body(&'static str),
    /// As HTTP basic authentication (RFC 7617).
    Basic(BasicAuth),
}

impl KeyPlace {
    /// The header that carries it and nothing else.
    pub(crate) fn header(self) -> Option<&'static str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Query(_) | Self::Cookie(_) | Self::Body(_) => None,
            Self::Basic(_) => Some("Authorization"),
        }
    }
}

/// What the secret is of a user name and a password.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum BasicAuth {
    /// Both, with `:` in between.
    Pair,
    /// The user name; the password is empty.
    Username,
    /// The password; this is the user name.
    Password(&'static str),
}

impl Scheme {
    /// In a header, after `prefix`.
    #[must_use]
    pub const fn header(name: &'static str, header: &'static str, prefix: &'static str) -> Self {
        Self { name, place: KeyPlace::Header(header), prefix }
    }

    /// In a query parameter.
    #[must_use]
    pub const fn query(name: &'static str, parameter: &'static str) -> Self {
        Self { name, place: KeyPlace::Query(parameter), prefix: "" }
    }

    /// In a cookie.
    #[must_use]
    pub const fn cookie(name: &'static str, cookie: &'static str) -> Self {
        Self { name, place: KeyPlace::Cookie(cookie), prefix: "" }
    }

    /// In a field of the body.
    #[must_use]
    pub const fn body(name: &'static str, field: &'static str) -> Self {
        Self { name, place: KeyPlace::Body(field), prefix: "" }
    }

    /// As HTTP basic authentication.
    #[must_use]
    pub const fn basic(name: &'static str, how: BasicAuth) -> Self {
        Self { name, place: KeyPlace::Basic(how), prefix: "" }
    }
}
