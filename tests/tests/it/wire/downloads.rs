//! Tests downloads: files are complete or absent, and memory does not grow with the size.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::*;
use crate::support::{alone, is_alone};

/// An empty folder for this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The contents of the folder.
fn listed(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

fn head(more: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\nconnection: close\r\n{more}\r\n")
}

fn client(server: &ScriptedServer, idle: Duration) -> runcrate::Client {
    let setup = Setup { idle, ..Setup::of(server) };
    setup.client(runcrate::Client::builder().retry(rt::RetryPolicy::none()))
}

const FAR: Duration = Duration::from_secs(60);

async fn film(server: &ScriptedServer, idle: Duration) -> rt::Result<runcrate::Download> {
    client(server, idle).videos().download_video("v").send().await
}

/// Bytes of a film, which depend on their position.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

#[tokio::test]
async fn a_film_is_saved_completely_with_its_progress() {
    let folder = folder("wire-whole");
    for (more, total) in [("content-length: 100000\r\n", Some(100_000)), ("", None)] {
        let server = ScriptedServer::start(move |mut line| async move {
            line.say(head(more)).await;
            line.dribble(&bytes(100_000), || 7_919).await;
        })
        .await;
        let mut told = Vec::new();
        let film = film(&server, FAR).await.unwrap();
        assert_eq!((film.content_length(), film.content_type()), (total, Some("video/mp4")));
        let saved = film.save_with(folder.join("film.mp4"), |it| told.push(it)).await.unwrap();
        assert_eq!((saved, std::fs::read(folder.join("film.mp4")).unwrap() == bytes(100_000)), (100_000, true));
        assert_eq!((told[0].received, told.last().unwrap().received), (0, 100_000));
        assert!(told.iter().all(|it| it.total == total) && told.windows(2).all(|it| it[0].received < it[1].received));
        assert_eq!(listed(&folder), ["film.mp4"]);
    }
}

#[tokio::test]
async fn an_incomplete_film_leaves_no_file_and_replaces_none() {
    let folder = folder("wire-cut");
    let path = folder.join("film.mp4");
    let chunked = "transfer-encoding: chunked\r\n";
    for (more, body, says) in [
        ("content-length: 1000\r\n", &b"0123456789"[..], "after 10 of 1000 bytes"),
        ("content-length: 1000\r\n", b"", "after 0 of 1000 bytes"),
        (chunked, b"a\r\n0123456789\r\n", "after 10 bytes"),
        (chunked, b"ff\r\n0123456789", "after 10 bytes"),
        (chunked, b"a\r\n0123456789\r\nnonsense\r\n", "after 10 bytes"),
    ] {
        let server = ScriptedServer::start(move |mut line| async move {
            line.say([head(more).as_bytes(), body].concat()).await;
        })
        .await;
        for there in [false, true] {
            if there {
                std::fs::write(&path, "of before").unwrap();
            }
            let error = film(&server, FAR).await.unwrap().save(&path).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
            assert!(error.message().contains(says), "{says}: {error}");
            let left = if there { vec!["film.mp4".to_owned()] } else { vec![] };
            assert_eq!(listed(&folder), left);
            if there {
                assert_eq!(std::fs::read(&path).unwrap(), b"of before");
                std::fs::remove_file(&path).unwrap();
            }
            // The same in memory.
            let error = film(&server, FAR).await.unwrap().bytes(1 << 20).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        }
        // Two that save and two in memory: a started download is not retried.
        assert_eq!(server.count(), 4);
    }
}

#[tokio::test]
async fn a_stalled_film_ends_at_the_idle_timeout() {
    let folder = folder("wire-slow");
    let server = ScriptedServer::start(|mut line| async move {
        line.say([head("content-length: 1000\r\n").as_bytes(), b"0123456789"].concat()).await;
        line.until_left().await;
    })
    .await;
    let error =
        film(&server, Duration::from_millis(60)).await.unwrap().save(folder.join("film.mp4")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.message().contains("no data for 60ms, after 10 bytes"), "{error}");
    assert_eq!(listed(&folder), [""; 0]);
}

#[tokio::test]
async fn dropping_a_save_closes_the_connection_and_leaves_no_file() {
    let folder = folder("wire-dropped");
    let left = Arc::new(Notify::new());
    let server = ScriptedServer::start({
        let left = left.clone();
        move |mut line| {
            let left = left.clone();
            async move {
                line.say([head("content-length: 1000\r\n").as_bytes(), b"0123456789"].concat()).await;
                line.until_left().await;
                left.notify_one();
            }
        }
    })
    .await;
    let film = film(&server, FAR).await.unwrap();
    let (begun, came) = tokio::sync::oneshot::channel();
    let mut begun = Some(begun);
    let path = folder.join("film.mp4");
    let saving = tokio::spawn(async move {
        let tell = |it: runcrate::DownloadProgress| {
            if let Some(begun) = begun.take_if(|_| it.received > 0) {
                begun.send(()).unwrap();
            }
        };
        film.save_with(path, tell).await.map(|_| ())
    });
    came.await.unwrap();
    assert_eq!(listed(&folder).len(), 1, "it is written under a temporary name");
    saving.abort();
    assert!(saving.await.unwrap_err().is_cancelled());
    left.notified().await;
    assert_eq!(listed(&folder), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_into_memory_have_their_own_limit() {
    // If the announced length is too long, nothing is read. Without a length, the limit is read.
    for more in ["content-length: 104857600\r\n", ""] {
        let pushed = Arc::new(AtomicUsize::new(0));
        let server = ScriptedServer::start({
            let pushed = pushed.clone();
            move |mut line| {
                let pushed = pushed.clone();
                async move {
                    line.say(head(more)).await;
                    while line.pushed < 100 << 20 && line.say(vec![0; 64 << 10]).await {
                        pushed.store(line.pushed, Ordering::SeqCst);
                    }
                }
            }
        })
        .await;
        let error = film(&server, FAR).await.unwrap().bytes(1 << 20).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AnswerTooLarge);
        assert!(error.message().contains("1048576"), "{error}");
        assert!(pushed.load(Ordering::SeqCst) < 16 << 20, "{pushed:?}");
    }
}

/// The peak memory of this process, in bytes. `None` if the system does not report it.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<usize>().ok().map(|it| it * 1024)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_megabytes_need_little_memory() {
    // In its own process, because other tests need memory too.
    if !is_alone() {
        let output = alone("wire::downloads::a_hundred_megabytes_need_little_memory", &[]).await;
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let all: usize = 100 << 20;
    let server = ScriptedServer::start(move |mut line| async move {
        line.say(head(&format!("content-length: {all}\r\n"))).await;
        let piece = vec![7; 64 << 10];
        for _ in 0..all / piece.len() {
            line.say(&piece).await;
        }
    })
    .await;
    let folder = folder("wire-large");
    let before = peak();
    let saved = film(&server, FAR).await.unwrap().save(folder.join("film.mp4")).await.unwrap();
    assert_eq!(saved, all as u64);
    assert_eq!(std::fs::metadata(folder.join("film.mp4")).unwrap().len(), all as u64);
    std::fs::remove_dir_all(&folder).unwrap();
    let copied = film(&server, FAR).await.unwrap().copy_to(&mut tokio::io::sink()).await.unwrap();
    assert_eq!(copied, all as u64);
    if let (Some(before), Some(after)) = (before, peak()) {
        assert!(after - before < 24 << 20, "{} bytes more", after - before);
    }
}

#[tokio::test]
async fn an_error_is_not_saved_as_a_film() {
    let refused = "{\"error\":{\"message\":\"expired\",\"code\":\"model_not_found\"}}";
    let unknown = "{\"error\":{\"message\":\"expired\",\"code\":\"what\"}}";
    for (answer, kind) in [
        (format!("{JSON}{refused}"), StatusKind::NotFound),
        (format!("HTTP/1.1 404 No\r\nconnection: close\r\n\r\n{refused}"), StatusKind::NotFound),
        // The declared meaning of the code comes before the status.
        (format!("HTTP/1.1 500 No\r\nconnection: close\r\n\r\n{refused}"), StatusKind::NotFound),
        (format!("HTTP/1.1 500 No\r\nconnection: close\r\n\r\n{unknown}"), StatusKind::Server),
    ] {
        let server = ScriptedServer::start(move |mut line| {
            let answer = answer.clone();
            async move {
                line.say(answer).await;
            }
        })
        .await;
        let error = film(&server, FAR).await.map(|_| ()).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Api(kind), "expired"));
    }
}

