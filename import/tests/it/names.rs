//! Names of resources, operations and types.

use super::{import, with_body, with_paths};

#[test]
fn a_tag_that_says_api_is_called_without_it() {
    let get = "{get: {tags: [Pot API], responses: {'204': {description: Done}}}}";
    import(&with_paths(&format!("{{/pots: {get}}}"), "")).has("pot.yaml", "resource: pot");
}

#[test]
fn the_only_member_of_its_kind_is_called_as_the_whole() {
    let of = |other: &str| {
        format!(
            "{{type: object, properties: {{lids: {{oneOf: [{other}, {{type: array, items: {{type: object, \
             properties: {{size: {{type: integer}}}}}}}}]}}}}}}"
        )
    };
    let alone = import(&with_body(&of("{type: number}"), ""));
    alone.has("pots.yaml", "lids: number | [PotBrewLid]");
    let two = import(&with_body(&of("{type: object, properties: {a: {type: string}}}"), ""));
    two.has("pots.yaml", "PotBrewLidsOption1");
}

#[test]
fn ids_lose_the_words_of_their_resource() {
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&with_paths(
        &format!(
            "{{/pets: {{get: {{tags: [pets], operationId: listPets, {ok}}}, post: {{tags: [pets], operationId: createPet, {ok}}}}}, \
             '/pets/{{id}}': {{get: {{tags: [pets], operationId: getPetById, parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}], {ok}}}}}}}"
        ),
        "",
    ));
    for name in ["list:", "create:", "get:"] {
        imported.has("pets.yaml", name);
    }
}

#[test]
fn without_ids_names_come_from_paths() {
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&with_paths(
        &format!(
            "{{/v1/pots: {{get: {{{ok}}}, post: {{{ok}}}}}, '/v1/pots/{{id}}': {{get: {{{ok}}}, delete: {{{ok}}}}}, \
             '/v1/pots/{{id}}/lids': {{get: {{{ok}}}}}}}"
        ),
        "",
    ));
    for name in ["list:\nget: /v1/pots\n", "create:", "get:", "delete:", "list_lids:"] {
        imported.has("pots.yaml", name);
    }
}

#[test]
fn names_that_are_one_in_rust_get_another() {
    let imported = import(&with_paths(
        "{/pots: {get: {tags: [pots], parameters: [{name: fooBar, in: query, schema: {type: string}}, \
         {name: foo_bar, in: query, schema: {type: string}}], responses: {'200': {description: Ok, content: {application/json: \
         {schema: {type: object, properties: {kind: {type: string, enum: [A, a, Other]}}}}}}}}}}",
        "",
    ));
    imported.has("pots.yaml", "foo_bar: {rust: foo_bar_2}");
}

#[test]
fn one_name_in_two_places_gets_an_alias() {
    let imported = import(&with_paths(
        "{'/pots/{id}': {put: {tags: [pots], parameters: [{name: id, in: path, required: true, schema: {type: string}}], \
         requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}, \
         responses: {'204': {description: Done}}}}}",
        "",
    ));
    imported.has("pots.yaml", "id: {alias: body_id}");
}

#[test]
fn long_ids_lose_what_their_paths_say() {
    let id = "get_snapshot_from_recording__camera_name__recordings__frame_time__snapshot__format__get";
    let path = "/{camera_name}/recordings/{frame_time}/snapshot.{format}";
    let imported = import(&with_paths(
        &format!(
            "{{'{path}': {{get: {{tags: [media], operationId: {id}, responses: {{'204': {{description: Done}}}}}}}}}}"
        ),
        "",
    ));
    imported.has("media.yaml", "get_snapshot_from_recording:");
}

#[test]
fn a_verb_at_the_end_of_a_path_is_a_name() {
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&with_paths(
        &format!(
            "{{'/hooks/{{id}}/ping': {{post: {{tags: [hooks], summary: Pings a hook, {ok}}}}}, \
             '/hooks/{{id}}/avatar': {{post: {{tags: [hooks], summary: Upload a picture, {ok}}}}}}}"
        ),
        "",
    ));
    imported.has("hooks.yaml", "ping:\npost: /hooks/{id}/ping");
    imported.has("hooks.yaml", "create_avatar:");
}

#[test]
fn an_id_that_only_repeats_the_path_is_no_name() {
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&with_paths(
        &format!(
            "{{/v1/pots: {{get: {{operationId: GetPots, {ok}}}, post: {{operationId: PostPots, {ok}}}}}, \
             '/v1/pots/{{pot}}': {{post: {{operationId: PostPotsPot, {ok}}}}}, \
             '/v1/pots/{{pot}}/lids/{{lid}}': {{get: {{operationId: GetPotsPotLidsLid, {ok}}}}}, \
             '/v1/pots/{{pot}}/lids/{{lid}}/close': {{post: {{operationId: PostPotsPotLidsLidClose, {ok}}}}}, \
             '/v1/pots/{{pot}}/cancel': {{post: {{operationId: PostPotsPotCancel, {ok}}}}}}}"
        ),
        "",
    ));
    for name in ["list:", "create:", "update:", "get_lid:", "close_lid:", "cancel:"] {
        imported.has("pots.yaml", name);
    }
}

