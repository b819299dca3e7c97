//! Generates text that matches patterns, for callers that have to generate a value.
//!
//! Several patterns and limits of length are taken together. The search walks the programs of all patterns at once,
//! character by character and shortest texts first; characters that no instruction tells apart are one choice. So each
//! text that is found stands for many more, in which characters are exchanged for others of their kind.

use std::collections::HashMap;

use super::{Instruction, Lengths, Pattern, Threads, is_word};
use crate::model::LengthUnit;

/// Kinds of texts that are looked for: `red`, `green` and `blue` of `^(red|green|blue)$`.
const MOST_KINDS: usize = 64;
/// Characters that are kept of one kind.
const MOST_MEMBERS: usize = 64;
/// How often texts of one kind may come to one point: once finds one text, more often finds its other kinds.
const VISITS: [usize; 3] = [1, 8, MOST_KINDS];
/// Steps from one character to the next, and places in programs that are looked at on the way.
const MOST_STEPS: usize = 100_000;
const MOST_PLACES: usize = 4_000_000;

/// Characters in the order in which they are chosen, as far as a pattern leaves a choice.
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890-_./:@#%+=&?!,;'\"()[]{}<>*$^|~`\\ ";
/// A character that counts twice, where any does.
const HAN: char = '字';

/// Texts that some patterns all match.
#[derive(Clone, Debug)]
pub struct Texts {
    /// Of each text the kinds of its characters.
    kinds: Vec<Vec<usize>>,
    /// Characters by kind.
    members: Vec<Vec<char>>,
}

impl Texts {
    /// Texts of these lengths that all patterns match; `None` where none was found. An empty text is found only where
    /// nothing else is.
    #[must_use]
    pub fn new(patterns: &[Pattern], lengths: &Lengths) -> Option<Self> {
        if lengths.is_empty() {
            return None;
        }
        let (wanted, refused) = super::look::expand(patterns);
        let all: Vec<Pattern> = wanted.iter().chain(&refused).cloned().collect();
        let alphabet = Alphabet::new(&all, lengths.counts_weight());
        // What one text of a kind does not match, none does.
        let is_refused = |kinds: &Vec<usize>| {
            let text: String = kinds.iter().filter_map(|it| alphabet.members[*it].first()).collect();
            refused.iter().any(|it| it.is_match(&text))
        };
        let run = |lengths: Lengths, visits| {
            let mut found = Search::new(&wanted, &alphabet, lengths).run(visits);
            found.retain(|it| !is_refused(it));
            found
        };
        let mut kinds = Vec::new();
        for visits in VISITS {
            let found = run(Lengths { least: lengths.least.max(1), ..*lengths }, visits);
            if found.len() <= kinds.len() && (refused.is_empty() || !kinds.is_empty()) {
                break;
            }
            kinds = found;
        }
        if kinds.is_empty() && lengths.has(0, 0) {
            kinds = run(Lengths::exactly(0, LengthUnit::Plain), 1);
        }
        (!kinds.is_empty()).then_some(Self { kinds, members: alphabet.members })
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        let sizes = |kinds: &Vec<usize>| kinds.iter().fold(1_u64, |all, it| all.saturating_mul(self.size(*it)));
        self.kinds.iter().map(sizes).fold(0, u64::saturating_add)
    }

    fn size(&self, kind: usize) -> u64 {
        self.members[kind].len() as u64
    }

    /// One text of many, each another one; `None` behind the last.
    #[must_use]
    pub fn nth(&self, n: u64) -> Option<String> {
        let mut left = n;
        for kinds in &self.kinds {
            let all = kinds.iter().fold(1, |all: u64, it| all.saturating_mul(self.size(*it)));
            if left < all {
                return Some(self.spelt(kinds, left));
            }
            left -= all;
        }
        None
    }

