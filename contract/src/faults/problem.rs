//! What is wrong with a plan: all of it at once, each with its place and a way out.

use std::fmt;

/// One thing that is wrong.
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

/// Characters shown of what was found.
const SHOWN: usize = 60;

/// What was found, in backticks, shortened, without what a terminal would obey.
pub(super) fn shown(text: &str) -> String {
    let plain = |it: char| if it.is_control() { '�' } else { it };
    let mut short: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}
