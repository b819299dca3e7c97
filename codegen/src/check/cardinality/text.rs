//! Texts of some lengths that match some patterns. A format is a pattern that takes at least all that the format does.

use super::automaton::{Automaton, Lengths};
use super::{Count, Limits};
use crate::interpret::pattern::Pattern;
use crate::model::{Constraint, LengthUnit, Type};

/// At least what the interpreter takes for a URL.
const URL: &str = "^[hH][tT][tT][pP][sS]?://[^ \\t\\r\\n]+$";
const HTTPS_URL: &str = "^[hH][tT][tT][pP][sS]://[^ \\t\\r\\n]+$";
/// Groups of four, then perhaps two or three symbols, padded or not.
const BASE64: &str = "^([dD][aA][tT][aA]:[^,]*;[bB][aA][sS][eE]64,)?([A-Za-z0-9+/_-]{4})*([A-Za-z0-9+/_-]{2}(==)?|[A-Za-z0-9+/_-]{3}=?)?$";

/// At most how many texts satisfy the constraints; more than `enough` may be [`Count::Many`].
pub(super) fn count(ty: &Type, limits: Limits<'_>, enough: u64) -> Count {
    let lengths = lengths(limits);
    if lengths.is_empty() {
        return Count::NONE;
    }
    let patterns = patterns(ty, limits);
    if patterns.is_empty() {
        return if lengths.is_only_zero() { Count::ONE } else { Count::Many };
    }
    Automaton::new(&patterns).count(&lengths, enough)
}

/// A short text that satisfies the constraints and is none of those that `taken` knows.
pub(crate) fn example(ty: &Type, limits: Limits<'_>, taken: &dyn Fn(&str) -> bool) -> Option<String> {
    Automaton::new(&patterns(ty, limits)).example(&lengths(limits), taken)
}

fn patterns(ty: &Type, limits: Limits<'_>) -> Vec<Pattern> {
    let format = match ty {
        Type::Url => Some(URL),
        Type::HttpsUrl => Some(HTTPS_URL),
        Type::Base64 => Some(BASE64),
        _ => None,
    };
    let own = limits.own_constraints().filter_map(|it| match it {
        Constraint::Pattern(pattern) => Some(pattern.as_str()),
        _ => None,
    });
    // A pattern that cannot be read is reported elsewhere, and takes everything.
    own.chain(format).filter_map(|it| Pattern::parse(it).ok()).collect()
}

fn lengths(limits: Limits<'_>) -> Lengths {
    let mut lengths = Lengths::default();
    for constraint in limits.own_constraints() {
        match constraint {
            Constraint::MinLength(least, LengthUnit::Plain) => lengths.least = lengths.least.max(*least),
            Constraint::MinLength(least, LengthUnit::HanDouble) => {
                lengths.least_weight = lengths.least_weight.max(*least)
            }
            Constraint::MaxLength(most, LengthUnit::Plain) => lengths.most = lengths.most.min(*most),
            Constraint::MaxLength(most, LengthUnit::HanDouble) => lengths.most_weight = lengths.most_weight.min(*most),
            _ => {}
        }
    }
    lengths
}
