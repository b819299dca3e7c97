//! How the lists and objects of parameters are written, and whether they can be.

use std::collections::HashSet;

use super::assemble::FieldSource;
use super::view::TypeView;
use crate::constraints::Written;
use crate::diagnostics::{Diagnostics, types};
use crate::model::{
    Encoding, Field, ListStyle, Location, ObjectStyle, PartForm, Style, StyleWord, TextStyle, Type, TypeId, TypeKind,
};
use crate::source::Spanned;
use crate::syntax::document::{ApiDocument, Limit, OperationDoc, ResourceDocument, StylesDoc};

/// The defaults of an operation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Defaults {
    styles: StylesDoc,
    /// The operation has some of its own: then they are also those of a multipart body that is one value.
    for_parts: bool,
}

/// The defaults of an operation: the nearest ones win.
pub(super) fn defaults(operation: &OperationDoc, resource: &ResourceDocument, api: &ApiDocument) -> Defaults {
    let (own, file, all) = (operation.styles, resource.styles, api.styles);
    let (lists, objects) = (own.lists.or(file.lists).or(all.lists), own.objects.or(file.objects).or(all.objects));
    Defaults { styles: StylesDoc { lists, objects }, for_parts: own.lists.is_some() || own.objects.is_some() }
}

/// Where cookies are.
const COOKIE: &str = "a cookie";
const PATH: &str = "a path";

/// Where parts are.
const MULTIPART: &str = "a multipart body";

