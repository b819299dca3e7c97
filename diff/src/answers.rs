//! What an operation brings, in both specs: types, statuses, tasks, streams, pages and errors.

use std::collections::BTreeSet;

use specwright_codegen::model::{
    Api, ErrorKind, FailureCondition, Operation, OperationId, Output, StatusAnswer, StatusForm, StatusMeaning, Type,
    TypeId,
};
use specwright_codegen::prose::{self, code};
use specwright_codegen::surface::Part;

use crate::change::{Change, Class, Side};
use crate::kept::{Kept, Survey};
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
    /// What is known of types, for all operations.
    pub(crate) kept: &'s mut Kept,
    /// Nothing is told, but looked for.
    pub(crate) survey: Option<Survey>,
}

impl<'a, 's> Answers<'a, 's> {
    pub(crate) fn new(
        old: &'a Api,
        new: &'a Api,
        surfaces: &'s mut Surfaces<'a>,
        kept: &'s mut Kept,
        out: &'s mut Vec<Change>,
    ) -> Self {
        Self { old, new, surfaces, name: None, seen: BTreeSet::new(), out, kept, survey: None }
    }
}

impl<'a> Answers<'a, '_> {
    pub(crate) fn say(&mut self, class: Class, place: &str, message: impl Into<String>) {
        if let Some(survey) = &mut self.survey {
            return survey.tell();
        }
        let mut change = Change::new(class, Side::Response, message).at(place);
        change.operation.clone_from(&self.name);
        self.out.push(change);
    }

    pub(crate) fn say_of(&mut self, class: Class, place: &str, message: String, parts: (Vec<Part>, Vec<Part>)) {
        self.say(class, place, message);
        if self.survey.is_some() {
            return;
        }
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
        self.streams((was, own), (is, theirs));
        let before = self.out.len();
        self.pages(own, theirs);
        self.touch_since(before, "pages", (vec![Part::Pages(was)], vec![Part::Pages(is)]));
        // Of what an operation has from the API, the API tells.
        let common = (self.old.errors.when.as_ref(), self.new.errors.when.as_ref());
        let (was_failure, failure) = (own.failure.as_ref(), theirs.failure.as_ref());
        if tests(was_failure) != tests(common.0) || tests(failure) != tests(common.1) {
            self.failures(was_failure, failure);
        }
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
                let word = |it: &Option<String>| it.clone().unwrap_or_default();
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
                self.media_types(media_types, is);
            }
            (Output::Task(own), Output::Task(theirs)) => self.task(own, theirs),
            (was, is) => {
                let words = format!("the response is {} now (before: {})", output_words(is), output_words(was));
                self.say(Class::Breaking, "response", words);
            }
        }
    }

    fn media_types(&mut self, was: &[String], is: &[String]) {
        if was.iter().all(|it| !is.contains(it)) {
            return self.differ("response", "the media type", &was.join(", "), &is.join(", "));
        }
        for gone in was.iter().filter(|it| !is.contains(it)) {
            self.say(Class::Breaking, "response", format!("the response is never {} any more", code(gone)));
        }
        for added in is.iter().filter(|it| !was.contains(it)) {
            self.say(Class::Widening, "response", format!("the response may be {}", code(added)));
        }
    }

    /// Gives the changes of a place since there were `before` the items that they touch.
    pub(crate) fn touch_since(&mut self, before: usize, place: &str, parts: (Vec<Part>, Vec<Part>)) {
        // What is only called otherwise is told at the end.
        if self.out.len() == before {
            return;
        }
        let rust = self.surfaces.touched(&parts.0, &parts.1);
        let breaking = self.surfaces.is_source_breaking(&rust);
        let mut any = false;
        for change in self.out.iter_mut().skip(before).filter(|it| it.place == place && it.rust.is_empty()) {
            change.source_breaking = change.class != Class::Breaking && breaking;
            change.rust.clone_from(&rust);
            any = true;
        }
        let gravest = self.out.iter_mut().skip(before).max_by_key(|it| it.class);
        if let (false, true, Some(change)) = (any, breaking, gravest) {
            change.source_breaking = change.class != Class::Breaking;
            change.rust.extend(rust);
        }
    }

    /// When a response of success is an error.
    pub(crate) fn failures(&mut self, was: Option<&FailureCondition>, is: Option<&FailureCondition>) {
        if tests(was) == tests(is) {
            return;
        }
        let words = |it: Option<&FailureCondition>| {
            it.map_or_else(|| "never".to_owned(), |it| format!("when {}", prose::failure(it)))
        };
        let message =
            format!("a response with a status of success is an error {} now (before: {})", words(is), words(was));
        self.say(Class::Breaking, "error", message);
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
        let kind = |all: &[StatusMeaning], common: &[StatusMeaning], status: u16| {
            let known = all.iter().chain(common).find(|it| it.status == status);
            known.map_or(ErrorKind::of_status(status), |it| it.kind)
        };
        for status in own.iter().chain(theirs).map(|it| it.status).collect::<BTreeSet<_>>() {
            let place = format!("error {status}");
            let (was, is) = (own.iter().find(|it| it.status == status), theirs.iter().find(|it| it.status == status));
            let (own_kind, their_kind) = (kind(own, own_common, status), kind(theirs, common, status));
            if own_kind != their_kind {
                self.differ(&place, "the kind of the error", kind_word(own_kind), kind_word(their_kind));
            } else if was.is_none() {
                self.say(Class::Documentation, &place, "the status is described now");
            } else if is.is_none() {
                self.say(Class::Documentation, &place, "the status is not described any more");
            }
            self.error_type(was.and_then(|it| it.ty.as_ref()), is.and_then(|it| it.ty.as_ref()), &place);
        }
    }
}

fn tests(condition: Option<&FailureCondition>) -> Option<&Vec<Vec<specwright_codegen::model::FailureTest>>> {
    condition.map(|it| &it.any)
}

/// A kind of error as specs write it.
pub(crate) fn kind_word(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "invalid_request",
        ErrorKind::Authentication => "authentication",
        ErrorKind::PaymentRequired => "payment_required",
        ErrorKind::PermissionDenied => "permission_denied",
        ErrorKind::NotFound => "not_found",
        ErrorKind::Conflict => "conflict",
        ErrorKind::Timeout => "timeout",
        ErrorKind::TooLarge => "too_large",
        ErrorKind::UnsupportedMedia => "unsupported_media",
        ErrorKind::RateLimited => "rate_limited",
        ErrorKind::ContentRefused => "content_refused",
        ErrorKind::Server => "server",
        ErrorKind::Unavailable => "unavailable",
        ErrorKind::Refunded => "refunded",
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

fn form_words(answer: &StatusAnswer) -> String {
    match &answer.form {
        StatusForm::Json if answer.ty.is_none() => "nothing".to_owned(),
        StatusForm::Json => "JSON".to_owned(),
        StatusForm::Wrapped(key) => format!("JSON under {}", code(key)),
        StatusForm::Text(types) => format!("text of {}", types.join(", ")),
        StatusForm::Binary(types) => format!("bytes of {}", types.join(", ")),
    }
}
