//! What is wrong with documents, and how it was read.

use specwright_codegen::source::{FileId, Span};

use super::{Finding, Level, Place};

fn new(kind: &'static str, place: Place, message: String, help: &str) -> Finding {
    Finding { level: Level::Fault, kind, place, message, help: help.to_owned() }
}

fn at(span: Span) -> Place {
    Place { pointer: String::new(), span }
}

pub(crate) fn syntax(problem: &str, span: Span) -> Finding {
    let mut finding = new("syntax", at(span), format!("the file is neither JSON nor YAML: {problem}"), "mend the file");
    finding.level = Level::Dropped;
    finding
}

pub(crate) fn empty_file(file: FileId) -> Finding {
    let message = "the file is empty".to_owned();
    let mut finding = new("empty-file", at(Span::new(file, 0, 0)), message, "name the file of the document");
    finding.level = Level::Dropped;
    finding
}

pub(crate) fn no_operations(file: FileId) -> Finding {
    let message = "there are no operations, so there is nothing to write".to_owned();
    let mut finding = new("no-operations", at(Span::new(file, 0, 0)), message, "add operations under `paths`");
    finding.level = Level::Dropped;
    finding
}

/// Something that `--only` names.
pub(crate) fn unknown_choice(wanted: &str, help: &str, file: FileId) -> Finding {
    let message = format!("the document has no tag and no operation `{wanted}`");
    let mut finding = new("unknown-choice", at(Span::new(file, 0, 0)), message, help);
    finding.level = Level::Dropped;
    finding
}

pub(crate) fn file_too_large(bytes: usize, most: usize, file: FileId) -> Finding {
    let message = format!("the file has {bytes} bytes; at most {most} are read");
    let mut finding = new("file-too-large", at(Span::new(file, 0, 0)), message, "split it, or import a part of it");
    finding.level = Level::Dropped;
    finding
}

pub(crate) fn unreadable_file(path: &str, problem: &str, place: Place) -> Finding {
    new("unreadable-file", place, format!("`{path}` cannot be read: {problem}"), "put the file beside the document")
}

pub(crate) fn shared_header(one: &str, other: &str, header: &str, place: Place) -> Finding {
    let message =
        format!("`{one}` and `{other}` are both sent in the header `{header}`, which has one value; either of them is");
    new("shared-header", place, message, "check which of them the server wants")
}

pub(crate) fn quoted_example(plain: &str, place: Place) -> Finding {
    let shown: String = plain.chars().take(40).collect();
    let message = format!("the example has quotes of its own; it is read as `{}`", shown.escape_debug());
    new("quoted-example", place, message, "write it without the inner quotes")
}

pub(crate) fn duplicate_key(key: &str, span: Span) -> Finding {
    new("duplicate-key", at(span), format!("the key `{key}` is written twice; the last value counts"), "remove one")
}

pub(crate) fn unknown_alias(span: Span) -> Finding {
    new(
        "unknown-alias",
        at(span),
        "the alias has no anchor; it is read as `null`".to_owned(),
        "define the anchor first",
    )
}

pub(crate) fn yaml_1_1(text: &str, span: Span) -> Finding {
    let message = format!("some readers take `{text}` for a truth value; it is read as text");
    new("yaml-1.1", at(span), message, "put it in quotes")
}

pub(crate) fn second_document(file: FileId) -> Finding {
    let message = "the file holds several YAML documents; the first is read".to_owned();
    new("second-document", at(Span::new(file, 0, 0)), message, "split the file")
}

pub(crate) fn too_deep(span: Span) -> Finding {
    let mut finding = new("too-deep", at(span), "the document nests too deep".to_owned(), "split it with `$ref`");
    finding.level = Level::Dropped;
    finding
}

pub(crate) fn too_many_nodes(span: Span) -> Finding {
    let message = "the document has too many values".to_owned();
    let mut finding = new("too-many-nodes", at(span), message, "remove aliases that contain each other");
    finding.level = Level::Dropped;
    finding
}

pub(crate) fn version(found: &str, place: Place) -> Finding {
    let message = format!("the version is `{found}`; it is read as the nearest one of 3.0, 3.1 and 3.2");
    new("unknown-version", place, message, "write `openapi: 3.1.0`, or the version that is meant")
}

pub(crate) fn wrong_kind(what: &str, expected: &str, found: &str, place: Place) -> Finding {
    let message = format!("{what} should be {expected}, and is {found}; it is left out");
    new("wrong-kind", place, message, "correct the document")
}

