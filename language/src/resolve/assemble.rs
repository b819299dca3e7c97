//! Entries before they are typed: `use` merged, `like` unrolled, headers of the API added, path parameters in order.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::diagnostics::{Diagnostics, decode, names, suggest};
use crate::model::{ContentType, Encoding, Location};
use crate::source::{Span, Spanned};
use crate::syntax::document::{
    ApiDocument, Constraints, Entry, EnumDoc, EnumValueDoc, OperationDoc, RequestBodyDoc, ResourceDocument, RuleDoc,
    RuleKindDoc, SentDoc, Text,
};

use super::path_template::Template;

/// The header that says what a body is.
const CONTENT_TYPE: &str = "Content-Type";
/// The most parameters and fields of an API, after `like` and `use`.
const MOST_SOURCES: usize = 100_000;
/// The most that their enums and cases hold, together: few lines can share a long list very often.
const MOST_VALUES: usize = 200_000;
/// The most of one operation or record.
const MOST_OF_ONE: usize = 2048;
/// The longest chain of operations that are `like` each other.
const LONGEST_CHAIN: usize = 32;

/// What becomes a field.
#[derive(Debug)]
pub(super) struct FieldSource<'d> {
    pub entry: EntrySource<'d>,
    pub location: Location,
    /// Where it is said to be required.
    pub required: Option<Span>,
    /// It follows from something else of the operation.
    pub made: bool,
}

/// An entry as a document has it, which most are, or one that was made. Entries are large, and no others are copied.
#[derive(Debug)]
pub(super) enum EntrySource<'d> {
    Written(&'d Entry),
    Made(Box<Entry>),
}

impl Deref for EntrySource<'_> {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        match self {
            Self::Written(it) => it,
            Self::Made(it) => it,
        }
    }
}

impl EntrySource<'_> {
    fn into_entry(self) -> Entry {
        match self {
            Self::Written(it) => it.clone(),
            Self::Made(it) => *it,
        }
    }
}

/// The parameters and rules of an operation.
pub(super) struct Parameters<'d> {
    pub sources: Vec<FieldSource<'d>>,
    pub rules: Vec<&'d RuleDoc>,
}

/// Assembles the entries of one API.
pub(super) struct Assembler<'d> {
    api: &'d ApiDocument,
    resources: &'d [ResourceDocument],
    operations: BTreeMap<(&'d str, &'d str), (usize, &'d OperationDoc)>,
    /// Shared parameters by name: those of each resource, then those of the API.
    shared: Vec<BTreeMap<&'d str, &'d Entry>>,
    used: BTreeSet<Span>,
    count: usize,
    values: usize,
}

impl<'d> Assembler<'d> {
    pub(super) fn new(api: &'d ApiDocument, resources: &'d [ResourceDocument]) -> Self {
        let mut operations = BTreeMap::new();
        for (ix, resource) in resources.iter().enumerate() {
            let name = resource.resource.as_ref().map_or("", |it| it.value.as_str());
            for operation in &resource.operations {
                operations.entry((name, operation.name.value.as_str())).or_insert((ix, operation));
            }
        }
        let lists = resources.iter().map(|it| &it.parameters).chain([&api.parameters]);
        let shared = lists.map(|it| it.iter().map(|it| (it.name.value.as_str(), it)).collect()).collect();
        Self { api, resources, operations, shared, used: BTreeSet::new(), count: 0, values: 0 }
    }

