//! Credentials, and which operations need them.

use std::collections::BTreeMap;

use super::Planner;
use crate::finding::{Findings, Place, fault};
use crate::gaps;
use crate::openapi::{Flow, Requirement, SchemeKind};
use crate::spec::{Auth, Credential, CredentialUse, Entry, Env, OAuth2, Operation, Send};
use crate::text;

/// The credentials of an API: their names by those of the document's schemes.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    pub list: Vec<Credential>,
    by_scheme: BTreeMap<String, String>,
}

impl Credentials {
    /// Where each credential of an operation is sent, and its name.
    pub(super) fn sent_by(&self, auth: Option<&Auth>) -> Vec<(Send, String)> {
        let mut found: Vec<(Send, String)> = Vec::new();
        for used in auth.into_iter().flatten().flatten() {
            let send = self.list.iter().find(|it| it.name == used.name).and_then(|it| it.send.clone());
            found
                .extend(send.filter(|_| !found.iter().any(|it| it.1 == used.name)).map(|it| (it.1, used.name.clone())));
        }
        found
    }
}

/// A parameter that is a credential is no parameter.
pub(super) fn drop_parameter(operation: &mut Operation, send: &Send, credential: &str, out: &mut Findings) {
    let (list, wanted) = match send {
        Send::Header { name, .. } => (&mut operation.headers, name),
        Send::Query(name) => (&mut operation.query, name),
        Send::Cookie(name) => (&mut operation.cookies, name),
    };
    let is_header = matches!(send, Send::Header { .. });
    let is_it = |it: &Entry| it.name == *wanted || is_header && it.name.eq_ignore_ascii_case(wanted);
    if list.iter().any(is_it) {
        list.retain(|it| !is_it(it));
        out.push(gaps::CREDENTIAL_PARAMETER.at(operation.place.clone(), &[wanted, credential]));
    }
}

