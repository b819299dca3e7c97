//! How the requests of an operation are sent: method, path, server, encoding, styles, credentials.

use serde_json::Value;
use specwright_codegen::boundary::RequestParts;
use specwright_codegen::model::{Api, Encoding, Field, Location, Operation, Output, Sent, Style, TextStyle};
use specwright_codegen::prose::code;
use specwright_codegen::serialize;

use crate::change::{Change, Class, Evidence, Side};
use crate::credentials;
use crate::pairs;
use crate::requests::Call;
use crate::sample::{get, known_requests, put, renamed, verdict, with_sample};

/// What is sent otherwise.
pub(crate) fn changes(old: Call<'_>, new: Call<'_>, out: &mut Vec<Change>) {
    let (own, theirs) = (old.operation(), new.operation());
    let name = theirs.full_name(new.api);
    let breaking = |message: String| Change::new(Class::Breaking, Side::Request, message).of(&name);
    let legal = || known_requests(old).into_iter().find(|it| verdict(old, it).is_valid());
    let unanswered = |mut change: Change| {
        if let Some(request) = legal() {
            change.evidence = Evidence::Unanswered(Box::new(request));
        }
        change
    };
    if own.method != theirs.method {
        let words = format!("the method is {} now (before: {})", theirs.method.as_str(), own.method.as_str());
        out.push(unanswered(breaking(words)));
    }
    if pairs::path_shape(own) != pairs::path_shape(theirs) {
        let words =
            format!("the path is {} now (before: {})", code(&theirs.path_template()), code(&own.path_template()));
        out.push(unanswered(breaking(words)));
    }
    let url = |api: &Api, operation: &Operation| api.servers.get(operation.server).map(|it| it.url.clone());
    let (was, is) = (url(old.api, own), url(new.api, theirs));
    // Of a server that changed, and of the default, the API tells.
    let server = |api: &Api, operation: &Operation| api.servers.get(operation.server).map(|it| it.name.clone());
    let both_default = own.server == 0 && theirs.server == 0;
    if was != is && !both_default && server(old.api, own) != server(new.api, theirs) {
        let shown = |it: Option<String>| code(&it.unwrap_or_default());
        out.push(breaking(format!("the server is {} now (before: {})", shown(is), shown(was))));
    }
    bodies(old, new, &name, out);
    styles(old, new, &name, out);
    crate::xml::changes(old, new, &name, out);
    credentials::of_operation(old, new, &name, out);
    keys(own, theirs, &name, out);
    accepted(own, theirs, &name, out);
}

fn bodies(old: Call<'_>, new: Call<'_>, name: &str, out: &mut Vec<Change>) {
    let (own, theirs) = (old.operation(), new.operation());
    if !own.has_body || !theirs.has_body {
        return;
    }
    let list = |it: &Operation| it.content_types.iter().map(|it| it.media_type.clone()).collect::<Vec<_>>();
    let (was, is) = (list(own), list(theirs));
    let say = |class, message: String| Change::new(class, Side::Request, message).of(name).at("body");
    // Where there is a choice, a header of the request makes it.
    let chosen = |media_type: &str| {
        let header = own
            .parameters
            .fields
            .iter()
            .find(|it| it.location == Location::Header && it.sent_name().eq_ignore_ascii_case("content-type"));
        known_requests(old).into_iter().find_map(|mut request| {
            if let Some(header) = header {
                put(&mut request, header, Some(media_type.into()));
            }
            verdict(old, &request).is_valid().then_some(request)
        })
    };
    for gone in was.iter().filter(|it| !is.contains(it)) {
        let words = format!("the body must not be {} any more, but {}", code(gone), is.join(" or "));
        let mut change = say(Class::Breaking, words);
        if let Some(request) = chosen(gone) {
            let violation = verdict(new, &renamed(&request, own, theirs)).violations.into_iter().next();
            change.evidence = match violation {
                Some(it) => Evidence::Refused { request: Box::new(request), violation: it.message },
                None => Evidence::Unanswered(Box::new(request)),
            };
        }
        out.push(change);
    }
    let kept = was.iter().all(|it| is.contains(it));
    for added in is.iter().filter(|it| !was.contains(it) && kept) {
        out.push(say(Class::Widening, format!("the body may be {}", code(added))));
    }
    if kept && (own.encoding != theirs.encoding || was.first() != is.first()) {
        let words = format!(
            "the body is {} unless the caller chooses (before: {})",
            code(is.first().map_or("", String::as_str)),
            code(was.first().map_or("", String::as_str))
        );
        let mut change = say(Class::Breaking, words);
        let legal = |it: &RequestParts| {
            let chooses = it.headers.keys().any(|it| it.eq_ignore_ascii_case("content-type"));
            !chooses && verdict(old, it).is_valid() && verdict(new, &renamed(it, own, theirs)).is_valid()
        };
        if let Some(request) = known_requests(old).into_iter().find(legal) {
            change.evidence = Evidence::MeansOther(Box::new(request));
        }
        out.push(change);
    }
}

