//! Nested forms, and queries in every style.

use ::payments::charges::{Created, Metadata};
use ::payments::types::{Address, Item, Locale, Range};

use super::*;

fn client(server: &Server) -> ::payments::Client {
    set_up(::payments::Client::builder(), server).build().unwrap()
}

#[tokio::test]
async fn parameters_of_the_client_are_sent_by_every_call() {
    let server = echo(json!({"amount": 7})).await;
    let builder = || set_up(::payments::Client::builder(), &server).parameter("account_id", "acct_1");
    let client = builder().parameter("Merchant", "m-1").parameter("region", "eu west").build().unwrap();
    client.ledger().balance().currency("usd").send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.header("cookie"), "region=eu%20west");
    assert_eq!(sent.target, "/v1/accounts/acct_1/balance?currency=usd");
    assert_eq!((sent.header("api-version"), sent.header("merchant")), ("2026-03-01", "m-1"));
    // A call has its own.
    let call = client.ledger().balance().account_id("acct_2").api_version("2025-01-01").merchant("m-2");
    call.locale(Locale::De).region("us").send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.header("cookie"), "region=us");
    assert_eq!(sent.target, "/v1/accounts/acct_2/balance?locale=de");
    assert_eq!((sent.header("api-version"), sent.header("merchant")), ("2025-01-01", "m-2"));
    // So does another client.
    let client = builder().parameter("Api-Version", "2024-06-01").parameter("locale", "en").build().unwrap();
    client.ledger().payout().amount(5).send().await.unwrap_err();
    let sent = last(&server);
    assert_eq!(sent.target, "/v1/accounts/acct_1/payouts?locale=en");
    assert_eq!((sent.header("api-version"), sent.header("merchant")), ("2024-06-01", "-"));
}

#[tokio::test]
async fn parameters_of_the_client_are_checked() {
    let server = echo(json!({"amount": 7})).await;
    let builder = || set_up(::payments::Client::builder(), &server);
    let error = builder().build().unwrap().ledger().balance().send().await.unwrap_err();
    let at = |error: &specwright_runtime::Error| {
        let first = &error.validation().unwrap().violations[0];
        (first.at.to_string(), first.rule.keyword)
    };
    assert_eq!(at(&error), ("/account_id".to_owned(), "required"));
    let client = builder().parameter("account_id", "7").build().unwrap();
    assert_eq!(at(&client.ledger().balance().send().await.unwrap_err()), ("/account_id".to_owned(), "pattern"));
    let error = builder().parameter("account_id", "acct_1").parameter("locale", "fr").build().unwrap_err();
    assert_eq!(error.message(), "`locale` has none of its values: de, en");
    let error = builder().parameter("account", "acct_1").build().unwrap_err();
    let names = "the names are: account_id, locale, Api-Version, Merchant, region";
    assert_eq!(error.message(), format!("no parameter of the client is named `account`; {names}"));
    assert!(server.received().is_empty());
    let set = |name: &str| (name == "PAYMENTS_ACCOUNT" || name == "PAYMENTS_SECRET_KEY").then(|| "acct_9".to_owned());
    let client = builder().env_from(set).build().unwrap();
    client.ledger().balance().send().await.unwrap();
    assert_eq!(last(&server).target, "/v1/accounts/acct_9/balance");
}

#[tokio::test]
async fn a_form_is_nested_in_brackets() {
    let server = echo(json!({"id": "ch_1", "amount": 1999})).await;
    let client = client(&server);
    let metadata = [("order_id".to_owned(), "6735".to_owned()), ("gift wrap".to_owned(), "yes & more".to_owned())];
    client
        .charges()
        .create()
        .amount(1999)
        .currency("usd")
        .capture(true)
        .tip(0.5)
        .metadata(Metadata::TextMap(metadata.into()))
        .shipping(Address::new("Street 1", "DE").city("Bonn"))
        .items([Item::new("price_1").quantity(2).tax_rates(["t1", "t2"]), Item::new("price_2")])
        .expand(["customer", "invoice.subscription"])
        .codes([3, 5])
        .risk(json!({"score": [1]}))
        .send()
        .await
        .unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("POST", "/v1/charges"));
    assert_eq!(sent.header("content-type"), "application/x-www-form-urlencoded");
    let fields = [
        "amount=1999",
        "currency=usd",
        "capture=true",
        "tip=0.5",
        "metadata[gift%20wrap]=yes%20%26%20more",
        "metadata[order_id]=6735",
        "shipping[line1]=Street%201",
        "shipping[city]=Bonn",
        "shipping[country]=DE",
        "items[0][price]=price_1",
        "items[0][quantity]=2",
        "items[0][tax_rates][]=t1",
        "items[0][tax_rates][]=t2",
        "items[1][price]=price_2",
        "expand[]=customer",
        "expand[]=invoice.subscription",
        "codes=3,5",
        "risk=%7B%22score%22%3A%5B1%5D%7D",
    ];
    assert_eq!(String::from_utf8(sent.body).unwrap(), fields.join("&"));
}

