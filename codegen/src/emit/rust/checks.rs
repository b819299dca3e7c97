//! `check` functions: straight-line code over static rules, without allocation for a legal value.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::tokens::{Home, count, id, number, pattern};
use crate::lower::view::{
    Checks, Cond, CrossCheck, CrossTest, Deep, FieldChecks, Guarded, JsonKind, Literal, NamedKind, Pick, Place,
    PlaceStep, RuleData, Storage, Strength, SumTerm, Test, Text, Ty, UnionChecks, UnionItem,
};
use crate::model::Comparison;

/// `fn check(&self, at, out)` of a record type.
pub(crate) fn function(checks: &Checks, home: Home) -> TokenStream {
    let (rules, body) = (rules(&checks.rules), body(checks, home));
    quote! {
        /// Collects everything that breaks a rule.
        pub(crate) fn check(&self, at: &rt::At<'_>, out: &mut rt::Violations) {
            #rules
            #body
        }
    }
}

/// A request's `fn check(&self, out)`.
pub(crate) fn request_function(checks: &Checks) -> TokenStream {
    if checks.is_empty() {
        return quote!(
            fn check(&self, _: &mut rt::Violations) {}
        );
    }
    let (rules, body) = (rules(&checks.rules), body(checks, Home::Operation));
    quote! {
        fn check(&self, out: &mut rt::Violations) {
            #rules
            let at = &rt::At::Root;
            #body
        }
    }
}

