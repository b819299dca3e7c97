//! Media types by file extension.
//!
//! The table only has extensions that APIs of media and documents accept. Other files are sent as bytes of an unknown
//! type, unless `File::with_content_type` sets one. If a registry and practice differ, the table follows practice, which
//! servers accept.

use http::HeaderMap;
use http::header::ACCEPT;

use crate::headers;

/// The media type of server-sent events.
pub(crate) const EVENTS: &str = "text/event-stream";
/// The media type of a stream of lines of JSON.
pub(crate) const JSON_LINES: &str = "application/x-ndjson";

/// Whether a request with these headers asks for a stream.
pub(crate) fn is_stream(headers: &HeaderMap) -> bool {
    headers::get(headers, ACCEPT.as_str()).is_some_and(|it| it == EVENTS || it == JSON_LINES)
}

/// Media types and their file extensions.
const TYPES: &[(&str, &[&str])] = &[
    ("image/png", &["png"]),
    ("image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    ("image/apng", &["apng"]),
    ("image/gif", &["gif"]),
    ("image/webp", &["webp"]),
    ("image/avif", &["avif"]),
    ("image/jxl", &["jxl"]),
    ("image/heic", &["heic"]),
    ("image/heif", &["heif"]),
    ("image/bmp", &["bmp"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/svg+xml", &["svg"]),
    ("image/vnd.microsoft.icon", &["ico"]),
    ("audio/mpeg", &["mp3", "mpga", "mp2"]),
    ("audio/wav", &["wav"]),
    ("audio/ogg", &["ogg", "oga", "opus"]),
    ("audio/flac", &["flac"]),
    ("audio/mp4", &["m4a", "m4b"]),
    ("audio/aac", &["aac"]),
    ("audio/aiff", &["aif", "aiff", "aifc"]),
    ("audio/midi", &["mid", "midi"]),
    ("audio/amr", &["amr"]),
    ("audio/x-ms-wma", &["wma"]),
    ("audio/webm", &["weba"]),
    ("audio/x-matroska", &["mka"]),
    ("audio/x-caf", &["caf"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/quicktime", &["mov", "qt"]),
    ("video/webm", &["webm"]),
    ("video/x-matroska", &["mkv"]),
    ("video/x-msvideo", &["avi"]),
    ("video/mpeg", &["mpeg", "mpg"]),
    ("video/ogg", &["ogv"]),
    ("video/3gpp", &["3gp"]),
    ("video/3gpp2", &["3g2"]),
    ("video/mp2t", &["mts", "m2ts"]),
    ("video/x-ms-wmv", &["wmv"]),
    ("video/x-flv", &["flv"]),
    ("text/plain", &["txt", "text", "log"]),
    ("text/markdown", &["md", "markdown"]),
    ("text/csv", &["csv"]),
    ("text/tab-separated-values", &["tsv"]),
    ("text/html", &["html", "htm"]),
    ("text/css", &["css"]),
    ("text/javascript", &["js", "mjs"]),
    ("text/vtt", &["vtt"]),
    ("application/x-subrip", &["srt"]),
    ("application/json", &["json"]),
    ("application/jsonl", &["jsonl"]),
    ("application/x-ndjson", &["ndjson"]),
    ("application/xml", &["xml"]),
    ("application/yaml", &["yaml", "yml"]),
    ("application/toml", &["toml"]),
    ("application/pdf", &["pdf"]),
    ("application/rtf", &["rtf"]),
    ("application/epub+zip", &["epub"]),
    ("application/msword", &["doc"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.ms-excel", &["xls"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.ms-powerpoint", &["ppt"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    ("application/vnd.oasis.opendocument.presentation", &["odp"]),
    ("application/zip", &["zip"]),
    ("application/gzip", &["gz", "tgz"]),
    ("application/x-tar", &["tar"]),
    ("application/x-7z-compressed", &["7z"]),
    ("application/x-bzip2", &["bz2"]),
    ("application/x-xz", &["xz"]),
    ("application/zstd", &["zst"]),
    ("application/vnd.rar", &["rar"]),
    ("model/gltf-binary", &["glb"]),
    ("model/gltf+json", &["gltf"]),
    ("model/obj", &["obj"]),
    ("model/stl", &["stl"]),
    ("model/ply", &["ply"]),
    ("model/vnd.usdz+zip", &["usdz"]),
    ("font/ttf", &["ttf"]),
    ("font/otf", &["otf"]),
    ("font/woff", &["woff"]),
    ("font/woff2", &["woff2"]),
];

/// The media type for unknown extensions.
pub(crate) const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file name.
pub(crate) fn of_name(name: &str) -> &'static str {
    let ending = match name.rsplit_once('.') {
        // `.png` alone is a name without an extension.
        Some((stem, ending)) if !stem.is_empty() && !stem.ends_with(['/', '\\']) => ending,
        _ => return UNKNOWN,
    };
    let means = |it: &&(&str, &[&str])| it.1.iter().any(|known| known.eq_ignore_ascii_case(ending));
    TYPES.iter().find(means).map_or(UNKNOWN, |it| it.0)
}

#[cfg(test)]
mod tests {
    use super::{TYPES, UNKNOWN, of_name};

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(of_name(name), expected, "{name}");
    }

    #[test]
    fn the_extension_determines_the_media_type() {
        check("boat.png", "image/png");
        check("BOAT.PNG", "image/png");
        check("boat.JpEg", "image/jpeg");
        check("my boat, at sea.v2.webp", "image/webp");
        check("boat.tar.gz", "application/gzip");
        check("a/b.c/boat.mp4", "video/mp4");
        check("лодка.wav", "audio/wav");
        check("notes.md", "text/markdown");
    }

    #[test]
    fn unknown_extensions_are_bytes() {
        for name in ["", "file", "boat.", "boat.xyz", ".png", "a/.png", "png", "boat.png ", "boat.png.part", "a.png/b"]
        {
            check(name, UNKNOWN);
        }
    }

    #[test]
    fn each_extension_has_one_media_type() {
        let mut endings: Vec<_> = TYPES.iter().flat_map(|it| it.1).collect();
        endings.sort();
        let count = endings.len();
        endings.dedup();
        assert_eq!(endings.len(), count);
        assert!(endings.iter().all(|it| it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())));
        assert!(TYPES.iter().all(|it| it.0.split('/').count() == 2));
    }
}
