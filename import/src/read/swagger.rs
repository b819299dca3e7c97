//! Swagger 2.0 laid out as OpenAPI 3.0, before anything else reads it. Each node keeps its place in the file.

use specwright_codegen::source::Span;

use super::tree::{Kind, Member, Node};

/// Whether a document is of Swagger 2.0.
pub(super) fn is_swagger(root: &Node) -> bool {
    let version = root.get("swagger").map(|it| match &it.kind {
        Kind::Text(text) => text.clone(),
        Kind::Number(number) => number.to_string(),
        _ => String::new(),
    });
    root.get("openapi").is_none() && version.is_some_and(|it| it.starts_with('2'))
}

/// The document as one of OpenAPI 3.0. `follow` gives what a reference leads to.
pub(super) fn convert<'r>(root: &'r Node, follow: &dyn Fn(&str) -> Option<&'r Node>) -> Node {
    Document { root, follow }.convert()
}

/// Another file of a document: the paths, parameters and responses in it. A body stays as it is, since operations have it.
pub(super) fn convert_part<'r>(part: &'r Node, root: &'r Node, follow: &dyn Fn(&str) -> Option<&'r Node>) -> Node {
    let document = Document { root, follow };
    if is_path(part) {
        return document.path(part);
    }
    let of_parameter = |it: &Node| if is_sent(it) { it.clone() } else { parameter(it) };
    if part.get("in").is_some() && part.get("name").is_some() {
        return of_parameter(part);
    }
    let produces = document.media_types(root, "produces");
    let mut out = Layout::new(part.span);
    for member in part.members() {
        match member.key.as_str() {
            "parameters" => out.put(member, each(&member.value, of_parameter)),
            "responses" => out.put(member, each(&member.value, |it| document.response(it, &produces))),
            "paths" => out.put(member, each(&member.value, |it| document.path(it))),
            _ if is_path(&member.value) => out.put(member, document.path(&member.value)),
            _ => out.0.push(member.clone()),
        }
    }
    out.whole()
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Whether a mapping has an operation: some method with responses.
fn is_path(it: &Node) -> bool {
    METHODS.iter().any(|method| it.get(method).is_some_and(|it| it.get("responses").is_some()))
}

/// Where something is in a document that was laid out anew, or was before.
pub(super) fn moved(pointer: &str) -> Option<String> {
    let places = [("/definitions/", "/components/schemas/"), ("/responses/", "/components/responses/")];
    places.iter().find_map(|(before, after)| {
        let forth = pointer.strip_prefix(before).map(|it| format!("{after}{it}"));
        forth.or_else(|| pointer.strip_prefix(after).map(|it| format!("{before}{it}")))
    })
}

/// Whether a parameter is in the body.
fn is_sent(it: &Node) -> bool {
    matches!(text_of(it, "in"), Some("body" | "formData"))
}

/// The keyword of a schema that a schema stands under, and the form that it has there.
const NAMED: [&str; 3] = ["properties", "patternProperties", "definitions"];
const ALONE: [&str; 3] = ["items", "additionalProperties", "not"];
const LISTED: [&str; 3] = ["allOf", "oneOf", "anyOf"];
/// What a parameter says that is no matter of its schema.
const OF_PARAMETER: [&str; 7] =
    ["name", "in", "description", "required", "collectionFormat", "allowEmptyValue", "deprecated"];

struct Document<'r, 'f> {
    root: &'r Node,
    follow: &'f dyn Fn(&str) -> Option<&'r Node>,
}

impl<'r> Document<'r, '_> {
    fn convert(&self) -> Node {
        let root = self.root;
        let mut out = Layout::new(root.span);
        out.text("openapi", "3.0.3");
        for member in root.members() {
            let kept = matches!(member.key.as_str(), "info" | "tags" | "externalDocs" | "security");
            if kept || member.key.starts_with("x-") {
                out.0.push(member.clone());
            }
        }
        if let Some(servers) = self.servers() {
            out.add("servers", servers);
        }
        if let Some(paths) = root.get("paths") {
            out.add("paths", each(paths, |path| self.path(path)));
        }
        let mut components = Layout::new(root.span);
        if let Some(definitions) = root.get("definitions") {
            components.add("schemas", each(definitions, schema));
        }
        if let Some(responses) = root.get("responses") {
            components.add("responses", each(responses, |it| self.response(it, &self.media_types(root, "produces"))));
        }
        if let Some(schemes) = root.get("securityDefinitions") {
            components.add("securitySchemes", each(schemes, scheme));
        }
        out.add("components", components.whole());
        out.whole()
    }

    /// The first server: `https`, if that is one of the schemes.
    fn servers(&self) -> Option<Node> {
        let text = |key: &str| self.root.get(key).and_then(Node::text);
        let base = text("basePath").unwrap_or_default().trim_end_matches('/');
        let schemes: Vec<&str> =
            self.root.get("schemes").into_iter().flat_map(Node::items).filter_map(Node::text).collect();
        let scheme = if schemes.is_empty() || schemes.contains(&"https") { "https" } else { schemes[0] };
        // As documents of Azure have it.
        let template = self.root.get("x-ms-parameterized-host");
        let host = template.and_then(|it| it.get("hostTemplate")).and_then(Node::text).or(text("host"));
        let is_whole = template.and_then(|it| it.get("useSchemePrefix")).is_some_and(|it| it.kind == Kind::Bool(false));
        let url = match host {
            Some(host) if is_whole => format!("{host}{base}"),
            Some(host) => format!("{scheme}://{}{base}", host.trim_end_matches('/')),
            None if base.is_empty() => return None,
            None => base.to_owned(),
        };
        let span = self.root.get("host").or(self.root.get("basePath")).map_or(self.root.span, |it| it.span);
        let mut server = Layout::new(span);
        server.text("url", &url);
        Some(Node { span, kind: Kind::List(vec![server.whole()]) })
    }

    fn path(&self, path: &Node) -> Node {
        let shared = path.get("parameters");
        let mut out = Layout::new(path.span);
        for member in path.members() {
            match member.key.as_str() {
                "parameters" => {
                    let plain = self.parameters(&member.value).into_iter().filter(|it| !is_sent(it.0));
                    let list = plain.map(|it| parameter(it.0)).collect();
                    out.put(member, Node { span: member.value.span, kind: Kind::List(list) });
                }
                method if METHODS.contains(&method) => out.put(member, self.operation(&member.value, shared)),
                _ => out.0.push(member.clone()),
            }
        }
        out.whole()
    }

    fn operation(&self, operation: &Node, shared: Option<&Node>) -> Node {
        let produces = self.media_types(operation, "produces");
        let own = operation.get("parameters");
        let mut parameters = own.map(|it| self.parameters(it)).unwrap_or_default();
        let of_path = shared.map(|it| self.parameters(it)).unwrap_or_default();
        if !parameters.iter().any(|it| is_sent(it.0)) {
            parameters.extend(of_path.into_iter().filter(|it| is_sent(it.0)));
        }
        let mut out = Layout::new(operation.span);
        for member in operation.members() {
            match member.key.as_str() {
                "parameters" => {
                    let list = parameters.iter().filter(|it| !is_sent(it.0)).map(|it| parameter(it.0)).collect();
                    out.put(member, Node { span: member.value.span, kind: Kind::List(list) });
                }
                "responses" => out.put(member, each(&member.value, |it| self.response(it, &produces))),
                "consumes" | "produces" | "schemes" => {}
                _ => out.0.push(member.clone()),
            }
        }
        let of_body = parameters.iter().find(|it| text_of(it.0, "in") == Some("body")).copied();
        let sent: Vec<&Node> = parameters.into_iter().map(|it| it.0).filter(|it| is_sent(it)).collect();
        let consumes = self.media_types(operation, "consumes");
        match of_body {
            Some((body, from)) => out.add("requestBody", self::body(body, from, &consumes)),
            None if !sent.is_empty() => {
                let span = own.or(shared).map_or(operation.span, |it| it.span);
                out.add("requestBody", form(&sent, &consumes, span));
            }
            None => {}
        }
        out.whole()
    }

    /// The parameters of a list, with what references lead to in place of them, and the reference to another file. What
    /// is there is laid out where it is, but for bodies.
    fn parameters<'n>(&'n self, list: &'n Node) -> Vec<(&'n Node, Option<&'n Node>)> {
        let followed = |it: &'n Node| {
            let Some(reference) = text_of(it, "$ref") else { return (it, None) };
            let found = (self.follow)(reference);
            match (found, reference.starts_with('#')) {
                (Some(found), true) => (found, None),
                (Some(found), false) if is_sent(found) => (found, Some(it)),
                _ => (it, None),
            }
        };
        list.items().iter().map(followed).collect()
    }

    fn response(&self, response: &Node, produces: &[String]) -> Node {
        let mut out = Layout::new(response.span);
        for member in response.members() {
            match member.key.as_str() {
                "$ref" => out.put(member, reference(&member.value)),
                "headers" => out.put(member, each(&member.value, header)),
                "schema" => {
                    let examples = response.get("examples");
                    let is_file = text_of(&member.value, "type") == Some("file");
                    let mut content = Layout::new(member.value.span);
                    for media in produces {
                        let media = if is_file && media.contains("json") { "application/octet-stream" } else { media };
                        let mut one = Layout::new(member.value.span);
                        one.add("schema", schema(&member.value));
                        if let Some(example) = examples.and_then(|it| it.get(media)) {
                            one.add("example", example.clone());
                        }
                        content.add(media, one.whole());
                    }
                    out.put(&Member { key: "content".to_owned(), ..member.clone() }, content.whole());
                }
                "examples" => {}
                _ => out.0.push(member.clone()),
            }
        }
        out.whole()
    }

    /// `consumes` or `produces` of an operation, or else of the document; JSON if neither says it.
    fn media_types(&self, of: &Node, key: &str) -> Vec<String> {
        let listed = of.get(key).or_else(|| self.root.get(key));
        let found = listed.into_iter().flat_map(Node::items).filter_map(Node::text).map(str::to_owned);
        let found: Vec<String> = found.collect();
        if found.is_empty() { vec!["application/json".to_owned()] } else { found }
    }
}

