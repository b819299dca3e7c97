//! The token endpoint of OAuth 2: any client gets a token that the server accepts.
//!
//! It refuses what a real one does: a request without the id or the secret of a client, another grant, an unknown scope, and
//! a secret or a refresh token that contains `revoked`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::request::Parts;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};
use specwright_codegen::model::{ClientAuthentication, Grant};
use specwright_codegen::validate::read_query;

use crate::body;
use crate::keys;
use crate::outcome::Outcome;
use crate::prepare::PreparedApi;
use crate::shared::Shared;

/// How long a token is valid, in seconds.
const LIFETIME: u32 = 3600;

/// Answers a request for a token.
pub(crate) async fn answer(
    shared: &Shared,
    prepared: &PreparedApi,
    path: &str,
    head: &Parts,
    body: Incoming,
) -> Outcome {
    let Ok(held) = body::read(body, shared.settings.limits, &shared.held).await else {
        return refused(400, "invalid_request", "The body cannot be read");
    };
    let form = std::str::from_utf8(&held.bytes).map(read_query).unwrap_or_default();
    let field = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default();
    let known = prepared.api.credentials.iter().filter_map(|it| Some((it, it.oauth2.as_ref()?)));
    let here: Vec<_> = known.filter(|it| prepared.token_path(it.1) == path).collect();
    let grant = match field("grant_type") {
        "client_credentials" => Some(Grant::ClientCredentials),
        "refresh_token" => Some(Grant::RefreshToken),
        _ => None,
    };
    let Some((credential, oauth2)) = here.into_iter().find(|it| Some(it.1.grant) == grant) else {
        return refused(400, "unsupported_grant_type", "No token is given for this grant");
    };
    let basic = basic(head);
    let (id, secret) = match oauth2.client_authentication {
        ClientAuthentication::Basic => basic.unwrap_or_default(),
        ClientAuthentication::Body => (field("client_id").to_owned(), field("client_secret").to_owned()),
        ClientAuthentication::None => (field("client_id").to_owned(), "none".to_owned()),
    };
    if id.is_empty() || secret.is_empty() || secret.contains("revoked") {
        return refused(401, "invalid_client", "The client is not known");
    }
    let refresh = field("refresh_token");
    if oauth2.grant == Grant::RefreshToken && (refresh.is_empty() || refresh.contains("revoked")) {
        return refused(400, "invalid_grant", "The refresh token is not valid");
    }
    let known: Vec<&str> = oauth2.scopes.iter().map(|it| it.0.as_str()).collect();
    let asked: Vec<&str> = field("scope").split(' ').filter(|it| !it.is_empty()).collect();
    if !known.is_empty() && asked.iter().any(|it| !known.contains(it)) {
        return refused(400, "invalid_scope", "A scope is not known");
    }
    let scopes = if asked.is_empty() { known } else { asked.clone() };
    let own = (!asked.is_empty()).then(|| asked.join(" "));
    let token = keys::token(&credential.name, shared.next(), own.as_deref());
    let mut fields = Map::new();
    fields.insert("access_token".to_owned(), token.into());
    fields.insert("token_type".to_owned(), "Bearer".into());
    fields.insert("expires_in".to_owned(), LIFETIME.into());
    if !scopes.is_empty() {
        fields.insert("scope".to_owned(), scopes.join(" ").into());
    }
    Outcome::json(200, &Value::Object(fields)).header(http::header::CACHE_CONTROL, "no-store")
}

fn refused(status: u16, code: &str, words: &str) -> Outcome {
    Outcome::json(status, &json!({"error": code, "error_description": words}))
}

/// The id and the secret, which are encoded as in a form.
fn basic(head: &Parts) -> Option<(String, String)> {
    let header = head.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    let bytes = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    let plain = |text: &str| read_query(&format!("it={text}")).get("it").and_then(Value::as_str).map(str::to_owned);
    Some((plain(id)?, plain(secret)?))
}
