//! The path through the states of a stream.

use std::collections::VecDeque;

use specwright_codegen::model::{Collect, Stream};

/// The current state of a stream.
pub(super) struct StateWalk<'a> {
    stream: &'a Stream,
    rules: &'a [Collect],
    at: usize,
}

impl<'a> StateWalk<'a> {
    pub(super) fn new(stream: &'a Stream, rules: &'a [Collect]) -> Self {
        Self { stream, rules, at: 0 }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.stream.states.get(self.at).is_some_and(|it| it.ends)
    }

    /// Advances with an event, and returns the events that must come before it.
    pub(super) fn go(&mut self, event: &str) -> Option<Vec<&'a str>> {
        let states = &self.stream.states;
        // An event that no state mentions is allowed at any time.
        if !states.iter().flat_map(|it| &it.moves).any(|it| it.0 == event) {
            return Some(Vec::new());
        }
        let takes = |state: usize| states.get(state)?.moves.iter().find(|it| it.0 == event).map(|it| it.1);
        let (before, at) = self.way(|it| takes(it).is_some())?;
        self.at = takes(at)?;
        Some(before)
    }

    /// The events that must follow until the end.
    pub(super) fn end(&mut self) -> Option<Vec<&'a str>> {
        if self.stream.states.is_empty() {
            return Some(Vec::new());
        }
        let (before, at) = self.way(|it| self.stream.states.get(it).is_some_and(|it| it.ends))?;
        self.at = at;
        Some(before)
    }

    /// The shortest path to a state, preferably with events that add nothing to the response.
    fn way(&self, is_there: impl Fn(usize) -> bool) -> Option<(Vec<&'a str>, usize)> {
        [true, false].into_iter().find_map(|neutral| self.search(&is_there, neutral))
    }

    fn search(&self, is_there: &impl Fn(usize) -> bool, neutral: bool) -> Option<(Vec<&'a str>, usize)> {
        let mut seen = vec![self.at];
        let mut open = VecDeque::from([(self.at, Vec::new())]);
        while let Some((at, before)) = open.pop_front() {
            if is_there(at) {
                return Some((before, at));
            }
            for (event, next) in self.stream.states.get(at).iter().flat_map(|it| &it.moves) {
                let adds = self.rules.iter().any(|it| it.event == *event);
                if !(seen.contains(next) || (neutral && adds)) {
                    seen.push(*next);
                    open.push_back((*next, [&*before, &[event.as_str()]].concat()));
                }
            }
        }
        None
    }
}
