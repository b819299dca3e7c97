//! What is found, and what is left in peace.
#![allow(clippy::unwrap_used)]

use super::testing::demo;
use super::{check, check_within};

/// Says `SW05xx at line: message; note` for everything found.
fn said(text: &str) -> Vec<String> {
    let demo = demo(text);
    let found = check(&demo.api).into_sorted();
    let line = |it: &crate::diagnostics::Diagnostic| demo.sources.text(it.primary.span).to_owned();
    found
        .iter()
        .map(|it| format!("{} {}: {} [{}]{}", it.code, it.severity.as_str(), it.message, line(it), it.notes.concat()))
        .collect()
}

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let found = said(text);
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(|(found, it)| found.starts_with(it)),
        "found\n{}\nexpected\n{}",
        found.join("\n"),
        expected.join("\n"),
    );
}

#[track_caller]
fn fine(text: &str) {
    finds(text, &[]);
}

#[test]
fn variants_that_overlap() {
    finds(
        "file: url
         text: string
         rule any_of file text
         variant by_file when file=$present
         variant by_text when text=$present",
        &["SW0501 error: variants `by_file` and `by_text` overlap"],
    );
    fine(
        "file: url
         text: string
         rule exactly_one_of file text
         variant by_file when file=$present
         variant by_text when text=$present",
    );
    fine(
        "model!: a | b
         variant a when model=a
         variant b when model=b",
    );
}

#[test]
fn a_witness_is_a_whole_legal_request() {
    let found = said(
        "model!: a | b
         prompt!: string
         + prompt min_length=3
         steps: integer
         + steps required minimum=7 multiple_of=5 when model=a
         images: [url]
         + images required min_items=2 unique_items when model=b
         variant a when model=a",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].ends_with(
            r#"no variant accepts {"model":"b","prompt":"aaa","images":["https://example.com/a","https://example.com/b"]}"#
        ),
        "{found:?}"
    );
}

#[test]
fn gaps_between_variants() {
    finds(
        "multi: boolean
         variant single when multi=false
         variant many when multi=true",
        &["SW0502 error: the rules of `demo.call` allow requests that no variant accepts"],
    );
    fine(
        "multi: boolean = false
         variant single when multi=false
         variant many when multi=true",
    );
    fine(
        "multi!: boolean
         variant single when multi=false
         variant many when multi=true",
    );
    fine(
        "a: string
         b: string
         rule any_of a b
         variant with_a when a=$present
         variant only_b when b=$present and a=$absent",
    );
}

#[test]
fn variants_without_requests() {
    finds(
        "mode!: fast | slow
         draft: boolean
         + draft forbidden unless mode=fast
         variant quick when mode=fast
         variant careful when mode=slow and draft=$absent
         variant odd when mode=slow and draft=$present",
        &["SW0503 error: no valid request matches variant `odd`"],
    );
}

#[test]
fn no_legal_request() {
    finds(
        "a!: string
         b!: string
         c!: string
         rule at_most_one_of a b
         rule at_most_one_of b c",
        &["SW0504 error: the rules of `demo.call` allow no request at all"],
    );
    finds(
        "a!: x | y
         b!: string
         + b forbidden when a=x
         + b forbidden when a=y",
        &["SW0505"],
    );
}

#[test]
fn required_and_forbidden() {
    let text = "model!: lite | pro
         image: url
         ratio: string
         + ratio required when model=lite";
    finds(
        &format!("{text}\n+ ratio forbidden when image=$present"),
        &[
            "SW0505 error: `demo.call.ratio` is required and forbidden in the same request [+ ratio forbidden when image=$present]both apply to {\"model\":\"lite\",\"image\":\"https://example.com/a\"}",
        ],
    );
    fine(&format!("{text}\n+ ratio forbidden when image=$present and model=pro"));
    // Another rule keeps the two apart.
    fine(&format!("{text}\n+ image forbidden when model=lite\n+ ratio forbidden when image=$present"));
    // What is only inferred is no proof.
    fine(&format!("{text}\n+ ratio ~forbidden when image=$present"));
}

#[test]
fn only_is_forbidden_elsewhere() {
    let text = "model!: a | b | c
         seed: integer
         + seed forbidden unless model=a,b";
    fine(&format!("{text}\n+ seed required when model=a"));
    finds(&format!("{text}\n+ seed required when model=b,c"), &["SW0505 error"]);
    finds(&format!("{text}\n+ seed forbidden when model=a,b"), &["SW0509 error: `demo.call.seed` can never be sent"]);
    fine(&format!("{text}\n+ seed forbidden unless model=b,c"));
}

