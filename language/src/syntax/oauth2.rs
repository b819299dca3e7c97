//! `oauth2:` of a credential: how its access tokens are fetched.

use super::document::{OAuth2Doc, OAuth2EnvDoc, SchemeDoc, Text};
use super::read::{self, Map};
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{ClientAuthentication, Grant};
use crate::source::{Span, Spanned};
use crate::yaml::{Kind, Node};

/// `{grant: client_credentials, token_url: …, scopes: …}`
pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<OAuth2Doc> {
    let mut map = Map::of(node, "OAuth 2", out)?;
    let span = map.span();
    let grants = [("client_credentials", Grant::ClientCredentials), ("refresh_token", Grant::RefreshToken)];
    let has_grant = map.require("grant", out).is_some();
    let grant = map.word("grant", &grants, out);
    let token_url = map.need_text("token_url", out);
    let authorization = map.entry("authorization_url").map(|it| it.key.span);
    let authorization_url = map.text("authorization_url", out);
    match (grant, authorization) {
        (Some(Grant::RefreshToken), None) => {
            out.push(decode::missing_key("authorization_url", "a refresh token", span))
        }
        (Some(Grant::ClientCredentials), Some(span)) => {
            let help = "remove it, or say `grant: refresh_token`";
            out.push(decode::bad_shape("no user consents to client credentials", help, span));
        }
        _ => {}
    }
    let scopes = map.take("scopes").map(|it| scopes(it, out)).unwrap_or_default();
    let ways = [
        ("basic", ClientAuthentication::Basic),
        ("body", ClientAuthentication::Body),
        ("none", ClientAuthentication::None),
    ];
    let client_authentication = map.word("client_authentication", &ways, out).unwrap_or(ClientAuthentication::Basic);
    let mut parameters = Vec::new();
    if let Some(node) = map.take("parameters") {
        for entry in read::entries(node, "fields of a request for a token", out).unwrap_or_default() {
            parameters.extend(read::text(&entry.value, out).map(|it| (entry.name(), it)));
        }
    }
    map.finish(out);
    let grant = grant.filter(|_| has_grant)?;
    Some(OAuth2Doc { grant, token_url: token_url?, authorization_url, scopes, client_authentication, parameters })
}

/// `[read, play]`, or with words `{read: Reading records.}`.
fn scopes(node: &Node, out: &mut Diagnostics) -> Vec<(Text, String)> {
    if let Kind::Seq(_) = &node.kind {
        return read::texts(node, out).into_iter().map(|it| (it, String::new())).collect();
    }
    let entries = read::entries(node, "scopes", out).unwrap_or_default();
    entries.iter().map(|it| (it.name(), read::prose(&it.value, out).map(|it| it.value).unwrap_or_default())).collect()
}

/// `env: {client_id: ACME_ID, client_secret: ACME_SECRET, refresh_token: ACME_TOKEN}`
pub(super) fn env(node: &Node, doc: &OAuth2Doc, out: &mut Diagnostics) -> Option<OAuth2EnvDoc> {
    let mut map = Map::of(node, "the variables of OAuth 2", out)?;
    let client_id = map.need_text("client_id", out);
    let mut only = |key: &'static str, is_needed: bool, why: &str, out: &mut Diagnostics| {
        let written = map.entry(key).map(|it| it.key.span);
        let text = if is_needed { map.need_text(key, out) } else { map.text(key, out) };
        if let Some(span) = written.filter(|_| !is_needed) {
            out.push(decode::bad_shape(why, &format!("remove `{key}`"), span));
        }
        text.filter(|_| is_needed)
    };
    let has_secret = doc.client_authentication != ClientAuthentication::None;
    let client_secret = only("client_secret", has_secret, "`client_authentication: none` sends no secret", out);
    let is_refreshed = doc.grant == Grant::RefreshToken;
    let refresh_token = only("refresh_token", is_refreshed, "client credentials need no refresh token", out);
    map.finish(out);
    Some(OAuth2EnvDoc { client_id: client_id?, client_secret, refresh_token })
}

/// How tokens are sent unless the spec says otherwise: RFC 6750.
pub(super) fn bearer(span: Span) -> SchemeDoc {
    let header = Spanned::new("Authorization".to_owned(), span);
    SchemeDoc {
        name: Spanned::new("bearer".to_owned(), span),
        place: Some(super::document::KeyPlaceDoc::Header(header)),
        prefix: "Bearer ".to_owned(),
    }
}
