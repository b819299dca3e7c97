//! A line about work that takes long: in a terminal it is replaced as the work goes on, and erased at its end. Elsewhere a
//! line comes now and then, so that a log shows that something happens.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use specwright_codegen::escape::escaped;
use specwright_codegen::pipeline::{Stage, Watch};

use crate::output;

/// Before the first line and between two lines: in a terminal, and elsewhere.
const PAUSES: [(Duration, Duration); 2] =
    [(Duration::from_millis(700), Duration::from_millis(200)), (Duration::from_secs(5), Duration::from_secs(10))];
/// Characters of a line that is erased again: of a longer one, a part would stay.
const WIDEST: usize = 78;
/// Characters of a whole bar.
const WIDTH: usize = 20;

/// Does some work, and says `text` and the seconds that it takes, if it takes long. The text may change meanwhile; it is
/// told whether it is for a terminal.
pub(crate) fn during<T>(text: &(dyn Fn(bool) -> String + Sync), work: impl FnOnce() -> T) -> T {
    let is_terminal = io::stderr().is_terminal();
    let (first, next) = if is_terminal { PAUSES[0] } else { PAUSES[1] };
    thread::scope(|scope| {
        // Dropped when the work has ended, or has panicked.
        let (_done, finished) = mpsc::channel::<()>();
        let begin = Instant::now();
        scope.spawn(move || {
            let (mut pause, mut is_shown) = (first, false);
            while finished.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let line = line(&text(is_terminal), begin.elapsed());
                match is_terminal {
                    true => output::write_raw(&format!("\r\x1b[K{}", line.chars().take(WIDEST).collect::<String>())),
                    false => output::say(&line),
                }
                (pause, is_shown) = (next, true);
            }
            if is_terminal && is_shown {
                output::write_raw("\r\x1b[K");
            }
        });
        work()
    })
}

fn line(text: &str, elapsed: Duration) -> String {
    format!("{}, {} s", escaped(text), elapsed.as_secs())
}

/// How far the APIs of a run are.
#[derive(Debug)]
pub(crate) struct Stages {
    /// How many APIs there are.
    apis: usize,
    by_api: Mutex<BTreeMap<String, Stage>>,
}

impl Stages {
    pub(crate) fn new(apis: usize) -> Self {
        Self { apis, by_api: Mutex::default() }
    }

    /// `checking toys; 2 of 5 APIs are done`, behind a bar in a terminal.
    pub(crate) fn text(&self, with_bar: bool) -> String {
        let by_api = self.by_api.lock().unwrap_or_else(PoisonError::into_inner);
        let done = by_api.values().filter(|it| **it == Stage::Done).count();
        let steps: usize = by_api.values().map(|it| *it as usize).sum();
        // What is furthest behind is what is waited for.
        let now = by_api.iter().filter(|it| *it.1 != Stage::Done).min_by_key(|it| it.1);
        let now = match now {
            Some((api, stage)) => format!("{} {api}", words(*stage)),
            None => "writing files".to_owned(),
        };
        let rest = if self.apis > 1 { format!("; {done} of {} APIs are done", self.apis) } else { String::new() };
        if !with_bar {
            return format!("{now}{rest}");
        }
        let full = (steps * WIDTH / (self.apis * Stage::Done as usize).max(1)).min(WIDTH);
        format!("[{}{}] {now}{rest}", "#".repeat(full), "-".repeat(WIDTH - full))
    }
}

impl Watch for Stages {
    fn begins(&self, api: &str, stage: Stage) {
        self.by_api.lock().unwrap_or_else(PoisonError::into_inner).insert(api.to_owned(), stage);
    }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Read => "reading",
        Stage::Check => "checking",
        Stage::Lower => "naming the items of",
        Stage::Emit => "writing the code of",
        Stage::Done => "finishing",
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Stage, Stages, Watch as _, during, line};

    #[test]
    fn what_is_furthest_behind_is_shown() {
        let check = |apis: usize, seen: &[(&str, Stage)], expected: &str| {
            let stages = Stages::new(apis);
            seen.iter().for_each(|(api, stage)| stages.begins(api, *stage));
            assert_eq!(stages.text(true), expected);
            assert_eq!(format!("{} {}", &expected[..22], stages.text(false)), expected);
        };
        check(1, &[("toys", Stage::Read)], "[--------------------] reading toys");
        check(1, &[("toys", Stage::Read), ("toys", Stage::Lower)], "[##########----------] naming the items of toys");
        check(1, &[("toys", Stage::Done)], "[####################] writing files");
        let two = [("toys", Stage::Done), ("boats", Stage::Check)];
        check(2, &two, "[############--------] checking boats; 1 of 2 APIs are done");
        check(0, &[], "[--------------------] writing files");
    }

    #[test]
    fn work_gives_its_result() {
        assert_eq!(during(&|_| "working".to_owned(), || 7), 7);
        assert_eq!(line("reading a\u{1b}", Duration::from_millis(7900)), "reading a\\u{1b}, 7 s");
    }
}
