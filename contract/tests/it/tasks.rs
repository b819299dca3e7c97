//! Tasks from their start to their end.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use specwright_contract::hook::{Call, Hook};
use specwright_contract::{Pace, Refused, Server};

use crate::support::{JSON, RUNAPI_KEY, connect, exchange, get, invented, post, runapi, send, spec, start};

const MUSIC: &str = "/api/v1/suno/text_to_music";
const SONG: &str = r#"{"vocal_mode": "auto_lyrics", "prompt": "A beat", "model": "suno-v5"}"#;
const CLIP: &str = r#"{"model": "brush-2.0", "prompt": "A boat"}"#;

fn create(server: &Server, path: &str, body: &str) -> String {
    let reply = post(server, path, body);
    assert_eq!(reply.status, 202, "{reply:?}");
    reply.json()["id"].as_str().expect("an id").to_owned()
}

fn poll(server: &Server, path: &str) -> Value {
    let reply = get(server, path);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

#[test]
fn a_task_is_done_at_the_second_poll() {
    let server = runapi();
    let (first, second) = (create(&server, MUSIC, SONG), create(&server, MUSIC, SONG));
    assert_ne!(first, second);
    for id in [&first, &second] {
        let states = [(); 3].map(|()| poll(&server, &format!("{MUSIC}/{id}"))["status"].clone());
        assert_eq!(states, ["processing", "completed", "completed"]);
    }
    let names: Vec<_> = server.requests().into_iter().map(|it| it.operation.unwrap().to_string()).collect();
    assert!(names.iter().all(|it| it == "suno.text_to_music"), "{names:?}");
}

#[test]
fn stages_come_in_order() {
    let server = start(Server::builder().spec_folder(invented()).apis(["studio"]).pace(Pace::Polls(4)));
    let path = "/api/v1/motion/text_to_clip";
    let id = create(&server, path, CLIP);
    let stages = [(); 4].map(|()| poll(&server, &format!("{path}/{id}"))["stage"].clone());
    assert_eq!(stages[..3], [Value::Null, "sketched".into(), "inked".into()]);
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).pace(Pace::Polls(4)));
    let id = create(&server, MUSIC, SONG);
    let stages = [(); 3].map(|()| poll(&server, &format!("{MUSIC}/{id}"))["generation_stage"].clone());
    // The stages that documents show in finished tasks are none of a pending one.
    assert_eq!(stages[1..], ["text_generated", "first_audio_ready"]);
}

#[test]
fn a_task_by_time() {
    let builder = || Server::builder().spec_folder(spec()).apis(["runapi"]);
    let slow = start(builder().pace(Pace::Time(Duration::from_secs(3600))));
    let id = create(&slow, MUSIC, SONG);
    assert!((0..5).all(|_| poll(&slow, &format!("{MUSIC}/{id}"))["status"] == "processing"));
    let quick = start(builder().pace(Pace::Time(Duration::ZERO)));
    let id = create(&quick, MUSIC, SONG);
    assert_eq!(poll(&quick, &format!("{MUSIC}/{id}"))["status"], "completed");
}

struct Failing;

impl Hook for Failing {
    fn fails_task(&self, call: &Call<'_>) -> bool {
        call.headers.contains_key("x-fail")
    }
}

#[test]
fn a_task_can_fail() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).hook(Arc::new(Failing)));
    let mut stream = connect(server.address());
    let created = exchange(&mut stream, "POST", MUSIC, &[RUNAPI_KEY, JSON, ("x-fail", "1")], SONG.as_bytes());
    let path = format!("{MUSIC}/{}", created.json()["id"].as_str().unwrap());
    assert_eq!([(); 2].map(|()| poll(&server, &path)["status"].clone()), ["processing", "failed"]);
}

#[test]
fn a_status_path_of_several_operations() {
    let server = start(Server::builder().spec_folder(invented()).apis(["studio"]));
    let id = create(
        &server,
        "/api/v1/motion/extend_clip",
        r#"{"clip_url": "https://a.example/c", "prompt": "", "seconds": 5}"#,
    );
    let states = [(); 2].map(|()| poll(&server, &format!("/api/v2/status/{id}"))["status"].clone());
    assert_eq!(states, ["queued", "done"]);
}

#[test]
fn unknown_tasks_are_told_in_the_words_of_the_document() {
    let server = runapi();
    let id = create(&server, MUSIC, SONG);
    for path in [format!("{MUSIC}/none"), format!("{MUSIC}/%00"), format!("/api/v1/suno/extend_music/{id}")] {
        let reply = get(&server, &path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.json()["error"], "Task not found");
        assert_eq!(server.requests().last().unwrap().refused, Some(Refused::UnknownTask));
    }
}

#[test]
fn ten_thousand_open_tasks() {
    let server = runapi();
    let address = server.address();
    let first = create(&server, MUSIC, SONG);
    thread::scope(|scope| {
        for number in [2_499, 2_500, 2_500, 2_500] {
            scope.spawn(move || {
                let mut stream = connect(address);
                for _ in 0..number {
                    exchange(&mut stream, "POST", MUSIC, &[RUNAPI_KEY, JSON], SONG.as_bytes());
                }
            });
        }
    });
    assert_eq!(server.open_tasks(), 10_000);
    assert_eq!(poll(&server, &format!("{MUSIC}/{first}"))["status"], "processing");
}

#[test]
fn the_oldest_tasks_are_forgotten() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).most_tasks(2));
    let ids = [(); 3].map(|()| create(&server, MUSIC, SONG));
    let statuses = ids.each_ref().map(|id| get(&server, &format!("{MUSIC}/{id}")).status);
    assert_eq!(statuses, [404, 200, 200]);
}

#[test]
fn equal_seeds_give_equal_ids() {
    let ids = [1, 1, 2]
        .map(|seed| create(&start(Server::builder().spec_folder(spec()).apis(["runapi"]).seed(seed)), MUSIC, SONG));
    assert!(ids[0] == ids[1] && ids[1] != ids[2], "{ids:?}");
}

#[test]
fn a_status_is_asked_for_by_a_query() {
    let server = start(Server::builder().spec_folder(invented()).apis(["bell"]));
    let key = ("Authorization", "Bearer key");
    let path = "/towers/west/recastings";
    let id = send(&server, "POST", path, &[key, JSON], br#"{"bell": "Gloriosa"}"#).json()["nr"].clone();
    assert!(id.is_u64(), "{id}");
    let ask = |query: &str| send(&server, "GET", &format!("{path}{query}"), &[key], b"");
    let states = [(); 2].map(|()| ask(&format!("?form=short&casting={id}")).json()["status"].clone());
    assert_eq!(states[1], "rung", "{states:?}");
    assert_eq!(ask("?form=short&casting=none").status, 404);
    // Without the id, the path is that of another operation.
    assert!(ask("").json().is_array());
    let elsewhere = format!("/towers/east/recastings?form=short&casting={id}");
    assert_eq!(send(&server, "GET", &elsewhere, &[key], b"").status, 404);
}

#[test]
fn an_id_may_have_several_segments() {
    let server = start(Server::builder().spec_folder(invented()).apis(["bell"]));
    let key = ("Authorization", "Bearer key");
    let name = send(&server, "POST", "/ores/copper:smelt", &[key], b"").json()["name"].clone();
    let path = format!("/v1/{}", name.as_str().expect("a name"));
    let states = [(); 2].map(|()| send(&server, "GET", &path, &[key], b"").json()["status"]["state"].clone());
    assert_eq!(states[1], "DONE", "{states:?}");
}
