//! The checks of one record: one call per rule, which contains everything about the rule.
//!
//! The rule, its place, its limit and its message follow from the call. They are only built if the rule is violated. A
//! call returns whether the rule holds, so that only the first violation of several rules for one place is reported.

use crate::validate::{MadeRule, RuleLimit};
use crate::{Actual, InstancePath, Rule, Strength, Violations};

/// A condition of rules and its text: "`model` is `pro`".
#[derive(Clone, Copy, Debug)]
pub struct When(pub bool, pub &'static str);

/// The place of a record in a request, and the violations so far.
#[derive(Debug)]
pub struct Checks<'a> {
    at: InstancePath<'a>,
    out: &'a mut Violations,
    is_secret: bool,
}

/// A rule that is not plain: it is inferred, has a reason, or applies under a condition.
#[derive(Debug)]
pub struct RuleCheck<'c, 'a> {
    checks: &'c mut Checks<'a>,
    applies: bool,
    strength: Strength,
    when: &'static str,
    because: &'static str,
}

impl Violations {
    /// Checks from the top of a request.
    #[inline]
    pub fn at_root(&mut self) -> Checks<'_> {
        Checks { at: InstancePath::Root, out: self, is_secret: false }
    }
}

impl<'a> Checks<'a> {
    /// Checks inside a field.
    #[inline]
    pub fn field(&mut self, name: &'static str) -> Checks<'_> {
        Checks { at: InstancePath::Field(&self.at, name), out: self.out, is_secret: self.is_secret }
    }

    /// Checks inside an item of a list.
    #[inline]
    pub fn index(&mut self, index: usize) -> Checks<'_> {
        Checks { at: InstancePath::Index(&self.at, index), out: self.out, is_secret: self.is_secret }
    }

    /// Checks inside a value of a map.
    #[inline]
    pub fn key<'k>(&'k mut self, key: &'k str) -> Checks<'k> {
        Checks { at: InstancePath::Key(&self.at, key), out: self.out, is_secret: self.is_secret }
    }

    /// The same without the value at that place, which is a secret.
    #[inline]
    pub fn secret(&mut self) -> Checks<'_> {
        Checks { at: self.at, out: self.out, is_secret: true }
    }

    /// A rule under a condition.
    #[inline]
    pub fn when<'c>(&'c mut self, when: When) -> RuleCheck<'c, 'a> {
        RuleCheck { applies: when.0, when: when.1, ..self.stated() }
    }

    /// A rule that the documentation only implies.
    #[inline]
    pub fn inferred<'c>(&'c mut self) -> RuleCheck<'c, 'a> {
        self.stated().inferred()
    }

    /// A rule with its reason.
    #[inline]
    pub fn because<'c>(&'c mut self, because: &'static str) -> RuleCheck<'c, 'a> {
        self.stated().because(because)
    }

    #[inline]
    fn stated<'c>(&'c mut self) -> RuleCheck<'c, 'a> {
        RuleCheck { checks: self, applies: true, strength: Strength::Stated, when: "", because: "" }
    }

    /// All violations so far.
    pub(crate) fn violations(&mut self) -> &mut Violations {
        self.out
    }

    /// Adds a violation.
    #[cold]
    pub fn broken(&mut self, rule: Rule, found: Actual) {
        let found = if self.is_secret { Actual::Nothing } else { found };
        self.out.add(&self.at, rule, None, found);
    }

    /// Adds a violation at another place than the rule's own: a JSON pointer relative to the record.
    #[cold]
    pub(crate) fn broken_at(&mut self, place: &'static str, rule: Rule, found: Actual) {
        self.out.add(&self.at, rule, Some(place), found);
    }
}

