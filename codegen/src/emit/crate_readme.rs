//! The `README.md` of a generated crate: what it is, how to add it, the first call.

use serde::Serialize;

use super::markdown::{block, cell, code, code_cell, fence, heading, table};
use super::{docs, labels, markdown_marker, template};
use crate::model::Api;

/// What the page needs beside the API.
#[derive(Clone, Debug, Default)]
pub struct CrateReadme<'a> {
    /// The line of `Cargo.toml` that depends on the crate, such as `animeapi = "0.1"`.
    pub dependency: &'a str,
    /// Rust code of the first call; nothing: the section is left out.
    pub first_call: Option<&'a str>,
    /// Cargo features: name, and what it brings.
    pub features: &'a [(String, String)],
    /// Such as `MIT OR Apache-2.0`.
    pub license: &'a str,
}

/// The page.
#[must_use]
pub fn page(api: &Api, input: &CrateReadme<'_>) -> String {
    let features: Vec<_> = input.features.iter().map(|(name, doc)| vec![code_cell(name), cell(doc)]).collect();
    let statuses = &api.errors.statuses;
    let kinds: Vec<_> = statuses
        .iter()
        .map(|it| vec![it.status.to_string(), code_cell(labels::error_kind(it.kind)), cell(&it.doc)])
        .collect();
    let codes: Vec<_> = api.errors.codes.iter().map(|it| vec![code_cell(&it.value), cell(&it.doc)]).collect();
    let view = View {
        marker: markdown_marker(api),
        title: heading(&api.title),
        doc: block(&api.doc),
        dependency: input.dependency.to_owned(),
        first_call: input.first_call.map(|it| fence("rust", it)).unwrap_or_default(),
        environment: environment(api),
        resources: docs::resource_lines(api, "docs/"),
        features: table(&["feature", "brings"], &features),
        kinds: table(&["status", "kind", "meaning"], &kinds),
        codes: table(&["code", "meaning"], &codes),
        license: block(input.license),
    };
    template::render("crate_readme.md.j2", include_str!("templates/crate_readme.md.j2"), view)
}

fn environment(api: &Api) -> String {
    let variable = |env: &str, doc: &str| vec![code_cell(env), cell(doc)];
    let mut rows: Vec<_> = api.credentials.iter().map(|it| variable(&it.env, &it.doc)).collect();
    rows.extend(api.webhook.as_ref().map(|it| variable(&it.env, "The secret that callbacks are signed with.")));
    if rows.is_empty() {
        return String::new();
    }
    let intro = format!("{} reads:", code("Client::from_env()"));
    format!("{intro}\n\n{}", table(&["environment variable", "holds"], &rows))
}

#[derive(Serialize)]
struct View {
    marker: String,
    title: String,
    doc: String,
    dependency: String,
    first_call: String,
    environment: String,
    resources: Vec<docs::ResourceLine>,
    features: String,
    kinds: String,
    codes: String,
    license: String,
}
