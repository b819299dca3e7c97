//! What vendor extensions state of operations: pagination by `x-ms-pageable`, `x-speakeasy-pagination` and
//! `x-fern-pagination`, and idempotency keys by `x-fern-idempotent`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::finding::{Finding, Findings};
use crate::gaps;
use crate::openapi::{Document, Operation, SchemaId, Status};
use crate::spec;
use crate::text;

/// What an extension says of the pages of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pages {
    /// What `pages` is in the spec.
    pub text: String,
    /// Whether it is all that is needed; else it is a suggestion.
    pub is_complete: bool,
}

/// Adds what extensions state of an operation.
pub(super) fn settle(operation: &mut spec::Operation, from: &Operation, document: &Document) {
    match pages(from).or_else(|| stainless(from, document)) {
        Some(pages) if pages.is_complete => operation.pages = Some(pages.text),
        Some(pages) => operation.comments.push(format!("pages: {}", pages.text)),
        None => {}
    }
    let is_idempotent = from.extensions.iter().any(|(key, it)| key == "x-fern-idempotent" && *it == Value::Bool(true));
    if let Some(header) = document.idempotency_header.as_ref().filter(|it| is_idempotent && text::is_header_name(it)) {
        // The client makes the key.
        operation.headers.retain(|it| !it.name.eq_ignore_ascii_case(header));
        operation.idempotency = Some(header.clone());
    }
}

/// The pages of an operation, if an extension has them.
fn pages(operation: &Operation) -> Option<Pages> {
    operation.extensions.iter().find_map(|(key, value)| match key.as_str() {
        "x-ms-pageable" => microsoft(value),
        "x-speakeasy-pagination" => speakeasy(value),
        "x-fern-pagination" => fern(value),
        _ => None,
    })
}

/// `x-stainless-pagination-property`, of parameters and of the fields of the response: `{purpose: next_cursor_param}`.
fn stainless(from: &Operation, document: &Document) -> Option<Pages> {
    let part = |id: SchemaId| resolved(document, id).find_map(|it| it.page_part.as_deref());
    let parameters: Vec<(&str, &str)> =
        from.parameters.iter().filter_map(|it| Some((part(it.schema?)?, it.name.as_str()))).collect();
    let success = from.responses.iter().find(|it| matches!(it.status, Status::Code(200..=299)))?;
    let whole = success.content.iter().find_map(|it| it.schema)?;
    let fields = resolved(document, whole).flat_map(|it| &it.properties);
    let fields: Vec<(&str, &str)> = fields.filter_map(|(name, id)| Some((part(*id)?, name.as_str()))).collect();
    let of = |list: &[(&'_ str, &'_ str)], purpose: &str| {
        list.iter().find(|it| it.0 == purpose).map(|it| it.1.to_owned()).filter(|it| is_name(it))
    };
    let mut parts = Parts::default();
    parts.items(of(&fields, "items").map(|it| format!("/{it}")).as_deref());
    let cursor = of(&parameters, "next_cursor_param");
    if cursor.is_some() {
        let next = of(&fields, "next_cursor_field").map(|it| format!("/{it}"));
        parts.cursor(cursor.as_deref(), next.as_deref());
    } else if let Some(page) = of(&parameters, "page_number_param") {
        parts.push(Some(format!("page: {page}")));
    } else {
        parts.push(Some(format!("offset: {}", of(&parameters, "offset_count_param")?)));
    }
    Some(parts.whole())
}

/// A schema, and what its references and the parts of its `allOf` lead to.
fn resolved(document: &Document, id: SchemaId) -> impl Iterator<Item = &crate::openapi::Schema> {
    let mut seen = vec![id];
    let mut at = 0;
    while let Some(id) = seen.get(at).copied() {
        let schema = document.schemas.get(id);
        for next in schema.reference.iter().chain(&schema.all_of) {
            if !seen.contains(next) {
                seen.push(*next);
            }
        }
        at += 1;
    }
    seen.into_iter().map(|it| document.schemas.get(it))
}

/// Extensions of operations that are read, here and elsewhere, or that only show code.
const READ: [&str; 14] = [
    "x-fern-idempotent",
    "x-speakeasy-deprecation-message",
    "x-ms-pageable",
    "x-ms-examples",
    "x-speakeasy-pagination",
    "x-speakeasy-name-override",
    "x-speakeasy-group",
    "x-speakeasy-name-group",
    "x-fern-pagination",
    "x-fern-sdk-method-name",
    "x-fern-sdk-group-name",
    "x-fern-examples",
    "x-codegen-request-body-name",
    "x-taxonomy",
];

/// Tells of extensions of operations that have no reading, each once.
pub(super) fn tell_unread(document: &Document, out: &mut Findings) {
    let mut unread: BTreeMap<&str, (usize, &Operation)> = BTreeMap::new();
    for operation in &document.operations {
        for (key, value) in &operation.extensions {
            let shows_code = key.to_ascii_lowercase().contains("sample");
            let says_nothing = value.is_null() || *value == Value::Bool(false);
            if !READ.contains(&key.as_str()) && !shows_code && !says_nothing {
                unread.entry(key).or_insert((0, operation)).0 += 1;
            }
        }
    }
    for (key, (count, first)) in unread {
        let mut finding = gaps::EXTENSION.at(first.place.clone(), &[key, &count.to_string()]);
        if let Some(help) = help(key) {
            finding.help = help.to_owned();
        }
        out.push(finding);
    }
    // What is at the top is mostly about the document; these are about every call.
    for (key, place) in &document.extensions {
        if let Some(help) = help(key).filter(|_| key != "x-fern-idempotency-headers") {
            let finding = gaps::EXTENSION.at(place.clone(), &[key, &document.operations.len().to_string()]);
            out.push(Finding { help: help.to_owned(), ..finding });
        }
    }
}

