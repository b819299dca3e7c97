//! `credentials:` and `auth:`: what a caller proves itself with, and what an operation needs.

use super::document::{AuthDoc, CredentialDoc, CredentialUseDoc, KeyPlaceDoc, SchemeDoc, Text};
use super::oauth2;
use super::read::{self, Map};
use crate::diagnostics::{Diagnostics, decode};
use crate::model::BasicAuth;
use crate::source::{Span, Spanned};
use crate::yaml::{Entry, Kind, Node};

/// Ways to send a credential.
const PLACES: &[&str] = &["header", "query", "cookie", "body", "basic"];

pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Vec<CredentialDoc> {
    let entries = read::entries(node, "credentials", out).unwrap_or_default();
    entries.iter().map(|it| credential(it, out)).collect()
}

fn credential(written: &Entry, out: &mut Diagnostics) -> CredentialDoc {
    let name = written.name();
    let Some(mut map) = Map::of(&written.value, "a credential", out) else {
        // The name stays, so that nothing that refers to it is reported too.
        let (env, username_env, doc, looks_like) = (None, None, String::new(), None);
        return CredentialDoc { name, env, username_env, doc, looks_like, schemes: Vec::new(), oauth2: None };
    };
    let is_oauth2 = map.entry("oauth2").is_some();
    let oauth2 = map.take("oauth2").and_then(|it| oauth2::decode(it, out));
    let written_env = map.require("env", out);
    let is_pair = !is_oauth2 && written_env.is_some_and(|it| matches!(it.kind, Kind::Map(_)));
    let oauth2 = oauth2.map(|it| {
        let env = written_env.and_then(|node| oauth2::env(node, &it, out));
        (it, env)
    });
    let (username_env, env) = match written_env {
        _ if is_oauth2 => (None, None),
        Some(node) if is_pair => pair(node, out),
        Some(node) => (None, read::text(node, out)),
        None => (None, None),
    };
    let doc = map.prose("doc", out).unwrap_or_default();
    let looks_like = map.prose("looks_like", out);
    let send = map.entry("send");
    let schemes = match (map.take("send"), is_pair) {
        (Some(node), false) => schemes(node, out),
        (Some(node), true) => {
            let problem = "a user name and a password are sent by HTTP basic authentication";
            let span = send.map_or(node.span, |it| it.key.span);
            out.push(decode::bad_shape(problem, "leave `send` out", span));
            vec![basic_pair(name.span)]
        }
        (None, true) => vec![basic_pair(name.span)],
        (None, false) if is_oauth2 => vec![oauth2::bearer(name.span)],
        (None, false) => {
            out.push(decode::missing_key("send", "a credential", map.span()));
            Vec::new()
        }
    };
    map.finish(out);
    CredentialDoc { name, env, username_env, doc, looks_like, schemes, oauth2 }
}

/// `env: {username: ACME_USER, password: ACME_PASSWORD}`
fn pair(node: &Node, out: &mut Diagnostics) -> (Option<Text>, Option<Text>) {
    let Some(mut map) = Map::of(node, "the variables of a user name and a password", out) else { return (None, None) };
    let found = (map.need_text("username", out), map.need_text("password", out));
    map.finish(out);
    found
}

fn basic_pair(span: Span) -> SchemeDoc {
    let place = Some(KeyPlaceDoc::Basic(BasicAuth::Pair, span));
    SchemeDoc { name: Spanned::new("basic".to_owned(), span), place, prefix: String::new() }
}

fn schemes(node: &Node, out: &mut Diagnostics) -> Vec<SchemeDoc> {
    let mut schemes = Vec::new();
    for written in read::entries(node, "ways to send a credential", out).unwrap_or_default() {
        schemes.extend(scheme(written, out));
    }
    if schemes.is_empty() {
        out.push(decode::empty("send", node.span));
    }
    schemes
}

