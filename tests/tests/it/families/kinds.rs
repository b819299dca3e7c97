//! Values of every type, as they are sent.

use ::kinds::tags::{Button, Component, Denied, Done, Gap, Outcome};
use ::kinds::tuples::{Center, Mark, Order, RoutesLabel};
use ::kinds::types::{
    Candle, Cat, Chair, Cheque, Dog, Event, Exact, Fault, Furniture, Host, Knot, Labels, LabelsExtra, Lamp, Light,
    Notice, Pet, Scores, Seat, Stool, Table,
};

use super::*;

fn client(server: &Server) -> ::kinds::Client {
    ::kinds::Client::builder().base_url(server.url()).http_client(direct()).build().unwrap()
}

/// The JSON that came last.
#[track_caller]
fn sent(server: &Server) -> serde_json::Value {
    serde_json::from_slice(&last(server).body).unwrap()
}

#[tokio::test]
async fn types_of_other_crates_stand_for_text() {
    let answer = json!({"day": "2026-02-28", "id": "018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0f", "price": "1.0"});
    let server = echo(answer).await;
    let moment: jiff::Timestamp = "2026-11-20T08:30:00Z".parse().unwrap();
    let id = uuid::Uuid::from_u128(7);
    let day = jiff::civil::date(2026, 1, 30);
    let call = client(&server).texts().formats().day(day).made(moment).lasts(jiff::SignedDuration::from_hours(2));
    let response = call.id(id).days([day]).ids([("a", id)]).price("12.50").send().await.unwrap();
    // A field is text, which parses as what it stands for.
    assert_eq!(response.day.parse::<jiff::civil::Date>().unwrap(), jiff::civil::date(2026, 2, 28));
    assert!(response.id.parse::<uuid::Uuid>().is_ok());
    let expected = json!({
        "day": "2026-01-30", "made": "2026-11-20T08:30:00Z", "lasts": "PT2H", "id": id.to_string(),
        "price": "12.50", "days": ["2026-01-30"], "ids": {"a": id.to_string()},
    });
    assert_eq!(sent(&server), expected);
}

#[tokio::test]
async fn a_whole_number_is_sent_as_it_is() {
    let server = echo(json!({"count": 4_294_967_296_i64, "all": [-1]})).await;
    let ranges =
        client(&server).numbers().ranges(4_294_967_295).count(-2_147_483_648).codes([1, -2]).all([Some(0), None]);
    // A server may send more than it says.
    let response = ranges.send().await.unwrap();
    assert_eq!((response.count, response.all.as_slice()), (4_294_967_296, &[-1][..]));
    assert_eq!(last(&server).target, "/ranges/4294967295?codes=1,-2");
    assert_eq!(sent(&server), json!({"count": -2_147_483_648_i64, "all": [0, null]}));
}

#[tokio::test]
async fn all_64_bits_of_a_number_without_a_sign_are_sent_and_read() {
    let server = echo(json!({"count": u64::MAX, "all": [0, 1.0, 1.5e19]})).await;
    let client = client(&server);
    let counters = client.numbers().counters(u64::MAX).size(u64::MAX - 1).since(1 << 63).ids([0, u64::MAX]);
    let counters = counters.x_seen(u64::MAX).either(u64::MAX).by_name([("a", u64::MAX)]).listed(u64::MAX);
    let response = counters.send().await.unwrap();
    assert_eq!((response.count, response.all.as_slice()), (u64::MAX, &[0, 1, 15_000_000_000_000_000_000][..]));
    let call = last(&server);
    assert_eq!(call.target, "/counters/18446744073709551615?since=9223372036854775808&ids=0,18446744073709551615");
    assert_eq!(call.header("x-seen"), "18446744073709551615");
    let expected = r#"{"size":18446744073709551614,"either":18446744073709551615,"by_name":{"a":18446744073709551615},"listed":18446744073709551615}"#;
    assert_eq!(String::from_utf8_lossy(&call.body), expected);
    let error = client.numbers().counters(0).size(u64::MAX).share(1.9e19).signed(-1).send().await.unwrap_err();
    let broken: Vec<String> =
        error.validation().unwrap().violations.iter().map(|it| format!("{} {}", it.at, it.rule.keyword)).collect();
    assert_eq!(broken, ["/size maximum", "/share compare"]);
    assert!(error.to_string().contains("found 18446744073709551615"), "{error}");
    for wrong in [json!(-1), json!(1.9e19), json!(0.5), json!("1")] {
        let server = echo(json!({"count": wrong, "all": []})).await;
        let read = self::client(&server).numbers().counters(0).size(0).send().await;
        assert!(read.is_err(), "{wrong} was read");
    }
}

