//! What words on the command line become.

use serde_json::{Value, json};

use crate::server::Server;
use crate::support::{Folder, call};

const BOAT: &str = r#"{"id":"b1","name":"Ada"}"#;

/// The body that `boats.build` sends.
#[track_caller]
fn body(words: &[&str], expected: &Value) {
    let server = Server::json(BOAT);
    let words: Vec<&str> = [&["name=Ada"], words].concat();
    call("shop", "boats.build", &words).at(&server.url).succeeds();
    let mut sent = server.request().json();
    assert_eq!(sent.as_object_mut().unwrap().remove("name"), Some("Ada".into()));
    assert_eq!(&sent, expected, "{words:?}");
}

#[test]
fn texts_are_read_by_the_type() {
    body(&["length=5"], &json!({"length": 5}));
    body(&["weight=5"], &json!({"weight": 5}));
    body(&["weight=1.5e3"], &json!({"weight": 1.5e3}));
    body(&["fast=true"], &json!({"fast": true}));
    body(&["size=small"], &json!({"size": "small"}));
    body(&["berth=7"], &json!({"berth": 7}));
    body(&["berth=north"], &json!({"berth": "north"}));
    body(&["note=a=b"], &json!({"note": "a=b"}));
    body(&["note="], &json!({"note": ""}));
    body(&["note=@home"], &json!({"note": "@home"}));
    body(&["extra=5"], &json!({"extra": "5"}));
}

