//! Matches text against a pattern in which `*` matches any run of characters.

/// Whether all of `text` matches. The run time for each `*` is linear in the text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_match_anything() {
        let yes = [("*", ""), ("*", "/a/b"), ("/a/*", "/a/"), ("/a/*/c", "/a/b/b/c"), ("a.b", "a.b"), ("*a*", "bab")];
        assert!(yes.iter().all(|(pattern, text)| matches(pattern, text)));
        let no = [("/a/*", "/a"), ("", "a"), ("a", "ab"), ("ab*ba", "aba"), ("*.x", "a.y"), ("a*b*c", "acb")];
        assert_eq!(no.iter().find(|(pattern, text)| matches(pattern, text)), None);
    }
}