#[test]
fn limits_that_leave_no_value() {
    let text = "model!: a | b
         n: integer
         + n maximum=10";
    finds(&format!("{text}\n+ n minimum=15 when model=a"), &["SW0506 error: `maximum` and `minimum` of `demo.call.n`"]);
    fine(&format!("{text}\n+ n minimum=10 when model=a"));
    finds(&format!("{text}\n+ n exclusive_minimum=10 when model=a"), &["SW0506"]);
    finds(&format!("{text}\n+ n enum=20,30 when model=a"), &["SW0506"]);
    fine(&format!("{text}\n+ n enum=5,30 when model=a"));
    finds(&format!("{text}\n+ n const=1 when model=a\n+ n enum=2,3 when model!=b"), &["SW0506"]);
    fine(&format!("{text}\n+ n const=1 when model=a\n+ n enum=2,3 when model!=a"));
    finds("t: string\n+ t min_length=5\n+ t max_length=4", &["SW0506"]);
    finds("t: [string]\n+ t min_items=5\n+ t max_items=4", &["SW0506"]);
    finds("m: map<integer>\n+ m min_properties=5\n+ m max_properties=4", &["SW0506"]);
    finds("m: map<integer>\n+ m min_properties=1\n+ m items.minimum=5\n+ m items.maximum=4", &["SW0506"]);
    finds("m: json\n+ m min_properties=5\n+ m max_properties=4", &["SW0506"]);
    finds("m: map<integer>\n+ m min_properties=5\n+ m max_properties=5", &[]);
    finds("t: [string]\n+ t items.min_length=5\n+ t items.max_length=4", &["SW0506"]);
    fine("t: [string]\n+ t min_length=5\n+ t items.max_length=4");
}

#[test]
fn limits_are_judged_together() {
    // Bounds, wholeness and multiples.
    finds(
        "n: integer\n+ n minimum=5\n+ n maximum=7\n+ n multiple_of=8",
        &["SW0506 error: `minimum`, `maximum` and `multiple_of` of `demo.call.n` leave no value"],
    );
    fine("n: integer\n+ n minimum=5\n+ n maximum=8\n+ n multiple_of=8");
    finds("n!: integer\n+ n minimum=0.5\n+ n maximum=0.6", &["SW0506"]);
    fine("n: number\n+ n minimum=0.5\n+ n maximum=0.6");
    finds("n: integer\n+ n exclusive_minimum=4\n+ n exclusive_maximum=5", &["SW0506"]);
    finds("n: number\n+ n multiple_of=0.5\n+ n exclusive_minimum=0.5\n+ n exclusive_maximum=1", &["SW0506"]);
    finds("n: integer\n+ n multiple_of=4\n+ n multiple_of=6\n+ n minimum=1\n+ n maximum=11", &["SW0506"]);
    fine("n: integer\n+ n multiple_of=4\n+ n multiple_of=6\n+ n minimum=1\n+ n maximum=12");
    finds("n: integer\n+ n const=1.8e19", &["SW0506 error: `const` of `demo.call.n` leaves no value"]);
    // Listed values that other limits take away one by one.
    finds("n: integer\n+ n enum=1,2,3\n+ n minimum=2\n+ n multiple_of=5", &["SW0506 error: `enum` and `multiple_of`"]);
    finds("n: integer\n+ n enum=2,3\n+ n maximum=2\n+ n exclusive_minimum=2", &["SW0506"]);
    finds("t: string\n+ t const=abc\n+ t pattern=^b", &["SW0506 error: `const` and `pattern`"]);
    finds("t: url\n+ t enum=ftp://a,a.png", &["SW0506 error: `enum` of `demo.call.t` leaves no value"]);
    // Lengths and patterns.
    finds("t: string\n+ t pattern=^[A-Z]{3}-\\d{4}$\n+ t min_length=9", &["SW0506 error: `pattern` and `min_length`"]);
    fine("t: string\n+ t pattern=^[A-Z]{3}-\\d{4}$\n+ t min_length=8");
    finds("t!: string\n+ t pattern=^(ab)+$\n+ t min_length=3\n+ t max_length=3", &["SW0506"]);
    finds("t: string\n+ t pattern=^a\n+ t pattern=^b", &["SW0506"]);
    finds("t: url\n+ t pattern=^ftp:", &["SW0506 error: `pattern` of `demo.call.t` leaves no value"]);
    finds("t: base64\n+ t min_length=5\n+ t max_length=5", &["SW0506"]);
    fine("t: base64\n+ t min_length=5\n+ t max_length=6");
}

