//! Rules over several parameters.

use super::document::{RuleDoc, RuleKindDoc, Text};
use super::read::{self, Map};
use super::{condition, entry};
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{Comparison, RuleKind};
use crate::source::{Span, Spanned};
use crate::yaml::{Kind, Node};

/// The longest symbols first, since `<` begins `<=`.
const COMPARISONS: &[(&str, Comparison)] = &[
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Vec<RuleDoc> {
    read::items(node, "rules", out).iter().filter_map(|it| rule(it, out)).collect()
}

fn rule(node: &Node, out: &mut Diagnostics) -> Option<RuleDoc> {
    let mut map = Map::of(node, "a rule", out)?;
    let written: Vec<Span> = RuleKind::KEYWORDS.iter().filter_map(|it| node.get(it)).map(|it| it.key.span).collect();
    match written.as_slice() {
        [] => out.push(decode::one_of_keys("a rule", &RuleKind::KEYWORDS, map.span())),
        [_] => {}
        [first, second, ..] => out.push(decode::keys_exclude("a rule has one kind", *first, *second)),
    }
    let any_of = list(&mut map, "any_of", out).map(RuleKindDoc::AnyOf);
    let exactly = list(&mut map, "exactly_one_of", out).map(RuleKindDoc::ExactlyOneOf);
    let at_most = list(&mut map, "at_most_one_of", out).map(RuleKindDoc::AtMostOneOf);
    let all_or_none = list(&mut map, "all_or_none", out).map(RuleKindDoc::AllOrNone);
    let requires = map.take("requires").and_then(|it| requires(it, out));
    let compare = map.take("compare").and_then(|it| compare(it, out));
    let sum = map.take("sum").map(|it| terms(it, out));
    let total_length = map.text("total_length", out);
    let same_kind = map.text("same_kind", out);
    let (mut minimum, mut maximum, mut han_double) = (None, None, false);
    if node.get("sum").is_some() || node.get("total_length").is_some() {
        minimum = map.whole_number("minimum", out);
        maximum = map.whole_number("maximum", out);
        if node.get("minimum").is_none() && node.get("maximum").is_none() {
            out.push(decode::one_of_keys("a rule that counts", &["minimum", "maximum"], map.span()));
        }
    }
    if node.get("total_length").is_some() {
        han_double = map.flag("han_double", out).is_some_and(|it| it.value);
    }
    let when_is_written = map.entry("when").is_some();
    let when = map.take("when").and_then(|it| condition::decode(it, out));
    let message = map.prose("message", out);
    let remarks = entry::remarks(&mut map, out);
    let span = map.span();
    map.finish(out);
    if written.len() != 1 || (when_is_written && when.is_none()) {
        return None;
    }
    let kind = any_of
        .or(exactly)
        .or(at_most)
        .or(all_or_none)
        .or(requires)
        .or(compare)
        .or(sum.map(|terms| RuleKindDoc::Sum { terms, minimum, maximum }))
        .or(total_length.map(|path| RuleKindDoc::TotalLength { path, han_double, minimum, maximum }))
        .or(same_kind.map(RuleKindDoc::SameKind))?;
    Some(RuleDoc { kind, when, message, remarks, span })
}

/// At least two names.
fn list(map: &mut Map<'_>, key: &'static str, out: &mut Diagnostics) -> Option<Vec<Text>> {
    let node = map.take(key)?;
    let names: Vec<Text> = read::items(node, "names", out).iter().filter_map(|it| read::text(it, out)).collect();
    if node.as_seq().is_some_and(|it| it.len() < 2) {
        let help = "with one name, use `required: true` in the parameter's `cases`";
        out.push(decode::bad_shape(&format!("`{key}` needs at least two names"), help, node.span));
        return None;
    }
    (names.len() >= 2).then_some(names)
}

fn requires(node: &Node, out: &mut Diagnostics) -> Option<RuleKindDoc> {
    let mut pairs = Vec::new();
    let entries = read::entries(node, "`requires`", out)?;
    for entry in entries {
        let needed = read::texts(&entry.value, out);
        if !needed.is_empty() {
            pairs.push((entry.name(), needed));
        } else if entry.value.as_seq().is_some_and(<[Node]>::is_empty) {
            out.push(decode::empty("requires", entry.value.span));
        }
    }
    if entries.is_empty() {
        out.push(decode::empty("requires", node.span));
    }
    (!pairs.is_empty()).then_some(RuleKindDoc::Requires(pairs))
}

/// `end > start`
fn compare(node: &Node, out: &mut Diagnostics) -> Option<RuleKindDoc> {
    let text = read::text(node, out)?;
    let found = text.value.find(['<', '>', '=', '!']).and_then(|at| {
        let (symbol, comparison) = COMPARISONS.iter().find(|(symbol, _)| text.value[at..].starts_with(symbol))?;
        let left = text.value[..at].trim();
        let right = text.value[at + symbol.len()..].trim();
        let plain = |it: &str| !it.is_empty() && !it.contains(['<', '>', '=', '!', ' ']);
        (plain(left) && plain(right)).then(|| {
            let name = |it: &str| Spanned::new(it.to_owned(), text.span);
            RuleKindDoc::Compare(name(left), *comparison, name(right))
        })
    });
    if found.is_none() {
        let help = "write two names with one of `<`, `<=`, `>`, `>=`, `==`, `!=` between them";
        out.push(decode::bad_text(&text.value, "a comparison", help, text.span));
    }
    found
}

fn terms(node: &Node, out: &mut Diagnostics) -> Vec<(Text, u64)> {
    let mut terms = Vec::new();
    match &node.kind {
        // Without weights: each counts 1.
        Kind::Seq(items) => terms.extend(items.iter().filter_map(|it| Some((read::text(it, out)?, 1)))),
        Kind::Scalar(_) | Kind::Map(_) => {
            for entry in read::entries(node, "`sum`", out).unwrap_or_default() {
                let weight = read::whole(&entry.value, out);
                if weight.is_some_and(|it| !(1..=1_000_000).contains(&it)) {
                    out.push(decode::out_of_bounds("the weight", "1 to 1000000", entry.value.span));
                } else {
                    terms.extend(weight.map(|weight| (entry.name(), weight)));
                }
            }
        }
    }
    let is_empty = node.as_seq().is_some_and(<[_]>::is_empty) || node.as_map().is_some_and(<[_]>::is_empty);
    if is_empty {
        out.push(decode::empty("sum", node.span));
    }
    terms
}
