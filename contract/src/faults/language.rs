//! The words of the language: faults with their values, options, selectors. Flags, headers and config files all use this
//! module.

use std::time::Duration;

use specwright_codegen::diagnostics::suggest::nearest;

use super::problem::{Problem, shown};
use super::{Cut, Fault};

/// A key of the language, its value if it has one, and where both are written.
pub(super) struct Item {
    pub(super) key: String,
    pub(super) value: Option<String>,
    pub(super) place: String,
}

/// A fault whose random value is not chosen yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum UndrawnFault {
    /// The same every time.
    Always(Fault),
    /// A random time between these.
    Between(Duration, Duration),
}

/// Which requests a rule selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selector {
    /// The method in upper case; `None` for any method.
    pub(super) method: Option<String>,
    pub(super) pattern: String,
}

/// What happens to the requests that a rule selects, and how often.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Effect {
    pub(super) faults: Vec<UndrawnFault>,
    pub(super) rate: f64,
    pub(super) times: u64,
    pub(super) after: u64,
}

/// What an effect may contain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultSource {
    /// A rule for many requests.
    Rule,
    /// A single request, through its header.
    Request,
}

const KEYS: [&str; 14] = [
    "latency",
    "status",
    "cut",
    "truncate",
    "wrong_json",
    "slow",
    "stall",
    "task_fails",
    "callback_twice",
    "callback_reordered",
    "rate",
    "times",
    "after",
    "retry_after",
];

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(3600);
/// The longest `Retry-After`: a day.
const LONGEST_RETRY: u64 = 86_400;
/// Default seconds of `Retry-After` for a status that usually has this header.
const USUAL_RETRY: u64 = 1;

/// The items of `429 rate=0.2, retry_after=2`.
pub(super) fn items(text: &str, place: &str) -> Vec<Item> {
    let words = text.split([' ', '\t', ',']).filter(|it| !it.is_empty());
    let item = |word: &str| {
        let (key, value) = match word.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None if word.bytes().all(|it| it.is_ascii_digit()) => ("status", Some(word)),
            None => (word, None),
        };
        Item { key: key.to_owned(), value: value.map(str::to_owned), place: place.to_owned() }
    };
    words.map(item).collect()
}

/// `POST /api/v1/suno/*`, `suno.*`.
pub(super) fn selector(text: &str, place: &str) -> Result<Selector, Problem> {
    let problem = |message: String, help: &str| Problem { place: place.to_owned(), message, help: help.to_owned() };
    let mut words = text.split_whitespace();
    let (first, second, more) = (words.next(), words.next(), words.next());
    match (first, second, more) {
        (None, ..) => Err(problem(
            "the rule selects nothing".to_owned(),
            "write a path like `/api/v1/*`, the name of an operation, or `*` for every request",
        )),
        (Some(pattern), None, _) if METHODS.iter().any(|it| it.eq_ignore_ascii_case(pattern)) => Err(problem(
            format!("{} is a method without a path", shown(pattern)),
            "write a path after it; `*` means every path",
        )),
        (Some(pattern), None, _) => Ok(Selector { method: None, pattern: pattern.to_owned() }),
        (Some(method), Some(pattern), None) => match METHODS.iter().find(|it| it.eq_ignore_ascii_case(method)) {
            Some(method) => Ok(Selector { method: Some((*method).to_owned()), pattern: pattern.to_owned() }),
            None => Err(problem(
                format!("{} is not a method", shown(method)),
                "methods are GET, POST, PUT, PATCH and DELETE; leave it out for every method",
            )),
        },
        _ => Err(problem(
            format!("{} is more than a method and a path", shown(text)),
            "write a rule for each selection, with a colon and a space before its faults",
        )),
    }
}

/// The effect of all items of a rule or a header.
pub(super) fn effect(items: &[Item], speaker: FaultSource, place: &str, out: &mut Vec<Problem>) -> Effect {
    let mut effect = Effect { faults: Vec::new(), rate: 1.0, times: u64::MAX, after: 0 };
    let mut retry_after = None;
    let before = out.len();
    for (index, item) in items.iter().enumerate() {
        let key = item.key.as_str();
        if items.iter().take(index).any(|it| it.key == key) {
            out.push(problem(item, format!("{} is given twice", shown(key)), "keep one of them"));
            continue;
        }
        let option = matches!(key, "rate" | "times" | "after");
        if option && speaker == FaultSource::Request {
            let message = format!("{} is only allowed in rules for many requests", shown(key));
            out.push(problem(item, message, "remove it: the header applies to this request alone"));
            continue;
        }
        match key {
            "rate" => effect.rate = decimal(item, out).unwrap_or(1.0),
            "times" => effect.times = whole(item, 1, u64::MAX, out).unwrap_or(u64::MAX),
            "after" => effect.after = whole(item, 0, u64::MAX, out).unwrap_or(0),
            "retry_after" => retry_after = whole(item, 0, LONGEST_RETRY, out).map(|it| (it, item)),
            _ => effect.faults.extend(fault(item, out)),
        }
    }
    let mut has_status = false;
    for drawn in &mut effect.faults {
        if let UndrawnFault::Always(Fault::Status { status, retry_after: wait }) = drawn {
            has_status = true;
            let usual = matches!(*status, 429 | 503).then_some(USUAL_RETRY);
            *wait = retry_after.map(|(it, _)| it).or(usual);
        }
    }
    if let Some((_, item)) = retry_after.filter(|_| !has_status && out.len() == before) {
        out.push(problem(item, "`retry_after` is only allowed with a status".to_owned(), "write `429` beside it"));
    } else if effect.faults.is_empty() && out.len() == before {
        let message = "no fault is given".to_owned();
        let help = format!("write one of {}", listed(&KEYS[..10]));
        out.push(Problem { place: place.to_owned(), message, help });
    }
    effect
}

