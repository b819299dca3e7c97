//! What can be wrong with a spec, as data; renderers beside it.