    /// The fields of a record.
    pub(super) fn fields(&mut self, entries: Vec<EntrySource<'d>>, out: &mut Diagnostics) -> Vec<FieldSource<'d>> {
        let mut scope = super::names::UniqueNames::default();
        let mut sources = Vec::new();
        if entries.len() > MOST_OF_ONE {
            out.push(decode::too_many("fields", entries.len(), MOST_OF_ONE, entries[0].name.span));
        }
        for entry in entries.into_iter().take(MOST_OF_ONE) {
            if scope.add("fields", &entry.name, out) && self.count_entry(&entry, out) {
                let required = (!entry.optional).then_some(entry.name.span);
                sources.push(FieldSource { entry, location: Location::Body, required, made: false });
            }
        }
        sources
    }

    /// The parameters of an operation and the rules over them.
    pub(super) fn parameters(
        &mut self,
        resource: usize,
        operation: &'d OperationDoc,
        template: Option<&Template>,
        out: &mut Diagnostics,
    ) -> Parameters<'d> {
        let mut sources: Vec<FieldSource<'d>> = Vec::new();
        let mut rules: Vec<&'d RuleDoc> = Vec::new();
        let chain = self.extends_chain(resource, operation, out);
        for (resource, step) in chain.into_iter().rev() {
            let dropped: BTreeSet<&str> = step.without.iter().map(|it| it.value.as_str()).collect();
            for name in step.without.iter().filter(|_| step.like.is_some()) {
                if !sources.iter().any(|it| it.entry.alias_or_name().value == name.value) {
                    let known = sources.iter().map(|it| it.entry.alias_or_name().value.as_str());
                    out.push(names::unknown_parameter(&name.value, "the other operation", known, name.span));
                }
            }
            sources.retain(|it| !dropped.contains(it.entry.alias_or_name().value.as_str()));
            rules.retain(|it| !rule_mentions(it, &dropped));
            let inherited = sources.len();
            for (location, entries) in entries_by_location(step) {
                if entries.len() > MOST_OF_ONE {
                    out.push(decode::too_many("parameters", entries.len(), MOST_OF_ONE, entries[0].name.span));
                }
                for entry in entries.iter().take(MOST_OF_ONE) {
                    let source = self.parameter(resource, location, entry, out);
                    let same = sources
                        .iter()
                        .position(|it| it.entry.alias_or_name().value == source.entry.alias_or_name().value);
                    match same {
                        Some(at) if at < inherited => sources[at] = source,
                        Some(at) => {
                            let (name, first) = (source.entry.alias_or_name(), sources[at].entry.alias_or_name().span);
                            out.push(names::parameter_collision(&name.value, name.span, first));
                        }
                        None if self.count_entry(&source.entry, out) => sources.push(source),
                        None => {}
                    }
                }
            }
            rules.extend(&step.rules);
        }
        let api: &'d ApiDocument = self.api;
        self.add_of_all(resource, Location::Header, &api.headers, &mut sources, out);
        let in_path = |it: &&Entry| template.is_some_and(|template| template.names().any(|name| name == it.name.value));
        let path = api.client.path.iter().filter(in_path);
        self.add_of_all(resource, Location::Path, path, &mut sources, out);
        self.add_of_all(resource, Location::Query, &api.client.query, &mut sources, out);
        self.add_of_all(resource, Location::Header, &api.client.headers, &mut sources, out);
        self.add_of_all(resource, Location::Cookie, &api.client.cookies, &mut sources, out);
        add_content_type(operation, &mut sources);
        if let Some(template) = template {
            order_path(operation, template, &mut sources, out);
        }
        Parameters { sources, rules }
    }

    /// The operation, then what it is `like`, and so on.
    fn extends_chain(
        &self,
        resource: usize,
        operation: &'d OperationDoc,
        out: &mut Diagnostics,
    ) -> Vec<(usize, &'d OperationDoc)> {
        let mut chain = vec![(resource, operation)];
        let mut seen = BTreeSet::from([operation.name.span]);
        let (mut at, mut step) = (resource, operation);
        while let Some(like) = &step.like {
            let own = self.resources[at].resource.as_ref().map_or("", |it| it.value.as_str());
            let key = like.value.split_once('.').unwrap_or((own, like.value.as_str()));
            let Some((next_at, next)) = self.operations.get(&key) else {
                let known = self.resources[at].operations.iter().map(|it| it.name.value.as_str());
                let known: Vec<&str> = known.take(suggest::MOST_KNOWN).collect();
                out.push(names::unknown_name("operation", &like.value, &known, like.span));
                break;
            };
            if !seen.insert(next.name.span) {
                out.push(names::cycle("the operation", &like.value, like.span));
                break;
            }
            if chain.len() == LONGEST_CHAIN {
                out.push(decode::too_many(
                    "operations in a chain of `like`",
                    LONGEST_CHAIN + 1,
                    LONGEST_CHAIN,
                    like.span,
                ));
                break;
            }
            chain.push((*next_at, next));
            (at, step) = (*next_at, next);
        }
        chain
    }

