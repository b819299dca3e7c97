//! Tests that the interpreter and the compiled validator have the same verdict about a request.
//!
//! Every operation of every API is tested with its boundary suite and with thousands of random requests based on it. A
//! request must write what it was given. [`answers`] does the same for decoders, and [`schemas`] for the exported
//! schemas.

mod answers;
mod keywords;
mod mutate;
mod read_back;
pub(crate) mod representable;
mod schemas;
mod values;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use specwright_codegen::boundary::{self, RequestParts};
use specwright_codegen::interpret::{self, Request};
use specwright_codegen::model::{Api, Encoding, Field, Location, Operation, PathPart, Style, Type, TypeKind};
use specwright_codegen::serialize;
use specwright_codegen::validate::percent_decoded;
use specwright_runtime as rt;
use specwright_runtime::testing::Written;

use crate::{apis, files, project};
pub(crate) use mutate::RandomSource;

/// The number of random requests per operation.
const TRIES: usize = 3000;

/// The violations: place, and keyword with the message, in order.
type Faults = Vec<(String, String)>;

/// The verdict about a request.
#[derive(Debug, PartialEq)]
struct Verdict {
    violations: Faults,
    warnings: Faults,
}

/// Reads a request from JSON, checks and writes it.
type Compiled = fn(&Value) -> Result<(Verdict, Written), rt::DecodeError>;

fn compiled<R: rt::Request + rt::Decode>(json: &Value) -> Result<(Verdict, Written), rt::DecodeError> {
    let request: R = rt::from_json(json)?;
    let mut found = rt::Violations::default();
    request.check(&mut found);
    Ok((verdict(&found), rt::testing::written(&request)))
}

/// Not generic, or else it would be compiled for each request.
fn verdict(found: &rt::Violations) -> Verdict {
    let faults = |stated: bool| {
        let all = found.as_slice().iter().filter(|it| (it.rule.strength == rt::Strength::Stated) == stated);
        sorted(all.map(|it| (it.at.to_string(), said(it.rule.keyword, &it.rule.message()))))
    };
    Verdict { violations: faults(true), warnings: faults(false) }
}

/// Keyword and message. The compiled check of a union does not know its field or whether that field is nullable, and the
/// check of an enum in it does not know the union's other members. Their messages are compared without these parts.
fn said(keyword: &str, message: &str) -> String {
    let sentence = match message.split_once(" must be ") {
        Some((_, asked)) if ["type", "one_of", "enum", "format"].contains(&keyword) => {
            let asked = asked.trim_end_matches(" or `null`");
            asked.find("one of ").map_or(asked, |at| &asked[at..])
        }
        _ => message,
    };
    format!("{keyword}: {sentence}")
}

fn sorted(faults: impl Iterator<Item = (String, String)>) -> Faults {
    let mut faults: Faults = faults.collect();
    faults.sort();
    faults
}

/// The compiled requests by the names of their operations.
macro_rules! requests {
    ($krate:ident: $($resource:ident.$operation:ident $request:ident,)*) => {
        BTreeMap::from([$((
            concat!(stringify!($resource), ".", stringify!($operation)),
            compiled::<$krate::$resource::$operation::$request> as Compiled,
        )),*])
    };
}

mod runapi;
mod written;

#[test]
fn studio() {
    let mut requests = requests! { studio:
        assistant.count_tokens CountTokensRequest,
        assistant.create_message CreateMessageRequest,
        assistant.health HealthRequest,
        assistant.list_models ListModelsRequest,
        assistant.list_models_compat ListModelsCompatRequest,
        booth.fetch FetchRequest,
        booth.shoot ShootRequest,
        booth.speak SpeakRequest,
        booth.transcribe TranscribeRequest,
        keys.create_key CreateKeyRequest,
        keys.delete_key DeleteKeyRequest,
        keys.list_guardrails ListGuardrailsRequest,
        keys.list_keys ListKeysRequest,
        keys.rotate_key RotateKeyRequest,
        keys.update_key UpdateKeyRequest,
        motion.direct DirectRequest,
        motion.extend_clip ExtendClipRequest,
        motion.status StatusRequest,
        motion.text_to_clip TextToClipRequest,
        talk.chat ChatRequest,
        talk.listen ListenRequest,
        talk.pour PourRequest,
        talk.write WriteRequest,
    };
    requests.extend([
        ("score.compose", compiled::<studio::music::compose::ComposeRequest> as Compiled),
        ("score.voices", compiled::<studio::music::voices::VoicesRequest>),
    ]);
    agree(&project::folder(), "studio", &requests);
}

