//! Tests invalid requests: the server names the same place as the compiled validator.

use specwright_codegen::interpret::Violation;
use specwright_codegen::model::Api;
use specwright_contract::Refused;

use super::*;
use crate::differential::representable;

/// The number of requests by their result.
#[derive(Debug, Default)]
struct Tried {
    refused: usize,
    /// Requests that only violate inferred rules: they are sent with a warning.
    warned: usize,
    /// Requests that no Rust value represents, or that have no path.
    unsayable: usize,
}

async fn every_breach<C>(server: &Server, strict: &C, off: &C, plays: &BTreeMap<&str, Play<C>>) -> Tried {
    let mut apis: Vec<Api> = Vec::new();
    server.for_each_api(|it| apis.push(it.clone()));
    let (mut tried, mut faults) = (Tried::default(), Vec::new());
    for (api, op) in apis.iter().flat_map(|api| api.operations.iter().map(move |op| (api, op))) {
        let name = op.full_name(api);
        let play = plays.get(name.as_str()).unwrap_or_else(|| panic!("`{name}` is not tried"));
        for example in op.examples.iter().filter(|it| !it.invalid.is_empty()) {
            let Some(request) = &example.request else { continue };
            let whole = request.as_object().is_some_and(|it| {
                let known = |it: &String| op.parameters.fields.iter().any(|field| field.name == *it);
                it.keys().all(known) && representable::record(api, &op.parameters, it, None)
            });
            let (true, Ok(strictly)) = (whole, play(strict, request)) else {
                tried.unsayable += 1;
                continue;
            };
            let here = strictly.await;
            let before = server.requests().last().map_or(0, |it| it.number);
            let there = play(off, request).unwrap_or_else(|error| panic!("{name}: {error}")).await;
            // A task that was started nevertheless is polled afterwards.
            let Some(record) = server.requests().into_iter().find(|it| it.number > before) else {
                tried.unsayable += 1;
                continue;
            };
            let places = |all: &[Violation]| all.iter().map(|it| it.at.clone()).collect::<BTreeSet<_>>();
            let (named, same) = match (here, there) {
                (Ok(here), Ok(_)) => {
                    tried.warned += 1;
                    let same = !here.dubious.is_empty() && here.dubious == places(&record.warnings);
                    (here.dubious, same)
                }
                (Err(here), Err(_)) => {
                    tried.refused += 1;
                    let named = here.validation().map(|it| super::places(&it.violations)).unwrap_or_default();
                    let same = record.refused == Some(Refused::Invalid) && named == places(&record.violations);
                    (named, same)
                }
                (here, there) => {
                    faults.push(format!("{name}, {}: {here:?} here, {there:?} there", example.name));
                    continue;
                }
            };
            if !same {
                faults.push(format!("{name}, {}: {named:?} here, {record:?} there", example.name));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {tried:?}:\n{}", faults.len(), faults.join("\n"));
    tried
}

#[tokio::test]
async fn of_runapi() {
    let server = serve("runapi").await;
    let [strict, off] = [rt::Validation::Strict, rt::Validation::Off].map(|it| runapi_client(&server, it));
    let tried = every_breach(&server, &strict, &off, &runapi()).await;
    assert!(tried.refused > 200 && tried.warned * 10 < tried.refused, "{tried:?}");
}

#[tokio::test]
async fn of_runcrate() {
    let server = serve("runcrate").await;
    let modes = [rt::Validation::Strict, rt::Validation::Off];
    let [strict, off] = modes.map(|it| client(&server, "runcrate", ::runcrate::Client::builder(), it));
    let tried = every_breach(&server, &strict, &off, &runcrate()).await;
    assert!(tried.refused + tried.warned > 20, "{tried:?}");
}

#[tokio::test]
async fn of_runanything() {
    let server = serve("runanything").await;
    let modes = [rt::Validation::Strict, rt::Validation::Off];
    let [strict, off] = modes.map(|it| client(&server, "runanything", ::runanything::Client::builder(), it));
    let tried = every_breach(&server, &strict, &off, &runanything()).await;
    assert!(tried.refused > 0, "{tried:?}");
}

#[tokio::test]
async fn of_animeapi() {
    let server = serve("animeapi").await;
    let modes = [rt::Validation::Strict, rt::Validation::Off];
    let [strict, off] = modes.map(|it| client(&server, "animeapi", ::animeapi::Client::builder(), it));
    let tried = every_breach(&server, &strict, &off, &animeapi()).await;
    assert!(tried.refused > 0, "{tried:?}");
}

#[tokio::test]
async fn of_depot() {
    let server = serve("depot").await;
    let modes = [rt::Validation::Strict, rt::Validation::Off];
    let [strict, off] = modes.map(|it| client(&server, "depot", ::depot::Client::builder(), it));
    let tried = every_breach(&server, &strict, &off, &depot()).await;
    assert!(tried.refused > 4, "{tried:?}");
}
