//! Streams: text as it arrives, or one event a line.

use serde_json::{Value, json};
use specwright_codegen::escape::{escaped_lines, json_line};
use specwright_codegen::failure::Failure;
use specwright_codegen::model::StreamEvents;
use specwright_runtime::blocking::iter;
use specwright_runtime::{Blocking as _, DecodeError, Reader};

use super::Sending;
use super::holdback::Holdback;
use crate::described;
use crate::output::{Console, Outcome, clean, clean_value};

/// An event: its name, and its data.
pub(crate) type Event = (String, Value);

#[allow(clippy::unnecessary_wraps, reason = "the runtime expects a function that may fail")]
pub(crate) fn read(name: &str, data: &Reader<'_>) -> Result<Event, DecodeError> {
    Ok((name.to_owned(), data.value().clone()))
}

pub(super) fn stream(sending: &Sending<'_>, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let Some(stream) = &sending.op.stream else { return Ok(Outcome::Clean) };
    let spec = described::stream(stream);
    let opened = sending.call().stream::<_, Event, ()>(sending.request.clone(), spec, read).blocking();
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return sending.failed(&error, console),
    };
    sending.show_head(opened.status(), opened.headers(), console);
    if sending.options.json || stream.text.is_empty() {
        for event in iter(opened) {
            let (name, data) = match event {
                Ok(event) => event,
                Err(error) => return sending.failed(&error, console),
            };
            let data = clean_value(&sending.client, &data);
            let line = match &stream.events {
                StreamEvents::Data(_) => data,
                StreamEvents::Named(_) => json!({ "event": clean(&sending.client, &name), "data": data }),
            };
            if !console.print(&format!("{}\n", json_line(&line)))? {
                return Ok(Outcome::Clean);
            }
        }
        return Ok(Outcome::Clean);
    }
    let mut last = None;
    let mut pieces = Holdback::new(sending.secrets.clone());
    let show = |text: &str, last: &mut Option<char>, console: &mut Console<'_>| {
        let text = clean(&sending.client, text);
        let shown = if console.out_is_terminal { escaped_lines(&text) } else { text.into_owned() };
        *last = shown.chars().next_back().or(*last);
        console.print(&shown)
    };
    for text in iter(opened.into_text()) {
        match text {
            Ok(text) if show(&pieces.add(&text), &mut last, console)? => {}
            // The reader has seen enough.
            Ok(_) => return Ok(Outcome::Clean),
            Err(error) => {
                show(&pieces.finish(), &mut last, console)?;
                end_line(last, console)?;
                return sending.failed(&error, console);
            }
        }
    }
    show(&pieces.finish(), &mut last, console)?;
    if last.is_none() {
        console.say("the stream had no text; `--format json` shows its events");
    }
    end_line(last, console)?;
    Ok(Outcome::Clean)
}

/// Ends the last line of a text.
fn end_line(last: Option<char>, console: &mut Console<'_>) -> Result<(), Failure> {
    if last.is_some_and(|it| it != '\n') {
        console.print("\n")?;
    }
    Ok(())
}
