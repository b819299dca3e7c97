//! Reads `name=value` and `@file.json` as parameters of an operation, by the types of the spec.
//!
//! All faults are reported at once. A fault never shows a value, which may be secret.

mod content;
mod key;
mod place;

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::{Map, Value, json};
use specwright_codegen::failure::Failure;
use specwright_codegen::interpret::read_by_type;
use specwright_codegen::model::{Api, Encoding, Field, Location, Operation, PartForm, Server, Type};
use specwright_codegen::validate::{read_json, read_json_lines};

use crate::types;
use content::Source;
pub(crate) use content::{Content, FileSource};
use key::{Key, Resolved};

/// The parameters of a call.
#[derive(Clone, Default)]
pub(crate) struct Parameters {
    /// By their names in the spec. A file stands as `{"size": …}`.
    pub(crate) values: Map<String, Value>,
    /// What the spec does not know: in the body, or else in the query.
    pub(crate) unknown: Map<String, Value>,
    /// The files of the parameters that are files.
    pub(crate) files: BTreeMap<String, Vec<FileSource>>,
    /// Variables of the server's URL.
    pub(crate) server_variables: Vec<(String, String)>,
}

/// Reads all words.
///
/// # Errors
/// Fails with all faults if a name is unknown, a text does not fit, or a file cannot be read.
pub(crate) fn read(
    api: &Api,
    op: &Operation,
    words: &[String],
    lenient: bool,
    input: &mut dyn Read,
) -> Result<Parameters, Failure> {
    let mut reader = Reader {
        api,
        op,
        lenient,
        input,
        input_is_read: false,
        out: Parameters::default(),
        given: BTreeMap::new(),
        faults: Vec::new(),
    };
    // A whole body comes first, so that single parameters change it, wherever they stand.
    let (bodies, others): (Vec<&String>, Vec<&String>) = words.iter().partition(|it| reader.is_body(it));
    if bodies.len() > 1 {
        reader.faults.push("a body is given twice: only one word starts with `@`".to_owned());
    }
    for word in bodies.into_iter().take(1).chain(others) {
        if let Err(fault) = reader.word(word) {
            reader.faults.push(fault);
        }
    }
    match reader.faults.len() {
        0 => Ok(reader.out),
        1 => Err(Failure::new(reader.faults.remove(0))),
        many => Err(Failure::new(format!("{many} arguments are wrong\n  {}", reader.faults.join("\n  ")))),
    }
}

/// A value as it was given.
enum Given {
    /// Whatever the type is.
    Json(Value),
    /// Text that is read by the type.
    Text(String),
}

impl Given {
    fn into_value(self) -> Value {
        match self {
            Self::Json(value) => value,
            Self::Text(text) => Value::String(text),
        }
    }
}

