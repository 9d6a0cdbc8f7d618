//! A chain of two accounts, a key and a contract, whose answers each test sets. The precompile itself is tested on the chain.

use alloy_primitives::{U256, b256, hex};
use consilium_abi::Revert;

use alloc::{vec, vec::Vec};

use super::*;

const SIGNER: Address = address!("CD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826");
const WALLET: Address = address!("00000000000000000000000000000000000000aa");
const HASH: B256 = b256!("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
const R: B256 = b256!("4355c47d63924e8a72e509b65029052eb6c299d53a04e167aae9eff7eae2fe3e");
const GAS: u64 = 100_000;

/// Answers for the precompile to that one signature, and for the wallet with a given answer.
struct Answers {
    wallet: Result<Vec<u8>, Revert>,
    recovered: Vec<u8>,
}

impl Chain for Answers {
    fn call(&mut self, _: Address, _: U256, _: &[u8]) -> Result<Vec<u8>, Revert> {
        panic!("checking a signature changes nothing")
    }

    fn static_call(&self, to: Address, data: &[u8]) -> Result<Vec<u8>, Revert> {
        if to == WALLET {
            let expected = [&IS_VALID_SIGNATURE[..], &encode!((bytes32, bytes) => HASH, b"words")].concat();
            assert_eq!(data, expected);
            return self.wallet.clone();
        }
        assert_eq!((to, data.len()), (ECRECOVER, 128));
        Ok(self.recovered.clone())
    }

    fn static_call_with_gas(&self, gas: u64, to: Address, data: &[u8], most: usize) -> Result<Vec<u8>, Revert> {
        assert_eq!((gas, most), (GAS, 32));
        self.static_call(to, data)
    }

    fn call_with_gas(&mut self, _: u64, _: Address, _: U256, _: &[u8], _: usize) -> Result<Vec<u8>, Revert> {
        panic!("checking a signature changes nothing")
    }

    fn has_code(&self, account: Address) -> bool {
        account == WALLET
    }

    fn emit(&mut self, _: &[u8], _: usize) {
        panic!("checking a signature logs nothing")
    }
}

fn chain(recovered: &[u8], wallet: Result<Vec<u8>, Revert>) -> Answers {
    Answers { wallet, recovered: recovered.to_vec() }
}

fn signature() -> Vec<u8> {
    let s = hex!("07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562");
    [R.as_slice(), &s, &[28]].concat()
}

#[test]
fn the_key_s_signature() {
    let chain = chain(SIGNER.into_word().as_slice(), Ok(vec![]));
    assert_eq!(recover_bytes(&chain, HASH, &signature()), Ok(SIGNER));
    assert!(is_valid_now(&chain, SIGNER, HASH, &signature()));
    assert!(!is_valid_now(&chain, Address::repeat_byte(1), HASH, &signature()));
}

#[test]
fn nobody_s_signature() {
    for answer in [&[][..], &[0; 32]] {
        let chain = chain(answer, Ok(vec![]));
        assert_eq!(recover_bytes(&chain, HASH, &signature()), Err(RecoverError::Invalid));
        // Not even the zero address has signed what recovers to zero.
        assert!(!is_valid_now(&chain, Address::ZERO, HASH, &signature()));
    }
}

#[test]
fn other_lengths_and_twins_are_refused_before_the_precompile_is_asked() {
    let chain = chain(SIGNER.into_word().as_slice(), Ok(vec![]));
    for length in [0, 64, 66] {
        let mut signature = signature();
        signature.resize(length, 0);
        assert_eq!(recover_bytes(&chain, HASH, &signature), Err(RecoverError::Length(length)));
    }
    assert_eq!(recover(&chain, HASH, 27, R, HALF_ORDER.hash()), Ok(SIGNER));
    let above = B256::from(U256::from_be_bytes(HALF_ORDER.hash().0) + U256::from(1));
    assert_eq!(recover(&chain, HASH, 27, R, above), Err(RecoverError::HighS(above)));
}

#[test]
fn a_wallet_says_yes_by_exactly_its_selector() {
    let mut yes = [0; 32];
    yes[..4].copy_from_slice(&IS_VALID_SIGNATURE);
    let mut dirty = yes;
    dirty[31] = 1;
    for (answer, valid) in [
        (Ok(yes.to_vec()), true),
        (Ok([yes, [7; 32]].concat()), true),
        (Ok(dirty.to_vec()), false),
        (Ok(yes[..31].to_vec()), false),
        (Ok(vec![]), false),
        (Err(Revert::from(yes.to_vec())), false),
    ] {
        let chain = chain(&[], answer);
        assert_eq!(is_valid_now(&chain, WALLET, HASH, b"words"), valid);
        assert_eq!(is_valid_signer_within(&chain, GAS, WALLET.as_slice(), HASH, b"words"), valid);
    }
}
