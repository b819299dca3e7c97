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
        ("{type: object, enum: [{}]}", "a: {type: map<json>, max_properties: 0}"),
        (
            "{type: object, additionalProperties: {type: object, enum: [{}]}}",
            "a: {type: map<map<json>>, items: {max_properties: 0}}",
        ),
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
fn a_union_that_cannot_be_told_apart_keeps_the_json() {
    for (members, written) in [
        (
            "{type: object, properties: {x: {type: string}}}, {type: object, properties: {y: {type: string}}}",
            "[PotBrewAOption1, PotBrewAOption2]",
        ),
        (
            "{type: object, properties: {x: {type: string}}}, {type: object, additionalProperties: {type: integer}}",
            "[PotBrewAOption1, map<integer>]",
        ),
        (
            "{type: array, items: {type: string}}, {type: array, items: {type: integer}}",
            "[\"[string]\", \"[integer]\"]",
        ),
    ] {
        // What two members of a `oneOf` accept, it refuses, and an `any_of` does not.
        for (keyword, word) in [("anyOf", "any_of"), ("oneOf", "one_of")] {
            let schema = format!("{{type: object, properties: {{a: {{{keyword}: [{members}]}}}}}}");
            let imported = import(&with_body(&schema, ""));
            assert_eq!(imported.report.counts.operations.exact, 1, "{schema}");
            imported.has("pots.yaml", &format!("{word}: {written}"));
        }
    }
}

#[test]
fn texts_and_numbers_that_several_members_accept_are_accepted() {
    let (some, whole) = ((0, "overlapping-union"), (1, "member-never-sent"));
    for (members, (exact, finding)) in [
        ("{type: string, enum: [a, b]}, {type: string, enum: [b, c]}", some),
        ("{type: string, maxLength: 3}, {type: string, pattern: '^a'}", some),
        ("{type: string}, {}", whole),
        // Nobody can mean that all values of a member are refused.
        ("{type: string}, {type: string, enum: [a]}", whole),
        ("{type: string, pattern: '^a'}, {type: string, enum: [a, ab]}", whole),
        ("{type: integer}, {type: string, format: uuid}, {type: string}", whole),
        ("{type: integer}, {type: number}", whole),
    ] {
        let imported = |keyword: &str| {
            import(&with_body(&format!("{{type: object, properties: {{a: {{{keyword}: [{members}]}}}}}}"), ""))
        };
        assert_eq!(imported("anyOf").report.counts.operations.exact, 1, "{members}");
        let one_of = imported("oneOf");
        assert_eq!(one_of.report.counts.operations.exact, exact, "{members}");
        one_of.finding(finding);
    }
    // No text is of both.
    exact("{oneOf: [{type: string, format: uuid}, {type: string, pattern: '^[a-z]{1,9}$'}]}", "a: ");
}

/// A field with this schema is exact, and the spec has some lines.
#[track_caller]
fn exact(schema: &str, written: &str) {
    let imported = import(&with_body(&format!("{{type: object, properties: {{a: {schema}}}}}"), ""));
    assert_eq!(imported.report.counts.operations.exact, 1, "{schema}: {:#?}", imported.report.findings);
    imported.has("pots.yaml", written);
}

