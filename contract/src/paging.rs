//! Lists that are served page by page.
//!
//! Every list has five items, on pages of two unless the request asks for another size, so that a client meets a first page,
//! one in between and a last one. The items are those of the whole response, repeated with other ids.

use http::HeaderName;
use http::Uri;
use http::header::HOST;
use serde_json::{Map, Value};
use specwright_codegen::interpret::validate_answer;
use specwright_codegen::model::{Api, FieldPath, MessagePlace, NextPage, Operation, Pages};

use crate::hook::Call;
use crate::outcome::Outcome;
use crate::pointer;

/// Items of a list.
const ITEMS: usize = 5;
/// Items of a page, unless the request says how many.
const ON_A_PAGE: usize = 2;
/// The query parameter of our own with which the URLs of next pages say where they begin.
pub(crate) const POSITION: &str = "specwright_position";

/// Takes the position out of the query of a URL that an earlier page gave.
pub(crate) fn take_position(op: &Operation, query: &mut Map<String, Value>) -> usize {
    let given_by_url = op.pages.as_ref().is_some_and(|it| it.next.parameter().is_none());
    let taken = if given_by_url { query.remove(POSITION) } else { None };
    taken.and_then(|it| it.as_str()?.parse().ok()).unwrap_or(0)
}

/// Where a page stands in its list.
struct Window {
    begin: usize,
    size: usize,
}

/// The page that a request asks for, made of the whole response. `None`: the response has no list, or its pages would not
/// conform to the spec.
pub(crate) fn page(
    api: &Api,
    op: &Operation,
    whole: &Value,
    (request, position): (&Value, usize),
    (call, uri): (&Call<'_>, &Uri),
    status: u16,
) -> Option<Outcome> {
    let pages = op.pages.as_ref()?;
    let list = items(pages, whole)?;
    let window = window((api, op), pages, request, position, &list);
    let next = window.begin.saturating_add(window.size);
    let goes_on = next < ITEMS;
    let mut body = whole.clone();
    let shown: Vec<Value> = list.iter().skip(window.begin).take(window.size).cloned().collect();
    *body.pointer_mut(&pages.items)? = Value::Array(shown);
    if let Some((at, value)) = &pages.more {
        put(&mut body, at, Value::Bool(*value == goes_on));
    }
    let url = || {
        let host = call.headers.get(HOST).and_then(|it| it.to_str().ok()).unwrap_or("localhost");
        let kept = uri.query().unwrap_or_default().split('&');
        let kept = kept.filter(|it| !it.is_empty() && !it.starts_with(POSITION)).map(|it| format!("{it}&"));
        format!("http://{host}{}?{}{POSITION}={next}", call.path, kept.collect::<String>())
    };
    let mut header = None;
    let candidates = match &pages.next {
        // A cursor that is a list or an object is that of the whole response.
        NextPage::Cursor { from, .. } if goes_on && is_structure(whole.pointer(from)) => Vec::new(),
        NextPage::Header { name, .. } => {
            header = goes_on.then(|| (name.as_str(), next.to_string()));
            Vec::new()
        }
        NextPage::Cursor { from, .. } if goes_on => {
            at_place(from, [next.to_string().into(), next.into(), as_uuid(next).into()])
        }
        NextPage::Url(at) if goes_on => at_place(at, [url().into()]),
        NextPage::Cursor { from, .. } | NextPage::Url(from) => at_end(&body, from),
        NextPage::Offset { total: Some(MessagePlace::Body(at)), .. } => at_place(at, [ITEMS.into()]),
        NextPage::Offset { total: Some(MessagePlace::Header(name)), .. } => {
            header = Some((name.as_str(), ITEMS.to_string()));
            Vec::new()
        }
        NextPage::Number { pages: Some(place), .. } => {
            let count = ITEMS.div_ceil(window.size.max(1));
            match place {
                MessagePlace::Body(at) => at_place(at, [count.into()]),
                MessagePlace::Header(name) => {
                    header = Some((name.as_str(), count.to_string()));
                    Vec::new()
                }
            }
        }
        NextPage::Link(relation) => {
            header = goes_on.then(|| ("link", format!("<{}>; rel=\"{relation}\"", url())));
            Vec::new()
        }
        NextPage::LastItem { .. } | NextPage::Offset { .. } | NextPage::Number { .. } => Vec::new(),
    };
    let body = conforming(api, op, body, candidates)?;
    let outcome = Outcome::json(status, &body);
    // The headers that the operation describes do not know where the list goes on.
    let name = header.and_then(|(name, value)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value)));
    Some(match name {
        Some((name, value)) => outcome.header(name, &value),
        None => outcome,
    })
}

fn is_structure(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Array(_) | Value::Object(_)))
}

