//! Unions: enums with a variant per member, distinguished by a tag or by JSON type.

use specwright_format::{TokenStream, quote};

use super::checks;
use super::codec::write;
use super::tokens::{CurrentModule, docs, id};
use crate::lower::view::{JsonKind, MemberShape, NamedKind, Tag, Ty, UnionItem, UnionMember};

pub(super) fn union_item(item: &UnionItem, home: CurrentModule) -> TokenStream {
    let UnionItem { ident, docs: words, tag, members, other, as_text, constructors, check } = item;
    let name = id(ident);
    let words = docs(words);
    let names: Vec<_> = members.iter().map(|it| id(&it.ident)).collect();
    let tys: Vec<_> = members.iter().map(|it| home.ty(&it.ty)).collect();
    let member_docs = members.iter().map(|it| docs(&it.docs));
    let other_variant = other.then(|| {
        quote! {
            /// Anything else, unchanged.
            Other(rt::Value),
        }
    });
    let other_write = other.then(|| quote!(Self::Other(value) => out.value(value),));
    let (encode, decode) = match tag {
        Some(tag) => tagged_codec(item, tag, home),
        None => untagged_codec(item, home),
    };
    let mut seen: Vec<&Ty> = Vec::new();
    let mut froms = Vec::new();
    for (member, (variant, ty)) in members.iter().zip(names.iter().zip(&tys)) {
        if seen.contains(&&member.ty) {
            continue;
        }
        seen.push(&member.ty);
        froms.push(quote! {
            impl From<#ty> for #name {
                #[inline]
                fn from(value: #ty) -> Self { Self::#variant(value) }
            }
        });
        if matches!(member.ty, Ty::String | Ty::Text(_)) {
            froms.push(quote! {
                impl From<&str> for #name {
                    #[inline]
                    fn from(value: &str) -> Self { Self::#variant(value.to_owned()) }
                }
            });
        }
    }
    let checks = check.as_ref().map(|it| {
        let function = checks::union_function(it, item, home);
        quote!(#function)
    });
    let short: Vec<_> = constructors.iter().map(|it| super::constructors::function(ident, it, home)).collect();
    let kind = tag.as_ref().map(|tag| tag_method(item, tag, home));
    let readers: Vec<_> = members.iter().filter_map(|it| reader_method(it, home)).collect();
    let methods = (checks.is_some() || !short.is_empty() || kind.is_some() || !readers.is_empty())
        .then(|| quote!(impl #name { #(#short)* #kind #(#readers)* #checks }));
    let display = as_text.then(|| display(item));
    // Of these members each is a record; how large it is, nobody here knows.
    let several_records = members.iter().any(|it| !it.shape.is_empty() || it.reader.is_some());
    let large = (several_records || (tag.is_some() && members.len() > 1))
        .then(|| quote!(#[allow(clippy::large_enum_variant, reason = "a box would stand in every match")]));
    quote! {
        #words
        #large
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#member_docs #names(#tys),)*
            #other_variant
        }
        #methods
        #(#froms)*
        impl rt::Encode for #name {
            #[inline]
            fn encode(&self, out: &mut rt::JsonWriter) {
                match self {
                    #encode
                    #other_write
                }
            }
        }
        impl rt::Decode for #name {
            #[inline]
            fn decode(from: &rt::Reader<'_>) -> Result<Self, rt::DecodeError> { #decode }
        }
        #display
        rt::debug_as_json!(#name);
    }
}

/// The value as text, for the places of a request that hold nothing else.
fn display(item: &UnionItem) -> TokenStream {
    let name = id(&item.ident);
    let arms = item.members.iter().map(|it| {
        let variant = id(&it.ident);
        let text = match &it.ty {
            Ty::String | Ty::Text(_) => quote!(value),
            Ty::Named { kind: NamedKind::Enum, .. } => quote!(value.as_str()),
            Ty::Number => quote!(&rt::number_text(value)),
            Ty::File => quote!(value.name()),
            _ => return quote!(Self::#variant(value) => fmt::Display::fmt(value, f),),
        };
        quote!(Self::#variant(value) => f.write_str(#text),)
    });
    let file = item.members.iter().find(|it| it.ty == Ty::File);
    let add_file = file.map(|it| {
        let variant = id(&it.ident);
        quote! {
            #[inline]
            fn add_to(&self, name: &str, form: &mut rt::Multipart) {
                match self {
                    Self::#variant(file) => form.file(name, file),
                    other => form.text(name, &other.to_string()),
                }
            }
        }
    });
    let other = item.other.then(|| {
        quote! {
            Self::Other(value) => match value.as_str() {
                Some(text) => f.write_str(text),
                None => fmt::Display::fmt(value, f),
            },
        }
    });
    quote! {
        /// The value as text, for a path, a query or a header.
        impl fmt::Display for #name {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { #(#arms)* #other }
            }
        }
        impl rt::Parameter for #name {
            #[inline]
            fn each_text(&self, send: &mut dyn FnMut(&str)) { send(&self.to_string()); }
            #add_file
        }
    }
}

/// The value of the tag.
fn tag_method(item: &UnionItem, tag: &Tag, home: CurrentModule) -> TokenStream {
    let field = &tag.field;
    let (ty, read) = match tag.ty {
        // `2.0` is a whole number too.
        Ty::Integer => (quote!(i64), quote!(|it| rt::from_json(it).ok())),
        Ty::Boolean => (quote!(bool), quote!(rt::Value::as_bool)),
        _ => (quote!(&str), quote!(rt::Value::as_str)),
    };
    // Text has a value that stands for none.
    let is_optional = item.other && tag.ty != Ty::String;
    let arms = item.members.iter().map(|it| {
        let (variant, value) = (id(&it.ident), tag_literal(it, home));
        let value = if is_optional { quote!(Some(#value)) } else { value };
        quote!(Self::#variant(_) => #value,)
    });
    let other = item.other.then(|| {
        let or_none = (!is_optional).then(|| quote!(.unwrap_or_default()));
        quote!(Self::Other(value) => value.get(#field).and_then(#read) #or_none,)
    });
    let ty = if is_optional { quote!(Option<#ty>) } else { ty };
    let words = format!(" The value of `{}`, which distinguishes the variants.", field.replace('`', "'"));
    quote! {
        #[doc = #words]
        #[must_use]
        #[inline]
        pub fn tag(&self) -> #ty { match self { #(#arms)* #other } }
    }
}

fn tag_literal(member: &UnionMember, home: CurrentModule) -> TokenStream {
    member.tag.as_ref().map_or_else(|| quote!(""), |it| home.literal(it))
}

/// Reads a value as one of the members that nothing tells apart.
fn reader_method(member: &UnionMember, home: CurrentModule) -> Option<TokenStream> {
    let reader = id(member.reader.as_ref()?);
    let (variant, ty) = (id(&member.ident), home.ty(&member.ty));
    let words = format!(" The value as [`{0}`](Self::{0}), if it can be read as that.", member.ident);
    Some(quote! {
        #[doc = #words]
        #[must_use]
        #[inline]
        pub fn #reader(&self) -> Option<#ty> {
            match self {
                Self::#variant(value) => Some(value.clone()),
                Self::Other(value) => rt::from_json(value).ok(),
                _ => None,
            }
        }
    })
}

fn tagged_codec(item: &UnionItem, tag: &Tag, home: CurrentModule) -> (TokenStream, TokenStream) {
    let field = &tag.field;
    let is_text = tag.ty == Ty::String;
    let arms = item.members.iter().map(|it| {
        let (variant, value) = (id(&it.ident), tag_literal(it, home));
        let method = match tag.ty {
            // A number alone does not say its type.
            Ty::Integer => quote!(tagged_by::<i64, _>),
            _ if is_text => quote!(tagged),
            _ => quote!(tagged_by),
        };
        quote!(Self::#variant(value) => out.#method(#field, #value, value),)
    });
    let reads = item.members.iter().map(|it| {
        let (variant, value) = (id(&it.ident), tag_literal(it, home));
        let value = if item.other && !is_text { quote!(Some(#value)) } else { value };
        quote!(#value => rt::Decode::decode(from).map(Self::#variant),)
    });
    let unknown = if item.other {
        Some(quote!(_ => Ok(Self::Other(from.value().clone())),))
    } else if tag.ty == Ty::Boolean && item.members.len() > 1 {
        None
    } else {
        let expected = format!("an object with a documented `{}`", field.replace('`', "'"));
        Some(quote!(_ => Err(from.expected(#expected)),))
    };
    let ty = match tag.ty {
        Ty::Integer => quote!(i64),
        Ty::Boolean => quote!(bool),
        _ => quote!(String),
    };
    let read = match (item.other, is_text) {
        (true, true) => quote!(from.object()?.lenient::<String>(#field).unwrap_or_default().as_str()),
        (true, false) => quote!(from.object()?.lenient::<#ty>(#field)),
        (false, true) => quote!(from.object()?.field::<String>(#field)?.as_str()),
        (false, false) => quote!(from.object()?.field::<#ty>(#field)?),
    };
    (
        quote!(#(#arms)*),
        quote! {
            match #read {
                #(#reads)*
                #unknown
            }
        },
    )
}

fn untagged_codec(item: &UnionItem, home: CurrentModule) -> (TokenStream, TokenStream) {
    let arms = item.members.iter().map(|it| {
        let variant = id(&it.ident);
        let write = write(&it.ty, &quote!(out), &quote!(value));
        quote!(Self::#variant(value) => #write,)
    });
    // Of members that nothing tells apart the JSON is kept.
    // A file reads every text, so that it comes last.
    let (files, others): (Vec<_>, Vec<_>) = item.members.iter().partition(|it| it.ty == Ty::File);
    let reads = others.into_iter().chain(files).filter(|it| it.reader.is_none()).map(|it| {
        let variant = id(&it.ident);
        if !it.shape.is_empty() {
            let has_shape = it.shape.iter().map(|it| shape_test(it, home));
            let has_shape = if it.shape.len() == 1 { quote!(#(#has_shape)*) } else { quote!((#(#has_shape)||*)) };
            // A union may have members that are no objects.
            let (has_shape, known) = if it.takes_all {
                let known = is_known(it, home);
                (quote!((!from.value().is_object() || #has_shape)), Some(quote!(&& #known)))
            } else {
                (has_shape, None)
            };
            return quote! {
                if #has_shape && let Ok(value) = rt::Decode::decode(from) #known {
                    return Ok(Self::#variant(value));
                }
            };
        }
        if it.takes_all {
            let known = is_known(it, home);
            return quote! {
                if let Ok(value) = rt::Decode::decode(from)
                    && #known
                {
                    return Ok(Self::#variant(value));
                }
            };
        }
        quote! {
            if let Ok(value) = rt::Decode::decode(from) {
                return Ok(Self::#variant(value));
            }
        }
    });
    (quote!(#(#arms)*), quote!(#(#reads)* Ok(Self::Other(from.value().clone()))))
}

/// Whether a union that is a member has read `value` as one of its own members. What it cannot tell apart is JSON.
fn is_known(member: &UnionMember, home: CurrentModule) -> TokenStream {
    let ty = home.ty(&member.ty);
    let known = quote!(!matches!(value, #ty::Other(_)));
    let kept = member.keeps.iter().map(|it| json_is(it, &quote!(from.value())));
    if member.keeps.is_empty() { known } else { quote!((#(#kept||)* #known)) }
}

/// Whether a value is JSON of a kind that a union keeps.
pub(super) fn json_is(kind: &JsonKind, value: &TokenStream) -> TokenStream {
    match kind {
        JsonKind::List => quote!(#value.is_array()),
        _ => quote!(#value.is_object()),
    }
}

/// Whether what is read is an object of this shape.
fn shape_test(shape: &MemberShape, home: CurrentModule) -> TokenStream {
    let MemberShape { field, values } = shape;
    match values {
        None => quote!(from.value().get(#field).is_some()),
        Some(values) => {
            let is_one = checks::json_is_one_of(home, values, &quote!(it));
            quote!(from.value().get(#field).is_some_and(|it| #is_one))
        }
    }
}
