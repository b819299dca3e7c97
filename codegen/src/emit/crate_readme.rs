//! The `README.md` of a generated crate: what it is, how to add it, the first call.

use super::layout::Page;
use super::markdown::{block, cell, code, code_cell, fence, heading, table};
use super::{docs, labels, markdown_marker};
use crate::model::Api;

/// The line of `Cargo.toml` for what runs the calls.
const TOKIO: &str = r#"tokio = { version = "1", features = ["macros", "rt-multi-thread"] }"#;

const ERRORS: &str = "\
An error's `kind` says what happened. The error also holds the status, request id, code and body that the server sent.
A request that breaks rules is refused before it is sent, and the error lists every violation.";

/// What the page needs besides the API.
#[derive(Clone, Debug, Default)]
pub struct CrateReadme<'a> {
    /// The line of `Cargo.toml` that depends on the crate, such as `animeapi = { path = "…" }`.
    pub dependency: &'a str,
    /// Rust code of the first call. Without it, the section is left out.
    pub first_call: Option<&'a str>,
    /// Cargo features: the name, and what it adds.
    pub features: &'a [(String, String)],
    /// Whether the reference is written: its pages are linked.
    pub has_docs: bool,
    /// Such as `MIT OR Apache-2.0`. Without it, the section is left out.
    pub license: Option<&'a str>,
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
    let mut page = Page::new(&markdown_marker(api));
    page.heading("#", &heading(&api.title));
    page.block(&block(&api.doc));
    page.block(
        "A typed Rust client. A request that breaks a rule of the API does not compile, or is refused before anything is sent.",
    );
    page.block(&fence("toml", &format!("[dependencies]\n{}\n{TOKIO}\n", input.dependency)));
    add_section(&mut page, "First call", &[input.first_call.map(|it| fence("rust", it)).unwrap_or_default()]);
    add_section(&mut page, "Environment", &[environment(api)]);
    if input.has_docs && !api.resources.is_empty() {
        page.heading("##", "Operations");
        docs::add_resource_lines(&mut page, &docs::resource_lines(api, "docs/"));
        page.block("The full reference is in [docs](docs/README.md).");
    }
    add_section(&mut page, "Features", &[table(&["feature", "adds"], &features)]);
    let kinds = table(&["status", "kind", "meaning"], &kinds);
    add_section(&mut page, "Errors", &[ERRORS.to_owned(), kinds, table(&["code", "meaning"], &codes)]);
    add_section(&mut page, "Licence", &[input.license.map(block).unwrap_or_default()]);
    page.into_text()
}

/// A section; nothing, if all of its blocks are empty.
fn add_section(page: &mut Page, title: &str, blocks: &[String]) {
    if blocks.iter().any(|it| !it.is_empty()) {
        page.heading("##", title);
        blocks.iter().for_each(|it| page.block_if_any(it));
    }
}

fn environment(api: &Api) -> String {
    let variable = |env: &str, doc: &str| vec![code_cell(env), cell(doc)];
    let mut rows = Vec::new();
    let variables = api.credentials.iter().flat_map(|it| it.variables());
    for (env, doc) in variables {
        // Several credentials may be of one client.
        let row = variable(env, doc);
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.extend(api.servers.iter().flat_map(|it| &it.variables).map(|it| variable(&it.env, &it.doc)));
    rows.extend(api.client_parameters.iter().filter_map(|it| Some(variable(it.env.as_ref()?, &it.doc))));
    if api.servers.first().is_some_and(|it| it.url.is_empty()) {
        rows.push(variable(&format!("{}_BASE_URL", api.name.to_ascii_uppercase()), "The URL of the API."));
    }
    rows.extend(api.webhook.as_ref().map(|it| variable(&it.env, "The secret that signs callbacks.")));
    if rows.is_empty() {
        return String::new();
    }
    let intro = format!("{} reads:", code("Client::from_env()"));
    format!("{intro}\n\n{}", table(&["environment variable", "holds"], &rows))
}

#[cfg(test)]
mod tests {
    use super::{CrateReadme, page};
    use crate::testing;

    #[track_caller]
    fn check(input: &CrateReadme<'_>, expected: &[&str], unexpected: &[&str]) {
        let text = page(&testing::api(testing::atelier()), input);
        for expected in expected {
            assert!(text.contains(expected), "expected\n{expected}\nin\n{text}");
        }
        for unexpected in unexpected {
            assert!(!text.contains(unexpected), "unexpected\n{unexpected}\nin\n{text}");
        }
        assert!(!text.contains("\n\n\n"), "{text}");
    }

    #[test]
    fn the_page_says_how_to_begin() {
        let features = [("motion".to_owned(), "Clips | more.".to_owned())];
        let input = CrateReadme {
            dependency: "atelier = \"0.1\"",
            first_call: Some("let client = atelier::Client::from_env()?;\n"),
            features: &features,
            has_docs: true,
            license: Some("MIT OR Apache-2.0"),
        };
        check(
            &input,
            &[
                "<!-- @generated by `cargo xtask codegen` from spec/atelier/. Do not edit. -->\n\n# ",
                "```toml\n[dependencies]\natelier = \"0.1\"\ntokio = {",
                "## First call\n\n```rust\nlet client = atelier::Client::from_env()?;\n```\n",
                "### [Motion](docs/motion.md)\n",
                "](docs/motion.md#motion",
                "| `motion` | Clips \\| more. |\n",
                "## Licence\n\nMIT OR Apache-2.0\n",
            ],
            &[],
        );
    }

    #[test]
    fn what_is_not_given_is_left_out() {
        let input = CrateReadme { dependency: "atelier = \"0.1\"", license: None, ..CrateReadme::default() };
        check(&input, &["## Errors\n"], &["## First call", "## Features", "## Operations", "docs/", "## Licence"]);
    }
}
