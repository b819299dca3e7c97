//! Operations, their parameters, bodies and responses.

use serde_json::Value;

use super::reader::Reader;
use super::{Body, Header, Location, Media, Operation, OwnStyle, Parameter, PartEncoding, Response, Status};
use crate::finding::fault;
use crate::read::{Cursor, Kind};

/// Methods that specs have a key for; the others are called as they are sent.
pub(crate) const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];
/// Other methods that a path has a key for.
const OTHERS: [&str; 2] = ["trace", "query"];

impl<'d> Reader<'d> {
    pub(super) fn operations(&mut self, root: &Cursor<'d>) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, written) in self.map(root, "paths") {
            if path.starts_with("x-") {
                continue;
            }
            let Some((item, _)) = self.followed(written.clone()) else { continue };
            let shared = self.parameters(&item);
            let servers = self.servers(&item);
            let mut found: Vec<(String, Cursor<'d>)> = Vec::new();
            for (member, cursor) in item.members() {
                let method = member.key.to_ascii_lowercase();
                if METHODS.contains(&method.as_str()) {
                    found.push((method, cursor));
                } else if OTHERS.contains(&method.as_str()) {
                    found.push((method.to_ascii_uppercase(), cursor));
                } else if matches!(member.key.as_str(), "additionalOperations" | "x-specwright-methods") {
                    found.extend(cursor.members().map(|(it, cursor)| {
                        let known = it.key.to_ascii_lowercase();
                        (if METHODS.contains(&known.as_str()) { known } else { it.key.clone() }, cursor)
                    }));
                }
            }
            for (method, cursor) in found {
                operations.push(self.operation(&path, method, &cursor, &shared, &servers));
            }
        }
        operations
    }

    fn operation(
        &mut self,
        path: &str,
        method: String,
        cursor: &Cursor<'d>,
        shared: &[Parameter],
        servers: &[super::Server],
    ) -> Operation {
        let own = self.parameters(cursor);
        let is_own = |it: &&Parameter| own.iter().any(|own| own.name == it.name && own.location == it.location);
        let mut parameters: Vec<Parameter> = shared.iter().filter(|it| !is_own(it)).cloned().collect();
        parameters.extend(own);
        parameters.extend(self.parameters_by_prefix(cursor));
        let own_servers = self.servers(cursor);
        let body = cursor.get("requestBody").and_then(|it| self.body(it));
        let responses = self.responses(cursor);
        let extensions = cursor.node.members().iter().filter(|it| it.key.starts_with("x-"));
        Operation {
            place: cursor.place(),
            method,
            path: path.to_owned(),
            id: self.text(cursor, "operationId").filter(|it| !it.trim().is_empty()),
            summary: self.prose(cursor, "summary"),
            description: self.prose(cursor, "description"),
            tags: self.texts(cursor, "tags"),
            deprecated: self.deprecation(cursor),
            parameters,
            body,
            responses,
            security: self.security(cursor),
            servers: if own_servers.is_empty() { servers.to_vec() } else { own_servers },
            extensions: extensions.map(|it| (it.key.clone(), it.value.to_json())).collect(),
            callbacks: self.map(cursor, "callbacks").into_iter().map(|(_, it)| it.place()).collect(),
        }
    }

