//! Callbacks: the schemes that can be described, and what is said about those that cannot be.

use crate::{model, testing};

/// What comes of an API with this `webhook`.
fn compiled(webhook: &str) -> testing::Compiled {
    let lines: String = webhook.lines().map(|it| format!("  {it}\n")).collect();
    let api = format!("{}webhook:\n{lines}", testing::API);
    testing::compile(&[("api.yaml", &api), ("x.yaml", &super::operation("post: /run"))])
}

#[track_caller]
fn check(webhook: &str, expected: &[&str]) {
    let compiled = compiled(webhook);
    let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, expected, "{webhook}\n{}", compiled.rendered());
}

fn webhook(text: &str) -> model::Webhook {
    let compiled = compiled(text);
    let rendered = compiled.rendered();
    compiled.api.and_then(|it| it.webhook).unwrap_or_else(|| panic!("{rendered}"))
}

const STANDARD: &str = "\
headers: {id: webhook-id, timestamp: webhook-timestamp, signature: webhook-signature}
algorithm: hmac-sha256
signed: \"{id}.{timestamp}.{body}\"
secret: {env: A_SECRET, prefix: whsec_}
signature: {prefix: \"v1,\", separator: \" \"}
";

const BARE: &str = "\
headers: {signature: X-Hub-Signature-256}
algorithm: hmac-sha256
signed: \"{body}\"
secret: {env: A_SECRET, encoding: text}
signature: {encoding: hex, prefix: \"sha256=\"}
";

#[test]
fn schemes_of_the_wild_can_be_described() {
    let standard = webhook(STANDARD);
    assert_eq!((standard.secret_prefix.as_str(), standard.signature_prefix.as_str()), ("whsec_", "v1,"));
    assert_eq!((standard.secret_encoding.as_str(), standard.signature_encoding.as_str()), ("base64", "base64"));
    assert_eq!((standard.separator.as_str(), standard.id.as_ref().map(|it| it.word())), (" ", Some("webhook-id")));

    let bare = webhook(BARE);
    assert_eq!((bare.id, bare.timestamp), (None, None));
    assert_eq!((bare.signature_prefix.as_str(), bare.separator.as_str()), ("sha256=", ","));
    // One of the two is enough for an API that sends one.
    webhook(&BARE.replace("{signature:", "{id: X-Id, signature:"));
    webhook(&BARE.replace("{signature:", "{timestamp: X-At, signature:").replace("{body}", "{timestamp}.{body}"));
}

const STRIPES: &str = "\
headers: {signature: X-Signature}
algorithm: hmac-sha256
signed: \"{timestamp}.{body}\"
secret: {env: A_SECRET, encoding: text}
signature: {encoding: hex, prefix: \"v1=\", timestamp: \"t=\"}
events: {name: /type, types: {paid: json, more: \"string | integer\"}}
";

#[test]
fn events_have_types() {
    let found = webhook(STRIPES);
    assert_eq!(found.timestamp_prefix.as_deref(), Some("t="));
    assert_eq!(found.events.map(|it| it.events.len()), Some(2));
    let twice = STRIPES.replace("headers: {", "headers: {timestamp: X-At, ");
    check(&twice, &["the time of signing stands in one place"]);
    let events = |events: &str| {
        STRIPES.replace("events: {name: /type, types: {paid: json, more: \"string | integer\"}}", events)
    };
    check(&events("events: {header: X-Event, types: {paid: json}}"), &[]);
    check(
        &events("events: {types: {paid: json}}"),
        &["the events of the webhook needs one of the keys `name` or `header`"],
    );
    let both = "the name of an event stands in one place";
    check(&events("events: {name: /type, header: X-Event, types: {paid: json}}"), &[both]);
    check(&events("events: {name: type, types: {paid: json}}"), &["`type` is not a JSON pointer"]);
    check(&events("events: {name: /type, types: {paid: Payment}}"), &["unknown type `Payment`"]);
    let key = "algorithm: hmac-sha256";
    check(&STRIPES.replace(key, "algorithm: ed25519"), &["a public key is not text"]);
    check(&STRIPES.replace(key, "algorithm: ed25519").replace(", encoding: text", ""), &[]);
}

#[test]
fn what_is_signed_must_come_along() {
    for name in ["id", "timestamp"] {
        let expected = format!("`{{{name}}}` is signed, but no header carries it");
        check(&BARE.replace("\"{body}\"", &format!("\"{{{name}}}.{{body}}\"")), &[&expected]);
    }
    check(
        &BARE.replace("{signature: X-Hub-Signature-256}", "{id: X-Id}"),
        &["the webhook's headers needs the key `signature`"],
    );
    // A fault of the headers is said once.
    check(
        &STANDARD.replace("{id: webhook-id, timestamp: webhook-timestamp, signature: webhook-signature}", "[a, b]"),
        &["expected a mapping for the webhook's headers, found a list"],
    );
    check(&BARE.replace("\"{body}\"", "\"{time}.{body}\""), &["`{time}.{body}` is not a text to sign"]);
    check(
        &BARE.replace("\"{body}\"", "\"{id}\""),
        &["`{id}` is not a text to sign", "`{id}` is signed, but no header carries it"],
    );
}

#[test]
fn signatures_can_be_told_apart() {
    let with = |signature: &str| STANDARD.replace("signature: {prefix: \"v1,\", separator: \" \"}", signature);
    for fine in [
        "signature: {prefix: \"v1,\", separator: \"; \"}",
        "signature: {prefix: \"HMAC \", separator: \",\"}",
        "signature: {prefix: \"\", separator: \", \"}",
        "signature: {encoding: hex, separator: \"g\"}",
        "signature: {encoding: hex, separator: \"+\"}",
    ] {
        check(&with(fine), &[]);
    }
    check(&with("signature: {separator: \"\"}"), &["`separator` is empty"]);
    check(&with("signature: {prefix: \"v1,\"}"), &["the prefix `v1,` holds the separator `,`"]);
    check(&with("signature: {prefix: \"v1 \", separator: \" \"}"), &["the prefix `v1 ` holds the separator ` `"]);
    for separator in ["+", "=", "x", "=="] {
        let expected = format!("`{separator}` can be part of a signature, so it cannot separate signatures");
        check(&with(&format!("signature: {{separator: \"{separator}\"}}")), &[&expected]);
    }
    check(
        &with("signature: {encoding: hex, separator: ab}"),
        &["`ab` can be part of a signature, so it cannot separate signatures"],
    );
    check(&with("signature: {separator: \"→\"}"), &["`→` is not a separator"]);
    check(&with("signature: {prefix: \"v1é\"}"), &["`v1é` is not a prefix of signatures"]);
    check(&with("signature: {prefix: \" v1=\"}"), &["` v1=` is not a prefix of signatures"]);
}

#[test]
fn signatures_may_be_in_the_body_or_over_the_fields_of_a_form() {
    let sealed =
        "body: {id: /id, signature: /seal}\nalgorithm: hmac-sha256\nsigned: \"{id}:{/sum}\"\nsecret: {env: A_SECRET}\n";
    let signed = |text: &str| webhook(text).signed;
    assert_eq!(signed(sealed), "{id}:{/sum}");
    let form = sealed.replace("body: {id: /id, signature: /seal}", "headers: {signature: X-Seal}");
    assert_eq!(signed(&form.replace("{id}:{/sum}", "{url}{fields}")), "{url}{fields}");
    check(&sealed.replace("{id}:{/sum}", "{body}"), &["the body holds the signature, so it cannot be signed itself"]);
    check(&sealed.replace("{id}:{/sum}", "{id}"), &["`{id}` is not a text to sign"]);
    check(&sealed.replace("{/sum}", "{/sum~2}"), &["`/sum~2` is not a JSON pointer"]);
    check(&sealed.replace("signature: /seal", "timestamp: /at"), &["nothing says where the signature is"]);
    check(&sealed.replace("/seal", "seal"), &["`seal` is not a JSON pointer"]);
    check(&format!("headers: {{id: X-Id}}\n{sealed}"), &["the id stands in one place"]);
}
