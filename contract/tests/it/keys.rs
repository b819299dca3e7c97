//! Who may ask.

use specwright_contract::{Refused, Server};

use crate::support::{invented, runapi, send, spec, start};

const BALANCE: &str = "/api/v1/me/balance";
const KEYS: &str = "/api/v1/keys";

fn status(server: &Server, path: &str, header: &str, value: &str) -> u16 {
    send(server, "GET", path, &[(header, value)], b"").status
}

#[test]
fn any_well_formed_key_is_taken_in_every_documented_header() {
    let server = runapi();
    for (header, value) in [("authorization", "Bearer x"), ("Authorization", "bearer sk-1"), ("X-API-Key", "x")] {
        assert_eq!(status(&server, BALANCE, header, value), 200, "{header}: {value}");
    }
}

#[test]
fn missing_and_malformed_keys_are_refused() {
    let server = runapi();
    assert_eq!(send(&server, "GET", BALANCE, &[], b"").status, 401);
    for (header, value) in [
        ("authorization", "x"),
        ("authorization", "Bearer "),
        ("authorization", "Basic eDp5"),
        ("x-api-key", "a b"),
        ("x-api-key", "é"),
    ] {
        assert_eq!(status(&server, BALANCE, header, value), 401, "{header}: {value}");
    }
    assert!(server.requests().iter().all(|it| it.refused == Some(Refused::Key)));
    // Management takes the bearer's way only.
    assert_eq!(status(&server, KEYS, "x-api-key", "x"), 401);
}

#[test]
fn revoked_keys_are_refused() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).revoke("sk-old"));
    assert_eq!(status(&server, BALANCE, "x-api-key", "sk-old"), 401);
    assert_eq!(status(&server, BALANCE, "x-api-key", "sk-revoked-1"), 401);
    assert_eq!(status(&server, BALANCE, "x-api-key", "sk-new"), 200);
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).key("sk-1", "management_key"));
    assert_eq!(status(&server, BALANCE, "x-api-key", "sk-1"), 403);
    assert_eq!(status(&server, KEYS, "authorization", "Bearer sk-1"), 200);
    assert_eq!(status(&server, BALANCE, "authorization", "Bearer test-management-key"), 403);
    assert_eq!(status(&server, KEYS, "authorization", "Bearer test-management-key"), 200);
    assert_eq!(status(&server, KEYS, "authorization", "Bearer test-api-key"), 403);
    assert_eq!(status(&server, KEYS, "authorization", "Bearer test"), 200);
    // How keys look is known of one credential only.
    let server = start(Server::builder().spec_folder(invented()).apis(["studio"]));
    assert_eq!(status(&server, "/api/v1/keys", "authorization", "Bearer std_1"), 401);
    assert_eq!(status(&server, "/compat/v1/models", "authorization", "Bearer std_1"), 200);
}

#[test]
fn strict_keys_look_as_the_spec_says() {
    let server = start(Server::builder().spec_folder(invented()).apis(["studio"]).strict_keys());
    assert_eq!(status(&server, "/compat/v1/models", "authorization", "Bearer x"), 401);
    assert_eq!(status(&server, "/compat/v1/models", "authorization", "Bearer std_1"), 200);
}

#[test]
fn a_key_is_asked_for_before_anything_is_read() {
    let server = runapi();
    let reply = send(&server, "POST", "/api/v1/suno/text_to_music", &[("Content-Type", "text/plain")], b"{");
    assert_eq!(reply.status, 401);
}
