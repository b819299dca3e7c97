//! RunAPI's operations.

use std::collections::BTreeMap;

use super::{Compiled, agree_with, compiled};
use crate::files;
use crate::runapi_requests;

/// Random requests, per operation: there are many operations.
const TRIES: usize = 200;

#[test]
fn runapi() {
    agree_with(&files::root(), "runapi", &runapi_requests!(requests), TRIES);
}
