//! Which version a generated crate must have after a change.
//!
//! By the rules of cargo: before 1.0, the second number says that callers may have to change their code, and the third
//! that they need not. From 1.0 on, these are the first and the second.

use std::fmt;

use crate::change::{ApiDiff, Class};

/// Three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    numbers: [u64; 3],
}

impl Version {
    /// Reads `0.1.0`; what stands behind `-` or `+` is not looked at.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.split(['-', '+']).next()?;
        let mut parts = plain.split('.').map(|it| it.parse().ok());
        let mut next = || parts.next().flatten();
        let numbers = [next()?, next()?, next()?];
        parts.next().is_none().then_some(Self { numbers })
    }

    /// The least version for changes of this kind.
    #[must_use]
    pub fn after(self, changes: Bump) -> Self {
        let [first, second, third] = self.numbers;
        let numbers = match (changes, first) {
            (Bump::None, _) => [first, second, third],
            (Bump::Patch, _) => [first, second, third + 1],
            (Bump::Minor, _) | (Bump::Major, 0) => [first, second + 1, 0],
            (Bump::Major, _) => [first + 1, 0, 0],
        };
        Self { numbers }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third] = self.numbers;
        write!(f, "{first}.{second}.{third}")
    }
}

/// How far a version has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing changed.
    None,
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The number that says that code may have to change.
    Major,
}

impl Bump {
    /// The word for it, as cargo counts: of a version below 1.0, a breaking change is a minor one.
    #[must_use]
    pub fn word(self, from: Version) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Major if from.numbers[0] > 0 => "major",
            Self::Minor | Self::Major => "minor",
        }
    }
}

impl ApiDiff {
    /// How far the version of the generated crate has to go.
    #[must_use]
    pub fn bump(&self) -> Bump {
        let from = self.old_version.as_deref().and_then(Version::parse);
        let stable = from.is_some_and(|it| it.numbers[0] > 0);
        match self.class() {
            None => Bump::None,
            Some(_) if self.breaks_code() => Bump::Major,
            Some(Class::Widening) if stable => Bump::Minor,
            Some(_) => Bump::Patch,
        }
    }

    /// The least version that the new spec may have; `None` where it is new or gone.
    #[must_use]
    pub fn least_version(&self) -> Option<Version> {
        Some(Version::parse(self.old_version.as_deref()?)?.after(self.bump()))
    }

    /// The version to set instead, if that of the new spec does not say that callers may have to change their code.
    ///
    /// Smaller changes may wait for the next release.
    #[must_use]
    pub fn missing_version(&self) -> Option<Version> {
        let new = Version::parse(self.new_version.as_deref()?)?;
        let least = self.least_version()?;
        ((self.bump() == Bump::Major && new < least) || self.goes_back()).then_some(least)
    }

    /// Whether the version is less than it was.
    #[must_use]
    pub fn goes_back(&self) -> bool {
        let version = |it: &Option<String>| Version::parse(it.as_deref()?);
        matches!((version(&self.old_version), version(&self.new_version)), (Some(old), Some(new)) if new < old)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bump, Version};

    #[test]
    fn as_cargo_counts() {
        for (version, bump, expected) in [
            ("0.1.0", Bump::Major, "0.2.0"),
            ("0.1.3", Bump::Patch, "0.1.4"),
            ("1.2.3", Bump::Major, "2.0.0"),
            ("1.2.3", Bump::Minor, "1.3.0"),
            ("0.1.0-beta.1", Bump::None, "0.1.0"),
        ] {
            assert_eq!(Version::parse(version).map(|it| it.after(bump).to_string()).as_deref(), Some(expected));
        }
        assert_eq!(Version::parse("1.2"), None);
        assert_eq!(Version::parse("1.2.3.4"), None);
    }
}
