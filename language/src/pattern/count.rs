//! Several patterns at once, followed character by character: how many texts of some lengths match them all.
//!
//! Characters that no pattern tells apart are one kind. After so many characters, the texts that leave all patterns at
//! the same places are counted together, so that the work grows with the length and not with the number of texts. The
//! steps are bounded; when they run out, no count is given.

use std::collections::{BTreeMap, BTreeSet};

use super::{Instruction, Lengths, Pattern, is_word};
use crate::model::LengthUnit;

/// Places of patterns that are looked at for one question.
const MOST_STEPS: u64 = 200_000;
/// Characters that are alike to all patterns.
#[derive(Clone, Debug)]
struct Kind {
    /// One of them.
    character: char,
    count: u64,
    weight: u64,
}

/// Where all patterns are: `None` for one that has matched. The places are before what needs no character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    patterns: Vec<Option<BTreeSet<usize>>>,
    /// The kind of the last character, as far as `\b` asks.
    before: Before,
    /// What a Han character adds to the length; zero where nothing is weighed.
    extra: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    Nothing,
    Word,
    Other,
}

/// What follows a place.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    End,
    Character(char),
}

/// At most how many texts of these lengths match all patterns; `None`: many, which more than `enough` may be.
pub(crate) fn count(patterns: &[Pattern], lengths: &Lengths, enough: u64) -> Option<u64> {
    if patterns.iter().any(|it| !it.others.is_empty()) {
        return None;
    }
    // Those that must not match could only make it fewer.
    let (patterns, _) = super::look::expand(patterns);
    Automaton::new(&patterns, lengths.counts_weight()).count(lengths, enough)
}

/// Whether the texts of one pattern are texts of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// All of them are.
    None,
    /// This one is not, and none is shorter.
    Text(String),
    /// It would take too long to say.
    Unknown,
}

/// Whether all texts of these lengths that match one pattern match the other.
#[must_use]
pub fn difference(one: &Pattern, other: &Pattern, lengths: &Lengths) -> Difference {
    // Look-ahead could only leave fewer texts of the first; of the second it would be left out.
    let is_plain = |it: &Pattern| it.looks.is_empty() && it.others.is_empty();
    if !is_plain(other) || !one.others.is_empty() {
        return Difference::Unknown;
    }
    let patterns = [one.clone(), other.clone()];
    let mut automaton = Automaton::new(&patterns, false);
    let mut seen: BTreeSet<(State, u64)> = BTreeSet::new();
    let mut layer = vec![(automaton.start(), String::new())];
    let mut length = 0;
    while !layer.is_empty() {
        if automaton.steps > MOST_STEPS {
            return Difference::Unknown;
        }
        let mut next = Vec::new();
        for (state, text) in layer {
            // Where the other pattern has matched, whatever follows is its text too.
            if state.patterns[1].is_none() || !seen.insert((state.clone(), length.min(lengths.shortest()))) {
                continue;
            }
            if length >= lengths.shortest() && automaton.ends(&state, 0) && !automaton.ends(&state, 1) {
                return if one.is_match(&text) { Difference::Text(text) } else { Difference::Unknown };
            }
            if length < lengths.longest() {
                for kind in 0..automaton.kinds.len() {
                    let Some(after) = automaton.step_apart(&state, kind) else { continue };
                    let mut text = text.clone();
                    text.push(automaton.kinds[kind].character);
                    next.push((after, text));
                }
            }
        }
        layer = next;
        length += 1;
    }
    Difference::None
}

struct Automaton<'p> {
    patterns: &'p [Pattern],
    /// Whether a match may begin behind the start of the text.
    restarts: Vec<bool>,
    kinds: Vec<Kind>,
    steps: u64,
}

impl<'p> Automaton<'p> {
    fn new(patterns: &'p [Pattern], weighs: bool) -> Self {
        let restarts = patterns.iter().map(|it| can_match_later(it.program())).collect();
        Self { patterns, restarts, kinds: character_classes(patterns, weighs), steps: 0 }
    }

