//! `<resource>/mod.rs` and `<resource>/<operation>.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::builder;
use super::checks;
use super::codec::listed;
use super::tokens::{CurrentModule, docs, id, inline, mentioned, module_docs};
use crate::lower::view::{
    AnswerForm, Docs, Entry, Failure, Operation, PathPiece, Reply, RequestField, Resource, ResponseHeaders, StatusEnum,
    Storage, Task, Ty,
};
use crate::model::Location;
use crate::rust_words::without_raw_prefix;

const HOME: CurrentModule = CurrentModule::Operation;

/// The module of a resource: its handle, with a method per operation.
pub(crate) fn resource_module(krate: &str, resource: &Resource) -> TokenStream {
    let handle = id(&resource.handle);
    let mut words: Docs = resource.docs.clone();
    words.push(String::new());
    words.push(format!(
        "Start at [`Client::{}`](crate::Client::{}).",
        resource.module,
        without_raw_prefix(&resource.module)
    ));
    let words = module_docs(&words);
    let modules = resource.operations.iter().map(|it| {
        let (words, module) = (docs(&vec![it.summary.clone()]), id(&it.module));
        let same = (it.module == resource.module)
            .then(|| quote!(#[allow(clippy::module_inception, reason = "an operation has the name of its resource")]));
        quote!(#words #same pub mod #module;)
    });
    let methods = resource.operations.iter().map(|it| method(krate, it));
    let handle_docs = docs(&vec![format!("Operations of {}.", resource.rustdoc_title)]);
    let types = (!resource.types.is_empty()).then(|| {
        quote!(
            mod types;
        )
    });
    let exports = (!resource.types.is_empty()).then(|| {
        quote!(
            pub use types::*;
        )
    });
    let phantom = resource.operations.iter().any(|it| has_state(&it.entry)).then(|| {
        quote!(
            use std::marker::PhantomData;
        )
    });
    quote! {
        #words
        #phantom
        use specwright_runtime as rt;
        #types
        #(#modules)*
        #exports
        #handle_docs
        #[derive(Clone, Debug)]
        pub struct #handle {
            pub(crate) client: rt::Client,
        }
        impl #handle { #(#methods)* }
    }
}

/// Whether the method of a resource gives a builder with a state.
fn has_state(entry: &Entry) -> bool {
    match entry {
        Entry::Single { builder, pinned: _ } => !builder.required.is_empty(),
        Entry::Variants { .. } => false,
    }
}

fn method(krate: &str, operation: &Operation) -> TokenStream {
    let (method, module) = (id(&operation.method), id(&operation.module));
    let mut words = operation.docs.clone();
    words.extend(example(krate, operation));
    let words = docs(&words);
    let request = id(&operation.request.ident);
    let (entry, pinned) = match &operation.entry {
        Entry::Single { builder, pinned } => (id(&builder.ident), pinned.as_slice()),
        Entry::Variants { selector, .. } => (id(selector), &[][..]),
    };
    let state = has_state(&operation.entry).then(|| quote!(, state: PhantomData));
    let set = operation.arguments.iter().chain(pinned.iter().map(|(index, _)| index));
    let deprecated = set.into_iter().any(|it| operation.request.fields[*it].deprecated.is_some());
    let allow = deprecated.then(|| quote!(#[allow(deprecated, reason = "sets the field itself")]));
    let mut arguments = Vec::new();
    let mut sets = Vec::new();
    for index in &operation.arguments {
        let field = &operation.request.fields[*index];
        let ident = id(&field.ident);
        let (argument, value) = CurrentModule::Resource.argument(&field.ty, &quote!(#ident));
        arguments.push(quote!(#ident: #argument));
        let value = if ident == value.to_string() { quote!(#ident) } else { value };
        sets.push(quote!(#ident: Some(#value)));
    }
    for (index, literal) in pinned {
        let field = &operation.request.fields[*index];
        let (ident, literal) = (id(&field.ident), CurrentModule::Resource.literal(literal));
        let owned = matches!(field.ty, Ty::String).then(|| quote!(.to_owned()));
        sets.push(match field.storage {
            Storage::OptionalNullable => quote!(#ident: Some(rt::Nullable::Value(#literal #owned))),
            Storage::Plain | Storage::Optional | Storage::Null => quote!(#ident: Some(#literal #owned)),
        });
    }
    let old = operation.deprecated.as_ref().map(|it| quote!(#[deprecated = #it]));
    // The client counts too.
    let many = super::tokens::allow_many(arguments.len() + 1);
    let named = super::tokens::allow_name(&operation.method, super::tokens::Receiver::Reference);
    let rest = (sets.len() < operation.request.fields.len()).then(|| quote!(..Default::default()));
    let request = if sets.is_empty() {
        quote!(#module::#entry { call: self.client.call(), request: #module::#request::default() #state })
    } else {
        quote! {
            let request = #module::#request { #(#sets,)* #rest };
            #module::#entry { call: self.client.call(), request #state }
        }
    };
    let inline = inline(arguments.iter());
    let resume = match &operation.reply {
        Reply::Task(task) => Some(resume(operation, task)),
        _ => None,
    };
    quote! {
        #words
        #old
        #allow
        #many
        #named
        #inline
        pub fn #method(&self, #(#arguments),*) -> #module::#entry { #request }
        #resume
    }
}

fn resume(operation: &Operation, task: &Task) -> TokenStream {
    let (method, module, result) =
        (id(&task.resume), id(&operation.module), CurrentModule::Resource.named(&task.result));
    let words = docs(&vec![
        format!(
            "Resumes a task of [`{}`](Self::{}) by its id, for example after a restart.",
            operation.method,
            without_raw_prefix(&operation.method)
        ),
        String::new(),
        "Nothing is sent until its status is requested.".to_owned(),
    ]);
    quote! {
        #words
        #[must_use]
        pub fn #method(&self, id: impl Into<String>) -> rt::Task<#result> {
            rt::Task::resume(&self.client, &#module::TASK, id)
        }
    }
}

/// A section with a call that compiles.
fn example(krate: &str, operation: &Operation) -> Docs {
    let Some(lines) = &operation.example else { return Docs::new() };
    let mut out: Docs = vec![String::new(), "# Example".to_owned(), "```no_run".to_owned()];
    out.push(format!("# async fn example(client: {0}::Client) -> {0}::Result<()> {{", krate));
    out.extend(lines.iter().cloned());
    if operation.stream.as_ref().is_some_and(|it| it.always) {
        out.push("while let Some(event) = stream.next().await {".to_owned());
        out.push("    println!(\"{:?}\", event?);".to_owned());
        out.push("}".to_owned());
    } else if let Reply::Task(_) = operation.reply {
        out.push("let result = task.wait().await?;".to_owned());
        out.push("println!(\"{result:?}\");".to_owned());
    } else if let Reply::Json { .. } | Reply::Optional { .. } | Reply::ByStatus(_) = operation.reply {
        out.push("println!(\"{answer:?}\");".to_owned());
    } else if let Reply::Text = operation.reply {
        out.push("println!(\"{}\", answer.as_str());".to_owned());
    } else if let Reply::Redirect = operation.reply {
        out.push("println!(\"{}\", redirect.location);".to_owned());
    } else if let Reply::Bytes = operation.reply {
        out.push("download.save(\"download.bin\").await?;".to_owned());
    }
    out.push("# Ok(())".to_owned());
    out.push("# }".to_owned());
    out.push("```".to_owned());
    // A line of code that starts with `#` would be hidden; strings are escaped, so only ours do.
    out
}

/// The module of an operation.
pub(crate) fn module(operation: &Operation) -> TokenStream {
    let words = module_docs(&vec![
        operation.summary.clone(),
        String::new(),
        format!("`{} {}`", operation.http_method, operation.path_template),
    ]);
    let reply = reply(&operation.reply);
    let builders = builder::items(operation, &reply);
    let request = request(operation, &reply);
    let statics = operation_statics(operation);
    let rest = quote!(#builders #request #statics);
    let [types, maps, phantom, fmt] = mentioned(["types", "BTreeMap", "PhantomData", "fmt"], &rest);
    let types = types.then(|| {
        quote!(
            use crate::types;
        )
    });
    let maps = maps.then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let phantom = phantom.then(|| {
        quote!(
            use std::marker::PhantomData;
        )
    });
    let fmt = fmt.then(|| {
        quote!(
            use std::fmt;
        )
    });
    quote! {
        #words
        #maps
        #fmt
        #phantom
        use specwright_runtime as rt;
        use crate::client::API;
        #types
        #rest
    }
}

fn reply(reply: &Reply) -> TokenStream {
    match reply {
        Reply::Empty => quote!(rt::Response<()>),
        Reply::Bytes => quote!(rt::Download),
        Reply::Text => quote!(rt::Response<String>),
        Reply::Redirect => quote!(rt::Response<rt::Redirect>),
        Reply::Optional { ty, .. } => {
            let ty = HOME.ty(ty);
            quote!(rt::Response<Option<#ty>>)
        }
        Reply::ByStatus(answers) => {
            let name = id(&answers.ident);
            quote!(rt::Response<#name>)
        }
        Reply::Json { ty, .. } => {
            let ty = HOME.ty(ty);
            quote!(rt::Response<#ty>)
        }
        Reply::Task(task) => {
            let result = HOME.named(&task.result);
            quote!(rt::Task<#result>)
        }
    }
}

fn request(operation: &Operation, reply: &TokenStream) -> TokenStream {
    let name = id(&operation.request.ident);
    let words = docs(&operation.request.docs);
    let fields = operation.request.fields.iter().map(|it| {
        let RequestField { ident, ty, storage, docs: words, deprecated, .. } = it;
        let (words, ident, ty) = (docs(words), id(ident), HOME.stored(ty, *storage));
        let deprecated = deprecated.as_ref().map(|it| quote!(#[deprecated = #it]));
        quote!(#words #deprecated pub #ident: #ty)
    });
    let deprecated = operation.request.fields.iter().any(|it| it.deprecated.is_some());
    let allow = deprecated.then(|| quote!(#[allow(deprecated, reason = "every field is handled")]));
    let secret = operation.request.fields.iter().any(|it| it.secret);
    let debug = (!secret).then(|| quote!(Debug,));
    let debug_impl = secret.then(|| {
        let ident = &operation.request.ident;
        let shown = operation.request.fields.iter().map(|it| {
            let (field, text) = (id(&it.ident), it.ident.trim_start_matches("r#"));
            if it.secret { quote!(.field(#text, &"…")) } else { quote!(.field(#text, &self.#field)) }
        });
        quote! {
            #allow
            impl fmt::Debug for #name {
                #[inline]
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(#ident)#(#shown)*.finish_non_exhaustive()
                }
            }
        }
    });
    let open = operation.request.open.then(|| quote!(open));
    let check = checks::request_function(&operation.request.checks);
    let check = check.map(|it| quote!(#allow impl #name { #it }));
    let checked = check.is_some().then(|| quote!(check check_rules,));
    let places = places(operation);
    let read = match &operation.reply {
        Reply::Empty => quote!(empty()),
        Reply::Json { wrapper: None, plain_text: None, .. } => quote!(json()),
        Reply::Json { wrapper: None, plain_text: Some(field), .. } => quote!(json_or_text(#field)),
        Reply::Bytes => quote!(download()),
        Reply::Text => quote!(text()),
        Reply::Redirect => quote!(redirect()),
        Reply::ByStatus(_) => quote!(by_status()),
        Reply::Optional { none, .. } => {
            let none = none.iter().map(|it| super::tokens::count(u64::from(*it)));
            quote!(optional([#(#none),*]))
        }
        Reply::Json { wrapper: Some(key), .. } => quote!(wrapped(#key)),
        Reply::Task(_) => quote!(task(TASK)),
    };
    quote! {
        #words
        #[derive(Clone, #debug Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #debug_impl
        #check
        rt::request!(#open #name => #reply { OPERATION, #read, #checked #places });
    }
}

/// The parameters by their places, as the runtime's macro lists them.
fn places(operation: &Operation) -> TokenStream {
    let fields = &operation.request.fields;
    let mut path: Vec<TokenStream> = Vec::new();
    let mut text = String::new();
    for piece in &operation.path {
        match piece {
            PathPiece::Literal(literal) => text.push_str(literal),
            PathPiece::Field(index) => {
                let before = std::mem::take(&mut text);
                let field = listed(&fields[*index].ident, &fields[*index].wire);
                path.push(quote!(#before { #field }));
            }
        }
    }
    path.push(quote!(#text));
    let list = |name: &str, location: Location| {
        let mut fields = fields.iter().filter(|it| it.location == location).peekable();
        fields.peek()?;
        let (name, fields) = (id(name), fields.map(|it| listed(&it.ident, &it.wire)));
        Some(quote!(#name { #(#fields),* },))
    };
    let query = list("query", Location::Query);
    let headers = fields.iter().filter(|it| it.location == Location::Header).map(|it| {
        let (ident, wire, lower) = (id(&it.ident), &it.wire, it.wire.to_ascii_lowercase());
        quote!(#ident = #wire as #lower)
    });
    let headers: Vec<_> = headers.collect();
    let headers = (!headers.is_empty()).then(|| quote!(headers { #(#headers),* },));
    let body = match (operation.multipart, operation.has_body) {
        (true, _) => list("form", Location::Body).or_else(|| Some(quote!(form {},))),
        (false, true) => list("body", Location::Body).or_else(|| Some(quote!(body {},))),
        (false, false) => None,
    };
    quote!(path #(#path)*, #query #headers #body)
}

fn operation_statics(operation: &Operation) -> TokenStream {
    let Operation { full_name, downloads, reply, .. } = operation;
    let main = descriptor(operation);
    let task = match reply {
        Reply::Task(task) => {
            let Task {
                download,
                result,
                resume: _,
                status_path: (before, after),
                status_template,
                id: id_field,
                status_id,
                state,
                completed,
                failed,
                error,
                stage,
                callback,
                interval_ms,
                deadline_ms,
            } = &**task;
            let name = format!("{full_name} status");
            // What most tasks have in common is the runtime's default.
            let ids = (id_field != "id" || status_id.as_deref() != Some("id")).then(|| {
                let status_id = super::tokens::option(status_id.as_deref());
                quote!(.ids(#id_field, #status_id))
            });
            let state = (state != "status").then(|| quote!(.state(#state)));
            let ends = (*completed != ["completed"] || *failed != ["failed"])
                .then(|| quote!(.ends(&[#(#completed),*], &[#(#failed),*])));
            let error = (error != "/error").then(|| quote!(.error(#error)));
            let stage = stage.as_ref().map(|it| quote!(.stage(#it)));
            let times = ((*interval_ms, *deadline_ms) != (5_000, 900_000)).then(|| {
                let (interval, deadline) = (super::tokens::count(*interval_ms), super::tokens::count(*deadline_ms));
                quote!(.times(#interval, #deadline))
            });
            let result = HOME.named(result);
            let callback = callback.then(|| {
                quote! {
                    /// Reads the body of a callback, which has the form of the task's status. Verify the delivery first.
                    ///
                    /// # Errors
                    /// Fails if the body is not a status of such a task. A failed task is not an error here.
                    #[inline]
                    pub fn callback(body: &[u8]) -> rt::Result<rt::TaskStatus<#result>> {
                        rt::TaskStatus::from_slice(&TASK, body)
                    }
                }
            });
            let download = download.as_ref().map(|it| {
                let (module, (before, after)) = (id(&it.module), &it.path);
                let after = (!after.is_empty()).then(|| quote!(out.path(#after);));
                quote! {
                    impl rt::Downloads for #result {
                        #[inline]
                        fn operation() -> &'static rt::Operation { &super::#module::OPERATION }
                        #[inline]
                        fn write(id: &str, out: &mut rt::RequestParts) {
                            out.path(#before);
                            out.path_value(id);
                            #after
                        }
                    }
                }
            });
            Some(quote! {
                #callback
                #download
                static STATUS: rt::Operation = rt::Operation::status_of(&OPERATION, #name, #status_template);
                pub(crate) static TASK: rt::TaskSpec = rt::TaskSpec::new(&STATUS, (#before, #after))
                    #ids #state #ends #error #stage #times;
            })
        }
        Reply::ByStatus(answers) => Some(status_enum(answers)),
        Reply::Empty | Reply::Json { .. } | Reply::Optional { .. } | Reply::Text | Reply::Redirect | Reply::Bytes => {
            None
        }
    };
    let stream = operation.stream.as_ref().map(super::stream::items);
    let headers = operation.response_headers.as_ref().map(response_headers);
    let visible = downloads.then(|| quote!(pub(super)));
    let pages = super::pages::implementation(operation);
    quote!(#pages #visible #main #task #stream #headers)
}

/// The operation as static data; what most have in common is the runtime's default.
fn descriptor(operation: &Operation) -> TokenStream {
    let Operation { full_name, path_template, server, auth, idempotent, has_body, accept, statuses, .. } = operation;
    let method = id(&operation.http_method.to_ascii_lowercase());
    let server = (*server > 0).then(|| {
        let server = super::tokens::count(*server as u64);
        quote!(.server(#server))
    });
    let auth = match auth {
        Some((0, 0)) => None,
        Some((credential, scheme)) => {
            let (credential, scheme) = (super::tokens::count(*credential as u64), super::tokens::count(*scheme as u64));
            Some(quote!(.auth(Some((#credential, #scheme)))))
        }
        None => Some(quote!(.auth(None))),
    };
    let is_plain = matches!(operation.http_method, "GET" | "DELETE");
    let idempotent = (*idempotent != is_plain).then(|| quote!(.idempotent(#idempotent)));
    let body = (*has_body == is_plain).then(|| quote!(.body(#has_body)));
    let accept = accept.as_ref().map(|it| quote!(.accept(#it)));
    let statuses = (!statuses.is_empty()).then(|| {
        let statuses = status_list(statuses);
        quote!(.statuses(#statuses))
    });
    let (own_failure, failure) = failure(operation);
    let form = match &operation.form {
        AnswerForm::Json => None,
        AnswerForm::JsonOrNothing => Some(quote!(.form(rt::AnswerForm::JsonOrNothing))),
        AnswerForm::Text(media_types) => Some(quote!(.form(rt::AnswerForm::Text(#media_types)))),
    };
    let key = operation.idempotency.as_ref().map(|it| quote!(.idempotency(#it)));
    let json_lines = operation.stream.as_ref().is_some_and(|it| it.spec.json_lines);
    let lines = json_lines.then(|| quote!(.json_lines()));
    let others = (!operation.other_answers.is_empty()).then(|| {
        let others = operation.other_answers.iter().map(|it| super::tokens::count(u64::from(*it)));
        quote!(.other_answers(&[#(#others),*]))
    });
    quote! {
        #own_failure
        static OPERATION: rt::Operation =
            rt::Operation::#method(&API, #full_name, #path_template)
                #server #auth #idempotent #body #accept #statuses #key #lines #form #others #failure;
    }
}

/// The method with which the record of the headers is read.
fn response_headers(of: &ResponseHeaders) -> TokenStream {
    let name = HOME.named(&of.name);
    let headers = of.headers.iter().map(|(lower, wire, is_text)| {
        let form = if *is_text { quote!(Text) } else { quote!(Json) };
        quote!(#lower as #wire: #form)
    });
    quote!(rt::response_headers!(#name { #(#headers),* });)
}

/// The enum of answers that the status tells apart.
fn status_enum(answers: &StatusEnum) -> TokenStream {
    let StatusEnum { ident, docs: words, answers, other } = answers;
    let (name, words) = (id(ident), docs(words));
    let variants = answers.iter().map(|it| {
        let (ident, words) = (id(&it.ident), docs(&it.docs));
        let ty = it.ty.as_ref().map(|it| {
            let ty = HOME.ty(it);
            quote!((#ty))
        });
        quote!(#words #ident #ty)
    });
    let listed = answers.iter().map(|it| {
        let (ident, status) = (id(&it.ident), super::tokens::count(u64::from(it.status)));
        let ty = it.ty.as_ref().map(|it| {
            let ty = HOME.ty(it);
            quote!(: #ty)
        });
        quote!(#ident = #status #ty)
    });
    let other = super::tokens::count(u64::from(*other));
    quote! {
        #words
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name { #(#variants,)* }
        rt::by_status!(#name { #(#listed),* } else #other);
    }
}

/// The condition under which an answer of success is an error: its own as a static, and the method that names it.
fn failure(operation: &Operation) -> (Option<TokenStream>, Option<TokenStream>) {
    let task = match operation.reply {
        Reply::Task(_) => quote!(Some(&TASK)),
        _ => quote!(None),
    };
    match &operation.failure {
        None => (None, None),
        Some(Failure::OfApi) => (None, Some(quote!(.failure(&crate::client::FAILURE, #task)))),
        Some(Failure::Own(own)) => {
            let condition = super::failure::condition(own);
            let own = quote!(static FAILURE: rt::FailureCondition = #condition;);
            (Some(own), Some(quote!(.failure(&FAILURE, #task))))
        }
    }
}

/// `&[(404, rt::StatusKind::NotFound)]`
pub(crate) fn status_list(statuses: &[(u16, &'static str)]) -> TokenStream {
    let items = statuses.iter().map(|(status, kind)| {
        let (status, kind) = (super::tokens::count(u64::from(*status)), id(kind));
        quote!((#status, rt::StatusKind::#kind))
    });
    quote!(&[#(#items),*])
}
