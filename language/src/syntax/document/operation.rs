//! Operations: their parameters, variants, responses, tasks, streams and examples.

use serde_json::Value;

use super::{AuthDoc, ConditionDoc, Entry, Json, PagesDoc, Remarks, RuleDoc, StatusDoc, StylesDoc, Text, TypeExpr};
use crate::model::{ContentType, Encoding, Method, Places, StatusForm, XmlObject};
use crate::source::{Span, Spanned};

/// One operation.
#[derive(Debug)]
pub struct OperationDoc {
    pub name: Text,
    /// All of its text.
    pub extent: Span,
    pub method: Option<Spanned<Method>>,
    pub path_template: Option<Text>,
    pub summary: String,
    pub doc: String,
    pub remarks: Remarks,
    pub partly_documented: bool,
    pub open: bool,
    pub server: Option<Text>,
    pub auth: Option<AuthDoc>,
    pub billed: Option<bool>,
    pub idempotency: Option<Text>,
    /// Media types of JSON or XML that its responses have.
    pub accept: Option<Spanned<Vec<String>>>,
    /// What to use instead.
    pub deprecated: Option<String>,
    pub encoding: Option<Spanned<Vec<ContentType>>>,
    pub styles: StylesDoc,
    pub like: Option<Text>,
    pub without: Vec<Text>,
    pub path: Vec<Entry>,
    pub query: Vec<Entry>,
    pub headers: Vec<Entry>,
    pub cookies: Vec<Entry>,
    /// `body:` and its place.
    pub body: Option<Spanned<RequestBodyDoc>>,
    pub rules: Vec<RuleDoc>,
    pub variants: Option<VariantsDoc>,
    pub response: Option<Spanned<ResponseDoc>>,
    /// How it is written in XML.
    pub response_xml: Option<Box<XmlObject>>,
    pub success: Option<Spanned<u16>>,
    /// The headers of responses, as fields.
    pub response_headers: Option<Spanned<Vec<Entry>>>,
    pub task: Option<TaskDoc>,
    pub stream: Option<StreamDoc>,
    pub pages: Option<PagesDoc>,
    pub rate_limits: Vec<Text>,
    pub errors: Option<OperationErrorsDoc>,
    pub statuses: Vec<StatusDoc>,
    pub examples: Vec<ExampleDoc>,
    pub rust: Option<Text>,
}

/// `body:`
#[derive(Debug)]
pub enum RequestBodyDoc {
    /// Parameters, which are the fields of an object.
    Fields(Vec<Entry>),
    /// One value, under the name `body`; its content types, if it is bytes or text.
    Whole(Box<Entry>, Vec<ContentType>),
}

impl OperationDoc {
    /// What its body can be; never empty.
    pub fn content_types(&self) -> Vec<ContentType> {
        let of_body = match self.body.as_ref().map(|it| &it.value) {
            Some(RequestBodyDoc::Whole(_, types)) => types.as_slice(),
            Some(RequestBodyDoc::Fields(_)) | None => &[],
        };
        let own = self.encoding.as_ref().map_or(&[][..], |it| &it.value);
        let said = if of_body.is_empty() { own } else { of_body };
        let json = || ContentType { media_type: Encoding::Json.media_type().to_owned(), encoding: Encoding::Json };
        if said.is_empty() { vec![json()] } else { said.to_vec() }
    }

    /// How its body can be written, the default first.
    pub fn encodings(&self) -> Vec<Encoding> {
        let mut all = Vec::new();
        for it in self.content_types() {
            if !all.contains(&it.encoding) {
                all.push(it.encoding);
            }
        }
        all
    }

    /// How its body is written by default.
    pub fn encoding(&self) -> Encoding {
        self.content_types().first().map_or(Encoding::Json, |it| it.encoding)
    }
}

/// `errors:` of an operation.
#[derive(Debug)]
pub enum OperationErrorsDoc {
    /// `none`: answers of success are never errors.
    None,
    /// At least one of the two.
    Own { when: Option<ConditionDoc>, ty: Option<TypeExpr> },
}

/// `variants:`
#[derive(Debug)]
pub enum VariantsDoc {
    ByParameter(Text),
    Named(Spanned<Vec<VariantDoc>>),
}

/// A named condition.
#[derive(Debug)]
pub struct VariantDoc {
    pub name: Text,
    pub when: ConditionDoc,
    pub doc: String,
    pub rust: Option<Text>,
}

/// `response:`
#[derive(Debug)]
pub enum ResponseDoc {
    None,
    Body(BodyDoc),
    Wrapped(Text, BodyDoc),
    /// JSON, or `null`.
    Nullable(BodyDoc),
    /// JSON, or plain text that is the value of this field.
    PlainText(Text, BodyDoc),
    Binary(Vec<Text>),
    Text(Vec<Text>),
    /// `redirect`: the answer is where it leads.
    Redirect,
    /// By status; never empty.
    ByStatus(Vec<StatusResponseDoc>),
}

