//! Regular expressions of `pattern`: the portable subset, read like ECMA-262 does, without backtracking.
//!
//! Literals, `.`, classes with ranges and `\d \w \s` (and their opposites), `^`, `$`, `\b` and `\B`, `* + ? {n,m}` (lazy
//! forms too, they do not change whether there is a match), groups, alternation, and look-ahead at the start: what stands
//! behind `^` alone is asked once for a text, so that it costs no more than another pattern. What cannot be carried over
//! to every validator (other look-around, back references, property classes) is refused when the pattern is parsed. The
//! runtime reads patterns with code of its own.
//!
//! A pattern is a list of instructions; matching follows all its threads at once (Thompson), so the time is at most
//! length of the program × length of the text, whatever the pattern. The program's size is bounded too.

mod count;
mod lengths;
mod look;
mod make;
mod parse;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The longest pattern, in bytes.
const LONGEST: usize = 4000;
/// Instructions of one program at most; `(a{99}){99}` is refused, not built.
const MOST_INSTRUCTIONS: usize = 10_000;

pub(crate) use count::count;
pub use count::{Difference, difference};
pub use lengths::Lengths;
pub use make::Texts;

/// Patterns that are kept read, per thread.
const MOST_KEPT: usize = 64;

thread_local! {
    static KEPT: RefCell<HashMap<String, Option<Rc<Pattern>>>> = RefCell::default();
}

/// A parsed pattern. It matches anywhere in a text unless anchored.
#[derive(Clone, Debug)]
pub struct Pattern {
    program: Vec<Instruction>,
    looks: Vec<look::Look>,
    /// Alternatives of which one has look-ahead of its own; the first is this pattern itself.
    others: Vec<Pattern>,
}

/// A set of characters.
#[derive(Clone, Debug, PartialEq)]
struct Class {
    negated: bool,
    ranges: Vec<RangeInclusive<char>>,
    /// Classes inside brackets: `[^\D]`.
    inner: Vec<Class>,
}

/// One step of a program. Those without a target go on with the next one.
#[derive(Clone, Debug, PartialEq)]
enum Instruction {
    One(char),
    Set(Class),
    Start,
    End,
    /// Between a character of a word and another, or nowhere like that.
    Boundary(bool),
    Jump(usize),
    Both(usize, usize),
    Match,
}

/// The tree of a pattern, before it becomes a program.
#[derive(Clone, Debug)]
enum Node {
    Empty,
    One(char),
    Set(Class),
    Start,
    End,
    Boundary(bool),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat { node: Box<Node>, least: u32, most: Option<u32> },
}

impl Pattern {
    /// Reads a pattern; the error says in words what is not taken.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("longer than {LONGEST} bytes"));
        }
        if let Some((first, others)) = look::alternatives(text) {
            let others = others.into_iter().map(Self::parse).collect::<Result<_, _>>()?;
            return Ok(Self { others, ..Self::parse(first)? });
        }
        let (looks, rest) = look::split(text)?;
        let node = parse::parse(&rest)?;
        let mut program = Vec::new();
        emit(&node, &mut program)?;
        program.push(Instruction::Match);
        Ok(Self { program, looks, others: Vec::new() })
    }

    /// The instructions; the first is where a match begins.
    fn program(&self) -> &[Instruction] {
        &self.program
    }

    /// As [`parse`](Self::parse), read only once per thread; `None` for what is no pattern. For values of requests, of
    /// which there may be millions.
    pub(crate) fn parse_cached(text: &str) -> Option<Rc<Self>> {
        KEPT.with_borrow_mut(|kept| {
            if let Some(pattern) = kept.get(text) {
                return pattern.clone();
            }
            if kept.len() >= MOST_KEPT {
                kept.clear();
            }
            let pattern = Self::parse(text).ok().map(Rc::new);
            kept.insert(text.to_owned(), pattern.clone());
            pattern
        })
    }

    /// Whether a match begins where the text does, or nowhere.
    fn is_anchored(&self) -> bool {
        self.program.first() == Some(&Instruction::Start)
    }

    /// Whether the pattern matches somewhere in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        (self.looks.iter().all(|it| it.holds(text)) && self.is_match_of_program(text))
            || self.others.iter().any(|it| it.is_match(text))
    }

    fn is_match_of_program(&self, text: &str) -> bool {
        let mut now = Threads::new(self.program.len());
        let mut next = Threads::new(self.program.len());
        let mut characters = text.chars();
        let mut before = None;
        loop {
            let character = characters.next();
            // An unanchored match may begin at every character.
            now.add(&self.program, 0, before, character);
            if now.matched {
                return true;
            }
            let Some(character) = character else { return false };
            next.clear();
            let after = characters.as_str().chars().next();
            for &at in &now.list {
                if self.program[at].takes(character) {
                    next.add(&self.program, at + 1, Some(character), after);
                }
            }
            std::mem::swap(&mut now, &mut next);
            before = Some(character);
        }
    }
}

/// Whether it is a character of a word; before and behind a text is none.
fn is_word(character: Option<char>) -> bool {
    character.is_some_and(|it| it.is_ascii_alphanumeric() || it == '_')
}

