//! The fixture compiles without a word.

#[test]
fn atelier_is_clean() {
    let compiled = super::compile(super::atelier());
    assert_eq!(compiled.rendered(), "");
}
