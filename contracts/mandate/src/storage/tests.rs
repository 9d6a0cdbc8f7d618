//! What reads storage from outside relies on.

use super::*;

#[test]
fn the_words_are_laid_out_as_ever() {
    let terms = [
        ("until", "uint48", 0),
        ("report_every", "uint32", 6),
        ("due", "uint48", 10),
        ("marked", "uint48", 16),
        ("number", "uint32", 22),
    ];
    assert_eq!(Terms::LAYOUT, terms);
    let allowance =
        [("limit", "uint128", 0), ("period", "uint32", 16), ("since", "uint48", 20), ("number", "uint32", 26)];
    assert_eq!(Allowance::LAYOUT, allowance);
    assert_eq!(Spending::LAYOUT, [("amount", "uint128", 0), ("since", "uint48", 16)]);
}
