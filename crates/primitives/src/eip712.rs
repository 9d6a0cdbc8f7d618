//! EIP-712: typed data to the hash that is signed.
//!
//! Hashes are of the host's keccak. A type hash is best a constant of the contract; [`struct_hash`] takes it first.

use alloy_primitives::{Address, B256, U256, b256, keccak256};

/// The hash of `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)`.
pub const DOMAIN_TYPE_HASH: B256 = b256!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");

/// EIP-5267's `fields` for that domain: name, version, chain id and contract are used, a salt is not.
pub const DOMAIN_FIELDS: [u8; 1] = [0x0f];

/// The hash that tells this contract on this chain from all others.
pub fn domain_separator(name: B256, version: B256, chain_id: u64, contract: Address) -> B256 {
    struct_hash(DOMAIN_TYPE_HASH, &[name, version, U256::from(chain_id).into(), contract.into_word()])
}

/// What is signed: the hash of `0x1901`, the domain's separator and the struct's hash.
pub fn typed_data_hash(separator: B256, struct_hash: B256) -> B256 {
    let mut data = [0; 66];
    data[..2].copy_from_slice(&[0x19, 0x01]);
    data[2..34].copy_from_slice(separator.as_slice());
    data[34..].copy_from_slice(struct_hash.as_slice());
    keccak256(data)
}

/// `hashStruct` of members that are a word each: the type's hash first, a `bytes` or `string` by its hash.
pub fn struct_hash(type_hash: B256, members: &[B256]) -> B256 {
    let mut data = alloc::vec::Vec::with_capacity(32 * (members.len() + 1));
    data.extend_from_slice(type_hash.as_slice());
    for member in members {
        data.extend_from_slice(member.as_slice());
    }
    keccak256(data)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;

    /// The example of EIP-712 itself, whose domain and mail have published hashes.
    #[test]
    fn the_eip_s_own_example() {
        let separator = domain_separator(
            keccak256("Ether Mail"),
            keccak256("1"),
            1,
            address!("CcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"),
        );
        assert_eq!(separator, b256!("f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"));
        let person = keccak256("Person(string name,address wallet)");
        let from =
            struct_hash(person, &[keccak256("Cow"), address!("CD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826").into_word()]);
        let to =
            struct_hash(person, &[keccak256("Bob"), address!("bBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB").into_word()]);
        let mail = struct_hash(
            keccak256("Mail(Person from,Person to,string contents)Person(string name,address wallet)"),
            &[from, to, keccak256("Hello, Bob!")],
        );
        let signed = typed_data_hash(separator, mail);
        assert_eq!(signed, b256!("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"));
    }

    #[test]
    fn the_domain_s_type() {
        let text = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
        assert_eq!(DOMAIN_TYPE_HASH, keccak256(text));
    }
}
