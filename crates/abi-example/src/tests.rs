//! What needs no chain. `tests/abi/example.rs` calls the program on one.

use alloy_primitives::keccak256;

use super::owned::OWNED_INTERFACE_ID;

/// As Solidity's `type(IOwned).interfaceId`.
#[test]
fn a_fragment_has_its_erc165_id() {
    let selector = |signature: &str| keccak256(signature)[..4].try_into().map(u32::from_be_bytes).expect("four bytes");
    let id = u32::from_be_bytes(OWNED_INTERFACE_ID);
    assert_eq!(id, selector("owner()") ^ selector("setOwner(address)"));
}

#[test]
fn the_guide_shows_this_very_contract() {
    const GUIDE: &str = include_str!("../../abi/README.md");
    for (name, source) in
        [("owned.rs", include_str!("owned.rs")), ("abi.rs", include_str!("abi.rs")), ("lib.rs", include_str!("lib.rs"))]
    {
        assert!(
            GUIDE.contains(&alloc::format!("```Rust\n{source}```\n")),
            "crates/abi/README.md shows another src/{name}"
        );
    }
}
