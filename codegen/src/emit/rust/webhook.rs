//! `webhook.rs`: how the API's callbacks are verified.

use specwright_format::{TokenStream, quote};

use super::tokens::{CurrentModule, docs, id, module_docs, option};
use crate::lower::view::{Crate, Docs, SignedPart, Webhook, WebhookEvent, WebhookEvents};
use crate::model::MessagePlace;

/// The module of callbacks.
pub(crate) fn module(krate: &Crate, webhook: &Webhook) -> TokenStream {
    let Webhook {
        docs: own,
        id: delivery_id,
        timestamp,
        signature,
        algorithm,
        feature: _,
        signed,
        secret,
        secret_prefix,
        encoding,
        signature_prefix,
        separator,
        env,
        events,
    } = webhook;
    let mut words: Docs = vec![format!("Callbacks of {}.", krate.display_name)];
    if !own.is_empty() {
        words.push(String::new());
        words.extend(own.iter().cloned());
    }
    let first = "Verify a delivery first, with its body exactly as it was received.";
    words.push(String::new());
    words.extend(match events {
        Some(_) => vec![format!("{first} Then read it with [`Event::read`].")],
        None => vec![
            format!("{first} Then pass the body to the `callback` function"),
            "in the module of the operation that requested it.".to_owned(),
        ],
    });
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
        SignedPart::TimestampAfter(prefix) => quote!(rt::webhook::SignedPart::TimestampAfter(#prefix)),
        SignedPart::Url => quote!(rt::webhook::SignedPart::Url),
        SignedPart::Body => quote!(rt::webhook::SignedPart::Body),
        SignedPart::Fields => quote!(rt::webhook::SignedPart::Fields),
        SignedPart::At(place) => quote!(rt::webhook::SignedPart::At(#place)),
        SignedPart::Text(text) => quote!(rt::webhook::SignedPart::Text(#text)),
    });
    let (delivery_id, timestamp) = (option(delivery_id.as_deref()), option(timestamp.as_deref()));
    let events = events.as_ref().map(self::events);
    let (secret, encoding, algorithm) = (id(secret), id(encoding), id(algorithm));
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
            id: #delivery_id,
            timestamp: #timestamp,
            signature: #signature,
            algorithm: rt::webhook::Algorithm::#algorithm,
            signed: &[#(#signed),*],
            secret: rt::webhook::Encoding::#secret,
            secret_prefix: #secret_prefix,
            encoding: rt::webhook::Encoding::#encoding,
            signature_prefix: #signature_prefix,
            separator: #separator,
            env: #env,
        };
        #events
    }
}

/// The enum of events, and how a delivery becomes one.
fn events(events: &WebhookEvents) -> TokenStream {
    let WebhookEvents { name, variants } = events;
    let at = match name {
        MessagePlace::Body(at) => quote!(rt::webhook::EventName::Body(#at)),
        MessagePlace::Header(name) => quote!(rt::webhook::EventName::Header(#name)),
    };
    let parts = variants.iter().map(|it| {
        let WebhookEvent { ident, wire, docs: words, ty } = it;
        (id(ident), wire, docs(words), CurrentModule::Resource.ty(ty))
    });
    let parts: Vec<_> = parts.collect();
    let items = parts.iter().map(|(ident, _, words, ty)| quote!(#words #ident(#ty)));
    let read = parts.iter().map(|(ident, wire, ..)| quote!(#wire => Self::#ident(delivery.decode(&body)?)));
    let names = parts.iter().map(|(ident, wire, ..)| quote!(Self::#ident(_) => #wire));
    quote! {
        /// An event that the API tells.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "a box would stand in every match")]
        #[non_exhaustive]
        pub enum Event {
            #(#items,)*
            /// An event that this crate does not know.
            Other {
                /// Its name.
                name: String,
                /// What was sent.
                body: rt::Value,
            },
        }
        impl Event {
            /// Reads a verified delivery.
            ///
            /// # Errors
            /// Fails if the body is not JSON, does not name an event, or is not what the API promises for the event.
            pub fn read(delivery: &Delivery) -> rt::Result<Self> {
                let (name, body) = delivery.event(#at)?;
                Ok(match name.as_str() {
                    #(#read,)*
                    _ => Self::Other { name, body },
                })
            }
            /// The name of the event.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    #(#names,)*
                    Self::Other { name, .. } => name,
                }
            }
        }
    }
}