#[test]
fn kinds() {
    let requests = requests! { kinds:
        kinds.allowed AllowedRequest,
        kinds.conditions ConditionsRequest,
        kinds.kinds KindsRequest,
        kinds.known KnownRequest,
        kinds.new NewRequest,
        kinds.places PlacesRequest,
        kinds.rings RingsRequest,
        kinds.rules RulesRequest,
        numbers.counters CountersRequest,
        numbers.numbers NumbersRequest,
        numbers.ranges RangesRequest,
        shapes.furnish FurnishRequest,
        shapes.labels LabelsRequest,
        shapes.lights LightsRequest,
        shapes.pets PetsRequest,
        shapes.shapes ShapesRequest,
        tags.components ComponentsRequest,
        texts.formats FormatsRequest,
        texts.gaps GapsRequest,
        texts.names NamesRequest,
        tuples.routes RoutesRequest,
        tuples.tiles TilesRequest,
    };
    agree(&project::folder(), "kinds", &requests);
}

#[test]
fn payments() {
    let requests = requests! { payments:
        charges.create CreateRequest,
        charges.list ListRequest,
        charges.ping PingRequest,
        charges.update UpdateRequest,
        ledger.balance BalanceRequest,
        ledger.certificate CertificateRequest,
        ledger.holder HolderRequest,
        ledger.payout PayoutRequest,
        ledger.statement StatementRequest,
    };
    agree(&project::folder(), "payments", &requests);
}

#[test]
fn depot() {
    let requests = requests! { depot:
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
    };
    agree(&project::folder(), "depot", &requests);
}

#[test]
fn forge() {
    let requests = requests! { forge:
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
    };
    agree(&project::folder(), "forge", &requests);
}

#[test]
fn animeapi() {
    let requests = requests! { animeapi: images.generate GenerateRequest, };
    agree(&files::root(), "animeapi", &requests);
}

#[test]
fn runanything() {
    let requests = requests! { runanything:
        speech.synthesize SynthesizeRequest,
        status.check CheckRequest,
        text.generate GenerateRequest,
    };
    agree(&files::root(), "runanything", &requests);
}

#[test]
fn runcrate() {
    let requests = requests! { runcrate:
        audio.speak SpeakRequest,
        audio.transcribe TranscribeRequest,
        chat.complete CompleteRequest,
        images.generate GenerateRequest,
        videos.download_video DownloadVideoRequest,
        videos.generate GenerateRequest,
    };
    agree(&files::root(), "runcrate", &requests);
}

/// Tests all operations of an API.
fn agree(project: &std::path::Path, name: &str, requests: &BTreeMap<&str, Compiled>) {
    agree_with(project, name, requests, TRIES);
}

/// Tests all operations of an API, each with this many random requests. `requests` must contain every operation.
fn agree_with(project: &std::path::Path, name: &str, requests: &BTreeMap<&str, Compiled>, tries: usize) {
    let api = apis::of(project, name);
    let mut disagreements = Vec::new();
    for op in &api.operations {
        let full_name = op.full_name(api);
        let compiled = requests.get(full_name.as_str()).unwrap_or_else(|| panic!("`{full_name}` is not tried"));
        let mut trial = Trial::of(api, op, *compiled, tries);
        trial.run();
        // The types cannot represent many requests, but never nearly all of them.
        assert!(trial.said * 6 > trial.unsayable, "{full_name}: {} said, {} not", trial.said, trial.unsayable);
        assert!(
            op.parameters.fields.len() < 2 || trial.broken * 20 > trial.said,
            "{full_name}: {} broken",
            trial.broken
        );
        disagreements.extend(trial.disagreements);
    }
    let shown: Vec<_> = disagreements.iter().take(12).map(String::as_str).collect();
    assert!(disagreements.is_empty(), "{} disagreements:\n{}", disagreements.len(), shown.join("\n"));
}