/// What to do about an extension that has no reading.
fn help(key: &str) -> Option<&'static str> {
    let lower = key.to_ascii_lowercase();
    let all = [
        ("long-running", "describe the operation as a `task`"),
        ("retries", "nothing: clients retry by the kinds of statuses"),
        ("idempoten", "write the name of the header under `idempotency`"),
        ("odata", "describe the parameters that it adds"),
    ];
    all.into_iter().find(|it| lower.contains(it.0)).map(|it| it.1)
}

/// `{nextLinkName: nextLink, itemName: value}`
fn microsoft(value: &Value) -> Option<Pages> {
    let next = value.get("nextLinkName")?.as_str()?;
    let items = value.get("itemName").and_then(Value::as_str).unwrap_or("value");
    let is_complete = is_name(next) && is_name(items);
    Some(Pages { text: format!("{{items: /{items}, url: /{next}}}"), is_complete })
}

/// `{type: cursor, inputs: [{name: cursor, in: parameters, type: cursor}],
/// outputs: {results: $.data, nextCursor: $.next}}`
fn speakeasy(value: &Value) -> Option<Pages> {
    let inputs = value.get("inputs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let input = |kind: &str| inputs.iter().find(|it| it.get("type").and_then(Value::as_str) == Some(kind));
    let name = |kind: &str| input(kind).and_then(|it| it.get("name")?.as_str());
    let output = |key: &str| value.get("outputs").and_then(|it| it.get(key)?.as_str());
    let mut of = Parts::default();
    of.items(output("results"));
    match value.get("type").and_then(Value::as_str)? {
        "cursor" => of.cursor(name("cursor"), output("nextCursor")),
        "url" => of.place("url", output("nextUrl")),
        _ => match (name("page"), name("offset")) {
            (Some(page), _) => match output("numPages").and_then(pointer) {
                Some(pages) => of.push(Some(format!("page: {{parameter: {page}, pages: {pages}}}"))),
                None => of.push(Some(format!("page: {page}"))),
            },
            (None, offset) => of.push(offset.map(|it| format!("offset: {it}"))),
        },
    }
    if let Some(size) = name("limit") {
        of.push(Some(format!("size: {size}")));
    }
    Some(of.whole())
}

/// `{cursor: $request.cursor, next_cursor: $response.next, results: $response.data}` or `{offset: $request.page, …}`
fn fern(value: &Value) -> Option<Pages> {
    let get = |key: &str| value.get(key).and_then(Value::as_str);
    let parameter = |key: &str| get(key)?.strip_prefix("$request.");
    let mut of = Parts::default();
    of.items(get("results"));
    match (parameter("cursor"), parameter("offset")) {
        (Some(cursor), _) => of.cursor(Some(cursor), get("next_cursor")),
        (None, Some(offset)) => {
            // Fern calls both the offset.
            let is_page = offset.to_ascii_lowercase().contains("page");
            let is_offset = ["offset", "skip", "start"].contains(&offset.to_ascii_lowercase().as_str());
            of.is_complete &= is_page || is_offset;
            of.push(Some(format!("{}: {offset}", if is_page { "page" } else { "offset" })));
        }
        (None, None) => return None,
    }
    Some(of.whole())
}

/// The keys of `pages`; one that is missing makes it a suggestion.
struct Parts {
    list: Vec<String>,
    is_complete: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self { list: Vec::new(), is_complete: true }
    }
}

impl Parts {
    fn push(&mut self, part: Option<String>) {
        self.is_complete &= part.is_some();
        self.list.extend(part);
    }

    fn items(&mut self, place: Option<&str>) {
        // Without a place, the response is the list.
        if let Some(place) = place.filter(|it| !matches!(*it, "$" | "$response")) {
            self.push(pointer(place).map(|it| format!("items: {it}")));
        }
    }

    fn place(&mut self, key: &str, place: Option<&str>) {
        self.push(place.and_then(pointer).map(|it| format!("{key}: {it}")));
    }

    fn cursor(&mut self, parameter: Option<&str>, from: Option<&str>) {
        let from = from.and_then(pointer);
        self.push(parameter.zip(from).map(|(name, from)| format!("cursor: {{parameter: {name}, from: {from}}}")));
    }

    fn whole(self) -> Pages {
        Pages { text: format!("{{{}}}", self.list.join(", ")), is_complete: self.is_complete && !self.list.is_empty() }
    }
}

/// `/a/b` of `$.a.b`, `$response.a.b` or `/a/b`; nothing of what is no plain place.
fn pointer(place: &str) -> Option<String> {
    let names = place.strip_prefix("$response.").or_else(|| place.strip_prefix("$."));
    let names: Vec<&str> = match names {
        Some(names) => names.split('.').collect(),
        None => place.strip_prefix('/')?.split('/').collect(),
    };
    names.iter().all(|it| is_name(it)).then(|| format!("/{}", names.join("/")))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-')
}
