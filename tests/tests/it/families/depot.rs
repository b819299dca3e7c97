//! Bodies that are one value, bytes or text, and JSON of other content types.

use ::depot::objects::{
    AnnotateContentType, AttachMore, AttachPreview, Carton, Change, ChangeManyBody, DescribeContentType,
    LoadLinesContentType, Meta, Op, PutNoteContentType, PutPictureContentType, States,
};
use ::depot::rules::{Action, Rule};
use ::depot::{File, Nullable};

use super::*;

fn client(server: &Server) -> ::depot::Client {
    set_up(::depot::Client::builder(), server).build().unwrap()
}

fn text(request: &Received) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}

#[tokio::test]
async fn a_body_may_be_a_value_of_any_type() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let client = client(&server);
    let rules = || client.rules();
    rules().set_tags().body([("stage", "live"), ("team", "web")]).send().await.unwrap();
    assert_eq!(text(&last(&server)), r#"{"stage":"live","team":"web"}"#);
    rules().set_quota().body(4096).send().await.unwrap();
    assert_eq!(text(&last(&server)), "4096");
    rules().set_quota().body_null().send().await.unwrap();
    assert_eq!(text(&last(&server)), "null");
    rules().set_label().body("blue").send().await.unwrap();
    assert_eq!(text(&last(&server)), r#""blue""#);
    rules().set_owner().owner("ada").send().await.unwrap();
    let sent = last(&server);
    assert_eq!((text(&sent), sent.header("content-type")), (r#""ada""#, "application/json"));
}

#[tokio::test]
async fn a_body_that_is_left_out_has_no_content_type() {
    let server = Server::answering([Answer::new(204, "")]).await;
    client(&server).rules().set_owner().send().await.unwrap();
    let sent = last(&server);
    assert!(sent.body.is_empty());
    assert_eq!(sent.header("content-type"), "-");
}

#[tokio::test]
async fn a_list_is_a_body() {
    let server = echo(json!([])).await;
    let rules = [Rule::new("tmp/", Action::Delete, "0000").days(1), Rule::new("", Action::Archive, "1111")];
    client(&server).rules().put_all().dry_run(false).body(rules).send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.target, "/rules?dry_run=false");
    let expected = json!([
        {"prefix": "tmp/", "days": 1, "action": "delete", "pin": "0000"},
        {"prefix": "", "action": "archive", "pin": "1111"},
    ]);
    assert_eq!(sent.json(), expected);
    let error = client(&server).rules().put_all().body([]).send().await.unwrap_err();
    let places: Vec<String> = error.validation().unwrap().violations.iter().map(|it| it.at.to_string()).collect();
    assert_eq!(places, ["/body"]);
}

#[tokio::test]
async fn what_was_read_is_changed_and_sent_back() {
    let created = "2026-01-31T12:00:00Z";
    let known = json!({"id": "r1", "created": created, "prefix": "logs/", "days": 30, "action": "delete", "note": "x"});
    let server = echo(known.clone()).await;
    let client = client(&server);
    let mut rule = client.rules().get("r1").send().await.unwrap().into_inner();
    assert_eq!((rule.id.as_deref(), rule.created.as_deref(), &rule.pin), (Some("r1"), Some(created), &None));
    // What was received is kept in files, and not sent.
    let kept: Rule = serde_json::from_value(serde_json::to_value(&rule).unwrap()).unwrap();
    assert_eq!(kept, rule);
    rule.days = Some(7);
    let error = client.rules().put("r1").body(rule.clone()).send().await.unwrap_err();
    let places: Vec<String> = error.validation().unwrap().violations.iter().map(|it| it.at.to_string()).collect();
    assert_eq!(places, ["/body/pin"]);
    client.rules().put("r1").body(rule.pin("0000")).send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("PUT", "/rules/r1"));
    // A field that the crate does not know is sent back as well.
    let expected = r#"{"prefix":"logs/","days":7,"action":"delete","pin":"0000","note":"x"}"#;
    assert_eq!(text(&sent), expected);
}

#[tokio::test]
async fn a_body_may_be_the_bytes_of_a_file() {
    let server = echo(json!({"key": "k", "size": 4})).await;
    let client = client(&server);
    client.objects().put("a/b c.txt").x_depot_note("n").body(&b"\x00\xff"[..]).send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("PUT", "/objects/a/b%20c.txt"));
    assert_eq!((sent.body.as_slice(), sent.header("content-type")), (&b"\x00\xff"[..], "application/octet-stream"));
    assert_eq!((sent.header("content-length"), sent.header("x-depot-note")), ("2", "n"));

    let path = std::env::temp_dir().join(format!("depot-{}.JPG", std::process::id()));
    std::fs::write(&path, "JPEG").unwrap();
    client.objects().put_picture("p").body(File::path(&path).unwrap()).send().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let sent = last(&server);
    assert_eq!((sent.body.as_slice(), sent.header("content-type")), (&b"JPEG"[..], "image/jpeg"));
    client.objects().put_picture("p").body(b"PNG".to_vec()).send().await.unwrap();
    assert_eq!(last(&server).header("content-type"), "image/png");
    let call = client.objects().put_picture("p").content_type(PutPictureContentType::ImageJpeg);
    call.body(File::bytes("JPEG").with_name("a.png")).send().await.unwrap();
    assert_eq!(last(&server).header("content-type"), "image/jpeg");
    let error = client.objects().put_picture("p").body(vec![0; 21]).send().await.unwrap_err();
    assert_eq!(error.validation().unwrap().violations[0].at.to_string(), "/body");
}

