//! What is too large, too slow or too much.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;

use specwright_contract::{Server, StartError};

use crate::support::{JSON, RUNAPI_KEY, connect, get, head, post, read_reply, runapi, spec, start, try_start};

const CREATE: &str = "/api/v1/nano_banana/text_to_image";

#[test]
fn a_body_that_says_it_is_too_large_is_not_read() {
    let server = runapi();
    let mut stream = connect(server.address());
    let head = head("POST", CREATE, &[RUNAPI_KEY, JSON, ("Content-Length", "1073741824")]);
    write!(stream, "{head}\r\n{{").unwrap();
    let reply = read_reply(&mut stream).unwrap();
    assert_eq!((reply.status, reply.header("connection")), (413, "close"));
    assert_eq!(reply.json()["error"], "File size exceeds maximum allowed size");
}

#[test]
fn a_body_without_end_is_read_to_the_limit() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).most_bytes(100_000));
    let mut stream = connect(server.address());
    let head = head("POST", CREATE, &[RUNAPI_KEY, JSON, ("Transfer-Encoding", "chunked")]);
    write!(stream, "{head}\r\n").unwrap();
    let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
    for _ in 0..40 {
        stream.write_all(chunk.as_bytes()).expect("the server listens to what it throws away");
    }
    assert_eq!(read_reply(&mut stream).unwrap().status, 413);
    assert_eq!(post(&server, CREATE, &" ".repeat(100_001)).status, 413);
    assert_eq!(post(&server, CREATE, &format!("{{{}}}", " ".repeat(99_000))).status, 422);
}

#[test]
fn a_caller_who_leaves_is_no_harm() {
    let server = runapi();
    for part in ["", "POST ", "POST /x HTTP/1.1\r\nContent-Length: 10\r\n\r\n{", "\0\0\0\r\n\r\n"] {
        let mut stream = connect(server.address());
        stream.write_all(part.as_bytes()).unwrap();
    }
    assert_eq!(get(&server, "/api/v1/me/balance").status, 200);
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let server = runapi();
    let mut stream = connect(server.address());
    let long = "x".repeat(200_000);
    // It may be refused before all of it is written.
    let _ = write!(stream, "GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert!([&b"HTTP/1.1 431"[..], b"HTTP/1.1 414"].contains(&&answer[..]), "{}", String::from_utf8_lossy(&answer));
}

/// 64 KiB of a head are taken, in few headers or in many.
#[test]
fn heads_up_to_their_limit() {
    let server = runapi();
    let status = |headers: usize, bytes: usize| {
        let value = "x".repeat(bytes / headers - "X-000: \r\n".len());
        let all: String = (0..headers).map(|it| format!("X-{it:03}: {value}\r\n")).collect();
        let mut stream = connect(server.address());
        let head = head("GET", "/api/v1/me/balance", &[RUNAPI_KEY]);
        // It may be refused before all of it is written.
        let _ = write!(stream, "{head}{all}\r\n");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[9..]).into_owned()
    };
    for headers in [1, 10, 90] {
        assert_eq!(status(headers, 60 << 10), "200", "60 KiB in {headers}");
        assert_eq!(status(headers, 70 << 10), "431", "70 KiB in {headers}");
    }
    assert_eq!(status(1, 65_000), "200");
    assert_eq!(status(101, 20_000), "431");
}

/// A body of full size, made of nothing but faults: the first hundred are told, and all are counted.
#[test]
fn bodies_full_of_faults() {
    let server = runapi();
    let numbers = |n: usize| vec!["7"; n].join(",");
    let n = 400_000;
    let unknown: Vec<String> = (0..n / 8).map(|it| format!("\"strange_{it}\":1")).collect();
    for (body, count) in [
        (format!("{{\"model\":\"nano-banana\",\"prompt\":\"x\",{}}}", unknown.join(",")), n / 8),
        (format!("{{\"model\":\"seedance-2.0\",\"reference_image_urls\":[{}]}}", numbers(n)), n),
    ] {
        let path = if body.contains("seedance") { "/api/v1/seedance/text_to_video" } else { CREATE };
        let reply = post(&server, path, &body);
        assert_eq!(reply.status, 422, "{reply:?}");
        let told = &reply.json()["x_specwright"];
        let kept = told["violations"].as_array().unwrap().len();
        let omitted = usize::try_from(told["omitted_violations"].as_u64().unwrap()).unwrap();
        assert!(kept == 100 && kept + omitted >= count, "{kept} and {omitted} of {count}");
        assert!(reply.json()["error"].as_str().unwrap().contains("more)"), "{reply:?}");
        assert!(reply.body.len() < 100_000 && reply.header("x-specwright-violations").len() <= 4096);
    }
}

#[test]
fn more_connections_than_allowed_are_refused() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).most_connections(2));
    let mut idle = [(); 2].map(|()| connect(server.address()));
    for stream in &mut idle {
        // An answer shows that it is counted.
        let reply = crate::support::exchange(stream, "GET", "/api/v1/me/balance", &[RUNAPI_KEY], b"");
        assert_eq!(reply.status, 200);
    }
    let mut third = connect(server.address());
    let refused = read_reply(&mut third).unwrap();
    assert_eq!((refused.status, refused.header("retry-after")), (503, "1"));
    assert!(refused.json()["error"].as_str().unwrap().contains("connections"));
}

#[test]
fn hundreds_of_idle_connections_are_held() {
    let server = runapi();
    let idle: Vec<_> = (0..400).map(|_| connect(server.address())).collect();
    assert_eq!(get(&server, "/api/v1/me/balance").status, 200);
    drop(idle);
}

#[test]
fn addresses_that_are_not_taken() {
    let server = runapi();
    let same = Server::builder().spec_folder(spec()).apis(["runapi"]).bind(server.address());
    assert!(matches!(try_start(same), Err(StartError::InUse(address)) if address == server.address()));
    let everywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let remote = || Server::builder().spec_folder(spec()).apis(["runapi"]).bind(everywhere);
    assert!(matches!(try_start(remote()), Err(StartError::NotLoopback(_))));
    assert!(try_start(remote().allow_remote()).is_ok());
}

#[test]
fn a_dropped_server_leaves_its_port() {
    let server = runapi();
    let address = server.address();
    let held = connect(address);
    drop(server);
    let again = start(Server::builder().spec_folder(spec()).apis(["runapi"]).bind(address));
    assert_eq!(get(&again, "/api/v1/me/balance").status, 200);
    drop(held);
}
