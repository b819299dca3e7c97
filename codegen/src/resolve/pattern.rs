//! The portable subset of regular expressions, which JavaScript, Python, RE2 and Rust read alike.
//!
//! Literals, `.`, classes, `^`, `$`, quantifiers, groups and alternation; no look-around, no back-references, no flags.

/// The longest pattern.
const LONGEST: usize = 2000;
/// How deep groups may nest.
const DEEPEST: usize = 50;
/// The largest count in a quantifier.
const MOST: u32 = 10_000;

/// What is wrong with a pattern.
pub(super) fn problem(pattern: &str) -> Option<String> {
    if pattern.len() > LONGEST {
        return Some(format!("longer than {LONGEST} bytes"));
    }
    Checker { rest: pattern.chars().collect(), at: 0 }.check().err()
}

struct Checker {
    rest: Vec<char>,
    at: usize,
}

impl Checker {
    fn check(&mut self) -> Result<(), String> {
        let mut depth = 0;
        // Whether a quantifier may follow.
        let mut quantifiable = false;
        while let Some(it) = self.next() {
            match it {
                '(' => {
                    depth += 1;
                    if depth > DEEPEST {
                        return Err("groups are nested too deep".to_owned());
                    }
                    self.group_start()?;
                    quantifiable = false;
                }
                ')' if depth == 0 => return Err("`)` without `(`".to_owned()),
                ')' => {
                    depth -= 1;
                    quantifiable = true;
                }
                '|' | '^' | '$' => quantifiable = false,
                '*' | '+' | '?' | '{' => {
                    if !quantifiable {
                        return Err(format!("nothing for `{it}` to repeat"));
                    }
                    if it == '{' {
                        self.counts()?;
                    }
                    if self.peek() == Some('?') {
                        self.at += 1;
                    }
                    quantifiable = false;
                }
                '[' => {
                    self.class()?;
                    quantifiable = true;
                }
                ']' | '}' => return Err(format!("`{it}` stands alone; write `\\{it}`")),
                '\\' => quantifiable = self.escape(false)?.is_some(),
                _ => quantifiable = true,
            }
        }
        if depth > 0 { Err("`(` without `)`".to_owned()) } else { Ok(()) }
    }

    fn group_start(&mut self) -> Result<(), String> {
        if self.peek() != Some('?') {
            return Ok(());
        }
        self.at += 1;
        match self.next() {
            Some(':') => Ok(()),
            Some('=' | '!' | '<') => Err("look-around and named groups are not portable".to_owned()),
            _ => Err("only `(…)` and `(?:…)` are portable groups".to_owned()),
        }
    }

    /// `3}`, `3,}`, `3,5}`
    fn counts(&mut self) -> Result<(), String> {
        let low = self.count()?;
        let high = match self.next() {
            Some('}') => return Ok(()),
            Some(',') if self.peek() == Some('}') => None,
            Some(',') => Some(self.count()?),
            _ => return Err("a quantifier is `{3}`, `{3,}` or `{3,5}`; a literal `{` is `\\{`".to_owned()),
        };
        if self.next() != Some('}') {
            return Err("`{` without `}`".to_owned());
        }
        if high.is_some_and(|high| high < low) {
            return Err("a quantifier whose minimum is above its maximum".to_owned());
        }
        Ok(())
    }

    fn count(&mut self) -> Result<u32, String> {
        let mut digits = String::new();
        while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
            digits.push(digit);
            self.at += 1;
        }
        if digits.is_empty() {
            return Err("a quantifier is `{3}`, `{3,}` or `{3,5}`; a literal `{` is `\\{`".to_owned());
        }
        digits.parse().ok().filter(|it| *it <= MOST).ok_or(format!("a quantifier above {MOST}"))
    }

    fn class(&mut self) -> Result<(), String> {
        if self.peek() == Some('^') {
            self.at += 1;
        }
        if self.peek() == Some(']') {
            return Err("an empty class; a literal `]` is `\\]`".to_owned());
        }
        let mut before: Option<char> = None;
        loop {
            let it = match self.next() {
                None => return Err("`[` without `]`".to_owned()),
                Some(']') => return Ok(()),
                Some('[') => return Err("`[` in a class; write `\\[`".to_owned()),
                Some('&') if self.peek() == Some('&') => return Err("`&&` in a class is not portable".to_owned()),
                Some('~') if self.peek() == Some('~') => return Err("`~~` in a class is not portable".to_owned()),
                Some('-') if before.is_some() && self.peek().is_some_and(|it| it != ']') => {
                    let high = match self.next() {
                        Some('\\') => self.escape(true)?,
                        other => other,
                    };
                    match (before.take(), high) {
                        (Some(low), Some(high)) if low <= high && high != '[' => continue,
                        _ => return Err("a range whose start is above its end".to_owned()),
                    }
                }
                Some('\\') => self.escape(true)?,
                other => other,
            };
            before = it;
        }
    }

    /// What an escape stands for: one character, or nothing for a class (in a class) and an anchor (outside).
    fn escape(&mut self, in_class: bool) -> Result<Option<char>, String> {
        match self.next() {
            None => Err("`\\` at the end".to_owned()),
            Some('d' | 'D' | 'w' | 'W' | 's' | 'S') => Ok(if in_class { None } else { Some('x') }),
            Some('n') => Ok(Some('\n')),
            Some('r') => Ok(Some('\r')),
            Some('t') => Ok(Some('\t')),
            Some('b' | 'B') if !in_class => Ok(None),
            Some(it) if it.is_ascii_digit() => Err("back-references are not portable".to_owned()),
            Some(it) if it.is_ascii_alphabetic() => Err(format!("the escape `\\{it}` is not portable")),
            Some(it) => Ok(Some(it)),
        }
    }

    fn next(&mut self) -> Option<char> {
        let it = self.peek();
        self.at += usize::from(it.is_some());
        it
    }

    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn portable_patterns_pass_and_others_are_named() {
        for fine in [
            "",
            "^[a-z]+$",
            "a|b|",
            "(a(?:b))*",
            r"\d{3}-\w+?",
            "[^\\]-]",
            "[a-]",
            "[-a]",
            "^#[0-9A-Fa-f]{6}$",
            "a{2,}b{1,3}",
            r"^https://[^/]+/\S*$",
            "日本+",
            r"\.\*\\",
            "[\\w-]+",
            r"\bword\b",
            "[a-z\\d_]",
        ] {
            assert_eq!(problem(fine), None, "{fine}");
        }
        for bad in [
            "(",
            ")",
            "a)",
            "[",
            "[]",
            "[z-a]",
            "*a",
            "a**",
            "a{2,1}",
            "a{",
            "a{x}",
            "(?=a)",
            "(?<name>a)",
            "(?i)a",
            r"\1",
            "\\",
            r"\p{L}",
            "]",
            "}",
            "^*",
            "[a&&b]",
            "a{99999}",
            "[[a]]",
            "(?",
            "[a-\\",
            "[a-",
        ] {
            assert!(problem(bad).is_some(), "{bad}");
        }
        assert!(problem(&"(".repeat(1000)).is_some());
    }
}