pub(crate) fn dangling_ref(reference: &str, why: &str, place: Place) -> Finding {
    let message = format!("`$ref: {reference}` leads nowhere: {why}");
    new("dangling-ref", place, message, "correct the reference, or add what it names")
}

pub(crate) fn cyclic_ref(reference: &str, place: Place) -> Finding {
    let message = format!("`$ref: {reference}` leads back to itself; any JSON is accepted there");
    new("cyclic-ref", place, message, "let one of the references in the cycle lead to a schema")
}

pub(crate) fn ref_siblings(keys: &str, place: Place) -> Finding {
    let message = format!("{keys} beside `$ref` count only since OpenAPI 3.1; they are read as meant");
    new("ref-siblings", place, message, "move them into the schema, or put the reference into `allOf`")
}

pub(crate) fn unknown_type(found: &str, place: Place) -> Finding {
    let message = format!("`{found}` is no type of JSON; any value is accepted");
    new("unknown-type", place, message, "write string, number, integer, boolean, array or object")
}

pub(crate) fn nullable_in_3_1(place: Place) -> Finding {
    let message = "`nullable` is a keyword of 3.0 alone; it is read as meant".to_owned();
    new("nullable-in-3.1", place, message, "add `null` to the types")
}

pub(crate) fn array_without_items(place: Place) -> Finding {
    let message = "the array does not say what its items are; they may be any JSON".to_owned();
    new("array-without-items", place, message, "add `items`")
}

pub(crate) fn required_unknown(name: &str, place: Place) -> Finding {
    let message = format!("`{name}` is required, but is no property; it becomes a property that may be any JSON");
    new("required-unknown", place, message, "describe the property, or remove its name from `required`")
}

pub(crate) fn required_dropped(name: &str, place: Place) -> Finding {
    let message = format!("`{name}` is required of an object that no property describes; the requirement is left out");
    new("required-unknown", place, message, "describe the property, or remove its name from `required`")
}

pub(crate) fn limit_misfit(keyword: &str, ty: &str, place: Place) -> Finding {
    let message = format!("`{keyword}` says nothing about {ty}; it is left out");
    new("limit-misfit", place, message, "remove it, or correct the type")
}

pub(crate) fn limit_malformed(keyword: &str, place: Place) -> Finding {
    let message = format!("the value of `{keyword}` has the wrong form; it is left out");
    new("limit-malformed", place, message, "correct the value")
}

pub(crate) fn format_misfit(format: &str, place: Place) -> Finding {
    let message = format!("no text of `format: {format}` meets the limits beside it; the format is left out");
    new("format-misfit", place, message, "remove the format, or correct the limits")
}

pub(crate) fn member_never_sent(place: Place) -> Finding {
    let message = "what one member of the `oneOf` accepts another one accepts too, so that it could never be sent; \
                   it is read as `anyOf`"
        .to_owned();
    new("member-never-sent", place, message, "remove the member, or write `anyOf`")
}

pub(crate) fn empty_enum(place: Place) -> Finding {
    new("empty-enum", place, "the enum has no values; any are accepted".to_owned(), "list the values")
}

pub(crate) fn enum_misfit(shown: &str, place: Place) -> Finding {
    let message = format!("the enum value `{shown}` is not of the enum's type; it is left out");
    new("enum-misfit", place, message, "correct the value or the type")
}

pub(crate) fn duplicate_enum_value(shown: &str, place: Place) -> Finding {
    new("duplicate-enum-value", place, format!("the enum lists `{shown}` twice"), "remove one")
}

pub(crate) fn no_responses(place: Place) -> Finding {
    let message = "the operation has no response of success; any is accepted".to_owned();
    new("no-success", place, message, "describe the response")
}

pub(crate) fn bad_status(found: &str, place: Place) -> Finding {
    let message = format!("`{found}` is no status; the response is left out");
    new("bad-status", place, message, "write a status such as 200, a range such as 4XX, or `default`")
}

pub(crate) fn path_parameter_missing(name: &str, place: Place) -> Finding {
    let message = format!("the path has `{{{name}}}`, which no parameter describes; it is a string");
    new("path-parameter-missing", place, message, "describe the parameter")
}

pub(crate) fn path_parameter_unused(name: &str, place: Place) -> Finding {
    let message = format!("the path has no `{{{name}}}`; the parameter is left out");
    new("path-parameter-unused", place, message, "add it to the path, or correct its `in`")
}

pub(crate) fn path_parameter_optional(name: &str, place: Place) -> Finding {
    let message = format!("the path parameter `{name}` is not required; it is read as required");
    new("path-parameter-optional", place, message, "add `required: true`")
}