/// `from` is the reference that led to the body, if that is in another file.
fn body(body: &Node, from: Option<&Node>, consumes: &[String]) -> Node {
    let mut out = Layout::new(body.span);
    let mut content = Layout::new(body.span);
    for media in consumes {
        let mut one = Layout::new(body.span);
        match (body.get("schema"), from) {
            (Some(_), Some(from)) => {
                // A schema is known by its place, so that this one must not have that of the other.
                let mut there = Layout::new(from.span);
                there.text("$ref", &format!("{}/schema", text_of(from, "$ref").unwrap_or_default()));
                one.add("schema", there.whole());
            }
            (Some(it), None) => one.add("schema", schema(it)),
            (None, _) => {}
        }
        content.add(media, one.whole());
    }
    out.copy(body, &["description", "required"]);
    out.add("content", content.whole());
    out.whole()
}

/// Parameters of a form as an object with fields.
fn form(parameters: &[&Node], consumes: &[String], span: Span) -> Node {
    let mut properties = Layout::new(span);
    let mut required = Vec::new();
    let mut encoding = Layout::new(span);
    for it in parameters {
        let Some(name) = text_of(it, "name") else { continue };
        let mut field = Layout(schema_of(it).members().to_vec(), it.span);
        field.copy(it, &["description"]);
        properties.add(name, field.whole());
        if it.get("required").is_some_and(|it| it.kind == Kind::Bool(true)) {
            required.push(Node { span: it.span, kind: Kind::Text(name.to_owned()) });
        }
        let mut of_part = Layout::new(it.span);
        style(it, &mut of_part);
        if !of_part.0.is_empty() {
            encoding.add(name, of_part.whole());
        }
    }
    let has_file = parameters.iter().any(|it| text_of(it, "type") == Some("file"));
    let is_form = |it: &&String| it.contains("form-urlencoded") || it.contains("multipart");
    let mut media: Vec<String> = consumes.iter().filter(is_form).cloned().collect();
    if has_file {
        media = vec!["multipart/form-data".to_owned()];
    } else if media.is_empty() {
        media = vec!["application/x-www-form-urlencoded".to_owned()];
    }
    let is_required = !required.is_empty();
    let mut object = Layout::new(span);
    object.text("type", "object");
    object.add("properties", properties.whole());
    object.add("required", Node { span, kind: Kind::List(required) });
    let object = object.whole();
    let mut content = Layout::new(span);
    for it in media {
        let mut one = Layout::new(span);
        one.add("schema", object.clone());
        if !encoding.0.is_empty() && !it.contains("multipart") {
            one.add("encoding", Layout(encoding.0.clone(), span).whole());
        }
        content.add(&it, one.whole());
    }
    let mut out = Layout::new(span);
    out.add("required", Node { span, kind: Kind::Bool(is_required) });
    out.add("content", content.whole());
    out.whole()
}