    fn count(mut self, lengths: &Lengths, enough: u64) -> Option<u64> {
        let mut layer = BTreeMap::from([(self.start(), 1_u64)]);
        let mut seen: BTreeSet<State> = BTreeSet::new();
        let mut found = 0_u64;
        let mut length = 0;
        loop {
            for (state, count) in &layer {
                if lengths.has(length, length + state.extra) && self.matches(state) {
                    found = found.saturating_add(*count);
                }
            }
            if found > enough || found == u64::MAX || self.steps > MOST_STEPS {
                return None;
            }
            if layer.is_empty() || length >= lengths.longest() {
                return Some(found);
            }
            // What is longer than there are places has gone in a circle, and could go on doing so.
            seen.extend(layer.keys().cloned());
            let past = length.saturating_sub(lengths.shortest());
            if lengths.longest() == u64::MAX && past > seen.len() as u64 {
                return if found == 0 { Some(0) } else { None };
            }
            let mut next: BTreeMap<State, u64> = BTreeMap::new();
            for (state, count) in layer {
                for at in 0..self.kinds.len() {
                    let Some(after) = self.step(&state, at, lengths) else { continue };
                    let more = count.saturating_mul(self.kinds[at].count);
                    let all = next.entry(after).or_default();
                    *all = all.saturating_add(more);
                }
            }
            layer = next;
            length += 1;
        }
    }

    fn start(&self) -> State {
        let patterns = self.patterns.iter().map(|_| Some(BTreeSet::from([0]))).collect();
        State { patterns, before: Before::Nothing, extra: 0 }
    }

    /// Whether a text that ends here matches.
    fn matches(&mut self, state: &State) -> bool {
        (0..self.patterns.len()).all(|at| self.ends(state, at))
    }

    /// Whether a text that ends here matches one of the patterns.
    fn ends(&mut self, state: &State, at: usize) -> bool {
        match &state.patterns[at] {
            None => true,
            Some(places) => self.epsilon_closure(at, places, state.before, Next::End).0,
        }
    }

    /// Where a character of a kind leads; `None`: nothing matches from there.
    fn step(&mut self, state: &State, kind: usize, lengths: &Lengths) -> Option<State> {
        let weight = self.kinds[kind].weight;
        // Where all patterns have matched there is nothing to look at, and the text goes on all the same.
        self.steps += 1;
        let mut next = self.step_apart(state, kind)?;
        if next.patterns.iter().any(|it| it.as_ref().is_some_and(BTreeSet::is_empty)) {
            return None;
        }
        next.extra = if lengths.counts_weight() { state.extra + weight - 1 } else { 0 };
        Some(next)
    }

    /// As [`step`](Self::step), where the first pattern alone has to match from there.
    fn step_apart(&mut self, state: &State, kind: usize) -> Option<State> {
        let character = self.kinds[kind].character;
        let mut patterns = Vec::with_capacity(state.patterns.len());
        for (at, places) in state.patterns.iter().enumerate() {
            let Some(places) = places else {
                patterns.push(None);
                continue;
            };
            let (matched, waiting) = self.epsilon_closure(at, places, state.before, Next::Character(character));
            if matched {
                patterns.push(None);
                continue;
            }
            let taken = waiting.into_iter().filter(|it| self.patterns[at].program()[*it].takes(character));
            let again = self.restarts[at].then_some(0);
            let places: BTreeSet<usize> = taken.map(|it| it + 1).chain(again).collect();
            if places.is_empty() && at == 0 {
                return None;
            }
            patterns.push(Some(places));
        }
        let before = if is_word(Some(character)) { Before::Word } else { Before::Other };
        Some(State { patterns, before, extra: 0 })
    }