pub(crate) fn path_characters(path: &str, place: Place) -> Finding {
    let message = format!("the path `{path}` has a query or a fragment; a query is read as constant parameters");
    new("path-characters", place, message, "a path has neither a query nor a fragment")
}

pub(crate) fn empty_segment(path: &str, read: &str, place: Place) -> Finding {
    let message = format!("the path `{path}` has an empty segment; it is read as `{read}`");
    new("empty-segment", place, message, "remove one of the slashes")
}

pub(crate) fn media_type(found: &str, read: &str, place: Place) -> Finding {
    let message = format!("`{found}` is no media type; it is read as `{read}`");
    new("bad-media-type", place, message, "write a type and a subtype, such as `application/json`")
}

pub(crate) fn same_media_type(name: &str, place: Place) -> Finding {
    let message = format!("the body is described twice as `{name}`, in two ways; the first one counts");
    new("same-media-type", place, message, "describe it once")
}

pub(crate) fn nameless_parameter(place: Place) -> Finding {
    new("nameless-parameter", place, "the parameter has no name; it is left out".to_owned(), "name it")
}

pub(crate) fn body_of_head(place: Place) -> Finding {
    let message = "a HEAD request has no body; it is left out".to_owned();
    new("body-of-head", place, message, "remove the body")
}

pub(crate) fn duplicate_parameter(name: &str, place: Place) -> Finding {
    let message = format!("the parameter `{name}` is written twice; the last one counts");
    new("duplicate-parameter", place, message, "remove one")
}

pub(crate) fn duplicate_operation_id(id: &str, place: Place) -> Finding {
    let message = format!("several operations have the id `{id}`");
    new("duplicate-operation-id", place, message, "give each operation its own id")
}

pub(crate) fn unknown_scheme(name: &str, place: Place) -> Finding {
    let message = format!("the security scheme `{name}` is not described; it is left out");
    new("unknown-scheme", place, message, "describe it under `components/securitySchemes`")
}

pub(crate) fn example_misfit(problem: &str, place: Place) -> Finding {
    let message = format!("an example is left out: {problem}");
    new("example-misfit", place, message, "correct the example or the schema")
}

pub(crate) fn value_misfit(problem: &str, place: Place) -> Finding {
    let message = format!("a default or an example is left out: {problem}");
    new("value-misfit", place, message, "correct the value or the schema")
}

pub(crate) fn without_meaning(problem: &str, place: Place) -> Finding {
    let message = format!("what the document says has no meaning, and was read as it may be meant: {problem}");
    new("without-meaning", place, message, "correct the document")
}

pub(crate) fn undefined_style(place: Place) -> Finding {
    let message = "OpenAPI does not say how a list of lists or objects is written in a query; it is JSON".to_owned();
    new("undefined-style", place, message, "describe the parameter with `content`")
}

pub(crate) fn empty_type(place: Place) -> Finding {
    let message = "no value meets all parts of the schema; any JSON is accepted".to_owned();
    new("no-value", place, message, "correct the parts")
}

pub(crate) fn contradictory_type(keyword: &str, place: Place) -> Finding {
    let message = format!("no value has both the `type` and that of a member of `{keyword}`; each of them is accepted");
    new("contradictory-type", place, message, "remove the `type`, or write it as a member of its own")
}

pub(crate) fn type_beside_ref(place: Place) -> Finding {
    let message = "the `type` beside `$ref` is not that of the schema; the schema counts".to_owned();
    new("contradictory-type", place, message, "remove the `type`")
}

pub(crate) fn enum_of_items(place: Place) -> Finding {
    let message = "the enum of the array lists no arrays; it is read as that of the items".to_owned();
    new("enum-of-items", place, message, "move it into `items`")
}

pub(crate) fn pattern_in_slashes(pattern: &str, place: Place) -> Finding {
    let message = format!("the pattern `{pattern}` is written between slashes, which are read as no part of it");
    new("pattern-in-slashes", place, message, "remove the slashes")
}

pub(crate) fn optional_discriminator(name: &str, place: Place) -> Finding {
    let message = format!("`{name}` tells the members of a union apart, but is not required; it is read as required");
    new("optional-discriminator", place, message, "add it to `required` of each member")
}

pub(crate) fn endless_type(name: &str, place: Place) -> Finding {
    let message = format!("every `{name}` would contain another one, endlessly; the field is optional");
    new("endless-type", place, message, "make a field in the cycle optional")
}

pub(crate) fn optional_body(place: Place) -> Finding {
    let message = "the body is not required, but has required properties; it is read as required".to_owned();
    new("optional-body", place, message, "add `required: true` to the body")
}
