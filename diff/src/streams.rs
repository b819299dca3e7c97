//! Streams of an operation, in both specs.

use std::collections::BTreeMap;

use specwright_codegen::model::{Condition, Operation, OperationId, Stream, StreamEvents, StreamText, Type};
use specwright_codegen::prose::{self, code};
use specwright_codegen::surface::Part;

use crate::answers::Answers;
use crate::change::{Change, Class};

impl<'a> Answers<'a, '_> {
    pub(crate) fn streams(
        &mut self,
        (was, own): (OperationId, &'a Operation),
        (is, theirs): (OperationId, &'a Operation),
    ) {
        let before = self.out.len();
        match (&own.stream, &theirs.stream) {
            (Some(one), Some(other)) => {
                self.events((was, one), (is, other));
                let asked = |stream: &Stream, operation: &Operation, api| match &stream.when {
                    Condition::Always => "always".to_owned(),
                    when => format!("when {}", prose::condition(&operation.parameters, api, when)),
                };
                let (when, new_when) = (asked(one, own, self.old), asked(other, theirs, self.new));
                if when != new_when {
                    let message = format!("the stream comes {new_when} now (before: {when})");
                    self.say(Class::Breaking, "stream", message);
                }
            }
            (Some(_), None) => self.say(Class::Breaking, "stream", "there is no stream any more"),
            (None, Some(_)) => self.say(Class::Widening, "stream", "there is a stream"),
            (None, None) => return,
        }
        let of_stream = |it: &Change| it.place == "stream" || it.place.starts_with("stream ");
        if self.out.iter().skip(before).any(|it| of_stream(it) && it.rust.is_empty()) {
            let rust = self.surfaces.touched(&[Part::Stream(was)], &[Part::Stream(is)]);
            let breaking = self.surfaces.is_source_breaking(&rust);
            for change in self.out.iter_mut().skip(before).filter(|it| it.rust.is_empty()) {
                change.source_breaking |= change.class != Class::Breaking && breaking;
                change.rust.clone_from(&rust);
            }
        }
    }

    fn events(&mut self, (id, was): (OperationId, &'a Stream), (other, is): (OperationId, &'a Stream)) {
        let lines = |it: bool| if it { "lines of JSON" } else { "server-sent events" };
        self.differ("stream", "the form of the stream", lines(was.json_lines), lines(is.json_lines));
        match (&was.events, &is.events) {
            (StreamEvents::Data(ty), StreamEvents::Data(new)) => {
                let before = self.out.len();
                self.types(ty, new, "stream");
                self.touch_since(before, "stream", (vec![Part::Stream(id)], vec![Part::Stream(other)]));
            }
            (StreamEvents::Named(own), StreamEvents::Named(theirs)) => self.named_events((id, own), (other, theirs)),
            (StreamEvents::Data(_), StreamEvents::Named(_)) => {
                return self.say(Class::Breaking, "stream", "its events have names now");
            }
            (StreamEvents::Named(_), StreamEvents::Data(_)) => {
                return self.say(Class::Breaking, "stream", "its events have no names any more");
            }
        }
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        self.differ("stream", "the place of an event's name", &text(&was.name), &text(&is.name));
        self.ends(was, is);
        for gone in was.error_events.iter().filter(|it| !is.error_events.contains(it)) {
            self.say(Class::Breaking, "stream", format!("the event {} reports no error any more", code(gone)));
        }
        for added in is.error_events.iter().filter(|it| !was.error_events.contains(it)) {
            self.say(Class::Widening, "stream", format!("the event {} reports an error", code(added)));
        }
        match (&was.error, &is.error) {
            (None, Some(at)) => {
                self.say(Class::Widening, "stream", format!("data may report an error at {}", code(at)))
            }
            (was, is) => self.differ("stream", "the place of an error", &text(was), &text(is)),
        }
        self.texts(was, is);
        self.collects(was, is);
    }

    fn named_events(
        &mut self,
        (id, own): (OperationId, &'a [(String, Option<Type>)]),
        (other, theirs): (OperationId, &'a [(String, Option<Type>)]),
    ) {
        let part = |id, name: &str| vec![Part::StreamEvent(id, name.to_owned())];
        for (name, ty) in own {
            let place = format!("stream {name}");
            let parts = || (part(id, name), part(other, name));
            let before = self.out.len();
            match (theirs.iter().find(|(it, _)| it == name).map(|(_, it)| it), ty) {
                (None, _) => {
                    self.say_of(
                        Class::Breaking,
                        &place,
                        "the event was removed".to_owned(),
                        (part(id, name), Vec::new()),
                    );
                }
                (Some(Some(new)), Some(ty)) => {
                    // Each event is told of by itself, whatever they share.
                    self.seen.clear();
                    self.types(ty, new, &place);
                }
                (Some(Some(_)), None) => {
                    self.say_of(Class::Widening, &place, "the event carries something now".to_owned(), parts());
                }
                (Some(None), Some(_)) => {
                    self.say_of(Class::Breaking, &place, "the event carries nothing any more".to_owned(), parts());
                }
                (Some(None), None) => {}
            }
            self.touch_since(before, &place, parts());
        }
        for (name, _) in theirs.iter().filter(|(it, _)| own.iter().all(|(was, _)| was != it)) {
            let words = "the event was added".to_owned();
            self.say_of(Class::Widening, &format!("stream {name}"), words, (Vec::new(), part(other, name)));
        }
    }

    /// What ends a stream, and what may come when.
    fn ends(&mut self, was: &Stream, is: &Stream) {
        let data = |it: &Stream| it.end_data.clone().unwrap_or_default();
        self.differ("stream", "the data that ends the stream", &data(was), &data(is));
        if moves(was, is) == moves(is, was) {
            return;
        }
        match (was.end_event(), is.end_event()) {
            (Some(own), Some(theirs)) if own != theirs => {
                self.differ("stream", "the event that ends the stream", own, theirs);
            }
            _ => self.say(Class::Breaking, "stream", "the order of the events changed"),
        }
    }

    /// The text for readers.
    fn texts(&mut self, was: &Stream, is: &Stream) {
        let words = |it: &StreamText| {
            let of = if it.event.is_empty() { String::new() } else { format!(" of the event {}", code(&it.event)) };
            let unless = it.unless.as_ref().map(|it| format!(", unless {}", code(it))).unwrap_or_default();
            format!("{}{of}{unless}", code(&it.at))
        };
        let all = |it: &Stream| it.text.iter().map(words).collect::<Vec<_>>();
        let (own, theirs) = (all(was), all(is));
        for gone in own.iter().filter(|it| !theirs.contains(it)) {
            self.say(Class::Breaking, "stream", format!("the text for readers is no longer at {gone}"));
        }
        for added in theirs.iter().filter(|it| !own.contains(it)) {
            self.say(Class::Widening, "stream", format!("there is text for readers at {added}"));
        }
    }

    /// How the events add up to the response.
    fn collects(&mut self, was: &Stream, is: &Stream) {
        let (own, theirs) = match (steps(was), steps(is)) {
            (Some(own), Some(theirs)) => (own, theirs),
            (Some(_), None) => {
                return self.say(Class::Breaking, "stream", "the events do not add up to the response any more");
            }
            (None, Some(_)) => return self.say(Class::Widening, "stream", "the events add up to the response now"),
            (None, None) => return,
        };
        let none = Vec::new();
        for (event, was) in &own {
            let is = theirs.get(event).unwrap_or(&none);
            let mut left = is.iter();
            // Further steps take nothing away from the ones before.
            let kept = was.iter().all(|step| left.any(|it| it == step));
            let of =
                if event.is_empty() { "the events add".to_owned() } else { format!("the event {} adds", code(event)) };
            if !kept {
                self.say(Class::Breaking, "stream", format!("what {of} to the response changed"));
            } else if was.len() != is.len() {
                self.say(Class::Widening, "stream", format!("{of} more to the response"));
            }
        }
        let known = |event: &String| match &was.events {
            StreamEvents::Named(all) => all.iter().any(|(it, _)| it == event),
            StreamEvents::Data(_) => true,
        };
        for event in theirs.keys().filter(|it| !own.contains_key(*it) && known(it)) {
            self.say(Class::Widening, "stream", format!("the event {} adds to the response now", code(event)));
        }
    }
}

/// What may come when, without what the spec calls its states, and of events that both specs have.
fn moves(stream: &Stream, other: &Stream) -> Vec<(Vec<(String, usize)>, bool)> {
    let has = |stream: &Stream, event: &str| match &stream.events {
        StreamEvents::Named(all) => all.iter().any(|(it, _)| it == event),
        StreamEvents::Data(_) => false,
    };
    let of_state = |state: &specwright_codegen::model::StreamState| {
        let shared = |(event, _): &&(String, usize)| has(stream, event) && has(other, event);
        let mut all: Vec<(String, usize)> = state.moves.iter().filter(shared).cloned().collect();
        all.sort();
        (all, state.ends)
    };
    stream.states.iter().map(of_state).collect()
}

/// The steps of each event.
fn steps(stream: &Stream) -> Option<BTreeMap<String, Vec<String>>> {
    let all = stream.collect.as_ref()?;
    let steps = |it: &specwright_codegen::model::Collect| it.steps.iter().map(|it| format!("{it:?}")).collect();
    Some(all.iter().map(|it| (it.event.clone(), steps(it))).collect())
}
