//! Hashes are those of the texts.

use alloy_primitives::keccak256;

use super::*;

const REST: &str = "uint256 nonce,uint48 deadline,address relayer)";

#[test]
fn types_are_those_of_the_texts() {
    let pointer = "address subject,address custodian,uint8 dataClass,uint32 schema,uint64 hashCode,bytes32 digest,\
        uint8 locatorKind,uint64 locatorCodec,bytes32 locator,uint16 encryption,bytes32 keyCommitment,bytes32 previous";
    assert_eq!(REGISTER.hash(), keccak256(format!("Register({pointer},{REST}")));
    assert_eq!(ERASE.hash(), keccak256(format!("Erase(bytes32 id,{REST}")));
    assert_eq!(REFUSE.hash(), keccak256(format!("Refuse(bytes32 id,{REST}")));
    let request = "address actor,bytes32 id,uint8 purpose,address onBehalfOf,bytes32 encryptionKey";
    assert_eq!(REQUEST_ACCESS.hash(), keccak256(format!("RequestAccess({request},{REST}")));
}

#[test]
fn the_domain_s_hashes() {
    assert_eq!((NAME_HASH.hash(), VERSION_HASH.hash()), (keccak256(NAME), keccak256(VERSION)));
}
