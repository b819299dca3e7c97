//! Words that changed: summaries, descriptions, sources, examples, and what is only inferred.

use specwright_codegen::model::{
    Api, Certainty, Constraint, Credential, Field, Operation, Origin, Record, TypeDef, TypeKind,
};
use specwright_codegen::prose::{self, code};

use crate::change::{Change, Class, Side};
use crate::requests::Call;

/// The words of the API itself, of its resources and of types that both specs have by name.
pub(crate) fn of_api(old: &Api, new: &Api, out: &mut Vec<Change>) {
    let mut what = Vec::new();
    note(&mut what, "title", &old.title, &new.title);
    note(&mut what, "doc", &old.doc, &new.doc);
    note(&mut what, "source", &old.source, &new.source);
    note(&mut what, "the first call", &first_call(old), &first_call(new));
    for was in &old.resources {
        let Some(is) = new.resources.iter().find(|it| it.name == was.name) else { continue };
        let words = |it: &specwright_codegen::model::Resource| (it.title.clone(), it.doc.clone(), it.source.clone());
        note(&mut what, &format!("resource {}", code(&was.name)), &words(was), &words(is));
    }
    let credential = |api: &Api| {
        let mut all: Vec<_> =
            api.credentials.iter().map(|it| (it.name.clone(), (it.doc.clone(), it.looks_like.clone()))).collect();
        all.sort();
        all
    };
    let all = |api: &Api| {
        let of = |it: &Credential| {
            let name = it.name.clone();
            scopes(it).into_iter().map(move |(scope, doc)| ((name.clone(), scope), doc)).collect::<Vec<_>>()
        };
        api.credentials.iter().flat_map(of).collect::<Vec<_>>()
    };
    if shared(&credential(old), &credential(new)) || shared(&all(old), &all(new)) {
        what.push("credentials".to_owned());
    }
    let server = |api: &Api| {
        let variables = |it: &specwright_codegen::model::Server| {
            it.variables.iter().map(|it| (it.name.clone(), it.doc.clone())).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = api.servers.iter().map(|it| (it.url.clone(), (it.doc.clone(), variables(it)))).collect();
        all.sort();
        all
    };
    if shared(&server(old), &server(new)) {
        what.push("servers".to_owned());
    }
    let errors = |api: &Api| {
        let codes: Vec<_> = sorted(api.errors.codes.iter().map(|it| (it.value.clone(), it.doc.clone())));
        let statuses: Vec<_> = sorted(api.errors.statuses.iter().map(|it| (it.status, it.doc.clone())));
        let examples: Vec<_> =
            sorted(api.errors.examples.iter().map(|it| (it.name.clone(), it.status, it.body.to_string())));
        (codes, statuses, examples)
    };
    // What is only in one of the specs is told elsewhere.
    let (was, is) = (errors(old), errors(new));
    if shared(&was.0, &is.0) || shared(&was.1, &is.1) || was.2 != is.2 {
        what.push("errors".to_owned());
    }
    if let (Some(was), Some(is)) = (&old.webhook, &new.webhook) {
        note(&mut what, "webhook", &was.doc, &is.doc);
    }
    let parameters = |api: &Api| sorted(api.client_parameters.iter().map(|it| (it.name.clone(), it.doc.clone())));
    if shared(&parameters(old), &parameters(new)) {
        what.push("parameters of the client".to_owned());
    }
    if !what.is_empty() {
        out.push(Change::new(Class::Documentation, Side::Api, format!("other words: {}", what.join(", "))));
    }
    for was in old.types.iter() {
        let Some(is) = new.types.iter().find(|it| it.name == was.name) else { continue };
        let mut what = Vec::new();
        type_words((old, was), (new, is), &mut what);
        if !what.is_empty() {
            let message = format!("other words of the type {}: {}", code(&was.name), what.join(", "));
            out.push(Change::new(Class::Documentation, Side::Api, message));
        }
    }
}

/// What the scopes of an access token permit, in words. Which there are is told elsewhere.
fn scopes(credential: &Credential) -> Vec<(String, String)> {
    sorted(credential.oauth2.iter().flat_map(|it| it.scopes.iter().cloned()))
}

fn first_call(api: &Api) -> Option<String> {
    api.first_call.map(|it| api.operation(it).full_name(api))
}

fn sorted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort();
    all
}

