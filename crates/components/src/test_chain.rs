//! A chain for unit tests. Its precompiles for SHA-256 and P-256 do what Nitro's do; another account answers as a test
//! says. The tests on the devnode use the real ones.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, address};
use consilium_abi::{Chain, Revert};
use p256::{
    EncodedPoint,
    ecdsa::{
        Signature, SigningKey, VerifyingKey,
        signature::hazmat::{PrehashSigner, PrehashVerifier},
    },
};
use sha2::{Digest, Sha256};

const SHA256: Address = address!("0000000000000000000000000000000000000002");
const P256_VERIFY: Address = address!("0000000000000000000000000000000000000100");

/// The gas that tests give to accounts that nobody trusts.
pub(crate) const GAS: u64 = 50_000;

#[derive(Default)]
pub(crate) struct TestChain {
    /// What the precompile for P-256 answers instead.
    p256: Option<Vec<u8>>,
    /// Calls of this one fail.
    failing: Option<Address>,
    /// An account with code, the call that it expects, and its answer. It is asked with [`GAS`] gas, for a word.
    account: Option<(Address, Vec<u8>, Vec<u8>)>,
}

impl TestChain {
    pub(crate) fn answering(p256: &[u8]) -> Self {
        Self { p256: Some(p256.to_vec()), ..Self::default() }
    }

    pub(crate) fn with_account(account: Address, call: Vec<u8>, answer: Vec<u8>) -> Self {
        Self { account: Some((account, call, answer)), ..Self::default() }
    }

    pub(crate) fn failing(at: Address) -> Self {
        Self { failing: Some(at), ..Self::default() }
    }
}

impl Chain for TestChain {
    fn call(&mut self, _: Address, _: U256, _: &[u8]) -> Result<Vec<u8>, Revert> {
        panic!("checking a signature changes nothing")
    }

    fn static_call(&self, to: Address, data: &[u8]) -> Result<Vec<u8>, Revert> {
        match to {
            to if self.failing == Some(to) => Err(Revert::empty()),
            SHA256 => Ok(Sha256::digest(data).to_vec()),
            P256_VERIFY => Ok(self.p256.clone().unwrap_or_else(|| verify(data))),
            _ => panic!("{to} is asked"),
        }
    }

    fn static_call_with_gas(&self, gas: u64, to: Address, data: &[u8], most: usize) -> Result<Vec<u8>, Revert> {
        let (account, call, answer) = self.account.clone().expect("an account with code");
        assert_eq!((gas, to, data, most), (GAS, account, call.as_slice(), 32));
        Ok(answer)
    }

    fn call_with_gas(&mut self, _: u64, _: Address, _: U256, _: &[u8], _: usize) -> Result<Vec<u8>, Revert> {
        panic!("checking a signature changes nothing")
    }

    fn has_code(&self, account: Address) -> bool {
        self.account.as_ref().is_some_and(|(known, ..)| *known == account)
    }

    fn emit(&mut self, _: &[u8], _: usize) {
        panic!("checking a signature logs nothing")
    }
}

/// The precompile: 32 bytes for a yes, nothing for a no.
fn verify(input: &[u8]) -> Vec<u8> {
    let valid = || {
        let [hash, rs, key] = [input.get(..32)?, input.get(32..96)?, input.get(96..160)?];
        let key = VerifyingKey::from_encoded_point(&EncodedPoint::from_untagged_bytes(key.into())).ok()?;
        key.verify_prehash(hash, &Signature::from_slice(rs).ok()?).ok()
    };
    valid().map(|()| U256::ONE.to_be_bytes_vec()).unwrap_or_default()
}

/// A key of a passkey.
pub(crate) struct Key(SigningKey);

impl Key {
    pub(crate) fn new(secret: u8) -> Self {
        Self(SigningKey::from_slice(B256::with_last_byte(secret).as_slice()).expect("below the order"))
    }

    /// `qx ‖ qy`.
    pub(crate) fn public(&self) -> [u8; 64] {
        let point = self.0.verifying_key().to_encoded_point(false);
        point.as_bytes()[1..].try_into().expect("two coordinates")
    }

    /// `r` and the low `s`.
    pub(crate) fn sign(&self, hash: B256) -> [B256; 2] {
        let signature: Signature = self.0.sign_prehash(hash.as_slice()).expect("signs");
        let (r, s) = signature.normalize_s().unwrap_or(signature).split_bytes();
        [B256::from_slice(&r), B256::from_slice(&s)]
    }
}