impl Planner<'_> {
    /// The credentials that some operation needs.
    pub(super) fn credentials(&mut self, api: &str) -> Credentials {
        let document = self.document;
        let mut found = Credentials::default();
        let of_operations = document.operations.iter().filter_map(|it| it.security.as_ref()).flatten().flatten();
        let used: Vec<&str> = document.security.iter().flatten().chain(of_operations).map(|it| it.0.as_str()).collect();
        // Schemes that nothing asks for are those of every operation.
        let all = used.is_empty();
        let schemes: Vec<_> = document.schemes.iter().filter(|it| all || used.contains(&it.0.as_str())).collect();
        let alone = schemes.len() == 1;
        for (scheme, written) in schemes {
            let send = match &written.kind {
                SchemeKind::Header(name) | SchemeKind::Query(name) | SchemeKind::Cookie(name)
                    if !text::is_header_name(name) =>
                {
                    self.out.push(gaps::SCHEME.at(written.place.clone(), &[scheme]));
                    continue;
                }
                SchemeKind::Header(name) => {
                    let prefix = prefix_of(name, &written.description);
                    Some(("header", Send::Header { name: name.clone(), prefix }))
                }
                SchemeKind::Query(name) => Some(("query", Send::Query(name.clone()))),
                SchemeKind::Cookie(name) => Some(("cookie", Send::Cookie(name.clone()))),
                SchemeKind::Bearer | SchemeKind::OAuth2(_) | SchemeKind::OpenId => {
                    let header = Send::Header { name: "Authorization".to_owned(), prefix: "Bearer ".to_owned() };
                    Some(("bearer", header))
                }
                SchemeKind::Basic => None,
                SchemeKind::Other(what) => {
                    self.out.push(gaps::SCHEME.at(written.place.clone(), &[what]));
                    continue;
                }
            };
            let asked = document.operations.iter().filter_map(|it| it.security.as_ref()).chain([&document.security]);
            let asked = asked.flatten().flatten().filter(|it| it.0 == *scheme).flat_map(|it| &it.1);
            let oauth2 = match &written.kind {
                SchemeKind::OAuth2(flows) => oauth2(flows, self.origin().as_deref()).map(|it| with_scopes(it, asked)),
                _ => None,
            };
            let mut unclear = None;
            if oauth2.is_none() && matches!(written.kind, SchemeKind::OAuth2(_) | SchemeKind::OpenId) {
                self.out.push(gaps::OAUTH2.at(written.place.clone(), &[]));
                unclear = Some("OAuth 2 in the document; the caller fetches the token.".to_owned());
            }
            // How tokens are sent is known.
            let send = send.filter(|_| oauth2.is_none());
            let own = text::snake(scheme);
            let own = if own.is_empty() { "key".to_owned() } else { own };
            let plain = match written.kind {
                SchemeKind::Basic => "login",
                _ if oauth2.is_some() => "app",
                SchemeKind::Bearer | SchemeKind::OAuth2(_) | SchemeKind::OpenId => "token",
                _ => "api_key",
            };
            let mut name = if alone { plain.to_owned() } else { own };
            while found.list.iter().any(|it| it.name == name) {
                name.push_str("_2");
            }
            let stem = format!("{}_{}", api.to_ascii_uppercase(), name.to_ascii_uppercase());
            let env = match written.kind {
                SchemeKind::Basic => {
                    Env::Pair { username: format!("{stem}_USER"), password: format!("{stem}_PASSWORD") }
                }
                _ if oauth2.is_some() => {
                    let refreshed = oauth2.as_ref().is_some_and(|it| it.grant == "refresh_token");
                    let mut all = vec![
                        ("client_id", format!("{stem}_CLIENT_ID")),
                        ("client_secret", format!("{stem}_CLIENT_SECRET")),
                    ];
                    all.extend(refreshed.then(|| ("refresh_token", format!("{stem}_REFRESH_TOKEN"))));
                    Env::OAuth2(all)
                }
                _ => Env::Key(stem),
            };
            let doc = text::prose(&written.description);
            found.by_scheme.insert(scheme.clone(), name.clone());
            let send = send.map(|(way, send)| (way.to_owned(), send));
            found.list.push(Credential { name, env, doc, send, oauth2, unclear });
        }
        found
    }

    /// `https://tea.example` of the first server, if its host has no variables.
    fn origin(&self) -> Option<String> {
        let url = &self.document.servers.first()?.url;
        let host = url.strip_prefix("https://")?.split('/').next()?;
        let is_host = |it: char| it.is_ascii_alphanumeric() || "-.:".contains(it);
        (!host.is_empty() && host.chars().all(is_host)).then(|| format!("https://{host}"))
    }

    /// The alternatives of a list of requirements; nothing for the API's default.
    pub(super) fn auth(&mut self, credentials: &Credentials, requirements: &[Requirement]) -> Auth {
        if credentials.list.is_empty() {
            return Vec::new();
        }
        if requirements.is_empty() {
            return vec![Vec::new()];
        }
        let mut alternatives: Auth = Vec::new();
        for together in requirements {
            let mut names = Vec::new();
            for (scheme, scopes, place) in together {
                match credentials.by_scheme.get(scheme) {
                    Some(name) => {
                        let of = credentials.list.iter().find(|it| it.name == *name).and_then(|it| it.oauth2.as_ref());
                        let known = |it: &&String| of.is_some_and(|of| of.scopes.iter().any(|known| known.0 == **it));
                        let scopes = scopes.iter().filter(known).cloned().collect();
                        names.push(CredentialUse { name: name.clone(), scopes });
                    }
                    None if self.document.schemes.iter().any(|it| it.0 == *scheme) => {}
                    None => self.out.push(fault::unknown_scheme(scheme, place.clone())),
                }
            }
            if names.is_empty() && !together.is_empty() {
                continue;
            }
            let place = together.first().map(|it| &it.2);
            for names in self.apart_by_header(credentials, names, place) {
                if !alternatives.contains(&names) {
                    alternatives.push(names);
                }
            }
        }
        if alternatives.is_empty() { vec![Vec::new()] } else { alternatives }
    }
}

