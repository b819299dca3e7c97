//! `webhook:` of `api.yaml`: how callbacks are signed.

use super::document::{Text, WebhookDoc, WebhookEventDoc, WebhookEventsDoc};
use super::read::{self, Map};
use super::type_expr;
use crate::diagnostics::{Diagnostics, decode};
use crate::yaml::{Kind, Node};

const SECRETS: &[(&str, &str)] = &[("base64", "base64"), ("text", "text"), ("hex", "hex")];
const SIGNATURES: &[(&str, &str)] = &[("base64", "base64"), ("hex", "hex")];
const ALGORITHMS: &[(&str, &str)] = &[
    ("hmac-sha256", "hmac-sha256"),
    ("hmac-sha512", "hmac-sha512"),
    ("hmac-sha1", "hmac-sha1"),
    ("ed25519", "ed25519"),
    (TOKEN, TOKEN),
];
/// The header holds the secret itself.
const TOKEN: &str = "token";

pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<WebhookDoc> {
    let mut map = Map::of(node, "the webhook", out)?;
    let (mut id, mut timestamp, mut signature) = (None, None, None);
    let beside = node.get("signature").and_then(|it| it.value.get("timestamp")).map(|it| it.key.span);
    let body = map.take("body");
    let headers = if body.is_some() { map.take("headers") } else { map.require("headers", out) };
    let in_body = |name: &str| body.is_some_and(|it| it.get(name).is_some());
    if let Some(mut headers) = headers.and_then(|it| Map::of(it, "the webhook's headers", out)) {
        id = headers.text("id", out);
        timestamp = headers.text("timestamp", out);
        signature =
            if in_body("signature") { headers.text("signature", out) } else { headers.need_text("signature", out) };
        headers.finish(out);
    }
    if let Some(mut body) = body.and_then(|it| Map::of(it, "the webhook's places in the body", out)) {
        for (name, found) in [("id", &mut id), ("timestamp", &mut timestamp), ("signature", &mut signature)] {
            let Some(place) = body.text(name, out).filter(|it| check_place(it, out)) else { continue };
            if let Some(header) = found.replace(place.clone()) {
                let why = format!("the {name} stands in one place");
                out.push(decode::keys_exclude(&why, header.span, place.span));
            }
        }
        let span = body.span();
        body.finish(out);
        if headers.is_none() && !in_body("signature") {
            let help =
                "add its place, `body: {signature: /signature}`, or its header, `headers: {signature: X-Signature}`";
            out.push(decode::bad_shape("nothing says where the signature is", help, span));
        }
    }
    let algorithm =
        map.require("algorithm", out).and_then(|it| read::word(it, ALGORITHMS, out)).unwrap_or("hmac-sha256");
    let is_token = algorithm == TOKEN;
    let signed = if is_token { map.text("signed", out) } else { map.need_text("signed", out) };
    if let Some(signed) = signed.as_ref().filter(|_| is_token) {
        out.push(decode::bad_shape("nothing is signed: the header holds the secret", "remove `signed`", signed.span));
    } else if let Some(signed) = &signed {
        check_signed(signed, signature.as_ref(), out);
        // Headers that cannot be read were reported.
        if headers.is_none_or(|it| it.as_map().is_some()) && body.is_none_or(|it| it.as_map().is_some()) {
            check_header("id", id.is_some(), signed, out);
            check_header("timestamp", timestamp.is_some() || beside.is_some(), signed, out);
        }
    }
    let is_public_key = algorithm == "ed25519";
    let (mut env, mut secret_encoding, mut secret_prefix) =
        (None, if is_public_key { "hex" } else { "base64" }, String::new());
    if is_token {
        secret_encoding = "text";
    }
    if let Some(mut secret) = map.require("secret", out).and_then(|it| Map::of(it, "the webhook's secret", out)) {
        env = secret.need_text("env", out);
        let encoding = secret.entry("encoding").map(|it| it.value.span);
        secret_encoding = secret.word("encoding", SECRETS, out).unwrap_or(secret_encoding);
        if let Some(span) = encoding.filter(|_| is_token && secret_encoding != "text") {
            let help = "remove `encoding`";
            out.push(decode::bad_shape("a token is sent as it is, so its secret is text", help, span));
        }
        if let Some(span) = encoding.filter(|_| is_public_key && secret_encoding == "text") {
            out.push(decode::bad_shape(
                "a public key is not text",
                "write `encoding: hex` or `encoding: base64`",
                span,
            ));
        }
        secret_prefix = secret.prose("prefix", out).unwrap_or_default();
        secret.finish(out);
    }
    let (mut signature_encoding, mut prefix, mut separator, mut timestamp_prefix) =
        (if is_public_key { "hex" } else { "base64" }, None, None, None);
    if is_token {
        signature_encoding = "text";
    }
    if let Some(mut sign) = map.take("signature").and_then(|it| Map::of(it, "the webhook's signature", out)) {
        prefix = sign.text("prefix", out);
        if !is_token {
            signature_encoding = sign.word("encoding", SIGNATURES, out).unwrap_or(signature_encoding);
            separator = sign.text("separator", out);
            timestamp_prefix = sign.text("timestamp", out);
        }
        sign.finish(out);
    }
    check_separator(separator.as_ref(), prefix.as_ref(), signature_encoding, out);
    if let (Some(beside), Some(header)) = (&timestamp_prefix, &timestamp) {
        out.push(decode::keys_exclude("the time of signing stands in one place", header.span, beside.span));
    }
    if let Some(prefix) = timestamp_prefix.as_ref().filter(|it| it.value.trim().is_empty()) {
        out.push(decode::bad_text(
            &prefix.value,
            "a prefix",
            "write the text before the time, such as `t=`",
            prefix.span,
        ));
    }
    let events = map.take("events").and_then(|it| events(it, out));
    let retries = map.whole_number("retries", out);
    let doc = map.prose("doc", out).unwrap_or_default();
    let span = map.span();
    map.finish(out);
    Some(WebhookDoc {
        id,
        timestamp,
        signature,
        algorithm: algorithm.to_owned(),
        signed: signed.map(|it| it.value).unwrap_or_default(),
        env,
        secret_encoding: secret_encoding.to_owned(),
        secret_prefix,
        signature_encoding: signature_encoding.to_owned(),
        timestamp_prefix: timestamp_prefix.map(|it| it.value),
        events,
        signature_prefix: prefix.map(|it| it.value).unwrap_or_default(),
        separator: separator.map_or_else(|| DEFAULT_SEPARATOR.to_owned(), |it| it.value),
        retries,
        doc,
        span,
    })
}

