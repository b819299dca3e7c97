//! Look-ahead behind the `^` of a pattern: `^(?!-)[a-z-]+$` is one pattern that must match and one that must not. Each
//! alternative of a pattern may have its own.

use std::borrow::Cow;

use super::Pattern;

/// What must follow the start of a text, or must not.
#[derive(Clone, Debug)]
pub(super) struct Look {
    is_wanted: bool,
    pattern: Pattern,
}

impl Look {
    pub(super) fn holds(&self, text: &str) -> bool {
        self.pattern.is_match(text) == self.is_wanted
    }
}

/// The look-ahead of a pattern, and the pattern without it.
pub(super) fn split(text: &str) -> Result<(Vec<Look>, Cow<'_, str>), String> {
    let mut looks = Vec::new();
    let Some(mut rest) = text.strip_prefix('^') else { return Ok((looks, text.into())) };
    loop {
        let is_wanted = rest.starts_with("(?=");
        if is_wanted || rest.starts_with("(?!") {
            let end = end_of_group(rest).ok_or("`(` without `)`")?;
            let pattern = Pattern::parse(&format!("^(?:{})", &rest[3..end]))?;
            looks.push(Look { is_wanted, pattern });
            rest = &rest[end + 1..];
        } else if let Some(after) = rest.strip_prefix('^') {
            rest = after;
        } else {
            break;
        }
    }
    if looks.is_empty() {
        return Ok((looks, text.into()));
    }
    Ok((looks, format!("^{rest}").into()))
}

/// The patterns that must all match, and those that must not. Of alternatives it is the first.
pub(super) fn expand(patterns: &[Pattern]) -> (Vec<Pattern>, Vec<Pattern>) {
    let (mut wanted, mut refused) = (Vec::new(), Vec::new());
    for pattern in patterns {
        wanted.push(Pattern { program: pattern.program.clone(), looks: Vec::new(), others: Vec::new() });
        for look in &pattern.looks {
            if look.is_wanted { &mut wanted } else { &mut refused }.push(look.pattern.clone());
        }
    }
    (wanted, refused)
}

/// The place of the `)` that closes the group at the start.
fn end_of_group(text: &str) -> Option<usize> {
    scan(text, |open, _| open == 0)
}

/// The alternatives of a pattern, if one of them begins with look-ahead.
pub(super) fn alternatives(text: &str) -> Option<(&str, Vec<&str>)> {
    if !text.contains("(?=") && !text.contains("(?!") {
        return None;
    }
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(end) = end_of_alternative(rest) {
        all.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
    all.push(rest);
    let (first, others) = all.split_first()?;
    (!others.is_empty()).then(|| (*first, others.to_vec()))
}

/// The place of the first `|` outside of groups.
fn end_of_alternative(text: &str) -> Option<usize> {
    scan(text, |open, it| open == 0 && it == '|')
}

/// The place of the first character outside of classes and escapes of which `is_end` says so: it is given the groups that are
/// open behind the character.
fn scan(text: &str, is_end: impl Fn(usize, char) -> bool) -> Option<usize> {
    let mut open = 0_usize;
    let mut characters = text.char_indices();
    let mut in_class = false;
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            other => {
                open = match other {
                    '(' => open + 1,
                    ')' => open.saturating_sub(1),
                    _ => open,
                };
                if is_end(open, other) {
                    return Some(at);
                }
            }
        }
    }
    None
}
