//! Secrets that do not print.

use std::fmt;

use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use crate::words::find;

/// An API key or another credential.
///
/// `Debug` shows none of it, its memory is wiped when it is dropped, and headers made from it are marked sensitive.
/// White space around it is taken off: keys read from files and from CI settings often end in a line break.
///
/// ```
/// let key = specwright_runtime::Secret::from("sk-123\n");
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// assert_eq!(key.expose(), "sk-123");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself. Take care where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// As the value of a header, after `prefix`; the error says what is wrong with it, without showing it.
    pub(crate) fn header_value(&self, prefix: &str) -> Result<HeaderValue, &'static str> {
        let secret = self.expose();
        if secret.is_empty() {
            return Err("it is empty");
        }
        if secret.bytes().any(|it| matches!(it, b'\n' | b'\r')) {
            return Err("it holds a line break");
        }
        if !secret.bytes().all(|it| (0x20..0x7f).contains(&it)) {
            return Err("it holds a character that a header cannot carry");
        }
        let text = SecretString::from(format!("{prefix}{secret}"));
        let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| "a header cannot carry it")?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// `text` with this secret blotted out, for texts of servers that repeat what they were sent.
    pub(crate) fn redact(&self, text: &str) -> Option<String> {
        let secret = self.expose();
        let next = |text: &str| if secret.is_empty() { None } else { find(text.as_bytes(), secret.as_bytes()) };
        let (mut out, mut rest) = (String::new(), text);
        // Both are whole characters, so what is cut between them is as well.
        while let Some((before, after)) = next(rest).and_then(|at| rest.split_at_checked(at)) {
            out.push_str(before);
            out.push_str("[secret]");
            rest = after.get(secret.len()..).unwrap_or_default();
        }
        (!out.is_empty()).then(|| out + rest)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        SecretString::from(text).into()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.trim().into())
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<SecretString> for Secret {
    fn from(text: SecretString) -> Self {
        text.expose_secret().into()
    }
}
