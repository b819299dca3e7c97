//! Text of a pattern → its tree. What is not portable is refused, and the error is the words of a diagnostic.

use std::ops::RangeInclusive;

use super::{Class, Node};

/// Groups inside groups at most: parsing, building and dropping the tree recurse.
const DEEPEST: usize = 50;

/// Copies that `{n,m}` may ask for.
const MOST_COPIES: u32 = 10_000;

/// How counts are written.
const COUNTS: &str = "a quantifier is `{3}`, `{3,}` or `{3,5}`; a literal `{` is `\\{`";
const CLASS_OPEN: &str = "`[` without `]`";

pub(super) fn parse(text: &str) -> Result<Node, String> {
    let mut parser = Parser { left: text.chars().collect(), at: 0, depth: 0 };
    let node = parser.either()?;
    match parser.peek() {
        None => Ok(node),
        Some(other) => Err(format!("`{other}` without `(`")),
    }
}

struct Parser {
    left: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.left.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Node, String> {
        let mut all = vec![self.sequence()?];
        while self.eat('|') {
            all.push(self.sequence()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Either(all) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut all = Vec::new();
        while self.peek().is_some_and(|it| it != '|' && it != ')') {
            let node = self.atom()?;
            all.push(self.repeated(node)?);
        }
        Ok(match all.len() {
            0 => Node::Empty,
            1 => all.remove(0),
            _ => Node::Sequence(all),
        })
    }

    fn repeated(&mut self, node: Node) -> Result<Node, String> {
        let Some(quantifier) = self.peek().filter(|it| is_quantifier(*it)) else { return Ok(node) };
        if matches!(node, Node::Start | Node::End | Node::Boundary(_)) {
            return Err(nothing_to_repeat(quantifier));
        }
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at += 1;
                let bounds = self.bounds()?;
                self.at -= 1;
                bounds
            }
            _ => return Ok(node),
        };
        self.at += 1;
        // Lazy or not, the same texts match.
        self.eat('?');
        if let Some(second) = self.peek().filter(|it| is_quantifier(*it)) {
            return Err(nothing_to_repeat(second));
        }
        Ok(Node::Repeat { node: Box::new(node), least, most })
    }

