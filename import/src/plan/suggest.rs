//! What is worth adding by hand, guessed from names alone. So it is written as comments, which a person switches on.

use std::collections::BTreeMap;

use crate::spec::{Entry, Kind, Operation, Response, Spec};

const ITEMS: [&str; 6] = ["data", "items", "results", "value", "records", "entries"];
/// Records around a page: of its items, and of what leads to the next one.
const AROUND_ITEMS: [&str; 4] = ["data", "result", "response", "_embedded"];
const AROUND_NEXT: [&str; 12] = [
    "paging",
    "pagination",
    "page_info",
    "pageInfo",
    "meta",
    "metadata",
    "page",
    "cursors",
    "response_metadata",
    "cursor_pagination",
    // The last two hold URLs.
    "links",
    "_links",
];
const CURSORS: [&str; 22] = [
    "cursor",
    "after",
    "page_token",
    "pageToken",
    "next_token",
    "nextToken",
    "continuation_token",
    "continuationToken",
    "starting_after",
    "startingAfter",
    "after_id",
    "page_cursor",
    "pageCursor",
    "start_cursor",
    "startCursor",
    "next_cursor",
    "nextCursor",
    "page[cursor]",
    "page[after]",
    "marker",
    "offset",
    "next",
];
const NEXT: [&str; 20] = [
    "next_cursor",
    "nextCursor",
    "next_page_token",
    "nextPageToken",
    "next_page_cursor",
    "nextPageCursor",
    "next_token",
    "nextToken",
    "continuation_token",
    "continuationToken",
    "end_cursor",
    "endCursor",
    "next_marker",
    "nextMarker",
    "next_offset",
    "offset",
    "after",
    "cursor",
    "next",
    "last_id",
];
const NEXT_URLS: [&str; 9] = [
    "next",
    "next_url",
    "nextUrl",
    "next_link",
    "nextLink",
    "@odata.nextLink",
    "next_page_url",
    "nextPageUrl",
    "next_page",
];
const MORE: [&str; 7] = ["has_more", "hasMore", "has_next", "hasNext", "has_next_page", "hasNextPage", "more"];
const OFFSETS: [&str; 6] = ["offset", "skip", "start", "page[offset]", "start_at", "startAt"];
const PAGES: [&str; 5] = ["page", "page_number", "pageNumber", "page[number]", "current_page"];
const SIZES: [&str; 14] = [
    "limit",
    "per_page",
    "perPage",
    "page_size",
    "pageSize",
    "page[size]",
    "page[limit]",
    "size",
    "count",
    "amount",
    "maxResults",
    "max_results",
    "top",
    "$top",
];
const MESSAGES: [&str; 7] = ["message", "detail", "error_description", "errorMessage", "description", "error", "title"];
const CODES: [&str; 4] = ["code", "error_code", "errorCode", "type"];

type Records = BTreeMap<String, Vec<Entry>>;

/// Adds comments where names suggest more than the document says.
pub(super) fn suggest(spec: &mut Spec) {
    let mut records = Records::new();
    let all = spec.resources.iter().flat_map(|it| &it.types).chain(&spec.api.types);
    for ty in all {
        if let Kind::Record { fields, .. } = &ty.kind {
            records.insert(ty.name.clone(), fields.clone());
        }
    }
    if let Some(fields) = spec.api.error_type.as_ref().and_then(|it| records.get(it)) {
        let of_error = |names| {
            let of_body = find(fields, names, &["string"], &["error"], &records);
            of_body.or_else(|| of_first(fields, names, &records))
        };
        let places = [("message", of_error(&MESSAGES)), ("code", of_error(&CODES))];
        let lines = places.into_iter().filter_map(|(key, place)| Some(format!("{key}: {}", place?)));
        spec.api.error_suggestions = lines.collect();
    }
    let shared: BTreeMap<String, Entry> = spec.api.parameters.iter().map(|it| (it.name.clone(), it.clone())).collect();
    for file in &mut spec.resources {
        let mut known = shared.clone();
        known.extend(file.parameters.iter().map(|it| (it.name.clone(), it.clone())));
        for operation in file.operations.iter_mut().filter(|it| it.comments.is_empty()) {
            let pages = if operation.pages.is_none() { pages(operation, &records, &known) } else { None };
            let task = task(operation, &records);
            operation.comments = idempotency(operation).into_iter().chain(pages).chain(task).collect();
        }
    }
}

/// A header that clients could make for each call.
fn idempotency(operation: &Operation) -> Option<String> {
    let header = operation.headers.iter().find(|it| it.name.to_ascii_lowercase().contains("idempoten"))?;
    let is_made_up = matches!(operation.method.as_str(), "post" | "patch" | "put" | "delete");
    is_made_up.then(|| format!("idempotency: {}  # in place of this header under `headers`", header.name))
}

/// Headers and fields of the response that say where the state of a task is found.
const STATUS_HEADERS: [&str; 3] = ["operation-location", "azure-asyncoperation", "location"];
const STATUS_URLS: [&str; 6] = ["status_url", "statusUrl", "polling_url", "pollingUrl", "poll_url", "pollUrl"];

