//! Importing again: what the document changed, what was written by hand, and what both did.

use std::collections::BTreeMap;

use specwright_codegen::diagnostics::Severity;
use specwright_codegen::pipeline;
use specwright_import::plan::Options;
use specwright_import::update::{self, ToldKind, Update};
use specwright_import::{Outcome, import};

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: Tea, version: '1'}\nservers: [{url: 'https://tea.example.com'}]\n";

/// A document: operations of one tag, and schemas.
fn document(paths: &str, schemas: &str) -> String {
    format!("{HEAD}paths:\n{paths}components:\n  schemas:\n    Unused: {{type: string}}\n{schemas}")
}

const LIST: &str = "  /pots:\n    get:\n      operationId: listPots\n      tags: [pots]\n      summary: Lists pots.\n      parameters:\n      \
    - {name: limit, in: query, schema: {type: integer, maximum: 100}}\n      \
    - {name: colour, in: query, schema: {type: string, enum: [red, blue]}}\n      \
    responses: {'200': {description: Ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pot'}}}}}\n";
const BREW: &str = "    post:\n      operationId: brew\n      tags: [pots]\n      summary: Brews.\n      requestBody:\n        required: true\n        content:\n          \
    application/json:\n            schema:\n              type: object\n              properties:\n                \
    leaf: {type: string, description: Which leaf.}\n                strength: {type: integer, minimum: 1, maximum: 5}\n                \
    pot: {$ref: '#/components/schemas/Pot'}\n      responses: {'204': {description: Done}}\n";
const POT: &str = "    Pot:\n      type: object\n      required: [id]\n      properties:\n        id: {type: string}\n        \
    size: {type: integer, description: In cups.}\n        lid: {type: boolean}\n";

fn base() -> String {
    document(&format!("{LIST}{BREW}"), POT)
}

fn imported(text: &str) -> Outcome {
    let options = Options { api: Some("tea".to_owned()), ..Options::default() };
    import("tea.yaml", text.to_owned(), &|_| Err(String::new()), &options)
}

/// A spec that was imported, with what a person changed in its files, after another import.
struct Updated {
    files: BTreeMap<String, String>,
    update: Update,
    record: String,
}

#[track_caller]
fn updated_with(before: &str, edit: impl Fn(&str, &str) -> String, after: &str, with_record: bool) -> Updated {
    let first = imported(before);
    let record = update::record(&first.files, &[]);
    let edited: Vec<(String, String)> =
        first.files.iter().map(|(name, text)| (name.clone(), edit(name, text))).collect();
    let outcome = imported(after);
    let given = with_record.then_some(record.as_str());
    let update = match update::update("tea", &edited, given, &outcome, &[]) {
        Ok(update) => update,
        Err(refusal) => panic!("{refusal:#?}\n{edited:#?}"),
    };
    let mut files: BTreeMap<String, String> = edited.into_iter().collect();
    for (name, text) in &update.files {
        match text {
            Some(text) => files.insert(name.clone(), text.clone()),
            None => files.remove(name),
        };
    }
    let compiled = pipeline::lint_texts("tea", files.clone());
    assert_eq!(compiled.count(Severity::Error), 0, "{:#?}", compiled.diagnostics);
    // A second time, nothing is left to do, and nothing to tell.
    let again: Vec<(String, String)> = files.clone().into_iter().collect();
    let twice = update::update("tea", &again, Some(&update.record), &outcome, &[]).expect("it was taken once");
    assert!(twice.files.is_empty(), "{:#?}\n{files:#?}", twice.files);
    assert!(twice.left.is_empty(), "{:#?}", twice.left);
    Updated { record: update.record.clone(), files, update }
}

#[track_caller]
fn updated(before: &str, edits: &[(&str, &str)], after: &str) -> Updated {
    let edit = |_: &str, text: &str| edits.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let found = imported(before).files;
    for (from, _) in edits {
        assert!(found.iter().any(|it| it.1.contains(from)), "nothing has `{from}`: {found:#?}");
    }
    updated_with(before, edit, after, true)
}

