//! Patterns in the portable part of regular expressions, where they only use other words for it.

use specwright_codegen::pattern::{Difference, Lengths, Pattern, difference};

/// A pattern in the portable part: look-behind at the end as look-ahead at the start, and what [`respelt`] does.
pub(super) fn portable(pattern: &str) -> String {
    ahead(&respelt(pattern))
}

/// `^a(?<!X)$` as `^(?![\s\S]*X$)a$`, and `^((?!X).)*$` as `^(?!.*X).*$`.
fn ahead(pattern: &str) -> String {
    let Some(rest) = pattern.strip_prefix('^') else { return pattern.to_owned() };
    if let Some((inner, _)) =
        rest.strip_prefix("((?!").or(rest.strip_prefix("(?:(?!")).and_then(|it| it.rsplit_once(").)"))
        && [").)*$", ").)+$"].iter().any(|it| rest.ends_with(it))
        && is_balanced(inner)
    {
        let times = if rest.ends_with("+$") { '+' } else { '*' };
        return format!("^(?!.*(?:{inner})).{times}$");
    }
    let Some(before) = rest.strip_suffix(")$") else { return pattern.to_owned() };
    let Some((before, inner)) = before.rsplit_once("(?<!") else { return pattern.to_owned() };
    if !is_balanced(inner) || !is_balanced(before) {
        return pattern.to_owned();
    }
    format!("^(?![\\s\\S]*(?:{inner})$){before}$")
}

/// A pattern that matches what two others match.
pub(super) fn both(one: &str, other: &str) -> String {
    let body = |it: &str| match it.strip_prefix('^').filter(|rest| !has_alternatives(rest)) {
        Some(rest) => rest.to_owned(),
        None => format!("[\\s\\S]*?(?:{it})"),
    };
    // What looks ahead itself stays at the start.
    let (first, second) = if one.starts_with("^(?") { (other, one) } else { (one, other) };
    format!("^(?={}){}", body(first), body(second))
}

/// What a pattern says beside a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Whatever matches the pattern is of the format.
    Implied,
    /// Whatever is of the format matches the pattern.
    Redundant,
    /// Each says something that the other does not, or it is not known.
    More,
}

/// What a pattern says beside a format that takes no limits.
pub(super) fn beside_format(format: &str, pattern: Option<&str>) -> Beside {
    // Texts of a format, and whether these are all texts that the pattern here matches.
    let (of_format, is_exact) = match format {
        "uuid" => (UUID, true),
        "ipv4" => (IPV4, true),
        "date" => ("^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$", false),
        "date-time" => (
            r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$",
            false,
        ),
        _ => return Beside::More,
    };
    let parsed = |it: &str| Pattern::parse(it).ok();
    let Some((of_format, pattern)) = parsed(of_format).zip(pattern.and_then(parsed)) else { return Beside::More };
    let lengths = Lengths::default();
    if is_exact && difference(&pattern, &of_format, &lengths) == Difference::None {
        return Beside::Implied;
    }
    match difference(&of_format, &pattern, &lengths) {
        Difference::None => Beside::Redundant,
        Difference::Text(_) | Difference::Unknown => Beside::More,
    }
}

pub(super) const UUID: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
pub(super) const IPV4: &str = r"^(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$";

/// A pattern that matches what one of several matches.
pub(super) fn either(patterns: &[String]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for pattern in patterns {
        if !kept.contains(&pattern.as_str()) {
            kept.push(pattern);
        }
    }
    kept.join("|")
}

/// The pattern of some texts.
pub(super) fn literals<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let escaped = |text: &str| {
        let mut out = String::new();
        for it in text.chars() {
            if "\\^$.|?*+()[]{}/".contains(it) {
                out.push('\\');
            }
            out.push(it);
        }
        out
    };
    let all: Vec<String> = texts.map(escaped).collect();
    format!("^(?:{})$", all.join("|"))
}