    fn parameters(&mut self, of: &Cursor<'d>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for written in self.list(of, "parameters") {
            let Some(parameter) = self.parameter(written) else { continue };
            let same = |it: &Parameter| it.name == parameter.name && it.location == parameter.location;
            if let Some(at) = parameters.iter().position(same) {
                self.out.push(fault::duplicate_parameter(&parameter.name, parameter.place.clone()));
                parameters[at] = parameter;
            } else {
                parameters.push(parameter);
            }
        }
        parameters
    }

    /// Parameters whose names begin alike, which OpenAPI has no words for, as exports of this project have them.
    fn parameters_by_prefix(&mut self, of: &Cursor<'d>) -> Vec<Parameter> {
        let mut all = Vec::new();
        for (key, location) in
            [("x-specwright-headers-by-prefix", Location::Header), ("x-specwright-query-by-prefix", Location::Query)]
        {
            if of.get(key).is_none() {
                continue;
            }
            for (name, written) in self.map(of, key) {
                let place = written.place();
                all.push(Parameter {
                    place,
                    component: None,
                    client_name: None,
                    name,
                    location,
                    required: false,
                    deprecated: None,
                    description: self.prose(&written, "description"),
                    style: None,
                    explode: None,
                    own_style: None,
                    allow_reserved: false,
                    schema: Some(self.schema(written)),
                    media_type: None,
                    examples: Vec::new(),
                });
            }
        }
        all
    }

    fn own_style(&mut self, of: &Cursor<'d>) -> Option<OwnStyle> {
        let own = of.get("x-specwright-style")?;
        Some(OwnStyle { lists: self.text(&own, "lists"), objects: self.text(&own, "objects") })
    }

    fn parameter(&mut self, written: Cursor<'d>) -> Option<Parameter> {
        let place = written.place();
        let (cursor, component) = self.followed(written)?;
        let place = if component.is_some() { cursor.place() } else { place };
        let Some(name) = self.text(&cursor, "name") else {
            self.out.push(fault::wrong_kind("a parameter", "a mapping with a `name`", cursor.node.describe(), place));
            return None;
        };
        let location = match self.text(&cursor, "in").as_deref() {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            Some("querystring") => Location::QueryString,
            other => {
                let found = format!("`{}`", other.unwrap_or("nothing"));
                self.out.push(fault::wrong_kind("`in`", "path, query, header or cookie", &found, place));
                return None;
            }
        };
        let content = self.map(&cursor, "content").into_iter().next();
        let media_type = content.as_ref().map(|(it, _)| media_type(it));
        let schema = match content {
            Some((_, it)) => self.schema_at(&it, "schema"),
            None => self.schema_at(&cursor, "schema"),
        };
        Some(Parameter {
            place,
            component,
            client_name: self.text(&cursor, "x-ms-client-name"),
            required: self.flag(&cursor, "required") == Some(true),
            deprecated: self.deprecation(&cursor),
            description: self.prose(&cursor, "description"),
            style: self.text(&cursor, "style"),
            explode: self.flag(&cursor, "explode"),
            own_style: self.own_style(&cursor),
            allow_reserved: ["allowReserved", "x-ms-skip-url-encoding"]
                .iter()
                .any(|it| self.flag(&cursor, it) == Some(true)),
            schema,
            media_type,
            examples: self.examples(&cursor).into_iter().map(|(_, value)| value).collect(),
            name,
            location,
        })
    }

    fn body(&mut self, written: Cursor<'d>) -> Option<Body> {
        let (cursor, _) = self.followed(written)?;
        Some(Body {
            place: cursor.place(),
            required: self.flag(&cursor, "required") == Some(true),
            description: self.prose(&cursor, "description"),
            content: self.content(&cursor),
        })
    }

    fn content(&mut self, of: &Cursor<'d>) -> Vec<Media> {
        let mut all: Vec<Media> = Vec::new();
        let mut written_schemas: Vec<Option<Value>> = Vec::new();
        for (name, written) in self.map(of, "content") {
            let Some((cursor, _)) = self.followed(written) else { continue };
            let media_type = self.plain_media_type(&name, &cursor);
            let mut encoding = Vec::new();
            for (name, it) in self.map(&cursor, "encoding") {
                let found = PartEncoding {
                    content_type: self.text(&it, "contentType"),
                    style: self.text(&it, "style"),
                    explode: self.flag(&it, "explode"),
                    own_style: self.own_style(&it),
                };
                encoding.push((name, found));
            }
            let schema = self.schema_at(&cursor, "schema").or_else(|| self.schema_at(&cursor, "itemSchema"));
            let examples = self.examples(&cursor);
            let schema_as_written = cursor.get("schema").map(|it| it.node.to_json());
            // `application/json` and `application/json; charset=utf-8`
            let Some(at) = all.iter().position(|it| it.media_type == media_type) else {
                all.push(Media { place: cursor.place(), media_type, schema, encoding, examples });
                written_schemas.push(schema_as_written);
                continue;
            };
            let same = &mut all[at];
            for example in examples {
                if !same.examples.iter().any(|it| it.0 == example.0) {
                    same.examples.push(example);
                }
            }
            if same.schema.is_none() {
                (same.schema, same.encoding) = (schema, encoding);
            } else if schema.is_some() && schema_as_written != written_schemas[at] {
                self.out.push(fault::same_media_type(&media_type, cursor.place()));
            }
        }
        all
    }

    /// A media type; `pdf` alone is one of `application`.
    fn plain_media_type(&mut self, name: &str, at: &Cursor<'d>) -> String {
        let found = media_type(name);
        let is_token =
            |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"!#$&^_.+-*".contains(&it));
        let (ty, subtype) = found.split_once('/').unwrap_or(("application", &found));
        let plain = |it: &str| it.chars().filter(|it| is_token(&it.to_string())).collect::<String>();
        let read = match (plain(ty), plain(subtype)) {
            (ty, subtype) if ty.is_empty() || subtype.is_empty() => "application/octet-stream".to_owned(),
            (ty, subtype) => meant(format!("{ty}/{subtype}")),
        };
        if read != found {
            self.out.push(fault::media_type(&found, &read, at.place()));
        }
        read
    }

    /// `example` and `examples`, by name.
    fn examples(&mut self, of: &Cursor<'d>) -> Vec<(String, Value)> {
        let mut examples = Vec::new();
        if let Some(example) = of.get("example") {
            examples.push((String::new(), example.node.to_json()));
        }
        let Some(written) = of.get("examples") else { return examples };
        if let Kind::List(_) = written.node.kind {
            examples.extend(written.items().map(|it| (String::new(), it.node.to_json())));
            return examples;
        }
        for (name, written) in self.map(of, "examples") {
            let Some((cursor, _)) = self.followed(written) else { continue };
            if let Some(value) = cursor.get("value").or_else(|| cursor.get("dataValue")) {
                examples.push((name, value.node.to_json()));
            }
        }
        examples
    }

    fn responses(&mut self, of: &Cursor<'d>) -> Vec<Response> {
        let mut responses = Vec::new();
        for (key, written) in self.map(of, "responses") {
            if key.starts_with("x-") {
                continue;
            }
            let Some(status) = status(&key) else {
                self.out.push(fault::bad_status(&key, written.place()));
                continue;
            };
            let Some((cursor, component)) = self.followed(written) else { continue };
            let mut headers = Vec::new();
            for (name, written) in self.map(&cursor, "headers") {
                let Some((header, _)) = self.followed(written) else { continue };
                let content = self.map(&header, "content").into_iter().next();
                headers.push(Header {
                    place: header.place(),
                    name,
                    required: self.flag(&header, "required") == Some(true),
                    deprecated: self.deprecation(&header),
                    description: self.prose(&header, "description"),
                    schema: match content {
                        Some((_, it)) => self.schema_at(&it, "schema"),
                        None => self.schema_at(&header, "schema"),
                    },
                });
            }
            responses.push(Response {
                place: cursor.place(),
                component,
                status,
                description: self.prose(&cursor, "description"),
                content: self.content(&cursor),
                headers,
            });
        }
        responses
    }
}

/// `200`, `4XX`, `default`, and `200.0`, which is how some writers print a number.
fn status(key: &str) -> Option<Status> {
    let key = key.trim().trim_end_matches(".0");
    if key.eq_ignore_ascii_case("default") {
        return Some(Status::Default);
    }
    let digit = key.bytes().next().filter(|it| (b'1'..=b'5').contains(it))?;
    if key.len() == 3 && key[1..].eq_ignore_ascii_case("xx") {
        return Some(Status::Range(u16::from(digit - b'0')));
    }
    key.parse().ok().filter(|it| (100..600).contains(it)).map(Status::Code)
}

/// What is written by mistake for the two types of forms.
fn meant(media_type: String) -> String {
    let known = match media_type.as_str() {
        "application/form-data" | "application/multipart" | "application/multipart-form-data" | "multipart/form" => {
            "multipart/form-data"
        }
        "application/form" | "application/form-urlencoded" | "application/x-www-form-urlencode" => {
            "application/x-www-form-urlencoded"
        }
        _ => return media_type,
    };
    known.to_owned()
}

/// In lower case, without `; charset=utf-8` and the like.
fn media_type(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
