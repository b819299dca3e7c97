//! What [`crate::diff`] finds.

use specwright_codegen::boundary::RequestParts;

/// What a change means for callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Words alone.
    Documentation,
    /// What was right stays right, and more is possible.
    Widening,
    /// Something that was right is refused, or means something else.
    Breaking,
}

impl Class {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Widening => "widening",
            Self::Breaking => "breaking",
        }
    }
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What callers send.
    Request,
    /// What they get.
    Response,
    /// Servers, credentials, errors and all else that operations have in common.
    Api,
    /// The names and types of the generated crate alone: nothing else is sent or got.
    Rust,
}

impl Side {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Api => "api",
            Self::Rust => "rust",
        }
    }
}

/// What shows a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// The change shows itself: another path, a field that is gone.
    None,
    /// The old spec accepts this request and the new one refuses it. Both interpreters have said so.
    Refused {
        /// The request.
        request: Box<RequestParts>,
        /// What the new spec says of it.
        violation: String,
    },
    /// Both specs accept this request, and it means something else now.
    MeansOther(Box<RequestParts>),
    /// The old spec accepts this request, and nothing of the new one takes it.
    Unanswered(Box<RequestParts>),
    /// No request was found that the new spec refuses, and it is not proved that there is none.
    NotFound(String),
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it means for callers.
    pub class: Class,
    /// What it is about.
    pub side: Side,
    /// `seedance.text_to_video`; `None`: the API.
    pub operation: Option<String>,
    /// The variants that it touches, if not all.
    pub variants: Vec<String>,
    /// Where it is: `body /prompt`, `response /items/*/id`. Empty: the whole.
    pub place: String,
    /// What changed, in a sentence without a full stop.
    pub message: String,
    /// The Rust items that it touches.
    pub rust: Vec<String>,
    /// Rust code that uses these items may have to change, although the change itself breaks no request.
    pub source_breaking: bool,
    /// What shows it.
    pub evidence: Evidence,
}

impl Change {
    /// A change without place, items and evidence.
    #[must_use]
    pub fn new(class: Class, side: Side, message: impl Into<String>) -> Self {
        Self {
            class,
            side,
            operation: None,
            variants: Vec::new(),
            place: String::new(),
            message: message.into(),
            rust: Vec::new(),
            source_breaking: false,
            evidence: Evidence::None,
        }
    }

    /// The same of an operation.
    #[must_use]
    pub fn of(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// The same at a place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }
}

/// All changes of an API.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiDiff {
    /// Its name.
    pub api: String,
    /// The version in the old spec; `None`: the API is new.
    pub old_version: Option<String>,
    /// The version in the new spec; `None`: the API is gone.
    pub new_version: Option<String>,
    /// Breaking ones first, then in the order of the spec.
    pub changes: Vec<Change>,
}

impl ApiDiff {
    /// The gravest class, if there is any change.
    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.changes.iter().map(|it| it.class).max()
    }

    /// Whether the generated crate needs a version that says that callers may have to change their code.
    #[must_use]
    pub fn breaks_code(&self) -> bool {
        self.changes.iter().any(|it| it.class == Class::Breaking || it.source_breaking)
    }

    /// The changes of a class.
    pub fn of_class(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |it| it.class == class)
    }
}