#[tokio::test]
async fn numbers_and_truth_values_are_tags() {
    let answer =
        json!({"components": [{"type": 2.0, "label": "No"}, {"type": 9}], "outcome": {"ok": false, "why": "x"}});
    let server = echo(answer).await;
    let row = Component::strip([Component::from(Button::new("Go")), Gap::new().into()]);
    let call = client(&server).tags().components().components([row]).outcome(Done::new());
    let response = call.piece(Outcome::from(Denied::new("No"))).send().await.unwrap();
    let expected = json!({
        "components": [{"type": 1, "components": [{"type": 2, "label": "Go"}, {"type": -1}]}],
        "outcome": {"ok": true}, "piece": {"ok": false, "why": "No"},
    });
    assert_eq!(sent(&server), expected);
    let tags: Vec<_> = response.components.iter().map(Component::tag).collect();
    assert_eq!(tags, [Some(2), Some(9)]);
    assert!(matches!(&response.components[0], Component::Push(it) if it.label == "No"));
    assert!(matches!(&response.outcome, Some(it @ Outcome::Denied(_)) if it.tag() == Some(false)));
    let call = client(&server).tags().components().components([Component::Other(json!({"type": 3}))]);
    let error = call.send().await.unwrap_err().to_string();
    assert!(error.contains("`type` must be one of `1`, `2`, `-1`"), "{error}");
}

#[tokio::test]
async fn places_of_a_list_have_types_of_their_own() {
    let server = echo(json!({"line": [[8.5, 47], [8, 46.5, 440]], "best": [{"name": "B"}], "label": ["A", 4]})).await;
    let call = client(&server).tuples().routes().from((8.54, 47.0)).stops([(8.31, 47.05)]);
    let call = call
        .sort(("length".to_owned(), Order::Desc))
        .window(("2026-01-31T08:00:00Z".into(), "2026-02-01T08:00:00Z".into()));
    let call =
        call.notes([("tea".to_owned(), Mark::new("T"), None.into())]).by_name([("a", (1, (true, Mark::new("M"))))]);
    let response = call.label(("A".to_owned(), 4)).send().await.unwrap();
    assert_eq!(response.line, [(8.5, 47.0), (8.0, 46.5)]);
    // One item too few: what may be left out is left out.
    assert_eq!(response.best, None);
    assert!(matches!(&response.label, Some(RoutesLabel::Tuple(it)) if *it == ("A".to_owned(), 4)));
    let expected = json!({
        "from": [8.54, 47], "stops": [[8.31, 47.05]], "notes": [["tea", {"name": "T"}, null]],
        "window": ["2026-01-31T08:00:00Z", "2026-02-01T08:00:00Z"], "label": ["A", 4],
        "by_name": {"a": [1, [true, {"name": "M"}]]},
    });
    assert_eq!(sent(&server), expected);
    assert_eq!(last(&server).target, "/routes?sort=%5B%22length%22%2C%22desc%22%5D");
    let call = client(&server).tuples().routes().from((0.0, 0.0)).by_name([("a", (1, (true, Mark::new("Long"))))]);
    let error = call.send().await.unwrap_err().to_string();
    assert!(error.contains("/by_name/a/1/1/name"), "{error}");
}

#[tokio::test]
async fn a_path_has_text_before_and_between_values() {
    let server = echo(json!(null)).await;
    let tiles = client(&server).tuples().tiles(256, Center::new(5, 7), ["roads", "a b"], 3);
    tiles.send().await.unwrap();
    assert_eq!(last(&server).target, "/tiles;size=256/at;x=5,z=7/.roads.a%20b/3.png");
    let error = client(&server).tuples().tiles(1, Center::new(1, 1), ["a.b"], 1).send().await.unwrap_err();
    assert_eq!(server.count(), 1, "{error}");
}

