//! Bodies of requests.

use super::Planner;
use super::parameters::{Outer, Parameter, strip_nullable};
use super::ty::{Field, Piece, Ty};
use crate::finding::{Level, Place, fault};
use crate::gaps;
use crate::openapi::{self, Media, PartEncoding};
use crate::spec::Rule;

/// The body of an operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub encoding: Option<&'static str>,
    pub parameters: Vec<Parameter>,
    pub rules: Vec<Rule>,
    pub open: bool,
    pub unclear: Vec<String>,
    /// Bodies that the document shows, by name.
    pub examples: Vec<(String, serde_json::Value)>,
}

impl Planner<'_> {
    /// Nothing if the operation cannot be called.
    pub(super) fn body(&mut self, at: usize, operation: &openapi::Operation, prefix: &str) -> Option<Body> {
        let Some(body) = &operation.body else { return Some(Body::default()) };
        let best = body.content.iter().min_by_key(|it| rank(&it.media_type));
        let Some(media) = best else { return Some(Body::default()) };
        let others: Vec<String> = body
            .content
            .iter()
            .filter(|it| it.media_type != media.media_type)
            .map(|it| format!("`{}`", it.media_type))
            .collect();
        if !others.is_empty() {
            self.gap(&gaps::OTHER_ENCODINGS, body.place.clone(), &[&others.join(", ")]);
        }
        let encoding = match rank(&media.media_type) {
            0 | 1 => None,
            2 => Some("form"),
            3 => Some("multipart"),
            _ => {
                self.gap(&gaps::BODY_MEDIA, media.place.clone(), &[&media.media_type]);
                return None;
            }
        };
        self.files = encoding == Some("multipart");
        let found = self.object_body(at, media, encoding, prefix);
        self.files = false;
        found
    }

    fn object_body(&mut self, at: usize, media: &Media, encoding: Option<&'static str>, prefix: &str) -> Option<Body> {
        let place = media.place.clone();
        let refuse = |planner: &mut Self, what: &str| {
            planner.gap(&gaps::BODY_NOT_OBJECT, place.clone(), &[what]);
            None
        };
        let Some(schema) = media.schema else { return refuse(self, "any JSON") };
        let (base, notes) = self.base(schema);
        let flat = self.flat(base);
        let types = super::piece::implied_types(&flat);
        if flat.dangling {
            return refuse(self, "described by a reference that leads nowhere");
        }
        if notes.nullable {
            return refuse(self, "an object or `null`");
        }
        let is_object = types == [openapi::JsonType::Object] || types.is_empty() && !flat.properties.is_empty();
        if !is_object {
            let what = types.first().map_or("one of several things", |it| it.describe());
            return refuse(self, what);
        }
        if !flat.choices.is_empty() && !flat.choices.iter().all(|it| self.requires_only(it)) {
            return refuse(self, "one of several objects");
        }
        if flat.properties.is_empty() && flat.required.is_empty() {
            // An object that has nothing is no body.
            let empty = flat.additional == openapi::Additional::Denied
                || encoding == Some("form") && flat.additional == openapi::Additional::Unsaid;
            return if empty { Some(Body::default()) } else { refuse(self, "a map") };
        }
        let mut unclear: Vec<String> = self.unread(&flat).into_iter().collect();
        let open = self.is_open(&flat, &place);
        if matches!(flat.additional, openapi::Additional::Of(_)) && open {
            unclear.push("The document gives a type for other parameters".to_owned());
        }
        let rules = self.rules(&flat, &place);
        let mut parameters = Vec::new();
        let before = self.worst.take();
        for field in self.fields(&flat, prefix, &place) {
            // What only answers have.
            if field.piece.read_only {
                continue;
            }
            let worst = self.worst.take();
            let encoded = media.encoding.iter().find(|it| it.0 == field.name).map(|it| &it.1);
            let name = field.name.clone();
            parameters.push(self.part(field, encoding, encoded, &place));
            if let Some(level) = self.worst.filter(|it| *it >= Level::Approximated) {
                self.parameter_marks.insert((at, name), level);
            }
            self.worst = self.worst.max(worst);
        }
        self.worst = self.worst.max(before);
        Some(Body { encoding, parameters, rules, open, unclear, examples: media.examples.clone() })
    }

    fn part(
        &mut self,
        field: Field,
        encoding: Option<&'static str>,
        encoded: Option<&PartEncoding>,
        place: &Place,
    ) -> Parameter {
        let Field { name, required, mut piece } = field;
        let style = match encoding {
            Some("form") => self.form_style(&mut piece, encoded),
            Some(_) => {
                self.multipart(&name, &mut piece, place);
                None
            }
            None => None,
        };
        Parameter { name, required, piece, style, allow_reserved: false }
    }

    fn form_style(&mut self, piece: &mut Piece, encoded: Option<&PartEncoding>) -> Option<&'static str> {
        piece.nullable = false;
        strip_nullable(&mut piece.ty);
        if piece.ty == Ty::JSON {
            piece.ty = Ty::STRING;
            piece.limits.clear();
        }
        let said = encoded.filter(|it| it.style.is_some() || it.explode.is_some());
        let style = said.and_then(|it| it.style.as_deref()).unwrap_or("form");
        let explode = said.and_then(|it| it.explode).unwrap_or(style == "form" || style == "deepObject");
        match (self.outer(&piece.ty), style, explode) {
            (Outer::Scalar, ..) => None,
            // Without a style, an object is a part of JSON.
            (Outer::Object | Outer::Objects, ..) if said.is_none() => Some("json"),
            (Outer::Object, "deepObject", _) => Some("deep_object"),
            (Outer::Object, _, true) => Some("exploded"),
            (Outer::Object, _, false) => Some("comma"),
            (Outer::Objects, ..) | (Outer::List, "deepObject", _) => Some("brackets"),
            (Outer::List, "spaceDelimited", false) => Some("space"),
            (Outer::List, "pipeDelimited", false) => Some("pipe"),
            (Outer::List, _, false) => Some("comma"),
            (Outer::List, ..) => None,
        }
    }

    /// A part is a scalar, a file, or a list of these.
    fn multipart(&mut self, name: &str, piece: &mut Piece, place: &Place) {
        piece.nullable = false;
        strip_nullable(&mut piece.ty);
        let misfit = match self.outer(&piece.ty) {
            Outer::Scalar | Outer::List => None,
            Outer::Object => Some("an object; it is text in JSON"),
            Outer::Objects => Some("a list of objects; it is text in JSON"),
        };
        if let Some(what) = misfit {
            self.gap(&gaps::FORM_PART, place.clone(), &[name, what]);
            let (doc, unclear) = (piece.doc.clone(), piece.unclear.clone());
            *piece = Piece::of(Ty::STRING);
            piece.doc = doc;
            piece.unclear = unclear;
            piece.unclear.push("The document describes an object here; send it as JSON.".to_owned());
        }
        if self.has_file(&piece.ty) && piece.ty != Ty::Word("file") && piece.ty != Ty::List(Box::new(Ty::Word("file")))
        {
            self.gap(&gaps::FORM_PART, place.clone(), &[name, "a file or something else; it is a file"]);
            piece.ty = Ty::Word("file");
            piece.limits.clear();
        }
        let is_union = match &piece.ty {
            Ty::Union(_) => true,
            Ty::Named(id) => !matches!(self.types[id.0 as usize].content, super::ty::Content::Enum(_)),
            _ => false,
        };
        if is_union {
            self.gap(&gaps::FORM_PART, place.clone(), &[name, "one of several types; it is text"]);
            piece.ty = Ty::STRING;
            piece.limits.clear();
        }
    }

    /// Whether a value may be the bytes of a file.
    fn has_file(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Word(word) => *word == "file",
            Ty::List(it) | Ty::Map(it) | Ty::Nullable(it) => self.has_file(it),
            Ty::Union(members) => members.iter().any(|it| self.has_file(it)),
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                super::ty::Content::Union(members) => members.contains(&Ty::Word("file")),
                _ => false,
            },
        }
    }

    /// A body that has required parameters is required, whatever the document says.
    pub(super) fn check_optional(&mut self, operation: &openapi::Operation, body: &Body) {
        let Some(written) = &operation.body else { return };
        if !written.required && body.parameters.iter().any(|it| it.required) {
            self.out.push(fault::optional_body(written.place.clone()));
        }
    }
}

/// JSON, then forms, then parts, then anything else.
fn rank(media_type: &str) -> u8 {
    match media_type {
        "application/json" => 0,
        "*/*" | "application/*" | "text/json" => 1,
        "application/x-www-form-urlencoded" => 2,
        it if it.starts_with("multipart/") => 3,
        it if it.ends_with("+json") && !it.contains("json-patch") => 1,
        _ => 4,
    }
}
