//! Streams: the types of their events, how these follow each other, and what they add up to.
//!
//! Every pointer is followed through the types, so that one that leads nowhere is found here and not by a user.

use std::collections::BTreeSet;

use super::condition;
use super::pointer::{self, PointerFault, is_placeholder};
use super::types::Types;
use super::view::{ConditionScope, TypeView};
use crate::diagnostics::{Diagnostics, names, types as say};
use crate::model::{
    Collect, CollectStep, Condition, Numbering, Output, ResourceId, Stream, StreamEvents, StreamState, StreamText,
    Type, TypeKind, Verb,
};
use crate::source::Span;
use crate::syntax::document::{NumberingDoc, StepDoc, StreamDoc, Text, VerbDoc};

/// The state in which the answer is complete.
const END: &str = "end";

/// What the events carry.
pub(super) fn types(
    doc: &StreamDoc,
    resource: ResourceId,
    types_: &mut Types<'_>,
    out: &mut Diagnostics,
) -> StreamEvents {
    match (&doc.data, &doc.events) {
        (_, Some(events)) => {
            let mut named = Vec::new();
            for (name, ty) in events {
                let ty = ty.as_ref().map(|it| types_.expr(it, Some(resource), out).unwrap_or(Type::Json));
                named.push((name.value.clone(), ty));
            }
            StreamEvents::Named(named)
        }
        (Some(data), None) => StreamEvents::Data(types_.expr(data, Some(resource), out).unwrap_or(Type::Json)),
        (None, None) => StreamEvents::Data(Type::Json),
    }
}

/// The stream of an operation.
pub(super) fn resolve(
    doc: &StreamDoc,
    events: StreamEvents,
    output: &Output,
    scope: ConditionScope<'_>,
    out: &mut Diagnostics,
) -> Stream {
    let when = match &doc.when {
        Some(when) => condition::resolve(scope, when, out).unwrap_or(Condition::Always),
        None => Condition::Always,
    };
    let mut walk = StreamResolver { view: scope.view, events: &events, out };
    let states = walk.states(doc);
    let text = walk.text(doc);
    let collect = doc.collect.as_ref().map(|it| walk.collect(it, output, doc.span));
    let stream = Stream {
        json_lines: doc.json_lines,
        when,
        name: doc.name.as_ref().map(|it| it.value.clone()),
        end_data: doc.end_data.clone(),
        states,
        // They may be left out of the events: their body is the API's error body.
        error_events: doc.error_events.iter().map(|it| it.value.clone()).collect(),
        error: doc.error.as_ref().map(|it| it.value.clone()),
        text,
        collect,
        span: doc.span,
        events,
    };
    if stream.asked_by().is_none() {
        let help = "name parameters with one value each: `when: {stream: true}`";
        out.push(say::bad_stream("the `when` of a stream can only test values that are sent", help, doc.span));
    }
    stream
}

struct StreamResolver<'a, 'o> {
    view: TypeView<'a>,
    events: &'a StreamEvents,
    out: &'o mut Diagnostics,
}