struct Trial<'a> {
    api: &'a Api,
    op: &'a Operation,
    compiled: Compiled,
    tries: usize,
    /// The number of requests that Rust could represent.
    said: usize,
    unsayable: usize,
    /// The number of those with a violation, including violations of implied rules.
    broken: usize,
    disagreements: Vec<String>,
}

impl<'a> Trial<'a> {
    fn of(api: &'a Api, op: &'a Operation, compiled: Compiled, tries: usize) -> Self {
        Self { api, op, compiled, tries, said: 0, unsayable: 0, broken: 0, disagreements: Vec::new() }
    }

    fn run(&mut self) {
        let suite = boundary::suite(self.api, self.op);
        let mut seeds: Vec<Map<String, Value>> = suite.iter().map(|it| self.flat(&it.request)).collect();
        seeds.extend(self.op.examples.iter().filter_map(|it| it.request.as_ref()?.as_object()).cloned());
        seeds.push(Map::new());
        for request in &seeds {
            self.try_one(request);
        }
        let mut chance = RandomSource::new(&self.op.full_name(self.api));
        for _ in 0..self.tries {
            let request = chance.request(self.api, &self.op.parameters, &seeds);
            self.try_one(&request);
        }
    }

    /// All parameters of a sample by their names.
    fn flat(&self, sample: &RequestParts) -> Map<String, Value> {
        let nothing = Map::new();
        let body = sample.body.as_ref().and_then(Value::as_object).unwrap_or(&nothing);
        let cookies = sample.headers.get("Cookie").and_then(Value::as_object).unwrap_or(&nothing);
        let places = [
            (Location::Path, &sample.path),
            (Location::Query, &sample.query),
            (Location::Header, &sample.headers),
            (Location::Cookie, cookies),
            (Location::Body, body),
        ];
        let called = |location, sent: &String| {
            let mut fields = self.op.parameters.fields.iter().filter(|it| it.location == location);
            fields.find(|it| it.sent_name().eq_ignore_ascii_case(sent)).map_or(sent, |it| &it.name).clone()
        };
        let all = places.iter().flat_map(|(location, given)| given.iter().map(move |it| (*location, it)));
        let mut flat: Map<_, _> = all.map(|(at, (name, value))| (called(at, name), value.clone())).collect();
        if !cookies.is_empty() {
            flat.shift_remove("Cookie");
        }
        if let (Some((_, field)), Some(body)) = (self.op.whole_body(), &sample.body) {
            flat.retain(|name, _| self.op.parameters.find(name).is_some_and(|(_, it)| !it.location.in_body()));
            flat.insert(field.name.clone(), body.clone());
        }
        flat
    }

    fn try_one(&mut self, request: &Map<String, Value>) {
        let known = |it: &String| self.op.parameters.fields.iter().any(|field| field.name == *it);
        if !request.keys().all(known) || !representable::record(self.api, &self.op.parameters, request, None) {
            self.unsayable += 1;
            return;
        }
        self.said += 1;
        let json = Value::Object(request.clone());
        let interpreted = self.interpreted(request);
        let sound = interpreted.violations.is_empty() && interpreted.warnings.is_empty();
        self.broken += usize::from(!sound);
        let (compiled, written) = match (self.compiled)(&json) {
            Ok(both) => both,
            Err(error) => return self.disagree(&json, format!("cannot be read: {error}")),
        };
        if compiled != interpreted {
            self.disagree(&json, format!("interpreted {interpreted:?}\n   compiled {compiled:?}"));
        }
        if let Some(difference) = self.written_otherwise(request, &written) {
            self.disagree(&json, difference);
        }
    }

    fn disagree(&mut self, json: &Value, what: String) {
        let mut text = json.to_string();
        if text.len() > 1500 {
            text = text.chars().take(1500).collect::<String>() + "…";
        }
        self.disagreements.push(format!("{}: {text}\n{what}", self.op.full_name(self.api)));
    }

    fn at(&self, location: Location, request: &Map<String, Value>) -> Map<String, Value> {
        let fields = self.op.parameters.fields.iter().filter(|it| it.location == location);
        fields.filter_map(|it| Some((it.sent_name().to_owned(), request.get(&it.name)?.clone()))).collect()
    }