    fn parameter(
        &mut self,
        resource: usize,
        location: Location,
        entry: &'d Entry,
        out: &mut Diagnostics,
    ) -> FieldSource<'d> {
        let entry = self.merged(resource, entry, out);
        let required = match (&entry.required, location) {
            // What has no name is sent unless it says that it need not be.
            (None, Location::WholeBody) => Some(entry.name.span),
            (flag, _) => flag.as_ref().filter(|it| it.value).map(|it| it.span),
        };
        FieldSource { entry, location, required, made: false }
    }

    /// The entry with everything that its `use` takes.
    fn merged(&mut self, resource: usize, entry: &'d Entry, out: &mut Diagnostics) -> EntrySource<'d> {
        let mut merged = EntrySource::Written(entry);
        let mut seen = BTreeSet::new();
        let mut next = entry.use_.clone();
        let mut scopes = vec![resource, self.resources.len()];
        let mut last = None;
        while let Some(name) = next {
            let all = scopes.iter().enumerate();
            let mut found = all
                .filter_map(|(depth, scope)| self.shared[*scope].get(name.value.as_str()).map(|it| (depth, *it)))
                .peekable();
            // An entry of a resource that uses its own name refines the one of `api.yaml`.
            let refines = found.peek().is_some_and(|(_, it)| Some(it.name.span) == last);
            let itself = found.peek().copied();
            let found = if refines { found.nth(1).or(itself) } else { itself };
            let Some((depth, base)) = found else {
                let known = scopes.iter().flat_map(|it| self.shared[*it].keys().copied());
                let known: Vec<&str> = known.take(suggest::MOST_KNOWN).collect();
                out.push(names::unknown_name("shared parameter", &name.value, &known, name.span));
                break;
            };
            if !seen.insert(base.name.span) {
                out.push(names::cycle("the parameter", &name.value, name.span));
                break;
            }
            self.used.insert(base.name.span);
            // What `api.yaml` shares knows nothing of the resource's parameters.
            scopes.drain(..depth);
            last = Some(base.name.span);
            merged = EntrySource::Made(Box::new(merge(merged.into_entry(), base)));
            next = base.use_.clone();
        }
        merged
    }

    /// Adds parameters of all operations, unless the operation describes them itself.
    fn add_of_all(
        &mut self,
        resource: usize,
        location: Location,
        entries: impl IntoIterator<Item = &'d Entry>,
        sources: &mut Vec<FieldSource<'d>>,
        out: &mut Diagnostics,
    ) {
        for entry in entries {
            let name = &entry.name.value;
            let same = sources.iter().find(|it| {
                let other = if it.location == location { &it.entry.name } else { it.entry.alias_or_name() };
                other.value == *name || (location == Location::Header && other.value.eq_ignore_ascii_case(name))
            });
            match same {
                Some(other) if other.location == location => {}
                Some(other) => {
                    let first = entry.name.span;
                    out.push(names::parameter_collision(&entry.name.value, other.entry.name.span, first));
                }
                None => {
                    let source = self.parameter(resource, location, entry, out);
                    sources.push(source);
                }
            }
        }
    }

    /// Counts an entry; reports the first that is one too many.
    fn count_entry(&mut self, entry: &Entry, out: &mut Diagnostics) -> bool {
        let (count, values) = (self.count + 1, self.values + weight(entry));
        let span = entry.name.span;
        if count > MOST_SOURCES && self.count <= MOST_SOURCES {
            out.push(decode::too_many("parameters and fields", count, MOST_SOURCES, span));
        }
        if values > MOST_VALUES && self.values <= MOST_VALUES {
            out.push(decode::too_many("values and cases of parameters and fields", values, MOST_VALUES, span));
        }
        (self.count, self.values) = (count, values);
        count <= MOST_SOURCES && values <= MOST_VALUES
    }

    /// Warns of shared parameters that nothing uses.
    pub(super) fn report_unused(&self, out: &mut Diagnostics) {
        let shared = self.resources.iter().flat_map(|it| &it.parameters).chain(&self.api.parameters);
        for entry in shared.filter(|it| !self.used.contains(&it.name.span)) {
            out.push(names::unused_parameter(&entry.name.value, entry.name.span));
        }
    }
}

