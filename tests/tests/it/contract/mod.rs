//! Tests the generated clients against the contract server: it accepts their requests, and they read its responses.
//!
//! The real clients send the examples of the specs over loopback. Valid examples are followed to their end. For invalid
//! ones, the server reports the same violations as the compiled validator.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod callbacks;
mod credentials;
mod faults;
mod invalid;
mod legal;
mod pages;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

use serde_json::{Value, json};
use specwright_contract::{Builder, Server};
use specwright_runtime as rt;

use crate::support::{SkippingClock, direct};
use crate::{files, project, runapi_requests};

/// The result of a call.
#[derive(Debug)]
struct End {
    /// The JSON as received; `{"bytes": 42}` for a download.
    raw: Value,
    /// The id of the task, if it was one.
    task: Option<String>,
    /// Places that only violate inferred rules.
    dubious: BTreeSet<String>,
}

fn places(violations: &[rt::Violation]) -> BTreeSet<String> {
    violations.iter().map(|it| it.at.to_string()).collect()
}

/// Follows a reply to its end.
trait Follow {
    async fn follow(self) -> rt::Result<End>;
}

impl<T: rt::Decode> Follow for rt::Response<T> {
    async fn follow(self) -> rt::Result<End> {
        Ok(End { raw: self.raw().clone(), task: None, dubious: places(self.warnings()) })
    }
}

/// As [`Follow`], of answers that the status tells apart.
trait FollowStatus {
    async fn follow(self) -> rt::Result<End>;
}

impl<T: rt::DecodeByStatus> FollowStatus for rt::Response<T> {
    async fn follow(self) -> rt::Result<End> {
        Ok(End { raw: self.raw().clone(), task: None, dubious: places(self.warnings()) })
    }
}

/// As [`Follow`], of answers that may have no body.
trait FollowOptional {
    async fn follow(self) -> rt::Result<End>;
}

impl<T: rt::Decode> FollowOptional for rt::Response<Option<T>> {
    async fn follow(self) -> rt::Result<End> {
        Ok(End { raw: self.raw().clone(), task: None, dubious: places(self.warnings()) })
    }
}

impl<T: rt::Decode> Follow for rt::Task<T> {
    async fn follow(self) -> rt::Result<End> {
        let raw = self.wait().await?.raw().clone();
        Ok(End { raw, task: Some(self.id().to_owned()), dubious: places(self.warnings()) })
    }
}

impl Follow for rt::Download {
    async fn follow(self) -> rt::Result<End> {
        let dubious = places(self.warnings());
        Ok(End { raw: json!({"bytes": self.bytes(1 << 20).await?.len()}), task: None, dubious })
    }
}

type Following = Pin<Box<dyn Future<Output = rt::Result<End>>>>;
/// Reads a request from JSON, sends it, and follows the reply.
type Play<C> = fn(&C, &Value) -> Result<Following, rt::DecodeError>;

/// The operations of a crate by their names.
macro_rules! plays {
    ($krate:ident: $($resource:ident.$operation:ident $request:ident,)*) => {
        BTreeMap::from([$((
            concat!(stringify!($resource), ".", stringify!($operation)),
            (|client: &$krate::Client, json| {
                let request: $krate::$resource::$operation::$request = rt::from_json(json)?;
                let client = client.clone();
                let following: Following = Box::pin(async move { client.send(request).await?.follow().await });
                Ok(following)
            }) as Play<$krate::Client>,
        )),*])
    };
}

fn runapi() -> BTreeMap<&'static str, Play<runapi::Client>> {
    runapi_requests!(plays)
}

fn animeapi() -> BTreeMap<&'static str, Play<animeapi::Client>> {
    plays! { animeapi: images.generate GenerateRequest, }
}

fn runanything() -> BTreeMap<&'static str, Play<runanything::Client>> {
    plays! { runanything:
        speech.synthesize SynthesizeRequest,
        status.check CheckRequest,
        text.generate GenerateRequest,
    }
}

