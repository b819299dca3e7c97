//! Redacts secrets in texts from servers, which may repeat what they were sent.
//!
//! [`Secrets`] are the credentials that a call sent. [`Redactor`] finds them in a text, in every form in which they may
//! come back (`canonical` undoes escapes and encodings, `pattern` handles base64 and hexadecimal), and replaces them with
//! `[secret]`. Its run time grows with the length of the text and with the number of secrets, not with the product of
//! their lengths. Only errors and `Debug` pay for it: a call that succeeds prepares nothing.

mod canonical;
mod pattern;
mod sent;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, OnceLock};

use secrecy::{ExposeSecret as _, SecretSlice};
use serde_json::Value;

use crate::escape::{escaped, is_unseen, one_line};
use crate::number::text_of_number;
use crate::{Actual, Violation};
use canonical::Canonical;
use pattern::{Marks, Pattern};

pub(crate) use sent::{in_header, in_headers, in_query};

/// The replacement for a secret.
const REDACTED: &str = "[secret]";

/// Secrets that must not be shown: those of a client, and the additional ones of a call. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    client: Option<Arc<Known>>,
    call: Option<Arc<Known>>,
    /// Access tokens, which a client does not know from the beginning.
    tokens: Option<Arc<Known>>,
}

/// Some secrets and their patterns. The patterns are built when the first text is redacted.
struct Known {
    secrets: Vec<SecretSlice<u8>>,
    patterns: OnceLock<Vec<Pattern>>,
}

impl Known {
    fn new(secrets: Vec<SecretSlice<u8>>) -> Option<Arc<Self>> {
        let any = !secrets.is_empty();
        any.then(|| Arc::new(Self { secrets, patterns: OnceLock::new() }))
    }

    fn patterns(&self) -> &[Pattern] {
        self.patterns.get_or_init(|| {
            let mut patterns = Vec::new();
            for secret in &self.secrets {
                pattern::add(secret.expose_secret(), &mut patterns);
            }
            patterns
        })
    }
}

/// Shows nothing of the secrets.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// The secrets of a client, or of a verifier of callbacks.
    pub(crate) fn new(all: Vec<SecretSlice<u8>>) -> Self {
        Self { client: Known::new(all), call: None, tokens: None }
    }

    /// These secrets, and those of one call.
    pub(crate) fn and(&self, more: Vec<SecretSlice<u8>>) -> Self {
        Self { client: self.client.clone(), call: Known::new(more), tokens: self.tokens.clone() }
    }

    /// These secrets, and access tokens.
    #[cfg(feature = "oauth2")]
    pub(crate) fn with_tokens(&self, tokens: Vec<SecretSlice<u8>>) -> Self {
        Self { client: self.client.clone(), call: self.call.clone(), tokens: Known::new(tokens) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all().iter().all(|it| it.is_none())
    }

    /// The redactor for these secrets.
    pub(crate) fn redactor(&self) -> Redactor<'_> {
        Redactor { patterns: self.all().map(|it| it.as_ref().map_or(&[][..], |it| it.patterns())) }
    }

    fn all(&self) -> [&Option<Arc<Known>>; 3] {
        [&self.client, &self.call, &self.tokens]
    }

    /// The text without secrets.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.redactor().text(text).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// The text without secrets, and with invisible characters escaped.
    pub(crate) fn redact_value(&self, text: &str) -> String {
        escaped(&self.redact(text))
    }

    /// Redacts secrets in violations of a request.
    pub(crate) fn redact_violations(&self, all: &mut [Violation]) {
        let redactor = self.redactor();
        for it in all {
            if let Actual::Text(text) = &mut it.found
                && let Some(clean) = redactor.text(text)
            {
                *text = clean.into();
            }
            if let Some(clean) = redactor.text(&it.at) {
                it.at = clean.into();
            }
        }
    }

    /// Writes for `Debug` what `show` writes, without secrets.
    pub(crate) fn debug(
        &self,
        f: &mut fmt::Formatter<'_>,
        show: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result,
    ) -> fmt::Result {
        let shown = Shown(show);
        let text = if f.alternate() { format!("{shown:#?}") } else { format!("{shown:?}") };
        f.write_str(&self.redact(&text))
    }

    /// The error to keep as the cause of another. It is unchanged, unless it or one of its causes would show a secret:
    /// then only its redacted message is kept.
    pub(crate) fn seal_error(&self, error: Box<dyn StdError + Send + Sync>) -> Box<dyn StdError + Send + Sync> {
        let redactor = self.redactor();
        let mut next: Option<&dyn StdError> = Some(&*error);
        let mut shows = false;
        let mut words = Vec::new();
        // No reasonable chain of causes is longer.
        while let Some(cause) = next.filter(|_| words.len() < 32) {
            let (text, debug) = (cause.to_string(), format!("{cause:?}"));
            let clean = redactor.clean(&text);
            shows |= text != clean || redactor.text(&debug).is_some();
            words.push((clean, redactor.clean(&debug)));
            next = cause.source();
        }
        if !shows {
            return error;
        }
        let mut sealed: Option<Sealed> = None;
        for (text, debug) in words.into_iter().rev() {
            sealed = Some(Sealed { text, debug, source: sealed.map(Box::new) });
        }
        sealed.map_or(error, |it| Box::new(it))
    }
}

