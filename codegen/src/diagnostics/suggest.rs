//! The nearest known name to a misspelt one, for "a parameter with a similar name exists".

/// Names longer than this are not compared: nobody mistypes a paragraph.
const LONGEST: usize = 100;

/// The known name nearest to `wanted`, if one is near enough to be meant.
///
/// Case, `-` and `_` do not count; a third of the characters may differ, and the first of equally near names wins.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(wanted)?;
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let Some(candidate) = folded(name) else {
            continue;
        };
        let limit = wanted.len().max(candidate.len()) / 3;
        if wanted.len().abs_diff(candidate.len()) > limit {
            continue;
        }
        let distance = edit_distance(&wanted, &candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

fn folded(name: &str) -> Option<Vec<char>> {
    if name.len() > 4 * LONGEST {
        return None;
    }
    let characters: Vec<char> =
        name.chars().flat_map(char::to_lowercase).filter(|it| !matches!(it, '-' | '_')).collect();
    (1..=LONGEST).contains(&characters.len()).then_some(characters)
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut two_above: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(two_above[j - 2] + 1);
            }
        }
        two_above = std::mem::replace(&mut above, row);
    }
    above[b.len()]
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
    }
}
