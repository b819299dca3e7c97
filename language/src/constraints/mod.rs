//! The keywords of constraints: one table with all that the compiler decides by a keyword.
//!
//! A row says how the keyword's argument is written, which types it fits, what it measures and with which partner it
//! makes a range, whether a value satisfies it, its words, its JSON Schema, and the values around its limit. Each family
//! has a file. `syntax`, `resolve`, `analyse`, `check`, `prose`, `boundary` and the exports ask the table, and name a
//! keyword only where it is more than a test of one value: presence and defaults, listed values that become types, and
//! items that must differ from each other.
//!
//! Two readings of the keywords stay outside on purpose: [`crate::interpret`], and `lower` with `emit/rust`. They are
//! held against each other, and against this table, by `tests/tests/it/differential`; if they asked here, a fault would
//! be the same everywhere and nothing would find it. A test of the project's rules keeps them apart.

mod argument;
mod bytes;
mod items;
mod kinds;
mod length;
mod measure;
mod membership;
mod pattern;
mod presence;
mod properties;
mod range;
mod relations;
#[cfg(test)]
mod tests;
mod words;

pub use argument::{ArgumentFault, ArgumentKind, Written};
pub use kinds::{AppliesTo, ValueKind};
pub use measure::{CountRange, Measure, count_range, refuses_only_empty};
pub use membership::listed;
pub(crate) use pattern::{LONGEST, count_texts, make_texts};
pub(crate) use range::{Range, candidates, leaves_no_integer};
pub use relations::{exclude_each_other, holds, implies};
pub use words::{limit, range, sentence, short, weighted};

pub(crate) use items::repeated;
pub(crate) use length::resized;
pub(crate) use properties::{object_of, with_allowed_keys};

use serde_json::Value;

use words::Words;

use crate::model::{Api, Argument, Constraint, LengthUnit, RuleKind, Type};

/// One keyword.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// As written in specs and named in violations.
    pub name: &'static str,
    /// How its argument is written.
    pub argument: ArgumentKind,
    /// The values that it looks at.
    pub applies_to: AppliesTo,
    /// What a limit is a limit of.
    pub measure: Option<Measure>,
    /// The limit on the other side.
    pub partner: Option<&'static str>,
    /// The constraint that an argument makes; lengths have a unit.
    pub constraint: fn(&Written, LengthUnit) -> Option<Constraint>,
    /// What is wrong with an argument whatever the type.
    pub fault: fn(&Written) -> Option<ArgumentFault>,
    /// How it is worded.
    words: Words,
    /// Whether a value that is sent satisfies it; `None` where it takes more than comparing. A constraint says nothing of
    /// values of another kind than its own, as in JSON Schema.
    pub holds: fn(&Constraint, &Value) -> Option<bool>,
    /// What JSON Schema says.
    pub schema: fn(&Constraint) -> Schema,
    /// Values just inside and just outside of it. Which side each is on is for the interpreter to say.
    pub boundary_values: fn(&Constraint, &BoundaryBase<'_>) -> Vec<Value>,
}

/// A constraint in JSON Schema, as its latest version writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Schema {
    /// There are no words for it.
    None,
    /// It is not said of the value but of the object that holds it.
    OfObject,
    /// A keyword that says the same.
    Exact(&'static str, Value),
    /// A keyword that refuses nothing legal, and not all that is illegal.
    Loose(&'static str, Value),
}

impl Schema {
    /// A keyword that counts.
    fn count(name: &'static str, constraint: &Constraint) -> Self {
        match constraint.argument() {
            Argument::Count(count) => Self::Exact(name, count.into()),
            _ => Self::None,
        }
    }
}

/// What values around a limit are made from.
pub struct BoundaryBase<'a> {
    /// For the types that the type names.
    pub api: &'a Api,
    /// Of the value.
    pub ty: &'a Type,
    /// Other constraints on the value.
    pub beside: &'a [&'a Constraint],
    /// A legal value.
    pub value: &'a Value,
}

/// What the rows of a family leave out.
const BASE: Keyword = Keyword {
    name: "",
    argument: ArgumentKind::Own,
    applies_to: AppliesTo::Fields,
    measure: None,
    partner: None,
    constraint: |_, _| None,
    fault: |_| None,
    words: Words::Limit,
    holds: |_, _| Some(true),
    schema: |_| Schema::None,
    boundary_values: |_, _| Vec::new(),
};

/// The families, in the order in which the limits of an entry are looked at.
const FAMILIES: [&[Keyword]; 8] = [
    &presence::KEYWORDS,
    &membership::KEYWORDS,
    &range::KEYWORDS,
    &length::KEYWORDS,
    &pattern::KEYWORDS,
    &items::KEYWORDS,
    &properties::KEYWORDS,
    &bytes::KEYWORDS,
];

/// Keywords of violations that neither a constraint nor a rule makes: of values that are none of the spec's.
const OF_VALUES: [&str; 4] = ["type", "one_of", "format", "unknown_parameter"];

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Keyword> {
    FAMILIES.iter().copied().flatten()
}

/// The rows of keywords that are written with one argument, as all but a few are.
pub fn with_argument() -> impl Iterator<Item = &'static Keyword> {
    all().filter(|it| it.argument != ArgumentKind::Own)
}

/// The row of a constraint.
#[must_use]
pub fn of(constraint: &Constraint) -> &'static Keyword {
    let name = constraint.keyword();
    // A test walks the variants, so that a row is never missing.
    all().find(|it| it.name == name).unwrap_or(&BASE)
}

/// All that a violation may be called.
#[must_use]
pub fn violation_keywords() -> Vec<&'static str> {
    let broken = all().map(|it| it.name).filter(|it| *it != presence::DEFAULT);
    broken.chain(RuleKind::KEYWORDS).chain(OF_VALUES).collect()
}

/// Whether a constraint limits the value itself, where it is sent.
#[must_use]
pub fn limits_the_value(constraint: &Constraint) -> bool {
    of(constraint).applies_to != AppliesTo::Fields
}
