//! Specs in, fragments of pages out.
