//! What a part of a spec becomes in several files of a crate.

use crate::model::Api;
use crate::{emit, pipeline, testing};

const RUN: &str = "  run:\n    post: /run\n    summary: Do it.\n";

/// An API with this `webhook`.
fn with_webhook(webhook: &str) -> Api {
    let lines: String = webhook.lines().map(|it| format!("  {it}\n")).collect();
    let api = format!("{}webhook:\n{lines}", testing::API);
    testing::api(&[("api.yaml", &api), ("x.yaml", &testing::resource(&format!("{RUN}    response: none\n")))])
}

/// The module of the webhook.
fn module(api: &Api) -> String {
    pipeline::crate_files(api).expect("a crate").remove("src/webhook.rs").expect("a module")
}

#[test]
fn the_scheme_of_a_webhook_reaches_the_crate_and_its_reference() {
    let all = |text: &str| {
        let api = with_webhook(text);
        (module(&api), emit::docs::pages(&api).into_values().collect::<String>())
    };
    let (rust, pages) = all("headers: {id: webhook-id, timestamp: webhook-timestamp, signature: webhook-signature}\n\
                             algorithm: hmac-sha256\n\
                             signed: \"{id}.{timestamp}.{body}\"\n\
                             secret: {env: A_SECRET, prefix: whsec_}\n\
                             signature: {prefix: \"v1,\", separator: \" \"}\n");
    for line in
        ["id: Some(\"webhook-id\"),", "secret_prefix: \"whsec_\",", "signature_prefix: \"v1,\",", "separator: \" \","]
    {
        assert!(rust.contains(line), "{line}\n{rust}");
    }
    assert!(pages.contains("| delivery id | `webhook-id` |"), "{pages}");
    assert!(pages.contains("base64 after `v1,` |") && pages.contains("base64 after `whsec_` |"), "{pages}");
    let (rust, pages) = all("headers: {signature: X-Hub-Signature-256}\n\
                             algorithm: hmac-sha256\n\
                             signed: \"{body}\"\n\
                             secret: {env: A_SECRET, encoding: text}\n\
                             signature: {encoding: hex, prefix: \"sha256=\"}\n");
    assert!(rust.contains("id: None,") && rust.contains("timestamp: None,"), "{rust}");
    assert!(!pages.contains("delivery id") && !pages.contains("time of signing"), "{pages}");
}

#[test]
fn signatures_may_be_in_the_body_or_over_the_fields_of_a_form() {
    let sealed =
        "body: {id: /id, signature: /seal}\nalgorithm: hmac-sha256\nsigned: \"{id}:{/sum}\"\nsecret: {env: A_SECRET}\n";
    let text = module(&with_webhook(sealed));
    assert!(text.contains("id: Some(\"/id\"),") && text.contains("signature: \"/seal\","), "{text}");
    assert!(text.contains("rt::webhook::SignedPart::At(\"/sum\"),"), "{text}");
    let form = sealed.replace("body: {id: /id, signature: /seal}", "headers: {signature: X-Seal}");
    let text = module(&with_webhook(&form.replace("{id}:{/sum}", "{url}{fields}")));
    assert!(text.contains("&[rt::webhook::SignedPart::Url, rt::webhook::SignedPart::Fields]"), "{text}");
}

#[test]
fn a_task_tells_where_its_status_has_the_id() {
    let emitted = |tasks: &str, task: &str| {
        let types = "types:\n  Film: {fields: {id: string, url?: url}}\n";
        let api = format!("{}{tasks}", testing::API);
        let text = format!("{}{types}", testing::resource(&format!("{RUN}    task: {task}\n")));
        let files = pipeline::crate_files(&testing::api(&[("api.yaml", &api), ("x.yaml", &text)])).expect("a crate");
        let text: String = files.into_iter().filter(|it| it.0.starts_with("src/x")).map(|it| it.1).collect();
        assert!(text.contains("rt::TaskSpec::new("), "{text}");
        !text.contains(".ids(\"id\", None)")
    };
    assert!(emitted("  every_state: {id: string}\n", "{result: {url: url}}"));
    assert!(emitted("", "{result: Film, created: Film}"));
    // The film's own id may be another than the task's.
    assert!(!emitted("", "{result: Film}"));
    assert!(!emitted("  every_state: {status: string}\n", "{result: {url: url}}"));
}
