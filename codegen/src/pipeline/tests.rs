//! All stages on whole projects in temporary folders.