fn runcrate() -> BTreeMap<&'static str, Play<runcrate::Client>> {
    plays! { runcrate:
        audio.speak SpeakRequest,
        audio.transcribe TranscribeRequest,
        chat.complete CompleteRequest,
        images.generate GenerateRequest,
        videos.download_video DownloadVideoRequest,
        videos.generate GenerateRequest,
    }
}

fn payments() -> BTreeMap<&'static str, Play<::payments::Client>> {
    plays! { payments:
        charges.create CreateRequest,
        charges.list ListRequest,
        charges.ping PingRequest,
        charges.update UpdateRequest,
        ledger.balance BalanceRequest,
        ledger.certificate CertificateRequest,
        ledger.holder HolderRequest,
        ledger.payout PayoutRequest,
        ledger.statement StatementRequest,
    }
}

fn depot() -> BTreeMap<&'static str, Play<::depot::Client>> {
    plays! { depot:
        catalog.list ListRequest,
        catalog.owners OwnersRequest,
        catalog.remove RemoveRequest,
        catalog.set_versioning SetVersioningRequest,
        objects.annotate AnnotateRequest,
        objects.attach AttachRequest,
        objects.configure ConfigureRequest,
        objects.continue_upload ContinueUploadRequest,
        objects.deploy DeployRequest,
        objects.change_many ChangeManyRequest,
        objects.load_lines LoadLinesRequest,
        objects.describe DescribeRequest,
        objects.edit_meta EditMetaRequest,
        objects.exists ExistsRequest,
        objects.find FindRequest,
        objects.get GetRequest,
        objects.load LoadRequest,
        objects.list_keys ListKeysRequest,
        objects.keep KeepRequest,
        objects.patch_meta PatchMetaRequest,
        objects.preview PreviewRequest,
        objects.properties PropertiesRequest,
        objects.put PutRequest,
        objects.put_note PutNoteRequest,
        objects.put_picture PutPictureRequest,
        objects.start_upload StartUploadRequest,
        objects.upload UploadRequest,
        rules.get GetRequest,
        rules.put PutRequest,
        rules.put_all PutAllRequest,
        rules.set_label SetLabelRequest,
        rules.set_owner SetOwnerRequest,
        rules.set_quota SetQuotaRequest,
        rules.set_tags SetTagsRequest,
    }
}

fn forge() -> BTreeMap<&'static str, Play<::forge::Client>> {
    plays! { forge:
        repos.by_name ByNameRequest,
        repos.by_tag ByTagRequest,
        repos.compare CompareRequest,
        repos.content ContentRequest,
        repos.raw_content RawContentRequest,
        repos.exists ExistsRequest,
        repos.find_label FindLabelRequest,
        repos.flags FlagsRequest,
        repos.import_form ImportFormRequest,
        repos.import_json ImportJsonRequest,
        repos.integration IntegrationRequest,
        repos.labelled LabelledRequest,
        repos.labels LabelsRequest,
        repos.labels_of_team LabelsOfTeamRequest,
        repos.methods MethodsRequest,
        repos.odd OddRequest,
        repos.root RootRequest,
        repos.search SearchRequest,
    }
}

/// The specs of the project, and those that were invented for tests.
fn setting(api: &str) -> Builder {
    let own = files::root().join("spec");
    let folder = if own.join(api).exists() { own } else { project::folder().join("spec") };
    Server::builder().spec_folder(folder).apis([api])
}

async fn serve(api: &str) -> Server {
    setting(api).start().await.unwrap_or_else(|error| panic!("{error}"))
}

/// A client of the server's only API that skips its waits. Any well-formed key is valid.
fn client<C: From<rt::Client>>(server: &Server, api: &str, builder: rt::ClientBuilder<C>, mode: rt::Validation) -> C {
    let builder = builder.api_key("example-key").base_url(server.url_of(api).unwrap());
    builder.http_client(direct()).clock(SkippingClock::new()).validation(mode).build().unwrap()
}

/// As [`client`], with the key for management.
fn runapi_client(server: &Server, mode: rt::Validation) -> runapi::Client {
    client(server, "runapi", runapi::Client::builder().credential("management_key", "example-management-key"), mode)
}
