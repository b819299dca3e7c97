//! What the server shows of itself.

use serde_json::json;
use specwright_contract::Server;

use crate::support::{post, runapi, send, spec, start};

#[test]
fn the_page_lists_operations_and_why_requests_were_refused() {
    let server = start(Server::builder().spec_folder(spec()));
    let page = || {
        let reply = send(&server, "GET", "/", &[], b"");
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"));
        String::from_utf8(reply.body).unwrap()
    };
    assert!(page().contains("None yet."));
    post(&server, "/runapi/api/v1/nano_banana/text_to_image", r#"{"model": "<b>"}"#);
    let text = page();
    server.for_each_api(|api| {
        for op in &api.operations {
            let shown = format!("<code>{} {}</code>", op.method.as_str(), op.path_template());
            assert!(text.replace("&#x2f;", "/").contains(&shown), "{shown}");
        }
    });
    assert!(text.contains("nano_banana.text_to_image") && text.contains("rules of the spec are broken"));
    assert!(!text.contains("<b>") && !text.contains("<script"), "what was sent is no HTML");
    assert_eq!(server.requests().len(), 1, "the page is not of the API");
}

#[test]
fn requests_are_told_as_json() {
    let server = runapi();
    post(&server, "/api/v1/nano_banana/text_to_image", r#"{"model": "nano-banana"}"#);
    let all = send(&server, "GET", "/__specwright/requests", &[], b"").json();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    assert_eq!((&all[0]["status"], &all[0]["operation"]), (&json!(422), &json!("nano_banana.text_to_image")));
    assert_eq!(all[0]["violations"][0]["at"], "/prompt");
    assert_eq!(send(&server, "POST", "/", &[], b"").status, 404);
}

#[test]
fn what_was_sent_does_nothing_to_whoever_looks() {
    let server = runapi();
    let body = "{\"model\": \"nano-banana\", \"a\\u001b[2J\\u202e\\u200b\\u009b\": 1}";
    post(&server, "/api/v1/nano_banana/text_to_image", body);
    for path in ["/__specwright/", "/__specwright/requests"] {
        let text = String::from_utf8(send(&server, "GET", path, &[], b"").body).unwrap();
        let bad = |it: &char| specwright_codegen::escape::is_unseen(*it) && *it != '\n';
        assert_eq!(text.chars().find(bad), None, "{path}");
        assert!(text.contains("u{1b}[2J"), "{path}: {text}");
    }
    // A program that asks the server itself is told what was sent.
    assert!(server.requests()[0].violations.iter().any(|it| it.at.contains('\u{202e}')));
}