impl Updated {
    #[track_caller]
    fn has(&self, name: &str, piece: &str) -> &Self {
        let text = self.files.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.files.keys()));
        assert!(text.contains(piece), "{name} has not\n{piece}\nbut is\n{text}");
        self
    }

    #[track_caller]
    fn has_not(&self, name: &str, piece: &str) -> &Self {
        let text = self.files.get(name).map_or("", String::as_str);
        assert!(!text.contains(piece), "{name} has\n{piece}\nand is\n{text}");
        self
    }

    #[track_caller]
    fn left(&self, expected: &[(ToldKind, &str)]) -> &Self {
        let found: Vec<(ToldKind, &str)> = self.update.left.iter().map(|it| (it.kind, it.path.as_str())).collect();
        assert_eq!(found, expected, "{:#?}", self.files);
        self
    }
}

#[test]
fn the_same_document_changes_nothing() {
    let it = updated(&base(), &[], &base());
    assert!(it.update.files.is_empty(), "{:#?}", it.update.files);
    let edits = [("Lists pots.", "All pots."), ("operations:\n", "operations:\n  # Mine.\n"), ("list:", "all:")];
    let it = updated(&base(), &edits, &base());
    assert!(it.update.files.is_empty(), "{:#?}", it.update.files);
    assert_eq!(it.record, update::record(&imported(&base()).files, &[]));
}

#[test]
fn an_added_operation_is_added() {
    let more = "    delete:\n      operationId: smashPots\n      tags: [pots]\n      summary: Smashes.\n      responses: {'204': {description: Done}}\n";
    let it = updated(&base(), &[("Lists pots.", "All pots.")], &document(&format!("{LIST}{BREW}{more}"), POT));
    it.has("pots.yaml", "\n\n  smash:\n    delete: /pots\n    summary: Smashes.\n    response: none\n")
        .has("pots.yaml", "All pots.");
    it.left(&[]);
}

#[test]
fn a_resource_and_its_types_are_added_and_removed() {
    let more = "  /cups:\n    get:\n      operationId: listCups\n      tags: [cups]\n      responses: {'200': {description: Ok, content: \
                {application/json: {schema: {$ref: '#/components/schemas/Cup'}}}}}\n";
    let cup = "    Cup: {type: object, properties: {handle: {type: boolean}}}\n";
    let larger = document(&format!("{LIST}{BREW}{more}"), &format!("{POT}{cup}"));
    updated(&base(), &[], &larger).has("cups.yaml", "resource: cups").has("cups.yaml", "Cup:");
    let it = updated(&larger, &[], &base());
    assert!(!it.files.contains_key("cups.yaml"), "{:#?}", it.files);
    it.left(&[]);
    let it = updated(&larger, &[("handle?: boolean", "handle?: boolean\n      spoon?: string")], &base());
    it.left(&[(ToldKind::Gone, "operations.list"), (ToldKind::Gone, "types.Cup")]);
}

#[test]
fn a_removed_parameter_goes_unless_it_was_changed() {
    let without = LIST.replace("      - {name: colour, in: query, schema: {type: string, enum: [red, blue]}}\n", "");
    let after = document(&format!("{without}{BREW}"), POT);
    updated(&base(), &[], &after).has_not("pots.yaml", "colour").left(&[]);
    let it = updated(&base(), &[("[red, blue]", "[red, blue, green]")], &after);
    it.has("pots.yaml", "[red, blue, green]").left(&[(ToldKind::Gone, "operations.list.query.colour")]);
}

#[test]
fn a_changed_limit_is_changed_beside_what_was_added() {
    let after = base().replace("maximum: 100", "maximum: 50");
    updated(&base(), &[], &after).has("pots.yaml", "maximum: 50").left(&[]);
    let case = "{type: integer, maximum: 100, cases: [{when: {colour: red}, maximum: 10}]}";
    let it = updated(&base(), &[("{type: integer, maximum: 100}", case)], &after);
    it.has("pots.yaml", "{type: integer, maximum: 50, cases: [{when: {colour: red}, maximum: 10}]}").left(&[]);
}

#[test]
fn rules_and_keys_that_import_never_writes_stay() {
    let edits = [(
        "summary: Brews.",
        "summary: Brews.\n    billed: true\n    rules:\n      # The server says so.\n      - any_of: [leaf, pot]",
    )];
    let after = base().replace("maximum: 5}", "maximum: 7}").replace("maximum: 100", "maximum: 50");
    let it = updated(&base(), &edits, &after);
    it.has("pots.yaml", "    billed: true\n    rules:\n      # The server says so.\n      - any_of: [leaf, pot]\n");
    it.has("pots.yaml", "maximum: 7").left(&[]);
}

