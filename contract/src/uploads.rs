//! Uploaded files, kept for a while, so that the URL in the response returns them.
//!
//! An upload is a call that accepts a file, as a part of a form or as base64 text, and whose response has a URL at the
//! top of its body. That URL then returns the uploaded file. It is derived from the content, so the same file has the
//! same URL.

use std::collections::{HashMap, VecDeque};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use specwright_codegen::model::{Encoding, Location, Operation, Output, Type};

use crate::answers::{is_base64, words};
use crate::files::media_type_of_name;
use crate::multipart;
use crate::outcome::Outcome;

/// The prefix of the folders of uploads.
const FOLDER: &str = "upload_";

/// Base64 as clients send it: with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The place of a file in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Upload {
    /// The whole body.
    Whole,
    /// In the part of a form.
    Part(String),
    /// In a part without a name, by its place.
    Nth(usize),
    /// As text in base64.
    Base64(String),
}

/// A file.
#[derive(Clone, Debug)]
pub(crate) struct UploadedFile {
    pub(crate) bytes: Bytes,
    /// The content type as it was sent; `None` if it was not sent.
    pub(crate) media_type: Option<String>,
}

/// The last files, limited by their total size.
#[derive(Debug)]
pub(crate) struct Uploads {
    by_folder: HashMap<String, UploadedFile>,
    order: VecDeque<String>,
    bytes: usize,
    most: usize,
}

impl Upload {
    pub(crate) fn of(op: &Operation) -> Option<Self> {
        if !matches!(op.output, Output::Json { .. }) {
            return None;
        }
        if op.encoding == Encoding::Binary {
            return Some(Self::Whole);
        }
        let fields = &op.parameters.fields;
        if op.encoding == Encoding::Related {
            let mut parts = fields.iter().filter(|it| it.location == Location::Body);
            return parts.position(|it| it.ty == Type::File).map(Self::Nth);
        }
        let file = fields.iter().find(|it| it.ty == Type::File && op.encoding == Encoding::Multipart);
        let text =
            || fields.iter().find(|it| it.ty == Type::Base64 || (it.ty == Type::String && is_base64(&words(&it.name))));
        file.map(|it| Self::Part(it.name.clone())).or_else(|| text().map(|it| Self::Base64(it.name.clone())))
    }

    /// The file in a request.
    pub(crate) fn given(&self, headers: &HeaderMap, bytes: &[u8], body: Option<&Value>) -> Option<UploadedFile> {
        match self {
            Self::Whole => {
                let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
                let bytes = Bytes::copy_from_slice(bytes);
                Some(UploadedFile { bytes, media_type: kind.map(str::to_owned) })
            }
            Self::Part(name) => {
                let sent = headers.get(CONTENT_TYPE)?.to_str().ok()?;
                let (content, kind) = multipart::file(bytes, &multipart::boundary(sent)?, name)?;
                Some(UploadedFile { bytes: Bytes::copy_from_slice(content), media_type: Some(kind) })
            }
            Self::Nth(place) => {
                let sent = headers.get(CONTENT_TYPE)?.to_str().ok()?;
                let (content, kind) = multipart::nth(bytes, &multipart::boundary(sent)?, *place)?;
                Some(UploadedFile { bytes: Bytes::copy_from_slice(content), media_type: Some(kind) })
            }
            Self::Base64(name) => {
                let text = body?.get(name)?.as_str()?;
                let (head, text) = match text.strip_prefix("data:").and_then(|it| it.split_once(',')) {
                    Some((head, text)) => (head.split(';').next().filter(|it| !it.is_empty()), text),
                    None => (None, text),
                };
                let plain: String = text.chars().filter(|it| !it.is_whitespace()).collect();
                let plain = plain.replace('-', "+").replace('_', "/");
                Some(UploadedFile { bytes: LENIENT.decode(plain).ok()?.into(), media_type: head.map(str::to_owned) })
            }
        }
    }
}

impl Uploads {
    pub(crate) fn new(most: usize) -> Self {
        Self { by_folder: HashMap::new(), order: VecDeque::new(), bytes: 0, most }
    }

