//! Tests one valid call of every operation, followed to its end.

use specwright_codegen::model::{Api, Condition, Example, Operation, Output, PathPart};
use specwright_contract::Refused;

use super::*;

/// The first valid request whose response comes in one piece. An operation without parameters needs no example.
fn request(op: &Operation) -> Value {
    let legal = |it: &&Example| it.invalid.is_empty() && it.events.is_empty();
    op.examples.iter().filter(legal).find_map(|it| it.request.clone()).unwrap_or_else(|| json!({}))
}

/// Every parameter of the path is this id.
fn with_id(op: &Operation, request: &Value, id: &str) -> Value {
    let mut request = request.clone();
    for part in &op.path {
        if let PathPart::Parameter(ix) = part {
            request[&op.parameters.field(*ix).name] = id.into();
        }
    }
    request
}

async fn every_operation<C>(server: &Server, client: &C, plays: &BTreeMap<&str, Play<C>>) -> usize {
    let mut apis: Vec<Api> = Vec::new();
    server.for_each_api(|it| apis.push(it.clone()));
    let [api] = apis.as_slice() else { panic!("one API is played") };
    let (tasks, others): (Vec<_>, Vec<_>) = api.operations.iter().partition(|it| matches!(it.output, Output::Task(_)));
    let mut started: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    for op in tasks.into_iter().chain(others) {
        let name = op.full_name(api);
        let play = plays.get(name.as_str()).unwrap_or_else(|| panic!("`{name}` is not tried"));
        let request = request(op);
        let mut end = play(client, &request).unwrap_or_else(|error| panic!("{name}: {error}")).await;
        // Examples refer to tasks that were not started here.
        for id in &started {
            if server.requests().last().is_some_and(|it| it.refused == Some(Refused::UnknownTask)) {
                end = play(client, &with_id(op, &request, id)).unwrap_or_else(|error| panic!("{name}: {error}")).await;
            }
        }
        match (end, &op.output) {
            (Ok(end), Output::Task(_)) => started.extend(end.task),
            (Ok(end), Output::Binary { .. }) if end.raw["bytes"] == 0 => faults.push(format!("{name}: no bytes")),
            (Ok(end), Output::Json { .. }) if end.raw.is_null() => faults.push(format!("{name}: no answer")),
            (Ok(_), _) => {}
            // Its response is always a stream, and the client reports that.
            (Err(error), _) if op.stream.as_ref().is_some_and(|it| it.when == Condition::Always) => {
                assert!(error.to_string().ends_with("call `stream`"), "{name}: {error}");
            }
            (Err(error), _) => faults.push(format!("{name}: {error}\n  {request}")),
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), api.operations.len(), faults.join("\n"));
    // The client found the request valid, and the server has no additional warnings.
    let refused = server.requests().into_iter().filter(|it| it.refused.is_some_and(|it| it != Refused::UnknownTask));
    assert_eq!(refused.map(|it| it.path).collect::<Vec<_>>(), Vec::<String>::new());
    api.operations.len()
}

#[tokio::test]
async fn of_runapi() {
    let server = serve("runapi").await;
    let client = runapi_client(&server, rt::Validation::Strict);
    assert!(every_operation(&server, &client, &runapi()).await > 100);
}

#[tokio::test]
async fn of_runcrate() {
    let server = serve("runcrate").await;
    let client = client(&server, "runcrate", ::runcrate::Client::builder(), rt::Validation::Strict);
    assert_eq!(every_operation(&server, &client, &runcrate()).await, 6);
}

#[tokio::test]
async fn of_runanything() {
    let server = serve("runanything").await;
    let client = client(&server, "runanything", ::runanything::Client::builder(), rt::Validation::Strict);
    assert_eq!(every_operation(&server, &client, &runanything()).await, 3);
}

#[tokio::test]
async fn of_animeapi() {
    let server = serve("animeapi").await;
    let client = client(&server, "animeapi", ::animeapi::Client::builder(), rt::Validation::Strict);
    assert_eq!(every_operation(&server, &client, &animeapi()).await, 1);
}

#[tokio::test]
async fn of_payments() {
    let server = serve("payments").await;
    let client = client(&server, "payments", ::payments::Client::builder(), rt::Validation::Strict);
    every_operation(&server, &client, &payments()).await;
}

#[tokio::test]
async fn of_forge() {
    let server = serve("forge").await;
    // It takes no key.
    let builder = ::forge::Client::builder().base_url(server.url_of("forge").unwrap()).http_client(direct());
    let client = builder.validation(rt::Validation::Strict).build().unwrap();
    every_operation(&server, &client, &forge()).await;
    // Of two operations on one path, the server means the one whose media type was asked for.
    let json = client.repos().content("ada", "notes", "a.md").send().await.unwrap();
    assert_eq!(json.headers()["content-type"], "application/vnd.forge+json; version=4");
    let raw = client.repos().raw_content("ada", "notes", "a.md").send().await.unwrap();
    assert_eq!(raw.headers()["content-type"], "application/vnd.forge.raw");
}

#[tokio::test]
async fn of_depot() {
    let server = serve("depot").await;
    let client = client(&server, "depot", ::depot::Client::builder(), rt::Validation::Strict);
    every_operation(&server, &client, &depot()).await;
}
