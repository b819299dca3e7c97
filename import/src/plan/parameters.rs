//! Parameters of paths, queries, headers and cookies, and how they are written.

use specwright_codegen::model::StyleWord;

use super::ty::{Content, Piece, Ty};
use super::{Hint, Planner};
use crate::finding::{Place, fault};
use crate::gaps;
use crate::openapi::{self, Location, OwnStyle};
use crate::spec::Raw;
use crate::text;

/// Headers that the client sets, which OpenAPI ignores as parameters too.
const OURS: [&str; 6] = ["content-type", "content-length", "authorization", "host", "accept", "transfer-encoding"];

/// A parameter that is planned.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub name: String,
    pub required: bool,
    pub piece: Piece,
    pub style: Option<&'static str>,
    pub allow_reserved: bool,
    /// The media type of a part of a multipart body.
    pub content_type: Option<String>,
    /// A body that is bytes or text.
    pub raw: Option<Raw>,
}

impl Parameter {
    pub(super) fn new(name: &str, required: bool, piece: Piece) -> Self {
        let (style, content_type, raw) = (None, None, None);
        Self { name: name.to_owned(), required, piece, style, allow_reserved: false, content_type, raw }
    }
}

/// The parameters of an operation, by place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    pub path: Vec<Parameter>,
    pub query: Vec<Parameter>,
    pub headers: Vec<Parameter>,
    pub cookies: Vec<Parameter>,
}

