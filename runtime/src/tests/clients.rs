//! Tests the configuration of clients.

use super::*;

fn env(pairs: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
    move |name| pairs.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
}

fn build(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client> {
    change(Client::builder(&API).transport(FakeServer::default())).build()
}

#[test]
fn the_environment_configures_everything() {
    let vars: &[_] = &[("PAINTER_API_KEY", "k\n"), ("PAINTER_BASE_URL", "http://127.0.0.1:8080/p/")];
    let client = build(|it| it.env_from(env(vars))).unwrap();
    assert_eq!(client.base_url("default"), Some("http://127.0.0.1:8080/p"));
    assert_eq!(client.base_url("llm"), Some("http://127.0.0.1:8080/p/v1"));
    assert_eq!(client.base_url("cdn"), Some("http://127.0.0.1:8080/p/x"));
    assert_eq!(client.base_url("none"), None);
}

#[test]
fn explicit_settings_override_the_environment() {
    let vars: &[_] = &[("PAINTER_BASE_URL", "http://127.0.0.1:8080")];
    let client = build(|it| it.api_key("k").server("llm", "https://l.test/v2").env_from(env(vars))).unwrap();
    assert_eq!(client.base_url("default"), Some("https://api.painter.test"));
    assert_eq!(client.base_url("llm"), Some("https://l.test/v2"));
}

#[test]
fn configuration_errors_say_what_to_do() {
    let no_env = |_: &str| None;
    let cases: [(Result<Client>, &str); 9] = [
        (
            build(|it| it.env_from(no_env)),
            "invalid configuration: credential `api_key` is missing: set the environment variable PAINTER_API_KEY, or call \
             `ClientBuilder::api_key(…)`",
        ),
        (
            build(|it| it.api_key("a\nb")),
            "invalid configuration: credential `api_key` (environment variable PAINTER_API_KEY) is malformed: it contains a line break",
        ),
        (
            build(|it| it.api_key("schlüssel")),
            "invalid configuration: credential `api_key` (environment variable PAINTER_API_KEY) is malformed: it contains a character \
             that a header cannot contain",
        ),
        (
            build(|it| it.api_key("  ")),
            "invalid configuration: credential `api_key` (environment variable PAINTER_API_KEY) is malformed: it is empty",
        ),
        (
            build(|it| it.credential("key", "x")),
            "invalid configuration: no credential is named `key`; the credentials are: api_key, admin_key",
        ),
        (
            build(|it| it.base_url("localhost:80")),
            "invalid configuration: the base URL is malformed: `https://host`, perhaps with a path, is expected",
        ),
        (
            build(|it| it.api_key("k").env_from(env(&[("PAINTER_BASE_URL", "nope")]))),
            "invalid configuration: environment variable PAINTER_BASE_URL: the base URL is malformed: `https://host`, perhaps with a \
             path, is expected",
        ),
        (build(|it| it.header("a b", "x")), "invalid configuration: `a b` is not a header name"),
        (
            build(|it| it.header("x-y", "a\nb")),
            "invalid configuration: the value of header `x-y` contains a character that a header cannot contain",
        ),
    ];
    for (made, expected) in cases {
        assert_eq!(made.unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_missing_credential_is_reported_before_sending() {
    let it = Setup::new([picture()]);
    let error = it.send(Delete).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`keys.delete`: invalid configuration: credential `admin_key` is missing: set the environment variable PAINTER_ADMIN_KEY, or \
         call `ClientBuilder::credential(\"admin_key\", …)`"
    );
    assert_eq!((error.attempts(), it.server.count()), (0, 0));
}

#[test]
fn generated_clients_use_the_same_builder() {
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
fn a_call_can_choose_its_auth_scheme() {
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
    assert_eq!(error.message(), "credential `api_key` has no scheme `cookie`; its schemes are: bearer, x_api_key");
}

#[test]
fn unencrypted_connections_are_only_local() {
    type Change = fn(ClientBuilder) -> ClientBuilder;
    #[track_caller]
    fn build(change: Change) -> Result<Client> {
        change(Client::builder(&API).transport(FakeServer::default())).build()
    }
    #[track_caller]
    fn refused(change: Change, expected: &str) {
        let error = build(change).unwrap_err();
        assert!(error.is_config());
        let sentence = "is not encrypted and leads to another machine, so credentials would be sent in clear; use `https://`, \
             or call `ClientBuilder::allow_insecure()` if every network on the way is trusted";
        assert_eq!(error.to_string(), format!("invalid configuration: {expected} {sentence}"));
    }
    refused(|it| it.api_key(KEY).base_url("http://api.painter.test/secret"), "the base URL `http://api.painter.test`");
    // Also without a credential, because requests are private too, and calls may set their own credential.
    refused(|it| it.base_url("http://10.0.0.1:80"), "the base URL `http://10.0.0.1:80`");
    refused(|it| it.api_key(KEY).server("llm", "http://llm.test/v1"), "the base URL `http://llm.test`");
    refused(
        |it| it.env_from(|name| Some(if name.ends_with("URL") { "http://x.test/a" } else { KEY }.to_owned())),
        "environment variable PAINTER_BASE_URL: the base URL `http://x.test`",
    );
    refused(|it| it.api_key(KEY).base_url("http://127.0.0.1.x.test"), "the base URL `http://127.0.0.1.x.test`");
    // In any order, and for every kind of transport, because it is checked at the end.
    assert!(build(|it| it.api_key(KEY).allow_insecure().base_url("http://api.painter.test")).is_ok());
    assert!(build(|it| it.base_url("http://api.painter.test").api_key(KEY).allow_insecure()).is_ok());
    for url in ["http://127.0.0.1:4010/painter", "http://localhost:80", "http://[::1]:80", "https://elsewhere.test"] {
        let built = Client::builder(&API).transport(FakeServer::default()).base_url(url).build();
        assert!(built.is_ok(), "{url}: {built:?}");
    }
    // Other faults are reported first.
    let error = build(|it| it.api_key("a\nb").base_url("http://x.test")).unwrap_err();
    assert!(error.to_string().contains("malformed: it contains a line break"), "{error}");
}

#[test]
fn a_spec_may_declare_an_unencrypted_server() {
    static PLAIN: Api = Api { servers: &[("default", "http://plain.test")], ..COPY };
    const COPY: Api = Api { name: "plain", version: "1.0.0", ..Api::EMPTY };
    let build = || Client::builder(&PLAIN).transport(FakeServer::default());
    assert!(build().build().unwrap_err().to_string().contains("`http://plain.test` is not encrypted"));
    assert!(build().allow_insecure().build().is_ok());
    assert!(build().base_url("https://plain.test").build().is_ok());
}