#[test]
fn what_limits_values_is_carried() {
    exact("{type: integer, format: int32}", "a: int32");
    exact("{type: integer, format: uint64, minimum: 0}", "a: uint64");
    exact(
        "{type: integer, format: uint64, maximum: 9223372036854775808}",
        "a: {type: uint64, maximum: 9223372036854775808}",
    );
    exact("{type: integer, minimum: 0, maximum: 18446744073709551615}", "a: uint64");
    exact(
        "{type: integer, format: uint64, default: 18446744073709551615}",
        "a: {type: uint64, default: 18446744073709551615}",
    );
    exact(
        "{type: object, properties: {b: {type: string}}, additionalProperties: {type: integer}}",
        "fields:\nb?: string\nadditional_properties: integer",
    );
    exact(
        "{type: object, additionalProperties: {type: string}, propertyNames: {pattern: '^[a-z]+$'}}",
        "a: {type: map<string>, property_names: \"^[a-z]+$\"}",
    );
    exact(
        "{type: object, patternProperties: {'^x-': {type: string}}, additionalProperties: false}",
        "a: {type: map<string>, property_names: ^x-}",
    );
    exact(
        "{type: object, properties: {b: {type: string}, c: {type: string}}, minProperties: 1}",
        "rules:\n- {any_of: [b, c]}",
    );
    exact(
        "{type: object, properties: {b: {type: string}, c: {type: string}}, dependentRequired: {b: [c]}}",
        "rules:\n- {requires: {b: [c]}}",
    );
    exact("{type: string, not: {enum: [no-one]}}", "a: {not: {enum: [no-one]}}");
    exact("{type: string, not: {pattern: '^_'}}", "a: {not: {pattern: ^_}}");
    exact("{type: integer, not: {const: 13}}", "a: {type: integer, not: {enum: [13]}}");
    exact(
        "{type: string, allOf: [{not: {enum: [a]}}, {not: {enum: [no-one]}}]}",
        r#"a: {not: {enum: [a]}, pattern: "^(?!(?:no-one)$)"}"#,
    );
    exact("{enum: [auto, 5]}", "a: {type: PotBrewA | integer, enum: [5]}");
    exact(
        "{type: array, prefixItems: [{type: number}, {type: number}], maxItems: 2}",
        "a: {type: [number], max_items: 2}",
    );
    exact(
        "{type: array, prefixItems: [{type: string}, {type: [integer, 'null']}], items: false, minItems: 2}",
        r#"a: "[string, integer?]""#,
    );
}

#[test]
fn what_may_be_null_may_be_null_at_every_use() {
    let components = "{schemas: {Level: {type: [string, 'null'], enum: [low, high, null]}, \
                      Words: {anyOf: [{type: string}, {type: array, items: {type: string}}, {type: 'null'}]}}}";
    let body = "{type: object, properties: {a: {$ref: '#/components/schemas/Level'}, b: {$ref: '#/components/schemas/Level'}, \
                c: {$ref: '#/components/schemas/Words'}, d: {$ref: '#/components/schemas/Words'}}}";
    let imported = import(&with_body(body, components));
    for name in ["a", "b"] {
        imported.has("pots.yaml", &format!("{name}: {{type: Level, nullable: true}}"));
    }
    assert_eq!(imported.file("pots.yaml").matches("nullable: true").count(), 4, "{}", imported.file("pots.yaml"));
}

