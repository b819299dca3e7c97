//! Requests that are refused, here or by the server, and answers that no program can use.

use crate::server::{Server, answer, json};
use crate::support::{Folder, WHILE_SENDING, api, call};

#[test]
fn a_request_that_breaks_a_rule_is_not_sent() {
    let server = Server::json("{}");
    let ran = call("shop", "boats.build", &["length=0", "size=smal", "pin:=7"]).at(&server.url).run();
    assert_eq!(ran.code, 1, "{ran:?}");
    let expected = "boats.build: 4 violations\n\
        error[required] /name: required parameter `name` is missing\n\
        error[minimum] /length: ";
    assert!(ran.err.starts_with(expected), "{}", ran.err);
    assert!(ran.err.contains("`/size`: a similar value exists: `small`"), "{}", ran.err);
    assert!(ran.err.ends_with("nothing was sent; `--no-check` sends it all the same\n"), "{}", ran.err);
    assert!(server.requests().is_empty());
    let ran = call("shop", "boats.build", &["length=0"]).at(&server.url).with(|it| it.no_check = true).run();
    assert_eq!((ran.code, server.requests().len()), (0, 1), "{ran:?}");
}

#[test]
fn an_error_of_the_server_is_told_without_secrets() {
    let body = r#"{"message":"no \u001b[2Jberth for sk-Mj7QpX2w9LrT","code":"full"}"#;
    let server = Server::new(&[&json("409 Conflict", body)]);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).with(|it| it.verbose = true).run();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    for part in ["status 409", "code full", "request req-7", "no \\u{1b}[2Jberth for [secret]", "HTTP 409 Conflict"] {
        assert!(ran.err.contains(part), "{part} in {}", ran.err);
    }
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
}

#[test]
fn what_costs_money_is_sent_once() {
    let server = Server::new(&[b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]);
    let ran = call("shop", "boats.build", &["name=Ada"]).at(&server.url).run();
    assert_eq!((ran.code, server.requests().len()), (1, 1), "{ran:?}");
}

#[test]
fn a_missing_credential_is_named() {
    let ran =
        call("shop", "boats.get", &["id=b1"]).with(|it| it.base_url = Some("http://127.0.0.1:9".to_owned())).run();
    assert_eq!(ran.code, 2, "{ran:?}");
    let expected = "`boats.get` needs the credential `key`: set the environment variable SHOP_KEY";
    assert!(ran.err.contains(expected), "{}", ran.err);
    assert!(ran.err.contains("Made in the settings."), "{}", ran.err);
    let ran = call("shop", "boats.sink", &["id=b1"]).env("SHOP_USER", "ada").run();
    assert!(ran.err.contains("set the environment variable SHOP_PASSWORD"), "{}", ran.err);
}

#[test]
fn an_operation_without_a_credential_needs_none() {
    let server = Server::json(r#"{"boats":[]}"#);
    call("shop", "boats.list", &[]).with(|it| it.base_url = Some(server.url.clone())).succeeds();
    assert!(!server.request().headers.contains_key("authorization"));
}

#[test]
fn a_missing_part_of_the_url_is_named() {
    let ran = call("shop", "boats.get", &["id=b1"]).env("SHOP_KEY", "x").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("lacks a value for `harbour`"), "{}", ran.err);
    assert!(ran.err.contains("write `harbour=…`, or set SHOP_HARBOUR"), "{}", ran.err);
}

#[test]
fn other_machines_are_not_called_in_the_clear() {
    let ran = call("shop", "boats.get", &["id=b1"]).at("http://shop.example").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("`--allow-insecure` sends unencrypted requests"), "{}", ran.err);
}

