//! All operations of RunAPI by name, and a test that reads and writes back every documented response.

use std::collections::BTreeMap;

use serde_json::Value;
use specwright_codegen::model::{ExampleOf, Operation, Output};
use specwright_runtime as rt;

use crate::{apis, files};

/// Passes the operations of RunAPI and the types of their requests to a macro.
#[macro_export]
macro_rules! runapi_requests {
    ($with:ident) => {
        $with! { runapi:
            account.balance BalanceRequest,
            account.me MeRequest,
            claude.count_tokens CountTokensRequest,
            claude.create_message CreateMessageRequest,
            claude.list_models ListModelsRequest,
            elevenlabs.text_to_speech TextToSpeechRequest,
            elevenlabs.text_to_dialogue TextToDialogueRequest,
            elevenlabs.text_to_sound TextToSoundRequest,
            elevenlabs.speech_to_text SpeechToTextRequest,
            elevenlabs.isolate_audio IsolateAudioRequest,
            files.from_url FromUrlRequest,
            files.from_stream FromStreamRequest,
            files.from_base64 FromBase64Request,
            flux_2.text_to_image TextToImageRequest,
            flux_2.remix_image RemixImageRequest,
            flux_kontext.text_to_image TextToImageRequest,
            gemini.chat ChatRequest,
            gemini.list_models ListModelsRequest,
            gemini.list_openai_models ListOpenaiModelsRequest,
            gemini.stream_contents StreamContentsRequest,
            gpt.chat ChatRequest,
            gpt.create_response CreateResponseRequest,
            gpt.list_models ListModelsRequest,
            gemini_omni.create_audio CreateAudioRequest,
            gemini_omni.create_character CreateCharacterRequest,
            gemini_omni.text_to_video TextToVideoRequest,
            gpt_4o_image.text_to_image TextToImageRequest,
            gpt_image.text_to_image TextToImageRequest,
            gpt_image.edit_image EditImageRequest,
            gpt_image_2.text_to_image TextToImageRequest,
            gpt_image_2.edit_image EditImageRequest,
            grok_imagine.text_to_video TextToVideoRequest,
            grok_imagine.image_to_video ImageToVideoRequest,
            grok_imagine.text_to_image TextToImageRequest,
            grok_imagine.edit_image EditImageRequest,
            grok_imagine.extend_video ExtendVideoRequest,
            grok_imagine.upscale_image UpscaleImageRequest,
            guardrail_assignments.list ListRequest,
            guardrail_assignments.create CreateRequest,
            guardrail_assignments.delete DeleteRequest,
            guardrails.list ListRequest,
            guardrails.create CreateRequest,
            guardrails.get GetRequest,
            guardrails.update UpdateRequest,
            guardrails.delete DeleteRequest,
            hailuo.text_to_video TextToVideoRequest,
            hailuo.image_to_video ImageToVideoRequest,
            happyhorse.text_to_video TextToVideoRequest,
            happyhorse.edit_video EditVideoRequest,
            happyhorse.image_to_video ImageToVideoRequest,
            ideogram_v3.text_to_image TextToImageRequest,
            ideogram_v3.edit_image EditImageRequest,
            ideogram_v3.remix_image RemixImageRequest,
            ideogram_v3.reframe_image ReframeImageRequest,
            imagen_4.text_to_image TextToImageRequest,
            imagen_4.remix_image RemixImageRequest,
            infinitetalk.audio_to_video AudioToVideoRequest,
            keys.list ListRequest,
            keys.create CreateRequest,
            keys.get GetRequest,
            keys.update UpdateRequest,
            keys.delete DeleteRequest,
            kling.text_to_video TextToVideoRequest,
            kling.ai_avatar AiAvatarRequest,
            kling.image_to_video ImageToVideoRequest,
            kling.motion_control MotionControlRequest,
            luma.modify_video ModifyVideoRequest,
            nano_banana.text_to_image TextToImageRequest,
            nano_banana.edit_image EditImageRequest,
            qwen_2.text_to_image TextToImageRequest,
            qwen_2.remix_image RemixImageRequest,
            qwen_2.edit_image EditImageRequest,
            recraft.upscale_image UpscaleImageRequest,
            recraft.remove_background RemoveBackgroundRequest,
            runway.text_to_video TextToVideoRequest,
            runway.extend_video ExtendVideoRequest,
            runway_aleph.edit_video EditVideoRequest,
            seedance.text_to_video TextToVideoRequest,
            seedream.text_to_image TextToImageRequest,
            seedream.edit_image EditImageRequest,
            suno.text_to_music TextToMusicRequest,
            suno.extend_music ExtendMusicRequest,
            suno.generate_lyrics GenerateLyricsRequest,
            suno.add_vocals AddVocalsRequest,
            suno.add_instrumental AddInstrumentalRequest,
            suno.separate_audio_stems SeparateAudioStemsRequest,
            suno.convert_audio ConvertAudioRequest,
            suno.generate_midi GenerateMidiRequest,
            suno.voice_to_validation_phrase VoiceToValidationPhraseRequest,
            suno.regenerate_validation_phrase RegenerateValidationPhraseRequest,
            suno.generate_voice GenerateVoiceRequest,
            suno.check_voice CheckVoiceRequest,
            suno.generate_artwork GenerateArtworkRequest,
            suno.visualize_music VisualizeMusicRequest,
            suno.boost_style BoostStyleRequest,
            suno.get_timestamped_lyrics GetTimestampedLyricsRequest,
            suno.generate_persona GeneratePersonaRequest,
            suno.replace_section ReplaceSectionRequest,
            suno.cover_audio CoverAudioRequest,
            suno.create_mashup CreateMashupRequest,
            suno.text_to_sound TextToSoundRequest,
            topaz.upscale_image UpscaleImageRequest,
            topaz.upscale_video UpscaleVideoRequest,
            veo_3_1.text_to_video TextToVideoRequest,
            veo_3_1.extend_video ExtendVideoRequest,
            veo_3_1.upscale_video UpscaleVideoRequest,
            wan.text_to_video TextToVideoRequest,
            wan.image_to_video ImageToVideoRequest,
            wan.speech_to_video SpeechToVideoRequest,
            wan.animate AnimateRequest,
            wan.text_to_image TextToImageRequest,
            wan.edit_video EditVideoRequest,
            z_image.text_to_image TextToImageRequest,
        }
    };
}

