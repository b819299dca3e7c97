//! What the examples print, without a key: each runs in a process of its own, against the stand-in.

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

/// Runs the test of this name once more, as the example; the lines after the one about the stand-in are these.
fn prints(test: &str, example: impl FnOnce() -> Result<(), Box<dyn Error>>, expected: &[&str]) {
    if std::env::var_os(ALONE).is_some() {
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
    let mut lines = printed.lines().skip_while(|it| !it.contains("a stand-in on http://127.0.0.1:"));
    assert!(lines.next().is_some(), "{printed}");
    let lines: Vec<_> = lines.take(expected.len()).collect();
    assert_eq!(lines, expected, "{printed}");
}

#[test]
fn text_to_image() {
    let expected = ["task stand-in-1 is under way", "image: https://files.example/text_to_image"];
    prints("text_to_image", || Ok(text_to_image::main()?), &expected);
}

#[test]
fn image_to_video_webhook() {
    let expected = [
        "task stand-in-1 is under way",
        "called back: stand-in-1 is completed",
        "video: https://files.example/image_to_video",
    ];
    prints("image_to_video_webhook", image_to_video_webhook::main, &expected);
}

#[test]
fn song_with_progress() {
    let expected = [
        "[1/3] the lyrics are written",
        "[2/3] the first track is ready",
        "[3/3] all tracks are ready",
        "Over the Puddle (61.5 s): https://files.example/shanty-1.mp3",
        "Over the Puddle (61.5 s): https://files.example/shanty-2.mp3",
    ];
    prints("song_with_progress", || Ok(song_with_progress::main()?), &expected);
}

#[test]
fn upload_then_edit() {
    let size = std::fs::metadata(concat!(env!("CARGO_MANIFEST_DIR"), "/boat.png")).unwrap().len();
    let uploaded = format!("uploaded boat.png ({size} bytes, image/png)");
    prints("upload_then_edit", upload_then_edit::main, &[&uploaded, "edited: https://files.example/edit_image"]);
}

#[test]
fn limited_key() {
    let expected = [
        "made token_1, a secret of 16 characters",
        "replaced: 900 cents, nano-banana and nano-banana-pro",
        "null:     no cap, nano-banana and nano-banana-pro",
        "[]:       100 cents, all models",
        "\"\":       no cap, all models, enabled: false",
        "deleted token_1",
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
    let expected = ["spoken: 8044 bytes", "heard: The paper boat has crossed the puddle."];
    prints("transcribe_and_speak", transcribe_and_speak::main, &expected);
}

#[test]
fn submit_wait_download() {
    let expected = [
        "video-1 is submitted",
        "in_progress, 35 %",
        "in_progress, 80 %",
        "completed, 100 %",
        "saved: 200000 bytes of video/mp4",
    ];
    prints("submit_wait_download", submit_wait_download::main, &expected);
}

#[test]
fn script_without_async() {
    let expected = ["title: The Long Way Over the Puddle", "video-1 took 8 s of film", "saved: 200000 bytes"];
    prints("script_without_async", || Ok(script_without_async::main()?), &expected);
}
