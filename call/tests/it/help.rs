//! What `--help` says, and what a shell completes.

use specwright_call::complete;

use crate::support::{api, call};

#[test]
fn an_api_lists_its_operations() {
    let text = call("shop", "", &[]).succeeds().out;
    assert!(text.starts_with("Shop: Sells boats.\n\nBoats\n  boats.build   Build a boat.\n"), "{text}");
    assert!(text.ends_with("`specwright call shop OPERATION --help` lists the parameters of one.\n"), "{text}");
}

#[test]
fn an_operation_lists_its_parameters() {
    let text = call("shop", "boats.build", &[]).help().succeeds().out;
    for part in [
        "boats.build: Build a boat.\nPOST /boats\n",
        "It costs money or quota",
        "  name  (a string, required)\n      What it is called.\n      - `name` must have at most 20 characters",
        "  size  (one of `small`, `large`)\n",
        "  drives  (list of Drive)\n",
        "\nSail:\n  A sail.\n  area  (a number, required)\n",
        "\nenvironment: SHOP_KEY\n",
        "\nexample:\n  specwright call shop boats.build name=Ada\n",
        "      The environment variable SHOP_LOCALE sets it for all calls.\n",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    let launch = call("shop", "launch", &[]).help().succeeds().out;
    assert!(launch.contains("parts of the URL:\n  harbour  (or the environment variable SHOP_HARBOUR)\n"), "{launch}");
}

#[test]
fn every_operation_of_every_spec_has_a_help() {
    for name in ["studio", "kinds", "hostile", "payments", "depot", "palaver", "jukebox", "forge", "animeapi"] {
        for op in &api(name).operations {
            let full = op.full_name(api(name));
            let text = call(name, &full, &[]).help().succeeds().out;
            let clean = |it: char| it == '\n' || !it.is_control();
            assert!(text.chars().all(clean), "{full}: {text:?}");
        }
    }
}

#[test]
fn words_are_completed() {
    let shop = api("shop");
    assert_eq!(
        complete(shop, None, "boats.l"),
        ["boats.list", "boats.log", "boats.load", "boats.launch", "boats.listen"]
    );
    assert_eq!(complete(shop, Some("boats.build"), "s"), ["size=", "seats=", "sail="]);
    assert_eq!(complete(shop, Some("boats.build"), "size="), ["size=small", "size=large"]);
    assert_eq!(complete(shop, Some("boats.build"), "fast=t"), ["fast=true"]);
    assert!(complete(shop, Some("boats.none"), "").is_empty());
}
