//! Patterns in the portable part of regular expressions, where they only use other words for it.

/// `(?<name>…)` as `(…)`, `\A` as `^`, and brackets that stand for themselves with a backslash.
pub(super) fn portable(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '\\' => match rest.next() {
                Some('A') => out.push('^'),
                Some('z' | 'Z') => out.push('$'),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                // The first character of a class, and the sign that turns it around.
                if rest.peek() == Some(&'^') {
                    rest.next();
                    out.push('^');
                }
                if rest.peek() == Some(&']') {
                    rest.next();
                    out.push_str("\\]");
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            ']' => out.push_str("\\]"),
            '(' if !in_class && rest.peek() == Some(&'?') => {
                let ahead: String = rest.clone().take(4).collect();
                let named = ahead.starts_with("?P<") || ahead.starts_with("?<") && !ahead[2..].starts_with(['=', '!']);
                out.push('(');
                if named {
                    for skipped in rest.by_ref() {
                        if skipped == '>' {
                            break;
                        }
                    }
                }
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::portable;

    #[test]
    fn other_words_for_the_same() {
        for (written, meant) in [
            ("^[a-z]+$", "^[a-z]+$"),
            (r"\A\w+\z", r"^\w+$"),
            ("[a[b]", r"[a\[b]"),
            ("(?<year>[0-9]{4})", "([0-9]{4})"),
            ("(?P<year>a)", "(a)"),
            ("(?<=a)b", "(?<=a)b"),
            ("(?:a)", "(?:a)"),
            ("[^]a]", r"[^\]a]"),
            ("a]", r"a\]"),
        ] {
            assert_eq!(portable(written), meant, "{written}");
        }
    }
}