#[tokio::test]
async fn what_nothing_tells_apart_keeps_its_json() {
    let answer = json!({"pet": {"name": "Rex", "age": 3, "more": [1]}, "notice": {"type": "gone"}});
    let server = echo(answer).await;
    let pets = client(&server).shapes().pets().pet(Dog::new().name("Tom")).more([Pet::from("Rex"), Cat::new().into()]);
    let response = pets.means(Cheque::new("cheque", "b")).notice(Fault::new("none")).send().await.unwrap();
    let expected = json!({
        "pet": {"name": "Tom"}, "more": ["Rex", {}], "means": {"method": "cheque", "bank": "b"},
        "notice": {"error": "none"},
    });
    assert_eq!(sent(&server), expected);
    let pet = &response.pet;
    assert_eq!(*pet, Pet::Other(json!({"name": "Rex", "age": 3, "more": [1]})));
    assert_eq!(pet.as_dog().and_then(|it| it.age), Some(3));
    assert_eq!(pet.as_cat().and_then(|it| it.name).as_deref(), Some("Rex"));
    assert_eq!(pet.as_cat_list(), None);
    assert!(matches!(response.notice, Some(Notice::Event(Event::Gone(_)))));
    // What was built is checked as what it is.
    let error = client(&server).shapes().pets().pet(Cat::new().claws(21)).send().await.unwrap_err().to_string();
    assert!(error.contains("`claws` must be at most 20"), "{error}");
}

#[tokio::test]
async fn what_nothing_tells_apart_may_be_a_member() {
    let items = json!([{"kind": 2, "legs": 3}, {"kind": 3, "seats": [{"kind": 1}]}, 4, {"kind": 5}]);
    let server = echo(json!({"host": {"name": "Rex", "age": 3}, "items": items})).await;
    let tom = Pet::from(Dog::new().name("Tom"));
    let table = Table::new(3).seats([Stool::new(2).legs(3)]);
    let furniture = [Seat::from(Chair::new(1).arms(true)).into(), Furniture::from(table), 5.into()];
    let response = client(&server).shapes().furnish().host(tom.clone()).items(furniture).send().await.unwrap();
    let expected = json!({
        "host": {"name": "Tom"},
        "items": [{"kind": 1, "arms": true}, {"kind": 3, "seats": [{"kind": 2, "legs": 3}]}, 5],
    });
    assert_eq!(sent(&server), expected);
    let Host::Pet(pet) = &response.host else { panic!("{:?}", response.host) };
    assert_eq!(pet.as_dog().and_then(|it| it.age), Some(3));
    let [Furniture::Seat(seat), Furniture::Table(table), Furniture::Integer(4), Furniture::Other(_)] =
        response.items.as_deref().unwrap()
    else {
        panic!("{:?}", response.items)
    };
    assert_eq!((seat.as_stool().and_then(|it| it.legs), seat.as_chair().map(|it| it.kind)), (Some(3), Some(2)));
    assert_eq!(table.seats.as_ref().unwrap()[0].as_chair().map(|it| it.kind), Some(1));
    // What was read is sent back.
    let call = client(&server).shapes().furnish().host(response.host.clone()).items([seat.clone()]);
    call.send().await.unwrap();
    assert_eq!(sent(&server)["items"], json!([{"kind": 2, "legs": 3}]));
    let error = client(&server).shapes().furnish().host(tom).items([Seat::from(Chair::new(2))]).send().await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("must be accepted by only one of `Chair`, `Stool`"), "{error}");
}

