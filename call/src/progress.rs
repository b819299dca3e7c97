//! Lines about what takes long: bytes on their way, at a pace that people can read.

use std::time::{Duration, Instant};

use specwright_codegen::escape::escaped;

/// Between two lines of a terminal, which the next one replaces.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two lines elsewhere, where each one stays.
const LONG_PAUSE: Duration = Duration::from_secs(5);
/// Characters of a whole bar.
const WIDTH: u64 = 20;

/// How far something is.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Such as `sending boat.png`.
    what: String,
    is_terminal: bool,
    begin: Instant,
    /// When the last line was shown, since the beginning.
    last: Option<Duration>,
}

impl Progress {
    pub(crate) fn new(what: &str, is_terminal: bool) -> Self {
        Self { what: escaped(what), is_terminal, begin: Instant::now(), last: None }
    }

    /// A line about so many bytes, if it is time for one.
    pub(crate) fn line(&mut self, done: u64, total: Option<u64>) -> Option<String> {
        self.line_at(self.begin.elapsed(), done, total)
    }

    fn line_at(&mut self, now: Duration, done: u64, total: Option<u64>) -> Option<String> {
        // What is soon over needs no line.
        let next = match (self.last, self.is_terminal) {
            (last, true) => last.unwrap_or_default() + PAUSE,
            (last, false) => last.unwrap_or_default() + LONG_PAUSE,
        };
        if now < next {
            return None;
        }
        self.last = Some(now);
        let what = &self.what;
        Some(match total.filter(|it| *it > 0) {
            Some(total) if self.is_terminal => {
                format!("{what} {} {} of {}", bar(done, total), bytes(done), bytes(total))
            }
            Some(total) => format!("{what}: {} of {}", bytes(done), bytes(total)),
            None => format!("{what}: {}", bytes(done)),
        })
    }
}

/// `[##########----------]`
fn bar(done: u64, total: u64) -> String {
    let full = (u128::from(done.min(total)) * u128::from(WIDTH) / u128::from(total.max(1))) as usize;
    format!("[{}{}]", "#".repeat(full), "-".repeat(WIDTH as usize - full))
}

/// `512 bytes`, `3.2 MB`.
fn bytes(count: u64) -> String {
    match count {
        0..10_000 => format!("{count} bytes"),
        10_000..1_000_000 => format!("{} kB", count / 1000),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.2} GB", count as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Progress};

    #[track_caller]
    fn check(is_terminal: bool, steps: &[(u64, u64, Option<u64>, Option<&str>)]) {
        let mut progress = Progress::new("sending a\u{1b}.png", is_terminal);
        for (millis, done, total, expected) in steps {
            let line = progress.line_at(Duration::from_millis(*millis), *done, *total);
            assert_eq!(line.as_deref(), *expected, "{millis} ms");
        }
    }

    #[test]
    fn a_terminal_has_a_bar_often() {
        let bar = "sending a\\u{1b}.png [#####---------------] 25 kB of 100 kB";
        let full = "sending a\\u{1b}.png [####################] 100 kB of 100 kB";
        let all = Some(100_000);
        check(
            true,
            &[(0, 1, all, None), (100, 25_000, all, Some(bar)), (150, 1, all, None), (200, 100_000, all, Some(full))],
        );
    }

    #[test]
    fn elsewhere_a_line_comes_now_and_then() {
        let some = "sending a\\u{1b}.png: 2.5 MB of 3.00 GB";
        check(
            false,
            &[(100, 1, None, None), (5000, 2_500_000, Some(3_000_000_000), Some(some)), (6000, 1, None, None)],
        );
        check(false, &[(5000, 12, Some(0), Some("sending a\\u{1b}.png: 12 bytes"))]);
    }
}
