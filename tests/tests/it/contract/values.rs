//! Lists with gaps and records without tags, from the builder to the bytes that are sent and back.

use ::kinds::shapes::ShapesFigures;
use ::kinds::types::{Bank, Card, Circle, Method, Payment, Second, Square};

use super::*;

async fn serve_kinds() -> (Server, ::kinds::Client) {
    let builder = Server::builder().spec_folder(crate::project::folder().join("spec")).apis(["kinds"]);
    let server = builder.start().await.unwrap();
    let client = ::kinds::Client::builder().base_url(server.url_of("kinds").unwrap()).http_client(direct());
    let client = client.build().unwrap();
    (server, client)
}

#[tokio::test]
async fn a_list_has_gaps() {
    let (server, client) = serve_kinds().await;
    let gaps = client.texts().gaps().names([Some("a".to_owned()), None]).counts([("b", None::<i64>), ("c", Some(5))]);
    let response = gaps.send().await.unwrap();
    assert!(matches!(response.names.as_slice(), [rt::Nullable::Value(_), rt::Nullable::Null]), "{response:?}");
    assert!(matches!(response.rows.as_slice(), [rt::Nullable::Null, rt::Nullable::Value(_)]), "{response:?}");
    assert_eq!(response.counts["a"], rt::Nullable::Null);
    // A rule of the items looks at those that are there.
    let error = client.texts().gaps().names([None, Some("long".to_owned())]).send().await.unwrap_err();
    assert!(error.to_string().contains("each item of `names` must have at most 3 characters"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_record_is_known_by_its_fields() {
    let (server, client) = serve_kinds().await;
    let request = client
        .shapes()
        .shapes()
        .payment(Bank::new(Method::Giro, "DE1"))
        .figures([ShapesFigures::from(Circle::new(1.5)), Square::new(2).into()])
        .document(Second::new(2, 5))
        .spare([None, Some(Payment::from("saved"))]);
    let response = request.send().await.unwrap();
    assert!(matches!(response.payment, Payment::Card(_)), "{response:?}");
    let figures = response.figures.as_slice();
    assert!(matches!(figures, [ShapesFigures::Square(_), ShapesFigures::Circle(_)]), "{response:?}");
    let error = client.shapes().shapes().payment(Card::new("card", "12345")).send().await.unwrap_err();
    assert!(error.to_string().contains("`number` must have at most 4 characters"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_whole_number_has_its_range() {
    let (server, client) = serve_kinds().await;
    let response = client.numbers().ranges(7).count(-5).codes([1, -2]).send().await.unwrap();
    assert_eq!(response.all, [4_294_967_295]);
    let error = client.numbers().ranges(-1).count(1 << 31).a("a").send().await.unwrap_err().to_string();
    assert!(error.contains("`count` must be a whole number from -2147483648 to 2147483647"), "{error}");
    assert!(error.contains("`shard` must be a whole number from 0 to 4294967295"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_is_sent_is_the_record_alone() {
    let sent = |payment: Payment| String::from_utf8(rt::to_json(&payment)).unwrap();
    assert_eq!(sent(Bank::new(Method::Giro, "DE1").into()), r#"{"method":"giro","iban":"DE1"}"#);
    let gaps = vec![rt::Nullable::from("a".to_owned()), None.into()];
    assert_eq!(String::from_utf8(rt::to_json(&gaps)).unwrap(), r#"["a",null]"#);
    // What has none of the shapes is kept as it is.
    let unknown: Payment = rt::from_json(&json!({"method": "cash", "number": "1"})).unwrap();
    assert_eq!(unknown, Payment::Other(json!({"method": "cash", "number": "1"})));
}