/// `{name: /type, types: {invoice.paid: InvoicePaid}}`, or with `header` in place of `name`.
fn events(node: &Node, out: &mut Diagnostics) -> Option<WebhookEventsDoc> {
    let mut map = Map::of(node, "the events of the webhook", out)?;
    let span = map.span();
    let name = map.text("name", out).filter(|it| super::check_pointer(it, out));
    let header = map.text("header", out);
    match (&name, &header, node.get("name").is_some()) {
        (Some(name), Some(header), _) => {
            out.push(decode::keys_exclude("the name of an event stands in one place", name.span, header.span));
        }
        (None, None, false) => out.push(decode::one_of_keys("the events of the webhook", &["name", "header"], span)),
        _ => {}
    }
    let mut types = Vec::new();
    if let Some(node) = map.require("types", out) {
        for written in read::entries(node, "events", out).unwrap_or_default() {
            let (mut doc, mut rust) = (String::new(), None);
            let ty = match &written.value.kind {
                Kind::Map(_) => {
                    let Some(mut long) = Map::of(&written.value, "an event", out) else { continue };
                    doc = long.prose("doc", out).unwrap_or_default();
                    rust = long.text("rust", out);
                    let ty = long.require("type", out).and_then(|it| type_expr::of_node(it, out));
                    long.finish(out);
                    ty
                }
                _ => type_expr::of_node(&written.value, out),
            };
            types.extend(ty.map(|ty| WebhookEventDoc { name: written.name(), ty, doc, rust }));
        }
    }
    map.finish(out);
    Some(WebhookEventsDoc { name, header, types })
}

