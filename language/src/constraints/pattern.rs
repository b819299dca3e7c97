//! Texts of a form: `pattern`. Formats of types are patterns too, here.

use std::cell::RefCell;
use std::collections::VecDeque;

use serde_json::{Value, json};

use super::words::{Words, limit};
use super::{AppliesTo, ArgumentFault, ArgumentKind, BASE, Keyword, Measure, Schema, Written, count_range, of};
use crate::model::{Argument, Bound, Constraint, LengthUnit, TextFormat, Type};
use crate::pattern::{Lengths, Pattern, Texts, count};

/// Characters of what is made, at most.
pub(crate) const LONGEST: u64 = 30_000;

pub(super) const KEYWORDS: [Keyword; 1] = [Keyword {
    name: "pattern",
    words: Words::Own(
        |it| format!("must match {}", limit(it).unwrap_or_default()),
        |it| format!("matches {}", limit(it).unwrap_or_default()),
    ),
    argument: ArgumentKind::Text,
    applies_to: AppliesTo::Texts,
    constraint: |it, _| if let Written::Text(text) = it { Some(Constraint::Pattern(text.clone())) } else { None },
    fault: |it| match it {
        Written::Text(text) => Pattern::parse(text).err().map(ArgumentFault::Pattern),
        _ => None,
    },
    holds: |_, value| if value.is_string() { None } else { Some(true) },
    schema: |it| match it.argument() {
        Argument::Pattern(pattern) => Schema::Exact("pattern", json!(pattern)),
        _ => Schema::None,
    },
    boundary_values: |_, _| ["", " ", "!", "a", "A", "0", "\u{e9}"].map(Value::from).to_vec(),
    ..BASE
}];

/// At least what the interpreter takes for a URL.
const URL: &str = "^[hH][tT][tT][pP][sS]?://[^ \\t\\r\\n]+$";
const HTTPS_URL: &str = "^[hH][tT][tT][pP][sS]://[^ \\t\\r\\n]+$";
/// Groups of four, then perhaps two or three symbols, padded or not.
const BASE64: &str = "^([dD][aA][tT][aA]:[^,]*;[bB][aA][sS][eE]64,)?([A-Za-z0-9+/_-]{4})*([A-Za-z0-9+/_-]{2}(==)?|[A-Za-z0-9+/_-]{3}=?)?$";
const DATE_TIME: &str =
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";
const UUID: &str = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

/// What was counted, by patterns, lengths, and what is enough.
type Counted = ((String, Lengths, u64), Option<u64>);

/// Counts that are kept, per thread: records that contain each other ask about the same fields again and again.
const MOST_COUNTED: usize = 64;

thread_local! {
    static COUNTED: RefCell<VecDeque<Counted>> = RefCell::default();
}

/// The patterns of some constraints and of a type's format, which takes at least all that the format does.
pub(crate) fn patterns<'c>(ty: &Type, constraints: impl Iterator<Item = &'c Constraint>) -> Vec<Pattern> {
    // A pattern that cannot be read is reported elsewhere, and takes everything.
    texts_of_patterns(ty, constraints).filter_map(|it| Pattern::parse(it).ok()).collect()
}

fn texts_of_patterns<'c>(
    ty: &Type,
    constraints: impl Iterator<Item = &'c Constraint>,
) -> impl Iterator<Item = &'c str> {
    let format = match ty {
        Type::Url => Some(URL),
        Type::HttpsUrl => Some(HTTPS_URL),
        Type::Base64 => Some(BASE64),
        Type::DateTime => Some(DATE_TIME),
        Type::Formatted(TextFormat::Date) => Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        Type::Formatted(TextFormat::Uuid) => Some(UUID),
        Type::Formatted(TextFormat::Ipv4) => Some(r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$"),
        _ => None,
    };
    written(constraints).chain(format)
}

fn written<'c>(constraints: impl Iterator<Item = &'c Constraint>) -> impl Iterator<Item = &'c str> {
    constraints.filter_map(|it| if let Argument::Pattern(pattern) = it.argument() { Some(pattern) } else { None })
}

/// The lengths that some constraints allow.
pub(crate) fn lengths<'c>(constraints: impl Iterator<Item = &'c Constraint>) -> Lengths {
    let mut lengths = Lengths::default();
    for constraint in constraints.filter(|it| of(it).measure == Some(Measure::Characters)) {
        if let (Argument::Count(limit), Some(bound)) = (constraint.argument(), constraint.bound()) {
            lengths.narrow(bound, limit, constraint.unit());
        }
    }
    lengths
}

/// At most how many texts of a type satisfy the constraints; `None`: many, which more than `enough` may be.
pub(crate) fn count_texts<'c>(
    ty: &Type,
    constraints: impl Iterator<Item = &'c Constraint> + Clone,
    enough: u64,
) -> Option<u64> {
    let lengths = lengths(constraints.clone());
    if lengths.is_empty() {
        return Some(0);
    }
    // There are many texts of every format.
    if lengths == Lengths::default() && written(constraints.clone()).next().is_none() {
        return None;
    }
    let key = (texts_of_patterns(ty, constraints.clone()).collect::<Vec<_>>().join("\n"), lengths, enough);
    if let Some((_, known)) = COUNTED.with_borrow(|all| all.iter().find(|it| it.0 == key).cloned()) {
        return known;
    }
    let patterns = patterns(ty, constraints);
    let found =
        if patterns.is_empty() { lengths.is_only_zero().then_some(1) } else { count(&patterns, &lengths, enough) };
    COUNTED.with_borrow_mut(|all| {
        all.truncate(MOST_COUNTED - 1);
        all.push_front((key, found));
    });
    found
}

/// Texts for the patterns, the format and the limits of length together; other constraints are not looked at.
pub(crate) fn make_texts<'c>(ty: &Type, constraints: impl Iterator<Item = &'c Constraint> + Clone) -> Option<Texts> {
    let all = written(constraints.clone()).chain(made_format(ty)).map(Pattern::parse);
    let patterns: Vec<Pattern> = all.collect::<Result<_, _>>().ok()?;
    // Characters that count 1 are the plainer ones, and satisfy most limits that count others twice.
    let range = count_range(constraints.clone(), Measure::Characters);
    let mut plain = Lengths::default();
    plain.narrow(Bound::AtLeast, range.least, LengthUnit::Plain);
    let mut exact = lengths(constraints);
    for lengths in [&mut plain, &mut exact] {
        lengths.narrow(Bound::AtMost, LONGEST, LengthUnit::Plain);
    }
    plain.narrow(Bound::AtMost, range.most.unwrap_or(LONGEST), LengthUnit::Plain);
    Texts::new(&patterns, &plain).or_else(|| if exact == plain { None } else { Texts::new(&patterns, &exact) })
}

/// A format as a pattern: not all that it takes, but enough to make a text of.
fn made_format(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Url => Some(r"^https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#][!-~]*)?$"),
        Type::HttpsUrl => Some(r"^https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#][!-~]*)?$"),
        Type::DateTime => Some(concat!(
            r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
            r"(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
        )),
        Type::Formatted(format) => Some(format.pattern()),
        Type::Base64 => Some(concat!(
            "^(data:[a-z]+/[a-z0-9.+-]+;base64,)?([A-Za-z0-9+/_-]{4})*",
            "([A-Za-z0-9+/_-]{2}(==)?|[A-Za-z0-9+/_-]{3}=?)?$"
        )),
        _ => None,
    }
}