    /// `2}`, `2,}`, `2,5}`: leaves the place one behind the brace.
    fn bounds(&mut self) -> Result<(u32, Option<u32>), String> {
        let least = self.number()?;
        let most = if !self.eat(',') {
            Some(least)
        } else if self.peek() == Some('}') {
            None
        } else {
            Some(self.number()?)
        };
        if !self.eat('}') {
            return Err(COUNTS.to_owned());
        }
        if most.is_some_and(|it| it < least) {
            return Err("a quantifier whose minimum is above its maximum".to_owned());
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Result<u32, String> {
        let mut number: Option<u32> = None;
        while let Some(digit) = self.peek().and_then(|it| it.to_digit(10)) {
            self.at += 1;
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
        }
        match number {
            Some(number) if number > MOST_COPIES => Err(format!("a quantifier above {MOST_COPIES}")),
            Some(number) => Ok(number),
            None => Err(COUNTS.to_owned()),
        }
    }

    fn atom(&mut self) -> Result<Node, String> {
        match self.next() {
            Some('^') => Ok(Node::Start),
            Some('$') => Ok(Node::End),
            Some('.') => Ok(Node::Set(line_character())),
            Some('[') => self.class().map(Node::Set),
            Some('(') => self.group(),
            Some('\\') if matches!(self.peek(), Some('b' | 'B')) => Ok(Node::Boundary(self.next() == Some('b'))),
            Some('\\') => Ok(match self.escape()? {
                Escape::One(character) => Node::One(character),
                Escape::Set(class) => Node::Set(class),
            }),
            Some(quantifier) if is_quantifier(quantifier) => Err(nothing_to_repeat(quantifier)),
            Some(bracket @ (']' | '}')) => Err(format!("`{bracket}` stands alone; write `\\{bracket}`")),
            Some(character) => Ok(Node::One(character)),
            None => Err("unexpected end".to_owned()),
        }
    }

    fn group(&mut self) -> Result<Node, String> {
        if self.eat('?') && !self.eat(':') {
            return Err(match self.peek() {
                Some('=' | '!' | '<') => "look-around and named groups are not portable".to_owned(),
                _ => "only `(…)` and `(?:…)` are portable groups".to_owned(),
            });
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("groups are nested too deep".to_owned());
        }
        let node = self.either()?;
        self.depth -= 1;
        if self.eat(')') { Ok(node) } else { Err("`(` without `)`".to_owned()) }
    }

    fn class(&mut self) -> Result<Class, String> {
        let mut class = Class { negated: self.eat('^'), ranges: Vec::new(), inner: Vec::new() };
        if self.peek() == Some(']') {
            return Err("an empty class; a literal `]` is `\\]`".to_owned());
        }
        loop {
            let first = match self.next() {
                None => return Err(CLASS_OPEN.to_owned()),
                Some(']') => return Ok(class),
                Some('[') => return Err("`[` in a class; write `\\[`".to_owned()),
                Some(twice @ ('&' | '~')) if self.peek() == Some(twice) => {
                    return Err(format!("`{twice}{twice}` in a class is not portable"));
                }
                Some('\\') => self.escape()?,
                Some(character) => Escape::One(character),
            };
            let is_range = self.peek() == Some('-') && self.left.get(self.at + 1).is_some_and(|it| *it != ']');
            match first {
                Escape::Set(_) if is_range => {
                    return Err("a range that begins with a class; a literal `-` is `\\-`".to_owned());
                }
                Escape::Set(set) => class.inner.push(set),
                Escape::One(start) if is_range => {
                    self.at += 1;
                    let end = match self.next() {
                        Some('\\') => self.escape()?,
                        Some('[') => return Err("`[` in a class; write `\\[`".to_owned()),
                        Some(character) => Escape::One(character),
                        None => return Err(CLASS_OPEN.to_owned()),
                    };
                    match end {
                        Escape::One(end) if start <= end => class.ranges.push(start..=end),
                        Escape::One(_) => return Err("a range whose start is above its end".to_owned()),
                        Escape::Set(_) => return Err("a range that ends with a class".to_owned()),
                    }
                }
                Escape::One(character) => class.ranges.push(character..=character),
            }
        }
    }

    fn escape(&mut self) -> Result<Escape, String> {
        let Some(character) = self.next() else { return Err("`\\` at the end".to_owned()) };
        Ok(match character {
            'd' => Escape::Set(set(false, &['0'..='9'])),
            'D' => Escape::Set(set(true, &['0'..='9'])),
            'w' => Escape::Set(set(false, &WORD)),
            'W' => Escape::Set(set(true, &WORD)),
            's' => Escape::Set(set(false, &SPACE)),
            'S' => Escape::Set(set(true, &SPACE)),
            'n' => Escape::One('\n'),
            'r' => Escape::One('\r'),
            't' => Escape::One('\t'),
            digit if digit.is_ascii_digit() => return Err("back-references are not portable".to_owned()),
            other if other.is_ascii_alphabetic() => return Err(format!("the escape `\\{other}` is not portable")),
            other => Escape::One(other),
        })
    }
}

fn is_quantifier(character: char) -> bool {
    matches!(character, '*' | '+' | '?' | '{')
}

fn nothing_to_repeat(quantifier: char) -> String {
    format!("nothing for `{quantifier}` to repeat")
}

enum Escape {
    One(char),
    Set(Class),
}

const WORD: [RangeInclusive<char>; 4] = ['a'..='z', 'A'..='Z', '0'..='9', '_'..='_'];
const SPACE: [RangeInclusive<char>; 10] = [
    '\t'..='\r',
    ' '..=' ',
    '\u{a0}'..='\u{a0}',
    '\u{1680}'..='\u{1680}',
    '\u{2000}'..='\u{200a}',
    '\u{2028}'..='\u{2029}',
    '\u{202f}'..='\u{202f}',
    '\u{205f}'..='\u{205f}',
    '\u{3000}'..='\u{3000}',
    '\u{feff}'..='\u{feff}',
];

fn set(negated: bool, ranges: &[RangeInclusive<char>]) -> Class {
    Class { negated, ranges: ranges.to_vec(), inner: Vec::new() }
}

/// What `.` takes: all but the ends of lines.
fn line_character() -> Class {
    set(true, &['\n'..='\n', '\r'..='\r', '\u{2028}'..='\u{2029}'])
}