    /// The text of a kind whose last characters are moved on as a counter would.
    fn spelt(&self, kinds: &[usize], mut moved: u64) -> String {
        let mut text: Vec<char> = Vec::with_capacity(kinds.len());
        let mut places: Vec<usize> = Vec::with_capacity(kinds.len());
        // `abc` rather than `aaa`: each goes on where the one before it is.
        for (at, kind) in kinds.iter().enumerate() {
            let goes_on = at > 0 && kinds[at - 1] == *kind;
            places.push(if goes_on { places[at - 1] + 1 } else { 0 });
        }
        for (kind, place) in kinds.iter().zip(&places).rev() {
            let members = &self.members[*kind];
            let size = self.size(*kind);
            let at = (*place as u64 + moved % size) % size;
            moved /= size;
            text.extend(members.get(at as usize));
        }
        text.iter().rev().collect()
    }
}

/// Characters by what the instructions of some patterns say of them.
struct Alphabet {
    members: Vec<Vec<char>>,
    /// What each kind counts beyond 1.
    extra: Vec<u64>,
}

impl Alphabet {
    fn new(patterns: &[Pattern], weighs: bool) -> Self {
        let unit = if weighs { LengthUnit::HanDouble } else { LengthUnit::Plain };
        let mut named_by: Vec<&Instruction> = Vec::new();
        for instruction in patterns.iter().flat_map(|it| &it.program) {
            let takes = matches!(instruction, Instruction::One(_) | Instruction::Set(_));
            if takes && !named_by.contains(&instruction) {
                named_by.push(instruction);
            }
        }
        let mut named = Vec::new();
        named_by.iter().for_each(|it| it.name(&mut named));
        let mut by_sign: HashMap<Vec<bool>, usize> = HashMap::new();
        let mut members: Vec<Vec<char>> = Vec::new();
        let mut extra = Vec::new();
        for character in PLAIN.chars().chain(weighs.then_some(HAN)).chain(named) {
            let more = unit.weight(character) - 1;
            let taken = named_by.iter().map(|it| it.takes(character));
            let sign: Vec<bool> = taken.chain([is_word(Some(character)), more > 0]).collect();
            let kind = *by_sign.entry(sign).or_insert_with(|| {
                members.push(Vec::new());
                extra.push(more);
                members.len() - 1
            });
            let members = &mut members[kind];
            if members.len() < MOST_MEMBERS && !members.contains(&character) {
                members.push(character);
            }
        }
        Self { members, extra }
    }
}

impl Instruction {
    /// Characters that it tells apart from others, for those that are not among the plain ones.
    fn name(&self, out: &mut Vec<char>) {
        match self {
            Self::One(character) => out.push(*character),
            Self::Set(class) => class.name(out),
            _ => {}
        }
    }
}

impl super::Class {
    fn name(&self, out: &mut Vec<char>) {
        // Behind a range is what it does not hold.
        let beside = self.ranges.iter().filter_map(|it| char::from_u32(u32::from(*it.end()) + 1));
        let within = self.ranges.iter().flat_map(|it| it.clone().take(8).chain([*it.end()]));
        out.extend(within.chain(beside));
        self.inner.iter().for_each(|it| it.name(out));
    }
}

/// How far one pattern has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Progress {
    /// Places in its program that the last character led to.
    At(Vec<usize>),
    /// It matches, whatever comes.
    Matched,
}

/// A text that was begun.
struct Node {
    /// The text without its last character.
    parent: usize,
    /// The kind of its last character.
    kind: usize,
    last: Option<char>,
    /// What its characters count beyond 1 each.
    extra: u64,
    progress: Vec<Progress>,
}

/// Where a place leads to without a choice, so that ways that meet again are seen to be one.
fn landing(program: &[Instruction], place: usize) -> usize {
    let mut place = place;
    // Jumps lead forwards, or to a choice.
    while let Some(Instruction::Jump(to)) = program.get(place) {
        place = *to;
    }
    place
}

/// What tells two points of the search apart: how far each pattern is, whether it is the start, the length, and its bound.
type SearchState = (Vec<Progress>, bool, (u64, u64), u64);

struct Search<'p> {
    patterns: &'p [Pattern],
    alphabet: &'p Alphabet,
    lengths: Lengths,
    threads: Vec<Threads>,
    nodes: Vec<Node>,
    places: usize,
}

