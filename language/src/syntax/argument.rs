//! Arguments of constraints.

use super::entry::MOST_VALUES;
use super::read::{self, Map};
use crate::constraints::{ArgumentKind, Written};
use crate::diagnostics::{Diagnostics, decode};
use crate::model::Excluded;
use crate::yaml::Node;

pub(super) fn decode(kind: ArgumentKind, node: &Node, out: &mut Diagnostics) -> Option<Written> {
    match kind {
        ArgumentKind::Own => None,
        ArgumentKind::Flag => read::flag(node, out).map(|it| Written::Flag(it.value)),
        ArgumentKind::Number => read::number(node, out).map(Written::Number),
        ArgumentKind::Count => read::whole(node, out).map(Written::Count),
        ArgumentKind::Text => read::text(node, out).map(|it| Written::Text(it.value)),
        ArgumentKind::Scalar => read::scalar(node, out).map(|it| Written::Scalar(it.value)),
        ArgumentKind::Excluded => excluded(node, out).map(Written::Excluded),
    }
}

/// `{enum: […]}` or `{pattern: …}`.
fn excluded(node: &Node, out: &mut Diagnostics) -> Option<Excluded> {
    let mut map = Map::of(node, "what a value must not be", out)?;
    let values = map.take("enum");
    let pattern = map.text("pattern", out).map(|it| Excluded::Pattern(it.value));
    let values = values.map(|it| (it.span, read::items(it, "values", out)));
    let found = match (values, node.get("pattern")) {
        (Some(_), Some(pattern)) => {
            let why = "`not` has either an `enum` or a `pattern`";
            let listed = node.get("enum").map_or(node.span, |it| it.key.span);
            out.push(decode::keys_exclude(why, listed, pattern.key.span));
            None
        }
        (Some((span, items)), None) => {
            if items.is_empty() {
                out.push(decode::empty("enum", span));
            }
            if items.len() > MOST_VALUES {
                out.push(decode::too_many("values of an enum", items.len(), MOST_VALUES, span));
            }
            let values = items.iter().take(MOST_VALUES).filter_map(|it| read::scalar(it, out));
            Some(values.map(|it| it.value).collect::<Vec<_>>()).filter(|it| !it.is_empty()).map(Excluded::Values)
        }
        (None, Some(_)) => pattern,
        (None, None) => {
            out.push(decode::one_of_keys("`not`", &["enum", "pattern"], map.span()));
            None
        }
    };
    map.finish(out);
    found
}
