//! Access tokens in words.

use super::code;
use crate::model::{Api, ClientAuthentication, Grant, OAuth2, Operation};

/// How access tokens are fetched, as full sentences.
#[must_use]
pub fn oauth2(oauth2: &OAuth2) -> String {
    let grant = match oauth2.grant {
        Grant::ClientCredentials => "with the client credentials",
        Grant::RefreshToken => "with a refresh token",
    };
    let client = match oauth2.client_authentication {
        ClientAuthentication::Basic => ", and the client's id and secret by HTTP basic authentication",
        ClientAuthentication::Body => ", and the client's id and secret in the body",
        ClientAuthentication::None => ", and the client's id in the body",
    };
    let mut sentences =
        vec![format!("An access token of OAuth 2, fetched {grant} from {}{client}.", code(&oauth2.token_url))];
    sentences.extend(oauth2.authorization_url.as_ref().map(|it| format!("A user consents at {}.", code(it))));
    let scopes: Vec<String> = oauth2
        .scopes
        .iter()
        .map(|(name, doc)| match doc.trim().trim_end_matches('.') {
            "" => code(name),
            doc => format!("{} ({doc})", code(name)),
        })
        .collect();
    if !scopes.is_empty() {
        sentences.push(format!("Its scopes are {}.", scopes.join(", ")));
    }
    sentences.join(" ")
}

/// The scopes that an operation needs, as full sentences.
#[must_use]
pub fn scopes(api: &Api, operation: &Operation) -> Option<String> {
    let mut sentences: Vec<String> = Vec::new();
    for auth in operation.auth.iter().flatten().filter(|it| !it.scopes.is_empty()) {
        let Some(credential) = api.credentials.get(auth.credential) else { continue };
        let scopes: Vec<String> = auth.scopes.iter().map(|it| code(it)).collect();
        let word = if scopes.len() == 1 { "scope" } else { "scopes" };
        sentences.push(format!("The token of {} needs the {word} {}.", code(&credential.name), scopes.join(", ")));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
