//! A signer for AWS Signature Version 4, to be copied: against the requests and signatures of AWS's own test suite.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use specwright_runtime::http::{Method, Request as HttpRequest, Response as HttpResponse};
use specwright_runtime::transport::SendOptions;
use specwright_runtime::{
    Api, Body, BoxFuture, Client, Clock, Operation, RawResponse, Request, RequestParts, Response, Result, Rules,
    Secret, SignError, Signer, Transport, TransportError, UnsignedRequest, reply,
};

/// Signs for one service in one region, with keys that do not change.
#[derive(Debug)]
struct AwsSigner {
    key_id: String,
    key: Secret,
    region: &'static str,
    service: &'static str,
}

impl Signer for AwsSigner {
    fn sign<'a>(&'a self, request: UnsignedRequest<'a>) -> BoxFuture<'a, Result<(), SignError>> {
        Box::pin(async move {
            let stamp = stamp(request.time)?;
            let head = request.head;
            head.headers.insert("x-amz-date", stamp.parse()?);
            // What is read while it is sent has no hash; S3 then takes this word in its place.
            let payload = request.body.map_or_else(|| "UNSIGNED-PAYLOAD".to_owned(), |it| hex(&Sha256::digest(it)));
            if self.service == "s3" {
                head.headers.insert("x-amz-content-sha256", payload.parse()?);
            }
            let host = head.uri.authority().ok_or("the URL has no host")?.as_str().to_owned();
            let mut headers = vec![("host".to_owned(), host)];
            for (name, value) in head.headers.iter().filter(|it| it.0.as_str().starts_with("x-amz-")) {
                headers.push((name.as_str().to_owned(), value.to_str()?.trim().to_owned()));
            }
            headers.sort();
            let names: Vec<&str> = headers.iter().map(|it| it.0.as_str()).collect();
            let names = names.join(";");
            let mut query: Vec<&str> = head.uri.query().unwrap_or_default().split('&').collect();
            query.sort_unstable();
            let mut canonical = format!("{}\n{}\n{}\n", head.method, head.uri.path(), query.join("&"));
            for (name, value) in &headers {
                writeln!(canonical, "{name}:{value}")?;
            }
            write!(canonical, "\n{names}\n{payload}")?;
            let (day, (region, service)) = (&stamp[..8], (self.region, self.service));
            let scope = format!("{day}/{region}/{service}/aws4_request");
            let hash = hex(&Sha256::digest(&canonical));
            let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hash}");
            let mut key = format!("AWS4{}", self.key.expose()).into_bytes();
            for part in [day, region, service, "aws4_request"] {
                key = hmac(&key, part)?;
            }
            let (signature, id) = (hex(&hmac(&key, &to_sign)?), &self.key_id);
            let value =
                format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
            head.headers.insert("authorization", value.parse()?);
            Ok(())
        })
    }
}

fn hmac(key: &[u8], text: &str) -> Result<Vec<u8>, SignError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)?;
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// `20150830T123600Z`
fn stamp(time: SystemTime) -> Result<String, SignError> {
    let seconds = time.duration_since(UNIX_EPOCH)?.as_secs();
    // The days since 0000-03-01, by the civil calendar (Howard Hinnant).
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (year_of_era + era * 400 + month / 10, (month + 2) % 12 + 1);
    let (hour, minute, second) = (seconds % 86_400 / 3600, seconds % 3600 / 60, seconds % 60);
    Ok(format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z"))
}

static API: Api =
    Api { name: "service", version: "1.0.0", servers: &[("default", "https://example.amazonaws.com")], ..Api::EMPTY };
static GET: Operation = Operation::get(&API, "service.get", "/").auth(&[]);
static POST: Operation = Operation::post(&API, "service.post", "/").auth(&[]).body(false);

/// A request of the test suite.
#[derive(Clone, Debug)]
struct Vector(&'static Operation, &'static [(&'static str, &'static str)]);

impl Rules for Vector {}

impl Request for Vector {
    type Reply = Response<()>;
    fn operation(&self) -> &'static Operation {
        self.0
    }
    fn write(&self, out: &mut RequestParts) {
        out.path("/");
        self.1.iter().for_each(|(name, value)| out.query(name, value));
    }
    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::empty(raw)
    }
}

/// The day of the test suite.
#[derive(Debug)]
struct ThatDay;

impl Clock for ThatDay {
    fn now(&self) -> Instant {
        Instant::now()
    }
    fn system_time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_440_938_160)
    }
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
    fn random(&self) -> f64 {
        0.0
    }
}

#[derive(Clone, Debug, Default)]
struct Recorder(Arc<Mutex<Vec<HttpRequest<Body>>>>);

impl Transport for Recorder {
    fn send(
        &self,
        request: HttpRequest<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<HttpResponse<Body>, TransportError>> {
        self.0.lock().unwrap().push(request);
        Box::pin(async { Ok(HttpResponse::new(Body::from_bytes("{}"))) })
    }
}

#[tokio::test]
async fn requests_are_signed_as_in_the_test_suite_of_aws() {
    let recorder = Recorder::default();
    let signer = AwsSigner {
        key_id: "AKIDEXAMPLE".to_owned(),
        key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
        region: "us-east-1",
        service: "service",
    };
    let client = Client::builder(&API).transport(recorder.clone()).clock(ThatDay).signer(signer).build().unwrap();
    let vectors = [
        (Vector(&GET, &[]), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            Vector(&GET, &[("Param2", "value2"), ("Param1", "value1")]),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (Vector(&POST, &[]), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ];
    for (vector, signature) in vectors {
        client.send(vector.clone()).await.unwrap();
        let sent = recorder.0.lock().unwrap().pop().unwrap();
        let is_post = sent.method() == Method::POST;
        assert_eq!(is_post, vector.0.name == "service.post");
        let begin = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
            SignedHeaders=host;x-amz-date, Signature=";
        assert_eq!(sent.headers()["authorization"], format!("{begin}{signature}"), "{vector:?}");
    }
}