#[tokio::test]
async fn a_video_is_submitted_waited_for_and_downloaded() {
    let server = ScriptedServer::start(|mut line| async move {
        let video = |status: &str| format!("{JSON}{}", json!({"id": "v/1 é", "object": "video", "status": status}));
        let (method, target) = (line.request.method.as_str(), line.request.target.as_str());
        let answer = match (method, target, line.before) {
            ("POST", "/v1/videos", 0) => video("queued"),
            ("GET", "/v1/videos/v%2F1%20%C3%A9", 1) => video("in_progress"),
            ("GET", "/v1/videos/v%2F1%20%C3%A9", 2) => video("completed"),
            // A read is retried after temporary failures.
            ("GET", "/v1/videos/v%2F1%20%C3%A9/download", 3) => {
                "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned()
            }
            ("GET", "/v1/videos/v%2F1%20%C3%A9/download", 4) => head("content-length: 4\r\n") + "film",
            other => panic!("{other:?}"),
        };
        line.say(answer).await;
    })
    .await;
    let clock = crate::support::SkippingClock::new();
    let client: runcrate::Client = Setup::of(&server).client(runcrate::Client::builder().clock(clock));
    let task = client.videos().generate().prompt("A boat").model("m").send().await.unwrap();
    let film = task.wait_and_download().await.unwrap();
    assert_eq!((film.attempts(), &film.bytes(10).await.unwrap()[..]), (2, &b"film"[..]));
    assert_eq!(server.count(), 5);
}
