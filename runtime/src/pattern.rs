//! Patterns of JSON Schema, as far as they are portable, matched without compiling them.
//!
//! Literals, `.`, classes, `\d \w \s` and their opposites, `\b`, anchors, look-ahead, groups, alternation and
//! quantifiers. A pattern with anything else (look-behind, back references, `\p`), or one that takes too many steps, matches everything: a
//! client that cannot tell leaves it to the server.

/// The number of steps after which a match is abandoned. An ordinary pattern takes a few for each character.
const MOST_STEPS: u32 = 200_000;

/// The depth of nested calls at which a match is abandoned. A repeated group takes three for each repetition.
const MOST_DEPTH: u32 = 400;

/// Whether `pattern` matches somewhere in `text`, as JSON Schema's `pattern` does: `^` and `$` anchor it.
///
/// ```
/// use specwright_runtime::check::pattern;
/// assert!(pattern("seed-42", r"\d+$"));
/// assert!(!pattern("seed", r"^\d+$"));
/// ```
#[must_use]
pub fn pattern(text: &str, pattern: &str) -> bool {
    let mut matcher = Matcher { text, steps: 0, depth: 0, gave_up: false };
    let mut at = 0;
    loop {
        if matcher.alternatives(pattern, at, &mut |_, _| true) || matcher.gave_up {
            return true;
        }
        match text[at..].chars().next() {
            Some(character) => at += character.len_utf8(),
            // Matching stops at the first difference, and may not have reached the unsupported part.
            None => return !is_understood(pattern, 0),
        }
    }
}

fn is_understood(pattern: &str, depth: u32) -> bool {
    if depth >= MOST_DEPTH {
        return false;
    }
    let mut rest = pattern;
    loop {
        let Some(end) = end_of_alternative(rest) else { return false };
        let mut sequence = &rest[..end];
        while !sequence.is_empty() {
            let Some((atom, after)) = first_atom(sequence) else { return false };
            let Some((_, after)) = quantifier(after) else { return false };
            let well = match atom {
                Atom::Start | Atom::End | Atom::Boundary(_) => true,
                Atom::Group(inner) | Atom::Look(_, inner) => is_understood(inner, depth + 1),
                Atom::One(one) => is_one(one, 'a').is_some(),
            };
            if !well {
                return false;
            }
            sequence = after;
        }
        if end == rest.len() {
            return true;
        }
        rest = &rest[end + 1..];
    }
}

/// The rest of the pattern, which is called with its start position in the text.
type Next<'a, 't> = &'a mut dyn FnMut(&mut Matcher<'t>, usize) -> bool;

struct Matcher<'t> {
    text: &'t str,
    steps: u32,
    depth: u32,
    gave_up: bool,
}

