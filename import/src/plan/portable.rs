//! Patterns in the portable part of regular expressions, where they only use other words for it.

use specwright_codegen::model::{Bound, LengthUnit};
use specwright_codegen::pattern::{Difference, Lengths, Pattern, Texts, difference};

use crate::openapi::Limits;

/// Copies that a pattern should rather not ask for.
const LONGEST_COUNT: u64 = 1000;

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
    if let Some(found) = before_each(rest).or_else(|| behind_start(rest)) {
        return found;
    }
    let Some(before) = rest.strip_suffix(")$") else { return pattern.to_owned() };
    let Some((before, inner)) = before.rsplit_once("(?<!") else { return pattern.to_owned() };
    if !is_balanced(inner) || !is_balanced(before) {
        return pattern.to_owned();
    }
    format!("^(?![\\s\\S]*(?:{inner})$){before}$")
}

/// `a(?!X)b` behind `^` as `^(?!aX)ab`, where `a` has one length.
fn behind_start(rest: &str) -> Option<String> {
    let (first, mut rest) = fixed(rest);
    let mut looks = String::new();
    while let Some(inner) = rest.strip_prefix("(?!") {
        let end = group_end(inner)?;
        looks.push_str(&format!("(?!{first}(?:{}))", &inner[..end]));
        rest = &inner[end + 1..];
    }
    let is_done = !looks.is_empty() && !first.is_empty() && !rest.contains("(?!") && !rest.contains("(?=");
    is_done.then(|| format!("^{looks}{first}{rest}"))
}

/// `a((?!X)b)+c$` behind `^` as `^(?!ab*X)ab+c$`, where `a`, `b` and `c` have one length each, and `X` is longer than `c`.
fn before_each(rest: &str) -> Option<String> {
    let (first, rest) = fixed(rest);
    let inner = rest.strip_prefix("((?!").or_else(|| rest.strip_prefix("(?:(?!"))?;
    let end = group_end(inner)?;
    let (look, rest) = (&inner[..end], &inner[end + 1..]);
    let each = atom(rest)?;
    let rest = rest[each.len()..].strip_prefix(')')?;
    let times = rest.chars().next().filter(|it| matches!(it, '+' | '*'))?;
    let (last, end) = fixed(&rest[1..]);
    let pattern = Pattern::parse(&format!("^(?:{look})")).ok()?;
    let is_longer = (0..=atoms(last)).all(|it| {
        let lengths = Lengths::exactly(it, LengthUnit::Plain);
        Texts::new(std::slice::from_ref(&pattern), &lengths).is_none()
    });
    (end == "$" && is_longer).then(|| format!("^(?!{first}{each}*(?:{look})){first}{each}{times}{last}$"))
}

/// What a pattern begins with that has one length, and the rest of it.
fn fixed(pattern: &str) -> (&str, &str) {
    let mut at = 0;
    while let Some(next) = atom(&pattern[at..]) {
        if pattern[at + next.len()..].starts_with(['*', '+', '?', '{']) {
            break;
        }
        at += next.len();
    }
    pattern.split_at(at)
}

fn atoms(mut pattern: &str) -> u64 {
    let mut count = 0;
    while let Some(next) = atom(pattern) {
        pattern = &pattern[next.len()..];
        count += 1;
    }
    count
}

/// The class or the character that a pattern begins with.
fn atom(pattern: &str) -> Option<&str> {
    let mut characters = pattern.char_indices();
    match characters.next()?.1 {
        '\\' => {
            let (at, escaped) = characters.next()?;
            let is_place = matches!(escaped, 'b' | 'B') || escaped.is_ascii_digit();
            (!is_place).then(|| &pattern[..at + escaped.len_utf8()])
        }
        '[' => {
            let mut is_escaped = false;
            for (at, it) in characters {
                match it {
                    _ if is_escaped => is_escaped = false,
                    '\\' => is_escaped = true,
                    ']' => return Some(&pattern[..=at]),
                    _ => {}
                }
            }
            None
        }
        '^' | '$' | '(' | ')' | '|' | '*' | '+' | '?' | '{' | '}' | ']' => None,
        other => Some(&pattern[..other.len_utf8()]),
    }
}

/// Where the group ends whose inside a text begins with.
fn group_end(inside: &str) -> Option<usize> {
    let mut at = 0;
    let mut open = 0_u32;
    while at < inside.len() {
        match atom(&inside[at..]) {
            Some(atom) => at += atom.len(),
            None => {
                match inside.as_bytes()[at] {
                    b'(' => open += 1,
                    b')' if open == 0 => return Some(at),
                    b')' => open -= 1,
                    b'[' | b'\\' => return None,
                    _ => {}
                }
                at += 1;
            }
        }
    }
    None
}

