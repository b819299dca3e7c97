//! What documents say twice, or wrap, or say in vain.

use super::{import, with_body, with_paths};

const OK: &str = "responses: {'204': {description: Done}}";

#[test]
fn the_first_sentence_is_the_summary_and_not_said_again() {
    let brew = format!("post: {{description: 'Brews a pot. It takes [a while](/time).', {OK}}}");
    let list = format!("get: {{summary: Lists pots., description: 'Lists pots. Those with a lid too.', {OK}}}");
    let imported = import(&with_paths(&format!("{{/pots: {{{brew}, {list}}}}}"), ""));
    imported.has("pots.yaml", "summary: Brews a pot.\ndoc: It takes [a while](/time).");
    imported.has("pots.yaml", "summary: Lists pots.\ndoc: Those with a lid too.");
}

#[test]
fn words_that_were_wrapped_are_wrapped_once() {
    let words = "The pots that are on the shelf of the kitchen and\\nthe ones below it, which nobody uses.";
    let imported = import(&with_body(
        &format!("{{type: object, properties: {{a: {{type: string, description: \"{words}\"}}}}}}"),
        "",
    ));
    imported.has("pots.yaml", &format!("a: {{doc: \"{}\"}}", words.replace("\\n", " ")));
}

#[test]
fn the_indentation_of_a_paragraph_means_nothing() {
    let brew = format!(
        "post: {{summary: Brews., description: \"Brews a pot.\\n    It takes a while.\\n    And more.\", {OK}}}"
    );
    let imported = import(&with_paths(&format!("{{/pots: {{{brew}}}}}"), ""));
    assert!(
        imported.file("pots.yaml").contains("doc: |\n      Brews a pot.\n      It takes a while.\n      And more.\n")
    );
}

#[test]
fn words_that_repeat_a_name_go() {
    let imported = import(&with_body(
        "{type: object, properties: {lid: {$ref: '#/components/schemas/PotLid'}, size: {type: integer, description: The size.}}}",
        "{schemas: {PotLid: {type: object, description: Pot Lid, properties: {color: {type: string, description: Of it.}}}}}",
    ));
    imported.has("pots.yaml", "PotLid:\nfields:\ncolor?: {doc: Of it.}");
    imported.has("pots.yaml", "size: integer");
}

#[test]
fn words_of_many_types_stand_with_the_first() {
    let words = "What the owner calls it. It is shown in lists, in mails, and on the door of the kitchen itself.";
    let field = format!("{{type: object, properties: {{label: {{type: string, description: '{words}'}}}}}}");
    let schemas: Vec<String> = (1..=6).map(|it| format!("Pot{it}: {field}")).collect();
    let uses: Vec<String> = (1..=6).map(|it| format!("p{it}: {{$ref: '#/components/schemas/Pot{it}'}}")).collect();
    let imported = import(&with_body(
        &format!("{{type: object, properties: {{{}}}}}", uses.join(", ")),
        &format!("{{schemas: {{{}}}}}", schemas.join(", ")),
    ));
    let text = imported.file("pots.yaml");
    assert_eq!((text.matches("It is shown").count(), text.matches("calls it.").count()), (1, 6), "{text}");
    assert!(
        imported.finding("repeated-doc").message.contains("`label` are the same in 6 places; they stand in `Pot1`")
    );
    assert_eq!(imported.report.counts.operations.exact, 1);
}

#[test]
fn a_response_is_shown_once() {
    let of = |status: &str| {
        format!(
            "responses: {{'{status}': {{description: Done, content: {{application/json: {{example: {{size: 3}}, schema: \
             {{type: object, properties: {{size: {{type: integer}}}}}}}}}}}}}}"
        )
    };
    let imported = import(&with_paths(&format!("{{/pots: {{get: {{{}}}, post: {{{}}}}}}}", of("200"), of("201")), ""));
    assert_eq!(imported.file("pots.yaml").matches("size: 3").count(), 1);
    assert!(imported.finding("repeated-example").message.contains("it is that of `pots.list`"));
}