/// `202: none` of a response by status.
#[derive(Debug)]
pub struct StatusResponseDoc {
    pub status: Spanned<u16>,
    /// `none` is `None`, and so are text and bytes.
    pub body: Option<BodyDoc>,
    pub form: StatusForm,
}

/// A type expression, or a record written in place.
#[derive(Debug)]
pub enum BodyDoc {
    Type(TypeExpr),
    Record(Spanned<Vec<Entry>>),
}

/// `task:`, or the defaults under `tasks:`.
#[derive(Debug, Default)]
pub struct TaskDoc {
    pub span: Option<Span>,
    pub result: Option<BodyDoc>,
    pub created: Option<BodyDoc>,
    pub status: Option<StatusCallDoc>,
    pub download: Option<Text>,
    pub stage: Option<StageDoc>,
    pub id: Option<Text>,
    pub state: Option<Text>,
    pub pending: Option<Spanned<Vec<StateDoc>>>,
    pub completed: Option<Spanned<Vec<StateDoc>>>,
    pub failed: Option<Spanned<Vec<StateDoc>>>,
    /// The operation that cancels it.
    pub cancel: Option<Text>,
    pub error: Option<Text>,
    pub interval: Option<Spanned<u64>>,
    pub deadline: Option<Spanned<u64>>,
    pub callback: Option<Text>,
    pub every_state: Option<Spanned<Vec<Entry>>>,
}

/// `status:` of a task.
#[derive(Clone, Debug)]
pub enum StatusCallDoc {
    /// The path of the call.
    Path(Text),
    /// `{url: /urls/status}`: where the create answer has its URL.
    Url(Text),
    /// `{header: Operation-Location}`: the header of the create answer that has its URL.
    Header(Text),
}

/// A state of a task: text, or a truth value as its word.
#[derive(Clone, Debug)]
pub struct StateDoc {
    pub value: String,
    pub is_boolean: bool,
    pub span: Span,
}

/// `stage:`
#[derive(Clone, Debug)]
pub struct StageDoc {
    pub field: Text,
    pub values: Vec<(Text, String)>,
}

/// `stream:`
#[derive(Debug)]
pub struct StreamDoc {
    /// Lines of JSON, not server-sent events.
    pub json_lines: bool,
    pub when: Option<ConditionDoc>,
    pub data: Option<TypeExpr>,
    /// By name; `none` is `None`.
    pub events: Option<Vec<(Text, Option<TypeExpr>)>>,
    pub name: Option<Text>,
    pub end_data: Option<String>,
    pub end_event: Option<Text>,
    /// By name: events and the states they lead to.
    pub states: Vec<(Text, Vec<(Text, Text)>)>,
    pub error_events: Vec<Text>,
    pub error: Option<Text>,
    /// By event, where they have names.
    pub text: Vec<(Option<Text>, TextAtDoc)>,
    /// By event, where they have names.
    pub collect: Option<Vec<(Option<Text>, Vec<StepDoc>)>>,
    pub span: Span,
}

/// Where text for a reader is.
#[derive(Debug)]
pub struct TextAtDoc {
    pub at: Text,
    pub unless: Option<Text>,
}

/// One of the steps of `collect`.
#[derive(Debug)]
pub struct StepDoc {
    pub verb: VerbDoc,
    /// A JSON pointer; of `const` what has to be there, `""` for nothing.
    pub from: Text,
    pub into: Option<Text>,
    pub span: Span,
}

/// What a step does.
#[derive(Debug)]
pub enum VerbDoc {
    Set,
    First,
    Append,
    Merge,
    Concat(Option<String>),
    Json,
    Const(Value),
    Each(Vec<StepDoc>),
    Numbered(NumberingDoc, Vec<StepDoc>),
}

/// How items without a position are distinguished.
#[derive(Debug)]
pub struct NumberingDoc {
    /// The field with the position.
    pub at: Text,
    pub id: Option<Text>,
    /// What a new item has.
    pub begins: Vec<Text>,
    pub ends: Option<Text>,
}

/// One of `examples`.
#[derive(Debug)]
pub struct ExampleDoc {
    pub name: String,
    pub source: Option<String>,
    pub request: Option<Value>,
    pub invalid: Vec<(Text, Text)>,
    pub response: Option<Value>,
    pub events: Vec<Json>,
    pub status: Option<Value>,
    pub callback: Option<Value>,
    pub span: Span,
    pub request_places: Places,
    /// Of the response, the status or the callback.
    pub answer_places: Places,
}
