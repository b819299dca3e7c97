//! What is printed is what `prettyplease` prints, of Rust that `syn` takes.

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens as _;

use super::marks::Mark;
use super::{Ident, Tokens};

fn by_prettyplease(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).expect("Rust"))
}

/// The same tokens as a stream of ours.
fn stream(tokens: TokenStream) -> super::TokenStream {
    fn add(tokens: TokenStream, out: &mut Vec<(Mark, String)>) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(it) => out.push((Mark::Ident, it.to_string())),
                TokenTree::Literal(it) => out.push((Mark::Literal, it.to_string())),
                TokenTree::Punct(it) => {
                    let mark = if it.spacing() == Spacing::Joint { Mark::Joint } else { Mark::Punct };
                    out.push((mark, it.as_char().to_string()));
                }
                TokenTree::Group(it) => {
                    let brackets = match it.delimiter() {
                        Delimiter::Parenthesis => Some(("(", ")")),
                        Delimiter::Brace => Some(("{", "}")),
                        Delimiter::Bracket => Some(("[", "]")),
                        Delimiter::None => None,
                    };
                    out.extend(brackets.map(|it| (Mark::Bracket, it.0.to_owned())));
                    add(it.stream(), out);
                    out.extend(brackets.map(|it| (Mark::Bracket, it.1.to_owned())));
                }
            }
        }
    }
    let mut out = Vec::new();
    add(tokens, &mut out);
    super::TokenStream::of(out)
}

fn printed(tokens: TokenStream) -> String {
    let done = super::items(&Tokens::new(&stream(tokens)));
    done.unwrap_or_else(|error| panic!("expected {}, found `{}`", error.expected, error.found))
}

/// Prints items.
fn check_items(items: &str) {
    let tokens: TokenStream = items.parse().expect("tokens");
    assert_eq!(printed(tokens.clone()), by_prettyplease(tokens), "{items}");
}

/// Prints the statements of a function.
fn check(body: &str) {
    check_items(&format!("fn function() {{ {body} }}"));
}

/// Nothing that an emitter writes.
fn check_refused(items: &str, expected: &str) {
    let tokens: TokenStream = items.parse().expect("tokens");
    assert_eq!(super::file(&stream(tokens)).expect_err(items).expected, expected, "{items}");
}

/// The Rust files below folders of the workspace.
fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let mut open: Vec<PathBuf> = folders.iter().map(|it| root.join(it)).collect();
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// Compares the items of files, and counts them and those that are refused.
fn compare(files: &[PathBuf]) -> (usize, usize) {
    let (mut same, mut refused) = (0, 0);
    for file in files {
        let text = fs::read_to_string(file).expect("text");
        for item in syn::parse_file(&text).expect("Rust").items {
            // Lists in macros of the runtime are laid out as lists, which `prettyplease` cannot know of.
            let list = matches!(&item, syn::Item::Macro(it) if it.mac.path.segments.first().is_some_and(|it| it.ident == "rt"));
            if list {
                continue;
            }
            let tokens = item.into_token_stream();
            match super::items(&Tokens::new(&stream(tokens.clone()))) {
                Ok(text) => assert_eq!(text, by_prettyplease(tokens), "{}", file.display()),
                Err(_) => refused += 1,
            }
            same += 1;
        }
    }
    (same, refused)
}

#[test]
fn generated_code_is_printed_as_prettyplease_prints_it() {
    let files = sources(&["generated", "tests/project/generated"]);
    let (items, refused) = compare(&files);
    assert!(files.len() > 300 && items > 5_000, "{} files, {items} items", files.len());
    assert_eq!(refused, 0);
}

/// Code of people has more in it than what is generated so far.
#[test]
fn code_of_people_is_printed_as_prettyplease_prints_it() {
    let (items, refused) = compare(&sources(&["runtime/src"]));
    assert!(items > 2_000, "{items}");
    // Macros that are declared.
    assert!(refused * 50 < items, "{refused} of {items}");
}

