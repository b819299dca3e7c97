//! Secrets that do not print.

use std::fmt;

use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

/// An API key or another credential.
///
/// `Debug` never shows it, its memory is wiped when it is dropped, and headers made from it are marked sensitive.
/// Surrounding white space is removed, since keys from files and CI settings often end in a line break.
///
/// ```
/// let key = specwright_runtime::Secret::from("sk-123\n");
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// assert_eq!(key.expose(), "sk-123");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself. Be careful where you use it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// As the value of a header, after `prefix`. The error says what is wrong, without showing the secret.
    pub(crate) fn header_value(&self, prefix: &str) -> Result<HeaderValue, &'static str> {
        let secret = self.expose();
        if secret.is_empty() {
            return Err("it is empty");
        }
        if secret.bytes().any(|it| matches!(it, b'\n' | b'\r')) {
            return Err("it contains a line break");
        }
        if !secret.bytes().all(|it| (0x20..0x7f).contains(&it)) {
            return Err("it contains a character that a header cannot contain");
        }
        let text = SecretString::from(format!("{prefix}{secret}"));
        let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| "a header cannot contain it")?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// As bytes that are never shown either.
    pub(crate) fn to_bytes(&self) -> SecretSlice<u8> {
        self.expose().as_bytes().to_vec().into()
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
