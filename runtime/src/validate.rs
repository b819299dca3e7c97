//! Rules as static data, and their violations.

mod words;

use std::borrow::Cow;

use crate::json::push_segment;
use crate::number::count_text;

/// Whether a client treats broken rules as errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// A broken stated rule is an error before anything is sent. Inferred rules only warn.
    #[default]
    Strict,
    /// Every broken rule is a warning, and the server decides.
    Warn,
    /// Nothing is checked.
    Off,
}

/// How certain a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The API's documentation states it.
    Stated,
    /// The API's documentation implies it. Breaking it causes a warning.
    Inferred,
    /// A parameter without effect. Sending it causes a warning.
    Ignored,
}

/// One rule of the spec.
#[derive(Clone)]
pub struct Rule {
    /// `max_length`, `required`, `any_of`, …
    pub keyword: &'static str,
    /// How certain it is.
    pub strength: Strength,
    words: RuleWords,
}

/// The text of a rule: from the spec, or derived from its keyword and its limit.
#[derive(Clone)]
enum RuleWords {
    /// The place is a JSON pointer, relative to the record the rule belongs to.
    Stored {
        at: &'static str,
        limit: &'static str,
        message: &'static str,
    },
    Made(MadeRule),
}

/// A rule of one field whose message follows from its keyword and limit.
#[derive(Clone)]
pub(crate) struct MadeRule {
    pub(crate) name: &'static str,
    /// The function of [`Checks`](crate::Checks) that found the violation.
    pub(crate) kind: &'static str,
    pub(crate) limit: RuleLimit,
    pub(crate) when: &'static str,
    pub(crate) because: &'static str,
    /// Whether its place is an item of the field, to which the path refers.
    pub(crate) of_items: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum RuleLimit {
    None,
    Count(usize),
    Integer(i64),
    Number(f64),
    Texts(&'static [&'static str]),
    Integers(&'static [i64]),
    Numbers(&'static [f64]),
}

impl Rule {
    /// A rule that the documentation states. The place is a JSON pointer, relative to the record the rule belongs to.
    #[must_use]
    pub const fn stated(at: &'static str, keyword: &'static str, limit: &'static str, message: &'static str) -> Self {
        Self { keyword, strength: Strength::Stated, words: RuleWords::Stored { at, limit, message } }
    }

    /// A rule that the documentation implies.
    #[must_use]
    pub const fn inferred(at: &'static str, keyword: &'static str, limit: &'static str, message: &'static str) -> Self {
        Self { keyword, strength: Strength::Inferred, words: RuleWords::Stored { at, limit, message } }
    }

    /// A parameter without effect.
    #[must_use]
    pub const fn ignored(at: &'static str, keyword: &'static str, limit: &'static str, message: &'static str) -> Self {
        Self { keyword, strength: Strength::Ignored, words: RuleWords::Stored { at, limit, message } }
    }

    pub(crate) fn made(rule: MadeRule, strength: Strength) -> Self {
        let keyword = match rule.kind {
            "minimum_integer" => "minimum",
            "maximum_integer" => "maximum",
            "one_of" | "one_of_integers" | "one_of_numbers" => "enum",
            "url" | "https_url" | "date_time" | "base64" => "format",
            "only" => "forbidden",
            kind => kind,
        };
        Self { keyword, strength, words: RuleWords::Made(rule) }
    }
}

/// The value that breaks a rule, in short. It is never the value of a secret.
#[derive(Clone, PartialEq)]
pub enum Actual {
    /// Nothing to show.
    Nothing,
    /// Characters.
    Length(u64),
    /// Items.
    Items(u64),
    /// Entries of a map.
    Properties(u64),
    /// A whole number.
    Integer(i64),
    /// A whole number without a sign.
    Unsigned(u64),
    /// A number.
    Number(f64),
    /// Text, shortened.
    Text(Box<str>),
}

impl Actual {
    /// The characters of a text.
    #[must_use]
    pub fn length(text: &str) -> Self {
        Self::Length(text.chars().count() as u64)
    }

    /// The items of a list.
    #[must_use]
    pub fn items<T>(items: &[T]) -> Self {
        Self::Items(items.len() as u64)
    }

    /// The entries of a map.
    #[must_use]
    pub fn properties(count: usize) -> Self {
        Self::Properties(count as u64)
    }

    /// Shortened text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        const MOST: usize = 40;
        match text.char_indices().nth(MOST) {
            None => Self::Text(text.into()),
            Some((end, _)) => Self::Text((text.get(..end).unwrap_or_default().to_owned() + "…").into()),
        }
    }
}

/// One broken rule.
#[derive(Clone, Debug)]
pub struct Violation {
    /// JSON pointer of the place.
    pub at: Cow<'static, str>,
    /// The rule.
    pub rule: Rule,
    /// The value at that place.
    pub found: Actual,
}

/// The place of a check in a request. It is a chain on the stack, so that a valid request needs no allocation.
#[derive(Clone, Copy, Debug)]
pub enum InstancePath<'a> {
    /// The top.
    Root,
    /// A field.
    Field(&'a InstancePath<'a>, &'static str),
    /// An item.
    Index(&'a InstancePath<'a>, usize),
    /// A key of a map.
    Key(&'a InstancePath<'a>, &'a str),
}

impl InstancePath<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Self::Root => {}
            Self::Field(parent, name) => {
                parent.write(out);
                push_segment(out, name);
            }
            Self::Index(parent, index) => {
                parent.write(out);
                out.push('/');
                out.push_str(&count_text(*index as u64));
            }
            Self::Key(parent, key) => {
                parent.write(out);
                // Keys come from the caller and may be huge, so no more is copied than is kept.
                push_segment(out, beginning(key, MOST_POINTER));
                if key.len() > MOST_POINTER {
                    out.push('…');
                }
            }
        }
    }

    /// The pointer of a place below this one.
    fn pointer(&self, place: &'static str) -> Cow<'static, str> {
        if let Self::Root = self {
            return Cow::Borrowed(place);
        }
        // Nearly every pointer is one name.
        let mut text = String::with_capacity(32);
        self.write(&mut text);
        text.push_str(place);
        if text.len() > MOST_POINTER {
            text = beginning(&text, MOST_POINTER).to_owned() + "…";
        }
        Cow::Owned(text)
    }
}

