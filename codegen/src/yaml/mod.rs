//! YAML text into a tree in which every node carries its span.
