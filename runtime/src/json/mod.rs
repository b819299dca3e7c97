//! Writes requests and reads responses without serde derives, by small functions that are compiled once.

mod nullable;
mod parser;
mod reader;
mod value;
mod writer;

pub use nullable::Nullable;
pub use reader::{Decode, DecodeError, Object, Reader};
pub use value::{Extra, integer};
pub use writer::{Encode, JsonWriter};

pub(crate) use parser::{JsonError, parse, parse_leniently};
pub(crate) use value::{at, copy_of, number_as_id, push_segment, type_name};
pub(crate) use writer::text_of;