/// The most bytes of a text that are shown.
fn beginning(text: &str, most: usize) -> &str {
    (0..=text.len().min(most)).rev().find_map(|it| text.get(..it)).unwrap_or_default()
}

/// The most bytes of a violation's pointer. A longer one is cut, and ends with `…`.
const MOST_POINTER: usize = 1000;

/// The most violations of stated rules that are kept for one request, and the most violations of other rules.
const MOST_KEPT: usize = 100;

/// The violations in a request: the first hundred of stated rules, and the first hundred of other rules. More are only
/// counted.
#[derive(Clone, Debug, Default)]
pub struct Violations {
    all: Vec<Violation>,
    stated: Tally,
    others: Tally,
    /// Members of unions that were tried, and whether these are the violations of such a trial.
    pub(crate) trials: u32,
    pub(crate) is_trial: bool,
}

/// Violations of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    kept: usize,
    omitted: usize,
}

impl Violations {
    /// Adds one.
    #[cold]
    pub fn push(&mut self, at: &InstancePath<'_>, rule: &Rule, found: Actual) {
        self.add(at, rule.clone(), None, found);
    }

    /// Adds one at another place than the rule's own: a JSON pointer relative to the same record.
    #[cold]
    pub fn push_at(&mut self, at: &InstancePath<'_>, rule: &Rule, place: &'static str, found: Actual) {
        self.add(at, rule.clone(), Some(place), found);
    }

    /// Adds one at a place: a JSON pointer, or the rule's own.
    #[cold]
    pub(crate) fn add(&mut self, at: &InstancePath<'_>, rule: Rule, place: Option<&'static str>, found: Actual) {
        let tally = if rule.strength == Strength::Stated { &mut self.stated } else { &mut self.others };
        if tally.kept >= MOST_KEPT {
            tally.omitted += 1;
            return;
        }
        tally.kept += 1;
        let at = match (&rule.words, place) {
            (_, Some(place)) => at.pointer(place),
            (RuleWords::Stored { at: place, .. }, None) => at.pointer(place),
            (RuleWords::Made(MadeRule { of_items: true, .. }), None) => at.pointer(""),
            (RuleWords::Made(rule), None) => InstancePath::Field(at, rule.name).pointer(""),
        };
        self.all.push(Violation { at, rule, found });
    }

    /// Adds the violations inside a secret, without its value.
    pub fn hidden(&mut self, check: impl FnOnce(&mut Self)) {
        let before = self.all.len();
        check(self);
        self.all.iter_mut().skip(before).for_each(|it| it.found = Actual::Nothing);
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Of a trial of a union's member, after this many.
    pub(crate) fn of_trial(trials: u32) -> Self {
        Self { trials, is_trial: true, ..Self::default() }
    }

    /// Whether a stated rule is violated.
    pub(crate) fn has_stated(&self) -> bool {
        self.stated.kept > 0
    }

    /// How many violations of stated rules were counted but not kept.
    pub(crate) fn omitted_stated(&self) -> usize {
        self.stated.omitted
    }

    /// How many were counted but not kept.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.stated.omitted + self.others.omitted
    }

    /// All that were kept, in the order of the spec.
    #[must_use]
    pub fn as_slice(&self) -> &[Violation] {
        &self.all
    }

    /// All that were kept, in the order of the spec.
    #[must_use]
    pub fn into_vec(self) -> Vec<Violation> {
        self.all
    }
}

/// A request breaks stated rules of its API. The error lists up to a hundred violations.
#[derive(Clone, Debug)]
pub struct ValidationError {
    /// `seedance.text_to_video`
    pub operation: &'static str,
    /// The first hundred violations. It is never empty.
    pub violations: Vec<Violation>,
    /// The number of further violations.
    pub omitted: usize,
    /// The first hundred violations of rules that are not enforced.
    pub warnings: Vec<Violation>,
}

impl std::error::Error for ValidationError {}

/// More than `most` characters; counts only when the length in bytes leaves it open.
#[must_use]
pub fn longer(text: &str, most: usize) -> bool {
    text.len() > most && (text.len() > most.saturating_mul(4) || text.chars().count() > most)
}

/// Fewer than `least` characters; counts only when the length in bytes leaves it open.
#[must_use]
pub fn shorter(text: &str, least: usize) -> bool {
    text.len() < least || (text.len() < least.saturating_mul(4) && text.chars().count() < least)
}
