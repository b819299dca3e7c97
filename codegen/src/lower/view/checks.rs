//! What a `check` function does: rules, the tests that break them, and the conditions under which they apply.

use std::hash::{Hash, Hasher};

use super::{Literal, Storage, Ty};
use crate::model::Comparison;

/// Everything a `check` function does.
#[derive(Debug, Default, Hash)]
pub(crate) struct Checks {
    /// What is asked of each field that the record does not list.
    pub additional: Option<NestedCheck>,
    pub rules: Vec<RuleData>,
    /// Conditions that rules share, by name.
    pub conditions: Vec<NamedCondition>,
    pub fields: Vec<FieldChecks>,
    pub cross: Vec<CrossCheck>,
}

impl Checks {
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.cross.is_empty() && self.additional.is_none()
    }
}

#[derive(Debug, Hash)]
pub(crate) struct RuleData {
    pub at: String,
    pub keyword: &'static str,
    pub limit: String,
    pub message: String,
    pub strength: Strength,
    /// The runtime makes keyword, limit and sentence from this.
    pub plain: Option<PlainRule>,
}

/// A rule of one field that is a call of the runtime.
#[derive(Debug, Hash)]
pub(crate) struct PlainRule {
    pub name: String,
    pub call: RuleCall,
    /// Index in [`Checks::conditions`].
    pub when: Option<usize>,
    pub because: Option<String>,
}

/// A function of the runtime's `Checks`, and what the rule asks for.
#[derive(Clone, Debug)]
pub(crate) enum RuleCall {
    Presence(&'static str),
    /// Of an item count.
    Items(&'static str, u64),
    Length(&'static str, u64),
    Integer(&'static str, i64),
    Number(&'static str, f64),
    OneOf(Vec<String>),
    OneOfIntegers(Vec<i64>),
    OneOfNumbers(Vec<f64>),
    /// Of one text, or of the texts of a list.
    Format(&'static str),
}

/// Numbers by their bits, which tell all of them apart.
impl Hash for RuleCall {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Presence(function) | Self::Format(function) => function.hash(state),
            Self::Items(function, count) | Self::Length(function, count) => (function, count).hash(state),
            Self::Integer(function, limit) => (function, limit).hash(state),
            Self::Number(function, limit) => (function, limit.to_bits()).hash(state),
            Self::OneOf(values) => values.hash(state),
            Self::OneOfIntegers(values) => values.hash(state),
            Self::OneOfNumbers(values) => {
                values.len().hash(state);
                values.iter().for_each(|it| it.to_bits().hash(state));
            }
        }
    }
}

/// A condition under the name that it has in a `check` function, and how it reads.
#[derive(Debug, Hash)]
pub(crate) struct NamedCondition {
    pub ident: String,
    pub cond: Cond,
    pub words: String,
}

#[derive(Clone, Copy, Debug, Hash)]
pub(crate) enum Strength {
    Stated,
    Inferred,
    Ignored,
}

#[derive(Debug, Hash)]
pub(crate) struct FieldChecks {
    pub place: FieldPlace,
    pub wire: String,
    pub secret: bool,
    /// Broken when the field is not there.
    pub missing: Vec<Guarded<()>>,
    /// Broken when the field is there.
    pub present: Vec<Guarded<()>>,
    /// Without effect when the field is there.
    pub ignored: Vec<Guarded<()>>,
    /// Broken when the value fails a test.
    pub value: Vec<Guarded<Test>>,
    /// Broken when an item fails a test.
    pub items: Vec<Guarded<Test>>,
    /// Of a union: where its items are.
    pub items_in: Option<ItemsIn>,
    /// Checks inside the value.
    pub deep: Option<NestedCheck>,
}

/// The variant of a union that is a list.
#[derive(Debug, Hash)]
pub(crate) struct ItemsIn {
    pub union: Ty,
    pub variant: String,
    pub list: Ty,
}

/// A check under a condition.
#[derive(Debug, Hash)]
pub(crate) struct Guarded<T> {
    pub when: Option<Cond>,
    pub test: T,
    pub rule: usize,
    /// Of neighbours with the same mark the first that fails is reported, and no other.
    pub chain: Option<usize>,
}

/// Checks inside a value, at whatever depth.
#[derive(Clone, Debug, Hash)]
pub(crate) enum NestedCheck {
    /// The value's own `check`.
    Check,
    Each(Box<NestedCheck>),
    EachValue(Box<NestedCheck>),
    /// Of the items of a tuple, by place.
    ByPlace(Vec<(usize, NestedCheck)>),
    /// Of a value that is not `null`.
    NonNull(Box<NestedCheck>),
    Test(Test, usize),
}

/// Fails when …
#[derive(Clone, Debug, Hash)]
pub(crate) enum Test {
    /// … the text has more characters.
    Longer {
        text: Text,
        most: u64,
        han_double: bool,
    },
    Shorter {
        text: Text,
        least: u64,
        han_double: bool,
    },
    /// … the text does not match.
    Pattern {
        text: Text,
        pattern: String,
    },
    /// … the text matches.
    Matches {
        text: Text,
        pattern: String,
    },
    /// … the whole number is beyond a range that its type names: a function of the runtime.
    OutOfRange(&'static str),
    /// … the text is not of this format: a function of the runtime.
    Format {
        text: Text,
        function: &'static str,
    },
    NotOneOf {
        literals: Vec<Literal>,
    },
    /// … the value, of several kinds, is none of these.
    NotPicked(OneOf),
    /// … the value is one of these.
    Picked(OneOf),
    /// … the union holds one of these members and it fails its test.
    Member {
        union: Ty,
        arms: Vec<(String, Ty, Test)>,
    },
    /// … the value, of any kind, is of this kind and fails its test.
    Json(JsonKind, Box<Test>),
    /// … the enum holds a value the spec does not know.
    Unknown,
    Below(Number),
    Above(Number),
    NotAbove(Number),
    NotBelow(Number),
    NotMultipleOf(Number),
    /// … the file has more bytes.
    Larger(u64),
    FewerItems(u64),
    MoreItems(u64),
    /// … the map has fewer entries.
    FewerProperties(u64),
    MoreProperties(u64),
    /// A key of an object does not match.
    OtherKeys {
        pattern: String,
    },
    /// … two items are equal; `by_value`: as JSON, where Rust may tell them apart.
    NotUnique {
        by_value: bool,
    },
}

/// What kind of a value of any kind a test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum JsonKind {
    Text,
    Number,
    List,
    Object,
}

/// Which values are meant, of a type of several kinds.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) enum OneOf {
    Literals(Vec<Literal>),
    /// Of members of a union; of no others.
    Members(Vec<(String, OneOf)>, Ty),
    /// Of a value of any kind.
    Json(Vec<Literal>),
}

/// How the text of a value is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Text {
    Plain,
    Enum,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    Integer(i64),
    /// Of a `u64`, or beyond an `i64`.
    Unsigned(u64),
    Float(f64),
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Integer(it) => (0_u8, *it as u64).hash(state),
            Self::Unsigned(it) => (1_u8, *it).hash(state),
            Self::Float(it) => (2_u8, it.to_bits()).hash(state),
        }
    }
}

