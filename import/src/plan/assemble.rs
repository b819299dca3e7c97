//! The plan as spec files: every type in its file, every name unique, what is shared said once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use specwright_codegen::naming;

use super::auth::{Credentials, most_frequent};
use super::errors::{self, SharedErrors};
use super::operation::{PlannedOperation, PlannedOperations};
use super::place_types::Usage;
use super::response::Answer;
use super::ty::{Content, Ty, TypeId};
use super::{Options, Planner, endpoints, likes, names, repeats, shared, styles, suggest};
use crate::report::Counts;
use crate::spec::{self, ApiFile, Auth, CredentialUse, Entry, Kind, ResourceFile, Response, Spec, TagMember, Type};
use crate::text;

/// The most fields of a record that is written where it is answered.
const MOST_INLINE: usize = 6;
/// Keys that give a map under `response` another meaning.
const NO_INLINE: [&str; 7] = ["wrapped", "binary", "plain_text", "text", "type", "nullable", "redirect"];

pub(super) fn assemble(
    planner: &mut Planner<'_>,
    mut operations: PlannedOperations<'_>,
    options: &Options,
) -> (Spec, Counts) {
    let api = options.api.clone().unwrap_or_else(|| api_name(&planner.document.title));
    let credentials = planner.credentials(&api);
    endpoints::same_endpoints(planner, &mut operations);
    for operation in &mut operations.list {
        planner.settle_errors(&mut operation.errors);
    }
    let usage = planner.usage(&operations);
    let shared_errors = errors::shared(&operations.list.iter().map(|it| &it.errors).collect::<Vec<_>>());
    // What `api.yaml` names has to stand there.
    let mut usage = usage;
    let mut of_api = Vec::new();
    for ty in shared_errors.statuses.values().filter_map(|it| it.1.as_ref()).chain(&shared_errors.ty) {
        ty.visit(&mut |it| of_api.push(it));
    }
    for id in planner.reached(of_api) {
        usage.resources.entry(id).or_default().extend([String::new(), "api.yaml".to_owned()]);
    }
    let mut assembler = Assembler { planner, usage, credentials, shared_errors, inline: BTreeSet::new() };
    assembler.find_inline(&operations);
    let mut spec = Spec { api: assembler.api(&api), resources: assembler.resources(&operations) };
    assembler.types(&mut spec);
    assembler.settle_parents(&mut spec);
    assembler.auth(&mut spec, &operations);
    styles::settle(&mut spec);
    shared::accept(&mut spec);
    likes::find_equal(&mut spec);
    repeats::cut_docs(&mut spec, assembler.planner.out);
    repeats::drop_long_examples(&mut spec, assembler.planner.out);
    repeats::drop_examples(&mut spec, assembler.planner.out);
    shared::share_parameters(&mut spec);
    suggest::suggest(&mut spec);
    super::xml::settle(&mut spec);
    let counts = assembler.counts(&operations);
    (spec, counts)
}

/// The name of an API whose title has none.
pub(super) const NAMELESS: &str = "api_client";

/// The name of an API from its title.
pub(crate) fn api_name(title: &str) -> String {
    let words = text::snake(title);
    let mut words: Vec<&str> = words.split('_').filter(|it| !it.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|it| matches!(*it, "api" | "apis" | "rest" | "openapi" | "spec"))
    {
        words.pop();
    }
    let name: String = words.join("_").chars().take(30).collect();
    let name = name.trim_matches('_').to_owned();
    let plain = name.starts_with(|it: char| it.is_ascii_lowercase());
    match (plain, naming::is_reserved_crate(&name)) {
        (true, false) => name,
        (true, true) => format!("{name}_api"),
        (false, _) => NAMELESS.to_owned(),
    }
}

pub(super) struct Assembler<'a, 'p> {
    pub(super) planner: &'a mut Planner<'p>,
    pub(super) usage: Usage,
    credentials: Credentials,
    shared_errors: SharedErrors,
    /// Records that are written where they are answered.
    pub(super) inline: BTreeSet<TypeId>,
}

impl Assembler<'_, '_> {
    fn find_inline(&mut self, operations: &PlannedOperations<'_>) {
        for operation in &operations.list {
            let Answer::Json { ty: Ty::Named(id), nullable: false } = &operation.answers.answer else { continue };
            let planned = &self.planner.types[id.0 as usize];
            let Content::Record { fields, rules, .. } = &planned.content else { continue };
            let fits = !planned.named
                && rules.is_empty()
                && planned.doc.is_empty()
                && planned.unclear.is_empty()
                && (1..=MOST_INLINE).contains(&fields.len())
                && fields.iter().all(|it| !NO_INLINE.contains(&it.name.as_str()))
                && self.usage.counts.get(id) == Some(&1)
                && !fields.iter().any(|it| it.name.parse::<u16>().is_ok());
            if fits {
                self.inline.insert(*id);
            }
        }
    }

