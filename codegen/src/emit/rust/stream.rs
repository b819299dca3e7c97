//! Streams of an operation: the enum of its events, and the static data that the runtime follows.

use specwright_format::{TokenStream, quote};

use super::tokens::{CurrentModule, count, docs, id, option};
use crate::lower::view::{EventEnum, Events, Stream};
use crate::model::{Collect, CollectStep, Numbering, StreamState, StreamText, Verb};

const HOME: CurrentModule = CurrentModule::Operation;

/// Type of the events, type of what they add up to, and the function that reads an event.
pub(crate) fn types(stream: &Stream) -> (TokenStream, TokenStream, TokenStream) {
    let (event, read) = match &stream.events {
        Events::Chunks(ty) => {
            let ty = HOME.ty(ty);
            (ty.clone(), quote!(rt::stream::chunk::<#ty>))
        }
        Events::Named(events) => {
            let name = id(&events.ident);
            (quote!(#name), quote!(#name::read))
        }
    };
    let whole = match &stream.collected {
        Some(ty) => HOME.ty(ty),
        None => quote!(()),
    };
    (event, whole, read)
}

/// The enum of named events, and `STREAM`.
pub(crate) fn items(stream: &Stream) -> TokenStream {
    let events = match &stream.events {
        Events::Chunks(_) => None,
        Events::Named(events) => Some(event_enum(events)),
    };
    let spec = stream_spec(stream);
    quote!(#events #spec)
}

fn event_enum(events: &EventEnum) -> TokenStream {
    let EventEnum { ident, docs: words, members } = events;
    let (name, words) = (id(ident), docs(words));
    let variants = members.iter().map(|it| {
        let (ident, words) = (id(&it.ident), docs(&it.docs));
        match &it.ty {
            Some(ty) => {
                let ty = HOME.ty(ty);
                quote!(#words #ident(#ty))
            }
            None => quote!(#words #ident),
        }
    });
    let arms = members.iter().map(|it| {
        let (ident, name) = (id(&it.ident), &it.name);
        match it.ty {
            Some(_) => quote!(#name => Self::#ident(rt::Decode::decode(data)?)),
            None => quote!(#name => Self::#ident),
        }
    });
    quote! {
        #words
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// An event that the API's documentation does not list.
            Other(rt::stream::OtherEvent),
        }
        impl #name {
            #[inline]
            fn read(name: &str, data: &rt::Reader<'_>) -> Result<Self, rt::DecodeError> {
                Ok(match name {
                    #(#arms,)*
                    _ => Self::Other(rt::stream::OtherEvent::new(name, data)),
                })
            }
        }
    }
}

fn stream_spec(stream: &Stream) -> TokenStream {
    let it = &stream.spec;
    let named = matches!(stream.events, Events::Named(_));
    let listed = |name: &str, items: Vec<TokenStream>| {
        let name = id(name);
        (!items.is_empty()).then(|| quote!(#name: &[#(#items),*],))
    };
    let named = named.then(|| quote!(named: true,));
    let name = it.name.as_deref().map(|it| quote!(name: Some(#it),));
    let end_data = it.end_data.as_deref().map(|it| quote!(end_data: Some(#it),));
    let error_events = listed("error_events", it.error_events.iter().map(|it| quote!(#it)).collect());
    let error = it.error.as_deref().map(|it| quote!(error: Some(#it),));
    let states = it.states.iter().map(|it| {
        let StreamState { name, moves, ends } = it;
        let moves = moves.iter().map(|(event, to)| {
            let to = count(*to as u64);
            quote!((#event, #to))
        });
        quote!(rt::stream::State { name: #name, moves: &[#(#moves),*], ends: #ends })
    });
    let text = it.text.iter().map(|it| {
        let StreamText { event, at, unless } = it;
        let unless = option(unless.as_deref());
        quote!(rt::stream::TextAt { event: #event, at: #at, unless: #unless })
    });
    let collect = it.collect.iter().flatten().map(|it| {
        let Collect { event, steps } = it;
        let steps = steps.iter().map(collect_step);
        quote!(rt::stream::CollectRule { event: #event, steps: &[#(#steps),*] })
    });
    let states = listed("states", states.collect());
    let text = listed("text", text.collect());
    let collect = listed("collect", collect.collect());
    quote! {
        static STREAM: rt::stream::StreamSpec = rt::stream::StreamSpec {
            #named
            #name
            #end_data
            #error_events
            #error
            #states
            #text
            #collect
            ..rt::stream::StreamSpec::CHUNKS
        };
    }
}

fn collect_step(step: &CollectStep) -> TokenStream {
    let CollectStep { verb, from, into } = step;
    let verb = match verb {
        Verb::Set => quote!(Set),
        Verb::First => quote!(First),
        Verb::Append => quote!(Append),
        Verb::Merge => quote!(Merge),
        Verb::Json => quote!(Json),
        Verb::Concat(join) => {
            let join = option(join.as_deref());
            quote!(Concat(#join))
        }
        Verb::Const(value) => {
            let text = value.to_string();
            quote!(Const(#text))
        }
        Verb::Each(steps) => {
            let steps = steps.iter().map(self::collect_step);
            quote!(Each(&[#(#steps),*]))
        }
        Verb::Numbered(Numbering { at, id, begins, ends }, steps) => {
            let (id, ends) = (option(id.as_deref()), option(ends.as_deref()));
            let steps = steps.iter().map(self::collect_step);
            quote!(Numbered { at: #at, id: #id, begins: &[#(#begins),*], ends: #ends, steps: &[#(#steps),*] })
        }
    };
    quote!(rt::stream::CollectStep { verb: rt::stream::Verb::#verb, from: #from, into: #into })
}