/// A condition of Rust.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) enum Cond {
    /// Of none: always.
    All(Vec<Cond>),
    /// Of none: never.
    Any(Vec<Cond>),
    /// Of neither of the above, nor of itself.
    Not(Box<Cond>),
    Matches {
        place: FieldPlace,
        literals: Vec<Literal>,
        /// Holds too when nothing is sent.
        or_missing: bool,
    },
    /// As `Matches`, of a value of several kinds.
    Picked {
        place: FieldPlace,
        pick: OneOf,
        or_missing: bool,
    },
    /// Nothing is sent, not even null.
    Missing(FieldPlace),
    /// A value is sent that is not null.
    Present(FieldPlace),
    Null(FieldPlace),
    Empty(FieldPlace),
    /// A value is sent that the spec does not know.
    Unknown(FieldPlace),
}

/// A field, or one inside an object field.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) struct FieldPlace {
    pub steps: Vec<PlaceStep>,
    pub ty: Ty,
}

#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) struct PlaceStep {
    pub ident: String,
    pub wire: String,
    pub storage: Storage,
    /// The value is in a box.
    pub boxed: bool,
    /// The value is a list, and every item is meant; of lists in lists, as many levels.
    pub each: usize,
}

/// What one parameter adds to a sum.
#[derive(Debug, Hash)]
pub(crate) struct SumTerm {
    pub place: FieldPlace,
    pub weight: u64,
    /// The members of a union that are lists: their items count.
    pub lists: Vec<String>,
}

#[derive(Debug, Hash)]
pub(crate) struct CrossCheck {
    pub when: Option<Cond>,
    pub rule: usize,
    pub test: CrossTest,
}

/// Fails when …
#[derive(Debug, Hash)]
pub(crate) enum CrossTest {
    NoneOf(Vec<FieldPlace>),
    NotExactlyOne(Vec<FieldPlace>),
    MoreThanOne(Vec<FieldPlace>),
    SomeButNotAll(Vec<FieldPlace>),
    Without(FieldPlace, Vec<FieldPlace>),
    NotCompared(FieldPlace, Comparison, FieldPlace),
    Sum {
        terms: Vec<SumTerm>,
        /// The weights are so large that adding up might overflow.
        saturating: bool,
        minimum: Option<u64>,
        maximum: Option<u64>,
    },
    TotalLength {
        place: FieldPlace,
        han_double: bool,
        minimum: Option<u64>,
        maximum: Option<u64>,
    },
    /// Items of a list are of several members of a tagged union.
    SeveralKinds(FieldPlace),
}