struct Reader<'a> {
    api: &'a Api,
    op: &'a Operation,
    /// Names that the spec does not know pass.
    lenient: bool,
    input: &'a mut dyn Read,
    input_is_read: bool,
    out: Parameters,
    /// Keys that a word has set: only lists take another value.
    given: BTreeMap<String, usize>,
    faults: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Whether a word is a whole body: `@file`.
    fn is_body(&self, word: &str) -> bool {
        let names_a_parameter = || word.split('=').next().is_some_and(|it| self.op.parameters.find(it).is_some());
        word.starts_with('@') && !names_a_parameter()
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        if self.is_body(word) {
            return match word.strip_prefix('@') {
                Some(name) if !name.is_empty() => self.body(name),
                _ => Err("the name of a file is missing behind `@`; `@-` reads standard input".to_owned()),
            };
        }
        let Some((key, text)) = word.split_once('=') else {
            let shown: String = word.chars().take(40).collect();
            return Err(format!("`{shown}` is neither `name=value` nor `@file`"));
        };
        let (key, source) = match key.strip_suffix(':') {
            Some(key) => (key, Source::of_json(text)),
            None => (key, Source::of_text(text)),
        };
        match key::resolve(self.api, self.op, key, self.lenient)? {
            Resolved::Parameter(field, found) => self.set(field, &found, source, key),
            Resolved::ServerVariable(name) => {
                let Source::Text(value) = source else {
                    return Err(format!("`{key}` is a part of a URL: write `{key}=text`"));
                };
                self.out.server_variables.push((name.to_owned(), value.to_owned()));
                Ok(())
            }
            Resolved::Unknown(steps) => {
                let value = self.value(key, None, source)?.into_value();
                let mut root = Value::Object(std::mem::take(&mut self.out.unknown));
                let put = place::put(&mut root, &steps, value);
                if let Value::Object(unknown) = root {
                    self.out.unknown = unknown;
                }
                put.map_err(|why| format!("`{key}`: {why}"))
            }
        }
    }

    /// Sets one value of a parameter.
    fn set(&mut self, field: &'a Field, found: &Key<'a>, source: Source<'_>, key: &str) -> Result<(), String> {
        // Where it may be a text as well, only `@path` is a file.
        let of_text = |it: &Type| types::item(self.api, it).is_none_or(|it| *it != Type::File) && *it != Type::File;
        let is_text = matches!(source, Source::Text(_)) && found.ty.is_some_and(of_text);
        let is_file = !is_text && found.ty.is_some_and(|it| is_file(self.api, it));
        if let (true, PartForm::Entries, [place::Step::Name(name)]) = (is_file, field.sent.part, &*found.steps)
            && !matches!(source, Source::Json(_))
        {
            let name = name.clone();
            return self.file_of_entry(field, found, &name, source, key);
        }
        if is_file && found.steps.iter().all(place::Step::is_index) && !matches!(source, Source::Json(_)) {
            return self.file(field, source, key);
        }
        // Each text of a tuple is read by its place.
        let place = self.given.get(key).copied().unwrap_or(0);
        let item = found.ty.and_then(|it| types::places(self.api, it)?.get(place));
        let value = match (self.value(key, found.ty, source)?, item.or(found.ty)) {
            (Given::Text(text), Some(ty)) => read_by_type(self.api, ty, &Value::String(text)).into_owned(),
            (given, _) => given.into_value(),
        };
        self.put(field, found, value, key)
    }

    /// Puts a value into its place; into a list that a word has begun, as a further item.
    fn put(&mut self, field: &Field, found: &Key<'_>, value: Value, key: &str) -> Result<(), String> {
        let times = self.given.entry(key.to_owned()).or_default();
        *times += 1;
        let again = *times > 1 && !found.steps.contains(&place::Step::Push);
        let slot = self.out.values.entry(field.name.clone()).or_insert(Value::Null);
        if again {
            let is_list =
                found.ty.is_some_and(|it| types::item(self.api, it).is_some() || types::places(self.api, it).is_some());
            let present = is_list.then(|| place::get_mut(slot, &found.steps)).flatten();
            let Some(present) = present else {
                return Err(format!("`{key}` is given twice, and is no list"));
            };
            let mut items = match present.take() {
                Value::Array(items) => items,
                one => vec![one],
            };
            match value {
                Value::Array(more) => items.extend(more),
                one => items.push(one),
            }
            *present = Value::Array(items);
            return Ok(());
        }
        place::put(slot, &found.steps, value).map_err(|why| format!("`{key}`: {why}"))
    }

    /// Adds a file that is an entry of a map.
    fn file_of_entry(
        &mut self,
        field: &Field,
        found: &Key<'_>,
        name: &str,
        source: Source<'_>,
        key: &str,
    ) -> Result<(), String> {
        let file = self.source(source, key)?;
        let shown = json!({ "size": file.size });
        self.put(field, found, shown, key)?;
        self.out.files.insert(entry_key(&field.name, name), vec![file]);
        Ok(())
    }

    /// Adds the file of a parameter that is one, or a list of them.
    fn file(&mut self, field: &Field, source: Source<'_>, key: &str) -> Result<(), String> {
        let is_list = types::item(self.api, &field.ty).is_some();
        if !is_list && self.out.files.get(&field.name).is_some_and(|it| !it.is_empty()) {
            return Err(format!("`{key}` is given twice, and is no list"));
        }
        let file = self.source(source, key)?;
        let shown = json!({ "size": file.size });
        self.out.files.entry(field.name.clone()).or_default().push(file);
        match self.out.values.entry(field.name.clone()).or_insert(Value::Null) {
            Value::Array(items) if is_list => items.push(shown),
            slot => *slot = if is_list { json!([shown]) } else { shown },
        }
        Ok(())
    }

    /// The file of a source.
    fn source(&mut self, source: Source<'_>, key: &str) -> Result<FileSource, String> {
        Ok(match source {
            Source::File("-") | Source::TextFile("-") => {
                FileSource::of_bytes(read_input(self.input, &mut self.input_is_read)?)
            }
            Source::File(name) | Source::TextFile(name) => FileSource::of_path(name)?,
            Source::Text(text) | Source::Json(text) => FileSource::of_bytes(text.as_bytes().to_vec()),
            Source::JsonFile(_) => return Err(format!("`{key}` is a file: write `{key}=@path`")),
        })
    }

    /// The value of a source: JSON, or text that is still to be read by its type.
    fn value(&mut self, key: &str, ty: Option<&Type>, source: Source<'_>) -> Result<Given, String> {
        let json = |bytes: &[u8], what: &str| match read_json(bytes) {
            // A text that is no UTF-16 cannot be sent.
            Ok(read) if read.not_text.is_empty() => Ok(read.value),
            Ok(_) => Err(format!("{what} has a text with half of a character")),
            Err(error) => Err(format!("{what} is not JSON: {error}")),
        };
        match source {
            Source::Text(text) => Ok(Given::Text(text.to_owned())),
            Source::Json(text) => json(text.as_bytes(), &format!("the value of `{key}`")).map(Given::Json),
            Source::JsonFile(name) => {
                let bytes = self.bytes(name)?;
                json(&bytes, &called(name)).map(Given::Json)
            }
            Source::TextFile(name) => {
                // Such as a text of XML.
                let help = |it| format!("{it}\n    a text that begins with `<` is written as `{key}:=\"<…\"`");
                let bytes = self.bytes(name).map_err(help)?;
                let mut text = String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8 text", called(name)))?;
                // As the shell does it with `$(cat file)`, so that a model or an id may come from a file.
                text.truncate(text.strip_suffix('\n').map_or(text.len(), |it| it.trim_end_matches('\r').len()));
                Ok(Given::Text(text))
            }
            Source::File(name) if ty.is_some_and(|it| takes_bytes(self.api, it)) => {
                let bytes = self.bytes(name)?;
                Ok(Given::Text(content::base64(&bytes)))
            }
            // A text may well begin with `@`.
            Source::File(name) => Ok(Given::Text(format!("@{name}"))),
        }
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, String> {
        if name == "-" {
            return read_input(self.input, &mut self.input_is_read);
        }
        std::fs::read(name).map_err(|error| format!("cannot read `{name}`: {error}"))
    }

    /// A whole body from a file.
    fn body(&mut self, name: &str) -> Result<(), String> {
        let op = self.op;
        if !op.has_body {
            return Err(format!("`{}` has no body, so `@{name}` has no place", op.full_name(self.api)));
        }
        if let Some((_, field)) = op.whole_body() {
            return match op.encoding {
                Encoding::Binary => self.file(field, Source::File(name), &field.name),
                Encoding::Text => {
                    let bytes = self.bytes(name)?;
                    let text = String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8 text", called(name)))?;
                    self.out.values.insert(field.name.clone(), Value::String(text));
                    Ok(())
                }
                Encoding::Lines => {
                    let read = read_json_lines(&self.bytes(name)?).map_err(|it| format!("{}, {it}", called(name)))?;
                    if !read.not_text.is_empty() {
                        return Err(format!("{} has a text with half of a character", called(name)));
                    }
                    self.out.values.insert(field.name.clone(), read.value);
                    Ok(())
                }
                Encoding::Json | Encoding::Xml | Encoding::Multipart | Encoding::Related | Encoding::Form => {
                    let value = self.value(&field.name, None, Source::JsonFile(name))?;
                    self.out.values.insert(field.name.clone(), value.into_value());
                    Ok(())
                }
            };
        }
        let value = self.value("body", None, Source::JsonFile(name))?;
        let Given::Json(Value::Object(fields)) = value else {
            return Err(format!("the body in {} must be an object", called(name)));
        };
        for (name, value) in fields {
            let known = op.parameters.fields.iter().find(|it| it.location == Location::Body && it.sent_name() == name);
            match known {
                Some(field) => self.out.values.insert(field.name.clone(), value),
                None => self.out.unknown.insert(name, value),
            };
        }
        Ok(())
    }
}