/// The rules, on both the plain and the other kind.
macro_rules! rules {
    ($($(#[doc = $doc:literal])* $rule:ident($($argument:ident: $ty:ty),*) $fails:expr => $limit:expr, $found:expr;)*) => {
        impl Checks<'_> {
            $(
                $(#[doc = $doc])*
                #[inline]
                pub fn $rule(&mut self, name: &'static str, $($argument: $ty),*) -> bool {
                    self.stated().$rule(name, $($argument),*)
                }
            )*
        }

        impl RuleCheck<'_, '_> {
            $(
                $(#[doc = $doc])*
                #[inline]
                pub fn $rule(&mut self, name: &'static str, $($argument: $ty),*) -> bool {
                    let is_broken = self.applies && $fails;
                    if is_broken {
                        self.broken(name, stringify!($rule), $limit, $found);
                    }
                    !is_broken
                }
            )*
        }
    };
}

rules! {
    /// A value is required.
    required(is_given: bool) !is_given => RuleLimit::None, Actual::Nothing;
    /// A value is not allowed.
    forbidden(is_given: bool) is_given => RuleLimit::None, Actual::Nothing;
    /// A value has no effect.
    ignored(is_given: bool) is_given => RuleLimit::None, Actual::Nothing;
    /// Text has at most so many characters.
    max_length(most: usize, text: &str) longer(text, most) => RuleLimit::Count(most), Actual::length(text);
    /// Text has at least so many characters.
    min_length(least: usize, text: &str) shorter(text, least) => RuleLimit::Count(least), Actual::length(text);
    /// A list has at most so many items.
    max_items(most: usize, items: usize) items > most => RuleLimit::Count(most), Actual::Items(items as u64);
    /// A list has at least so many items.
    min_items(least: usize, items: usize) items < least => RuleLimit::Count(least), Actual::Items(items as u64);
    /// A whole number is not less.
    minimum_integer(least: i64, value: i64) value < least => RuleLimit::Integer(least), Actual::Integer(value);
    /// A whole number is not more.
    maximum_integer(most: i64, value: i64) value > most => RuleLimit::Integer(most), Actual::Integer(value);
    /// A number is not less.
    minimum(least: f64, value: f64) value < least => RuleLimit::Number(least), Actual::Number(value);
    /// A number is not more.
    maximum(most: f64, value: f64) value > most => RuleLimit::Number(most), Actual::Number(value);
    /// Text is one of these.
    one_of(values: &'static [&'static str], text: &str)
        !values.contains(&text) => RuleLimit::Texts(values), Actual::text(text);
    /// A whole number is one of these.
    one_of_integers(values: &'static [i64], value: i64)
        !values.contains(&value) => RuleLimit::Integers(values), Actual::Integer(value);
    /// A number is one of these.
    one_of_numbers(values: &'static [f64], value: f64)
        !values.contains(&value) => RuleLimit::Numbers(values), Actual::Number(value);
    /// Text is an absolute URL of `http` or `https`.
    url(text: &str) !crate::check::is_url(text) => RuleLimit::None, Actual::text(text);
    /// Text is an absolute URL of `https`.
    https_url(text: &str) !crate::check::is_https_url(text) => RuleLimit::None, Actual::text(text);
    /// Text is a date and a time.
    date_time(text: &str) !crate::check::is_date_time(text) => RuleLimit::None, Actual::text(text);
    /// Text is base64.
    base64(text: &str) !crate::check::is_base64(text) => RuleLimit::None, Actual::text(text);
}

use crate::check::{longer, shorter};

impl Checks<'_> {
    /// Every text of a list is an absolute URL of `http` or `https`.
    pub fn urls(&mut self, name: &'static str, texts: &[String]) {
        self.each(name, "url", texts, crate::check::is_url);
    }

    /// Every text of a list is an absolute URL of `https`.
    pub fn https_urls(&mut self, name: &'static str, texts: &[String]) {
        self.each(name, "https_url", texts, crate::check::is_https_url);
    }

    fn each(&mut self, name: &'static str, kind: &'static str, texts: &[String], holds: fn(&str) -> bool) {
        for (index, text) in texts.iter().enumerate() {
            if !holds(text) {
                let rule = MadeRule { name, kind, limit: RuleLimit::None, when: "", because: "", of_items: true };
                let found = Actual::text(text);
                self.field(name).index(index).broken(Rule::made(rule, Strength::Stated), found);
            }
        }
    }
}

impl RuleCheck<'_, '_> {
    /// The documentation only implies it.
    #[inline]
    #[must_use]
    pub fn inferred(mut self) -> Self {
        self.strength = Strength::Inferred;
        self
    }

    /// Why the API has the rule.
    #[inline]
    #[must_use]
    pub fn because(mut self, because: &'static str) -> Self {
        self.because = because;
        self
    }

    /// A value is only allowed under another condition than the current one. That condition is named.
    #[inline]
    pub fn only(&mut self, name: &'static str, is_given: bool) -> bool {
        let is_broken = self.applies && is_given;
        if is_broken {
            self.broken(name, "only", RuleLimit::None, Actual::Nothing);
        }
        !is_broken
    }

    #[cold]
    fn broken(&mut self, name: &'static str, kind: &'static str, limit: RuleLimit, found: Actual) {
        let strength = if kind == "ignored" { Strength::Ignored } else { self.strength };
        let rule = MadeRule { name, kind, limit, when: self.when, because: self.because, of_items: false };
        self.checks.broken(Rule::made(rule, strength), found);
    }
}
