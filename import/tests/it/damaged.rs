//! No document makes the import panic, and the compiler takes whatever it writes.

use specwright_codegen::diagnostics::Severity;
use specwright_codegen::pipeline;
use specwright_import::plan::Options;

use super::import;

/// A document with most of what documents have.
const WHOLE: &str = r##"openapi: 3.0.3
info: {title: Tea, version: "1", description: "Tea for <b>all</b>. See `docs` &amp; more."}
servers: [{url: "https://{shop}.tea.example/v1", variables: {shop: {default: main, enum: [main, other]}}}]
tags: [{name: pots, description: Pots.}]
security: [{key: []}, {token: [read]}]
paths:
  /pots:
    parameters: [{$ref: "#/components/parameters/Page"}]
    get:
      operationId: listPots
      tags: [pots]
      parameters:
        - {name: ids, in: query, style: form, explode: false, schema: {type: array, items: {type: integer, format: int64}}}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object, properties: {color: {type: string}}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, pattern: "^[a-z]{3,9}$"}}
      responses:
        "200":
          description: Pots.
          headers: {X-Total: {schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pot"}}}}
        default: {description: Error., content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
    post:
      tags: [pots]
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/NewPot"}, example: {name: Red, size: 3}}
          multipart/form-data: {schema: {type: object, properties: {photo: {type: string, format: binary}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Pot"}}}}, "4XX": {description: No.}}
  /pots/{pot-id}/lid:
    put:
      operationId: set_lid
      parameters: [{name: pot-id, in: path, required: true, schema: {type: string, format: uuid}}]
      requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}
      responses: {"204": {description: Done.}}
components:
  parameters: {Page: {name: page, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 1}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://tea.example/token", scopes: {read: Reads.}}}}
  schemas:
    Error: {type: object, required: [message], properties: {message: {type: string}, code: {type: integer, nullable: true}}}
    NewPot:
      type: object
      required: [name]
      additionalProperties: false
      properties:
        name: {type: string, minLength: 1, maxLength: 30}
        size: {type: number, multipleOf: 0.5, exclusiveMinimum: true, minimum: 0}
        kind: {type: string, enum: [round, square], default: round}
        lid: {oneOf: [{$ref: "#/components/schemas/Glass"}, {$ref: "#/components/schemas/Clay"}], discriminator: {propertyName: of, mapping: {glass: "#/components/schemas/Glass"}}}
    Pot: {allOf: [{$ref: "#/components/schemas/NewPot"}, {type: object, required: [id], properties: {id: {type: string, readOnly: true}, parent: {$ref: "#/components/schemas/Pot"}}}]}
    Glass: {type: object, required: [of], properties: {of: {type: string, enum: [glass]}, thick: {type: integer}}}
    Clay: {type: object, required: [of], properties: {of: {type: string}, notes: {type: object, additionalProperties: {type: string}}}}
"##;

/// What may stand where another value stood.
const VALUES: [&str; 22] = [
    "null",
    "[]",
    "{}",
    "true",
    "-1",
    "1.5",
    "1e400",
    "''",
    "\"é\u{200b}\"",
    "'#/components/schemas/Pot'",
    "[null]",
    "{$ref: '#/components/schemas/None'}",
    "{$ref: '#'}",
    "{allOf: [{$ref: '#/components/schemas/Pot'}]}",
    "object",
    "array",
    "[string, 'null']",
    "9223372036854775808",
    "'{a}.{b'",
    "{not: {}}",
    "[[1, a], {}]",
    "'\\u0000(?=a)'",
];

/// The same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Places of words between the signs of YAML: keys and scalars.
fn words(text: &str) -> Vec<(usize, usize)> {
    let is_sign = |it: char| it.is_whitespace() || "{}[],:\"".contains(it);
    let mut all = Vec::new();
    let mut start = 0;
    for (at, sign) in text.char_indices().filter(|(_, it)| is_sign(*it)) {
        if at > start {
            all.push((start, at));
        }
        start = at + sign.len_utf8();
    }
    all
}

fn damaged(chance: &mut Chance) -> String {
    let mut text = WHOLE.to_owned();
    for _ in 0..=chance.below(3) {
        let all = words(&text);
        let (start, end) = all[chance.below(all.len())];
        match chance.below(4) {
            // Another word of the document.
            0 => {
                let (from, to) = all[chance.below(all.len())];
                let word = text[from..to].to_owned();
                text.replace_range(start..end, &word);
            }
            1 => text.replace_range(start..end, VALUES[chance.below(VALUES.len())]),
            // A line is gone.
            2 => {
                let line = text[..start].rfind('\n').map_or(0, |it| it + 1);
                let next = text[start..].find('\n').map_or(text.len(), |it| start + it + 1);
                text.replace_range(line..next, "");
            }
            // A flow collection becomes something else.
            _ => {
                if let Some(open) = text[end..].find(['{', '[']).map(|it| end + it)
                    && let Some(close) = text[open..].find(['}', ']']).map(|it| open + it + 1)
                {
                    text.replace_range(open..close, VALUES[chance.below(VALUES.len())]);
                }
            }
        }
    }
    text
}

#[test]
fn the_whole_document_is_imported_without_a_fault() {
    let imported = import(WHOLE);
    let levels: Vec<_> = imported.report.findings.iter().map(|it| (it.level, it.kind, &it.message)).collect();
    assert_eq!(imported.report.counts.operations.dropped, 0, "{levels:#?}");
    assert!(imported.files.len() >= 2, "{:?}", imported.files.keys());
}

/// Imports a document. Whether it became a spec, which the compiler takes, or it was told why not.
#[track_caller]
fn becomes_a_spec(text: &str) -> bool {
    let options = Options { api: Some("tea".to_owned()), ..Options::default() };
    let outcome =
        specwright_import::import("tea.yaml", text.to_owned(), &|_| Err("it does not exist".into()), &options);
    if outcome.files.is_empty() {
        assert!(!outcome.report.findings.is_empty(), "nothing is told of\n{text}");
        return false;
    }
    let compiled = pipeline::lint_texts("tea", outcome.files.clone());
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{:#?}\nof\n{text}", outcome.files);
    true
}

#[test]
fn damaged_documents_are_read_or_refused() {
    let mut chance = Chance(7);
    let read = (0..120).filter(|_| becomes_a_spec(&damaged(&mut chance))).count();
    // Most of them are still documents.
    assert!(read > 60, "{read}");
}

#[test]
fn documents_that_break_off_are_read_or_refused() {
    for (at, _) in WHOLE.char_indices().step_by(53) {
        becomes_a_spec(&WHOLE[..at]);
    }
}
