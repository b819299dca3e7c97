//! What schemas become.

use super::{import, with_body};

#[test]
fn scalars_have_the_words_of_the_language() {
    for (schema, written) in [
        ("{type: string}", "a: string"),
        ("{type: integer, minimum: 1}", "a: {type: integer, minimum: 1}"),
        ("{type: string, format: date-time}", "a: date-time"),
        ("{type: string, format: byte}", "a: base64"),
        ("{type: string, format: password}", "a: {secret: true}"),
        ("{type: [string, 'null']}", "a: {nullable: true}"),
        ("{type: [string, integer]}", "a: string | integer"),
        (
            "{type: array, items: {type: string, maxLength: 5}, maxItems: 3}",
            "a: {type: [string], max_items: 3, items: {max_length: 5}}",
        ),
        ("{type: object, additionalProperties: {type: integer}}", "a: map<integer>"),
        ("{enum: [green, black]}", "a: {enum: [green, black]}"),
        ("{type: string, const: green}", "a: {const: green}"),
        ("{type: array, items: {type: [string, 'null']}}", "a: \"[string?]\""),
        ("{}", "a: json"),
        ("{anyOf: [{type: string}, {type: string, enum: [green]}]}", "a: {enum: [green], open: true}"),
        ("{type: number, exclusiveMinimum: 0}", "a: {type: number, exclusive_minimum: 0}"),
    ] {
        let imported = import(&with_body(&format!("{{type: object, properties: {{a: {schema}}}}}"), ""));
        imported.has("pots.yaml", written);
        assert_eq!(imported.report.counts.operations.exact, 1, "{schema}");
    }
}

#[test]
fn objects_become_types_named_after_their_place() {
    let imported = import(&with_body(
        "{type: object, properties: {lid: {type: object, properties: {size: {type: integer}}}}}",
        "",
    ));
    imported.has("pots.yaml", "lid: PotBrewLid");
    imported.has("pots.yaml", "PotBrewLid:\nfields:\nsize?: integer");
}

#[test]
fn all_of_is_inheritance() {
    let components = "{schemas: {Base: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}, \
                      More: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {size: {type: integer}}}]}}}";
    let body =
        "{type: object, properties: {a: {$ref: '#/components/schemas/Base'}, b: {$ref: '#/components/schemas/More'}}}";
    let imported = import(&with_body(body, components));
    imported.has("pots.yaml", "More:\nlike: Base\nfields:\nsize?: integer");
}

#[test]
fn a_discriminator_is_a_tag() {
    let components = "{schemas: {\
        Part: {oneOf: [{$ref: '#/components/schemas/Text'}, {$ref: '#/components/schemas/Image'}], discriminator: {propertyName: type}}, \
        Text: {type: object, required: [type, text], properties: {type: {type: string, enum: [text]}, text: {type: string}}}, \
        Image: {type: object, required: [type, url], properties: {type: {type: string, enum: [image]}, url: {type: string}}}}}";
    let imported =
        import(&with_body("{type: object, properties: {part: {$ref: '#/components/schemas/Part'}}}", components));
    imported.has("pots.yaml", "Part:\ntag: type\none_of: {text: Text, image: Image}");
    imported.has("pots.yaml", "Text:\nfields:\ntext: string");
}

#[test]
fn a_union_that_cannot_be_told_apart_is_told() {
    let schema = "{type: object, properties: {a: {oneOf: [\
                  {type: object, properties: {x: {type: string}}}, {type: object, properties: {y: {type: string}}}]}}}";
    let imported = import(&with_body(schema, ""));
    assert_eq!(imported.finding("ambiguous-union").place.pointer.rsplit('/').next(), Some("a"));
    assert_eq!(imported.report.counts.operations.approximated, 1);
    imported.has("pots.yaml", "a: json");
}

#[test]
fn equal_objects_are_one_type() {
    let lid = "{type: object, properties: {size: {type: integer}}}";
    let imported = import(&with_body(&format!("{{type: object, properties: {{a: {lid}, b: {lid}}}}}"), ""));
    assert_eq!(imported.file("pots.yaml").matches("fields:").count(), 1);
}

#[test]
fn a_choice_of_required_properties_is_a_rule() {
    let schema =
        "{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}";
    import(&with_body(schema, "")).has("pots.yaml", "rules:\n- {exactly_one_of: [a, b]}");
}