#[test]
fn what_belongs_to_another_resource_is_for_it() {
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&with_paths(
        &format!(
            "{{/lids: {{get: {{tags: [lids], {ok}}}}}, '/pots/{{pot}}/lids': {{get: {{tags: [lids], {ok}}}, \
             post: {{tags: [lids], {ok}}}}}}}"
        ),
        "",
    ));
    for name in ["list:", "list_for_pot:", "create_for_pot:"] {
        imported.has("lids.yaml", name);
    }
}

#[test]
fn words_that_all_names_end_with_go() {
    let ok = "responses: {'204': {description: Done}}";
    let of = |id: &str| format!("{{tags: [Pots], operationId: {id}, {ok}}}");
    let imported = import(&with_paths(
        &format!(
            "{{/pots: {{get: {}, post: {}, delete: {}}}}}",
            of("listSpecialPots"),
            of("createSpecialPot"),
            of("deleteSpecialPots")
        ),
        "",
    ));
    for name in ["list:", "create:", "delete:"] {
        imported.has("pots.yaml", name);
    }
}

#[test]
fn a_tag_with_its_short_form_is_called_so() {
    let get = "{get: {tags: ['Cross-Site Tea (CST)'], responses: {'204': {description: Done}}}}";
    import(&with_paths(&format!("{{/pots: {get}}}"), "")).has("cst.yaml", "title: Cross-Site Tea (CST)");
}

#[test]
fn a_response_of_the_components_names_its_type() {
    let paths =
        "{/pots: {get: {responses: {'204': {description: Done}, '409': {$ref: '#/components/responses/Taken'}}}}}";
    let taken =
        "{description: Taken, content: {application/json: {schema: {type: object, properties: {by: {type: string}}}}}}";
    let imported = import(&with_paths(paths, &format!("components: {{responses: {{Taken: {taken}}}}}")));
    imported.has("api.yaml", "Taken:\nfields:\nby?: string");
}

#[test]
fn what_unsets_a_value_is_empty() {
    let imported = import(&with_body(
        "{type: object, properties: {lid: {anyOf: [{type: object, properties: {size: {type: integer}}}, \
         {type: string, enum: ['']}]}}}",
        "",
    ));
    imported.has("pots.yaml", "PotBrewLidObject:\nfields:\nsize?: integer");
    imported.has("pots.yaml", "PotBrewLid:\none_of: [PotBrewLidObject, Empty]");
}

#[test]
fn the_empty_text_beside_any_text_is_any_text() {
    let imported = import(&with_body(
        "{type: object, properties: {lid: {anyOf: [{type: string}, {type: string, enum: ['']}]}}}",
        "",
    ));
    imported.has("pots.yaml", "lid: string");
    assert_eq!(imported.report.counts.operations.exact, 1);
}

#[test]
fn members_are_called_after_their_tags() {
    let of = |tag: &str| {
        format!(
            "{{type: object, required: [kind], properties: {{kind: {{const: {tag}}}, {tag}_size: {{type: integer}}}}}}"
        )
    };
    let imported = import(&with_body(
        &format!("{{type: object, properties: {{tea: {{oneOf: [{}, {}]}}}}}}", of("green"), of("black")),
        "",
    ));
    imported.has("pots.yaml", "one_of: {green: PotBrewTeaGreen, black: PotBrewTeaBlack}");
}

#[test]
fn what_brings_all_is_a_list_and_what_deletes_one_is_delete() {
    let ok = "responses: {'204': {description: Done}}";
    let one = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]";
    let imported = import(&with_paths(
        &format!(
            "{{/pots: {{get: {{tags: [pots], operationId: getPots, {ok}}}, delete: {{tags: [pots], operationId: deletePots, {ok}}}}}, \
             '/pots/{{id}}': {{get: {{tags: [pots], operationId: pot_pots__id__get, {one}, {ok}}}, \
             delete: {{tags: [pots], operationId: deletePot, {one}, {ok}}}}}}}"
        ),
        "",
    ));
    imported.has("pots.yaml", "list:\nget: /pots\n");
    imported.has("pots.yaml", "get:\nget: /pots/{id}\n");
    imported.has("pots.yaml", "delete:\ndelete: /pots/{id}\n");
    imported.has("pots.yaml", "delete_pots:\ndelete: /pots\n");
}