/// A pattern for texts of some lengths.
pub(super) fn lengths(least: Option<u64>, most: Option<u64>) -> Option<String> {
    let (least, most) = (least.unwrap_or_default(), most.map(|it| it.to_string()).unwrap_or_default());
    // More copies than that are refused.
    (least <= 1000 && most.len() < 4).then(|| format!("^[\\s\\S]{{{least},{most}}}$"))
}

/// Whether the groups of a piece of a pattern open and close in it.
fn is_balanced(piece: &str) -> bool {
    let mut open = 0_i32;
    each(piece, |it| open += i32::from(it == '(') - i32::from(it == ')'));
    open == 0
}

fn has_alternatives(pattern: &str) -> bool {
    let (mut open, mut found) = (0, false);
    each(pattern, |it| {
        open += i32::from(it == '(') - i32::from(it == ')');
        found |= it == '|' && open == 0;
    });
    found
}

/// The characters outside of classes and escapes.
fn each(pattern: &str, mut see: impl FnMut(char)) {
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(it) = characters.next() {
        match it {
            '\\' => {
                characters.next();
            }
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            other => see(other),
        }
    }
}

/// `(?<name>…)` as `(…)`, `\A` as `^`, and brackets that stand for themselves with a backslash.
fn respelt(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '\\' => match rest.next() {
                Some('A') => out.push('^'),
                Some('z' | 'Z') => out.push('$'),
                Some('x') => code(&mut rest, 2, &mut out, 'x'),
                Some('u') => code(&mut rest, 4, &mut out, 'u'),
                Some('f') => out.push('\u{c}'),
                Some('v') => out.push('\u{b}'),
                Some('h') => out.push_str(if in_class { " \\t" } else { "[ \\t]" }),
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
            // A brace that begins no count.
            '{' if !in_class && !begins_count(rest.clone()) => out.push_str("\\{"),
            '}' if !in_class && !ends_count(&out) => out.push_str("\\}"),
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

/// A character that is written as its number.
fn code(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, digits: usize, out: &mut String, sign: char) {
    let written: String = rest.clone().take(digits).collect();
    let found = u32::from_str_radix(&written, 16).ok().and_then(char::from_u32);
    match found.filter(|_| written.len() == digits) {
        Some(it) => {
            rest.nth(digits - 1);
            if it.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(it);
        }
        None => out.extend(['\\', sign]),
    }
}

fn begins_count(rest: std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let inner: String = rest.take_while(|it| *it != '}').collect();
    inner.starts_with(|it: char| it.is_ascii_digit()) && inner.chars().all(|it| it.is_ascii_digit() || it == ',')
}

fn ends_count(out: &str) -> bool {
    out.rsplit_once('{').is_some_and(|(before, inner)| {
        !before.ends_with('\\') && !inner.is_empty() && inner.chars().all(|it| it.is_ascii_digit() || it == ',')
    })
}

#[cfg(test)]
mod tests {
    use super::{both, either, literals, portable};

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
            ("^(?!-)[a-z-]+(?<!-)$", r"^(?![\s\S]*(?:-)$)(?!-)[a-z-]+$"),
            ("^((?!ab).)*$", "^(?!.*(?:ab)).*$"),
            (r"[\x00-\x1f\u0041]", "[\0-\u{1f}A]"),
            ("{{a}}", r"\{\{a\}\}"),
            ("a{1,2}b{3}", "a{1,2}b{3}"),
            ("[^]a]", r"[^\]a]"),
            ("a]", r"a\]"),
        ] {
            assert_eq!(portable(written), meant, "{written}");
        }
    }

    #[test]
    fn patterns_together() {
        assert_eq!(both("^a+$", "b"), r"^(?=a+$)[\s\S]*?(?:b)");
        assert_eq!(both("^(?!c)a", "^b$"), "^(?=b$)(?!c)a");
        assert_eq!(either(&["^a$".to_owned(), "^(?!b)c".to_owned(), "^a$".to_owned()]), "^a$|^(?!b)c");
        assert_eq!(literals(["a.b", "c"].into_iter()), r"^(?:a\.b|c)$");
    }
}
