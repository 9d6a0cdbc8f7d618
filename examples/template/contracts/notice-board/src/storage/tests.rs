//! What reads storage from outside relies on.

use super::*;

#[test]
fn the_words_are_laid_out_as_ever() {
    assert_eq!(Settings::LAYOUT, [("lifetime", "uint32", 0), ("count", "uint64", 4)]);
    assert_eq!(Notice::LAYOUT, [("author", "address", 0), ("ends_at", "uint48", 20)]);
}