impl Planner<'_> {
    /// `prefix` is what types of parameters are named after; `names` are those of the path.
    pub(super) fn parameters(&mut self, at: usize, operation: &openapi::Operation, prefix: &str) -> Parameters {
        let mut found = Parameters::default();
        let path = self.apart(super::operation::plain_names(&operation.path), operation);
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let names = path_names(path);
        for parameter in &operation.parameters {
            // `{+name}` of RFC 6570 takes several segments.
            let is_open = operation.path.contains(&format!("{{+{}}}", parameter.name));
            let parameter =
                &openapi::Parameter { allow_reserved: parameter.allow_reserved || is_open, ..parameter.clone() };
            let parameter = &in_query(parameter, query, &names);
            let before = std::mem::take(&mut self.worst);
            // Its only value is in the path.
            let is_text = operation.path.contains(&format!("{{{}}}", parameter.name));
            let is_in_path = parameter.location == Location::Path && is_text && !names.contains(&parameter.name);
            if !is_in_path {
                self.parameter(parameter, &names, prefix, &mut found);
            }
            if let Some(level) = self.worst.of_weight().in_request() {
                self.parameter_marks.insert((at, parameter.name.clone()), level);
            }
            self.worst = self.worst.max(before);
        }
        for name in &names {
            if !found.path.iter().any(|it| it.name == *name) {
                self.out.push(fault::path_parameter_missing(name, operation.place.clone()));
                found.path.push(Parameter::new(name, true, Piece::of(Ty::STRING)));
            }
        }
        found.path.sort_by_key(|it| names.iter().position(|name| *name == it.name));
        found
    }

    fn parameter(&mut self, from: &openapi::Parameter, names: &[String], prefix: &str, found: &mut Parameters) {
        let place = from.place.clone();
        if from.name.is_empty() {
            return self.out.push(fault::nameless_parameter(place));
        }
        let lower = from.name.to_ascii_lowercase();
        let list = match from.location {
            Location::Path => {
                if !names.contains(&from.name) {
                    self.out.push(fault::path_parameter_unused(&from.name, place));
                    return;
                }
                if !from.required {
                    self.out.push(fault::path_parameter_optional(&from.name, place.clone()));
                }
                &mut found.path
            }
            Location::Query => &mut found.query,
            // What OpenAPI says is ignored.
            Location::Header if OURS.contains(&lower.as_str()) => return,
            Location::Header => &mut found.headers,
            Location::Cookie if !text::is_header_name(&from.name) => {
                return self.gap(&gaps::COOKIE, place, &[&from.name]);
            }
            Location::Cookie => &mut found.cookies,
            Location::QueryString => return self.gap(&gaps::QUERY_STRING, place, &[&from.name]),
        };
        if list.iter().any(|it| {
            it.name == from.name || from.location == Location::Header && it.name.eq_ignore_ascii_case(&from.name)
        }) {
            return;
        }
        let mut piece = match from.schema {
            Some(id) => self.piece(id, &Hint::new(prefix, &text::pascal(&from.name))),
            None => Piece::of(Ty::STRING),
        };
        if !from.description.is_empty() {
            piece.doc.clone_from(&from.description);
        }
        if !from.examples.is_empty() {
            piece.examples.clone_from(&from.examples);
        }
        piece.deprecated = from.deprecated.clone().or(piece.deprecated);
        piece.client_name = from.client_name.clone().or(piece.client_name);
        let style = self.style(from, &mut piece, &place);
        let has_reserved = matches!(from.location, Location::Path | Location::Query);
        let is_list = from.location == Location::Query && piece.ty == Ty::List(Box::new(Ty::STRING));
        let allow_reserved = from.allow_reserved && has_reserved && (piece.ty == Ty::STRING || is_list);
        let required = from.required || from.location == Location::Path;
        let parameter = Parameter { style, allow_reserved, ..Parameter::new(&from.name, required, piece) };
        match from.location {
            Location::Path => found.path.push(parameter),
            Location::Query => found.query.push(parameter),
            Location::Cookie => found.cookies.push(parameter),
            _ => found.headers.push(parameter),
        }
    }

    /// How a value is written outside of JSON.
    fn style(&mut self, from: &openapi::Parameter, piece: &mut Piece, place: &Place) -> Option<&'static str> {
        // `null` cannot be written, and any JSON is text there.
        piece.nullable = false;
        strip_nullable(&mut piece.ty);
        if from.media_type.is_none() {
            json_as_text(piece);
        }
        let kind = self.outer(&piece.ty);
        if kind == Outer::Scalar {
            return None;
        }
        // Its entries are parameters of their own.
        if from.name.ends_with('*') && matches!(piece.ty, Ty::Map(_)) {
            return None;
        }
        if let Some(own) = &from.own_style {
            return own_word(own, kind);
        }
        if from.media_type.as_deref().is_some_and(|it| it.contains("json")) {
            return Some("json");
        }
        if from.location == Location::Cookie {
            if from.explode != Some(false) {
                let words = "a cookie whose values have names of their own cannot be written";
                self.gap(&gaps::PARAMETER_STYLE, place.clone(), &[words]);
            }
            return match kind {
                Outer::Objects => Some("json"),
                Outer::Object => Some("comma"),
                _ => None,
            };
        }
        let in_query = from.location == Location::Query;
        let style = from.style.as_deref().unwrap_or(if in_query { "form" } else { "simple" });
        let explode = from.explode.unwrap_or(style == "form" || style == "deepObject");
        if !in_query {
            let is_written = match (style, kind) {
                ("simple", _) => true,
                // What is before the value is in the path.
                ("label", Outer::List) => true,
                ("matrix", Outer::List | Outer::Object) => !explode,
                _ => false,
            };
            if !is_written {
                self.gap(
                    &gaps::PARAMETER_STYLE,
                    place.clone(),
                    &[&format!("`style: {style}` of a path cannot be written")],
                );
            }
            return match (kind, explode) {
                (Outer::List, _) if style == "label" => Some("dots"),
                (Outer::Objects, _) => Some("json"),
                (Outer::Object, true) => Some("exploded"),
                (Outer::Object, false) => Some("comma"),
                _ => None,
            };
        }
        match (kind, style, explode) {
            (Outer::Object, "deepObject", _) => Some("deep_object"),
            (Outer::Object, "spaceDelimited" | "pipeDelimited", false) => {
                let message = format!("an object in `style: {style}` cannot be written; it is written with commas");
                self.gap(&gaps::PARAMETER_STYLE, place.clone(), &[&message]);
                Some("comma")
            }
            (Outer::Object, _, true) => Some("exploded"),
            (Outer::Object, _, false) => Some("comma"),
            (Outer::Objects, "deepObject", _) => Some("brackets"),
            (Outer::Objects, ..) => {
                self.out.push(fault::undefined_style(place.clone()));
                Some("json")
            }
            (_, "deepObject", _) => Some("brackets"),
            (_, "form", false) => Some("comma"),
            (_, "spaceDelimited", false) => Some("space"),
            (_, "pipeDelimited", false) => Some("pipe"),
            _ => None,
        }
    }

    /// What a value is on the outside.
    pub(super) fn outer(&self, ty: &Ty) -> Outer {
        self.outer_within(ty, 16)
    }

    /// Unions may contain themselves, so that there is a limit.
    fn outer_within(&self, ty: &Ty, depth: usize) -> Outer {
        let Some(depth) = depth.checked_sub(1) else { return Outer::Scalar };
        match ty {
            Ty::Word("json") | Ty::Map(_) => Outer::Object,
            Ty::Word(_) => Outer::Scalar,
            Ty::Nullable(it) => self.outer_within(it, depth),
            Ty::List(item) => match self.outer_within(item, depth) {
                Outer::Scalar => Outer::List,
                _ => Outer::Objects,
            },
            Ty::Tuple(_) => Outer::Objects,
            Ty::Union(members) => members.iter().map(|it| self.outer_within(it, depth)).max().unwrap_or(Outer::Scalar),
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                Content::Enum(_) => Outer::Scalar,
                Content::Union(members) => {
                    members.iter().map(|it| self.outer_within(it, depth)).max().unwrap_or(Outer::Scalar)
                }
                Content::Same(ty) => self.outer_within(ty, depth),
                Content::Waiting | Content::Record { .. } | Content::Tagged { .. } => Outer::Object,
            },
        }
    }
}