/// A parameter of a path, a query or a header.
fn parameter(it: &Node) -> Node {
    if it.get("$ref").is_some() {
        return it.clone();
    }
    let mut out = Layout::new(it.span);
    out.copy(it, &["name", "in", "description", "required", "deprecated"]);
    out.add("schema", schema_of(it));
    if let Some(example) = it.get("x-example") {
        out.add("example", example.clone());
    }
    style(it, &mut out);
    out.whole()
}

fn header(it: &Node) -> Node {
    let mut out = Layout::new(it.span);
    out.copy(it, &["description"]);
    out.add("schema", schema_of(it));
    out.whole()
}

/// What a parameter or a header says of its values.
fn schema_of(it: &Node) -> Node {
    let of_values = |it: &&Member| !OF_PARAMETER.contains(&it.key.as_str()) && !it.key.starts_with("x-example");
    let members = it.members().iter().filter(of_values).cloned().collect();
    schema(&Node { span: it.span, kind: Kind::Map(members) })
}

/// How a list is written: `collectionFormat`.
fn style(it: &Node, out: &mut Layout) {
    if text_of(it, "type") != Some("array") || !matches!(text_of(it, "in"), Some("query" | "formData")) {
        return;
    }
    let (style, explode) = match text_of(it, "collectionFormat") {
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        _ => ("form", false),
    };
    out.text("style", style);
    out.add("explode", Node { span: it.span, kind: Kind::Bool(explode) });
}

