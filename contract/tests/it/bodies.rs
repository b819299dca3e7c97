//! Bodies that are no JSON, and JSON that is not all text.

use crate::support::{JSON, Project, RUNAPI_KEY, runapi, send, spec, start};
use serde_json::{Value, json};
use specwright_contract::Server;

const UPLOAD: &str = "/api/v1/files/from_stream";

fn upload(server: &Server, body: &[u8]) -> crate::support::Reply {
    send(server, "POST", UPLOAD, &[RUNAPI_KEY, ("Content-Type", "multipart/form-data; boundary=b")], body)
}

fn file(bytes: usize) -> Vec<u8> {
    let mut body =
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
            .to_vec();
    body.resize(body.len() + bytes, 0);
    body.extend_from_slice(b"\r\n--b--\r\n");
    body
}

#[test]
fn files_are_taken_up_to_their_limit() {
    let server = runapi();
    assert_eq!(upload(&server, &file(10_485_760)).status, 201);
    let large = upload(&server, &file(10_485_761));
    assert_eq!((large.status, large.violations()), (413, vec![("/file".to_owned(), "max_bytes".to_owned())]));
}

#[test]
fn a_multipart_body_that_is_broken() {
    let server = runapi();
    let none = upload(&server, b"--b--\r\n");
    assert_eq!(none.violations(), [("/file".to_owned(), "required".to_owned())]);
    for body in
        [&b"nonsense"[..], b"--b\r\n\r\n\r\n--b--", b"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx"]
    {
        assert_eq!(upload(&server, body).status, 400, "{}", String::from_utf8_lossy(body));
    }
    let json = send(&server, "POST", UPLOAD, &[RUNAPI_KEY, ("Content-Type", "application/json")], b"{}");
    assert_eq!(json.status, 415);
}

#[test]
fn forms_are_read_by_type() {
    let api = "api: forms\ntitle: Forms\ndoc: Forms.\nservers: https://forms.example\n";
    let all = "resource: all\ntitle: All\ndoc: All.\noperations:\n  act:\n    post: /act\n    summary: Act.\n    \
               encoding: form\n    body:\n      count: {type: integer, maximum: 3, required: true}\n      \
               names: [string]\n    response: none\n";
    let project = Project::new("forms", &[("forms/api.yaml", api), ("forms/all.yaml", all)]);
    let server = start(Server::builder().spec_folder(project.spec()));
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let status = |body: &str| send(&server, "POST", "/act", &[form], body.as_bytes()).status;
    assert_eq!(status("count=3&names=a+b&names=c"), 204);
    assert_eq!(status("count=3&names=a"), 204);
    assert_eq!(status("count=4"), 400);
    assert_eq!(status("count=x"), 400);
}

#[test]
fn an_open_body_may_be_a_form() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runcrate"]));
    let form = ("Content-Type", "multipart/form-data; boundary=b");
    let field =
        |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = format!("{}{}--b--\r\n", field("prompt", "A boat"), field("seconds", "8"));
    let made = send(&server, "POST", "/v1/videos", &[RUNAPI_KEY, form], body.as_bytes());
    assert_eq!((made.status, &made.json()["seconds"]), (200, &"8".into()));
    let text = send(&server, "POST", "/v1/videos", &[RUNAPI_KEY, ("Content-Type", "text/plain")], b"A boat");
    assert_eq!(text.status, 415);
    let closed = send(&runapi(), "POST", "/api/v1/nano_banana/text_to_image", &[RUNAPI_KEY, form], body.as_bytes());
    assert_eq!(closed.status, 415);
}

/// What cannot be text is the caller's fault, with the verdict that the command line gives.
#[test]
fn a_body_is_text() {
    let server = runapi();
    let chat = |content: &[u8]| {
        let head = &br#"{"model": "gpt-5.2", "messages": [{"role": "user", "content": ""#[..];
        [head, content, br#""}]}"#].concat()
    };
    let send = |body: &[u8]| send(&server, "POST", "/v1/chat/completions", &[RUNAPI_KEY, JSON], body);
    let api = specwright_codegen::pipeline::compile_one(spec().parent().unwrap(), "runapi")
        .unwrap()
        .into_api_without_errors()
        .unwrap();
    let batch = specwright_codegen::validate::Batch::new(vec![api]);
    for content in [&b"\\ud83d"[..], b"a\\ude00b", b"\xff", b"\xe4\xbd"] {
        let body = chat(content);
        let reply = send(&body);
        assert_eq!(
            (reply.status, reply.violations()),
            (422, vec![("/messages/0/content".to_owned(), "type".to_owned())])
        );
        let line =
            [br#"{"api":"runapi","method":"POST","path":"/v1/chat/completions","body":"#, &body[..], b"}"].concat();
        let verdict = batch.line(&line);
        assert_eq!(
            (&verdict["valid"], &verdict["violations"][0]["at"]),
            (&json!(false), &json!("/messages/0/content"))
        );
        let message = verdict["violations"][0]["message"].as_str().unwrap();
        assert!(String::from_utf8_lossy(&reply.body).contains(message), "{message}");
    }
    assert_eq!(send(&chat("\\ud83d\\ude00 😀 \\\\ud83d \\u0000".as_bytes())).status, 200);
    assert_eq!(send(&[b"\xef\xbb\xbf", &chat(b"Hi")[..]].concat()).status, 200);
    for broken in [&b"\xff\xfe{\0}\0"[..], b"{\"a\": \"\\ud83d", b"{\"a\": \"\\ud83\"}", &[b'['; 100_000]] {
        let reply = send(broken);
        assert_eq!(reply.status, 400, "{}", broken[..broken.len().min(40)].escape_ascii());
        assert!(serde_json::from_slice::<Value>(&reply.body).is_ok());
    }
}

#[test]
fn a_part_of_a_form_is_text() {
    let part = b"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\xff\r\n--b--\r\n";
    assert_eq!(upload(&runapi(), part).status, 400);
}
