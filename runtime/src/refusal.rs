//! Whether an answer shows that the API refused the request before it did any work.
//!
//! A status alone does not: a gateway says 503 or 429 as well, after it has handed the request on. This decides whether a
//! call that can cost money is sent again, so whatever is unclear counts as work.

use http::StatusCode;
use serde_json::Value;

use crate::json::at;
use crate::{Api, StatusKind};

/// Whether a server that answers with this kind of error may have done nothing, so that another attempt is worth while.
pub(crate) fn may_be_refusal(kind: StatusKind) -> bool {
    matches!(kind, StatusKind::RateLimited | StatusKind::Unavailable)
}

/// Whether no server answers with this status after it has acted: 421 (Misdirected Request) is said of the connection, and
/// 425 (Too Early) before the request is looked at.
pub(crate) fn precedes_work(status: StatusCode) -> bool {
    matches!(status.as_u16(), 421 | 425)
}

/// Whether a body is an error in the API's own form, rather than one that any gateway writes.
///
/// It is one if a place that the spec names for the code or the message holds more than the status says already. A
/// `message` at the top of the body, which is what gateways write, counts only where the spec names no other place.
pub(crate) fn is_own_form(api: &Api, body: &Value) -> bool {
    // An API whose errors are texts alone says nothing of objects.
    let told =
        |place: &str| at(body, place).is_some_and(|it| (it.is_string() || !place.is_empty()) && has_own_words(it));
    let code =
        api.error_code.iter().any(|it| at(body, it).is_some_and(|it| it.is_string() || it.is_number()) && told(it));
    let only = api.error_code.is_empty() && api.error_message.len() == 1;
    code || api.error_message.iter().any(|it| (only || !is_gateway_wording(it)) && told(it))
}

/// Places at the top of a body that gateways use for their own words.
fn is_gateway_wording(pointer: &str) -> bool {
    matches!(pointer, "" | "/message" | "/msg" | "/detail" | "/title")
}

/// Whether a value says anything that a status does not.
fn has_own_words(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_u64().is_none_or(|it| it != 0 && !(100..600).contains(&it)),
        Value::String(text) => !is_name_of_status(text),
        Value::Array(items) => items.iter().any(has_own_words),
        Value::Object(fields) => fields.values().any(has_own_words),
    }
}

/// Whether a text is empty, or no more than the number or the name of some status: `503 Service Unavailable`.
fn is_name_of_status(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let words = if digits == 3 { &text[digits..] } else { text };
    let words = words.trim_matches(|it: char| it.is_whitespace() || it.is_ascii_punctuation());
    let mut names = (400..600).filter_map(|it| StatusCode::from_u16(it).ok()?.canonical_reason());
    words.is_empty() || names.any(|it| it.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::API;

    const NESTED: (&[&str], &[&str]) = (&["/error/message", "/error"], &["/error/code", "/code"]);
    const FLAT: (&[&str], &[&str]) = (&["/message"], &["/code"]);
    const WIDE: (&[&str], &[&str]) = (&["/error/message", "/error", "/message"], &["/error/code"]);
    const SHORT: (&[&str], &[&str]) = (&["/message"], &[]);
    const TEXT: (&[&str], &[&str]) = (&[""], &[]);

    #[track_caller]
    fn check((message, code): (&'static [&'static str], &'static [&'static str]), body: Value, expected: bool) {
        let api = Api { error_message: message, error_code: code, ..API };
        assert_eq!(is_own_form(&api, &body), expected, "{message:?} {code:?}: {body}");
    }

    #[test]
    fn the_apis_own_errors_are_known() {
        check(NESTED, json!({"error": {"message": "The queue is full", "code": "busy"}}), true);
        check(NESTED, json!({"error": {"message": "Service Unavailable", "code": "busy"}}), true);
        check(NESTED, json!({"error": {"message": "The queue is full"}}), true);
        check(NESTED, json!({"error": "The queue is full"}), true);
        check(NESTED, json!({"error": {"reason": "The queue is full"}}), true);
        check(NESTED, json!({"error": {"code": 17}}), true);
        check(NESTED, json!({"error": "Service Unavailable", "code": "BUSY"}), true);
        check(FLAT, json!({"message": "The queue is full", "code": "busy"}), true);
        check(FLAT, json!({"message": "Service Unavailable", "code": 50301}), true);
        check(SHORT, json!({"message": "The queue is full"}), true);
        check(TEXT, json!("The queue is full"), true);
    }

    #[test]
    fn what_any_gateway_writes_is_not_the_apis() {
        for places in [NESTED, FLAT, WIDE, SHORT, TEXT] {
            for body in [
                json!({}),
                json!(null),
                json!([]),
                json!(""),
                json!("Service Unavailable"),
                json!("503 service unavailable."),
                json!({"message": "Service Unavailable"}),
                json!({"message": "503: Service Unavailable."}),
                json!({"message": "Bad Gateway", "error": " 504 gateway timeout ", "code": 502}),
                json!({"message": "", "code": 503, "status": 503}),
                json!({"message": null, "error": null, "code": null}),
                json!({"code": "503", "message": "503 Service Unavailable"}),
                json!({"error": {"code": 503, "message": "Service Unavailable"}}),
                json!({"error": {}, "code": ""}),
                json!({"error": [], "message": " "}),
                json!({"error": true, "message": false, "code": 0}),
                json!({"status": 503, "error": "Service Unavailable", "path": "/v1"}),
            ] {
                check(places, body, false);
            }
        }
        // Words of its own that the spec has no place for, or shares with gateways.
        check(NESTED, json!({"message": "no healthy upstream"}), false);
        check(FLAT, json!({"message": "no healthy upstream"}), false);
        check(WIDE, json!({"message": "no healthy upstream"}), false);
        check(NESTED, json!({"detail": "no healthy upstream"}), false);
        check(NESTED, json!({"errors": [{"message": "no healthy upstream"}]}), false);
        check(FLAT, json!("no healthy upstream"), false);
        check(FLAT, json!({"code": {"id": "busy"}}), false);
    }
}
