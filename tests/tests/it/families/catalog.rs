//! Bodies, responses and errors in XML: a client sends and reads what a storage service does, byte by byte.

use ::depot::catalog::{Algorithm, Class, ContentType, Fault, Owner, Removal, Status, Target, Versioning};
use ::depot::{ErrorKind, StatusKind, Value};

use super::*;

fn client(server: &Server) -> ::depot::Client {
    set_up(::depot::Client::builder(), server).build().unwrap()
}

fn text(request: &Received) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}

fn xml(status: u16, body: &str) -> Answer {
    Answer::new(status, body).header("content-type", "application/xml; charset=utf-8")
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

const LISTING: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ListResult xmlns="urn:example:depot" xmlns:p="urn:example:people" Bucket="a&amp;b">
  <IsTruncated>false</IsTruncated>
  <MaxKeys>1000</MaxKeys>
  <!-- a comment -->
  <Contents>
    <Key>letters/&#228;.txt</Key>
    <Size>9007199254740993</Size>
    <Checksum algorithm="sha256">9f86</Checksum>
    <StorageClass>frozen</StorageClass>
    <Metadata><place>Rome</place><year>1971</year></Metadata>
    <Owner p:id="7"><DisplayName><![CDATA[Ada & Co]]></DisplayName></Owner>
    <Part><Key>1</Key><Size>1</Size><Owner>ada</Owner></Part>
    <Part><Key>2</Key><Size>2</Size></Part>
    <Region zone="x"><Name>north</Name></Region>
  </Contents>
  <Contents><Key>b</Key><Size>0</Size></Contents>
  <CommonPrefixes><Prefix>a/</Prefix><Prefix/></CommonPrefixes>
</ListResult>"#;

#[tokio::test]
async fn a_response_is_read_into_its_types() {
    let server = Server::answering([xml(200, LISTING)]).await;
    let answer = client(&server).catalog().list().prefix("letters/").send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.target.as_str(), sent.header("accept")), ("/catalog?prefix=letters%2F", "application/xml"));
    assert_eq!((answer.bucket.as_str(), answer.truncated, answer.max_keys), ("a&b", false, Some(1000)));
    let [first, second] = answer.contents.as_slice() else { panic!("{answer:?}") };
    assert_eq!((first.key.as_str(), first.size), ("letters/ä.txt", 9_007_199_254_740_993));
    let checksum = first.checksum.as_ref().unwrap();
    assert_eq!((&checksum.algorithm, checksum.value.as_str()), (&Algorithm::Sha256, "9f86"));
    assert_eq!(first.class, Some(Class::Other("frozen".into())));
    assert_eq!(first.metadata.as_ref().unwrap()["year"], "1971");
    let parts = first.parts.as_ref().unwrap();
    assert_eq!((parts.len(), parts[1].size, second.parts.as_ref()), (2, 2, None));
    assert_eq!(first.extra["Region"], json!({"Name": "north"}));
    assert_eq!(answer.prefixes.as_deref(), Some(&["a/".to_owned(), String::new()][..]));
    // The raw response is the JSON that was made of it.
    assert_eq!(answer.raw()["contents"][0]["owner"], json!({"id": 7, "name": "Ada & Co"}));
    assert_eq!(answer.raw()["contents"][0]["parts"][0]["owner"], "ada");
}

#[tokio::test]
async fn a_list_may_be_the_whole_response() {
    let owners = |body| async move {
        let server = Server::answering([xml(200, body)]).await;
        client(&server).catalog().owners().send().await.unwrap().into_inner()
    };
    let all = owners("<Owners><Owner id='7'><DisplayName>Ada</DisplayName></Owner><Owner id='8'/></Owners>").await;
    let ids: Vec<i64> = all.iter().map(|it: &Owner| it.id).collect();
    assert_eq!((ids, all[0].name.as_deref()), (vec![7, 8], Some("Ada")));
    assert!(owners("<Owners/>").await.is_empty());
}

#[tokio::test]
async fn pages_follow_each_other() {
    let page = |next: &str, key: &str| {
        let more = !next.is_empty();
        let marker = if more { format!("<NextMarker>{next}</NextMarker>") } else { String::new() };
        xml(
            200,
            &format!(
                "<L Bucket='a'><IsTruncated>{more}</IsTruncated>{marker}<Contents><Key>{key}</Key><Size>1</Size></Contents></L>"
            ),
        )
    };
    let server = Server::answering([page("m 1", "a"), page("", "b")]).await;
    let mut items = client(&server).catalog().list().items();
    let mut keys = Vec::new();
    while let Some(item) = items.next().await {
        keys.push(item.unwrap().key);
    }
    assert_eq!(keys, ["a", "b"]);
    assert_eq!(last(&server).target, "/catalog?marker=m%201");
}

