//! What the compiler writes about an API, from the model to text. Pure: no disk, no clock, the same bytes every time.

pub mod markdown;
