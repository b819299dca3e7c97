//! Parameters and fields, their constraints and cases.

use serde_json::Value;

use super::document::{
    CaseDoc, ClientDoc, ClientEntryDoc, Constraints, Entry, EnumDoc, EnumValueDoc, Json, Limit, Remarks,
    RequestBodyDoc, SentDoc, StylesDoc, Text, TypeExpr, TypeExprKind,
};
use super::read::{self, Map};
use super::{api, argument, condition, response, type_expr, xml};
use crate::constraints;
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{Access, Certainty, ContentType, Encoding, ListStyle, ObjectStyle, StyleWord};
use crate::source::{Span, Spanned};
use crate::yaml::{self, Kind, Node};

/// The most values an enum may list.
pub(super) const MOST_VALUES: usize = 4096;
/// The most cases an entry may have.
const MOST_CASES: usize = 1024;

/// Whether entries are parameters or the fields of a record.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Parameter,
    Field,
    /// A body that is one value.
    Body,
    /// A body of bytes or text, whose type is known.
    RawBody,
    /// A parameter of the client.
    Client,
}

/// The key of a body that is one value, with more to say of it than its type.
const WHOLE_BODY: &str = "$body";

/// `body:` of an operation: parameters, a type, media types, or `{$body: {type: …}}`.
pub(super) fn body(node: &Node, out: &mut Diagnostics) -> Option<RequestBodyDoc> {
    let entries = node.as_map().unwrap_or_default();
    let long = entries.iter().find(|it| it.key.value == WHOLE_BODY);
    let is_raw = entries.len() == 1 && (is_media_types(node, "binary") || is_media_types(node, "text"));
    let written = match (&node.kind, long) {
        (_, Some(long)) => &long.value,
        (Kind::Map(_), None) if !is_raw => return Some(RequestBodyDoc::Fields(parameters(node, out))),
        (Kind::Map(_) | Kind::Scalar(_) | Kind::Seq(_), None) => node,
    };
    if let Some(scalar) = written.as_scalar()
        && scalar.text.contains('/')
    {
        let help = format!("write bytes as `{{binary: [{0}]}}`, and text as `{{text: [{0}]}}`", scalar.text);
        out.push(decode::bad_text(&scalar.text, "a type", &help, written.span));
        return None;
    }
    let span = long.map_or(node.span, |it| it.key.span);
    let mut entry = blank_entry(Spanned::new("body".to_owned(), span), false);
    let mut content_types = Vec::new();
    if let Kind::Map(_) = written.kind {
        let raw = raw_body(written, &mut entry, out);
        let side = if raw.is_some() { Side::RawBody } else { Side::Body };
        content_types = raw.unwrap_or_default();
        long_form(written, side, &mut entry, out);
        if let Some(alias) = entry.sent.alias.take() {
            let help = "the body has no name when it is sent: `rust` names its setter";
            out.push(decode::bad_shape("a body that is one value has no `alias`", help, alias.span));
        }
    } else {
        entry.ty = type_expr::of_node(written, out);
    }
    if let (Some(long), Some(other)) = (long, entries.iter().find(|it| it.key.value != WHOLE_BODY)) {
        out.push(decode::keys_exclude("a body is one value or has parameters", long.key.span, other.key.span));
    }
    Some(RequestBodyDoc::Whole(Box::new(entry), content_types))
}

/// `binary` or `text` with media types; sets the type of the body.
fn raw_body(node: &Node, entry: &mut Entry, out: &mut Diagnostics) -> Option<Vec<ContentType>> {
    let (written, ty, encoding) = match (node.get("binary"), node.get("text")) {
        (Some(binary), Some(text)) => {
            out.push(decode::keys_exclude("a body is bytes or text", binary.key.span, text.key.span));
            entry.ty = Some(TypeExpr { span: binary.key.span, kind: TypeExprKind::String });
            return Some(Vec::new());
        }
        (Some(binary), None) => (binary, TypeExprKind::File, Encoding::Binary),
        (None, Some(text)) => (text, TypeExprKind::String, Encoding::Text),
        (None, None) => return None,
    };
    if let Some(ty) = node.get("type") {
        out.push(decode::keys_exclude("a body has a type or media types", ty.key.span, written.key.span));
    }
    let key = if encoding == Encoding::Binary { "binary" } else { "text" };
    entry.ty = Some(TypeExpr { span: written.key.span, kind: ty });
    let all = response::media_types(&written.value, key, out).into_iter();
    Some(all.map(|it| ContentType { media_type: it.value, encoding }).collect())
}

