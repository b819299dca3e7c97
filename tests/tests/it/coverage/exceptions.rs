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

const COUNT: &str = "The table knows no other word than number; what counts is whole, and 5.0 still passes.";

const RUNANYTHING: &[Exception] = &[
    Exception { section: "Text Generation API > Message Object", row: "index", fact: "type", because: COUNT },
    Exception { section: "Text Generation API > Message Object", row: "messageIndex", fact: "type", because: COUNT },
    Exception { section: "Text Generation API > Sampling Parameters", row: "max_tokens", fact: "type", because: COUNT },
    Exception { section: "Text Generation API > Initial Response", row: "tokens", fact: "type", because: COUNT },
];

const CHARACTER: &str = "The text below the table sends requests with the character model here too.";
const NAMED_WITHOUT_MODEL: &str =
    "The table of endpoints names a model and that of parameters does not: taken, never needed.";

const COUNTED: &str = "The row of the request's shape is the message's: tokens are counted of whatever that takes.";
const OF_OPENAI: &str = "Of the format of OpenAI that the section calls itself compatible with, and marked so.";

const RUNAPI: &[Exception] = &[
    // Language models.
    Exception { section: "Claude", row: "deepseek-v4-flash", fact: "model", because: COUNTED },
    Exception { section: "Claude", row: "deepseek-v4-pro", fact: "model", because: COUNTED },
    Exception {
        section: "Claude > Count Tokens",
        row: "stream",
        fact: "parameter",
        because: "It passes unlisted: a count has nothing to stream.",
    },
    Exception { section: "gemini.chat", row: "stream_options", fact: "parameter", because: OF_OPENAI },
    Exception { section: "gpt.chat", row: "stream_options", fact: "parameter", because: OF_OPENAI },
    // Contradictions in the document.
    Exception {
        section: "Gemini Omni > Gemini Omni Text-to-Video",
        row: "duration_seconds",
        fact: "required",
        because: "The same row calls it ignored beside a video, so that it is needed without one only.",
    },
    Exception {
        section: "Suno > Upload and Extensions",
        row: "instrumental",
        fact: "case",
        because: "The request beside the table has a prompt and goes without: one of the two is asked for.",
    },
    Exception {
        section: "Suno > Generate Sound",
        row: "sound_key",
        fact: "default",
        because: "The default is none of the listed keys, and no default is ever sent.",
    },
    Exception {
        section: "Ideogram V3 > Create Ideogram V3 Text-to-Image",
        row: "model",
        fact: "enum",
        because: CHARACTER,
    },
    Exception { section: "Ideogram V3 > Create Ideogram V3 Edit", row: "model", fact: "enum", because: CHARACTER },
    Exception { section: "Ideogram V3 > Create Ideogram V3 Remix", row: "model", fact: "enum", because: CHARACTER },
    // What stands elsewhere than in a table or sample of the operation.
    Exception {
        section: "account.me",
        row: "*",
        fact: "operation",
        because: "Named in the text about the command line, and nowhere described.",
    },
    Exception {
        section: "files.from_stream",
        row: "file",
        fact: "stranger",
        because: "The limit stands among the common error messages.",
    },
    Exception {
        section: "files.from_base64",
        row: "base64_data",
        fact: "stranger",
        because: "The pattern is what base64 with or without a prefix means.",
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
        because: "The row tells of the count of imagen-4-fast, read as its alone.",
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
