//! Signed acts, by the text of the interface: the typed data, and signatures of keys and of passkeys.

use alloy::{
    primitives::{Address, B256, Bytes, U256, aliases::U48, keccak256},
    signers::{SignerSync, local::PrivateKeySigner},
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::Consent as C;
use eyre::Result;

const PROVISION: &str =
    "address grantee,uint256 classes,uint64 purposes,bool deny,uint48 notBefore,uint48 expiry,bytes32 document";

/// The functions that can be signed: selector, name with a capital letter, parameters without structs.
fn kinds() -> [([u8; 4], &'static str, String); 9] {
    [
        (C::grantCall::SELECTOR, "Grant", format!("address grantor,{PROVISION}")),
        (C::amendCall::SELECTOR, "Amend", format!("address grantor,uint32 number,{PROVISION}")),
        (C::revokeCall::SELECTOR, "Revoke", "address grantor,address grantee,uint32 number".into()),
        (C::revokeGranteeCall::SELECTOR, "RevokeGrantee", "address grantor,address grantee".into()),
        (C::revokeAllCall::SELECTOR, "RevokeAll", "address grantor".into()),
        (
            C::setRepresentativeCall::SELECTOR,
            "SetRepresentative",
            "address grantor,address representative,uint256 classes,uint64 purposes,uint48 until".into(),
        ),
        (C::setRecoveryCall::SELECTOR, "SetRecovery", "address grantor,address recoverer".into()),
        (C::startRecoveryCall::SELECTOR, "StartRecovery", "address grantor,address newKey".into()),
        (C::vetoRecoveryCall::SELECTOR, "VetoRecovery", "address grantor".into()),
    ]
}

/// The hash that is signed for an act at a contract. What is no act has none.
pub(crate) fn hash(contract: Address, act: &[u8], nonce: U256, deadline: u64, relayer: Address) -> Option<B256> {
    let (selector, arguments) = act.split_first_chunk::<4>()?;
    let (_, name, members) = kinds().into_iter().find(|(of, ..)| of == selector)?;
    let text = format!("{name}({members},uint256 nonce,uint48 deadline,address relayer)");
    let tail = (nonce, U256::from(deadline), relayer).abi_encode_params();
    let of_struct = keccak256([&keccak256(text)[..], arguments, &tail].concat());
    let domain = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
    let chain = U256::from(devnode::CHAIN_ID);
    let domain = (keccak256(domain), keccak256("Consilium Consent"), keccak256("1"), chain, contract);
    let separator = keccak256(domain.abi_encode());
    Some(keccak256([&[0x19, 0x01], &separator[..], &of_struct[..]].concat()))
}

/// An account's signature.
pub(crate) fn sign(key: &PrivateKeySigner, hash: B256) -> Result<Bytes> {
    Ok(key.sign_hash_sync(&hash)?.as_bytes().into())
}

/// A second as the interface has it.
pub(crate) fn time(second: u64) -> U48 {
    U48::from(second)
}
