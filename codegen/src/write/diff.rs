//! The difference of two texts in a few lines, for `--check`.

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines shown around a change.
const CONTEXT: usize = 3;
/// Lines shown in all.
const MOST_LINES: usize = 40;
/// A line is cut after this many characters.
const LINE_LENGTH: usize = 160;
/// Longer texts are compared up to this line only: what is shown is the first changes.
const MOST_COMPARED: usize = 2_000;

/// The first changes from `old` to `new` as a unified diff with three lines of context; at most 40 lines.
/// Empty when the texts are equal but for line ends.
#[must_use]
pub fn line_diff(old: &str, new: &str) -> String {
    diff(old, new, MOST_LINES, MOST_COMPARED)
}

/// All changes from `old` to `new` as a unified diff with three lines of context.
#[must_use]
pub fn whole_diff(old: &str, new: &str) -> String {
    diff(old, new, usize::MAX, usize::MAX)
}

fn diff(old: &str, new: &str, most_lines: usize, most_compared: usize) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let start = same.saturating_sub(CONTEXT);
    let end = |lines: &[&str]| lines.len().min(start.saturating_add(most_compared));
    let (old_part, new_part) = (&old[start..end(&old)], &new[start..end(&new)]);
    let is_all = end(&old) == old.len() && end(&new) == new.len();
    let ops = capture_diff_slices(Algorithm::Myers, old_part, new_part);
    let mut text = String::new();
    let mut shown = 0;
    for hunk in group_diff_ops(ops, CONTEXT) {
        let Some(first) = hunk.first() else { continue };
        text.push_str(&format!(
            "@@ -{} +{} @@\n",
            start + first.old_range().start + 1,
            start + first.new_range().start + 1
        ));
        for change in hunk.iter().flat_map(|it: &DiffOp| it.iter_changes(old_part, new_part)) {
            if shown == most_lines {
                text.push_str("… and more\n");
                return text;
            }
            text.push(match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            });
            let line = change.value();
            text.extend(line.chars().take(LINE_LENGTH));
            if line.chars().nth(LINE_LENGTH).is_some() {
                text.push('…');
            }
            text.push('\n');
            shown += 1;
        }
    }
    if !is_all {
        text.push_str("… and perhaps more\n");
    }
    text
}