/// Places in the program that wait for the next character.
struct Threads {
    list: Vec<usize>,
    /// The round in which each place was last added: nothing has to be cleared between characters.
    seen: Vec<usize>,
    round: usize,
    matched: bool,
    /// Places that are still to be looked at; empty between calls, kept for its room.
    open: Vec<usize>,
}

impl Threads {
    fn new(size: usize) -> Self {
        Self { list: Vec::new(), seen: vec![0; size], round: 1, matched: false, open: Vec::new() }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.round += 1;
        self.matched = false;
    }

    /// Adds a place and all that it leads to without a character, between these two.
    fn add(&mut self, program: &[Instruction], place: usize, before: Option<char>, after: Option<char>) {
        self.open.push(place);
        while let Some(place) = self.open.pop() {
            if std::mem::replace(&mut self.seen[place], self.round) == self.round {
                continue;
            }
            match &program[place] {
                Instruction::Match => self.matched = true,
                Instruction::Jump(to) => self.open.push(*to),
                Instruction::Both(one, other) => self.open.extend([*one, *other]),
                Instruction::Start if before.is_none() => self.open.push(place + 1),
                Instruction::End if after.is_none() => self.open.push(place + 1),
                Instruction::Boundary(wanted) if (is_word(before) != is_word(after)) == *wanted => {
                    self.open.push(place + 1);
                }
                Instruction::Start | Instruction::End | Instruction::Boundary(_) => {}
                Instruction::One(_) | Instruction::Set(_) => self.list.push(place),
            }
        }
    }
}

impl Instruction {
    /// Whether it is one that takes this character.
    fn takes(&self, character: char) -> bool {
        match self {
            Self::One(it) => *it == character,
            Self::Set(class) => class.contains(character),
            Self::Start | Self::End | Self::Boundary(_) | Self::Jump(_) | Self::Both(..) | Self::Match => false,
        }
    }

    /// Whether it takes characters at all.
    fn is_of_characters(&self) -> bool {
        matches!(self, Self::One(_) | Self::Set(_))
    }
}

impl Class {
    /// The ends of these ranges are where the class tells neighbours apart.
    fn ranges(&self) -> Vec<&RangeInclusive<char>> {
        self.ranges.iter().chain(self.inner.iter().flat_map(Self::ranges)).collect()
    }

    fn contains(&self, character: char) -> bool {
        let inside =
            self.ranges.iter().any(|it| it.contains(&character)) || self.inner.iter().any(|it| it.contains(character));
        inside != self.negated
    }
}

fn emit(node: &Node, program: &mut Vec<Instruction>) -> Result<(), String> {
    if program.len() > MOST_INSTRUCTIONS {
        return Err("the pattern is too large".to_owned());
    }
    match node {
        Node::Empty => {}
        Node::One(character) => program.push(Instruction::One(*character)),
        Node::Set(class) => program.push(Instruction::Set(class.clone())),
        Node::Start => program.push(Instruction::Start),
        Node::End => program.push(Instruction::End),
        Node::Boundary(wanted) => program.push(Instruction::Boundary(*wanted)),
        Node::Sequence(all) => {
            for node in all {
                emit(node, program)?;
            }
        }
        Node::Either(all) => emit_either(all, program)?,
        Node::Repeat { node, least, most } => {
            for _ in 0..*least {
                if emit_nothing(node, program)? {
                    break;
                }
            }
            match most {
                None => {
                    let fork = program.len();
                    program.push(Instruction::Match);
                    emit(node, program)?;
                    program.push(Instruction::Jump(fork));
                    program[fork] = Instruction::Both(fork + 1, program.len());
                }
                Some(most) => emit_optional(node, most.saturating_sub(*least), program)?,
            }
        }
    }
    Ok(())
}

/// Emits a copy and tells whether it is empty: further copies then would only cost time.
fn emit_nothing(node: &Node, program: &mut Vec<Instruction>) -> Result<bool, String> {
    let before = program.len();
    emit(node, program)?;
    Ok(program.len() == before)
}

fn emit_either(all: &[Node], program: &mut Vec<Instruction>) -> Result<(), String> {
    let mut ends = Vec::new();
    for (index, node) in all.iter().enumerate() {
        if index + 1 == all.len() {
            emit(node, program)?;
            break;
        }
        let fork = program.len();
        program.push(Instruction::Match);
        emit(node, program)?;
        ends.push(program.len());
        program.push(Instruction::Match);
        program[fork] = Instruction::Both(fork + 1, program.len());
    }
    let end = program.len();
    for at in ends {
        program[at] = Instruction::Jump(end);
    }
    Ok(())
}

/// `node` up to `count` times: each copy may leave for the end.
fn emit_optional(node: &Node, count: u32, program: &mut Vec<Instruction>) -> Result<(), String> {
    let mut forks = Vec::new();
    for _ in 0..count {
        forks.push(program.len());
        program.push(Instruction::Match);
        if emit_nothing(node, program)? {
            break;
        }
    }
    let end = program.len();
    for fork in forks {
        program[fork] = Instruction::Both(fork + 1, end);
    }
    Ok(())
}

#[cfg(test)]
mod difference_tests;
#[cfg(test)]
mod make_tests;
#[cfg(test)]
mod tests;
