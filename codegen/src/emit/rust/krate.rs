//! `lib.rs`.

use specwright_format::{TokenStream, quote};

use super::tokens::{id, module_docs};
use crate::lower::view::{Crate, Docs, Outline};
use crate::rust_words::without_raw_prefix;
use crate::settings::RUNTIME_LEVEL;

/// The root module: map, first call, re-exports. `foreign`: some names have letters beyond ASCII.
pub(crate) fn lib(krate: &Crate, foreign: bool) -> TokenStream {
    let words = module_docs(&crate_docs(krate));
    let resources = krate.resources.iter().map(|it| {
        let (module, feature) = (id(&it.module), &it.feature);
        quote! {
            #[cfg(feature = #feature)]
            pub mod #module;
        }
    });
    let foreign = foreign.then(|| {
        quote!(
            #![allow(
                confusable_idents,
                mixed_script_confusables,
                non_camel_case_types,
                non_snake_case,
                uncommon_codepoints,
                reason = "names are the API's"
            )]
        )
    });
    let tuples = krate
        .has_tuples
        .then(|| quote!(#![allow(clippy::type_complexity, reason = "tuples of the API stand inside of each other")]));
    let depth = krate.recursion_limit.map(|it| {
        let limit = it.to_string();
        quote!(#![recursion_limit = #limit])
    });
    let (error, codes) = if krate.error_codes.is_some() {
        (
            Some(quote!(
                mod error;
            )),
            Some(quote!(
                pub use error::ErrorCode;
            )),
        )
    } else {
        (None, None)
    };
    let webhook = krate.webhook.is_some().then(|| {
        quote! {
            #[cfg(feature = "webhooks")]
            pub mod webhook;
        }
    });
    let xml = (!krate.xml.is_empty()).then(|| {
        quote!(
            mod xml_records;
        )
    });
    let name_of = |module: &'static str| {
        krate.exported.iter().find(|(it, _)| *it == module).map_or(module, |(_, name)| name.as_str())
    };
    let exported = |module: &'static str| {
        let (name, module) = (id(name_of(module)), id(module));
        if module == name { quote!(#module) } else { quote!(#module as #name) }
    };
    let [http, json, stream, transport] = ["http", "json", "stream", "transport"].map(exported);
    let blocking = match name_of("blocking") {
        "blocking" => quote!(self),
        name => {
            let name = id(name);
            quote!(self as #name)
        }
    };
    let any = |has: fn(&Outline) -> bool| krate.resources.iter().any(|it| has(&it.outline));
    let bytes = any(|it| it.has_downloads).then(|| {
        quote!(
            pub use specwright_runtime::{Download, DownloadProgress};
        )
    });
    let redirects = any(|it| it.has_redirects).then(|| {
        quote!(
            pub use specwright_runtime::Redirect;
        )
    });
    let streams = any(|it| it.has_streams).then(|| {
        quote!(
            pub use specwright_runtime::#stream;
        )
    });
    let tokens = krate.client.credentials.iter().any(|it| it.oauth2.is_some()).then(|| {
        quote!(
            pub use specwright_runtime::{OAuth2, Token, TokenError, TokenSource};
        )
    });
    let client = match krate.has_variants {
        true => quote!(
            pub use client::{Client, Selector};
        ),
        false => quote!(
            pub use client::Client;
        ),
    };
    let level = super::tokens::count(RUNTIME_LEVEL.into());
    quote! {
        #words
        #tuples
        #depth
        #foreign
        specwright_runtime::requires!(#level);
        mod client;
        #error
        pub mod types;
        #webhook
        #xml
        #(#resources)*
        #client
        #codes
        #[cfg(feature = "blocking")]
        pub use specwright_runtime::blocking::{#blocking, Blocking};
        #bytes
        #redirects
        #streams
        #tokens
        pub use specwright_runtime::{
            ClientBuilder, Error, ErrorKind, File, Nullable, Progress, RateLimit, Response, Result, RetryPolicy, Secret, PendingRequest,
            StatusKind, Task, TaskFailure, TaskState, TaskStatus, Transport, Validation, ValidationError, Value, Violation, WaitEach,
            WaitOptions, #http, #json, #transport, send_all, send_each, wait_all, wait_each,
        };
    }
}

/// The first call with the client that makes it, to be copied by newcomers.
pub(in crate::emit) fn first_call(krate: &Crate) -> Option<Vec<String>> {
    let call = krate.first_call.as_ref()?;
    let (uses, lines): (Vec<_>, Vec<_>) = call.lines.iter().cloned().partition(|it| it.starts_with("use "));
    let (start, comment) = match &krate.client.first_variable {
        Some(variable) => ("from_env", format!(" // {variable}")),
        None => ("new", String::new()),
    };
    let gap = if uses.is_empty() { None } else { Some(String::new()) };
    let client = format!("let client = {}::Client::{start}()?;{comment}", krate.name);
    let lines = lines.into_iter().filter(|it| !it.is_empty());
    Some(uses.into_iter().chain(gap).chain([client]).chain(lines).collect())
}

fn crate_docs(krate: &Crate) -> Docs {
    let mut out: Docs = vec![format!("Client of {}.", krate.display_name), String::new()];
    out.extend(krate.docs.iter().cloned());
    if let Some(lines) = first_call(krate) {
        out.extend(["".to_owned(), "# First call".to_owned(), "```no_run".to_owned()]);
        out.push(format!("# async fn example() -> {}::Result<()> {{", krate.name));
        out.extend(lines);
        out.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    }
    out.extend(["".to_owned(), "# Map".to_owned()]);
    for resource in &krate.resources {
        let Outline { handle, methods, .. } = &resource.outline;
        let operations: Vec<String> = methods
            .iter()
            .map(|method| {
                let module = without_raw_prefix(&resource.module);
                format!("[`{method}`]({module}::{handle}::{})", without_raw_prefix(method))
            })
            .collect();
        let (module, target) = (&resource.module, without_raw_prefix(&resource.module));
        let link = format!("[`{module}`](mod@{target})");
        out.push(format!("- {link} (feature `{}`): {}", resource.feature, operations.join(", ")));
    }
    out.push("- [`types`]: the types of requests and responses".to_owned());
    if let Some(limit) = krate.recursion_limit {
        out.extend(["".to_owned(), "# Deep values".to_owned()]);
        out.push(
            "Values of this crate nest deeply. If rustc reports `overflow evaluating the requirement` for a crate that"
                .to_owned(),
        );
        out.push(format!("uses this one, add `#![recursion_limit = \"{limit}\"]` at the root of that crate."));
    }
    out.extend([
        String::new(),
        "# Checks".to_owned(),
        "The compiler enforces parameters that are always required. Every other rule is checked before a request is"
            .to_owned(),
        "sent, and all violations are reported together; see [`Validation`] to change this. A rule that the vendor's"
            .to_owned(),
        "documentation only implies is a warning. `.extra(name, value)` sends parameters that this crate does not know"
            .to_owned(),
        "yet. Responses stay readable when the API grows.".to_owned(),
    ]);
    out
}