#[tokio::test]
async fn a_query_has_a_style_for_each_parameter() {
    let server = echo(json!({"data": []})).await;
    let client = client(&server);
    let sort = [("amount", "desc"), ("id", "asc")];
    client
        .charges()
        .list()
        .limit(3)
        .created(Created::Range(Range::new().gte(1_700_000_000).lt(1_800_000_000)))
        .expand(["data.customer"])
        .status([::payments::charges::Status::Paid, ::payments::charges::Status::Open])
        .tags(["a", "b,c"])
        .words(["x", "y"])
        .ids([7, 8])
        .plain(["p", "q"])
        .either(::payments::charges::ListEither::TextList(vec!["v".to_owned(), "w".to_owned()]))
        .sort(sort)
        .near(Address::new("Street 1", "DE"))
        .r#where(json!({"a": "b"}))
        .address(Address::new("Way 2", "FR"))
        .send()
        .await
        .unwrap();
    let pairs = [
        "limit=3",
        "created[gte]=1700000000",
        "created[lt]=1800000000",
        "expand[]=data.customer",
        "status=paid,open",
        "tags=a%7Cb%2Cc",
        "words=x%20y",
        "ids[0]=7",
        "ids[1]=8",
        "plain=p",
        "plain=q",
        "either=v",
        "either=w",
        "sort=amount,desc,id,asc",
        "near.line1=Street%201",
        "near.country=DE",
        "where=%7B%22a%22%3A%22b%22%7D",
        "line1=Way%202",
        "country=FR",
    ];
    assert_eq!(path_and_query(&last(&server)), ("/v1/charges", pairs.join("&").as_str()));

    client.charges().list().created(1_700_000_000_i64).send().await.unwrap();
    assert_eq!(path_and_query(&last(&server)).1, "created=1700000000");
}

#[tokio::test]
async fn one_name_in_two_places_has_an_alias() {
    let server = echo(json!({"id": "7"})).await;
    let client = client(&server);
    client.charges().update("ch_1").id("7").metadata("").send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.target, "/v1/charges/ch_1");
    assert_eq!(String::from_utf8(sent.body).unwrap(), "id=7&metadata=");
}

#[tokio::test]
async fn a_form_without_fields_is_one_all_the_same() {
    let server = echo(json!(null)).await;
    client(&server).charges().ping().send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.header("content-type"), "application/x-www-form-urlencoded");
    assert!(sent.body.is_empty());
}

#[tokio::test]
async fn an_item_that_holds_the_separator_is_an_error() {
    let server = echo(json!({"data": []})).await;
    let error = client(&server).charges().list().tags(["a|b"]).send().await.unwrap_err();
    assert!(error.is_config() && error.to_string().contains("separates the items"), "{error}");
    assert!(server.received().is_empty());
}

fn holder() -> ::payments::ledger::Holder {
    let address = ::payments::ledger::HolderAddress::new("Bonn & co").lines(["1 Row", "Hall"]);
    ::payments::ledger::Holder::new("Ada").age(36).address(address).tags(["new", "big"])
}

#[tokio::test]
async fn a_form_is_of_one_type() {
    let server = echo(json!({"id": "acct_1"})).await;
    let client = set_up(::payments::Client::builder(), &server).parameter("account_id", "acct_1").build().unwrap();
    client.ledger().holder().body(holder()).send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.header("content-type"), "application/x-www-form-urlencoded");
    let address = "address[city]=Bonn%20%26%20co&address[lines][]=1%20Row&address[lines][]=Hall";
    assert_eq!(String::from_utf8_lossy(&sent.body), format!("name=Ada&age=36&{address}&tags[]=new&tags[]=big"));
    client
        .ledger()
        .holder()
        .body(holder())
        .content_type(::payments::ledger::ContentType::ApplicationJson)
        .send()
        .await
        .unwrap();
    assert_eq!(last(&server).json()["address"]["lines"], json!(["1 Row", "Hall"]));
    client.ledger().statement().body(holder()).send().await.unwrap();
    let sent = last(&server);
    let boundary = sent.header("content-type").split_once("boundary=").unwrap().1.to_owned();
    let part = |name: &str, kind: &str, body: &str| {
        let kind = if kind.is_empty() { String::new() } else { format!("\r\nContent-Type: {kind}") };
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{kind}\r\n\r\n{body}\r\n")
    };
    let address = r#"{"city":"Bonn & co","lines":["1 Row","Hall"]}"#;
    let parts = [
        part("name", "", "Ada"),
        part("age", "", "36"),
        part("address", "application/json", address),
        part("tags", "", "new"),
        part("tags", "", "big"),
    ];
    assert_eq!(String::from_utf8_lossy(&sent.body), format!("{}--{boundary}--\r\n", parts.concat()));
    client.ledger().certificate().body(holder()).send().await.unwrap();
    let sent = last(&server);
    let boundary = sent.header("content-type").split_once("boundary=").unwrap().1.to_owned();
    let pairs = [
        ("name", "Ada"),
        ("age", "36"),
        ("address[city]", "Bonn & co"),
        ("address[lines][]", "1 Row"),
        ("address[lines][]", "Hall"),
        ("tags[]", "new"),
        ("tags[]", "big"),
    ];
    let parts = pairs.map(|(name, text)| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    });
    assert_eq!(String::from_utf8_lossy(&sent.body), format!("{}--{boundary}--\r\n", parts.concat()));
}