impl Planner<'_> {
    /// A header has one value: of credentials that are sent in the same one, each is an alternative.
    fn apart_by_header(&mut self, credentials: &Credentials, names: Vec<CredentialUse>, place: Option<&Place>) -> Auth {
        let header =
            |it: &CredentialUse| credentials.list.iter().find(|of| of.name == it.name).and_then(Credential::header);
        let is_same = |one: &CredentialUse, other: &CredentialUse| {
            header(one).is_some_and(|it| header(other).is_some_and(|other| it.eq_ignore_ascii_case(&other)))
        };
        let of_same = |it: &CredentialUse| names.iter().filter(|other| is_same(it, other)).count() > 1;
        let shared: Vec<&CredentialUse> = names.iter().filter(|it| of_same(it)).collect();
        let [first, second, ..] = shared.as_slice() else { return vec![names] };
        if let (Some(header), Some(place)) = (header(first), place) {
            self.out.push(fault::shared_header(&first.name, &second.name, &header, place.clone()));
        }
        let without = |kept: &CredentialUse| {
            names.iter().filter(|it| it.name == kept.name || !is_same(it, kept)).cloned().collect()
        };
        shared.into_iter().map(without).collect()
    }
}

impl Credential {
    /// The header that it is sent in.
    fn header(&self) -> Option<String> {
        match (&self.send, &self.env) {
            (Some((_, Send::Header { name, .. })), _) => Some(name.clone()),
            (_, Env::Pair { .. } | Env::OAuth2(_)) => Some("Authorization".to_owned()),
            _ => None,
        }
    }
}

/// How the client fetches tokens by itself, if one of the flows lets it. `origin` is that of the first server.
fn oauth2(flows: &[Flow], origin: Option<&str>) -> Option<OAuth2> {
    let url = |it: &Option<String>| {
        let it = it.clone()?;
        (it.starts_with("https://") || it.starts_with('/')).then_some(it).filter(|it| !it.contains(['{', ' ', '#']))
    };
    let scopes = |flow: &Flow| {
        let all = flow.scopes.iter().filter(|it| is_scope(&it.0));
        all.map(|it| (it.0.clone(), text::plain(&it.1))).collect()
    };
    let of = |kind: &str| flows.iter().find(|it| it.kind == kind);
    if let Some(flow) = of("clientCredentials")
        && let Some(token_url) = url(&flow.token_url)
    {
        let grant = "client_credentials";
        return Some(OAuth2 { grant, token_url, authorization_url: None, scopes: scopes(flow) });
    }
    let flow = of("authorizationCode")?;
    // It is opened in a browser, so that it has a host.
    let authorization_url = match url(&flow.authorization_url)? {
        path if path.starts_with('/') => format!("{}{path}", origin?),
        url => url,
    };
    Some(OAuth2 {
        grant: "refresh_token",
        token_url: url(&flow.token_url)?,
        authorization_url: Some(authorization_url),
        scopes: scopes(flow),
    })
}

/// With scopes that operations ask for, though no flow lists them.
fn with_scopes<'a>(mut oauth2: OAuth2, asked: impl Iterator<Item = &'a String>) -> OAuth2 {
    for scope in asked.filter(|it| is_scope(it)) {
        if oauth2.scopes.iter().all(|it| it.0 != *scope) {
            oauth2.scopes.push((scope.clone(), String::new()));
        }
    }
    oauth2
}

/// The characters of RFC 6749, appendix A.4.
fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_graphic() && it != b'"' && it != b'\\')
}

/// `Bearer ` and the like, of a header that is described as one value.
fn prefix_of(header: &str, description: &str) -> String {
    if !header.eq_ignore_ascii_case("authorization") {
        return String::new();
    }
    ["Bearer ", "Token token=", "Token ", "Key ", "ApiKey "]
        .into_iter()
        .find(|it| {
            let shown = [format!("`{it}"), format!("\"{it}"), format!("'{it}"), format!(": {it}")];
            shown.iter().any(|shown| description.contains(shown.as_str()))
        })
        .unwrap_or_default()
        .to_owned()
}

/// The most frequent of some auths.
pub(super) fn most_frequent(all: &[Auth]) -> Option<Auth> {
    let mut counts: BTreeMap<&Auth, usize> = BTreeMap::new();
    for auth in all {
        *counts.entry(auth).or_default() += 1;
    }
    counts.into_iter().max_by_key(|it| it.1).map(|it| it.0.clone())
}
