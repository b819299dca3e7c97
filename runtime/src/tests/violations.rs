//! Tests the violations of one request: the first hundred are kept, the rest are counted.

use super::*;

/// Breaks a stated rule and an inferred one so many times.
#[derive(Clone, Debug)]
struct Many {
    stated: usize,
    inferred: usize,
}

impl Rules for Many {
    fn check_rules(&self, out: &mut Violations) {
        for index in 0..self.inferred {
            out.push(&InstancePath::Index(&InstancePath::Root, index), &HINT, Actual::Nothing);
        }
        for index in 0..self.stated {
            out.push_at(&InstancePath::Index(&InstancePath::Root, index), &LENGTH, "/other", Actual::text("x"));
        }
    }
}

impl Request for Many {
    type Reply = Response<Picture>;

    fn operation(&self) -> &'static Operation {
        &CREATE
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/paint");
        out.body().begin_object();
        out.body().end_object();
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::json(raw)
    }
}

#[test]
fn the_rest_is_counted() {
    let check = |stated, inferred| Setup::new([picture()]).client.call().check(&Many { stated, inferred });
    for (stated, kept) in [(1, 1), (100, 100), (101, 100), (8_000_000, 100)] {
        let error = check(stated, 300).unwrap_err();
        assert_eq!((error.violations.len(), error.omitted, error.warnings.len()), (kept, stated - kept, 100));
        assert_eq!(error.violations[0].at, "/0/other");
        let text = error.to_string();
        if stated > 1 {
            assert!(text.starts_with(&format!("the request of `paint.create` breaks {stated} rules:\n")), "{text}");
        }
        let last = text.lines().last().unwrap();
        assert_eq!(last == format!("  and {} more", stated - kept), stated > kept, "{last}");
    }
    assert_eq!(check(0, 300).unwrap().len(), 100);
    assert_eq!(check(0, 0).unwrap().len(), 0);
}

#[test]
fn the_mode_also_applies_to_very_many_violations() {
    let many = || Many { stated: 1_000, inferred: 1_000 };
    let it = Setup::new([picture()]);
    let error = it.send(many()).unwrap_err();
    assert_eq!((error.validation().unwrap().omitted, it.server.count()), (900, 0));
    let it = Setup::with([picture()], |it| it.validation(Validation::Warn));
    assert_eq!(it.send(many()).unwrap().warnings().len(), 200);
}

#[test]
fn pointers_are_bounded() {
    let key = "k\u{e9}~/".repeat(1_000_000);
    let map = InstancePath::Field(&InstancePath::Root, "map");
    let inner = InstancePath::Key(&map, &key);
    let mut found = Violations::default();
    found.push(&inner, &LENGTH, Actual::Nothing);
    found.push(&InstancePath::Field(&inner, "name"), &LENGTH, Actual::Nothing);
    found.push(&InstancePath::Key(&map, "short"), &LENGTH, Actual::Nothing);
    assert_eq!(found.omitted(), 0);
    let all = found.into_vec();
    for it in &all[..2] {
        assert!(it.at.starts_with("/map/k\u{e9}~0~1k") && it.at.ends_with('…') && it.at.len() < 1_010, "{}", it.at);
    }
    assert_eq!(all[2].at, "/map/short/prompt");
}

#[test]
fn values_of_secrets_are_hidden_in_every_violation() {
    let mut found = Violations::default();
    found.push(&InstancePath::Root, &LENGTH, Actual::text("shown"));
    found.hidden(|out| {
        for _ in 0..200 {
            out.push(&InstancePath::Root, &LENGTH, Actual::text("secret"));
        }
    });
    assert_eq!(found.omitted(), 101);
    let all = found.into_vec();
    assert_eq!(all[0].found, Actual::text("shown"));
    assert!(all[1..].iter().all(|it| it.found == Actual::Nothing));
}