/// Under which a file is kept that is an entry of a map.
pub(crate) fn entry_key(parameter: &str, name: &str) -> String {
    format!("{parameter}.{name}")
}

/// A file as messages name it.
fn called(name: &str) -> String {
    if name == "-" { "standard input".to_owned() } else { format!("`{name}`") }
}

/// Standard input, once.
fn read_input(input: &mut dyn Read, is_read: &mut bool) -> Result<Vec<u8>, String> {
    if std::mem::replace(is_read, true) {
        return Err("standard input is read twice: `-` can stand once".to_owned());
    }
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|error| format!("cannot read standard input: {error}"))?;
    Ok(bytes)
}

/// Whether a parameter is a file, or a list of files.
pub(crate) fn is_file(api: &Api, ty: &Type) -> bool {
    types::can_be(api, ty, &Type::File) || types::item(api, ty).is_some_and(|it| types::can_be(api, it, &Type::File))
}

/// Whether the content of a file is sent in base64.
fn takes_bytes(api: &Api, ty: &Type) -> bool {
    let is_base64 = |it: &Type| types::can_be(api, it, &Type::Base64);
    is_base64(ty) || types::item(api, ty).is_some_and(is_base64)
}

/// Adds what callers need not say: constants, parameters of the client, and what asks for a stream.
pub(crate) fn fill(
    api: &Api,
    op: &Operation,
    parameters: &mut Parameters,
    environment: &dyn Fn(&str) -> Option<String>,
    stream: bool,
) {
    for field in &op.parameters.fields {
        if parameters.values.contains_key(&field.name) {
            continue;
        }
        let of_client = field.client.and_then(|it| api.client_parameters.get(it));
        let value = match of_client {
            Some(known) => {
                let text = known.env.as_deref().and_then(environment).filter(|it| !it.trim().is_empty());
                let read = |it: String| read_by_type(api, &field.ty, &Value::String(it.trim().to_owned())).into_owned();
                text.map(read).or_else(|| known.default.clone())
            }
            None => constant(field),
        };
        if let Some(value) = value {
            parameters.values.insert(field.name.clone(), value);
        }
    }
    if let Some(asked_by) = op.stream.as_ref().filter(|_| stream).and_then(|it| it.asked_by()) {
        for (field, value) in asked_by {
            let name = &op.parameters.field(field).name;
            parameters.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// The only value of a parameter that is always sent.
fn constant(field: &Field) -> Option<Value> {
    use specwright_codegen::model::{Condition, Constraint};
    let always = field.clauses.iter().filter(|it| it.when == Condition::Always);
    let mut values = always.filter_map(|it| match &it.constraint {
        Constraint::Const(value) => Some(value.clone()),
        _ => None,
    });
    values.next_back().filter(|_| field.always_required())
}

/// The variables of the URL that an operation is sent to.
pub(crate) fn server<'a>(api: &'a Api, op: &Operation) -> Option<&'a Server> {
    api.servers.get(op.server)
}
