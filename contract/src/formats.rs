//! The format that a request asks for. It is the value of a parameter whose name ends in the word `format`, or its
//! default. The names are not specific to an API: `mp3` and `wav` are files, `text`, `srt` and `vtt` are texts, and a
//! name that contains the word `json` (`verbose_json`) is JSON.

use serde_json::Value;
use specwright_codegen::model::Operation;

use crate::answers::{is_format, words};
use crate::files;

/// The format that a request asks for.
fn asked<'r>(op: &'r Operation, request: &'r Value) -> Option<&'r str> {
    let mut fields = op.parameters.fields.iter().filter(|it| is_format(&words(&it.name)));
    fields.find_map(|it| request.get(&it.name).or(it.default.as_ref())?.as_str())
}

/// The requested media type among those of an operation, or else the first.
pub(crate) fn media_type<'a>(op: &Operation, of: &'a [String], request: &Value) -> &'a str {
    let format = asked(op, request);
    let is = |it: &&String| {
        let sub = it.split('/').nth(1).unwrap_or_default();
        format.is_some_and(|format| sub == format || *it == format || files::media_type(format) == Some(it))
    };
    of.iter().find(is).or(of.first()).map_or("application/octet-stream", String::as_str)
}

/// The requested text format, if a response may be plain text. `None` for JSON.
pub(crate) fn plain_text<'r>(op: &'r Operation, request: &'r Value) -> Option<&'r str> {
    asked(op, request).filter(|it| !words(it).iter().any(|word| word == "json"))
}
