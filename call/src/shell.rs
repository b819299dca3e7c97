//! Words for a POSIX shell, in which secrets stand as the names of environment variables.

use specwright_codegen::escape::is_unseen;

/// Bytes of a secret that is looked for in other texts.
const SHORTEST: usize = 8;

/// A secret as a word that stands for it until it is printed: letters and digits alone, which no encoding changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Markers {
    /// Marker and variable.
    all: Vec<(String, String)>,
    /// Secrets that may stand in the words of the caller as well, and their variables.
    known: Vec<(String, String)>,
    /// What the caller has to know of variables that no call reads.
    pub(crate) notes: Vec<String>,
}

impl Markers {
    /// A word for the value of an environment variable.
    pub(crate) fn mark(&mut self, variable: &str) -> String {
        if let Some((marker, _)) = self.all.iter().find(|(_, it)| it == variable) {
            return marker.clone();
        }
        let marker = format!("SpecwrightSecret{}End", self.all.len());
        self.all.push((marker.clone(), variable.to_owned()));
        marker
    }

    /// Lets the value of a variable stand as its name wherever it is printed. Short values are part of other words.
    pub(crate) fn hide(&mut self, variable: &str, value: &str) {
        if value.len() >= SHORTEST {
            self.known.push((value.to_owned(), variable.to_owned()));
        }
    }

    /// The same for a variable that only the command reads, with a note on what it has to hold.
    pub(crate) fn mark_with_note(&mut self, variable: &str, holds: &str) -> String {
        let note = format!("note: the command reads {holds} from the variable {variable}");
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
        self.mark(variable)
    }

    /// Whether a text has one of them.
    pub(crate) fn any_in(&self, text: &str) -> bool {
        self.all.iter().any(|(marker, _)| text.contains(marker))
    }

    /// A text as one word of a command: `'Authorization: Bearer '"$API_KEY"`.
    pub(crate) fn quoted(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((at, marker, variable)) = self.first_in(rest) {
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                out.push_str(&quoted(before));
            }
            out.push_str(&format!("\"${variable}\""));
            rest = after.get(marker.len()..).unwrap_or_default();
        }
        if !rest.is_empty() || out.is_empty() {
            out.push_str(&quoted(rest));
        }
        out
    }

    fn first_in(&self, text: &str) -> Option<(usize, &str, &str)> {
        let found = self.all.iter().chain(&self.known).filter_map(|(marker, variable)| {
            text.find(marker.as_str()).map(|at| (at, marker.as_str(), variable.as_str()))
        });
        found.min_by_key(|it| it.0)
    }
}

/// Text in quotes. Plain words are not quoted; what a terminal would obey is escaped as `$'\033'`.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=,@+%".contains(it);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let is_obeyed = |it: char| it != '\n' && is_unseen(it);
    if !text.contains(is_obeyed) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut out = String::from("$'");
    let mut bytes = [0; 4];
    for it in text.chars() {
        match it {
            '\\' | '\'' => out.extend(['\\', it]),
            it if is_obeyed(it) => {
                it.encode_utf8(&mut bytes).bytes().for_each(|byte| out.push_str(&format!("\\{byte:03o}")));
            }
            it => out.push(it),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_names_of_variables() {
        let mut markers = Markers::default();
        let (key, other) = (markers.mark("API_KEY"), markers.mark("OTHER"));
        assert_eq!(markers.mark("API_KEY"), key);
        let quoted = |text: &str| markers.quoted(text);
        assert_eq!(quoted(&format!("Authorization: Bearer {key}")), "'Authorization: Bearer '\"$API_KEY\"");
        assert_eq!(quoted(&format!("{key}:{other}")), "\"$API_KEY\":\"$OTHER\"");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("plain/word"), "plain/word");
        assert_eq!(quoted("two\nlines"), "'two\nlines'");
        assert_eq!(quoted("\u{1b}[2J'\\é\u{9b}"), r"$'\033[2J\'\\é\302\233'");
        assert!(markers.any_in(&key) && !markers.any_in("API_KEY"));
    }
}
