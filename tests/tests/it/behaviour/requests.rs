//! Tests every documented request as it is sent.

use std::future::Future;
use std::pin::Pin;

use rt::{Request, Value, from_json};
use runanything::text::{Message, Role, SamplingParams};

use super::*;
use crate::support::samples::{self, Sample};

type Sending = Pin<Box<dyn Future<Output = rt::Result<()>>>>;

/// The samples of `animeapi` as a caller writes them.
fn anime_builder(client: &animeapi::Client, name: &str) -> Option<Sending> {
    use animeapi::images::Orientation;
    let start = client.images().generate();
    let call = match name {
        "images.generate: minimal" => start.prompt("anime girl with blue hair"),
        "images.generate: with options" => start
            .prompt("anime girl with blue hair, magical forest")
            .orientation(Orientation::Landscape)
            .allow_nsfw(false)
            .enhance(true),
        "images.generate: raw prompt" => {
            start.enhance(false).prompt("masterpiece, best quality, 1girl, blue_hair, forest, magical")
        }
        _ => return None,
    };
    Some(Box::pin(async { call.send().await.map(drop) }))
}

/// The samples of `runanything` as a caller writes them.
fn run_builder(client: &runanything::Client, name: &str) -> Option<Sending> {
    let text = client.text().generate();
    let call = match name {
        "status.check: finished" => {
            let call = client.status().check("08ab17b0-e0d0-4b4d-a0cd-ea0bbdef455a");
            return Some(Box::pin(async { call.send().await.map(drop) }));
        }
        "text.generate: quick start" => text.default_model().messages(hello()).bot_name("Assistant"),
        "text.generate: basic text generation" => {
            let wish = "Write a creative product description for a smart coffee mug.";
            text.default_model()
                .messages([Message::new(Role::You, wish, 0)])
                .bot_name("Assistant")
                .sampling_params(SamplingParams::new().max_tokens(200))
        }
        "text.generate: a character" => {
            let question = Message::new(Role::You, "Can you explain quantum computing in simple terms?", 0)
                .id("msg_001")
                .message_index(0)
                .chat_id("study_session")
                .user_id("student_123")
                .created_at("2024-01-15T10:30:00.000Z")
                .upvote(0)
                .image_null();
            let persona = "Professor Merlin's Persona: A wise, patient professor of theoretical physics\n\
                who excels at explaining complex concepts through analogies and real-world examples.\n\
                He speaks with enthusiasm for discovery and has a gift for making the impossible\n\
                seem understandable.";
            text.mage()
                .messages([question])
                .persona(persona)
                .bot_name("Professor Merlin")
                .sampling_params(SamplingParams::new().max_tokens(250).temperature(0.8))
        }
        "text.generate: several turns" => {
            let answer = "Congratulations on your bakery! Focus on three key areas first: perfecting 2-3 signature \
                recipes, understanding your local market, and managing your costs carefully.";
            text.default_model()
                .messages([
                    Message::new(Role::You, "I'm starting a small bakery. What should I focus on first?", 0),
                    Message::new(Role::Bot, answer, 1),
                    Message::new(Role::You, "That's helpful! Can you elaborate on understanding the local market?", 2),
                ])
                .bot_name("Business Advisor")
                .sampling_params(SamplingParams::new().max_tokens(200))
        }
        _ => return None,
    };
    Some(Box::pin(async { call.send().await.map(drop) }))
}

/// The same as plain data.
fn anime_data(client: &animeapi::Client, sample: &Value) -> Sending {
    let request: animeapi::images::generate::GenerateRequest = from_json(sample).unwrap();
    let client = client.clone();
    Box::pin(async move { client.send(request).await.map(drop) })
}

fn run_data(client: &runanything::Client, operation: &str, sample: &Value) -> Sending {
    let client = client.clone();
    match operation {
        "text.generate" => {
            let request: runanything::text::generate::GenerateRequest = from_json(sample).unwrap();
            Box::pin(async move { client.send(request).await.map(drop) })
        }
        "status.check" => {
            let request: runanything::status::check::CheckRequest = from_json(sample).unwrap();
            Box::pin(async move { client.send(request).await.map(drop) })
        }
        other => panic!("`{other}` has samples of requests and no case here"),
    }
}

#[track_caller]
fn is_on_the_wire(sample: &Sample, agent: &str, sent: &Received) {
    let (path, body) = sample.on_the_wire();
    assert_eq!(
        (sent.method.as_str(), sent.target.as_str()),
        (sample.method.as_str(), path.as_str()),
        "{}",
        sample.name
    );
    assert_eq!(sent.json(), body, "{}", sample.name);
    assert_eq!(sent.header("authorization"), format!("Bearer {KEY}"));
    assert_eq!(sent.header("accept"), "application/json");
    assert_eq!(sent.header("user-agent"), agent);
    let (kind, length) =
        if body.is_null() { ("-", "-".to_owned()) } else { ("application/json", sent.body.len().to_string()) };
    assert_eq!(
        (sent.header("content-type"), sent.header("content-length")),
        (kind, length.as_str()),
        "{}",
        sample.name
    );
}

