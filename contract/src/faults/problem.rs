//! The problems of a plan: all of them at once, each with its place and a suggestion.

use std::fmt;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `faults.yaml:3:5`, the flag, or the header.
    pub place: String,
    /// What is wrong, with what was found.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// Everything that is wrong, in the order written. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.message, self.help)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

impl std::error::Error for Problems {}

/// The number of characters of the found text that are shown.
const SHOWN: usize = 60;

/// The found text in backticks, shortened, with control characters escaped.
pub(super) fn shown(text: &str) -> String {
    let plain = |it: char| if it.is_control() { '�' } else { it };
    let mut short: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}
