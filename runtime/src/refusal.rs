//! Whether a response shows that the API refused the request before it processed it.
//!
//! A status alone does not show that: a gateway may also respond with 503 or 429 after it has forwarded the request. This
//! module decides whether a call that can cost money is retried, so in unclear cases the request counts as processed.

use http::StatusCode;
use serde_json::Value;

use crate::http_date;
use crate::json::at;
use crate::{Api, StatusKind};

/// Whether a server that responds with this kind of error may not have processed the request, so that a retry is
/// worthwhile.
pub(crate) fn may_be_refusal(kind: StatusKind) -> bool {
    matches!(kind, StatusKind::RateLimited | StatusKind::Unavailable)
}

/// Whether a server never responds with this status after it has processed the request: 421 (Misdirected Request)
/// concerns the connection, and 425 (Too Early) comes before the request is processed.
pub(crate) fn precedes_work(status: StatusCode) -> bool {
    matches!(status.as_u16(), 421 | 425)
}

/// Whether a body is an error in the API's own form, and not one that any gateway might write.
///
/// It is one if the spec's place for the code contains a declared code. It is also one if a place for the code or the
/// message contains more than the name of a status, and not the wording of something in front of the API. A `message` at
/// the top of the body, which gateways write too, counts only if the spec names no other place.
pub(crate) fn is_own_form(api: &Api, body: &Value) -> bool {
    // If the API's errors are only texts, an object is not in its form.
    let told =
        |place: &str| at(body, place).is_some_and(|it| (it.is_string() || !place.is_empty()) && has_own_words(it));
    let code = |place: &str| {
        let found = at(body, place).filter(|it| it.is_string() || it.is_number());
        found.is_some_and(|it| is_declared(api, it) || has_own_words(it))
    };
    let only = api.error_code.is_empty() && api.error_message.len() == 1;
    api.error_code.iter().any(|it| code(it))
        || api.error_message.iter().any(|it| (only || !is_gateway_wording(it)) && told(it))
}

/// Whether the spec declares the meaning of this code.
fn is_declared(api: &Api, code: &Value) -> bool {
    code.as_str().is_some_and(|it| api.codes.iter().any(|known| known.0 == it))
}

/// Places at the top of a body that gateways use for their own messages.
fn is_gateway_wording(pointer: &str) -> bool {
    matches!(pointer, "" | "/message" | "/msg" | "/detail" | "/title")
}

/// Whether a value says more than a status.
fn has_own_words(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_u64().is_none_or(|it| it != 0 && !(100..600).contains(&it)),
        Value::String(text) => !is_anybodys(text),
        Value::Array(items) => items.iter().any(is_sentence),
        Value::Object(fields) => fields.values().any(is_sentence),
    }
}

/// Whether a value within an error is a sentence that says more than a status. Ids, paths and times do not show who wrote
/// them.
fn is_sentence(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let text = text.trim();
            text.contains(' ') && !is_anybodys(text) && http_date::parse(text).is_none()
        }
        Value::Array(items) => items.iter().any(is_sentence),
        Value::Object(fields) => fields.values().any(is_sentence),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Words with which servers of all kinds describe a status. A text that consists only of these says no more than the
/// status. They are one text, since each text of a list takes 40 bytes beside its own.
const ANYBODYS: &str = "\
    a again an at available code currently error for handle http https in internal is later many minutes moment \
    no not occurred please request requests retry sent server service status temporarily the this to too try \
    unavailable was you your";

/// Words about a server behind the one that responds, or about a timeout. A server that writes them has forwarded the
/// request.
const OF_WHAT_IS_BEHIND: &str = "\
    backend backends balancer connect connection disconnect econnrefused econnreset ehostunreach enotfound \
    etimedout fetch gateway gateways origin proxied proxy proxying socket timed timeout upstream upstreams";

/// Whether a text could come from any server: it is empty, it is the number or the name of a status, such as `503 Service
/// Temporarily Unavailable` or `too_many_requests`, or it is about something behind the server.
fn is_anybodys(text: &str) -> bool {
    let words = words(text);
    let holds = |list: &str, word: &str| list.split(' ').any(|it| it == word);
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    words.iter().all(|it| is_number(it) || holds(ANYBODYS, it))
        || words.iter().any(|it| holds(OF_WHAT_IS_BEHIND, it))
        || is_name_of_status(&words)
}

/// Whether these words are the name of a status, with or without its number.
fn is_name_of_status(words: &[String]) -> bool {
    let mut names = (400..600).filter_map(|it| StatusCode::from_u16(it).ok()?.canonical_reason());
    let words = words.iter().skip_while(|it| it.len() == 3 && it.bytes().all(|it| it.is_ascii_digit()));
    names.any(|it| self::words(it).iter().eq(words.clone()))
}

/// The words of a text or a code in lower case. They are the same for `ServiceUnavailable`, `SERVICE_UNAVAILABLE` and
/// `service unavailable`. Letters of other scripts than ASCII are words of their own.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut before, mut was) = (' ', Kind::Sign);
    for character in text.chars() {
        let kind = kind(character);
        if kind != was || before.is_ascii_lowercase() && character.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| kind != Kind::Sign) {
            word.push(character.to_ascii_lowercase());
        }
        (before, was) = (character, kind);
    }
    words.retain(|it| !it.is_empty());
    words
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A letter or a digit of ASCII.
    Ascii,
    /// A character of another script.
    Other,
    /// Between words.
    Sign,
}