#[test]
fn json_is_json() {
    body(&["note:=null"], &json!({"note": null}));
    body(&[r#"berth:="7""#], &json!({"berth": "7"}));
    body(&["extra:={\"a\":[1]}"], &json!({"extra": {"a": [1]}}));
    body(&["seats:=[1,2]"], &json!({"seats": [1, 2]}));
}

#[test]
fn lists_are_repeated_or_json() {
    body(&["crew=Bo", "crew=Cy"], &json!({"crew": ["Bo", "Cy"]}));
    body(&["crew=Bo"], &json!({"crew": ["Bo"]}));
    body(&[r#"crew=["Bo","Cy"]"#, "crew=Di"], &json!({"crew": ["Bo", "Cy", "Di"]}));
    body(&["seats=1", "seats=2"], &json!({"seats": [1, 2]}));
    body(&["seats[0]=1", "seats[1]=2"], &json!({"seats": [1, 2]}));
    body(&["seats[]=1", "seats[]=2"], &json!({"seats": [1, 2]}));
}

#[test]
fn keys_reach_inside() {
    body(
        &["sail.area=2", "sail.colour=red", "sail.labels.a.b=c", "sail.labels[x]=y"],
        &json!({"sail": {"area": 2, "colour": "red", "labels": {"a.b": "c", "x": "y"}}}),
    );
}

#[test]
fn members_of_unions_have_their_fields() {
    body(
        &["drives[0].kind=sail", "drives[0].area=2", "drives[1].kind=motor", "drives[1].power=9"],
        &json!({"drives": [{"kind": "sail", "area": 2}, {"kind": "motor", "power": 9}]}),
    );
}

#[test]
fn a_name_may_have_a_dot() {
    body(&["a.b=c"], &json!({"a.b": "c"}));
}

#[test]
fn values_come_from_files() {
    let folder = Folder::new("values");
    let text = folder.file("text.txt", "line one\nline two\n");
    body(&[&format!("note=<{text}")], &json!({"note": "line one\nline two"}));
    let picture = folder.file("a.png", b"\x89PNG");
    body(&[&format!("picture=@{picture}")], &json!({"picture": "iVBORw=="}));
    let extra = folder.file("a.json", r#"{"b": [true]}"#);
    body(&[&format!("extra:=@{extra}")], &json!({"extra": {"b": [true]}}));
    let whole = folder.file("whole.json", r#"{"length": 3, "seats": [1]}"#);
    body(&["length=4", &format!("@{whole}")], &json!({"length": 4, "seats": [1]}));
}

#[test]
fn a_body_comes_from_standard_input() {
    let server = Server::json(BOAT);
    call("shop", "boats.build", &["@-"]).input(br#"{"name": "Ada", "fast": true}"#).at(&server.url).succeeds();
    assert_eq!(server.request().json(), json!({"name": "Ada", "fast": true}));
}

#[test]
fn parameters_go_where_the_spec_says() {
    let server = Server::json(BOAT);
    call("shop", "boats.get", &["id=a b/c", "fields=id", "fields=na,me"]).at(&server.url).succeeds();
    let sent = server.request();
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("GET", "/boats/a%20b%2Fc?fields=id,na%2Cme"));
    assert_eq!(sent.headers["locale"], "en");
    assert_eq!(sent.headers["authorization"], format!("Bearer {}", crate::support::KEY));
}

#[test]
fn parameters_of_the_client_come_from_the_environment() {
    let server = Server::json(BOAT);
    call("shop", "boats.get", &["id=b1"]).env("SHOP_LOCALE", "de").at(&server.url).succeeds();
    call("shop", "boats.get", &["id=b1", "Locale=fr"]).env("SHOP_LOCALE", "de").at(&server.url).succeeds();
    let locales: Vec<String> =
        server.requests().into_iter().map(|mut it| it.headers.remove("locale").unwrap()).collect();
    assert_eq!(locales, ["de", "fr"]);
}

#[test]
fn forms_texts_and_files() {
    let server = Server::json(BOAT);
    call("shop", "boats.rename", &["id=b1", "name=A & B", "tags=x", "tags=y"]).at(&server.url).succeeds();
    assert_eq!(server.request().text(), "name=A%20%26%20B&tags=x&tags=y");

    let server = Server::new(&[&crate::server::answer("200 OK", "Content-Type: text/plain\r\n", b"Wind.")]);
    let ran = call("shop", "boats.log", &["id=b1", "body=Wind."]).at(&server.url).succeeds();
    assert_eq!((server.request().text().as_str(), ran.out.as_str()), ("Wind.", "Wind."));

    let folder = Folder::new("bytes");
    let coal = folder.file("coal.png", b"\0\xff");
    let server = Server::json(BOAT);
    call("shop", "boats.load", &["id=b1", &format!("@{coal}")]).at(&server.url).succeeds();
    let sent = server.request();
    assert_eq!((sent.body.as_slice(), sent.headers["content-type"].as_str()), (&b"\0\xff"[..], "image/png"));
}

#[test]
fn parts_of_a_form() {
    let folder = Folder::new("parts");
    let (one, two) = (folder.file("one.png", "1"), folder.file("two.bin", "22"));
    let server = Server::new(&[&crate::server::answer("200 OK", "Content-Type: image/png\r\n", b"PNG")]);
    let (one, two) = (format!("images=@{one}"), format!("images=@{two};type=image/gif"));
    let words = ["id=b1", "title=Ada", "sail.area=2", one.as_str(), two.as_str(), "cover=inline"];
    let ran = call("shop", "boats.paint", &words).at(&server.url).succeeds();
    assert_eq!(ran.bytes, b"PNG");
    let sent = server.request().text();
    for part in [
        "name=\"title\"\r\n\r\nAda\r\n",
        "name=\"sail\"\r\nContent-Type: application/json\r\n\r\n{\"area\":2}\r\n",
        "name=\"images\"; filename=\"one.png\"\r\nContent-Type: image/png\r\n\r\n1\r\n",
        "name=\"images\"; filename=\"two.bin\"\r\nContent-Type: image/gif\r\n\r\n22\r\n",
        "name=\"cover\"; filename=\"file\"\r\nContent-Type: image/png\r\n\r\ninline\r\n",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
}

#[test]
fn a_limit_of_a_file_is_checked_before_it_is_sent() {
    let folder = Folder::new("limits");
    let large = folder.file("large.png", [0; 21]);
    let ran = call("shop", "boats.paint", &["id=b1", "title=Ada", &format!("images=@{large}")]).mock().run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("error[max_bytes] /images/0"), "{}", ran.err);
}

/// The message of arguments that are wrong.
#[track_caller]
fn wrong(operation: &str, words: &[&str], expected: &str) {
    let ran = call("shop", operation, words).mock().run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains(expected), "{expected}\n{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn faults_are_told_with_the_way_out() {
    wrong("boats.build", &["nmae=Ada"], "`boats.build` has no parameter `nmae`; a similar one exists: `name`");
    wrong("boats.build", &["sail.aera=2"], "`sail.aera`: there is no field `aera`; a similar one exists: `area`");
    wrong("boats.build", &["@"], "the name of a file is missing behind `@`");
    wrong("boats.build", &["@-"], "standard input is not JSON");
    wrong("boats.build", &["name"], "`name` is neither `name=value` nor `@file`");
    wrong("boats.build", &["name=a", "name=b"], "`name` is given twice, and is no list");
    wrong("boats.build", &["seats[2]=1"], "item 2 cannot be set before item 0");
    wrong("boats.build", &["extra:={"], "the value of `extra` is not JSON");
    wrong("boats.build", &["note=</no/such/file"], "cannot read `/no/such/file`");
    wrong("boats.build", &["name.x=1"], "`x` cannot be set in what is no object");
    wrong("boats.get", &["@body.json"], "`boats.get` has no body, so `@body.json` has no place");
    wrong("boats.build", &[&format!("extra{}=x", ".a".repeat(10_000))], "is nested deeper than 64 levels");
    wrong("boats.build", &["=x"], "a name is missing before `=`");
    wrong("boats.biuld", &[], "a similar one exists: `boats.build`");
    wrong("build.x", &[], "`specwright call shop` lists the operations");
}

#[test]
fn all_faults_are_told_at_once() {
    let ran = call("shop", "boats.build", &["nmae=Ada", "lenght=3"]).mock().run();
    assert!(ran.err.contains("2 arguments are wrong"), "{}", ran.err);
    assert!(ran.err.contains("`name`") && ran.err.contains("`length`"), "{}", ran.err);
    assert!(ran.err.contains("`specwright call shop boats.build --help` lists the parameters"), "{}", ran.err);
}

#[test]
fn unknown_names_are_sent_when_nothing_is_checked() {
    let server = Server::json(BOAT);
    call("shop", "build", &["name=Ada", "new.field:=1"]).at(&server.url).with(|it| it.no_check = true).succeeds();
    assert_eq!(server.request().json(), json!({"name": "Ada", "new": {"field": 1}}));
}
