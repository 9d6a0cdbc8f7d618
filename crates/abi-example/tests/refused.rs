//! What does not compile, and where the compiler points: at the word that is wrong, in the declaration or the method.

#[test]
fn wrong_declarations_point_at_the_word() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/refused/*.rs");
}