    /// The body as JSON.
    fn body(&self, request: &Map<String, Value>) -> Option<Value> {
        match self.op.whole_body() {
            Some((_, field)) => request.get(&field.name).cloned(),
            None => self.op.has_body.then(|| Value::Object(self.at(Location::Body, request))),
        }
    }

    fn interpreted(&self, request: &Map<String, Value>) -> Verdict {
        let path = self.at(Location::Path, request);
        let query = self.at(Location::Query, request);
        let mut headers = self.at(Location::Header, request);
        for (name, value) in self.at(Location::Cookie, request) {
            interpret::put_cookie(&mut headers, &name, Some(value));
        }
        let body = self.body(request);
        let request = Request { path: &path, query: &query, headers: &headers, body: body.as_ref() };
        let verdict = interpret::validate(self.api, self.op, &request);
        let faults =
            |all: &[interpret::Violation]| sorted(all.iter().map(|it| (it.at.clone(), said(it.rule, &it.message))));
        Verdict { violations: faults(&verdict.violations), warnings: faults(&verdict.warnings) }
    }

    /// How the written request differs from the given one.
    fn written_otherwise(&self, request: &Map<String, Value>, written: &Written) -> Option<String> {
        let text =
            |field: &Field| request.get(&field.name).map(|it| plain(self.api, &field.ty, it)).unwrap_or_default();
        let path: String = self
            .op
            .path
            .iter()
            .map(|part| match part {
                PathPart::Literal(text) => text.clone(),
                PathPart::Parameter(ix) if is_styled(self.op.parameters.field(*ix)) => {
                    let field = self.op.parameters.field(*ix);
                    let alone = Operation { path: vec![part.clone()], ..self.op.clone() };
                    request.get(&field.name).map(|_| serialize::path(&alone, request)).unwrap_or_default()
                }
                PathPart::Parameter(ix) => encoded(&text(self.op.parameters.field(*ix))),
            })
            .collect();
        let of = |location| self.op.parameters.fields.iter().filter(move |it| it.location == location);
        let mut query = Vec::new();
        for field in of(Location::Query) {
            match (&field.ty, request.get(&field.name)) {
                (_, Some(value)) if is_styled(field) || matches!(field.ty, Type::Union(_)) => {
                    query.extend(serialize::pairs(field, value))
                }
                (Type::Array(_), Some(Value::Array(items))) => {
                    query.extend(items.iter().map(|it| pair(self.api, field, it)))
                }
                (_, Some(value)) => query.push(pair(self.api, field, value)),
                (_, None) => {}
            }
        }
        let query = query.join("&");
        let header = |field: &Field| {
            let value = request.get(&field.name)?;
            if field.header_prefix().is_some() {
                // In the order of a map in Rust.
                let mut all = serialize::headers(field, value);
                all.sort();
                return Some(all);
            }
            let text = if is_styled(field) { serialize::header(field, value)? } else { text(field) };
            Some(vec![(field.sent_name().to_ascii_lowercase(), text)])
        };
        let cookie = |field: &Field| {
            let text = serialize::cookie(field, request.get(&field.name)?)?;
            Some(("cookie".to_owned(), format!("{}={text}", field.sent_name())))
        };
        let cookies = of(Location::Cookie).filter_map(cookie);
        let headers: Vec<(String, String)> = of(Location::Header).filter_map(header).flatten().chain(cookies).collect();
        let sent: Vec<(String, String)> =
            written.headers.iter().map(|(name, it)| (name.to_string(), it.clone())).collect();
        // An encoded dot has the same meaning.
        if !same_text(&path, &written.path.replace("%2E", ".")) {
            return Some(format!("path {path} written as {}", written.path));
        }
        if !same_text(&query, &written.query.replace("%2E", ".")) {
            return Some(format!("query {query} written as {}", written.query));
        }
        let is_same = |(one, other): (&(String, String), &(String, String))| {
            one.0.eq_ignore_ascii_case(&other.0) && same_text(&one.1, &other.1)
        };
        if headers.len() != sent.len() || !headers.iter().zip(&sent).all(is_same) {
            return Some(format!("headers {headers:?} written as {sent:?}"));
        }
        let body = self.body(request);
        if body.is_none() {
            return (!written.body.is_empty()).then(|| "a body is written".to_owned());
        }
        let encoding = self.op.chosen_encoding(&Value::Object(request.clone()));
        if encoding.has_parts() {
            let form = written.multipart.is_some() || self.at(Location::Body, request).is_empty();
            return (!form || !written.body.is_empty()).then(|| "not written as a form".to_owned());
        }
        if encoding == Encoding::Binary {
            return (!written.file).then(|| "not written as a file".to_owned());
        }
        if encoding == Encoding::Text {
            let same = written.text.as_deref() == body.as_ref().and_then(Value::as_str);
            return (!same).then(|| format!("written as the text {:?}", written.text));
        }
        if encoding == Encoding::Form {
            let form = serialize::form(self.op, request);
            let same = written.form.as_ref().is_some_and(|it| same_text(it, &form));
            return (!same).then(|| format!("form {form} written as {:?}", written.form));
        }
        if encoding == Encoding::Lines {
            let text = String::from_utf8_lossy(&written.body);
            let lines: Option<Vec<Value>> = text.lines().map(|it| serde_json::from_str(it).ok()).collect();
            let is_same = lines.zip(body).is_some_and(|(lines, it)| same(&Value::Array(lines), &it));
            let is_whole = text.is_empty() || text.ends_with('\n');
            return (!is_same || !is_whole).then(|| format!("written as the lines {text}"));
        }
        match serde_json::from_slice::<Value>(&written.body) {
            Ok(sent) if body.as_ref().is_some_and(|it| same(&sent, it)) => None,
            Ok(sent) => Some(format!("written as {sent}")),
            Err(error) => Some(format!("written as no JSON: {error}: {}", String::from_utf8_lossy(&written.body))),
        }
    }
}