    fn api(&mut self, name: &str) -> ApiFile {
        let document = self.planner.document;
        let title = text::plain(&document.title);
        let title = if title.is_empty() { name.to_owned() } else { title };
        let doc = text::prose(&document.description);
        let statuses = self.shared_errors.statuses.iter().map(|(status, (doc, ty))| spec::Status {
            status: *status,
            kind: Some(errors::kind(*status)),
            doc: doc.clone(),
            ty: ty.as_ref().map(|it| self.planner.ty(it)),
        });
        let statuses = statuses.collect();
        let error_type = self.shared_errors.ty.as_ref().map(|it| self.planner.ty(it));
        ApiFile {
            name: name.to_owned(),
            doc: if doc.is_empty() { format!("{title}.") } else { doc },
            title,
            source: document.docs_url.clone(),
            servers: super::servers::servers(document, self.planner.out),
            credentials: self.credentials.list.clone(),
            error_type,
            statuses,
            ..ApiFile::default()
        }
    }

    fn resources(&mut self, operations: &PlannedOperations<'_>) -> Vec<ResourceFile> {
        let mut files: Vec<ResourceFile> = Vec::new();
        for operation in &operations.list {
            let written = self.operation(operation);
            let file = match files.iter_mut().find(|it| it.name == operation.resource) {
                Some(file) => file,
                None => {
                    files.push(self.resource(&operation.resource, operation));
                    let last = files.len() - 1;
                    &mut files[last]
                }
            };
            file.operations.push(written);
        }
        files
    }

    fn resource(&self, name: &str, first: &PlannedOperation<'_>) -> ResourceFile {
        let tag = first.from.tags.first();
        let described = tag.and_then(|tag| self.planner.document.tags.iter().find(|it| it.name == *tag));
        let title =
            tag.filter(|it| names::of_tag(it) == name).map(|it| title_case(it)).unwrap_or_else(|| title_case(name));
        let doc = described.map(|it| text::prose(&it.description)).unwrap_or_default();
        let doc = if doc.is_empty() { format!("{title}.") } else { doc };
        ResourceFile {
            name: name.to_owned(),
            rust: names::resource_rust_name(name),
            title,
            doc,
            ..ResourceFile::default()
        }
    }

    fn operation(&mut self, planned: &PlannedOperation<'_>) -> spec::Operation {
        let from = planned.from;
        let description = text::prose(&from.description);
        let summary = text::plain(&from.summary);
        let (summary, doc) = match (summary.is_empty(), description.is_empty()) {
            (false, _)
                if description == summary || description.trim_end_matches('.') == summary.trim_end_matches('.') =>
            {
                (summary, String::new())
            }
            (false, _) => {
                let doc = text::without_first(&description, &summary);
                (summary, doc)
            }
            (true, false) => text::first_sentence(&description),
            (true, true) => (String::new(), String::new()),
        };
        let summary = if summary.is_empty() { spoken(&planned.name, &planned.resource) } else { summary };
        let entries = |list: &[super::parameters::Parameter]| -> Vec<Entry> {
            list.iter().map(|it| self.planner.parameter_entry(it)).collect()
        };
        let mut operation = spec::Operation {
            name: planned.name.clone(),
            rust: None,
            place: from.place.clone(),
            method: from.method.clone(),
            path: planned.path.clone(),
            summary,
            doc: doc.clone(),
            source: None,
            unclear: planned.body.unclear.iter().chain(&planned.answers.unclear).cloned().collect(),
            deprecated: from.deprecated.as_ref().map(|it| super::render::deprecated_words(it, &doc)),
            open: planned.body.open,
            server: None,
            auth: None,
            encoding: if planned.body.parameters.is_empty() { Vec::new() } else { planned.body.encodings.clone() },
            idempotency: None,
            accept: Vec::new(),
            styles: spec::Styles::default(),
            path_parameters: entries(&planned.parameters.path),
            query: entries(&planned.parameters.query),
            headers: entries(&planned.parameters.headers),
            cookies: entries(&planned.parameters.cookies),
            body: entries(&planned.body.parameters),
            rules: planned.body.rules.clone(),
            response: Response::None,
            response_xml: None,
            success: planned.answers.success,
            response_headers: Vec::new(),
            statuses: Vec::new(),
            error_type: None,
            stream: None,
            pages: None,
            examples: Vec::new(),
            comments: Vec::new(),
        };
        super::extensions::settle(&mut operation, from, self.planner.document);
        operation.open &= !operation.body.is_empty();
        operation.response = self.response(&planned.answers.answer);
        if matches!(planned.answers.answer, Answer::Json { .. } | Answer::ByStatus(_)) && from.method != "head" {
            operation.accept = planned.answers.accept.clone();
            operation.response_xml = planned.answers.xml.clone();
        }
        if from.method == "head" {
            operation.response = Response::None;
            // The status of a HEAD is 200 where nothing else is said, and that of others without a body 204.
            let default = if planned.answers.answer == Answer::None { 204 } else { 200 };
            operation.success = Some(operation.success.unwrap_or(default)).filter(|it| *it != 200);
        }
        let mut headers: Vec<Entry> = planned.answers.headers.iter().map(|it| self.planner.field(it)).collect();
        super::unique::fields(&mut headers);
        operation.response_headers = headers;
        operation.stream = planned.answers.stream.as_ref().map(|it| spec::Stream {
            format: it.lines.then_some("ndjson"),
            data: self.planner.ty(&it.data),
            when: it.when.clone(),
        });
        super::unique::parameters(&mut operation);
        if operation.stream.is_some() && matches!(operation.response, Response::None) {
            operation.response = Response::StreamOnly;
        }
        self.statuses(planned, &mut operation);
        super::examples::set(planned, &mut operation);
        operation
    }

