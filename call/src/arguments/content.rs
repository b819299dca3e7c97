//! Where a value comes from: the word itself, or a file.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What stands behind `=` or `:=`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source<'a> {
    /// `name=text`
    Text(&'a str),
    /// `name=@file`
    File(&'a str),
    /// `name=<file`
    TextFile(&'a str),
    /// `name:=json`
    Json(&'a str),
    /// `name:=@file`
    JsonFile(&'a str),
}

impl<'a> Source<'a> {
    pub(super) fn of_text(text: &'a str) -> Self {
        match (text.strip_prefix('@'), text.strip_prefix('<')) {
            (Some(file), _) if !file.is_empty() => Self::File(file),
            (_, Some(file)) if !file.is_empty() => Self::TextFile(file),
            _ => Self::Text(text),
        }
    }

    pub(super) fn of_json(text: &'a str) -> Self {
        text.strip_prefix('@').map_or(Self::Json(text), Self::JsonFile)
    }
}

/// A file to send.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FileSource {
    pub(crate) content: Content,
    /// In bytes.
    pub(crate) size: u64,
    /// `;type=image/png` behind its name.
    pub(crate) content_type: Option<String>,
}

/// The bytes of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// On disk.
    Path(PathBuf),
    /// In memory, without a name.
    Bytes(Vec<u8>),
}

impl FileSource {
    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self { size: bytes.len() as u64, content: Content::Bytes(bytes), content_type: None }
    }

    /// Its name without folders; none if it is in memory.
    pub(crate) fn name(&self) -> Option<String> {
        match &self.content {
            Content::Path(path) => path.file_name().map(|it| it.to_string_lossy().into_owned()),
            Content::Bytes(_) => None,
        }
    }

    /// `boat.png`, or `boat;type=image/png`.
    pub(super) fn of_path(word: &str) -> Result<Self, String> {
        let (name, content_type) = match word.rsplit_once(";type=") {
            Some((name, kind)) => (name, Some(kind.to_owned())),
            None => (word, None),
        };
        let about = fs::metadata(name).map_err(|error| format!("cannot read `{name}`: {error}"))?;
        if !about.is_file() {
            return Err(format!("`{name}` is not a file"));
        }
        Ok(Self { size: about.len(), content: Content::Path(name.into()), content_type })
    }
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