#[tokio::test]
async fn every_sample_of_animeapi_is_sent_as_documented() {
    let mut tried = 0;
    for sample in samples::of("animeapi").iter().filter(|it| it.invalid.is_none()) {
        let Some(request) = &sample.request else { continue };
        let server = Server::answering([image()]).await;
        let client = anime(&server);
        let builder = anime_builder(&client, &sample.name);
        builder.unwrap_or_else(|| panic!("write the call of `{}` here", sample.name)).await.unwrap();
        anime_data(&client, &Value::Object(request.clone())).await.unwrap();
        for sent in server.received() {
            is_on_the_wire(sample, "animeapi/0.1.0", &sent);
        }
        assert_eq!(server.count(), 2);
        tried += 1;
    }
    assert!(tried >= 3);
}

#[tokio::test]
async fn every_sample_of_runanything_is_sent_as_documented() {
    let mut tried = 0;
    for sample in samples::of("runanything").iter().filter(|it| it.invalid.is_none()) {
        let Some(request) = &sample.request else { continue };
        let (operation, _) = sample.name.split_once(':').unwrap();
        let answer = if operation == "status.check" { completed("A wave breaks.") } else { accepted("t-1") };
        let server = Server::answering([answer]).await;
        let client = run(&server);
        let builder = run_builder(&client, &sample.name);
        builder.unwrap_or_else(|| panic!("write the call of `{}` here", sample.name)).await.unwrap();
        run_data(&client, operation, &Value::Object(request.clone())).await.unwrap();
        for sent in server.received() {
            is_on_the_wire(sample, "runanything/0.1.0", &sent);
        }
        assert_eq!(server.count(), 2);
        tried += 1;
    }
    assert!(tried >= 5);
}

/// The violations of a request that is given as JSON: places and keywords, or the place where it cannot be read.
fn broken<R: Request + rt::Decode>(request: &Value) -> Result<Vec<(String, String)>, rt::DecodeError> {
    let request: R = from_json(request)?;
    let mut found = rt::Violations::default();
    request.check(&mut found);
    Ok(found.into_vec().into_iter().map(|it| (it.at.into_owned(), it.rule.keyword.to_owned())).collect())
}

/// Rules that the types enforce: JSON that violates them cannot be read into a request.
const BY_TYPE: [&str; 3] = ["enum", "type", "unknown_parameter"];

#[track_caller]
fn is_refused<R: Request + rt::Decode>(sample: &Sample) {
    let request = Value::Object(sample.request.clone().unwrap());
    let expected: Vec<(String, String)> = sample
        .invalid
        .iter()
        .flatten()
        .map(|(at, rule)| {
            let at = if at.starts_with('/') { at.clone() } else { format!("/{at}") };
            (at, rule.as_str().unwrap().to_owned())
        })
        .collect();
    match broken::<R>(&request) {
        Ok(found) => assert_eq!(found, expected, "{}", sample.name),
        Err(error) => {
            let found = expected.iter().find(|it| it.0 == error.at);
            let by_type = found.is_some_and(|it| BY_TYPE.contains(&it.1.as_str()) || error.found == "nothing");
            assert!(by_type, "{}: {error}", sample.name);
        }
    }
}

#[test]
fn invalid_examples_are_not_sent() {
    for sample in samples::of("animeapi").iter().filter(|it| it.invalid.is_some()) {
        is_refused::<animeapi::images::generate::GenerateRequest>(sample);
    }
    for sample in samples::of("runanything").iter().filter(|it| it.invalid.is_some()) {
        match sample.name.split_once(':').unwrap().0 {
            "text.generate" => is_refused::<runanything::text::generate::GenerateRequest>(sample),
            "status.check" => is_refused::<runanything::status::check::CheckRequest>(sample),
            other => panic!("`{other}` has invalid samples and no case here"),
        }
    }
}

#[tokio::test]
async fn any_text_arrives_unchanged() {
    let prompt = "\"quotes\" \\ \n\r\t \u{0} \u{1f} \u{7f} \u{2028} ü 猫 🚢 </script> {[:,";
    let server = Server::answering([image()]).await;
    anime(&server).images().generate().prompt(prompt).send().await.unwrap();
    assert_eq!(server.only().json(), json!({"prompt": prompt}));
}

#[tokio::test]
async fn a_value_of_the_path_stays_one_segment() {
    for (id, target) in [
        ("a/b", "/api/status/a%2Fb"),
        ("..a", "/api/status/..a"),
        ("a?b#c", "/api/status/a%3Fb%23c"),
        ("ü %", "/api/status/%C3%BC%20%25"),
    ] {
        let server = Server::answering([completed("x")]).await;
        run(&server).status().check(id).send().await.unwrap();
        assert_eq!(server.only().target, target);
    }
    // These would name another path, because URLs have no way to escape them.
    for id in ["", ".", ".."] {
        let server = Server::answering([completed("x")]).await;
        let error = run(&server).status().check(id).send().await.unwrap_err();
        assert!(error.is_config() && error.to_string().contains("/api/status/{task_id}"), "{error}");
        let error = run(&server).text().generate_task(id).status().await.unwrap_err();
        assert!(error.is_config() && server.count() == 0, "{error}");
    }
}