/// Parameters that are the same and are written otherwise.
fn styles(old: Call<'_>, new: Call<'_>, name: &str, out: &mut Vec<Change>) {
    let (own, theirs) = (old.operation(), new.operation());
    for (at, other) in pairs::parameters(own, theirs).into_iter().enumerate() {
        let Some(other) = other else { continue };
        let (own_field, field) = (&own.parameters.fields[at], theirs.parameters.field(other));
        let (was, is) = (&own_field.sent, &field.sent);
        if own_field.location != field.location {
            continue;
        }
        let other_name = own_field.sent_name() != field.sent_name()
            && own_field.location != Location::Path
            && !own_field.sent_name().eq_ignore_ascii_case(field.sent_name());
        let in_json = field.location.in_body() && matches!(theirs.encoding, Encoding::Json | Encoding::Xml);
        let style = was.style != is.style && !in_json;
        let parts = |it: &Operation| it.content_types.iter().any(|it| it.media_type.starts_with("multipart/"));
        let part = parts(own) && parts(theirs) && (was.part != is.part || was.part_type() != is.part_type());
        let keeps = |it: &Sent| it.keeps_slashes || it.style.texts == TextStyle::Reserved;
        let slashes = keeps(was) != keeps(is);
        if !(other_name || style || part || slashes) {
            continue;
        }
        // A style that no value of the parameter needs is no difference.
        let legal =
            |it: &RequestParts| verdict(old, it).is_valid() && verdict(new, &renamed(it, own, theirs)).is_valid();
        if part || slashes {
            let (words, value) = if slashes {
                let way = |it: bool| if it { "as it is" } else { "as `%2F`" };
                let (was, is) = (way(keeps(was)), way(keeps(is)));
                (format!("`/` in {} is sent {is} now (before: {was})", code(&own_field.name)), Some("a/b".into()))
            } else {
                let ty = |it: Option<&str>| {
                    it.map_or_else(|| "without a media type".to_owned(), |it| format!("as {}", code(it)))
                };
                let (was, is) = (ty(was.part_type()), ty(is.part_type()));
                (format!("the part {} is sent {is} now (before: {was})", code(&own_field.name)), None)
            };
            let place = format!("{} /{}", crate::gap::location_word(field.location), own_field.name);
            let mut change = Change::new(Class::Breaking, Side::Request, words).of(name).at(place);
            let made = with_sample(old, own_field).into_iter().map(|mut it| {
                if let Some(value) = &value {
                    put(&mut it, own_field, Some(Value::clone(value)));
                }
                it
            });
            let shown = made.into_iter().find(|it| get(it, own_field).is_some() && legal(it));
            change.evidence = shown.map_or(Evidence::None, |it| Evidence::MeansOther(Box::new(it)));
            out.push(change);
            continue;
        }
        let shown =
            with_sample(old, own_field).into_iter().flat_map(|it| with_two(it, own_field)).find_map(|request| {
                let value = get(&request, own_field)?;
                let (was, is) = (sent(own_field, value), sent(field, value));
                (was != is && legal(&request)).then(|| (was, is, request.clone()))
            });
        let place = format!("{} /{}", crate::gap::location_word(field.location), own_field.name);
        let words = match &shown {
            Some((was, is, _)) => {
                format!("{} is sent as {} now (before: {})", code(&own_field.name), code(is), code(was))
            }
            None if was.style.lists == is.style.lists && same_style(&was.style, &is.style) => continue,
            None => format!("{} is written in another way when it is sent", code(&own_field.name)),
        };
        let mut change = Change::new(Class::Breaking, Side::Request, words).of(name).at(place);
        if let Some((_, _, request)) = shown {
            change.evidence = Evidence::MeansOther(Box::<RequestParts>::new(request));
        }
        out.push(change);
    }
}

