//! Allocations of a request, which are the same on every machine. They have a test binary of their own, since counting
//! replaces the allocator.

#[path = "../../benches/requests/remix_image.rs"]
mod remix_image;

use remix_image::{broken, found, request, sent, text};

/// How often `work` allocates.
fn allocations<T>(work: impl FnOnce() -> T) -> u64 {
    let mut result = None;
    allocation_counter::measure(|| result = Some(work())).count_total
}

#[test]
fn a_valid_request_is_checked_without_allocation() {
    let request = request();
    assert_eq!(allocations(|| found(&request)), 0);
}

#[test]
fn violations_and_writing_keep_to_their_budgets() {
    let check =
        |what: &str, most: u64, count: u64| assert!(count <= most, "{what}: {count} allocations, at most {most}");
    let broken = broken();
    let violations = found(&broken);
    assert_eq!(violations.as_slice().len(), 3);
    check("three violations, as data", 8, allocations(|| found(&broken)));
    check("three violations, as text", 5, allocations(|| text(violations)));
    // One is the only model of the operation.
    check("building", 5, allocations(request));
    check("built, checked and written", 7, allocations(sent));
}