/// What is not done when it is answered.
fn task(operation: &Operation, records: &Records) -> Option<String> {
    if !matches!(operation.method.as_str(), "post" | "put" | "patch") || operation.stream.is_some() {
        return None;
    }
    let is_accepted = operation.success == Some(202);
    let named = |name: &&str| {
        let name = *name;
        let found = operation.response_headers.iter().find(|it| it.name.eq_ignore_ascii_case(name));
        found.filter(|_| is_accepted || name != "location").map(|it| format!("{{header: {}}}", it.name))
    };
    let fields: &[Entry] = match &operation.response {
        Response::Record(fields) => fields,
        Response::Type(ty) => records.get(ty).map(Vec::as_slice).unwrap_or_default(),
        _ => &[],
    };
    let url = || find(fields, &STATUS_URLS, &["string", "uri", "url"], &[], records).map(|it| format!("{{url: {it}}}"));
    let status = STATUS_HEADERS.iter().find_map(named).or_else(url)?;
    Some(format!("task: {{status: {status}, result: …}}  # in place of `response`: name the result, and the states"))
}

/// The place of a field with one of these names: in the record, or in one that it has under a name of `around`, or one
/// in that.
fn find(fields: &[Entry], names: &[&str], types: &[&str], around: &[&str], records: &Records) -> Option<String> {
    let own = names.iter().find_map(|name| fields.iter().find(|it| it.name == *name && fits(&it.ty, types)));
    if let Some(own) = own {
        return Some(format!("/{}", own.name.replace('~', "~0").replace('/', "~1")));
    }
    around.iter().find_map(|name| {
        let outer = fields.iter().find(|it| it.name == *name)?;
        let rest: Vec<&str> = around.iter().copied().filter(|it| it != name).collect();
        let inner = find(records.get(&outer.ty)?, names, types, &rest, records)?;
        Some(format!("/{name}{inner}"))
    })
}

fn fits(ty: &str, types: &[&str]) -> bool {
    types.contains(&ty) || types.contains(&"[]") && ty.starts_with('[')
}

/// The place of a field in the first of several errors.
fn of_first(fields: &[Entry], names: &[&str], records: &Records) -> Option<String> {
    let list = fields.iter().find(|it| it.name == "errors")?;
    let item = records.get(list.ty.strip_prefix('[')?.strip_suffix(']')?)?;
    Some(format!("/errors/0{}", find(item, names, &["string"], &[], records)?))
}

/// The list that a page is: its place, in the response or in a record that is most of it.
fn items(fields: &[Entry], records: &Records) -> Option<String> {
    let lists: Vec<&Entry> = fields.iter().filter(|it| fits(&it.ty, &["[]"])).collect();
    let named = ITEMS.iter().find_map(|name| lists.iter().find(|it| it.name == *name));
    match (named, lists.as_slice()) {
        (Some(list), _) | (None, [list]) => return Some(format!("/{}", list.name)),
        (None, [_, ..]) => return None,
        (None, []) => {}
    }
    let outer = AROUND_ITEMS.iter().find_map(|name| fields.iter().find(|it| it.name == *name))?;
    match records.get(&outer.ty)?.iter().filter(|it| fits(&it.ty, &["[]"])).collect::<Vec<_>>().as_slice() {
        [list] => Some(format!("/{}/{}", outer.name, list.name)),
        _ => None,
    }
}

fn pages(operation: &Operation, records: &Records, known: &BTreeMap<String, Entry>) -> Option<String> {
    let fields: &[Entry] = match &operation.response {
        Response::Record(fields) => fields,
        Response::Type(ty) if ty.starts_with('[') => &[],
        Response::Type(ty) => records.get(ty)?,
        _ => return None,
    };
    let mut parts = match items(fields, records) {
        Some(place) => vec![format!("items: {place}")],
        None if matches!(&operation.response, Response::Type(ty) if ty.starts_with('[')) => Vec::new(),
        None => return None,
    };
    let sent = operation.query.iter().chain(&operation.body);
    let sent: Vec<(&str, &str)> = sent
        .map(|it| (it.name.as_str(), it.shared.as_ref().and_then(|it| known.get(it)).unwrap_or(it).ty.as_str()))
        .collect();
    let parameter = |names: &[&'static str], ty: &str| {
        let found = names.iter().find(|name| sent.contains(&(**name, ty)))?;
        Some(if found.contains('[') { format!("\"{found}\"") } else { (*found).to_owned() })
    };
    let field = |names: &[&str], types: &[&str], around: &[&str]| find(fields, names, types, around, records);
    let more = field(&MORE, &["boolean"], &AROUND_NEXT);
    let from = field(&NEXT, &["string"], &AROUND_NEXT[..AROUND_NEXT.len() - 2]);
    let cursor = parameter(&CURSORS, "string").and_then(|name| match (from, &more) {
        (Some(from), _) => Some(format!("{{parameter: {name}, from: {from}}}")),
        (None, Some(_)) => Some(format!("{{parameter: {name}, last_item: /id}}")),
        (None, None) => None,
    });
    let (offset, page) = (parameter(&OFFSETS, "integer"), parameter(&PAGES, "integer"));
    let is_counted = offset.is_some() || page.is_some();
    // A text may be anything where pages are counted as well.
    let url = field(&NEXT_URLS, if is_counted { &["uri"] } else { &["uri", "string"] }, &AROUND_NEXT);
    let next = if let Some(cursor) = cursor {
        parts.push(format!("cursor: {cursor}"));
        more.map(|it| format!("while: {it}"))
    } else if operation.method != "get" {
        return None;
    } else if let Some(url) = url {
        Some(format!("url: {url}"))
    } else if operation.response_headers.iter().any(|it| it.name.eq_ignore_ascii_case("link")) {
        Some("link: next".to_owned())
    } else {
        Some(offset.map(|it| format!("offset: {it}")).or(page.map(|it| format!("page: {it}")))?)
    };
    parts.extend(next);
    parts.extend(parameter(&SIZES, "integer").map(|it| format!("size: {it}")));
    Some(format!("pages: {{{}}}", parts.join(", ")))
}
