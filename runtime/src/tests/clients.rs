//! Setting a client up.

use super::*;

fn env(pairs: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
    move |name| pairs.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
}

fn build(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client> {
    change(Client::builder(&API).transport(FakeServer::default())).build()
}

#[test]
fn the_environment_sets_up_everything() {
    let vars: &[_] = &[("PAINTER_API_KEY", "k\n"), ("PAINTER_BASE_URL", "http://127.0.0.1:8080/p/")];
    let client = build(|it| it.env_from(env(vars))).unwrap();
    assert_eq!(client.base_url("default"), Some("http://127.0.0.1:8080/p"));
    assert_eq!(client.base_url("llm"), Some("http://127.0.0.1:8080/p/v1"));
    assert_eq!(client.base_url("cdn"), Some("http://127.0.0.1:8080/p/x"));
    assert_eq!(client.base_url("none"), None);
}

#[test]
fn what_is_set_by_hand_stays() {
    let vars: &[_] = &[("PAINTER_BASE_URL", "http://127.0.0.1:8080")];
    let client = build(|it| it.api_key("k").server("llm", "https://l.test/v2").env_from(env(vars))).unwrap();
    assert_eq!(client.base_url("default"), Some("https://api.painter.test"));
    assert_eq!(client.base_url("llm"), Some("https://l.test/v2"));
}

#[test]
fn faults_say_what_to_do() {
    let no_env = |_: &str| None;
    let cases: [(Result<Client>, &str); 9] = [
        (
            build(|it| it.env_from(no_env)),
            "not set up: credential `api_key` is missing: set the environment variable PAINTER_API_KEY, or call \
             `ClientBuilder::api_key(…)`",
        ),
        (
            build(|it| it.api_key("a\nb")),
            "not set up: credential `api_key` (environment variable PAINTER_API_KEY) is malformed: it holds a line break",
        ),
        (
            build(|it| it.api_key("schlüssel")),
            "not set up: credential `api_key` (environment variable PAINTER_API_KEY) is malformed: it holds a character \
             that a header cannot carry",
        ),
        (
            build(|it| it.api_key("  ")),
            "not set up: credential `api_key` (environment variable PAINTER_API_KEY) is malformed: it is empty",
        ),
        (
            build(|it| it.credential("key", "x")),
            "not set up: no credential is called `key`; there are: api_key, admin_key",
        ),
        (
            build(|it| it.base_url("localhost:80")),
            "not set up: the base URL is malformed: `https://host`, perhaps with a path, is expected",
        ),
        (
            build(|it| it.api_key("k").env_from(env(&[("PAINTER_BASE_URL", "nope")]))),
            "not set up: environment variable PAINTER_BASE_URL: the base URL is malformed: `https://host`, perhaps with a \
             path, is expected",
        ),
        (build(|it| it.header("a b", "x")), "not set up: `a b` is no header name"),
        (
            build(|it| it.header("x-y", "a\nb")),
            "not set up: the value of header `x-y` holds a character that a header cannot carry",
        ),
    ];
    for (made, expected) in cases {
        assert_eq!(made.unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_missing_credential_is_told_before_the_network() {
    let it = Setup::new([picture()]);
    let error = it.send(Delete).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`keys.delete`: not set up: credential `admin_key` is missing: set the environment variable PAINTER_ADMIN_KEY, or \
         call `ClientBuilder::credential(\"admin_key\", …)`"
    );
    assert_eq!((error.attempts(), it.server.count()), (0, 0));
}

#[test]
fn generated_clients_come_from_the_same_builder() {
    struct Painter {
        core: Client,
    }
    impl From<Client> for Painter {
        fn from(core: Client) -> Self {
            Self { core }
        }
    }
    let painter: Painter = ClientBuilder::new(&API).transport(FakeServer::default()).api_key("k").build().unwrap();
    assert_eq!(painter.core.api().name, "painter");
}

#[test]
fn a_call_may_send_its_key_in_another_way() {
    let sent = |scheme: Option<&str>| {
        let it = Setup::with([Answer::json(200, &json!({"url": "u"}))], |it| it);
        let mut sending = it.client.call().start(Create("a tree"));
        if let Some(scheme) = scheme {
            sending = sending.with_auth_scheme(scheme);
        }
        it.clock.run(sending)?;
        let requests = it.server.requests();
        let header = |name: &str| requests[0].headers().get(name).map(|it| it.to_str().unwrap().to_owned());
        Ok::<_, Error>((header("authorization"), header("x-api-key")))
    };
    let bearer = sent(None).unwrap();
    assert!(bearer.0.is_some_and(|it| it.starts_with("Bearer ")) && bearer.1.is_none());
    let key = sent(Some("x_api_key")).unwrap();
    assert!(key.0.is_none() && key.1.is_some_and(|it| !it.starts_with("Bearer ")));
    let error = sent(Some("cookie")).unwrap_err();
    assert!(error.is_config());
    assert_eq!(error.message(), "credential `api_key` has no way `cookie` to be sent; there are: bearer, x_api_key");
}