impl<'a> StreamResolver<'a, '_> {
    fn states(&mut self, doc: &StreamDoc) -> Vec<StreamState> {
        if let Some(end) = &doc.end_event {
            self.event(end);
            return vec![
                StreamState { name: "open".to_owned(), moves: vec![(end.value.clone(), 1)], ends: false },
                StreamState { name: END.to_owned(), moves: Vec::new(), ends: true },
            ];
        }
        let mut known: Vec<&str> = doc.states.iter().map(|(name, _)| name.value.as_str()).collect();
        if known.is_empty() {
            return Vec::new();
        }
        if let Some((end, _)) = doc.states.iter().find(|(name, _)| name.value == END) {
            let help = "remove it: `end` has no events and is not listed";
            self.out.push(say::bad_stream("`end` is the state of a complete response", help, end.span));
        }
        known.push(END);
        let mut states = Vec::new();
        for (name, moves) in &doc.states {
            let mut made: Vec<(String, usize)> = Vec::new();
            for (event, to) in moves {
                self.event(event);
                match known.iter().position(|it| *it == to.value) {
                    Some(at) => made.push((event.value.clone(), at)),
                    None => self.out.push(names::unknown_name("state", &to.value, &known, to.span)),
                }
            }
            states.push(StreamState { name: name.value.clone(), moves: made, ends: false });
        }
        states.push(StreamState { name: END.to_owned(), moves: Vec::new(), ends: true });
        self.reachable(doc, &states);
        states
    }

    fn reachable(&mut self, doc: &StreamDoc, states: &[StreamState]) {
        let mut seen = BTreeSet::new();
        let mut todo = vec![0];
        while let Some(at) = todo.pop() {
            if let Some(state) = states.get(at).filter(|_| seen.insert(at)) {
                todo.extend(state.moves.iter().map(|it| it.1));
            }
        }
        for (at, (name, _)) in doc.states.iter().enumerate() {
            if !seen.contains(&at) {
                let problem = format!("no event leads to the state `{}`", name.value);
                self.out.push(say::bad_stream(&problem, "let an event lead to it, or remove it", name.span));
            }
        }
        if !seen.contains(&(states.len() - 1)) {
            let help = "let an event of a state lead to `end`";
            self.out.push(say::bad_stream("no state leads to `end`", help, doc.span));
        }
    }

    /// Reports an event that the stream does not have.
    fn event(&mut self, name: &Text) {
        if let StreamEvents::Named(events) = self.events
            && !events.iter().any(|(it, _)| *it == name.value)
        {
            let known: Vec<&str> = events.iter().map(|(it, _)| it.as_str()).collect();
            self.out.push(names::unknown_name("event", &name.value, &known, name.span));
        }
    }

    /// The type of an event's data; `None` where it has none or is not there, which is reported.
    fn data(&mut self, event: Option<&Text>, span: Span) -> Option<&'a Type> {
        match (self.events, event) {
            (StreamEvents::Data(ty), None) => Some(ty),
            (StreamEvents::Named(events), Some(name)) => {
                self.event(name);
                let found = events.iter().find(|(it, _)| *it == name.value)?;
                if found.1.is_none() {
                    let problem = format!("the event `{}` has no data", name.value);
                    self.out.push(say::bad_stream(&problem, "give it a type instead of `none`", name.span));
                }
                found.1.as_ref()
            }
            (StreamEvents::Named(_), None) => {
                let help = "write the event's name: `{message_start: …}`";
                self.out.push(say::bad_stream("the stream has named events", help, span));
                None
            }
            (StreamEvents::Data(_), Some(name)) => {
                let help = "write it without the name";
                self.out.push(say::bad_stream("the stream's chunks have no event names", help, name.span));
                None
            }
        }
    }

    fn text(&mut self, doc: &StreamDoc) -> Vec<StreamText> {
        let mut all = Vec::new();
        for (event, place) in &doc.text {
            let Some(ty) = self.data(event.as_ref(), place.at.span) else { continue };
            match pointer::follow(self.view, ty, &place.at.value) {
                Ok(found) => self.require_type(&found, "text", &place.at, |it| matches!(it, Type::String | Type::Json)),
                Err(fault) => self.report_pointer(&place.at, &fault),
            }
            if let Some(unless) = &place.unless {
                let beside = place.at.value.rsplit_once('/').map_or("", |it| it.0);
                let flag = format!("{beside}/{}", unless.value.replace('~', "~0").replace('/', "~1"));
                if let Err(fault) = pointer::follow(self.view, ty, &flag) {
                    self.report_pointer(unless, &fault);
                }
            }
            all.push(StreamText {
                event: event.as_ref().map_or(String::new(), |it| it.value.clone()),
                at: place.at.value.clone(),
                unless: place.unless.as_ref().map(|it| it.value.clone()),
            });
        }
        all
    }

    fn collect(&mut self, doc: &[(Option<Text>, Vec<StepDoc>)], output: &Output, span: Span) -> Vec<Collect> {
        let Output::Json { ty: whole, wrapper: None, .. } = output else {
            let help = "add a `response` that describes what the events add up to";
            self.out.push(say::bad_stream("`collect` requires a `response`", help, span));
            return Vec::new();
        };
        let mut all = Vec::new();
        for (event, steps) in doc {
            let at = steps.first().map_or(span, |it| it.span);
            let Some(ty) = self.data(event.as_ref(), at) else { continue };
            let steps = self.steps(steps, &[ty], &[whole]);
            all.push(Collect { event: event.as_ref().map_or(String::new(), |it| it.value.clone()), steps });
        }
        all
    }

    fn steps(&mut self, docs: &[StepDoc], from: &[&'a Type], into: &[&Type]) -> Vec<CollectStep> {
        docs.iter().filter_map(|it| self.step(it, from, into)).collect()
    }

    fn step(&mut self, doc: &StepDoc, from: &[&'a Type], into: &[&Type]) -> Option<CollectStep> {
        let source = match self.follow_any(from, &doc.from.value) {
            Ok(found) => found,
            Err(fault) => {
                self.report_pointer(&doc.from, &fault);
                return None;
            }
        };
        let place = doc.into.clone().unwrap_or(Text::new(String::new(), doc.span));
        for field in placeholders(&place.value) {
            if let Err(fault) = self.follow_any(from, &format!("/{}", field.replace('~', "~0").replace('/', "~1"))) {
                self.report_pointer(&place, &fault);
            }
        }
        let target = match self.follow_any(into, &place.value) {
            Ok(found) => found,
            Err(fault) => {
                self.report_pointer(&place, &fault);
                return None;
            }
        };
        let is_text = |it: &Type| matches!(it, Type::String | Type::Json);
        let verb = match &doc.verb {
            VerbDoc::Set => Verb::Set,
            VerbDoc::First => Verb::First,
            VerbDoc::Append => {
                self.require_type(&source, "text", &doc.from, is_text);
                self.require_type(&target, "text", &place, is_text);
                Verb::Append
            }
            VerbDoc::Json => {
                self.require_type(&source, "text", &doc.from, is_text);
                Verb::Json
            }
            VerbDoc::Merge => {
                let view = self.view;
                let object = |it: &Type| match it {
                    Type::Json | Type::Map(_) => true,
                    it => matches!(view.kind(it), Some(TypeKind::Record(_) | TypeKind::Tagged(_))),
                };
                self.require_type(&source, "an object", &doc.from, object);
                self.require_type(&target, "an object", &place, object);
                Verb::Merge
            }
            VerbDoc::Concat(join) => {
                let list = |it: &Type| matches!(it, Type::Array(_) | Type::Json);
                self.require_type(&source, "a list", &doc.from, list);
                self.require_type(&target, "a list", &place, list);
                Verb::Concat(join.clone())
            }
            VerbDoc::Const(value) => Verb::Const(value.clone()),
            VerbDoc::Each(steps) => Verb::Each(self.each(steps, &source, &doc.from, &target).1),
            VerbDoc::Numbered(numbering, steps) => {
                let (items, steps) = self.each(steps, &source, &doc.from, &target);
                Verb::Numbered(self.numbering(numbering, &items), steps)
            }
        };
        Some(CollectStep { verb, from: doc.from.value.clone(), into: place.value })
    }

    fn numbering(&mut self, doc: &NumberingDoc, items: &[&'a Type]) -> Numbering {
        let NumberingDoc { at, id, begins, ends } = doc;
        let field = format!("/{}", at.value.replace('~', "~0").replace('/', "~1"));
        let pointers = id.iter().chain(begins).chain(ends).map(|it| (it, it.value.clone()));
        for (place, pointer) in std::iter::once((at, field)).chain(pointers) {
            if !items.is_empty()
                && let Err(fault) = self.follow_any(items, &pointer)
            {
                self.report_pointer(place, &fault);
            }
        }
        let text = |it: &Text| it.value.clone();
        Numbering {
            at: text(at),
            id: id.as_ref().map(text),
            begins: begins.iter().map(text).collect(),
            ends: ends.as_ref().map(text),
        }
    }

    /// The types of the items, and the steps for each.
    fn each<'t>(
        &mut self,
        steps: &[StepDoc],
        source: &[&'a Type],
        from: &Text,
        target: &[&'t Type],
    ) -> (Vec<&'a Type>, Vec<CollectStep>)
    where
        'a: 't,
    {
        self.require_type(source, "a list", from, |it| matches!(it, Type::Array(_) | Type::Json));
        let items: Vec<&Type> = source.iter().filter_map(|it| item_type(it)).collect();
        let steps = if items.is_empty() { Vec::new() } else { self.steps(steps, &items, target) };
        (items, steps)
    }

    fn require_type(&mut self, found: &[&Type], what: &str, at: &Text, fits: impl Fn(&Type) -> bool) {
        if !found.iter().any(|it| fits(it)) {
            let is = found.first().map_or(String::new(), |it| format!(" but {}", self.view.describe(it)));
            let name = if at.value.is_empty() { "the whole".to_owned() } else { format!("`{}`", at.value) };
            let problem = format!("{name} is not {what}{is}");
            self.out.push(say::bad_stream(&problem, "point to another place, or use another step", at.span));
        }
    }

    fn report_pointer(&mut self, at: &Text, fault: &PointerFault) {
        self.out.push(say::bad_stream(&fault.problem(&at.value), &fault.help(), at.span));
    }

    fn follow_any<'t>(&self, from: &[&'t Type], pointer: &str) -> Result<Vec<&'t Type>, PointerFault>
    where
        'a: 't,
    {
        let mut found = Vec::new();
        let mut fault = None;
        for ty in from {
            match pointer::follow(self.view, ty, pointer) {
                Ok(more) => found.extend(more),
                Err(it) => fault = Some(it),
            }
        }
        match fault {
            Some(fault) if found.is_empty() => Err(fault),
            _ => Ok(found),
        }
    }
}

/// What a list holds.
fn item_type(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Array(item) => Some(item),
        Type::Json => Some(ty),
        _ => None,
    }
}

/// The fields that a target names: `/content/{index}` has `index`.
fn placeholders(pointer: &str) -> impl Iterator<Item = &str> {
    pointer.split('/').filter(|it| is_placeholder(it)).map(|it| &it[1..it.len() - 1])
}
