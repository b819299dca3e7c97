//! Security schemes.

use super::reader::Reader;
use super::{Flow, Scheme, SchemeKind};
use crate::read::Cursor;

impl<'d> Reader<'d> {
    pub(super) fn schemes(&mut self, components: &Cursor<'d>) -> Vec<(String, Scheme)> {
        let mut schemes = Vec::new();
        for (name, written) in self.map(components, "securitySchemes") {
            let Some((scheme, _)) = self.followed(written) else { continue };
            let ty = self.text(&scheme, "type").unwrap_or_default();
            let key = self.text(&scheme, "name").unwrap_or_else(|| name.clone());
            let place = self.text(&scheme, "in").unwrap_or_else(|| "header".to_owned());
            let http = self.text(&scheme, "scheme").unwrap_or_default().to_ascii_lowercase();
            let kind = match (ty.as_str(), place.as_str(), http.as_str()) {
                ("apiKey", "query", _) => SchemeKind::Query(key),
                ("apiKey", "cookie", _) => SchemeKind::Cookie(key),
                ("apiKey", _, _) => SchemeKind::Header(key),
                ("http", _, "bearer") => SchemeKind::Bearer,
                ("http", _, "basic") | ("basic", _, _) => SchemeKind::Basic,
                ("http", _, other) => SchemeKind::Other(format!("http {other}")),
                ("oauth2", _, _) => SchemeKind::OAuth2(self.flows(&scheme)),
                ("openIdConnect", _, _) => SchemeKind::OpenId,
                (other, _, _) => SchemeKind::Other(other.to_owned()),
            };
            let description = self.prose(&scheme, "description");
            schemes.push((name, Scheme { place: scheme.place(), description, kind }));
        }
        schemes
    }

    fn flows(&mut self, scheme: &Cursor<'d>) -> Vec<Flow> {
        let mut flows = Vec::new();
        for (kind, flow) in self.map(scheme, "flows") {
            let url = |url: String| Some(url.trim().to_owned()).filter(|it| !it.is_empty());
            flows.push(Flow {
                kind,
                token_url: self.text(&flow, "tokenUrl").and_then(url),
                authorization_url: self.text(&flow, "authorizationUrl").and_then(url),
                scopes: self
                    .map(&flow, "scopes")
                    .into_iter()
                    .map(|(name, it)| (name, it.node.text().unwrap_or_default().trim().to_owned()))
                    .collect(),
            });
        }
        flows
    }
}
