//! Tests every documented response and error, as a caller reads it.

use std::fmt::Debug;
use std::time::{Duration, UNIX_EPOCH};

use rt::{Decode, Encode, ErrorKind, StatusKind, TaskState, Value, from_json, to_json};

use super::*;
use crate::support::samples;

/// Reads, writes back, and does both again with fields and values from a later version of the API.
#[track_caller]
fn survives<T: Decode + Encode + PartialEq + Debug>(name: &str, sample: &Value) -> T {
    let value: T = from_json(sample).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written: Value = serde_json::from_slice(&to_json(&value)).unwrap();
    assert_eq!(&written, sample, "{name}");

    let mut later = sample.clone();
    later["added_later"] = json!({"deep": [1, null, "x"]});
    let read: T = from_json(&later).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written: Value = serde_json::from_slice(&to_json(&read)).unwrap();
    assert_eq!(written, later, "{name}");
    assert_ne!(read, value, "{name}: unknown fields are part of the value");
    value
}

#[tokio::test]
async fn every_response_of_animeapi_is_read() {
    let mut tried = 0;
    for sample in samples::of("animeapi") {
        let Some(body) = &sample.response else { continue };
        let image: animeapi::images::GeneratedImage = survives(&sample.name, body);
        let serde: animeapi::images::GeneratedImage = serde_json::from_value(body.clone()).unwrap();
        assert_eq!((&serde, &serde_json::to_value(&serde).unwrap()), (&image, body));

        let server = Server::answering([Answer::json(200, body)]).await;
        let answer = draw(&anime(&server)).await.unwrap();
        assert_eq!((&*answer, answer.raw(), answer.attempts()), (&image, body, 1));
        tried += 1;
    }
    assert!(tried >= 1);
}

#[tokio::test]
async fn every_response_of_runanything_is_read() {
    use runanything::speech::SpeechAnswer;
    use runanything::status::TaskStatus;
    use runanything::text::{GenerateCreated, GenerateResult};
    let mut tried = 0;
    for sample in samples::of("runanything") {
        if let Some(body) = &sample.response {
            let server = Server::answering([Answer::json(200, body)]).await;
            let client = run(&server);
            match sample.name.split_once(':').unwrap().0 {
                "text.generate" => {
                    let created: GenerateCreated = survives(&sample.name, body);
                    let task = client.text().generate().default_model().messages(hello()).send().await.unwrap();
                    assert_eq!((task.id(), task.created()), (created.id.as_str(), body));
                    assert_eq!(task.created_as::<GenerateCreated>().unwrap(), created);
                }
                "status.check" => {
                    let status: TaskStatus = survives(&sample.name, body);
                    assert_eq!(*look(&client).await.unwrap(), status);
                }
                "speech.synthesize" => {
                    let speech: SpeechAnswer = survives(&sample.name, body);
                    assert_eq!(*client.speech().synthesize().send().await.unwrap(), speech);
                }
                other => panic!("`{other}` has responses and no case here"),
            }
            tried += 1;
        }
        if let Some(body) = &sample.status {
            let server = Server::answering([accepted("t-1"), Answer::json(200, body)]).await;
            let task = run(&server).text().generate().witch().messages(hello()).send().await.unwrap();
            let status = task.status().await.unwrap();
            assert_eq!((status.raw(), Some(status.state_name())), (body, body["status"].as_str()));
            match status.state {
                TaskState::Completed(result) => assert_eq!(result, survives::<GenerateResult>(&sample.name, body)),
                TaskState::Failed(failure) => assert_eq!(Some(failure.message.as_str()), body["error"].as_str()),
                TaskState::Pending => assert_eq!(body["status"], "processing"),
            }
            tried += 1;
        }
    }
    assert!(tried >= 7);
}

#[tokio::test]
async fn undocumented_values_are_kept() {
    use runanything::status::Status;
    let server = Server::answering([Answer::json(200, &json!({"status": "dreaming", "tokens": 5.0}))]).await;
    let status = look(&run(&server)).await.unwrap();
    assert_eq!(status.status, Status::Other("dreaming".to_owned()));
    assert!(!status.status.is_known());
    assert_eq!(status.status.as_str(), "dreaming");
    assert_eq!(status.tokens, Some(5), "a whole number, however it is written");
}

#[tokio::test]
async fn an_optional_field_of_the_wrong_type_is_ignored() {
    let body = json!({"status": "completed", "reply": null, "tokens": "many"});
    let server = Server::answering([Answer::json(200, &body)]).await;
    let status = look(&run(&server)).await.unwrap();
    assert_eq!((status.reply.as_ref(), status.tokens), (None, None));
    assert_eq!(status.raw(), &body);
}

