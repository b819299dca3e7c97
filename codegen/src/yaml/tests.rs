//! What [`parse`](super::parse) accepts, rejects and says.
