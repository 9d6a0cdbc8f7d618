//! Signed acts, by the text of the interface: the typed data, and signatures of keys and of passkeys.

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, U256, aliases::U48, keccak256},
    signers::{SignerSync, local::PrivateKeySigner},
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::Consent as C;
use eyre::Result;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use sha2::{Digest, Sha256};

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

/// A passkey's signature, as a browser makes it at a site; and the first bytes of the site's hash.
pub(crate) fn sign_passkey(key: &SigningKey, hash: B256, site: &str) -> (Bytes, FixedBytes<16>) {
    let site = Sha256::digest(site);
    let data = [&site[..], &[0x05, 0, 0, 0, 0]].concat();
    let client = format!(r#"{{"type":"webauthn.get","challenge":"{}","crossOrigin":false}}"#, base64url(&hash[..]));
    let message = [&data[..], &Sha256::digest(&client)].concat();
    let signature: Signature = key.sign(&message);
    let signature = signature.normalize_s().unwrap_or(signature);
    let (r, s) = signature.split_bytes();
    let indexes = (U256::from(23), U256::from(1));
    let auth = (B256::from_slice(&r), B256::from_slice(&s), indexes.0, indexes.1, Bytes::from(data), client);
    (auth.abi_encode_params().into(), FixedBytes::from_slice(&site[..16]))
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digit = |chunk: &[u8], place: usize| {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(chunk.get(at).copied().unwrap_or_default()));
        char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize])
    };
    bytes.chunks(3).flat_map(|chunk| (0..=chunk.len()).map(move |place| digit(chunk, place))).collect()
}