/// The result of a reply.
trait Brings {
    type Value: rt::Decode + rt::Encode;
}

impl<T: rt::Decode + rt::Encode> Brings for rt::Task<T> {
    type Value = T;
}

impl<T: rt::Decode + rt::Encode> Brings for rt::Response<T> {
    type Value = T;
}

/// Reads JSON as the result of an operation, and writes it again.
type Back = fn(&Value) -> Result<Vec<u8>, rt::DecodeError>;

fn back<T: rt::Decode + rt::Encode>(json: &Value) -> Result<Vec<u8>, rt::DecodeError> {
    rt::from_json::<T>(json).map(|it| rt::to_json(&it))
}

macro_rules! answers {
    ($krate:ident: $($resource:ident.$operation:ident $request:ident,)*) => {
        BTreeMap::from([$((
            concat!(stringify!($resource), ".", stringify!($operation)),
            back::<<<$krate::$resource::$operation::$request as rt::Request>::Reply as Brings>::Value> as Back,
        )),*])
    };
}

#[test]
fn every_documented_response_is_read_and_written_back() {
    let answers: BTreeMap<&str, Back> = runapi_requests!(answers);
    let api = apis::of(&files::root(), "runapi");
    let mut tried = 0;
    for operation in &api.operations {
        let name = operation.full_name(api);
        for example in &operation.examples {
            let Some(body) = &example.response else { continue };
            let Some(read) = reader(operation, example.of, body, &answers[name.as_str()]) else { continue };
            let body = unwrapped(operation, body);
            let written = read(body).unwrap_or_else(|error| panic!("{name}, {}: {error}", example.name));
            let written: Value = serde_json::from_slice(&written).expect("what is written is JSON");
            assert_eq!(&written, body, "{name}, {}", example.name);
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
}

/// The type that reads a response: the first response of a task, its result, or the response of a call. Failed and
/// pending tasks have no type of their own.
fn reader(operation: &Operation, of: ExampleOf, body: &Value, answer: &Back) -> Option<Back> {
    match (&operation.output, of) {
        (Output::Task(_), ExampleOf::Call) => Some(back::<runapi::types::TaskCreated>),
        (Output::Task(task), ExampleOf::Status | ExampleOf::Callback) => {
            let state = body[&task.state_field].as_str()?;
            task.completed.iter().any(|it| it == state).then_some(*answer)
        }
        (Output::Json { .. }, _) => Some(*answer),
        (_, _) => None,
    }
}

fn unwrapped<'v>(operation: &Operation, body: &'v Value) -> &'v Value {
    match &operation.output {
        Output::Json { wrapper: Some(key), .. } => &body[key],
        _ => body,
    }
}