/// `{header: Authorization, prefix: "Bearer "}`, `{query: key}`, `{cookie: sid}`, `{body: key}`, `{basic: username}` or
/// `{basic: password, username: api}`.
fn scheme(written: &Entry, out: &mut Diagnostics) -> Option<SchemeDoc> {
    let node = &written.value;
    let mut map = Map::of(node, "a way to send a credential", out)?;
    let keys: Vec<Span> = PLACES.iter().filter_map(|it| node.get(it)).map(|it| it.key.span).collect();
    match keys.as_slice() {
        [] => out.push(decode::one_of_keys("a way to send a credential", PLACES, map.span())),
        [_] => {}
        [first, second, ..] => out.push(decode::keys_exclude("a credential is sent in one place", *first, *second)),
    }
    for (key, other) in [("prefix", "header"), ("username", "basic")] {
        if let (Some(entry), None) = (node.get(key), node.get(other)) {
            out.push(decode::needs_key(key, other, entry.key.span));
        }
    }
    let header = map.text("header", out).map(KeyPlaceDoc::Header);
    let query = map.text("query", out).map(KeyPlaceDoc::Query);
    let cookie = map.text("cookie", out).map(KeyPlaceDoc::Cookie);
    let body = map.text("body", out).map(KeyPlaceDoc::Body);
    let prefix = map.text("prefix", out).map(|it| it.value).unwrap_or_default();
    let username = map.text("username", out);
    let basic = map.entry("basic").map(|it| it.key.span);
    let is_username: Option<bool> = map.word("basic", &[("username", true), ("password", false)], out);
    let basic = match (is_username, basic, username) {
        (Some(true), Some(span), None) => Some(KeyPlaceDoc::Basic(BasicAuth::Username, span)),
        (Some(true), Some(span), Some(username)) => {
            out.push(decode::keys_exclude("the key is the user name already", span, username.span));
            None
        }
        (Some(false), Some(span), username) => {
            let username = username.map(|it| it.value).unwrap_or_default();
            Some(KeyPlaceDoc::Basic(BasicAuth::Password(username), span))
        }
        _ => None,
    };
    map.finish(out);
    let place = header.or(query).or(cookie).or(body).or(basic);
    Some(SchemeDoc { name: written.name(), place, prefix })
}

/// A credential, or a list of alternatives. An alternative is a credential, or a list of credentials that are sent
/// together.
pub(super) fn auth(node: &Node, out: &mut Diagnostics) -> AuthDoc {
    let Kind::Seq(alternatives) = &node.kind else {
        return credential_use(node, out).map(|it| vec![vec![it]]).unwrap_or_default();
    };
    if alternatives.is_empty() {
        out.push(decode::empty("auth", node.span));
    }
    let together = |it: &Node, out: &mut Diagnostics| match &it.kind {
        Kind::Seq(all) => all.iter().filter_map(|it| credential_use(it, out)).collect::<Vec<_>>(),
        Kind::Map(_) | Kind::Scalar(_) => credential_use(it, out).into_iter().collect(),
    };
    alternatives.iter().map(|it| together(it, out)).filter(|it| !it.is_empty()).collect()
}

/// `api_key`, or `{app: [read, write]}` with the scopes that its token must have.
fn credential_use(node: &Node, out: &mut Diagnostics) -> Option<CredentialUseDoc> {
    if node.as_map().is_none() {
        return read::text(node, out).map(|name| CredentialUseDoc { name, scopes: Vec::new() });
    }
    let entries = read::entries(node, "a credential with scopes", out)?;
    let [entry] = entries else {
        let help =
            "write one credential with its scopes: `{app: [read]}`; what is sent together is a list inside of the list";
        out.push(decode::bad_shape("scopes belong to one credential", help, node.span));
        return None;
    };
    let scopes = read::texts(&entry.value, out);
    if scopes.is_empty() {
        out.push(decode::empty("scopes", entry.value.span));
    }
    Some(CredentialUseDoc { name: entry.name(), scopes })
}
