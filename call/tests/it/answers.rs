//! What is printed of answers of every form.

use specwright_call::Pages;

use crate::server::{Server, answer, json};
use crate::support::{Folder, call};

#[test]
fn json_is_printed_in_lines() {
    let server = Server::json(r#"{"id":"b1","name":"Ada"}"#);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).succeeds();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("{\n  \"id\": \"b1\",\n  \"name\": \"Ada\"\n}\n", ""));
}

#[test]
fn an_answer_that_the_spec_does_not_describe_is_told() {
    let server = Server::json(r#"{"id":7}"#);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).succeeds();
    assert!(ran.err.contains("warning: the answer is not what the spec says at /id: "), "{}", ran.err);
    assert!(ran.err.contains("at /name: "), "{}", ran.err);
}

#[test]
fn the_head_is_shown_on_demand() {
    let head = "Content-Type: application/json\r\nSet-Cookie: session=abc\r\nX-Echo: sk-Mj7QpX2w9LrT\r\n";
    let server = Server::new(&[&answer("200 OK", head, br#"{"id":"b1","name":"Ada"}"#)]);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).with(|it| it.include = true).succeeds();
    for line in ["HTTP 200 OK\n", "set-cookie: [secret]\n", "x-echo: [secret]\n"] {
        assert!(ran.err.contains(line), "{line}{}", ran.err);
    }
}

#[test]
fn secrets_and_control_characters_of_a_server_are_not_shown() {
    let body = r#"{"id":"Bearer sk-Mj7QpX2w9LrT","name":"\u001b[2J\u009b\u202e","sk-Mj7QpX2w9LrT":[1]}"#;
    let ran = call("shop", "boats.get", &["id=b1"]).at(&Server::json(body).url).succeeds();
    let expected = "{\n  \"id\": \"Bearer [secret]\",\n  \"name\": \"\\u001b[2J\\u009b\\u202e\",\n  \"[secret]\": [\n    1\n  ]\n}\n";
    assert_eq!(ran.out, expected);

    let text = answer("200 OK", "Content-Type: text/plain\r\n", b"\x1b[2Jsk-Mj7QpX2w9LrT\n");
    let ran = call("shop", "boats.log", &["id=b1", "body=x"]).at(&Server::new(&[&text]).url).on_a_terminal().succeeds();
    assert_eq!(ran.out, "\\u{1b}[2J[secret]\n");
}

#[test]
fn a_task_is_waited_for() {
    let states = [
        json("200 OK", r#"{"id":"t1"}"#),
        json("200 OK", r#"{"id":"t1","state":"rolling"}"#),
        json("200 OK", r#"{"id":"t1","state":"afloat","place":"sea"}"#),
    ];
    let answers: Vec<&[u8]> = states.iter().map(Vec::as_slice).collect();
    let server = Server::new(&answers);
    let ran = call("shop", "boats.launch", &["id=b1"]).at(&server.url).succeeds();
    assert_eq!(ran.err, "task t1\nrolling\nafloat\n");
    assert!(ran.out.contains("\"place\": \"sea\""), "{}", ran.out);
    let targets: Vec<String> = server.requests().into_iter().map(|it| it.target).collect();
    assert_eq!(targets, ["/boats/b1/launch", "/boats/launches/t1", "/boats/launches/t1"]);

    // On a terminal the states share a line.
    let ran = call("shop", "boats.launch", &["id=b1"]).at(&Server::new(&answers).url).on_a_terminal().succeeds();
    assert_eq!(ran.err, "task t1\n\r\x1b[Krolling\r\x1b[Kafloat\r\x1b[K");
}

#[test]
fn a_task_is_not_waited_for_and_found_again() {
    let server = Server::json(r#"{"id":"t 1"}"#);
    let ran = call("shop", "boats.launch", &["id=b1"]).at(&server.url).with(|it| it.no_wait = true).succeeds();
    assert_eq!(ran.out, "t 1\n");
    assert_eq!(ran.err, "  `specwright call shop boats.launch --task 't 1'` waits for it\n");

    let server = Server::json(r#"{"id":"t 1","state":"afloat","place":"sea"}"#);
    let ran = call("shop", "boats.launch", &[]).at(&server.url).with(|it| it.task = Some("t 1".to_owned())).succeeds();
    assert!(ran.out.contains("sea"), "{}", ran.out);
    assert_eq!(server.request().target, "/boats/launches/t%201");
}

#[test]
fn a_failed_task_is_an_error() {
    let server = Server::new(&[
        &json("200 OK", r#"{"id":"t1"}"#),
        &json("200 OK", r#"{"id":"t1","state":"sunk","why":"a leak"}"#),
    ]);
    let ran = call("shop", "boats.launch", &["id=b1"]).at(&server.url).run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("error: ") && ran.err.contains("a leak"), "{}", ran.err);
}

const RADIO: &[u8] = b"data: {\"word\":\"Ship \"}\n\ndata: {\"word\":\"a\\u001b[2Jhoy\"}\n\ndata: [DONE]\n\n";

#[test]
fn a_stream_is_printed_as_it_arrives() {
    let events = answer("200 OK", "Content-Type: text/event-stream\r\n", RADIO);
    let listen = || call("shop", "boats.listen", &["id=b1"]).at(&Server::new(&[&events]).url);
    assert_eq!(listen().on_a_terminal().succeeds().out, "Ship a\\u{1b}[2Jhoy\n");
    let lines = listen().with(|it| it.json = true).succeeds().out;
    assert_eq!(lines, "{\"word\":\"Ship \"}\n{\"word\":\"a\\u001b[2Jhoy\"}\n");
}

#[test]
fn a_secret_in_two_pieces_is_not_shown() {
    let events = b"data: {\"word\":\"Key sk-Mj7Qp\"}\n\ndata: {\"word\":\"X2w9LrT.\"}\n\ndata: [DONE]\n\n";
    let events = answer("200 OK", "Content-Type: text/event-stream\r\n", events);
    let ran = call("shop", "boats.listen", &["id=b1"]).at(&Server::new(&[&events]).url).succeeds();
    assert_eq!(ran.out, "Key [secret].\n");
}

#[test]
fn a_stream_that_breaks_off_is_an_error() {
    let events = answer("200 OK", "Content-Type: text/event-stream\r\n", b"data: {\"word\":\"Ship \"}\n\n");
    let ran = call("shop", "boats.listen", &["id=b1"]).at(&Server::new(&[&events]).url).run();
    assert_eq!((ran.code, ran.out.as_str()), (1, "Ship \n"), "{ran:?}");
}

#[test]
fn bytes_go_to_a_file_and_not_to_a_terminal() {
    let folder = Folder::new("downloads");
    let picture = answer("200 OK", "Content-Type: image/png\r\n", b"\x89PNG");
    let words = ["id=b1", "title=Ada", "images=x"];
    let ran = call("shop", "boats.paint", &words).at(&Server::new(&[&picture]).url).on_a_terminal().run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("write them to a file with `-o FILE`"), "{}", ran.err);

    let path = folder.path("boat.png");
    let to = path.clone();
    let server = Server::new(&[&picture]);
    let ran = call("shop", "boats.paint", &words).at(&server.url).with(|it| it.output = Some(to)).succeeds();
    assert_eq!(ran.err, format!("saved 4 bytes to {}\n", path.display()));
    assert_eq!(std::fs::read(path).unwrap(), b"\x89PNG");
}

#[test]
fn pages_are_followed() {
    let pages = [json("200 OK", r#"{"boats":[],"next":"c2"}"#), json("200 OK", r#"{"boats":[],"next":null}"#)];
    let pages: Vec<&[u8]> = pages.iter().map(Vec::as_slice).collect();
    let list = |pages: Option<Pages>, server: &Server| {
        call("shop", "boats.list", &[]).at(&server.url).with(|it| it.pages = pages).succeeds().out
    };
    let server = Server::new(&pages);
    let out = list(Some(Pages::All), &server);
    assert_eq!(out.matches("\"boats\"").count(), 2, "{out}");
    let targets: Vec<String> = server.requests().into_iter().map(|it| it.target).collect();
    assert_eq!(targets, ["/boats", "/boats?after=c2"]);

    let server = Server::new(&pages);
    list(Some(Pages::Most(1)), &server);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn answers_of_every_form_go_to_a_file() {
    let folder = Folder::new("files");
    let path = folder.path("answer");
    let to = |path: &std::path::Path| Some(path.to_path_buf());
    let server = Server::new(&[&json("404 Not Found", "{}")]);
    std::fs::write(&path, "old").unwrap();
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).with(|it| it.output = to(&path)).run();
    assert_eq!((ran.code, std::fs::read_to_string(&path).unwrap().as_str()), (1, "old"), "{ran:?}");

    let pages = [json("200 OK", r#"{"boats":[],"next":"c2"}"#), json("200 OK", r#"{"boats":[],"next":null}"#)];
    let pages: Vec<&[u8]> = pages.iter().map(Vec::as_slice).collect();
    let list = call("shop", "boats.list", &[]).at(&Server::new(&pages).url);
    let list = list.with(|it| (it.pages, it.output) = (Some(Pages::All), to(&path)));
    assert_eq!(list.on_a_terminal().succeeds().out, "");
    assert_eq!(std::fs::read_to_string(&path).unwrap().matches("\"boats\"").count(), 2);

    let events = answer("200 OK", "Content-Type: text/event-stream\r\n", RADIO);
    let listen = call("shop", "boats.listen", &["id=b1"]).at(&Server::new(&[&events]).url);
    let ran = listen.with(|it| it.output = to(&path)).on_a_terminal().succeeds();
    assert_eq!(ran.err, format!("saved 14 bytes to {}\n", path.display()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "Ship a\u{1b}[2Jhoy\n");

    let server = Server::json("{}");
    let nowhere = folder.path("no/such/folder");
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).with(|it| it.output = to(&nowhere)).run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("no/such/folder"), "{}", ran.err);
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let server = Server::new(&[b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"]);
    let ran = call("shop", "boats.sink", &["id=b1"])
        .env("SHOP_USER", "ada")
        .env("SHOP_PASSWORD", crate::support::KEY)
        .at(&server.url)
        .succeeds();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", "done: status 204 No Content, and no body\n"));
    assert!(server.request().headers["authorization"].starts_with("Basic "));
}
