//! The struct of a request, and the list of its parameters by their places.

use specwright_format::{TokenStream, quote};

use super::checks;
use super::codec::listed;
use super::tokens::{CurrentModule, docs, id};
use crate::lower::view::{Operation, PartMethod, PathPiece, Reply, RequestField};
use crate::model::{Encoding, ListStyle, Location, ObjectStyle, Style, TextStyle};
use crate::rust_words::without_raw_prefix;

const HOME: CurrentModule = CurrentModule::Operation;

pub(super) fn request(operation: &Operation, reply: &TokenStream) -> TokenStream {
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
    let debug = if operation.request.hides {
        let fields = operation.request.fields.iter().map(|it| (it.ident.as_str(), it.secret));
        debug_impl(&operation.request.ident, fields, allow.as_ref())
    } else {
        quote!(rt::debug_request!(#name);)
    };
    let open = operation.request.open.then(|| quote!(open));
    let check = checks::request_function(&operation.request.checks);
    let rules = match check {
        Some(check) => quote!(#allow impl rt::Rules for #name { #check }),
        None => quote!(impl rt::Rules for #name {}),
    };
    let keys = operation.has_keys.then(|| quote!(keys by put_extra,));
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
        #[derive(Clone)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #rules
        rt::request!(#open #name => #reply { OPERATION, #read, #keys #places });
        #debug
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
                path.push(path_piece(&fields[*index], &before));
            }
        }
    }
    path.push(quote!(#text));
    let of = |location: Location| fields.iter().filter(move |it| it.location == location);
    let section = |name: &str, items: Vec<TokenStream>| {
        let name = id(name);
        (!items.is_empty()).then(|| quote!(#name { #(#items),* },))
    };
    let query = section("query", of(Location::Query).map(query_item).collect());
    let headers = section("headers", of(Location::Header).map(header_item).collect());
    let cookies = section("cookies", of(Location::Cookie).map(cookie_item).collect());
    let in_body: Vec<&RequestField> = of(Location::Body).collect();
    let whole = of(Location::WholeBody).next().map(|it| listed(&it.ident, &it.wire));
    let body = if let Some(whole) = whole {
        let field = of(Location::WholeBody).next();
        match (operation.encoding, field) {
            (encoding @ (Encoding::Multipart | Encoding::Form), Some(field)) => {
                let section = whole_section(encoding, field);
                Some(quote!(#section,))
            }
            _ => {
                let write = id(operation.whole_body);
                Some(quote!(whole { #whole as #write },))
            }
        }
    } else {
        operation.has_body.then(|| body_section(operation.encoding, &in_body)).map(|it| quote!(#it,))
    };
    let others = operation.alternatives.iter().map(|(encoding, kind)| {
        let section = match of(Location::WholeBody).next() {
            Some(field) => whole_section(*encoding, field),
            None => body_section(*encoding, &in_body),
        };
        quote!(or { #section for #kind },)
    });
    quote!(path #(#path)*, #query #headers #cookies #body #(#others)*)
}

/// A body that is one value, as another encoding writes it.
fn whole_section(encoding: Encoding, field: &RequestField) -> TokenStream {
    let name = listed(&field.ident, &field.wire);
    match encoding {
        Encoding::Form => {
            let style = style(field.style.unwrap_or_default());
            quote!(fields { #name in #style })
        }
        Encoding::Multipart => match &field.part {
            Some(PartMethod::Styled(_)) => {
                let part = part(field);
                quote!(form { #part })
            }
            _ => quote!(form { #name by object_parts "application/json" }),
        },
        Encoding::Lines => quote!(whole { #name as lines_body }),
        Encoding::Json | Encoding::Xml | Encoding::Related | Encoding::Binary | Encoding::Text => {
            quote!(whole { #name as whole_body })
        }
    }
}

/// The parameters of the body, as one encoding writes them.
fn body_section(encoding: Encoding, fields: &[&RequestField]) -> TokenStream {
    let items = fields.iter().map(|it| match encoding {
        Encoding::Form => {
            let (field, style) = (listed_as_sent(it), style(it.style.unwrap_or_default()));
            quote!(#field in #style)
        }
        Encoding::Multipart | Encoding::Related => part(it),
        Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Binary | Encoding::Text => {
            let (name, wire) = (id(&it.ident), &it.wire);
            let sent = it.sent.as_ref().unwrap_or(wire);
            let own = it.sent.as_ref().map(|_| quote!(= #wire));
            quote!(#sent: #name #own)
        }
    });
    let name = match encoding {
        Encoding::Form => quote!(fields),
        Encoding::Multipart => quote!(form),
        Encoding::Related => quote!(form as related),
        Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Binary | Encoding::Text => quote!(body),
    };
    quote!(#name { #(#items),* })
}

/// A part of a multipart body.
fn part(field: &RequestField) -> TokenStream {
    let name = listed(&field.ident, &field.wire);
    let sent = field.part_name.as_ref().map(|it| quote!(as #it));
    let by = field.part.as_ref().map(|it| match it {
        PartMethod::Typed(method, kind) => {
            let method = id(method);
            quote!(by #method #kind)
        }
        PartMethod::Styled(style) => {
            let style = self::style(*style);
            quote!(by styled_part #style)
        }
    });
    quote!(#name #sent #by)
}

/// A parameter of the path, behind the text before it.
fn path_piece(field: &RequestField, before: &str) -> TokenStream {
    let name = listed(&field.ident, &field.wire);
    if field.keeps_slashes {
        quote!(#before { * #name })
    } else if let Some(own) = field.style {
        let style = style(own);
        quote!(#before [ #name in #style ])
    } else {
        quote!(#before { #name })
    }
}

fn query_item(field: &RequestField) -> TokenStream {
    let name = listed_as_sent(field);
    let Some(own) = field.style else { return name };
    let style = style(own);
    quote!([ #name in #style ])
}

fn header_item(field: &RequestField) -> TokenStream {
    let (ident, wire) = (id(&field.ident), &field.wire);
    if let Some(start) = &field.header_prefix {
        return quote!(* #ident = #wire as #start);
    }
    let lower = field.sent.as_ref().unwrap_or(wire).to_ascii_lowercase();
    let Some(own) = field.style else { return quote!(#ident = #wire as #lower) };
    let style = style(own);
    quote!([ #ident = #wire as #lower in #style ])
}

fn cookie_item(field: &RequestField) -> TokenStream {
    let (name, style) = (listed_as_sent(field), style(field.style.unwrap_or_default()));
    quote!(#name in #style)
}

/// A parameter in the list of a macro, with the name by which it is sent if that is another.
fn listed_as_sent(field: &RequestField) -> TokenStream {
    let name = listed(&field.ident, &field.wire);
    let sent = field.sent.as_ref().map(|it| quote!(as #it));
    quote!(#name #sent)
}

fn style(style: Style) -> TokenStream {
    if style.json {
        return quote!(rt::Style::JSON);
    }
    if style == Style::PLAIN {
        return quote!(rt::Style::PLAIN);
    }
    let lists = id(match style.lists {
        ListStyle::Repeated => "Repeated",
        ListStyle::Comma => "Comma",
        ListStyle::Space => "Space",
        ListStyle::Pipe => "Pipe",
        ListStyle::Brackets => "Brackets",
        ListStyle::Indices => "Indices",
        ListStyle::Semicolon => "Semicolon",
        ListStyle::Numbered => "Numbered",
        ListStyle::Dots => "Dots",
        ListStyle::Json => "Json",
    });
    let objects = id(match style.objects {
        Some(ObjectStyle::Exploded) => "Exploded",
        Some(ObjectStyle::Comma) => "Comma",
        Some(ObjectStyle::Dots) => "Dots",
        Some(ObjectStyle::Json) => "Json",
        Some(ObjectStyle::DeepObject) | None => "DeepObject",
    });
    let new = quote!(rt::Style::new(rt::ListStyle::#lists, rt::ObjectStyle::#objects));
    match style.texts {
        TextStyle::Encoded => new,
        TextStyle::Reserved => quote!(#new.reserved()),
        TextStyle::Flag => quote!(#new.flag()),
    }
}

/// `Debug` that does not show secrets: each field is an ident, and whether its value is one.
fn debug_impl<'a>(
    ident: &str,
    fields: impl Iterator<Item = (&'a str, bool)>,
    allow: Option<&TokenStream>,
) -> TokenStream {
    let name = id(ident);
    let shown = fields.map(|(ident, secret)| {
        let (field, text) = (id(ident), without_raw_prefix(ident));
        if secret { quote!(.field(#text, &"…")) } else { quote!(.field(#text, &self.#field)) }
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
}
