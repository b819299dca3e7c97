//! The webhook: how callbacks are signed, and what they tell.

use specwright_codegen::model::{Api, MessagePlace, Webhook, WebhookEvent};
use specwright_codegen::surface::Part;

use crate::answers::Answers;
use crate::api::{differ, header, say};
use crate::change::{Change, Class};

/// How callbacks are signed, and where the name of an event is.
pub(crate) fn changes(old: &Api, new: &Api, out: &mut Vec<Change>) {
    let (was, is) = match (&old.webhook, &new.webhook) {
        (Some(was), Some(is)) => (was, is),
        (Some(_), None) => return say(out, Class::Breaking, "webhook", "there are no callbacks any more"),
        (None, Some(_)) => return say(out, Class::Widening, "webhook", "there are callbacks"),
        (None, None) => return,
    };
    type Word<'w> = (&'static str, fn(&Webhook) -> String);
    let words: [Word<'_>; 10] = [
        ("the algorithm", |it| it.algorithm.clone()),
        ("the text that is signed", |it| it.signed.clone()),
        ("the encoding of the secret", |it| it.secret_encoding.clone()),
        ("the text before the secret", |it| it.secret_prefix.clone()),
        ("the encoding of the signature", |it| it.signature_encoding.clone()),
        ("the text before a signature", |it| it.signature_prefix.clone()),
        ("the text between signatures", |it| it.separator.clone()),
        ("the environment variable of the secret", |it| it.env.clone()),
        ("the text before the time of signing", |it| it.timestamp_prefix.clone().unwrap_or_default()),
        ("the place of the signature", |it| place_of(&it.signature)),
    ];
    for (what, word) in words {
        differ(out, "webhook", what, &word(was), &word(is));
    }
    header(out, "webhook", "the place of the id", was.id.as_ref().map(place_of), is.id.as_ref().map(place_of));
    header(
        out,
        "webhook",
        "the place of the time",
        was.timestamp.as_ref().map(place_of),
        is.timestamp.as_ref().map(place_of),
    );
    if was.retries != is.retries {
        say(out, Class::Documentation, "webhook", "how often a callback is sent again changed");
    }
    let place = |it: &Webhook| {
        it.events.as_ref().map(|it| match &it.name {
            MessagePlace::Body(at) => format!("{at} of the body"),
            MessagePlace::Header(name) => format!("header {}", name.to_ascii_lowercase()),
        })
    };
    match (place(was), place(is)) {
        (None, Some(_)) => say(out, Class::Widening, "webhook", "its events are described"),
        (Some(_), None) => say(out, Class::Breaking, "webhook", "its events are not described any more"),
        (was, is) => {
            let words = |it: Option<String>| it.unwrap_or_default();
            differ(out, "webhook", "the place of an event's name", &words(was), &words(is));
        }
    }
}

/// The name of a header, which is in no case, or a place in the body.
pub(crate) fn place_of(place: &MessagePlace) -> String {
    match place {
        MessagePlace::Header(name) => name.to_ascii_lowercase(),
        MessagePlace::Body(at) => at.clone(),
    }
}

/// The events of the webhook.
pub(crate) fn events<'a>(answers: &mut Answers<'a, '_>, old: &'a Api, new: &'a Api) {
    let all = |api: &'a Api| api.webhook.iter().flat_map(|it| &it.events).flat_map(|it| &it.events);
    let part = |it: &WebhookEvent| vec![Part::Event(it.name.clone())];
    for was in all(old) {
        let place = format!("webhook {}", was.name);
        match all(new).find(|it| it.name == was.name) {
            Some(is) => {
                // Each event is told of by itself, whatever they share.
                answers.seen.clear();
                let before = answers.out.len();
                answers.types(&was.ty, &is.ty, &place);
                answers.touch_since(before, &place, (part(was), part(is)));
                if was.doc != is.doc {
                    answers.say(Class::Documentation, &place, "the event is described in other words");
                }
            }
            None => {
                let words = "the event was removed".to_owned();
                answers.say_of(Class::Breaking, &place, words, (part(was), Vec::new()));
            }
        }
    }
    for is in all(new).filter(|it| all(old).all(|was| was.name != it.name)) {
        let words = "the event was added".to_owned();
        answers.say_of(Class::Widening, &format!("webhook {}", is.name), words, (Vec::new(), part(is)));
    }
}

/// Whether a change is about callbacks.
pub(crate) fn is_about(change: &Change) -> bool {
    change.operation.is_none() && change.place.starts_with("webhook")
}