/// Whether a key has media types; `{text: string}` is a parameter with that name.
fn is_media_types(node: &Node, key: &str) -> bool {
    let is_media_type = |it: &Node| it.as_scalar().is_some_and(|it| it.text.contains('/'));
    node.get(key).is_some_and(|it| match &it.value.kind {
        Kind::Scalar(_) => is_media_type(&it.value),
        Kind::Seq(items) => items.iter().any(is_media_type),
        Kind::Map(_) => false,
    })
}

/// `query:`, `headers:`, `parameters:`, …
pub(super) fn parameters(node: &Node, out: &mut Diagnostics) -> Vec<Entry> {
    entries(node, Side::Parameter, out)
}

/// `client:`, in the order of path, query, headers and cookies.
pub(super) fn client(node: &Node, out: &mut Diagnostics) -> ClientDoc {
    let Some(mut map) = Map::of(node, "the parameters of the client", out) else { return ClientDoc::default() };
    let mut document = ClientDoc::default();
    let mut count = 0;
    let places = [
        ("path", &mut document.path),
        ("query", &mut document.query),
        ("headers", &mut document.headers),
        ("cookies", &mut document.cookies),
    ];
    for (key, place) in places {
        let Some(node) = map.take(key) else { continue };
        *place = entries(node, Side::Client, out);
        for entry in place {
            let env = entry.client.take().and_then(|it| it.env);
            entry.client = Some(ClientEntryDoc { index: count, env });
            count += 1;
        }
    }
    map.finish(out);
    document
}

/// `fields:`, or a record written in place.
pub(super) fn fields(node: &Node, out: &mut Diagnostics) -> Vec<Entry> {
    entries(node, Side::Field, out)
}

fn entries(node: &Node, side: Side, out: &mut Diagnostics) -> Vec<Entry> {
    let what = match side {
        Side::Parameter | Side::Body | Side::RawBody | Side::Client => "parameters",
        Side::Field => "fields",
    };
    let entries = read::entries(node, what, out).unwrap_or_default();
    entries.iter().filter_map(|it| entry(it, side, out)).collect()
}

fn entry(written: &yaml::Entry, side: Side, out: &mut Diagnostics) -> Option<Entry> {
    let mut name = written.name();
    let optional = side == Side::Field && name.value.ends_with('?');
    if optional {
        name.value.pop();
    }
    if is_no_name(&name.value) {
        out.push(decode::bad_text(&name.value, "a name", "names have 1 to 256 visible characters", name.span));
        return None;
    }
    let mut entry = blank_entry(name, optional);
    if let Kind::Map(_) = written.value.kind {
        long_form(&written.value, side, &mut entry, out);
    } else {
        // A broken type leaves the entry in place, so that nothing else misses it.
        entry.ty = type_expr::of_node(&written.value, out);
    }
    Some(entry)
}

fn is_no_name(text: &str) -> bool {
    text.trim().is_empty() || text.chars().any(char::is_control) || text.len() > 256
}

/// An entry with nothing but its name.
pub(super) fn blank_entry(name: Text, optional: bool) -> Entry {
    Entry {
        broken: false,
        name,
        optional,
        sent: SentDoc::default(),
        use_: None,
        ty: None,
        required: None,
        nullable: None,
        may_be_empty: None,
        default: None,
        doc: None,
        remarks: Remarks::default(),
        because: None,
        deprecated: None,
        secret: None,
        access: None,
        examples: Vec::new(),
        push: Vec::new(),
        rust: None,
        only: None,
        constraints: Constraints::default(),
        items: Constraints::default(),
        cases: Vec::new(),
        client: None,
    }
}

