//! Who may ask: programs on this machine, and no web page from elsewhere.

use std::io::Write as _;
use std::net::SocketAddr;

use serde_json::json;
use specwright_contract::{Refused, Server};

use crate::support::{Reply, connect, read_reply, runapi, spec, start};

const BALANCE: &str = "/api/v1/me/balance";

/// A request with these headers and no other but the key.
fn ask(server: &Server, method: &str, path: &str, headers: &str) -> Reply {
    let mut stream = connect(server.address());
    write!(stream, "{method} {path} HTTP/1.1\r\nAuthorization: Bearer test-key\r\n{headers}\r\n").unwrap();
    read_reply(&mut stream).unwrap()
}

#[test]
fn another_host_is_refused_everywhere() {
    let server = runapi();
    let pages = ["/", "/__specwright/", "/__specwright/requests", "/__specwright/files/a.png", BALANCE, "/nothing"];
    for path in pages {
        let reply = ask(&server, "GET", path, "Host: rebound.example:4010\r\n");
        assert_eq!(reply.status, 403, "{path}");
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains("rebound.example:4010") && error.contains("--allow-host"), "{error}");
    }
    let all = server.requests();
    assert_eq!(all.len(), pages.len());
    assert!(all.iter().all(|it| it.refused == Some(Refused::Host) && it.operation.is_none()));
    for host in ["localhost", "127.0.0.1:1", "runapi.localhost", &server.address().to_string()] {
        assert_eq!(ask(&server, "GET", BALANCE, &format!("Host: {host}\r\n")).status, 200, "{host}");
    }
    assert_eq!(ask(&server, "GET", BALANCE, "Host: localhost\r\nHost: rebound.example\r\n").status, 403);
    let absolute = format!("http://rebound.example{BALANCE}");
    assert_eq!(ask(&server, "GET", &absolute, "Host: localhost\r\n").status, 403);
}

#[test]
fn a_page_elsewhere_posts_nothing() {
    let server = runapi();
    let create = "/api/v1/nano_banana/text_to_image";
    let body = json!({"model": "nano-banana", "prompt": "A boat"}).to_string();
    let post = |origin: &str| {
        let headers = format!("Host: localhost\r\nOrigin: {origin}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        ask(&server, "POST", create, headers.as_str()).status
    };
    for origin in ["http://elsewhere.example", "https://localhost.elsewhere.example", "null"] {
        assert_eq!(post(origin), 403, "{origin}");
    }
    assert_eq!(server.open_tasks(), 0);
    assert_eq!([post("http://localhost:3000"), post("http://127.0.0.1")], [202, 202]);
    assert_eq!(server.open_tasks(), 2);
}

#[test]
fn other_hosts_are_allowed_by_name() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).allow_host("mock.test"));
    for (headers, status) in [
        ("Host: mock.test:80\r\n", 200),
        ("Host: MOCK.test\r\nOrigin: https://mock.test\r\n", 200),
        ("Host: other.test\r\n", 403),
    ] {
        assert_eq!(ask(&server, "GET", BALANCE, headers).status, status, "{headers}");
    }
    let everywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let builder = Server::builder().spec_folder(spec()).apis(["runapi"]).bind(everywhere).allow_remote();
    let server = start(builder);
    let reply = |host: &str| {
        let mut stream = connect(SocketAddr::from(([127, 0, 0, 1], server.address().port())));
        write!(stream, "GET {BALANCE} HTTP/1.1\r\nAuthorization: Bearer test-key\r\nHost: {host}\r\n\r\n").unwrap();
        read_reply(&mut stream).unwrap().status
    };
    assert_eq!([reply("192.168.7.7:4010"), reply("localhost"), reply("mock.test")], [200, 200, 403]);
}
