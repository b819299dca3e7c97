//! Tests of one value: what fails, and what the violation shows of it.

use specwright_format::{TokenStream, quote};

use super::Emitter;
use crate::emit::rust::tokens::{CurrentModule, count, id, number, pattern};
use crate::lower::view::{JsonKind, Literal, NamedKind, Number, OneOf, Test, Text, Ty};

impl Emitter<'_> {
    /// Holds when `value`, a reference, breaks the constraint.
    pub(super) fn test(self, test: &Test, value: &TokenStream, ty: &Ty) -> TokenStream {
        let text = |text: &Text| match text {
            Text::Plain => value.clone(),
            Text::Enum => quote!(#value.as_str()),
        };
        match test {
            Test::Longer { text: it, most, han_double } => {
                let (text, most) = (text(it), count(*most));
                if *han_double {
                    quote!(rt::check::han_longer(#text, #most))
                } else {
                    quote!(rt::check::longer(#text, #most))
                }
            }
            Test::Shorter { text: it, least: 1, .. } => {
                let text = text(it);
                quote!(#text.is_empty())
            }
            Test::Shorter { text: it, least, han_double } => {
                let (text, least) = (text(it), count(*least));
                if *han_double {
                    quote!(rt::check::han_shorter(#text, #least))
                } else {
                    quote!(rt::check::shorter(#text, #least))
                }
            }
            Test::Pattern { text: it, pattern } => {
                let text = text(it);
                quote!(!rt::check::pattern(#text, #pattern))
            }
            Test::Matches { text: it, pattern } => {
                let text = text(it);
                quote!(rt::check::pattern(#text, #pattern))
            }
            Test::Format { text: it, function } => {
                let (text, function) = (text(it), id(function));
                quote!(!rt::check::#function(#text))
            }
            Test::OutOfRange(function) => {
                let function = id(function);
                quote!(!rt::check::#function(*#value))
            }
            Test::NotOneOf { literals } => self.not_one_of(literals, value, ty),
            // Null is no value, whatever is asked of values.
            Test::NotPicked(pick @ OneOf::Json(_)) => {
                let picked = self.is_one_of(pick, value);
                quote!(!#value.is_null() && !#picked)
            }
            Test::NotPicked(pick) => {
                let picked = self.is_one_of(pick, value);
                quote!(!#picked)
            }
            Test::Picked(pick) => self.is_one_of(pick, value),
            Test::Member { union, arms } => {
                let arms = self.member_arms(union, arms, &|it| it);
                quote!(match #value { #(#arms)* _ => false })
            }
            Test::Json(kind, test) => {
                let (read, ty) = match kind {
                    JsonKind::Text => (quote!(#value.as_str()), Ty::String),
                    JsonKind::Number => (quote!(rt::check::Number::of(#value).as_ref()), Ty::Json),
                    JsonKind::List => (quote!(#value.as_array()), Ty::List(Box::new(Ty::Json))),
                    JsonKind::Object => (quote!(#value.as_object()), Ty::Map(Box::new(Ty::Json))),
                };
                let test = self.test(test, &quote!(value), &ty);
                quote!(#read.is_some_and(|value| #test))
            }
            Test::Unknown => quote!(!#value.is_known()),
            Test::Below(limit) => {
                let limit = number(*limit);
                quote!(*#value < #limit)
            }
            Test::Above(limit) => {
                let limit = number(*limit);
                quote!(*#value > #limit)
            }
            Test::NotAbove(limit) => {
                let limit = number(*limit);
                quote!(*#value <= #limit)
            }
            Test::NotBelow(limit) => {
                let limit = number(*limit);
                quote!(*#value >= #limit)
            }
            Test::NotMultipleOf(of) => {
                let text = number(*of);
                match (of, ty) {
                    (Number::Integer(_), Ty::Integer) => quote!(*#value % #text != 0),
                    (Number::Unsigned(_), Ty::Unsigned) => quote!(!#value.is_multiple_of(#text)),
                    (_, Ty::Integer | Ty::Unsigned) => quote!(!rt::check::multiple_of(i128::from(*#value), #text)),
                    _ => quote!(!rt::check::multiple_of(*#value, #text)),
                }
            }
            Test::Larger(most) => {
                let most = count(*most);
                quote!(#value.larger(#most))
            }
            Test::FewerItems(1) | Test::FewerProperties(1) => quote!(#value.is_empty()),
            Test::FewerItems(least) | Test::FewerProperties(least) => {
                let least = count(*least);
                quote!(#value.len() < #least)
            }
            Test::MoreItems(most) | Test::MoreProperties(most) => {
                let most = count(*most);
                quote!(#value.len() > #most)
            }
            Test::OtherKeys { pattern } => quote!(!#value.keys().all(|it| rt::check::pattern(it, #pattern))),
            Test::NotUnique { by_value: true } => quote!(!rt::check::unique_values(#value)),
            Test::NotUnique { by_value: false } => quote!(!rt::check::unique(#value)),
        }
    }

    /// Holds when `value`, a reference, is one of those that are meant.
    pub(super) fn is_one_of(self, pick: &OneOf, value: &TokenStream) -> TokenStream {
        match pick {
            OneOf::Literals(literals) => {
                let constants: Vec<_> = literals.iter().map(|it| self.home.literal(it)).collect();
                match literals.first() {
                    None => quote!(false),
                    Some(Literal::Number(_)) => quote!([#(#constants),*].contains(#value)),
                    Some(Literal::Text(_)) => quote!(matches!(#value.as_str(), #(#constants)|*)),
                    Some(Literal::Boolean(_)) => match literals.as_slice() {
                        [Literal::Boolean(true)] => quote!(*#value),
                        [Literal::Boolean(false)] => quote!(!*#value),
                        _ => quote!(true),
                    },
                    Some(_) => {
                        let pattern = pattern(self.home, literals);
                        quote!(matches!(#value, #pattern))
                    }
                }
            }
            OneOf::Members(arms, union) => {
                let arms = self.one_of_arms(union, arms, &|it| it);
                quote!(match #value { #(#arms)* _ => false })
            }
            OneOf::Json(literals) => json_is_one_of(self.home, literals, value),
        }
    }

    /// Arms of a `match`; those of a union in a union have both in their patterns, which `wrap` makes.
    pub(super) fn member_arms(
        self,
        union: &Ty,
        arms: &[(String, Ty, Test)],
        wrap: &dyn Fn(TokenStream) -> TokenStream,
    ) -> Vec<TokenStream> {
        let union = self.home.ty(union);
        let arm = |(variant, ty, test): &(String, Ty, Test)| {
            let variant = id(variant);
            let wrap = |inner| wrap(quote!(#union::#variant(#inner)));
            if let Test::Member { union, arms } = test {
                return self.member_arms(union, arms, &wrap);
            }
            let (pattern, test) = (wrap(quote!(value)), self.test(test, &quote!(value), ty));
            vec![quote!(#pattern => #test,)]
        };
        arms.iter().flat_map(arm).collect()
    }

    /// As [`member_arms`](Self::member_arms).
    pub(super) fn one_of_arms(
        self,
        union: &Ty,
        arms: &[(String, OneOf)],
        wrap: &dyn Fn(TokenStream) -> TokenStream,
    ) -> Vec<TokenStream> {
        let union = self.home.ty(union);
        let arm = |(variant, pick): &(String, OneOf)| {
            let variant = id(variant);
            let wrap = |inner| wrap(quote!(#union::#variant(#inner)));
            if let OneOf::Members(arms, union) = pick {
                return self.one_of_arms(union, arms, &wrap);
            }
            let (pattern, picked) = (wrap(quote!(value)), self.is_one_of(pick, &quote!(value)));
            vec![quote!(#pattern => #picked,)]
        };
        arms.iter().flat_map(arm).collect()
    }

    pub(super) fn not_one_of(self, literals: &[Literal], value: &TokenStream, ty: &Ty) -> TokenStream {
        let constants: Vec<_> = literals.iter().map(|it| self.home.literal(it)).collect();
        match (literals.first(), ty) {
            (Some(Literal::Number(_)), _) => quote!(![#(#constants),*].contains(#value)),
            (Some(Literal::Text(_)), _) => quote!(!matches!(#value.as_str(), #(#constants)|*)),
            (Some(Literal::Boolean(only)), _) if literals.len() == 1 => {
                if *only {
                    quote!(!*#value)
                } else {
                    quote!(*#value)
                }
            }
            (Some(_), Ty::Integer | Ty::Unsigned) if literals.len() == 1 => quote!(*#value != #(#constants)*),
            _ => {
                let pattern = pattern(self.home, literals);
                quote!(!matches!(#value, #pattern))
            }
        }
    }

    /// What the violation shows of `value`, a reference.
    pub(super) fn actual_value(self, test: &Test, value: &TokenStream, ty: &Ty) -> TokenStream {
        match test {
            Test::Longer { text: Text::Plain, .. } | Test::Shorter { text: Text::Plain, .. } => {
                quote!(rt::Actual::length(#value))
            }
            Test::FewerItems(_) | Test::MoreItems(_) => quote!(rt::Actual::items(#value)),
            Test::FewerProperties(_) | Test::MoreProperties(_) => quote!(rt::Actual::properties(#value.len())),
            Test::NotUnique { .. } => quote!(rt::Actual::Nothing),
            _ => match ty {
                Ty::Integer => quote!(rt::Actual::Integer(*#value)),
                Ty::Unsigned => quote!(rt::Actual::Unsigned(*#value)),
                Ty::Number => quote!(rt::Actual::Number(*#value)),
                Ty::String | Ty::Text(_) => quote!(rt::Actual::text(#value)),
                Ty::Named { kind: NamedKind::Enum, .. } => quote!(rt::Actual::text(#value.as_str())),
                _ => quote!(rt::Actual::Nothing),
            },
        }
    }
}

/// What is shown of text in which a format or a known value is looked for.
pub(super) fn nested_actual_value(test: &Test, value: &TokenStream) -> TokenStream {
    match test {
        Test::Unknown => quote!(rt::Actual::text(#value.as_str())),
        Test::OutOfRange(_) => quote!(rt::Actual::Integer(*#value)),
        _ => quote!(rt::Actual::text(#value)),
    }
}

/// Holds when `value`, a reference to any JSON, is one of these.
pub(in crate::emit::rust) fn json_is_one_of(
    home: CurrentModule,
    literals: &[Literal],
    value: &TokenStream,
) -> TokenStream {
    let texts = literals.iter().filter_map(|it| match it {
        Literal::Text(text) => Some(quote!(#text)),
        _ => None,
    });
    let of = |kind: fn(&Literal) -> bool| literals.iter().filter(move |it| kind(it)).map(|it| home.literal(it));
    let integers = of(|it| matches!(it, Literal::Integer(_) | Literal::Unsigned(_)));
    let numbers = of(|it| matches!(it, Literal::Number(_)));
    let booleans = of(|it| matches!(it, Literal::Boolean(_)));
    quote! {
        rt::check::is_one_of(#value, &[#(#texts),*], &[#(#integers),*], &[#(#numbers),*], &[#(#booleans),*])
    }
}