#[tokio::test]
async fn a_body_may_be_text() {
    let server = Server::answering([Answer::new(200, "<Config/>").header("content-type", "application/xml")]).await;
    let client = client(&server);
    let xml = "<Config><Versions>on</Versions></Config>";
    let answer = client.objects().configure().body(xml).send().await.unwrap();
    assert_eq!(answer.into_inner(), "<Config/>");
    let sent = last(&server);
    assert_eq!((text(&sent), sent.header("content-type")), (xml, "application/xml"));
    client.objects().put_note("n").body("Ünïcode").send().await.unwrap();
    let sent = last(&server);
    assert_eq!((text(&sent), sent.header("content-type")), ("Ünïcode", "text/plain"));
    client.objects().put_note("n").content_type(PutNoteContentType::TextMarkdown).body("# A").send().await.unwrap();
    assert_eq!(last(&server).header("content-type"), "text/markdown");
}

#[tokio::test]
async fn any_method_is_sent_as_it_is_called() {
    let multistatus = || Answer::new(207, "<multistatus/>").header("content-type", "application/xml");
    let keys = || Answer::new(200, r#"{"keys":["a"]}"#).header("content-type", "application/json");
    let server = Server::answering([multistatus(), keys(), multistatus(), keys()]).await;
    let client = client(&server);
    let sent = |server: &Server| {
        let sent = last(server);
        (sent.method.clone(), sent.target.clone(), text(&sent).to_owned())
    };
    let expected = ("PROPFIND".to_owned(), "/objects/a/b.txt".to_owned(), "<propfind/>".to_owned());
    let answer = client.objects().properties("a/b.txt").body("<propfind/>").send().await.unwrap();
    assert_eq!(answer.into_inner(), "<multistatus/>");
    assert_eq!(sent(&server), expected);
    let shown = format!("{:?}", client.objects().list_keys("letters"));
    assert_eq!(shown, "ListKeysRequest LIST /folders/letters");
    let listed = ("LIST".to_owned(), "/folders/letters".to_owned(), String::new());
    assert_eq!(client.objects().list_keys("letters").send().await.unwrap().keys, ["a"]);
    assert_eq!(sent(&server), listed);
    // Without an async runtime as well.
    let builder = set_up(::depot::Client::builder(), &server).blocking();
    let calls = tokio::task::spawn_blocking(move || {
        let client = builder.build().unwrap();
        client.objects().properties("a/b.txt").body("<propfind/>").send().blocking().unwrap();
        client.objects().list_keys("letters").send().blocking().unwrap();
    });
    calls.await.unwrap();
    assert_eq!(sent(&server), listed);
}

#[tokio::test]
async fn json_has_the_content_type_of_the_operation() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let client = client(&server);
    let labels = [("stage", Nullable::Null), ("team", Nullable::Value("web".to_owned()))];
    client.objects().patch_meta("k").owner_null().labels(labels).send().await.unwrap();
    let sent = last(&server);
    assert_eq!(text(&sent), r#"{"owner":null,"labels":{"stage":null,"team":"web"}}"#);
    assert_eq!((sent.method.as_str(), sent.header("content-type")), ("PATCH", "application/merge-patch+json"));
    client.objects().edit_meta("k").body([Change::new(Op::Remove, "/owner")]).send().await.unwrap();
    let sent = last(&server);
    assert_eq!(text(&sent), r#"[{"op":"remove","path":"/owner"}]"#);
    assert_eq!(sent.header("content-type"), "application/json-patch+json");
    client.objects().describe("k").owner("ada").send().await.unwrap();
    assert_eq!(last(&server).header("content-type"), "application/vnd.depot.v2+json");
    let call = client.objects().describe("k").owner("ada").content_type(DescribeContentType::ApplicationJson);
    call.send().await.unwrap();
    assert_eq!(last(&server).header("content-type"), "application/json");
}

#[tokio::test]
async fn parts_of_a_form_are_json_texts_and_files() {
    let server = echo(json!([])).await;
    let files = [
        File::bytes("one").with_name("1.txt").with_part_header("Content-Language", "de"),
        File::bytes("two").with_name("2.bin"),
    ];
    client(&server)
        .objects()
        .upload()
        .folder("letters")
        .meta(Meta::new("ada").size(2))
        .tags([("team", "web")])
        .changes([Change::new(Op::Add, "/a").value(1), Change::new(Op::Remove, "/b")])
        .order([2, 1])
        .note("# Letters")
        .raw(json!({"a": [1]}))
        .files(files)
        .cover(File::bytes("PNG"))
        .send()
        .await
        .unwrap();
    let sent = last(&server);
    let boundary = sent.header("content-type").strip_prefix("multipart/form-data; boundary=").unwrap();
    let part =
        |head: &str, body: &str| format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let json = |name: &str, body: &str| part(&format!("name=\"{name}\"\r\nContent-Type: application/json"), body);
    let file =
        |name: &str, more: &str, body: &str| part(&format!("name=\"files\"; filename=\"{name}\"\r\n{more}"), body);
    let expected = [
        part("name=\"folder\"", "letters"),
        json("meta", r#"{"owner":"ada","size":2}"#),
        json("tags", r#"{"team":"web"}"#),
        json("changes", r#"{"op":"add","path":"/a","value":1}"#),
        json("changes", r#"{"op":"remove","path":"/b"}"#),
        json("order", "[2,1]"),
        part("name=\"note\"\r\nContent-Type: text/markdown", "# Letters"),
        part("name=\"raw\"\r\nContent-Type: application/vnd.depot.v2+json", r#"{"a":[1]}"#),
        file("1.txt", "Content-Type: text/plain\r\nContent-Language: de", "one"),
        file("2.bin", "Content-Type: application/octet-stream", "two"),
        part("name=\"cover\"; filename=\"file\"\r\nContent-Type: image/png", "PNG"),
        format!("--{boundary}--\r\n"),
    ];
    assert_eq!(text(&sent), expected.concat());
}

#[tokio::test]
async fn parts_have_the_names_that_their_style_says() {
    let server = echo(json!([])).await;
    client(&server)
        .objects()
        .attach()
        .key("a")
        .files([File::bytes("one"), File::bytes("two")])
        .pages([File::bytes("1"), File::bytes("2")])
        .tags(["x", "y,z"])
        .sizes([1, 2])
        .states([States::New, States::Kept])
        .meta(Meta::new("ada").size(2))
        .labels([("team", "web"), ("a b", "c&d")])
        .changes([Change::new(Op::Add, "/a").value("1"), Change::new(Op::Remove, "/b")])
        .rank(vec![1])
        .preview(File::bytes("P").with_name("p.png"))
        .more([AttachMore::from("https://a.example"), File::bytes("M").into()])
        .send()
        .await
        .unwrap();
    let sent = last(&server);
    let parts: Vec<(&str, &str)> = text(&sent)
        .split("form-data; name=\"")
        .skip(1)
        .map(|it| {
            let (head, body) = it.split_once("\r\n\r\n").unwrap();
            (head, body.split_once("\r\n--").unwrap().0)
        })
        .collect();
    let file = |name: &str, kind: &str| format!("{name}\"; filename=\"file\"\r\nContent-Type: {kind}");
    let expected = [
        ("key\"", "a"),
        (&file("files[]", "application/octet-stream"), "one"),
        (&file("files[]", "application/octet-stream"), "two"),
        (&file("pages[0]", "image/png"), "1"),
        (&file("pages[1]", "image/png"), "2"),
        ("tags[]\"", "x"),
        ("tags[]\"", "y,z"),
        ("sizes[0]\"", "1"),
        ("sizes[1]\"", "2"),
        ("states\"", "new,kept"),
        ("meta[owner]\"", "ada"),
        ("meta[size]\"", "2"),
        ("labels.a b\"", "c&d"),
        ("labels.team\"", "web"),
        ("changes[0][op]\"", "add"),
        ("changes[0][path]\"", "/a"),
        ("changes[0][value]\"", "1"),
        ("changes[1][op]\"", "remove"),
        ("changes[1][path]\"", "/b"),
        ("rank[]\"", "1"),
        ("preview\"; filename=\"p.png\"\r\nContent-Type: image/png", "P"),
        ("more\"", "https://a.example"),
        (&file("more", "application/octet-stream"), "M"),
    ];
    assert_eq!(parts, expected);
    client(&server).objects().attach().key("a").preview("https://a.example/b.png").send().await.unwrap();
    let sent = last(&server);
    assert!(text(&sent).contains("name=\"preview\"\r\n\r\nhttps://a.example/b.png\r\n"), "{}", text(&sent));
    let error = client(&server).objects().attach().key("a").preview("nowhere").send().await.unwrap_err();
    assert_eq!(error.validation().unwrap().violations[0].at.to_string(), "/preview");
    let large = File::bytes(vec![0; 21]);
    let error = client(&server).objects().attach().key("a").preview(large.clone()).more([large]).send().await;
    let error = error.unwrap_err();
    let broken: Vec<String> =
        error.validation().unwrap().violations.iter().map(|it| format!("{} {}", it.at, it.rule.keyword)).collect();
    assert_eq!(broken, ["/preview max_bytes", "/more/0 max_bytes"]);
}

#[tokio::test]
async fn each_entry_of_a_map_of_files_is_a_part() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let code = |text: &'static str| File::bytes(text).with_name("it.js");
    let modules = [("main.js", code("1")), ("lib/b.wasm", code("2").with_content_type("application/wasm"))];
    let assets = [("logo", AttachPreview::from("https://a.example/b.png")), ("icon", code("3").into())];
    let call = client(&server).objects().deploy().plan(Meta::new("ada")).modules(modules).assets(assets);
    call.send().await.unwrap();
    let sent = last(&server);
    let boundary = sent.header("content-type").strip_prefix("multipart/form-data; boundary=").unwrap();
    let part =
        |name: &str, rest: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n");
    let file = |kind: &str, text: &str| format!("; filename=\"it.js\"\r\nContent-Type: {kind}\r\n\r\n{text}");
    let expected = [
        part("plan", "\r\nContent-Type: application/json\r\n\r\n{\"owner\":\"ada\"}"),
        part("lib/b.wasm", &file("application/wasm", "2")),
        part("main.js", &file("application/javascript+module", "1")),
        part("asset-icon", &file("text/javascript", "3")),
        part("asset-logo", "\r\n\r\nhttps://a.example/b.png"),
        format!("--{boundary}--\r\n"),
    ];
    assert_eq!(text(&sent), expected.concat());
    let large = [("a", File::bytes(vec![0; 21]))];
    let error = client(&server).objects().deploy().plan(Meta::new("ada")).modules(large).send().await.unwrap_err();
    assert_eq!(error.validation().unwrap().violations[0].at.to_string(), "/modules/a");
}

#[tokio::test]
async fn each_item_of_a_list_is_a_line() {
    let server = echo(json!({"changed": 2})).await;
    let change = Change::new(Op::Add, "/owner").value("a\nb");
    let call =
        client(&server).objects().change_many().body([ChangeManyBody::from(change), vec!["a".to_owned()].into()]);
    call.send().await.unwrap();
    let sent = last(&server);
    let expected = "{\"op\":\"add\",\"path\":\"/owner\",\"value\":\"a\\nb\"}\n[\"a\"]\n";
    assert_eq!((text(&sent), sent.header("content-type")), (expected, "application/x-ndjson"));
    let lines = || client(&server).objects().load_lines().body([json!({"key": "a"}), json!(null)]);
    lines().send().await.unwrap();
    let sent = last(&server);
    assert_eq!((text(&sent), sent.header("content-type")), ("{\"key\":\"a\"}\nnull\n", "application/jsonl"));
    lines().content_type(LoadLinesContentType::ApplicationJson).send().await.unwrap();
    let sent = last(&server);
    assert_eq!((text(&sent), sent.header("content-type")), ("[{\"key\":\"a\"},null]", "application/json"));
}

#[tokio::test]
async fn related_parts_have_an_order_and_no_names() {
    let server = echo(json!({"key": "k", "size": 4})).await;
    let photo = File::bytes(b"\xff\xd8".to_vec()).with_name("a.jpg");
    client(&server).objects().keep().content(photo).meta(Meta::new("ada")).send().await.unwrap();
    let sent = last(&server);
    let boundary = sent.header("content-type").strip_prefix("multipart/related; boundary=").unwrap();
    let mut expected = format!(
        "--{boundary}\r\nContent-Type: application/json\r\n\r\n{{\"owner\":\"ada\"}}\r\n\
         --{boundary}\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    expected.extend_from_slice(b"\xff\xd8\r\n");
    expected.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    assert_eq!(sent.body, expected);
    let call = client(&server).objects().keep().meta(Meta::new("ada")).content(&b"a"[..]).extra("more", 1);
    assert!(call.send().await.unwrap_err().is_config());
}

#[tokio::test]
async fn the_caller_chooses_how_a_body_is_written() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let client = client(&server);
    let call = || client.objects().annotate().title("Tea & co").meta(Meta::new("ada")).ids([1, 2]);
    call().send().await.unwrap();
    let sent = last(&server);
    assert_eq!(text(&sent), r#"{"title":"Tea & co","meta":{"owner":"ada"},"ids":[1,2]}"#);
    assert_eq!(sent.header("content-type"), "application/json");
    call().content_type(AnnotateContentType::ApplicationXWwwFormUrlencoded).send().await.unwrap();
    let sent = last(&server);
    assert_eq!(text(&sent), "title=Tea%20%26%20co&meta[owner]=ada&ids[]=1&ids[]=2");
    assert_eq!(sent.header("content-type"), "application/x-www-form-urlencoded");
    call().content_type(AnnotateContentType::MultipartFormData).send().await.unwrap();
    let sent = last(&server);
    assert!(sent.header("content-type").starts_with("multipart/form-data; boundary="));
    assert!(text(&sent).contains("name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"owner\":\"ada\"}"));
    assert_eq!(text(&sent).matches("name=\"ids\"").count(), 2);
}

#[tokio::test]
async fn a_map_is_in_headers_whose_names_begin_alike() {
    let answer = Answer::new(200, r#"{"key":"k","size":1}"#).header("content-type", "application/json");
    let server = Server::answering([answer]).await;
    let meta = [("place", "Rome, Italy"), ("Year", "1971")];
    client(&server).objects().put("a").x_depot_meta(meta).body(&b"a"[..]).send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.header("x-depot-meta-place"), sent.header("x-depot-meta-year")), ("Rome, Italy", "1971"));
    let call = client(&server).objects().put("a").x_depot_meta([("a b", "x")]).body(&b"a"[..]);
    assert!(call.send().await.unwrap_err().is_config());

    let answer = Answer::new(200, "").header("etag", "1").header("allow", "GET");
    let answer = answer.header("x-depot-meta-place", "Rome").header("X-Depot-Meta-Year", "1971");
    let server = Server::answering([answer, Answer::new(200, "").header("etag", "1").header("allow", "")]).await;
    let read = async || {
        let sent = client(&server).objects().exists("a").send().await.unwrap();
        ::depot::objects::ExistsHeaders::read(sent.headers()).unwrap().x_depot_meta
    };
    let meta = read().await.unwrap();
    assert_eq!(meta.into_iter().collect::<Vec<_>>(), [("place".into(), "Rome".into()), ("year".into(), "1971".into())]);
    assert_eq!(read().await, None);
}

#[tokio::test]
async fn a_list_is_in_one_header_or_in_several() {
    let answer = Answer::new(200, "").header("etag", "\"a,b\"").header("allow", "GET,  HEAD");
    let answer = answer.header("allow", "\"x, y\",").header("x-parts", "1, 2,3");
    let server = Server::answering([answer, Answer::new(200, "").header("etag", "1").header("allow", "")]).await;
    let client = set_up(::depot::Client::builder(), &server).build().unwrap();
    let sent = client.objects().exists("a").send().await.unwrap();
    let headers = ::depot::objects::ExistsHeaders::read(sent.headers()).unwrap();
    assert_eq!(
        (headers.etag.as_str(), headers.allow),
        ("\"a,b\"", vec!["GET".into(), "HEAD".into(), "\"x, y\"".into()])
    );
    assert_eq!(headers.x_parts, Some(vec![1, 2, 3]));
    let sent = client.objects().exists("a").send().await.unwrap();
    let headers = ::depot::objects::ExistsHeaders::read(sent.headers()).unwrap();
    assert_eq!((headers.allow.len(), headers.x_parts), (0, None));
}

#[tokio::test]
async fn an_answer_is_text_or_wrapped_or_bytes_by_its_status() {
    use ::depot::objects::preview::PreviewAnswer;
    let server = Server::answering([
        Answer::new(200, "Dear Ada").header("content-type", "text/plain; charset=utf-8"),
        Answer::json(202, &json!({"job": {"id": "j1"}, "more": 1})),
        Answer::new(203, "\u{89}PNG").header("content-type", "image/png"),
        Answer::new(204, ""),
        Answer::json(202, &json!({"id": "j1"})),
    ])
    .await;
    let client = set_up(::depot::Client::builder(), &server).build().unwrap();
    let call = || client.objects().preview("a").send();
    let answer = call().await.unwrap();
    assert_eq!(answer.raw(), &json!("Dear Ada"));
    assert_eq!(answer.into_inner(), PreviewAnswer::Ok("Dear Ada".into()));
    assert_eq!(last(&server).header("accept"), "application/json, text/plain, text/markdown, image/png");
    let answer = call().await.unwrap().into_inner();
    assert!(matches!(answer, PreviewAnswer::Accepted(job) if job.id == "j1"));
    let answer = call().await.unwrap().into_inner();
    assert!(matches!(answer, PreviewAnswer::NonAuthoritative(bytes) if bytes == "\u{89}PNG"));
    assert_eq!(call().await.unwrap().into_inner(), PreviewAnswer::NoContent);
    let error = call().await.unwrap_err();
    assert_eq!(error.decode().unwrap().at, "/job");
}

#[tokio::test]
async fn a_flag_of_the_query_is_its_name() {
    let server = echo(json!({"upload": "u1"})).await;
    let call = client(&server).objects().start_upload("letters/a b").from("depot:letters/b c?d=1&e+#%").dry_run();
    call.send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.body.as_slice()), ("POST", &b""[..]));
    // Without it, some servers answer 411.
    assert_eq!(sent.header("content-length"), "0");
    assert_eq!(sent.target, "/objects/letters/a%20b?uploads&from=depot:letters/b%20c?d=1%26e%2B%23%25&dry-run");
}

#[tokio::test]
async fn lists_are_numbered_or_separated_by_semicolons() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let find = || client(&server).objects().find(["red", "dark blue"]);
    let boxes = [Carton::new("A").sizes([1, 2]), Carton::new("b.c")];
    let call = find().boxes(boxes).keys(["x", "y&z"]).sizes([3, 4]).routes(["via:a,b", "c d"]);
    call.top(5).label([("left", "new"), ("to[", "a")]).send().await.unwrap();
    let sent = last(&server);
    let expected = "/shelves/red;dark%20blue/objects?boxes.1.label=A&boxes.1.sizes.1=1&boxes.1.sizes.2=2\
        &boxes.2.label=b.c&Keys.member.1=x&Keys.member.2=y%26z&sizes=3;4&routes=via:a,b%7Cc%20d&$top=5&label-left=new&label-to%5B=a";
    assert_eq!(sent.target, expected);
    // What is answered without a body may be an error, which has the media type that is asked for.
    assert_eq!(sent.header("accept"), "application/vnd.depot+json");
    let error = client(&server).objects().find(["red;blue"]).send().await.unwrap_err();
    assert!(error.to_string().contains("separates the items"), "{error}");
}

#[tokio::test]
async fn a_media_type_may_have_parameters() {
    let server = Server::answering([Answer::new(204, "")]).await;
    client(&server).objects().load().body("key,size").send().await.unwrap();
    let sent = last(&server);
    assert_eq!((text(&sent), sent.header("content-type")), ("key,size", "text/csv; charset=utf-8"));
}

#[tokio::test]
async fn an_upload_that_is_not_complete_is_an_answer() {
    let incomplete = Answer::new(308, "").header("range", "bytes=0-3");
    let server = Server::answering([incomplete, Answer::json(200, &json!({"key": "k", "size": 9}))]).await;
    let client = client(&server);
    let send = |range: &str, piece: &'static [u8]| {
        client.objects().continue_upload("u1").content_range(range).body(piece).send()
    };
    let answer = send("bytes 0-3/9", b"Dear").await.unwrap();
    let headers = ::depot::objects::ContinueUploadHeaders::read(answer.headers());
    assert_eq!((answer.into_inner(), headers.unwrap().range.as_deref()), (None, Some("bytes=0-3")));
    assert_eq!(last(&server).header("content-range"), "bytes 0-3/9");
    assert_eq!(send("bytes 4-8/9", b"Ada, ").await.unwrap().into_inner().unwrap().size, 9);
}
