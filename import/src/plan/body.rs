//! Bodies of requests: fields, one value, or the bytes of a file; and how they are encoded.

use super::parameters::Parameter;
use super::ty::{Field, Piece, Ty};
use super::{Hint, Planner, media};
use crate::finding::fault;
use crate::gaps;
use crate::openapi::{self, Additional, JsonType, Media, SchemaId};
use crate::spec::{Raw, Rule, Xml};
use crate::text;

/// The name of a body that is one value.
pub(crate) const WHOLE: &str = "$body";

/// The body of an operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// `json`, `form`, `multipart` or media types of JSON; JSON if there are none.
    pub encodings: Vec<String>,
    /// Fields, or one that is called [`WHOLE`].
    pub parameters: Vec<Parameter>,
    pub rules: Vec<Rule>,
    pub open: bool,
    pub unclear: Vec<String>,
    /// Bodies that the document shows, by name.
    pub examples: Vec<(String, serde_json::Value)>,
}

impl Body {
    pub(crate) fn is_whole(&self) -> bool {
        self.parameters.iter().any(|it| it.name == WHOLE)
    }

    /// What the body may be, as far as it tells requests apart; nothing if there is no body.
    pub(super) fn media_types(&self) -> Vec<String> {
        match self.parameters.as_slice() {
            [] => Vec::new(),
            [Parameter { raw: Some(raw), .. }] => raw.types.clone(),
            _ if self.encodings.is_empty() => vec!["json".to_owned()],
            _ => self.encodings.clone(),
        }
    }

    pub(crate) fn is(&self, encoding: &str) -> bool {
        self.encodings.iter().any(|it| it == encoding)
    }
}