    fn response(&self, answer: &Answer) -> Response {
        let planner = &self.planner;
        match answer {
            Answer::None => Response::None,
            Answer::Stream => Response::StreamOnly,
            Answer::Text(types) => Response::Text(types.clone()),
            Answer::Binary(types) => Response::Binary(types.clone()),
            Answer::Redirect => Response::Redirect,
            Answer::ByStatus(all) => {
                let of_status = |it: &Answer| match it {
                    Answer::Json { ty, .. } => Response::Type(planner.ty(ty)),
                    other => self.response(other),
                };
                Response::ByStatus(all.iter().map(|it| (it.0, of_status(&it.1))).collect())
            }
            Answer::Json { ty: Ty::Named(id), .. } if self.inline.contains(id) => {
                let Content::Record { fields, .. } = &planner.types[id.0 as usize].content else {
                    return Response::None;
                };
                let mut fields: Vec<Entry> = fields.iter().map(|it| planner.field(it)).collect();
                super::unique::fields(&mut fields);
                Response::Record(fields)
            }
            Answer::Json { ty, nullable } => {
                let text = planner.ty(ty);
                if *nullable && text != "json" { Response::Nullable(text) } else { Response::Type(text) }
            }
        }
    }

    fn statuses(&self, planned: &PlannedOperation<'_>, operation: &mut spec::Operation) {
        let errors = &planned.errors;
        let default = errors.default.as_ref().or(self.shared_errors.ty.as_ref());
        if default != self.shared_errors.ty.as_ref() {
            operation.error_type = default.map(|it| self.planner.ty(it));
        }
        for (status, doc, ty) in &errors.statuses {
            let shared = self.shared_errors.statuses.get(status);
            let effective = shared.and_then(|it| it.1.as_ref()).or(default);
            let own = ty.as_ref().filter(|it| Some(*it) != effective);
            if shared.is_some() && own.is_none() {
                continue;
            }
            let kind = shared.is_none().then(|| errors::kind(*status));
            let doc = if shared.is_some_and(|it| it.0 == *doc) { String::new() } else { doc.clone() };
            operation.statuses.push(spec::Status { status: *status, kind, doc, ty: own.map(|it| self.planner.ty(it)) });
        }
    }

    /// Puts every type that is used into its file.
    fn types(&mut self, spec: &mut Spec) {
        let used: Vec<(TypeId, BTreeSet<String>)> =
            self.usage.resources.iter().map(|(id, it)| (*id, it.clone())).collect();
        for (id, resources) in used {
            let planned = self.planner.types[id.0 as usize].clone();
            if self.inline.contains(&id) {
                continue;
            }
            let Some(kind) = self.kind(id, &planned.content, &resources) else { continue };
            let xml = planned.base.and_then(|it| self.planner.xml_of_type(it, &planned.name));
            let doc = if text::only_repeats(&planned.doc, &planned.name) { String::new() } else { planned.doc };
            let written = Type { name: planned.name, place: planned.place, doc, unclear: planned.unclear, xml, kind };
            let only = resources.iter().next().filter(|_| resources.len() == 1);
            match only.and_then(|name| spec.resources.iter_mut().find(|it| it.name == *name)) {
                Some(file) => file.types.push(written),
                None => spec.api.types.push(written),
            }
        }
    }