#[test]
fn expressions() {
    check(
        "let value = client.images().generate().prompt(\"a lake under a clear sky\").size(Size::Large).send().await?;",
    );
    check(
        "self.request.prompt_of_a_parameter_with_a_long_name = Some(prompt_of_a_parameter.into_iter().map(Into::into).collect());",
    );
    check(
        "it.first_thing_of_all.is_some_and(|it| it > 4) && it.second_thing_of_all.is_none() && !it.third_thing_of_all;",
    );
    check("if a { b } else if c { d } else { e }");
    check("if let Some(it) = self.a && it.len() > 4 && let [first, .., last] = it { out.push(first); }");
    check("match it { Self::A(_) | Self::B { .. } => 1, Self::C if it.d() => { a; b } _ => (), }");
    check(
        "match x { 1 | 2 | 3..=5 | -7 => a.b(c), \"long text that goes on\" | \"another long text that goes on\" | \"third\" => d, }",
    );
    check("let Some(it) = value.take() else { return Err(Error::new(1, &mut it, *other)) };");
    check("let it: Vec<Option<(u8, &'static str)>> = Vec::<_>::with_capacity(1_000 + <T as Trait>::SIZE - 1);");
    check("'outer: for (index, it) in list.iter().enumerate().skip(1) { while it > 0 { break 'outer; } continue; }");
    check("let closure = async move |a: &str, mut b| -> u8 { a.len() as u8 };");
    check(
        "call(|it| match it { Some(it) => it.a, None => 0 }); call(move || { a(); b() }, [0u8; 4], [1, 2], [1.5, \"a\"]);",
    );
    check("Record { a: 1, b, c: Other { d: ..5, e: 1.., ..Default::default() } };");
    check("let _ = (a,); let _ = (a, b).0.1; let _ = &&a; let _ = -b.c(); x += 1; y = x << 2 | 1;");
    check("#[allow(unused, reason = \"a name\")] let a = b; #[cfg(feature = \"x\")] c();");
    check("const fn a() -> u8 { 1 } static B: u8 = a(); pub const C: D = D { e: 1 }; type F = [u8; { 4 }]; g();");
    check(
        "use a::{b, c}; pub(crate) fn d() {} struct E { f: u8 } struct G; impl G { const H: u8 = 1; } unsafe fn i() {} j()",
    );
    check("loop {} unsafe_call(); println!(\"{a} {}\", b.c); let v = vec![1, 2]; matches!(it, A | B if it.c)");
}

#[test]
fn items() {
    check_items("pub use self::{a::{B, C as D}, e::*}; use super::f; pub(crate) mod g;");
    check_items(
        "#[derive(Clone, Debug)] #[non_exhaustive] pub struct A<'a, T: Into<String> + 'a = u8> { #[doc = \" b\"] pub b: &'a T, c: [u8; 4] }",
    );
    check_items("struct A(pub(super) u8, Box<dyn Fn(&str) -> Option<u8> + Send>); struct B; struct C<const N: usize>;");
    check_items("enum A { #[doc(hidden)] B, C(u8, u16), D { e: u8, f: fn(u8) -> u8 }, G = 3 }");
    check_items(
        "impl<T> From<T> for A where T: Into<B>, B: Clone + Send { type C = D; const E: u8 = 1; fn f(&mut self) -> impl Iterator<Item = u8> + use<'_, T> { g() } }",
    );
    check_items("pub trait A: B + Sized { type C: D; fn e(self: Box<Self>); fn f(&'a self, _: u8) {} }");
    check_items(
        "static A: &[(&str, u8)] = &[(\"first of many entries\", 1), (\"second of many entries\", 2), (\"third of many\", 3)];",
    );
    check_items(
        "pub(crate) const fn a<T>(b: impl for<'x> Fn(&'x T), c: Option<T>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> where T: Sized { Ok(()) }",
    );
    check_items("mod a { #![allow(b)] //! c\n use d; } type E<T> = Option<T>; thing! { a => b, c: d::E }");
    check_items(
        "#[doc = \"/ slashes\"] #[doc = r\" raw\"] #[doc = \" \\u{e9}\\t\"] #[cfg_attr(docsrs, doc(cfg(feature = \"a\")))] fn a() {}",
    );
}

#[test]
fn what_no_emitter_writes_is_told() {
    check_refused("fn a() { 1 2 }", "`;` behind a statement");
    check_refused("fn a(b) {}", ":");
    check_refused("struct A { b: }", "a name");
    check_refused("macro_rules! a { () => {} }", "an item");
    check_refused("fn a() { match b { c d } }", "=>");
}

/// The macro of the crate `quote`, and ours.
macro_rules! check_quoted {
    ($($tokens:tt)*) => {
        assert_eq!(super::quote!($($tokens)*), stream(quote::quote!($($tokens)*)));
    };
}