/// A parameter as it is meant where a path has a query, such as `?city={name}`: it is one of the query, and required.
fn in_query(from: &openapi::Parameter, query: &str, names: &[String]) -> openapi::Parameter {
    let written = format!("{{{}}}", from.name);
    let key = query.split('&').filter_map(|it| it.split_once('=')).find(|it| it.1.starts_with(&written));
    match key {
        Some((key, _)) if !names.contains(&from.name) => {
            openapi::Parameter { name: key.to_owned(), location: Location::Query, required: true, ..from.clone() }
        }
        _ => from.clone(),
    }
}

/// What a value is on the outside: this decides how it can be written in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outer {
    Scalar,
    /// A list of scalars.
    List,
    Object,
    /// A list of lists or objects.
    Objects,
}

pub(super) fn strip_nullable(ty: &mut Ty) {
    match ty {
        Ty::Nullable(inner) => {
            let mut inner = (**inner).clone();
            strip_nullable(&mut inner);
            *ty = inner;
        }
        Ty::List(it) | Ty::Map(it) => strip_nullable(it),
        Ty::Tuple(members) | Ty::Union(members) => members.iter_mut().for_each(strip_nullable),
        Ty::Word(_) | Ty::Named(_) => {}
    }
}

/// Any JSON is text outside of JSON, and so is each item of a list of it.
pub(super) fn json_as_text(piece: &mut Piece) {
    if piece.ty == Ty::JSON {
        piece.ty = Ty::STRING;
        piece.limits.clear();
    } else if piece.ty == Ty::List(Box::new(Ty::JSON)) {
        piece.ty = Ty::List(Box::new(Ty::STRING));
        piece.items.limits.clear();
    }
}

/// The names in the braces of a path, each once.
pub(super) fn path_names(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && !name.is_empty()
            && !names.iter().any(|it| it == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// The word of an export of this project, for lists or for objects. Repeated keys need none.
pub(super) fn own_word(own: &OwnStyle, kind: Outer) -> Option<&'static str> {
    let word = match kind {
        Outer::Object => own.objects.as_ref().or(own.lists.as_ref()),
        Outer::Scalar | Outer::List | Outer::Objects => own.lists.as_ref(),
    };
    let known = StyleWord::ALL.iter().find(|it| Some(it.name) == word.map(String::as_str))?;
    (known.name != "repeated").then_some(known.name)
}