#[test]
fn nobody_at_the_other_end() {
    let ran = call("shop", "boats.get", &["id=b1"]).at("http://127.0.0.1:1").with(|it| it.retries = Some(0)).run();
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn flags_that_do_not_fit_are_refused_before_anything_is_sent() {
    for (operation, change, expected) in [
        ("boats.get", "no_wait", "`boats.get` starts no task"),
        ("boats.get", "pages", "`boats.get` has no pages"),
        ("boats.get", "stream", "`boats.get` has no stream"),
    ] {
        let ran = call("shop", operation, &["id=b1"]).mock().with(|it| match change {
            "no_wait" => it.no_wait = true,
            "pages" => it.pages = Some(specwright_call::Pages::All),
            _ => it.stream = true,
        });
        let ran = ran.run();
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}

/// Answers that no server should give: each ends in words, and none in a panic.
#[test]
fn no_answer_makes_it_panic() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let bodies: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"<html>".to_vec(),
        b"{\"id\":".to_vec(),
        b"\xff\xfe\0".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"1e400".to_vec(),
        deep.into_bytes(),
        b"data: \xff\n\n".to_vec(),
        b"{\"id\":{},\"state\":[]}".to_vec(),
        b"{\"id\":\"x\",\"state\":7,\"boats\":3,\"next\":{}}".to_vec(),
    ];
    let heads = ["Content-Type: application/json\r\n", "Content-Type: text/event-stream\r\n", "X-A: \u{9b}\r\n", ""];
    for op in &api("shop").operations {
        let words = ["id=b1", "name=Ada", "title=x", "images=x", "body=x"];
        let known = |it: &&&str| op.parameters.find(it.split('=').next().unwrap()).is_some();
        let words: Vec<&str> = words.iter().filter(known).copied().collect();
        for (at, body) in bodies.iter().enumerate() {
            for status in ["200 OK", "500 Oops", "302 Found"] {
                let server = Server::new(&[&answer(status, heads[at % heads.len()], body)]);
                let calling = call("shop", &op.full_name(api("shop")), &words)
                    .env("SHOP_USER", "ada")
                    .env("SHOP_PASSWORD", "x")
                    .at(&server.url)
                    .on_a_terminal()
                    .with(|it| {
                        it.retries = Some(0);
                        it.include = true;
                        it.no_wait = op.name == "launch";
                        it.pages = (op.name == "list").then_some(specwright_call::Pages::Most(3));
                        it.output = (op.name == "paint").then(|| "/dev/null/no".into());
                    });
                let ran = calling.run();
                let clean = |text: &str| text.chars().all(|it| !it.is_control() || "\n\t".contains(it));
                let shown = ran.err.replace("\r\u{1b}[K", "");
                assert!(clean(&shown) && clean(&ran.out), "{ran:?}");
            }
        }
    }
}

#[test]
fn what_is_no_json_is_shown_on_demand_and_its_head_once() {
    let page = answer("200 OK", "Content-Type: text/html\r\n", b"<p>log in</p>");
    let server = Server::new(&[&page]);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.ends_with("the body is not JSON\n  `-v` shows the answer\n"), "{}", ran.err);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).with(|it| it.verbose = true).run();
    assert_eq!(ran.err.matches("HTTP 200 OK").count(), 1, "{}", ran.err);
    assert!(ran.err.ends_with("the body is not JSON\n<p>log in</p>\n"), "{}", ran.err);
}

#[test]
fn a_connection_that_fails_says_why() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&url).with(|it| it.retries = Some(0)).run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("no connection: ") && ran.err.contains("refused"), "{}", ran.err);
}

#[test]
fn nothing_is_sent_if_the_answer_cannot_be_written() {
    let (server, folder) = (Server::json(r#"{"id":"b1","name":"Ada"}"#), Folder::new("unwritable"));
    let check = |path: std::path::PathBuf, says: &str| {
        let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).with(|it| it.output = Some(path)).run();
        assert_eq!((ran.code, server.requests().len()), (2, 0), "{ran:?}");
        assert!(ran.err.contains(says) && ran.err.contains("nothing was sent"), "{}", ran.err);
    };
    check(folder.path(""), "it is a folder");
    check(folder.path("no/such/boat.json"), "there is no folder");
    let old = folder.file("boat.json", "old");
    let calling = || call("shop", "boats.get", &["id=b1"]).with(|it| it.output = Some(old.clone().into()));
    let failing = Server::new(&[&json("404 Not Found", "{}")]);
    assert_eq!(calling().at(&failing.url).run().code, 1);
    assert_eq!(std::fs::read_to_string(&old).unwrap(), "old");
    calling().at(&server.url).succeeds();
    assert!(std::fs::read_to_string(&old).unwrap().contains("Ada"));
}

#[test]
fn the_line_about_an_upload_is_erased_when_all_is_sent() {
    let (server, folder) = (Server::json("{}"), Folder::new("upload"));
    let coal = folder.file("coal.bin", vec![7; 5000]);
    call("shop", "boats.load", &["id=b1", &format!("@{coal}")]).at(&server.url).on_a_terminal().run();
    assert_eq!(server.request().body.len(), 5000);
    assert!(WHILE_SENDING.lock().unwrap().ends_with("\r\x1b[K"));
}