#[tokio::test]
async fn every_error_of_animeapi_is_typed() {
    use animeapi::ErrorCode;
    for (sample, kind, code) in samples::errors_of("animeapi").iter().map(|it| match it.status {
        401 => (it, StatusKind::Authentication, ErrorCode::InvalidKey),
        402 => (it, StatusKind::PaymentRequired, ErrorCode::InsufficientBalance),
        429 => (it, StatusKind::RateLimited, ErrorCode::DailyLimitExceeded),
        500 => (it, StatusKind::Server, ErrorCode::GenerationFailed),
        other => panic!("status {other} has a sample and no case here"),
    }) {
        let server = Server::answering([Answer::json(sample.status, &sample.body)]).await;
        let client = set_up(animeapi::Client::builder(), &server).retry(rt::RetryPolicy::none()).build().unwrap();
        let error = draw(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api(kind), "{}", sample.name);
        assert_eq!(error.status().unwrap().as_u16(), sample.status);
        assert_eq!(Some(error.message()), sample.body["error"].as_str());
        assert_eq!(ErrorCode::of(&error), Some(code));
        assert_eq!((error.body_json().as_ref(), error.operation()), (Some(&sample.body), Some("images.generate")));
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn every_error_of_runanything_is_typed() {
    for sample in samples::errors_of("runanything") {
        let server = Server::answering([Answer::json(sample.status, &sample.body)]).await;
        let error = look(&run(&server)).await.unwrap_err();
        let inner = &sample.body["error"];
        assert_eq!(error.kind(), ErrorKind::Api(StatusKind::InvalidRequest), "{}", sample.name);
        assert_eq!(Some(error.message()), inner["message"].as_str());
        assert_eq!((error.code(), error.details()), (inner["code"].as_str(), inner.get("details")));
        assert_eq!(server.count(), 1, "an invalid request is not retried");
    }
}

#[tokio::test]
async fn every_status_has_its_kind() {
    let documented = [
        (400, StatusKind::InvalidRequest),
        (401, StatusKind::Authentication),
        (403, StatusKind::PermissionDenied),
        (404, StatusKind::NotFound),
        (429, StatusKind::RateLimited),
        (500, StatusKind::Server),
        (503, StatusKind::Unavailable),
    ];
    let usual = [
        (402, StatusKind::PaymentRequired),
        (408, StatusKind::Timeout),
        (409, StatusKind::Conflict),
        (410, StatusKind::NotFound),
        (413, StatusKind::TooLarge),
        (415, StatusKind::UnsupportedMedia),
        (418, StatusKind::InvalidRequest),
        (451, StatusKind::ContentRefused),
        (502, StatusKind::Server),
        (504, StatusKind::Timeout),
        (599, StatusKind::Server),
    ];
    for (status, kind) in documented.into_iter().chain(usual) {
        let server = Server::answering([Answer::new(status, "")]).await;
        let client = set_up(runanything::Client::builder(), &server).retry(rt::RetryPolicy::none()).build().unwrap();
        let error = look(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api(kind), "{status}");
        assert!(!error.message().is_empty() && error.to_string().contains(&status.to_string()), "{error}");
    }
}

#[tokio::test]
async fn the_rate_limit_can_be_read() {
    fn limited(answer: Answer) -> Answer {
        answer
            .header("X-RateLimit-Limit", "100")
            .header("X-RateLimit-Remaining", "7")
            .header("X-RateLimit-Reset", "1767225612")
    }
    #[track_caller]
    fn is_told(limit: &rt::RateLimit) {
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(7)));
        let now = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        assert_eq!(limit.reset_in(now), Some(Duration::from_secs(12)));
    }
    // Of a response …
    let server = Server::answering([limited(completed("x"))]).await;
    is_told(&look(&run(&server)).await.unwrap().rate_limit());
    // … of one that created a task, and of the one with its result …
    let server = Server::answering([limited(accepted("t-1")), limited(completed("x"))]).await;
    let client = set_up(runanything::Client::builder(), &server).clock(SkippingClock::new()).build().unwrap();
    let task = client.text().generate().mage().messages(hello()).send().await.unwrap();
    is_told(&task.rate_limit());
    is_told(&task.wait().await.unwrap().rate_limit());
    // … and of an error, which uses it for the time to wait.
    let server = Server::answering([limited(Answer::new(429, ""))]).await;
    let clock = SkippingClock::new();
    let client = set_up(runanything::Client::builder(), &server).clock(clock.clone()).build().unwrap();
    let error = client.status().check("t").send().with_max_retries(0).await.unwrap_err();
    is_told(&error.rate_limit());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
    assert!(error.is_rate_limited() && clock.waits().is_empty());
    // An API that documents no such headers has none.
    let server = Server::answering([limited(image())]).await;
    assert_eq!(draw(&anime(&server)).await.unwrap().rate_limit(), rt::RateLimit::default());
}
