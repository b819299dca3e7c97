//! Code that only some operations need.

use std::any::Any;
use std::fmt;

/// A part of a description with the functions that it needs, such as the media types of a response of bytes. A method of the
/// description sets it, such as [`Operation::accept`](super::Operation::accept).
///
/// The functions are those of the module that has the method. Only that method refers to them, so programs without such an
/// operation do not contain them.
#[derive(Clone, Copy)]
pub struct WithSteps<T> {
    value: T,
    steps: &'static (dyn Any + Send + Sync),
}

impl<T: Copy> WithSteps<T> {
    pub(crate) const fn new<S: Any + Send + Sync>(value: T, steps: &'static S) -> Self {
        Self { value, steps }
    }

    /// The part itself.
    #[must_use]
    pub const fn value(&self) -> T {
        self.value
    }

    /// The functions. The module that has the method knows their type.
    pub(crate) fn steps<S: Any>(&self) -> Option<&'static S> {
        self.steps.downcast_ref()
    }
}

/// Shows only the part.
impl<T: fmt::Debug> fmt::Debug for WithSteps<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
