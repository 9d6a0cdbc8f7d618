use super::*;

/// A golden list: whoever reads storage from outside relies on it.
#[test]
fn the_words_are_laid_out_as_ever() {
    assert_eq!(Access::LAYOUT, [("since", "uint48", 0), ("delay", "uint112", 6), ("until", "uint48", 20)]);
    assert_eq!(Role::LAYOUT, [("admin", "uint64", 0), ("guardian", "uint64", 8), ("grant_delay", "uint112", 16)]);
    assert_eq!(Target::LAYOUT, [("closed", "bool", 0), ("elsewhere", "uint8", 1), ("functions", "bytes30", 2)]);
    assert_eq!(FunctionRole::LAYOUT, [("role", "uint64", 0)]);
    assert_eq!(AdminDelay::LAYOUT, [("delay", "uint112", 0)]);
    assert_eq!(Schedule::LAYOUT, [("timepoint", "uint48", 0), ("nonce", "uint32", 6)]);
}

/// Different pairs have different keys: neither part reaches into the other.
#[test]
fn keys_hold_both_parts_whole() {
    let (role, account) = (0x0102_0304_0506_0708, Address::repeat_byte(0xaa));
    let mut expected = [0; 32];
    expected[4..12].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
    expected[12..].fill(0xaa);
    assert_eq!(member(role, account), Key(B256::new(expected)));
    let mut expected = [0; 32];
    expected[8..12].copy_from_slice(&[1, 2, 3, 4]);
    expected[12..].fill(0xaa);
    assert_eq!(function(account, Selector::new([1, 2, 3, 4])), Key(B256::new(expected)));
}
