//! Whether somebody has signed a hash: a key's signature for an account without code, ERC-1271 for one with code, ERC-7913
//! for a key without an account.
//!
//! The rules are those of OpenZeppelin's `ECDSA` and `SignatureChecker` (`utils/cryptography/`), 5.7.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, address, b256, keccak256};
use consilium_abi::{Chain, Constant, List, Revert, encode, encode_call, sol};

/// The precompile that recovers a signer.
const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");

/// Half the order of secp256k1. Above it lies, for each signature, its twin with the same meaning (EIP-2).
const HALF_ORDER: Constant = Constant::new(b256!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"));

/// `isValidSignature(bytes32,bytes)`: called, and answered, by ERC-1271.
const IS_VALID_SIGNATURE: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];

/// `verify(bytes,bytes32,bytes)`: called, and answered, by ERC-7913.
const VERIFY: [u8; 4] = [0x02, 0x4a, 0xd3, 0x18];

/// Why no signer was recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoverError {
    /// The signature has this many bytes, and not 65: `ECDSAInvalidSignatureLength`.
    Length(usize),
    /// `s` is in the upper half of the order, where every signature has its twin: `ECDSAInvalidSignatureS`.
    HighS(B256),
    /// No key signs so: `ECDSAInvalidSignature`.
    Invalid,
}

/// The account whose key made the signature of `hash`. Never the zero address.
///
/// # Errors
/// [`RecoverError::HighS`] first, then [`RecoverError::Invalid`].
pub fn recover(chain: &impl Chain, hash: B256, v: u8, r: B256, s: B256) -> Result<Address, RecoverError> {
    if s > HALF_ORDER.hash() {
        return Err(RecoverError::HighS(s));
    }
    let input = encode!((bytes32, uint8, bytes32, bytes32) => hash, v, r, s);
    // The precompile returns no data if no key made the signature.
    let output = chain.static_call(ECRECOVER, &input).map_err(|_| RecoverError::Invalid)?;
    let word = output.first_chunk::<32>().ok_or(RecoverError::Invalid)?;
    let signer = Address::from_word(B256::new(*word));
    if signer.is_zero() { Err(RecoverError::Invalid) } else { Ok(signer) }
}

/// Solidity's `ecrecover`: the zero address if no key made the signature. Of each signature that it takes, it takes a twin
/// too, whose `s` is in the other half of the order. So it is for contracts that tell signers apart, and not signatures.
///
/// [`recover`] does the same in less code, and takes 100 gas more.
///
/// # Errors
/// Where the gas is too little for the precompile.
pub fn ecrecover(chain: &impl Chain, hash: B256, v: u8, r: B256, s: B256) -> Result<Address, Revert> {
    let mut kind = [0; 32];
    kind[31] = v;
    let output = chain.static_call(ECRECOVER, [hash.0, kind, r.0, s.0].as_flattened())?;
    Ok(output.first_chunk().map_or(Address::ZERO, |word| Address::from_word(B256::new(*word))))
}

/// As [`recover`], from the 65 bytes `r`, `s`, `v`. The short form of EIP-2098 is refused, since one signature would have two forms.
///
/// # Errors
/// [`RecoverError::Length`] first, then as [`recover`].
pub fn recover_bytes(chain: &impl Chain, hash: B256, signature: &[u8]) -> Result<Address, RecoverError> {
    let Some((rs, &[v])) = signature.split_first_chunk::<64>() else {
        return Err(RecoverError::Length(signature.len()));
    };
    let (r, s) = rs.split_at(32);
    recover(chain, hash, v, B256::from_slice(r), B256::from_slice(s))
}

/// Whether `signature` is `signer`'s of `hash`, now: an account with code is asked (ERC-1271) and may change its mind.
///
/// The call to it is static, and whatever goes wrong in it is a no.
pub fn is_valid_now(chain: &impl Chain, signer: Address, hash: B256, signature: &[u8]) -> bool {
    if !chain.has_code(signer) {
        return recover_bytes(chain, hash, signature).is_ok_and(|found| found == signer);
    }
    let call = encode_call::<(sol::FixedBytes<32>, sol::Bytes)>(IS_VALID_SIGNATURE, &(&hash, signature));
    answers(chain.static_call(signer, &call), IS_VALID_SIGNATURE)
}

/// As [`is_valid_now`], for a signer of any kind (ERC-7913): an address of 20 bytes, or the address of a verifier and the
/// key that it verifies by. Fewer than 20 bytes are nobody.
#[inline]
pub fn is_valid_signer_now(chain: &impl Chain, signer: &[u8], hash: B256, signature: &[u8]) -> bool {
    is_valid_signer(chain, |to, call| chain.static_call(to, call), signer, hash, signature)
}

/// As [`is_valid_signer_now`], for signers that nobody trusts: the account or the verifier that is asked gets at most
/// `gas` gas, and one word of its answer is read.
#[inline]
pub fn is_valid_signer_within(chain: &impl Chain, gas: u64, signer: &[u8], hash: B256, signature: &[u8]) -> bool {
    is_valid_signer(chain, |to, call| chain.static_call_with_gas(gas, to, call, 32), signer, hash, signature)
}

/// `ask` makes the static call to the signer's code. [`is_valid_now`] repeats a part of this: through a closure, a
/// contract that uses only that function would be 50 bytes larger.
#[inline]
fn is_valid_signer(
    chain: &impl Chain,
    ask: impl FnOnce(Address, &[u8]) -> Result<Vec<u8>, Revert>,
    signer: &[u8],
    hash: B256,
    signature: &[u8],
) -> bool {
    let Some((address, key)) = signer.split_first_chunk::<20>() else { return false };
    let address = Address::new(*address);
    if !key.is_empty() {
        type Verify = (sol::Bytes, sol::FixedBytes<32>, sol::Bytes);
        let call = encode_call::<Verify>(VERIFY, &(key, &hash, signature));
        return answers(ask(address, &call), VERIFY);
    }
    if !chain.has_code(address) {
        return recover_bytes(chain, hash, signature).is_ok_and(|found| found == address);
    }
    let call = encode_call::<(sol::FixedBytes<32>, sol::Bytes)>(IS_VALID_SIGNATURE, &(&hash, signature));
    answers(ask(address, &call), IS_VALID_SIGNATURE)
}

/// Whether each of `signers` has signed, and no two are the same. Costs least where they are in the order of the keccak-256
/// of their bytes: else each is compared with all before it. No signers have all signed.
#[inline]
pub fn are_valid_signers_now(
    chain: &impl Chain,
    hash: B256,
    signers: List<'_, &[u8]>,
    signatures: List<'_, &[u8]>,
) -> bool {
    if signers.len() != signatures.len() {
        return false;
    }
    let mut last = B256::ZERO;
    for (index, (signer, signature)) in signers.iter().zip(signatures.iter()).enumerate() {
        if !is_valid_signer_now(chain, signer, hash, signature) {
            return false;
        }
        let id = keccak256(signer);
        if last < id {
            last = id;
        } else if signers.iter().take(index).any(|before| before == signer) {
            return false;
        }
    }
    true
}

/// Whether the whole first word of an answer is the selector: OpenZeppelin compares all 32 bytes.
fn answers(answer: Result<Vec<u8>, Revert>, selector: [u8; 4]) -> bool {
    let mut yes = [0; 32];
    yes[..4].copy_from_slice(&selector);
    answer.is_ok_and(|answer| answer.first_chunk() == Some(&yes))
}

#[cfg(test)]
mod tests;