fn long_form(node: &Node, side: Side, entry: &mut Entry, out: &mut Diagnostics) {
    let what = match side {
        Side::Parameter => "a parameter",
        Side::Field => "a field",
        Side::Body | Side::RawBody => "a body",
        Side::Client => "a parameter of the client",
    };
    let Some(mut map) = Map::of(node, what, out) else { return };
    if side == Side::Client {
        entry.client = Some(ClientEntryDoc { index: 0, env: map.text("env", out) });
    }
    if side == Side::RawBody {
        entry.required = map.flag("required", out);
        map.take("binary");
        map.take("text");
        // Beside media types it was reported.
        map.take("type");
    } else if side != Side::Field {
        entry.push = map.take("push").map(|it| read::texts(it, out)).unwrap_or_default();
        entry.use_ = map.text("use", out);
        entry.required = map.flag("required", out);
        entry.sent = sent(&mut map, out);
    } else {
        entry.access = access(&mut map, out);
    }
    if let Side::Field | Side::Body = side {
        entry.sent.xml = map
            .take("xml")
            .and_then(|it| xml::decode(it, if side == Side::Field { xml::Of::Field } else { xml::Of::Root }, out));
    }
    if side != Side::RawBody {
        entry.ty = map.take("type").and_then(|it| type_expr::of_node(it, out));
        entry.nullable = map.flag("nullable", out);
    }
    entry.may_be_empty = map.flag("may_be_empty", out);
    entry.default = map.take("default").map(|it| read::value(it, out));
    entry.doc = map.prose("doc", out);
    entry.remarks = remarks(&mut map, out);
    entry.because = map.prose("because", out);
    entry.deprecated = map.prose("deprecated", out);
    entry.secret = map.flag("secret", out).map(|it| it.value);
    entry.examples = map.take("examples").map(|it| examples(it, out)).unwrap_or_default();
    entry.rust = map.text("rust", out);
    entry.only = map.take("only").and_then(|it| condition::decode(it, out));
    entry.constraints = constraints_of(&mut map, out);
    entry.items = items(&mut map, out);
    if let Some(node) = map.take("cases") {
        let cases = read::items(node, "cases", out);
        if cases.len() > MOST_CASES {
            out.push(decode::too_many("cases", cases.len(), MOST_CASES, node.span));
        }
        entry.cases = cases.iter().take(MOST_CASES).filter_map(|it| case(it, out)).collect();
    }
    map.finish(out);
    if entry.use_.is_none() && !entry.ty.as_ref().is_some_and(only_numbers) {
        entry.broken = check_spelling(node, out);
    }
}

/// `read_only: true` or `write_only: true`.
fn access(map: &mut Map<'_>, out: &mut Diagnostics) -> Option<Access> {
    let [read, write] = ["read_only", "write_only"].map(|it| map.flag(it, out));
    match (read.as_ref().filter(|it| it.value), write.as_ref().filter(|it| it.value)) {
        (Some(read), Some(write)) => {
            out.push(decode::keys_exclude("a field is sent, or answered, or both", read.span, write.span));
            None
        }
        (Some(_), None) => Some(Access::ReadOnly),
        (None, Some(_)) => Some(Access::WriteOnly),
        (None, None) => (read.is_some() || write.is_some()).then_some(Access::Both),
    }
}

fn sent(map: &mut Map<'_>, out: &mut Diagnostics) -> SentDoc {
    let words = StyleWord::ALL.map(|it| (it.name, it));
    let alias = map.text("alias", out);
    let alias = alias.filter(|it| {
        !is_no_name(&it.value) || {
            out.push(decode::bad_text(&it.value, "an alias", "names have 1 to 256 visible characters", it.span));
            false
        }
    });
    let style = map.take("style");
    SentDoc {
        alias,
        style: style.and_then(|it| Some(Spanned::new(read::word(it, &words, out)?, it.span))),
        allow_reserved: map.flag("allow_reserved", out),
        content_type: map
            .take("content_type")
            .and_then(|it| response::media_types(it, "content_type", out).into_iter().next()),
        xml: None,
    }
}

