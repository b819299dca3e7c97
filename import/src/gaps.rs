//! What the spec language cannot say, in one table: a landing that adds to the language removes a row.
//!
//! Each row says what becomes of it, and what a person can do.

use crate::finding::{Finding, Level, Place};

/// A row of the table.
#[derive(Debug)]
pub struct Gap {
    /// Stable across versions.
    pub kind: &'static str,
    /// What becomes of it.
    pub level: Level,
    /// In one sentence; `{}` is the matter at hand.
    pub says: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

macro_rules! gaps {
    ($($name:ident: $kind:literal, $level:ident, $says:literal, $help:literal;)*) => {
        $(
            #[doc = $says]
            pub static $name: Gap = Gap { kind: $kind, level: Level::$level, says: $says, help: $help };
        )*
        /// All rows, for the guide and the tests.
        pub static ALL: &[&Gap] = &[$(&$name),*];
    };
}

gaps! {
    // Requests.
    BODY_NOT_OBJECT: "body-not-object", Approximated, "the body is {}, and neither JSON nor an object with fields",
        "list the fields of the body";
    BODY_MEDIA: "body-media", Approximated, "a body of the type `{}` is sent as it is; the document describes it as {}",
        "write the body where the operation is called";
    OTHER_ENCODINGS: "other-encodings", Note, "the body may also be sent as {}",
        "nothing, as long as the first encoding suits you";
    COOKIE: "cookie-parameter", Approximated, "the cookie `{}` has a name that cannot be sent",
        "correct the name in the document";
    QUERY_STRING: "query-string", Approximated, "the parameter `{}` is a whole query",
        "list the parameters of the query";
    PARAMETER_STYLE: "parameter-style", Approximated, "{}",
        "check how the server reads the parameter, and choose a `style`";
    METHOD: "method", Dropped, "the method `{}` cannot be described", "use another client for this operation";
    PATH: "path", Dropped, "the path `{}` cannot be described", "correct the path in the document";
    FORM_PART: "form-part", Approximated, "the part `{}` of the body is {}",
        "check what the server reads in that part";
    MERGED_ENDPOINT: "merged-endpoint", Approximated,
        "another operation has the same method and path: {}; they are one, which takes and brings what either does",
        "say in `rules` or `cases` which parameters go together";
    SAME_OPERATION: "same-operation", Note,
        "the operation at `{}` accepts and answers the same; they are one", "remove one of them from the document";
    SAME_ENDPOINT: "same-endpoint", Dropped, "another operation has the same method and path: {}",
        "tell them apart by a constant parameter, or describe one of them";

    // Types.
    NOT: "not", Approximated, "`{}` is left out", "add a rule, a case or a `pattern` that says the same";
    AMBIGUOUS_UNION: "ambiguous-union", Approximated, "the members of a union cannot be told apart: {}; any JSON is accepted",
        "add a `tag`, or constants that differ";
    MERGED_UNION: "merged-union", Approximated, "the members of a union are read as one type: {}",
        "nothing, if it does not matter which of them a value is";
    EXTRA_FIELDS: "extra-fields", Approximated, "other fields are {}; they may be anything",
        "check them where they are used";
    TUPLE: "tuple", Approximated, "the items of the array have types by position; any of them is accepted everywhere",
        "check the items where they are used";
    DEEP_LIMIT: "deep-limit", Approximated, "{} is too deep for a limit to be said",
        "give the inner part a name under `types`";
    PATTERN: "pattern", Approximated, "the pattern `{}` is not portable; it is left out",
        "write it with literals, classes, anchors, groups and quantifiers";
    EXTENSIBLE_ENUM: "extensible-enum", Note, "the API may get more values than the enum lists",
        "add `open: true` to the enum, so that requests may have other values";
    MIXED_ENUM: "mixed-enum", Approximated, "the enum has values of several types: {}; any value is accepted",
        "describe the values in `doc`";
    LIMIT: "limit", Approximated, "{}", "say it with a rule or a case";
    TYPE_REFUSED: "type-refused", Approximated, "{}", "look at the type, and say what is meant";

    SPEC_REFUSED: "spec-refused", Dropped, "the compiler refuses the spec: {}",
        "run `cargo xtask lint`, and correct the line that it names";

    OVERLAPPING: "overlapping-union", Approximated, "values are accepted that several members of the `oneOf` accept",
        "nothing, unless the server refuses such a value; then add a constant that differs, or a `tag`";

    // Answers.
    OTHER_SUCCESS: "other-success", Note, "the response of status {} has no body; it is read like the others",
        "nothing: every status of success is one";
    JOINED_STREAM: "joined-stream", Note, "the operation is the stream of the one at `{}`",
        "nothing: a call asks for the stream";
    PAGES: "pages", Note, "the pagination that an extension states does not fit the operation: {}",
        "correct the comment, and remove its `#`";
    SEVERAL_ANSWERS: "several-answers", Approximated, "the response of status {} cannot be described beside the others",
        "describe it in `doc`";
    ANSWER_MEDIA: "answer-media", Note, "the response is also available as {}", "nothing, if JSON suits you";
    ANSWER_TEXT: "answer-text", Approximated, "a response of the type `{}` is given as it is; the document describes it as {}",
        "read the response where the operation is called";
    ERROR_BODY: "error-body", Approximated, "the body of the error {} is {}, which has no type",
        "read the raw body of the error";
    NOT_MODIFIED: "not-modified", Note, "the status 304 is left out, since no header of the request asks for it",
        "add `304: none` to `response`, and `If-None-Match` to `headers`";
    RESPONSE_HEADER: "response-header", Approximated, "the header `{}` of the response is {}; it is a string",
        "parse the text where it is used";

    // Documents.
    REPEATED_DOC: "repeated-doc", Note,
        "the words of `{}` are the same in {} places; they stand in `{}`, and their first sentence elsewhere", "nothing";
    REPEATED_EXAMPLE: "repeated-example", Note, "the example `{}` is left out: it is that of `{}`", "nothing";
    LONG_EXAMPLE: "long-example", Note, "the example of `{}` in `{}` is left out: it is long",
        "add a short one, if it helps";
    CREDENTIAL_PARAMETER: "credential-parameter", Note,
        "the parameter `{}` is the credential `{}`, which the client sends", "nothing";
    EXTENSION: "extension", Note, "`{}` has no reading; operations that have it: {}",
        "describe in `doc` what callers need of it";
    SWAGGER: "swagger", Note, "the document is of Swagger 2.0; it is read as what it means in OpenAPI 3.0", "nothing";

    // Clients.
    OAUTH2: "oauth2", Note, "OAuth 2 is read as a bearer token that the caller has", "fetch the token yourself";
    SCHEME: "security-scheme", Approximated, "the security scheme `{}` cannot be described",
        "add the credential by hand";
    WEBHOOK: "webhook", Note, "the webhook or callback `{}` is left out",
        "describe its delivery under `webhook`";
    RELATIVE_SERVER: "relative-server", Note, "the server `{}` has no host; callers set the URL",
        "write the URL under `servers`";
    SERVER: "server", Approximated, "the server `{}` is no URL that can be called", "write the URL under `servers`";
}

impl Gap {
    /// The finding of this gap at a place.
    #[must_use]
    pub fn at(&self, place: Place, details: &[&str]) -> Finding {
        Finding { level: self.level, kind: self.kind, place, message: self.words(details), help: self.help.to_owned() }
    }

    /// The sentence, with its details.
    #[must_use]
    pub fn words(&self, details: &[&str]) -> String {
        let mut message = String::new();
        let mut details = details.iter();
        let mut parts = self.says.split("{}");
        message.push_str(parts.next().unwrap_or_default());
        for part in parts {
            message.push_str(details.next().copied().unwrap_or("…"));
            message.push_str(part);
        }
        message
    }
}