#[tokio::test]
async fn a_body_is_written_in_xml() {
    let removed = "<Removed><Deleted><Key>a</Key><VersionId>2</VersionId></Deleted><Errors/></Removed>";
    let server = Server::answering([xml(200, removed)]).await;
    let targets = [Target::new("a").version(2), Target::new("b & <c>\u{e9}"), Target::new("d").version_null()];
    let body = Removal::new(targets).quiet(true);
    let answer = client(&server).catalog().remove().body(body).send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.target.as_str(), sent.header("content-type")), ("/catalog?delete", "application/xml"));
    let expected = "<d:Delete xmlns:d=\"urn:example:depot\"><Quiet>true</Quiet>\
        <Object><Key>a</Key><VersionId>2</VersionId></Object><Object><Key>b &amp; &lt;c&gt;\u{e9}</Key></Object>\
        <Object><Key>d</Key><VersionId xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/></Object>\
        </d:Delete>";
    assert_eq!(text(&sent).strip_prefix(HEAD), Some(expected));
    assert_eq!((answer.deleted.len(), answer.failed.len()), (1, 0));
    // Rules are checked before anything is sent.
    let error = client(&server).catalog().remove().body(Removal::new([])).send().await.unwrap_err();
    assert_eq!(error.validation().unwrap().violations[0].at.to_string(), "/body/objects");
    // XML has no such character.
    let error = client(&server).catalog().remove().body(Removal::new([Target::new("\u{1}")])).send().await.unwrap_err();
    assert!(error.to_string().contains("which XML cannot hold"), "{error}");
}

#[tokio::test]
async fn the_caller_chooses_between_xml_and_json() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let call = || client(&server).catalog().set_versioning().body(Versioning::new(Status::Enabled).days(30));
    call().send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.header("content-type"), "application/xml");
    assert_eq!(
        text(&sent).strip_prefix(HEAD),
        Some("<Versioning><Status>enabled</Status><Days>30</Days></Versioning>")
    );
    call().content_type(ContentType::ApplicationJson).send().await.unwrap();
    let sent = last(&server);
    assert_eq!((text(&sent), sent.header("content-type")), (r#"{"status":"enabled","days":30}"#, "application/json"));
    // A field that the crate does not know.
    call().extra("note", "a<b").send().await.unwrap();
    assert!(text(&last(&server)).ends_with("<Days>30</Days><note>a&lt;b</note></Versioning>"));
}

#[tokio::test]
async fn errors_in_xml_are_typed() {
    let body = format!("{HEAD}<Error><Code>NoSuchBucket</Code><Message>There is none.</Message><Key>a</Key></Error>");
    let server = Server::answering([xml(404, &body)]).await;
    let error = client(&server).catalog().list().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api(StatusKind::NotFound));
    assert_eq!(error.code(), Some("NoSuchBucket"));
    assert!(error.to_string().contains("There is none."), "{error}");
    let fault: Fault = error.body_as().unwrap();
    assert_eq!((fault.code.as_str(), fault.key.as_deref()), ("NoSuchBucket", Some("a")));
    // An operation of the API that has nothing in XML itself reads it too, by its names.
    let error = client(&server).rules().get("r1").send().await.unwrap_err();
    assert_eq!(error.body_json().map(|it| it["Code"].clone()), Some(Value::from("NoSuchBucket")));
}

#[tokio::test]
async fn hostile_xml_is_an_error() {
    let deep = "<Contents>".repeat(50_000);
    let bomb = "<!DOCTYPE a [<!ENTITY b 'cc'><!ENTITY d '&b;&b;&b;'>]><L Bucket='&d;'/>".to_owned();
    let wide = format!("<L{}/>", " a='1'".repeat(10_000));
    for (body, part) in [
        (deep, "inside of each other"),
        (bomb, "document type"),
        ("<L Bucket='a'><IsTruncated>yes</IsTruncated></L>".to_owned(), "truncated"),
        (wide, "bucket"),
        ("{}".to_owned(), "bucket"),
        ("\u{0}\u{0}\u{0}".to_owned(), "JSON"),
    ] {
        let server = Server::answering([xml(200, &body)]).await;
        let error = client(&server).catalog().list().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        let mut words = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(it) = source {
            words.push_str(&format!(": {it}"));
            source = it.source();
        }
        assert!(words.contains(part), "{words}");
    }
}