/// The header with which a caller chooses one of several content types.
fn add_content_type(operation: &OperationDoc, sources: &mut Vec<FieldSource<'_>>) {
    let types = operation.content_types();
    let Some(body) = operation.body.as_ref().filter(|_| types.len() > 1 && !types.iter().any(ContentType::is_range))
    else {
        return;
    };
    let value = |it: &ContentType| EnumValueDoc {
        value: Spanned::new(it.media_type.as_str().into(), body.span),
        doc: String::new(),
        rust: None,
    };
    let mut entry = crate::syntax::blank_entry(Spanned::new(CONTENT_TYPE.to_owned(), body.span), false);
    let first = &types[0].media_type;
    entry.doc = Some(match types[0].encoding {
        Encoding::Binary => format!("What the body is. By default, its file says so, or else it is `{first}`."),
        Encoding::Json
        | Encoding::Xml
        | Encoding::Lines
        | Encoding::Multipart
        | Encoding::Related
        | Encoding::Form
        | Encoding::Text => "What the body is.".to_owned(),
    });
    if types[0].encoding != Encoding::Binary {
        entry.default = Some(Spanned::new(first.as_str().into(), body.span));
    }
    entry.constraints.enum_ = Some(EnumDoc { span: body.span, values: types.iter().map(value).collect() });
    let is_there = sources.iter().any(|it| it.entry.alias_or_name().value.eq_ignore_ascii_case(CONTENT_TYPE));
    if !is_there {
        let entry = EntrySource::Made(Box::new(entry));
        sources.push(FieldSource { entry, location: Location::Header, required: None, made: true });
    }
}

/// How much an entry holds beside itself: values that are listed, and cases.
pub(super) fn weight(entry: &Entry) -> usize {
    let values = |it: &Constraints| it.enum_.as_ref().map_or(0, |it| it.values.len());
    let cases = entry.cases.iter().map(|it| 1 + values(&it.constraints) + values(&it.items));
    values(&entry.constraints) + values(&entry.items) + cases.sum::<usize>()
}

fn entries_by_location(operation: &OperationDoc) -> [(Location, &[Entry]); 5] {
    let body = match operation.body.as_ref().map(|it| &it.value) {
        None => (Location::Body, &[][..]),
        Some(RequestBodyDoc::Fields(entries)) => (Location::Body, entries.as_slice()),
        Some(RequestBodyDoc::Whole(entry, _)) => (Location::WholeBody, std::slice::from_ref(&**entry)),
    };
    [
        (Location::Path, &operation.path),
        (Location::Query, &operation.query),
        (Location::Header, &operation.headers),
        (Location::Cookie, &operation.cookies),
        body,
    ]
}

/// Puts path parameters first and in the order of the template; adds those that are not described.
fn order_path(
    operation: &OperationDoc,
    template: &Template,
    sources: &mut Vec<FieldSource<'_>>,
    out: &mut Diagnostics,
) {
    for entry in &operation.path {
        if !template.names().any(|it| it == entry.name.value) {
            let message = "the path";
            out.push(names::unknown_parameter(&entry.name.value, message, template.names(), entry.name.span));
        }
    }
    let (mut described, rest): (Vec<_>, Vec<_>) =
        std::mem::take(sources).into_iter().partition(|it| it.location == Location::Path);
    for (name, span) in template.parameters() {
        let at = described.iter().position(|it| it.entry.name.value == name);
        let mut source = match at {
            Some(at) => described.swap_remove(at),
            None => {
                let entry = crate::syntax::blank_entry(Spanned::new(name.to_owned(), span), false);
                let entry = EntrySource::Made(Box::new(entry));
                FieldSource { entry, location: Location::Path, required: None, made: false }
            }
        };
        if let Some(flag) = source.entry.required.as_ref().filter(|it| !it.value) {
            let help = "remove `required: false`, or declare two operations instead";
            out.push(names::bad_path("a path parameter is always required", help, flag.span));
        }
        let called = source.entry.alias_or_name();
        if let Some(other) = rest.iter().find(|it| it.entry.alias_or_name().value == called.value) {
            let at = if at.is_some() { called.span } else { span };
            out.push(names::parameter_collision(&called.value, other.entry.alias_or_name().span, at));
            continue;
        }
        source.required = Some(source.required.unwrap_or(source.entry.name.span));
        sources.push(source);
    }
    sources.extend(rest);
}

