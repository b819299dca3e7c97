//! The changelog of a generated crate: `CHANGELOG.md` beside its spec, which people may edit, and which `codegen`
//! copies into the crate.

/// What a new changelog starts with.
const START: &str = "# Changelog\n";

/// The changelog with the section of a version on top, in place of one that it has already.
#[must_use]
pub fn with_entry(text: Option<&str>, entry: &str) -> String {
    let text = text.unwrap_or(START);
    let heading = entry.lines().next().unwrap_or_default();
    let entry = entry.trim_end();
    let sections = |text: &str| {
        let starts = text.match_indices("\n## ").map(|(at, _)| at + 1);
        let first = if text.starts_with("## ") { vec![0] } else { Vec::new() };
        first.into_iter().chain(starts).collect::<Vec<_>>()
    };
    let all = sections(text);
    let same = all.iter().position(|at| text[*at..].lines().next() == Some(heading));
    let (before, after) = match same {
        Some(index) => (&text[..all[index]], all.get(index + 1).map_or("", |end| &text[*end..])),
        None => match all.first() {
            Some(at) => (&text[..*at], &text[*at..]),
            None => (text, ""),
        },
    };
    let mut new = format!("{}\n\n{entry}\n", before.trim_end());
    if !after.is_empty() {
        new.push('\n');
        new.push_str(after);
    }
    new.trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::with_entry;

    #[test]
    fn the_newest_comes_first() {
        let first = with_entry(None, "## 0.2.0\n\n- One.\n");
        assert_eq!(first, "# Changelog\n\n## 0.2.0\n\n- One.\n");
        let second = with_entry(Some(&first), "## 0.3.0\n\n- Two.\n");
        assert_eq!(second, "# Changelog\n\n## 0.3.0\n\n- Two.\n\n## 0.2.0\n\n- One.\n");
        let again = with_entry(Some(&second), "## 0.3.0\n\n- Two, in other words.\n");
        assert_eq!(again, "# Changelog\n\n## 0.3.0\n\n- Two, in other words.\n\n## 0.2.0\n\n- One.\n");
    }

    #[test]
    fn what_people_wrote_on_top_stays() {
        let text = "# Changelog\n\nAll notable changes.\n\n## 0.1.0\n\n- First.\n";
        let new = with_entry(Some(text), "## 0.2.0\n\n- Second.");
        assert_eq!(new, "# Changelog\n\nAll notable changes.\n\n## 0.2.0\n\n- Second.\n\n## 0.1.0\n\n- First.\n");
    }
}
