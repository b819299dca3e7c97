//! Bodies that are forms: how each field is written, and which forms are one value.

use super::body::Body;
use super::flat::Flat;
use super::parameters::{Outer, Parameter, json_as_text, own_word, strip_nullable};
use super::ty::{Content, Field, Piece, Ty};
use super::{Hint, Planner};
use crate::finding::Place;
use crate::gaps;
use crate::openapi::{self, Additional, JsonType, Media, PartEncoding, SchemaId};
use crate::text;

impl Planner<'_> {
    /// Whether a form is written from the fields of one type: a map, or one of several objects. That is so if there is
    /// one way to write each field.
    pub(super) fn is_one_type(&mut self, media: &Media, flat: &Flat, has_choices: bool, prefix: &str) -> bool {
        if !media.encoding.is_empty() || flat.nullable {
            return false;
        }
        let is_map = flat.properties.is_empty() && flat.required.is_empty();
        if !has_choices {
            let is_open = match flat.additional {
                Additional::Of(id) => self.has_plain_value(id, prefix),
                Additional::Allowed => is_map,
                _ => false,
            };
            return is_open && flat.pattern_properties.is_empty() && self.are_plain(flat, prefix);
        }
        let members: Vec<SchemaId> = flat.choices.iter().flat_map(|it| it.members.iter().copied()).collect();
        self.are_plain(flat, prefix)
            && members.into_iter().all(|id| {
                let member = self.flat(id);
                super::piece::implied_types(&member) == [JsonType::Object]
                    && !member.properties.is_empty()
                    && member.choices.is_empty()
                    && self.are_plain(&member, prefix)
            })
    }

    /// Whether the fields of a body are the same as JSON and in a form: scalars and lists of them, and never `null`.
    pub(super) fn has_plain_fields(&mut self, media: &Media, prefix: &str) -> bool {
        let Some(schema) = media.schema else { return false };
        let flat = self.flat(schema);
        self.are_plain(&flat, prefix)
    }

    fn are_plain(&mut self, flat: &Flat, prefix: &str) -> bool {
        flat.properties.iter().all(|(name, ids)| {
            let id = self.all_of(ids);
            let piece = self.piece(id, &Hint::new(prefix, &text::pascal(name)));
            piece.ty != Ty::JSON && self.is_plain(&piece)
        })
    }

    fn has_plain_value(&mut self, id: SchemaId, prefix: &str) -> bool {
        let piece = self.piece(id, &Hint::new(prefix, "Value"));
        piece.ty == Ty::JSON || self.is_plain(&piece)
    }

    fn is_plain(&self, piece: &Piece) -> bool {
        let is_list = matches!(&piece.ty, Ty::List(item) if matches!(**item, Ty::Nullable(_)));
        !piece.nullable && !is_list && !self.has_file(&piece.ty) && self.outer(&piece.ty) <= Outer::List
    }

    /// A form that is one of several objects: what they have in common is required.
    pub(super) fn form_of_choices(
        &mut self,
        at: usize,
        body: &openapi::Body,
        media: &Media,
        found: Body,
        prefix: &str,
    ) -> Body {
        let mut all: Vec<Vec<Field>> = Vec::new();
        let place = body.place.clone();
        let Some(schema) = media.schema else { return found };
        let (base, _) = self.base(schema);
        let flat = self.flat(base);
        let shared = Flat { choices: Vec::new(), ..flat.clone() };
        for choice in &flat.choices {
            for id in &choice.members {
                let member = self.flat(*id);
                all.push(self.fields(&member, prefix, &place));
            }
        }
        let message = "a form that is one of several objects; all of their fields are accepted";
        self.gap(&gaps::LIMIT, place.clone(), &[message]);
        let mut found = self.fields_of(at, &shared, media, found, prefix);
        let names: Vec<Field> = all.iter().flatten().cloned().collect();
        for field in names {
            if found.parameters.iter().any(|it| it.name == field.name) || field.piece.read_only {
                continue;
            }
            let required = all.iter().all(|fields| fields.iter().any(|it| it.name == field.name && it.required));
            let encoded = media.encoding.iter().find(|it| it.0 == field.name).map(|it| &it.1);
            let part = self.part(Field { required, ..field }, &found, encoded, &place);
            found.parameters.push(part);
        }
        found
    }

    pub(super) fn part(
        &mut self,
        field: Field,
        body: &Body,
        encoded: Option<&PartEncoding>,
        place: &Place,
    ) -> Parameter {
        let Field { name, required, mut piece } = field;
        let is_form = body.is("form") && !body.is("multipart");
        let (mut style, mut content_type) = (None, None);
        if is_form {
            style = self.form_style(&mut piece, encoded);
        } else if body.is("multipart") {
            (style, content_type) = self.multipart(&name, &mut piece, encoded, place);
        }
        Parameter { style, content_type, ..Parameter::new(&name, required, piece) }
    }

    fn form_style(&mut self, piece: &mut Piece, encoded: Option<&PartEncoding>) -> Option<&'static str> {
        piece.nullable = false;
        strip_nullable(&mut piece.ty);
        self.one_as_list(piece);
        json_as_text(piece);
        if let Some(own) = encoded.and_then(|it| it.own_style.as_ref()) {
            return own_word(own, self.outer(&piece.ty));
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

    /// The style and the media type of a part. A scalar is text, an object JSON, and the items of a list are parts.
    fn multipart(
        &mut self,
        name: &str,
        piece: &mut Piece,
        encoded: Option<&PartEncoding>,
        place: &Place,
    ) -> (Option<&'static str>, Option<String>) {
        piece.nullable = false;
        strip_nullable(&mut piece.ty);
        self.one_as_list(piece);
        let is_file = piece.ty == Ty::Word("file") || piece.ty == Ty::List(Box::new(Ty::Word("file")));
        let choice = self.file_or_text(&piece.ty);
        if let Some(choice) = choice {
            piece.ty = choice;
        } else if self.has_file(&piece.ty) && !is_file {
            self.gap(&gaps::FORM_PART, place.clone(), &[name, "a file or something else; it is a file"]);
            piece.ty = Ty::Word("file");
            piece.limits.clear();
        }
        let said = encoded.and_then(|it| it.content_type.as_deref()).map(str::trim);
        let one = said.filter(|it| !it.contains([',', '*']) && it.contains('/'));
        let outer = self.outer(&piece.ty);
        if encoded.is_some_and(|it| it.style.is_some() || it.explode == Some(false)) && outer != Outer::Scalar {
            let style = self.form_style(piece, encoded);
            let joins_files = is_file && !matches!(style, None | Some("brackets"));
            if !joins_files {
                return (style, None);
            }
            self.gap(
                &gaps::PARAMETER_STYLE,
                place.clone(),
                &["files cannot be joined into one part; they are repeated"],
            );
        }
        let is_json = one.is_some_and(|it| it.ends_with("json"));
        match outer {
            Outer::Scalar if is_file => (None, one.filter(|it| *it != "application/octet-stream").map(str::to_owned)),
            // A text as JSON would be in quotes, which nobody means.
            Outer::Scalar => (None, one.filter(|it| *it != "text/plain" && !is_json).map(str::to_owned)),
            Outer::List if is_json => (Some("json"), None),
            Outer::List => {
                (None, one.filter(|it| !matches!(*it, "text/plain" | "application/octet-stream")).map(str::to_owned))
            }
            Outer::Object | Outer::Objects => {
                let is_scalar_too = self.is_mixed(&piece.ty);
                let other = one.filter(|it| *it != "application/json").map(str::to_owned);
                (is_scalar_too.then_some("json"), other)
            }
        }
    }

    /// A union of a file and one kind of text, which may be its URL.
    fn file_or_text(&self, ty: &Ty) -> Option<Ty> {
        let members = match ty {
            Ty::Union(members) => members,
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                Content::Union(members) => members,
                _ => return None,
            },
            _ => return None,
        };
        let is_text = |it: &Ty| matches!(it, Ty::Word("string" | "url" | "uri" | "base64"));
        let fits = members.len() == 2 && members.contains(&Ty::Word("file")) && members.iter().any(is_text);
        fits.then(|| Ty::Union(members.clone()))
    }

    /// One value is sent as a list of it is, so that only the list is said.
    fn one_as_list(&self, piece: &mut Piece) {
        let members = match &piece.ty {
            Ty::Union(members) => members.as_slice(),
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                Content::Union(members) => members.as_slice(),
                _ => return,
            },
            _ => return,
        };
        let ([one, Ty::List(item)] | [Ty::List(item), one]) = members else { return };
        if **item == *one && piece.limits.is_empty() && piece.items == crate::spec::Items::default() {
            piece.ty = Ty::List(item.clone());
        }
    }

    /// Whether a value is an object or a list at times, and something else at others.
    fn is_mixed(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Union(_) => true,
            Ty::Named(id) => matches!(self.types[id.0 as usize].content, Content::Union(_)),
            _ => false,
        }
    }

    /// Whether a value may be the bytes of a file.
    fn has_file(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Word(word) => *word == "file",
            Ty::List(it) | Ty::Map(it) | Ty::Nullable(it) => self.has_file(it),
            Ty::Tuple(members) | Ty::Union(members) => members.iter().any(|it| self.has_file(it)),
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                Content::Union(members) => members.contains(&Ty::Word("file")),
                _ => false,
            },
        }
    }
}