/// `styles: {lists: brackets, objects: deep_object}`
pub(super) fn styles(node: &Node, out: &mut Diagnostics) -> StylesDoc {
    let Some(mut map) = Map::of(node, "styles", out) else { return StylesDoc::default() };
    // Of a path alone, for which there is no default.
    let lists = StyleWord::ALL.iter().filter(|it| it.lists != Some(ListStyle::Dots));
    let lists: Vec<(&str, ListStyle)> = lists.filter_map(|it| Some((it.name, it.lists?))).collect();
    let objects: Vec<(&str, ObjectStyle)> =
        StyleWord::ALL.iter().filter_map(|it| Some((it.name, it.objects?))).collect();
    let styles = StylesDoc { lists: map.word("lists", &lists, out), objects: map.word("objects", &objects, out) };
    map.finish(out);
    styles
}

/// Whether a type holds numbers and nothing else, so that their values are all that counts.
fn only_numbers(ty: &TypeExpr) -> bool {
    match &ty.kind {
        TypeExprKind::Integer | TypeExprKind::Number => true,
        TypeExprKind::Array(item) | TypeExprKind::Map(item) => only_numbers(item),
        TypeExprKind::Union(members) => members.iter().all(only_numbers),
        _ => false,
    }
}

/// Reports numbers that are not kept as they are written, in an entry or a case whose values may be texts: `1.10` would
/// be another version than the API's. Whether there are any.
pub(super) fn check_spelling(node: &Node, out: &mut Diagnostics) -> bool {
    let mut found = false;
    for written in node.as_map().unwrap_or_default() {
        match (&*written.key.value, &written.value.kind) {
            ("enum", Kind::Map(values)) => {
                for value in values {
                    found |= scalar_spelling(&read::key_scalar(value), value.key.span, out);
                }
            }
            ("enum" | "const" | "default" | "examples", _) => found |= values_spelling(&written.value, out),
            ("items", _) => found |= check_spelling(&written.value, out),
            ("cases", Kind::Seq(cases)) => {
                for case in cases {
                    found |= check_spelling(case, out);
                }
            }
            _ => {}
        }
    }
    found
}

/// Recursion ends with the tree's own depth, which the YAML stage limits.
fn values_spelling(node: &Node, out: &mut Diagnostics) -> bool {
    let mut found = false;
    match &node.kind {
        Kind::Scalar(scalar) => found = scalar_spelling(scalar, node.span, out),
        Kind::Seq(items) => {
            for item in items {
                found |= values_spelling(item, out);
            }
        }
        Kind::Map(entries) => {
            for entry in entries {
                found |= values_spelling(&entry.value, out);
            }
        }
    }
    found
}

fn scalar_spelling(scalar: &yaml::Scalar, span: Span, out: &mut Diagnostics) -> bool {
    let read = scalar.respelled();
    let found = read.is_some();
    out.extend(read.map(|it| decode::respelled(&scalar.text, &it, span)));
    found
}

fn examples(node: &Node, out: &mut Diagnostics) -> Vec<Json> {
    read::items(node, "values", out).iter().map(read::json).collect()
}

/// `source`, `unclear`, `certainty`.
pub(super) fn remarks(map: &mut Map<'_>, out: &mut Diagnostics) -> Remarks {
    const CERTAINTIES: &[(&str, Certainty)] = &[("stated", Certainty::Stated), ("inferred", Certainty::Inferred)];
    Remarks {
        source: map.prose("source", out),
        unclear: map.prose("unclear", out),
        certainty: map.word("certainty", CERTAINTIES, out),
    }
}

fn items(map: &mut Map<'_>, out: &mut Diagnostics) -> Constraints {
    let Some(mut map) = map.take("items").and_then(|it| Map::of(it, "constraints on items", out)) else {
        return Constraints::default();
    };
    let constraints = constraints_of(&mut map, out);
    map.finish(out);
    constraints
}

fn constraints_of(map: &mut Map<'_>, out: &mut Diagnostics) -> Constraints {
    let enum_ = map.take("enum").and_then(|it| enum_values(it, out));
    let open = map.flag("open", out);
    let han_double = map.flag("han_double", out);
    let mut limits = Vec::new();
    for keyword in constraints::with_argument() {
        if let Some(entry) = map.entry(keyword.name)
            && let Some(argument) = argument::decode(keyword.argument, &entry.value, out)
        {
            let span = entry.key.span.to(entry.value.span);
            limits.push(Limit { keyword, argument, span, value_span: entry.value.span });
        }
    }
    Constraints { enum_, open, han_double, limits }
}

