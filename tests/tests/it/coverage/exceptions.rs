//! Where a spec differs from its document on purpose.

use super::report::Exception;

/// The exceptions of an API.
pub(super) fn of(api: &str) -> &'static [Exception] {
    match api {
        "runanything" => RUNANYTHING,
        "runapi" => RUNAPI,
        _ => &[],
    }
}

const COUNT: &str = "The table's only numeric type is number. Counts are whole numbers, and 5.0 is still accepted.";

const RUNANYTHING: &[Exception] = &[
    Exception { section: "Text Generation API > Message Object", row: "index", fact: "type", because: COUNT },
    Exception { section: "Text Generation API > Message Object", row: "messageIndex", fact: "type", because: COUNT },
    Exception { section: "Text Generation API > Sampling Parameters", row: "max_tokens", fact: "type", because: COUNT },
    Exception { section: "Text Generation API > Initial Response", row: "tokens", fact: "type", because: COUNT },
];

const CHARACTER: &str = "According to the text below the table, requests with the character model go here too.";
const NAMED_WITHOUT_MODEL: &str =
    "The table of endpoints names a model and that of parameters does not, so it is accepted but never required.";

const COUNTED: &str = "The request has the same fields as that of the message, so that its tokens can be counted.";
const OF_OPENAI: &str = "Part of OpenAI's format, with which the section is said to be compatible, and marked as such.";

const RUNAPI: &[Exception] = &[
    // Language models.
    Exception { section: "Claude", row: "deepseek-v4-flash", fact: "model", because: COUNTED },
    Exception { section: "Claude", row: "deepseek-v4-pro", fact: "model", because: COUNTED },
    Exception {
        section: "Claude > Count Tokens",
        row: "stream",
        fact: "parameter",
        because: "It is accepted as an unlisted parameter, because a count cannot be streamed.",
    },
    Exception { section: "gemini.chat", row: "stream_options", fact: "parameter", because: OF_OPENAI },
    Exception { section: "gpt.chat", row: "stream_options", fact: "parameter", because: OF_OPENAI },
    // Contradictions in the document.
    Exception {
        section: "Gemini Omni > Gemini Omni Text-to-Video",
        row: "duration_seconds",
        fact: "required",
        because: "The same row says that it is ignored beside a video, so it is only required without one.",
    },
    Exception {
        section: "Suno > Upload and Extensions",
        row: "instrumental",
        fact: "case",
        because: "The sample request beside the table has a prompt and lacks it, so one of the two is required.",
    },
    Exception {
        section: "Suno > Generate Sound",
        row: "sound_key",
        fact: "default",
        because: "The default is not among the listed keys, and defaults are never sent.",
    },
    Exception {
        section: "Ideogram V3 > Create Ideogram V3 Text-to-Image",
        row: "model",
        fact: "enum",
        because: CHARACTER,
    },
    Exception { section: "Ideogram V3 > Create Ideogram V3 Edit", row: "model", fact: "enum", because: CHARACTER },
    Exception { section: "Ideogram V3 > Create Ideogram V3 Remix", row: "model", fact: "enum", because: CHARACTER },
    // Facts that are not in a table or sample of the operation.
    Exception {
        section: "account.me",
        row: "*",
        fact: "operation",
        because: "The text about the command line names it, but the document does not describe it.",
    },
    Exception {
        section: "files.from_stream",
        row: "file",
        fact: "stranger",
        because: "The limit is in the common error messages.",
    },
    Exception {
        section: "files.from_base64",
        row: "base64_data",
        fact: "stranger",
        because: "The pattern describes base64 with or without a prefix.",
    },
    Exception {
        section: "kling.text_to_video",
        row: "multi_shots",
        fact: "stranger",
        because: "A heading calls the single shot the default.",
    },
    Exception {
        section: "imagen_4.text_to_image",
        row: "output_count",
        fact: "stranger",
        because: "The row mentions the count of imagen-4-fast; it is read as applying only to that model.",
    },
    Exception {
        section: "hailuo.image_to_video",
        row: "duration_seconds",
        fact: "stranger",
        because: "The list of models calls the pro profile of 02 fixed, and names the others as supporting it.",
    },
    Exception {
        section: "hailuo.image_to_video",
        row: "output_resolution",
        fact: "stranger",
        because: "The list of models calls the pro profile of 02 fixed, and names the others as supporting it.",
    },
    Exception { section: "elevenlabs.text_to_dialogue", row: "model", fact: "parameter", because: NAMED_WITHOUT_MODEL },
    Exception { section: "elevenlabs.text_to_sound", row: "model", fact: "parameter", because: NAMED_WITHOUT_MODEL },
    Exception { section: "elevenlabs.speech_to_text", row: "model", fact: "parameter", because: NAMED_WITHOUT_MODEL },
    Exception { section: "elevenlabs.isolate_audio", row: "model", fact: "parameter", because: NAMED_WITHOUT_MODEL },
    Exception { section: "gemini_omni.create_audio", row: "model", fact: "parameter", because: NAMED_WITHOUT_MODEL },
    Exception {
        section: "gemini_omni.create_character",
        row: "model",
        fact: "parameter",
        because: NAMED_WITHOUT_MODEL,
    },
    Exception { section: "gemini_omni.text_to_video", row: "model", fact: "parameter", because: NAMED_WITHOUT_MODEL },
];
