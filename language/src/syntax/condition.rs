//! Conditions and matchers.

use super::document::{ConditionDoc, MatcherDoc, MatcherKind, TestDoc};
use super::read;
use crate::diagnostics::{Diagnostics, decode};
use crate::yaml::{self, Kind, Node};

/// The most values a condition may list.
const MOST_VALUES: usize = 4096;
const WORDS: &[&str] = &["$present", "$absent", "$empty"];

/// A map of tests, or a list of such maps.
pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<ConditionDoc> {
    let any: Vec<Vec<TestDoc>> = match &node.kind {
        Kind::Seq(items) => items.iter().filter_map(|it| tests(it, out)).collect(),
        Kind::Scalar(_) | Kind::Map(_) => tests(node, out).into_iter().collect(),
    };
    if let Kind::Seq(items) = &node.kind
        && items.is_empty()
    {
        out.push(decode::empty("the condition", node.span));
    }
    (!any.is_empty()).then_some(ConditionDoc { any, span: node.span })
}

fn tests(node: &Node, out: &mut Diagnostics) -> Option<Vec<TestDoc>> {
    let entries = read::entries(node, "a condition", out)?;
    if entries.is_empty() {
        out.push(decode::empty("the condition", node.span));
        return None;
    }
    let tests: Vec<TestDoc> = entries
        .iter()
        .filter_map(|it| Some(TestDoc { path: it.name(), matcher: matcher(&it.value, true, out)? }))
        .collect();
    (!tests.is_empty()).then_some(tests)
}

/// Recursion ends with the tree's own depth, which the YAML stage limits.
fn matcher(node: &Node, may_be_list: bool, out: &mut Diagnostics) -> Option<MatcherDoc> {
    let kind = match &node.kind {
        Kind::Seq(items) if may_be_list => {
            if items.is_empty() {
                out.push(decode::empty("the list of values", node.span));
                return None;
            }
            if items.len() > MOST_VALUES {
                out.push(decode::too_many("values of a condition", items.len(), MOST_VALUES, node.span));
                return None;
            }
            MatcherKind::List(items.iter().filter_map(|it| matcher(it, false, out)).collect())
        }
        Kind::Seq(_) => {
            out.push(decode::wrong_kind("a value", node.describe(), node.span));
            return None;
        }
        Kind::Map(_) => {
            let mut map = read::Map::of(node, "a matcher", out)?;
            let not = map.require("not", out);
            map.finish(out);
            MatcherKind::Not(Box::new(matcher(not?, true, out)?))
        }
        Kind::Scalar(scalar) => match &*scalar.text {
            "$present" => MatcherKind::Present,
            "$absent" => MatcherKind::Absent,
            "$empty" => MatcherKind::Empty,
            text if text.starts_with('$') => {
                out.push(decode::unknown_word(text, WORDS, node.span));
                return None;
            }
            "" if scalar.style == yaml::Style::Plain => {
                out.push(decode::wrong_kind("a matcher", "nothing", node.span));
                return None;
            }
            _ if scalar.value() == yaml::Value::Null => MatcherKind::Null,
            _ => MatcherKind::Value(read::value(node, out).value),
        },
    };
    Some(MatcherDoc { span: node.span, kind })
}