/// `[a, b]`, `{a: words}` or `{a: {doc: …, rust: …}}`.
pub(super) fn enum_values(node: &Node, out: &mut Diagnostics) -> Option<EnumDoc> {
    let mut values = Vec::new();
    match &node.kind {
        Kind::Seq(items) => {
            for item in items.iter().take(MOST_VALUES) {
                let value = read::scalar(item, out);
                values.extend(value.map(|value| EnumValueDoc { value, doc: String::new(), rust: None }));
            }
        }
        Kind::Map(entries) => {
            for entry in entries.iter().take(MOST_VALUES) {
                let (doc, rust) = api::described(&entry.value, "an enum value", out);
                values.push(EnumValueDoc { value: read::key_value(entry), doc, rust });
            }
        }
        Kind::Scalar(_) => {
            out.push(decode::wrong_kind(
                "a list of values, or a mapping of values to words",
                node.describe(),
                node.span,
            ));
            return None;
        }
    }
    let written = node.as_seq().map(<[Node]>::len).or(node.as_map().map(<[yaml::Entry]>::len)).unwrap_or_default();
    if written == 0 {
        out.push(decode::empty("enum", node.span));
    }
    if written > MOST_VALUES {
        out.push(decode::too_many("values of an enum", written, MOST_VALUES, node.span));
    }
    (!values.is_empty()).then_some(EnumDoc { span: node.span, values })
}

fn case(node: &Node, out: &mut Diagnostics) -> Option<CaseDoc> {
    let mut map = Map::of(node, "a case", out)?;
    let when = map.require("when", out).and_then(|it| condition::decode(it, out));
    let required = map.entry("required").and_then(|it| true_flag("required", it, out));
    let forbidden = map.entry("forbidden").and_then(|it| reason_or_true(it, out));
    let ignored = map.entry("ignored").and_then(|it| reason_or_true(it, out));
    let default = map.take("default").map(|it| read::value(it, out));
    let because = map.prose("because", out);
    let remarks = remarks(&mut map, out);
    let constraints = constraints_of(&mut map, out);
    let items = items(&mut map, out);
    let span = map.span();
    map.finish(out);
    let says_nothing = required.is_none()
        && forbidden.is_none()
        && ignored.is_none()
        && default.is_none()
        && constraints.is_empty()
        && items.is_empty();
    let only_when = node.as_map().is_some_and(|it| {
        it.iter().all(|it| matches!(&*it.key.value, "when" | "because" | "certainty" | "unclear" | "source"))
    });
    if says_nothing && only_when {
        out.push(decode::idle_case(span));
    }
    Some(CaseDoc { when: when?, required, forbidden, ignored, default, because, remarks, constraints, items })
}

/// `required: true` in a case; `false` would override, and nothing does.
fn true_flag(key: &str, entry: &yaml::Entry, out: &mut Diagnostics) -> Option<Span> {
    let flag = read::flag(&entry.value, out)?;
    if !flag.value {
        out.push(decode::never_false(key, flag.span));
        return None;
    }
    Some(entry.key.span.to(entry.value.span))
}

fn reason_or_true(entry: &yaml::Entry, out: &mut Diagnostics) -> Option<Spanned<Option<String>>> {
    let span = entry.key.span.to(entry.value.span);
    if let Some(scalar) = entry.value.as_scalar()
        && let yaml::Value::Bool(_) = scalar.value()
    {
        return true_flag(&entry.key.value, entry, out).map(|span| Spanned::new(None, span));
    }
    read::prose(&entry.value, out).map(|words| Spanned::new(Some(words.value), span))
}

/// The value as text if it is one.
pub(super) fn as_text(value: &Json) -> Option<Text> {
    match &value.value {
        Value::String(text) => Some(Spanned::new(text.clone(), value.span)),
        _ => None,
    }
}
