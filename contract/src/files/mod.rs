//! Small complete files, by media type or file extension. They always have the same bytes.

mod containers;
mod sound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// The default text.
const TEXT: &str = "A paper boat crosses the puddle, and the rain writes rings around it.";

/// A picture of one transparent pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
/// A picture of one pixel.
const JPEG: &str = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////\
    ////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=";
/// A picture of one pixel.
const WEBP: &str = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
/// A picture of one transparent pixel.
const GIF: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/// File extensions and their media types. The first extension of a type is its usual one.
const KINDS: [(&str, &str); 30] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("svg", "image/svg+xml"),
    ("wav", "audio/wav"),
    ("wav", "audio/x-wav"),
    ("mp3", "audio/mpeg"),
    ("mp3", "audio/mp3"),
    ("opus", "audio/opus"),
    ("ogg", "audio/ogg"),
    ("aac", "audio/aac"),
    ("flac", "audio/flac"),
    ("pcm", "audio/pcm"),
    ("pcm", "audio/l16"),
    ("m4a", "audio/mp4"),
    ("mid", "audio/midi"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("pdf", "application/pdf"),
    ("json", "application/json"),
    ("txt", "text/plain"),
    ("text", "text/plain"),
    ("md", "text/markdown"),
    ("vtt", "text/vtt"),
    ("srt", "application/x-subrip"),
    ("zip", "application/zip"),
];

const ANY: &str = "application/octet-stream";

/// The media type of a file extension or of the name of a format.
pub(crate) fn media_type(ending: &str) -> Option<&'static str> {
    let known = |it: &&(&str, &str)| it.0.eq_ignore_ascii_case(ending.trim_start_matches('.'));
    KINDS.iter().find(known).map(|it| it.1)
}

/// The media type of a file's name.
pub(crate) fn media_type_of_name(name: &str) -> &'static str {
    name.rsplit_once('.').and_then(|it| media_type(it.1)).unwrap_or(ANY)
}

/// Whether a browser that shows a file of this media type runs nothing in it. An unknown media type is not safe.
pub(crate) fn is_inert(media_type: &str) -> bool {
    let plain = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_media = ["image/", "audio/", "video/"].iter().any(|it| plain.starts_with(it));
    let is_known = KINDS.iter().any(|it| it.1 == plain) || plain == ANY;
    (is_media || is_known) && !plain.ends_with("xml")
}

/// The bytes of a file of a media type. For an unknown type, a text.
pub(crate) fn of_type(media_type: &str) -> Bytes {
    let plain = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let ending = KINDS.iter().find(|it| it.1 == plain).map_or("", |it| it.0);
    let encoded = |text: &str| STANDARD.decode(text).unwrap_or_default();
    let bytes = match ending {
        "png" => encoded(PNG),
        "jpg" => encoded(JPEG),
        "webp" => encoded(WEBP),
        "gif" => encoded(GIF),
        "svg" => b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>\n".to_vec(),
        "wav" => sound::wav(),
        "mp3" => sound::mp3(),
        "opus" | "ogg" => sound::opus(),
        "aac" => sound::aac(),
        "flac" => sound::flac(),
        "pcm" => sound::pcm(),
        "mid" => sound::midi(),
        "mp4" => containers::mp4(b"isom"),
        "m4a" => containers::mp4(b"M4A "),
        "mov" => containers::mp4(b"qt  "),
        "webm" => containers::webm(),
        "pdf" => containers::pdf(),
        "zip" => containers::zip(),
        "json" => b"{}\n".to_vec(),
        "vtt" => subtitles("vtt", TEXT).into_bytes(),
        "srt" => subtitles("srt", TEXT).into_bytes(),
        _ if plain.starts_with("image/") => encoded(PNG),
        _ => format!("{TEXT}\n").into_bytes(),
    };
    bytes.into()
}

/// A text in a text format. Subtitles have one line of three seconds. In any other format, and if it already has
/// timestamps, the text is unchanged.
pub(crate) fn subtitles(format: &str, text: &str) -> String {
    match format {
        _ if text.contains("-->") => text.to_owned(),
        "srt" => format!("1\n00:00:00,000 --> 00:00:03,000\n{text}\n\n"),
        "vtt" => format!("WEBVTT\n\n00:00:00.000 --> 00:00:03.000\n{text}\n"),
        _ => format!("{text}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, is_inert, of_type};

    #[test]
    fn files_have_the_signature_of_their_type() {
        let begins: [(&str, usize, &[u8]); 13] = [
            ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
            ("image/jpeg", 0, b"\xff\xd8\xff\xe0"),
            ("image/webp", 8, b"WEBPVP8 "),
            ("image/gif", 0, b"GIF89a"),
            ("audio/wav", 8, b"WAVEfmt "),
            ("audio/mpeg", 0, b"\xff\xfb"),
            ("audio/opus", 28, b"OpusHead"),
            ("audio/aac", 0, b"\xff\xf1"),
            ("audio/flac", 0, b"fLaC"),
            ("audio/midi", 0, b"MThd"),
            ("video/mp4", 4, b"ftypisom"),
            ("video/webm", 0, b"\x1a\x45\xdf\xa3"),
            ("application/pdf; version=1", 0, b"%PDF-1."),
        ];
        for (kind, at, begin) in begins {
            assert_eq!(of_type(kind).get(at..at + begin.len()), Some(begin), "{kind}");
        }
        for (_, kind) in KINDS {
            assert!(!of_type(kind).is_empty() && of_type(kind) == of_type(kind), "{kind}");
        }
        for kind in ["image/png", "IMAGE/AVIF", "audio/x", "video/mp4; codecs=x", "application/pdf", "text/plain; a=b"]
        {
            assert!(is_inert(kind), "{kind}");
        }
        for kind in
            ["text/html", "image/svg+xml", "Image/SVG+XML;a", "text/xml", "application/xhtml+xml", "text/css", ""]
        {
            assert!(!is_inert(kind), "{kind}");
        }
        assert_eq!(of_type("image/jpeg").len(), 134);
        assert!(of_type("a/b").starts_with(b"A paper boat"));
    }
}