    /// Whether a pattern matches without another character, and the places that wait for one.
    fn epsilon_closure(
        &mut self,
        at: usize,
        places: &BTreeSet<usize>,
        before: Before,
        next: Next,
    ) -> (bool, Vec<usize>) {
        let program = self.patterns[at].program();
        let mut open: Vec<usize> = places.iter().copied().collect();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut waiting = Vec::new();
        while let Some(place) = open.pop() {
            if !seen.insert(place) {
                continue;
            }
            self.steps += 1;
            match &program[place] {
                Instruction::Match => return (true, Vec::new()),
                Instruction::Jump(to) => open.push(*to),
                Instruction::Both(one, other) => open.extend([*one, *other]),
                Instruction::Start if before == Before::Nothing => open.push(place + 1),
                Instruction::End if next == Next::End => open.push(place + 1),
                Instruction::Boundary(wanted) => {
                    let after = matches!(next, Next::Character(it) if is_word(Some(it)));
                    if ((before == Before::Word) != after) == *wanted {
                        open.push(place + 1);
                    }
                }
                Instruction::Start | Instruction::End => {}
                Instruction::One(_) | Instruction::Set(_) => waiting.push(place),
            }
        }
        waiting.sort_unstable();
        (false, waiting)
    }
}

/// Whether a program gets anywhere from its first place where no text starts.
fn can_match_later(program: &[Instruction]) -> bool {
    let (mut open, mut seen) = (vec![0], BTreeSet::new());
    while let Some(place) = open.pop() {
        if !seen.insert(place) {
            continue;
        }
        match &program[place] {
            Instruction::Jump(to) => open.push(*to),
            Instruction::Both(one, other) => open.extend([*one, *other]),
            Instruction::End | Instruction::Boundary(_) => open.push(place + 1),
            Instruction::Start => {}
            Instruction::Match | Instruction::One(_) | Instruction::Set(_) => return true,
        }
    }
    false
}

/// All characters, by what the patterns tell apart.
fn character_classes(patterns: &[Pattern], weighs: bool) -> Vec<Kind> {
    const WORDS: [(u32, u32); 4] = [(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
    let programs = || patterns.iter().flat_map(Pattern::program);
    let boundaries = programs().any(|it| matches!(it, Instruction::Boundary(_)));
    let mut starts: BTreeSet<u32> = BTreeSet::from([0, 0xd800, 0xe000, 0x11_0000]);
    let mut add = |first: u32, last: u32| starts.extend([first, last + 1]);
    for instruction in programs() {
        match instruction {
            Instruction::One(it) => add(u32::from(*it), u32::from(*it)),
            Instruction::Set(class) => {
                for range in class.ranges() {
                    add(u32::from(*range.start()), u32::from(*range.end()));
                }
            }
            _ => {}
        }
    }
    if boundaries {
        WORDS.iter().for_each(|(first, last)| add(*first, *last));
    }
    if weighs {
        let mut han = false;
        for code in 0..0x11_0000 {
            let now = char::from_u32(code).is_some_and(weighs_two);
            if now != han {
                starts.insert(code);
                han = now;
            }
        }
    }
    let starts: Vec<u32> = starts.into_iter().collect();
    let mut kinds: BTreeMap<(Vec<bool>, bool, bool), Kind> = BTreeMap::new();
    for piece in starts.windows(2) {
        let Some(first) = char::from_u32(piece[0]) else { continue };
        let takes: Vec<bool> = programs().filter(|it| it.is_of_characters()).map(|it| it.takes(first)).collect();
        let (word, han) = (boundaries && is_word(Some(first)), weighs && weighs_two(first));
        let count = u64::from(piece[1] - piece[0]);
        let kind = kinds.entry((takes, word, han)).or_insert_with(|| Kind {
            character: first,
            count: 0,
            weight: if han { 2 } else { 1 },
        });
        kind.count += count;
    }
    kinds.into_values().collect()
}

fn weighs_two(character: char) -> bool {
    LengthUnit::HanDouble.weight(character) == 2
}
