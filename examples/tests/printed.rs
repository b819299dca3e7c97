//! What the examples print, without a key: each runs in a process of its own, against the contract server.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::error::Error;
use std::process::Command;

#[path = "../image_to_video_webhook.rs"]
mod image_to_video_webhook;
#[path = "../limited_key.rs"]
mod limited_key;
#[path = "../script_without_async.rs"]
mod script_without_async;
#[path = "../song_with_progress.rs"]
mod song_with_progress;
#[path = "../streamed_answer.rs"]
mod streamed_answer;
#[path = "../submit_wait_download.rs"]
mod submit_wait_download;
#[path = "../text_to_image.rs"]
mod text_to_image;
#[path = "../tool_calls.rs"]
mod tool_calls;
#[path = "../transcribe_and_speak.rs"]
mod transcribe_and_speak;
#[path = "../upload_then_edit.rs"]
mod upload_then_edit;

/// Set in a process that is the example.
const ALONE: &str = "SPECWRIGHT_EXAMPLE_ALONE";

/// Runs the test of this name once more, as the example; the lines after the one about the contract server are these,
/// with `LOCAL` for the address of its files.
fn prints(test: &str, example: impl FnOnce() -> Result<(), Box<dyn Error>>, expected: &[&str]) {
    if std::env::var_os(ALONE).is_some() {
        specwright_examples::nobody_watches();
        return example().unwrap();
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]).env(ALONE, "1");
    for name in ["RUNAPI_API_KEY", "RUNAPI_MANAGEMENT_KEY", "RUNAPI_BASE_URL", "RUNCRATE_API_KEY", "RUNCRATE_BASE_URL"]
    {
        child.env_remove(name);
    }
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let mut lines = printed.lines().skip_while(|it| !it.contains("the contract server at http://127.0.0.1:"));
    assert!(lines.next().is_some(), "{printed}");
    let lines: Vec<_> = lines.take(expected.len()).map(without_port).collect();
    assert_eq!(lines, expected, "{printed}");
}

/// The system picks the port.
fn without_port(line: &str) -> String {
    let Some((before, rest)) = line.split_once("http://127.0.0.1:") else { return line.to_owned() };
    let path = rest.trim_start_matches(|it: char| it.is_ascii_digit());
    format!("{before}{}", path.replacen("/__specwright/files", "LOCAL", 1))
}

#[test]
fn text_to_image() {
    let expected = ["task task_0000000000000000 is under way", "image: LOCAL/task_0000000000000000/image1.png"];
    prints("text_to_image", || Ok(text_to_image::main()?), &expected);
}

#[test]
fn image_to_video_webhook() {
    let expected = [
        "task task_0000000000000000 is under way",
        "called back: task_0000000000000000 is completed",
        "video: LOCAL/task_0000000000000000/turbo-video.mp4",
    ];
    prints("image_to_video_webhook", image_to_video_webhook::main, &expected);
}

#[test]
fn song_with_progress() {
    let expected = [
        "[0/3] it is processing",
        "[1/3] the lyrics are written",
        "[2/3] the first track is ready",
        "[3/3] all tracks are ready",
        "Song Title (198.44 s): LOCAL/task_0000000000000000/audio1.mp3",
    ];
    prints("song_with_progress", || Ok(song_with_progress::main()?), &expected);
}

#[test]
fn upload_then_edit() {
    let size = std::fs::metadata(concat!(env!("CARGO_MANIFEST_DIR"), "/boat.png")).unwrap().len();
    let uploaded = format!("uploaded boat.png ({size} bytes, image/png)");
    prints("upload_then_edit", upload_then_edit::main, &[&uploaded, "edited: LOCAL/task_0000000000000000/image1.png"]);
}

#[test]
fn limited_key() {
    let expected = [
        "made token_123, a secret of 16 characters",
        "replaced: 900 cents, nano-banana and nano-banana-pro",
        "null:     no cap, nano-banana and nano-banana-pro",
        "[]:       100 cents, all models",
        "\"\":       no cap, all models, enabled: false",
        "deleted token_123",
    ];
    prints("limited_key", || Ok(limited_key::main()?), &expected);
}

#[test]
fn streamed_answer() {
    let expected = [
        "It weighs less than the water it pushes away, and the folds keep the rest of the puddle out. For a while.",
        "(14 tokens read, 22 written)",
    ];
    prints("streamed_answer", streamed_answer::main, &expected);
}

#[test]
fn tool_calls() {
    let expected = [
        "Let me look at the wind.",
        "[wind of {\"place\":\"puddle\"}: 3 knots at the puddle, from the west]",
        "Yes: 3 knots at the puddle, from the west. It will cross in a minute.",
    ];
    prints("tool_calls", tool_calls::main, &expected);
}

#[test]
fn transcribe_and_speak() {
    let expected = ["spoken: 4044 bytes", "heard: The paper boat has crossed the puddle."];
    prints("transcribe_and_speak", transcribe_and_speak::main, &expected);
}

#[test]
fn submit_wait_download() {
    let expected = [
        "task_0000000000000000 is submitted",
        "in_progress, 33 %",
        "completed, 100 %",
        "saved: 148 bytes of video/mp4",
    ];
    prints("submit_wait_download", submit_wait_download::main, &expected);
}

#[test]
fn script_without_async() {
    let expected = ["title: A paper boat.", "task_0000000000000000 took 8 s of film", "saved: 148 bytes"];
    prints("script_without_async", || Ok(script_without_async::main()?), &expected);
}