#[test]
fn an_example_in_quotes_is_read_without_them() {
    let imported = import(&with_body(
        "{type: object, properties: {kind: {type: string, example: '\"green\"'}, etag: {type: string, example: '\"a\"'}}}",
        "",
    ));
    imported.has("pots.yaml", "kind: {examples: [green]}\netag: {examples: [\"\\\"a\\\"\"]}");
    imported.finding("quoted-example");
}

#[test]
fn a_parameter_that_is_the_credential_goes() {
    let key = "parameters: [{name: x-key, in: header, schema: {type: string}}]";
    let imported = import(&with_paths(
        &format!("{{/pots: {{get: {{{key}, {OK}}}, post: {{security: [], {key}, {OK}}}}}}}"),
        "security: [{key: []}]\ncomponents: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}",
    ));
    imported.has("pots.yaml", "get: /pots\nsummary: List pots.\nresponse: none");
    imported.has("pots.yaml", "auth: none\nheaders:\nx-key: string");
    imported.finding("credential-parameter");
}

#[test]
fn what_many_operations_have_is_shared_though_it_is_short() {
    let page = "parameters: [{name: page, in: query, description: 'The number of the page.', schema: {type: integer}}]";
    let paths: Vec<String> =
        (1..=4).map(|it| format!("/pots/l{it}: {{get: {{tags: [pots], {page}, {OK}}}}}")).collect();
    let imported = import(&with_paths(&format!("{{{}}}", paths.join(", ")), ""));
    imported.has("pots.yaml", "parameters:\npage: {type: integer, doc: The number of the page.}");
    assert_eq!(imported.file("pots.yaml").matches("page: {use: page}").count(), 4);
}

#[test]
fn long_examples_go() {
    let long = "leaf ".repeat(80);
    let imported = import(&with_body(
        &format!(
            "{{type: object, properties: {{a: {{type: string, example: '{long}'}}, b: {{type: string, example: leaf}}}}}}"
        ),
        "",
    ));
    imported.has("pots.yaml", "a: string\nb: {examples: [leaf]}");
    imported.finding("long-example");
}

#[test]
fn what_is_extended_stands_where_all_see_it() {
    let base = "Base: {type: object, properties: {a: {type: string}, b: {type: string}, c: {type: string}}}";
    let pot =
        "Pot: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {size: {type: integer}}}]}";
    let of = |name: &str| {
        format!(
            "{{get: {{responses: {{'200': {{description: Ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}}}}}"
        )
    };
    let imported = import(&with_paths(
        &format!("{{/pots: {}, /lids: {}, /bases: {}}}", of("Pot"), of("Pot"), of("Base")),
        &format!("components: {{schemas: {{{base}, {pot}}}}}"),
    ));
    imported.has("api.yaml", "Pot:\nlike: Base\nfields:\nsize?: integer");
}

#[test]
fn records_with_all_fields_of_another_one_are_like_it() {
    let fields: Vec<String> = (1..=6).map(|it| format!("f{it}: {{type: string}}")).collect();
    let record = |more: &str| format!("{{type: object, properties: {{{}{more}}}}}", fields.join(", "));
    let imported = import(&with_body(
        "{type: object, properties: {a: {$ref: '#/components/schemas/Pot'}, b: {$ref: '#/components/schemas/Kettle'}, \
         c: {$ref: '#/components/schemas/Pan'}}}",
        &format!(
            "{{schemas: {{Pot: {}, Kettle: {}, Pan: {}}}}}",
            record(""),
            record(""),
            record(", handle: {type: string}")
        ),
    ));
    imported.has("pots.yaml", "Kettle:\nlike: Pot\n");
    imported.has("pots.yaml", "Pan:\nlike: Pot\nfields:\nhandle?: string");
    assert_eq!(imported.report.counts.operations.exact, 1);
}

#[test]
fn schemas_that_are_called_as_statuses_are_errors() {
    let imported = import(&with_body(
        "{type: object, properties: {a: {$ref: '#/components/schemas/404'}}}",
        "{schemas: {'404': {type: object, properties: {b: {type: string}}}}}",
    ));
    imported.has("pots.yaml", "a: Error404");
}
