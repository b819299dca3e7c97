//! `api.yaml` and the files of resources.

use super::entry::{self, Side};
use super::tree::{Map, Yaml, print};
use super::{File, Mark, operation, types};
use crate::spec::{ApiFile, Auth, Credential, CredentialUse, Entry, Env, ResourceFile, Send, Server, Status, Styles};

pub(super) fn api(it: &ApiFile) -> File {
    let mut map = Map::default();
    map.text("api", &it.name);
    map.text("title", &it.title);
    map.prose("doc", &it.doc);
    map.text("source", it.source.as_deref().unwrap_or_default());
    if !it.servers.is_empty() {
        map.add("servers", servers(&it.servers)).apart().mark(Mark::Servers);
    }
    if !it.credentials.is_empty() {
        let mut inner = Map::default();
        for (at, credential) in it.credentials.iter().enumerate() {
            inner.add(&credential.name, self::credential(credential)).tall().mark(Mark::Credential { at });
        }
        map.add("credentials", inner.whole()).apart();
    }
    if let Some(auth) = &it.auth {
        map.add("auth", self::auth(auth));
    }
    if it.error_type.is_some() || !it.statuses.is_empty() {
        let mut inner = Map::default();
        inner.text("type", it.error_type.as_deref().unwrap_or_default());
        if !it.statuses.is_empty() {
            inner.add("statuses", statuses(&it.statuses, Some(None)));
        }
        if let Some(first) = inner.0.first_mut() {
            first.comment(&it.error_suggestions);
        }
        map.add("errors", inner.whole()).apart().tall();
    }
    map.text_or_list("accept", &it.accept);
    if it.styles != Styles::default() {
        map.add("styles", styles(it.styles)).apart();
    }
    let mut query = Map::default();
    for (at, entry) in it.client_query.iter().enumerate() {
        query.add(&entry.name, entry::value(entry, Side::Parameter)).mark(Mark::ClientQuery { at });
    }
    if !query.0.is_empty() {
        let mut client = Map::default();
        client.add("query", query.whole());
        map.add("client", client.whole()).apart().tall();
    }
    let mut headers = Map::default();
    for (at, entry) in it.headers.iter().enumerate() {
        headers.add(&entry.name, entry::value(entry, Side::Parameter)).mark(Mark::Header { at });
    }
    if !headers.0.is_empty() {
        map.add("headers", headers.whole()).apart();
    }
    if !it.parameters.is_empty() {
        map.add("parameters", parameters(&it.parameters, None)).apart();
    }
    if !it.types.is_empty() {
        map.add("types", types::types(&it.types, None)).apart();
    }
    let (text, marks) = print(map);
    File { name: "api.yaml".to_owned(), text, marks }
}

pub(super) fn resource(file: usize, it: &ResourceFile) -> File {
    let mut map = Map::default();
    map.text("resource", &it.name);
    map.text("title", &it.title);
    map.prose("doc", &it.doc);
    map.text("rust", it.rust.as_deref().unwrap_or_default());
    map.text("server", it.server.as_deref().unwrap_or_default());
    if let Some(auth) = &it.auth {
        map.add("auth", self::auth(auth));
    }
    if !it.statuses.is_empty() {
        map.add("statuses", statuses(&it.statuses, Some(Some(file))));
    }
    if !it.parameters.is_empty() {
        map.add("parameters", parameters(&it.parameters, Some(file))).apart();
    }
    if !it.types.is_empty() {
        map.add("types", types::types(&it.types, Some(file))).apart();
    }
    let mut operations = Map::default();
    for (at, operation) in it.operations.iter().enumerate() {
        let value = operation::operation(operation, file, at);
        let pair = operations.add(&operation.name, value);
        pair.mark(Mark::Operation { file, at }).tall().apart();
    }
    map.add("operations", operations.whole()).apart();
    let (text, marks) = print(map);
    File { name: format!("{}.yaml", it.name), text, marks }
}

fn parameters(entries: &[Entry], file: Option<usize>) -> Yaml {
    let mut map = Map::default();
    for (at, entry) in entries.iter().enumerate() {
        map.add(&entry.name, entry::value(entry, Side::Parameter)).mark(Mark::Shared { file, at });
    }
    map.whole()
}

