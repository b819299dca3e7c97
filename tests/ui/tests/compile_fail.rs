//! What the compiler refuses, and in which words; and that what differs from it by a hair compiles.
//!
//! The cases are `tests/ui/cases/*.rs`. After a change of a message,
//! `UPDATE_MESSAGES=1 cargo test -p specwright-ui-tests` writes the `.stderr` files anew; read the difference before
//! committing it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

#[test]
fn illegal_requests_do_not_compile() {
    let said = messages();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let paths = fs::read_dir(folder).expect("a folder").map(|it| it.expect("a file").path());
    let mut cases: Vec<_> = paths.filter(|it| it.extension().is_some_and(|it| it == "rs")).collect();
    cases.sort();
    assert!(cases.len() >= said.len(), "a message about what is no case: {:?}", said.keys());
    for case in cases {
        let name = case.file_stem().and_then(|it| it.to_str()).expect("a name");
        let found = said.get(name).unwrap_or_else(|| panic!("`{name}` compiles, or is not named in `Cargo.toml`"));
        let expected = case.with_extension("stderr");
        if env::var_os("UPDATE_MESSAGES").is_some() {
            fs::write(&expected, found).expect("a file");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert!(*found == expected, "{name}: expected:\n{expected}\nfound:\n{found}");
    }
}

/// The errors in each case. One run of cargo checks all of them, with what the build of this workspace has left.
fn messages() -> BTreeMap<String, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
    let out = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--locked", "--quiet", "--keep-going", "--message-format", "json"])
        .args(["--package", env!("CARGO_PKG_NAME"), "--features", "cases", "--examples"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", target)
        .output()
        .expect("cargo");
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8(out.stdout).expect("UTF-8").lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let message = &line["message"];
        // The last one, which counts the errors, is about no place.
        if message["level"] == "error" && message["spans"].as_array().is_some_and(|it| !it.is_empty()) {
            let name = line["target"]["name"].as_str().expect("a name");
            let all = said.entry(name.to_owned()).or_default();
            let gap = if all.is_empty() { "" } else { "\n" };
            *all += &format!("{gap}{}", without_numbers(message["rendered"].as_str().expect("a text")));
        }
    }
    assert!(!said.is_empty(), "cargo check: {}", String::from_utf8_lossy(&out.stderr));
    said
}

/// A message without what changes whenever something else does: the numbers of lines, and where in a generated file.
fn without_numbers(message: &str) -> String {
    let mut out = String::new();
    for line in message.trim_end().lines() {
        let line = line.trim_start_matches(|it: char| it == ' ' || it.is_ascii_digit());
        let end = match line.strip_prefix("--> ").and_then(|it| it.find(".rs:")) {
            Some(at) if !line.contains("/cases/") => at + "--> .rs".len(),
            _ => line.len(),
        };
        out += &line[..end];
        out.push('\n');
    }
    out
}

/// The messages, apart from where the compiler puts them: they are a promise of the documentation.
#[test]
fn the_message_names_the_parameter() {
    for (file, messages) in [
        (
            include_str!("../cases/missing_parameter.stderr"),
            &[
                "error[E0277]: required parameter `prompt` of `images.generate` is not set",
                "error[E0277]: required parameter `messages` of `text.generate` is not set",
            ][..],
        ),
        (
            include_str!("../cases/two_missing_parameters.stderr"),
            &[
                "error[E0277]: required parameter `prompt` of `motion.text_to_clip` is not set",
                "error[E0277]: required parameter `duration` of `motion.text_to_clip` is not set",
                "error[E0277]: required parameter `aspect_ratio` of `motion.text_to_clip` is not set",
            ],
        ),
    ] {
        for message in messages {
            assert_eq!(file.matches(message).count(), 1, "`{message}` is there once in:\n{file}");
        }
        assert_eq!(file.matches("error[").count(), messages.len(), "one error for each parameter:\n{file}");
    }
}

/// Every form that the cases of `ui` come close to. It only has to compile.
#[allow(dead_code, reason = "compiling is the test")]
async fn legal_requests(
    anime: animeapi::Client,
    run: runanything::Client,
    studio: studio::Client,
) -> animeapi::Result<()> {
    use animeapi::images::Orientation;
    use runanything::text::{Message, ModelId, Role};
    use studio::motion::{AspectRatio, Resolution};

    // Parameters in any order, options between them, text of any kind.
    let prompt = String::from("A paper boat");
    let call = anime.images().generate().orientation(Orientation::Square).prompt(&prompt).enhance(false);
    let again = call.clone().extra("style", "ink").allow_nsfw(false);
    call.send().with_max_retries(0).await?;
    again.prompt(prompt).send().await?;
    let mut data = animeapi::images::generate::GenerateRequest::default();
    data.prompt = Some("A paper boat".to_owned());
    anime.send(data).await?;

    // A variant that is known when the program is written, and one that is not.
    let hello = || vec![Message::new(Role::You, "Hello!", 0)];
    run.text().generate().mage().messages(hello()).send().await?;
    run.text().generate().any().messages(hello()).model_id(ModelId::Mage).send().await?;

    let motion = studio.motion();
    let call = motion.text_to_clip().brush15().duration(8).prompt("A dog running").aspect_ratio(AspectRatio::R16x9);
    call.lock_camera(true).send().await?;
    motion.text_to_clip().brush_2_0().resolution(Resolution::K4).prompt("A dog running").send().await?;
    Ok(())
}
