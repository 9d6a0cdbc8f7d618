//! Each kind of signer, and what is none.

use alloc::{format, vec::Vec};

use alloy_primitives::{address, hex};
use consilium_abi::encode;
use sha2::{Digest, Sha256};

use super::*;
use crate::test_chain::{GAS, Key, TestChain};

const HASH: B256 = B256::repeat_byte(0x42);
const WALLET: Address = address!("00000000000000000000000000000000000000aa");

/// A passkey's signature of [`HASH`], for a relying party.
fn signature(key: &Key, rp_id_hash: [u8; 32]) -> Vec<u8> {
    let text = format!(r#"{{"type":"webauthn.get","challenge":"{}"}}"#, "QkJC".repeat(10) + "QkI");
    let data = [&rp_id_hash[..], &[0x1d, 0, 0, 0, 0]].concat();
    let [r, s] = key.sign(B256::from_slice(&Sha256::digest([&data[..], &Sha256::digest(&text)].concat())));
    encode!((bytes32, bytes32, uint256, uint256, bytes, bytes) => r, s, 23u64, 1u64, &data[..], text.as_bytes())
}

#[test]
fn addresses() {
    let bytes: Vec<u8> = (0..100).collect();
    for length in 0..100 {
        let signer = &bytes[..length];
        let hashed = Address::from_slice(&keccak256(signer)[12..]);
        let expected = match length {
            0..20 => None,
            20 => Some(Address::from_slice(signer)),
            _ => Some(hashed),
        };
        assert_eq!(signer_address(signer), expected, "{length}");
    }
    let key = Key::new(1).public();
    assert_eq!(signer_address(&key), Some(crate::p256::address(&key)));
}

#[test]
fn a_passkey_and_its_relying_party() {
    let (key, chain) = (Key::new(1), TestChain::default());
    let signature = signature(&key, [7; 32]);
    let signed = has_signed(&chain, GAS, &key.public(), HASH, &signature);
    assert_eq!(signed, Some(Signed { rp_id_hash: Some(B256::repeat_byte(7)) }));
    assert_eq!(has_signed(&chain, GAS, &key.public(), B256::ZERO, &signature), None);
    assert_eq!(has_signed(&chain, GAS, &Key::new(2).public(), HASH, &signature), None);
    for length in 0..signature.len() - 32 {
        assert_eq!(has_signed(&chain, GAS, &key.public(), HASH, &signature[..length]), None, "{length}");
    }
}

#[test]
fn code_is_asked_with_little_gas_for_a_word() {
    let mut yes = [0; 32];
    for (signer, selector) in [
        (WALLET.to_vec(), hex!("1626ba7e")),
        ([WALLET.as_slice(), b"key"].concat(), hex!("024ad318")),
        // One byte off the length of a passkey.
        ([WALLET.as_slice(), &[1; 43]].concat(), hex!("024ad318")),
        ([WALLET.as_slice(), &[1; 45]].concat(), hex!("024ad318")),
    ] {
        let call = match &signer[20..] {
            [] => encode!((bytes32, bytes) => HASH, b"words"),
            key => encode!((bytes, bytes32, bytes) => key, HASH, b"words"),
        };
        yes[..4].copy_from_slice(&selector);
        let call = [&selector[..], &call].concat();
        for (answer, expected) in [(yes, Some(Signed { rp_id_hash: None })), ([0; 32], None)] {
            let chain = TestChain::with_account(WALLET, call.clone(), answer.to_vec());
            assert_eq!(has_signed(&chain, GAS, &signer, HASH, b"words"), expected);
        }
    }
}

#[test]
fn fewer_than_20_bytes_are_nobody() {
    for length in 0..20 {
        assert_eq!(has_signed(&TestChain::default(), GAS, &[0; 20][..length], HASH, b"words"), None);
    }
}