fn servers(servers: &[Server]) -> Yaml {
    if let [Server { url, variables, .. }] = servers
        && variables.is_empty()
    {
        return Yaml::Text(url.clone());
    }
    let mut map = Map::default();
    for server in servers {
        if server.variables.is_empty() && server.doc.is_empty() {
            map.text(&server.name, &server.url);
            continue;
        }
        let mut inner = Map::default();
        inner.text("url", &server.url);
        inner.prose("doc", &server.doc);
        if !server.variables.is_empty() {
            let mut variables = Map::default();
            for it in &server.variables {
                if it.default.is_none() && it.values.is_empty() && !it.description.is_empty() {
                    variables.prose(&it.name, &it.description);
                    continue;
                }
                let mut one = Map::default();
                one.prose("doc", &it.description);
                one.text("default", it.default.as_deref().unwrap_or_default());
                if !it.values.is_empty() {
                    one.add("enum", Yaml::List(it.values.iter().map(|it| Yaml::Text(it.clone())).collect()));
                }
                variables.add(&it.name, one.whole());
            }
            inner.add("variables", variables.whole());
        }
        map.add(&server.name, inner.whole());
    }
    map.whole()
}

fn credential(it: &Credential) -> Yaml {
    let mut map = Map::default();
    match &it.env {
        Env::Key(name) => map.text("env", name),
        Env::Pair { username, password } => {
            let mut inner = Map::default();
            inner.text("username", username);
            inner.text("password", password);
            map.add("env", inner.whole());
        }
        Env::OAuth2(variables) => {
            let mut inner = Map::default();
            variables.iter().for_each(|it| inner.text(it.0, &it.1));
            map.add("env", inner.whole());
        }
    }
    map.prose("doc", &it.doc);
    if let Some(oauth2) = &it.oauth2 {
        let mut inner = Map::default();
        inner.text("grant", oauth2.grant);
        inner.text("token_url", &oauth2.token_url);
        inner.text("authorization_url", oauth2.authorization_url.as_deref().unwrap_or_default());
        if oauth2.scopes.iter().all(|it| it.1.is_empty()) && !oauth2.scopes.is_empty() {
            inner.add("scopes", Yaml::List(oauth2.scopes.iter().map(|it| Yaml::Text(it.0.clone())).collect()));
        } else if !oauth2.scopes.is_empty() {
            let mut scopes = Map::default();
            for (name, doc) in &oauth2.scopes {
                scopes.add(name, Yaml::Prose(if doc.is_empty() { name.clone() } else { doc.clone() }));
            }
            inner.add("scopes", scopes.whole());
        }
        map.add("oauth2", inner.whole());
    }
    if let Some((way, send)) = &it.send {
        let mut inner = Map::default();
        match send {
            Send::Header { name, prefix } => {
                inner.text("header", name);
                if !prefix.is_empty() {
                    inner.add("prefix", Yaml::Raw(super::scalar::quoted(prefix)));
                }
            }
            Send::Query(name) => inner.text("query", name),
            Send::Cookie(name) => inner.text("cookie", name),
        }
        let mut ways = Map::default();
        ways.add(way, inner.whole());
        map.add("send", ways.whole());
    }
    if let Some(unclear) = &it.unclear {
        let comment = vec![unclear.clone()];
        if let Some(first) = map.0.first_mut() {
            first.comment(&comment);
        }
    }
    map.whole()
}

/// `styles:`
pub(super) fn styles(styles: Styles) -> Yaml {
    let mut map = Map::default();
    map.text("lists", styles.lists.unwrap_or_default());
    map.text("objects", styles.objects.unwrap_or_default());
    map.whole()
}

/// `auth:`
pub(super) fn auth(auth: &Auth) -> Yaml {
    let used = |it: &CredentialUse| {
        if it.scopes.is_empty() {
            return Yaml::Text(it.name.clone());
        }
        let mut map = Map::default();
        map.add(&it.name, Yaml::List(it.scopes.iter().map(|it| Yaml::Text(it.clone())).collect()));
        map.whole()
    };
    let one = |all: &Vec<CredentialUse>, alone: bool| match all.as_slice() {
        [] => Yaml::Text("none".to_owned()),
        [only] => used(only),
        _ if alone => Yaml::List(vec![Yaml::List(all.iter().map(used).collect())]),
        _ => Yaml::List(all.iter().map(used).collect()),
    };
    match auth.as_slice() {
        [only] => one(only, true),
        all => Yaml::List(all.iter().map(|it| one(it, false)).collect()),
    }
}

/// `statuses:`; with the file that they belong to, where they can be told apart.
pub(super) fn statuses(statuses: &[Status], file: Option<Option<usize>>) -> Yaml {
    let mut map = Map::default();
    for (at, it) in statuses.iter().enumerate() {
        let mut one = Map::default();
        one.text("kind", it.kind.unwrap_or_default());
        one.text("type", it.ty.as_deref().unwrap_or_default());
        one.prose("doc", &it.doc);
        let pair = map.add(&it.status.to_string(), one.whole()).number();
        if let Some(file) = file {
            pair.mark(Mark::Status { file, at });
        }
    }
    map.whole()
}