/// The kind of a character. Of other scripts, the blocks are told apart, not the characters: the tables of the standard
/// library are larger than this module. What is in no such block counts as a sign, of any script: a dash or a no-break space
/// must not hide that a word could be anybody's.
fn kind(character: char) -> Kind {
    match character {
        '0'..='9' | 'A'..='Z' | 'a'..='z' => Kind::Ascii,
        '\u{d7}' | '\u{f7}' => Kind::Sign,
        // Latin with marks; from Greek to Greek with marks; kana, Han and Hangul; rare Han. A sign among them counts as a word,
        // but stands in texts of its script alone.
        '\u{c0}'..='\u{2af}' | '\u{370}'..='\u{1fff}' | '\u{3041}'..='\u{d7ff}' | '\u{20000}'..='\u{3ffff}' => {
            Kind::Other
        }
        _ => Kind::Sign,
    }
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
        for words in ["Rate limit exceeded", "The model is overloaded", "queue_full", "系统繁忙", "503: engine busy"]
        {
            check(NESTED, json!({"error": words}), true);
            check(NESTED, json!({"error": {"code": words}}), true);
        }
        // A code's declaration in the spec takes precedence over its wording.
        let api = Api { codes: &[("SERVICE_UNAVAILABLE", StatusKind::Unavailable)], ..API };
        assert!(is_own_form(&api, &json!({"error": {"code": "SERVICE_UNAVAILABLE"}})));
    }

    #[test]
    fn no_character_hides_what_is_behind_a_server() {
        let others = ('\u{3100}'..=char::MAX).step_by(101);
        for character in ('\u{80}'..'\u{3100}').chain(others).chain(['-', '_', '.', '/', ':', '\t']) {
            assert!(is_anybodys(&format!("the{character}upstream{character}is gone")), "{character:?}");
        }
    }

    #[test]
    fn signs_of_any_block_stand_between_words() {
        let blocks = [
            '\u{80}'..='\u{bf}',
            '\u{d7}'..='\u{d7}',
            '\u{2b0}'..='\u{36f}',
            '\u{2000}'..='\u{3040}',
            '\u{e000}'..='\u{f8ff}',
            '\u{f900}'..='\u{ffff}',
            '\u{1f000}'..='\u{1faff}',
        ];
        for character in blocks.into_iter().flatten() {
            assert!(is_anybodys(&format!("503{character}Service{character}Unavailable")), "{character:?}");
        }
    }

    #[test]
    fn other_scripts_say_something() {
        for text in [
            "请求过多，请稍后再试",
            "リクエストが多すぎます",
            "요청이 너무 많습니다",
            "Слишком много запросов",
            "πάρα πολλά αιτήματα",
            "كثرة الطلبات",
            "בקשות רבות מדי",
            "बहुत अधिक अनुरोध",
            "503 – nur für Gäste",
        ] {
            assert!(!is_anybodys(text), "{text}");
        }
    }

    #[test]
    fn errors_of_gateways_are_not_the_apis() {
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
        // The wording of common gateways, as texts and as codes, with their usual additional fields.
        for words in [
            "503 Service Temporarily Unavailable",
            "The service is currently unavailable. Please try again later.",
            "No server is available to handle this request.",
            "Too many requests, please try again in 5 minutes.",
            "HTTP error 429",
            "Gateway Time-out",
            "upstream connect error or disconnect/reset before headers. reset reason: overflow",
            "no healthy upstream",
            "There was a problem proxying the request",
            "Backend fetch failed",
            "failure to get a peer from the ring-balancer",
            "connect ECONNREFUSED 10.0.0.7:8080",
            "The request timed out",
            "SERVICE_UNAVAILABLE",
            "serviceUnavailable",
            "too_many_requests",
            "UpstreamTimeout",
            " - ",
            " — ",
            "Waiting for upstream…",
            "Service Unavailable — please try again later",
            "Service\u{a0}Unavailable",
            "“gateway” error",
            "connection—reset",
        ] {
            check(NESTED, json!({"error": words}), false);
            check(NESTED, json!({"error": {"message": words, "code": words}}), false);
            check(NESTED, json!({"error": {"status": 503, "reason": words}}), false);
            check(FLAT, json!({"message": words, "code": words}), false);
            check(SHORT, json!({"message": words}), false);
            check(TEXT, json!(words), false);
        }
        for more in [
            json!({"request_id": "8f2c-11", "path": "/v1/images", "timestamp": "2026-01-01T00:00:00Z"}),
            json!({"time": "Thu, 01 Jan 2026 00:00:00 GMT", "instance": ["edge-7"], "took_ms": 1200.5}),
        ] {
            check(NESTED, json!({"error": more}), false);
        }
        // The API's own wording at places that the spec does not name, or that gateways use too.
        check(NESTED, json!({"message": "no healthy upstream"}), false);
        check(FLAT, json!({"message": "no healthy upstream"}), false);
        check(WIDE, json!({"message": "no healthy upstream"}), false);
        check(NESTED, json!({"detail": "no healthy upstream"}), false);
        check(NESTED, json!({"errors": [{"message": "no healthy upstream"}]}), false);
        check(FLAT, json!("no healthy upstream"), false);
        check(FLAT, json!({"code": {"id": "busy"}}), false);
    }
}