/// A schema: `type: file` is bytes, and references lead to where schemas are.
fn schema(it: &Node) -> Node {
    let Kind::Map(members) = &it.kind else { return it.clone() };
    let mut out = Layout::new(it.span);
    let list = |it: &Node| Node { span: it.span, kind: Kind::List(it.items().iter().map(schema).collect()) };
    for member in members {
        let (key, value) = (member.key.as_str(), &member.value);
        match key {
            "$ref" => out.put(member, reference(value)),
            "type" if value.text() == Some("file") => {
                out.text("type", "string");
                out.text("format", "binary");
            }
            "x-nullable" => out.put(&Member { key: "nullable".to_owned(), ..member.clone() }, value.clone()),
            key if NAMED.contains(&key) => out.put(member, each(value, schema)),
            key if ALONE.contains(&key) && matches!(value.kind, Kind::List(_)) => out.put(member, list(value)),
            key if ALONE.contains(&key) => out.put(member, schema(value)),
            key if LISTED.contains(&key) => out.put(member, list(value)),
            _ => out.0.push(member.clone()),
        }
    }
    out.whole()
}

fn scheme(it: &Node) -> Node {
    let mut out = Layout::new(it.span);
    out.copy(it, &["description"]);
    match text_of(it, "type") {
        Some("basic") => {
            out.text("type", "http");
            out.text("scheme", "basic");
        }
        Some("oauth2") => {
            let name = match text_of(it, "flow") {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some("password") => "password",
                _ => "implicit",
            };
            let mut flow = Layout::new(it.span);
            flow.copy(it, &["authorizationUrl", "tokenUrl", "scopes"]);
            let mut flows = Layout::new(it.span);
            flows.add(name, flow.whole());
            out.text("type", "oauth2");
            out.add("flows", flows.whole());
        }
        _ => out.copy(it, &["type", "name", "in"]),
    }
    out.whole()
}

/// `#/definitions/Pot` as `#/components/schemas/Pot`. What is in other files stays where it is.
fn reference(it: &Node) -> Node {
    let moved = [("#/definitions/", "#/components/schemas/"), ("#/responses/", "#/components/responses/")];
    let text = it
        .text()
        .and_then(|text| moved.iter().find_map(|(from, to)| Some(format!("{to}{}", text.strip_prefix(from)?))));
    text.map_or_else(|| it.clone(), |text| Node { span: it.span, kind: Kind::Text(text) })
}

/// A mapping whose values are laid out anew.
fn each(map: &Node, make: impl Fn(&Node) -> Node) -> Node {
    let Kind::Map(members) = &map.kind else { return map.clone() };
    let made = |it: &Member| Member { value: make(&it.value), ..it.clone() };
    Node { span: map.span, kind: Kind::Map(members.iter().map(made).collect()) }
}

fn text_of<'n>(it: &'n Node, key: &str) -> Option<&'n str> {
    it.get(key).and_then(Node::text)
}

/// A mapping that is put together key by key, and the place that its new keys get.
struct Layout(Vec<Member>, Span);

impl Layout {
    fn new(span: Span) -> Self {
        Self(Vec::new(), span)
    }

    fn add(&mut self, key: &str, value: Node) {
        self.0.push(Member { key: key.to_owned(), span: self.1, value });
    }

    fn text(&mut self, key: &str, text: &str) {
        self.add(key, Node { span: self.1, kind: Kind::Text(text.to_owned()) });
    }

    /// A key that is there, with another value.
    fn put(&mut self, member: &Member, value: Node) {
        self.0.push(Member { value, ..member.clone() });
    }

    fn copy(&mut self, from: &Node, keys: &[&str]) {
        self.0.extend(from.members().iter().filter(|it| keys.contains(&it.key.as_str())).cloned());
    }

    fn whole(self) -> Node {
        Node { span: self.1, kind: Kind::Map(self.0) }
    }
}
