//! EIP-712: typed data to the hash that is signed.
//!
//! Hashes are of the host's keccak. `hashStruct` of members that are a word each is
//! `keccak256(encode!((bytes32, …) => TYPE_HASH, …))`: the type's hash first, best a constant of the contract, and a
//! `bytes` or `string` by its hash.

use alloy_primitives::{Address, B256, b256, keccak256};
use consilium_abi::{Constant, encode, encode_with_prefix, sol, sol_abi};

sol_abi! {
    /// What a contract says of the EIP-712 domain that it takes signatures in (ERC-5267).
    fragment Eip712 {
        /// The EIP-712 domain that is signed in: name, version, chain id and this contract (ERC-5267).
        function eip712Domain() external view returns (
            bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt,
            uint256[] extensions
        ) => eip712_domain;
        /// Declared by ERC-5267; a domain that never changes is never logged.
        event EIP712DomainChanged();
    }
}

/// The hash of `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)`.
pub const DOMAIN_TYPE_HASH: Constant =
    Constant::new(b256!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f"));

/// EIP-5267's `fields` for that domain: name, version, chain id and contract are used, a salt is not.
pub const DOMAIN_FIELDS: [u8; 1] = [0x0f];

/// The hash that tells this contract on this chain from all others.
pub fn domain_separator(name: B256, version: B256, chain_id: u64, contract: Address) -> B256 {
    keccak256(encode!(
        (bytes32, bytes32, bytes32, uint256, address) => DOMAIN_TYPE_HASH, name, version, chain_id, contract
    ))
}

/// What is signed: the hash of `0x1901`, the domain's separator and the struct's hash.
pub fn typed_data_hash(separator: B256, struct_hash: B256) -> B256 {
    type Words = (sol::FixedBytes<32>, sol::FixedBytes<32>);
    keccak256(encode_with_prefix::<Words>(&[0x19, 0x01], &(&separator, &struct_hash)))
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
        let hash_person = |name: &str, wallet: Address| {
            keccak256(encode!((bytes32, bytes32, address) => person, keccak256(name), wallet))
        };
        let from = hash_person("Cow", address!("CD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"));
        let to = hash_person("Bob", address!("bBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"));
        let mail_type = keccak256("Mail(Person from,Person to,string contents)Person(string name,address wallet)");
        let mail = keccak256(encode!(
            (bytes32, bytes32, bytes32, bytes32) => mail_type, from, to, keccak256("Hello, Bob!")
        ));
        let signed = typed_data_hash(separator, mail);
        assert_eq!(signed, b256!("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"));
    }

    /// As `type(IERC5267).interfaceId`.
    #[test]
    fn the_fragment_s_erc165_id() {
        assert_eq!(EIP712_INTERFACE_ID, [0x84, 0xb0, 0x19, 0x6e]);
    }

    #[test]
    fn the_domain_s_type() {
        let text = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
        assert_eq!(DOMAIN_TYPE_HASH.hash(), keccak256(text));
    }
}