impl<'p> Search<'p> {
    fn new(patterns: &'p [Pattern], alphabet: &'p Alphabet, lengths: Lengths) -> Self {
        let threads = patterns.iter().map(|it| Threads::new(it.program.len())).collect();
        Self { patterns, alphabet, lengths, threads, nodes: Vec::new(), places: 0 }
    }

    /// The kinds of characters of texts that all patterns match.
    fn run(mut self, visits: usize) -> Vec<Vec<usize>> {
        let start = self.patterns.iter().map(|_| Progress::At(Vec::new())).collect();
        self.nodes.push(Node { parent: 0, kind: 0, last: None, extra: 0, progress: start });
        let mut found = Vec::new();
        // How often texts have come as far in the same way.
        let mut seen: HashMap<SearchState, usize> = HashMap::new();
        let mut level = vec![0];
        for length in 0..=self.lengths.longest() {
            for at in &level {
                if self.lengths.has(length, length + self.nodes[*at].extra) && self.is_end(*at) {
                    found.push(self.kinds(*at));
                    if found.len() >= MOST_KINDS {
                        return found;
                    }
                }
            }
            let mut next = Vec::new();
            for at in level {
                for kind in 0..self.alphabet.members.len() {
                    if self.nodes.len() > MOST_STEPS || self.places > MOST_PLACES {
                        return found;
                    }
                    let Some(node) = self.step(at, kind) else { continue };
                    let weight = length + node.extra;
                    let long = (length.min(self.lengths.least), weight.min(self.lengths.least_weight));
                    let key = (node.progress.clone(), is_word(node.last), long, node.extra);
                    let times = seen.entry(key).or_insert(0);
                    *times += 1;
                    if *times <= visits {
                        next.push(self.nodes.len());
                        self.nodes.push(node);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            level = next;
        }
        found
    }

    /// The text with another character; `None` where no match can come of it.
    fn step(&mut self, parent: usize, kind: usize) -> Option<Node> {
        let character = *self.alphabet.members[kind].first()?;
        let mut progress = Vec::with_capacity(self.patterns.len());
        for index in 0..self.patterns.len() {
            let now = self.reach(parent, index, Some(character));
            if now == Progress::Matched {
                progress.push(now);
                continue;
            }
            let Progress::At(places) = now else { continue };
            let program = &self.patterns[index].program;
            let taking = places.into_iter().filter(|it| program[*it].takes(character));
            let mut next: Vec<usize> = taking.map(|it| landing(program, it + 1)).collect();
            next.sort_unstable();
            next.dedup();
            // What has to begin with the text has begun.
            if next.is_empty() && self.patterns[index].is_anchored() {
                return None;
            }
            progress.push(Progress::At(next));
        }
        let extra = self.nodes[parent].extra + self.alphabet.extra[kind];
        Some(Node { parent, kind, last: Some(character), extra, progress })
    }

    fn is_end(&mut self, at: usize) -> bool {
        (0..self.patterns.len()).all(|index| self.reach(at, index, None) == Progress::Matched)
    }

    /// Where a pattern is between the text and what comes after it.
    fn reach(&mut self, at: usize, index: usize, after: Option<char>) -> Progress {
        let node = &self.nodes[at];
        let Progress::At(places) = &node.progress[index] else { return Progress::Matched };
        let (program, threads) = (&self.patterns[index].program, &mut self.threads[index]);
        threads.clear();
        for place in places {
            threads.add(program, *place, node.last, after);
        }
        // A match may begin anywhere.
        threads.add(program, 0, node.last, after);
        self.places += threads.list.len() + places.len() + 1;
        if threads.matched { Progress::Matched } else { Progress::At(threads.list.clone()) }
    }

    fn kinds(&self, at: usize) -> Vec<usize> {
        let mut kinds = Vec::new();
        let mut at = at;
        while at != 0 {
            kinds.push(self.nodes[at].kind);
            at = self.nodes[at].parent;
        }
        kinds.reverse();
        kinds
    }
}
