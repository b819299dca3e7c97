//! `<resource>/mod.rs` and `<resource>/<operation>.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::builder;
use super::checks;
use super::codec::{read_given, write_field};
use super::tokens::{CurrentModule, docs, id, mentioned, module_docs};
use crate::lower::view::{
    Docs, Entry, NamedKind, Operation, PathPiece, Reply, RequestField, Resource, Storage, Task, Ty,
};
use crate::lower::without_raw_prefix;
use crate::model::Location;

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
    let handle_docs = docs(&vec![format!("Operations of {}.", crate::lower::strip_markdown(&resource.title))]);
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
    let resume = match &operation.reply {
        Reply::Task(task) => Some(resume(operation, task)),
        Reply::Empty | Reply::Json { .. } | Reply::Bytes => None,
    };
    quote! {
        #words
        #allow
        #many
        #named
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
    } else if let Reply::Json { .. } = operation.reply {
        out.push("println!(\"{answer:?}\");".to_owned());
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
        #types
        #rest
    }
}

fn reply(reply: &Reply) -> TokenStream {
    match reply {
        Reply::Empty => quote!(rt::Response<()>),
        Reply::Bytes => quote!(rt::Download),
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
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(#ident)#(#shown)*.finish_non_exhaustive()
                }
            }
        }
    });
    let reads = operation.request.fields.iter().map(|it| read_given(&it.ident, &it.wire, it.storage));
    let wires = operation.request.fields.iter().map(|it| &it.wire);
    let only = (!operation.request.open).then(|| quote!(object.only(&[#(#wires),*])?;));
    let reads = if operation.request.fields.is_empty() && operation.request.open {
        quote!(from.object()?; Ok(Self {}))
    } else {
        quote!(let object = from.object()?; #only Ok(Self { #(#reads),* }))
    };
    let check = checks::request_function(&operation.request.checks);
    let write = write(operation);
    let read = match &operation.reply {
        Reply::Empty => quote!(rt::reply::empty(raw)),
        Reply::Json { wrapper: None, plain_text: None, .. } => quote!(rt::reply::json(raw)),
        Reply::Json { wrapper: None, plain_text: Some(field), .. } => quote!(rt::reply::json_or_text(raw, #field)),
        Reply::Bytes => quote!(rt::reply::download(raw, client)),
        Reply::Json { wrapper: Some(key), .. } => quote!(rt::reply::wrapped(raw, #key)),
        Reply::Task(_) => quote!(rt::reply::task(raw, client, &TASK)),
    };
    let client = if matches!(operation.reply, Reply::Task(_) | Reply::Bytes) {
        quote!(client: &rt::Client)
    } else {
        quote!(_: &rt::Client)
    };
    quote! {
        #words
        #[derive(Clone, #debug Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #debug_impl
        #allow
        impl rt::Request for #name {
            type Reply = #reply;
            fn operation(&self) -> &'static rt::Operation { &OPERATION }
            #check
            fn write(&self, out: &mut rt::RequestParts) { #write }
            fn reply(raw: rt::RawResponse, #client) -> rt::Result<Self::Reply> { #read }
        }
        /// Reads all parameters by name, wherever they go in the request. An unreadable or undocumented parameter is an
        /// error.
        #[cfg(feature = "serde")]
        #allow
        impl rt::Decode for #name {
            fn decode(from: &rt::Reader<'_>) -> Result<Self, rt::DecodeError> { #reads }
        }
    }
}

fn write(operation: &Operation) -> TokenStream {
    let fields = &operation.request.fields;
    let path = operation.path.iter().map(|it| match it {
        PathPiece::Literal(text) => quote!(out.path(#text);),
        PathPiece::Field(index) => path_value(&fields[*index]),
    });
    let query = fields.iter().filter(|it| it.location == Location::Query).map(query_field);
    let headers = fields.iter().filter(|it| it.location == Location::Header).map(|it| {
        let (ident, wire) = (id(&it.ident), it.wire.to_ascii_lowercase());
        let text = match &it.ty {
            Ty::Integer | Ty::Number | Ty::Boolean | Ty::Named { kind: NamedKind::Union, .. } => {
                quote!(value.to_string())
            }
            ty => scalar_as_str(ty, &quote!(value)),
        };
        if_given(it, &ident, quote!(out.header(#wire, #text);))
    });
    let form = operation.multipart.then(|| {
        let fields = fields.iter().filter(|it| it.location == Location::Body).map(form_field);
        quote! {
            let out = out.multipart();
            #(#fields)*
        }
    });
    let body = (operation.has_body && !operation.multipart).then(|| {
        let fields = fields.iter().filter(|it| it.location == Location::Body);
        let fields = fields.map(|it| write_field(&it.ident, &it.wire, &it.ty, it.storage));
        quote! {
            let out = out.body();
            out.begin_object();
            #(#fields)*
            out.end_object();
        }
    });
    quote!(#(#path)* #(#query)* #(#headers)* #form #body)
}

/// Runs statements with `value` where the field is given.
fn if_given(field: &RequestField, ident: &proc_macro2::Ident, body: TokenStream) -> TokenStream {
    match field.storage {
        Storage::OptionalNullable => quote!(if let Some(rt::Nullable::Value(value)) = &self.#ident { #body }),
        _ => quote!(if let Some(value) = &self.#ident { #body }),
    }
}

fn path_value(field: &RequestField) -> TokenStream {
    let ident = id(&field.ident);
    match &field.ty {
        Ty::String => quote!(out.path_value(self.#ident.as_deref().unwrap_or_default());),
        Ty::Named { kind: NamedKind::Enum, .. } => {
            quote!(out.path_value(self.#ident.as_ref().map_or("", |it| it.as_str()));)
        }
        Ty::Named { kind: NamedKind::Union, .. } => {
            quote!(out.path_value(&self.#ident.as_ref().map(|it| it.to_string()).unwrap_or_default());)
        }
        _ => quote!(out.path_value(&self.#ident.map(|it| it.to_string()).unwrap_or_default());),
    }
}

/// A part of a multipart body, or one per item of a list.
fn form_field(field: &RequestField) -> TokenStream {
    let (ident, wire) = (id(&field.ident), &field.wire);
    let part = |ty: &Ty| match ty {
        Ty::File => quote!(out.file(#wire, value);),
        ty => {
            let text = scalar_as_str(ty, &quote!(value));
            quote!(out.text(#wire, #text);)
        }
    };
    match &field.ty {
        Ty::List(inner) => {
            let part = part(inner);
            if_given(field, &ident, quote!(for value in value { #part }))
        }
        ty => if_given(field, &ident, part(ty)),
    }
}

fn query_field(field: &RequestField) -> TokenStream {
    let (ident, wire) = (id(&field.ident), &field.wire);
    match &field.ty {
        Ty::List(inner) => {
            let text = scalar_as_str(inner, &quote!(value));
            if_given(field, &ident, quote!(for value in value { out.query(#wire, #text); }))
        }
        ty => {
            let text = scalar_as_str(ty, &quote!(value));
            if_given(field, &ident, quote!(out.query(#wire, #text);))
        }
    }
}

/// A scalar as `&str`.
fn scalar_as_str(ty: &Ty, value: &TokenStream) -> TokenStream {
    match ty {
        Ty::String => quote!(#value),
        Ty::Named { kind: NamedKind::Enum, .. } => quote!(#value.as_str()),
        Ty::Number => quote!(&rt::number_text(#value)),
        _ => quote!(&#value.to_string()),
    }
}

fn operation_statics(operation: &Operation) -> TokenStream {
    let Operation {
        full_name,
        http_method,
        path_template,
        server,
        auth,
        idempotent,
        has_body,
        accept,
        downloads,
        statuses,
        reply,
        ..
    } = operation;
    let main = descriptor(
        "OPERATION",
        full_name,
        http_method,
        path_template,
        *server,
        *auth,
        *idempotent,
        *has_body,
        accept.as_deref(),
        statuses,
    );
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
            let status =
                descriptor("STATUS", &name, "GET", status_template, *server, *auth, true, false, None, statuses);
            let stage = super::tokens::option(stage.as_deref());
            let status_id = super::tokens::option(status_id.as_deref());
            let (interval, deadline) = (super::tokens::count(*interval_ms), super::tokens::count(*deadline_ms));
            let result = HOME.named(result);
            let callback = callback.then(|| {
                quote! {
                    /// Reads the body of a callback, which has the form of the task's status. Verify the delivery first.
                    ///
                    /// # Errors
                    /// Fails if the body is not a status of such a task. A failed task is not an error here.
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
                        fn operation() -> &'static rt::Operation { &super::#module::OPERATION }
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
                #status
                pub(crate) static TASK: rt::TaskSpec = rt::TaskSpec {
                    status: &STATUS,
                    path: (#before, #after),
                    id: #id_field,
                    status_id: #status_id,
                    state: #state,
                    completed: &[#(#completed),*],
                    failed: &[#(#failed),*],
                    error: #error,
                    stage: #stage,
                    interval_ms: #interval,
                    deadline_ms: #deadline,
                };
            })
        }
        Reply::Empty | Reply::Json { .. } | Reply::Bytes => None,
    };
    let stream = operation.stream.as_ref().map(super::stream::items);
    let visible = downloads.then(|| quote!(pub(super)));
    quote!(#visible #main #task #stream)
}

#[allow(clippy::too_many_arguments, reason = "the parts of one static")]
fn descriptor(
    ident: &str,
    name: &str,
    method: &str,
    path: &str,
    server: usize,
    auth: Option<(usize, usize)>,
    idempotent: bool,
    has_body: bool,
    accept: Option<&str>,
    statuses: &[(u16, &'static str)],
) -> TokenStream {
    let (ident, method) = (id(ident), id(method));
    let server = super::tokens::count(server as u64);
    let auth = match auth {
        Some((credential, scheme)) => {
            let (credential, scheme) = (super::tokens::count(credential as u64), super::tokens::count(scheme as u64));
            quote!(Some((#credential, #scheme)))
        }
        None => quote!(None),
    };
    let statuses = status_list(statuses);
    let accept = super::tokens::option(accept);
    quote! {
        static #ident: rt::Operation = rt::Operation {
            name: #name,
            api: &crate::client::API,
            method: rt::http::Method::#method,
            path: #path,
            server: #server,
            auth: #auth,
            idempotent: #idempotent,
            has_body: #has_body,
            accept: #accept,
            statuses: #statuses,
        };
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