/// Whether something of one name has other words.
fn shared<K: PartialEq, V: PartialEq>(old: &[(K, V)], new: &[(K, V)]) -> bool {
    old.iter().any(|(name, words)| new.iter().any(|(other, is)| other == name && is != words))
}

fn note<T: PartialEq + ?Sized>(what: &mut Vec<String>, word: &str, old: &T, new: &T) {
    if old != new {
        what.push(word.to_owned());
    }
}

fn type_words((old, was): (&Api, &TypeDef), (new, is): (&Api, &TypeDef), what: &mut Vec<String>) {
    note(what, "doc", &was.doc, &is.doc);
    note(what, "source", &words(&was.origin), &words(&is.origin));
    match (&was.kind, &is.kind) {
        (TypeKind::Record(own), TypeKind::Record(theirs)) => {
            record_words((old, own), (new, theirs), !was.in_request, what);
        }
        (TypeKind::Enum(own), TypeKind::Enum(theirs)) => {
            let values = |def: &specwright_codegen::model::EnumDef| {
                sorted(def.values.iter().map(|it| (it.value.clone(), it.doc.clone())))
            };
            if shared(&values(own), &values(theirs)) {
                what.push("values".to_owned());
            }
        }
        (TypeKind::Tagged(own), TypeKind::Tagged(theirs)) => {
            let members = |union: &specwright_codegen::model::TaggedUnion| {
                sorted(union.members.iter().map(|(it, _)| (it.value.clone(), it.doc.clone())))
            };
            if shared(&members(own), &members(theirs)) {
                what.push("members".to_owned());
            }
        }
        _ => {}
    }
}

/// The words of an operation that both specs have.
pub(crate) fn of_operation(old: Call<'_>, new: Call<'_>, out: &mut Vec<Change>) {
    let (own, theirs) = (old.operation(), new.operation());
    let mut what = Vec::new();
    note(&mut what, "summary", &own.summary, &theirs.summary);
    note(&mut what, "doc", &own.doc, &theirs.doc);
    note(&mut what, "source", &words(&own.origin), &words(&theirs.origin));
    note(&mut what, "how certain it is", &own.origin.certainty, &theirs.origin.certainty);
    note(&mut what, "how far it is documented", &own.partly_documented, &theirs.partly_documented);
    // What a limit is, the API tells.
    if limit_names(old) != limit_names(new) {
        note(&mut what, "rate limits", &limits(old), &limits(new));
    }
    let examples = |operation: &Operation| {
        let one = |it: &specwright_codegen::model::Example| {
            let parts = (&it.request, &it.response, &it.events, &it.source);
            (it.name.clone(), format!("{parts:?} {:?}", it.of))
        };
        sorted(operation.examples.iter().map(one))
    };
    note(&mut what, "examples", &examples(own), &examples(theirs));
    let variants =
        |operation: &Operation| sorted(operation.variants.iter().map(|it| (it.name.clone(), it.doc.clone())));
    if shared(&variants(own), &variants(theirs)) {
        what.push("variants".to_owned());
    }
    let statuses = |operation: &Operation| sorted(operation.statuses.iter().map(|it| (it.status, it.doc.clone())));
    if shared(&statuses(own), &statuses(theirs)) {
        what.push("statuses".to_owned());
    }
    record_words((old.api, &own.parameters), (new.api, &theirs.parameters), false, &mut what);
    let name = theirs.full_name(new.api);
    if own.deprecated != theirs.deprecated {
        let words = match &theirs.deprecated {
            Some(words) => format!("the operation is deprecated: {words}"),
            None => "the operation is no longer deprecated".to_owned(),
        };
        out.push(Change::new(Class::Documentation, Side::Request, words).of(&name));
    }
    if !what.is_empty() {
        let message = format!("other words: {}", what.join(", "));
        out.push(Change::new(Class::Documentation, Side::Request, message).of(&name));
    }
}