impl Planner<'_> {
    /// The bodies of an operation, the one that is sent by default first; each of the others is an operation of its
    /// own, with a word for its name.
    pub(super) fn bodies(
        &mut self,
        at: usize,
        operation: &openapi::Operation,
        prefix: &str,
    ) -> Vec<(&'static str, Body)> {
        let Some(body) = &operation.body else { return vec![("", Body::default())] };
        if operation.method == "head" {
            self.out.push(fault::body_of_head(body.place.clone()));
            return vec![("", Body::default())];
        }
        let mut rest = body.content.clone();
        let mut found: Vec<(&'static str, Body)> = Vec::new();
        let mut others = Vec::new();
        while let Some(media) = media::best(self, &rest) {
            let chosen = media::chosen(self, &rest, &media);
            rest.retain(|it| !chosen.contains(&it.media_type) && it.media_type != media.media_type);
            let kind = media::kind(self, &media);
            // The same fields in XML, or signed, are the same request.
            let has_fields = media::has_fields(self, &media);
            let is_vague = matches!(kind, media::Kind::Form | media::Kind::Multipart) && !has_fields;
            if !found.is_empty() && (kind >= media::Kind::Xml && has_fields || is_vague) {
                others.push(format!("`{}`", media.media_type));
                continue;
            }
            let own =
                if found.is_empty() { prefix.to_owned() } else { format!("{prefix}{}", text::pascal(kind.word())) };
            let (one, more) = self.body(at, body, &media, kind, chosen, &own);
            others.extend(more);
            if !found.is_empty() && one.parameters.is_empty() {
                continue;
            }
            let word = if found.is_empty() { "" } else { kind.word() };
            found.push((word, one));
        }
        if !others.is_empty() {
            self.gap(&gaps::OTHER_ENCODINGS, body.place.clone(), &[&others.join(", ")]);
        }
        if found.is_empty() {
            found.push(("", Body::default()));
        }
        found
    }

    /// A body of some media types, and those of them that it cannot have.
    fn body(
        &mut self,
        at: usize,
        body: &openapi::Body,
        media: &Media,
        kind: media::Kind,
        chosen: Vec<String>,
        prefix: &str,
    ) -> (Body, Vec<String>) {
        let mut others = Vec::new();
        let lines = if kind == media::Kind::Text { self.lines(body, media, prefix) } else { None };
        let mut found = match kind {
            _ if lines.is_some() => lines.unwrap_or_default(),
            media::Kind::Binary => self.raw(body, media, Raw { binary: true, types: chosen }, prefix),
            media::Kind::Text => self.raw(body, media, Raw { binary: false, types: chosen }, prefix),
            media::Kind::Xml => self.xml_body(body, media, chosen, prefix),
            kind => {
                self.files = kind == media::Kind::Multipart;
                let mut encodings = media::encodings(&chosen);
                // One value is JSON, whatever else it could be.
                if kind == media::Kind::Json && encodings.iter().any(|it| it == "form" || it == "multipart") {
                    let is_whole = self.is_one_value(media) || !self.has_plain_fields(media, prefix);
                    others
                        .extend(encodings.extract_if(.., |it| is_whole && matches!(it.as_str(), "form" | "multipart")));
                    if encodings == ["json"] {
                        encodings.clear();
                    }
                }
                let found = self.encoded(at, body, media, encodings, prefix);
                self.files = false;
                found
            }
        };
        found.examples.clone_from(&media.examples);
        if !body.required && found.parameters.iter().any(|it| it.required) && !found.is_whole() {
            self.out.push(fault::optional_body(body.place.clone()));
        }
        (found, others)
    }

    /// Whether a body is no object with fields that are known.
    fn is_one_value(&mut self, media: &Media) -> bool {
        let Some(schema) = media.schema else { return true };
        let flat = self.flat(schema);
        let has_choices = !flat.choices.is_empty() && !flat.choices.iter().all(|it| self.requires_only(it));
        flat.nullable || has_choices || flat.properties.is_empty() || matches!(flat.additional, Additional::Of(_))
    }

    /// Lines of JSON, where the document says what a line is: the schema is a list of them.
    fn lines(&mut self, body: &openapi::Body, media: &Media, prefix: &str) -> Option<Body> {
        if !media::is_lines(&media.media_type) || !specwright_codegen::model::is_json_lines(&media.media_type) {
            return None;
        }
        let schema = media.schema?;
        let flat = self.flat(schema);
        if super::piece::implied_types(&flat) != [JsonType::Array] {
            return None;
        }
        let piece = self.piece(schema, &Hint::new(prefix, "Body"));
        let is_list = matches!(piece.ty, Ty::List(_)) && !piece.nullable;
        let encodings = vec![match media.media_type.as_str() {
            "application/x-ndjson" => "ndjson".to_owned(),
            other => other.to_owned(),
        }];
        is_list.then(|| self.whole(body, piece, Body { encodings, ..Body::default() }))
    }

    /// One value in XML.
    fn xml_body(&mut self, body: &openapi::Body, media: &Media, encodings: Vec<String>, prefix: &str) -> Body {
        let found = Body { encodings, ..Body::default() };
        let Some(schema) = media.schema else { return found };
        let (schema, name) = self.body_in_xml(schema);
        let mut piece = self.piece(schema, &Hint::new(prefix, "Body"));
        piece.xml = match name {
            // Otherwise its type says it.
            Some(name) if self.xml_name(schema).is_none() => Some(Xml { name: Some(name), ..Xml::default() }),
            Some(_) => None,
            None => self.xml_of_root(schema, &piece.ty),
        };
        self.value(body, piece, found)
    }

    /// Bytes, or text that is no JSON.
    fn raw(&mut self, body: &openapi::Body, media: &Media, raw: Raw, prefix: &str) -> Body {
        let mut piece = Piece::of(Ty::STRING);
        if let Some(schema) = media.schema
            && raw.binary
            && media::has_fields(self, media)
        {
            self.text_gap(&gaps::BODY_MEDIA, media, schema);
            piece.unclear.push(format!("The document describes the bytes as {}.", media::described(self, schema)));
        } else if let Some(schema) = media.schema
            && !raw.binary
        {
            let found = self.piece(schema, &Hint::new(prefix, "Body"));
            let is_text = matches!(found.ty, Ty::Word(it) if super::members::is_text(it)) || found.ty == Ty::JSON;
            if is_text {
                piece.limits = found.limits;
            } else {
                self.text_gap(&gaps::BODY_MEDIA, media, schema);
                piece.unclear.push(format!("The document describes the text as {}.", media::described(self, schema)));
            }
        }
        piece.doc.clone_from(&body.description);
        let mut parameter = Parameter::new(WHOLE, body.required, piece);
        parameter.raw = Some(raw);
        Body { parameters: vec![parameter], ..Body::default() }
    }

    /// What is written as JSON, a form or parts.
    fn encoded(
        &mut self,
        at: usize,
        body: &openapi::Body,
        media: &Media,
        encodings: Vec<String>,
        prefix: &str,
    ) -> Body {
        let found = Body { encodings, ..Body::default() };
        let is_json = !found.is("form") && !found.is("multipart");
        let Some(schema) = media.schema else {
            if is_json {
                return self.whole(body, Piece::of(Ty::JSON), found);
            }
            self.gap(&gaps::BODY_NOT_OBJECT, media.place.clone(), &["any fields"]);
            return found;
        };
        let (base, notes) = self.base(schema);
        let flat = self.flat(base);
        let types = super::piece::implied_types(&flat);
        let is_object = types == [JsonType::Object] || types.is_empty() && !flat.properties.is_empty();
        let has_choices = !flat.choices.is_empty() && !flat.choices.iter().all(|it| self.requires_only(it));
        if !is_json && self.is_one_type(media, &flat, has_choices, prefix) {
            let mut piece = self.piece(schema, &Hint::new(prefix, "Body"));
            // Any JSON is text in a form.
            if piece.ty == Ty::Map(Box::new(Ty::JSON)) && !found.is("multipart") {
                piece.ty = Ty::Map(Box::new(Ty::STRING));
            }
            return self.value(body, piece, found);
        }
        // Fields that all of them may have are said of a form that is one of several.
        if !is_json && has_choices {
            return self.form_of_choices(at, body, media, found, prefix);
        }
        if !is_object || flat.dangling || flat.nothing || has_choices || flat.values.is_some() {
            let piece = self.piece(schema, &Hint::new(prefix, "Body"));
            return self.whole(body, piece, found);
        }
        let nullable = notes.nullable || flat.nullable;
        let is_map = flat.properties.is_empty() && flat.required.is_empty();
        let is_open_map = is_map && flat.additional != Additional::Denied;
        let has_other = matches!(flat.additional, Additional::Of(it) if super::flat::says_something(self.schema(it)))
            || !flat.pattern_properties.is_empty();
        if is_json && (nullable || is_open_map || has_other || flat.limits.max_properties.is_some()) {
            let piece = self.piece(schema, &Hint::new(prefix, "Body"));
            return self.whole(body, piece, found);
        }
        if is_map {
            // An object that has nothing is no body.
            if is_open_map && !(found.is("form") && flat.additional == Additional::Unsaid) {
                self.gap(&gaps::BODY_NOT_OBJECT, media.place.clone(), &["a form of any fields"]);
            }
            return Body::default();
        }
        if is_json && self.document.operations[at].method == "put" && self.is_answered(base) {
            // What was read is changed and sent back.
            let piece = self.piece(schema, &Hint::new(prefix, "Body"));
            return self.whole(body, piece, found);
        }
        self.fields_of(at, &flat, media, found, prefix)
    }

    /// Whether a schema has a name, and an operation answers it: alone, in a list, or in an envelope.
    fn is_answered(&self, base: SchemaId) -> bool {
        if !self.kept.contains_key(&base) {
            return false;
        }
        let is_it = |id: SchemaId| {
            let (found, _) = self.base(id);
            found == base || self.schema(found).items.is_some_and(|it| self.base(it).0 == base)
        };
        let answers = self.document.operations.iter().flat_map(|it| &it.responses);
        let answers =
            answers.filter(|it| matches!(it.status, openapi::Status::Code(200..=299) | openapi::Status::Range(2)));
        answers.flat_map(|it| &it.content).filter_map(|it| it.schema).any(|id| {
            let (whole, _) = self.base(id);
            is_it(id) || self.schema(whole).properties.iter().any(|it| is_it(it.1))
        })
    }

    /// A body whose fields are parameters.
    pub(super) fn fields_of(
        &mut self,
        at: usize,
        flat: &super::flat::Flat,
        media: &Media,
        found: Body,
        prefix: &str,
    ) -> Body {
        let place = media.place.clone();
        let mut found = found;
        found.unclear.extend(self.unread(flat));
        let (open, extra) = self.is_open(flat, prefix, &place);
        if extra.is_some() {
            self.limit_gap(&gaps::EXTRA_FIELDS, place.clone(), &["of one type"]);
            found.unclear.push("The document gives a type for other parameters".to_owned());
        }
        found.open = open || extra.is_some();
        let before = std::mem::take(&mut self.worst);
        let fields = self.fields(flat, prefix, &place);
        // Only JSON has `null`.
        let may_be_null = |it: &&Field| it.piece.nullable && !found.is("form") && !found.is("multipart");
        let nullable = fields.iter().filter(may_be_null).map(|it| it.name.clone()).collect();
        found.rules = self.rules(flat, &nullable, &place);
        for field in fields {
            // What only answers have.
            if field.piece.read_only {
                found.rules.retain(|it| !it.names.contains(&field.name));
                continue;
            }
            let worst = std::mem::take(&mut self.worst);
            let encoded = media.encoding.iter().find(|it| it.0 == field.name).map(|it| &it.1);
            let name = field.name.clone();
            let part = self.part(field, &found, encoded, &place);
            found.parameters.push(part);
            if let Some(level) = self.worst.of_weight().in_request() {
                self.parameter_marks.insert((at, name), level);
            }
            self.worst = self.worst.max(worst);
        }
        self.worst = self.worst.max(before);
        found
    }

    /// A body that is one value.
    fn whole(&mut self, body: &openapi::Body, piece: Piece, found: Body) -> Body {
        if found.is("form") || found.is("multipart") {
            self.gap(&gaps::BODY_NOT_OBJECT, body.place.clone(), &["no object, and no JSON"]);
            return Body::default();
        }
        self.value(body, piece, found)
    }

    fn value(&self, body: &openapi::Body, piece: Piece, found: Body) -> Body {
        let mut found = found;
        let mut piece = piece;
        if !body.description.is_empty() {
            piece.doc.clone_from(&body.description);
        }
        piece.default = None;
        found.parameters.push(Parameter::new(WHOLE, body.required, piece));
        found
    }
}
