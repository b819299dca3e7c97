//! Credentials of all kinds, and which of them a call sends.

use super::*;
use crate::{BasicAuth, Scheme, ServerVariable};

static SHOP: Api = Api {
    name: "shop",
    credentials: &[
        Credential::key("key", "SHOP_KEY", &[Scheme::query("query", "api_key"), Scheme::cookie("cookie", "sid")]),
        Credential::key("app", "SHOP_APP", &[Scheme::header("header", "X-App", "")]),
        Credential::pair("login", ["SHOP_USER", "SHOP_PASSWORD"], &[Scheme::basic("basic", BasicAuth::Pair)]),
        Credential::key(
            "token",
            "SHOP_TOKEN",
            &[Scheme::basic("as_user", BasicAuth::Username), Scheme::basic("as_password", BasicAuth::Password("api"))],
        ),
    ],
    version: "1.0.0",
    servers: &[("default", "https://shop.test")],
    ..Api::EMPTY
};

macro_rules! get {
    ($name:ident, $auth:expr) => {{
        static GET: Operation = Operation::get(&SHOP, "shop.get", "/things").auth($auth);
        #[derive(Clone, Debug)]
        struct $name;
        impl Rules for $name {}

        impl Request for $name {
            type Reply = Response<()>;
            fn operation(&self) -> &'static Operation {
                &GET
            }
            fn write(&self, out: &mut RequestParts) {
                out.path("/things");
                out.query("q", "a b");
            }
            fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
                reply::empty(raw)
            }
        }
        $name
    }};
}

type Setup = fn(ClientBuilder<Client>) -> ClientBuilder<Client>;

fn send<R: Request>(request: R, set: Setup, options: fn(&mut CallOptions)) -> Result<http::Request<bytes::Bytes>> {
    let (server, clock) = (FakeServer::new([Answer::new(204, "")]), VirtualClock::new());
    let client = set(Client::builder(&SHOP)).transport(server.clone()).clock(clock.clone()).build()?;
    let mut call = client.call();
    options(call.options());
    clock.run(call.send(request))?;
    Ok(server.requests().remove(0))
}

#[test]
fn variables_fill_the_url_of_a_server() {
    static ROOMS: Api = Api {
        name: "rooms",
        version: "1.0.0",
        servers: &[("default", "https://{room}.test/{region}")],
        server_variables: &[
            ServerVariable::new("room", "ROOMS_ROOM", None, &[]),
            ServerVariable::new("region", "ROOMS_REGION", Some("eu"), &["eu", "us"]),
        ],
        ..Api::EMPTY
    };
    let check = |set: fn(ClientBuilder<Client>) -> ClientBuilder<Client>, expected: Result<&str, &str>| {
        let client = set(Client::builder(&ROOMS)).transport(FakeServer::new([])).build();
        let client = client.map(|it| it.base_url("default").unwrap().to_owned());
        match expected {
            Ok(url) => assert_eq!(client.unwrap(), url),
            Err(message) => {
                let error = client.unwrap_err();
                assert!(error.message().starts_with(message), "{error}");
            }
        }
    };
    check(|it| it.server_variable("room", "bar"), Ok("https://bar.test/eu"));
    check(|it| it.server_variable("room", "bar").server_variable("region", "us"), Ok("https://bar.test/us"));
    check(|it| it.base_url("https://own.test"), Ok("https://own.test"));
    check(|it| it, Err("the API's URL is `https://{room}.test/eu`: set the environment variable ROOMS_ROOM"));
    check(|it| it.server_variable("room", "evil.test/"), Err("the value of `room` cannot be a part of a URL"));
    check(
        |it| it.server_variable("room", "a").server_variable("region", "mars"),
        Err("`region` has none of its values"),
    );
    check(|it| it.server_variable("shop", "a"), Err("no variable of the API's URLs is named `shop`"));
    // What another server lacks is reported by the calls to it.
    static TWO: Api = Api { servers: &[("default", "https://rooms.test"), ("room", "https://{room}.test")], ..ROOMS_ };
    const ROOMS_: Api =
        Api { name: "rooms", server_variables: &[ServerVariable::new("room", "ROOMS_ROOM", None, &[])], ..Api::EMPTY };
    static OTHER: Operation = Operation::get(&TWO, "room.get", "/thing").server(1).auth(&[]);
    let client = Client::builder(&TWO).transport(FakeServer::new([])).build().unwrap();
    let error = VirtualClock::new().run(client.call().send(Other)).unwrap_err();
    assert!(error.message().starts_with("the API's URL is `https://{room}.test`: set the environment variable"));
    #[derive(Clone, Debug)]
    struct Other;
    impl Rules for Other {}

    impl Request for Other {
        type Reply = Response<()>;
        fn operation(&self) -> &'static Operation {
            &OTHER
        }
        fn write(&self, out: &mut RequestParts) {
            out.path("/thing");
        }
        fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
            reply::empty(raw)
        }
    }
    static NOWHERE: Api = Api { name: "nowhere", servers: &[("default", "")], ..Api::EMPTY };
    let error = Client::builder(&NOWHERE).transport(FakeServer::new([])).build().unwrap_err();
    assert!(
        error.message().starts_with("the API has no URL of its own: set the environment variable NOWHERE_BASE_URL")
    );
}

