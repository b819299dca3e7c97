//! RunAPI's operations.

use std::collections::BTreeMap;

use super::{Compiled, agree_with, compiled};
use crate::files;
use crate::runapi_requests;

/// The number of random requests per operation, which is small because there are many operations.
const TRIES: usize = 200;

#[test]
fn runapi() {
    agree_with(&files::root(), "runapi", &runapi_requests!(requests), TRIES);
}
