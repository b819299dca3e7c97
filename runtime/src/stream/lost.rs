//! Lost events, without which the total would be wrong.

use bytes::Bytes;

use crate::error::Source;
use crate::response::ResponseHead;
use crate::{DecodeError, Error};

/// The first event that was lost, and the number of lost events.
#[derive(Debug)]
pub(crate) struct Lost {
    nth: u64,
    name: String,
    data: Bytes,
    why: Why,
    count: u64,
    /// The last event that was counted.
    last: u64,
}

/// Why an event was lost.
#[derive(Clone, Debug)]
pub(crate) enum Why {
    /// Its data is not JSON.
    Data,
    /// It cannot be read as what the API promises.
    Event(DecodeError),
    /// A part of it does not fit into the total.
    Place(DecodeError),
}

impl Lost {
    /// `nth` is the number of the event, counted from 1. `name` is empty if events have no names.
    pub(crate) fn new(nth: u64, name: &str, data: Bytes, why: Why) -> Self {
        Self { nth, name: name.to_owned(), data, why, count: 1, last: nth }
    }

    /// Counts one more event. An event that is lost for several reasons counts once.
    pub(crate) fn count(&mut self, nth: u64) {
        self.count += u64::from(nth != self.last);
        self.last = nth;
    }

    pub(crate) fn error(&self, meta: &ResponseHead) -> Error {
        let (why, source) = match &self.why {
            Why::Data => ("its data is not JSON", None),
            Why::Event(error) => ("it is not what the API promises", Some(error)),
            Why::Place(error) => ("a part of it does not fit into the response", Some(error)),
        };
        let name = meta.secrets.redactor().line(&self.name, 60);
        let name = if name.is_empty() { name } else { format!(" (`{name}`)") };
        let more = match self.count - 1 {
            0 => String::new(),
            1 => ", and so was 1 more".to_owned(),
            more => format!(", and so were {more} more"),
        };
        let message = format!("event {}{name} was lost, because {why}{more}", self.nth);
        meta.decode_error(self.data.clone(), message, source.cloned().map(Source::Decode))
    }
}