    fn kind(&self, id: TypeId, content: &Content, resources: &BTreeSet<String>) -> Option<Kind> {
        let planner = &self.planner;
        let planned_any = planner.types[id.0 as usize].any_of;
        Some(match content {
            Content::Waiting | Content::Same(_) => return None,
            Content::Record { fields, open, extra, rules } => {
                let mut entries: Vec<Entry> = fields.iter().map(|it| planner.field(it)).collect();
                super::unique::fields(&mut entries);
                let open = *open && self.usage.in_request.contains(&id);
                let rules = rules.clone();
                let extra = extra.as_ref().map(|it| planner.item(it));
                let whole = Kind::Record { like: None, without: Vec::new(), fields: entries, rules, open, extra };
                self.like(id, resources, whole)
            }
            Content::Enum(values) => {
                let mut values = values.clone();
                super::unique::values(&mut values);
                Kind::Enum(values)
            }
            Content::Union(members) => {
                let mut words: Vec<String> = Vec::new();
                for word in members.iter().map(|it| planner.ty(it)) {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
                Kind::Union { members: words, any_of: planned_any }
            }
            Content::Tagged { tag, members, open } => {
                let member = |(value, it): &(Value, TypeId)| TagMember {
                    value: value.clone(),
                    ty: planner.types[it.0 as usize].name.clone(),
                    rust: None,
                };
                let mut members: Vec<TagMember> = members.iter().map(member).collect();
                super::unique::tags(&mut members);
                Kind::Tagged { tag: tag.clone(), members, open: *open }
            }
        })
    }

    fn auth(&mut self, spec: &mut Spec, operations: &PlannedOperations<'_>) {
        let document = self.planner.document;
        let of = |name: &str| CredentialUse { name: name.to_owned(), scopes: Vec::new() };
        if self.credentials.list.is_empty() {
            return;
        }
        let default = document.security.clone();
        let nothing_said = default.is_empty() && document.operations.iter().all(|it| it.security.is_none());
        let mut all: BTreeMap<(String, String), Auth> = BTreeMap::new();
        for operation in &operations.list {
            let auth = if nothing_said {
                // Schemes that no operation asks for are for all of them, perhaps.
                let mut auth: Auth = self.credentials.list.iter().map(|it| vec![of(&it.name)]).collect();
                auth.push(Vec::new());
                auth
            } else {
                let requirements = operation.from.security.as_ref().unwrap_or(&default);
                self.planner.auth(&self.credentials, requirements)
            };
            all.insert((operation.resource.clone(), operation.name.clone()), auth);
        }
        let first = vec![vec![of(&self.credentials.list[0].name)]];
        let common = most_frequent(&all.values().cloned().collect::<Vec<_>>()).unwrap_or_else(|| first.clone());
        spec.api.auth = (common != first).then(|| common.clone());
        for file in &mut spec.resources {
            let of_file: Vec<Auth> = file
                .operations
                .iter()
                .filter_map(|it| all.get(&(file.name.clone(), it.name.clone())).cloned())
                .collect();
            let of_most = most_frequent(&of_file).unwrap_or_else(|| common.clone());
            file.auth = (of_most != common).then(|| of_most.clone());
            for operation in &mut file.operations {
                let own = all.get(&(file.name.clone(), operation.name.clone()));
                for (parameter, credential) in self.credentials.sent_by(own) {
                    super::auth::drop_parameter(operation, &parameter, &credential, self.planner.out);
                }
                operation.auth = own.filter(|it| **it != of_most).cloned();
            }
        }
    }
}

/// `api_keys` as `Api keys`; a tag as it is.
fn title_case(name: &str) -> String {
    let words = text::plain(&name.replace('_', " "));
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => "Operations".to_owned(),
    }
}

/// A sentence for an operation that has none: `list` of `pets` is "List pets.", `get` is "Get a pet.", and `create_tag`
/// is "Create a tag."
fn spoken(name: &str, resource: &str) -> String {
    let words = name.replace('_', " ");
    let of = resource.replace('_', " ");
    let is_of_one = |verb: &str| matches!(verb, "create" | "get" | "update" | "replace" | "delete");
    let one = text::singular(&of);
    let with_article = |verb: &str, noun: &str| {
        let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        format!("{verb} {article} {noun}.")
    };
    let sentence = match words.split_once(' ') {
        Some((verb, noun)) if is_of_one(verb) && verb != "get" && !noun.ends_with('s') => with_article(verb, noun),
        Some(_) => format!("{words}."),
        None if is_of_one(&words) && one != of => with_article(&words, &one),
        None => format!("{words} {of}."),
    };
    let mut characters = sentence.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or(sentence)
}