/// All items of the list, each with a position of its own where the next page is found by it.
fn items(pages: &Pages, whole: &Value) -> Option<Vec<Value>> {
    let shown = whole.pointer(&pages.items)?.as_array().filter(|it| !it.is_empty())?;
    let mut all: Vec<Value> = shown.iter().cycle().take(ITEMS).cloned().collect();
    let place = match &pages.next {
        NextPage::LastItem { at, .. } => at.as_str(),
        // Texts are their own ids.
        _ if shown.iter().all(Value::is_string) => "",
        _ => "/id",
    };
    for index in 1..all.len() {
        let (before, here) = all.split_at_mut(index);
        let Some(here) = here.first_mut().and_then(|it| it.pointer_mut(place)) else { continue };
        while before.iter().any(|it| it.pointer(place) == Some(here)) {
            let other = another(here, index);
            if other == *here {
                break;
            }
            *here = other;
        }
    }
    Some(all)
}

/// A value of the same form: the last letters of a text are those of its position.
fn another(value: &Value, index: usize) -> Value {
    match value {
        Value::Number(number) => number.as_i64().map_or(value.clone(), |it| it.wrapping_add(1).into()),
        Value::String(text) => {
            let last = text.chars().next_back().filter(char::is_ascii_alphanumeric);
            let kept = text.len() - last.map_or(0, char::len_utf8);
            let digit = char::from_digit(index as u32 % 10, 10).unwrap_or('0');
            let changed = format!("{}{digit}", &text[..kept]);
            if changed == *text { format!("{text}{digit}").into() } else { changed.into() }
        }
        Value::Array(items) => match items.split_first() {
            Some((first, rest)) => std::iter::once(another(first, index)).chain(rest.iter().cloned()).collect(),
            None => value.clone(),
        },
        other => other.clone(),
    }
}

fn window((api, op): (&Api, &Operation), pages: &Pages, request: &Value, position: usize, list: &[Value]) -> Window {
    let sent = |it: &FieldPath| it.fields(api, &op.parameters).try_fold(request, |value, field| value.get(&field.name));
    let number = |value: &Value| {
        // The digits of a UUID are those of `as_uuid`.
        let digits = |it: &Value| it.as_str()?.rsplit('-').next()?.parse().ok();
        value.as_u64().or_else(|| digits(value)).map(|it| it as usize)
    };
    let size = pages.size.as_ref().and_then(|it| number(sent(it)?)).unwrap_or(ON_A_PAGE);
    let begin = match &pages.next {
        // A list or an object does not say where its page begins: all that is left is on it.
        NextPage::Cursor { parameter, .. } if is_structure(sent(parameter)) => {
            return Window { begin: size, size: ITEMS };
        }
        NextPage::Cursor { parameter, .. }
        | NextPage::Header { parameter, .. }
        | NextPage::Offset { parameter, .. } => sent(parameter).and_then(number),
        NextPage::Number { parameter, first, .. } => {
            let first = usize::try_from(*first).unwrap_or_default();
            sent(parameter).and_then(number).map(|it| it.saturating_sub(first).saturating_mul(size))
        }
        NextPage::LastItem { parameter, at } => sent(parameter).and_then(|sent| {
            let is_it = |it: &Value| it.pointer(at).is_some_and(|it| it == sent || as_text(it) == as_text(sent));
            list.iter().position(is_it).map(|it| it + 1)
        }),
        NextPage::Url(_) | NextPage::Link(_) => Some(position),
    };
    Window { begin: begin.unwrap_or(0), size }
}

/// A cursor for lists whose cursors are UUIDs.
fn as_uuid(position: usize) -> String {
    format!("00000000-0000-4000-8000-{position:012}")
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What may stand at a place, each in turn; `None`: nothing.
type Candidates<'a> = Vec<(&'a str, Option<Value>)>;

fn at_place<const N: usize>(at: &str, values: [Value; N]) -> Candidates<'_> {
    values.into_iter().map(|it| (at, Some(it))).collect()
}

/// How the last page says that it is the last.
fn at_end<'a>(body: &Value, at: &'a str) -> Candidates<'a> {
    let nothing = body.pointer(at).is_none();
    let mut all = vec![(at, Some(Value::Null)), (at, None), (at, Some("".into()))];
    if nothing {
        all.rotate_left(1);
    }
    all
}

/// The body with the first of the candidates that conforms to the spec.
fn conforming(api: &Api, op: &Operation, body: Value, candidates: Candidates<'_>) -> Option<Value> {
    let (ty, wrapper) = op.output.page()?;
    let conforms = |body: &Value| {
        let value = match wrapper {
            Some(key) => body.get(key).unwrap_or(&Value::Null),
            None => body,
        };
        validate_answer(api, ty, value).is_empty()
    };
    if candidates.is_empty() {
        return Some(body).filter(conforms);
    }
    candidates.into_iter().find_map(|(at, value)| {
        let mut body = body.clone();
        match value {
            Some(value) => put(&mut body, at, value),
            None => remove(&mut body, at),
        }
        Some(body).filter(conforms)
    })
}

/// Sets the value at a JSON pointer, with the objects that lead there.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut here = body;
    for name in pointer::steps(pointer) {
        if here.is_null() {
            *here = Value::Object(Map::new());
        }
        let Value::Object(fields) = here else { return };
        here = fields.entry(name).or_insert(Value::Null);
    }
    *here = value;
}

fn remove(body: &mut Value, pointer: &str) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(fields)) = body.pointer_mut(parent) {
        fields.shift_remove(&*pointer::unescaped(name));
    }
}