/// What `entry` says, and for the rest what `base` says; cases of both.
fn merge(entry: Entry, base: &Entry) -> Entry {
    let base = base.clone();
    let mut cases = base.cases;
    cases.extend(entry.cases);
    Entry {
        broken: entry.broken || base.broken,
        name: entry.name,
        optional: entry.optional,
        sent: SentDoc {
            alias: entry.sent.alias.or(base.sent.alias),
            style: entry.sent.style.or(base.sent.style),
            allow_reserved: entry.sent.allow_reserved.or(base.sent.allow_reserved),
            content_type: entry.sent.content_type.or(base.sent.content_type),
            xml: entry.sent.xml.or(base.sent.xml),
        },
        use_: None,
        ty: entry.ty.or(base.ty),
        required: entry.required.or(base.required),
        nullable: entry.nullable.or(base.nullable),
        may_be_empty: entry.may_be_empty.or(base.may_be_empty),
        default: entry.default.or(base.default),
        doc: entry.doc.or(base.doc),
        remarks: crate::syntax::document::Remarks {
            source: entry.remarks.source.or(base.remarks.source),
            unclear: entry.remarks.unclear.or(base.remarks.unclear),
            certainty: entry.remarks.certainty.or(base.remarks.certainty),
        },
        because: entry.because.or(base.because),
        deprecated: entry.deprecated.or(base.deprecated),
        secret: entry.secret.or(base.secret),
        access: entry.access.or(base.access),
        examples: if entry.examples.is_empty() { base.examples } else { entry.examples },
        push: if entry.push.is_empty() { base.push } else { entry.push },
        rust: entry.rust.or(base.rust),
        only: entry.only.or(base.only),
        constraints: merge_constraints(entry.constraints, base.constraints),
        items: merge_constraints(entry.items, base.items),
        cases,
        client: entry.client.or(base.client),
    }
}

fn merge_constraints(own: Constraints, base: Constraints) -> Constraints {
    let mut limits = base.limits;
    limits.retain(|it| !own.limits.iter().any(|own| own.keyword.name == it.keyword.name));
    limits.extend(own.limits);
    Constraints {
        enum_: own.enum_.or(base.enum_),
        open: own.open.or(base.open),
        han_double: own.han_double.or(base.han_double),
        limits,
    }
}

/// Whether a rule names one of these parameters.
pub(super) fn rule_mentions(rule: &RuleDoc, names: &BTreeSet<&str>) -> bool {
    let named = |it: &Text| {
        let first = it.value.split(['.', '[']).next().unwrap_or_default();
        names.contains(it.value.as_str()) || names.contains(first)
    };
    let tests = rule.when.iter().flat_map(|it| it.any.iter().flatten());
    let in_condition = tests.into_iter().any(|it| named(&it.path));
    in_condition
        || match &rule.kind {
            RuleKindDoc::AnyOf(paths)
            | RuleKindDoc::ExactlyOneOf(paths)
            | RuleKindDoc::AtMostOneOf(paths)
            | RuleKindDoc::AllOrNone(paths) => paths.iter().any(named),
            RuleKindDoc::Requires(pairs) => pairs.iter().any(|(a, b)| named(a) || b.iter().any(named)),
            RuleKindDoc::Compare(a, _, b) => named(a) || named(b),
            RuleKindDoc::Sum { terms, .. } => terms.iter().any(|(it, _)| named(it)),
            RuleKindDoc::TotalLength { path, .. } | RuleKindDoc::SameKind(path) => named(path),
        }
}
