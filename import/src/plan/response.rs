//! What operations answer with.

use specwright_codegen::model::{is_json, is_xml};

use super::parameters::Parameters;
use super::ty::{Content, Field, Piece, Ty};
use super::{Hint, Planner};
use crate::finding::{Place, fault};
use crate::gaps;
use crate::openapi::{self, Media, Response, Status};
use crate::spec::{Items, Xml};
use crate::text;

/// What an operation answers with, when it succeeds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    None,
    Json {
        ty: Ty,
        nullable: bool,
    },
    /// By status: JSON, text, bytes, or nothing.
    ByStatus(Vec<(u16, Answer)>),
    Text(Vec<String>),
    Binary(Vec<String>),
    Redirect,
    /// Only a stream.
    Stream,
}

/// The stream of an operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stream {
    pub lines: bool,
    pub data: Ty,
    /// The parameter that asks for it.
    pub when: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub answer: Answer,
    pub success: Option<u16>,
    pub headers: Vec<Field>,
    /// Media types of a response in JSON that is never `application/json`, or in XML.
    pub accept: Vec<String>,
    /// How the response is written in XML.
    pub xml: Option<Xml>,
    pub stream: Option<Stream>,
    /// Responses that the document shows, by name.
    pub examples: Vec<(String, serde_json::Value)>,
    pub unclear: Vec<String>,
}

