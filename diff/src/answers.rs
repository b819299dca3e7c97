//! What an operation brings, in both specs: types, statuses, tasks, streams, pages and errors.

use std::collections::BTreeSet;

use specwright_codegen::model::{
    Api, Operation, OperationId, Output, StatusAnswer, StatusForm, StatusMeaning, StatusPath, StreamEvents, Task, Type,
    TypeId,
};
use specwright_codegen::prose::code;
use specwright_codegen::surface::Part;

use crate::change::{Change, Class, Side};
use crate::rust::Surfaces;

/// Compares what is answered.
pub(crate) struct Answers<'a, 's> {
    pub(crate) old: &'a Api,
    pub(crate) new: &'a Api,
    pub(crate) surfaces: &'s mut Surfaces<'a>,
    /// The operation of which is spoken.
    pub(crate) name: Option<String>,
    pub(crate) seen: BTreeSet<(TypeId, TypeId)>,
    pub(crate) out: &'s mut Vec<Change>,
}

impl<'a> Answers<'a, '_> {
    pub(crate) fn say(&mut self, class: Class, place: &str, message: impl Into<String>) {
        let mut change = Change::new(class, Side::Response, message).at(place);
        change.operation.clone_from(&self.name);
        self.out.push(change);
    }

    pub(crate) fn say_of(&mut self, class: Class, place: &str, message: String, parts: (Vec<Part>, Vec<Part>)) {
        self.say(class, place, message);
        let rust = self.surfaces.touched(&parts.0, &parts.1);
        let breaking = self.surfaces.is_source_breaking(&rust);
        if let Some(last) = self.out.last_mut() {
            last.source_breaking = class != Class::Breaking && breaking;
            last.rust = rust;
        }
    }

    /// Says that something that is no type is another now.
    pub(crate) fn differ(&mut self, place: &str, what: &str, was: &str, is: &str) {
        if was != is {
            self.say(Class::Breaking, place, format!("{what} is {} now (before: {})", shown(is), shown(was)));
        }
    }

    /// All that an operation brings.
    pub(crate) fn operation(&mut self, was: OperationId, is: OperationId) {
        let (own, theirs) = (self.old.operation(was), self.new.operation(is));
        self.name = Some(theirs.full_name(self.new));
        self.seen.clear();
        let before = self.out.len();
        self.output(own, theirs);
        // What is said of the whole is what sending gives.
        let whole = |it: &Change| it.rust.is_empty() && !it.place.contains('/') && it.class != Class::Documentation;
        if self.out.iter().skip(before).any(whole) {
            let rust = self.surfaces.touched(&[Part::Reply(was)], &[Part::Reply(is)]);
            let breaking = self.surfaces.is_source_breaking(&rust);
            for change in self.out.iter_mut().skip(before).filter(|it| whole(it)) {
                change.source_breaking = change.class != Class::Breaking && breaking;
                change.rust.clone_from(&rust);
            }
        }
        // Another form of response has another status by default.
        if std::mem::discriminant(&own.output) == std::mem::discriminant(&theirs.output) {
            self.differ("response", "the status of success", &own.success.to_string(), &theirs.success.to_string());
        }
        match (own.response_headers, theirs.response_headers) {
            (Some(was), Some(is)) => self.types(&Type::Named(was), &Type::Named(is), "response headers"),
            (Some(was), None) => {
                let words = "no headers are described any more".to_owned();
                self.say_of(Class::Breaking, "response headers", words, (vec![Part::Type(was)], Vec::new()));
            }
            (None, Some(_)) => self.say(Class::Widening, "response headers", "headers are described now"),
            (None, None) => {}
        }
        self.streams(own, theirs);
        self.pages(own, theirs);
        self.failures(own.failure.as_ref().map(|it| &it.any), theirs.failure.as_ref().map(|it| &it.any));
        self.error_type(own.error_type.as_ref(), theirs.error_type.as_ref(), "error");
        let common = (self.old.errors.statuses.as_slice(), self.new.errors.statuses.as_slice());
        self.statuses((&own.statuses, common.0), (&theirs.statuses, common.1));
    }

    fn output(&mut self, own: &'a Operation, theirs: &'a Operation) {
        match (&own.output, &theirs.output) {
            (Output::Empty, Output::Empty) | (Output::Redirect, Output::Redirect) => {}
            (
                Output::Json { ty, wrapper, plain_text, nullable },
                Output::Json { ty: other, wrapper: key, plain_text: text, nullable: null },
            ) => {
                let word = |it: &Option<String>| it.clone().unwrap_or_else(|| "none".to_owned());
                self.differ("response", "the key that the response is under", &word(wrapper), &word(key));
                self.differ("response", "the field for plain text", &word(plain_text), &word(text));
                match (nullable, null) {
                    (false, true) => self.say(Class::Breaking, "response", "the response may be null now"),
                    (true, false) => self.say(Class::Widening, "response", "the response is never null now"),
                    _ => {}
                }
                self.types(ty, other, "response");
            }
            (Output::ByStatus(own), Output::ByStatus(theirs)) => {
                for was in own {
                    let place = format!("response {}", was.status);
                    if let Some(is) = theirs.iter().find(|it| it.status == was.status)
                        && is.form != was.form
                    {
                        let words = format!("the body is {} now (before: {})", form_words(is), form_words(was));
                        self.say(Class::Breaking, &place, words);
                        continue;
                    }
                    match (theirs.iter().find(|it| it.status == was.status), &was.ty) {
                        (None, _) => self.say(Class::Breaking, &place, "this status is not described any more"),
                        (Some(is), Some(ty)) => match &is.ty {
                            Some(other) => self.types(ty, other, &place),
                            None => self.say(Class::Breaking, &place, "there is no body any more"),
                        },
                        (Some(is), None) if is.ty.is_some() => {
                            self.say(Class::Breaking, &place, "there is a body now");
                        }
                        _ => {}
                    }
                }
                for is in theirs.iter().filter(|it| own.iter().all(|was| was.status != it.status)) {
                    // The type that callers match on has another member, or is another.
                    self.say(Class::Widening, &format!("response {}", is.status), "this status is described now");
                }
            }
            (Output::Text { media_types }, Output::Text { media_types: is })
            | (Output::Binary { media_types }, Output::Binary { media_types: is }) => {
                self.differ("response", "the media type", &media_types.join(", "), &is.join(", "));
            }
            (Output::Task(own), Output::Task(theirs)) => self.task(own, theirs),
            (was, is) => {
                let words = format!("the response is {} now (before: {})", output_words(is), output_words(was));
                self.say(Class::Breaking, "response", words);
            }
        }
    }

    fn task(&mut self, own: &'a Task, theirs: &'a Task) {
        self.types(&Type::Named(own.created), &Type::Named(theirs.created), "task");
        self.types(&Type::Named(own.result), &Type::Named(theirs.result), "task result");
        let path =
            |it: &Task| it.status.as_ref().map_or_else(|| "the URL in the response".to_owned(), StatusPath::template);
        self.differ("task", "the path of the status", &path(own), &path(theirs));
        self.differ("task", "the place of the id", &own.id_field, &theirs.id_field);
        self.differ("task", "the place of the state", &own.state_field, &theirs.state_field);
        self.differ("task", "the place of the failure's words", &own.error_pointer, &theirs.error_pointer);
        let meaning = |task: &Task, state: &str| {
            let lists = [(&task.pending, "pending"), (&task.completed, "completed"), (&task.failed, "failed")];
            lists.into_iter().find(|(all, _)| all.iter().any(|it| it == state)).map(|(_, word)| word)
        };
        let states = |task: &Task| {
            [&task.pending, &task.completed, &task.failed].into_iter().flatten().cloned().collect::<Vec<_>>()
        };
        for state in states(own) {
            match (meaning(own, &state), meaning(theirs, &state)) {
                (Some(was), Some(is)) if was != is => {
                    self.differ("task", &format!("the state {}", code(&state)), was, is)
                }
                // An unknown state is pending.
                (Some("pending"), None) => self.say(
                    Class::Documentation,
                    "task",
                    format!("the pending state {} is not named any more", code(&state)),
                ),
                (Some(was), None) => {
                    self.say(Class::Breaking, "task", format!("the state {} is no longer {was}", code(&state)));
                }
                _ => {}
            }
        }
        for state in states(theirs) {
            if meaning(own, &state).is_none()
                && let Some(is) = meaning(theirs, &state)
            {
                self.say(Class::Widening, "task", format!("the state {} is known now: {is}", code(&state)));
            }
        }
        let every = |task: &Task| task.every_state.clone();
        for gone in every(own).iter().filter(|it| !every(theirs).contains(it)) {
            self.say(Class::Breaking, "task", format!("{} is no longer there in every state", code(gone)));
        }
        for (was, is, what) in [
            (own.callback.is_some(), theirs.callback.is_some(), "a callback"),
            (own.cancel.is_some(), theirs.cancel.is_some(), "a way to cancel the task"),
            (own.download.is_some(), theirs.download.is_some(), "a way to download the result"),
            (own.stage.is_some(), theirs.stage.is_some(), "a stage"),
        ] {
            match (was, is) {
                (true, false) => self.say(Class::Breaking, "task", format!("there is no longer {what}")),
                (false, true) => self.say(Class::Widening, "task", format!("there is {what}")),
                _ => {}
            }
        }
        if let (Some(own), Some(theirs)) = (&own.stage, &theirs.stage) {
            self.differ("task", "the field of the stage", &own.field, &theirs.field);
        }
        if (own.poll_interval_ms, own.deadline_ms) != (theirs.poll_interval_ms, theirs.deadline_ms) {
            let words = |it: &Task| format!("{} ms and {} ms", it.poll_interval_ms, it.deadline_ms);
            let message =
                format!("interval and deadline of waiting are {} now (before: {})", words(theirs), words(own));
            self.say(Class::Documentation, "task", message);
        }
    }

    fn streams(&mut self, own: &'a Operation, theirs: &'a Operation) {
        let (was, is) = match (&own.stream, &theirs.stream) {
            (Some(was), Some(is)) => (was, is),
            (Some(_), None) => return self.say(Class::Breaking, "stream", "there is no stream any more"),
            (None, Some(_)) => return self.say(Class::Widening, "stream", "there is a stream"),
            (None, None) => return,
        };
        match (&was.events, &is.events) {
            (StreamEvents::Data(ty), StreamEvents::Data(other)) => self.types(ty, other, "stream"),
            (StreamEvents::Named(own), StreamEvents::Named(theirs)) => {
                for (name, ty) in own {
                    let place = format!("stream {name}");
                    match (theirs.iter().find(|(it, _)| it == name), ty) {
                        (None, _) => self.say(Class::Breaking, &place, "the event was removed"),
                        (Some((_, Some(other))), Some(ty)) => self.types(ty, other, &place),
                        (Some((_, is)), was) if is.is_some() != was.is_some() => {
                            self.say(Class::Breaking, &place, "what the event carries changed");
                        }
                        _ => {}
                    }
                }
                for (name, _) in theirs.iter().filter(|(it, _)| own.iter().all(|(was, _)| was != it)) {
                    self.say(Class::Widening, &format!("stream {name}"), "the event was added");
                }
            }
            _ => self.say(Class::Breaking, "stream", "the form of the events changed"),
        }
        let lines = |it: bool| if it { "lines of JSON" } else { "server-sent events" };
        self.differ("stream", "the form of the stream", lines(was.json_lines), lines(is.json_lines));
        let debug = |it: &dyn std::fmt::Debug| format!("{it:?}");
        let asked = |it: &specwright_codegen::model::Stream, operation: &Operation| {
            specwright_codegen::prose::condition(
                &operation.parameters,
                if std::ptr::eq(it, was) { self.old } else { self.new },
                &it.when,
            )
        };
        let (own_when, when) = (asked(was, own), asked(is, theirs));
        self.differ("stream", "what asks for the stream", &own_when, &when);
        for (what, own, theirs) in [
            ("the place of an event's name", debug(&was.name), debug(&is.name)),
            ("the data that ends the stream", debug(&was.end_data), debug(&is.end_data)),
            ("the events that report an error", debug(&was.error_events), debug(&is.error_events)),
            ("the place of an error", debug(&was.error), debug(&is.error)),
        ] {
            self.differ("stream", what, &own, &theirs);
        }
        if state_words(was) != state_words(is) {
            self.say(Class::Breaking, "stream", "the order of the events changed");
        }
        if debug(&was.text) != debug(&is.text) {
            self.say(Class::Breaking, "stream", "the place of the text for readers changed");
        }
        if debug(&was.collect) != debug(&is.collect) {
            self.say(Class::Breaking, "stream", "how the events add up to the response changed");
        }
    }

    fn pages(&mut self, own: &'a Operation, theirs: &'a Operation) {
        let words = |operation: &Operation, pages: &specwright_codegen::model::Pages| {
            let name = |ix| operation.parameters.field(ix).sent_name().to_owned();
            let next = match &pages.next {
                specwright_codegen::model::NextPage::Cursor { from, .. } => format!("cursor from {from}"),
                specwright_codegen::model::NextPage::LastItem { at, .. } => format!("cursor of the last item {at}"),
                specwright_codegen::model::NextPage::Offset { total, .. } => format!("offset {total:?}"),
                specwright_codegen::model::NextPage::Number { first, pages, .. } => format!("number {first} {pages:?}"),
                specwright_codegen::model::NextPage::Url(at) => format!("URL at {at}"),
                specwright_codegen::model::NextPage::Link(relation) => format!("link {relation}"),
            };
            let parameter = pages.next.parameter().map(name).unwrap_or_default();
            let size = pages.size.map(name).unwrap_or_default();
            format!("items {}, {next} {parameter}, more {:?}, size {size}", pages.items, pages.more)
        };
        match (&own.pages, &theirs.pages) {
            (Some(was), Some(is)) => {
                let (was, is) = (words(own, was), words(theirs, is));
                self.differ("pages", "the way from page to page", &was, &is);
            }
            (Some(_), None) => self.say(Class::Breaking, "pages", "the response has no pages any more"),
            (None, Some(_)) => self.say(Class::Widening, "pages", "the response has pages"),
            (None, None) => {}
        }
    }

    /// When a response of success is an error.
    pub(crate) fn failures(
        &mut self,
        was: Option<&Vec<Vec<specwright_codegen::model::FailureTest>>>,
        is: Option<&Vec<Vec<specwright_codegen::model::FailureTest>>>,
    ) {
        if was != is {
            self.say(Class::Breaking, "error", "when a response of success is an error changed");
        }
    }

    /// The body of an error.
    pub(crate) fn error_type(&mut self, was: Option<&'a Type>, is: Option<&'a Type>, place: &str) {
        match (was, is) {
            (Some(was), Some(is)) => self.types(was, is, place),
            (Some(_), None) => self.say(Class::Breaking, place, "the body of an error has no type any more"),
            (None, Some(_)) => self.say(Class::Widening, place, "the body of an error has a type"),
            (None, None) => {}
        }
    }

    /// What statuses mean: those of an operation or of the API, and those that apply to what it does not list.
    pub(crate) fn statuses(
        &mut self,
        (own, own_common): (&'a [StatusMeaning], &[StatusMeaning]),
        (theirs, common): (&'a [StatusMeaning], &[StatusMeaning]),
    ) {
        use specwright_codegen::model::ErrorKind;
        let kind = |all: &[StatusMeaning], common: &[StatusMeaning], status: u16| {
            let known = all.iter().chain(common).find(|it| it.status == status);
            known.map_or(ErrorKind::of_status(status), |it| it.kind)
        };
        for status in own.iter().chain(theirs).map(|it| it.status).collect::<BTreeSet<_>>() {
            let place = format!("error {status}");
            let (was, is) = (own.iter().find(|it| it.status == status), theirs.iter().find(|it| it.status == status));
            let (own_kind, their_kind) = (kind(own, own_common, status), kind(theirs, common, status));
            if own_kind != their_kind {
                self.differ(&place, "the kind of the error", &format!("{own_kind:?}"), &format!("{their_kind:?}"));
            } else if was.is_none() {
                self.say(Class::Documentation, &place, "the status is described now");
            } else if is.is_none() {
                self.say(Class::Documentation, &place, "the status is not described any more");
            }
            self.error_type(was.and_then(|it| it.ty.as_ref()), is.and_then(|it| it.ty.as_ref()), &place);
        }
    }
}

fn shown(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { code(text) }
}

fn output_words(output: &Output) -> &'static str {
    match output {
        Output::Empty => "empty",
        Output::Json { .. } => "JSON",
        Output::ByStatus(_) => "JSON by status",
        Output::Text { .. } => "text",
        Output::Redirect => "a redirect",
        Output::Binary { .. } => "bytes",
        Output::Task(_) => "a task",
    }
}

/// The states of a stream without what the spec calls them.
fn state_words(stream: &specwright_codegen::model::Stream) -> String {
    let state = |it: &specwright_codegen::model::StreamState| format!("{:?} {}", it.moves, it.ends);
    stream.states.iter().map(state).collect::<Vec<_>>().join("; ")
}

fn form_words(answer: &StatusAnswer) -> String {
    match &answer.form {
        StatusForm::Json if answer.ty.is_none() => "nothing".to_owned(),
        StatusForm::Json => "JSON".to_owned(),
        StatusForm::Wrapped(key) => format!("JSON under {}", code(key)),
        StatusForm::Text(types) => format!("text of {}", types.join(", ")),
        StatusForm::Binary(types) => format!("bytes of {}", types.join(", ")),
    }
}
