//! Small pieces that all emitters share: identifiers, docs, types, constants.

use specwright_format::{Ident, ToTokens, TokenStream, quote};
use specwright_yaml::invisible_characters::is_plain;
use unicode_ident::{is_xid_continue, is_xid_start};

use crate::lower::view::{Docs, Literal, NamedKind, Number, Storage, Ty, TypeName};
use crate::rust_words::without_raw_prefix;

/// An identifier, raw ones included.
pub(crate) fn id(name: &str) -> Ident<'_> {
    let mut letters = without_raw_prefix(name).chars();
    debug_assert!(
        letters.next().is_some_and(|it| it == '_' || is_xid_start(it)) && letters.all(is_xid_continue),
        "{name:?} is no name"
    );
    Ident::new(name)
}

/// How a method takes the value that it is called on.
#[derive(Clone, Copy)]
pub(crate) enum Receiver {
    Value,
    Reference,
    None,
}

/// Of a method that has a name with a meaning in Rust because the API calls it so.
pub(crate) fn allow_name(method: &str, receiver: Receiver) -> Option<TokenStream> {
    if method == "new" {
        return Some(quote!(#[allow(clippy::new_ret_no_self, reason = "a name of the API")]));
    }
    // Methods of the standard library's traits.
    let of_traits: &[&str] = match receiver {
        Receiver::Value => {
            &["add", "bitand", "bitor", "bitxor", "div", "into_iter", "mul", "neg", "not", "rem", "shl", "shr", "sub"]
        }
        Receiver::Reference => &["as_ref", "borrow", "clone", "cmp", "deref", "eq", "hash", "index"],
        Receiver::None => &["default", "from_iter", "from_str"],
    };
    let is_theirs = of_traits.contains(&method);
    is_theirs.then(|| quote!(#[allow(clippy::should_implement_trait, reason = "a name of the API")]))
}

/// Of a function that takes what the API requires; `self` counts too.
pub(crate) fn allow_many(arguments: usize) -> Option<TokenStream> {
    (arguments > 7).then(|| quote!(#[allow(clippy::too_many_arguments, reason = "the API requires them all")]))
}

/// Of a function with these arguments: the compiler makes it where it is called, not in the crate of the client. What takes
/// an `impl` is made there anyway.
pub(crate) fn inline<'t>(mut arguments: impl Iterator<Item = &'t TokenStream>) -> Option<TokenStream> {
    (!arguments.any(|it| it.texts().any(|it| it == "impl"))).then(|| quote!(#[inline]))
}

/// Constants as the pattern of a `match`, with runs of whole numbers as ranges.
pub(crate) fn pattern(home: CurrentModule, literals: &[Literal]) -> TokenStream {
    let mut numbers: Vec<i128> = Vec::new();
    for literal in literals {
        match literal {
            Literal::Integer(number) => numbers.push(i128::from(*number)),
            Literal::Unsigned(number) => numbers.push(i128::from(*number)),
            _ => {
                let constants = literals.iter().map(|it| home.literal(it));
                return quote!(#(#constants)|*);
            }
        }
    }
    numbers.sort_unstable();
    let parts = numbers.chunk_by(|a, b| a.checked_add(1) == Some(*b)).flat_map(|run| match run {
        [first, _, .., last] => {
            let (first, last) = (integer(*first), integer(*last));
            vec![quote!(#first..=#last)]
        }
        few => few.iter().map(|it| integer(*it)).collect(),
    });
    quote!(#(#parts)|*)
}

/// Lines of rustdoc.
pub(crate) fn docs(lines: &Docs) -> TokenStream {
    let lines = lines.iter().map(|it| Comment(it));
    quote!(#(#[doc = #lines])*)
}

/// Lines of a module's rustdoc.
pub(crate) fn module_docs(lines: &Docs) -> TokenStream {
    let lines = lines.iter().map(|it| Comment(it));
    quote!(#(#![doc = #lines])*)
}

/// A line as a comment can hold it: the compiler refuses what turns the direction of writing, and a line break would end
/// the comment. What is written instead means the same in a string of Rust.
struct Comment<'l>(&'l str);

impl ToTokens for Comment<'_> {
    fn to_tokens(&self, out: &mut TokenStream) {
        let line = self.0;
        if line.is_empty() {
            return out.push_string(&[]);
        }
        // Most lines are such.
        if is_plain(line) {
            return out.push_string(&[" ", line]);
        }
        let mut shown = String::with_capacity(line.len());
        for character in line.chars() {
            match character {
                '\t' => shown.push(' '),
                '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    shown.extend(character.escape_unicode());
                }
                it if it.is_control() => shown.extend(it.escape_unicode()),
                it => shown.push(it),
            }
        }
        out.push_string(&[" ", &shown]);
    }

    fn size(&self) -> usize {
        self.0.len() + 4
    }
}

/// Which module is being written: types are named from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CurrentModule {
    /// `crate::types`.
    Shared,
    /// `types.rs` of a resource, which imports `crate::types`.
    Types,
    /// `mod.rs` of a resource, which re-exports its types.
    Resource,
    /// An operation's module, which imports `crate::types`.
    Operation,
}

impl CurrentModule {
    /// A named type.
    pub(crate) fn named(self, name: &TypeName) -> TokenStream {
        let ident = id(&name.ident);
        match (self, &name.module) {
            (Self::Shared, None) | (Self::Types | Self::Resource, Some(_)) => quote!(#ident),
            (Self::Resource, None) => quote!(crate::types::#ident),
            (Self::Types | Self::Operation, None) => quote!(types::#ident),
            (Self::Operation, Some(_)) => quote!(super::#ident),
            (Self::Shared, Some(module)) => {
                let module = id(module);
                quote!(crate::#module::#ident)
            }
        }
    }

    /// The type itself.
    pub(crate) fn ty(self, ty: &Ty) -> TokenStream {
        match ty {
            Ty::String | Ty::Text(_) => quote!(String),
            Ty::Integer => quote!(i64),
            Ty::Unsigned => quote!(u64),
            Ty::Number => quote!(f64),
            Ty::Boolean => quote!(bool),
            Ty::Json => quote!(rt::Value),
            Ty::File => quote!(rt::File),
            Ty::List(inner) => {
                let inner = self.ty(inner);
                quote!(Vec<#inner>)
            }
            Ty::Tuple(items) => {
                let items = items.iter().map(|it| self.ty(it));
                quote!((#(#items),*))
            }
            Ty::Map(inner) => {
                let inner = self.ty(inner);
                quote!(BTreeMap<String, #inner>)
            }
            Ty::Nullable(inner) => {
                let inner = self.ty(inner);
                quote!(rt::Nullable<#inner>)
            }
            Ty::Boxed(inner) => {
                let inner = self.ty(inner);
                quote!(Box<#inner>)
            }
            Ty::Named { name, .. } => self.named(name),
        }
    }

    /// The type of a field.
    pub(crate) fn stored(self, ty: &Ty, storage: Storage) -> TokenStream {
        let ty = self.ty(ty);
        match storage {
            Storage::Plain => ty,
            Storage::Optional | Storage::Null => quote!(Option<#ty>),
            Storage::OptionalNullable => quote!(Option<rt::Nullable<#ty>>),
        }
    }

    /// What a setter takes, and how the value is made of `value`.
    pub(crate) fn argument(self, ty: &Ty, value: &TokenStream) -> (TokenStream, TokenStream) {
        match ty {
            Ty::String => (quote!(impl Into<String>), quote!(#value.into())),
            Ty::Text(of) => {
                let of = id(of);
                (quote!(impl Into<rt::text::#of>), quote!(rt::text::#of::text(#value)))
            }
            Ty::Integer => (quote!(i64), quote!(#value)),
            Ty::Unsigned => (quote!(u64), quote!(#value)),
            Ty::Number => (quote!(impl Into<f64>), quote!(#value.into())),
            Ty::Boolean => (quote!(bool), quote!(#value)),
            Ty::Json => (quote!(impl Into<rt::Value>), quote!(#value.into())),
            Ty::File => (quote!(impl Into<rt::File>), quote!(#value.into())),
            Ty::List(inner) => match &**inner {
                Ty::Text(of) => {
                    let of = id(of);
                    (
                        quote!(impl IntoIterator<Item = impl Into<rt::text::#of>>),
                        quote!(#value.into_iter().map(rt::text::#of::text).collect()),
                    )
                }
                Ty::String
                | Ty::Json
                | Ty::Number
                | Ty::File
                | Ty::Nullable(_)
                | Ty::Named { kind: NamedKind::Union, .. } => {
                    let item = self.ty(inner);
                    (
                        quote!(impl IntoIterator<Item = impl Into<#item>>),
                        quote!(#value.into_iter().map(Into::into).collect()),
                    )
                }
                _ => {
                    let item = self.ty(inner);
                    (quote!(impl IntoIterator<Item = #item>), quote!(#value.into_iter().collect()))
                }
            },
            Ty::Map(inner) => {
                let item = self.ty(inner);
                let into = matches!(**inner, Ty::String | Ty::Json | Ty::Number | Ty::Nullable(_));
                let (item, made) = match &**inner {
                    Ty::Text(_) => self.argument(inner, &quote!(value)),
                    _ if into => (quote!(impl Into<#item>), quote!(value.into())),
                    _ => (item, quote!(value)),
                };
                (
                    quote!(impl IntoIterator<Item = (impl Into<String>, #item)>),
                    quote!(#value.into_iter().map(|(key, value)| (key.into(), #made)).collect()),
                )
            }
            Ty::Nullable(_) => {
                let ty = self.ty(ty);
                (quote!(impl Into<#ty>), quote!(#value.into()))
            }
            Ty::Tuple(_) => (self.ty(ty), value.clone()),
            // People hand the value itself in.
            Ty::Boxed(inner) => {
                let (argument, value) = self.argument(inner, value);
                (argument, quote!(Box::new(#value)))
            }
            Ty::Named { name, kind } => {
                let named = self.named(name);
                match kind {
                    NamedKind::Union => (quote!(impl Into<#named>), quote!(#value.into())),
                    NamedKind::Enum | NamedKind::Record => (named, quote!(#value)),
                }
            }
        }
    }

    /// A constant, as a pattern and as an expression alike.
    pub(crate) fn literal(self, literal: &Literal) -> TokenStream {
        match literal {
            Literal::Variant { ty, variant } => {
                let (ty, variant) = (self.named(ty), id(variant));
                quote!(#ty::#variant)
            }
            Literal::Text(text) => quote!(#text),
            Literal::Integer(number) => integer((*number).into()),
            Literal::Unsigned(number) => integer((*number).into()),
            Literal::Number(number) => float(*number),
            Literal::Boolean(value) => quote!(#value),
        }
    }
}

/// A whole number without suffix.
pub(crate) fn integer(number: i128) -> TokenStream {
    let digits = TokenStream::literal(&number.unsigned_abs().to_string());
    if number < 0 { quote!(-#digits) } else { quote!(#digits) }
}

/// A number with a fraction, without suffix.
pub(crate) fn float(number: f64) -> TokenStream {
    // With a point, which makes it no whole number.
    let digits = number.abs().to_string();
    let digits = TokenStream::literal(&if digits.contains('.') { digits } else { digits + ".0" });
    if number.is_sign_negative() && number != 0.0 { quote!(-#digits) } else { quote!(#digits) }
}

/// A limit.
pub(crate) fn number(number: Number) -> TokenStream {
    match number {
        Number::Integer(it) => integer(it.into()),
        Number::Unsigned(it) => integer(it.into()),
        Number::Float(it) => float(it),
    }
}

/// A count, as `usize`.
pub(crate) fn count(count: u64) -> TokenStream {
    TokenStream::literal(&count.to_string())
}

/// `Some("…")` or `None`.
pub(crate) fn option(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
