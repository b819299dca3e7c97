//! Values that nobody needs any more.
//!
//! To take a large one apart, part by part, takes longer than to start a thread. A program that ends soon need not do so at
//! all: the system takes back all memory at once.

use std::mem::forget;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;

use crate::parallel::STACK;

/// About half a dozen values of each of eight APIs. Where a run makes more, the memory of one serves the next instead.
const MOST_LEFT: usize = 8 * 6;

/// How many more values are left to the system.
static TO_BE_LEFT: AtomicUsize = AtomicUsize::new(0);

/// Says that the program ends after what it does now.
pub fn program_ends() {
    TO_BE_LEFT.store(MOST_LEFT, Ordering::Relaxed);
}

fn is_left() -> bool {
    TO_BE_LEFT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

/// Discards a value: in another thread, if the program goes on.
pub fn aside(value: impl Send + 'static) {
    if is_left() {
        return forget(value);
    }
    // Without a thread, it is dropped with the closure.
    let _ = Builder::new().stack_size(STACK).spawn(move || drop(value));
}

/// Discards a value: at once, if the program goes on.
pub fn here<T>(value: T) {
    if is_left() { forget(value) } else { drop(value) }
}