impl Planner<'_> {
    pub(super) fn answers(
        &mut self,
        operation: &openapi::Operation,
        parameters: &Parameters,
        body: &super::body::Body,
        prefix: &str,
    ) -> Answers {
        let successes = self.successes(operation);
        let mut out = Answers {
            answer: Answer::None,
            success: None,
            headers: Vec::new(),
            accept: Vec::new(),
            xml: None,
            stream: None,
            examples: Vec::new(),
            unclear: Vec::new(),
        };
        let Some((first, _)) = successes.first() else {
            return self.without_success(operation, out);
        };
        let mut found: Vec<(u16, Answer)> = Vec::new();
        for (status, response) in &successes {
            let answer = self.answer(response, prefix, &mut out, body);
            found.push((*status, answer));
            self.response_headers(response, prefix, &mut out.headers);
        }
        let asks_for_changes = parameters.headers.iter().any(|it| {
            let name = it.name.to_ascii_lowercase();
            name == "if-none-match" || name == "if-modified-since"
        });
        if let Some(unchanged) = operation.responses.iter().find(|it| it.status == Status::Code(304)) {
            let is_json = found.iter().any(|it| matches!(it.1, Answer::Json { .. }));
            if asks_for_changes && is_json {
                found.push((304, Answer::None));
            } else {
                self.out.push(gaps::NOT_MODIFIED.at(unchanged.place.clone(), &[]));
            }
        }
        out.answer = self.one_answer(&found, &operation.place);
        let default = if out.answer == Answer::None { 204 } else { 200 };
        let is_by_status = matches!(out.answer, Answer::ByStatus(_) | Answer::Stream);
        out.success = (!is_by_status && *first != default).then_some(*first);
        out
    }

    /// Statuses of success, the one that counts first.
    fn successes<'o>(&mut self, operation: &'o openapi::Operation) -> Vec<(u16, &'o Response)> {
        let mut found: Vec<(u16, &Response)> = Vec::new();
        for response in &operation.responses {
            match response.status {
                Status::Code(code @ 200..=299) => found.push((code, response)),
                Status::Range(2) => found.push((200, response)),
                _ => {}
            }
        }
        found.sort_by_key(|it| it.0);
        found.dedup_by_key(|it| it.0);
        found
    }

    fn without_success(&mut self, operation: &openapi::Operation, mut out: Answers) -> Answers {
        let redirect = operation.responses.iter().find_map(|it| match it.status {
            Status::Code(code @ (301..=303 | 307 | 308)) => Some((code, it)),
            _ => None,
        });
        if let Some((code, response)) = redirect {
            out.answer = Answer::Redirect;
            out.success = (code != 302).then_some(code);
            let mut headers = Vec::new();
            self.response_headers(response, "Redirect", &mut headers);
            // The address is the answer itself.
            headers.retain(|it| !it.name.eq_ignore_ascii_case("location"));
            out.headers = headers;
            return out;
        }
        let default = operation.responses.iter().find(|it| it.status == Status::Default && !it.content.is_empty());
        let errors = operation.responses.iter().any(|it| matches!(it.status, Status::Code(400..)));
        match default {
            Some(response) if !errors => {
                let empty = super::body::Body::default();
                out.answer = self.answer(response, "Default", &mut out.clone(), &empty);
            }
            _ => {
                self.out.push(fault::no_responses(operation.place.clone()));
                out.success = Some(200);
            }
        }
        out
    }

    fn answer(&mut self, response: &Response, prefix: &str, out: &mut Answers, body: &super::body::Body) -> Answer {
        if response.content.is_empty() {
            return Answer::None;
        }
        let stream = response.content.iter().find(|it| is_stream(&it.media_type));
        let ranks: Vec<u8> = response.content.iter().map(|it| self.answer_rank(it)).collect();
        let best = response.content.iter().zip(&ranks).min_by_key(|it| it.1);
        let Some((media, best)) = best.map(|it| (it.0, *it.1)) else { return Answer::None };
        if let Some(stream) = stream {
            if is_stream(&media.media_type) && self.is_text(media) {
                // Events that are described as nothing but text.
                return Answer::Text(vec![media.media_type.clone()]);
            }
            self.stream(stream, media, prefix, out, body);
            if is_stream(&media.media_type) {
                return Answer::Stream;
            }
        }
        let others: Vec<String> = response
            .content
            .iter()
            .filter(|it| it.media_type != media.media_type && !is_stream(&it.media_type))
            .map(|it| format!("`{}`", it.media_type))
            .collect();
        let same_form = ranks.iter().max() == Some(&best);
        if !others.is_empty() && !same_form {
            self.out.push(gaps::ANSWER_MEDIA.at(response.place.clone(), &[&others.join(", ")]));
        }
        match best {
            0 | 1 => {
                let in_xml = is_xml(&media.media_type);
                if best == 1 && out.accept.is_empty() {
                    let kinds = if in_xml { media_types(response, 2) } else { media_types(response, 1) };
                    let same_form = |it: &String| if in_xml { is_xml(it) } else { is_json(it) };
                    out.accept = kinds.into_iter().filter(same_form).collect();
                }
                let answer = self.json(media, response, prefix, out);
                if let (true, Some(schema), Answer::Json { ty, .. }) = (in_xml, media.schema, &answer) {
                    out.xml = self.xml_of_root(schema, ty);
                }
                answer
            }
            other => {
                if let Some(schema) = media.schema.filter(|_| self.has_fields(media)) {
                    self.text_gap(&gaps::ANSWER_TEXT, media, schema);
                    let described = super::media::described(self, schema);
                    out.unclear.push(format!("The document describes what is in the response as {described}."));
                }
                if other == 2 {
                    Answer::Text(media_types(response, 2))
                } else {
                    Answer::Binary(media_types(response, 3))
                }
            }
        }
    }

    /// As [`rank`]; an object of an unknown type is JSON.
    fn answer_rank(&mut self, media: &Media) -> u8 {
        let by_name = rank(&media.media_type);
        let is_unknown = by_name == 3
            && media.media_type.starts_with("application/")
            && !is_stream(&media.media_type)
            && !super::media::is_packed(&media.media_type);
        let is_typed = is_xml(&media.media_type) && self.has_fields(media) && self.fits_xml(media);
        if is_typed || is_unknown && self.has_fields(media) { 1 } else { by_name }
    }

    fn has_fields(&mut self, media: &Media) -> bool {
        super::media::has_fields(self, media)
    }

    fn is_text(&mut self, media: &Media) -> bool {
        let Some(schema) = media.schema else { return false };
        let flat = self.flat(schema);
        super::piece::implied_types(&flat) == [openapi::JsonType::String] && flat.choices.is_empty()
    }

    fn json(&mut self, media: &Media, response: &Response, prefix: &str, out: &mut Answers) -> Answer {
        let Some(schema) = media.schema else { return Answer::Json { ty: Ty::JSON, nullable: false } };
        let (base, _) = self.base(schema);
        if self.schema(base).format.as_deref() == Some("binary") {
            return Answer::Binary(vec![media.media_type.clone()]);
        }
        let hint = Hint::new(prefix, "Response").called(response.component.as_deref());
        let piece = self.piece(schema, &hint);
        out.examples.extend(media.examples.iter().cloned());
        let nullable = piece.nullable;
        Answer::Json { ty: self.bare(piece, &media.place, &hint), nullable }
    }

    /// The type of a value that nothing but its type can be said of.
    pub(super) fn bare(&mut self, piece: Piece, place: &Place, hint: &Hint) -> Ty {
        let mut piece = piece;
        if let Some(values) = piece.values.take().filter(|it| it.list.iter().all(|it| it.value.is_string())) {
            return Ty::Named(self.hoist(place.clone(), hint, Content::Enum(values)));
        }
        if let Some(values) = piece.items.values.take().filter(|it| it.list.iter().all(|it| it.value.is_string())) {
            let id = self.hoist(
                place.clone(),
                &Hint { name: text::singular(&hint.name), ..hint.clone() },
                Content::Enum(values),
            );
            return match piece.ty {
                Ty::List(_) => Ty::List(Box::new(Ty::Named(id))),
                Ty::Map(_) => Ty::Map(Box::new(Ty::Named(id))),
                other => other,
            };
        }
        if !piece.limits.is_empty() || piece.constant.is_some() || piece.items != Items::default() {
            self.limit_gap(&gaps::LIMIT, place.clone(), &["limits of a whole value are not said"]);
        }
        piece.ty
    }

    fn stream(&mut self, stream: &Media, media: &Media, prefix: &str, out: &mut Answers, body: &super::body::Body) {
        let only = is_stream(&media.media_type);
        let asks = body.parameters.iter().find(|it| it.name == "stream" && it.piece.ty == Ty::Word("boolean"));
        if !only && asks.is_none() {
            let shown = format!("a stream of `{}`", stream.media_type);
            self.out.push(gaps::ANSWER_MEDIA.at(stream.place.clone(), &[&shown]));
            return;
        }
        let data = match stream.schema {
            Some(schema) => {
                let piece = self.piece(schema, &Hint::new(prefix, "Event"));
                self.bare(piece, &stream.place, &Hint::new(prefix, "Event"))
            }
            None => Ty::JSON,
        };
        let data = match data {
            Ty::Word(word) if word != "json" => {
                self.gap(&gaps::LIMIT, stream.place.clone(), &["the events of the stream are described as text"]);
                Ty::JSON
            }
            Ty::List(item) => *item,
            other => other,
        };
        let when = asks.filter(|_| !only).map(|it| it.name.clone());
        out.stream = Some(Stream { lines: stream.media_type != "text/event-stream", data, when });
    }

    fn one_answer(&mut self, found: &[(u16, Answer)], place: &Place) -> Answer {
        let is_said = |it: &Answer| !matches!(it, Answer::Redirect | Answer::Stream | Answer::ByStatus(_));
        let all_said = found.iter().all(|it| is_said(&it.1));
        // One text or file beside statuses without a body is read as it comes.
        let mut bodies = found.iter().map(|it| &it.1).filter(|it| **it != Answer::None);
        let first_body = bodies.next();
        let is_one_raw = !matches!(first_body, Some(Answer::Json { .. })) && bodies.all(|it| Some(it) == first_body);
        let has_body = found.iter().any(|it| it.1 != Answer::None);
        match found {
            [] => Answer::None,
            [(_, only)] => only.clone(),
            _ if !has_body => {
                for (status, _) in found.iter().skip(1) {
                    self.out.push(gaps::OTHER_SUCCESS.at(place.clone(), &[&status.to_string()]));
                }
                Answer::None
            }
            _ if all_said && !is_one_raw => {
                let may_be_null = found.iter().filter(|it| matches!(it.1, Answer::Json { nullable: true, .. }));
                for (status, _) in may_be_null {
                    let shown = format!("{status} that may be `null`");
                    self.gap(&gaps::SEVERAL_ANSWERS, place.clone(), &[&shown]);
                }
                Answer::ByStatus(found.to_vec())
            }
            [(_, first), rest @ ..] => {
                for (status, answer) in rest.iter().filter(|it| it.1 != *first) {
                    if *answer == Answer::None {
                        self.out.push(gaps::OTHER_SUCCESS.at(place.clone(), &[&status.to_string()]));
                    } else {
                        self.gap(&gaps::SEVERAL_ANSWERS, place.clone(), &[&status.to_string()]);
                    }
                }
                let with_body = found.iter().map(|it| &it.1).find(|it| **it != Answer::None);
                with_body.unwrap_or(first).clone()
            }
        }
    }

    fn response_headers(&mut self, response: &Response, prefix: &str, headers: &mut Vec<Field>) {
        for header in &response.headers {
            let known = |it: &Field| it.name.eq_ignore_ascii_case(&header.name);
            // OpenAPI ignores a content type here.
            if header.name.eq_ignore_ascii_case("content-type") || headers.iter().any(known) {
                continue;
            }
            if !crate::text::is_header_name(&header.name) {
                self.gap(&gaps::RESPONSE_HEADER, header.place.clone(), &[&header.name, "no name of a header"]);
                continue;
            }
            let mut piece = match header.schema {
                Some(schema) => self.piece(schema, &Hint::new(prefix, &text::pascal(&header.name))),
                None => Piece::of(Ty::STRING),
            };
            piece.nullable = false;
            if !header.description.is_empty() {
                piece.doc.clone_from(&header.description);
            }
            piece.deprecated = piece.deprecated.or_else(|| header.deprecated.clone());
            let misfit = match &piece.ty {
                Ty::Word("json") => Some("any JSON"),
                Ty::Word(_) => None,
                Ty::Named(id) if matches!(self.types[id.0 as usize].content, Content::Enum(_)) => None,
                Ty::List(item) => match &**item {
                    Ty::Word(it) if *it != "json" => None,
                    Ty::Named(id) if matches!(self.types[id.0 as usize].content, Content::Enum(_)) => None,
                    _ => Some("a list of lists or objects"),
                },
                _ => Some("an object"),
            };
            if let Some(what) = misfit {
                if piece.ty != Ty::JSON {
                    self.gap(&gaps::RESPONSE_HEADER, header.place.clone(), &[&header.name, what]);
                }
                piece = Piece { doc: piece.doc, ..Piece::of(Ty::STRING) };
            }
            headers.push(Field { name: header.name.clone(), required: header.required, piece });
        }
    }
}

/// JSON, then text, then bytes.
fn rank(media_type: &str) -> u8 {
    match media_type {
        "application/json" => 0,
        it if it.ends_with("+json") || matches!(it, "*/*" | "application/*" | "text/json") => 1,
        it if it.starts_with("text/") && it != "text/event-stream" => 2,
        it if it.ends_with("xml") || it.ends_with("yaml") || it.ends_with("javascript") => 2,
        _ => 3,
    }
}

fn is_stream(media_type: &str) -> bool {
    media_type == "text/event-stream" || super::media::is_lines(media_type)
}

fn media_types(response: &Response, wanted: u8) -> Vec<String> {
    let all = response.content.iter().map(|it| it.media_type.clone());
    all.filter(|it| rank(it) == wanted && !is_stream(it)).collect()
}