/// A pattern whose only count is one that patterns may not have, as one without it and the lengths that it stands for:
/// `^.{1,65536}$` is `^.*$`, and where nothing follows, `^.{1,65536}` is `^.`.
pub(super) fn long(pattern: &str) -> Option<(String, u64, Option<u64>)> {
    let (before, count) = pattern.strip_suffix('$').unwrap_or(pattern).strip_suffix('}')?.rsplit_once('{')?;
    let (least, most) = count.split_once(',').unwrap_or((count, count));
    let (least, most) = (least.parse::<u64>().ok()?, if most.is_empty() { None } else { Some(most.parse().ok()?) });
    let atom = before.strip_prefix('^')?;
    let is_class = |it: &str| it.starts_with('[') && it.ends_with(']') && !it[1..it.len() - 1].contains(['[', ']']);
    let is_atom = matches!(atom, "." | r"\S" | r"\s" | r"\w" | r"\d") || is_class(atom);
    if !is_atom || most.unwrap_or(least) <= LONGEST_COUNT {
        return None;
    }
    if pattern.ends_with('$') {
        return Some((format!("^{atom}*$"), least, most));
    }
    let times = if least == 1 { String::new() } else { format!("{{{least}}}") };
    (least <= LONGEST_COUNT).then(|| (format!("^{atom}{times}"), least, None))
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
    /// Whatever is of the format matches the pattern.
    Redundant,
    /// No text of the format is left.
    Nothing,
    /// Each says something that the other does not, or it is not known.
    More,
}

/// What a pattern and lengths say beside a format.
pub(super) fn beside_format(format: &str, pattern: Option<&str>, limits: &Limits) -> Beside {
    let parsed = |it: &str| Pattern::parse(it).ok();
    let of_format = format_pattern(format).filter(|_| format != "uri").and_then(parsed);
    let (Some(of_format), pattern) = (of_format, pattern.and_then(parsed)) else { return Beside::More };
    let mut lengths = Lengths::default();
    lengths.narrow(Bound::AtLeast, limits.min_length.unwrap_or_default(), LengthUnit::Plain);
    lengths.narrow(Bound::AtMost, limits.max_length.unwrap_or(u64::MAX), LengthUnit::Plain);
    let all: Vec<Pattern> = pattern.iter().chain([&of_format]).cloned().collect();
    if Texts::new(&all, &lengths).is_none() {
        return Beside::Nothing;
    }
    match pattern.map(|it| difference(&of_format, &it, &Lengths::default())) {
        Some(Difference::None) => Beside::Redundant,
        _ => Beside::More,
    }
}

/// All texts of a format, and perhaps a few more: the 31st of each month.
pub(super) fn format_pattern(format: &str) -> Option<&'static str> {
    Some(match format {
        "uuid" => "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        "ipv4" => r"^(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$",
        "date" => "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$",
        "date-time" => {
            r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$"
        }
        "decimal" => r"^-?[0-9]+(?:\.[0-9]+)?$",
        // A scheme, and characters of RFC 3986.
        "uri" => r"^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$",
        _ => return None,
    })
}

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
            ("^[a-z]((?!--|__)[a-z-_])+$", "^(?![a-z][a-z-_]*(?:--|__))[a-z][a-z-_]+$"),
            ("^[a-z]((?![_-]{2,})[a-z_-])+[a-z]$", "^(?![a-z][a-z_-]*(?:[_-]{2,}))[a-z][a-z_-]+[a-z]$"),
            // What stands behind may be refused too, where it was not.
            ("^((?!a)[a-z])+[a-z]$", "^((?!a)[a-z])+[a-z]$"),
            (r"^\/(?!\*)(?!.*\*.+)[a-z*]+$", r"^(?!\/(?:\*))(?!\/(?:.*\*.+))\/[a-z*]+$"),
            ("^[a-z]+(?!b)c$", "^[a-z]+(?!b)c$"),
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
    fn counts_that_are_lengths() {
        for (written, meant) in [
            ("^.{1,65536}$", Some(("^.*$", 1, Some(65_536)))),
            (r"^[\s\S]{0,2048}$", Some((r"^[\s\S]*$", 0, Some(2048)))),
            ("^[a-z]{2000,}$", Some(("^[a-z]*$", 2000, None))),
            ("^.{1,2097152}", Some(("^.", 1, None))),
            ("^.{1,100}$", None),
            ("^a.{1,2048}$", None),
            ("^[a][b]{1,2048}$", None),
            (".{1,2048}", None),
        ] {
            assert_eq!(super::long(written), meant.map(|(it, least, most)| (it.to_owned(), least, most)), "{written}");
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
