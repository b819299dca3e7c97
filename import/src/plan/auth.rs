//! Credentials, and which operations need them.

use std::collections::BTreeMap;

use super::Planner;
use crate::finding::fault;
use crate::gaps;
use crate::openapi::{Requirement, SchemeKind};
use crate::spec::{Auth, Credential, Env, Send};
use crate::text;

/// The credentials of an API: their names by those of the document's schemes.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    pub list: Vec<Credential>,
    by_scheme: BTreeMap<String, String>,
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
                SchemeKind::Header(name) => {
                    let prefix = prefix_of(name, &written.description);
                    Some(("header", Send::Header { name: name.clone(), prefix }))
                }
                SchemeKind::Query(name) => Some(("query", Send::Query(name.clone()))),
                SchemeKind::Cookie(name) => Some(("cookie", Send::Cookie(name.clone()))),
                SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenId => {
                    let header = Send::Header { name: "Authorization".to_owned(), prefix: "Bearer ".to_owned() };
                    Some(("bearer", header))
                }
                SchemeKind::Basic => None,
                SchemeKind::Other(what) => {
                    self.out.push(gaps::SCHEME.at(written.place.clone(), &[what]));
                    continue;
                }
            };
            let mut unclear = None;
            if matches!(written.kind, SchemeKind::OAuth2 | SchemeKind::OpenId) {
                self.out.push(gaps::OAUTH2.at(written.place.clone(), &[]));
                unclear = Some("OAuth 2 in the document; the caller fetches the token.".to_owned());
            }
            let own = text::snake(scheme);
            let own = if own.is_empty() { "key".to_owned() } else { own };
            let plain = match written.kind {
                SchemeKind::Basic => "login",
                SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenId => "token",
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
                _ => Env::Key(stem),
            };
            let doc = text::prose(&written.description);
            found.by_scheme.insert(scheme.clone(), name.clone());
            let send = send.map(|(way, send)| (way.to_owned(), send));
            found.list.push(Credential { name, env, doc, send, unclear });
        }
        found
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
            for (scheme, place) in together {
                match credentials.by_scheme.get(scheme) {
                    Some(name) => names.push(name.clone()),
                    None if self.document.schemes.iter().any(|it| it.0 == *scheme) => {}
                    None => self.out.push(fault::unknown_scheme(scheme, place.clone())),
                }
            }
            if names.is_empty() && !together.is_empty() {
                continue;
            }
            if !alternatives.contains(&names) {
                alternatives.push(names);
            }
        }
        if alternatives.is_empty() { vec![Vec::new()] } else { alternatives }
    }
}

/// `Bearer ` and the like, of a header that is described as one value.
fn prefix_of(header: &str, description: &str) -> String {
    if !header.eq_ignore_ascii_case("authorization") {
        return String::new();
    }
    ["Bearer ", "Token ", "Key ", "ApiKey "]
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