/// A function that formats something, as a value.
struct Shown<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Debug for Shown<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// The redacted message of an error that would show a secret.
struct Sealed {
    text: String,
    debug: String,
    source: Option<Box<Sealed>>,
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.debug)
    }
}

impl StdError for Sealed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|it| &**it as _)
    }
}

/// Finds secrets in texts.
pub(crate) struct Redactor<'a> {
    patterns: [&'a [Pattern]; 3],
}

impl Redactor<'_> {
    /// The text without secrets. `None` if it contains none.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        let mut longest = 0;
        for patterns in self.patterns {
            for pattern in patterns {
                longest = pattern.len().max(longest);
            }
        }
        if longest == 0 {
            return None;
        }
        // Long texts are searched piece by piece, so that memory is bounded. The pieces overlap by more than the longest
        // form of a secret.
        let overlap = longest.saturating_mul(32);
        let step = overlap.max(64 * 1024);
        let mut marks = Marks::default();
        let mut from = 0;
        loop {
            let start = boundary(text, from);
            let end = boundary(text, from.saturating_add(step).saturating_add(overlap));
            self.mark(text, start, end, &mut marks);
            if end == text.len() {
                break;
            }
            from += step;
        }
        marks.redacted(text)
    }

    fn mark(&self, text: &str, start: usize, end: usize, marks: &mut Marks) {
        self.search(&Canonical::of(&text[start..end]), text, (start, end == text.len()), 0, marks);
    }

    /// A text may be escaped or encoded several times, one level inside another.
    fn search(&self, canonical: &Canonical, text: &str, piece: (usize, bool), level: u32, marks: &mut Marks) {
        const LEVELS: u32 = 4;
        for patterns in self.patterns {
            for pattern in patterns {
                pattern.find(canonical, text, piece, marks);
            }
        }
        if level < LEVELS {
            let inner = [canonical.unescaped(), canonical.decoded()];
            inner.iter().flatten().for_each(|it| self.search(it, text, piece, level + 1, marks));
        }
    }

    /// The text without secrets, and with invisible characters escaped.
    pub(crate) fn clean(&self, text: &str) -> String {
        escaped(self.text(text).as_deref().unwrap_or(text))
    }

    /// One line of at most `most` characters. Secrets are redacted before the text is cut, so that no part of one
    /// remains.
    pub(crate) fn line(&self, text: &str, most: usize) -> String {
        // Text far beyond the cut does not need to be searched.
        let text = text.get(..boundary(text, most.saturating_mul(64))).unwrap_or_default();
        one_line(self.text(text).as_deref().unwrap_or(text), most)
    }

    /// Redacts secrets in all texts and names of a JSON value.
    pub(crate) fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(clean) = self.text(text) {
                    *text = clean;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|it| self.value(it)),
            Value::Object(fields) => {
                for (name, mut value) in std::mem::take(fields) {
                    self.value(&mut value);
                    fields.insert(self.text(&name).unwrap_or(name), value);
                }
            }
            // A credential may consist only of digits.
            Value::Number(number) => {
                if let Some(clean) = self.text(&text_of_number(number)) {
                    *value = clean.into();
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}

/// The last character boundary that is not after `at`.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Whether a character is skipped in the search for secrets. White space and invisible characters may be between the
/// characters of a secret if lines were wrapped.
fn is_skipped(character: char) -> bool {
    character == '…' || character.is_whitespace() || is_unseen(character)
}

#[cfg(test)]
mod tests;
