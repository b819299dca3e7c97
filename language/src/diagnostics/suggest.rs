//! The nearest known name to a misspelt one, for "a parameter with a similar name exists".

/// Names longer than this are not compared: nobody mistypes a paragraph.
const LONGEST: usize = 100;
/// So many known names are looked at, so that a spec of thousands of faults and thousands of names stays linear.
/// Whoever knows more passes those that are nearest in the alphabet.
pub const MOST_KNOWN: usize = 1000;

/// The known name nearest to `wanted`, if one is near enough to be meant.
///
/// Case, `-` and `_` do not count; a third of the characters may differ, and the first of equally near names wins.
/// Only the first [`MOST_KNOWN`] names are looked at.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut wanted_folded = Vec::new();
    if !fold(wanted, &mut wanted_folded) {
        return None;
    }
    let mut rows = Rows::default();
    let mut candidate = Vec::new();
    let mut best: Option<(usize, &str)> = None;
    for name in known.into_iter().take(MOST_KNOWN) {
        if !fold(name, &mut candidate) {
            continue;
        }
        let limit = wanted_folded.len().max(candidate.len()) / 3;
        let limit = best.map_or(limit, |(least, _)| limit.min(least.saturating_sub(1)));
        if let Some(distance) = rows.edit_distance(&wanted_folded, &candidate, limit)
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The name without what does not count; `false` for one that is not compared.
fn fold(name: &str, folded: &mut Vec<char>) -> bool {
    folded.clear();
    if name.len() > 4 * LONGEST {
        return false;
    }
    folded.reserve(name.len());
    let kept = |it: &char| !matches!(it, '-' | '_');
    if name.is_ascii() {
        folded.extend(name.bytes().map(|it| char::from(it.to_ascii_lowercase())).filter(kept));
    } else {
        folded.extend(name.chars().flat_map(char::to_lowercase).filter(kept));
    }
    (1..=LONGEST).contains(&folded.len())
}

/// The rows of a table of distances, kept from one pair of names to the next.
#[derive(Default)]
struct Rows {
    two_above: Vec<usize>,
    above: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`, if at most `limit`.
    fn edit_distance(&mut self, a: &[char], b: &[char], limit: usize) -> Option<usize> {
        if a.len().abs_diff(b.len()) > limit || least_distance(a, b) > limit {
            return None;
        }
        for row in [&mut self.two_above, &mut self.above, &mut self.row] {
            row.clear();
            row.extend(0..=b.len());
        }
        for i in 1..=a.len() {
            self.row[0] = i;
            let mut least = i;
            for j in 1..=b.len() {
                let replaced = self.above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
                self.row[j] = replaced.min(self.above[j] + 1).min(self.row[j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    self.row[j] = self.row[j].min(self.two_above[j - 2] + 1);
                }
                least = least.min(self.row[j]);
            }
            // A swap takes up where the row above was.
            if least > limit + 1 {
                return None;
            }
            std::mem::swap(&mut self.two_above, &mut self.above);
            std::mem::swap(&mut self.above, &mut self.row);
        }
        Some(self.above[b.len()]).filter(|it| *it <= limit)
    }
}

/// A bound from below: how many characters the one has that the other lacks, wherever they stand.
fn least_distance(a: &[char], b: &[char]) -> usize {
    // No name has more than `LONGEST` characters.
    let mut surplus = [0_i8; 64];
    a.iter().for_each(|it| surplus[*it as usize % 64] += 1);
    b.iter().for_each(|it| surplus[*it as usize % 64] -= 1);
    // The surplus of all is that of the one over the other.
    let differences: usize = surplus.iter().map(|it| usize::from(it.unsigned_abs())).sum();
    (differences + a.len().abs_diff(b.len())) / 2
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["prompt", "model", "aspect_ratio", "duration_seconds"];
        for (wanted, expected) in [
            ("promt", Some("prompt")),
            ("Prompt", Some("prompt")),
            ("pormpt", Some("prompt")),
            ("aspectRatio", Some("aspect_ratio")),
            ("aspect-ratio", Some("aspect_ratio")),
            ("duration_second", Some("duration_seconds")),
            ("mdoel", Some("model")),
            ("style", None),
            ("", None),
            ("p", None),
        ] {
            assert_eq!(nearest(wanted, known), expected, "{wanted}");
        }
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
        assert_eq!(nearest("größe", ["grösse", "GRÖSSE", "breite"]), Some("grösse"));
    }

    #[test]
    fn the_first_of_equally_near_names_wins() {
        assert_eq!(nearest("pat", ["path", "part", "pet"]), Some("path"));
        assert_eq!(nearest("pest", ["path", "pet", "rest"]), Some("pet"));
        assert_eq!(nearest("pet", ["path", "pet"]), Some("pet"));
    }

    #[test]
    fn only_so_many_names_are_looked_at() {
        let known = std::cell::Cell::new(0);
        let names: Vec<String> = (0..3 * super::MOST_KNOWN).map(|it| format!("other{it}")).collect();
        let counted = names.iter().map(String::as_str).inspect(|_| known.set(known.get() + 1));
        assert_eq!(nearest("wanted", counted), None);
        assert_eq!(known.get(), super::MOST_KNOWN);
    }
}
