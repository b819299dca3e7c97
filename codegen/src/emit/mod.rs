//! The Rust view and the model → text. Pure: nothing here touches the disk.

pub(crate) mod rust;
