//! `<resource>/<operation>.rs`: the module of an operation.

use specwright_format::{TokenStream, quote};

use super::builder;
use super::print::Module;
use super::tokens::{CurrentModule, id, module_docs};
use crate::lower::view::{Operation, Reply};

const HOME: CurrentModule = CurrentModule::Operation;

/// The module of an operation.
pub(crate) fn module(operation: &Operation) -> Module {
    let words = module_docs(&vec![
        operation.summary.clone(),
        String::new(),
        format!("`{} {}`", operation.http_method, operation.path_template),
    ]);
    let reply = reply(&operation.reply);
    let builders = builder::items(operation, &reply);
    let request = super::request::request(operation, &reply);
    let statics = super::statics::operation_statics(operation);
    let rest = quote!(#builders #request #statics);
    let head = move |[types, maps, phantom, fmt]: [bool; 4]| {
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
        }
    };
    Module::new(["types", "BTreeMap", "PhantomData", "fmt"], head, rest)
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