fn header<'r>(request: &'r http::Request<bytes::Bytes>, name: &str) -> &'r str {
    request.headers().get(name).map_or("", |it| it.to_str().unwrap())
}

#[test]
fn a_key_goes_into_the_query_or_a_cookie() {
    let sent = send(get!(Get, &[&[(0, 0)]]), |it| it.api_key("a&b"), |_| {}).unwrap();
    assert_eq!(sent.uri(), "https://shop.test/things?q=a%20b&api_key=a%26b");
    let cookie: fn(&mut CallOptions) = |it| {
        it.auth_scheme("cookie");
        it.header("Cookie", "theme=dark");
    };
    let sent = send(get!(Get, &[&[(0, 0)]]), |it| it.api_key("abc"), |it| it.auth_scheme("cookie")).unwrap();
    assert_eq!((header(&sent, "cookie"), sent.uri().query()), ("sid=abc", Some("q=a%20b")));
    assert!(send(get!(Get, &[&[(0, 1)]]), |it| it.api_key("a;b"), cookie).is_err());
}

#[cfg(feature = "basic")]
#[test]
fn basic_authentication_is_encoded() {
    let basic = |request: http::Request<bytes::Bytes>| {
        assert!(request.headers()["authorization"].is_sensitive());
        header(&request, "authorization").to_owned()
    };
    let sent = send(get!(Get, &[&[(2, 0)]]), |it| it.basic_auth("me", "p:w"), |_| {}).unwrap();
    assert_eq!(basic(sent), "Basic bWU6cDp3");
    let sent = send(get!(Get, &[&[(3, 0)]]), |it| it.credential("token", "t"), |_| {}).unwrap();
    assert_eq!(basic(sent), "Basic dDo=");
    let sent = send(get!(Get, &[&[(3, 1)]]), |it| it.credential("token", "t"), |_| {}).unwrap();
    assert_eq!(basic(sent), "Basic YXBpOnQ=");
    let error = send(get!(Get, &[&[(2, 0)]]), |it| it.basic_auth("m:e", "p"), |_| {}).unwrap_err();
    assert_eq!(error.message(), "a user name cannot contain `:`");
}

#[cfg(feature = "basic")]
#[test]
fn a_pair_comes_from_two_variables() {
    let client = |set: &'static [(&str, &str)]| {
        let look_up = move |name: &str| set.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        Client::builder(&SHOP).env_from(look_up).transport(FakeServer::new([])).build()
    };
    assert!(client(&[("SHOP_USER", "me"), ("SHOP_PASSWORD", "secret")]).is_ok());
    let error = client(&[("SHOP_USER", "me")]).unwrap_err();
    let expected = "credential `login` is a user name and a password: SHOP_USER is set, but SHOP_PASSWORD is not";
    assert_eq!(error.message(), expected);
}

#[test]
fn several_credentials_are_sent_together() {
    let both = |it: ClientBuilder<Client>| it.api_key("abc").credential("app", "my-app");
    let sent = send(get!(Get, &[&[(0, 0), (1, 0)]]), both, |_| {}).unwrap();
    assert_eq!((header(&sent, "x-app"), sent.uri().query()), ("my-app", Some("q=a%20b&api_key=abc")));
    let error = send(get!(Get, &[&[(0, 0), (1, 0)]]), |it| it.api_key("abc"), |_| {}).unwrap_err();
    assert!(
        error.message().starts_with("credential `app` is missing: set the environment variable SHOP_APP"),
        "{error}"
    );
}

#[test]
fn the_first_alternative_that_is_there_is_sent() {
    let request = || get!(Get, &[&[(1, 0)], &[(0, 0)]]);
    let sent = send(request(), |it| it.api_key("abc"), |_| {}).unwrap();
    assert_eq!((header(&sent, "x-app"), sent.uri().query()), ("", Some("q=a%20b&api_key=abc")));
    let sent = send(request(), |it| it.api_key("abc").credential("app", "my-app"), |_| {}).unwrap();
    assert_eq!((header(&sent, "x-app"), sent.uri().query()), ("my-app", Some("q=a%20b")));
    // None at all is an alternative too.
    let sent = send(get!(Get, &[&[(1, 0)], &[]]), |it| it, |_| {}).unwrap();
    assert_eq!((header(&sent, "x-app"), sent.uri().query()), ("", Some("q=a%20b")));
    let error = send(request(), |it| it, |_| {}).unwrap_err();
    assert!(error.message().starts_with("credential `app` is missing"), "{error}");
    // What is set by hand is needed no more.
    let sent = send(get!(Get, &[&[(1, 0)]]), |it| it, |it| it.header("X-App", "own")).unwrap();
    assert_eq!(header(&sent, "x-app"), "own");
}

#[test]
fn a_key_in_the_query_is_never_shown() {
    let server =
        FakeServer::new([Answer::json(400, &json!({"at": "/things?api_key=very-secret-key", "k": "very-secret-key"}))]);
    let clock = VirtualClock::new();
    let client =
        Client::builder(&SHOP).api_key("very-secret-key").transport(server).clock(clock.clone()).build().unwrap();
    let error = clock.run(client.call().send(get!(Get, &[&[(0, 0)]]))).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("very-secret-key"), "{error:?}");
}
