//! Runs independent work on several threads. The results keep the order of the parts.

use std::cmp::Reverse;
use std::hint::black_box;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, available_parallelism, scope};

/// Deep nesting in a spec must not end a run, so threads get more room than the 2 MiB that are usual.
pub const STACK: usize = 16 * 1024 * 1024;

/// More threads than this wait for each other.
const MOST_THREADS: usize = 8;

/// Bytes that a thread asks the allocator for as it begins.
const ROOM: usize = 16 * 1024 * 1024;

/// Has the allocator make room for what this thread will need.
///
/// glibc extends the memory of a thread by single pages otherwise: to compile the specs of this project took 3000 calls
/// of the system, each of which holds the other threads up. What is given back at once stays reserved, and costs nothing
/// until it is used. Twice, since a size that it has not seen before is mapped, and unmapped again.
pub fn make_room() {
    for _ in 0..2 {
        drop(black_box(Vec::<u8>::with_capacity(ROOM)));
    }
}

/// How many threads can run at once. The system is asked once: the answer is in half a dozen files.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| available_parallelism().map_or(1, usize::from))
}

/// What `work` makes of each item. The calling thread takes part, so it also works where no thread can be had.
pub fn map<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let others = processors().min(MOST_THREADS).min(items.len()).saturating_sub(1);
    let mut done = scope(|scope| {
        let aside = || {
            make_room();
            run()
        };
        let start = |_| Builder::new().stack_size(STACK).spawn_scoped(scope, aside).ok();
        let threads: Vec<_> = (0..others).filter_map(start).collect();
        let mut done = run();
        for thread in threads {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, it)| it).collect()
}

/// As [`map`], and begins with what is longest: at the end, no thread is left alone with much of the work.
pub fn map_longest_first<I: Sync, T: Send>(
    items: &[I],
    length: impl Fn(&I) -> usize,
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let mut order: Vec<(usize, &I)> = items.iter().enumerate().collect();
    order.sort_by_key(|(_, it)| Reverse(length(it)));
    let mut done = map(&order, |(at, it)| (*at, work(it)));
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, it)| it).collect()
}

/// Both results; `aside` is made in another thread.
pub fn join<A: Send, B>(aside: impl Fn() -> A + Sync, here: impl FnOnce() -> B) -> (A, B) {
    scope(|scope| {
        let run = || {
            make_room();
            aside()
        };
        let thread = Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let here = here();
        let aside = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => aside(),
        };
        (aside, here)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn order_is_kept() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(super::map(&items, |it| it * 2), items.iter().map(|it| it * 2).collect::<Vec<_>>());
        assert_eq!(super::map_longest_first(&items, |it| it % 7, |it| it * 2), super::map(&items, |it| it * 2));
        assert!(super::map(&[], |it: &u8| *it).is_empty());
        assert_eq!(super::join(|| 1, || 2), (1, 2));
    }
}