/// Where a value is written.
#[derive(Clone, Copy, PartialEq)]
enum Carrier {
    /// Names with values: everything can be said.
    Pairs(&'static str),
    /// One text.
    Text(&'static str),
}

impl Carrier {
    fn of(location: Location, encoding: Encoding) -> Option<Self> {
        match (location, encoding) {
            (Location::Path, _) => Some(Self::Text(PATH)),
            (Location::Header, _) => Some(Self::Text("a header")),
            (Location::Cookie, _) => Some(Self::Text(COOKIE)),
            (Location::Query, _) => Some(Self::Pairs("a query")),
            (Location::Body | Location::WholeBody, Encoding::Form) => Some(Self::Pairs("a form")),
            (Location::Body, Encoding::Multipart) => Some(Self::Pairs(MULTIPART)),
            (Location::Body | Location::WholeBody, _) => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Pairs(name) | Self::Text(name) => name,
        }
    }
}

/// Sets how a parameter is sent, and reports what cannot be written so.
pub(super) fn resolve(
    view: TypeView<'_>,
    field: &mut Field,
    source: &FieldSource<'_>,
    (encoding, Defaults { styles: defaults, for_parts }): (Encoding, Defaults),
    out: &mut Diagnostics,
) {
    let of_several = Spanned::new(StyleWord::EXPLODED, field.span);
    let is_several = field.sent_name().ends_with('*') && is_map_of_pairs(field, encoding);
    let own = source.entry.sent.style.as_ref().or(is_several.then_some(&of_several));
    if let Some(flag) = &source.entry.sent.allow_reserved {
        field.sent.keeps_slashes = flag.value && field.location == Location::Path;
        let is_string = matches!(field.ty, Type::String);
        let is_list = matches!(&field.ty, Type::Array(item) if **item == Type::String);
        if !(is_string && field.location == Location::Path
            || (is_string || is_list) && field.location == Location::Query)
        {
            let ty = view.describe(&field.ty);
            out.push(types::keyword_misfit("allow_reserved", &ty, "strings in a path or a query", flag.span));
        }
    }
    if let Some(content_type) = &source.entry.sent.content_type {
        if is_part(field, encoding) {
            field.sent.content_type = Some(content_type.value.clone());
        } else {
            let fits = "parameters of multipart bodies";
            out.push(types::keyword_without_effect("`content_type`", fits, content_type.span));
        }
    }
    if let Some(word) =
        own.filter(|it| encoding == Encoding::Related && is_part(field, encoding) && !it.value.is_json())
    {
        let problem = "the parts of `multipart/related` have no names, so that `json` is their only style";
        return out.push(types::bad_style(&field.name, problem, word.span));
    }
    if is_part(field, encoding) {
        field.sent.part = part(view, &field.ty, own.map(|it| it.value));
        if own.is_none() || matches!(field.sent.part, PartForm::Json | PartForm::JsonItems) {
            return;
        }
        if let (PartForm::Styled, Some(kind)) = (field.sent.part, &source.entry.sent.content_type) {
            let problem = "a value that becomes several texts has no media type";
            out.push(types::bad_style(&field.name, problem, kind.span));
        }
    }
    let whole_parts = for_parts && field.location == Location::WholeBody && encoding == Encoding::Multipart;
    if whole_parts {
        field.sent.part = PartForm::Styled;
    }
    let place = if whole_parts { Some(Carrier::Pairs(MULTIPART)) } else { Carrier::of(field.location, encoding) };
    let Some(place) = place else {
        if let Some(word) = own {
            let place = match encoding {
                Encoding::Multipart | Encoding::Related => MULTIPART,
                Encoding::Binary | Encoding::Text => "a body of bytes or text",
                Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Form => "a JSON body",
            };
            let what = format!("`style: {}` in {place}", word.value.name);
            let fits = "paths, queries, headers, cookies, forms and parts";
            out.push(types::keyword_without_effect(&what, fits, word.span));
        }
        return;
    };
    if view.broken.contains(&field.span) {
        return;
    }
    if field.location == Location::Header && field.sent_name().ends_with('*') {
        return headers(view, field, own, out);
    }
    if field.location == Location::WholeBody {
        return whole_form(view, field, own, (place, defaults), out);
    }
    let kinds = Kinds::of(view, &field.ty);
    field.sent.style = Style { texts: texts(field, source), ..style(place, kinds, own.map(|it| it.value), defaults) };
    if let Some(word) = own
        && let Some(problem) = misfit(place, kinds, word.value)
    {
        return out.push(types::bad_style(&field.name, &problem, word.span));
    }
    if kinds.objects && field.sent.style.objects.is_none() {
        let choices = if place == Carrier::Text(COOKIE) {
            "`comma` (`b,1,c,2`) or `json`"
        } else if matches!(place, Carrier::Pairs(_)) {
            "`deep_object` (`a[b]=1`), `exploded` (`b=1`), `dots` (`a.b=1`), `comma` (`a=b,1`) or `json`"
        } else {
            "`comma` (`b,1,c,2`), `exploded` (`b=1,c=2`) or `json`"
        };
        let ty = view.describe(&field.ty);
        return out.push(types::style_missing(&field.name, &ty, place.name(), choices, field.span));
    }
    if is_part(field, encoding) && matches!(field.sent.part, PartForm::Plain | PartForm::Named | PartForm::Entries) {
        return;
    }
    let check = Check { view, style: field.sent.style, place };
    if let Err(problem) = check.value(&field.ty, Inside::Nothing, &mut Seen::default()) {
        let span = own.map_or(field.span, |it| it.span);
        out.push(types::bad_style(&field.name, &problem, span));
    }
}

/// A map in a query, a form or a multipart body, whose entries may be parameters of their own.
fn is_map_of_pairs(field: &Field, encoding: Encoding) -> bool {
    let is_form = matches!(encoding, Encoding::Form | Encoding::Multipart);
    let has_pairs = field.location == Location::Query || (field.location == Location::Body && is_form);
    has_pairs && matches!(field.ty, Type::Map(_))
}

/// Headers whose names begin alike, one for each entry of a map.
fn headers(view: TypeView<'_>, field: &Field, own: Option<&Spanned<StyleWord>>, out: &mut Diagnostics) {
    if let Some(word) = own {
        let what = format!("`style: {}` in headers of one value each", word.value.name);
        return out.push(types::keyword_without_effect(&what, "lists and objects in one header", word.span));
    }
    check_prefix(view, field.sent_name(), field, out);
}

/// A name that ends with `*` is that of several headers: the type is a map, of values that are one text each.
pub(super) fn check_prefix(view: TypeView<'_>, name: &str, field: &Field, out: &mut Diagnostics) {
    let is_text = |it: &Type| match it {
        Type::Array(_) | Type::Map(_) | Type::Json | Type::File | Type::Nullable(_) | Type::Union(_) => false,
        Type::Named(_) => matches!(view.kind(it), Some(TypeKind::Enum(_))),
        _ => true,
    };
    let fits = matches!(&field.ty, Type::Map(value) if is_text(value)) && name.len() > 1;
    if !fits {
        let help = "a name with `*` at its end is the start of several: their type is a map of strings, numbers or booleans, such as `x-meta-*: map<string>`";
        out.push(types::type_misplaced(&view.describe(&field.ty), "headers of one value each", help, field.span));
    }
}

/// A form, or parts, whose fields are those of one type. What is inside of these fields is written as deep objects.
fn whole_form(
    view: TypeView<'_>,
    field: &mut Field,
    own: Option<&Spanned<StyleWord>>,
    (place, defaults): (Carrier, StylesDoc),
    out: &mut Diagnostics,
) {
    if let Some(word) = own {
        let problem = "the fields of a form have names of their own";
        return out.push(types::bad_style(&field.name, problem, word.span));
    }
    let lists = defaults.lists.unwrap_or(ListStyle::Repeated);
    field.sent.style = Style { lists, objects: Some(ObjectStyle::Exploded), ..Style::PLAIN };
    let check = Check { view, style: field.sent.style, place };
    if let Err(problem) = check.value(&field.ty, Inside::Nothing, &mut Seen::default()) {
        out.push(types::bad_style(&field.name, &problem, field.span));
    }
}

/// Whether a parameter is a part of a multipart body.
fn is_part(field: &Field, encoding: Encoding) -> bool {
    field.location == Location::Body && encoding.has_parts()
}

/// What a parameter is in a multipart body: without a style of its own, objects are JSON, and the items of a list are parts
/// of their own.
fn part(view: TypeView<'_>, ty: &Type, own: Option<StyleWord>) -> PartForm {
    let is_json = |ty: &Type| {
        let members = view.members(ty);
        members
            .iter()
            .all(|it| is_object(view, it) || matches!(it, Type::Array(_) | Type::Tuple(_) | Type::Nullable(_)))
    };
    match (ty, own.and_then(|it| it.lists)) {
        _ if own.is_some_and(StyleWord::is_json) => return PartForm::Json,
        (Type::Array(_), Some(ListStyle::Repeated)) => {}
        (Type::Array(item), Some(ListStyle::Brackets | ListStyle::Indices)) if !is_json(item) => {
            return PartForm::Named;
        }
        _ if own.is_some_and(|it| it.objects == Some(ObjectStyle::Exploded)) && is_map_of_files(view, ty) => {
            return PartForm::Entries;
        }
        _ if own.is_some() => return PartForm::Styled,
        _ => {}
    }
    match ty {
        Type::Array(item) if is_json(item) => PartForm::JsonItems,
        Type::Array(_) => PartForm::Plain,
        ty if is_json(ty) => PartForm::Json,
        _ => PartForm::Plain,
    }
}

/// A map whose values are files, or files and texts.
fn is_map_of_files(view: TypeView<'_>, ty: &Type) -> bool {
    matches!(ty, Type::Map(value) if view.members(value).contains(&&Type::File))
}

/// What values of a type may be, apart from scalars.
#[derive(Clone, Copy)]
struct Kinds {
    lists: bool,
    objects: bool,
    /// It may be anything.
    json: bool,
    /// Objects as items of lists.
    items: bool,
}

impl Kinds {
    fn of(view: TypeView<'_>, ty: &Type) -> Self {
        let mut kinds = Self { lists: false, objects: false, json: false, items: false };
        for member in view.members(ty) {
            kinds.lists |= matches!(member, Type::Array(_) | Type::Json);
            kinds.objects |= is_object(view, member);
            kinds.json |= *member == Type::Json;
            let mut inner = member;
            while let Type::Array(item) | Type::Nullable(item) = inner {
                kinds.items |= view.members(item).into_iter().any(|it| is_object(view, it));
                inner = item;
            }
        }
        kinds
    }
}

fn is_object(view: TypeView<'_>, ty: &Type) -> bool {
    let named = || matches!(view.kind(ty), Some(TypeKind::Record(_) | TypeKind::Tagged(_)));
    matches!(ty, Type::Map(_) | Type::Json) || named()
}

fn style(place: Carrier, kinds: Kinds, own: Option<StyleWord>, defaults: StylesDoc) -> Style {
    if !kinds.lists && !kinds.objects && !own.is_some_and(StyleWord::is_json) {
        return Style::PLAIN;
    }
    // Defaults are about names and values; in one text, commas are all there is.
    let (lists, objects) = match place {
        Carrier::Pairs(_) => (defaults.lists.unwrap_or(ListStyle::Repeated), defaults.objects),
        Carrier::Text(_) => (ListStyle::Comma, None),
    };
    // Elsewhere, dots are between the names of an object.
    let has_dots = |it: &ListStyle| *it != ListStyle::Dots || place == Carrier::Text(PATH);
    let lists = own.and_then(|it| it.lists).filter(has_dots).unwrap_or(lists);
    let objects = own.and_then(|it| it.objects).or(objects);
    // The brackets or dots of a list say how what is inside of it goes on.
    let implied = match lists {
        ListStyle::Brackets | ListStyle::Indices => Some(ObjectStyle::DeepObject),
        ListStyle::Numbered => Some(ObjectStyle::Dots),
        _ => None,
    };
    let implied = implied.filter(|_| kinds.items && !kinds.objects);
    let objects = objects.or(implied).filter(|_| kinds.objects || kinds.items || own.is_some_and(StyleWord::is_json));
    Style { lists, objects, json: own.is_some_and(StyleWord::is_json), ..Style::PLAIN }
}

/// How the texts of a query are written. One that is always empty is a flag: its name says it all.
fn texts(field: &Field, source: &FieldSource<'_>) -> TextStyle {
    let is_const_of_nothing =
        |it: &Limit| it.keyword.name == "const" && matches!(&it.argument, Written::Scalar(value) if value == "");
    let is_empty = source.entry.constraints.limits.iter().any(is_const_of_nothing);
    let is_reserved = || source.entry.sent.allow_reserved.as_ref().is_some_and(|it| it.value);
    match field.location {
        Location::Query if is_empty => TextStyle::Flag,
        Location::Query if is_reserved() => TextStyle::Reserved,
        _ => TextStyle::Encoded,
    }
}

/// Why a word says nothing about a type or a place.
fn misfit(place: Carrier, kinds: Kinds, word: StyleWord) -> Option<String> {
    if place == Carrier::Text(COOKIE) && !word.is_json() && word.name != "comma" {
        return Some(format!("`{}` cannot be written in {COOKIE}, only `comma` and `json`", word.name));
    }
    if word.lists == Some(ListStyle::Dots) && kinds.lists && !kinds.objects {
        return (place != Carrier::Text(PATH))
            .then(|| format!("`{}` is a style of objects, and of lists in a path", word.name));
    }
    let in_path = word.name == "semicolon" && place == Carrier::Text(PATH);
    let in_text = word.is_json() || matches!(word.name, "comma" | "exploded") || in_path;
    if matches!(place, Carrier::Text(_)) && !in_text {
        return Some(format!(
            "`{}` cannot be written in {}, only `comma`, `exploded` and `json`",
            word.name,
            place.name()
        ));
    }
    let applies = word.is_json()
        || (kinds.lists && word.lists.is_some_and(|it| it != ListStyle::Dots))
        || (kinds.objects && word.objects.is_some());
    let of = match (word.lists.is_some(), word.objects.is_some()) {
        (true, true) => "lists and objects",
        (true, false) => "lists",
        _ => "objects",
    };
    (!applies).then(|| format!("`{}` is a style of {of}", word.name))
}

/// What contains a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Inside {
    Nothing,
    /// A list or an object whose values have names of their own.
    Named,
    /// A list of repeated keys: all items have one name.
    Repeated,
    /// Values joined into one text.
    Joined,
}

/// The named types that were looked at, by where they were found: what is joined in one place has names of its own in another.
type Seen = HashSet<(TypeId, Inside, Option<ObjectStyle>)>;

struct Check<'a> {
    view: TypeView<'a>,
    style: Style,
    place: Carrier,
}