/// Whether two texts are the same but for the ways to write a number, and the order of the keys of a map, which Rust
/// sorts.
fn same_text(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let part = |it: &str| {
            let plain = percent_decoded(it);
            plain.parse::<f64>().map_or(plain, |it| (it + 0.0).to_string())
        };
        let mut parts: Vec<String> = text.split(['&', '=', ',', ';', '/']).map(part).collect();
        parts.sort();
        parts
    };
    one == other || parts(one) == parts(other)
}

/// Whether a parameter is written in another way than as its name and its text.
fn is_styled(field: &Field) -> bool {
    field.sent.style != Style::PLAIN || field.sent.keeps_slashes
}

fn pair(api: &Api, field: &Field, value: &Value) -> String {
    let ty = match &field.ty {
        Type::Array(item) => item,
        ty => ty,
    };
    format!("{}={}", encoded(field.sent_name()), encoded(&plain(api, ty, value)))
}

/// A scalar as text.
fn plain(api: &Api, ty: &Type, value: &Value) -> String {
    let members = match ty {
        Type::Union(members) => members,
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Union { members, .. } => members,
            _ => return plain(api, &Type::String, value),
        },
        ty => std::slice::from_ref(ty),
    };
    let is_integer = members.iter().any(Type::is_whole);
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) if is_integer => whole.to_string(),
            _ if is_integer && number.is_u64() => number.to_string(),
            (None, Some(number)) if is_integer && number.fract() == 0.0 => (number as i128).to_string(),
            // All of its digits, because a whole number is read exactly as written.
            (_, Some(number)) if number.fract() == 0.0 && number.abs() <= 2f64.powi(64) => format!("{number:.0}"),
            (_, number) => number.map(|it| it.to_string()).unwrap_or_default(),
        },
        other => other.to_string(),
    }
}

/// Percent-encoded: all but letters, digits and `-._~`.
fn encoded(text: &str) -> String {
    let plain = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|it| if plain(&it) { char::from(it).to_string() } else { format!("%{it:02X}") }).collect()
}

/// Equal JSON, numbers by value.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, it)| right.get(key).is_some_and(|other| same(it, other)))
        }
        (Value::Number(one), Value::Number(other)) => {
            let whole = |it: &serde_json::Number| it.as_i64().map(i128::from).or_else(|| it.as_u64().map(i128::from));
            match (whole(one), whole(other)) {
                (Some(one), Some(other)) => one == other,
                _ => one.as_f64() == other.as_f64(),
            }
        }
        _ => left == right,
    }
}