#[test]
fn operations_that_were_renamed_or_moved_are_still_known() {
    let after = base().replace("maximum: 100", "maximum: 50").replace("summary: Brews.", "summary: Brews tea.");
    let it = updated(&base(), &[("  list:", "  all:"), ("  brew:", "  steep:")], &after);
    it.has("pots.yaml", "  all:\n    get: /pots").has("pots.yaml", "maximum: 50");
    it.has("pots.yaml", "  steep:\n    post: /pots\n    summary: Brews tea.").has_not("pots.yaml", "  brew:").left(&[]);
}

#[test]
fn types_that_were_renamed_are_still_known() {
    let after = base()
        .replace("lid: {type: boolean}", "lid: {type: boolean}\n        twin: {$ref: '#/components/schemas/Pot'}");
    let it = updated(&base(), &[("Pot", "Kettle")], &after);
    it.has("pots.yaml", "  Kettle:").has("pots.yaml", "twin?: Kettle").has_not("pots.yaml", "Pot:").left(&[]);
}

#[test]
fn own_words_stay() {
    let after = base().replace(
        "size: {type: integer, description: In cups.}",
        "size: {type: integer, minimum: 1, description: In cups.}",
    );
    let it = updated(&base(), &[("In cups.", "How many cups it takes.")], &after);
    it.has("pots.yaml", "size?: {type: integer, minimum: 1, doc: How many cups it takes.}");
    it.left(&[]);
    let after = base().replace("In cups.", "In large cups.");
    updated(&base(), &[("Lists pots.", "All pots.")], &after).has("pots.yaml", "In large cups.").left(&[]);
}

#[test]
fn what_both_changed_is_told_and_stays() {
    let after = base().replace("maximum: 100", "maximum: 50").replace("In cups.", "In mugs.");
    let it = updated(&base(), &[("maximum: 100", "maximum: 20"), ("In cups.", "In litres.")], &after);
    it.has("pots.yaml", "maximum: 20").has("pots.yaml", "In litres.");
    it.left(&[
        (ToldKind::Conflict, "operations.list.query.limit.maximum"),
        (ToldKind::Conflict, "types.Pot.fields.size.doc"),
    ]);
    let first = &it.update.left[0];
    assert_eq!((first.is.as_str(), first.wanted.as_str()), ("20", "50"));
    let place = first.document.as_ref().map(|it| it.pointer.as_str());
    assert_eq!(place, Some("/paths/~1pots/get"));
    let (file, line, _) = first.spec.clone().expect("it has a place");
    let text = it.files[&file].lines().nth(line as usize - 1).unwrap_or_default().to_owned();
    assert!(text.contains("maximum: 20"), "{text}");
}

#[test]
fn comments_and_order_stay() {
    let edits = [
        (
            "    fields:\n      id: string\n",
            "    # About pots.\n    fields:\n      # The first.\n      lid?: boolean # or not\n      id: string\n",
        ),
        ("\n      lid?: boolean\n", "\n"),
    ];
    let after = base()
        .replace("size: {type: integer, description: In cups.}", "size: {type: number}\n        age: {type: integer}");
    let it = updated(&base(), &edits, &after);
    it.has(
        "pots.yaml",
        "    # About pots.\n    fields:\n      # The first.\n      lid?: boolean # or not\n      id: string\n      size?: number\n      age?: integer\n",
    );
    it.left(&[]);
}

#[test]
fn what_is_required_changes() {
    let after = base().replace("required: [id]", "required: [size]");
    let it = updated(&base(), &[("In cups.", "Cups.")], &after);
    it.has("pots.yaml", "id?: string").has("pots.yaml", "size: {type: integer, doc: Cups.}").left(&[]);
}

#[test]
fn values_of_enums_come_and_go() {
    let after = base().replace("[red, blue]", "[blue, green]");
    let it = updated(&base(), &[("[red, blue]", "{red: Hot., blue: Cold.}")], &after);
    it.has("pots.yaml", "blue: Cold., green: {}").left(&[(ToldKind::Gone, "operations.list.query.colour.enum.red")]);
    updated(&base(), &[], &after).has("pots.yaml", "enum: [blue, green]").left(&[]);
}

