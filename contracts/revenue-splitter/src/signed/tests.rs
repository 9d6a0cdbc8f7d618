//! Hashes are those of the texts.

use alloy_primitives::keccak256;

use super::*;

#[test]
fn the_type_is_that_of_the_text() {
    let members = "uint32 epoch,uint256 index,uint256 amount,address to";
    assert_eq!(CLAIM.hash(), keccak256(format!("Claim({members},uint256 nonce,uint48 deadline,address relayer)")));
}

#[test]
fn the_domain_s_hashes() {
    assert_eq!((NAME_HASH.hash(), VERSION_HASH.hash()), (keccak256(NAME), keccak256(VERSION)));
}
