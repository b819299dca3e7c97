//! `webhook.rs`: how the API's callbacks are verified.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::tokens::{docs, module_docs, option};
use crate::lower::view::{Crate, Docs, SignedPart, Webhook};

/// The module of callbacks.
pub(crate) fn module(krate: &Crate, webhook: &Webhook) -> TokenStream {
    let Webhook {
        docs: own,
        id,
        timestamp,
        signature,
        signed,
        secret,
        secret_prefix,
        encoding,
        signature_prefix,
        separator,
        env,
    } = webhook;
    let mut words: Docs = vec![format!("Callbacks of {}.", krate.display_name)];
    if !own.is_empty() {
        words.push(String::new());
        words.extend(own.iter().cloned());
    }
    words.extend([
        String::new(),
        "Verify a delivery first, with its body exactly as it was received. Then pass the body to the `callback` function"
            .to_owned(),
        "in the module of the operation that requested it.".to_owned(),
    ]);
    let words = module_docs(&words);
    let env_docs = docs(&vec![
        format!("Verifies callbacks with the secret in the environment variable `{env}`."),
        String::new(),
        "# Errors".to_owned(),
        "Fails if the variable is not set or is malformed.".to_owned(),
    ]);
    let signed = signed.iter().map(|it| match it {
        SignedPart::Id => quote!(rt::webhook::SignedPart::Id),
        SignedPart::Timestamp => quote!(rt::webhook::SignedPart::Timestamp),
        SignedPart::Body => quote!(rt::webhook::SignedPart::Body),
        SignedPart::Text(text) => quote!(rt::webhook::SignedPart::Text(#text)),
    });
    let (id, timestamp) = (option(id.as_deref()), option(timestamp.as_deref()));
    let (secret, encoding) = (format_ident!("{secret}"), format_ident!("{encoding}"));
    quote! {
        #words
        use specwright_runtime as rt;
        pub use rt::{Delivery, Webhook, WebhookError};
        #env_docs
        #[inline]
        pub fn from_env() -> rt::Result<Webhook> { Webhook::from_env(&SPEC) }
        /// Verifies callbacks with a secret, in the form that the API's dashboard shows.
        ///
        /// # Errors
        /// Fails if the secret is empty or malformed.
        pub fn new(secret: impl Into<rt::Secret>) -> rt::Result<Webhook> { Webhook::new(&SPEC, secret) }
        static SPEC: rt::WebhookSpec = rt::WebhookSpec {
            id: #id,
            timestamp: #timestamp,
            signature: #signature,
            signed: &[#(#signed),*],
            secret: rt::webhook::Encoding::#secret,
            secret_prefix: #secret_prefix,
            encoding: rt::webhook::Encoding::#encoding,
            signature_prefix: #signature_prefix,
            separator: #separator,
            env: #env,
        };
    }
}