#[test]
fn short_forms_become_long_ones() {
    let after = base().replace("id: {type: string}", "id: {type: string, minLength: 3, description: Its name.}");
    updated(&base(), &[("  list:", "  all:")], &after)
        .has("pots.yaml", "id: {min_length: 3, doc: Its name.}")
        .left(&[]);
    let after = base().replace("id: {type: string}", "id: {type: integer}");
    let it = updated(&base(), &[("      id: string", "      id: {doc: Mine.}")], &after);
    it.has("pots.yaml", "id: {type: integer, doc: Mine.}").left(&[]);
}

#[test]
fn what_was_removed_by_hand_stays_away() {
    let it = updated(&base(), &[("      lid?: boolean\n", "")], &base().replace("maximum: 100", "maximum: 50"));
    it.has_not("pots.yaml", "lid").left(&[]);
    let it = updated(
        &base(),
        &[("      lid?: boolean\n", "")],
        &base().replace("lid: {type: boolean}", "lid: {type: string}"),
    );
    it.has_not("pots.yaml", "lid").left(&[(ToldKind::Removed, "types.Pot.fields.lid")]);
}

#[test]
fn a_type_that_two_resources_use_moves_with_its_comments() {
    let more = "  /cups:\n    get:\n      operationId: listCups\n      tags: [cups]\n      responses: {'200': {description: Ok, content: \
                {application/json: {schema: {$ref: '#/components/schemas/Pot'}}}}}\n";
    let after = document(&format!("{LIST}{BREW}{more}"), POT);
    let it =
        updated(&base(), &[("    fields:\n      id: string", "    # Mine.\n    fields:\n      id: string")], &after);
    it.has("api.yaml", "types:\n  Pot:\n    # Mine.\n    fields:\n      id: string")
        .has_not("pots.yaml", "types:")
        .left(&[]);
}

#[test]
fn without_a_record_differences_are_told() {
    let after = base().replace("maximum: 100", "maximum: 50");
    let it = updated_with(&base(), |_, text| text.to_owned(), &after, false);
    assert!(!it.update.had_record);
    it.has("pots.yaml", "maximum: 100").left(&[(ToldKind::Differs, "operations.list.query.limit.maximum")]);
}

#[test]
fn what_does_not_compile_is_refused() {
    let first = imported(&base());
    let record = update::record(&first.files, &[]);
    let rule = "summary: Brews.\n    rules: [{any_of: [leaf, strength]}]";
    let edited: Vec<_> = first.files.iter().map(|it| (it.0.clone(), it.1.replace("summary: Brews.", rule))).collect();
    let gone = base().replace("                strength: {type: integer, minimum: 1, maximum: 5}\n", "");
    let refusal = update::update("tea", &edited, Some(&record), &imported(&gone), &[]);
    assert!(matches!(refusal, Err(update::Refusal::Result(..))), "{refusal:#?}");
    let refusal = update::update("tea", &edited, Some("nonsense"), &imported(&gone), &[]);
    assert!(matches!(refusal, Err(update::Refusal::Record(1))), "{refusal:#?}");
}

#[test]
fn long_words_stay_in_blocks() {
    let long = "Hot, as a kettle is that has stood on the fire for a while. ".repeat(3);
    let with = |words: &str| {
        let values = format!("[red, blue], x-enum-descriptions: {{red: '{words}', blue: Cold.}}");
        base().replace("[red, blue]", &values)
    };
    let it = updated(&with(&long), &[("Lists pots.", "All pots.")], &with(&format!("{long}Or warm.")));
    it.has("pots.yaml", "red: ").has("pots.yaml", "Or warm.").left(&[]);
}

#[test]
fn a_shared_parameter_stays_as_long_as_something_uses_it() {
    let get = |path: &str| {
        format!(
            "  {path}:\n    get:\n      tags: [pots]\n      summary: Gets {path}.\n      parameters: [{{$ref: '#/components/parameters/Limit'}}]\n      \
             responses: {{'204': {{description: Done}}}}\n"
        )
    };
    let more = "  parameters:\n    Limit: {name: limit, in: query, description: How many pots a page may have., schema: {type: integer, maximum: 9}}\n";
    let before = document(&format!("{}{}{}", get("/a"), get("/b"), get("/c")), "") + more;
    let after = document(&get("/a"), "") + more;
    updated(&before, &[], &after).has_not("pots.yaml", "use:").has_not("pots.yaml", "parameters:").left(&[]);
    let it = updated(&before, &[("Gets /b.", "Mine.")], &after);
    it.has("pots.yaml", "parameters:\n  limit:").has("pots.yaml", "{use: limit}");
    it.left(&[(ToldKind::Gone, "operations.get_b")]);
}

