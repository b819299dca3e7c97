//! Tests which requests are affected, and that they are the same every time.

use std::time::Duration;

use super::{Fault, FaultInput, SONG, plan, status};
use crate::faults::{Cut, FaultPlan};

fn decided(flag: &str, asked: FaultInput<'_>) -> Vec<Fault> {
    plan(0, &[flag]).decide(&asked).unwrap()
}

#[test]
fn every_fault_is_read() {
    let ms = Duration::from_millis;
    for (text, fault) in [
        ("latency=200ms", Fault::Latency(ms(200))),
        ("latency=2s", Fault::Latency(ms(2000))),
        ("503", status(503, Some(1))),
        ("status=500", status(500, None)),
        ("429 retry_after=7", status(429, Some(7))),
        ("429,retry_after=0", status(429, Some(0))),
        ("cut", Fault::Cut(Cut::Before)),
        ("cut=before", Fault::Cut(Cut::Before)),
        ("cut=body", Fault::Cut(Cut::Middle)),
        ("cut=12", Fault::Cut(Cut::After(12))),
        ("truncate", Fault::Truncate(None)),
        ("truncate=40", Fault::Truncate(Some(40))),
        ("wrong_json", Fault::WrongJson),
        ("slow=100", Fault::Slow(100)),
        ("stall", Fault::Stall(1)),
        ("stall=0", Fault::Stall(0)),
        ("task_fails", Fault::TaskFails),
        ("callback_twice", Fault::CallbackTwice),
        ("callback_reordered", Fault::CallbackReordered),
    ] {
        assert_eq!(decided(&format!("*: {text}"), SONG), std::slice::from_ref(&fault), "{text}");
        let header = text;
        assert_eq!(
            FaultPlan::default().decide(&FaultInput { header: Some(header), ..SONG }).unwrap(),
            [fault],
            "{text}"
        );
    }
}

#[test]
fn selectors_match_method_path_and_operation() {
    let strikes = |selector: &str, asked: FaultInput<'_>| !decided(&format!("{selector}: 500"), asked).is_empty();
    let yes = ["*", "POST *", "post /api/v1/suno/*", "/api/*", "/*", "suno.*", "POST suno.text_to_music", "*_music"];
    for selector in yes {
        assert!(strikes(selector, SONG), "{selector}");
    }
    for selector in ["GET *", "/api/v1/suno/", "suno", "/suno*", "keys.*", "POST /v1/*"] {
        assert!(!strikes(selector, SONG), "{selector}");
    }
    let prefixed = FaultInput { path: "/runapi/api/v1/suno/text_to_music", ..SONG };
    assert!(strikes("/api/v1/*", prefixed) && strikes("/runapi/*", prefixed) && !strikes("/v1/*", prefixed));
    let verb = FaultInput { path: "/v1/models/a:generate", ..SONG };
    assert!(strikes("/v1/models/*:generate", verb) && !strikes("/v1/models/*:compose", verb));
}

#[test]
fn rates_affect_about_this_share_and_always_the_same_requests() {
    let struck = |seed: u64| -> Vec<bool> {
        let plan = plan(seed, &["*: 500 rate=0.2"]);
        (0..1000).map(|_| !plan.decide(&SONG).unwrap().is_empty()).collect()
    };
    let count = struck(1).iter().filter(|it| **it).count();
    assert!((150..250).contains(&count), "{count}");
    assert_eq!(struck(1), struck(1));
    assert_ne!(struck(1), struck(2));
    for (rate, wanted) in [("0", 0), ("1", 100)] {
        let plan = plan(1, &[&format!("*: 500 rate={rate}")]);
        assert_eq!((0..100).filter(|_| !plan.decide(&SONG).unwrap().is_empty()).count(), wanted);
    }
}

#[test]
fn other_routes_have_no_influence() {
    let keys = FaultInput { operation: "keys.list", method: "GET", path: "/api/v1/keys", ..SONG };
    let flags = ["suno.*: latency=0ms..500ms rate=0.5", "keys.*: 503 rate=0.5"];
    let (alone, mixed) = (plan(7, &flags), plan(7, &flags));
    for number in 0..100 {
        for _ in 0..number % 3 {
            mixed.decide(&keys).unwrap();
        }
        assert_eq!(alone.decide(&SONG).unwrap(), mixed.decide(&SONG).unwrap());
    }
}

#[test]
fn ranges_are_respected_and_used() {
    let plan = plan(3, &["*: latency=100ms..2s"]);
    let waits: Vec<u128> = (0..200)
        .map(|_| match plan.decide(&SONG).unwrap()[..] {
            [Fault::Latency(wait)] => wait.as_millis(),
            ref other => panic!("{other:?}"),
        })
        .collect();
    assert!(waits.iter().all(|it| (100..=2000).contains(it)));
    assert!(waits.iter().any(|it| *it < 500) && waits.iter().any(|it| *it > 1500), "{waits:?}");
}

#[test]
fn times_and_after_count_the_requests_of_their_rule() {
    let plan = plan(0, &["POST *: 503 after=2 times=3"]);
    let get = FaultInput { method: "GET", ..SONG };
    let struck: Vec<bool> = (0..8)
        .map(|_| {
            assert_eq!(plan.decide(&get).unwrap(), []);
            !plan.decide(&SONG).unwrap().is_empty()
        })
        .collect();
    assert_eq!(struck, [false, false, true, true, true, false, false, false]);
}

#[test]
fn times_counts_affected_requests() {
    let plan = plan(5, &["*: 503 rate=0.3 times=4"]);
    assert_eq!((0..200).filter(|_| !plan.decide(&SONG).unwrap().is_empty()).count(), 4);
}

#[test]
fn all_rules_apply_and_the_first_of_a_kind_wins() {
    let plan = plan(0, &["suno.*: 500 slow=10", "*: 503 latency=1s"]);
    let found = plan.decide(&SONG).unwrap();
    assert_eq!(found, [status(500, None), Fault::Slow(10), Fault::Latency(Duration::from_secs(1))]);
    let header = Some("status=418, task_fails");
    let found = plan.decide(&FaultInput { header, ..SONG }).unwrap();
    assert_eq!(found[..2], [status(418, None), Fault::TaskFails]);
    assert_eq!(found.len(), 4);
    assert_eq!(plan.decide(&FaultInput { header: Some(" none "), ..SONG }).unwrap(), []);
}

#[test]
fn threads_share_the_count() {
    let plan = plan(0, &["*: 503 times=50"]);
    let count = || (0..100).filter(|_| !plan.decide(&SONG).unwrap().is_empty()).count();
    let total: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
        all.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert_eq!(total, 50);
}