#[test]
fn texts_of_several_forms_are_one_pattern() {
    exact(
        "{anyOf: [{enum: [now]}, {type: string, pattern: '^[0-9]+$'}]}",
        r#"a: {enum: [now], open: true, pattern: "^(?:now)$|^[0-9]+$"}"#,
    );
    exact("{allOf: [{type: string, pattern: '^a'}, {pattern: 'b$'}]}", r#"a: {pattern: "^(?=a)[\\s\\S]*?(?:b$)"}"#);
}

#[test]
fn what_stands_beside_a_choice_holds_for_each_member() {
    exact(
        "{type: string, maxLength: 5, oneOf: [{pattern: '^a'}, {pattern: '^b'}]}",
        r#"a: {pattern: "^(?=[\\s\\S]{0,5}$)a|^(?=[\\s\\S]{0,5}$)b"}"#,
    );
}

#[test]
fn equal_objects_are_one_type() {
    let lid = "{type: object, properties: {size: {type: integer}}}";
    let imported = import(&with_body(&format!("{{type: object, properties: {{a: {lid}, b: {lid}}}}}"), ""));
    assert_eq!(imported.file("pots.yaml").matches("fields:").count(), 1);
}

#[test]
fn what_equal_objects_have_in_common_names_them() {
    let place = "{type: object, properties: {street: {type: string}, town: {type: string}}}";
    let links = "{type: object, properties: {related: {type: string}}}";
    let owner = |name: &str, part: &str, ty: &str| format!("{name}: {{type: object, properties: {{{part}: {ty}}}}}");
    let of = |parts: &[(&str, &str)], ty: &str| {
        let schemas: Vec<String> = parts.iter().map(|(name, part)| owner(name, part, ty)).collect();
        let used: Vec<String> =
            parts.iter().map(|(name, _)| format!("{name}: {{$ref: '#/components/schemas/{name}'}}")).collect();
        import(&with_body(
            &format!("{{type: object, properties: {{{}}}}}", used.join(", ")),
            &format!("{{schemas: {{{}}}}}", schemas.join(", ")),
        ))
    };
    // By the end of the names that it has.
    of(&[("Order", "billing_address"), ("Shop", "postal_address")], place)
        .has("pots.yaml", "billing_address?: Address");
    // By what has it too, where its own names say little.
    of(&[("PotRelations", "links"), ("LidRelations", "links")], links).has("pots.yaml", "links?: RelationsLinks");
    // By the name that most of them have.
    of(&[("Pot", "sender"), ("Lid", "sender"), ("Cup", "payer")], place).has("pots.yaml", "payer?: Sender");
    // By the first, where one thing has them all.
    let both = import(&with_body(&format!("{{type: object, properties: {{from: {place}, to: {place}}}}}"), ""));
    both.has("pots.yaml", "from: PotBrewFrom\nto: PotBrewFrom");
}

#[test]
fn a_choice_of_required_properties_is_a_rule() {
    let schema =
        "{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}";
    import(&with_body(schema, "")).has("pots.yaml", "rules:\n- {exactly_one_of: [a, b]}");
}

#[test]
fn each_use_of_a_union_with_null_allows_null() {
    let components =
        "{schemas: {Words: {oneOf: [{type: string}, {type: 'null'}, {type: array, items: {type: string}}]}}}";
    let schema = "{type: object, required: [c], properties: {a: {$ref: '#/components/schemas/Words'}, \
                  b: {$ref: '#/components/schemas/Words'}, c: {type: array, items: {$ref: '#/components/schemas/Words'}}}}";
    let imported = import(&with_body(schema, components));
    imported.has("pots.yaml", "a: {type: Words, nullable: true}\nb: {type: Words, nullable: true}");
    imported.has("pots.yaml", "c: {type: \"[Words?]\", required: true");
}

#[test]
fn a_record_that_only_others_extend_is_said_once() {
    let base =
        "{type: object, required: [id], properties: {id: {type: string}, name: {type: string}, size: {type: integer}}}";
    let child = |field: &str| {
        format!(
            "{{allOf: [{{$ref: '#/components/schemas/Base'}}, {{type: object, properties: {{{field}: {{type: string}}}}}}]}}"
        )
    };
    let components = format!("{{schemas: {{Cup: {}, Pot: {}, Base: {base}}}}}", child("handle"), child("lid"));
    let imported = import(&with_body(
        "{type: object, properties: {cup: {$ref: '#/components/schemas/Cup'}, pot: {$ref: '#/components/schemas/Pot'}}}",
        &components,
    ));
    imported.has("pots.yaml", "types:\nBase:\nfields:\nid: string\nname?: string\nsize?: integer\nCup:\nlike: Base");
    // One alone is written as a whole.
    let alone = import(&with_body("{$ref: '#/components/schemas/Cup'}", &components));
    assert!(!alone.file("pots.yaml").contains("like:"), "{}", alone.file("pots.yaml"));
}

#[test]
fn a_scalar_beside_one_record_is_written_in_place() {
    let imported = import(&with_body(
        "{type: object, properties: {pot: {description: What is brewed in., oneOf: [{type: string}, {$ref: '#/components/schemas/Pot'}]}}}",
        "{schemas: {Pot: {type: object, properties: {size: {type: integer}}}}}",
    ));
    imported.has("pots.yaml", "pot: {type: string | Pot, doc: What is brewed in.}");
    let counts = &imported.report.counts.operations;
    assert_eq!((counts.exact, counts.approximated), (1, 0));
}

/// Asserts that a schema with some components is imported exactly, and that the spec has some lines.
#[track_caller]
fn exact_with(schema: &str, components: &str, lines: &str) {
    let components = format!("{{schemas: {{{components}}}}}");
    let imported = import(&with_body(&format!("{{type: object, properties: {{a: {schema}}}}}"), &components));
    assert_eq!(imported.report.counts.operations.exact, 1, "{:#?}", imported.report.findings);
    imported.has("pots.yaml", lines);
}

/// A record with a constant `kind`, and more properties.
fn of_kind(name: &str, more: &str) -> String {
    format!(
        "{name}: {{type: object, required: [kind], properties: {{kind: {{enum: [{name}], type: string}}, {more}}}}}"
    )
}

#[test]
fn of_two_choices_only_what_some_value_has_is_left() {
    let components =
        [of_kind("cup", "a: {type: string}"), of_kind("pot", "b: {type: string}"), of_kind("lid", "")].join(", ");
    let of = |names: &[&str]| {
        let all: Vec<String> = names.iter().map(|it| format!("{{$ref: '#/components/schemas/{it}'}}")).collect();
        format!("{{oneOf: [{}]}}", all.join(", "))
    };
    exact_with(
        &format!("{{allOf: [{}, {}]}}", of(&["cup", "pot", "lid"]), of(&["pot", "cup"])),
        &components,
        "tag: kind\none_of: {cup: Cup, pot: Pot}",
    );
    // What is said beside a choice may be one of its members.
    let cups = format!("{components}, Any: {}", of(&["cup", "pot", "lid"]));
    exact_with("{allOf: [{$ref: '#/components/schemas/Any'}, {$ref: '#/components/schemas/cup'}]}", &cups, "a: Cup");
}

#[test]
fn a_choice_in_a_choice_is_exact_where_no_value_is_of_two_members_of_it() {
    let closed = |name: &str, field: &str| {
        format!("{name}: {{type: object, required: [{field}], properties: {{{field}: {{type: string}}}}}}")
    };
    let open = "Open: {type: object, properties: {x: {type: string}}, additionalProperties: true}";
    let inner = "Inner: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}";
    let members = "{oneOf: [{$ref: '#/components/schemas/Inner'}, {$ref: '#/components/schemas/Open'}]}";
    let components = [&closed("A", "a"), &closed("B", "b"), open, inner].map(|it| it.to_owned()).join(", ");
    exact_with(members, &components, "one_of: [AType, BType, Open]");
    let of_c = "C: {type: object, properties: {b: {type: string}}}";
    let inner = inner.replace("/A'", "/C'");
    let components = [of_c, &closed("B", "b"), open, &inner].map(str::to_owned).join(", ");
    let imported = import(&with_body(
        &format!("{{type: object, properties: {{a: {members}}}}}"),
        &format!("{{schemas: {{{components}}}}}"),
    ));
    imported.finding("overlapping-union");
    imported.has("pots.yaml", "any_of: [CType, BType, Open]");
}

#[test]
fn a_map_may_contain_itself() {
    exact_with(
        "{$ref: '#/components/schemas/Any'}",
        "Any: {type: object, additionalProperties: {oneOf: [{type: string}, {$ref: '#/components/schemas/Any'}]}}",
        "Any:\nfields: {}\nadditional_properties: string | Any",
    );
}

#[test]
fn a_member_whose_name_rust_needs_has_another_one() {
    exact_with(
        "{oneOf: [{$ref: '#/components/schemas/other'}, {$ref: '#/components/schemas/pot'}]}",
        &[of_kind("other", "a: {type: string}"), of_kind("pot", "b: {type: string}")].join(", "),
        "other: {type: Other, rust: Other2}",
    );
}

#[test]
fn as_many_fields_as_there_are_are_required() {
    exact_with(
        "{type: object, minProperties: 1, properties: {size: {type: integer}}}",
        "",
        "PotBrewA:\nfields:\nsize: integer",
    );
}

#[test]
fn what_all_members_of_a_choice_require_is_required() {
    let imported = import(&with_body(
        "{type: object, properties: {a: {type: string}, b: {type: string}, c: {type: string}}, \
         oneOf: [{required: [a, b]}, {required: [a, c]}]}",
        "",
    ));
    assert_eq!(imported.report.counts.operations.exact, 1);
    imported.has("pots.yaml", "a: {type: string, required: true}");
    imported.has("pots.yaml", "exactly_one_of: [b, c]");
}

#[test]
fn tags_may_be_numbers_and_truth_values() {
    let member = |name: &str, tag: &str| {
        format!(
            "{name}: {{type: object, required: [kind, {name}], properties: {{kind: {{enum: [{tag}]}}, {name}: {{type: string}}}}}}"
        )
    };
    for (first, second, written) in [("1", "2", "{1: Lid, 2: Pot}"), ("true", "false", "{true: Lid, false: Pot}")] {
        let schemas = format!("{{schemas: {{{}, {}}}}}", member("Lid", first), member("Pot", second));
        let either = "{oneOf: [{$ref: '#/components/schemas/Lid'}, {$ref: '#/components/schemas/Pot'}]}";
        let body = format!("{{type: object, properties: {{a: {either}}}}}");
        let imported = import(&with_body(&body, &schemas));
        imported.has("pots.yaml", &format!("tag: kind\none_of: {written}"));
        imported.has("pots.yaml", "Lid:\nfields:\nLid: string");
    }
}

#[test]
fn an_enum_of_objects_is_a_record() {
    let imported = import(&super::with_paths(
        "{/pots: {get: {operationId: getPots, tags: [pots], responses: {'200': {description: ok, content: {application/json: {schema: \
         {$ref: '#/components/schemas/Size'}}}}}}}}",
        "components: {schemas: {Size: {enum: [{id: 1, name: small}, {id: 2, name: large, note: null}]}}}",
    ));
    assert_eq!(imported.report.counts.operations.exact, 1, "{:#?}", imported.report.findings);
    imported.has("pots.yaml", "id: {type: integer, enum: [1, 2]}");
    imported.has("pots.yaml", "name: {enum: [small, large]}");
}

#[test]
fn a_discriminator_that_tells_nothing_apart_is_not_required() {
    let member = |name: &str, field: &str, required: &str| {
        format!(
            "{name}: {{type: object, required: [{required}], properties: {{kind: {{enum: [pot], type: string}}, {field}: {{type: string}}}}}}"
        )
    };
    let components = [member("Easy", "a", "a"), member("Hard", "b", "kind, b")].join(", ");
    let imported = import(&with_body(
        "{type: object, properties: {a: {oneOf: [{$ref: '#/components/schemas/Easy'}, {$ref: '#/components/schemas/Hard'}], \
         discriminator: {propertyName: kind}}}}",
        &format!("{{schemas: {{{components}}}}}"),
    ));
    imported.has("pots.yaml", "kind?: {const: pot}");
}

#[test]
fn a_record_that_stands_alone_has_no_discriminator_that_it_does_not_list() {
    let member =
        |name: &str, field: &str| format!("{name}: {{type: object, properties: {{{field}: {{type: string}}}}}}");
    let components = [member("Cup", "a"), member("Pot", "b")].join(", ");
    let union = "{oneOf: [{$ref: '#/components/schemas/Cup'}, {$ref: '#/components/schemas/Pot'}], \
                 discriminator: {propertyName: kind}}";
    let of = |more: &str| {
        let schema = format!("{{type: object, properties: {{any: {union}{more}}}}}");
        import(&with_body(&schema, &format!("{{schemas: {{{components}}}}}")))
    };
    of("").has("pots.yaml", "tag: kind\none_of: {Cup: Cup, Pot: Pot}");
    let alone = of(", cup: {$ref: '#/components/schemas/Cup'}");
    alone.has("pots.yaml", "Cup:\nfields:\na?: string");
    assert_eq!(alone.report.counts.operations.exact, 1);
}
