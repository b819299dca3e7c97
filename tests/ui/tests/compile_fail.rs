//! What the compiler refuses, and in which words; and that what differs from it by a hair compiles.
//!
//! The cases are `tests/ui/cases/*.rs`. After a change of a message, `TRYBUILD=overwrite cargo test -p specwright-ui-tests`
//! writes the `.stderr` files anew; read the difference before committing it.

#[test]
fn illegal_requests_do_not_compile() {
    // Only cases that fail: one that has to run would make trybuild link everything, not only check it.
    trybuild::TestCases::new().compile_fail("cases/*.rs");
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
