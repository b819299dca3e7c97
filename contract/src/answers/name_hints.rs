//! Hints from the names of fields. The words are common in HTTP APIs; none belongs to a single API.

use serde_json::{Value, json};

/// A complete PNG of one transparent pixel, in base64.
pub(super) const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// The time in every generated date, because responses do not depend on a clock.
const MOMENT: &str = "2026-01-01T00:00:00Z";
const MOMENT_UNIX: u64 = 1_767_225_600;

/// The words of a name in lower case: `last_frameImage-URL` is `last frame image url`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for character in name.chars() {
        let starts = !previous.is_alphanumeric() || (character.is_uppercase() && previous.is_lowercase());
        if character.is_alphanumeric() {
            match words.last_mut() {
                Some(word) if !starts => word.extend(character.to_lowercase()),
                _ => words.push(character.to_lowercase().collect()),
            }
        }
        previous = character;
    }
    words
}

/// `images` → `image`, `entries` → `entry`.
pub(super) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let plain = word.strip_suffix('s').filter(|it| it.len() > 1 && !it.ends_with('s') && !it.ends_with('u'));
    plain.unwrap_or(word).to_owned()
}

fn any(words: &[String], of: &[&str]) -> bool {
    words.iter().any(|it| of.contains(&singular(it).as_str()) || of.contains(&it.as_str()))
}

fn last(words: &[String], of: &[&str]) -> bool {
    words.last().is_some_and(|it| of.contains(&it.as_str()))
}

/// Whether it is the name of a unique id.
pub(super) fn is_id(words: &[String]) -> bool {
    last(words, &["id", "uuid", "guid"])
}

/// Whether it is the name of a secret that is shown once.
pub(super) fn is_secret(words: &[String]) -> bool {
    last(words, &["secret", "key", "token", "password"])
}

/// Whether only a failure has such a field.
pub(super) fn is_of_failure(words: &[String]) -> bool {
    any(words, &["error", "failure", "refusal", "exception", "err"])
}

/// Whether it is the name of a URL.
pub(super) fn is_link(words: &[String]) -> bool {
    last(words, &["url", "uri", "urls", "uris", "link", "href"])
}

/// Whether it is the name of a format.
pub(crate) fn is_format(words: &[String]) -> bool {
    last(words, &["format"])
}

/// Whether it is the name of bytes in base64.
pub(crate) fn is_base64(words: &[String]) -> bool {
    any(words, &["b64", "base64"])
}

pub(super) fn is_width(words: &[String]) -> bool {
    last(words, &["width"])
}

pub(super) fn is_height(words: &[String]) -> bool {
    last(words, &["height"])
}

/// The file extension that the words suggest.
pub(super) fn ending(words: &[String]) -> Option<&'static str> {
    words.iter().rev().find_map(|it| {
        Some(match singular(it).as_str() {
            "image" | "img" | "picture" | "photo" | "cover" | "frame" | "thumbnail" | "poster" | "icon" | "avatar"
            | "mask" | "png" => ".png",
            "video" | "clip" | "movie" | "film" | "animation" | "motion" | "mp4" => ".mp4",
            "audio" | "music" | "song" | "track" | "sound" | "voice" | "vocal" | "vocals" | "speech" | "mp3"
            | "instrumental" => ".mp3",
            "wav" => ".wav",
            "midi" => ".mid",
            "webp" => ".webp",
            "json" => ".json",
            "caption" | "subtitle" => ".vtt",
            "text" | "document" => ".txt",
            _ => return None,
        })
    })
}

/// A text for a field with that name.
pub(super) fn text(name: &str) -> String {
    let words = words(name);
    let has = |of: &[&str]| any(&words, of);
    let one = match () {
        () if is_base64(&words) => PNG,
        () if last(&words, &["at", "date", "timestamp", "time"]) => MOMENT,
        () if has(&["email", "mail"]) => "someone@example.com",
        () if has(&["mime"]) || words == ["content", "type"] || words == ["media", "type"] => "image/png",
        () if last(&words, &["filename"]) || words == ["file", "name"] => "sample.png",
        () if has(&["language", "locale", "lang"]) => "en",
        () if has(&["currency"]) => "USD",
        () if has(&["country"]) => "DE",
        () if has(&["status", "state"]) => "ok",
        () if has(&["role"]) => "assistant",
        () if has(&["version"]) => "1.0",
        () if has(&["ratio"]) => "16:9",
        () if has(&["resolution"]) => "1080p",
        () if has(&["color", "colour"]) => "#336699",
        () if has(&["prompt"]) => "A paper boat crossing a puddle.",
        () if has(&["reply", "answer", "content", "text", "message", "output", "response", "completion"]) => {
            "A paper boat crosses the puddle, and the rain writes rings around it."
        }
        () if has(&["lyric"]) => "[Verse]\nA paper boat goes out to sea",
        () if has(&["description", "summary", "doc", "detail"]) => "Made up by the contract server.",
        () if last(&words, &["name", "title", "label"]) => return format!("Sample {}", words.join(" ")),
        () if words.is_empty() => "sample",
        () => return words.join("-"),
    };
    one.to_owned()
}

/// A number for a field with that name.
pub(super) fn number(name: &str, whole: bool) -> Value {
    let words = words(name);
    let has = |of: &[&str]| any(&words, of);
    let last = |of: &[&str]| last(&words, of);
    match () {
        () if last(&["created", "timestamp", "at", "expires", "updated"]) => json!(MOMENT_UNIX),
        () if has(&["seed"]) => json!(42),
        () if has(&["width", "height"]) => json!(1024),
        () if has(&["token"]) => json!(42),
        () if has(&["index", "position", "offset"]) => json!(0),
        () if has(&["progress"]) && !whole => json!(1),
        () if has(&["progress", "percent", "percentage"]) => json!(100),
        () if last(&["ms", "millis", "milliseconds"]) => json!(4200),
        () if has(&["duration", "second", "length"]) => json!(5),
        () if has(&["size", "byte"]) => json!(204_800),
        () if has(&["balance", "credit", "limit", "remaining"]) => json!(100),
        () if !whole && has(&["cost", "price", "usd", "amount"]) => json!(0.05),
        () if !whole && has(&["score", "confidence", "probability", "weight"]) => json!(0.5),
        () => json!(1),
    }
}

/// The time in generated dates.
pub(super) fn moment() -> Value {
    Value::from(MOMENT)
}

#[cfg(test)]
mod tests {
    use super::{ending, is_id, is_link, singular, words};

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(words("last_frameImage-URL"), ["last", "frame", "image", "url"]);
        assert_eq!(words("botName"), ["bot", "name"]);
        assert_eq!(words("4k"), ["4k"]);
        assert!(words("__/~").is_empty());
    }

    #[test]
    fn words_are_made_singular() {
        let all = ["images", "entries", "status", "glass", "s", "audios"].map(singular);
        assert_eq!(all, ["image", "entry", "status", "glass", "s", "audio"]);
    }

    #[test]
    fn names_speak() {
        assert!(is_id(&words("voiceId")) && !is_id(&words("identity")));
        assert!(is_link(&words("image_url")) && !is_link(&words("url_count")));
        assert_eq!(ending(&words("first_frame_image_url")), Some(".png"));
        assert_eq!(ending(&words("text_to_video")), Some(".mp4"));
    }
}
