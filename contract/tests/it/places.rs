//! Where APIs and their servers are found.

use specwright_contract::{Server, sample};

use crate::support::{Project, RUNAPI_KEY, get, invented, runapi, send, spec, start, studio};

#[test]
fn an_api_alone_is_found_at_the_root_and_under_its_name() {
    let server = runapi();
    assert_eq!(server.url_of("runapi"), Some(format!("{}/runapi", server.url())));
    for path in ["/api/v1/me/balance", "/runapi/api/v1/me/balance"] {
        assert_eq!(get(&server, path).status, 200, "{path}");
    }
    let names: Vec<_> = server.requests().into_iter().map(|it| it.operation.unwrap().to_string()).collect();
    assert_eq!(names, ["account.balance", "account.balance"]);
}

#[test]
fn several_apis_are_told_apart_by_their_names() {
    let server = start(Server::builder().spec_folder(spec()));
    assert_eq!(get(&server, "/runapi/api/v1/me/balance").status, 200);
    let lost = get(&server, "/api/v1/me/balance");
    assert_eq!(lost.status, 404);
    assert!(lost.json()["error"].as_str().unwrap().contains("/animeapi"), "{lost:?}");
    let mut ready = Vec::new();
    server.for_each_api(|api| {
        // A spec may show no request.
        ready.extend(sample::of_api(api).map(|(op, sample)| (api.name.clone(), op.success, sample)));
    });
    assert!(ready.len() >= 3);
    for (api, success, sample) in ready {
        let headers: Vec<_> = sample.headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let path = format!("/{api}{}", sample.path);
        let reply = send(&server, sample.method, &path, &headers, sample.body.unwrap_or_default().as_bytes());
        assert_eq!(reply.status, success, "{api}: {reply:?}");
    }
}

#[test]
fn servers_keep_the_path_of_their_url() {
    let server = studio();
    let base = server.url_of_server("studio", "compatible").unwrap();
    assert!(base.ends_with("/studio/compat/v1"), "{base}");
    assert_eq!(get(&server, "/studio/compat/v1/models").status, 200);
    assert_eq!(get(&server, "/compat/v1/models").status, 200);
    assert_eq!(get(&server, "/studio/models").status, 404);
    assert_eq!(send(&server, "GET", "/studio/health", &[], b"").status, 200, "needs no key");
    assert_eq!(server.url_of_server("studio", "nowhere"), None);
    assert_eq!(server.url_of("nothing"), None);
}

#[test]
fn servers_that_differ_by_host_alone_stay_apart() {
    let api = "api: twins\ntitle: Twins\ndoc: Two hosts.\nservers: {left: {url: https://l.example/v1, doc: L.}, \
               right: {url: https://r.example/v1, doc: R.}}\n";
    let things = "resource: things\ntitle: Things\ndoc: Things.\noperations:\n  \
                  left: {get: /x, summary: Left., response: {left: string}}\n  \
                  right: {get: /x, summary: Right., server: right, response: {right: string}}\n";
    let project = Project::new("twins", &[("twins/api.yaml", api), ("twins/things.yaml", things)]);
    let server = start(Server::builder().spec_folder(project.spec()));
    for (name, operation) in [("left", "things.left"), ("right", "things.right")] {
        let base = server.url_of_server("twins", name).unwrap();
        let path = format!("{}/x", base.strip_prefix(&server.url()).unwrap());
        assert_eq!(get(&server, &path).status, 200, "{path}");
        assert_eq!(server.requests().last().unwrap().operation.as_deref(), Some(operation));
    }
}

#[test]
fn operations_on_one_path_differ_by_the_key_sent() {
    let server = studio();
    for (header, operation) in
        [(RUNAPI_KEY, "assistant.list_models"), (("X-Api-Key", "k"), "assistant.list_models_compat")]
    {
        assert_eq!(send(&server, "GET", "/studio/compat/v1/models", &[header], b"").status, 200);
        assert_eq!(server.requests().last().unwrap().operation.as_deref(), Some(operation));
    }
    assert_eq!(send(&server, "GET", "/studio/compat/v1/models", &[], b"").status, 401);
}

#[test]
fn every_invented_spec_is_played() {
    let server = start(Server::builder().spec_folder(invented()));
    let mut operations = 0;
    server.for_each_api(|api| operations += api.operations.len());
    assert!(operations > 20, "{operations}");
    let colon = send(&server, "POST", "/studio/v1/models/hum-1/alto:compose", &[RUNAPI_KEY], b"");
    assert_eq!(colon.status, 422);
    assert_eq!(colon.violations(), [(String::new(), "type".to_owned())], "{colon:?}");
    assert_eq!(get(&server, "/studio/v1/models/hum-1/alto:compose").header("allow"), "POST");
}

#[test]
fn operations_on_one_path_differ_by_the_headers_of_their_protocol() {
    let server = runapi();
    let version = ("anthropic-version", "2023-06-01");
    let x_api_key = ("x-api-key", "test-key");
    for (headers, operation) in [
        (&[RUNAPI_KEY][..], "gpt.list_models"),
        (&[x_api_key], "claude.list_models"),
        (&[x_api_key, version], "claude.list_models"),
        (&[RUNAPI_KEY, version], "claude.list_models"),
    ] {
        assert_eq!(send(&server, "GET", "/v1/models", headers, b"").status, 200);
        assert_eq!(server.requests().last().unwrap().operation.as_deref(), Some(operation), "{headers:?}");
    }
}