#[test]
fn lists_of_different_items_end_with_the_items() {
    let found = said("b!: [boolean]\n+ b min_items=3\n+ b unique_items");
    assert!(found[0].contains("there are 2 different items that the list can hold"), "{found:?}");
    finds(
        "b: [boolean]\n+ b min_items=3 unique_items",
        &["SW0506 error: `min_items` and `unique_items` of `demo.call.b`"],
    );
    fine("b: [boolean]\n+ b min_items=2 unique_items");
    fine("b: [boolean]\n+ b min_items=3");
    finds("n: [integer]\n+ n min_items=4 unique_items items.minimum=1 items.maximum=3", &["SW0506"]);
    finds("n: [integer]\n+ n min_items=3 unique_items items.enum=1,1.0,2", &["SW0506"]);
    finds("n: [string]\n+ n min_items=5 unique_items items.pattern=^[ab]c?$", &["SW0506"]);
    fine("n: [string]\n+ n min_items=4 unique_items items.pattern=^[ab]c?$");
    finds("g: [[boolean]]\n+ g items.min_items=3 items.unique_items", &["SW0506"]);
    finds("g: [[boolean]]\n+ g min_items=6 unique_items items.unique_items", &["SW0506"]);
    fine("g: [[boolean]]\n+ g min_items=5 unique_items items.unique_items");
    // A list without items has nothing to break the limits of its items.
    fine("n: [integer]\n+ n max_items=0\n+ n items.minimum=5");
}

