//! What `#(…)*` of `quote!` iterates over: iterators, and lists, which stay as they are.

use std::slice;

/// Iterators.
pub trait RepeatIterator: Iterator + Sized {
    /// The iterator itself.
    fn repeated(self) -> Self {
        self
    }
}

impl<I: Iterator> RepeatIterator for I {}

/// Lists and slices.
pub trait RepeatSlice<T> {
    /// Their items.
    fn repeated(&self) -> slice::Iter<'_, T>;
}

impl<T> RepeatSlice<T> for [T] {
    fn repeated(&self) -> slice::Iter<'_, T> {
        self.iter()
    }
}
