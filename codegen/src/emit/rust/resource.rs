//! `<resource>/mod.rs`: the handle of a resource, with a method per operation.

use specwright_format::{TokenStream, quote};

use super::tokens::{CurrentModule, docs, id, inline, module_docs};
use crate::lower::view::{Docs, Entry, Operation, Reply, Resource, Storage, Task, Ty};
use crate::rust_words::without_raw_prefix;

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
    let builder = (!resource.operations.is_empty()).then(|| builder_struct(resource));
    let phantom = builder.is_some().then(|| {
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
        #builder
    }
}

/// The struct that all builders of the resource are.
fn builder_struct(resource: &Resource) -> TokenStream {
    let name = id(&resource.builder_struct);
    let example = resource.operations.first().and_then(|it| Some((it, it.entry.builders().next()?)));
    let example = example.map(|(operation, builder)| {
        let (module, ident) = (without_raw_prefix(&operation.module), &builder.ident);
        format!(" [`{module}::{ident}`] is one of them.")
    });
    let words = docs(&vec![
        format!(
            "All builders of {}, each by a name of its own.{}",
            resource.rustdoc_title,
            example.unwrap_or_default()
        ),
        String::new(),
        "`R` is the request that it fills, `S` says which required parameters are set, and `V` is the variant."
            .to_owned(),
    ]);
    quote! {
        #words
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name<R, S = (), V = ()> {
            call: rt::Call,
            request: R,
            state: PhantomData<(S, V)>,
        }
        rt::builder!(#name);
    }
}

fn method(krate: &str, operation: &Operation) -> TokenStream {
    let (method, module) = (id(&operation.method), id(&operation.module));
    let mut words = operation.docs.0.clone();
    words.extend(example(krate, operation));
    let words = docs(&words);
    let request = id(&operation.request.ident);
    let (entry, pinned) = match &operation.entry {
        Entry::Single { builder, pinned } => (id(&builder.ident), pinned.as_slice()),
        Entry::Variants { selector, .. } => (id(selector), &[][..]),
    };
    let state = matches!(operation.entry, Entry::Single { .. }).then(|| quote!(, state: PhantomData));
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
        let value = if value.is(ident.as_str()) { quote!(#ident) } else { value };
        sets.push(quote!(#ident: Some(#value)));
    }
    for (index, literal) in pinned {
        let field = &operation.request.fields[*index];
        // The client has it, and its default is that value.
        if field.client.is_some() {
            continue;
        }
        let (ident, literal) = (id(&field.ident), CurrentModule::Resource.literal(literal));
        let owned = matches!(field.ty, Ty::String | Ty::Text(_)).then(|| quote!(.to_owned()));
        sets.push(match field.storage {
            Storage::OptionalNullable => quote!(#ident: Some(rt::Nullable::Value(#literal #owned))),
            Storage::Plain | Storage::Optional | Storage::Null => quote!(#ident: Some(#literal #owned)),
        });
    }
    for field in &operation.request.fields {
        let Some(parameter) = field.client else { continue };
        let (ident, index) = (id(&field.ident), super::tokens::count(parameter as u64));
        sets.push(quote!(#ident: self.client.parameter(#index)));
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
    let known = if task.status_path.is_some() { "its id" } else { "the URL of its status, which is its id" };
    let words = docs(&vec![
        format!(
            "Resumes a task of [`{}`](Self::{}) by {known}, for example after a restart.",
            operation.method,
            without_raw_prefix(&operation.method)
        ),
        String::new(),
        "Nothing is sent until its status is requested.".to_owned(),
    ]);
    let given: Vec<_> = task.within.iter().filter(|it| it.client.is_none()).map(|it| id(&it.argument)).collect();
    let within = (!given.is_empty()).then(|| quote!(.within_values([#(#given.into()),*])));
    quote! {
        #words
        #[must_use]
        pub fn #method(&self, #(#given: impl Into<String>,)* id: impl Into<String>) -> rt::Task<#result> {
            rt::Task::resume(&self.client, &#module::TASK, id)#within
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