fn fault(item: &Item, out: &mut Vec<Problem>) -> Option<UndrawnFault> {
    let one = |fault: Fault| Some(UndrawnFault::Always(fault));
    let small = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    let size = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
    let most = u64::from(u32::MAX);
    match item.key.as_str() {
        "latency" => latency(item, out),
        "status" => {
            let status = whole(item, 200, 599, out)?;
            one(Fault::Status { status: u16::try_from(status).unwrap_or(500), retry_after: None })
        }
        "cut" => match item.value.as_deref() {
            None | Some("before") => one(Fault::Cut(Cut::Before)),
            Some("body") => one(Fault::Cut(Cut::Middle)),
            Some(_) => {
                let mut found = Vec::new();
                let after = whole(item, 0, most, &mut found);
                out.extend(found.into_iter().map(|it| {
                    let help = "write `before`, `body`, or after how many bytes of the body".to_owned();
                    Problem { help, ..it }
                }));
                one(Fault::Cut(Cut::After(size(after?))))
            }
        },
        "truncate" => match &item.value {
            None => one(Fault::Truncate(None)),
            Some(_) => one(Fault::Truncate(Some(size(whole(item, 0, most, out)?)))),
        },
        "slow" => one(Fault::Slow(small(whole(item, 1, most, out)?))),
        "stall" => match &item.value {
            None => one(Fault::Stall(1)),
            Some(_) => one(Fault::Stall(small(whole(item, 0, most, out)?))),
        },
        "wrong_json" => bare(item, Fault::WrongJson, out),
        "task_fails" => bare(item, Fault::TaskFails, out),
        "callback_twice" => bare(item, Fault::CallbackTwice, out),
        "callback_reordered" => bare(item, Fault::CallbackReordered, out),
        key => {
            let help = match nearest(key, KEYS) {
                Some(similar) => format!("`{similar}` has a similar name"),
                None => format!("write one of {}", listed(&KEYS)),
            };
            out.push(Problem { help, ..problem(item, format!("there is no fault {}", shown(key)), "") });
            None
        }
    }
}

fn bare(item: &Item, fault: Fault, out: &mut Vec<Problem>) -> Option<UndrawnFault> {
    if let Some(value) = &item.value {
        let message = format!("`{}` must not have a value, but has {}", item.key, shown(value));
        out.push(problem(item, message, "remove the value, or all of it"));
        return None;
    }
    Some(UndrawnFault::Always(fault))
}

fn latency(item: &Item, out: &mut Vec<Problem>) -> Option<UndrawnFault> {
    let text = item.value.as_deref().unwrap_or_default();
    let read = |text: &str| duration(text).filter(|it| *it <= LONGEST);
    let found = match text.split_once("..") {
        None => read(text).map(|it| UndrawnFault::Always(Fault::Latency(it))),
        Some((least, most)) => {
            read(least).zip(read(most)).filter(|(least, most)| least <= most).map(|(a, b)| UndrawnFault::Between(a, b))
        }
    };
    if found.is_none() {
        let message = format!("`latency` is {}", shown(text));
        out.push(problem(
            item,
            message,
            "write a time like `200ms` or `2s`, or a range like `100ms..2s`; 1 hour at most",
        ));
    }
    found
}

/// `200ms`, `2s`, `1m`, `1h`.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    Some(Duration::from_millis(number.checked_mul(millis)?))
}

fn whole(item: &Item, least: u64, most: u64, out: &mut Vec<Problem>) -> Option<u64> {
    let text = item.value.as_deref().unwrap_or_default();
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    let found = text.parse().ok().filter(|it| digits && (least..=most).contains(it));
    if found.is_none() {
        let help = match most {
            u64::MAX => format!("write a whole number from {least} on, like `{}=3`", item.key),
            _ => format!("write a whole number from {least} to {most}"),
        };
        let problem = problem(item, format!("`{}` is {}", item.key, shown(text)), "");
        out.push(Problem { help, ..problem });
    }
    found
}

fn decimal(item: &Item, out: &mut Vec<Problem>) -> Option<f64> {
    let text = item.value.as_deref().unwrap_or_default();
    let found = text.parse().ok().filter(|it| (0.0..=1.0).contains(it));
    if found.is_none() {
        let message = format!("`{}` is {}", item.key, shown(text));
        out.push(problem(item, message, "write a share from 0 to 1, like `rate=0.2`"));
    }
    found
}

fn problem(item: &Item, message: String, help: &str) -> Problem {
    Problem { place: item.place.clone(), message, help: help.to_owned() }
}

pub(super) fn listed(keys: &[&str]) -> String {
    keys.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
