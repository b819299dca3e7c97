//! The difference of two texts in a few lines, for `--check`.

/// Lines shown around a change.
const CONTEXT: usize = 3;
/// Lines shown in all.
const MOST_LINES: usize = 40;
/// A line is cut after this many characters.
const LINE_LENGTH: usize = 160;
/// Above this many pairs of lines the changed middle is shown as replaced whole, to stay linear.
const MOST_PAIRS: usize = 1_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edit {
    Keep,
    Remove,
    Add,
}

/// One line of the edit script, with the line numbers it stands at (from 0) in the old and the new text.
struct Step<'a> {
    edit: Edit,
    line: &'a str,
    old: usize,
    new: usize,
}

/// The first changes from `old` to `new` as a unified diff with three lines of context; at most 40 lines.
/// Empty when the texts are equal but for line ends.
#[must_use]
pub fn line_diff(old: &str, new: &str) -> String {
    let steps = edit_script(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
    let mut text = String::new();
    let mut shown = 0;
    let mut next = 0;
    while let Some(change) = (next..steps.len()).find(|&it| steps[it].edit != Edit::Keep) {
        let start = change.saturating_sub(CONTEXT).max(next);
        let end = hunk_end(&steps, change);
        text.push_str(&format!("@@ -{} +{} @@\n", steps[start].old + 1, steps[start].new + 1));
        for step in &steps[start..end] {
            if shown == MOST_LINES {
                let left = steps[next.max(start)..].iter().filter(|it| it.edit != Edit::Keep).count();
                text.push_str(&format!("… and more (at most {left} changed lines in all from here)\n"));
                return text;
            }
            let sign = match step.edit {
                Edit::Keep => ' ',
                Edit::Remove => '-',
                Edit::Add => '+',
            };
            text.push(sign);
            text.extend(step.line.chars().take(LINE_LENGTH));
            if step.line.chars().nth(LINE_LENGTH).is_some() {
                text.push('…');
            }
            text.push('\n');
            shown += 1;
        }
        next = end;
    }
    text
}

/// One past the last line of the hunk that holds `change`: changes nearer than two contexts belong together.
fn hunk_end(steps: &[Step<'_>], change: usize) -> usize {
    let mut last = change;
    for (index, step) in steps.iter().enumerate().skip(change) {
        if step.edit != Edit::Keep {
            last = index;
        } else if index - last > 2 * CONTEXT {
            break;
        }
    }
    (last + 1 + CONTEXT).min(steps.len())
}

/// Common start and end are set apart; between them goes the longest common subsequence.
fn edit_script<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Step<'a>> {
    let same_start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[same_start..], &new[same_start..]);
    let same_end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - same_end], &new_rest[..new_rest.len() - same_end]);

    let mut steps: Vec<Step<'a>> = Vec::with_capacity(old.len() + new_middle.len());
    let mut at = (0, 0);
    let mut push = |edit: Edit, line: &'a str| {
        steps.push(Step { edit, line, old: at.0, new: at.1 });
        at.0 += usize::from(edit != Edit::Add);
        at.1 += usize::from(edit != Edit::Remove);
    };
    old[..same_start].iter().for_each(|line| push(Edit::Keep, line));
    if old_middle.len().saturating_mul(new_middle.len()) > MOST_PAIRS {
        old_middle.iter().for_each(|line| push(Edit::Remove, line));
        new_middle.iter().for_each(|line| push(Edit::Add, line));
    } else {
        diff_middle(old_middle, new_middle, &mut push);
    }
    old_rest[old_middle.len()..].iter().for_each(|line| push(Edit::Keep, line));
    steps
}

fn diff_middle<'a>(old: &[&'a str], new: &[&'a str], push: &mut impl FnMut(Edit, &'a str)) {
    let width = new.len() + 1;
    // common[i * width + j]: length of the longest common subsequence of old[i..] and new[j..].
    let mut common = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push(Edit::Keep, old[i]);
            i += 1;
            j += 1;
        } else if j == new.len() || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            push(Edit::Remove, old[i]);
            i += 1;
        } else {
            push(Edit::Add, new[j]);
            j += 1;
        }
    }
}
