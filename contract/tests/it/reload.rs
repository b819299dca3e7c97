//! Specs that change while they are played.

use std::time::{Duration, Instant};

use specwright_contract::{Server, StartError};

use crate::support::{Project, get, post, start, try_start};

const API: &str = "api: live\ntitle: Live\ndoc: Changes.\nservers: https://live.example\n\
    tasks: {completed: [done], failed: [failed], pending: [waiting]}\n";
const ONE: &str = "resource: all\ntitle: All\ndoc: All.\noperations:\n  \
    first: {get: /first, summary: First., response: {a: string}}\n  \
    start: {post: /start, summary: Start., body: {a: string}, task: {result: {b: string}}}\n";
const TWO: &str = "resource: all\ntitle: All\ndoc: All.\noperations:\n  \
    second: {get: /second, summary: Second., response: {a: string}}\n  \
    start: {post: /start, summary: Start., body: {a: string}, task: {result: {b: string}}}\n";

fn project(name: &str) -> Project {
    Project::new(name, &[("live/api.yaml", API), ("live/all.yaml", ONE)])
}

#[test]
fn a_changed_spec_is_played_and_tasks_stay() {
    let project = project("reload");
    let server = start(Server::builder().spec_folder(project.spec()));
    let id = post(&server, "/start", "{}").json()["id"].as_str().expect("an id").to_owned();
    project.write("live/all.yaml", TWO);
    server.reload().expect("a sound spec");
    assert_eq!((get(&server, "/first").status, get(&server, "/second").status), (404, 200));
    assert_eq!(get(&server, &format!("/start/{id}")).json()["status"], "waiting");
    project.write("live/all.yaml", "resource: all\nnonsense: true\n");
    let error = server.reload().expect_err("a broken spec");
    assert!(matches!(&error, StartError::Specs(text) if text.contains("nonsense")), "{error}");
    assert_eq!(get(&server, "/second").status, 200);
}

#[test]
fn a_watched_spec_is_played_by_itself() {
    let project = project("watch");
    let server = start(Server::builder().spec_folder(project.spec()).watch());
    assert_eq!(get(&server, "/second").status, 404);
    project.write("live/all.yaml", TWO);
    let start = Instant::now();
    while get(&server, "/second").status != 200 {
        assert!(start.elapsed() < Duration::from_secs(60), "the change is not seen");
    }
}

#[test]
fn specs_that_cannot_be_played() {
    let project = project("unplayable");
    let none = Server::builder().spec_folder(project.spec().join("nowhere"));
    assert!(matches!(try_start(none), Err(StartError::Environment(_))));
    let unknown = try_start(Server::builder().spec_folder(project.spec()).apis(["lively"])).unwrap_err().to_string();
    assert!(unknown.contains("no API `lively`") && unknown.contains("`live`"), "{unknown}");
    project.write("live/all.yaml", "resource: [");
    let broken = try_start(Server::builder().spec_folder(project.spec())).unwrap_err();
    assert!(matches!(&broken, StartError::Specs(text) if text.contains("spec/live/all.yaml")), "{broken}");
}