/// One element of a sequence.
#[derive(Clone, Copy)]
enum Atom<'p> {
    Start,
    End,
    Boundary(bool),
    Group(&'p str),
    /// What must follow, or must not.
    Look(bool, &'p str),
    /// One character: a literal, `.`, an escape or a class.
    One(&'p str),
}

#[derive(Clone, Copy)]
struct Quantifier {
    least: usize,
    most: usize,
    lazy: bool,
}

impl<'t> Matcher<'t> {
    /// Abandons the match, so that everything matches.
    fn give_up(&mut self) -> bool {
        self.gave_up = true;
        true
    }

    fn alternatives(&mut self, pattern: &str, at: usize, next: Next<'_, 't>) -> bool {
        if self.depth >= MOST_DEPTH {
            return self.give_up();
        }
        self.depth += 1;
        let found = self.alternatives_inner(pattern, at, next);
        self.depth -= 1;
        found
    }

    fn alternatives_inner(&mut self, pattern: &str, at: usize, next: Next<'_, 't>) -> bool {
        let mut rest = pattern;
        loop {
            let Some(end) = end_of_alternative(rest) else { return self.give_up() };
            if self.sequence(&rest[..end], at, next) {
                return true;
            }
            if end == rest.len() {
                return false;
            }
            rest = &rest[end + 1..];
        }
    }

    fn sequence(&mut self, sequence: &str, at: usize, next: Next<'_, 't>) -> bool {
        self.steps += 1;
        if self.gave_up || self.steps > MOST_STEPS {
            return self.give_up();
        }
        if sequence.is_empty() {
            return next(self, at);
        }
        let Some((atom, rest)) = first_atom(sequence) else { return self.give_up() };
        let Some((times, rest)) = quantifier(rest) else { return self.give_up() };
        match atom {
            Atom::Start => at == 0 && self.sequence(rest, at, next),
            Atom::End => at == self.text.len() && self.sequence(rest, at, next),
            Atom::Boundary(wanted) => self.is_boundary(at) == wanted && self.sequence(rest, at, next),
            Atom::Look(wanted, inner) => {
                let found = self.alternatives(inner, at, &mut |_, _| true);
                self.gave_up || (found == wanted && self.sequence(rest, at, next))
            }
            Atom::One(one) => self.ones(one, times, rest, at, next),
            Atom::Group(inner) => self.groups(inner, times, 0, rest, at, next),
        }
    }

    /// Matches a repeated character in a loop, because texts are long.
    fn ones(&mut self, one: &str, times: Quantifier, rest: &str, from: usize, next: Next<'_, 't>) -> bool {
        let (mut at, mut count) = (from, 0);
        let fits = |matcher: &mut Self, at: usize| -> Option<usize> {
            let character = matcher.text[at..].chars().next()?;
            matcher.steps += 1;
            match is_one(one, character) {
                Some(fits) => fits.then_some(at + character.len_utf8()),
                None => {
                    matcher.gave_up = true;
                    None
                }
            }
        };
        while count < times.least {
            let Some(after) = fits(self, at) else { return self.gave_up };
            at = after;
            count += 1;
        }
        if times.lazy {
            loop {
                if self.sequence(rest, at, next) {
                    return true;
                }
                if count == times.most {
                    return false;
                }
                let Some(after) = fits(self, at) else { return self.gave_up };
                at = after;
                count += 1;
            }
        }
        let least_at = at;
        while count < times.most {
            let Some(after) = fits(self, at) else { break };
            at = after;
            count += 1;
        }
        loop {
            if self.gave_up || self.sequence(rest, at, next) {
                return true;
            }
            if at == least_at {
                return false;
            }
            at -= self.text[..at].chars().next_back().map_or(1, char::len_utf8);
        }
    }

    fn groups(
        &mut self,
        inner: &str,
        times: Quantifier,
        count: usize,
        rest: &str,
        at: usize,
        next: Next<'_, 't>,
    ) -> bool {
        let enough = count >= times.least;
        if enough && (times.lazy || count == times.most) && self.sequence(rest, at, next) {
            return true;
        }
        if count < times.most {
            let again = self.alternatives(inner, at, &mut |matcher, after| {
                // A repetition that matches nothing would never end.
                if after == at && count >= times.least {
                    return false;
                }
                matcher.groups(inner, times, count + 1, rest, after, next)
            });
            if again {
                return true;
            }
        }
        enough && !times.lazy && count != times.most && self.sequence(rest, at, next)
    }

    fn is_boundary(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back().is_some_and(is_word);
        let after = self.text[at..].chars().next().is_some_and(is_word);
        before != after
    }
}

/// The end of the first alternative: a `|` outside groups and classes, or the end of the pattern.
fn end_of_alternative(pattern: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(byte) = pattern.as_bytes().get(at) {
        match byte {
            b'|' => return Some(at),
            b')' => return None,
            b'\\' => at += 1 + pattern[at + 1..].chars().next()?.len_utf8(),
            b'[' => at = end_of_class(pattern, at)?,
            b'(' => at = end_of_group(pattern, at)?,
            _ => at += 1,
        }
    }
    Some(pattern.len())
}

/// The position after the `]` of the class that starts at `at`.
fn end_of_class(pattern: &str, at: usize) -> Option<usize> {
    let bytes = pattern.as_bytes();
    let mut at = at + 1;
    loop {
        match bytes.get(at)? {
            b']' => return Some(at + 1),
            b'\\' => at += 1 + pattern[at + 1..].chars().next()?.len_utf8(),
            _ => at += 1,
        }
    }
}

/// The position after the `)` of the group that starts at `at`.
fn end_of_group(pattern: &str, at: usize) -> Option<usize> {
    let bytes = pattern.as_bytes();
    let (mut at, mut open) = (at + 1, 1);
    while open > 0 {
        match bytes.get(at)? {
            b'(' => open += 1,
            b')' => open -= 1,
            b'\\' => at += pattern[at + 1..].chars().next()?.len_utf8(),
            b'[' => at = end_of_class(pattern, at)? - 1,
            _ => {}
        }
        at += 1;
    }
    Some(at)
}

fn first_atom(sequence: &str) -> Option<(Atom<'_>, &str)> {
    let bytes = sequence.as_bytes();
    let (atom, end) = match bytes[0] {
        b'^' => (Atom::Start, 1),
        b'$' => (Atom::End, 1),
        b'*' | b'+' | b'?' | b'{' | b'}' | b']' => return None,
        b'(' => {
            let end = end_of_group(sequence, 0)?;
            let inner = &sequence[1..end - 1];
            let atom = match inner.strip_prefix('?') {
                None => Atom::Group(inner),
                Some(kind) => match kind.as_bytes().first() {
                    Some(b':') => Atom::Group(&kind[1..]),
                    Some(b'=') => Atom::Look(true, &kind[1..]),
                    Some(b'!') => Atom::Look(false, &kind[1..]),
                    _ => return None,
                },
            };
            (atom, end)
        }
        b'[' => {
            let end = end_of_class(sequence, 0)?;
            (Atom::One(&sequence[..end]), end)
        }
        b'\\' => match bytes.get(1)? {
            b'b' => (Atom::Boundary(true), 2),
            b'B' => (Atom::Boundary(false), 2),
            _ => {
                let end = 1 + sequence[1..].chars().next()?.len_utf8();
                (Atom::One(&sequence[..end]), end)
            }
        },
        _ => {
            let end = sequence.chars().next()?.len_utf8();
            (Atom::One(&sequence[..end]), end)
        }
    };
    Some((atom, &sequence[end..]))
}

fn quantifier(rest: &str) -> Option<(Quantifier, &str)> {
    let (least, most, end) = match rest.as_bytes().first() {
        Some(b'*') => (0, usize::MAX, 1),
        Some(b'+') => (1, usize::MAX, 1),
        Some(b'?') => (0, 1, 1),
        Some(b'{') => {
            let end = rest.find('}')?;
            let inner = &rest[1..end];
            let (least, most) = inner.split_once(',').unwrap_or((inner, inner));
            let least = least.parse().ok()?;
            (least, if most.is_empty() { usize::MAX } else { most.parse().ok()? }, end + 1)
        }
        _ => return Some((Quantifier { least: 1, most: 1, lazy: false }, rest)),
    };
    let rest = &rest[end..];
    let after = rest.strip_prefix('?');
    let unsupported = least > most || rest.starts_with(['*', '+', '{']);
    (!unsupported).then_some((Quantifier { least, most, lazy: after.is_some() }, after.unwrap_or(rest)))
}

/// Whether one character matches. `None` if the pattern is not supported.
fn is_one(one: &str, character: char) -> Option<bool> {
    match one.as_bytes()[0] {
        b'.' if one.len() == 1 => Some(!matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')),
        b'\\' => is_escape(one[1..].chars().next()?, character),
        b'[' if one.len() > 1 => is_in_class(&one[1..one.len() - 1], character),
        _ => Some(one.starts_with(character)),
    }
}

fn is_escape(escape: char, character: char) -> Option<bool> {
    Some(match escape {
        'd' => character.is_ascii_digit(),
        'D' => !character.is_ascii_digit(),
        'w' => is_word(character),
        'W' => !is_word(character),
        's' => is_space(character),
        'S' => !is_space(character),
        _ => character == literal(escape)?,
    })
}

/// The character of an escape.
fn literal(escape: char) -> Option<char> {
    match escape {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'f' => Some('\u{c}'),
        'v' => Some('\u{b}'),
        it if it.is_ascii_alphanumeric() => None,
        it => Some(it),
    }
}

fn is_in_class(class: &str, character: char) -> Option<bool> {
    let (class, negated) = class.strip_prefix('^').map_or((class, false), |it| (it, true));
    let mut rest = class.chars();
    let mut found = false;
    while let Some(first) = rest.next() {
        let low = if first == '\\' {
            let escape = rest.next()?;
            if matches!(escape, 'd' | 'D' | 'w' | 'W' | 's' | 'S') {
                found |= is_escape(escape, character)?;
                continue;
            }
            literal(escape)?
        } else {
            first
        };
        let mut ahead = rest.clone();
        if ahead.next() != Some('-') || ahead.as_str().is_empty() {
            found |= character == low;
            continue;
        }
        let high = match ahead.next()? {
            '\\' => literal(ahead.next()?)?,
            other => other,
        };
        found |= (low..=high).contains(&character);
        rest = ahead;
    }
    Some(found != negated)
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// White space of ECMAScript, which counts the byte order mark.
fn is_space(character: char) -> bool {
    (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}'
}