/// The document with another name for its type.
fn kettles() -> String {
    base().replace("schemas/Pot'", "schemas/Kettle'").replace("    Pot:\n", "    Kettle:\n")
}

#[test]
fn a_type_that_the_document_renamed_keeps_what_was_added() {
    let it = updated(&base(), &[("size?: {type: integer,", "size?: {type: integer, minimum: 1,")], &kettles());
    it.has("pots.yaml", "  Pot:\n").has("pots.yaml", "minimum: 1").has_not("pots.yaml", "Kettle").left(&[]);
    updated(&base(), &[], &kettles()).has("pots.yaml", "  Kettle:\n").has_not("pots.yaml", "Pot:").left(&[]);
}

#[test]
fn a_type_that_both_renamed_keeps_the_name_by_hand() {
    let it = updated(&base(), &[("Pot", "Teapot")], &kettles());
    it.has("pots.yaml", "  Teapot:\n").has_not("pots.yaml", "Kettle").left(&[]);
}

#[test]
fn an_operation_with_another_path_keeps_its_name_and_what_was_added() {
    let edits = [
        ("strength: {type: integer,", "strength: {type: integer, certainty: inferred,"),
        ("  brew:\n", "  make_tea:\n"),
    ];
    let it = updated(&base(), &edits, &base().replace("  /pots:\n", "  /v2/pots:\n"));
    it.has("pots.yaml", "  make_tea:\n    post: /v2/pots\n")
        .has("pots.yaml", "certainty: inferred")
        .has("pots.yaml", "  list:\n    get: /v2/pots\n")
        .has_not("pots.yaml", ": /pots")
        .left(&[]);
}

#[test]
fn an_operation_that_is_another_one_is_no_move() {
    let other = document(
        &format!(
            "{LIST}    delete:\n      operationId: brew\n      tags: [pots]\n      responses: {{'204': {{description: Done}}}}\n"
        ),
        POT,
    );
    let it =
        updated(&base(), &[("strength: {type: integer,", "strength: {type: integer, certainty: inferred,")], &other);
    it.left(&[(ToldKind::Gone, "operations.brew")]);
}

#[test]
fn what_has_a_comment_above_it_stays() {
    let without = base().replace("                strength: {type: integer, minimum: 1, maximum: 5}\n", "");
    let it = updated(&base(), &[("      strength:", "      # Of the tea.\n      strength:")], &without);
    it.has("pots.yaml", "      # Of the tea.\n      strength:")
        .left(&[(ToldKind::Gone, "operations.brew.body.strength")]);
}

#[test]
fn what_is_shared_now_keeps_its_comments() {
    let words = "description: Which leaves of which plant are put into the pot before the water comes and takes from them what it can take., pattern: '^[a-z]+$'";
    let before = base().replace("description: Which leaf.", words);
    let brew = BREW.replace("description: Which leaf.", words);
    let other = brew.replace("operationId: brew", "operationId: boil").replace("    post:", "  /kettles:\n    post:");
    let after = document(&format!("{LIST}{brew}{other}"), POT);
    let it = updated(&before, &[("        pattern:", "        # Not in capitals.\n        pattern:")], &after);
    it.has("pots.yaml", "      leaf:\n        use: leaf\n        # Not in capitals.\n").left(&[]);
}

#[test]
fn a_type_that_only_a_parameter_names_goes_with_it() {
    let leaf = "leaf: {description: Which leaves of which plant are put into the pot., allOf: [{$ref: '#/components/schemas/Leaf'}]}";
    let with = BREW.replace("leaf: {type: string, description: Which leaf.}", leaf);
    let both = |brew: &str| {
        let other =
            brew.replace("operationId: brew", "operationId: boil").replace("    post:", "  /kettles:\n    post:");
        document(&format!("{LIST}{brew}{other}"), &format!("{POT}    Leaf: {{type: string, enum: [green, black]}}\n"))
    };
    let it = updated(&both(&with), &[], &both(BREW));
    it.has_not("pots.yaml", "Leaf:").has_not("pots.yaml", "parameters:").left(&[]);
}
