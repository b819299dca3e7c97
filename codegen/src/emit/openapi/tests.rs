//! Whole documents against structural checks, and fragments of them.