/// `fn check(&self, at, out)` of a union.
pub(crate) fn union_function(checks: &UnionChecks, item: &UnionItem, home: Home) -> TokenStream {
    let rules = rules(&checks.rules);
    let emitter = Emitter { home };
    let (value, at) = (quote!(value), quote!(at));
    let members: Vec<_> = checks
        .members
        .iter()
        .map(|(member, deep)| {
            let variant = id(&item.members[*member].ident);
            let mut body = Statements::default();
            match deep {
                Deep::Test(test, rule) => {
                    body.push_if(emitter.test(test, &value, &Ty::String), push(*rule, &deep_found(test, &value)));
                }
                deep => body.push(emitter.deep(deep, &value, &at, false, 0)),
            }
            (variant, body)
        })
        .collect();
    let other_text = checks.other_text.map(|rule| {
        let rule = count(rule as u64);
        quote!(Self::Other(value) if value.is_string() => out.push(at, &RULES[#rule], rt::Found::Nothing),)
    });
    let other = checks.other.map(|rule| {
        let rule = count(rule as u64);
        quote!(Self::Other(_) => out.push(at, &RULES[#rule], rt::Found::Nothing),)
    });
    let all = item.members.len() + usize::from(item.other);
    let covered = checks.members.len() + usize::from(checks.other.is_some());
    let body = match members.as_slice() {
        [] if other_text.is_none() && checks.other.is_some() => {
            let rule = count(checks.other.unwrap_or_default() as u64);
            quote!(if let Self::Other(_) = self { out.push(at, &RULES[#rule], rt::Found::Nothing); })
        }
        [(variant, body)] if covered < all && other.is_none() => body.under(&quote!(let Self::#variant(value) = self)),
        members => {
            let rest = (covered < all || members.iter().any(|(_, it)| it.lone_if().is_some())).then(|| quote!(_ => {}));
            let arms = members.iter().map(|(variant, body)| match body.lone_if() {
                Some((fails, push)) => quote!(Self::#variant(value) if #fails => { #push }),
                None => {
                    let body = body.all();
                    quote!(Self::#variant(value) => { #body })
                }
            });
            quote!(match self { #(#arms)* #other_text #other #rest })
        }
    };
    quote! {
        /// Collects everything that breaks a rule.
        pub(crate) fn check(&self, at: &rt::At<'_>, out: &mut rt::Violations) {
            #rules
            #body
        }
    }
}

fn rules(rules: &[RuleData]) -> TokenStream {
    if rules.is_empty() {
        return TokenStream::new();
    }
    let n = count(rules.len() as u64);
    let items = rules.iter().map(|it| {
        let RuleData { at, keyword, limit, message, strength } = it;
        let make = match strength {
            Strength::Stated => quote!(stated),
            Strength::Inferred => quote!(inferred),
            Strength::Ignored => quote!(ignored),
        };
        quote!(rt::Rule::#make(#at, #keyword, #limit, #message))
    });
    quote!(static RULES: [rt::Rule; #n] = [#(#items),*];)
}

fn body(checks: &Checks, home: Home) -> TokenStream {
    let emitter = Emitter { home };
    let fields = checks.fields.iter().map(|it| emitter.field(it));
    let cross = checks.cross.iter().map(|it| emitter.cross(it, &checks.rules));
    quote!(#(#fields)* #(#cross)*)
}

#[derive(Clone, Copy)]
struct Emitter {
    home: Home,
}

impl Emitter {
    fn field(self, field: &FieldChecks) -> TokenStream {
        let FieldChecks { place, wire, secret, missing, present, ignored, value, items, deep } = field;
        let Some(step) = place.steps.first() else { return TokenStream::new() };
        let ident = id(&step.ident);
        // The value is bound under its own name, unless that is raw or hides an argument of the function.
        let own = !step.ident.starts_with("r#") && step.ident != "at" && step.ident != "out";
        let bound = id(if own { &step.ident } else { "value" });
        let missing = self.chain(missing);
        let inner = self.value(wire, *secret, &quote!(#bound), &place.ty, value, items, deep.as_ref());
        let given = [present, ignored].map(|guards| {
            self.chain(guards).map(|it| match step.storage {
                Storage::Plain | Storage::Null => it.tokens,
                Storage::Optional | Storage::OptionalNullable => it.under(&quote!(self.#ident.is_some())),
            })
        });
        let given = given.iter().flatten();
        let given = quote!(#(#given)*);
        match step.storage {
            Storage::Plain => {
                let bind = (!inner.is_empty()).then(|| quote!(let #bound = &self.#ident;));
                let inner = inner.all();
                quote!(#given #bind #inner)
            }
            Storage::Null | Storage::Optional => {
                let some = quote!(let Some(#bound) = &self.#ident);
                let checks = match (inner.is_empty(), missing) {
                    (true, None) => TokenStream::new(),
                    (true, Some(missing)) => missing.under(&quote!(self.#ident.is_none())),
                    (false, None) => inner.under(&some),
                    (false, Some(missing)) => {
                        let (inner, missing) = (inner.all(), missing.else_branch());
                        quote!(if #some { #inner } #missing)
                    }
                };
                quote!(#given #checks)
            }
            Storage::OptionalNullable => {
                let missing = missing.map(|it| it.under(&quote!(self.#ident.is_none())));
                let some = quote!(let Some(rt::Nullable::Value(#bound)) = &self.#ident);
                let checks = (!inner.is_empty()).then(|| inner.under(&some));
                quote!(#given #missing #checks)
            }
        }
    }

    /// The first guard that holds is reported, and no other.
    fn chain(self, guards: &[Guarded<()>]) -> Option<Chain> {
        let (first, _) = guards.split_first()?;
        let mut arms = Vec::new();
        for guard in guards {
            let push = push(guard.rule, &quote!(rt::Found::Nothing));
            match &guard.when {
                None => {
                    arms.push((None, push));
                    break;
                }
                Some(when) => arms.push((Some(self.cond(when)), push)),
            }
        }
        let single = match (&first.when, arms.as_slice()) {
            (None, _) => Some(None),
            (Some(_), [(Some(when), _)]) => Some(Some(when.clone())),
            _ => None,
        };
        let push = arms.first().map(|(_, push)| push.clone());
        let mut tokens = TokenStream::new();
        for (index, (when, push)) in arms.into_iter().enumerate() {
            let otherwise = (index > 0).then(|| quote!(else));
            tokens.extend(match when {
                Some(when) => {
                    let when = bare(when);
                    quote!(#otherwise if #when { #push })
                }
                None if index == 0 => push,
                None => quote!(else { #push }),
            });
        }
        Some(Chain { tokens, single, push })
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one field's checks, taken apart by the caller")]
    fn value(
        self,
        wire: &str,
        secret: bool,
        value: &TokenStream,
        ty: &Ty,
        tests: &[Guarded<Test>],
        items: &[Guarded<Test>],
        deep: Option<&Deep>,
    ) -> Statements {
        let mut statements = Statements::default();
        // A value that the spec does not know is reported once: narrower sets are looked at only for known ones.
        let unknown = match deep {
            Some(Deep::Test(test @ Test::Unknown, rule)) => Some((test, *rule)),
            _ => None,
        };
        for guarded in tests {
            let test = self.test(&guarded.test, value, ty);
            let known = matches!(guarded.test, Test::NotOneOf { .. }) && unknown.is_some();
            let known = known.then(|| quote!(#value.is_known()));
            let when = guarded.when.as_ref().map(|it| self.cond(it));
            let all = known.into_iter().chain(when).chain([test]);
            let found = if secret { quote!(rt::Found::Nothing) } else { self.found(&guarded.test, value, ty) };
            statements.push_if(quote!(#(#all)&&*), push(guarded.rule, &found));
        }
        if !items.is_empty() {
            let item_ty = match ty {
                Ty::List(inner) | Ty::Map(inner) => (**inner).clone(),
                other => other.clone(),
            };
            let mut inner = Statements::default();
            for guarded in items {
                let test = self.test(&guarded.test, &quote!(it), &item_ty);
                let when = guarded.when.as_ref().map(|it| self.cond(it));
                let all = when.into_iter().chain([test]);
                let found =
                    if secret { quote!(rt::Found::Nothing) } else { self.found(&guarded.test, &quote!(it), &item_ty) };
                let rule = count(guarded.rule as u64);
                inner.push_if(quote!(#(#all)&&*), quote!(out.push(at, &RULES[#rule], #found);));
            }
            let inner = inner.all();
            statements.push(match ty {
                Ty::Json => quote! {
                    for (key, it) in rt::check::entries(#value) {
                        let field = &rt::At::Field(at, #wire);
                        let at = &rt::At::Key(field, &key);
                        #inner
                    }
                },
                Ty::Map(_) => quote! {
                    for (key, it) in #value {
                        let field = &rt::At::Field(at, #wire);
                        let at = &rt::At::Key(field, key);
                        #inner
                    }
                },
                _ => quote! {
                    for (index, it) in #value.iter().enumerate() {
                        let field = &rt::At::Field(at, #wire);
                        let at = &rt::At::Index(field, index);
                        #inner
                    }
                },
            });
        }
        match deep {
            None => {}
            Some(Deep::Test(test, rule)) => {
                let found = if secret { quote!(rt::Found::Nothing) } else { self.found(test, value, ty) };
                statements.push_if(self.test(test, value, ty), push(*rule, &found));
            }
            Some(deep) => statements.push(self.deep(deep, value, &quote!(&rt::At::Field(at, #wire)), secret, 0)),
        }
        statements
    }

    /// Checks inside `value`, which stands at `at`; `depth` lists and maps are around it.
    fn deep(self, deep: &Deep, value: &TokenStream, at: &TokenStream, secret: bool, depth: usize) -> TokenStream {
        // The place names the index of every list around, so each has its own.
        let named = |it: &str| if depth == 0 { id(it) } else { id(&format!("{it}{}", depth + 1)) };
        match deep {
            Deep::Check if secret => quote!(out.hidden(|out| #value.check(#at, out));),
            Deep::Check => quote!(#value.check(#at, out);),
            Deep::Each(inner) => {
                let index = named("index");
                let inner = self.deep(inner, &quote!(it), &quote!(&rt::At::Index(#at, #index)), secret, depth + 1);
                quote!(for (#index, it) in #value.iter().enumerate() { #inner })
            }
            Deep::EachValue(inner) => {
                let key = named("key");
                let inner = self.deep(inner, &quote!(it), &quote!(&rt::At::Key(#at, #key)), secret, depth + 1);
                quote!(for (#key, it) in #value { #inner })
            }
            Deep::Test(test, rule) => {
                let rule = count(*rule as u64);
                let found = if secret { quote!(rt::Found::Nothing) } else { deep_found(test, value) };
                let fails = self.test(test, value, &Ty::String);
                quote!(if #fails { out.push(#at, &RULES[#rule], #found); })
            }
        }
    }

    /// Holds when `value`, a reference, breaks the constraint.
    fn test(self, test: &Test, value: &TokenStream, ty: &Ty) -> TokenStream {
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
            Test::Format { text: it, function } => {
                let (text, function) = (text(it), id(function));
                quote!(!rt::check::#function(#text))
            }
            Test::NotOneOf { literals } => self.not_one_of(literals, value, ty),
            // Null is no value, whatever is asked of values.
            Test::NotPicked(pick @ Pick::Json(_)) => {
                let picked = self.picked(pick, value);
                quote!(!#value.is_null() && !#picked)
            }
            Test::NotPicked(pick) => {
                let picked = self.picked(pick, value);
                quote!(!#picked)
            }
            Test::Member { union, arms } => {
                let arms = self.member_arms(union, arms, &|it| it);
                quote!(match #value { #(#arms)* _ => false })
            }
            Test::Json(kind, test) => {
                let (read, ty) = match kind {
                    JsonKind::Text => (quote!(as_str()), Ty::String),
                    JsonKind::Number => (quote!(as_f64().as_ref()), Ty::Number),
                    JsonKind::List => (quote!(as_array()), Ty::List(Box::new(Ty::Json))),
                };
                let test = self.test(test, &quote!(value), &ty);
                quote!(#value.#read.is_some_and(|value| #test))
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
                    (crate::lower::view::Number::Integer(_), _) => quote!(*#value % #text != 0),
                    (crate::lower::view::Number::Float(_), Ty::Integer) => {
                        quote!(!rt::check::multiple_of(*#value as f64, #text))
                    }
                    (crate::lower::view::Number::Float(_), _) => quote!(!rt::check::multiple_of(*#value, #text)),
                }
            }
            Test::Larger(most) => {
                let most = count(*most);
                quote!(#value.larger(#most))
            }
            Test::FewerItems(1) => quote!(#value.is_empty()),
            Test::FewerItems(least) => {
                let least = count(*least);
                quote!(#value.len() < #least)
            }
            Test::MoreItems(most) => {
                let most = count(*most);
                quote!(#value.len() > #most)
            }
            Test::NotUnique => quote!(!rt::check::unique(#value)),
        }
    }

    /// Holds when `value`, a reference, is one of those that are meant.
    fn picked(self, pick: &Pick, value: &TokenStream) -> TokenStream {
        match pick {
            Pick::Literals(literals) => {
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
            Pick::Members(arms, union) => {
                let arms = self.picked_arms(union, arms, &|it| it);
                quote!(match #value { #(#arms)* _ => false })
            }
            Pick::Json(literals) => {
                let texts = literals.iter().filter_map(|it| match it {
                    Literal::Text(text) => Some(quote!(#text)),
                    _ => None,
                });
                let numbers = literals.iter().filter(|it| matches!(it, Literal::Number(_)));
                let numbers = numbers.map(|it| self.home.literal(it));
                let booleans = literals.iter().filter(|it| matches!(it, Literal::Boolean(_)));
                let booleans = booleans.map(|it| self.home.literal(it));
                quote!(rt::check::is_one_of(#value, &[#(#texts),*], &[#(#numbers),*], &[#(#booleans),*]))
            }
        }
    }

    /// Arms of a `match`; those of a union in a union have both in their patterns, which `wrap` makes.
    fn member_arms(
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
    fn picked_arms(
        self,
        union: &Ty,
        arms: &[(String, Pick)],
        wrap: &dyn Fn(TokenStream) -> TokenStream,
    ) -> Vec<TokenStream> {
        let union = self.home.ty(union);
        let arm = |(variant, pick): &(String, Pick)| {
            let variant = id(variant);
            let wrap = |inner| wrap(quote!(#union::#variant(#inner)));
            if let Pick::Members(arms, union) = pick {
                return self.picked_arms(union, arms, &wrap);
            }
            let (pattern, picked) = (wrap(quote!(value)), self.picked(pick, &quote!(value)));
            vec![quote!(#pattern => #picked,)]
        };
        arms.iter().flat_map(arm).collect()
    }

    fn not_one_of(self, literals: &[Literal], value: &TokenStream, ty: &Ty) -> TokenStream {
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
            (Some(_), Ty::Integer) if literals.len() == 1 => quote!(*#value != #(#constants)*),
            _ => {
                let pattern = pattern(self.home, literals);
                quote!(!matches!(#value, #pattern))
            }
        }
    }

    /// What the violation shows of `value`, a reference.
    fn found(self, test: &Test, value: &TokenStream, ty: &Ty) -> TokenStream {
        match test {
            Test::Longer { text: Text::Plain, .. } | Test::Shorter { text: Text::Plain, .. } => {
                quote!(rt::Found::length(#value))
            }
            Test::FewerItems(_) | Test::MoreItems(_) => quote!(rt::Found::items(#value)),
            Test::NotUnique => quote!(rt::Found::Nothing),
            _ => match ty {
                Ty::Integer => quote!(rt::Found::Integer(*#value)),
                Ty::Number => quote!(rt::Found::Number(*#value)),
                Ty::String => quote!(rt::Found::text(#value)),
                Ty::Named { kind: NamedKind::Enum, .. } => quote!(rt::Found::text(#value.as_str())),
                _ => quote!(rt::Found::Nothing),
            },
        }
    }

    fn cross(self, check: &CrossCheck, rules: &[RuleData]) -> TokenStream {
        let rule = count(check.rule as u64);
        let rule_ref = quote!(&RULES[#rule]);
        let given = |places: &[Place]| {
            let all = places.iter().map(|it| {
                let (at, present) = (pointer(it), self.present(it));
                quote!((#at, #present))
            });
            quote!(rt::Given(&[#(#all),*]))
        };
        let mut when = check.when.as_ref().map(|it| self.cond(it));
        let body = match &check.test {
            CrossTest::NoneOf(places) => {
                let given = given(places);
                quote!(#given.any(at, #rule_ref, out);)
            }
            CrossTest::NotExactlyOne(places) => {
                let given = given(places);
                quote!(#given.exactly_one(at, #rule_ref, out);)
            }
            CrossTest::MoreThanOne(places) => {
                let given = given(places);
                quote!(#given.at_most_one(at, #rule_ref, out);)
            }
            CrossTest::SomeButNotAll(places) => {
                let given = given(places);
                quote!(#given.all_or_none(at, #rule_ref, out);)
            }
            CrossTest::Without(place, needed) => {
                let (present, given) = (self.present(place), given(needed));
                when = Some(match when {
                    Some(when) => quote!(#when && #present),
                    None => present,
                });
                quote!(#given.all(at, #rule_ref, out);)
            }
            CrossTest::NotCompared(left, comparison, right) => {
                let (a, b) = (self.option(left), self.option(right));
                let fails = match comparison {
                    Comparison::Less => quote!(>=),
                    Comparison::LessOrEqual => quote!(>),
                    Comparison::Greater => quote!(<=),
                    Comparison::GreaterOrEqual => quote!(<),
                    Comparison::Equal => quote!(!=),
                    Comparison::NotEqual => quote!(==),
                };
                let (x, y) = match (&left.ty, &right.ty) {
                    (Ty::Integer, Ty::Number) => (quote!((*a as f64)), quote!(*b)),
                    (Ty::Number, Ty::Integer) => (quote!(*a), quote!((*b as f64))),
                    _ => (quote!(a), quote!(b)),
                };
                let when = when.take().map(|it| quote!(#it &&));
                return quote! {
                    if #when let (Some(a), Some(b)) = (#a, #b) && #x #fails #y {
                        out.push(at, #rule_ref, rt::Found::Nothing);
                    }
                };
            }
            CrossTest::Sum { terms, minimum, maximum } => {
                let counts = terms.iter().map(|SumTerm { place, weight, lists }| {
                    let items = self.items(place, lists);
                    if *weight == 1 {
                        items
                    } else {
                        let weight = count(*weight);
                        quote!(#items * #weight)
                    }
                });
                let outside = outside(*minimum, *maximum);
                let places: Vec<_> = terms.iter().map(|it| it.place.clone()).collect();
                let given = given(&places);
                quote! {
                    let total: usize = #(#counts)+*;
                    if #outside {
                        #given.first(at, #rule_ref, rt::Found::Items(total as u64), out);
                    }
                }
            }
            CrossTest::TotalLength { place, han_double, minimum, maximum } => {
                let length = if *han_double { quote!(rt::check::han_length) } else { quote!(rt::check::length) };
                let text = |it: TokenStream| match place.ty {
                    Ty::Named { .. } => quote!(#it.as_str()),
                    _ => it,
                };
                let add = self.walk(&place.steps, quote!(self), &|it| {
                    let text = text(it);
                    quote!(total += #length(#text);)
                });
                // What is not given has no length, so that a minimum says nothing of it.
                let first = Place { steps: place.steps[..1].to_vec(), ty: place.ty.clone() };
                let least = minimum.filter(|it| *it > 0);
                let optional = place.steps.first().is_some_and(|it| it.storage != Storage::Plain);
                let guard = (optional && least.is_some()).then(|| {
                    let present = self.present(&first);
                    quote!(#present &&)
                });
                let outside = outside(*minimum, *maximum);
                quote! {
                    let mut total = 0usize;
                    #add
                    if #guard #outside {
                        out.push(at, #rule_ref, rt::Found::Length(total as u64));
                    }
                }
            }
        };
        debug_assert!(check.rule < rules.len());
        match when {
            Some(when) => {
                let when = bare(when);
                quote!(if #when { #body })
            }
            None if matches!(check.test, CrossTest::Sum { .. } | CrossTest::TotalLength { .. }) => quote!({ #body }),
            None => body,
        }
    }

    /// Runs `each` for everything that a path reaches from `root`.
    fn walk(self, steps: &[PlaceStep], root: TokenStream, each: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
        let mut at = root;
        let mut is_reference = true;
        let mut given = Vec::new();
        let mut inner = None;
        for (index, step) in steps.iter().enumerate() {
            let ident = id(&step.ident);
            let some = match step.storage {
                Storage::Plain => None,
                Storage::Optional | Storage::Null => Some(quote!(let Some(value) = &#at.#ident)),
                Storage::OptionalNullable => Some(quote!(let Some(rt::Nullable::Value(value)) = &#at.#ident)),
            };
            is_reference = some.is_some();
            at = if is_reference { quote!(value) } else { quote!(#at.#ident) };
            given.extend(some);
            if step.each > 0 {
                let body = self.walk(&steps[index + 1..], quote!(it), each);
                let body = (1..step.each).fold(body, |body, _| quote!(for it in it { #body }));
                let list = if is_reference { at.clone() } else { quote!(&#at) };
                inner = Some(quote!(for it in #list { #body }));
                break;
            }
        }
        let inner = inner.unwrap_or_else(|| each(if is_reference { at } else { quote!(&#at) }));
        if given.is_empty() { inner } else { quote!(if #(#given)&&* { #inner }) }
    }

    /// Items of a list, or 1 where a scalar is given.
    fn items(self, place: &Place, lists: &[String]) -> TokenStream {
        let option = self.option(place);
        match &place.ty {
            Ty::List(_) => quote!(#option.map_or(0, Vec::len)),
            Ty::Json => quote!(#option.map_or(0, rt::check::items)),
            ty if !lists.is_empty() => {
                let union = self.home.ty(ty);
                let arms = lists.iter().map(|it| {
                    let member = id(it);
                    quote!(#union::#member(items) => items.len(),)
                });
                quote!(#option.map_or(0, |it| match it { #(#arms)* _ => 1 }))
            }
            _ => {
                let present = self.present(place);
                quote!(usize::from(#present))
            }
        }
    }

    fn cond(self, cond: &Cond) -> TokenStream {
        match cond {
            Cond::All(parts) if parts.is_empty() => quote!(true),
            Cond::All(parts) => {
                let parts = parts.iter().map(|it| self.operand(it));
                quote!(#(#parts)&&*)
            }
            Cond::Any(parts) if parts.is_empty() => quote!(false),
            Cond::Any(parts) => {
                let parts = parts.iter().map(|it| self.operand(it));
                quote!((#(#parts)||*))
            }
            Cond::Not(inner) => match &**inner {
                Cond::Present(place) => self.absent(place),
                inner => {
                    let inner = self.operand(inner);
                    quote!(!#inner)
                }
            },
            Cond::Missing(place) => self.missing(place),
            Cond::Present(place) => self.present(place),
            Cond::Null(place) => self.null(place),
            Cond::Empty(place) => {
                let option = self.option(place);
                match place.ty {
                    Ty::String | Ty::List(_) | Ty::Map(_) => quote!(#option.is_some_and(|it| it.is_empty())),
                    Ty::Named { kind: NamedKind::Enum, .. } => quote!(#option.is_some_and(|it| it.as_str().is_empty())),
                    Ty::Json | Ty::Named { .. } => quote!(#option.is_some_and(rt::check::is_empty)),
                    Ty::Integer | Ty::Number | Ty::Boolean | Ty::File => quote!(false),
                }
            }
            Cond::Matches { place, literals, or_missing } => self.matches(place, literals, *or_missing),
            Cond::Picked { place, pick, or_missing } => {
                let (option, picked) = (self.option(place), self.picked(pick, &quote!(it)));
                let function = if *or_missing { quote!(is_none_or) } else { quote!(is_some_and) };
                quote!(#option.#function(|it| #picked))
            }
        }
    }

    /// A condition that can stand beside `||` and behind `!`.
    fn operand(self, cond: &Cond) -> TokenStream {
        let tokens = self.cond(cond);
        match cond {
            Cond::All(parts) if parts.len() > 1 => quote!((#tokens)),
            _ => tokens,
        }
    }

    fn matches(self, place: &Place, literals: &[Literal], or_missing: bool) -> TokenStream {
        let constants: Vec<_> = literals.iter().map(|it| self.home.literal(it)).collect();
        let none = or_missing.then(|| quote!(None |));
        match literals.first() {
            None => quote!(false),
            Some(Literal::Number(_)) => {
                let option = self.option(place);
                let function = if or_missing { quote!(is_none_or) } else { quote!(is_some_and) };
                quote!(#option.#function(|it| [#(#constants),*].contains(it)))
            }
            Some(Literal::Text(_)) => {
                let text = self.text(place);
                quote!(matches!(#text, #none Some(#(#constants)|*)))
            }
            Some(Literal::Variant { .. } | Literal::Integer(_) | Literal::Boolean(_)) => {
                let option = match place.steps.as_slice() {
                    [PlaceStep { ident, storage: Storage::Optional, .. }] => {
                        let ident = id(ident);
                        quote!(self.#ident)
                    }
                    _ => self.option(place),
                };
                let pattern = pattern(self.home, literals);
                quote!(matches!(#option, #none Some(#pattern)))
            }
        }
    }

    /// `Option<&T>` of a place.
    fn option(self, place: &Place) -> TokenStream {
        let mut tokens = quote!(self);
        for (index, step) in place.steps.iter().enumerate() {
            let ident = id(&step.ident);
            let first = index == 0;
            tokens = match (step.storage, first) {
                (Storage::Plain, true) => quote!(Some(&#tokens.#ident)),
                (Storage::Plain, false) => quote!(#tokens.map(|it| &it.#ident)),
                (Storage::Optional | Storage::Null, true) => quote!(#tokens.#ident.as_ref()),
                (Storage::Optional | Storage::Null, false) => quote!(#tokens.and_then(|it| it.#ident.as_ref())),
                (Storage::OptionalNullable, true) => {
                    quote!(#tokens.#ident.as_ref().and_then(rt::Nullable::value))
                }
                (Storage::OptionalNullable, false) => {
                    quote!(#tokens.and_then(|it| it.#ident.as_ref()).and_then(rt::Nullable::value))
                }
            };
        }
        tokens
    }

    /// `Option<&str>` of a place.
    fn text(self, place: &Place) -> TokenStream {
        match (place.steps.as_slice(), &place.ty) {
            ([PlaceStep { ident, storage: Storage::Optional, .. }], Ty::String) => {
                let ident = id(ident);
                quote!(self.#ident.as_deref())
            }
            (_, Ty::String) => {
                let option = self.option(place);
                quote!(#option.map(String::as_str))
            }
            _ => {
                let option = self.option(place);
                quote!(#option.map(|it| it.as_str()))
            }
        }
    }

    fn present(self, place: &Place) -> TokenStream {
        // JSON of any kind may be null, which is no value.
        if place.ty == Ty::Json {
            let option = self.option(place);
            return quote!(#option.is_some_and(|it| !it.is_null()));
        }
        match place.steps.as_slice() {
            [step] => {
                let ident = id(&step.ident);
                match step.storage {
                    Storage::Plain => quote!(true),
                    Storage::Optional | Storage::Null => quote!(self.#ident.is_some()),
                    Storage::OptionalNullable => quote!(matches!(self.#ident, Some(rt::Nullable::Value(_)))),
                }
            }
            _ => {
                let option = self.option(place);
                quote!(#option.is_some())
            }
        }
    }

    /// Nothing is sent: null is something.
    fn missing(self, place: &Place) -> TokenStream {
        let Some((last, before)) = place.steps.split_last() else { return quote!(false) };
        let ident = id(&last.ident);
        if before.is_empty() {
            return match last.storage {
                Storage::Plain | Storage::Null => quote!(false),
                Storage::Optional | Storage::OptionalNullable => quote!(self.#ident.is_none()),
            };
        }
        let root = self.option(&Place { steps: before.to_vec(), ty: place.ty.clone() });
        match last.storage {
            Storage::Plain | Storage::Null => quote!(#root.is_none()),
            Storage::Optional | Storage::OptionalNullable => quote!(#root.is_none_or(|it| it.#ident.is_none())),
        }
    }

    fn absent(self, place: &Place) -> TokenStream {
        if place.ty == Ty::Json {
            let option = self.option(place);
            return quote!(#option.is_none_or(rt::Value::is_null));
        }
        match place.steps.as_slice() {
            [step] => {
                let ident = id(&step.ident);
                match step.storage {
                    Storage::Plain => quote!(false),
                    Storage::Optional | Storage::Null => quote!(self.#ident.is_none()),
                    Storage::OptionalNullable => quote!(!matches!(self.#ident, Some(rt::Nullable::Value(_)))),
                }
            }
            _ => {
                let option = self.option(place);
                quote!(#option.is_none())
            }
        }
    }

    fn null(self, place: &Place) -> TokenStream {
        let Some(last) = place.steps.last() else { return quote!(false) };
        if place.ty == Ty::Json && matches!(last.storage, Storage::Plain | Storage::Optional) {
            let option = self.option(place);
            return quote!(#option.is_some_and(rt::Value::is_null));
        }
        let Some((last, before)) = place.steps.split_last() else { return quote!(false) };
        let ident = id(&last.ident);
        let root = if before.is_empty() {
            quote!(Some(self))
        } else {
            self.option(&Place { steps: before.to_vec(), ty: place.ty.clone() })
        };
        match (last.storage, before.is_empty()) {
            (Storage::OptionalNullable, true) => quote!(matches!(self.#ident, Some(rt::Nullable::Null))),
            (Storage::Null, true) => quote!(self.#ident.is_none()),
            (Storage::OptionalNullable, false) => {
                quote!(#root.is_some_and(|it| matches!(it.#ident, Some(rt::Nullable::Null))))
            }
            (Storage::Null, false) => quote!(#root.is_some_and(|it| it.#ident.is_none())),
            (Storage::Plain | Storage::Optional, _) => quote!(false),
        }
    }
}

/// `/a/b`, as rules of several parameters name their places.
fn pointer(place: &Place) -> String {
    place.steps.iter().map(|it| format!("/{}", it.wire.replace('~', "~0").replace('/', "~1"))).collect()
}

fn outside(minimum: Option<u64>, maximum: Option<u64>) -> TokenStream {
    match (minimum.filter(|it| *it > 0).map(count), maximum.map(count)) {
        (Some(least), Some(most)) => quote!(!(#least..=#most).contains(&total)),
        (Some(least), None) => quote!(total < #least),
        (None, Some(most)) => quote!(total > #most),
        (None, None) => quote!(false),
    }
}

/// A condition without the parentheses that it needs beside others only.
fn bare(condition: TokenStream) -> TokenStream {
    let mut tokens = condition.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => group.stream(),
        _ => condition,
    }
}

/// What is shown of text in which a format or a known value is looked for.
fn deep_found(test: &Test, value: &TokenStream) -> TokenStream {
    match test {
        Test::Unknown => quote!(rt::Found::text(#value.as_str())),
        _ => quote!(rt::Found::text(#value)),
    }
}

fn push(rule: usize, found: &TokenStream) -> TokenStream {
    let rule = count(rule as u64);
    quote!(out.push(at, &RULES[#rule], #found);)
}

/// Guards of which the first that holds counts.
struct Chain {
    tokens: TokenStream,
    /// One guard alone: its condition.
    single: Option<Option<TokenStream>>,
    push: Option<TokenStream>,
}

impl Chain {
    fn under(self, condition: &TokenStream) -> TokenStream {
        let (tokens, push) = (self.tokens, self.push);
        match self.single {
            Some(None) => quote!(if #condition { #push }),
            Some(Some(when)) => quote!(if #condition && #when { #push }),
            None => quote!(if #condition { #tokens }),
        }
    }

    fn else_branch(self) -> TokenStream {
        let tokens = self.tokens;
        match self.single {
            Some(None) => quote!(else { #tokens }),
            Some(Some(_)) | None => quote!(else #tokens),
        }
    }
}

/// Statements of which a lone `if` can be joined with the one around it.
#[derive(Default)]
struct Statements {
    all: Vec<Statement>,
}

enum Statement {
    If(TokenStream, TokenStream),
    Other(TokenStream),
}

impl Statements {
    fn push(&mut self, tokens: TokenStream) {
        self.all.push(Statement::Other(tokens));
    }

    fn push_if(&mut self, condition: TokenStream, body: TokenStream) {
        self.all.push(Statement::If(condition, body));
    }

    fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    fn all(&self) -> TokenStream {
        let all = self.all.iter().map(|it| match it {
            Statement::If(condition, body) => {
                let condition = bare(condition.clone());
                quote!(if #condition { #body })
            }
            Statement::Other(tokens) => tokens.clone(),
        });
        quote!(#(#all)*)
    }

    fn lone_if(&self) -> Option<(&TokenStream, &TokenStream)> {
        match self.all.as_slice() {
            [Statement::If(condition, body)] => Some((condition, body)),
            _ => None,
        }
    }

    fn under(&self, condition: &TokenStream) -> TokenStream {
        if let [Statement::If(inner, body)] = self.all.as_slice() {
            return quote!(if #condition && #inner { #body });
        }
        let all = self.all();
        quote!(if #condition { #all })
    }
}