#[test]
fn limits_under_conditions_are_judged_together() {
    let text = "model!: a | b | c\nflag: boolean\nn: integer\n+ n minimum=5";
    let found = said(&format!("{text}\n+ n maximum=7 when model=a\n+ n multiple_of=8 when flag=true"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("SW0506 error: `minimum`, `maximum` and `multiple_of` of"), "{found:?}");
    assert!(found[0].ends_with(r#"all of them apply to {"model":"a","flag":true}"#), "{found:?}");
    fine(&format!("{text}\n+ n maximum=7 when model=a\n+ n multiple_of=8 when model=b and flag=true"));
    // Four conditions, of which no three leave nothing.
    let flags = "a: boolean\nb: boolean\nc: boolean\nd: boolean\nn!: integer\n+ n enum=1,2,3,4";
    let cases = "+ n enum=2,3,4 when a=true\n+ n enum=1,3,4 when b=true\n+ n enum=1,2,4 when c=true";
    fine(&format!("{flags}\n{cases}"));
    finds(&format!("{flags}\n{cases}\n+ n enum=1,2,3 when d=true"), &["SW0506"]);
    fine(&format!("{flags}\n{cases}\n+ n enum=1,2,3 when d=true\nrule at_most_one_of c d"));
    // A field that can have no value at all hides no other.
    let found =
        said("a!: a | b\nl!: [boolean]\n+ l min_items=3 unique_items\nn: integer\n+ n const=3\n+ n minimum=4 when a=b");
    assert_eq!(found.iter().filter(|it| it.starts_with("SW0506")).count(), 2, "{found:?}");
    // Each model has limits of its own, and none has those of another.
    let models: Vec<String> = (0..60).map(|it| format!("m{it}")).collect();
    let cases: Vec<String> =
        (0..60).map(|it| format!("+ n const={it} when model=m{it}\n+ n minimum={it} when model=m{it}")).collect();
    let text = format!("model!: {}\nn: integer\n{}", models.join(" | "), cases.join("\n"));
    assert!(said(&text).iter().all(|it| it.starts_with("SW0508")), "{:?}", said(&text));
    finds(&format!("{}\n+ n maximum=30 when model=m31", text.replace("+ n minimum", "+ n ~minimum")), &["SW0506"]);
}

#[test]
fn conditions_that_never_hold() {
    let text = "model!: a | b
         style: string
         + style forbidden unless model=b
         n: integer";
    finds(
        &format!("{text}\n+ n maximum=3 when model=a and style=$present"),
        &["SW0507 error: the condition of `maximum` of `demo.call.n` never holds"],
    );
    fine(&format!("{text}\n+ n maximum=3 when model=b and style=$present"));
    finds(&format!("{text}\n+ n maximum=3 when model=c"), &["SW0507"]);
    finds(&format!("{text}\n+ n maximum=3 when model=c or model=a and style=$present"), &["SW0507"]);
    fine(&format!("{text}\n+ n maximum=3 when model=c or model=a"));
    finds(&format!("{text}\nrule any_of style n when model=a and style=$present"), &["SW0507"]);
}

#[test]
fn clauses_that_never_matter() {
    let text = "model!: a | b
         n: integer
         + n maximum=10";
    finds(
        &format!("{text}\n+ n maximum=20 when model=a"),
        &["SW0508 warning: `maximum` of `demo.call.n` has no effect"],
    );
    finds(&format!("{text}\n+ n maximum=10 when model=a"), &["SW0508"]);
    fine(&format!("{text}\n+ n maximum=5 when model=a"));
    finds("model!: a | b\nn!: integer\n+ n required when model=a", &["SW0508"]);
    finds("a: boolean\nn: integer\n+ n required when a=true\n+ n required when a=true", &["SW0508"]);
    // Two conditions that only overlap.
    fine("a: boolean\nb: boolean\nn: integer\n+ n maximum=5 when a=true\n+ n maximum=9 when b=true");
    // A stated limit beside an inferred stricter one.
    fine("a: boolean\nn: integer\n+ n ~maximum=5\n+ n maximum=9 when a=true");
}

#[test]
fn parameters_nobody_can_send() {
    finds("a!: boolean\nn: integer\n+ n forbidden when a=true\n+ n forbidden when a=false", &["SW0509 error"]);
    fine("a!: boolean\nn: integer\n+ n forbidden when a=true");
    finds("a!: string\nn: integer\nrule at_most_one_of a n", &["SW0509 error"]);
}

#[test]
fn values_nobody_can_send() {
    let text = "model!: a | b
         size: small | large | huge
         + size enum=\"small\" when model=a";
    finds(
        &format!("{text}\n+ size enum=\"small\",\"large\" when model=b"),
        &["SW0510 warning: `huge` can never be sent as `demo.call.size`"],
    );
    fine(text);
    finds("n: integer\n+ n enum=1,2,3\n+ n maximum=2", &["SW0510 warning: `3` can never be sent"]);
}

#[test]
fn defaults_that_break_rules() {
    finds("n: integer = 60\n+ n maximum=50", &["SW0511 error: the default `60` of `demo.call.n` breaks its `maximum`"]);
    fine("n: integer = 50\n+ n maximum=50");
    finds("t: string = a\n+ t pattern=^b", &["SW0511 error: the default `a` of `demo.call.t` breaks its `pattern`"]);
    fine("t: string = bc\n+ t pattern=^b");
    finds("u: url = here", &["SW0511 error: the default `here` of `demo.call.u` breaks its `format`"]);
    fine("u: url = https://x.example");
    let text = "model!: a | b\nn: integer\n+ n maximum=5 when model=a";
    finds(&format!("{text}\n+ n default=6 when model=a"), &["SW0511"]);
    fine(&format!("{text}\n+ n default=6 when model=b"));
    fine("model!: a | b\nn: integer = 9\n+ n maximum=5 when model=a");
}

#[test]
fn rules_nobody_can_meet() {
    let text = "mode!: edit | draw
         image: url
         video: url
         + image forbidden unless mode=edit
         + video forbidden unless mode=edit";
    finds(&format!("{text}\nrule any_of image video when mode=draw"), &["SW0512 error"]);
    fine(&format!("{text}\nrule any_of image video when mode=edit"));
    finds("a!: string\nb!: string\nrule exactly_one_of a b", &["SW0512"]);
    fine("a!: string\nb: string\nc: string\nrule exactly_one_of b c");
    finds(
        "a: boolean\nb: string\n+ b forbidden when a=$present\nrule requires a b",
        &["SW0512 error: `a` requires `b`, which can never be sent together with it"],
    );
    fine("a: boolean\nb: string\n+ b forbidden when a=false\nrule requires a b");
}

#[test]
fn rules_that_add_nothing() {
    finds("a: string\nb: string\nrule any_of a b\nrule any_of a b", &["SW0513 warning"]);
    fine("a: string\nb: string\nc: boolean\nrule any_of a b when c=true\nrule any_of a b when c=false");
    fine("a: number\nb: number\nrule compare a > b");
}

#[test]
fn amounts() {
    let text = "images: [url]\nvideos: [url]\n+ images max_items=3\n+ videos max_items=2";
    finds(&format!("{text}\nrule sum images*1 videos*2 maximum=7"), &["SW0515 warning"]);
    fine(&format!("{text}\nrule sum images*1 videos*2 maximum=6"));
    finds(&format!("{text}\nrule sum images*1 videos*2 minimum=8"), &["SW0512"]);
    fine("images: [url]\nvideos: [url]\n+ videos max_items=2\nrule sum images*1 videos*2 maximum=7");
    finds("b: [boolean]\n+ b unique_items\nrule sum b*2 minimum=5", &["SW0512"]);
    fine("b: [boolean]\n+ b unique_items\nrule sum b*2 minimum=4");
    let text = "lines: [string]\n+ lines max_items=10 items.max_length=50";
    finds(&format!("{text}\nrule total_length lines maximum=500"), &["SW0515"]);
    fine(&format!("{text}\nrule total_length lines maximum=499"));
}

#[test]
fn the_example_of_the_design() {
    fine(
        "model!: seedance-1.5-pro | seedance-2.0 | seedance-2.0-fast | seedance-v1-lite | seedance-v1-pro | seedance-v1-pro-fast
         prompt!: string
         + prompt min_length=3
         + prompt max_length=2500 when model=seedance-1.5-pro
         + prompt max_length=20000 when model=seedance-2.0,seedance-2.0-fast
         + prompt max_length=10000 when model=seedance-v1-lite,seedance-v1-pro,seedance-v1-pro-fast
         first_frame_image_url: url
         aspect_ratio: 1:1 | 4:3 | 3:4 | 16:9 | 9:16 | 21:9 | 9:21 | auto
         + aspect_ratio required when model=seedance-1.5-pro
         + aspect_ratio required when model=seedance-v1-lite,seedance-v1-pro and first_frame_image_url=$absent
         + aspect_ratio forbidden when model=seedance-v1-lite,seedance-v1-pro,seedance-v1-pro-fast and first_frame_image_url=$present
         + aspect_ratio enum=1:1,4:3,3:4,16:9,9:16,9:21 when model=seedance-v1-lite
         duration_seconds: integer
         + duration_seconds required enum=4,8,12 when model=seedance-1.5-pro
         + duration_seconds ~minimum=4 ~maximum=15 when model=seedance-2.0,seedance-2.0-fast
         + duration_seconds required enum=5,10 when model=seedance-v1-lite,seedance-v1-pro,seedance-v1-pro-fast
         lock_camera: boolean
         + lock_camera forbidden unless model=seedance-1.5-pro,seedance-v1-lite,seedance-v1-pro
         reference_image_urls: [url]
         reference_video_urls: [url]
         reference_audio_urls: [url]
         + reference_audio_urls forbidden unless model=seedance-2.0,seedance-2.0-fast
         rule any_of reference_image_urls reference_video_urls when reference_audio_urls=$present
         variant p15 when model=seedance-1.5-pro
         variant two when model=seedance-2.0,seedance-2.0-fast
         variant lite when model=seedance-v1-lite
         variant pro when model=seedance-v1-pro
         variant pro_fast when model=seedance-v1-pro-fast",
    );
}

#[test]
fn hostile_models_end() {
    let n = 200;
    let mut text = String::new();
    for at in 0..n {
        text.push_str(&format!("p{at}: x | y | z\n"));
    }
    for at in 0..n {
        for other in (0..n).step_by(9).filter(|it| *it != at) {
            text.push_str(&format!("+ p{at} forbidden when p{other}=x and p{}=y\n", (other + at) % n));
            text.push_str(&format!("+ p{at} required when p{other}=z or p{}=y\n", (other * at) % n));
        }
    }
    for at in 0..60 {
        text.push_str(&format!("variant v{at} when p{at}=x or p{}=y\n", at + 1));
    }
    let demo = demo(&text);
    let (first, steps) = check_within(&demo.api, 300_000);
    assert!(steps <= 300_000, "{steps}");
    assert_eq!(first, check_within(&demo.api, 300_000).0);
}