    /// Sets the URL at the top of a response to that of a file. `files` is the base URL of this server's files.
    pub(crate) fn remember(&mut self, files: &str, outcome: Outcome, given: UploadedFile) -> Outcome {
        let Ok(Value::Object(mut fields)) = serde_json::from_slice(&outcome.body) else { return outcome };
        let below = |it: &Value| Some(it.as_str()?.strip_prefix(files)?.rsplit('/').next()?.to_owned());
        let Some((place, name)) = fields.values_mut().find_map(|it| below(it).map(|name| (it, name))) else {
            return outcome;
        };
        let folder: String = Sha256::digest(&given.bytes).iter().take(8).map(|it| format!("{it:02x}")).collect();
        let folder = format!("{FOLDER}{folder}");
        *place = format!("{files}/{folder}/{name}").into();
        // A whole number with the name of a size is set to the file's size.
        let sizes =
            fields.iter_mut().filter(|(name, it)| it.is_u64() && words(name).last().is_some_and(|it| it == "size"));
        sizes.for_each(|(_, it)| *it = given.bytes.len().into());
        self.insert(folder, given);
        Outcome { body: Value::Object(fields).to_string().into(), ..outcome }
    }

    fn insert(&mut self, folder: String, given: UploadedFile) {
        if given.bytes.len() > self.most || self.by_folder.contains_key(&folder) {
            return;
        }
        self.bytes += given.bytes.len();
        while self.bytes > self.most {
            let Some(oldest) = self.order.pop_front() else { break };
            self.bytes -= self.by_folder.remove(&oldest).map_or(0, |it| it.bytes.len());
        }
        self.order.push_back(folder.clone());
        self.by_folder.insert(folder, given);
    }

    /// The file at a path below the base URL of files. `None` if there never was one, `Some(None)` if it was forgotten.
    pub(crate) fn find(&self, path: &str) -> Option<Option<(UploadedFile, String)>> {
        let (folder, name) = path.split_once('/')?;
        if !folder.starts_with(FOLDER) {
            return None;
        }
        let found = self.by_folder.get(folder).map(|it| {
            let kind = it.media_type.clone().unwrap_or_else(|| media_type_of_name(name).to_owned());
            (it.clone(), kind)
        });
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use serde_json::json;

    use super::*;

    #[test]
    fn base64_is_accepted_with_and_without_padding() {
        let upload = Upload::Base64("data".to_owned());
        let given = |text: &str| upload.given(&HeaderMap::new(), b"", Some(&json!({ "data": text })));
        let png = given("data:image/png;base64,aGVs\nbG8=").unwrap();
        assert_eq!((&png.bytes[..], png.media_type.as_deref()), (&b"hello"[..], Some("image/png")));
        let plain = given("aGVsbG8").unwrap();
        assert_eq!((&plain.bytes[..], plain.media_type), (&b"hello"[..], None));
        assert!(given("a...").is_none());
    }

    #[test]
    fn the_oldest_files_are_forgotten() {
        let mut uploads = Uploads::new(10);
        let mut path = |text: &'static str| {
            let outcome = Outcome::json(200, &json!({"id": "1", "url": "http://h/f/a.txt"}));
            let given = UploadedFile { bytes: text.into(), media_type: None };
            let body: Value = serde_json::from_slice(&uploads.remember("http://h/f", outcome, given).body).unwrap();
            body["url"].as_str().unwrap().strip_prefix("http://h/f/").unwrap().to_owned()
        };
        let paths = ["123456", "123456", "7890", "12345"].map(&mut path);
        assert_eq!(paths[0], paths[1]);
        assert!(matches!(uploads.find(&paths[0]), Some(None)));
        assert_eq!(uploads.find(&paths[2]).unwrap().unwrap().0.bytes, "7890");
        assert_eq!(uploads.find(&paths[3]).unwrap().unwrap().1, "text/plain");
        assert!(uploads.find("task_1/a.txt").is_none());
        assert!(uploads.bytes <= 10);
    }
}