/// A value as it is sent.
fn sent(field: &Field, value: &Value) -> String {
    match field.location {
        Location::Header if field.header_prefix().is_some() => {
            let all = serialize::headers(field, value).into_iter().map(|(name, value)| format!("{name}: {value}"));
            all.collect::<Vec<_>>().join("; ")
        }
        Location::Path | Location::Header => serialize::header(field, value).unwrap_or_default(),
        Location::Cookie => serialize::cookie(field, value).unwrap_or_default(),
        Location::Query | Location::Body | Location::WholeBody => serialize::pairs(field, value).join("&"),
    }
}

/// The request, and the same with two items in a list: one alone does not show how they are joined.
fn with_two(request: RequestParts, field: &Field) -> Vec<RequestParts> {
    let mut all = vec![request.clone()];
    if let Some(Value::Array(items)) = get(&request, field)
        && let Some(first) = items.first()
    {
        let second = match first {
            Value::String(text) => Value::from(format!("{text}b")),
            Value::Number(number) => number.as_i64().map_or_else(|| first.clone(), |it| Value::from(it + 1)),
            other => other.clone(),
        };
        for other in [second, first.clone()] {
            let mut two = request.clone();
            put(&mut two, field, Some(Value::Array(vec![first.clone(), other])));
            all.push(two);
        }
    }
    all
}

fn same_style(one: &Style, other: &Style) -> bool {
    one.objects == other.objects && one.json == other.json
}

/// What the client asks for. The answer has the same type either way.
fn accepted(own: &Operation, theirs: &Operation, name: &str, out: &mut Vec<Change>) {
    let media_types = |it: &Operation| match it.accept.as_slice() {
        [] => Encoding::Json.media_type().to_owned(),
        all => all.join(", "),
    };
    let is_json = |it: &Operation| matches!(it.output, Output::Json { .. } | Output::ByStatus(_) | Output::Task(_));
    let (was, is) = (media_types(own), media_types(theirs));
    if was != is && is_json(own) && is_json(theirs) {
        let words = format!("it asks for {} now (before: {})", code(&is), code(&was));
        out.push(Change::new(Class::Documentation, Side::Response, words).of(name));
    }
}

/// Keys of calls that are sent again.
fn keys(own: &Operation, theirs: &Operation, name: &str, out: &mut Vec<Change>) {
    let lower = |it: &Operation| it.idempotency.as_ref().map(|it| it.to_ascii_lowercase());
    let say = |class, message: String| Change::new(class, Side::Request, message).of(name);
    match (lower(own), lower(theirs)) {
        (Some(was), Some(is)) if was != is => {
            out.push(say(Class::Breaking, format!("the idempotency key is in the header {is} now (before: {was})")));
        }
        (Some(was), None) => {
            out.push(say(Class::Breaking, format!("there is no idempotency key any more (before: header {was})")));
        }
        (None, Some(is)) => {
            out.push(say(Class::Widening, format!("calls have an idempotency key, in the header {is}")));
        }
        _ => {}
    }
    if own.billed != theirs.billed {
        let words = if theirs.billed {
            "it costs money or quota now, and is not sent again after a failure that leaves its effect open"
        } else {
            "it costs nothing now, and may be sent again after a failure"
        };
        out.push(say(Class::Widening, words.to_owned()));
    }
}
