//! Tests the options of the client and of one call.

use std::collections::BTreeMap;

use rt::{ClientBuilder, Strength, Validation};

use super::*;
use crate::support::direct;

#[tokio::test]
async fn strict_mode_sends_no_request_that_breaks_a_stated_rule() {
    let server = Server::answering([image()]).await;
    let client = anime(&server);
    let error = client.images().generate().prompt("ü".repeat(1_001)).send().await.unwrap_err();
    assert!(error.is_validation());
    assert_eq!(
        error.to_string(),
        "the request of `images.generate` breaks a rule: /prompt: `prompt` must have at most 1000 characters (found 1001 characters)"
    );
    assert_eq!((error.attempts(), server.count()), (0, 0));
    client.images().generate().prompt("ü".repeat(1_000)).send().await.unwrap();

    // A violation of an implied rule is only a warning.
    let call = client.images().generate().prompt("");
    assert_eq!(call.check().unwrap().len(), 1);
    let answer = call.send().await.unwrap();
    let [warning] = answer.warnings() else { panic!("{:?}", answer.warnings()) };
    assert_eq!(
        (&*warning.at, warning.rule.keyword, warning.rule.strength),
        ("/prompt", "min_length", Strength::Inferred)
    );
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn all_violations_are_reported_together() {
    use runanything::text::{Message, Role, SamplingParams};
    let server = Server::answering([accepted("t-1")]).await;
    let bad = Message::new(Role::Bot, "", -1).created_at("yesterday").image("a picture");
    let fine = Message::new(Role::You, "Hello!", 0).created_at("2024-01-15 10:30:00Z").image("https://x/y.png");
    let call = run(&server)
        .text()
        .generate()
        .lightning()
        .messages([fine, bad])
        .sampling_params(SamplingParams::new().max_tokens(0).temperature(2.5));
    let error = call.check().unwrap_err();
    let found: Vec<_> = error.violations.iter().map(|it| (&*it.at, it.rule.keyword)).collect();
    let expected = [
        ("/messages/1/index", "minimum"),
        ("/messages/1/createdAt", "format"),
        ("/messages/1/image", "format"),
        ("/samplingParams/max_tokens", "minimum"),
        ("/samplingParams/temperature", "maximum"),
    ];
    assert_eq!(found, expected);
    let warnings: Vec<_> = error.warnings.iter().map(|it| (&*it.at, it.rule.keyword)).collect();
    assert_eq!(warnings, [("/messages/1/content", "min_length")]);
    let sent = call.send().await.unwrap_err();
    assert_eq!((sent.validation().unwrap().violations.len(), server.count()), (5, 0));
    assert!(
        error.to_string().contains("breaks 5 rules:\n  /messages/1/index: `index` must be at least 0 (found -1)"),
        "{error}"
    );
}

#[tokio::test]
async fn with_warn_mode_the_server_decides() {
    let long = || "x".repeat(1_001);
    for (mode, warnings) in [(Validation::Warn, 1), (Validation::Off, 0)] {
        let server = Server::answering([image()]).await;
        let client = set_up(animeapi::Client::builder(), &server).validation(mode).build().unwrap();
        let answer = client.images().generate().prompt(long()).send().await.unwrap();
        assert_eq!((answer.warnings().len(), server.only().json()), (warnings, json!({"prompt": long()})));
        // A call's own option comes first.
        let call = client.images().generate().prompt(long()).send().with_validation(Validation::Strict);
        assert!(call.await.unwrap_err().is_validation());
        let call = anime(&server).images().generate().prompt(long()).send().with_validation(mode);
        assert_eq!(call.await.unwrap().warnings().len(), warnings);
        assert_eq!(server.count(), 2);
    }
    // The same for a task.
    let server = Server::answering([accepted("t-1")]).await;
    let task = run(&server).text().generate().any().model_id(runanything::text::ModelId::Witch);
    let task = task.send().with_validation(Validation::Warn).await.unwrap();
    assert_eq!(task.warnings().len(), 1);
    assert_eq!(server.only().json(), json!({}));
}

#[tokio::test]
async fn a_number_that_json_cannot_represent_is_not_sent() {
    let server = Server::answering([accepted("t-1")]).await;
    let params = runanything::text::SamplingParams::new();
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let call =
            run(&server).text().generate().mage().messages(hello()).sampling_params(params.clone().top_p(number));
        let error = call.send().await.unwrap_err();
        assert!(error.is_config() && error.to_string().contains("finite"), "{error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn extra_fields_are_added_and_override() {
    let server = Server::answering([image()]).await;
    let call = anime(&server).images().generate().prompt("a").enhance(true);
    let call = call.extra("style", json!({"ink": [1, 2.5, null]})).extra("enhance", "later").extra("seed", 7);
    call.send().await.unwrap();
    let expected = json!({"prompt": "a", "enhance": "later", "style": {"ink": [1, 2.5, null]}, "seed": 7});
    let sent = server.only();
    assert_eq!(sent.json(), expected);
    assert_eq!(String::from_utf8_lossy(&sent.body).matches("enhance").count(), 1, "no name twice");

    // A name that is only part of the text is not treated as a field.
    let server = Server::answering([image()]).await;
    let call = anime(&server).images().generate().prompt("\"seed\": no {").extra("seed", 7);
    call.send().await.unwrap();
    assert_eq!(server.only().json(), json!({"prompt": "\"seed\": no {", "seed": 7}));

    // An operation without parameters of its own, and one without a body.
    let server = Server::answering([Answer::json(200, &json!({"id": "t-1", "status": "x"}))]).await;
    let client = run(&server);
    client.speech().synthesize().extra("voice", "deep").send().await.unwrap();
    client.status().check("t-1").extra("verbose", true).extra("name", "a&b=c").send().await.unwrap();
    let all = server.received();
    assert_eq!(all[0].json(), json!({"voice": "deep"}));
    let (path, query) = all[1].target.split_once('?').unwrap();
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!((path, pairs), ("/api/status/t-1", vec!["name=a%26b%3Dc", "verbose=true"]));
}

#[tokio::test]
async fn headers_of_the_caller_are_sent() {
    let server = Server::answering([image()]).await;
    let builder = set_up(animeapi::Client::builder(), &server).header("X-Team", "red").user_agent("boat-shop/2");
    let client = builder.build().unwrap();
    let call = client.images().generate().prompt("a").send();
    call.with_header("x-team", "blue").with_header("Authorization", "Basic x").await.unwrap();
    let sent = server.only();
    assert_eq!((sent.header("x-team"), sent.header("authorization")), ("blue", "Basic x"));
    assert_eq!(sent.header("user-agent"), "animeapi/0.1.0 boat-shop/2");
    for (name, value) in [("bad name", "x"), ("x", "line\nbreak"), ("", "x")] {
        let error = client.images().generate().prompt("a").send().with_header(name, value).await.unwrap_err();
        assert!(error.is_config(), "{error}");
    }
    assert_eq!(server.count(), 1);
}

/// A builder that reads this instead of the environment.
fn from_environment(variables: &[(&str, &str)]) -> ClientBuilder<animeapi::Client> {
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    animeapi::Client::builder().http_client(direct()).env_from(move |name| variables.get(name).cloned())
}

#[tokio::test]
async fn settings_come_from_the_environment() {
    let server = Server::answering([image()]).await;
    let url = server.url();
    let client = from_environment(&[("ANIMEAPI_API_KEY", "ank_1\n"), ("ANIMEAPI_BASE_URL", &format!("{url}/v9/"))]);
    draw(&client.build().unwrap()).await.unwrap();
    let sent = server.only();
    assert_eq!((sent.target.as_str(), sent.header("authorization")), ("/v9/api/generate", "Bearer ank_1"));

    for variables in [&[][..], &[("ANIMEAPI_API_KEY", " \n")]] {
        let error = from_environment(variables).build().unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: credential `api_key` is missing: set the environment variable ANIMEAPI_API_KEY, or call \
             `ClientBuilder::api_key(…)`"
        );
    }
    let error = from_environment(&[("ANIMEAPI_API_KEY", "x"), ("ANIMEAPI_BASE_URL", "localhost:80")]).build();
    assert!(error.unwrap_err().to_string().contains("environment variable ANIMEAPI_BASE_URL: "));
    // The caller's settings override the environment.
    let set = animeapi::Client::builder().api_key("own").http_client(direct()).env_from(|_| None);
    assert!(set.build().is_ok());
}

#[tokio::test]
async fn invalid_settings_are_reported_before_sending() {
    let builder = || animeapi::Client::builder().http_client(direct());
    for (builder, says) in [
        (builder().api_key(""), "it is empty"),
        (builder().api_key("a\nb"), "it contains a line break"),
        (builder().api_key("schlüssel"), "a character that a header cannot contain"),
        (builder().api_key("x").base_url("ftp://x"), "the base URL is malformed"),
        (builder().api_key("x").base_url("http://x/?key=1"), "the base URL is malformed"),
        (builder().api_key("x").base_url("http://me:secret@x"), "the base URL contains a user name or a password"),
        (
            builder().api_key("x").credential("admin", "y"),
            "no credential is named `admin`; the credentials are: api_key",
        ),
        (builder().api_key("x").server("cdn", "http://x"), "no server is named `cdn`"),
        (builder().api_key("x").user_agent("a\nb"), "user agent"),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.is_config() && error.to_string().contains(says), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    // Without a credential, a client can be created, but calls fail.
    let client = builder().build().unwrap();
    let error = draw(&client).await.unwrap_err();
    assert!(error.is_config() && error.to_string().contains("ANIMEAPI_API_KEY"), "{error}");
}