fn limit_names(call: Call<'_>) -> Vec<String> {
    let limit = |it: &usize| call.api.rate_limits.get(*it);
    sorted(call.operation().rate_limits.iter().filter_map(limit).map(|it| it.name.clone()))
}

fn limits(call: Call<'_>) -> Vec<String> {
    let limit = |it: &usize| call.api.rate_limits.get(*it);
    let words = |it: &specwright_codegen::model::RateLimit| {
        format!("{} {} {} {} {}", it.requests, it.unit, it.per_seconds, it.scope, it.doc)
    };
    sorted(call.operation().rate_limits.iter().filter_map(limit).map(words))
}

fn words(origin: &Origin) -> (Option<String>, Option<String>) {
    (origin.source.clone(), origin.unclear.clone())
}

fn record_words((old, own): (&Api, &Record), (new, theirs): (&Api, &Record), answers: bool, what: &mut Vec<String>) {
    for was in &own.fields {
        let Some((_, is)) = theirs.find(&was.name) else { continue };
        let (said, new_said) = (stated(old, own, was), stated(new, theirs, is));
        // What one spec infers and the other states refuses something, which is told as such.
        let kept =
            |words: Vec<String>, said: &[String]| words.into_iter().filter(|it| !said.contains(it)).collect::<Vec<_>>();
        let words = kept(field_words(old, own, was, answers), &new_said);
        let limits_nothing = was.clauses.is_empty() && is.clauses.is_empty();
        let doubt = limits_nothing && was.origin.certainty != is.origin.certainty;
        if doubt || words != kept(field_words(new, theirs, is, answers), &said) {
            what.push(code(&was.name));
        }
    }
    let messages = |record: &Record| {
        sorted(record.rules.iter().filter_map(|it| Some((it.message.clone()?, format!("{:?}", words(&it.origin))))))
    };
    let rules = |api: &Api, record: &Record, certainty: Certainty| {
        let all = record.rules.iter().filter(|it| it.origin.certainty == certainty);
        sorted(all.map(|it| prose::rule(record, api, it)))
    };
    let inferred = |(api, record): (&Api, &Record), (other, theirs): (&Api, &Record)| {
        let stated = rules(other, theirs, Certainty::Stated);
        let mut all = rules(api, record, Certainty::Inferred);
        all.retain(|it| !stated.contains(it));
        all
    };
    let same = inferred((old, own), (new, theirs)) == inferred((new, theirs), (old, own));
    if messages(own) != messages(theirs) || !same {
        what.push("rules".to_owned());
    }
}

/// The sentences that refuse something.
fn stated(api: &Api, record: &Record, field: &Field) -> Vec<String> {
    let clauses = field.clauses.iter().filter(|it| it.origin.certainty == Certainty::Stated);
    clauses.map(|it| prose::clause_doc(record, api, field, it)).collect()
}

/// All that a field says without refusing anything.
fn field_words(api: &Api, record: &Record, field: &Field, answers: bool) -> Vec<String> {
    let mut all = vec![
        field.doc.clone(),
        format!("{:?}", words(&field.origin)),
        format!("{:?}", field.deprecated),
        format!("{:?}", field.examples),
        format!("{}", field.secret),
    ];
    let is_word = |it: &&specwright_codegen::model::Clause| {
        // What the compiler infers follows from the rest.
        let inferred = it.origin.certainty == Certainty::Inferred && !it.implied;
        // Limits of what only comes back refuse nothing.
        let told = answers && !matches!(it.constraint, Constraint::Required);
        inferred || told || it.constraint == Constraint::Ignored
    };
    let clauses = field.clauses.iter().filter(is_word).map(|it| prose::clause_doc(record, api, field, it));
    all.extend(sorted(clauses));
    let reasons = field.clauses.iter().filter_map(|it| it.because.clone());
    let mut reasons = sorted(reasons);
    reasons.dedup();
    all.extend(reasons);
    all
}
