//! Servers: URLs with a host; the others are for the caller to set.

use crate::finding::Findings;
use crate::gaps;
use crate::openapi::Document;
use crate::spec::Server;
use crate::text;

pub(super) fn servers(document: &Document, out: &mut Findings) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    for written in &document.servers {
        let mut url = written.url.trim_end_matches('/').to_owned();
        if let Some(at) = url.find(['?', '#']) {
            url.truncate(at);
        }
        // Variables that the URL does not have.
        let variables: Vec<_> =
            written.variables.iter().filter(|it| url.contains(&format!("{{{}}}", it.name))).cloned().collect();
        let mut variables = variables;
        // Braces that no variable describes.
        for name in super::parameters::path_names(&url) {
            if !variables.iter().any(|it| it.name == name) {
                variables.push(crate::openapi::Variable {
                    name,
                    description: String::new(),
                    default: None,
                    values: Vec::new(),
                });
            }
        }
        ports(&mut url, &mut variables);
        rename(&mut url, &mut variables);
        if url.is_empty() || url.starts_with('/') || url.starts_with('.') {
            out.push(gaps::RELATIVE_SERVER.at(written.place.clone(), &[&written.url]));
            continue;
        }
        // What could be no part of a host only shows what to write there.
        for variable in &mut variables {
            let is_host = |it: &String| it.chars().all(|it| it.is_ascii_alphanumeric() || "-.".contains(it));
            let in_host = url.split('/').nth(2).is_some_and(|it| it.contains(&format!("{{{}}}", variable.name)));
            variable.default = variable.default.take().filter(|it| !in_host || is_host(it));
        }
        let filled = filled(&url, &variables);
        // A scheme or a whole address that is a variable with a default.
        if url.starts_with('{') {
            let by_default = variables.iter().fold(url.clone(), |url, it| match &it.default {
                Some(default) if url.starts_with(&format!("{{{}}}", it.name)) => {
                    url.replacen(&format!("{{{}}}", it.name), default, 1)
                }
                _ => url,
            });
            variables.retain(|it| by_default.contains(&format!("{{{}}}", it.name)));
            url = by_default.trim_end_matches('/').to_owned();
        }
        if !is_url(&filled) {
            out.push(gaps::SERVER.at(written.place.clone(), &[&written.url]));
            continue;
        }
        for variable in &mut variables {
            variable.description = text::plain(&variable.description);
            if variable.default.as_ref().is_some_and(|it| !is_plain(it) || shows_what_to_write(it, &variable.name)) {
                variable.default = None;
            }
            if !variable.values.iter().all(|it| is_plain(it)) {
                variable.values.clear();
            }
            if let Some(default) = &variable.default
                && !variable.values.is_empty()
                && !variable.values.contains(default)
            {
                variable.values.push(default.clone());
            }
        }
        if servers.iter().any(|it| it.url == url) {
            continue;
        }
        let doc = text::plain(&written.description);
        let name = if servers.is_empty() { "default".to_owned() } else { name(&doc, &url, servers.len()) };
        let name =
            if servers.iter().any(|it| it.name == name) { format!("server_{}", servers.len() + 1) } else { name };
        servers.push(Server { name, url, doc, variables });
    }
    servers
}

/// The port of a URL is no name: it is the default, or left out.
fn ports(url: &mut String, variables: &mut Vec<crate::openapi::Variable>) {
    variables.retain(|it| {
        let port = format!(":{{{}}}", it.name);
        if !url.contains(&port) {
            return true;
        }
        let default = it.default.clone().filter(|it| it.parse::<u16>().is_ok());
        *url = url.replace(&port, &default.map(|it| format!(":{it}")).unwrap_or_default());
        false
    });
}

/// Variables are called as everything in specs: in snake case.
fn rename(url: &mut String, variables: &mut [crate::openapi::Variable]) {
    for variable in variables {
        let name = text::snake(&variable.name);
        if name != variable.name && !name.is_empty() {
            *url = url.replace(&format!("{{{}}}", variable.name), &format!("{{{name}}}"));
            variable.name = name;
        }
    }
}

fn filled(url: &str, variables: &[crate::openapi::Variable]) -> String {
    variables.iter().fold(url.to_owned(), |url, it| {
        let value = it.default.clone().unwrap_or_else(|| "x".to_owned());
        url.replace(&format!("{{{}}}", it.name), &value)
    })
}

/// OpenAPI asks for a default, so documents write one that nobody can use: `store_hash`, `your-shop`.
fn shows_what_to_write(default: &str, name: &str) -> bool {
    let default = text::snake(default);
    default == name || default.strip_prefix("your_").or(default.strip_prefix("my_")).is_some()
}

fn is_plain(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|it| it.is_ascii_alphanumeric() || "-._~".contains(it))
}

fn is_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(host) = rest.and_then(|it| it.split('/').next()) else { return false };
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let labels = name.split('.').all(|it| {
        !it.is_empty() && !it.starts_with('-') && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
    });
    let is_bad = |it: char| it.is_whitespace() || it.is_control() || "\"<>\\^`|{}".contains(it);
    labels && port.parse::<u16>().is_ok_and(|it| it > 0) && !url.contains(is_bad)
}

/// A short name for a server, from its description or its host.
fn name(doc: &str, url: &str, at: usize) -> String {
    let lower = doc.to_ascii_lowercase();
    for word in ["sandbox", "staging", "production", "development", "test", "local", "mock", "demo", "beta"] {
        if lower.contains(word) || url.contains(word) {
            return word.to_owned();
        }
    }
    let short = text::snake(doc);
    if !short.is_empty() && short.len() <= 20 { short } else { format!("server_{}", at + 1) }
}
