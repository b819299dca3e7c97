//! Nanoseconds that checking and writing a request takes: a body of twelve parameters, two of them URLs.
//!
//! ```text
//! cargo bench -p specwright-tests --bench requests
//! ```
//! Each line is the best of many rounds, so that other work on the machine counts little.
//! `--count LINE CALLS` makes that many calls of one line (0 is the first) and prints nothing: for `cargo xtask bench`,
//! which counts their instructions.

mod remix_image;

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use remix_image::{broken, found, request, sent, text};

fn main() {
    let (valid, broken) = (request(), broken());
    assert_eq!((found(&valid).as_slice().len(), found(&broken).as_slice().len()), (0, 3));
    let arguments: Vec<String> = env::args().skip(1).collect();
    let counted = match &arguments[..] {
        [flag, line, calls] if flag == "--count" => {
            Some((line.parse().expect("a line"), calls.parse().expect("a number")))
        }
        _ => None,
    };
    measure(counted, 0, "valid, checked", || found(black_box(&valid)).is_empty());
    measure(counted, 1, "three violations, as data", || found(black_box(&broken)));
    measure(counted, 2, "three violations, as text", || text(found(black_box(&broken))));
    measure(counted, 3, "built, checked and written", sent);
}

/// Prints a line. If the calls of one line are counted, only those are made.
fn measure<T>(counted: Option<(u32, u32)>, line: u32, name: &str, mut work: impl FnMut() -> T) {
    match counted {
        None => println!("{name}: {:.1} ns", best(work)),
        Some((wanted, calls)) if wanted == line => (0..calls).for_each(|_| drop(black_box(work()))),
        Some(_) => {}
    }
}

/// Nanoseconds of one call, in the best of many rounds.
fn best<T>(mut work: impl FnMut() -> T) -> f64 {
    const CALLS: u32 = 1000;
    let mut round = || {
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(work());
        }
        start.elapsed()
    };
    let until = Instant::now() + Duration::from_millis(500);
    let mut best = Duration::MAX;
    while Instant::now() < until {
        best = best.min(round());
    }
    best.as_secs_f64() * 1e9 / f64::from(CALLS)
}