#[tokio::test]
async fn only_one_member_may_accept_what_is_sent() {
    let answer = json!({"light": {"name": "hall", "watts": 5, "more": [1]}});
    let server = echo(answer).await;
    let refusal = async |light: Light| {
        let call = client(&server).shapes().lights().light(light);
        call.send().await.err().map(|it| it.to_string())
    };
    let both = "must be accepted by only one of `Lamp`, `Candle`, a string, a list of `Lamp`, a list of `Candle`";
    for (light, expected) in [
        (Light::from(Lamp::new().watts(60)), None),
        (Lamp::new().watts(60).name("hall").into(), None),
        (vec![Candle::new().hours(1.0)].into(), None),
        ("hall".into(), None),
        (Lamp::new().watts(60).beside(Candle::new().hours(2.0)).into(), None),
        // What is inside is judged by itself.
        (Candle::new().r#for(Cat::new().claws(1)).into(), None),
        // A candle may have a name too, and an empty list is one of lamps and of candles.
        (Lamp::new().name("hall").into(), Some(both)),
        (Candle::new().into(), Some(both)),
        (Vec::<Lamp>::new().into(), Some(both)),
        (Lamp::new().beside("hall").into(), Some(both)),
        (Lamp::new().watts(60).beside(Candle::new()).into(), Some(both)),
        (Light::Other(json!({"name": "hall"})), Some(both)),
        (Lamp::new().watts(101).into(), Some("`watts` must be at most 100")),
        // What an API sent is sent back.
        (Light::Other(json!({"watts": 5, "more": [1]})), None),
    ] {
        let shown = format!("{light:?}");
        match (refusal(light).await, expected) {
            (None, None) => {}
            (Some(error), Some(expected)) => assert!(error.contains(expected), "{shown}: {error}"),
            (error, _) => panic!("{shown}: {error:?}"),
        }
    }
    let response = client(&server).shapes().lights().light("hall").send().await.unwrap();
    assert_eq!(response.light.as_lamp().and_then(|it| it.watts), Some(5));
    assert_eq!(response.light.as_candle().and_then(|it| it.name).as_deref(), Some("hall"));
}

#[tokio::test]
async fn fields_that_are_not_listed_have_a_type() {
    let answer =
        json!({"labels": {"name": "a", "color": "red", "sizes": ["s"]}, "scores": {"a": 1, "b": null, "c": "x"}});
    let server = echo(answer).await;
    let labels = Labels::new("a").extra([("color", "red".into()), ("sizes", vec!["s".to_owned()].into())]);
    let knot = Knot::new("k", Some(Knot::new("l", None))).extra([("more", Knot::new("m", None))]);
    let call = client(&server).shapes().labels().labels(labels).scores(Scores::new().extra([("b", None)])).knot(knot);
    let response = call.exact(Exact::new(uuid::Uuid::nil()).extra([("from", jiff::civil::date(2026, 1, 31))])).send();
    let response = response.await.unwrap();
    assert_eq!(response.labels.extra["color"], LabelsExtra::from("red"));
    // What is of another type is left out, as an optional field would be.
    let scores = response.scores.as_ref().unwrap();
    assert_eq!(scores.extra.keys().collect::<Vec<_>>(), ["a", "b"]);
    let expected = json!({
        "labels": {"name": "a", "color": "red", "sizes": ["s"]}, "scores": {"b": null},
        "exact": {"id": "00000000-0000-0000-0000-000000000000", "from": "2026-01-31"},
        "knot": {"name": "k", "gone": {"name": "l", "gone": null}, "more": {"name": "m", "gone": null}},
    });
    assert_eq!(sent(&server), expected);
    let exact = Exact::new("x").extra([("from", "tomorrow")]);
    let call = client(&server).shapes().labels().labels(Labels::new("a")).exact(exact);
    let error = call.send().await.unwrap_err().to_string();
    assert!(error.contains("each additional field must be a date"), "{error}");
}

#[tokio::test]
async fn a_parameter_is_required_where_it_is_allowed() {
    let server = echo(json!({})).await;
    let call = client(&server)
        .kinds()
        .allowed()
        .loud()
        .volume(3)
        .echo(::kinds::types::Echo::new(::kinds::types::EchoKind::Near));
    call.send().await.unwrap();
    assert_eq!(sent(&server), json!({"mode": "loud", "volume": 3, "echo": {"kind": "near"}}));
    let far = ::kinds::types::Echo::new(::kinds::types::EchoKind::Far);
    let error = client(&server).kinds().allowed().loud().volume(3).echo(far).send().await.unwrap_err().to_string();
    assert!(error.contains("required parameter `delay` is missing when `kind` is `far`"), "{error}");
}
