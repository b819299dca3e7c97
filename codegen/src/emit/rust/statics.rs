//! What the runtime has to know of an operation, as static data.

use specwright_format::{Ident, TokenStream, quote};

use super::tokens::{CurrentModule, docs, id};
use crate::lower::view::{AnswerForm, Failure, Operation, Reply, ResponseHeaders, StatusEnum, Task};
use crate::model::StatusForm;

const HOME: CurrentModule = CurrentModule::Operation;

pub(super) fn operation_statics(operation: &Operation) -> TokenStream {
    let Operation { full_name, downloads, cancels, reply, .. } = operation;
    let main = descriptor(operation);
    let task = match reply {
        Reply::Task(task) => {
            let Task {
                download,
                cancel,
                result,
                resume: _,
                status_path,
                url_header,
                status_template,
                keeps_slashes,
                within,
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
            let (before, after) = status_path.clone().unwrap_or_default();
            let at_url = match url_header {
                Some(header) => Some(quote!(.at_url_in_header(#header))),
                None => status_path.is_none().then(|| quote!(.at_url())),
            };
            let within = (!within.is_empty()).then(|| {
                let all = within.iter().map(|it| {
                    let (name, client) = (&it.name, it.client.map(|it| super::tokens::count(it as u64)));
                    let client = client.map_or_else(|| quote!(None), |it| quote!(Some(#it)));
                    quote!((#name, #client))
                });
                quote!(.within(&[#(#all),*]))
            });
            // What most tasks have in common is the runtime's default.
            let ids = (url_header.is_none() && (id_field != "id" || status_id.as_deref() != Some("id"))).then(|| {
                let status_id = super::tokens::option(status_id.as_deref());
                quote!(.ids(#id_field, #status_id))
            });
            let segments = keeps_slashes.then(|| quote!(.id_of_segments()));
            let state = (state != "status").then(|| quote!(.state(#state)));
            let ends = (*completed != ["completed"] || *failed != ["failed"])
                .then(|| quote!(.ends(&[#(#completed),*], &[#(#failed),*])));
            let error = (error != "/error").then(|| quote!(.error(#error)));
            let stage = stage.as_ref().map(|it| quote!(.stage(#it)));
            let cancel = cancel.as_ref().map(|it| {
                let (module, (before, after)) = (id(&it.module), &it.path);
                quote!(.cancel(&super::#module::OPERATION, (#before, #after)))
            });
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
                quote! {
                    impl rt::Downloads for #result {
                        #[inline]
                        fn operation() -> &'static rt::Operation { &super::#module::OPERATION }
                        #[inline]
                        fn path() -> (&'static str, &'static str) { (#before, #after) }
                    }
                }
            });
            Some(quote! {
                #callback
                #download
                pub(crate) static TASK: rt::TaskSpec = rt::TaskSpec::new(
                    rt::Operation::status_of(&OPERATION, #name, #status_template),
                    (#before, #after),
                )
                    #ids #at_url #segments #within #state #ends #error #stage #cancel #times;
            })
        }
        Reply::ByStatus(answers) => Some(status_enum(answers)),
        Reply::Empty | Reply::Json { .. } | Reply::Optional { .. } | Reply::Text | Reply::Redirect | Reply::Bytes => {
            None
        }
    };
    let stream = operation.stream.as_ref().map(super::stream::items);
    let headers = operation.response_headers.as_ref().map(response_headers);
    let visible = (*downloads || *cancels).then(|| quote!(pub(super)));
    let pages = super::pages::implementation(operation);
    quote!(#pages #visible #main #task #stream #headers)
}

/// The operation as static data; what most have in common is the runtime's default.
fn descriptor(operation: &Operation) -> TokenStream {
    let Operation { full_name, path_template, server, auth, idempotent, has_body, accept, statuses, .. } = operation;
    let name = operation.http_method;
    let start = if operation.has_other_method {
        quote!(other(#name, &API, #full_name, #path_template))
    } else {
        let method = Ident::new(name.to_ascii_lowercase());
        quote!(#method(&API, #full_name, #path_template))
    };
    let server = (*server > 0).then(|| {
        let server = super::tokens::count(*server as u64);
        quote!(.server(#server))
    });
    let auth = (*auth != [[(0, 0)]]).then(|| {
        let alternatives = auth.iter().map(|all| {
            let all = all.iter().map(|(credential, scheme)| {
                let (credential, scheme) =
                    (super::tokens::count(*credential as u64), super::tokens::count(*scheme as u64));
                quote!((#credential, #scheme))
            });
            quote!(&[#(#all),*])
        });
        quote!(.auth(&[#(#alternatives),*]))
    });
    let is_plain = matches!(operation.http_method, "GET" | "DELETE" | "HEAD" | "OPTIONS");
    let idempotent = (*idempotent != is_plain).then(|| quote!(.idempotent(#idempotent)));
    let body = (*has_body == is_plain).then(|| quote!(.body(#has_body)));
    let content_types = (!operation.content_types.is_empty()).then(|| {
        let all = &operation.content_types;
        quote!(.content_types(&[#(#all),*]))
    });
    let accept = accept.as_ref().map(|it| quote!(.accept(#it)));
    let json_type = operation.json_type.as_ref().map(|it| quote!(.json_type(#it)));
    let statuses = (!statuses.is_empty()).then(|| {
        let statuses = status_list(statuses);
        quote!(.statuses(#statuses))
    });
    let (own_failure, failure) = failure(operation);
    let form = match &operation.answer_form {
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
    let xml = operation.xml.as_ref().map(|it| {
        let it = super::xml::of_operation(it);
        quote!(.xml(&#it))
    });
    quote! {
        #own_failure
        static OPERATION: rt::Operation =
            rt::Operation::#start
                #server #auth #idempotent #body #content_types #accept #json_type #statuses #key #lines #form #others #failure #xml;
    }
}

/// The method with which the record of the headers is read.
fn response_headers(of: &ResponseHeaders) -> TokenStream {
    let name = HOME.named(&of.name);
    let headers = of.headers.iter().map(|(lower, wire, form)| {
        let form = id(form);
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
        let ty = if let StatusForm::Binary(_) = it.form { Some(quote!((rt::Bytes))) } else { ty };
        quote!(#words #ident #ty)
    });
    let listed = answers.iter().map(|it| {
        let (ident, status) = (id(&it.ident), super::tokens::count(u64::from(it.status)));
        let ty = it.ty.as_ref().map(|it| {
            let ty = HOME.ty(it);
            quote!(: #ty)
        });
        match &it.form {
            StatusForm::Json => quote!(#ident = #status #ty),
            StatusForm::Wrapped(key) => quote!(#ident = #status #ty as #key),
            StatusForm::Text(_) => quote!(#ident = #status => text),
            StatusForm::Binary(_) => quote!(#ident = #status => bytes),
        }
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