const DEFAULT_SEPARATOR: &str = ",";

/// The signed text holds the body or something of it, and no placeholder that is not known.
fn check_signed(signed: &Text, signature: Option<&Text>, out: &mut Diagnostics) {
    let words = ["{id}", "{timestamp}", "{url}", "{body}", "{fields}"];
    let mut rest = words.iter().fold(signed.value.clone(), |rest, it| rest.replace(it, ""));
    let mut is_of_body = ["{body}", "{fields}"].iter().any(|it| signed.value.contains(it));
    while let Some((before, after)) = rest.split_once("{/") {
        let Some((place, others)) = after.split_once('}') else { break };
        is_of_body = true;
        check_place(&Text { value: format!("/{place}"), span: signed.span }, out);
        rest = format!("{before}{others}");
    }
    if !is_of_body || rest.contains(['{', '}']) {
        let help = "write it with `{id}`, `{timestamp}`, `{url}`, `{body}`, `{fields}` (of a form), or places of the body such as `{/amount}`; what is not signed may be forged";
        return out.push(decode::bad_text(&signed.value, "a text to sign", help, signed.span));
    }
    if signed.value.contains("{body}") && signature.is_some_and(|it| it.value.starts_with('/')) {
        let help = "write what of the body is signed: `{/amount}`, or `{fields}` of a form";
        out.push(decode::bad_shape("the body holds the signature, so it cannot be signed itself", help, signed.span));
    }
}

/// A place that is not the whole body.
fn check_place(place: &Text, out: &mut Diagnostics) -> bool {
    let fine = super::check_pointer(place, out);
    if fine && place.value.is_empty() {
        out.push(decode::bad_text("", "a place in the body", "write it like `/signature`", place.span));
    }
    fine && !place.value.is_empty()
}

/// What is signed must be known: it comes in a header, or in the body.
fn check_header(name: &str, is_there: bool, signed: &Text, out: &mut Diagnostics) {
    if !is_there && signed.value.contains(&format!("{{{name}}}")) {
        let problem = format!("`{{{name}}}` is signed, but no header carries it");
        let help = format!(
            "add the header's name, `headers: {{{name}: …}}`, or its place, `body: {{{name}: …}}`; or leave `{{{name}}}` out of `signed`"
        );
        out.push(decode::bad_shape(&problem, &help, signed.span));
    }
}

/// Whether the separator and the prefix allow several signatures to be separated.
fn check_separator(separator: Option<&Text>, prefix: Option<&Text>, encoding: &str, out: &mut Diagnostics) {
    if let Some(separator) = separator {
        let in_signature = |it: char| match encoding {
            "hex" => it.is_ascii_hexdigit(),
            _ => it.is_ascii_alphanumeric() || "+/=".contains(it),
        };
        if separator.value.is_empty() {
            out.push(decode::empty("separator", separator.span));
        } else if !separator.value.chars().all(in_header) {
            let help = "write characters that a header can carry, such as `,` or a space";
            out.push(decode::bad_text(&separator.value, "a separator", help, separator.span));
        } else if separator.value.chars().all(in_signature) {
            let problem = format!("`{}` can be part of a signature, so it cannot separate signatures", separator.value);
            let help = format!("write a character that {encoding} does not use, such as `,` or a space");
            out.push(decode::bad_shape(&problem, &help, separator.span));
        }
    }
    let Some(prefix) = prefix else { return };
    let between = separator.map_or(DEFAULT_SEPARATOR, |it| &it.value);
    if !prefix.value.chars().all(in_header) || prefix.value.starts_with([' ', '\t']) {
        let help = "write the text before each signature, such as `v1,` or `sha256=`";
        out.push(decode::bad_text(&prefix.value, "a prefix of signatures", help, prefix.span));
    } else if !between.is_empty() && prefix.value.contains(between) {
        let problem = format!("the prefix `{}` holds the separator `{between}`", prefix.value);
        out.push(decode::bad_shape(&problem, "write the separator of the API with `separator: …`", prefix.span));
    }
}

fn in_header(character: char) -> bool {
    matches!(character, ' '..='~' | '\t')
}