impl<'a> Check<'a> {
    /// Whether values of a type can be written, or why not.
    fn value(&self, ty: &'a Type, inside: Inside, seen: &mut Seen) -> Result<(), String> {
        if self.style.json {
            return self.no_file(ty);
        }
        // A union may hold itself in its lists and maps.
        if let (Type::Named(id), Some(TypeKind::Union { .. })) = (ty, self.view.kind(ty))
            && !seen.insert((*id, inside, self.style.objects))
        {
            return Ok(());
        }
        for member in self.view.members(ty) {
            match member {
                Type::File => return Err(self.file()),
                Type::Array(item) => self.list(item, inside, seen)?,
                Type::Nullable(inner) => self.value(inner, inside, seen)?,
                Type::Tuple(_) => {
                    return Err(
                        "a list whose items have types by place is sent as JSON: write `style: json`".to_owned()
                    );
                }
                Type::Map(value) => self.object(inside, &mut std::iter::once(&**value), seen)?,
                Type::Json => {
                    self.object(inside, &mut std::iter::empty(), seen)?;
                }
                Type::Named(id) => {
                    let fields: Vec<&Type> = match self.view.kind(member) {
                        Some(TypeKind::Record(record)) => record.types().collect(),
                        Some(TypeKind::Tagged(union)) => {
                            let records = union.members.iter().map(|(_, id)| &self.view.types[id.0 as usize].kind);
                            let of = |it: &'a TypeKind| match it {
                                TypeKind::Record(record) => Some(record.types()),
                                _ => None,
                            };
                            records.filter_map(of).flatten().collect()
                        }
                        _ => continue,
                    };
                    if seen.insert((*id, inside, self.style.objects)) {
                        self.object(inside, &mut fields.into_iter(), seen)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn list(&self, item: &'a Type, inside: Inside, seen: &mut Seen) -> Result<(), String> {
        let style = if matches!(self.place, Carrier::Text(_)) && self.style.lists != ListStyle::Json {
            ListStyle::Comma
        } else {
            self.style.lists
        };
        match (inside, style) {
            (Inside::Joined, _) => Err("a list cannot be one of several values that are joined into one".to_owned()),
            (_, ListStyle::Json) => self.no_file(item),
            (Inside::Repeated, _) => {
                Err("a list of lists needs `brackets`, `indices`, `numbered` or `json`, so that its items can be told apart"
                    .to_owned())
            }
            (_, style) if style.joins() => self.value(item, Inside::Joined, seen),
            (_, ListStyle::Repeated) => self.value(item, Inside::Repeated, seen),
            (_, _) => self.value(item, Inside::Named, seen),
        }
    }

    fn object(
        &self,
        inside: Inside,
        values: &mut dyn Iterator<Item = &'a Type>,
        seen: &mut Seen,
    ) -> Result<(), String> {
        let Some(style) = self.style.objects else {
            let help = "it holds objects: say how they are written, with `styles: {objects: …}`";
            return Err(help.to_owned());
        };
        let inner = match (inside, style) {
            (_, ObjectStyle::Json) => return Ok(()),
            (Inside::Joined, _) => {
                return Err("an object cannot be one of several values that are joined into one".to_owned());
            }
            (Inside::Repeated, _) => {
                let why = "a list of objects needs `brackets`, `indices`, `numbered` or `json`, so that its items can be told apart";
                return Err(why.to_owned());
            }
            (Inside::Named, ObjectStyle::Exploded | ObjectStyle::Comma) => {
                return Err(format!("`{}` is for the parameter itself, not for an object inside of it", style.name()));
            }
            (Inside::Nothing, ObjectStyle::Comma) => Inside::Joined,
            (Inside::Nothing, ObjectStyle::Exploded) if matches!(self.place, Carrier::Text(_)) => Inside::Joined,
            // What is inside of an exploded object is written as a deep object.
            (Inside::Nothing, ObjectStyle::Exploded) => {
                let style = Style { objects: Some(ObjectStyle::DeepObject), ..self.style };
                let deep = Check { style, ..*self };
                for value in values {
                    deep.value(value, Inside::Named, seen)?;
                }
                return Ok(());
            }
            (_, ObjectStyle::DeepObject | ObjectStyle::Dots) => Inside::Named,
        };
        for value in values {
            self.value(value, inner, seen)?;
        }
        Ok(())
    }

    /// JSON text holds everything but files.
    fn no_file(&self, ty: &Type) -> Result<(), String> {
        if self.view.members(ty).contains(&&Type::File) { Err(self.file()) } else { Ok(()) }
    }

    fn file(&self) -> String {
        match self.place.name() {
            MULTIPART => "each file must be a part of its own: those of a list by `repeated`, `brackets` or `indices`, and those of a map by `exploded`".to_owned(),
            place => format!("a file is not allowed in {place}"),
        }
    }
}