#[test]
fn what_is_quoted_is_what_the_crate_quote_gives() {
    check_quoted!(
        pub fn r#type<'a>(self: &'a mut Self, it: Vec<Vec<u8>>) -> impl Iterator<Item = u8> + use<'a> {}
    );
    check_quoted!(a..=b ..c ...d a::<b>::c >>= << <= => -> && || &&& !-1 *&x |a| a||b x=>-1 1.5e3 1_u8 'x' b"y" r#"z"#);
    check_quoted!(#![a] #[doc = "b"] #; # [d] {}() [[]]);
    check_quoted!(
        //! Of the module.
        /// Of the item, with a "quote".
        struct A;
    );
    check_quoted!();
    check_quoted!(a == b != c >= d <= e += f -= g |= h &= i ^= j %= k *= l /= m >>= n <<= o % p ^ q);
}

/// What the two macros make of a list that is repeated.
macro_rules! check_repeated {
    ($names:ident: $(($($tokens:tt)*))*) => {
        $({
            let theirs = {
                let $names = ["a", "r#b", "c"].map(|it| it.parse::<proc_macro2::TokenStream>().expect("a name"));
                stream(quote::quote!($($tokens)*))
            };
            let $names = ["a", "r#b", "c"].map(Ident::new);
            assert_eq!(super::quote!($($tokens)*), theirs);
        })*
    };
}

#[test]
fn what_is_repeated_is_what_the_crate_quote_repeats() {
    check_repeated!(names:
        (#(#names)*) (#(#names),*) (#(#names,)*) (#(#names);*) (#(#names)+*) (#(#names)|*) (#(#names)||*) (#(#names)&&*)
        (#(#names)=>*) (#(#names)::*) (#(#names)->*) (#(#names)..*) (#(#names)..=*) (#(#names)else*) (#(#names)** a)
        (#(#names)* * a) (#(-#names -> &#names)*) (#(#[a = #names])*) (#([#names])=*) (#(#names)"s"*) (#(#names)?*)
        (#(#names)1*) (f(#({ #names }),*) -> u8)
    );
}

#[test]
fn variables_stand_in_their_places() {
    let (name, text, none) = (Ident::new("r#in"), "a \"b\"\n\u{202e}\0\u{e9}'", None::<super::TokenStream>);
    let (some, yes) = (Some(super::quote!(&#name)), true);
    assert_eq!(
        super::quote!(#[doc = #text] pub #name: #some #none = {#name}(#text)).to_string(),
        super::quote!(#[doc = "a \"b\"\n\u{202e}\0é'"] pub r#in: &r#in = { r#in }("a \"b\"\n\u{202e}\0é'")).to_string(),
    );
    assert_eq!(super::quote!(#name::#name&#name=#yes), super::quote!(r#in::r#in & r#in = true));
}

#[test]
fn strings_are_escaped_as_the_crate_quote_does() {
    for character in ('\0'..='\u{2100}').chain(['\u{fffd}', '\u{1f600}', '\u{e0041}']) {
        for text in [format!("a{character}b"), format!("{character}0"), format!("é{character}")] {
            assert_eq!(super::quote!(#text), stream(quote::quote!(#text)));
        }
    }
}

#[test]
fn lists_are_repeated() {
    let (names, values) = (["a", "b"].map(Ident::new), vec!["c", "d", "e"]);
    let values = values.into_iter();
    assert_eq!(
        super::quote!(f(#(#names),*) { #(#names = #values;)* } #(#names)||*),
        super::quote!(f(a, b) { a = "c"; b = "d"; } a || b),
    );
    let rows = [vec![super::quote!(a), super::quote!(b)], vec![super::quote!(c)]];
    assert_eq!(super::quote!(#([#(#rows),*])else*), super::quote!([a, b]else[c]));
    let nothing: [Ident<'_>; 0] = [];
    assert_eq!(super::quote!(a #(#nothing),*), super::quote!(a));
}

#[test]
fn streams_are_taken_apart() {
    let inner = |it: super::TokenStream| it.without_parentheses();
    assert_eq!(inner(super::quote!((a && (b)))), super::quote!(a && (b)));
    for whole in
        [super::quote!((a) && (b)), super::quote!(a), super::quote!([a]), super::quote!("(a)"), super::quote!()]
    {
        assert_eq!(inner(whole.clone()), whole);
    }
    let alone = |it: super::TokenStream| it.without_only_semicolon();
    assert_eq!(
        alone(super::quote!(f({ a; });)),
        Some(super::quote!(f({
            a;
        })))
    );
    assert_eq!(alone(super::quote!(a; b;)), None);
    assert_eq!(alone(super::quote!(a; b)), None);
    assert_eq!(alone(super::quote!(a)), None);
    assert!(super::quote!(out).is("out") && !super::quote!(out.a).is("out") && !super::quote!().is(""));
}
